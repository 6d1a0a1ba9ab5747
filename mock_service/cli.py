"""The command line: serve, list the faults, load tickets."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from mock_service import authentication, contract, database, dataset, faults, loading, scenario, server, sql
from mock_service.app import App, create, under_prefixes
from mock_service.console import say
from mock_service.contract import Contract, Mistake, Operation
from mock_service.store import Store

MEMORY = "sqlite://"
WORKERS, TICKETS = 64, 100_000_000
"""Processes, and tickets to make, at most; a slip of the finger must not take the machine down."""
STEP = 50_000
"""Items between two words on how far it is; a few seconds."""
PARENTS, BELOW = 200, 2_000
"""Of so many items at most, those that a query answers first, others hang; and so many of these are made at most."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code: 0 done, 1 a worker died, 2 the user's mistake."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except Mistake as mistake:
        say(f"mock_service: {mistake}")
        return 2
    except KeyboardInterrupt:
        say("mock_service: interrupted")
        return 2
    except database.FAILURES as error:
        say(f"mock_service: the database fails: {database.reason(error)}")
        return 2
    except OSError as error:
        sys.stdout = None  # what it still holds must not be written at exit
        if isinstance(error, BrokenPipeError):  # whoever read our output, such as `head`, has seen enough
            return 0
        say(f"mock_service: cannot write to standard output: {error.strerror or error}")
        return 2


def parser() -> argparse.ArgumentParser:
    """The options of every command."""
    top = Parser(prog="python -m mock_service", description="A service that answers like the real one.")
    add = top.add_argument
    port, tickets, workers = whole(0, 65_535), whole(0, TICKETS), whole(1, WORKERS)
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=port, default=8080, help="port to listen on; 0 picks a free one (default: %(default)s)")
    add("--database", default=MEMORY, metavar="URL", help="sqlite:///FILE or postgresql://... (default: in memory)")
    add("--tickets", type=tickets, default=2000, metavar="N", help="tickets made when there are none (default: 2000)")
    add("--seed", type=int, default=1, metavar="S", help="seed of the tickets that are made (default: %(default)s)")
    add("--auth", choices=["none", "required"], default="none", help="whether to verify tokens and signatures")
    add("--accounts", type=Path, metavar="FILE", help="YAML file of the accounts to let in (default: a demo account)")
    add("--fault", metavar="NAME", help="be wrong on purpose; the command `faults` lists the names")
    add("--serve-faults", action="store_true", help="serve every fault too, each under /faults/NAME")
    add("--scenario", type=Path, metavar="FILE", help="YAML: latency, throttling, failures, resets, a wrong clock")
    add("--workers", type=workers, default=1, metavar="N", help="processes that share the port (default: %(default)s)")
    add("--verbose", action="store_true", help="write a line to stderr for each request")
    top.set_defaults(run=serve)
    commands = top.add_subparsers(title="commands", metavar="faults | load FILE | renew")
    listing = commands.add_parser("faults", help="list the faults: name, family, what a client sees")
    listing.set_defaults(run=list_faults)
    importing = commands.add_parser("load", help="replace the tickets of --database by those of a JSON Lines file")
    importing.add_argument("file", metavar="FILE", help="one ticket a line; `-` reads standard input")
    importing.add_argument("--database", default=argparse.SUPPRESS, metavar="URL", help="where to load the tickets")
    importing.add_argument(
        "--operation", metavar="ID", help="whose tickets they are (default: the contract's first search)"
    )
    importing.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of the operation's path, for lines that lack it",
    )
    importing.set_defaults(run=load)
    renewing = commands.add_parser("renew", help="store the tickets of --database as this version and contract need it")
    renewing.add_argument("--database", default=argparse.SUPPRESS, metavar="URL", help="whose tickets to store anew")
    renewing.set_defaults(run=renew)
    return top


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """Reads a whole number within bounds."""

    def read(text: str) -> int:
        if not text.isdecimal() or len(text) > len(str(highest)) or not lowest <= int(text) <= highest:
            raise argparse.ArgumentTypeError(f"{text[:20]!r} is no whole number from {lowest:,} to {highest:,}")
        return int(text)

    return read


class Parser(argparse.ArgumentParser):
    """Says in one sentence what is wrong, without all that would be right."""

    def error(self, message: str) -> NoReturn:
        """Exit with 2."""
        self.exit(2, f"mock_service: {message}; --help tells what there is\n")


def list_faults(_: argparse.Namespace) -> int:
    """Print one line a fault."""
    lines = [f"{fault.name:32} {fault.family:16} {fault.says}" for fault in faults.catalogue().values()]
    print("\n".join(lines), flush=True)
    return 0


def load(options: argparse.Namespace) -> int:
    """Replace the tickets of a database."""
    spec = contract.load()
    operations = {operation.id: operation for operation in spec.operations}
    operation = operations.get(options.operation or spec.operations[0].id)
    if operation is None:
        raise Mistake(f"the contract has no search {options.operation!r}; it has {', '.join(operations)}")
    parameters = parameters_of(operation, options.parameter)
    signal.signal(signal.SIGINT, database.interrupt)
    with Store(options.database, spec) as store:
        if store.in_memory:
            raise Mistake("name the database to load into, for example --database sqlite:///tickets.db")
        number = loading.load(store, operation, options.file, parameters)
        done = f"{number:,} items of {operation.id} are now in {store.name}"
    try:
        print(done, flush=True)
    except OSError as error:
        sys.stdout = None  # what it still holds must not be written at exit
        say(f"mock_service: {done}; standard output cannot be written: {error.strerror}")
    return 0


def parameters_of(operation: Operation, stated: Sequence[str]) -> dict[str, str]:
    """The path's parameters by name, from `NAME=VALUE`."""
    found = dict(each.partition("=")[::2] for each in stated)
    for name in found:
        if name not in operation.parameters:
            known = ", ".join(operation.parameters) or "none"
            raise Mistake(f"{name!r} is no parameter in the path of {operation.id}; it has {known}")
    return found


def renew(options: argparse.Namespace) -> int:
    """Make a database one of this version and contract."""
    url = database.engine(options.database).url
    if database.in_memory(url):
        raise Mistake("name the database to renew, for example --database sqlite:///tickets.db")
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise Mistake(f"there is no file {url.database}, so there is nothing to renew")
    signal.signal(signal.SIGINT, database.interrupt)
    with Store(options.database, contract.load(), renew=True) as store:
        print(f"{store.name} is as this version and contract need it")
    return 0


def serve(options: argparse.Namespace) -> int:
    """Listen until told to stop."""
    planted = faults.named(options.fault) if options.fault is not None else None
    spec = contract.load()
    day = scenario.read(options.scenario) if options.scenario else scenario.Scenario()
    director = scenario.Director(day, spec) if options.scenario else None
    if director is not None and options.workers > 1:
        raise Mistake("a scenario counts requests in one process; leave --workers out")
    guard = guard_of(options, spec, day)
    tell_of_unknown_operators(spec)

    def serve_once(ready: Callable[[], None]) -> None:
        with Store(options.database, spec) as store:
            fill(spec, store, options.tickets, options.seed)
            make = partial(create, spec, store, guard=guard, director=director, verbose=options.verbose)
            app: App = make(fault=planted)
            if options.serve_faults:
                others = {f"/faults/{name}": make(fault=fault) for name, fault in faults.catalogue().items()}
                app = under_prefixes(app, others)
            server.run(app, listener, ready, day.clock_skew)

    with server.bind(options.host, options.port) as listener:
        if options.workers > 1:
            with Store(options.database, spec) as store:  # so that what is wrong with it is told once
                if not store.in_memory:
                    fill(spec, store, options.tickets, options.seed)
            return server.run_workers(serve_once, options.workers, listener)
        serve_once(lambda: server.announce(listener))
    return 0


def tell_of_unknown_operators(spec: Contract) -> None:
    """Say which operators of the contract have no meaning here, or who asks for them would look for his own mistake."""
    for operation in spec.operations:
        for name in sorted(operation.operators - sql.KNOWN):
            what = f"has the operator {name!r}, which the mock does not know; it finds nothing"
            say(f"mock_service: {operation.id} {what}")


def fill(spec: Contract, store: Store, number: int, seed: int) -> None:
    """Items for every operation that has none; those that live below another's items, such as histories, come last."""
    operations = {operation.id: operation for operation in spec.operations}
    for operation in sorted(spec.operations, key=lambda each: len(each.links)):
        parents = {
            name: store.first(operations[link.operation], link.property, PARENTS)
            for name, link in operation.links.items()
        }
        for name, values in parents.items():  # the contract's example is no bad one to try
            values[1:1] = operation.parameters[name]["examples"]
        below = min(number, BELOW) if operation.links else number
        store.fill(operation, counted(dataset.items(operation, below, seed, parents), below))


def counted(items: Iterable[dict[str, Any]], number: int) -> Iterator[dict[str, Any]]:
    """The items; how far it is, where it takes a while."""
    for made, item in enumerate(items, start=1):
        yield item
        if made % STEP == 0:
            say(f"mock_service: {made:,} of {number:,} items made")


def guard_of(options: argparse.Namespace, spec: Contract, day: scenario.Scenario) -> authentication.Guard | None:
    """Who is let in, by the clock and the locks of the scenario; the demo account is told when it is the one."""
    if options.accounts and options.auth != "required":
        raise Mistake("--accounts does nothing without --auth required")
    if options.auth != "required":
        if day.key_lock:
            raise Mistake("the scenario's key_lock does nothing without --auth required")
        return None
    accounts = authentication.accounts_of(options.accounts) if options.accounts else [authentication.DEMO]
    if not options.accounts:
        demo = authentication.DEMO
        keys = f"HUAWEICLOUD_SDK_AK={demo.access_key} HUAWEICLOUD_SDK_SK={demo.secret_key}"
        say(f"demo account: {keys} or COC_AUTH_TOKEN={demo.token}")
    skew = timedelta(seconds=day.clock_skew)
    return authentication.Guard(spec, accounts, lambda: datetime.now(UTC) + skew, day.key_lock or None)
