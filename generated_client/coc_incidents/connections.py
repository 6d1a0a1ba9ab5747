# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""The connections that a client shares with all its copies: who may use them, and when they are made anew."""

from __future__ import annotations

from functools import partial
from os import getpid
from threading import Event
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import httpx

from .runtime.errors import InvalidRequest
from .runtime.options import opened

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

_CLOSED = "this client is closed; make another one"


class Connections:
    """The connections to one address, which a forked process must not share with its parent.

    A transport that the caller made cannot be made anew: it serves the process that used it first.
    """

    def __init__(self, address: str, *, transport: httpx.BaseTransport | None, **options: Any) -> None:
        self._address = httpx.URL(address)
        self._is_given = transport is not None
        self._open = partial(opened, httpx.Client, transport=transport, **options)
        self._stops: WeakSet[Event] = WeakSet()
        self._connect()

    def _connect(self) -> None:
        from .runtime.deadline import bounded

        self._http = bounded(self._open())
        # The client picks it by the address, which stays the same: straight to the service, or through a proxy.
        self._transport = self._http._transport_for_url(self._address)
        self._home = getpid()
        self.closed = Event()

    def transport(self, stop: Event | None = None) -> httpx.BaseTransport:
        """What sends a request from here. Raises `InvalidRequest` when there is none: closed, or in use elsewhere."""
        if (stop or self.closed).is_set():
            raise InvalidRequest(_CLOSED)
        if self._home != getpid():
            if self._is_given:
                raise InvalidRequest("the transport of this client is another process's; make a client in each process")
            self._connect()
        return self._transport

    def stop(self) -> Event:
        """What ends the waits of a call, and lets it try no more: set by who does not want it, and when all closes."""
        made = Event()
        self._stops.add(made)
        return made

    def close(self) -> None:
        """Close them, and let no call try again. A forked process leaves those of its parent alone."""
        self.closed.set()
        for stop in list(self._stops):
            stop.set()
        if self._home == getpid():
            self._http.close()


class AsyncConnections:
    """The connections to one address, which die with their event loop.

    A transport that the caller made cannot be made anew: it serves the event loop that used it first.
    """

    def __init__(self, address: str, *, transport: httpx.AsyncBaseTransport | None, **options: Any) -> None:
        self._address = httpx.URL(address)
        self._is_given = transport is not None
        self._open = partial(opened, httpx.AsyncClient, transport=transport, **options)
        self._closed = False
        self._connect()

    def _connect(self) -> None:
        from .runtime.deadline import bounded_async

        self._http = bounded_async(self._open())
        # The client picks it by the address, which stays the same: straight to the service, or through a proxy.
        self._transport = self._http._transport_for_url(self._address)
        self._home: AbstractEventLoop | None = None

    def transport(self) -> httpx.AsyncBaseTransport:
        """What sends a request from here. Raises `InvalidRequest` when there is none: closed, or in use elsewhere."""
        from asyncio import get_running_loop

        if self._closed:
            raise InvalidRequest(_CLOSED)
        loop = get_running_loop()
        if self._home is not None and self._home is not loop:
            if not self._home.is_closed():
                raise InvalidRequest("this client is in use on another event loop; make one for each")
            if self._is_given:
                raise InvalidRequest(
                    "the transport of this client was used on another event loop; make a client for each"
                )
            self._connect()
        self._home = loop
        return self._transport

    async def aclose(self) -> None:
        """Close them; of an event loop that has ended, there is nothing left to close."""
        from asyncio import get_running_loop

        self._closed = True
        if self._home in (None, get_running_loop()):
            await self._http.aclose()
