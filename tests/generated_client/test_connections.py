"""Connections: whom they belong to, what an attempt may take, and that nothing goes on that nobody waits for."""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpcore
import httpx
import pytest
from coc_incidents import AsyncClient, Client, Event, Patience, errors

FOREVER = Patience(timeout=30, max_retries=1000, first_wait=1000)
"""After a failed attempt a call waits for seconds; no test does."""


def answers(request: httpx.Request) -> httpx.Response:
    """A list of a hundred tickets, ten a page."""
    number = json.loads(request.content).get("page", 1)
    found = [{"ticket_id": f"T{each}"} for each in range(number * 10 - 10, number * 10)]
    return httpx.Response(200, json={"error_code": "0", "data": {"total": 100, "tickets": found}})


def only_the_first_page(request: httpx.Request) -> httpx.Response:
    return answers(request) if json.loads(request.content).get("page", 1) == 1 else httpx.Response(503)


# --- event loops


def test_an_async_client_and_its_copies_serve_one_event_loop_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections die with their loop; under a second `asyncio.run` all copies get new ones, which they share."""
    made: list[httpx.AsyncClient] = []

    def opened(kind: type[httpx.AsyncClient], **_: Any) -> httpx.AsyncClient:
        made.append(kind(transport=httpx.MockTransport(answers)))
        return made[-1]

    monkeypatch.setattr("coc_incidents.connections.opened", opened)
    client = AsyncClient(base_url="http://a.test")
    copy = client.with_options(timeout=9)

    async def ask(*clients: AsyncClient) -> int:
        assert {100} == {(await each.list_incidents()).total for each in clients}
        return len(made)

    assert [1, 2, 3] == [asyncio.run(ask(client, copy)), asyncio.run(ask(copy, client)), asyncio.run(ask(copy))]
    asyncio.run(copy.aclose())
    with pytest.raises(errors.InvalidRequest, match="closed"):
        asyncio.run(ask(client))


def test_an_async_client_in_use_on_another_loop_says_so() -> None:
    """Two living loops cannot share connections."""
    client = AsyncClient(base_url="http://a.test", transport=httpx.MockTransport(answers))
    first = asyncio.new_event_loop()
    first.run_until_complete(client.list_incidents())
    with pytest.raises(errors.InvalidRequest, match="in use on another event loop; make one for each"):
        asyncio.run(client.list_incidents())
    first.close()


def test_a_transport_of_the_callers_own_serves_one_event_loop() -> None:
    """It cannot be made anew: a second loop gets a sentence, from the client and from its copies."""
    client = AsyncClient("http://a.test", transport=httpx.MockTransport(answers))

    async def first() -> None:
        await client.list_incidents()
        await client.with_options(timeout=9).list_incidents()

    asyncio.run(first())
    for each in (client, client.with_options(timeout=9)):
        with pytest.raises(errors.InvalidRequest, match="was used on another event loop; make a client for each"):
            asyncio.run(each.list_incidents())


# --- processes

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform cannot fork")


def in_a_fork(act: Callable[[], object]) -> object:
    """What a forked process finds."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=lambda: theirs.send(act()))
    child.start()
    assert ours.poll(30)
    child.join(30)
    return ours.recv()


@forks
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_has_connections_of_its_own(mock: str) -> None:
    """On its parent's connections both would read each other's answers."""
    with Client(base_url=mock) as client:
        client.list_incidents()
        before = client._connections._http

        def ask() -> tuple[int | None, bool]:
            return client.list_incidents().total, client._connections._http is before

        assert (300, False) == in_a_fork(ask)
        assert (300, True) == ask()


@forks
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_transport_of_the_callers_own_serves_one_process(mock: str) -> None:
    """It cannot be made anew: a forked process gets a sentence, and closing there closes nothing of its parent."""
    with Client(base_url=mock, transport=httpx.HTTPTransport()) as client:
        client.list_incidents()

        def ask() -> list[str]:
            said = []
            for each in (client, client.with_options(timeout=9)):
                with pytest.raises(errors.InvalidRequest) as told:
                    each.list_incidents()
                said.append(str(told.value))
            client.close()
            return said

        sentence = "the transport of this client is another process's; make a client in each process"
        assert [sentence] * 2 == in_a_fork(ask)
        assert 300 == client.list_incidents().total


# --- time


class Clock:
    """Monotonic seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


class Blackhole(httpcore.NetworkBackend):
    """Connects to the last address, and takes all the time it has for any other."""

    def __init__(self, clock: Clock, good: str) -> None:
        self.clock, self.good = clock, good
        self.tried: list[tuple[str, float]] = []

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *_: Any, **__: Any) -> Any:
        assert timeout is not None
        self.tried.append((host, round(timeout, 3)))
        if host != self.good:
            self.clock.now += timeout
            raise httpcore.ConnectTimeout
        raise httpcore.ConnectError("refused")


@pytest.mark.parametrize(
    ("good", "said"), [("203.0.113.3", "no connection: refused"), ("", "no connection within 1 s")]
)
def test_the_addresses_of_a_host_share_the_time(monkeypatch: pytest.MonkeyPatch, good: str, said: str) -> None:
    """A host is looked up once; each of its addresses gets an even share of what is left of `timeout`."""
    clock, looked_up = Clock(), []
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"203.0.113.{n}", 80)) for n in (1, 1, 2, 3)]
    monkeypatch.setattr("coc_incidents.runtime.deadline.time", clock)

    def look_up(host: str, *_: Any, **__: Any) -> Any:
        looked_up.append(host)
        return found

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    with Client("http://host.test", timeout=1, max_retries=0) as client:
        backend: Any = client._connections._http._transport._pool._network_backend  # type: ignore[attr-defined]
        backend._inner = blackhole = Blackhole(clock, good)
        with pytest.raises(errors.ConnectFailed, match=said):
            client.list_incidents()
    assert ["host.test"] == looked_up
    assert [(f"203.0.113.{number}", 0.333) for number in (1, 2, 3)] == blackhole.tried
    assert clock.now <= 1.001


def test_a_slow_look_up_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is not looked up in time is no connection; nobody waits for the rest of the look-up."""
    over = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: over.wait(60))
    with Client("http://host.test", timeout=0.05, max_retries=0) as client:
        with pytest.raises(errors.ConnectFailed, match=r"no connection within 0\.05 s"):
            client.list_incidents()
    assert not over.is_set()
    over.set()


def test_a_time_out_before_there_is_a_connection_is_no_connection(call: Any) -> None:
    """Who accepts and then says nothing of TLS leaves both kinds of clients without a connection: `ConnectFailed`."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        options = {"base_url": f"https://127.0.0.1:{silent.getsockname()[1]}", "patience": Patience(timeout=0.1, max_retries=0)}
        with pytest.raises(errors.ConnectFailed, match=r"no connection within 0\.1 s"):
            call("list_incidents", client=options)


def test_an_address_that_never_answers_is_no_connection() -> None:
    """The same under asyncio while the connection itself is being made."""

    async def never(*_: Any, **__: Any) -> Any:
        await asyncio.get_running_loop().create_future()

    async def main() -> None:
        async with AsyncClient("http://host.test", timeout=0.05, max_retries=0) as client:
            backend: Any = client._connections._http._transport._pool._network_backend  # type: ignore[attr-defined]
            backend._inner = type("Inner", (), {"connect_tcp": never})()
            await client.list_incidents()

    with pytest.raises(errors.ConnectFailed, match=r"no connection within 0\.05 s"):
        asyncio.run(main())


# --- what nobody waits for


@pytest.fixture
def hanging() -> Iterator[str]:
    """The address of a service whose second page never comes."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if json.loads(content)["page"] > 1:
                over.wait(60)
                return
            raw = answers(httpx.Request("POST", "http://a.test", content=content)).content
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        over.set()
        server.shutdown()
        thread.join()


def test_a_program_ends_although_a_page_was_asked_for_ahead(hanging: str) -> None:
    """Who leaves an iteration amid a prefetch does not wait for the page, nor does the interpreter at its end."""
    code = (
        "import sys; from coc_incidents import Client\n"
        "with Client(sys.argv[1], timeout=60, max_retries=9) as client:\n"
        "    for ticket in client.iter_incidents(per_page=10, prefetch=True):\n"
        "        break\n"
        "print(ticket.ticket_id)"
    )
    done = subprocess.run([sys.executable, "-c", code, hanging], capture_output=True, text=True, timeout=30, check=False)
    assert (0, "T0\n", "") == (done.returncode, done.stdout, done.stderr)


def ours() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "coc-incidents"]


@pytest.mark.parametrize("closing", [False, True])
def test_a_page_that_nobody_wants_is_not_tried_again(closing: bool) -> None:
    """Leaving the iteration, or closing the client, ends the wait before the next attempt: none is made."""
    failed, events = threading.Event(), list[Event]()

    def watch(event: Event) -> None:
        events.append(event)
        if event.status == 503:
            failed.set()

    transport = httpx.MockTransport(only_the_first_page)
    client = Client("http://a.test", transport=transport, patience=FOREVER, hook=watch)
    tickets = client.iter_incidents(per_page=10, prefetch=True)
    next(tickets)
    assert failed.wait(30)
    if closing:
        client.close()
        with pytest.raises(errors.InvalidRequest, match="this client is closed"):
            list(tickets)
    else:
        tickets.close()
    for thread in ours():
        thread.join(30)
        assert not thread.is_alive()
    assert [200, 503] == [event.status for event in events]


def test_closing_ends_the_wait_of_a_call() -> None:
    """A call that waits to try again learns that its client was closed by another thread."""
    failed, said = threading.Event(), list[str]()
    client = Client("http://a.test", transport=httpx.MockTransport(lambda _: httpx.Response(503)), patience=FOREVER)
    watched = client.with_options(hook=lambda _: failed.set())

    def ask() -> None:
        with contextlib.suppress(errors.InvalidRequest):
            try:
                watched.list_incidents()
            except errors.InvalidRequest as error:
                said.append(str(error))
                raise

    thread = threading.Thread(target=ask)
    thread.start()
    assert failed.wait(30)
    client.close()
    thread.join(30)
    assert ["this client is closed; make another one"] == said


def test_a_page_ahead_that_failed_is_an_error_of_the_iteration() -> None:
    """What went wrong on the other thread is told where the page is wanted, with the page to resume at."""
    transport = httpx.MockTransport(only_the_first_page)
    with Client("http://a.test", transport=transport, max_retries=0) as client:
        with pytest.raises(errors.ServerFailed) as told:
            list(client.iter_incidents(per_page=10, prefetch=True))
    assert ["while reading page 2; the pages before it are complete, resume with that one"] == told.value.__notes__


# --- hooks


def test_an_error_of_a_hook_is_the_callers(call: Any) -> None:
    """Whatever a hook raises comes out of the call, which never ends as if nothing had been answered."""

    def broken(_: Event) -> None:
        raise StopIteration("no more")

    with pytest.raises((StopIteration, RuntimeError), match="StopIteration|no more"):
        call("list_incidents", handler=answers, client={"hook": broken})


def test_an_asynchronous_hook_is_awaited() -> None:
    """Under asyncio a hook may be asynchronous, of a client and of its copies; a plain one is as good."""
    seen: list[tuple[str, int | None]] = []

    async def slow(event: Event) -> None:
        await asyncio.get_running_loop().run_in_executor(None, seen.append, ("slow", event.status))

    def quick(event: Event) -> None:
        seen.append(("quick", event.status))

    async def main() -> None:
        async with AsyncClient("http://a.test", transport=httpx.MockTransport(answers), hook=slow) as client:
            await client.list_incidents()
            assert [("slow", 200)] == seen
            await client.with_options(hook=quick).list_incidents()
            await client.with_options(timeout=5).list_incidents()

    asyncio.run(main())
    assert [("slow", 200), ("quick", 200), ("slow", 200)] == seen
