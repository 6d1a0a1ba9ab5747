"""The whole: its pages hold each ticket once, and its totals and counts add up, however many tickets there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from contract_tests.exchange import Exchange
from contract_tests.ledger import Finding
from contract_tests.relation import Session, breach, holds, relation, vacuous
from contract_tests.relations.examination import Examination, evidence, examined
from contract_tests.relations.judging import Answer
from contract_tests.relations.learning import PLAIN, Keyless, World, complete
from contract_tests.relations.query import Filter, Query
from contract_tests.relations.readings import is_integer, text

#: Tickets that are paged through in small pages.
FEW = 9
#: Numbers that do not add up are asked for again; they must be the same so many times, or the tickets moved.
ALIKE = 3


@relation(
    "COC-R-page-partition",
    says="The pages of a query together hold each of its tickets once, as many as its total says.",
    about="page",
)
def page_partition(session: Session) -> Iterator[Finding]:
    """The census itself: full pages, no ticket twice, one total, and as many tickets as it says."""
    exam: Examination | None = session.notes.get("examination")
    if exam is None:
        why = session.notes.get("unlearnable")
        rest = (
            vacuous
            if isinstance(why, Keyless)
            else partial(breach, documented="a plain query is answered 200, with tickets")
        )
        yield rest(f"{why}")
        return
    world = exam.world
    wrong = _walked(session, world)
    if wrong is not None and exam.moved():
        yield vacuous("The tickets moved while their pages were read.")
        return
    proof = tuple(exchange for _, exchange in world.walk)
    if wrong is not None:
        yield breach(
            wrong, "every page but the last is full, no ticket is on two, their number is the total", "census", proof
        )
    elif len(world.walk) > 1:
        yield holds("census", proof)
    yield from _small_walks(exam)


def _walked(session: Session, world: World) -> str | None:
    """What is wrong with the pages of the census, or None."""
    pages = [[item for item in session.items(exchange) if isinstance(item, dict)] for _, exchange in world.walk]
    totals = {session.total(exchange) for _, exchange in world.walk}
    if len(totals) > 1:
        return f"the pages of one query tell the totals {sorted(map(str, totals))}"
    held, total = sum(map(len, pages)), next(iter(totals))
    if (double := _double(session, world, pages)) is not None:
        return double
    if complete(session, world.walk, held):
        size = PLAIN.page_size(session.operation)
        short = next((index for index, page in enumerate(pages[:-1]) if len(page) != size), None)
        if short is not None:
            return f"page {short + 1} holds {len(pages[short])} tickets of {size}, and page {short + 2} goes on"
        wrong = total != held and (total is not None or held > 0)
    else:
        wrong = total is not None and total < held
    return f"the total is {total}, the pages hold {held}" if wrong else None


def _double(session: Session, world: World, pages: Sequence[Sequence[dict[str, Any]]]) -> str | None:
    """A ticket that is on two pages of a sure order, or None; those without a key, nothing tells apart."""
    key = session.operation.query.key
    counts = Counter(str(item[key]) for page in pages for item in page if item.get(key) is not None)
    double = next((name for name, times in counts.items() if times > 1), None)
    ordered = session.operation.query.sort is None or world.walk[0][0].sort is not None
    return f"{double} is on {counts[double]} pages" if double is not None and ordered else None


def _small_walks(exam: Examination) -> Iterator[Finding]:
    """All pages of a few tickets, in pages of 4 and of 5: in the default order, and sorted."""
    count = len(exam.world.panel.items)
    if count < 3:
        yield vacuous("Fewer than three tickets make no pages.")
        return
    default = exam.session.operation.query.default_sort or {}
    for size, sort in ((4, None), (5, (exam.session.operation.query.key, "desc"))):
        few = tuple(sorted(exam.world.panel.items)[:FEW])
        query = Query(scope=few, size=size, sort=sort)
        answers = [exam.ask(query.with_(page=page)) for page in range(1, -(-len(few) // size) + 1)]
        keys = [str(item.get(exam.session.operation.query.key)) for answer in answers for item in answer.items]
        # Fewer would fall by chance, in a service whose default order is none.
        ordered = sort is not None or (len(few) == FEW and _falls(answers, str(default.get("field"))))
        case = f"{len(few)} tickets in pages of {size}, {'sorted' if sort else 'unsorted'}"
        if not ordered:
            yield vacuous("The default order is not the assumed one, so nothing is known of ties.", case)
        elif sorted(_untied(exam, keys, None if sort else default.get("field"))) != sorted(
            _untied(exam, few, None if sort else default.get("field"))
        ):
            found = breach(f"the pages hold {sorted(keys)}", f"each of {sorted(few)} once", case, evidence(*answers))
            yield vacuous("The tickets moved.", case) if exam.moved() else found
        else:
            yield holds(case, evidence(*answers))


def _falls(answers: list[Answer], name: str) -> bool:
    """Whether the tickets, page after page, fall by the property."""
    values = [item.get(name) for answer in answers for item in answer.items]
    numbers = [int(value) for value in map(text, values) if value is not None and is_integer(value)]
    return bool(numbers) and all(a >= b for a, b in pairwise(numbers))


def _untied(exam: Examination, keys: Any, name: str | None) -> list[str]:
    """The keys, without those whose value of `name` another ticket shares: only their place is sure."""
    if name is None:
        return list(keys)
    items = exam.world.panel.items
    values = Counter(items[key].get(name) for key in items)
    return [key for key in keys if key in items and values[items[key].get(name)] == 1]


@relation(
    "COC-R-totals-add-up",
    says="Totals and counts add up: of two values to that of both, of a filter and its opposite to the whole, and no "
    "ticket stands behind the total.",
    about="total_wanted",
    needs=("total", "string_filters"),
)
@examined
def totals_add_up(exam: Examination) -> Iterator[Finding]:
    """Numbers alone are compared, so that targets too large to be known are held to their totals, too."""
    yield from _behind(exam)
    key, own = exam.session.operation.query.key, min(exam.world.whole.items)
    known = exam.world.whole.scope is None  # so that every total was judged by itself
    if not known and not _some_keyless(exam):
        opposites = (Filter(key, "=", (own,)), Filter(key, "!=", (own,)))
        yield _adds("a filter and its opposite", _totals(exam, *((each,) for each in opposites), ()))
    values = _two_values(exam)
    if values is None:
        yield vacuous("No property has two values.")
        return
    name, one, other = values
    groups = ((Filter(name, "=", (one,)),), (Filter(name, "=", (other,)),), (Filter(name, "in", (one, other)),))
    counts = exam.session.operation.query.counts
    if not known or not counts:
        yield _adds(f"totals by {name}", _totals(exam, *groups))
    if counts:
        yield _adds(f"counts by {name}", lambda: [exam.again(Query(counts=groups, size=1))])


def _behind(exam: Examination) -> Iterator[Finding]:
    """The page behind the total, where the target is too large to be read whole: nothing new stands there."""
    session, (query, first) = exam.session, exam.world.walk[0]
    seen = [item for _, exchange in exam.world.walk for item in session.items(exchange) if isinstance(item, dict)]
    total, size = session.total(first), query.page_size(session.operation)
    if not total or complete(session, exam.world.walk, len(seen)) or session.operation.pagination.page is None:
        return
    past = exam.again(query.with_(page=-(-total // size) + 1))
    case, key = f"page {-(-total // size) + 1}, behind the total", session.operation.query.key
    new = {str(item[key]) for item in past.items if item.get(key) is not None} - {str(item.get(key)) for item in seen}
    if past.total not in (None, total):
        yield vacuous("The total moved.", case, evidence(past))
    elif new and query.sort is not None:
        yield breach(f"it shows {min(new)}, the total is {total}", "no further ticket", case, (first, past.exchange))
    else:
        yield holds(case, evidence(past))


def _some_keyless(exam: Examination) -> bool:
    """Whether a ticket was seen without a key, or may be where nobody looked: sorted by key, it is first or last."""
    key = exam.session.operation.query.key
    items = [item for _, exchange in exam.world.walk for item in exam.session.items(exchange)]
    unsorted = exam.world.whole.scope is not None and exam.world.walk[0][0].sort is None
    return unsorted or not all(isinstance(item, dict) and item.get(key) is not None for item in items)


def _two_values(exam: Examination) -> tuple[str, str, str] | None:
    """The property of which two values have the most tickets, and the two."""
    items, best = exam.world.whole.items.values(), (0, "", "", "")
    for name in exam.world.scalars:
        counts = Counter(own for item in items if (own := text(item.get(name)))).most_common(2)
        if len(counts) == 2:
            (one, many), (other, more) = counts
            best = max(best, (many + more, name, one, other))
    return best[1:] if best[0] else None


def _totals(exam: Examination, *groups: tuple[Filter, ...]) -> Callable[[], list[Answer]]:
    """Asks for the total of each group of filters."""
    return lambda: [exam.again(Query(filters=group, size=1)) for group in groups]


def _adds(case: str, ask: Callable[[], list[Answer]]) -> Finding:
    """Whether the first two numbers add up to the third; wrong when they never do, and are the same each time."""
    seen: list[list[int]] = []
    proof: tuple[Exchange, ...] = ()
    while len(seen) < ALIKE:
        answers = ask()
        proof = evidence(*answers)
        counts = answers[0].counts if len(answers) == 1 else [answer.total for answer in answers]
        if not isinstance(counts, list) or not all(isinstance(number, int) for number in counts) or len(counts) != 3:
            return vacuous(f"No three numbers: {counts}", case, proof)
        if counts[0] + counts[1] == counts[2]:
            return holds(case, proof) if counts[0] and counts[1] else vacuous("They tell nothing.", case, proof)
        seen.append(counts)
    if any(numbers != seen[0] for numbers in seen):
        return vacuous("The tickets moved.", case, proof)
    one, other, both = seen[0]
    return breach(f"{one} and {other}, and {both} together", f"{one + other} together", case, proof)
