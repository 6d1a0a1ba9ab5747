"""How SQLite searches among many items: each way of doing it finds the same."""

from __future__ import annotations

import sqlite3

import pytest

from mock_service import dataset, search, sql
from mock_service.store import Store

LIMITS = ("STROLL", "GLANCE", "WALK", "SEARCH", "STEPS_EACH")
LONG = 9000
"""Steps in which many of the searches below end, not all."""
ORDERS = [
    {"field": field, "operator": turn, "values": ["x"]}
    for field in ("create_time", "update_time", "title", "level_id")
    for turn in ("asc", "desc")
]
FILTERS = [
    [],
    [{"field": "level_id", "operator": "=", "values": ["level_10"]}],
    [{"field": "level_id", "operator": "in", "values": ["level_10", "level_20"]}],
    [{"field": "title", "operator": "like", "values": ["order"]}],
    [{"field": "title", "operator": "like", "values": ["nothing has it"]}],
    [{"field": "create_time", "operator": ">", "values": ["1740000000000"]}],
]
QUERIES = [
    {"sort_filter": order, "string_filters": filters, "page": page, "per_page": 7}
    for order in ORDERS
    for filters in FILTERS
    for page in (1, 3)
]


@pytest.fixture(scope="module", params=["file", "memory"])
def many(request, spec, tmp_path_factory):
    """A store of 600 tickets in a file, or in memory."""
    url = "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path_factory.mktemp('search')}/mock.db"
    with Store(url, spec) as found:
        found.replace(spec.operations[0], dataset.items(spec.operations[0], 600, 1))
        yield found


@pytest.mark.parametrize(
    "limits", [(1, 1, 1, 1, 0), (LONG, 1, 1, 1, 0), (1, LONG, 1, 1, 0), (1, 1, LONG, 1, 0), (1, 1, 1, LONG, 0)]
)
def test_every_way_of_searching_finds_the_same(many, client_of, monkeypatch, limits):
    """Whichever attempt ends within its steps, the page and its order are those of the plain statement."""
    mock = client_of(many)
    monkeypatch.setattr(Store, "quick", True)
    plain = [mock(**query).json["data"] for query in QUERIES]
    monkeypatch.setattr(Store, "quick", False)
    for name, steps in zip(LIMITS, limits, strict=True):
        monkeypatch.setattr(search, name, steps)
    ended: list[bool] = []
    within = many.reader.within
    monkeypatch.setattr(many.reader, "within", lambda *given: remember(ended, within(*given)))
    assert [mock(**query).json["data"] for query in QUERIES] == plain
    assert (True in ended) == (limits != (1, 1, 1, 1, 0))
    assert False in ended


ALTERNATIVES = [
    {"string_filters": [{"field": "level_id", "operator": "in", "values": ["level_10", "level_20", "level_10", "no"]}]},
    {
        "condition": "(a & c) | b | d",
        "string_filters": [
            {"name": "a", "field": "level_id", "operator": "=", "values": ["level_10"]},
            {"name": "b", "field": "work_flow_status", "operator": "in", "values": ["pausing", "incident_draft"]},
            {"name": "c", "field": "title", "operator": "like", "values": ["s"]},
            {"name": "d", "field": "level_id", "operator": "=", "values": ["level_20"]},
        ],
    },
]


@pytest.mark.parametrize("few", [True, False])
@pytest.mark.parametrize("query", ALTERNATIVES)
def test_alternatives_are_read_side_by_side(many, client_of, monkeypatch, query, few):
    """Alternatives that an index finds are merged in their order, a ticket that satisfies several coming once."""
    mock = client_of(many)
    monkeypatch.setattr(Store, "quick", few)
    asked = []
    attempt = many._attempt
    monkeypatch.setattr(many, "_attempt", lambda given: asked.append(given.statement) or attempt(given))
    pages = [
        {**query, "sort_filter": order, "page": page, "per_page": 30, "contain_total": False}
        for order in ORDERS[:2]
        for page in (1, 2, 3)
    ]
    merged = [mock(**page).json["data"]["tickets"] for page in pages]
    assert [statement.count(" UNION ") for statement in asked if " UNION " in statement] == [
        2 if "condition" not in query else 3
    ] * 6
    monkeypatch.setattr(search, "BRANCHES", 1)
    asked.clear()
    assert [mock(**page).json["data"]["tickets"] for page in pages] == merged
    assert not any(" UNION " in statement for statement in asked)


def test_what_no_index_finds_is_not_merged(many):
    """An alternative without an index would be a scan of its own, so the condition is left whole."""
    branches = many.searches["ListIncidents"].branches
    equal, like = sql.equal(sql.SQLITE, "level_id", ["a"]), sql.containing(sql.SQLITE, "title", ["a"])
    assert branches(equal | like) == []
    assert branches(equal | (equal & like)) == [equal, equal & like]
    assert branches((equal | like) & equal) == []
    assert branches(~equal | equal) == []
    assert branches(sql.EVERYTHING | equal) == []


def remember(ended: list[bool], found):
    """Note whether an attempt came to its end."""
    ended.append(found is not None)
    return found


@pytest.mark.parametrize("filters", FILTERS[:2])
def test_postgresql_reads_a_page_in_an_indexs_order(postgresql, spec, tickets, client_of, filters):
    """PostgreSQL's indexes stand in our order, absent values first, so that a page of few is not sorted out of many."""
    asked = []
    with Store(postgresql(), spec) as many:
        many.replace(spec.operations[0], tickets)
        mock, rows = client_of(many), many.rows
        many.rows = lambda *given: asked.append(given) or rows(*given)
        for order in ORDERS[:2]:
            assert mock(string_filters=filters, sort_filter=order, contain_total=False).status == 200
        plans = [rows(f"EXPLAIN {text}", values) for text, values in asked if "ORDER BY" in text]
    assert len(plans) == 2
    assert not any("Sort" in step for plan in plans for (step,) in plan), plans


def test_postgresql_finds_the_same_near_and_far(postgresql, spec, client_of, many, monkeypatch):
    """Whether the first tickets of an order are enough or all are read, the page is that of SQLite."""
    right = client_of(many)
    asked = []
    with Store(postgresql(), spec) as store:
        store.replace(spec.operations[0], dataset.items(spec.operations[0], 600, 1))
        rows = store.rows
        store.rows = lambda *given: asked.append(given[0]) or rows(*given)
        for near in (1, 150, 10_000):
            monkeypatch.setattr(search, "NEAR", near)
            mock = client_of(store)
            found = [mock(**query).json["data"] for query in QUERIES]
            assert [right(**query).json["data"] for query in QUERIES] == found
    assert any(") near " in statement for statement in asked)
    assert any(") fitting " in statement for statement in asked)


def test_an_error_of_the_database_is_no_lack_of_steps(many):
    """Only an interruption means that a search took too long."""
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        many.reader.within(1000, "SELECT 1 FROM nowhere", ())


def test_a_load_leaves_no_log_for_the_next_start(tmp_path, spec):
    """SQLite's log is empty after a load, or the next start would read all of it."""
    with Store(f"sqlite:///{tmp_path}/mock.db", spec) as made:
        operation = spec.operations[0]
        made.rows("SELECT 1 FROM sqlite_master", ())  # a connection stays open, as a server's does, and so does the log
        log = tmp_path / "mock.db-wal"
        made.fill(operation, dataset.items(operation, 300, 1))
        assert log.stat().st_size == 0
        made.replace(operation, dataset.items(operation, 300, 2))
        assert log.stat().st_size == 0
