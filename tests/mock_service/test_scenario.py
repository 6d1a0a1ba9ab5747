"""Bad days, rehearsed."""

from __future__ import annotations

import http.client
import random
import re
import socket
import textwrap
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from huaweicloudsdkcoc.v1 import CocClient, ListIncidentsRequest, ListTicketParamsWithPageV2
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException

from mock_service import scenario
from mock_service.authentication import DEMO
from mock_service.contract import Mistake

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def play(make_client, spec, tmp_path):
    """A client of the mock under a scenario."""

    def start(text: str, clock=lambda: 0.0):
        file = tmp_path / "scenario.yaml"
        file.write_text(text)
        return make_client(director=scenario.Director(scenario.read(file), spec, clock))

    return start


def test_requests_fail_by_number(play):
    """An event strikes the requests that it names, counted from 1."""
    client = play("events: [{requests: [2, 4], status: 503}]")
    assert [client(per_page=1).status for _ in range(5)] == [200, 503, 200, 503, 200]


@pytest.mark.parametrize("file", ["docs/rainy-day.yaml", "mock_service/README.md", "mock_service/scenario.py"])
def test_the_scenarios_that_are_shown_play(tmp_path, file):
    """What documents show is a scenario, of which each event strikes at some time."""
    text = (ROOT / file).read_text("utf-8")
    if file.endswith(".md"):
        [text] = re.findall(r"```yaml\n(seed.*?)```", text, re.DOTALL)
    elif file.endswith(".py"):
        text = textwrap.dedent(re.search(r"^    seed.*?(?=\n\n)", text, re.MULTILINE | re.DOTALL)[0])
    (tmp_path / "day.yaml").write_text(text)
    day = scenario.read(tmp_path / "day.yaml")
    assert day.seed == 7
    assert day.events
    for index, event in enumerate(day.events):
        assert any(event.strikes(number, random.Random(f"7/{index}/{number}")) for number in range(1, 200)), event


def test_requests_fail_in_step(play):
    """An event strikes every so many requests; the contract's body says what it is."""
    client = play("events: [{every: 3, status: 500}]")
    replies = [client(per_page=1) for _ in range(6)]
    assert [reply.status for reply in replies] == [200, 200, 500, 200, 200, 500]
    assert replies[2].json["error_code"] == "APIGW.0601"


def test_requests_fail_by_share_the_same_each_time(play):
    """An event strikes a share of the requests, and the same ones for the same seed."""
    text = "{seed: %d, events: [{share: 0.3, status: 500}]}"
    one, again, other = ([reply.status for reply in series(play(text % seed), 100)] for seed in (5, 5, 6))
    assert one == again != other
    assert 15 < one.count(500) < 45


def series(client, number: int) -> list:
    """The replies to so many requests."""
    return [client(per_page=1) for _ in range(number)]


def test_callers_are_throttled(play):
    """After N requests in a window 429 with `Retry-After`, until the window ends."""
    now = [0.0]
    client = play("throttle: {requests: 2, seconds: 1, retry_after: 3}", lambda: now[0])
    replies = series(client, 4)
    assert [reply.status for reply in replies] == [200, 200, 429, 429]
    assert replies[2].headers["retry-after"] == "3"
    assert replies[2].json["error_code"] == "APIGW.0308"
    now[0] = 1.0
    assert client().status == 200


@pytest.mark.parametrize(("stated", "expected"), [("", ["60", "31", "1"]), (", retry_after: null", [None] * 3)])
def test_retry_after_is_true(play, stated, expected):
    """Unless told otherwise it says when the window ends, in whole seconds, never too few; the body tells the limit."""
    now = [100.0]
    client = play(f"throttle: {{requests: 1, seconds: 60{stated}}}", lambda: now[0])
    assert client().status == 200
    waits = []
    for at in (100.0, 129.5, 159.9):
        now[0] = at
        refusal = client()
        waits.append(refusal.headers.get("retry-after"))
        assert (refusal.status, "limit:1,time:60 second" in refusal.json["error_msg"]) == (429, True)
    assert expected == waits
    now[0] = 160.0
    assert client().status == 200


def test_a_window_begins_with_a_request(play):
    """How long ago the service started makes no difference to how many of the first requests are throttled."""
    now = [0.0]
    client = play("throttle: {requests: 2, seconds: 1}", lambda: now[0])
    statuses = []
    for at in (0.9, 1.1, 1.2, 2.0):
        now[0] = at
        statuses.append(client(per_page=1).status)
    assert [200, 200, 429, 200] == statuses


def test_a_bad_request_may_be_rehearsed(play):
    """Status 400 comes with the page's own error body, as the contract has it."""
    reply = play("events: [{status: 400}]")()
    assert (reply.status, reply.json["error_code"], reply.json["data"]) == (400, "GOM.00007256", None)


def test_the_clock_is_wrong_for_signatures_and_the_date(running, tmp_path):
    """With a skew beyond the window a good signature is refused, and the `Date` header shows the service's time."""
    file = tmp_path / "skew.yaml"
    file.write_text("clock_skew: -1200")
    keys = BasicCredentials(DEMO.access_key, DEMO.secret_key, "0" * 32)
    with running("--scenario", str(file), "--auth", "required") as (address, _):
        client = CocClient.new_builder().with_credentials(keys).with_endpoints([address]).build()
        with pytest.raises(ClientRequestException, match="more than 900 s from now"):
            client.list_incidents(ListIncidentsRequest(body=ListTicketParamsWithPageV2()))
        with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
            shown = parsedate_to_datetime(answer.headers["Date"])
    assert 1195 < (datetime.now(UTC) - shown).total_seconds() < 1210


def test_nobody_is_waited_for(play):
    """Delays and slow bodies end when the caller has left."""
    client = play("events: [{delay: 3000}]")

    async def app(scope, receive, send):
        first = [await receive()]

        async def left():
            return first.pop() if first else {"type": "http.disconnect"}

        await client.app(scope, left, send)
        await send({"type": "http.response.start", "status": 0, "headers": []})

    assert type(client)(app)().status == 0


def test_whoever_hangs_up_first_is_not_reset(play):
    """A reset of a connection that its caller has closed already is nothing to complain about."""
    client = play("events: [{reset: true}]")
    client.state["transport"] = transport = MagicMock(is_closing=lambda: True)

    async def app(scope, receive, send):
        messages = [await receive(), {"type": "http.disconnect"}]

        async def left():
            return messages.pop(0)

        await client.app(scope, left, send)
        await send({"type": "http.response.start", "status": 0, "headers": []})

    assert type(client)(app, state=client.state)().status == 0
    assert not transport.abort.called


def test_a_proxy_may_be_in_the_way(play):
    """A status that neither contract nor gateway know comes as some proxy's page."""
    reply = play("events: [{status: 521}]")()
    assert (reply.status, reply.headers["content-type"]) == (521, "text/html")
    reply = play("events: [{status: 502}]")()
    assert (reply.status, reply.json["error_msg"]) == (502, "Backend unavailable.")


def test_latency_and_slow_bodies(play):
    """Delays add up before the first byte; a slow body arrives whole."""
    client = play("events: [{delay: 0.05}, {delay: 0.05, trickle: 0.1}]")
    began = time.perf_counter()
    reply = client()
    assert time.perf_counter() - began >= 0.19
    assert len(reply.tickets) == 10


def test_connections_break(running, post, tmp_path):
    """A reset answers nothing, a cut some of the body; the next request is served."""
    file = tmp_path / "breaks.yaml"
    file.write_text(
        "events: [{requests: [1], reset: true}, {requests: [2, 3, 6], cut: 40}, {requests: [3], trickle: 0.2}]"
    )
    with running("--scenario", str(file), "--verbose", "--serve-faults") as (address, process):
        with pytest.raises((ConnectionResetError, urllib.error.URLError)):
            post(address)
        for where in (
            address,
            f"{address}/faults/total-is-page-size",
        ):  # a scenario is played over the planted faults, too
            with pytest.raises(http.client.IncompleteRead) as half:
                post(where)
            assert len(half.value.partial) == 40
        assert post(address)["data"]["total"] == 50
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:  # several requests sent at once
            connection.sendall(b"POST /v2/incidents/list HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}" * 3)
            while connection.recv(65536):
                pass
        process.terminate()
        said = [line.split()[1:-2] for line in process.communicate(timeout=8)[1].splitlines()]
    path = "/v2/incidents/list"
    assert ["POST", path, "reset"] == said[0]
    assert ["POST", path, "200", "40", "of"] == said[1][:5]
    assert ["POST", path, "200", "40", "of"] == said[-1][:5]
    assert ["POST", f"/faults/total-is-page-size{path}", "200", "40", "of"] == said[2][:5]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("events: [{}]", r"the event does nothing; give it a delay, .* at `\$.events\[0\]`"),
        ("events: [{share: 0.5, status: 500}, {share: 0.5}]", r"the event does nothing; .* at `\$.events\[1\]`"),
        ("events: [{reset: true, status: 500}]", r"a reset answers nothing; leave out .* at `\$.events\[0\]`"),
        ("events: [{delay: .nan}]", r"\$.events\[0\].delay"),
        ("events: [{delay: 3601}]", r"`float` <= 3600.0 - at `\$.events\[0\].delay`"),
        ("events: [{delay: -1}]", r"`float` >= 0.0 - at `\$.events\[0\].delay`"),
        ("events: [{share: 1.1, status: 500}]", r"`float` <= 1.0 - at `\$.events\[0\].share`"),
        ("events: [{cut: -1}]", r"\$.events\[0\].cut"),
        ("clock_skew: .nan", r"\$.clock_skew"),
        ("clock_skew: -.inf", r"\$.clock_skew"),
        ("seed: 1.5", r"`int`, got `float` - at `\$.seed`"),
        ("throttle: {requests: 1, seconds: 0}", r"`float` > 0.0 - at `\$.throttle.seconds`"),
        ("throttle: {requests: 1, retry_after: -1}", r"\$.throttle.retry_after"),
        ("events: []\nevents: []", "'events' stands twice in .*line 2, column 1"),
        ("", "is no scenario: Expected `object`, got `null`; its form stands in mock_service/scenario.py"),
        ("events: [{status: 200}]", r"\$.events\[0\].status"),
        ("events: [{every: 0}]", r"\$.events\[0\].every"),
        ("events: [{requests: [], status: 503}]", r"length >= 1 - at `\$.events\[0\].requests`"),
        ("events: [{every: , status: 503}]", r"got `null` - at `\$.events\[0\].every`"),
        ("throttle:", r"got `null` - at `\$.throttle`"),
        ("events: [{shar: 0.1}]", "unknown field `shar`"),
        ('seed: !!int ""', r"this is no value of its type in .*line 1, column 7"),
        ("seed: !!bool x", "this is no value of its type"),
        ("seed: !!timestamp x", "this is no value of its type"),
        ("key_lock: {failures: 0}", r"`int` >= 1 - at `\$.key_lock.failures`"),
        ("throttle: {}", "missing required field `requests`"),
        ("[", "is no scenario"),
    ],
)
def test_a_wrong_scenario_is_told(tmp_path, text, says):
    """What is wrong with a scenario is said with its place."""
    (tmp_path / "s.yaml").write_text(text)
    with pytest.raises(Mistake, match=says):
        scenario.read(tmp_path / "s.yaml")
    with pytest.raises(Mistake, match="cannot read"):
        scenario.read(tmp_path / "none.yaml")
