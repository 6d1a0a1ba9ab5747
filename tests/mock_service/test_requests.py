"""What the mock refuses, and how: always a documented shape, never a 500."""

from __future__ import annotations

import gzip
import json

import jsonschema_rs
import pytest

from mock_service.faults import Fault


def refused(reply, place: str) -> None:
    """The page's error body, naming the place."""
    assert reply.status == 400
    assert {**reply.json, "error_msg": ""} == {
        "error_code": "GOM.00007256",
        "error_msg": "",
        "provider_code": "049",
        "data": None,
    }
    assert place in reply.json["error_msg"]
    assert len(reply.json["error_msg"]) <= 256


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"page": 0}, "/page"),
        ({"page": 1_000_001}, "/page"),
        ({"page": True}, "/page"),
        ({"page": "1"}, "/page"),
        ({"page": 1.5}, "/page"),
        ({"page": None}, "/page"),
        ({"page": 10**300}, "/page"),
        ({"per_page": 201}, "/per_page"),
        ({"contain_all": 1}, "/contain_all"),
        ({"condition": ""}, "/condition"),
        ({"condition": "x" * 10_001}, "/condition"),
        ({"string_filters": [{"field": "title", "operator": "~", "values": ["x"]}]}, "/string_filters/0/operator"),
        ({"string_filters": [{"field": "title", "operator": "=", "values": []}]}, "/string_filters/0/values"),
        ({"string_filters": [{"field": "title", "operator": "="}]}, "/string_filters/0"),
        ({"string_filters": [{"field": "nope", "operator": "=", "values": ["x"]}]}, "/string_filters/0/field"),
        ({"int_filters": [{"field": "nope", "operator": "=", "values": ["x"]}]}, "/int_filters/0/field"),
        (
            {"count_filters": [{"filters": [{"field": "no", "operator": "=", "values": ["x"]}]}]},
            "/count_filters/0/filters/0/field",
        ),
        ({"sort_filter": {"field": "nope", "operator": "desc", "values": ["x"]}}, "/sort_filter/field"),
        ({"group_by_filter": {"field": "nope", "operator": "=", "values": ["x"]}}, "/group_by_filter/field"),
        ({"fields": ["ticket_id", "nope"]}, "/fields/1"),
        ({"fields": ["ticket_id"] * 101}, "/fields"),
        ({"condition": "a"}, "/condition"),
        ([], "the body"),
        (None, "the body"),
        ("text", "the body"),
    ],
)
def test_a_breach_names_its_place(mock, body, place):
    """A request that breaks the contract is answered 400 with the page's error body and the place of the breach."""
    refused(mock.send(json.dumps(body).encode()), place)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"{]",
        b"\xff",
        b'"\\ud800"',
        b"NaN",
        b'{"page": 1e400}',
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b"{}{}",
        b'{"page": 01}',
        b"\0",
    ],
)
def test_a_body_that_is_no_json_is_refused(mock, content):
    """Malformed JSON, broken UTF-8, lone surrogates and deep nesting are answered 400."""
    refused(mock.send(content), "the body")


@pytest.mark.parametrize("depth", [63, 64, 65, 250, 260, 400, 700, 900, 960, 985, 1500, 100_000])
@pytest.mark.parametrize("around", [b"%b", b'{"page": %b}', b'{"page": 0, "else": %b}', b'{"else": %b}'])
def test_no_depth_is_too_deep(mock, depth, around):
    """However far the decoder, the validator and the words for it get, it is answered; a wrong page is refused."""
    for begin, end in ((b"[", b"]"), (b'{"a":', b"}")):
        reply = mock.send(around % (begin * depth + b"1" + end * depth))
        assert reply.status in ((400,) if b"page" in around else (200, 400)), reply


def test_what_is_compressed_is_told(mock):
    """The gateway takes no Content-Encoding; the answer says what the matter is."""
    refused(
        mock.send(gzip.compress(b"{}"), content_encoding="gzip"), "the body is compressed with gzip; send it as it is"
    )


def test_numbers_follow_json_schema(mock):
    """An integer may be written with a zero fraction, as JSON Schema has it."""
    assert mock.send(b'{"page": 2.0, "per_page": 1e0}').tickets == mock(page=2, per_page=1).tickets


def test_the_last_of_duplicate_members_counts(mock):
    """Of two members of one name the last counts, as in most JSON readers."""
    assert mock.send(b'{"per_page": 500, "per_page": 3}').tickets == mock(per_page=3).tickets


@pytest.mark.parametrize(
    "media",
    ["text/plain", "application/xml", "application/jsonx", "application/json; charset=utf-16", "multipart/form-data"],
)
def test_another_media_type_is_refused(mock, media):
    """A body of another media type, or in another charset, is answered 400."""
    refused(mock.send(b"{}", content_type=media), "Content-Type" if "charset" not in media else "charset")


@pytest.mark.parametrize(
    "media",
    [
        "application/json",
        "application/json;charset=utf-8",
        'APPLICATION/JSON; Charset="UTF-8"',
        "application/json; version=1",
        "application/json; charset=utf8; x=y",
        "",
    ],
)
def test_json_is_accepted_however_it_is_named(mock, media):
    """Letter case and the charset UTF-8 make no difference, nor does a missing media type."""
    assert mock.send(b'{"per_page": 1}', content_type=media).status == 200


def test_no_body_asks_for_everything(mock):
    """An absent body means `{}`."""
    assert mock.send(b"").json == mock().json


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", None),
        ("PUT", None),
        ("HEAD", None),
        ("POST", "/v2/incidents/list/"),
        ("POST", "/"),
        ("POST", "/v2/Incidents/list"),
        ("POST", "/v2/incidents%2flist"),
        ("POST", "/v2//incidents/list"),
    ],
)
def test_the_gateway_knows_one_path_and_one_method(mock, method, path):
    """Another method, like another path, is answered 404 with the gateway's body."""
    reply = mock.send(b"{}", method=method, path=path)
    assert reply.status == 404
    assert reply.json["error_code"] == "APIGW.0101"
    assert reply.headers["x-request-id"] == reply.json["request_id"]


@pytest.mark.parametrize("path", ["/v2/incidents/%6cist", "/%76%32/incidents/list"])
def test_a_path_is_the_same_however_it_is_written(mock, path):
    """Letters may be percent-encoded; only a slash that is encoded is part of its segment."""
    assert mock.send(b"{}", path=path).json == mock().json


def test_a_body_over_the_limit_is_413(mock, spec):
    """A body of one byte more than the contract's limit is answered 413; the limit itself is judged as JSON."""
    assert mock.send(b" " * (spec.body_limit + 1)).json["error_code"] == "APIGW.0201"
    assert mock.send(b" " * (spec.body_limit + 1)).status == 413
    assert mock.send(b" " * spec.body_limit).status == 400
    assert mock.send(b"", content_length=str(spec.body_limit + 1)).status == 413


def test_unknown_members_are_ignored(mock):
    """A member that the contract does not know changes nothing."""
    assert mock(per_page=2, something="else").tickets == mock(per_page=2).tickets


def test_the_largest_request_is_answered(mock):
    """Every bound at its last valid value at once: 20 filters of 1,024 values of both kinds, 100 in the counts."""
    each = {"field": "title", "operator": "!=", "values": [f"{i}" for i in range(1024)]}
    likes = {"field": "title", "operator": "like", "values": ["x" * 20] * 1024}
    body = {
        "string_filters": [{**each, "name": f"n{i}"} for i in range(20)],
        "int_filters": [each] * 20,
        "count_filters": [{"filters": [each] * 9 + [likes]}] * 10,
        "condition": "&".join(f"n{i}" for i in range(20)),
        "fields": ["ticket_id"] * 100,
        "per_page": 200,
        "page": 1,
    }
    reply = mock(**body)
    assert len(reply.tickets) == 200
    assert reply.json["data"]["count_results"] == [0] * 10


def test_an_answer_conforms_to_the_contract(mock, spec):
    """Each of the 2,000 tickets satisfies the item schema as the contract states it."""
    validator = jsonschema_rs.Draft202012Validator(spec.operations[0].item)
    tickets = [ticket for page in range(1, 11) for ticket in mock(page=page, per_page=200).tickets]
    assert len({ticket["ticket_id"] for ticket in tickets}) == 2000
    assert [error.message for ticket in tickets for error in validator.iter_errors(ticket)] == []


def test_nothing_happens_before_its_ticket_was_made(mock):
    """Who rehearses durations wants none below zero."""
    tickets = [ticket for page in range(1, 11) for ticket in mock(page=page, per_page=200).tickets]
    early = [each for each in tickets if int(each.get("update_time") or each["create_time"]) < int(each["create_time"])]
    assert early == []


@pytest.mark.parametrize("total", [True, False])
@pytest.mark.parametrize("level", [[], [{"field": "level_id", "operator": "in", "values": ["level_10", "level_20"]}]])
def test_the_last_page_of_all_is_empty(mock, total, level):
    """However far a page is, an answer comes: no tickets, and the right total."""
    far = {"page": 1_000_000, "per_page": 200, "contain_total": total, "string_filters": level}
    near = mock(contain_total=total, string_filters=level).json["data"]
    assert mock(**far).json["data"] == {**near, "tickets": []}
    by_title = {"field": "title", "operator": "asc", "values": ["x"]}
    assert mock(**far, sort_filter=by_title).json["data"] == {**near, "tickets": []}


@pytest.mark.parametrize("sort", [{}, {"sort_filter": {"field": "create_time", "operator": "desc", "values": ["x"]}}])
def test_a_group_by_what_is_sorted_by_turns_nothing_round(mock, sort):
    """Tickets of one value stand together by the sort; grouping them must not bring the oldest first."""
    group = {"field": "create_time", "operator": "=", "values": ["x"]}
    assert mock(group_by_filter=group, **sort).tickets == mock(**sort).tickets != []


def test_what_should_not_happen_is_answered_all_the_same(make_client, capfd):
    """A defect of the mock's own is told on stderr with its trace; the caller gets the contract's 500."""

    def plant(service):
        service.selection = lambda body, parameters: 1 // 0

    reply = make_client(fault=Fault("broken", "tests", "", plant))()
    assert (reply.status, reply.json["error_code"]) == (500, "APIGW.0601")
    said = capfd.readouterr().err
    assert said.startswith("mock_service: this should not happen, please report it:\nTraceback")
    assert "ZeroDivisionError" in said
