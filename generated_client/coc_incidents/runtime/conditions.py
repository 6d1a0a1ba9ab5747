# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Expressions as the wire has them: named filters, and a condition that joins the names."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import Any

from .errors import InvalidFilter
from .filters import Expression, Filter, Joined, Sort
from .operations import Query
from .spelling import attributes

Names = dict[Filter, str]


def compiled(where: Expression, query: Query) -> dict[str, Any]:
    """An expression as members of the request: named filters, and a condition where "all of them" does not do.

    Filters on integers that must hold in any case go to the integer filters. Raises `InvalidFilter` when a limit of the
    contract is exceeded.
    """
    if not isinstance(where, Expression):
        raise InvalidFilter(f'{where!r} is no filter; write one such as F.title == "x"', value=where)
    conjuncts = list(where.parts) if isinstance(where, Joined) and where.operator == "&" else [where]
    # One that the condition names as well stays with it: a name in both lists would be ambiguous.
    nested = {found for part in conjuncts if not isinstance(part, Filter) for found in _filters(part)}
    integers = [
        part
        for part in conjuncts
        if query.int_filters and isinstance(part, Filter) and part.is_integer and part not in nested
    ]
    others = [part for part in conjuncts if part not in integers]
    names, condition = _joined(
        _named(found for part in [*integers, *others] for found in _filters(part)), others, query
    )
    members: dict[str, Any] = {query.condition: condition} if condition else {}
    _put(members, query.int_filters, [_wire(found, names[found], query) for found in integers], query)
    _put(members, query.string_filters, [_wire(f, n, query) for f, n in names.items() if f not in integers], query)
    return members


def _joined(names: Names, parts: list[Expression], query: Query) -> tuple[Names, str]:
    """The condition that all parts hold, empty where it would say no more than that, and the names it is made of.

    The names tell what they are about, unless the condition would be too long with them. Raises `InvalidFilter` when it
    is too long with the shortest.
    """
    if all(isinstance(part, Filter) for part in parts):
        return names, ""
    whole = Joined("&", tuple(parts)) if len(parts) > 1 else parts[0]
    condition, longest = _condition(whole, names), query.longest_condition
    if longest and len(condition) > longest:
        names = {found: f"f{number}" for number, found in enumerate(names, 1)}
        condition = _condition(whole, names)
    if longest and len(condition) > longest:
        raise InvalidFilter(
            f"the condition has {len(condition):,} characters; at most {longest:,} are allowed",
            member=query.condition,
            value=condition,
        )
    return names, condition


def _named(filters: Iterable[Filter]) -> Names:
    names: Names = {}
    taken: set[str] = set()
    for found in dict.fromkeys(filters):
        names[found] = _name(found.field, taken)
        taken.add(names[found])
    return names


def _filters(part: Expression) -> Iterator[Filter]:
    if isinstance(part, Filter):
        yield part
    elif isinstance(part, Joined):
        for inner in part.parts:
            yield from _filters(inner)


def _name(field_name: str, taken: Container[str]) -> str:
    base = re.sub(r"[^A-Za-z0-9_]", "_", field_name)[:200] or "filter"
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    return name


def _wire(found: Filter, name: str, query: Query) -> Any:
    members = {"field": found.field, "operator": found.operator, "values": list(found.values), "name": name}
    return _made(query.filter_type, members)


def _put(members: dict[str, Any], member: str, filters: list[Any], query: Query) -> None:
    if not filters:
        return
    limit = query.limits.get(member)
    if limit is not None and len(filters) > limit:
        raise InvalidFilter(
            f"{len(filters)} different filters; {member} takes at most {limit}",
            member=member,
            value=filters,
            expected=f"at most {limit}",
        )
    members[member] = filters


def _condition(part: Expression, names: Names, *, inner: bool = False) -> str:
    """The condition's text. `&` within `|` gets parentheses as well: the page does not say which binds tighter."""
    if isinstance(part, Filter):
        return names[part]
    assert isinstance(part, Joined)
    text = f" {part.operator} ".join(_condition(each, names, inner=True) for each in part.parts)
    return f"({text})" if inner else text


def counted(name: str, where: Expression, query: Query) -> Any:
    """One named group of filters to count by; only `&` can join them, as a group has no condition."""
    if not isinstance(where, Expression):
        raise InvalidFilter(f"the count {name!r} is {where!r}, which is no filter", member=name, value=where)
    parts = where.parts if isinstance(where, Joined) and where.operator == "&" else (where,)
    filters = [part for part in parts if isinstance(part, Filter)]
    if len(filters) < len(parts):
        raise InvalidFilter(f"the count {name!r} joins filters by |; a count can only join them by &", member=name)
    return _made(query.count_type, {"name": name, "filters": [_wire(f, _name(f.field, ()), query) for f in filters]})


def sorted_by(sort: Sort, query: Query) -> Any:
    """A sort as the wire has it; the field stands in `values` as well, as in the page's example."""
    if not isinstance(sort, Sort):
        raise InvalidFilter(f"{sort!r} is no sort; write one such as F.title.asc()", member=query.sort, value=sort)
    members = {"field": sort.field, "operator": sort.direction, "values": [sort.field], "name": sort.field}
    return _made(query.sort_type, members)


def _made(kind: Any, members: dict[str, Any]) -> Any:
    """An object of a class, of those members that it has: a contract may do without names, or a sort's values."""
    return kind(**{name: value for name, value in members.items() if name in attributes(kind)})
