"""What a user gets wrong is one sentence before anything is sent; what a user may do with a client works."""

from __future__ import annotations

import asyncio
import copy
import multiprocessing
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import certifi
import httpx
import pytest
from coc_incidents import AsyncClient, Client, F, errors
from coc_incidents.models import ListIncidentsRequestBody
from coc_incidents.runtime import filters, parameters
from coc_incidents.runtime.validation import encoded


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"base_url": "http://a.test:70000"}, "base_url is .*; it must be an address"),
        ({"base_url": "http://a.test#part"}, "base_url must hold neither credentials nor a query"),
        ({"base_url": f"http://{'a' * 70}.test"}, "base_url is no address"),
        ({"base_url": None}, "base_url is no address"),
        ({"hook": "print"}, "hook is a str; it must be a function that takes an Event"),
        ({"auth": "AK:SK"}, "auth is a str; it must be AkSkAuth, TokenAuth or another httpx.Auth"),
        ({"patience": 3}, r"patience is a int; it must be Patience\(…\)"),
        ({"transport": "http"}, "transport is a str; it must be an httpx.BaseTransport"),
        ({"verify": "/no/such/file"}, "verify is '/no/such/file'; it must be True, a file or a folder"),
        ({"verify": 3.5}, r"verify is 3\.5; it must be True, a file or a folder"),
    ],
)
def test_a_wrong_option_of_a_client_is_named(options: dict[str, Any], sentence: str) -> None:
    """The error names the option and what would be right, and shows no secret."""
    with pytest.raises(errors.InvalidRequest, match=sentence) as told:
        Client(**{"base_url": "http://a.test", **options})
    assert "SK" not in str(told.value).replace("AkSkAuth", "")


def test_certificates_come_from_a_file_or_a_folder() -> None:
    """`verify` takes a path, as httpx does, and the context that it makes."""
    for path in (certifi.where(), Path(certifi.where()), Path(certifi.where()).parent):
        with Client(base_url="https://a.test", verify=path) as client:
            assert "https://a.test" in repr(client)


def test_a_proxy_that_is_none_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that httpx cannot read is our error, and names the variables to look at."""
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy.test")
    with pytest.raises(errors.InvalidRequest, match=r"does not allow a connection.*HTTPS_PROXY"):
        Client(base_url="https://a.test")


@pytest.mark.parametrize("act", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_client_is_not_copied(act: Callable[[object], object]) -> None:
    """Copies would share connections, and a pickle would carry credentials."""
    with Client(base_url="http://a.test") as client, pytest.raises(TypeError, match="cannot be copied; make one"):
        act(client)


def test_an_error_survives_the_way_to_another_process() -> None:
    """Type, sentence and attributes are the same after pickling."""
    with pytest.raises(errors.InvalidRequest) as told:
        encoded(ListIncidentsRequestBody(page=0), ListIncidentsRequestBody)
    found = pickle.loads(pickle.dumps(told.value))
    assert (type(told.value), str(told.value), "page") == (type(found), str(found), found.member)


def answers(_: httpx.Request) -> httpx.Response:
    """An empty page."""
    return httpx.Response(200, json={"error_code": None, "data": {"data": [], "total": 0}})


def test_an_async_client_serves_one_event_loop_after_another() -> None:
    """Connections die with their loop; a second `asyncio.run` gets new ones."""
    client = AsyncClient(base_url="http://a.test", transport=httpx.MockTransport(answers))

    async def ask() -> object:
        await client.list_incidents()
        return client._http

    assert asyncio.run(ask()) is not asyncio.run(ask())


def test_an_async_client_in_use_on_another_loop_says_so() -> None:
    """Two living loops cannot share connections."""
    client = AsyncClient(base_url="http://a.test", transport=httpx.MockTransport(answers))
    first = asyncio.new_event_loop()
    first.run_until_complete(client.list_incidents())
    with pytest.raises(errors.InvalidRequest, match="in use on another event loop; make one for each"):
        asyncio.run(client.list_incidents())
    first.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform cannot fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_has_connections_of_its_own(mock: str) -> None:
    """On its parent's connections both would read each other's answers."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    with Client(base_url=mock) as client:
        client.list_incidents()
        before = id(client._http)

        def ask() -> None:
            client.list_incidents()
            theirs.send(id(client._http))

        child = context.Process(target=ask)
        child.start()
        child.join(30)
        client.list_incidents()
        assert (0, before) == (child.exitcode, id(client._http))
        assert before != ours.recv()


def test_an_operation_is_one_of_the_module() -> None:
    """`call` names where operations are found."""
    with Client(base_url="http://a.test") as client:
        with pytest.raises(errors.InvalidRequest, match="operation is a str; it must be one of the module operations"):
            client.call("list_incidents", None)  # type: ignore[arg-type]
        with pytest.raises(
            errors.InvalidRequest, match=r"the request body is .*; it must be a ListIncidentsRequestBody"
        ):
            client.list_incidents(["page"])  # type: ignore[arg-type]


def test_a_count_of_nothing_is_refused() -> None:
    """A request without counts would be answered with none, and look like a mistake of the service."""
    with Client(base_url="http://a.test") as client, pytest.raises(errors.InvalidRequest, match="nothing to count"):
        client.count_incidents()


@pytest.mark.parametrize("most", [-1, True, "3"])
def test_the_most_items_are_a_number(most: Any) -> None:
    """`max_items` counts: nothing below zero, no truth value, no text."""
    wrong = pytest.raises(errors.InvalidRequest, match=r"max_items is .*; it must be an integer of at least 0")
    with Client(base_url="http://a.test") as client, wrong:
        next(client.iter_incidents(max_items=most))


def test_comparisons_want_parentheses() -> None:
    """`F.a == x & F.b == y` is something else to Python, and is refused by a sentence on parentheses."""
    with pytest.raises(TypeError, match="parentheses"):
        F.level_id == "level_10" & F.title == "x"  # type: ignore[operator]  # noqa: B015
    with pytest.raises(AttributeError, match="level_id cannot be set; == compares it"):
        F.level_id = "level_10"  # type: ignore[assignment]
    with pytest.raises(errors.InvalidFilter, match="3 is no key to filter by"):
        F[3]  # type: ignore[index]


def test_thousands_of_alternatives_stay_quick_and_distinct() -> None:
    """Equal filters are one, and names are found without looking at all others again and again."""
    joined = filters._joined("|", *(F.title == str(number % 2000) for number in range(4000)))
    assert isinstance(joined, filters.Joined)
    assert 2000 == len(joined.parts)


@pytest.mark.parametrize("value", ["a\r\nX-Other: b", "caf\u00e9", "\x00"])
def test_a_header_holds_printable_ascii(value: str) -> None:
    """A header of another kind would be refused deep in the connection, or become two."""
    with pytest.raises(errors.InvalidRequest, match=r"X-Mine is .*; a header holds printable ASCII alone"):
        parameters.headed({}, {"X-Mine": value})


def test_a_header_has_a_name() -> None:
    """What cannot be a name of a header is told before anything is sent."""
    with pytest.raises(errors.InvalidRequest, match="'X Mine' is no name of a header"):
        parameters.headed({}, {"X Mine": "a"})
