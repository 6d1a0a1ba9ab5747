"""Answers that are no answer to their own query: kept from another one, or another each time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from contract_tests.ledger import Finding
from contract_tests.relation import Session, breach, holds, relation, vacuous
from contract_tests.relations.examination import NOTE, Examination, evidence, examined, whole
from contract_tests.relations.judging import Answer
from contract_tests.relations.learning import PAGE
from contract_tests.relations.query import Filter, Query, Ref, either
from contract_tests.relations.readings import text

#: Times that one query is asked in a row.
IN_A_ROW = 4
#: Times that queries are seen to change tickets, each time other ones, before it is no accident; and how many.
TRIALS, FEW = 6, 3
#: Values of the filter that is changed, at most.
VALUES = 40


@relation(
    "COC-R-one-change",
    says="An answer follows from its own query: where two queries differ in one member, so do their answers.",
    about="string_filters",
)
@examined
def one_change(exam: Examination) -> Iterator[Finding]:
    """One query, then the same with one member changed at a time; what is kept by too short a key shows."""
    query, operation = exam.session.operation.query, exam.session.operation
    if len(exam.world.panel.items) < 3:
        yield vacuous("Fewer than three tickets tell little.")
        return
    base = _base(exam)
    for case, changes in (("the query", {}), *_changes(exam, base)):
        has = {
            "condition": query.condition,
            "ints": query.int_filters,
            "all": operation.pagination.all,
            "page": operation.pagination.page,
            "counts": query.counts,
            "fields": query.projection,
            "sort": query.sort,
        }
        if all(has.get(name, True) for name in changes):
            yield exam.check(base.with_(**changes), case=case, place=whole, telling=True, riders=False)


def _base(exam: Examination) -> Query:
    """The first tickets of the panel but one, as two filters say, sorted; with the members that the operation has."""
    operation, key = exam.session.operation, exam.session.operation.query.key
    own = sorted(exam.world.panel.items)[:VALUES]
    some, other = Filter(key, "in", tuple(own), "some"), Filter(key, "!=", (own[0],), "other")
    return Query(
        filters=(some, other),
        sort=operation.query.by_key,
        counts=((Filter(key, "in", tuple(own[:2])),),) if operation.query.counts else None,
    )


def _changes(exam: Examination, base: Query) -> Iterator[tuple[str, dict[str, Any]]]:
    """One member changed at a time, each so that the answer is another."""
    key = exam.session.operation.query.key
    some, other = base.filters
    fewer = Filter(some.field, some.operator, some.values[:-1], some.name)
    yield "one value fewer", {"filters": (fewer, other)}
    yield "another operator", {"filters": (some, Filter(other.field, "=", other.values, other.name))}
    yield "another condition", {"condition": either(Ref("some"), Ref("other"))}
    yield "another sort", {"sort": next(((name, "desc") for name in exam.world.integers), None)}
    yield "some properties", {"fields": (key, exam.world.scalars[-1])}
    yield "another count", {"counts": ((Filter(key, "in", some.values[:1]),),)}
    yield "no total", {"total": False}
    yield "a page of two", {"size": 2}
    yield "page 2", {"size": 2, "page": 2}
    yield "all at once", {"all": True}
    for name in exam.world.integers[:1]:
        known = (exam.world.panel.items[own].get(name) for own in some.values)
        values = sorted(int(text(value) or 0) for value in known if value is not None)
        if values:
            yield "an integer filter", {"ints": (Filter(name, "<", (str(values[len(values) // 2]),)),)}


@relation(
    "COC-R-steady",
    says="A query that is asked many times in a row is answered alike each time, and does not go back and forth.",
    about="string_filters",
)
@examined
def steady(exam: Examination) -> Iterator[Finding]:
    """One answer that comes, goes and comes again, twice over: no ticket moves like that."""
    key = exam.session.operation.query.key
    sort = exam.session.operation.query.by_key
    query = Query(filters=(Filter(key, "!=", ("no such ticket",)),), sort=sort, size=PAGE)
    answers, back = _in_a_row(exam, query)
    if back:
        answers, back = _in_a_row(exam, query)
    if back:
        wrong = f"answer {back + 1} of {IN_A_ROW} is another, and one from before it comes again"
        yield breach(wrong, "the same answer to the same query", f"{query}", evidence(*answers[: back + 2]))
    else:
        proof = evidence(*answers[:1])
        yield holds(f"{IN_A_ROW} times", proof) if answers[0].items else vacuous("No tickets.", exchanges=proof)


@relation(
    "COC-R-reads-only",
    says="A query changes nothing: what was asked before it is answered alike after it.",
    about="projection",
    needs=(),
)
def reads_only(session: Session) -> Iterator[Finding]:
    """A few tickets, then parts of them and all of them, and again; a change each time, and never without, is ours."""
    exam: Examination | None = session.notes.get(NOTE)
    if exam is None or not exam.world.panel.items:
        yield vacuous("No ticket could be learned.")
        return
    for trial in range(TRIALS):
        few = Query(sort=exam.session.operation.query.by_key, size=FEW, page=trial + 1)
        before = exam.again(few)
        _look(exam, few)
        after = exam.again(few)
        if told(exam, before) == told(exam, after):
            yield holds(f"{few}", evidence(before, after)) if before.items else vacuous("No tickets.")
            return
        if any(told(exam, exam.again(few)) != told(exam, after) for _ in range(FEW)):
            yield from reads_only.rule(session) if exam.fickle() else [vacuous("The tickets moved.")]
            return
    wrong = f"{TRIALS} times another answer after queries for parts of {FEW} tickets and for all, and never without"
    yield breach(wrong, "the same answer", "reads", evidence(before, after))


def _look(exam: Examination, few: Query) -> None:
    """Ask for less of the tickets, and for all of them."""
    operation = exam.session.operation
    if operation.query.projection:
        exam.again(few.with_(fields=(operation.query.key,)))
    if operation.pagination.all:
        exam.again(few.with_(all=True, size=None, page=None))


def told(exam: Examination, answer: Answer) -> str:
    """What an answer says, as text to compare."""
    return json.dumps([answer.exchange.status, exam.steady(answer.items), answer.total], sort_keys=True)


def _in_a_row(exam: Examination, query: Query) -> tuple[list[Answer], int]:
    """The answers to one query asked many times, and where one lies that they come back from (0 for none)."""
    answers = [exam.again(query) for _ in range(IN_A_ROW)]
    return answers, _back([told(exam, answer) for answer in answers])


def _back(seen: list[str]) -> int:
    """Where an answer lies between two equal ones that differ from it; 0 when none does."""
    for index, one in enumerate(seen):
        if any(one != before and before in seen[index + 1 :] for before in seen[:index]):
            return index
    return 0


CHANGES = (one_change, steady)
#: First of all, while the tickets are as they were.
FIRST = (reads_only,)
