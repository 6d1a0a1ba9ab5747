"""An answer comes to an end: cut when its time is up, however it trickles in, and when it is larger than any can be."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import requests
from requests.adapters import HTTPAdapter

#: Bytes of an answer at most; 1,000 tickets have some two million.
LARGEST = 64 * 2**20


class Remembering(HTTPAdapter):
    """An adapter whose connections leave their sockets in `sockets`; requests itself does not show them."""

    def __init__(self) -> None:
        super().__init__(max_retries=0)
        self.sockets: list[socket.socket] = []

    def get_connection_with_tls_context(self, *words: Any, **options: Any) -> Any:
        """A pool whose connections are watched."""
        pool: Any = super().get_connection_with_tls_context(*words, **options)
        if isinstance(pool.ConnectionCls, type):
            pool.ConnectionCls = partial(self._connection, pool.ConnectionCls)
        return pool

    def _connection(self, kind: Callable[..., Any], **options: Any) -> Any:
        connection = kind(**options)
        connect = connection.connect

        def remembered() -> None:
            connect()
            self.sockets[:] = [each for each in self.sockets if each.fileno() >= 0]
            self.sockets.append(connection.sock)

        connection.connect = remembered
        return connection


class Deadline:
    """Cuts the connections when the time of an answer is up, however it trickles in; `passed` says that it was.

    The time-out of a socket counts from one byte to the next, so that a slow sender never meets it.
    """

    def __init__(self, seconds: float, sockets: list[socket.socket]) -> None:
        self.seconds, self.sockets, self.passed = seconds, sockets, False
        self.timer = threading.Timer(seconds, self._cut)
        self.timer.daemon = True

    def _cut(self) -> None:
        self.passed = True
        for each in list(self.sockets):
            with suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)  # of TLS, too, what lies below: its reader sees the end

    def __enter__(self) -> Deadline:
        self.timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.timer.cancel()


def read(response: requests.Response) -> None:
    """Read the whole body, as `stream=False` would, but no more than LARGEST."""
    parts, size = [], 0
    for part in response.iter_content(1 << 16):
        parts.append(part)
        size += len(part)
        if size > LARGEST:
            response.close()
            raise requests.ConnectionError(f"more than {LARGEST // 2**20} MiB")
    response._content = b"".join(parts)  # where requests keeps what it has read
