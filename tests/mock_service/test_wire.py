"""The wire: what is no HTTP, what does not end, what comes in pieces or at once, and what is told of it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import sys
import urllib.request
from http.client import HTTPResponse
from unittest.mock import MagicMock

import pytest
import uvicorn

from mock_service import console, protocol, server
from mock_service.scenario import Director, Event, Scenario

PATH = "/v2/incidents/list"


def exchange(address: str, *pieces: bytes) -> bytes:
    """What comes back on one connection for raw bytes; ends when the server closes or says nothing for a second."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=2) as connection:
        found = b""
        try:
            for piece in pieces:
                connection.sendall(piece)
            while more := connection.recv(65536):
                found += more
        except (TimeoutError, ConnectionError):
            pass
        return found


def http(body: bytes, *headers: str, path: str = PATH) -> bytes:
    """A raw request that closes the connection."""
    lines = [f"POST {path} HTTP/1.1", "Host: x", "Connection: close", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def first_answer(address: str, *pieces: bytes) -> tuple[int, bytes]:
    """Status and body of the first answer to raw bytes, the connection open or not."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        for piece in pieces:
            connection.sendall(piece)
        answer = HTTPResponse(connection, method="POST")
        answer.begin()
        return answer.status, answer.read()


def head(*headers: str, method: str = "POST", path: str = PATH) -> bytes:
    """A raw request without its body, over a connection that stays open."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\0" * 100,
        b"GET\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x00\xf0" + b"\0" * 240,
        head("Content-Length: 2", "Content-Length: 3"),
        head("Content-Length: 2", "Transfer-Encoding: chunked"),
        head("Content-Length: -2"),
        head("Host: y"),
        f"POST {PATH} HTTP/1.1\r\nContent-Length: 0\r\n\r\n".encode(),
        b"CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        head("Content-Length: 99999999999999999999"),
    ],
)
def test_what_is_no_http_is_refused(served, request_bytes):
    """Bytes that are no request are refused with a body of the gateway's, and the next request is answered."""
    status, body = first_answer(served[0], request_bytes)
    assert (status, json.loads(body)["error_code"]) == (400, "APIGW.0201")
    assert exchange(served[0], http(b"{}")).startswith(b"HTTP/1.1 200 OK")


def test_too_large_is_told_before_it_is_read(served, spec):
    """A body that is announced too large is refused at once; one that grows too large, as soon as it has."""
    length = f"Content-Length: {spec.body_limit + 1}"
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    for pieces in (
        [head(length)],
        [head(length, "Expect: 100-continue")],  # whoever asks first is not told to go on
        [head("Transfer-Encoding: chunked"), *[chunk] * 12, b"1\r\n \r\n"],
    ):
        status, body = first_answer(served[0], *pieces)
        assert (status, json.loads(body)["error_code"]) == (413, "APIGW.0201")
    assert exchange(served[0], http(b"{}")).startswith(b"HTTP/1.1 200 OK")


def test_whoever_sends_too_much_reads_why(served, spec):
    """A client that sends its whole body before it reads is not cut off: it finds the answer, and the end."""
    body = b" " * (spec.body_limit + 1)
    chunked = [b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)]
    for pieces in ([http(body)], [head("Transfer-Encoding: chunked"), *chunked]):
        answer = exchange(served[0], *pieces)
        assert answer.startswith(b"HTTP/1.1 413")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["error_code"] == "APIGW.0201"
    at_the_limit = first_answer(served[0], http(b" " * (spec.body_limit - 2) + b"{}", "Content-Type: application/json"))
    assert at_the_limit[0] == 200


WHOLE = head("Content-Length: 2") + b"{}"
TRAILER = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n"


@pytest.mark.parametrize(
    ("start", "filling", "status"),
    [
        (f"POST {PATH}?", "a", 414),
        (f"POST {PATH} HTTP/1.1\r\nX: ", "a", 494),
        (f"POST {PATH} HTTP/1.1\r\n", "a", 494),
        ("GET / HTTP/1.1\r\n", "a: b\r\n", 494),
        (TRAILER, "a: b\r\n", 494),
        (f"{TRAILER}X: ", "a", 494),
    ],
    ids=["line", "value", "name", "headers", "trailers", "trailer"],
)
def test_a_head_that_does_not_end_is_refused(served, start, filling, status):
    """No more than some 64 KiB of a request's line, headers and trailers is kept."""
    found, body = first_answer(served[0], (start + filling * (70_000 // len(filling))).encode())
    assert (found, json.loads(body)["error_code"]) == (status, "APIGW.0201")


def test_a_trailer_is_no_header(served):
    """What comes after the body cannot pass for one of the headers."""
    trailer = f"{TRAILER}Content-Type: text/plain\r\n\r\n".encode()
    assert first_answer(served[0], trailer)[0] == 200


@pytest.mark.parametrize("offer", ["TLS/1.2", "websocket", "h2c", "websocket, h2c", "H2C"])
@pytest.mark.parametrize("cut", [0, 62, 75])
def test_an_offer_of_another_protocol_does_not_lose_the_body(served, offer, cut):
    """Who offers to upgrade, as Java's client does with each request, is answered as if he had not."""
    headers = [f"Upgrade: {offer}", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk"]
    body = b'{"per_page": 1, "fields": ["ticket_id"]}'
    request = head(*headers, f"Content-Length: {len(body)}") + body
    for before in (0, 3):
        answers = all_answers(served[0], before + 1, WHOLE * before + request[:cut], request[cut:])
        assert (answers[-1][0], answers[-1][1].count(b'"ticket_id"')) == (200, 1)


def all_answers(address: str, number: int, *pieces: bytes) -> list[tuple[int, bytes]]:
    """Status and body of so many answers on one connection."""
    host, port = address.removeprefix("http://").split(":")
    found = []
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        for piece in pieces:
            connection.sendall(piece)
        stream = connection.makefile("rb")
        for _ in range(number):
            status = int(stream.readline().split()[1])
            headers = dict(line.lower().split(b": ") for line in iter(stream.readline, b"\r\n"))
            found.append((status, stream.read(int(headers[b"content-length"]))))
        stream.close()
    return found


@pytest.mark.parametrize("size", [60_000, 100_000, 300_000])
def test_a_long_body_is_no_part_of_the_next_head(served, size):
    """Several requests sent at once are all answered, however their bytes arrive."""
    long = head(f"Content-Length: {size}") + b" " * (size - 2) + b"{}"
    pieces = [long + WHOLE[:40], WHOLE[40:] + WHOLE * 2000]
    assert [200] * 2002 == [status for status, _ in all_answers(served[0], 2002, *pieces)]


@pytest.mark.parametrize("garbage", [b"GARBAGE\r\n\r\n", b"POST / HTTP/1.1\r\n\r\n", b"X: " + b"a" * 70_000])
def test_what_came_before_garbage_is_answered_first(served, garbage):
    """Answers come in the order of the requests, the refusal of what is none last."""
    found = all_answers(served[0], 4, WHOLE * 3 + garbage)
    assert [200, 200, 200] == [status for status, _ in found[:3]]
    assert found[3][0] in (400, 494)


def test_garbage_does_not_break_into_an_answer(running, tmp_path):
    """An answer that is on its way is sent to its end before what is no request is refused."""
    file = tmp_path / "slow.yaml"
    file.write_text("events: [{trickle: 0.3}]")
    with running("--scenario", str(file)) as (address, _):
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(WHOLE)
            stream = connection.makefile("rb")
            status = stream.readline()
            connection.sendall(b"GARBAGE\r\n\r\n")
            headers = dict(line.lower().split(b": ") for line in iter(stream.readline, b"\r\n"))
            body = stream.read(int(headers[b"content-length"]))
            assert (status, json.loads(body)["error_code"]) == (b"HTTP/1.1 200 OK\r\n", "GOM.00000000")
            assert stream.readline() == b"HTTP/1.1 400 Bad Request\r\n"
            stream.close()


def test_a_body_that_breaks_off_is_refused_itself(served):
    """A chunk that is none refuses the request that it is part of, and not the one before it."""
    broken = head("Transfer-Encoding: chunked") + b"2\r\n{}\r\nZZ\r\n"
    assert [200, 400] == [status for status, _ in all_answers(served[0], 2, WHOLE + broken)]
    assert [400] == [status for status, _ in all_answers(served[0], 1, broken)]
    assert [400] == [status for status, _ in all_answers(served[0], 1, broken[:-4], b"ZZ\r\n")]


@pytest.mark.parametrize(
    ("received", "answered", "expected"),
    [
        ([], False, True),
        ([WHOLE[:9]], False, True),
        ([WHOLE[:9], WHOLE[9:-1]], False, True),
        ([WHOLE[:-1]], False, True),
        ([WHOLE], False, False),
        ([WHOLE[:-1], WHOLE[-1:]], False, False),
        ([WHOLE], True, False),
        ([WHOLE, WHOLE[:9]], True, True),
    ],
)
def test_a_request_that_does_not_end_is_given_up(monkeypatch, received, answered, expected):
    """What is not whole a minute after it began is late; what waits for its answer, or for a next request, is not."""

    async def app(scope, receive, send):
        if not answered:
            await receive()
            await asyncio.sleep(3600)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})

    async def late() -> bool:
        config = uvicorn.Config(app, log_config=None, log_level="critical")
        config.load()
        connection = protocol.Protocol(config, uvicorn.server.ServerState(), {}, asyncio.get_running_loop())
        connection.connection_made(MagicMock(is_closing=lambda: False))
        for data in received:
            connection.data_received(data)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        assert [connection.late(now) for now in (1.0, 1.0 + protocol.PATIENCE)] == [False, False]
        assert connection.late(1.1 + protocol.PATIENCE) == expected
        monkeypatch.setattr(protocol, "PATIENCE", -1.0)
        watch = server.Server(config, lambda: None, 0.0)
        watch.server_state.connections.add(connection)
        await watch.on_tick(0)
        return connection.transport.close.called

    assert asyncio.run(late()) == expected


def test_half_a_request_is_none(make_client, spec):
    """Whoever leaves before the request is whole is neither answered nor counted."""
    started = []
    messages = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    client = make_client(director=Director(Scenario(events=[Event(requests=[1], status=503)]), spec))

    async def app(scope, receive, send):
        async def half():
            return messages.pop(0)

        await client.app(scope, half, started.append)
        await client.app(scope, receive, send)

    assert type(client)(app)().status == 503
    assert (messages, started) == ([], [])


def test_it_tells_that_it_is_well(served):
    """`/healthz` answers whoever asks, by GET or HEAD."""
    with urllib.request.urlopen(f"{served[0]}/healthz", timeout=10) as answer:
        assert json.load(answer) == {"status": "ok"}
    assert exchange(served[0], head("Connection: close", method="HEAD", path="/healthz")).startswith(b"HTTP/1.1 200 OK")


def test_one_line_a_request_when_asked(running, post):
    """Quiet by default; with --verbose a line on stderr says method, path, status, bytes and milliseconds."""
    with running("--verbose") as (address, process):
        post(address, per_page=1)
        exchange(address, head("Connection: close", path="/a%0a12:00:00%20POST%20/b"))
        process.terminate()
        said = process.stderr.read()
    line = r"\d\d:\d\d:\d\dZ POST %s \d+ B \d+\.\d ms\n"
    assert re.fullmatch(line % "/v2/incidents/list 200" + line % "/a%0a12:00:00%20POST%20/b 404", said)


def test_a_log_that_nobody_reads_holds_nobody_up(running):
    """Whoever starts the service and reads none of its lines is answered all the same, and can stop it."""
    with running("--verbose") as (address, process):
        for _ in range(1500):  # each a line of 50 bytes; a pipe holds 65,536
            assert exchange(address, head("Connection: close", method="GET", path="/none")).startswith(b"HTTP/1.1 404")
        process.terminate()
        assert process.wait(20) == 0


def test_lines_that_nobody_read_are_counted(monkeypatch):
    """Who reads on learns how many lines are missing; of a long one comes the end."""
    reader, writer = os.pipe()
    log = console.Log()
    with os.fdopen(reader, "rb", buffering=0) as read, os.fdopen(writer, "w") as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)
        for number in range(40):
            log(f"{number} " + "x" * 10_000)
        said = read.read(1_000_000)
        assert said.count(b"x\n") == 40 - log.lost > 0 < log.lost
        assert max(map(len, said.splitlines())) <= 2048
        lost = log.lost
        log("again")
        assert read.read(1000) == f"({lost} lines that nobody read are lost)\nagain\n".encode()
