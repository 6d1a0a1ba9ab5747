"""Uvicorn around the application: one process, or several that share one socket."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import threading
import time
import traceback
from collections.abc import Callable
from email.utils import formatdate

import uvicorn

from mock_service.app import App
from mock_service.console import say
from mock_service.contract import Mistake
from mock_service.protocol import Protocol

STOP = (signal.SIGINT, signal.SIGTERM)
GRACE = 10
"""Seconds that running requests have to end, once the service is told to stop."""


class Server(uvicorn.Server):
    """Tells when it listens, tells its own time, and waits for no request for ever."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], clock_skew: float) -> None:
        super().__init__(config)
        self.ready = ready
        self.clock_skew = clock_skew

    def stop(self, *_: object) -> None:
        """Told to stop, perhaps before it is ready."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if not self.should_exit:
            self.ready()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to stop."""
        if counter % 10 == 0:
            date = formatdate(time.time() + self.clock_skew, usegmt=True)
            self.server_state.default_headers = [(b"date", date.encode())]
            for connection in [*self.server_state.connections]:
                if isinstance(connection, Protocol) and connection.late(time.monotonic()):
                    connection.transport.close()
        return self.should_exit


def bind(host: str, port: int) -> socket.socket:
    """A socket that nobody else has; it does not listen yet."""
    try:
        host = host.removeprefix("[").removesuffix("]")  # around an IPv6 address, as in a URL
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError, UnicodeError) as error:
        raise not_free(host, port, error) from error
    return listener


def listen(listener: socket.socket) -> None:
    """Let callers in; until then they are refused, not kept waiting."""
    try:
        listener.listen(2048)
    except OSError as error:  # another service was quicker
        host, port = listener.getsockname()[:2]
        raise not_free(host, port, error) from error


def not_free(host: str, port: int, error: Exception) -> Mistake:
    """Why nobody can listen there."""
    reason = getattr(error, "strerror", None) or error
    return Mistake(f"cannot listen on {host}:{port}: {reason}; choose another --host or --port; port 0 is a free one")


def announce(listener: socket.socket) -> None:
    """Print the one line that scripts wait for."""
    host, port = listener.getsockname()[:2]
    print(f"listening on http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)


def run(app: App, listener: socket.socket, ready: Callable[[], None], clock_skew: float = 0.0) -> None:
    """Serve in this process until SIGINT or SIGTERM; what has begun is finished. `clock_skew`, in seconds, moves the
    `Date` header.
    """
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    server = Server(config, ready, clock_skew)
    for each in STOP:  # also before Uvicorn listens to signals, and when it raises them again at its end
        signal.signal(each, server.stop)
    listen(listener)
    gc.collect()
    gc.set_threshold(10_000, 20, 50)
    gc.freeze()  # what is there at the start stays; the collector need not look through it again and again
    server.run([listener])


def run_workers(serve: Callable[[Callable[[], None]], None], number: int, listener: socket.socket) -> int:
    """Serve in `number` processes; 0 when they were told to stop and did, 1 when one died."""
    reader, writer = os.pipe()
    alive = os.pipe()
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)  # whoever stops us now would leave children behind
    children = {fork(serve, writer, alive) for _ in range(number)}
    os.close(writer)
    told = False

    def pass_on(*_: object) -> None:
        nonlocal told
        told = True
        for child in [*children]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM)

    for each in STOP:
        signal.signal(each, pass_on)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)
    if all(os.read(reader, 1) for _ in range(number)):
        announce(listener)
    died = False
    while children:
        child, result = os.wait()
        if child not in children:  # of the shell that this process was, or an orphan in a container
            continue
        children.discard(child)
        died = died or not told or result not in (0, *STOP)  # a signal ends one that does not serve yet
        if not told:
            say("mock_service: a worker died; stopping the others")
            pass_on()
    return int(died)


def fork(serve: Callable[[Callable[[], None]], None], writer: int, alive: tuple[int, int]) -> int:
    """Start one worker, which writes one byte when it is ready; its process id. It stops when this process is no more,
    which the pipe `alive` tells: nobody else can write to it.
    """
    child = os.fork()
    if child:
        return child
    os.close(alive[1])
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)
    threading.Thread(target=stop_after, args=[alive[0]], daemon=True).start()

    def ready() -> None:
        os.write(writer, b".")
        os.close(writer)

    status = 1
    try:
        serve(ready)
        status = 0
    except Mistake as mistake:
        say(f"mock_service: {mistake}")
    except Exception:
        say(traceback.format_exc())
    finally:
        os._exit(status)


def stop_after(alive: int) -> None:
    """Stop this process once nobody can write to the pipe any more."""
    os.read(alive, 1)
    os.kill(os.getpid(), signal.SIGTERM)
