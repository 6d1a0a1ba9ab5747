"""Uvicorn around the application: one process, or several that share one socket."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import signal
import socket
import sys
from collections.abc import Callable

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mock_service.app import App
from mock_service.contract import Mistake

OFFER = re.compile(rb"\r\nupgrade:(?=[ \t]*h2c)", re.IGNORECASE)
GRACE = 10
"""Seconds that running requests have to end, once the service is told to stop."""


class Protocol(HttpToolsProtocol):
    """Uvicorn's own, with the connection at hand for answers that break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the connection."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}

    def data_received(self, data: bytes) -> None:
        """Java's client offers HTTP/2 with each request; the parser would take the offer and lose the body."""
        super().data_received(OFFER.sub(b"\r\nignored:", data) if b"h2c" in data else data)


class Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        self.ready()


def bind(host: str, port: int) -> socket.socket:
    """A socket that nobody else has."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Mistake(
            f"cannot listen on {host}:{port}: {reason}; choose another --host or --port; port 0 is a free one"
        ) from error
    return listener


def announce(listener: socket.socket) -> None:
    """Print the one line that scripts wait for."""
    host, port = listener.getsockname()[:2]
    print(f"listening on http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)


def run(app: App, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve in this process until SIGINT or SIGTERM; what has begun is finished."""
    for each in (signal.SIGINT, signal.SIGTERM):  # Uvicorn raises the signal again when it is done
        signal.signal(each, lambda *_: None)
    gc.collect()
    gc.set_threshold(10_000, 20, 50)
    gc.freeze()  # what is there at the start stays; the collector need not look through it again and again
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    Server(config, ready).run([listener])


def run_workers(serve: Callable[[Callable[[], None]], None], number: int, listener: socket.socket) -> int:
    """Serve in `number` processes; 0 when they were told to stop and did, 1 when one died."""
    reader, writer = os.pipe()
    children = {child for _ in range(number) if (child := fork(serve, writer))}
    os.close(writer)
    told = False

    def pass_on(*_: object) -> None:
        nonlocal told
        told = True
        for child in children:
            os.kill(child, signal.SIGTERM)

    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGINT, pass_on)
    if all(os.read(reader, 1) for _ in range(number)):
        announce(listener)
    died = False
    while children:
        child, result = os.wait()
        children.discard(child)
        died = died or result != 0 or not told
        if not told:
            print("mock_service: a worker died; stopping the others", file=sys.stderr)
            pass_on()
    return int(died)


def fork(serve: Callable[[Callable[[], None]], None], writer: int) -> int:
    """Start one worker, which writes one byte when it is ready; its process id."""
    child = os.fork()
    if child:
        return child

    def ready() -> None:
        os.write(writer, b".")
        os.close(writer)

    status = 1
    try:
        serve(ready)
        status = 0
    except Mistake as mistake:
        print(f"mock_service: {mistake}", file=sys.stderr)
    finally:
        sys.stderr.flush()
        os._exit(status)
