"""How the mock behaves under strange and heavy use: never a 500, never a hang, no wrong answer."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PATH = "/v2/incidents/list"


def quiet(examples: int) -> settings:
    """So many examples, the same every time."""
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )


# Strange bodies

VALID = json.dumps(
    {
        "page": 1,
        "string_filters": [{"name": "a", "field": "title", "operator": "like", "values": ["告警", "%", "🔥"]}],
        "condition": "(a)",
        "sort_filter": {"field": "create_time", "operator": "desc", "values": ["x"]},
        "fields": ["title"],
    },
    ensure_ascii=False,
).encode()
PARTS = [
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b":",
    b",",
    b"\\u0000",
    b"\\ud800",
    b"\xff",
    b"\xed\xa0\x80",
    b"\0",
    b"1e999",
    b"-0",
]
PARTS += [
    b"9" * 400,
    b"NaN",
    b"null",
    b"true",
    b'"page":',
    b'"page":1,"page":2',
    b"[" * 300,
    b'{"a":' * 300,
    b"[" * 500 + b"]" * 500,
    b'{"a":' * 950 + b"1" + b"}" * 950,
    b"\xef\xbb\xbf",
]


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """A valid body with some of its bytes replaced by pieces of mischief, or mischief alone."""
    body = draw(st.sampled_from([VALID, b"", b"{}"]))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(body)))
        piece = draw(st.one_of(st.sampled_from(PARTS), st.binary(max_size=6)))
        body = body[:at] + piece + body[at + draw(st.integers(0, 5)) :]
    return body


def judge(reply, validators) -> None:
    """Every answer is documented: its status, and its body by the schema of that status."""
    assert reply.status in validators, reply
    assert reply.headers["content-type"] == "application/json"
    assert [error.message for error in validators[reply.status].iter_errors(reply.json)] == []


@pytest.fixture(scope="module")
def validators():
    """The schema of each documented status."""
    import yaml

    from mock_service import contract

    spec = yaml.safe_load(contract.SPEC.read_text("utf-8"))
    responses = contract.inlined(spec, spec["paths"][PATH]["post"]["responses"])
    return {
        int(status): jsonschema_rs.Draft202012Validator(response["content"]["application/json"]["schema"])
        for status, response in responses.items()
        if status != "500"
    }


@quiet(300)
@given(body=bodies())
def test_strange_bodies_get_documented_answers(mock, validators, body):
    """Bytes of any kind are answered as documented."""
    judge(mock.send(body), validators)


@pytest.mark.campaign
@quiet(10_000)
@given(body=bodies())
def test_ten_thousand_strange_bodies(mock, validators, body):
    """10,000 raw bodies for each kind of store: deep nesting, huge numbers, duplicate members, invalid UTF-8."""
    judge(mock.send(body), validators)


@pytest.mark.campaign
def test_ten_thousand_strange_bodies_on_the_wire(running, validators):
    """10,000 raw bodies over sockets: each is answered within 10 seconds, and memory stays bounded."""
    with running(tickets=6000) as (address, process), closing(Wire(address)) as asked:

        @quiet(10_000)
        @given(body=bodies())
        def run(body):
            judge(asked(body), validators)

        run()
        for body in large_bodies(12 * 1024 * 1024):
            judge(asked(body), validators)
        assert peak_memory(process.pid) < 600


def large_bodies(size: int) -> Iterator[bytes]:
    """Bodies of about so many bytes that are costly to read, or to judge."""
    number = size // 4
    yield b"[" * size
    yield b'{"page":' + b"9" * (size - 9) + b"}"
    yield b"[" + b"[]," * (number - 1) + b"[]]"
    yield b'{"ticket_types":[' + b"0," * (number - 20) + b"0]}"
    yield b'{"fields":[' + b'"a",' * (number - 20) + b'"a"]}'
    yield b"{" + b",".join(b'"%x":0' % member for member in range(size // 12)) + b"}"
    yield b'{"condition":"' + b"\\u1234" * (size // 6 - 10) + b'"}'
    yield b'{"string_filters":[' + b'{"values":[]},' * (size // 14 - 20) + b"{}]}"
    yield b" " * (size + 1)


def peak_memory(process: int) -> float:
    """The most that a process has held in memory so far, in MiB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


class Wire:
    """Sends bodies over one connection as long as it lasts."""

    def __init__(self, address: str) -> None:
        self.connection = HTTPConnection(address.removeprefix("http://"), timeout=10)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def __call__(self, body: bytes) -> Any:
        """The reply; a `TimeoutError` when there is none."""
        self.connection.request("POST", PATH, body, {"Content-Type": "application/json"})
        with self.connection.getresponse() as answer:
            content = answer.read()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return SimpleNamespace(status=answer.status, headers=headers, content=content, json=json.loads(content))


def test_a_million_mistakes_cost_little_memory(served, validators):
    """A body of many mistakes is refused for the first of them; all of them in words would be gigabytes."""
    before = peak_memory(served[1].pid)
    with closing(Wire(served[0])) as asked:
        for body in large_bodies(2 * 1024 * 1024):
            judge(asked(body), validators)
    assert peak_memory(served[1].pid) - before < 150


def meaningful(body: dict[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """The same body about fields that there are, its condition about filters that it has: the search it almost was."""

    def known(value: Any) -> Any:
        if isinstance(value, list):
            return [known(each) for each in value]
        if isinstance(value, dict):
            return {
                name: pick(each) if name == "field" and isinstance(each, str) else known(each)
                for name, each in value.items()
            }
        return value

    def pick(name: str) -> str:
        return columns[crc32(name.encode("utf-8", "surrogatepass")) % len(columns)]

    changed = known(body)
    if "fields" in body:
        changed["fields"] = list(dict.fromkeys(map(pick, body["fields"])))
    if "condition" in body:
        filters = changed.get("string_filters") or [{"field": columns[0], "operator": "=", "values": ["x"]}]
        changed["string_filters"] = filters
        for number, each in enumerate(filters):
            each["name"] = f"f{number}"
        changed["condition"] = "".join(f"{'&|'[number % 2]}f{number}" for number in range(len(filters)))[1:]
    return changed


@pytest.mark.campaign
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_twenty_thousand_cases_of_schemathesis(mock, validators, mode, part):
    """Cases that Schemathesis makes from the contract, for each kind of store; no good one is called a breach."""
    import schemathesis
    from hypothesis import seed

    from mock_service import contract

    schema = schemathesis.openapi.from_path(contract.SPEC)
    columns = list(next(each for each in contract.load().operations if each.path == PATH).columns)
    strategy = schema[PATH]["POST"].as_strategy(generation_mode=schemathesis.GenerationMode(mode))
    number, judged = int(os.environ.get("COC_TEST_CASES", "20000")) // 20, 0

    # In parts: what Hypothesis remembers of earlier cases makes each next one slower.
    @seed(part)
    @settings(quiet(number), derandomize=False)
    @given(case=strategy)
    def run(case):
        nonlocal judged
        absent, raw = type(case.body).__name__ == "NotSet", isinstance(case.body, bytes)
        content = b"" if absent else case.body if raw else json.dumps(case.body).encode()
        reply = mock.send(content)
        judge(reply, validators)
        if mode == "positive" and reply.status == 400:
            assert any(word in reply.json["error_msg"] for word in ("no field", "/condition", "not JSON"))
        if mode == "positive" and isinstance(case.body, dict):
            reply = mock.send(json.dumps(meaningful(case.body, columns)).encode())
            judge(reply, validators)
            assert reply.status == 200, reply.json
        judged += 1

    run()
    assert judged >= number


# Many at once


def queries() -> list[dict]:
    """Requests of many kinds."""
    return [
        {"per_page": size, "page": page, "string_filters": [{"field": field, "operator": "like", "values": [value]}]}
        for size in (1, 50, 200)
        for page in (1, 2)
        for field, value in (("title", "disk"), ("level_id", "level_1"), ("ticket_id", "9"), ("title", "磁盘"))
    ]


async def asked(address: str, seconds: float, connections: int, expected: list[bytes]) -> int:
    """Ask over many connections for some time; the number of answers, each of which was the right one."""
    host, port = address.removeprefix("http://").split(":")
    requests = [whole_request(query) for query in queries()]
    ends = time.monotonic() + seconds
    count = 0

    async def one(start: int) -> None:
        nonlocal count
        reader, writer = await asyncio.open_connection(host, int(port))
        number = start
        while time.monotonic() < ends:
            number = (number + 7) % len(requests)
            writer.write(requests[number])
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            assert await reader.readexactly(length) == expected[number]
            count += 1
        writer.close()

    await asyncio.gather(*(one(start) for start in range(connections)))
    return count


def whole_request(query: dict[str, Any]) -> bytes:
    """The bytes of a request."""
    body = json.dumps(query).encode()
    return f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def right_answers(address: str) -> list[bytes]:
    """What each query is answered when nobody else asks."""
    with closing(Wire(address)) as ask:
        return [ask(json.dumps(query).encode()).content for query in queries()]


def test_two_hundred_connections_get_right_answers(served):
    """200 connections at once: nothing is lost, and each answer is the one that a lone caller gets."""
    assert asyncio.run(asked(served[0], 1.0, 200, right_answers(served[0]))) >= 200


@pytest.mark.campaign
def test_two_hundred_connections_for_a_minute(running):
    """200 connections for 60 seconds: nothing lost, no wrong answer, and memory stays bounded."""
    with running("--workers", "2", tickets=500) as (address, process):
        assert asyncio.run(asked(address, 60.0, 200, right_answers(address))) > 10_000
        workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert [worker for worker in workers if peak_memory(int(worker)) > 200] == []
        assert len(workers) == 2
        process.terminate()
        assert process.wait(20) == 0
