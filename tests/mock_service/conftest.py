"""The mock in this process: one contract, one store, and a way to send it requests without a socket."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa

from mock_service import contract, dataset, search
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

        messages = iter([{"type": "http.request", "body": content, "more_body": False}])

        async def receive() -> dict[str, Any]:
            for message in messages:
                return message
            await asyncio.Event().wait()  # nobody leaves
            raise AssertionError

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        if not sent:  # the connection would have been dropped
            return Reply(0, {}, b"")
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


class Searched(Store):
    """A store whose items count as many: its searches run beside the event loop, and in several attempts."""

    quick = False


@pytest.fixture(scope="session", params=["memory", "file", "postgresql"])
def mock(
    request: pytest.FixtureRequest,
    spec: contract.Contract,
    tickets: list[dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Client]:
    """The faultless mock over each kind of store; a file and PostgreSQL search as if they held a million tickets."""
    if request.param == "memory":
        yield Client(create(spec, request.getfixturevalue("store")))
        return
    file = f"sqlite:///{tmp_path_factory.mktemp('mock')}/mock.db"
    url = file if request.param == "file" else request.getfixturevalue("postgresql")("mock")
    with pytest.MonkeyPatch.context() as patch, Searched(url, spec) as found:
        for name in ("STROLL", "GLANCE", "WALK", "SEARCH", "NEAR"):
            patch.setattr(search, name, 500)
        found.replace(spec.operations[0], tickets)
        yield Client(create(spec, found))


@pytest.fixture(scope="session")
def make_client(spec: contract.Contract, store: Store) -> Callable[..., Client]:
    """Clients of the mock with a fault, a guard and so on, over the same store."""
    return lambda **options: Client(create(spec, store, **options))


@pytest.fixture(scope="session")
def client_type() -> type[Client]:
    """Makes a client of any application."""
    return Client


@pytest.fixture(scope="session")
def client_of(spec: contract.Contract) -> Callable[[Store], Client]:
    """A client of the faultless mock over another store."""
    return lambda store: Client(create(spec, store))


@pytest.fixture(scope="session")
def postgresql() -> Callable[[], str]:
    """The URL of a PostgreSQL database of this test process, made anew beside the one that COC_TEST_POSTGRES names.

    Tests that share one empty it first; one that is kept filled has a purpose of its own.
    """

    @cache
    def url(purpose: str) -> str:
        server = sa.make_url(os.environ["COC_TEST_POSTGRES"]).set(drivername="postgresql+psycopg")
        own = f"{server.database}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}{purpose}"
        engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')
            connection.exec_driver_sql(f'CREATE DATABASE "{own}"')
        return server.set(drivername="postgresql", database=own).render_as_string(hide_password=False)

    def url_or_skip(purpose: str = "") -> str:
        if not os.environ.get("COC_TEST_POSTGRES"):
            pytest.skip("COC_TEST_POSTGRES names no PostgreSQL database, such as postgresql://postgres@127.0.0.1/test")
        return url(purpose)

    return url_or_skip


@contextmanager
def process(*arguments: str, tickets: int = 50) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The mock in a process: its address, and the process."""
    command = [sys.executable, "-m", "mock_service", "--port", "0", "--tickets", str(tickets), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            for line in child.stdout or []:
                if found := re.fullmatch(r"listening on (http://\S+)\n", line):
                    yield found[1], child
                    break
            else:
                raise AssertionError(child.stderr.read() if child.stderr else "")
        finally:
            child.terminate()


@pytest.fixture(scope="session")
def running() -> Callable[..., Any]:
    """Starts the mock in a process of its own, on a free port."""
    return process


@pytest.fixture(scope="module")
def served(running: Callable[..., Any]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A mock in a process of its own, and that process."""
    with running(tickets=500) as found:
        yield found


@pytest.fixture(scope="session")
def post() -> Callable[..., Any]:
    """Sends one request over a socket; the JSON of a good answer."""

    def send(address: str, **body: Any) -> Any:
        content = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{address}{PATH}", json.dumps(body).encode(), content)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    return send


@pytest.fixture(scope="session")
def endless() -> str:
    """A condition in SQL that no database comes to the end of."""
    numbers = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n > 0)"
    return f"EXISTS ({numbers} SELECT 1 FROM numbers WHERE n < 0)"
