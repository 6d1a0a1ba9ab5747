"""Credentials that run out: asked for when they are needed, and again once the service refuses them."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Callable, Generator
from inspect import isawaitable, iscoroutine
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakKeyDictionary

import httpx

from .errors import CredentialsMissing

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Lock

P = TypeVar("P", bound="Proof")


class Source(Generic[P]):
    """The proof that is good now. Threads, and tasks, share it: of several that are refused, one asks for another."""

    def __init__(self, ask: Callable[[], Any], made: Callable[[Any], P]) -> None:
        self._ask, self._made = ask, made
        self._proof: P | None = None
        self._lock = threading.Lock()
        self._locks: WeakKeyDictionary[AbstractEventLoop, Lock] = WeakKeyDictionary()

    def proof(self, refused: P | None = None) -> P:
        """The proof, asked for anew where there is none, or it is the one that was refused."""
        found = self._proof
        if found is not None and found is not refused:
            return found
        with self._lock:
            if self._proof is None or self._proof is refused:
                asked = self._ask()
                if isawaitable(asked):
                    if iscoroutine(asked):
                        asked.close()
                    raise CredentialsMissing(
                        "credentials come from an asynchronous function; a blocking client needs a plain one"
                    )
                self._proof = self._made(asked)
            return self._proof

    async def proof_async(self, refused: P | None = None) -> P:
        """The same; what the function returns is awaited where it can be."""
        found = self._proof
        if found is not None and found is not refused:
            return found
        async with self._lock_of_the_loop():
            if self._proof is None or self._proof is refused:
                asked = self._ask()
                self._proof = self._made(await asked if isawaitable(asked) else asked)
            return self._proof

    def _lock_of_the_loop(self) -> Lock:
        from asyncio import Lock, get_running_loop  # noqa: PLC0415  # a blocking client has no use for it

        return self._locks.setdefault(get_running_loop(), Lock())


class Proof(httpx.Auth):
    """Proves who asks: by itself, or by what its `source` says, which is asked once more after a 401."""

    __slots__ = ()

    source: Source[Any] | None = None

    def prove(self, request: httpx.Request) -> None:
        """Write the proof into a request."""
        raise NotImplementedError

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        source = self.source
        if source is None:
            self.prove(request)
            yield request
            return
        fresh, proof = _copies(request), source.proof()
        proof.prove(request)
        if (yield request).status_code == httpx.codes.UNAUTHORIZED:
            again = fresh()
            source.proof(refused=proof).prove(again)
            yield again

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        if self.requires_request_body:
            await request.aread()
        source = self.source
        if source is None:
            self.prove(request)
            yield request
            return
        fresh, proof = _copies(request), await source.proof_async()
        proof.prove(request)
        if (yield request).status_code == httpx.codes.UNAUTHORIZED:
            again = fresh()
            (await source.proof_async(refused=proof)).prove(again)
            yield again


def _copies(request: httpx.Request) -> Callable[[], httpx.Request]:
    """What makes the request once more, without the proof that is written into it meanwhile."""
    headers = request.headers.copy()
    return lambda: httpx.Request(
        request.method, request.url, headers=headers, content=request.content, extensions=request.extensions
    )
