"""The condition: `&`, `|` and parentheses over up to twenty named filters."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from contract_tests.ledger import Finding
from contract_tests.relation import breach, holds, relation, vacuous
from contract_tests.relations.examination import Examination, evidence, examined, panel, twins, whole
from contract_tests.relations.filters import MOST, satisfied
from contract_tests.relations.learning import PAGE, shuffled
from contract_tests.relations.query import Expression, Filter, Flat, Join, Query, Ref, Spelled, both, either

#: Parentheses within each other; parsers that call themselves for each pair still bear so many.
DEEP = 105
#: Characters of a condition that go with each name: an operator, blanks, parentheses.
SPARE = 6


def apart(exam: Examination, random: Random, count: int) -> tuple[Filter, ...]:
    """`count` named filters that overlap: each is `in` a random part of the panel's keys; no two joins are alike."""
    key = exam.session.operation.query.key
    own = sorted(exam.world.panel.items)
    names = _names(random, count, [name for name in exam.world.scalars if name != key])
    return tuple(Filter(key, "in", tuple(random.sample(own, max(1, len(own) * 3 // 5))), name) for name in names)


def _names(random: Random, count: int, properties: list[str]) -> list[str]:
    """Names that are parts of each other, so that a service that replaces text in the condition is found out; one that
    is the name of another property, so that one that takes it for the filter's own is; and the same in another case.
    """
    pool = [
        "a",
        "ab",
        "abA",
        "b",
        "b1",
        "b10",
        "X_a",
        "a_x",
        "and_1",
        "filterName1",
        "filterName2",
        "or2",
        "in",
        "f",
        "ff",
    ]
    # Of many names some are no identifiers, and two differ only at their end, which a short column would lose.
    odd = [*(f"{'long' * 60}{digit}" for digit in "12"), "1st", "a-b", "数据库"] if count > len(pool) // 2 else []
    first = shuffled(random, properties)[:1]
    first += [*(name.upper() for name in first if name.upper() != name), *odd]
    return shuffled(random, [*first, *shuffled(random, [*pool, *(f"n{i}" for i in range(count))])][:count])


@twins(
    "COC-R-condition",
    says="The condition joins the filters by name: `&` both, `|` either, parentheses group.",
    about="condition",
    assumption="condition-refused",
)
def condition(exam: Examination, strict: bool) -> Iterator[Finding]:
    """Joins, groups, names used twice or in another order, redundant spelling, deep nesting, twenty names.

    How a condition is spelled beside the page's own example, and how deep it nests, the page leaves open: to refuse it
    breaks the assumption alone, to read it otherwise breaks the page. Its length has a bound, and is refused nowhere.
    """
    if not exam.session.operation.query.condition:
        yield vacuous("The operation has no condition.")
        return
    random = exam.random("condition")
    asked = [(case, Query(filters=q, condition=e, size=PAGE), panel) for case, q, e in _expressions(exam, random)]
    plain = [
        (how.format(a="a", b="b"), _plain(exam, random, how), whole) for how in ("{a}&{b}", "{a}|{b}", "{a} & {b}")
    ]
    plain.insert(1, ("two groups", _groups(exam, random), whole))
    for case, query, place in (asked[0], *plain[:2], *asked[1:3], *plain[2:], *asked[3:]):
        yield exam.check(query, case=case, place=place, strict=strict)
    alone = satisfied(exam, random, exam.world.panel, 2)
    if len(alone) == 2:
        left, right = (Filter(q.field, q.operator, q.values, name) for q, name in zip(alone, ("l", "r"), strict=True))
        query = Query(filters=(left, right), condition=either(Ref("l"), Ref("r")), size=PAGE)
        yield exam.check(query, case="two operators", strict=strict)


def _plain(exam: Examination, random: Random, spelled: str) -> Query:
    """Two filters that overlap, joined without a parenthesis; over everything, as a scope would bring some."""
    filters = apart(exam, random, 2)
    a, b = (str(each.name) for each in filters)
    joined = both(Ref(a), Ref(b)) if "&" in spelled else either(Ref(a), Ref(b))
    return Query(filters=filters, condition=Spelled(joined, spelled.format(a=a, b=b)), size=PAGE)


def _groups(exam: Examination, random: Random) -> Query:
    """`(a | b) & (c | d)` over everything: the second group must count as the first does."""
    a, b, c, d = (filters := apart(exam, random, 4))
    return Query(filters=filters, condition=both(either(*_refs((a, b))), either(*_refs((c, d)))), size=PAGE)


def _expressions(exam: Examination, random: Random) -> Iterator[tuple[str, tuple[Filter, ...], Expression]]:
    """What to ask, with a case each; every expression means the same under every precedence."""
    three = apart(exam, random, 3)
    a, b, c = _refs(three)
    twenty = apart(exam, random, MOST - 1)
    yield "(a | b) & c, filters in another order", three[::-1], both(either(a, b), c)
    yield "twenty names", twenty, tree(random, [Ref(str(each.name)) for each in twenty])
    yield (
        "redundant parentheses and spaces",
        three,
        Spelled(both(a, either(b, c)), f"  ( ({a}) )  & ( ( {b}|({c}) ) ) "),
    )
    yield "a | b | c", three, either(a, b, c)
    yield "(a & b) | c", three, either(both(a, b), c)
    yield "one name in parentheses", three[:1], Spelled(a, f"(({a}))")
    yield "deep nesting", twenty, staircase(random, [Ref(str(each.name)) for each in twenty])
    five = apart(exam, random, 5)
    yield f"{DEEP} parentheses deep", five, _deep(*_refs(five))
    yield "as long as may be", *_long(exam, random, twenty)
    same = Join("|", tuple(random.choice((a, b)) for _ in range(200)))
    yield "200 operands", three, both(same, c)


def _deep(a: Ref, b: Ref, c: Ref, d: Ref, e: Ref) -> Expression:
    """`a & (b | (a & (b | … (c & (d | e)))))`, in which the innermost parentheses matter; redundant ones around it."""
    depth, text = 1, f"{c} & ({d} | {e})"
    while depth < DEEP // 2:
        depth, text = depth + 2, f"{a} & ({b} | ({text}))"
    around = DEEP - depth
    return Spelled(both(a, either(b, both(c, either(d, e)))), "(" * around + text + ")" * around)


def _long(exam: Examination, random: Random, filters: tuple[Filter, ...]) -> tuple[tuple[Filter, ...], Expression]:
    """Every filter twice, by names so long that the condition is nearly as long as the contract allows."""
    operation = exam.session.operation
    most = operation.member_schema("condition").get("maxLength", 1000)
    longest = operation.member_schema("string_filters")["items"]["properties"]["name"].get("maxLength", most)
    used = 2 * len(filters)
    length = min(longest, (most - SPARE * used) // used)
    called = tuple(
        Filter(q.field, q.operator, q.values, f"{index}".rjust(length, "f")) for index, q in enumerate(filters)
    )
    return called, Join(random.choice("&|"), (tree(random, _refs(called)), tree(random, _refs(called))))


def _refs(filters: tuple[Filter, ...]) -> list[Ref]:
    return [Ref(str(each.name)) for each in filters]


def tree(random: Random, refs: list[Ref]) -> Expression:
    """A random expression that uses each name once."""
    parts: list[Expression] = list(refs)
    while len(parts) > 1:
        left, right = (parts.pop(random.randrange(len(parts))) for _ in range(2))
        parts.append(Join(random.choice("&|"), (left, right)))
    return parts[0]


def staircase(random: Random, refs: list[Ref]) -> Expression:
    """`a & (b | (c & (d | …)))`: as deep as there are names, and each name matters."""
    whole: Expression = refs[-1]
    for index, ref in enumerate(reversed(refs[:-1])):
        whole = Join("&|"[index % 2], (ref, whole) if random.random() < 0.5 else (whole, ref))
    return whole


@twins(
    "COC-R-condition-precedence",
    says="Without parentheses a condition has one precedence of `&` and `|`, always the same.",
    about="condition",
    assumption="condition-precedence",
)
def precedence(exam: Examination, strict: bool) -> Iterator[Finding]:
    """Mixed operators without parentheses, on filters for which each precedence gives another answer."""
    random = exam.random("precedence")
    for operators in (("|", "&"), ("&", "|"), ("|", "&", "|"), ("&", "|", "&", "|", "&")):
        filters = apart(exam, random, len(operators) + 1)
        flat = Flat(tuple(str(each.name) for each in filters), operators)
        yield exam.check(Query(filters=filters, condition=flat, size=PAGE), case=" ".join(operators), strict=strict)


@twins(
    "COC-R-condition-unnamed",
    says="A filter that the condition does not name always applies, or never does.",
    about="condition",
    assumption="condition-unnamed",
)
def unnamed(exam: Examination, strict: bool) -> Iterator[Finding]:
    """Conditions that name some of the filters only."""
    random = exam.random("unnamed")
    for count in (2, 3, 5):
        filters = apart(exam, random, count)
        refs = [Ref(str(each.name)) for each in filters]
        expression = refs[0] if count == 2 else either(*refs[:2])
        yield exam.check(
            Query(filters=filters, condition=expression, size=PAGE), case=f"{count} filters", strict=strict
        )
    names = exam.world.integers
    if names and strict:
        values = exam.world.panel.numbers(names[0])
        middle = Filter(names[0], "<", (str(values[len(values) // 2]),))
        pair = apart(exam, random, 2)
        joined = either(*(Ref(str(each.name)) for each in pair))
        yield exam.check(
            Query(filters=pair, ints=(middle,), condition=joined, size=PAGE), case="integer filter", strict=True
        )


@relation(
    "COC-R-condition-refused",
    says="A condition that does not parse, or names an unknown or an ambiguous filter, is answered 400.",
    about="condition",
    assumption="condition-refused",
)
@examined
def condition_refused(exam: Examination) -> Iterator[Finding]:
    """Nine ways to write nonsense; first one that makes sense, so that a refusal of everything is no pass."""
    a, b = (Filter(exam.world.scalars[0], "!=", (f"no-{name}",), name) for name in "ab")
    good = exam.ask(Query(filters=(a, b), condition=both(Ref("a"), Ref("b"))))
    if not good.exchange.ok:
        yield vacuous("The target refuses a sound condition.", exchanges=evidence(good))
        return
    for spelled in ("a &", "a b", "(a & b", "a & b)", "& a", "a & | b", "()", "a & missing"):
        yield _refusal(exam, Query(filters=(a, b), condition=Spelled(both(Ref("a"), Ref("b")), spelled)), spelled)
    twice = (a, Filter(b.field, b.operator, b.values, "a"))
    yield _refusal(exam, Query(filters=twice, condition=Ref("a")), "two filters of one name")


@relation(
    "COC-R-field-refused",
    says="A filter on what is no property of the ticket is answered 400.",
    about="string_filters",
    assumption="field-refused",
)
@examined
def field_refused(exam: Examination) -> Iterator[Finding]:
    """An unknown field among the filters, and as the one to sort by."""
    unknown = "no_such_property"
    yield _refusal(exam, Query(filters=(Filter(unknown, "=", ("1",)),)), "a filter")
    yield _refusal(exam, Query(counts=((Filter(unknown, "=", ("1",)),),)), "a count filter")
    yield _refusal(exam, Query(sort=(unknown, "desc")), "the sort")


def _refusal(exam: Examination, query: Query, case: str) -> Finding:
    if role := query.missing(exam.session.operation):
        return vacuous(f"The operation has no {role}.", case)
    answer = exam.ask(query)
    if answer.exchange.status == 400:
        return holds(case, evidence(answer))
    return breach(f"{answer.exchange.status or answer.exchange.error} for {case}", "400", case, evidence(answer))


CONDITIONS = (*condition, *precedence, *unnamed, condition_refused, field_refused)
