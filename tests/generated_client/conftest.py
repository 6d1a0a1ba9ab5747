"""One way to call both clients."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from coc_incidents import AsyncClient, Client, Patience

ROOT = Path(__file__).resolve().parents[2]
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


@pytest.fixture(scope="session")
def mock() -> Iterator[str]:
    """The address of a mock service in a process of its own."""
    words = [sys.executable, "-m", "mock_service", "--port", "0", "--tickets", "300"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("listening on "):
                break
        yield line.removeprefix("listening on ").strip()
        process.terminate()
