"""What a user gets wrong is one sentence before anything is sent; what a user may do with a client works."""

from __future__ import annotations

import copy
import functools
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import certifi
import httpx
import pytest
from coc_incidents import AsyncClient, Client, F, Patience, errors, operations
from coc_incidents.models import ListIncidentsRequestBody
from coc_incidents.runtime import filters, parameters
from coc_incidents.runtime.validation import encoded


async def asynchronous(_: object) -> None:
    """Needs somebody who awaits it."""


class Asynchronous:
    async def __call__(self, _: object) -> None:
        """Needs somebody, too."""


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
        ({"patience": Patience(), "timeout": 5}, r"timeout is given beside patience; say it once, as in Patience\(tim"),
        ({"patience": Patience(), "max_retries": 0}, "max_retries is given beside patience"),
        ({"base_url": "http://a.test "}, "base_url is 'http://a.test '; it must be an address"),
        ({"hook": asynchronous}, "hook is asynchronous, and would never run; a blocking client takes a plain function"),
        ({"hook": functools.partial(asynchronous)}, "hook is asynchronous"),
        ({"hook": Asynchronous()}, "hook is asynchronous"),
        ({"proxy": "http://me:SK/x@proxy.test"}, "proxy is no address of a proxy, such as http://proxy"),
        ({"proxy": 3128}, "proxy is a int; it must be an address such as http://proxy"),
        ({"proxy": "http://proxy.test", "transport": httpx.HTTPTransport()}, "proxy is given beside transport"),
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
    """An environment that httpx cannot read is our error: it names the variable, and does not show what is in it."""
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test")
    for value in ("gopher://s3cret.test", "http://me:s3cret/x@proxy.test:80"):
        monkeypatch.setenv("HTTPS_PROXY", value)
        with pytest.raises(errors.InvalidRequest, match="a connection: HTTPS_PROXY must be the address of a") as told:
            Client(base_url="https://a.test")
        assert "s3cret" not in "".join(traceback.format_exception(told.value))
    monkeypatch.delenv("HTTPS_PROXY")
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such/file")
    with pytest.raises(errors.InvalidRequest, match="SSL_CERT_FILE must name certificates"):
        Client(base_url="https://a.test")


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_proxy_is_the_one_that_is_given(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`proxy` stands in for the environment's; without `trust_env` none of these is looked at."""

    def through(**options: Any) -> str:
        transport = kind(base_url="https://a.test", **options)._connections._transport
        proxy = getattr(transport._pool, "_proxy_url", None)
        return proxy.host.decode() if proxy else "straight"

    monkeypatch.setenv("HTTPS_PROXY", "http://theirs.test")
    assert ["theirs.test", "ours.test", "ours.test", "straight"] == [
        through(),
        through(proxy="http://ours.test:3128"),
        through(proxy=httpx.Proxy("http://ours.test"), trust_env=False),
        through(trust_env=False),
    ]


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


@pytest.mark.parametrize("name", ["X-Auth-Token", "Authorization", "X-Api-Key", "cookie"])
@pytest.mark.parametrize("value", ["s3cret\n", ["s3cret", object()], {"s3cret": 1}])
def test_what_may_be_a_secret_is_not_shown(name: str, value: Any) -> None:
    """An error on such a header holds neither its value nor a part of it."""
    wrong = parameters.Parameter(name, "header", str)
    with pytest.raises(errors.InvalidRequest, match=name) as told:
        parameters.headed({name: wrong}, {name: value})
    assert "s3cret" not in repr(vars(told.value)) + "".join(traceback.format_exception(told.value))


def test_a_header_has_a_name() -> None:
    """What cannot be a name of a header is told before anything is sent; what the connection writes, too."""
    with pytest.raises(errors.InvalidRequest, match="'X Mine' is no name of a header"):
        parameters.headed({}, {"X Mine": "a"})
    for name in ("Content-Length", "transfer-encoding"):
        with pytest.raises(errors.InvalidRequest, match=f"{name} is what the connection makes of the body"):
            parameters.headed({}, {name: "5"})


def test_a_header_comes_once(call: Any) -> None:
    """A header of the caller stands in for the client's own, however it is spelled."""
    sent: list[httpx.Headers] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers)
        return httpx.Response(200, json={"error_code": "0", "data": {}})

    mine = {"content-type": "application/json; charset=utf-8", "user-agent": "mine", "X-Mine": "a"}
    call("call", operations.LIST_INCIDENTS, headers=mine, handler=handler)
    assert [[value] for value in mine.values()] == [sent[0].get_list(name) for name in mine]
