"""The mock in this process: one contract, one store, and a way to send it requests without a socket."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from mock_service import contract, dataset
from mock_service.app import App, create
from mock_service.store import Store

PATH = "/v2/incidents/list"


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.content)

    @property
    def tickets(self) -> list[dict[str, Any]]:
        """The tickets of a good answer."""
        assert self.status == 200, self.content
        return self.json["data"]["tickets"]


@dataclass
class Client:
    """Sends requests to an ASGI application."""

    app: App
    path: str = PATH
    state: dict[str, Any] = field(default_factory=dict)

    def __call__(self, **body: Any) -> Reply:
        """POST a JSON body."""
        return self.send(json.dumps(body).encode())

    def send(
        self, content: bytes = b"", *, method: str = "POST", path: str | None = None, query: bytes = b"", **headers: str
    ) -> Reply:
        """Send bytes; underscores in header names stand for hyphens."""
        wire = {"content-type": "application/json", **{k.replace("_", "-").lower(): v for k, v in headers.items()}}
        return asyncio.run(self._send(content, method, path or self.path, query, wire))

    async def _send(self, content: bytes, method: str, path: str, query: bytes, headers: dict[str, str]) -> Reply:
        sent: list[dict[str, Any]] = []
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query,
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items() if value],
            "state": self.state,
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        status, found = sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Reply(status, found, b"".join(message.get("body", b"") for message in sent[1:]))


@pytest.fixture(scope="session")
def spec() -> contract.Contract:
    """The contract of this repository."""
    return contract.load()


@pytest.fixture(scope="session")
def tickets(spec: contract.Contract) -> list[dict[str, Any]]:
    """The 2,000 tickets of the default data set, with what is stored but not answered."""
    return list(dataset.items(spec.operations[0], 2000, 1))


@pytest.fixture(scope="session")
def store(spec: contract.Contract, tickets: list[dict[str, Any]]) -> Any:
    """A store in memory that holds them."""
    with Store("sqlite://", spec) as store:
        store.replace(spec.operations[0], tickets)
        yield store


@pytest.fixture(scope="session")
def mock(spec: contract.Contract, store: Store) -> Client:
    """The faultless mock."""
    return Client(create(spec, store))


@pytest.fixture(scope="session")
def make_client(spec: contract.Contract, store: Store) -> Callable[..., Client]:
    """Clients of the mock with a fault, a guard and so on, over the same store."""
    return lambda **options: Client(create(spec, store, **options))


@pytest.fixture(scope="session")
def client_of(spec: contract.Contract) -> Callable[[Store], Client]:
    """A client of the faultless mock over another store."""
    return lambda store: Client(create(spec, store))


@pytest.fixture(scope="session")
def postgresql() -> Callable[[], str]:
    """The URL of a PostgreSQL database to write into; the test is skipped when COC_TEST_POSTGRES names none."""

    def url() -> str:
        found = os.environ.get("COC_TEST_POSTGRES")
        if not found:
            pytest.skip("COC_TEST_POSTGRES names no PostgreSQL database, such as postgresql://postgres@127.0.0.1/test")
        return found

    return url
