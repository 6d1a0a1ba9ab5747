"""A blocking socket that keeps one attempt's time, and sends a request in one piece.

httpx starts its timeout anew with each byte that arrives; here every read and write gets what is left of the whole.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpcore
import httpx

_attempt = threading.local()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """All reads and writes of this thread, together, take no longer; the one that does raises a timeout of httpx."""
    _attempt.end = time.monotonic() + seconds
    try:
        yield
    finally:
        del _attempt.end


def bounded(client: httpx.Client) -> httpx.Client:
    """Let the client's connections, those through proxies too, obey `within`."""
    for transport in (client._transport, *client._mounts.values()):
        pool = getattr(transport, "_pool", None)
        if isinstance(pool, httpcore.ConnectionPool):
            # httpx has no public place for a network backend; a test holds that this one is still obeyed.
            pool._network_backend = _Backend(pool._network_backend)
    return client


def _left(timeout: float | None, late: type[httpcore.TimeoutException]) -> float | None:
    end: float | None = getattr(_attempt, "end", None)
    if end is None:
        return timeout
    left = end - time.monotonic()
    if left <= 0:
        raise late
    return left if timeout is None else min(left, timeout)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner
        self._unsent: list[bytes] = []

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._unsent:
            self._send(timeout)
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  # `_send` minds it
        # httpcore writes head and body apart; one packet and one system call do.
        self._unsent.append(buffer)

    def _send(self, timeout: float | None) -> None:
        data = b"".join(self._unsent)
        self._unsent.clear()
        # Who answers before the whole request is there may close early; the answer is read all the same.
        with suppress(httpcore.WriteError):
            self._inner.write(data, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(timeout, httpcore.ConnectTimeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.connect_tcp(host, port, left, local_address, socket_options))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.connect_unix_socket(path, _left(timeout, httpcore.ConnectTimeout), socket_options))
