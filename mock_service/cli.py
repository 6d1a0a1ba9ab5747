"""The command line: serve, list the faults, load tickets."""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Sequence

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mock_service import contract, dataset, faults
from mock_service.app import App, create, under_prefixes
from mock_service.contract import Mistake
from mock_service.store import Store


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code: 0 done, 2 the user's mistake."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except Mistake as mistake:
        print(f"mock_service: {mistake}", file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    """The options of every command."""
    top = argparse.ArgumentParser(
        prog="python -m mock_service", description="A service that answers like the real one."
    )
    top.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    top.add_argument(
        "--port", type=int, default=8080, help="port to listen on; 0 picks a free one (default: %(default)s)"
    )
    top.add_argument(
        "--database", default="sqlite://", metavar="URL", help="sqlite:///FILE or postgresql://…; default: in memory"
    )
    top.add_argument(
        "--tickets",
        type=int,
        default=2000,
        metavar="N",
        help="tickets to make when the database is empty (default: %(default)s)",
    )
    top.add_argument("--seed", type=int, default=1, metavar="S", help="seed of the made tickets (default: %(default)s)")
    top.add_argument("--fault", metavar="NAME", help="be wrong on purpose; the command `faults` lists the names")
    top.add_argument("--serve-faults", action="store_true", help="serve each fault too, under /faults/NAME")
    top.set_defaults(run=serve)
    commands = top.add_subparsers(title="commands", metavar="faults | load FILE")
    listing = commands.add_parser("faults", help="list the faults: name, family, what a client sees")
    listing.set_defaults(run=list_faults)
    return top


def list_faults(_: argparse.Namespace) -> int:
    """Print one line a fault."""
    for fault in faults.catalogue().values():
        print(f"{fault.name:32} {fault.family:16} {fault.says}")
    return 0


def serve(options: argparse.Namespace) -> int:
    """Listen until told to stop."""
    fault = faults.named(options.fault) if options.fault else None
    spec = contract.load()
    listener = bind(options.host, options.port)
    with listener, Store(options.database, spec) as store:
        fill(store, spec, options.tickets, options.seed)
        app = create(spec, store, fault=fault)
        if options.serve_faults:
            others = faults.catalogue().items()
            app = under_prefixes(app, {f"/faults/{name}": create(spec, store, fault=each) for name, each in others})
        run(app, listener, options.host)
    return 0


def fill(store: Store, spec: contract.Contract, number: int, seed: int) -> None:
    """Make items for each operation that has none yet."""
    for operation in spec.operations:
        if not store.size(operation):
            store.replace(operation, dataset.items(operation, number, seed))


def bind(host: str, port: int) -> socket.socket:
    """A socket that nobody else has."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Mistake(
            f"cannot listen on {host}:{port}: {reason}; choose another --port, or 0 for a free one"
        ) from error
    return listener


class Protocol(HttpToolsProtocol):
    """Uvicorn's own, with the connection at hand for answers that break it."""

    def connection_made(self, transport) -> None:  # type: ignore[no-untyped-def]
        """Remember the connection."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class Server(uvicorn.Server):
    """Says where it listens, once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the one line that scripts wait for."""
        await super().startup(sockets)
        host, port = (sockets or [])[0].getsockname()[:2]
        print(f"listening on http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)


def run(app: App, listener: socket.socket, host: str) -> None:
    """Serve until SIGINT or SIGTERM; what has begun is finished."""
    config = uvicorn.Config(app, http=Protocol, log_level="warning", access_log=False, server_header=False, host=host)
    Server(config).run([listener])
