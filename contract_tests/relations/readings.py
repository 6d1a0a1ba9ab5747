"""What a filter, a condition and an order mean, under every reading that the page allows.

Truth has three values: True and False where all readings agree (given the choices of one `Reading`), None where the
page leaves it open. `ASSUMED` is the contract's own reading, in which nothing is open.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import product
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

from attrs import frozen

from contract_tests.relations.query import Expression, Filter, Flat, Join, Query, Ref, Spelled, named

Item = Mapping[str, Any]
Truth = bool | None
WILD = {"%": ".*", "_": "."}
#: What an escape, a glob or a regular expression gives a meaning; what `like` makes of these, the page leaves open.
PATTERN = frozenset("\\*?.[]{}()^$+|")
#: Where the contract lists a property's codes, to which tenants add; how they compare, only the service knows.
CODES = "x-extensible-enum"
TEXTUAL = frozenset({"like", "startwith", "endwith"})
SHAPES = str.maketrans(ascii_lowercase + ascii_uppercase + digits, "a" * 26 + "A" * 26 + "9" * 10)
PIECE = re.compile(r"[0-9]+|[A-Za-zÀ-ɏ]+|[^\W_0-9A-Za-zÀ-ɏ]")
ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


@frozen
class Reading:
    """One consistent way to read the points on which correct services differ. `strict` closes all other open points."""

    # contains-wild: % and _ are wildcards; pattern: and the value is the whole text; whole; words: full-text search
    like: str = "contains"
    fold: str = "none"  # of `like`: ascii, full, accents
    affix: str = "none"  # the same of `startwith` and `endwith`
    precedence: str = "&"  # |: binds tighter; left, right: neither does
    unnamed: str = "ignored"  # applied
    counts: str = "own"  # main: counted among the tickets that the main filters select
    strict: bool = False


ASSUMED = Reading(strict=True)
#: Every reading that a correct service may have; one run narrows them by what the target shows.
READINGS = tuple(
    Reading(*choice)
    for choice in product(
        ("contains", "contains-wild", "pattern", "whole", "words"),
        ("none", "ascii", "full", "accents"),
        ("none", "ascii", "full", "accents"),
        ("&", "|", "left", "right"),
        ("ignored", "applied"),
        ("own", "main"),
    )
)


def text(value: Any) -> str | None:
    """The text form that filters compare; None for an absent or null property."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def is_integer(value: str) -> bool:
    """Whether the text is a decimal integer of at most 18 digits."""
    return re.fullmatch(r"-?[0-9]{1,18}", value) is not None


def is_number(value: str) -> bool:
    """Whether the text is a number as JSON writes them, of moderate size."""
    return re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18})?([eE][-+]?[0-9]{1,2})?", value) is not None


def holds(query: Filter, item: Item, reading: Reading, properties: Mapping[str, Any]) -> Truth:  # noqa: PLR0911 - one an operator
    """Whether the item satisfies the filter."""
    if query.field not in properties:
        return None
    value = item.get(query.field)
    if value is None:
        return _absent(query, reading)
    own = text(value) or ""
    match query.operator:
        case "=" | "in":
            return _equal(query, own, reading)
        case "!=":
            return (
                False
                if own in query.values and (reading.strict or set(query.values) == {own})
                else _open(own not in query.values)
            )
        case "like" | "startwith" | "endwith":
            if not (reading.strict or is_free(properties[query.field])):
                return None
            if query.operator == "like" and not reading.strict and PATTERN & set("".join(query.values)):
                return None
            found = [_matches(query.operator, own, each, reading) for each in query.values]
            if None in found:
                return None
            return any(found) if reading.strict or len(set(found)) == 1 else None
        case ">" | "<":
            return _beyond(query, value, own, reading, properties[query.field])
        case _:
            return None


def is_free(schema: Mapping[str, Any]) -> bool:
    """Whether a property is a text and nothing else, so that a service can compare it with any text and its parts."""
    return schema.get("type") in ("string", ["string"])


def _open(sure: bool) -> Truth:
    return True if sure else None


def _absent(query: Filter, reading: Reading) -> Truth:
    """An absent property: only `!=` may hold, unless the service leaves out empty text."""
    if query.operator == "!=":
        return True if reading.strict else None
    if reading.strict or "" not in query.values or query.operator in {">", "<"}:
        return False
    return None


def _equal(query: Filter, own: str, reading: Reading) -> Truth:
    """`in` is any of the values; so is `=`, by assumption, when it has several."""
    if own not in query.values:
        return False
    return True if reading.strict or query.operator == "in" or set(query.values) == {own} else None


def _matches(operator: str, own: str, value: str, reading: Reading) -> Truth:
    fold = FOLDS[reading.fold if operator == "like" else reading.affix]
    own, value = fold(own), fold(value)
    if operator == "startwith":
        return own.startswith(value)
    if operator == "endwith":
        return own.endswith(value)
    if reading.like == "whole":
        return own == value
    if reading.like == "words":
        return _by_words(own, value)
    if reading.like == "contains" or (reading.like == "contains-wild" and not WILD.keys() & set(value)):
        return value in own
    pattern = "".join(WILD.get(char, re.escape(char)) for char in value)
    whole = pattern if reading.like == "pattern" else f".*{pattern}.*"
    return re.fullmatch(whole, own, re.DOTALL) is not None


def _by_words(own: str, value: str) -> Truth:
    """Full-text search: sure of a text that is the value, and of one without a piece of it; which words it takes for
    words, and whether any or all must be there, is its own affair.
    """
    shared = _pieces(own) & _pieces(value)
    return None if (shared and own != value) or not _pieces(value) else bool(shared)


@lru_cache(maxsize=1 << 14)
def _pieces(value: str) -> frozenset[str]:
    """The finest words of a text: runs of Latin letters, runs of digits, single letters of other scripts."""
    return frozenset(PIECE.findall(value))


@lru_cache(maxsize=1 << 14)
def _primary(value: str) -> str:
    """As collations that are blind to case, accents and width compare."""
    if value.isascii():
        return value.lower()
    letters = unicodedata.normalize("NFKD", value.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache(maxsize=1 << 14)
def gist(value: str) -> str:
    """What no collation takes for the same in two texts: letters and digits, without case, accents, leading zeros."""
    return re.sub("(?<![0-9])0+(?=[0-9])", "", re.sub(r"[\W_]", "", _primary(value)))


FOLDS: dict[str, Callable[[str], str]] = {
    "none": str,
    "ascii": lambda value: value.translate(ASCII_LOWER),
    "full": str.casefold,
    "accents": _primary,
}


def _beyond(query: Filter, value: Any, own: str, reading: Reading, schema: Mapping[str, Any]) -> Truth:
    """`>` and `<`: as numbers when both are integers, or numbers where the property holds such; sure only where every
    ordering of text agrees.
    """
    bound = query.values[0]
    sign = 1 if query.operator == ">" else -1
    if len(set(query.values)) > 1 and not reading.strict:
        return None
    numbers = is_integer if "number" not in schema.get("type", ()) else is_number
    if numbers(own) and numbers(bound):
        if reading.strict or not isinstance(value, str | float) or shape(own) == shape(bound):
            return sign * Decimal(own).compare(Decimal(bound)) > 0
        return None
    if own == bound:
        return False
    if reading.strict or (shape(own) == shape(bound) and not schema.get(CODES)):
        return (own > bound) == (sign > 0)
    return None


def shape(value: Any) -> Any:
    """Values of one shape sort alike in every collation: digits, small and capital letters stand at the same places."""
    if isinstance(value, int):
        return "number"
    return value.translate(SHAPES)


def selected(query: Query, item: Item, reading: Reading, properties: Mapping[str, Any]) -> Truth:
    """Whether the main filters select the item."""
    integers = conjunction(holds(each, item, reading, properties) for each in query.ints)
    if query.condition is None:
        return conjunction((integers, *(holds(each, item, reading, properties) for each in query.filters)))
    truths = {str(each.name): holds(each, item, reading, properties) for each in query.filters}
    result = value_of(query.condition, truths, reading.precedence)
    if reading.unnamed == "applied":
        rest = truths.keys() - named(query.condition)
        result = conjunction((result, *(truths[name] for name in rest)))
    if not reading.strict and query.ints and integers is not True:
        # Whether int filters apply beside a condition is assumed; that they select nothing more is not.
        return False if result is False else None
    return conjunction((result, integers))


def value_of(expression: Expression, truths: Mapping[str, Truth], precedence: str) -> Truth:
    """The value of a condition."""
    match expression:
        case Ref(name):
            return truths[name]
        case Spelled(inner, _):
            return value_of(inner, truths, precedence)
        case Join(operator, parts):
            return _join(operator, [value_of(part, truths, precedence) for part in parts])
        case Flat(names, operators):
            return _flat([truths[name] for name in names], list(operators), precedence)


def _flat(values: list[Truth], operators: list[str], precedence: str) -> Truth:
    """Join neighbours by the tighter operator first, or from one side."""
    if precedence == "right":
        while operators:
            values[-2:] = [_join(operators.pop(), values[-2:])]
        return values[0]
    for tight in (precedence, {"&": "|", "|": "&", "left": "left"}[precedence]):
        index = 0
        while index < len(operators):
            if tight in {"left", operators[index]}:
                values[index : index + 2] = [_join(operators.pop(index), values[index : index + 2])]
            else:
                index += 1
    return values[0]


def _join(operator: str, values: Iterable[Truth]) -> Truth:
    return conjunction(values) if operator == "&" else negation(conjunction(negation(value) for value in values))


def conjunction(values: Iterable[Truth]) -> Truth:
    """Three-valued AND."""
    seen = set(values)
    return False if False in seen else None if None in seen else True


def negation(value: Truth) -> Truth:
    """Three-valued NOT."""
    return None if value is None else not value


def topics(query: Query) -> Iterator[str]:
    """The choices of a Reading that the query's answer depends on."""
    everything = [*query.filters, *query.ints, *(each for group in query.counts or () for each in group)]
    operators = {each.operator for each in everything}
    if "like" in operators:
        yield from ("like", "fold")
    if operators & {"startwith", "endwith"}:
        yield "affix"
    if query.condition is not None:
        if _is_mixed(query.condition):
            yield "precedence"
        if {str(each.name) for each in query.filters} - named(query.condition):
            yield "unnamed"
    if query.counts and (query.filters or query.ints):
        yield "counts"


def _is_mixed(expression: Expression) -> bool:
    match expression:
        case Flat(_, operators):
            return len(set(operators)) > 1
        case Join(_, parts):
            return any(_is_mixed(part) for part in parts)
        case Spelled(inner, _):
            return _is_mixed(inner)
        case Ref():
            return False
