"""Bad days, rehearsed."""

from __future__ import annotations

import http.client
import time
import urllib.error

import pytest

from mock_service import scenario
from mock_service.contract import Mistake


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


def test_requests_fail_in_step(play):
    """An event strikes every so many requests; the contract's body says what it is."""
    client = play("events: [{every: 3, status: 500}]")
    replies = [client(per_page=1) for _ in range(6)]
    assert [reply.status for reply in replies] == [200, 200, 500, 200, 200, 500]
    assert replies[2].json["error_code"] == "APIGW.0601"


def test_requests_fail_by_share_the_same_each_time(play):
    """An event strikes a share of the requests, and the same ones for the same seed."""
    text = "{seed: %d, events: [{share: 0.3, status: 500}]}"
    runs = [[play(text % seed)(per_page=1).status for _ in range(1)] for seed in (1, 1)]
    assert runs[0] == runs[1]
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


def test_a_proxy_may_be_in_the_way(play):
    """A status that the contract does not know comes as some proxy's page."""
    reply = play("events: [{status: 502}]")()
    assert (reply.status, reply.headers["content-type"]) == (502, "text/html")


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
    file.write_text("events: [{requests: [1], reset: true}, {requests: [2], cut: 40}]")
    with running("--scenario", str(file)) as (address, _):
        with pytest.raises((ConnectionResetError, urllib.error.URLError)):
            post(address)
        with pytest.raises(http.client.IncompleteRead) as half:
            post(address)
        assert len(half.value.partial) == 40
        assert post(address)["data"]["total"] == 50


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("events: [{status: 200}]", r"\$.events\[0\].status"),
        ("events: [{every: 0}]", r"\$.events\[0\].every"),
        ("events: [{shar: 0.1}]", "unknown field `shar`"),
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
