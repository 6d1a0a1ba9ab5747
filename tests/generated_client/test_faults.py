"""A service that misbehaves in many ways: each fault ends in its typed error, or in a right result."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpcore
import pytest
from attrs import frozen
from coc_incidents import Client, Patience, errors


class Request:
    """One request as it arrived; `number` counts from 1."""

    def __init__(self, head: bytes, body: bytes, number: int) -> None:
        lines = head.decode("latin-1").split("\r\n")[1:]
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self.body: dict[str, Any] = json.loads(body or b"{}")
        self.number = number


Behaviour = bytes | Callable[["FaultServer", socket.socket, Request], None]


class FaultServer:
    """Answers the n-th request with the n-th behaviour, and the last one ever after. One request a connection."""

    def __init__(self, script: tuple[Behaviour, ...]) -> None:
        self.script = script
        self.requests: list[Request] = []
        self.over = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._start(self._accept)

    def _start(self, target: Callable[..., None], *arguments: Any) -> None:
        self._threads.append(threading.Thread(target=target, args=arguments, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                request = self._read(connection)
                behaviour = self.script[min(request.number, len(self.script)) - 1]
                if callable(behaviour):
                    behaviour(self, connection, request)
                else:
                    connection.sendall(behaviour)
            except OSError:
                pass  # the client has gone

    def _read(self, connection: socket.socket) -> Request:
        data = b""
        while b"\r\n\r\n" not in data:
            chunk = connection.recv(65536)
            if not chunk:
                raise OSError("closed")
            data += chunk
        head, _, body = data.partition(b"\r\n\r\n")
        fields = [line.partition(b":") for line in head.lower().split(b"\r\n")]
        length = next((int(value) for name, _, value in fields if name == b"content-length"), 0)
        while len(body) < length:
            body += connection.recv(65536)
        with self._lock:
            request = Request(head, body, len(self.requests) + 1)
            self.requests.append(request)
        return request

    def stop(self) -> None:
        self.over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)


# --- behaviours


def answer(body: object, status: int = 200, kind: str = "application/json", **headers: str) -> bytes:
    """A whole answer; a body that is no bytes is written as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"Content-Length": str(len(raw)), "Connection": "close", "Content-Type": kind}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"HTTP/1.1 {status} Any\r\n{head}\r\n".encode() + raw


def tickets(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [{"ticket_id": f"IM{number:06}", "title": f"ticket {number}"} for number in range(start, start + count)]


def page(found: object, total: object = 1) -> dict[str, Any]:
    return {"error_code": "GOM.00000000", "error_msg": None, "data": {"total": total, "tickets": found}}


GOOD = answer(page(tickets(1)))
BODY = json.dumps(page(tickets(1))).encode()
GATEWAY = {"error_code": "APIGW.0308", "error_msg": "throttled", "request_id": "r-1"}
HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


def reset(server: FaultServer, connection: socket.socket, request: Request) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def close(server: FaultServer, connection: socket.socket, request: Request) -> None:
    connection.close()


def then(data: bytes, ending: Callable[[FaultServer, socket.socket, Request], None]) -> Behaviour:
    """Send some bytes, then end in the given way."""

    def behave(server: FaultServer, connection: socket.socket, request: Request) -> None:
        connection.sendall(data)
        server.over.wait(0.02)
        ending(server, connection, request)

    return behave


def hang(server: FaultServer, connection: socket.socket, request: Request) -> None:
    server.over.wait(10)


def drip(data: bytes, from_: int = 0) -> Behaviour:
    """Send byte by byte, each before any socket's own timeout."""

    def behave(server: FaultServer, connection: socket.socket, request: Request) -> None:
        connection.sendall(data[:from_])
        for position in range(from_, len(data)):
            if server.over.wait(0.03):
                return
            connection.sendall(data[position : position + 1])

    return behave


def paged(change: Callable[[Request, list[dict[str, Any]], int], tuple[object, object]], count: int = 25) -> Behaviour:
    """A service over so many tickets, honest but for `change`: (request, all tickets, size) to (tickets, total)."""

    def behave(server: FaultServer, connection: socket.socket, request: Request) -> None:
        found, total = change(request, tickets(count), request.body.get("per_page", 10))
        connection.sendall(answer(page(found, total)))

    return behave


def cut(request: Request, everything: list[dict[str, Any]], size: int) -> list[dict[str, Any]]:
    number = request.body.get("page", 1)
    return everything[(number - 1) * size : number * size]


def at_page(number: int, what: list[dict[str, Any]]) -> Callable[..., tuple[object, object]]:
    return lambda r, all_, s: (what if r.body["page"] == number else cut(r, all_, s), len(all_))


HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n".encode()
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
GZIPPED = gzip.compress(BODY)


@frozen
class Fault:
    """What the service does, and the error that must come of it; `says` is in its message."""

    name: str
    script: tuple[Behaviour, ...]
    error: type[errors.Error]
    says: str = ""
    attempts: int = 3


def once(name: str, behaviour: Behaviour, error: type[errors.Error], says: str = "") -> Fault:
    """A fault that is final: it is not tried again."""
    return Fault(name, (behaviour,), error, says, 1)


FAULTS = [
    # No whole answer: tried three times.
    Fault("reset before a byte", (reset,), errors.AnswerBroken),
    Fault("closed before a byte", (close,), errors.AnswerBroken),
    Fault("no HTTP at all", (b"SSH-2.0-OpenSSH_9.6\r\n",), errors.AnswerBroken),
    Fault("garbage bytes", (bytes(range(256)) * 4,), errors.AnswerBroken),
    Fault("closed amid headers", (then(HEAD[:40], close),), errors.AnswerBroken),
    Fault("reset amid headers", (then(HEAD[:40], reset),), errors.AnswerBroken),
    Fault("headers without end", (b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 40000,), errors.AnswerBroken),
    Fault("header without colon", (b"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n",), errors.AnswerBroken),
    Fault("Content-Length is no number", (b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n",), errors.AnswerBroken),
    Fault("closed amid the body", (then(HEAD + BODY[:30], close),), errors.AnswerBroken),
    Fault("reset amid the body", (then(HEAD + BODY[:30], reset),), errors.AnswerBroken),
    Fault("Content-Length too long", (answer(BODY, Content_Length="9999"),), errors.AnswerBroken),
    Fault("chunked without an end", (then(CHUNKED + b'5\r\n{"err\r\n', close),), errors.AnswerBroken),
    Fault("chunk of no size", (CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n",), errors.AnswerBroken),
    Fault("gzip announced, none sent", (answer(BODY, Content_Encoding="gzip"),), errors.AnswerBroken),
    Fault("no answer", (hang,), errors.RequestTimeout, "within 0.15 s"),
    Fault("no answer after the headers", (then(HEAD, hang),), errors.RequestTimeout),
    Fault("no end of the body", (then(HEAD + BODY[:30], hang),), errors.RequestTimeout),
    Fault("body byte by byte", (drip(HEAD + BODY, len(HEAD)),), errors.RequestTimeout),
    Fault("headers byte by byte", (drip(HEAD + BODY),), errors.RequestTimeout),
    # Statuses.
    once(
        "400 with the page's body",
        answer({"error_code": "GOM.00007256", "error_msg": "Parameter error", "data": None}, 400),
        errors.BadRequest,
        "GOM.00007256: Parameter error",
    ),
    once("400 without a body", answer(b"", 400), errors.BadRequest, "status 400"),
    once(
        "401",
        answer({"error_code": "APIGW.0301", "error_msg": "verify aksk signature fail", "request_id": "r-9"}, 401),
        errors.Unauthorized,
        "request id r-9",
    ),
    once(
        "403",
        answer({"error_code": "APIGW.0302", "error_msg": "not authorized"}, 403),
        errors.Forbidden,
        "the caller needs coc:ticket:list",
    ),
    once("404", answer({"error_code": "APIGW.0101", "error_msg": "The API does not exist."}, 404), errors.NotFound),
    once(
        "413",
        answer({"error_code": "APIGW.0201", "error_msg": "Request entity too large."}, 413),
        errors.RequestTooLarge,
    ),
    Fault("429 for ever", (answer(GATEWAY, 429),), errors.Throttled, "APIGW.0308"),
    Fault("429 with Retry-After for ever", (answer(GATEWAY, 429, Retry_After="0"),), errors.Throttled),
    once("429 that asks for an hour", answer(GATEWAY, 429, Retry_After="3600"), errors.Throttled),
    once(
        "500",
        answer({"error_code": "APIGW.0601", "error_msg": "Internal error."}, 500),
        errors.ServerFailed,
        "APIGW.0601",
    ),
    Fault("502 with HTML", (answer(HTML, 502, "text/html"),), errors.ServerFailed, "502 Bad Gateway"),
    Fault("503", (answer(GATEWAY, 503),), errors.ServerFailed, "status 503"),
    Fault("504 without a body", (answer(b"", 504, ""),), errors.ServerFailed, "status 504"),
    once("599", answer(b"", 599), errors.ServerFailed, "status 599"),
    once("418", answer({}, 418), errors.UnexpectedStatus, "status 418"),
    once("204", b"HTTP/1.1 204 No Content\r\n\r\n", errors.UnexpectedStatus, "status 204"),
    once(
        "302 is not followed",
        answer(b"", 302, Location="http://elsewhere.test/"),
        errors.UnexpectedStatus,
        "status 302",
    ),
    once(
        "401 of the other envelope",
        answer({"error_code": "common.01010001", "error_msg": "Token missing or invalid.", "data": None}, 401),
        errors.Unauthorized,
        "common.01010001",
    ),
    once(
        "error in other words",
        answer({"error": {"code": "X.1", "message": "told otherwise"}}, 400),
        errors.BadRequest,
        "X.1: told otherwise",
    ),
    # Status 200, and no success.
    once(
        "200 with an error code",
        answer({"error_code": "GOM.00000500", "error_msg": "later", "data": None}),
        errors.Unsuccessful,
        "GOM.00000500: later",
    ),
    once(
        "200 with an error of another shape",
        answer({"error_code": "GOM.1", "data": "oops"}),
        errors.Unsuccessful,
        "GOM.1",
    ),
    once(
        "200 with an error in other words",
        answer({"errorCode": "APIGW.0301", "errorMsg": "told otherwise"}),
        errors.Unsuccessful,
        "APIGW.0301: told otherwise",
    ),
    once("200 with HTML", answer(HTML, 200, "text/html"), errors.NotJson, "text/html"),
    once("200 with JSON called HTML", answer(BODY, 200, "text/html"), errors.NotJson, "text/html"),
    once("200 with an empty body", answer(b""), errors.NotJson, "empty body"),
    once("200 with blanks", answer(b" \n "), errors.NotJson, "empty body"),
    once("truncated JSON", answer(BODY[:-20]), errors.NotJson),
    once("Content-Length too short", answer(BODY, Content_Length="30"), errors.NotJson),
    once("truncated gzip", answer(GZIPPED[:-12], Content_Encoding="gzip"), errors.NotJson),
    once("text after the JSON", answer(BODY + b"}"), errors.NotJson),
    once(
        "half a character at the end of a text",
        answer(BODY.replace(b"ticket 0", rb"disk \ud83d")),
        errors.NotJson,
        r"\ud83d, at byte 124, is half a character, without the other",
    ),
    once("the other half", answer(BODY.replace(b"ticket 0", rb"\ude00 disk")), errors.NotJson, r"\ude00, at byte"),
    once("NaN", answer(b'{"data": {"total": NaN}}'), errors.NotJson),
    once("no UTF-8", answer(b'{"error_msg": "\xff\xfe"}'), errors.NotJson),
    once("UTF-16", answer(BODY.decode().encode("utf-16")), errors.NotJson),
    once("100,000 brackets", answer(b'{"data": ' + b"[" * 100_000), errors.AnswerError),
    once("a list", answer([]), errors.WrongShape, "array"),
    once("a number", answer(7), errors.WrongShape),
    once("null", answer(None), errors.WrongShape),
    once("data is null", answer({"error_code": "0", "data": None}), errors.DataMissing, "$.data"),
    once("data is absent", answer({"error_code": "0"}), errors.DataMissing, "$.data"),
    once("data is text", answer({"error_code": "0", "data": "x"}), errors.WrongShape, "$.data"),
    once("tickets is an object", answer(page({})), errors.WrongShape, "$.data.tickets"),
    once("a ticket is text", answer(page(["x"])), errors.WrongShape, "$.data.tickets[0]"),
    once("a title is a number", answer(page([{"title": 7}])), errors.WrongShape, "$.data.tickets[0].title"),
    once("a time is a word", answer(page([{"create_time": "soon"}])), errors.WrongShape, "'soon' is no time"),
    once(
        "a flag is a word",
        answer(page([{"is_service_interrupt": "perhaps"}])),
        errors.WrongShape,
        "neither true nor false",
    ),
    once("total is text", answer(page([], "many")), errors.WrongShape, "$.data.total"),
    once("total is a fraction", answer(page([], 1.5)), errors.WrongShape, "$.data.total"),
]

HURRIED = Patience(timeout=0.15, max_retries=2, first_wait=0.001)
PATIENT = Patience(timeout=5, max_retries=2, first_wait=0.001)


@pytest.fixture
def serve() -> Iterator[Callable[[tuple[Behaviour, ...]], FaultServer]]:
    servers: list[FaultServer] = []

    def start(script: tuple[Behaviour, ...]) -> FaultServer:
        servers.append(FaultServer(script))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_ends_in_its_typed_error(fault: Fault, call: Any, serve: Any) -> None:
    """No hang, no error of a layer below, no value: the error of the tree, after the right number of tries."""
    server = serve(fault.script)
    patience = HURRIED if fault.error is errors.RequestTimeout else PATIENT
    began = time.monotonic()
    with pytest.raises(errors.Error) as caught:
        call("list_incidents", client={"base_url": server.url, "patience": patience})
    assert fault.error is type(caught.value) or fault.error is errors.AnswerError
    assert fault.says in str(caught.value)
    assert fault.attempts == len(server.requests)
    assert time.monotonic() - began < 30  # not a matter of speed: it did not hang


@pytest.mark.parametrize(
    "first",
    [
        *(
            pytest.param(f.script[0], id=f.name)
            for f in FAULTS
            if f.attempts == 3 and f.error is not errors.RequestTimeout
        ),
        pytest.param(
            answer(GATEWAY, 429, Retry_After="Thu, 01 Jan 1970 00:00:00 GMT"), id="429 with a date that is past"
        ),
    ],
)
def test_what_passes_is_tried_again_to_a_right_result(first: Behaviour, call: Any, serve: Any) -> None:
    """A fault that is gone at the second try costs the caller nothing but time."""
    server = serve((first, GOOD))
    found = call("list_incidents", client={"base_url": server.url, "patience": PATIENT})
    assert ["IM000000"] == [ticket.ticket_id for ticket in found]
    assert (2, 2) == (found.answer.attempts, len(server.requests))


def test_a_request_leaves_in_one_piece(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A blocking call writes head and body to its socket at once: one system call, and one packet."""
    pieces: list[bytes] = []
    write = httpcore._backends.sync.SyncStream.write  # type: ignore[attr-defined]

    def recorded(stream: Any, buffer: bytes, timeout: float | None = None) -> None:
        pieces.append(bytes(buffer))
        write(stream, buffer, timeout)

    monkeypatch.setattr("httpcore._backends.sync.SyncStream.write", recorded)
    with Client(serve((GOOD,)).url) as client:
        assert 1 == len(client.list_incidents())
    assert [True] == [piece.startswith(b"POST ") and piece.endswith(b"\r\n\r\n{}") for piece in pieces]


def test_a_closed_port_is_no_connection(call: Any) -> None:
    """Nothing listens: `ConnectFailed`, after three tries."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(errors.ConnectFailed, match="no connection") as caught:
        call("list_incidents", client={"base_url": f"http://127.0.0.1:{port}"})
    assert 3 == caught.value.attempts


PAGING_FAULTS = [
    ("page is ignored", paged(lambda r, all_, s: (all_[:s], len(all_))), "page 2 repeats page 1"),
    ("page 3 is page 1 again", paged(at_page(3, tickets(10))), "page 3 repeats page 1"),
    ("page 2 is empty", paged(at_page(2, [])), "hold 10 of 25 items"),
    ("page 2 lacks a ticket", paged(at_page(2, tickets(9, 10))), "hold 24 of 25 items"),
    ("tickets is null on page 2", paged(at_page(2, None)), "hold 10 of 25 items"),  # type: ignore[arg-type]
    ("every page is empty", paged(lambda r, all_, s: ([], len(all_))), "hold 0 of 25 items"),
    ("page is ignored, and there is no total", paged(lambda r, all_, s: (all_[:s], None)), "page 2 repeats page 1"),
]


@pytest.mark.parametrize(("behaviour", "says"), [pytest.param(b, s, id=name) for name, b, s in PAGING_FAULTS])
@pytest.mark.parametrize("prefetch", [False, True])
def test_pages_that_do_not_add_up_are_told(
    behaviour: Behaviour, says: str, prefetch: bool, call: Any, serve: Any
) -> None:
    """No ticket is lost silently: an iteration that cannot be whole ends in `PagingError`.

    Where a page repeats another, the ones before it are complete, and it says at which to resume; where tickets are
    missing, none is.
    """
    server = serve((behaviour,))
    with pytest.raises(errors.PagingError, match=says) as caught:
        call("iter_incidents", per_page=10, prefetch=prefetch, client={"base_url": server.url})
    notes = getattr(caught.value, "__notes__", [])
    assert ("repeats" in says) == any("resume with that one" in note for note in notes)
    assert ("hold" in says) == isinstance(caught.value, errors.ItemsMissing)


BEARABLE = [
    ("no total", paged(lambda r, all_, s: (cut(r, all_, s), None))),
    ("total too low", paged(lambda r, all_, s: (cut(r, all_, s), 12))),
    ("at most 4 a page", paged(lambda r, all_, s: (cut(r, all_, 4), len(all_)))),
    ("all at once", paged(lambda r, all_, s: (all_, len(all_)))),
    ("nulls among the tickets", paged(lambda r, all_, s: ([None, *cut(r, all_, s), None], len(all_)))),
]


@pytest.mark.parametrize("behaviour", [pytest.param(b, id=name) for name, b in BEARABLE])
def test_what_can_be_borne_still_yields_every_ticket(behaviour: Behaviour, call: Any, serve: Any) -> None:
    """A service that departs from the contract without losing tickets costs the caller none, and none comes twice."""
    server = serve((behaviour,))
    found = call("iter_incidents", per_page=10, client={"base_url": server.url})
    assert [ticket["ticket_id"] for ticket in tickets(25)] == [ticket.ticket_id for ticket in found]


def test_a_fault_amid_an_iteration_names_the_page_to_resume_at(call: Any, serve: Any) -> None:
    """What came before is yielded, the error says where to go on, and going on there completes the whole."""
    honest = paged(lambda r, all_, s: (cut(r, all_, s), len(all_)))
    server = serve((honest, honest, answer({"error_code": "APIGW.0601", "error_msg": "Internal error."}, 500), honest))
    client = {"base_url": server.url}
    with pytest.raises(errors.ServerFailed) as caught:
        call("iter_incidents", per_page=10, client=client)
    assert "while reading page 3" in caught.value.__notes__[0]
    rest = call("iter_incidents", per_page=10, page=3, client=client)
    assert [f"IM{number:06}" for number in range(20, 25)] == [ticket.ticket_id for ticket in rest]


def test_at_least_forty_faults_are_distinct() -> None:
    """The catalogue keeps its promise: no two faults share a name or a script."""
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 40
    assert len({fault.script for fault in FAULTS}) == len(FAULTS)
