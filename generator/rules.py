"""One rule a keyword: what its change does to the values that are allowed. Direction comes later, in `changes`.

The bounds of numbers are four keywords that speak of one thing; they are in `intervals`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from generator.changes import Effect

Step: TypeAlias = tuple[str, Any, Any, Effect, str]
"""One change of a keyword: its name, the value before and after (None: absent), the effect, and what the client's user
notices (`{member}` is filled in)."""

Rule: TypeAlias = Callable[[str, Any, Any], Iterator[Step]]
"""Gets the keyword and the values before and after (None: absent); the two differ."""

NOTES = (
    "title",
    "summary",
    "description",
    "examples",
    "example",
    "externalDocs",
    "$comment",
)
ALL_TYPES = frozenset(("array", "boolean", "integer", "null", "number", "object", "string"))
WIDER_FORMATS = {("int32", "int64"), ("float", "double")}

CHECKED = "checks `{member}` against the new bound before it sends"
_ANNOTATED = "the type of `{member}` changes"


def by_size(low: bool) -> Rule:
    """A bound of a length or a count: raising a lower one tightens, raising an upper one loosens."""

    def rule(keyword: str, before: Any, after: Any) -> Iterator[Step]:
        if low and not before and not after:
            yield keyword, before, after, Effect.WORDS, ""  # a length of at least 0 says nothing
            return
        tighter = before is None or (after is not None and (after > before if low else after < before))
        yield keyword, before, after, Effect.TIGHTER if tighter else Effect.LOOSER, CHECKED

    return rule


def types(_: str, before: Any, after: Any) -> Iterator[Step]:
    """`type`: a set of names, of which integer is a part of number."""
    old, new = type_set(before), type_set(after)
    effect = by_sets(_with_parts(old), _with_parts(new))
    yield "type", _spelled(old), _spelled(new), effect, _ANNOTATED


def _spelled(names: frozenset[str]) -> str:
    return " or ".join(sorted(names)) if names != ALL_TYPES else "any"


def type_set(names: Any) -> frozenset[str]:
    """The types that `type` names; all of them where it is absent."""
    return frozenset([names] if isinstance(names, str) else names) if names else ALL_TYPES


def _with_parts(names: frozenset[str]) -> frozenset[str]:
    return names | {"integer"} if "number" in names else names


def by_sets(old: frozenset[Any], new: frozenset[Any]) -> Effect:
    """Of two sets of values: a subset is tighter, a superset looser."""
    if old == new:
        return Effect.WORDS
    return Effect.TIGHTER if new < old else Effect.LOOSER if new > old else Effect.OTHER


def nulls(_: str, before: Any, after: Any) -> Iterator[Step]:
    """Whether null is allowed."""
    yield (
        "null",
        before,
        after,
        Effect.LOOSER if after else Effect.TIGHTER,
        "`{member}` may be None" if after else "`{member}` is never None",
    )


def enums(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """A closed set of values, each gained or lost; without a set every value is allowed."""
    if before is None or after is None:
        effect = Effect.TIGHTER if before is None else Effect.LOOSER
        yield (
            keyword,
            before,
            after,
            effect,
            "`{member}` becomes a closed set" if before is None else "`{member}` is open",
        )
        return
    old, new = ({identity(value): value for value in values} for values in (before, after))
    for key in old.keys() - new.keys():
        yield keyword, old[key], None, Effect.TIGHTER, "the type checker refuses this value of `{member}`"
    for key in new.keys() - old.keys():
        yield keyword, None, new[key], Effect.LOOSER, "the type of `{member}` takes one more value"
    if old.keys() == new.keys():
        yield keyword, before, after, Effect.WORDS, ""


def by_presence(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """A constraint that cannot be compared: added it tightens, removed it loosens, changed it does both."""
    effect = Effect.TIGHTER if before is None else Effect.LOOSER if after is None else Effect.OTHER
    yield keyword, before, after, effect, ""


def formats(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """`format`: like a constraint, but int32 is a part of int64."""
    if (before, after) in WIDER_FORMATS:
        yield keyword, before, after, Effect.LOOSER, ""
    elif (after, before) in WIDER_FORMATS:
        yield keyword, before, after, Effect.TIGHTER, ""
    else:
        yield from ((*step[:4], _ANNOTATED) for step in by_presence(keyword, before, after))


def multiples(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """`multipleOf`: a multiple of the old step allows less, a divisor more."""
    if before is None or after is None:
        yield from by_presence(keyword, before, after)
        return
    effect = Effect.TIGHTER if after % before == 0 else Effect.LOOSER if before % after == 0 else Effect.OTHER
    yield keyword, before, after, effect, CHECKED


def switches(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """`uniqueItems`: true tightens, false says nothing."""
    if bool(before) == bool(after):
        yield keyword, before, after, Effect.WORDS, ""
    else:
        yield keyword, before, after, Effect.TIGHTER if after else Effect.LOOSER, ""


def extras(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """`additionalProperties` and its like: false forbids, true (or nothing) allows, a schema lies between."""
    rank = [1 if isinstance(value, dict) else 0 if value is False else 2 for value in (before, after)]
    effect = Effect.WORDS if rank[0] == rank[1] else Effect.TIGHTER if rank[1] < rank[0] else Effect.LOOSER
    if before is None and effect is Effect.WORDS:
        yield keyword, None, after, effect, ""
    else:
        yield keyword, before, after, effect, "members that the schema does not name are treated otherwise"


def defaults(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """A default changed or removed gives those who say nothing something else; a default added is said of what was."""
    effect = Effect.ADDITION if before is None else Effect.LOSS
    yield keyword, before, after, effect, "who leaves `{member}` out gets something else" if before is not None else ""


def words(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """Words for people."""
    yield keyword, before, after, Effect.WORDS, ""


def additions(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """What changes nothing that worked: `deprecated`, display names."""
    yield keyword, before, after, Effect.ADDITION, ""


def offers(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """A way that is open to callers: opened it is news, closed it is missed by who took it."""
    effect = Effect.WORDS if bool(before) == bool(after) else Effect.ADDITION if after else Effect.LOSS
    yield keyword, before, after, effect, ""


def known_values(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """An open set: a value gained is news, a value lost takes a constant of the client away."""
    for value in [value for value in before or [] if value not in (after or [])]:
        yield keyword, value, None, Effect.LOSS, "the constant of this value of `{member}` is gone"
    for value in [value for value in after or [] if value not in (before or [])]:
        yield keyword, None, value, Effect.ADDITION, "a constant for this value of `{member}`"
    if before and after and sorted(before) == sorted(after):
        yield keyword, before, after, Effect.WORDS, ""


_ORDERED = {"x-query.columns": (Effect.ADDITION, "a table shows its columns in another order")}
"""Lists whose order is seen."""


def success_values(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """Values that mean success: one lost turns answers into errors."""
    gained = "an answer with this value is returned, and no longer raises"
    yield from _entries(keyword, before or [], after or [], "an answer with this value raises", gained)


def _entries(keyword: str, before: list[Any], after: list[Any], lost: str, gained: str) -> Iterator[Step]:
    """A list of values, each lost or gained, with what it means to the client's user."""
    for value in [value for value in before if value not in after]:
        yield keyword, value, None, Effect.LOSS, lost
    for value in [value for value in after if value not in before]:
        yield keyword, None, value, Effect.ADDITION, gained
    if len(before) == len(after) and all(value in after for value in before):
        yield keyword, before, after, *_ORDERED.get(keyword, (Effect.WORDS, ""))


def one_way(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """`readOnly` takes a member out of requests, `writeOnly` out of answers; without them it travels both ways."""
    effect = Effect.TIGHTER if keyword == "readOnly" else Effect.LOOSER
    yield keyword, before, after, effect if after else Effect.WORDS if before is None else Effect.ADDITION, ""


def meanings(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """What gives a value its Python type (`x-timestamp`) or name: any change is felt."""
    yield keyword, before, after, Effect.LOSS, _ANNOTATED


def member_by_member(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """An extension with members (`x-query`): one gained is news, one lost or changed breaks what rests on it."""
    if not isinstance(before or {}, dict) or not isinstance(after or {}, dict):
        yield keyword, before, after, Effect.LOSS, ""
        return
    old, new = before or {}, after or {}
    for name in [*old, *[name for name in new if name not in old]]:
        if old.get(name) != new.get(name):
            yield from _member_steps(f"{keyword}.{name}", old.get(name), new.get(name))


# Members of extensions that have a size or are a set: a gain is news whatever else stands there.
_SIZES = ("window_seconds", "max_body_bytes")


def _member_steps(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    if isinstance(before, list) and isinstance(after, list):
        yield from _entries(keyword, before, after, "what rests on it works otherwise", "")
        return
    grown = keyword.endswith(_SIZES) and before is not None and after is not None and after > before
    effect = Effect.ADDITION if before is None or grown else Effect.LOSS
    yield keyword, before, after, effect, "" if effect is Effect.ADDITION else "what rests on it works otherwise"


def by_id(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """A list of entries with an `id` (`x-assumption`), each gained, lost or worded anew.

    `keywords` decides what the gate only warns of: no caller and no reader breaks, and it is more than words.
    """
    old, new = ({entry["id"]: entry for entry in entries or []} for entries in (before, after))
    for name in [*old, *[name for name in new if name not in old]]:
        one, other = old.get(name, {}), new.get(name, {})
        for member in [member for member in ("says", "keywords") if one.get(member) != other.get(member)]:
            effect = Effect.WORDS if member == "says" else Effect.ADDITION
            yield f"{keyword}.{name}", one.get(member), other.get(member), effect, ""


def sources(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """`x-source`: words, unless it decides whether the page says so, and with it whether a breach fails the gate."""
    public = [isinstance(value, dict) and "public" in value for value in (before, after)]
    yield keyword, before, after, Effect.WORDS if public[0] == public[1] else Effect.ADDITION, ""


def unknown(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """A keyword without a rule counts as breaking, so that nothing slips through; an unknown extension is words."""
    effect = Effect.WORDS if keyword.startswith("x-") else Effect.OTHER
    yield keyword, before, after, effect, "" if keyword.startswith("x-") else "no rule is known for this keyword"


LEAST = ("minLength", "minItems", "minProperties", "minContains")
MOST = ("maxLength", "maxItems", "maxProperties", "maxContains")

RULES: dict[str, Rule] = {
    **dict.fromkeys(LEAST, by_size(low=True)),
    **dict.fromkeys(MOST, by_size(low=False)),
    **dict.fromkeys(NOTES, words),
    **dict.fromkeys(("pattern", "contentMediaType", "contentEncoding", "contains", "propertyNames"), by_presence),
    **dict.fromkeys(("unevaluatedProperties", "unevaluatedItems", "additionalProperties"), extras),
    "type": types,
    "null": nulls,
    "format": formats,
    "multipleOf": multiples,
    "uniqueItems": switches,
    "readOnly": one_way,
    "writeOnly": one_way,
    "enum": enums,
    "default": defaults,
    "deprecated": additions,
    "allowEmptyValue": offers,
    "callbacks": member_by_member,
    "discriminator": member_by_member,
    "x-extensible-enum": known_values,
    "x-enum-labels": additions,
    "x-timestamp": meanings,
    "x-success-values": success_values,
    "x-pagination": member_by_member,
    "x-query": member_by_member,
    "x-display-names": member_by_member,
    "x-assumption": by_id,
    "x-source": sources,
    "x-request-signing": member_by_member,
}


def identity(value: Any) -> str:
    """A JSON value as text that tells 1 from true, and not 1 from 1.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True)


def steps(keyword: str, before: Any, after: Any) -> Iterator[Step]:
    """The changes of one keyword, by its rule; nothing when the values are equal."""
    if identity(before) == identity(after):
        return
    yield from RULES.get(keyword, unknown)(keyword, before, after)
