"""The one seam to the network: budgets hold exactly, throttling is obeyed, a broken answer is no dead target."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from contract_tests.contract import Operation
from contract_tests.credentials import Headers, Token
from contract_tests.target import Budget, BudgetSpent, Forbidden, Target, Unreachable, Wire

from .conftest import JSON, Answer, envelope

Serve = Callable[[Answer], str]


def target(url: str, operation: Operation, **budget: float) -> Target:
    """A target with a budget."""
    return Target(url, operation, Wire(Budget(**budget), timeout=2))


def test_the_budget_of_requests_is_exact_at_the_server(serve: Serve, operation: Operation) -> None:
    """The service sees exactly as many requests as allowed, repetitions after a 429 included."""
    seen = []

    def answer(*words: object) -> tuple[int, dict[str, str], bytes]:
        seen.append(words)
        return (429, {**JSON, "Retry-After": "0"}, b"{}") if len(seen) % 2 else (200, JSON, envelope())

    limited = target(serve(answer), operation, requests=7)
    with pytest.raises(BudgetSpent, match="budget of 7 requests is spent"):
        while True:
            limited.query({})
    assert len(seen) == 7


def test_the_budget_of_time_holds(serve: Serve, operation: Operation) -> None:
    """No request is sent after the time is up, and no wait overruns it."""
    url = serve(lambda *_: (429, {**JSON, "Retry-After": "60"}, b"{}"))
    limited = target(url, operation, seconds=5)
    began = time.monotonic()
    with pytest.raises(BudgetSpent, match="seconds is spent"):
        limited.query({})
    assert time.monotonic() - began < 5


def test_the_budget_of_time_ends_a_wait_for_an_answer(serve: Serve, operation: Operation) -> None:
    """A target that does not answer holds the run no longer than its time, however long one answer may take."""
    done = threading.Event()

    def answer(*_: object) -> tuple[int, dict[str, str], bytes]:
        done.wait(30)
        return 200, JSON, envelope()

    limited = Target(serve(answer), operation, Wire(Budget(seconds=0.5), timeout=30))
    began = time.monotonic()
    with pytest.raises(BudgetSpent, match=r"0\.5 seconds is spent"):
        limited.query({})
    done.set()
    assert time.monotonic() - began < 10


def test_a_wait_of_a_day_is_not_waited_for(serve: Serve, operation: Operation) -> None:
    """Who asks to come back tomorrow cannot be judged today; the sentence says what was asked."""
    url = serve(lambda *_: (429, {**JSON, "Retry-After": "86400"}, b"{}"))
    with pytest.raises(Unreachable, match="answers 429 and asks to come back in 86400 seconds"):
        target(url, operation).query({})


def test_the_rate_limit_spaces_requests(serve: Serve, operation: Operation) -> None:
    """Six requests at 50 a second take at least a tenth of a second."""
    limited = target(serve(lambda *_: (200, JSON, envelope())), operation, rate=50)
    began = time.monotonic()
    for _ in range(6):
        limited.query({})
    assert time.monotonic() - began >= 0.1


def test_retry_after_is_obeyed(serve: Serve, operation: Operation) -> None:
    """After a 429 the same request goes again, not before the seconds it asked for."""
    seen: list[float] = []

    def answer(*_: object) -> tuple[int, dict[str, str], bytes]:
        seen.append(time.monotonic())
        return (429, {**JSON, "Retry-After": "1"}, b"{}") if len(seen) == 1 else (200, JSON, envelope())

    assert target(serve(answer), operation).query({}).status == 200
    assert seen[1] - seen[0] >= 1


@pytest.mark.parametrize("status", [502, 503, 504])
def test_unavailable_once_is_an_accident(serve: Serve, operation: Operation, status: int) -> None:
    """A gateway's is asked for once more; a service that answers so to the same request every time is told as it is."""
    seen: list[object] = []

    def answer(*words: object) -> tuple[int, dict[str, str], bytes]:
        seen.append(words)
        return (200, JSON, envelope()) if len(seen) == 2 else (status, {**JSON, "Retry-After": "0"}, b"{}")

    found = target(serve(answer), operation)
    assert [200, status] == [found.query({}).status for _ in range(2)]
    assert len(seen) == 4


def test_retry_after_may_be_a_date(serve: Serve, operation: Operation) -> None:
    """A date that is over lets the request go again at once; without one the first wait is a second."""
    seen: list[float] = []

    def answer(*_: object) -> tuple[int, dict[str, str], bytes]:
        seen.append(time.monotonic())
        over = {**JSON, "Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}
        return (429, over, b"{}") if len(seen) == 1 else (200, JSON, envelope())

    assert target(serve(answer), operation).query({}).status == 200
    assert seen[1] - seen[0] < 1


def test_a_read_only_target_gets_one_method_and_path(serve: Serve, operation: Operation) -> None:
    """Any other method or path is refused before it is sent."""
    seen: list[object] = []
    url = serve(lambda *words: (seen.append(words), (200, JSON, envelope()))[1])
    guarded = Target(url, operation, read_only=True)
    for other in ({"method": "DELETE"}, {"path": "/v2/incidents"}):
        with pytest.raises(Forbidden, match="read-only"):
            guarded.query({}, **other)
    guarded.query({})
    assert len(seen) == 1


def test_half_a_body_is_an_exchange_with_an_error(serve: Serve, operation: Operation) -> None:
    """An answer that ends early is asked for once more, and then told as broken."""
    found = target(serve(lambda *_: (200, {**JSON, "Content-Length": "100"}, b"{")), operation)
    exchange = found.query({})
    assert (exchange.status, len(found.wire.broken), found.wire.sent) == (0, 2, 2)
    assert "IncompleteRead" in str(exchange.error)


@pytest.mark.parametrize(
    ("beginning", "more"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n[", b" "),
        (b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["body", "headers", "interim answers"],
)
def test_an_answer_that_never_ends_is_cut(beginning: bytes, more: bytes, operation: Operation) -> None:
    """A byte now and then meets every time-out between two bytes; the whole answer has a time of its own."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def trickle(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                connection.recv(65536)
                connection.sendall(beginning)
                while not over.wait(0.02):
                    connection.sendall(more)

        def accept() -> None:
            for _ in range(2):  # the gate asks twice for an answer that breaks off
                threading.Thread(target=trickle, args=(server.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        exchange = Target(url, operation, Wire(Budget(), timeout=0.1)).query({})
        over.set()
    assert (exchange.status, str(exchange.error)[-27:]) == (0, "not whole after 0.3 seconds")


def test_an_answer_larger_than_any_is_cut(serve: Serve, operation: Operation, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent without end does not fill the memory."""
    monkeypatch.setattr("contract_tests.deadline.LARGEST", 2**20)
    assert target(serve(lambda *_: (200, JSON, b" " * 2**20)), operation).query({}).status == 200
    exchange = target(serve(lambda *_: (200, JSON, b" " * (2**20 + 1))), operation).query({})
    assert (exchange.status, exchange.error) == (0, "more than 1 MiB")


def test_no_cookie_is_kept(serve: Serve, operation: Operation) -> None:
    """A session that the right credentials opened lets in nobody who has none."""
    seen: list[str | None] = []

    def answer(_method: str, _path: str, headers: dict[str, str], _body: bytes) -> tuple[int, dict[str, str], bytes]:
        seen.append(headers.get("Cookie"))
        return 200, {**JSON, "Set-Cookie": "sid=1"}, envelope()

    found = target(serve(answer), operation)
    found.query({})
    found.query({})
    assert seen == [None, None]


def test_a_broken_answer_may_be_whole_the_second_time(serve: Serve, operation: Operation) -> None:
    """One cut connection is repeated on a new one, and written down."""
    seen: list[object] = []

    def answer(*words: object) -> tuple[int, dict[str, str], bytes]:
        seen.append(words)
        return 200, {**JSON, **({"Content-Length": "999"} if len(seen) == 1 else {})}, envelope()

    found = target(serve(answer), operation)
    assert (found.query({}).status, len(found.wire.broken)) == (200, 1)


def test_no_connection_is_used_twice_after_one_broke(serve: Serve, operation: Operation) -> None:
    """A server that closes idle connections without a word breaks one request at most, however many follow."""
    seen: list[str | None] = []

    def answer(_method: str, _path: str, headers: dict[str, str], _body: bytes) -> tuple[int, dict[str, str], bytes]:
        seen.append(headers.get("Connection"))
        return 200, {**JSON, **({"Content-Length": "999"} if len(seen) == 2 else {})}, envelope()

    found = target(serve(answer), operation)
    for _ in range(3):
        found.query({})
    assert seen == ["keep-alive", "keep-alive", "close", "close"]


def test_a_closed_port_is_unreachable(operation: Operation) -> None:
    """Nobody there is another thing than a broken answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Unreachable, match=r"Nothing answers at http://127\.0\.0\.1:\d+/v2/incidents/list"):
        target(url, operation).query({})


def test_bytes_go_as_they_are(serve: Serve, operation: Operation) -> None:
    """A body of bytes is not touched, and an exchange keeps what was sent."""
    seen: list[bytes] = []
    url = serve(lambda *words: (seen.append(words[3]), (400, JSON, b"{}"))[1])
    raw = b'{"a": \xff}'
    exchange = Target(url, operation).query(raw)
    assert seen == [raw]
    assert exchange.request_body == raw
    assert "\\xff" in exchange.as_curl()


def test_a_curl_command_holds_no_secret(serve: Serve, operation: Operation) -> None:
    """Credentials are redacted wherever a request is shown."""
    url = serve(lambda *_: (200, JSON, envelope()))
    exchange = Target(url, operation).query({}, headers={"X-Auth-Token": "canary", "Authorization": "canary"})
    assert exchange.request_headers["X-Auth-Token"] == "canary"
    assert "canary" not in exchange.as_curl() + repr(exchange)


def test_a_curl_command_holds_no_secret_in_a_header_of_the_contract(serve: Serve, operation: Operation) -> None:
    """The header that the contract names for tokens is redacted, whatever its name."""
    url = serve(lambda *_: (200, JSON, envelope()))
    caller = Token("canary", Headers(token="X-Key"))
    exchange = Target(url, operation, Wire(Budget(), caller)).query({})
    assert "canary" == exchange.request_headers["X-Key"]
    assert "X-Key: ***" in exchange.as_curl()
