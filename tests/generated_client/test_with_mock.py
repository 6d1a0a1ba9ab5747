"""The client and the mock, two readings of one contract, agree."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from coc_incidents import AsyncClient, Client, F, ListIncidentsRequestBody, TokenAuth, errors

EXAMPLES = Path(__file__).resolve().parents[2] / "spec" / "source" / "examples"
REQUEST = json.loads((EXAMPLES / "request.json").read_text(encoding="utf-8"))


@pytest.fixture
def client(mock: str) -> dict[str, Any]:
    return {"base_url": mock, "auth": TokenAuth("any")}


def test_the_pages_own_request_returns_tickets_that_satisfy_it(call: Any, client: dict[str, Any]) -> None:
    """The page's example, sent as it is, brings typed tickets of its first branch or its second."""
    found = call("list_incidents", ListIncidentsRequestBody.from_dict(REQUEST), client=client)
    filters = {each["name"]: each for each in REQUEST["string_filters"]}

    def holds(ticket: Any, name: str) -> bool:
        return getattr(ticket, filters[name]["field"]) in filters[name]["values"]

    assert found.items
    for ticket in found:
        first = holds(ticket, "work_flow_status_default") and holds(ticket, "assignee_default")
        assert first or holds(ticket, "work_flow_status_approve")
    times = [ticket.create_time for ticket in found]
    assert sorted(times, reverse=True) == times


def test_iterating_counting_and_the_total_agree(call: Any, client: dict[str, Any]) -> None:
    """Pages, counts and totals tell the same number, and every ticket satisfies the filter."""
    urgent = F.level_id.in_("level_10", "level_20")
    found = call("iter_incidents", urgent, per_page=7, unique=True, client=client)
    assert found
    assert {"level_10", "level_20"} == {ticket.level_id for ticket in found}
    assert {"urgent": len(found), "none": 0} == call(
        "count_incidents", urgent=urgent, none=F.level_id == "no such level", client=client
    )
    assert len(found) == call("iter_incidents_pages", urgent, max_items=1, client=client)[0].total


@pytest.mark.parametrize("prefetch", [False, True])
def test_a_condition_selects_what_it_says(call: Any, client: dict[str, Any], prefetch: bool) -> None:
    """An expression with `&`, `|` and `~` selects on the mock the tickets that it selects in Python."""
    everything = call("iter_incidents", client=client)
    where = (F.level_id == "level_10") & ~(F.source_id == "incident_source_alarm") | F.title.contains("disk")
    expected = {
        ticket.ticket_id
        for ticket in everything
        if (ticket.level_id == "level_10" and ticket.source_id != "incident_source_alarm")
        or "disk" in (ticket.title or "")
    }
    found = call("iter_incidents", where, per_page=50, prefetch=prefetch, client=client)
    assert 0 < len(expected) < len(everything)
    assert expected == {ticket.ticket_id for ticket in found}


def test_a_field_that_no_ticket_has_is_refused_by_the_service(call: Any, client: dict[str, Any]) -> None:
    """What only the service can know comes back as its own error, typed."""
    with pytest.raises(errors.BadRequest) as caught:
        call("iter_incidents", F["no such key"] == "x", client=client)
    assert "GOM.00007256" == caught.value.error_code


def test_threads_share_one_client(mock: str) -> None:
    """Eight threads page through all tickets with one client at once; each sees every ticket, in order."""
    with Client(mock, TokenAuth("any")) as client, ThreadPoolExecutor(8) as threads:

        def all_ids(size: int) -> list[str | None]:
            found = client.iter_incidents(sort=F.ticket_id.asc(), per_page=size, prefetch=size % 2 == 0)
            return [ticket.ticket_id for ticket in found]

        found = list(threads.map(all_ids, [37, 50, 61, 74, 37, 50, 61, 74]))
    assert 300 == len(set(found[0]))
    assert [found[0]] * 8 == found


def test_tasks_share_one_client(mock: str) -> None:
    """The same under asyncio; a call that is cancelled leaves the client in order."""

    async def main() -> list[list[str | None]]:
        async with AsyncClient(mock, TokenAuth("any")) as client:

            async def all_ids(size: int) -> list[str | None]:
                found = client.iter_incidents(sort=F.ticket_id.asc(), per_page=size, prefetch=size % 2 == 0)
                return [ticket.ticket_id async for ticket in found]

            given_up = asyncio.create_task(all_ids(1))
            found = await asyncio.gather(*(all_ids(size) for size in (37, 50, 61, 74)))
            given_up.cancel()
            return [*found, await all_ids(150)]

    found = asyncio.run(main())
    assert 300 == len(set(found[0]))
    assert [found[0]] * 5 == found
