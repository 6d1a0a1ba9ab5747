# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""The two ways to carry out a call: on the calling thread, and under asyncio."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from functools import partial
from types import TracebackType
from typing import Any, TypeVar

import httpx

from .runtime.answers import Answer
from .runtime.base import Base, NoCookies
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
from .runtime.paging import Page, Pager, Wanted

T = TypeVar("T")
DEFAULT_BASE_URL = "https://coc.myhuaweicloud.com"
AGENT = "coc-incidents/1.1.0"
_READ = httpx.ByteStream(b"")


def drive(course: Steps[T], client: httpx.Client) -> Answer[T]:
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
                outcome = _attempt(client, step, began)
            step = course.send(outcome)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


def _attempt(client: httpx.Client, step: Send, began: float) -> Outcome:
    from .runtime.deadline import within

    seconds = max(step.seconds, 0.001)
    step.request.extensions["timeout"] = httpx.Timeout(seconds).as_dict()
    try:
        with within(seconds):
            response = client.send(step.request)
    except (httpx.HTTPError, TimeoutError) as error:
        return Outcome(time.monotonic() - began, error=in_our_terms(error, seconds))
    # httpx leaves response and stream naming each other; without the circle the body goes with its last reader.
    response.stream = _READ
    return Outcome(time.monotonic() - began, response, response.content)


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
        verify: Any = True,
    ) -> None:
        patience = patience or Patience(timeout=timeout, max_retries=max_retries, deadline=deadline)
        super().__init__(base_url, auth, patience, hook, AGENT)
        made = httpx.Client(auth=auth, transport=transport, verify=verify, follow_redirects=False)
        made._cookies = NoCookies()
        from .runtime.deadline import bounded

        self._http = bounded(made)

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
        request = self._prepared(operation, body, path or {}, query or {}, headers or {})
        patience = self._patience.with_(timeout, max_retries, deadline)
        return drive(steps(operation, request, patience, self._hook), self._http)

    def _pages(self, operation: Operation[Any], wanted: Wanted, *, prefetch: bool, **call: Any) -> Iterator[Page[Any]]:
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
        finally:
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Close all connections; the client cannot be used afterwards."""
        self._http.close()

    def __enter__(self: BaseClientT) -> BaseClientT:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


async def drive_async(course: Steps[T], client: httpx.AsyncClient) -> Answer[T]:
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
                outcome = await _attempt_async(client, step, began)
            step = course.send(outcome)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


async def _attempt_async(client: httpx.AsyncClient, step: Send, began: float) -> Outcome:
    from asyncio import timeout as within

    seconds = max(step.seconds, 0.001)
    step.request.extensions["timeout"] = httpx.Timeout(seconds).as_dict()
    try:
        async with within(seconds):
            response = await client.send(step.request)
    except (httpx.HTTPError, TimeoutError) as error:
        return Outcome(time.monotonic() - began, error=in_our_terms(error, seconds))
    # httpx leaves response and stream naming each other; without the circle the body goes with its last reader.
    response.stream = _READ
    return Outcome(time.monotonic() - began, response, response.content)


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
        verify: Any = True,
    ) -> None:
        patience = patience or Patience(timeout=timeout, max_retries=max_retries, deadline=deadline)
        super().__init__(base_url, auth, patience, hook, AGENT)
        made = httpx.AsyncClient(auth=auth, transport=transport, verify=verify, follow_redirects=False)
        made._cookies = NoCookies()
        self._http = made

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
        request = self._prepared(operation, body, path or {}, query or {}, headers or {})
        patience = self._patience.with_(timeout, max_retries, deadline)
        return await drive_async(steps(operation, request, patience, self._hook), self._http)

    async def _pages(
        self, operation: Operation[Any], wanted: Wanted, *, prefetch: bool, **call: Any
    ) -> AsyncIterator[Page[Any]]:
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
        finally:
            if ahead is not None:
                ahead.cancel()

    async def aclose(self) -> None:
        """Close all connections; the client cannot be used afterwards."""
        await self._http.aclose()

    async def __aenter__(self: AsyncBaseClientT) -> AsyncBaseClientT:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
