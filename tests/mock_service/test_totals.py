"""Totals: what is kept with the data, what is counted once, and when either is no longer true."""

from __future__ import annotations

import sqlite3
from collections import Counter

import pytest
import sqlalchemy as sa

from mock_service import dataset, sql, totals
from mock_service.store import QUICK, Store

TICKETS = 3000
"""Enough for some values of a column to be common, and others rare."""


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request, tmp_path, postgresql, spec):
    """A store of each kind, and its tickets."""
    operation = spec.operations[0]
    tickets = list(dataset.items(operation, TICKETS, 3))
    for serial, ticket in enumerate(tickets):
        ticket["level_id"] = "common" if serial < 1500 else "also common" if serial < 2900 else f"rare {serial % 7}"
    with Store(f"sqlite:///{tmp_path}/mock.db" if request.param == "sqlite" else postgresql(), spec) as store:
        store.replace(operation, tickets)
        yield store, tickets


def level(operator: str, *values: str) -> dict:
    """A filter on the level."""
    return {"field": "level_id", "operator": operator, "values": list(values)}


def test_a_total_is_the_number_of_tickets_found(filled, client_of):
    """Kept, rare, doubled, absent or many values: the total is the number of tickets that have one of them."""
    store, tickets = filled
    mock, found = client_of(store), Counter(ticket["level_id"] for ticket in tickets)
    for values in [
        ["common"],
        ["rare 3"],
        ["nothing has it"],
        ["common", "also common", "common"],
        ["common", "rare 1", "rare 2", "rare 1"],
        ["", "common"],
        [f"rare {each}" for each in range(40)] + ["common"],
    ]:
        total = mock(string_filters=[level("in", *values)]).json["data"]["total"]
        assert total == sum(found[value] for value in set(values))


def test_a_total_of_everything_or_of_two_filters(filled, client_of):
    """Without filters all tickets count; a second filter is not forgotten because the first has a kept number."""
    store, _ = filled
    mock = client_of(store)
    assert mock().json["data"]["total"] == TICKETS
    phase = {"field": "phase", "operator": "!=", "values": ["x"], "name": "b"}
    both = [{**level("=", "common"), "name": "a"}, level("in", "rare 1", "also common")]
    assert mock(string_filters=both).json["data"]["total"] == 0
    assert mock(string_filters=[both[0], phase], condition="a & b").json["data"]["total"] == 1500
    assert mock(string_filters=[both[0], phase], condition="a | b").json["data"]["total"] == TICKETS
    assert mock(string_filters=[level("!=", "common")]).json["data"]["total"] == 1500


def test_a_load_by_somebody_else_is_seen(filled, spec, client_of):
    """Neither a kept nor a remembered total outlives the tickets, whoever replaces them."""
    store, tickets = filled
    mock = client_of(store)
    queries = [{}, {"string_filters": [level("=", "common")]}, {"string_filters": [level("like", "common")]}]
    assert [mock(**query).json["data"]["total"] for query in queries * 2] == [TICKETS, 1500, 2900] * 2
    with Store(store.engine.url.render_as_string(hide_password=False), spec) as other:
        other.replace(spec.operations[0], tickets[500:])
    assert [mock(**query).json["data"]["total"] for query in queries * 2] == [2500, 1000, 2400] * 2


def test_a_counted_total_is_remembered(filled, client_of, monkeypatch):
    """What no kept number answers is counted once for many pages."""
    store, _ = filled
    asked = []
    rows = store.rows
    monkeypatch.setattr(store, "rows", lambda statement, values: asked.append(statement) or rows(statement, values))
    mock = client_of(store)
    title = {"field": "title", "operator": "like", "values": ["order"]}
    assert [mock(string_filters=[title], page=page).status for page in (1, 2, 3)] == [200] * 3
    assert len([statement for statement in asked if "count(*)" in statement]) == 1


COMBINED = [
    [level("=", "common"), {"field": "source_id", "operator": "=", "values": ["incident_source_alarm"]}],
    [level("!=", "common"), {"field": "work_flow_status", "operator": "in", "values": ["pausing", "incident_draft"]}],
    [level("like", "common"), {"field": "mtm_type", "operator": "startwith", "values": ["inc"]}],
    [level(">", "common"), {"field": "level_id", "operator": "<", "values": ["rare 4"]}],
]


@pytest.mark.parametrize("condition", ["a & b", "a | b", "(a | b) & a"])
@pytest.mark.parametrize("filters", COMBINED)
def test_a_total_of_columns_with_few_values_is_added_up(filled, client_of, monkeypatch, filters, condition):
    """Whatever a query says of such columns alone is known without a look at the tickets, and is what counting says."""
    store, _ = filled
    asked = []
    rows = store.rows
    monkeypatch.setattr(store, "rows", lambda statement, values: asked.append(statement) or rows(statement, values))
    named = [{**each, "name": name} for name, each in zip("ab", filters, strict=True)]
    total = client_of(store)(string_filters=named, condition=condition).json["data"]["total"]
    assert not any("count(*)" in statement for statement in asked)
    store.totals["ListIncidents"].remembered = None, {}
    monkeypatch.setattr(store.totals["ListIncidents"], "few", ())
    assert total == client_of(store)(string_filters=named, condition=condition, per_page=1).json["data"]["total"] > 0


@pytest.mark.parametrize("condition", ["a | b", "b | a", "a & b", "(a | b) & a"])
def test_a_query_on_other_columns_too_is_not_added_up(filled, client_of, condition):
    """A column of many values beside one of few: the tickets themselves are counted."""
    store, tickets = filled
    one, other = {**level("like", "rare"), "name": "a"}, {"field": "title", "operator": "like", "values": ["order"]}
    rare = {at for at, ticket in enumerate(tickets) if "rare" in ticket["level_id"]}
    order = {at for at, ticket in enumerate(tickets) if "order" in ticket.get("title", "")}
    right = {"a | b": rare | order, "b | a": rare | order, "a & b": rare & order, "(a | b) & a": rare}[condition]
    query = {"string_filters": [one, {**other, "name": "b"}], "condition": condition}
    assert len(right) == client_of(store)(**query).json["data"]["total"] > 0


def test_combinations_of_an_older_load_are_not_added_up(filled, client_of):
    """An older version of the mock loads tickets and knows nothing of combinations."""
    store, _ = filled
    mock, query = client_of(store), {"string_filters": [level("!=", "common")]}
    assert mock(**query).json["data"]["total"] == 1500
    with store.engine.begin() as connection:
        connection.exec_driver_sql("""DELETE FROM "ListIncidents" WHERE level_id = 'also common'""")
        connection.exec_driver_sql("""UPDATE "ListIncidents#total" SET "#number" = 7 WHERE "#column" = '#load'""")
    assert mock(**query).json["data"]["total"] == 100


def test_what_is_remembered_is_of_the_load_that_was_seen(filled, client_of):
    """A number that was counted among older tickets is not remembered of newer ones, whoever saw these meanwhile."""
    store, _ = filled
    found, where = store.totals["ListIncidents"], sql.containing(store.dialect, "title", ["order"])
    _, remember = found.recalled(where, store.dialect, store.rows)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("""UPDATE "ListIncidents#total" SET "#number" = 7 WHERE "#column" = '#load'""")
    assert found.recalled(where, store.dialect, store.rows)[0] is None
    remember(12345)
    assert found.recalled(where, store.dialect, store.rows)[0] is None


def test_too_many_combinations_are_not_kept(filled, spec, client_of, monkeypatch):
    """Columns that hold many values after all are counted as any other."""
    store, tickets = filled
    monkeypatch.setattr(totals, "COMBINATIONS", 10)
    store.replace(spec.operations[0], tickets)
    assert store.rows('SELECT count(*) FROM "ListIncidents#combined"', ()) == [(0,)]
    assert client_of(store)(string_filters=[level("!=", "common")]).json["data"]["total"] == TICKETS - 1500


def test_tickets_without_kept_totals_are_counted(filled, client_of):
    """A database of which nobody has kept the totals is answered right all the same."""
    store, _ = filled
    with store.engine.begin() as connection:
        connection.execute(sa.delete(store.totals["ListIncidents"].table))
        connection.execute(sa.delete(store.totals["ListIncidents"].combined))
    mock = client_of(store)
    queries = [{}, {"string_filters": [level("=", "common")]}, {"string_filters": [level("like", "common")]}]
    assert [mock(**query).json["data"]["total"] for query in queries * 2] == [TICKETS, 1500, 2900] * 2


def test_a_large_load_has_all_its_indexes(tmp_path, spec):
    """SQLite's indexes, which a large load builds at its end, are those of a small one."""
    found = []
    for number in (10, QUICK + 600):
        with Store(f"sqlite:///{tmp_path}/{number}.db", spec) as store:
            store.fill(spec.operations[0], dataset.items(spec.operations[0], number, 1))
        connection = sqlite3.connect(tmp_path / f"{number}.db")
        found.append(
            connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY 1").fetchall()
        )
        connection.close()
    assert found[0] == found[1]
    assert len(found[0]) > 10
