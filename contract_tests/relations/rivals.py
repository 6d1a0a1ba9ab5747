"""Chooses filter values that tell the right meaning of an operator from the wrong ones a service may have.

A rival is a wrong meaning: another operator, a folded case, a trimmed value, only the first of several values. For
each property the values are picked, from the texts that its tickets show, so that many rivals give another answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence, Set
from random import Random

from contract_tests.relations.learning import KINDS, Population
from contract_tests.relations.query import Filter
from contract_tests.relations.readings import ASSUMED, PATTERN, holds, is_integer, text

OPERATORS = ("in", "=", "!=", "like", "startwith", "endwith", ">", "<")
Rival = Callable[[str | None, Filter], bool]
#: Candidates looked at for one property and operator.
CANDIDATES = 6
#: Texts of a property that they are compared on.
TEXTS = 24
#: The rival that cuts values one character before the end of the target's longest text, as others do sooner: only a
#: filter with that text tells it.
CUT = "the longest value cut"


def exact(own: str | None, query: Filter) -> bool:
    """What the filter means under our reading, for a property with this text."""
    return holds(query, {query.field: own}, ASSUMED, {query.field: {}}) is True


def _as(operator: str) -> Rival:
    return lambda own, query: exact(own, Filter(query.field, operator, query.values))


def _on(change: Callable[[str], str]) -> Rival:
    """The same operator, both sides changed first."""

    def rival(own: str | None, query: Filter) -> bool:
        changed = Filter(query.field, query.operator, tuple(change(value) for value in query.values))
        return exact(None if own is None else change(own), changed)

    return rival


def _values(choose: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Rival:
    return lambda own, query: exact(own, Filter(query.field, query.operator, choose(query.values) or query.values))


def _cut(most: int) -> Rival:
    return _values(lambda values: tuple(value[: max(most, 0)] for value in values))


def _textual(own: str | None, query: Filter) -> bool:
    """`>` and `<` as text."""
    if own is None:
        return False
    return own > query.values[0] if query.operator == ">" else own < query.values[0]


def _inclusive(own: str | None, query: Filter) -> bool:
    return own == query.values[0] or exact(own, query)


def _latin(value: str) -> str:
    return value.encode().decode("latin-1")


RIVALS: dict[str, Rival] = {
    **{f"as {operator}": _as(operator) for operator in OPERATORS},
    "case folded": _on(str.casefold),
    "trimmed": _on(str.strip),
    "left of a space": _on(lambda value: value.split(" ")[0]),
    "normalised": _on(lambda value: unicodedata.normalize("NFKC", value)),
    "ASCII only": _on(lambda value: value.encode("ascii", "ignore").decode()),
    "first 10 characters": _on(lambda value: value[:10]),
    "quotes dropped": _on(lambda value: value.replace("'", "").replace('"', "")),
    "Latin-1": lambda own, query: exact(own, Filter(query.field, query.operator, tuple(map(_latin, query.values)))),
    "null is absent": lambda own, query: (own is None and "null" in query.values) or exact(own, query),
    "first value": _values(lambda values: values[:1]),
    "last value": _values(lambda values: values[-1:]),
    "all but the last value": _values(lambda values: values[:-1]),
    "all but the first value": _values(lambda values: values[1:]),
    "values joined": _values(lambda values: (",".join(values),)),
    "as text": _textual,
    "inclusive": _inclusive,
    "absent too": lambda own, query: own is None or exact(own, query),
    "everything": lambda own, query: True,  # noqa: ARG005 - a meaning that ignores both
    "nothing": lambda own, query: False,  # noqa: ARG005
}


def telling(
    random: Random, population: Population, name: str, operator: str, limit: int, *, longest: int, free: bool = True
) -> list[tuple[Filter, set[str]]]:
    """Up to `limit` filters on a property, most telling first, each with the rivals that it alone tells.

    The property is `free` when any text is a value to compare it with; one that may be a number or a flag is not.
    `longest` is the length of the longest text of all properties.
    """
    owns = _owns(random, population, name)
    open_ = {*RIVALS, CUT}
    chosen: list[tuple[Filter, set[str]]] = []
    scored = [(query, _beaten(query, owns, longest)) for query in candidates(random, owns, name, operator, free=free)]
    while len(chosen) < limit and scored:
        query, beaten = max(scored, key=lambda pair: len(pair[1] & open_))
        if not beaten & open_:
            break
        chosen.append((query, beaten & open_))
        open_ -= beaten
    return chosen


def _owns(random: Random, population: Population, name: str) -> set[str | None]:
    """Texts that the property has (None where it is absent), or a sample of them with the longest."""
    owns = {text(item.get(name)) for item in population.items.values()}
    if len(owns) <= TEXTS:
        return owns
    texts = sorted(own for own in owns if own is not None)
    return {*random.sample(texts, TEXTS), max(texts, key=len), *(owns & {None, ""})}


def _beaten(query: Filter, owns: Set[str | None], longest: int) -> set[str]:
    """The rivals that answer this filter otherwise; none when the right answer is empty or everything."""
    right = {own: exact(own, query) for own in owns}
    if len(set(right.values())) < 2:
        return set()
    rivals = {**RIVALS, CUT: _cut(longest - 1)}
    return {rule for rule, rival in rivals.items() if any(rival(own, query) != right[own] for own in owns)}


def candidates(
    random: Random, owns: Set[str | None], name: str, operator: str, *, free: bool = True
) -> Iterator[Filter]:
    """Filters worth looking at, on texts that the property has: one of each kind, the longest, then any."""
    texts = sorted(own for own in owns if own is not None)
    kinds = [next((own for own in texts if test(own)), None) for test in KINDS.values()]
    longest = max(texts, key=len, default="")
    for own in dict.fromkeys(
        [*(own for own in (*kinds, longest) if own), *random.choices(texts, k=CANDIDATES)] if texts else ()
    ):
        match operator:
            case "in":
                values = tuple(dict.fromkeys([own, *random.sample(texts, min(len(texts), random.choice((0, 1, 2))))]))
                yield Filter(name, operator, tuple(random.sample(values, len(values))))
                yield Filter(name, operator, (*mangled(own, free=free), random.choice(texts)))
            case "=" | "!=":
                yield Filter(name, operator, (own,))
            case "like" | "startwith" | "endwith":
                yield Filter(name, operator, (_part(random, own, operator),))
                if own == longest:
                    yield Filter(name, operator, (own,))
            case _:
                yield Filter(name, operator, (str(int(own) + random.choice((-1, 0, 1))) if is_integer(own) else own,))


def _part(random: Random, own: str, operator: str) -> str:
    """A prefix, a suffix, an inner part or the whole of a text."""
    length = random.randint(1, max(1, len(own)))
    start = {"startwith": 0, "endwith": len(own) - length}.get(operator, random.randint(0, max(0, len(own) - length)))
    return own[max(start, 0) : max(start, 0) + length]


SIGNS = re.compile(f"[{re.escape(''.join(sorted(PATTERN)))}]")
LONGER = "one character more"
#: Ways to write a text that a sloppy comparison takes for the same.
MANGLERS: dict[str, Callable[[str], str]] = {
    "other case": str.swapcase,
    "a space after": lambda own: f"{own} ",
    "a space before": lambda own: f" {own}",
    "decomposed": lambda own: unicodedata.normalize("NFD", own),
    "composed": lambda own: unicodedata.normalize("NFC", own),
    "an accent": lambda own: own.replace("e", "é", 1),
    "full width": lambda own: own.replace("1", "１", 1).replace("a", "ａ", 1),
    "wildcard _": lambda own: own[:1] + "_" + own[2:],
    "wildcard %": lambda own: own[:-1] + "%",
    "wildcard *": lambda own: own[:-1] + "*",
    "a list after brackets that nothing closes": lambda own: f"[({own},{own}",
    "any character": lambda own: own[:1] + "." + own[2:],
    "a quote": lambda own: own[:2] + "'" + own[2:],
    "a double quote": lambda own: own[:2] + '"' + own[2:],
    "a backslash": lambda own: own[:2] + "\\" + own[2:],
    "one character less": lambda own: own[:-1],
    LONGER: lambda own: f"{own}0",
    "without the first": lambda own: own[1:],
    "a percent escape": lambda own: f"{own[0]}%{ord(own[1]):02X}{own[2:]}" if len(own) > 1 and own.isascii() else own,
    "a plus for a space": lambda own: own.replace(" ", "+", 1),
    "the word for nothing": lambda own: "null",  # noqa: ARG005
}


def mangled(own: str, *, free: bool = True) -> tuple[str, ...]:
    """All near misses of one text; unless it is free those that are integers too, which any service can compare."""
    near = dict.fromkeys(near for change in MANGLERS.values() if (near := change(own)) != own)
    return tuple(each for each in near if free or (is_integer(each) and each == str(int(each))))


def overlong(operator: str, texts: Sequence[tuple[str, str]], most: int) -> list[tuple[str, str, str]]:
    """The longest text made as long as a value may be, as (property, text, near miss): cut anywhere, it is found.

    For `like` it is the longest part of a text without a sign that a pattern language gives a meaning.
    """
    if operator == "like":
        texts = [(name, part) for name, own in texts for part in SIGNS.split(own)]
    name, own = max(texts, key=lambda pair: len(pair[1]), default=("", ""))
    long = own.rjust(most, "0") if operator == "endwith" else own.ljust(most, "0")
    return [(name, own, long)] if 0 < len(own) < most else []


def near_misses(random: Random, texts: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """A near miss of each kind, as (property, text, near miss), on texts that show it; `overlong` makes those with
    more characters.
    """
    found = []
    for kind, change in MANGLERS.items():
        if kind == LONGER:
            continue
        able = [(name, own) for name, own in texts if change(own) != own]
        if able:
            name, own = random.choice(able)
            found.append((name, own, change(own)))
    return found
