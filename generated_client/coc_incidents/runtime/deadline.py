# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Connections that keep one attempt's time: as a whole, over all addresses of a host.

httpx starts its timeout anew with each byte that arrives, and with each address; here every step gets what is left of
the whole. A blocking request leaves in one piece. httpx has no public place for a network backend; tests hold that
these are still obeyed.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx

from .apart import Apart

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
        if isinstance(pool, httpcore.ConnectionPool) and not isinstance(pool._network_backend, _Backend):
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
        *others, last = _addresses(host, port, _left(timeout, httpcore.ConnectTimeout))
        options = list(socket_options or ())
        for number, address in enumerate(others):
            left = _left(timeout, httpcore.ConnectTimeout)
            # An even share: an address that does not answer leaves time for the others.
            share = None if left is None else left / (len(others) + 1 - number)
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return _Stream(self._inner.connect_tcp(address, port, share, local_address, options))
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.connect_tcp(last, port, left, local_address, options))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.connect_unix_socket(path, _left(timeout, httpcore.ConnectTimeout), socket_options))


def _addresses(host: str, port: int, seconds: float | None) -> list[str]:
    """The addresses of a host, at least one. A look-up cannot be broken off: one that is late goes on apart."""
    with suppress(ValueError):
        ip_address(host)
        return [host]
    apart: Apart[list[Any]] = Apart()
    apart.ask(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    apart.leave()
    try:
        found = apart.result(seconds)
    except TimeoutError:
        raise httpcore.ConnectTimeout(f"{host} was not looked up in time") from None
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


# --- under asyncio, which bounds an attempt itself; what is missing is whether it was still connecting


class _Progress:
    connecting = False


_progress: ContextVar[_Progress | None] = ContextVar("_progress", default=None)


@asynccontextmanager
async def within_async(seconds: float) -> AsyncIterator[None]:
    """What is done inside takes no longer, or raises a timeout: that of a connection, where there was none yet."""
    from asyncio import timeout  # noqa: PLC0415  # a blocking client has no use for it

    progress = _Progress()
    token = _progress.set(progress)
    try:
        async with timeout(seconds):
            yield
    except TimeoutError:
        if progress.connecting:
            raise httpx.ConnectTimeout("") from None
        raise
    finally:
        _progress.reset(token)


@contextmanager
def _connecting() -> Iterator[None]:
    """Not left when it is cancelled, as a timeout does."""
    progress = _progress.get() or _Progress()
    progress.connecting = True
    yield
    progress.connecting = False


def bounded_async(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Let the client's connections, those through proxies too, tell `within_async` when they are being made."""
    for transport in (client._transport, *client._mounts.values()):
        pool = getattr(transport, "_pool", None)
        if isinstance(pool, httpcore.AsyncConnectionPool) and not isinstance(pool._network_backend, _AsyncBackend):
            pool._network_backend = _AsyncBackend(pool._network_backend)
    return client


class _AsyncStream(httpcore.AsyncNetworkStream):
    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self.read = inner.read  # type: ignore[method-assign]  # at no price
        self.write = inner.write  # type: ignore[method-assign]
        self.aclose = inner.aclose  # type: ignore[method-assign]
        self.get_extra_info = inner.get_extra_info  # type: ignore[method-assign]

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        with _connecting():
            try:
                return _AsyncStream(await self._inner.start_tls(ssl_context, server_hostname, timeout))
            except BaseException:
                await self._inner.aclose()  # httpcore leaves the socket open when it is cancelled here
                raise


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        with _connecting():
            return _AsyncStream(await self._inner.connect_tcp(host, port, timeout, local_address, socket_options))

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.AsyncNetworkStream:
        with _connecting():
            return _AsyncStream(await self._inner.connect_unix_socket(path, timeout, socket_options))

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)
