"""One way to call both clients, and services to call."""

from __future__ import annotations

import asyncio
import inspect
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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


CREATED = 1744252838072


class Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone is what some tests want."""


class Service:
    """An honest service on a loopback port; `before` may spoil the n-th request by answering a status."""

    def __init__(self, count: int) -> None:
        self.tickets = [
            {"ticket_id": f"IM{n:04}", "title": f'disk, "{n}" 磁盘', "level_id": "level_10", "create_time": CREATED + n}
            for n in range(count)
        ]
        self.bodies: list[dict[str, Any]] = []
        self.before: Callable[[int], int | None] = lambda number: None
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                service.bodies.append(body)
                status = service.before(len(service.bodies)) or 200
                raw = json.dumps(service.answer(body) if status == 200 else {"error_code": "X.1"}).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *arguments: Any) -> None:
                """Say nothing."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        number, size = body.get("page", 1), body.get("per_page", 10)
        data: dict[str, Any] = {
            "total": len(self.tickets),
            "tickets": self.tickets[(number - 1) * size : number * size],
        }
        if "count_filters" in body:
            data["count_results"] = [7 for _ in body["count_filters"]]
        return {"error_code": "0", "data": data}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    made = Service(25)
    monkeypatch.setenv("COC_ENDPOINT", made.url)
    monkeypatch.setenv("COC_AUTH_TOKEN", "token")
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.delenv("HUAWEICLOUD_SDK_AK", raising=False)
    monkeypatch.delenv("HUAWEICLOUD_SDK_SK", raising=False)
    yield made
    made.close()


@pytest.fixture
def command() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs the command line in a process of its own."""

    def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
        words = [sys.executable, "-m", "coc_incidents.cli", *arguments]
        return subprocess.run(words, capture_output=True, check=False, **options)

    return run
