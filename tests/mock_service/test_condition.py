"""The language of `condition`."""

from __future__ import annotations

import pytest

from mock_service.condition import Unreadable, fold, parse


@pytest.mark.parametrize(
    ("text", "postfix"),
    [
        ("a", "a"),
        ("a&b|c", "a b & c |"),
        ("a|b&c", "a b c & |"),
        ("(a|b)&c", "a b | c &"),
        ("((a))", "a"),
        (" a\t& \n b ", "a b &"),
        ("a|b|c", "a b | c |"),
        ("中文 & 🔥", "中文 🔥 &"),
    ],
)
def test_and_binds_tighter_than_or(text, postfix):
    """`&` before `|`, parentheses before both."""
    assert parse(text) == postfix.split()


def test_a_name_may_hold_spaces():
    """A name is the longest run of other characters, without the white space around it."""
    assert parse("( my filter &b )") == ["my filter", "b", "&"]


@pytest.mark.parametrize(
    "text", ["", " ", "&", "a&", "|a", "a b) ", "(a", ")", "()", "a(b)", "(a)(b)", "a&&b", "(a))", "a & ()"]
)
def test_what_does_not_parse_is_refused(text):
    """A condition with a hole, a stray operator or a stray parenthesis is refused, in words."""
    with pytest.raises(Unreadable, match=r"must stand|closes nothing|never closed"):
        parse(text)


def test_depth_is_no_hazard():
    """As many parentheses as fit in 10,000 characters."""
    assert parse("(" * 4999 + "aa" + ")" * 4999) == ["aa"]
    assert fold(parse("a&(b|" * 1999 + "a" + ")" * 1999), {"a": True, "b": False}.get, min, max) is True


def test_a_condition_of_any_size_is_answered(mock):
    """10,000 characters of operands or of nesting select what their short form selects."""
    filters = [
        {"name": "a", "field": "level_id", "operator": "=", "values": ["level_10"]},
        {"name": "b", "field": "title", "operator": "like", "values": ["%"]},
    ]
    short = mock(string_filters=filters, condition="a&b").json
    assert 0 < short["data"]["total"] < 400
    assert mock(string_filters=filters, condition="a&b|" * 2499 + "a&b").json == short
    assert mock(string_filters=filters, condition="a&(b|(" * 1111 + "a&b" + "))" * 1111).json == short
    assert mock(string_filters=filters, condition="(a&b)|(a&(" * 600 + "b" + "))" * 600).json == short
    assert mock(string_filters=filters, condition="(" * 4999 + "b" + ")" * 4999).status == 200
