"""Bodies of requests: what a caller gives, and what is asked for beside it, arrive together and whole."""

from __future__ import annotations

import json
from typing import Any

import attrs
import httpx
import msgspec
import pytest
from coc_incidents import (
    CountFilterV2,
    F,
    ListIncidentsRequestBody,
    ObjectFilterV2,
    errors,
    operations,
)
from coc_incidents.runtime.bodies import Wanted, request_body
from coc_incidents.runtime.counting import counts_body
from coc_incidents.runtime.paging import Pager
from msgspec import UNSET, UnsetType


class Sent:
    """A service without tickets, which counts up to seven; `bodies` are those that came."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.bodies.append(body)
        data = {"total": 0, "tickets": [], "count_results": [7] * len(body.get("count_filters", []))}
        return httpx.Response(200, json={"error_code": "0", "data": data})


def test_unknown_members_of_a_dict_are_sent(call: Any) -> None:
    """The contract does not forbid members that it does not know: a dict keeps them, however it is sent."""
    sent, body = Sent(), {"per_page": 5, "unknown": 1}
    call("list_incidents", body, handler=sent)
    call("iter_incidents", body=body, handler=sent)
    call("iter_incidents", F.title == "a", body=body, handler=sent)
    call("count_incidents", body=body, a=F.title == "a", handler=sent)
    assert [(1, 5), (1, 5), (1, 5), (1, 1)] == [(each["unknown"], each["per_page"]) for each in sent.bodies]
    assert {"per_page": 5, "unknown": 1} == body
    with pytest.raises(errors.InvalidRequest, match="per_page is '5'; it must be an integer from 1 to 200"):
        call("iter_incidents", body={"per_page": "5"}, handler=sent)


@pytest.mark.parametrize("as_dict", [False, True])
@pytest.mark.parametrize(
    ("given", "asked", "name"),
    [
        (
            {"string_filters": [ObjectFilterV2(field="title", operator="=", values=["a"])]},
            {"where": F.title == "b"},
            "string_filters",
        ),
        ({"per_page": 50}, {"per_page": 20}, "per_page"),
        ({"page": 2}, {"page": 3}, "page"),
        ({"fields": ["title"]}, {"fields": ["title"]}, "fields"),
    ],
)
def test_a_member_given_twice_is_refused(
    call: Any, given: dict[str, Any], asked: dict[str, Any], name: str, as_dict: bool
) -> None:
    """What is in the body, and asked for beside it, would silently lose one of the two."""
    body = given if as_dict else ListIncidentsRequestBody(**given)
    with pytest.raises(errors.InvalidRequest, match=f"{name} is in the body, and asked for beside it") as told:
        call("iter_incidents", body=body, handler=Sent(), **asked)
    assert name == told.value.member


def test_counts_have_any_name(call: Any) -> None:
    """A mapping takes names that no argument can have, and those of other arguments; each name stands once."""
    sent, where = Sent(), F.title == "a"
    names = {"level 10": where, "timeout": where, "body": where}
    assert dict.fromkeys([*names, "more"], 7) == call("count_incidents", names, more=where, timeout=5, handler=sent)
    with pytest.raises(errors.InvalidRequest, match="the count 'more' is asked for twice"):
        call("count_incidents", {"more": where}, more=where, handler=sent)
    with pytest.raises(errors.InvalidRequest, match="the counts are a Filter; give each a name"):
        call("count_incidents", where, handler=sent)


@attrs.define(kw_only=True)
class Strict:
    """A body with required members; those that no argument makes come from the caller."""

    locale: str
    page: int
    per_page: int
    count_filters: list[CountFilterV2] | UnsetType = UNSET
    fields: list[str] | UnsetType = UNSET


STRICT = msgspec.structs.replace(operations.LIST_INCIDENTS, body_type=Strict)


def test_a_missing_member_is_named() -> None:
    """What the contract requires and nobody gave is told by name, for an iteration as for a count."""
    with pytest.raises(errors.InvalidRequest, match=r"locale is required.*body=Strict\(locale=…\)") as told:
        request_body(STRICT, Wanted())
    assert "locale" == told.value.member
    with pytest.raises(errors.InvalidRequest, match="locale is required"):
        counts_body(STRICT, {"a": F.title == "a"})


def test_a_body_goes_along_with_an_iteration_and_a_count() -> None:
    """Its members are sent, its page is where the iteration begins; a count asks for the smallest page."""
    body = Strict(locale="en", page=7, per_page=9)
    assert ("en", 7, 9) == attrs.astuple(Pager(STRICT, Wanted(body=body)).next_body())[:3]
    counting = counts_body(STRICT, {"a": F.title == "a"}, body)
    assert ("en", 7, 1, ["ticket_id"]) == (counting.locale, counting.page, counting.per_page, counting.fields)


def test_a_required_page_needs_no_body() -> None:
    """Where page and size are all that is required, an iteration makes them itself."""

    @attrs.define(kw_only=True)
    class Paged:
        page: int
        per_page: int

    operation = msgspec.structs.replace(operations.LIST_INCIDENTS, body_type=Paged)
    assert Paged(page=3, per_page=200) == Pager(operation, Wanted(page=3)).next_body()
