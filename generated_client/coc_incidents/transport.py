# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""The two halves of every client: options, any operation, and pages, on the calling thread and under asyncio."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Mapping
from functools import partial
from os import PathLike
from ssl import SSLContext
from threading import Event as Stop
from types import TracebackType
from typing import Any, TypedDict, TypeVar, Unpack

import httpx

from .connections import AsyncConnections, Connections
from .driving import drive, drive_async
from .runtime.answers import Answer
from .runtime.base import Base
from .runtime.bodies import Wanted
from .runtime.credentials import auth_from, endpoint_from
from .runtime.exchange import AsyncHook, Hook, Patience
from .runtime.operations import Operation
from .runtime.options import checked_hook, checked_proxy, is_no, trusted
from .runtime.paging import Page, Pager

T = TypeVar("T")
DEFAULT_BASE_URL = "https://coc.myhuaweicloud.com"
AGENT = "coc-incidents/1.2.0"


class Options(TypedDict, total=False):
    """The options of a client, as `from_env` takes them."""

    timeout: float | None
    max_retries: int | None
    deadline: float | None
    hook: Hook | None
    patience: Patience | None
    transport: httpx.BaseTransport | None
    verify: bool | str | PathLike[str] | SSLContext
    proxy: str | httpx.Proxy | None
    trust_env: bool


BaseClientT = TypeVar("BaseClientT", bound="BaseClient")


class BaseClient(Base):
    """The blocking half of every client; close it, or use it in a `with` statement.

    `timeout` bounds one attempt (30 seconds), `deadline` all attempts and waits of a call together (none); `max_retries` counts the attempts
    after the first (2). `patience` sets all of these at once. `hook` sees each attempt, without secrets. `proxy` stands in for the
    environment's, which `trust_env=False` does not look at.
    """

    _hook: Hook | None
    _stop: Stop | None = None

    def __init__(
        self,
        base_url: str = DEFAULT_BASE_URL,
        auth: httpx.Auth | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
        hook: Hook | None = None,
        patience: Patience | None = None,
        transport: httpx.BaseTransport | None = None,
        verify: bool | str | PathLike[str] | SSLContext = True,
        proxy: str | httpx.Proxy | None = None,
        trust_env: bool = True,
    ) -> None:
        super().__init__(base_url, auth, Patience.of(patience, timeout, max_retries, deadline), AGENT)
        self._hook = checked_hook(hook, may_wait=False)
        if transport is not None and not hasattr(transport, "handle_request"):
            raise is_no("transport", transport, "an httpx.BaseTransport")
        self._connections = Connections(
            self._base_url,
            transport=transport,
            verify=trusted(verify),
            proxy=checked_proxy(proxy, transport),
            trust_env=trust_env,
        )

    @classmethod
    def from_env(cls: type[BaseClientT], base_url: str | None = None, **options: Unpack[Options]) -> BaseClientT:
        """A client with credentials from the environment or the vendor's credentials file, and the address in `COC_ENDPOINT`.

        Raises `errors.CredentialsMissing` when there are none.
        """
        return cls(base_url or endpoint_from() or DEFAULT_BASE_URL, auth_from(), **options)

    def with_options(
        self: BaseClientT,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
        hook: Hook | None = None,
    ) -> BaseClientT:
        """The same client with other defaults; both share their connections, and closing one closes both."""
        other = self._like()
        other._patience = self._patience.with_(timeout, max_retries, deadline)
        other._hook = checked_hook(hook, may_wait=False) or self._hook
        return other

    def call(
        self,
        operation: Operation[T],
        body: Any = None,
        *,
        path: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Answer[T]:
        """Carry out any operation of the module `operations`; the answer comes with status, headers and raw bytes."""
        course = self._course(
            operation,
            body,
            path=path,
            query=query,
            headers=headers,
            patience=self._patience.with_(timeout, max_retries, deadline),
            told=self._hook is not None,
        )
        return drive(course, self._connections, self._auth, self._hook, self._stop)

    def _pages(
        self, operation: Operation[Any], wanted: Wanted, *, prefetch: bool = False, **call: Any
    ) -> Generator[Page[Any], None, None]:
        pager: Pager[Any] = Pager(operation, wanted)
        from .runtime.apart import Apart

        apart: Apart[Answer[Any]] = Apart()
        scout, ahead = self._like(), False
        scout._stop = stop = self._connections.stop()
        try:
            while not pager.done:
                with pager.resumable():
                    answer = apart.result() if ahead else self.call(operation, pager.next_body(), **call)
                    page = pager.accept(answer)
                ahead = prefetch and not pager.done
                if ahead:
                    apart.ask(partial(scout.call, operation, pager.next_body(), **call))
                del answer  # one page's memory takes the next page, still warm in the processor's cache
                yield page
                del page
            pager.finish()
        finally:
            stop.set()  # a page that was asked for ahead is not wanted any more
            apart.leave()

    def close(self) -> None:
        """Close all connections; the client cannot be used afterwards."""
        self._connections.close()

    def __enter__(self: BaseClientT) -> BaseClientT:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncOptions(TypedDict, total=False):
    """The options of a client, as `from_env` takes them."""

    timeout: float | None
    max_retries: int | None
    deadline: float | None
    hook: AsyncHook | None
    patience: Patience | None
    transport: httpx.AsyncBaseTransport | None
    verify: bool | str | PathLike[str] | SSLContext
    proxy: str | httpx.Proxy | None
    trust_env: bool


AsyncBaseClientT = TypeVar("AsyncBaseClientT", bound="AsyncBaseClient")


class AsyncBaseClient(Base):
    """The asynchronous half of every client; close it, or use it in an `async with` statement.

    `timeout` bounds one attempt (30 seconds), `deadline` all attempts and waits of a call together (none); `max_retries` counts the attempts
    after the first (2). `patience` sets all of these at once. `hook` sees each attempt, without secrets; it may be asynchronous. `proxy` stands in for the
    environment's, which `trust_env=False` does not look at.
    """

    _hook: AsyncHook | None

    def __init__(
        self,
        base_url: str = DEFAULT_BASE_URL,
        auth: httpx.Auth | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
        hook: AsyncHook | None = None,
        patience: Patience | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        verify: bool | str | PathLike[str] | SSLContext = True,
        proxy: str | httpx.Proxy | None = None,
        trust_env: bool = True,
    ) -> None:
        super().__init__(base_url, auth, Patience.of(patience, timeout, max_retries, deadline), AGENT)
        self._hook = checked_hook(hook, may_wait=True)
        if transport is not None and not hasattr(transport, "handle_async_request"):
            raise is_no("transport", transport, "an httpx.AsyncBaseTransport")
        self._connections = AsyncConnections(
            self._base_url,
            transport=transport,
            verify=trusted(verify),
            proxy=checked_proxy(proxy, transport),
            trust_env=trust_env,
        )

    @classmethod
    def from_env(
        cls: type[AsyncBaseClientT], base_url: str | None = None, **options: Unpack[AsyncOptions]
    ) -> AsyncBaseClientT:
        """A client with credentials from the environment or the vendor's credentials file, and the address in `COC_ENDPOINT`.

        Raises `errors.CredentialsMissing` when there are none.
        """
        return cls(base_url or endpoint_from() or DEFAULT_BASE_URL, auth_from(), **options)

    def with_options(
        self: AsyncBaseClientT,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
        hook: AsyncHook | None = None,
    ) -> AsyncBaseClientT:
        """The same client with other defaults; both share their connections, and closing one closes both."""
        other = self._like()
        other._patience = self._patience.with_(timeout, max_retries, deadline)
        other._hook = checked_hook(hook, may_wait=True) or self._hook
        return other

    async def call(
        self,
        operation: Operation[T],
        body: Any = None,
        *,
        path: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Answer[T]:
        """Carry out any operation of the module `operations`; the answer comes with status, headers and raw bytes."""
        course = self._course(
            operation,
            body,
            path=path,
            query=query,
            headers=headers,
            patience=self._patience.with_(timeout, max_retries, deadline),
            told=self._hook is not None,
        )
        return await drive_async(course, self._connections, self._auth, self._hook)

    async def _pages(
        self, operation: Operation[Any], wanted: Wanted, *, prefetch: bool = False, **call: Any
    ) -> AsyncGenerator[Page[Any], None]:
        pager: Pager[Any] = Pager(operation, wanted)
        import asyncio

        ahead: asyncio.Task[Answer[Any]] | None = None
        try:
            while not pager.done:
                with pager.resumable():
                    answer = await (ahead or self.call(operation, pager.next_body(), **call))
                    page = pager.accept(answer)
                ahead = None
                if prefetch and not pager.done:
                    ahead = asyncio.create_task(self.call(operation, pager.next_body(), **call))
                del answer  # one page's memory takes the next page, still warm in the processor's cache
                yield page
                del page
            pager.finish()
        finally:
            if ahead is not None:
                ahead.cancel()

    async def aclose(self) -> None:
        """Close all connections; the client cannot be used afterwards."""
        await self._connections.aclose()

    async def __aenter__(self: AsyncBaseClientT) -> AsyncBaseClientT:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
