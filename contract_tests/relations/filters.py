"""String and integer filters: each operator on each property, alone and together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from contract_tests.ledger import Finding
from contract_tests.relation import Relation, breach, relation, vacuous
from contract_tests.relation import holds as held
from contract_tests.relations.blame import OPERATORS
from contract_tests.relations.examination import Examination, evidence, examined, panel, twins, whole
from contract_tests.relations.learning import PAGE, Population, kinds, shuffled
from contract_tests.relations.query import Filter, Query, Ref, both, either
from contract_tests.relations.readings import ASSUMED, PIECE, TEXTUAL, Reading, holds, text
from contract_tests.relations.rivals import near_misses, overlong

MEANINGS = {
    "in": "Each ticket's property is one of the values, and each ticket for which it is is found.",
    "=": "Each ticket's property equals the value, and each ticket for which it does is found.",
    "!=": "Each ticket's property differs from the value, and each ticket for which it does is found.",
    "like": "Tickets whose property is like the value are found, in one meaning of `like` and always the same.",
    "startwith": "Each ticket's property starts with the value, and each ticket for which it does is found.",
    "endwith": "Each ticket's property ends with the value, and each ticket for which it does is found.",
    ">": "Each ticket's property is larger than the value, and each ticket for which it is is found.",
    "<": "Each ticket's property is smaller than the value, and each ticket for which it is is found.",
}
#: Filters of one kind at most.
MOST = 20


def comparable(exam: Examination, name: str, operator: str, strict: bool) -> bool:
    """Whether the operator makes sense on the property: sure are `>` and `<` for integers, parts for texts, alone."""
    if strict:
        return True
    if operator in TEXTUAL:
        return exam.is_free(name)
    return operator not in {">", "<"} or name in exam.world.integers


def _operator(operator: str) -> tuple[Relation, Relation]:
    """The relations of one operator."""
    assumption = "filter-order" if operator in {">", "<"} else "filter-text-form"

    @twins(
        f"COC-R-filter-{OPERATORS[operator]}",
        says=MEANINGS[operator],
        about="string_filters",
        assumption=assumption,
        operator=operator,
    )
    def rule(exam: Examination, strict: bool) -> Iterator[Finding]:
        probes = _best(exam, operator, strict)
        if not probes:
            yield vacuous(f"No property of the tickets tells `{operator}` from its rivals.")
        for index, query in enumerate(probes):
            alone = index % 2 == 1
            size = PAGE if alone else None
            case = f"{query.field} {operator}"
            place = whole if alone else panel
            asked = Query(filters=(query,), size=size or PAGE)
            yield exam.check(asked, case=case, strict=strict, place=place, telling=True)
            if index == 0:
                yield from _ends(exam, strict) if operator == "like" else ()
                yield from _near(exam, operator, strict)
                yield from _everywhere(exam, operator, strict)
                if strict:
                    yield from _several(exam, operator)

    return rule


def _best(exam: Examination, operator: str, strict: bool) -> list[Filter]:
    """Few filters that together tell the operator from as many rivals as the tickets allow."""
    random = exam.random(f"best {operator}")
    names = [name for name in exam.world.scalars if comparable(exam, name, operator, True)]
    key = exam.session.operation.query.key
    some = [
        key,
        *[name for name in exam.world.integers if operator in {">", "<"}],
        *_varied(exam, names)[:3],
        *random.sample(names, min(5, len(names))),
    ]
    found = [pair for name in dict.fromkeys(some) for pair in exam.telling(name, operator)]
    fit = [query for query in _chosen(found) if comparable(exam, query.field, operator, strict)]
    return fit or _chosen([pair for pair in found if comparable(exam, pair[0].field, operator, strict)])


def _chosen(pairs: Sequence[tuple[Filter, set[str]]]) -> list[Filter]:
    """Up to four filters that together tell the most rivals."""
    found = list(pairs)
    chosen: list[Filter] = []
    told: set[str] = set()
    while len(chosen) < 4 and found:
        query, beaten = max(found, key=lambda pair: len(pair[1] - told))
        found.remove((query, beaten))
        if chosen and not beaten - told:
            break
        chosen.append(query)
        told |= beaten
    return chosen


def _varied(exam: Examination, names: Sequence[str]) -> list[str]:
    """The properties, first those whose values are of the most kinds: empty, quoted, Chinese, long …"""
    items = exam.world.panel.items.values()
    shown = {name: {kind for item in items for kind in kinds(item.get(name))} for name in names}
    return sorted(names, key=lambda name: -len({kind for kind in shown[name] if not kind.startswith("length")}))


def _everywhere(exam: Examination, operator: str, strict: bool) -> Iterator[Finding]:
    """Every property in a few queries: joined by `|`, or by AND for `!=`, so that no filter hides behind the others."""
    sure = [name for name in exam.world.scalars if comparable(exam, name, operator, False)]
    packs = _packs(exam, operator, sure)
    if strict:  # the same queries as its twin's, and those of the other properties
        packs += _packs(exam, operator, [name for name in exam.world.scalars if name not in sure])
    for group in packs:
        filters = tuple(Filter(q.field, q.operator, q.values, f"f{index}") for index, q in enumerate(group))
        refs = [Ref(str(query.name)) for query in filters]
        alone = operator == "!=" or len(refs) == 1
        query = Query(filters=filters, condition=None if alone else either(*refs), size=PAGE)
        yield exam.check(query, case=f"{operator} on {len(group)} properties", strict=strict)


def _packs(exam: Examination, operator: str, names: Sequence[str]) -> list[list[Filter]]:
    """For each of the properties its most selective filter, in groups that leave a quarter of the panel undecided."""
    items, properties = exam.world.panel.items, exam.session.operation.item
    bites: list[tuple[Filter, set[str]]] = []
    for name in names:
        found = _outermost(exam, name, operator) or [query for query, _ in exam.telling(name, operator)]
        hits = [(q, {k for k in items if holds(q, items[k], ASSUMED, properties) is (operator != "!=")}) for q in found]
        bites += [min(hits, key=lambda pair: len(pair[1]))] if hits else []
    groups: list[tuple[list[Filter], set[str]]] = []
    for query, hit in sorted(bites, key=lambda pair: len(pair[1])):
        for group, union in groups:
            if len(group) < MOST - 1 and hit - union and len(union | hit) <= len(items) * 3 // 4:
                group.append(query)
                union.update(hit)
                break
        else:
            groups.append(([query], set(hit)))
    return [group for group, _ in groups]


def _outermost(exam: Examination, name: str, operator: str) -> list[Filter]:
    """For `>` and `<`: the bound that the fewest tickets pass."""
    if operator not in {">", "<"}:
        return []
    ordered = sorted(exam.world.panel.texts(name), key=int if name in exam.world.integers else str)
    return [Filter(name, operator, (ordered[-2 if operator == ">" else 1],))] if len(ordered) > 1 else []


def _ends(exam: Examination, strict: bool) -> Iterator[Finding]:
    """The first and the last part of a word, of which `like` finds both or neither, and the longest value, in which
    no pattern has a sign; and a whole one of foreign letters, which it finds.
    """
    texts, random = _texts(exam), exam.random("ends")
    starts = [(name, word[0][:-1]) for name, own in texts if (word := PIECE.match(own)) and len(word[0]) > 3]
    ends = [(name, word[1:]) for name, own in texts if own.endswith(word := (PIECE.findall(own) or [""])[-1]) and word]
    long = overlong("like", texts, longest_value(exam))
    its_own = [item for item in exam.world.panel.items.values() for name, own, _ in long if own in str(item.get(name))]
    starts, ends = (  # that find the longest text's own tickets no more than the longest value does
        [(name, part) for name, part in parts if len(part) > 2 and all(part not in str(i.get(name)) for i in its_own)]
        for parts in (starts, ends)
    )
    if starts and ends:
        first, second = (
            Filter(name, "like", (part,), called)
            for called, (name, part) in (("first", random.choice(starts)), ("second", random.choice(ends)))
        )
        filters = (first, second, *(Filter(name, "like", (value,), "third") for name, _, value in long))
        condition = either(*(Ref(str(each.name)) for each in filters))
        yield exam.check(Query(filters=filters, condition=condition, size=PAGE), case="parts of words", strict=strict)
    foreign = [(name, own) for name, own in texts if not own.isascii() and own.replace(" ", "").isalnum()]
    if foreign:
        name, own = random.choice(foreign)
        yield exam.check(
            Query(filters=(Filter(name, "like", (own,)),), size=PAGE), case="foreign letters", strict=strict
        )


def _near(exam: Examination, operator: str, strict: bool) -> Iterator[Finding]:
    """Values that a sloppy comparison takes for the same: other case, spaces, another normal form, wildcards."""
    if operator not in {"=", "!=", "like", "startwith", "endwith"}:
        return
    random = exam.random(f"near {operator}")
    texts = _texts(exam)
    long = overlong(operator, texts, longest_value(exam))
    if operator in {"=", "!="}:  # and the longest text itself, which a cut value would not find
        long += [(name, own, own) for name, own, _ in long]
    near = _apart(exam, operator, long, [*_other_key(exam, operator), *near_misses(random, texts)])
    if not near:
        return
    filters = [Filter(name, operator, (miss,), f"near{i}") for i, (name, _, miss) in enumerate(near)]
    used = {(name, own) for name, own, _ in near}
    key = exam.session.operation.query.key
    names, items = exam.world.scalars, exam.world.panel.items
    free = [key for key, item in items.items() if not used & {(name, item.get(name)) for name in names}]
    if operator == "!=" or not free:
        free = sorted(items)
    real = Filter(key, "!=" if operator == "!=" else "=", (free[0],), "real")
    join = both if operator == "!=" else either
    condition = join(*(Ref(str(each.name)) for each in (*filters, real)))
    query = Query(filters=(*filters, real), condition=condition, size=PAGE)
    # Nothing rides along: a filter that refuses the one ticket in question would hide what a sloppy service finds.
    yield exam.check(query, case=f"{operator} on near misses", strict=strict, riders=False)


def _other_key(exam: Examination, operator: str) -> list[tuple[str, str, str]]:
    """For an equality, a ticket's key in the other case, which is no key, or another's."""
    key, own = exam.session.operation.query.key, min(exam.world.panel.items)
    return [(key, own, own.swapcase())] if operator in {"=", "!="} and own.swapcase() != own else []


def _apart(
    exam: Examination, operator: str, long: list[tuple[str, str, str]], near: list[tuple[str, str, str]]
) -> list[tuple[str, str, str]]:
    """The `long` ones first, then those that do not find the same tickets anyway; as many as fit in a query."""
    items, properties = exam.world.panel.items.values(), exam.session.operation.item
    its_own = [item for item in items for name, own, _ in long if own in str(item.get(name))]

    def finds(name: str, value: str) -> bool:
        found = Filter(name, operator, (value,))
        return operator != "!=" and any(holds(found, item, ASSUMED, properties) is True for item in its_own)

    return [*long, *(each for each in near if not finds(each[0], each[2]))][: MOST - 2]


def longest_value(exam: Examination) -> int:
    """Characters that a value of a string filter may have."""
    values = exam.session.operation.member_schema("string_filters")["items"]["properties"]["values"]
    return int(values.get("items", {}).get("maxLength", 1000))


def _texts(exam: Examination) -> list[tuple[str, str]]:
    """The panel's texts of more than three characters, each with its property, which is free."""
    items = exam.world.panel.items.values()
    names = [name for name in exam.world.scalars if exam.is_free(name)]
    return [(n, own) for n in names for item in items if isinstance(own := item.get(n), str) and len(own) > 3]


def _several(exam: Examination, operator: str) -> Iterator[Finding]:
    """Several values on an operator for which the page tells of one: any of them, by assumption."""
    if operator in {"in", ">", "<"}:
        return
    random = exam.random(f"several {operator}")
    for name in random.sample(exam.world.scalars, len(exam.world.scalars)):
        found = [query for query, _ in exam.telling(name, operator) if len(query.values) == 1]
        if len({query.values for query in found}) > 1:
            values = (found[0].values[0], found[1].values[0])
            yield exam.check(
                Query(filters=(Filter(name, operator, values),), size=PAGE), case="two values", strict=True
            )
            return


BY_OPERATOR = tuple(each for operator in MEANINGS for each in _operator(operator))


def biting(exam: Examination, count: int, names: str) -> tuple[Filter, ...]:
    """`count` filters, each of which alone refuses some ticket of the panel that all the others let pass."""
    key = exam.session.operation.query.key
    own = sorted(exam.world.panel.items)
    refused = exam.random(f"biting {count}").sample(own, min(count, max(0, len(own) - 1)))
    others = [name for name in exam.world.scalars if name != key]
    called = {
        "a name each": [f"not{index}" for index in range(count)],
        "names of other properties": [*others, *(f"not{index}" for index in range(count))],
        "empty names": [""] * count,
    }.get(names, [None] * count)
    return tuple(Filter(key, "!=", (value,), name) for value, name in zip(refused, called, strict=False))


@relation(
    "COC-R-filters-and",
    says="Without a condition every string filter must hold: the first, the last, and each between.",
    about="string_filters",
)
@examined
def filters_and(exam: Examination) -> Iterator[Finding]:
    """Two, three and twenty filters, each with a ticket that only it refuses; with names and without."""
    cases = ((2, "names of other properties"), (MOST - 1, "a name each"), (MOST - 1, "no names"), (5, "empty names"))
    for count, names in cases:
        query = Query(filters=biting(exam, count, names), size=PAGE)
        yield exam.check(query, case=f"{count} filters, {names}")
    yield exam.check(_mixed(exam, 3), case="three operators")
    yield from _range(exam)


def _range(exam: Examination) -> Iterator[Finding]:
    """A lower and an upper bound on one property, which both bite."""
    for name in exam.world.integers[:1]:
        values = exam.world.panel.numbers(name)
        low, high = str(values[len(values) // 3]), str(values[len(values) * 2 // 3])
        between = (Filter(name, ">", (low,)), Filter(name, "<", (high,)))
        yield exam.check(Query(filters=between, size=PAGE), case="a range")


def _mixed(exam: Examination, count: int) -> Query:
    """Filters with different operators that a random ticket satisfies, and some other does not."""
    random = exam.random("mixed")
    filters = satisfied(exam, random, exam.world.panel, count)
    return Query(filters=tuple(shuffled(random, filters)), size=PAGE)


def satisfied(
    exam: Examination, random: Random, population: Population, count: int, strict: bool = False
) -> list[Filter]:
    """`count` filters that one random ticket surely satisfies, each refusing some other ticket where possible."""
    properties = exam.session.operation.item
    key = random.choice(sorted(population.items))
    item = population.items[key]
    chosen: list[Filter] = []
    reading = ASSUMED if strict else Reading()
    for name in shuffled(random, exam.world.scalars) if count else ():
        for operator in shuffled(random, tuple(MEANINGS)):
            query = _fitting(random, population, name, operator, item.get(name))
            if (
                query is None
                or not exam.session.operation.takes(operator)
                or not comparable(exam, name, operator, strict)
                or holds(query, item, reading, properties) is not True
            ):
                continue
            refuses = sum(holds(query, other, reading, properties) is False for other in population.items.values())
            if 0 < refuses < len(population.items):
                chosen.append(query)
                break
        if len(chosen) == count:
            break
    return chosen


def _fitting(  # noqa: PLR0911 - one an operator
    random: Random, population: Population, name: str, operator: str, value: object
) -> Filter | None:
    """A filter that a ticket with this value may satisfy."""
    own = text(value)
    others = population.texts(name)
    if own is None or not others:
        return None
    match operator:
        case "in":
            return Filter(
                name, operator, tuple(shuffled(random, sorted({own, *random.sample(others, min(2, len(others)))})))
            )
        case "=":
            return Filter(name, operator, (own,))
        case "!=":
            return Filter(name, operator, (random.choice(others),))
        case "like":
            return Filter(name, operator, (own,))
        case "startwith":
            return Filter(name, operator, (own[: random.randint(1, max(1, len(own)))],))
        case "endwith":
            return Filter(name, operator, (own[-random.randint(1, max(1, len(own))) :],))
        case _:
            return Filter(name, operator, (random.choice(others),))


@relation(
    "COC-R-filter-values",
    says="A filter looks at all of its values, up to 1,024 of them.",
    about="string_filters",
    operator="in",
)
@examined
def filter_values(exam: Examination) -> Iterator[Finding]:
    """`in` with the largest number of values: tickets named first, last, and at every hundred between are found."""
    operation = exam.session.operation
    schema = operation.member_schema("string_filters")["items"]["properties"]["values"]
    most = int(schema.get("maxItems", 100))
    own = sorted(exam.world.panel.items)
    places = sorted(
        {0, 1, 9, 10, 49, 50, 99, 100, 127, 128, 254, 255, 256, 499, 500, 511, 512, 767, 999, 1000, most - 1}
    )
    random = exam.random("values")
    real = random.sample(own, min(len(places), max(1, len(own) - 1)))
    values = [f"{own[0]}-no-{index}" for index in range(most)]
    for place, key in zip(shuffled(random, [p for p in places if p < most]), real, strict=False):
        values[place] = key
    if most > 10:
        values[2:5] = values[0], values[1], values[9]  # a value that comes twice still counts
        values[6] = next(key for key in own if key not in real).swapcase()  # which is another key
        values[5] = values[5].ljust(longest_value(exam), "0")
    for first, last in ((0, most), (0, min(101, most))):
        query = Query(filters=(Filter(operation.query.key, "in", tuple(values[first:last])),), size=PAGE)
        yield exam.check(query, case=f"{last - first} values", place=whole if exam.world.whole.scope is None else panel)


@relation(
    "COC-R-int-filters",
    says="Every integer filter must hold too, and compares as numbers.",
    about="int_filters",
)
@examined
def int_filters(exam: Examination) -> Iterator[Finding]:
    """Each order and equality on integers, alone, beside string filters, and twenty at once."""
    if not exam.session.operation.query.int_filters:
        yield vacuous("The operation has no integer filters.")
        return
    names = exam.world.integers
    if not names:
        yield vacuous("No property of the tickets is an integer.")
        return
    for index, filters in enumerate(_int_probes(exam, names)):
        alone, case = index == 0, " and ".join(f"{q.field} {q.operator}" for q in filters[:2])
        place = whole if alone else panel
        yield exam.check(Query(ints=filters, size=PAGE), case=case, place=place, riders=not alone)
    yield _huge(exam, names[0])
    key, count = exam.session.operation.query.key, len(exam.world.panel.items)
    for filters in _int_probes(exam, names)[:1]:
        paged = Query(ints=filters, sort=(key, "desc"), size=max(1, count // 5), page=2)
        yield exam.check(paged, case="sorted and paged")
    random = exam.random("beside")
    for filters in _int_probes(exam, names)[:3]:
        beside = tuple(satisfied(exam, random, exam.world.panel, 1))
        yield exam.check(Query(filters=beside, ints=filters, size=PAGE), case="beside a string filter")


def _huge(exam: Examination, name: str) -> Finding:
    """A number that fits in no column: whatever a service makes of it, it does not fail."""
    query = Query(ints=(Filter(name, ">", ("9" * 25,)),), size=1)
    answer = exam.ask(query)
    status, proof = answer.exchange.status or answer.exchange.error, evidence(answer)
    return held(f"{query}", proof) if status in (200, 400) else breach(f"{status}", "200 or 400", f"{query}", proof)


def _int_probes(exam: Examination, names: Sequence[str]) -> list[tuple[Filter, ...]]:
    """Integer filters that tell each operator from its rivals; then one with all bites in the last of many."""
    best: list[tuple[Filter, ...]] = []
    for operator in (">", "<", "=", "in", "!="):
        found = [pair for name in names for pair in exam.telling(name, operator)]
        if found:
            best.append((max(found, key=lambda pair: len(pair[1]))[0],))
    name = names[0]
    values = exam.world.panel.numbers(name)
    if len(values) > 4:
        loose = [Filter(name, ">", (str(values[0] - 1 - index),)) for index in range(MOST - 1)]
        best.append((*loose, Filter(name, "<", (str(values[len(values) // 2]),))))
        best.append((Filter(name, "<", (str(values[-2]),)), *loose))
        middle = str(values[len(values) // 2])
        best.append((Filter(name, ">", (f"-{middle.lstrip('-')}",)), Filter(name, "<", (middle,))))
    return best


FILTERS = (*BY_OPERATOR, filters_and, filter_values, int_filters)
