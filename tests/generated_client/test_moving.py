"""Iterating over a list that moves: what was there all the time comes, or the reader is told that it may not have."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from coc_incidents import AsyncClient, Client, errors

Change = Callable[[list[str]], None]


class Live:
    """A service over a list that `change` moves before each request but the first; `pages` are those asked for."""

    def __init__(self, count: int, change: Change = lambda tickets: None) -> None:
        self.tickets = [f"T{number}" for number in range(count)]
        self.there_all_the_time = set(self.tickets)
        self.change = change
        self.pages: list[int] = []
        self.served: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.pages:
            self.change(self.tickets)
        self.there_all_the_time &= set(self.tickets)
        body = json.loads(request.content)
        number, size = body["page"], body["per_page"]
        self.pages.append(number)
        self.served = self.tickets[(number - 1) * size : number * size]
        found = [{"ticket_id": ticket, "title": ticket} for ticket in self.served]
        found = [{name: one[name] for name in body.get("fields") or one} for one in found]
        return httpx.Response(200, json={"error_code": "0", "data": {"total": len(self.tickets), "tickets": found}})


def ids(found: list[Any]) -> list[str]:
    return [ticket.ticket_id for ticket in found]


def leaving(chance: random.Random, *, coming: bool, most: float = 0.6) -> Change:
    """Now and then up to three tickets leave, from anywhere; `coming` ones join at the front, up to two."""
    often = chance.uniform(0, most)

    def change(tickets: list[str]) -> None:
        if chance.random() < often:
            for _ in range(min(len(tickets), chance.randint(0, 3))):
                tickets.pop(chance.randrange(len(tickets)))
            for _ in range(chance.randint(0, 2) if coming else 0):
                tickets.insert(0, f"N{chance.random()}")

    return change


@pytest.mark.parametrize("unique", [False, True])
@pytest.mark.parametrize("coming", [False, True])
@pytest.mark.parametrize("prefetch", [False, True])
def test_what_is_there_all_the_time_comes(call: Any, unique: bool, coming: bool, prefetch: bool) -> None:
    """However tickets leave, and come at the front, each of the others comes: once, where none came, or if `unique`."""
    for seed in range(40):
        chance = random.Random(seed)
        size, count = chance.randint(5, 12), chance.randint(0, 90)
        service = Live(count, leaving(chance, coming=coming))
        found = ids(call("iter_incidents", per_page=size, unique=unique, prefetch=prefetch, handler=service))
        assert service.there_all_the_time <= set(found), f"seed {seed}"
        if unique or not coming:
            assert len(set(found)) == len(found), f"seed {seed}"


def test_whatever_moves_nothing_is_lost_without_a_word() -> None:
    """Even where tickets come and leave before every request, each that is there all the time comes, or it is told."""
    told = 0
    for seed in range(150):
        chance = random.Random(seed)
        service = Live(chance.randint(20, 60), leaving(chance, coming=True, most=1.5))
        found: list[str] = []
        with Client("http://service.test", transport=httpx.MockTransport(service)) as client:
            try:
                found.extend(ticket.ticket_id or "" for ticket in client.iter_incidents(per_page=chance.randint(4, 6)))
            except errors.PagingError:
                told += 1
                continue
        assert service.there_all_the_time <= set(found), f"seed {seed}"
    assert 0 < told < 30


@pytest.mark.parametrize("where", ["front", "back", "anywhere"])
def test_a_list_that_something_leaves_before_every_request_is_read(call: Any, where: str) -> None:
    """The reading goes on, and is not caught on one spot: the rest comes, once, within a few requests a page."""
    chance = random.Random(1)

    def change(tickets: list[str]) -> None:
        tickets.pop({"front": 0, "back": -1, "anywhere": chance.randrange(len(tickets))}[where])

    service = Live(400, change)
    found = ids(call("iter_incidents", per_page=20, handler=service))
    assert service.there_all_the_time <= set(found)
    assert len(set(found)) == len(found)
    assert len(service.pages) < 20 * 7


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("whole_pages", [False, True])
def test_work_that_takes_tickets_out_of_the_list_sees_them_all(kind: Any, whole_pages: bool) -> None:
    """Tickets that are acknowledged while they are read leave the filter; the next ones are not passed over."""
    service = Live(10)
    client = kind("http://service.test", transport=httpx.MockTransport(service))
    done: list[str] = []

    def acknowledge(found: Any) -> None:
        for ticket in found if whole_pages else [found]:
            done.append(ticket.ticket_id)
            service.tickets.remove(ticket.ticket_id)

    async def on_a_loop(found: Any) -> None:
        async for each in found:
            acknowledge(each)

    found = client.iter_incidents_pages(per_page=4) if whole_pages else client.iter_incidents(per_page=4)
    if kind is AsyncClient:
        asyncio.run(on_a_loop(found))
    else:
        for each in found:
            acknowledge(each)
    assert sorted(f"T{number}" for number in range(10)) == sorted(done)


def once(act: Change) -> Change:
    """A change that happens before the second request alone."""
    left = [act]
    return lambda tickets: left.pop()(tickets) if left else None


def drop(first: int, last: int) -> Change:
    def change(tickets: list[str]) -> None:
        del tickets[first:last]

    return once(change)


def test_only_the_pages_that_may_lack_a_ticket_are_read_again(call: Any) -> None:
    """Five tickets of the first page leave: it is read again, with the page that told, as others may have come."""
    service = Live(50, drop(0, 5))
    pages = call("iter_incidents_pages", per_page=10, handler=service)
    assert [1, 2, 1, 2, 3, 4, 5] == service.pages
    assert [(1, 10, 2), (2, 10, None), (1, 5, None), (2, 0, 3), (3, 10, 4)] == [
        (page.number, len(page), page.resume_at) for page in pages[:5]
    ]
    assert [f"T{number}" for number in range(10, 15)] == ids(pages[2].items)


def test_a_bound_holds_while_pages_are_read_again(call: Any) -> None:
    """`max_items` counts what comes, and asks for no page more."""
    service = Live(50, drop(0, 5))
    assert 22 == len(call("iter_incidents", per_page=10, max_items=22, handler=service))
    assert [1, 2, 1] == service.pages


@pytest.mark.parametrize("prefetch", [False, True])
def test_without_a_key_the_reader_is_told_at_the_end(call: Any, prefetch: bool) -> None:
    """Tickets without `ticket_id` cannot be told apart: all pages come, then the error that says how many may lack."""
    seen: list[str] = []
    service = Live(50, drop(0, 5))

    def handler(request: httpx.Request) -> httpx.Response:
        response = service(request)
        seen.extend(service.served)
        return response

    with pytest.raises(errors.ItemsMissing, match=r"up to 5 items .* with ticket_id among the properties") as told:
        call("iter_incidents", per_page=10, fields=["title"], prefetch=prefetch, handler=handler)
    assert (5, [1, 2, 3, 4, 5]) == (told.value.missing, service.pages)
    assert 45 == len(seen)
    assert not getattr(told.value, "__notes__", [])


def test_the_items_come_before_the_error() -> None:
    """What was read is the reader's, the last page too, before the iteration ends in `ItemsMissing`."""
    service = Live(30, drop(0, 1))
    with Client("http://service.test", transport=httpx.MockTransport(service)) as client:
        found = client.iter_incidents(per_page=10, fields=["title"])
        assert [f"T{number}" for number in (*range(10), *range(11, 30))] == [next(found).title for _ in range(29)]
        with pytest.raises(errors.ItemsMissing):
            next(found)


@pytest.mark.parametrize("unique", [False, True])
def test_what_moved_further_than_the_memory_reaches_is_told(call: Any, unique: bool) -> None:
    """The keys of a hundred pages are remembered: what moved further is counted, unless `unique` remembers all."""
    service = Live(450, lambda tickets: None)

    def change(tickets: list[str]) -> None:
        if len(service.pages) == 150:
            del tickets[:210]

    service.change = change
    if unique:
        found = ids(call("iter_incidents", per_page=2, unique=True, handler=service))
        assert [450, set()] == [len(found), service.there_all_the_time - set(found)]
        return
    with pytest.raises(errors.ItemsMissing, match=r"up to \d+ items .* last 100 pages.* with unique=True") as told:
        call("iter_incidents", per_page=2, handler=service)
    assert 210 - 200 <= told.value.missing <= 210 - 200 + 4


def test_what_moved_in_front_of_the_first_page_is_told(call: Any) -> None:
    """An iteration that began at page 3 does not read page 2, where others stand that it was not asked for."""
    service = Live(50, drop(0, 15))
    with pytest.raises(errors.ItemsMissing, match=r"up to 5 items .* before the first one; read again, from page 1 on"):
        call("iter_incidents", per_page=10, page=3, handler=service)
    service = Live(50, drop(0, 5))
    found = ids(call("iter_incidents", per_page=10, page=3, handler=service))
    assert [f"T{number}" for number in (*range(20, 30), *range(35, 45), *range(30, 35), *range(45, 50))] == found


def test_an_error_amid_a_second_reading_says_where_nothing_is_lost(call: Any) -> None:
    """The page to resume at is one in front of which all was read, not the one that was read again."""
    service = Live(50)

    def handler(request: httpx.Request) -> httpx.Response:
        if len(service.pages) == 2:
            del service.tickets[:5]
        return httpx.Response(500) if len(service.pages) == 3 else service(request)

    with pytest.raises(errors.ServerFailed) as told:
        call("iter_incidents", per_page=10, handler=handler)
    assert ["while reading page 2; the pages before page 3 are complete, resume with that one"] == told.value.__notes__


@pytest.mark.parametrize("there", [0, 1])
def test_a_service_that_never_ends_is_left(call: Any, there: int) -> None:
    """Pages that bring nothing new while the total changes all the time are not read for ever."""
    asked: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.content)
        total = 1_000 - len(asked) % 2
        stuck = [{"ticket_id": "T1"}, {"ticket_id": "T2"}]
        return httpx.Response(200, json={"error_code": "0", "data": {"total": total, "tickets": stuck}})

    with pytest.raises(errors.PagingError, match="200 pages in a row brought nothing new"):
        call("iter_incidents", per_page=2, unique=bool(there), handler=handler)
    assert len(asked) < 220


def test_a_page_may_come_again_when_the_total_tells_why(call: Any) -> None:
    """As many tickets came at the front as a page holds: the page is known, and comes once."""
    service = Live(6, once(lambda tickets: tickets.__setitem__(slice(0, 0), ["N1", "N2", "N3"])))
    assert [f"T{number}" for number in range(6)] == ids(call("iter_incidents", per_page=3, handler=service))
