"""Progress is one line on a terminal, and nothing anywhere else."""

import io

from contract_tests.contract import Contract, Operation
from contract_tests.ledger import Ledger
from contract_tests.obligations import obligations
from contract_tests.progress import Progress
from contract_tests.run import Run, Settings
from contract_tests.target import Budget, Target, Wire


class Terminal(io.StringIO):
    """A stream that a person watches."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_progress(contract: Contract, operation: Operation) -> None:
    """The line names stage, requests and breaches, and is taken away at the end; a file gets none."""
    target = Target("http://x", operation, Wire(Budget(requests=600)))
    run = Run(contract, operation, target, Settings(), Ledger.of(obligations(contract, operation)))
    shown = {}
    for stream in (Terminal(), io.StringIO()):
        with Progress(stream) as progress:
            progress("boundaries", run)
        shown[type(stream)] = stream.getvalue()
    assert shown[Terminal] == "\r\x1b[Kboundaries: 0 of 600 requests, 0 broken\r\x1b[K"
    assert shown[io.StringIO] == ""
