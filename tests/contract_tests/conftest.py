"""Services to judge: plain functions behind a socket or without one, and the project's own mock."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jsonschema_rs
import pytest

from contract_tests import mock
from contract_tests.contract import Contract, Operation
from contract_tests.exchange import Exchange
from contract_tests.schemas import DIALECT
from contract_tests.target import Target

#: (method, path, headers, body) → (status, headers, body)
Answer = Callable[[str, str, dict[str, str], bytes], tuple[int, dict[str, str], bytes]]
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The project's contract."""
    return Contract.load()


@pytest.fixture(scope="session")
def operation(contract: Contract) -> Operation:
    """Its one operation."""
    return contract.operations[0]


@pytest.fixture(scope="session")
def mock_url() -> Iterator[str]:
    """The project's mock, running."""
    with mock.started(["--tickets", "300"]) as url:
        yield url


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], str]]:
    """Start a service from a function; gives back its base URL."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # one packet an answer, so that no delayed acknowledgement is waited for

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, headers, content = answer(self.command, self.path, dict(self.headers), body)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)
                self.close_connection = self.close_connection or "Content-Length" in headers

            do_POST = do_GET = do_PUT = do_PATCH = do_DELETE = _answer

            def log_message(self, *words: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def envelope(**data: Any) -> bytes:
    """A good answer with this data."""
    found = {"provider_code": "049", "error_code": "GOM.00000000", "error_msg": None, "data": data}
    return json.dumps(found).encode()


REFUSAL = json.dumps(
    {"provider_code": "049", "error_code": "GOM.00007256", "error_msg": "Parameter error", "data": None}
).encode()


def empty_service(operation: Operation, schema: dict[str, Any] | None = None) -> Answer:
    """A service without tickets that validates its requests by the schema (default: the contract's)."""
    validator = jsonschema_rs.validator_for({**(schema or operation.request), "$schema": DIALECT})

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        if (method, path) != (operation.method, operation.path):
            return 404, JSON, b'{"error_code": "APIGW.0101", "error_msg": "The API does not exist."}'
        if headers.get("Content-Type", "application/json") != "application/json":
            return 400, JSON, REFUSAL
        try:
            value = json.loads(body or b"{}")
        except (ValueError, RecursionError):
            return 400, JSON, REFUSAL
        return (200, JSON, envelope(total=0, tickets=[])) if validator.is_valid(value) else (400, JSON, REFUSAL)

    return answer


class Direct(Target):
    """A target without a socket: each request goes to a function."""

    def __init__(self, operation: Operation, answer: Answer) -> None:
        super().__init__("http://direct", operation)
        self.answer = answer

    def deliver(self, request: Any, auth: Any = None) -> None:
        """Answer by the function; write the exchange down as the wire does."""
        body = request.body or b""
        status, headers, content = self.answer(request.method, request.path_url, dict(request.headers), body)
        self.wire.sent += 1
        exchange = Exchange(request.method, request.url, dict(request.headers), body, status, headers, content)
        self.wire.exchanges.append(exchange)
        if self.watch:
            self.watch(exchange)


@pytest.fixture
def direct(operation: Operation) -> Callable[[Answer], Direct]:
    """Make a target of a function."""
    return lambda answer: Direct(operation, answer)
