"""The relations follow the contract: they ask nothing that an edit has taken away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract_tests import relations
from contract_tests.contract import SPEC, Contract, Operation
from contract_tests.relations.query import Filter, Query

REQUEST, FILTER = "ListIncidentsRequestBody", "ObjectFilterV2"
Edit = Callable[[dict[str, Any]], object]


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[Edit], Operation]:
    """The first operation of the contract with an edit of its schemas."""

    def make(edit: Edit) -> Operation:
        document = yaml.safe_load(SPEC.read_text("utf-8"))
        edit(document["components"]["schemas"])
        file = tmp_path / "openapi.yaml"
        file.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
        return Contract.load(file).operations[0]

    return make


def member(schema: str, name: str, **keywords: Any) -> Edit:
    """Set keywords of a member."""
    return lambda schemas: schemas[schema]["properties"][name].update(keywords)


def required(name: str) -> Edit:
    """Require a member of the request."""
    return lambda schemas: schemas[REQUEST].update(required=[name])


def test_only_operators_of_the_contract_have_a_relation(edited: Callable[[Edit], Operation]) -> None:
    """With `=` alone there is one pair of them, and no other query by an operator is allowed."""
    operation = edited(member(FILTER, "operator", enum=["="]))
    owed = {each.id for each in relations.RELATIONS if each.applies(operation) and "R-filter-" in each.id}
    assert {"COC-R-filter-eq", "COC-R-filter-eq-assumed"} == owed
    like, equal = (Query(filters=(Filter("title", sign, ("x",)),)).body(operation) for sign in ("like", "="))
    assert "string_filters/0/operator breaks enum" == operation.objection(like)
    assert operation.objection(equal) is None


def test_a_query_below_a_bound_is_none(edited: Callable[[Edit], Operation]) -> None:
    """An empty projection is a query only as long as the contract lets it be empty."""
    empty = Query(fields=())
    tight, loose = edited(member(REQUEST, "fields", minItems=1)), edited(lambda _: None)
    assert "fields breaks minItems" == tight.objection(empty.body(tight))
    assert loose.objection(empty.body(loose)) is None


@pytest.mark.parametrize(
    ("name", "value"), [("page", 1), ("per_page", 10), ("contain_sub_ticket", True), ("string_filters", [])]
)
def test_what_is_required_is_sent(edited: Callable[[Edit], Operation], name: str, value: object) -> None:
    """A required member that a query does not speak of is sent so that the result stays as it is."""
    operation = edited(required(name))
    assert {name: value} == Query().body(operation)
    assert operation.objection({}) == "the body breaks required"


def test_a_flag_is_text_where_the_contract_takes_text_alone(edited: Callable[[Edit], Operation]) -> None:
    """`contain_all` as text is `true`, and as a boolean or text it is true."""
    for types, value in (("string", "true"), (["boolean", "string"], True)):
        assert {"contain_all": value} == Query(all=True).body(edited(member(REQUEST, "contain_all", type=types)))
