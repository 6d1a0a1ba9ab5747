"""Iterating: lazily, page by page, whole, resumable, and each ticket once on request."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
import weakref
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from coc_incidents import (
    AsyncClient,
    Client,
    F,
    ListIncidentsRequestBody,
    errors,
)


class Service:
    """An honest service over numbered tickets; `requests` are the bodies that came."""

    def __init__(self, count: int) -> None:
        self.tickets = [{"ticket_id": f"IM{number:06}"} for number in range(count)]
        self.requests: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        import json

        body = json.loads(request.content)
        self.requests.append(body)
        number, size = body.get("page", 1), body.get("per_page", 10)
        data: dict[str, Any] = {
            "total": len(self.tickets),
            "tickets": self.tickets[(number - 1) * size : number * size],
        }
        if "count_filters" in body:
            data["count_results"] = [len(group["name"]) for group in body["count_filters"]]
        return httpx.Response(200, json={"error_code": "GOM.00000000", "data": data})

    def pages(self) -> list[int]:
        return [body["page"] for body in self.requests]


def ids(found: list[Any]) -> list[str]:
    return [ticket.ticket_id for ticket in found]


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 20, 25])
@pytest.mark.parametrize("prefetch", [False, True])
def test_every_ticket_comes_once_in_order(call: Any, count: int, prefetch: bool) -> None:
    """Whatever the number of tickets, all pages are read, and none more than needed."""
    service = Service(count)
    found = call("iter_incidents", per_page=10, prefetch=prefetch, handler=service)
    assert [ticket["ticket_id"] for ticket in service.tickets] == ids(found)
    assert list(range(1, max(1, -(-count // 10)) + 1)) == service.pages()


@pytest.fixture
def uncollected() -> Iterator[None]:
    """No collector: what is gone went with its last reader."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_page_is_let_go_before_the_next_is_asked_for(kind: Any) -> None:
    """When a page is asked for, neither tickets nor answer of the one before are in memory any more."""
    service, seen, kept = Service(50), list[Any](), list[object]()

    def handler(request: httpx.Request) -> httpx.Response:
        kept.extend(found for each in seen if (found := each()) is not None)
        response = service(request)
        seen.append(weakref.ref(response))
        return response

    def look_at(ticket: Any) -> None:
        if ticket.ticket_id.endswith("0"):
            seen.append(weakref.ref(ticket))

    async def on_a_loop(tickets: Any) -> None:
        async for ticket in tickets:
            look_at(ticket)

    found = kind("http://service.test", transport=httpx.MockTransport(handler)).iter_incidents(per_page=10)
    if kind is AsyncClient:
        asyncio.run(on_a_loop(found))
    else:
        for ticket in found:
            look_at(ticket)
    assert (5, 10, []) == (len(service.requests), len(seen), kept)


def test_the_largest_page_is_the_default(call: Any) -> None:
    """Without `per_page` the contract's largest page is asked for: the fewest requests."""
    service = Service(1)
    call("iter_incidents", handler=service)
    assert [{"page": 1, "per_page": 200}] == service.requests


def test_nothing_is_sent_before_the_first_ticket_is_asked_for() -> None:
    """Iterators are lazy: one page is requested when its first ticket is wanted, and no page ahead."""
    service = Service(25)
    with Client("http://service.test", transport=httpx.MockTransport(service)) as client:
        found = client.iter_incidents(per_page=10)
        assert [] == service.requests
        for _ in range(10):
            next(found)
        assert [1] == service.pages()
        next(found)
        assert [1, 2] == service.pages()
        found.close()


def test_prefetch_requests_one_page_ahead() -> None:
    """With `prefetch` the next page is on its way while this one is used, and never more than one."""
    service = Service(45)
    with Client("http://service.test", transport=httpx.MockTransport(service)) as client:
        pages = client.iter_incidents_pages(per_page=10, prefetch=True)
        next(pages)
        second = next(pages)
        assert 2 == second.number
        assert service.pages()[:2] == [1, 2]
        assert len(service.pages()) <= 3
        pages.close()


def test_leaving_an_iteration_early_leaves_nothing_running() -> None:
    """A `break` amid an asynchronous prefetch cancels the request ahead; nothing warns later."""

    async def main() -> None:
        async with AsyncClient("http://service.test", transport=httpx.MockTransport(Service(45))) as client:
            pages = client.iter_incidents_pages(per_page=10, prefetch=True)
            async for _ in pages:
                break
            await pages.aclose()

    asyncio.run(main())
    gc.collect()


@pytest.mark.parametrize(("most", "pages"), [(0, []), (1, [1]), (10, [1]), (11, [1, 2]), (100, [1, 2, 3])])
def test_max_items_bounds_the_tickets_and_the_requests(call: Any, most: int, pages: list[int]) -> None:
    """At most so many tickets come, and no page is requested that none of them is on."""
    service = Service(25)
    found = call("iter_incidents", per_page=10, max_items=most, handler=service)
    assert min(most, 25) == len(found)
    assert pages == service.pages()


def test_a_page_amid_the_list_needs_its_size(call: Any) -> None:
    """Where page 2 begins depends on the size of the pages, which `max_items` would change: it has to be given."""
    service = Service(300)
    with pytest.raises(errors.InvalidRequest, match=r"page 2 begins depends .* give per_page, as in per_page=200"):
        call("iter_incidents", page=2, max_items=100, handler=service)
    assert [] == service.requests
    for asked in ({"per_page": 100}, {"body": ListIncidentsRequestBody(per_page=100)}):
        found = call("iter_incidents", page=2, max_items=100, handler=service, **asked)
        assert ("IM000100", 100) == (found[0].ticket_id, len(found))
    assert 100 == len(call("iter_incidents", page=2, max_items=200, handler=service))


def test_pages_that_are_read_one_by_one_know_their_size(call: Any) -> None:
    """A page says how to go on after it: with what was asked for, or the contract's default; all at once has none."""
    for body, size in ({"per_page": 7}, 7), (ListIncidentsRequestBody(page=2, per_page=7), 7), (None, 10):
        assert size == call("list_incidents", body, handler=Service(25)).size
    assert 2 == call("list_incidents", {"page": 2}, handler=Service(25)).number
    assert call("list_incidents", ListIncidentsRequestBody(contain_all=True), handler=Service(5)).size is None


def test_an_iteration_resumes_at_a_page(call: Any) -> None:
    """Starting at page 2 yields what starting at page 1 yields after its first page."""
    found = call("iter_incidents", per_page=10, page=2, handler=Service(25))
    assert [f"IM{number:06}" for number in range(10, 25)] == ids(found)


@pytest.mark.parametrize(("unique", "expected"), [(False, 12), (True, 11)])
def test_tickets_that_come_twice_come_once_on_request(call: Any, unique: bool, expected: int) -> None:
    """A ticket added amid the iteration shifts another onto the next page; `unique` yields that one once."""
    service = Service(11)

    def moving(request: httpx.Request) -> httpx.Response:
        if len(service.requests) == 1:
            service.tickets.insert(0, {"ticket_id": "IM999999"})
        return service(request)

    found = call("iter_incidents", per_page=10, unique=unique, handler=moving)
    assert expected == len(found)
    assert {f"IM{number:06}" for number in range(11)} == set(ids(found))


def test_pages_know_their_number_and_total(call: Any) -> None:
    """Pages are sized, iterable, numbered from 1, and carry the whole answer with its bytes."""
    pages = call("iter_incidents_pages", per_page=10, handler=Service(25))
    assert [(1, 10, 25), (2, 10, 25), (3, 5, 25)] == [(page.number, len(page), page.total) for page in pages]
    assert [(10, 2), (10, 3), (10, 4)] == [(page.size, page.resume_at) for page in pages]
    assert b'"IM000000"' in pages[0].answer.raw
    assert "GOM.00000000" == pages[0].answer.value.error_code


def test_filters_sort_and_projection_go_into_every_request(call: Any) -> None:
    """Each page repeats the same query with its own number."""
    service = Service(25)
    call(
        "iter_incidents", F.title == "a", sort=F.create_time.desc(), fields=["ticket_id"], per_page=10, handler=service
    )
    rest = [{name: value for name, value in body.items() if name != "page"} for body in service.requests]
    assert [rest[0]] * 3 == rest
    assert {"string_filters", "sort_filter", "fields", "per_page"} == rest[0].keys()


def test_members_of_a_body_are_kept(call: Any) -> None:
    """Further members of the request travel with each page."""
    service = Service(25)
    body = ListIncidentsRequestBody(contain_sub_ticket=False, per_page=20, ticket_types=["incident"])
    call("iter_incidents", body=body, handler=service)
    assert {(False, 20)} == {(sent["contain_sub_ticket"], sent["per_page"]) for sent in service.requests}
    assert [1, 2] == service.pages()


def test_contain_all_is_one_request_and_must_be_whole(call: Any) -> None:
    """`contain_all` needs no pages; where the service answers fewer tickets than there are, that is told."""
    service = Service(8)
    body = ListIncidentsRequestBody(contain_all=True)
    assert 8 == len(call("iter_incidents", body=body, handler=service))
    assert [{"contain_all": True}] == service.requests
    with pytest.raises(errors.ItemsMissing, match="hold 10 of 11 items") as told:
        call("iter_incidents", body=body, handler=Service(11))
    assert 1 == told.value.missing


def test_items_that_nobody_asked_for_are_not_missed(call: Any) -> None:
    """Five items of an answer that lacks others are five items: what `max_items` leaves out is no loss."""
    body = ListIncidentsRequestBody(contain_all=True)
    assert 5 == len(call("iter_incidents", body=body, max_items=5, handler=Service(11)))


def test_counting_is_one_request(call: Any) -> None:
    """Named filters become one request for the smallest page; the numbers come back by name, in order."""
    service = Service(25)
    found = call(
        "count_incidents", handler=service, P1=F.level_id == "level_10", open=(F.title != "x") & (F.phase == "y")
    )
    assert {"P1": 2, "open": 4} == found
    assert [1] == [len(service.requests)]
    assert [1, 2] == [len(group["filters"]) for group in service.requests[0]["count_filters"]]
    assert 1 == service.requests[0]["per_page"]


def test_counts_that_do_not_match_are_told(call: Any) -> None:
    """An answer with another number of counts than asked for would put them under wrong names."""

    def short(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"error_code": "0", "data": {"count_results": [1]}})

    with pytest.raises(errors.WrongShape, match="2 counts were asked for, 1 came"):
        call("count_incidents", handler=short, a=F.title == "a", b=F.title == "b")


def test_more_counts_than_the_contract_allows_are_refused(call: Any) -> None:
    """Eleven groups break the bound of `count_filters`, before anything is sent."""
    with pytest.raises(errors.InvalidRequest, match="at most 10 items"):
        call("count_incidents", handler=Service(0), **{f"n{number}": F.title == "a" for number in range(11)})


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"max_items": "5"}, "max_items is '5'; it must be an integer"),
        ({"max_items": True}, "max_items is True"),
        ({"fields": "title"}, "fields is one text; it must be a list"),
        ({"sort": "title"}, "'title' is no sort"),
        ({"where": "title = x"}, "'title = x' is no filter"),
        ({"page": 0}, "page is 0; it must be an integer from 1"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(call: Any, asked: dict[str, Any], says: str) -> None:
    """A mistake in an iteration is told with the argument's name, before anything is sent."""
    service = Service(1)
    with pytest.raises(errors.InvalidRequest, match=says):
        call("iter_incidents", handler=service, **asked)
    assert [] == service.requests


def test_filters_nested_too_deep_are_refused(call: Any) -> None:
    """What Python cannot walk is a refused request, not a crash."""
    where: Any = F.title == "a"
    for number in range(3_000):
        where = (where | (F.title == "b")) if number % 2 else (where & (F.title == "c"))
    with pytest.raises(errors.InvalidRequest, match="nested too deep"):
        call("iter_incidents", where, handler=Service(1))


def test_unique_needs_the_key(call: Any) -> None:
    """Without the key among the projected properties no ticket can be told from another."""
    with pytest.raises(errors.InvalidRequest, match="unique needs ticket_id"):
        call("iter_incidents", unique=True, fields=["title"], handler=Service(1))


def test_equal_looking_pages_without_the_key_are_no_repetition(call: Any) -> None:
    """Projected to a property that tickets share, two pages are equal and both right."""

    def same(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, json={"error_code": "0", "data": {"total": 20, "tickets": [{"level_id": "level_10"}] * 10}}
        )

    assert 20 == len(call("iter_incidents", fields=["level_id"], per_page=10, handler=same))


def test_memory_is_flat_as_the_number_of_tickets_grows() -> None:
    """Nine thousand tickets more raise the peak by less than 64 KiB; kept, they would take megabytes."""

    def peak(count: int) -> int:
        service = Service(count)
        service.requests = _Forgetful()
        with Client("http://service.test", transport=httpx.MockTransport(service)) as client:
            gc.collect()
            gc.freeze()
            tracemalloc.start()
            for _ in client.iter_incidents_pages(per_page=50):
                gc.collect()  # else the peak shows when the collector happened to run
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            gc.unfreeze()
        return found

    peak(1_000)
    assert peak(10_000) - peak(1_000) < 64 * 1024


class _Forgetful(list[dict[str, Any]]):
    def append(self, item: dict[str, Any]) -> None:
        """Keep nothing."""
