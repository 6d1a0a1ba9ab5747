"""What an answer shows beside which tickets: the properties asked for, and the counts."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.ledger import Finding
from contract_tests.relation import breach, holds, relation, vacuous
from contract_tests.relations.examination import Examination, evidence, examined, twins, whole
from contract_tests.relations.filters import MEANINGS, MOST, biting, comparable, satisfied
from contract_tests.relations.judging import Answer
from contract_tests.relations.learning import PAGE, shuffled
from contract_tests.relations.query import Filter, Query


@twins(
    "COC-R-projection",
    says="Tickets carry the properties that `fields` names, as they are without it, and no others.",
    about="projection",
    assumption="projection",
)
def projection(exam: Examination, strict: bool) -> Iterator[Finding]:
    """One property, several, all, all but one; with and without the key; with a filter, a sort and counts on others."""
    if not exam.session.operation.query.projection:
        yield vacuous("The operation does not project.")
        return
    random, key = exam.random("projection"), exam.session.operation.query.key
    names = [
        name for name in exam.session.operation.item if any(name in item for item in exam.world.panel.items.values())
    ]
    others = [name for name in names if name != key]
    if not others:
        yield vacuous("The tickets have one property only.")
        return
    some = shuffled(random, others)
    half = some[: max(1, len(some) // 2)]
    beside = tuple(satisfied(exam, random, exam.world.panel, 2))
    hidden = tuple(name for name in names if name not in {each.field for each in beside} | {key})[:3] or (some[0],)
    down, hidden_sort = (key, "desc"), (exam.world.integers or exam.world.scalars)[0]
    probes = (
        ("one", Query(fields=(key, some[0]))),
        ("the key alone", Query(fields=(key,))),
        ("one, without the key", Query(fields=(some[0],), sort=down)),
        ("half", Query(fields=(key, *half))),
        ("the other half", Query(fields=(key, *some[len(half) :]))),
        ("half, without the key", Query(fields=tuple(half), sort=down)),
        ("half, in another order, one twice", Query(fields=(*half[::-1], key, half[0]), sort=down)),
        ("a filter on what is not shown", Query(fields=hidden, filters=beside, sort=down)),
        ("a count of what is not shown", Query(fields=hidden, counts=(beside[:1],), sort=down)),
        ("a sort by what is not shown", Query(fields=(key,), sort=(hidden_sort, "desc"))),
        ("all", Query(fields=tuple(names))),
    )
    for case, query in probes:
        yield exam.check(query.with_(size=PAGE), case=case, strict=strict, telling=bool(exam.world.panel.items))
    if strict:
        yield exam.check(Query(fields=(), size=PAGE), case="none named", strict=True, telling=True)


@twins(
    "COC-R-count",
    says="Each count is the number of tickets that satisfy all of its filters.",
    about="counts",
    assumption="count-results",
)
def count(exam: Examination, strict: bool) -> Iterator[Finding]:
    """One, ten at once, with several filters, each operator; on a small page; under a main filter, in one reading."""
    if not exam.session.operation.query.counts:
        yield vacuous("The operation does not count.")
        return
    random = exam.random("count")
    single = tuple(tuple(satisfied(exam, random, exam.world.panel, 1, strict)) for _ in range(10))
    several = tuple(tuple(satisfied(exam, random, exam.world.panel, number, strict)) for number in (2, 3, 4))
    main = tuple(satisfied(exam, random, exam.world.panel, 1))
    probes = [
        ("ten", Query(counts=single, size=1)),
        ("one", Query(counts=single[:1], size=PAGE)),
        ("several filters each", Query(counts=several, size=1, page=2)),
        ("each operator", Query(counts=tuple(_each_operator(exam, strict)), size=1)),
        ("without a total", Query(counts=(*single[:2], *several[:1]), total=False, size=2)),
        ("under a main filter", Query(counts=single[:4], filters=main, size=2)),
        ("all and none", Query(counts=(_nothing(exam), single[0]), size=1)),
        ("many filters", Query(counts=(biting(exam, _most(exam), "a name each"),), size=1)),
    ]
    for case, query in probes:
        yield exam.check(query, case=case, strict=strict, telling=any(any(group) for group in query.counts or ()))
    yield exam.check(
        Query(counts=single[:3], size=1), case="of everything", strict=strict, place=whole, telling=any(single[:3])
    )


def _most(exam: Examination) -> int:
    """Filters that one count may have, beside the one that confines it."""
    filters = exam.session.operation.member_schema("counts")["items"]["properties"]["filters"]
    return int(filters.get("maxItems", MOST)) - 1


def _nothing(exam: Examination) -> tuple[Filter, ...]:
    return (Filter(exam.session.operation.query.key, "=", ("no such ticket",)),)


def _each_operator(exam: Examination, strict: bool) -> Iterator[tuple[Filter, ...]]:
    random = exam.random("count operators")
    for operator in MEANINGS:
        names = [name for name in exam.world.scalars if comparable(exam, name, operator, strict)]
        for name in shuffled(random, names):
            found = exam.telling(name, operator)
            if found:
                yield (found[0][0],)
                break


@relation(
    "COC-R-count-total",
    says="A count, the total under the same filters, and the number of tickets on all pages are one number.",
    about="counts",
)
@examined
def count_total(exam: Examination) -> Iterator[Finding]:
    """Filters of each operator: counted, totalled, and paged through."""
    if not exam.session.operation.query.counts:
        yield vacuous("The operation does not count.")
        return
    groups = [group for group in _each_operator(exam, False) if group[0].operator != "like"][:4]
    asked = exam.world.panel.confine(Query(counts=tuple(groups), size=1))
    counted = exam.ask(asked)
    for index, group in enumerate(groups):
        paged = exam.ask(exam.world.panel.confine(Query(filters=group, size=PAGE)))
        seen = {"count": _number(counted, index), "paged": len(paged.items)}
        if exam.session.operation.pagination.total:  # an operation may have counts and no total
            seen["total"] = paged.total
        case, proof = str(group[0]), evidence(counted, paged)
        if len(set(seen.values())) == 1:
            yield holds(case, proof) if seen["count"] else vacuous("None of the tickets is counted.", case, proof)
        elif exam.again(asked).counts != counted.counts:
            yield vacuous("The tickets moved.", case, proof)
        else:
            yield breach(str(seen), "the same number each time", case, proof)


def _number(answer: Answer, index: int) -> object:
    """One of the answered counts, or None."""
    return answer.counts[index] if isinstance(answer.counts, list) and index < len(answer.counts) else None


SHOWING = (*projection, *count, count_total)
