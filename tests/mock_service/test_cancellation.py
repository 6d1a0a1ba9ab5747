"""No search goes on for ever: not one that takes too long, not one that nobody waits for, and none beyond a stop."""

from __future__ import annotations

import asyncio
import sqlite3
import threading

import pytest

from mock_service import app, reader
from mock_service.cancellation import Cancellation, Cancelled, interruptible
from mock_service.faults import Fault
from mock_service.sql import Sql
from mock_service.store import Store

ENDLESS = {"string_filters": [{"field": "title", "operator": "like", "values": ["endless"]}]}


class Many(Store):
    """A store that is searched beside the event loop."""

    quick = False


@pytest.fixture(params=["memory", "file", "postgresql"])
def store(request, spec, tickets, tmp_path, postgresql):
    """A store of each kind, with some tickets."""
    urls = {"memory": lambda: "sqlite://", "file": lambda: f"sqlite:///{tmp_path}/mock.db", "postgresql": postgresql}
    with Many(urls[request.param](), spec) as found:
        found.replace(spec.operations[0], tickets[:20])
        yield found


class Watched:
    """Has a service look for ever for what has the title `endless`, and tells how that ended."""

    def __init__(self, endless: str) -> None:
        self.endless = Sql(endless)
        self.began, self.ended = threading.Event(), threading.Event()
        self.outcome: BaseException | None = None

    def plant(self, service) -> None:
        """As a fault does."""
        predicate, respond = service.predicate, service.respond

        def watched(request):
            try:
                return respond(request)
            except BaseException as error:
                self.outcome = error
                raise
            finally:
                if self.began.is_set():
                    self.ended.set()

        def endless(each):
            if each["values"] != ["endless"]:
                return predicate(each)
            self.began.set()
            return self.endless

        service.respond, service.predicate = watched, endless


@pytest.fixture
def watched(endless) -> Watched:
    """What is asked for `endless`."""
    return Watched(endless)


@pytest.fixture
def client(store, spec, client_of, watched):
    """A client of the mock over the store."""
    fault = Fault("endless", "tests", "", watched.plant)
    return type(client_of(store))(app.create(spec, store, fault=fault))


def test_a_search_that_takes_too_long_is_given_up(client, watched, monkeypatch):
    """The gateway answers 504 in its own words, the database stops working on it, and serves the next request."""
    monkeypatch.setattr(app, "LONGEST_SEARCH", 0.2)
    reply = client(**ENDLESS)
    assert (reply.status, reply.json["error_code"]) == (504, "APIGW.0201")
    assert reply.json["request_id"] == reply.headers["x-request-id"]
    assert watched.ended.wait(20)
    assert isinstance(watched.outcome, Cancelled)
    monkeypatch.undo()
    for _ in range(10):
        assert client(per_page=3).json["data"]["total"] == 20


def test_a_search_that_nobody_waits_for_is_ended(client, watched):
    """When the caller leaves, the database stops working for it, and serves the next one."""

    async def leave(scope, receive, send):
        first = [await receive()]

        async def left():
            if first:
                return first.pop()
            await asyncio.to_thread(watched.began.wait, 20)
            return {"type": "http.disconnect"}

        await client.app(scope, left, send)
        await send({"type": "http.response.start", "status": 0, "headers": []})

    assert type(client)(leave)(**ENDLESS).status == 0
    assert watched.ended.wait(20)
    assert isinstance(watched.outcome, Cancelled)
    assert client(per_page=3).json["data"]["total"] == 20


@pytest.mark.parametrize("store", ["file", "postgresql"], indirect=True)  # in memory one connection serves all
def test_others_are_answered_meanwhile(client, watched, monkeypatch):
    """A long search does not hold up the next one."""
    monkeypatch.setattr(app, "LONGEST_SEARCH", 20.0)

    async def both():
        endless = asyncio.ensure_future(asyncio.to_thread(client, **ENDLESS))
        assert await asyncio.to_thread(watched.began.wait, 20)
        found = await asyncio.to_thread(client, per_page=3)
        answered_first = not endless.done()
        monkeypatch.setattr(app, "LONGEST_SEARCH", 0.0)
        for cancellation in cancellations:
            cancellation.cancel()
        return found, answered_first, (await endless).status

    cancellations: list[Cancellation] = []
    monkeypatch.setattr(app, "Cancellation", lambda: cancellations.append(Cancellation()) or cancellations[-1])
    found, answered_first, status = asyncio.run(both())
    assert (found.json["data"]["total"], answered_first, status) == (20, True, 500)


def test_work_is_interrupted_until_it_ends():
    """An interruption that comes between two statements is lost, and so comes again."""
    cancellation = Cancellation()
    interruptions = threading.Semaphore(0)

    def work():
        with interruptible(interruptions.release):
            assert interruptions.acquire(timeout=20)  # lost
            assert interruptions.acquire(timeout=20)

    threading.Timer(0, cancellation.cancel).start()
    with pytest.raises(Cancelled):
        cancellation.run(work)


def test_cancelled_work_begins_nothing_more():
    """What is cancelled between two statements does not begin the second one."""
    cancellation = Cancellation()
    begun = []

    def work():
        with interruptible(lambda: None):
            cancellation._cancelled = True

    def second():
        with interruptible(lambda: None):
            begun.append(True)

    with pytest.raises(Cancelled):
        cancellation.run(work)
    with pytest.raises(Cancelled):
        cancellation.run(second)
    assert begun == []


def test_what_has_ended_is_not_cancelled():
    """Whoever comes too late does no harm; and work that nobody may cancel just goes on."""
    cancellation = Cancellation()
    assert cancellation.run(lambda: 5) == 5
    cancellation.cancel()
    with interruptible(pytest.fail):
        pass


# On the event loop


@pytest.fixture
def brief(spec, tickets, monkeypatch):
    """A small store in memory, of which a brief look sees next to nothing."""
    monkeypatch.setattr(reader, "TICK", 1)
    monkeypatch.setattr(reader, "BRIEF", 0)
    with Store("sqlite://", spec) as found:
        found.replace(spec.operations[0], tickets[:20])
        yield found


def test_what_takes_long_does_not_hold_up_others(brief, spec, client_of):
    """A search that is not over soon is begun again beside the event loop, and finds the same."""
    threads = []

    def plant(service):
        data = service.data
        service.data = lambda request: threads.append(threading.current_thread()) or data(request)

    assert brief.quick
    client = type(client_of(brief))(app.create(spec, brief, fault=Fault("watched", "tests", "", plant)))
    assert client(per_page=3).json["data"]["total"] == 20
    assert [thread is threading.main_thread() for thread in threads] == [True, False]


def test_the_event_loop_waits_for_no_connection(spec, tickets, client_of):
    """While one connection serves a long search in memory, whoever asks next waits beside the event loop."""
    with Store("sqlite://", spec) as store:
        store.replace(spec.operations[0], tickets[:20])
        client, lock = client_of(store), store.reader._one_at_a_time

        async def ask():
            with lock:
                waiting = asyncio.ensure_future(client._send(b"{}", "POST", client.path, b"", {}))
                well = await client._send(b"", "GET", "/healthz", b"", {})
                assert not waiting.done()
            return well.status, (await waiting).status

        assert asyncio.run(ask()) == (200, 200)


def test_an_error_of_the_database_is_not_a_long_search(brief):
    """Only an interruption means that a look was too long."""
    with pytest.raises(sqlite3.OperationalError, match="no such table"), brief.reader.briefly():
        brief.rows("SELECT 1 FROM nowhere", ())
