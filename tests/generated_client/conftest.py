"""One way to call both clients."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from coc_incidents import AsyncClient, Client, Patience

QUICK = Patience(timeout=5, max_retries=2, first_wait=0.001)
Call = Callable[..., Any]
Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest) -> Call:
    """`call("list_incidents", …, handler=answers)` on a fresh client; what an iterator yields comes back as a list.

    `client` holds further options of the client.
    """

    def options(handler: Handler | None, client: dict[str, Any] | None) -> dict[str, Any]:
        made: dict[str, Any] = {"base_url": "http://service.test", "patience": QUICK, **(client or {})}
        return made | ({"transport": httpx.MockTransport(handler)} if handler else {})

    def sync(method: str, *arguments: Any, handler: Handler | None = None, client: Any = None, **named: Any) -> Any:
        with Client(**options(handler, client)) as made:
            found = getattr(made, method)(*arguments, **named)
            return list(found) if inspect.isgenerator(found) else found

    async def on_a_loop(method: str, *arguments: Any, handler: Handler | None, client: Any, **named: Any) -> Any:
        async with AsyncClient(**options(handler, client)) as made:
            found = getattr(made, method)(*arguments, **named)
            return [item async for item in found] if inspect.isasyncgen(found) else await found

    def asynchronous(
        method: str, *arguments: Any, handler: Handler | None = None, client: Any = None, **named: Any
    ) -> Any:
        return asyncio.run(on_a_loop(method, *arguments, handler=handler, client=client, **named))

    return sync if request.param == "sync" else asynchronous
