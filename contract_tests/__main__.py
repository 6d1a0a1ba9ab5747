"""`python -m contract_tests`: see `command_line`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType


def stop(_number: int, _frame: FrameType | None) -> None:
    """Leave at once: while Python still imports, no run has begun that a report could tell of."""
    os.write(2, b"Could not judge: interrupted before the first request.\n")
    os._exit(2)


if __name__ == "__main__":
    if sys.stderr is None:  # closed by the caller (2>&-); what there is to say goes nowhere then
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    from contract_tests.command_line import main  # slow enough for Ctrl-C to come in between

    for each in (signal.SIGINT, signal.SIGTERM):  # SIGTERM is how CI systems stop a job: as Ctrl-C
        signal.signal(each, signal.default_int_handler)
    sys.exit(main())
