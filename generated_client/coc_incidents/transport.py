# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""The two ways to carry out a call: on the calling thread, and under asyncio."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Generator, Mapping
from functools import partial
from os import PathLike, getpid
from ssl import SSLContext
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from .runtime import errors
from .runtime.answers import Answer
from .runtime.base import Base, is_no, opened, trusted
from .runtime.bodies import Wanted
from .runtime.credentials import auth_from, endpoint_from
from .runtime.exchange import (
    Hook,
    Outcome,
    Patience,
    Send,
    Steps,
    Wait,
    in_our_terms,
    steps,
)
from .runtime.operations import Operation
from .runtime.paging import Page, Pager

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

T = TypeVar("T")
DEFAULT_BASE_URL = "https://coc.myhuaweicloud.com"
AGENT = "coc-incidents/1.2.0"


def drive(course: Steps[T], transport: httpx.BaseTransport, auth: httpx.Auth) -> Answer[T]:
    """Carry out a call on this thread."""
    from time import sleep

    began = time.monotonic()
    try:
        step = next(course)
        while True:
            if isinstance(step, Wait):
                sleep(step.seconds)
                outcome = Outcome(time.monotonic() - began)
            else:
                outcome = _attempt(step, began, transport, auth)
            step = course.send(outcome)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


def _attempt(step: Send, began: float, transport: httpx.BaseTransport, auth: httpx.Auth) -> Outcome:
    from .runtime.deadline import within

    seconds = max(step.seconds, 0.001)
    step.request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
    try:
        with within(seconds):
            response = _send(step.request, transport, auth)
    except (httpx.HTTPError, TimeoutError) as error:
        return Outcome(time.monotonic() - began, error=in_our_terms(error, seconds))
    return Outcome(time.monotonic() - began, response, response.content)


def _send(request: httpx.Request, transport: httpx.BaseTransport, auth: httpx.Auth) -> httpx.Response:
    """A client's `send` without its cookies, hooks and redirects, none of which we want: half its price."""
    flow = auth.sync_auth_flow(request)
    try:
        request = next(flow)
        while True:
            response = transport.handle_request(request)
            try:
                response.read()
            finally:
                response.close()
            response.request = request
            try:
                request = flow.send(response)
            except StopIteration:
                return response
    finally:
        flow.close()


BaseClientT = TypeVar("BaseClientT", bound="BaseClient")


class BaseClient(Base[httpx.Client]):
    """The blocking half of every client; close it, or use it in a `with` statement.

    `timeout` bounds one attempt, `deadline` all attempts and waits of a call together (seconds); `max_retries` counts the attempts after the
    first. `hook` sees each attempt, without secrets. `patience` sets all of these at once.
    """

    def __init__(
        self,
        base_url: str = DEFAULT_BASE_URL,
        auth: httpx.Auth | None = None,
        *,
        timeout: float = 30.0,
        max_retries: int = 2,
        deadline: float | None = None,
        hook: Hook | None = None,
        patience: Patience | None = None,
        transport: httpx.BaseTransport | None = None,
        verify: bool | str | PathLike[str] | SSLContext = True,
    ) -> None:
        if patience is None:
            patience = Patience(timeout=timeout, max_retries=max_retries, deadline=deadline)
        super().__init__(base_url, auth, patience, hook, AGENT)
        if transport is not None and not hasattr(transport, "handle_request"):
            raise is_no("transport", transport, "an httpx.BaseTransport")
        self._open = partial(opened, httpx.Client, transport=transport, verify=trusted(verify))
        self._connect()

    def _connect(self) -> None:
        from .runtime.deadline import bounded

        self._http = bounded(self._open())
        # The client picks it by the address, which stays the same: straight to the service, or through a proxy.
        self._transport = self._http._transport_for_url(httpx.URL(self._base_url))
        self._home: int = getpid()

    def _settle(self) -> None:
        """Connect anew in a forked process: on its parent's connections both would read each other's answers."""
        if self._home != getpid():
            self._connect()

    @classmethod
    def from_env(cls: type[BaseClientT], base_url: str | None = None, **options: Any) -> BaseClientT:
        """A client with credentials from the environment or the vendor's credentials file, and the address in `COC_ENDPOINT`.

        Raises `errors.CredentialsMissing` when there are none.
        """
        return cls(base_url or endpoint_from() or DEFAULT_BASE_URL, auth_from(), **options)

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
        if self._http.is_closed:
            raise errors.InvalidRequest("this client is closed; make another one")
        self._settle()
        if not isinstance(operation, Operation):
            raise is_no("operation", operation, "one of the module operations")
        request = self._prepared(operation, body, path or {}, query or {}, headers or {})
        patience = self._patience.with_(timeout, max_retries, deadline)
        return drive(steps(operation, request, patience, self._hook), self._transport, self._auth)

    def _pages(
        self, operation: Operation[Any], wanted: Wanted, *, prefetch: bool = False, **call: Any
    ) -> Generator[Page[Any], None, None]:
        pager: Pager[Any] = Pager(operation, wanted)
        from concurrent.futures import Future, ThreadPoolExecutor

        pool = ThreadPoolExecutor(1, "coc-incidents-prefetch") if prefetch else None
        ahead: Future[Answer[Any]] | None = None
        try:
            while not pager.done:
                with pager.resumable():
                    answer = ahead.result() if ahead else self.call(operation, pager.next_body(), **call)
                    page = pager.accept(answer)
                ahead = None
                if pool is not None and not pager.done:
                    ahead = pool.submit(partial(self.call, operation, pager.next_body(), **call))
                del answer  # one page's memory takes the next page, still warm in the processor's cache
                yield page
                del page
            pager.finish()
        finally:
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Close all connections; the client cannot be used afterwards."""
        if not self._http.is_closed:
            self._settle()
        self._http.close()

    def __enter__(self: BaseClientT) -> BaseClientT:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


async def drive_async(course: Steps[T], transport: httpx.AsyncBaseTransport, auth: httpx.Auth) -> Answer[T]:
    """Carry out a call on the running event loop."""
    from asyncio import sleep

    began = time.monotonic()
    try:
        step = next(course)
        while True:
            if isinstance(step, Wait):
                await sleep(step.seconds)
                outcome = Outcome(time.monotonic() - began)
            else:
                outcome = await _attempt_async(step, began, transport, auth)
            step = course.send(outcome)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


async def _attempt_async(step: Send, began: float, transport: httpx.AsyncBaseTransport, auth: httpx.Auth) -> Outcome:
    from asyncio import timeout as within

    seconds = max(step.seconds, 0.001)
    step.request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
    try:
        async with within(seconds):
            response = await _send_async(step.request, transport, auth)
    except (httpx.HTTPError, TimeoutError) as error:
        return Outcome(time.monotonic() - began, error=in_our_terms(error, seconds))
    return Outcome(time.monotonic() - began, response, response.content)


async def _send_async(request: httpx.Request, transport: httpx.AsyncBaseTransport, auth: httpx.Auth) -> httpx.Response:
    """A client's `send` without its cookies, hooks and redirects, none of which we want: half its price."""
    flow = auth.async_auth_flow(request)
    try:
        request = await anext(flow)
        while True:
            response = await transport.handle_async_request(request)
            try:
                await response.aread()
            finally:
                await response.aclose()
            response.request = request
            try:
                request = await flow.asend(response)
            except StopAsyncIteration:
                return response
    finally:
        await flow.aclose()


AsyncBaseClientT = TypeVar("AsyncBaseClientT", bound="AsyncBaseClient")


class AsyncBaseClient(Base[httpx.AsyncClient]):
    """The asynchronous half of every client; close it, or use it in an `async with` statement.

    `timeout` bounds one attempt, `deadline` all attempts and waits of a call together (seconds); `max_retries` counts the attempts after the
    first. `hook` sees each attempt, without secrets. `patience` sets all of these at once.
    """

    def __init__(
        self,
        base_url: str = DEFAULT_BASE_URL,
        auth: httpx.Auth | None = None,
        *,
        timeout: float = 30.0,
        max_retries: int = 2,
        deadline: float | None = None,
        hook: Hook | None = None,
        patience: Patience | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        verify: bool | str | PathLike[str] | SSLContext = True,
    ) -> None:
        if patience is None:
            patience = Patience(timeout=timeout, max_retries=max_retries, deadline=deadline)
        super().__init__(base_url, auth, patience, hook, AGENT)
        if transport is not None and not hasattr(transport, "handle_async_request"):
            raise is_no("transport", transport, "an httpx.AsyncBaseTransport")
        self._open = partial(opened, httpx.AsyncClient, transport=transport, verify=trusted(verify))
        self._connect()

    def _connect(self) -> None:
        self._http = self._open()
        # The client picks it by the address, which stays the same: straight to the service, or through a proxy.
        self._transport = self._http._transport_for_url(httpx.URL(self._base_url))
        self._home: AbstractEventLoop | None = None

    def _settle(self) -> None:
        """Connect anew under another event loop, as in a second `asyncio.run`: connections die with their loop."""
        from asyncio import get_running_loop

        loop = get_running_loop()
        if self._home is not None and self._home is not loop:
            if not self._home.is_closed():
                raise errors.InvalidRequest("this client is in use on another event loop; make one for each")
            self._connect()
        self._home = loop

    @classmethod
    def from_env(cls: type[AsyncBaseClientT], base_url: str | None = None, **options: Any) -> AsyncBaseClientT:
        """A client with credentials from the environment or the vendor's credentials file, and the address in `COC_ENDPOINT`.

        Raises `errors.CredentialsMissing` when there are none.
        """
        return cls(base_url or endpoint_from() or DEFAULT_BASE_URL, auth_from(), **options)

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
        if self._http.is_closed:
            raise errors.InvalidRequest("this client is closed; make another one")
        self._settle()
        if not isinstance(operation, Operation):
            raise is_no("operation", operation, "one of the module operations")
        request = self._prepared(operation, body, path or {}, query or {}, headers or {})
        patience = self._patience.with_(timeout, max_retries, deadline)
        return await drive_async(steps(operation, request, patience, self._hook), self._transport, self._auth)

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
        if not self._http.is_closed:
            self._settle()
        await self._http.aclose()

    async def __aenter__(self: AsyncBaseClientT) -> AsyncBaseClientT:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
