"""Queries as values: filters, condition expressions and everything beside them, and the request body they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, frozen

from contract_tests.contract import Operation

SCOPE = "scope"


@frozen
class Filter:
    """One ObjectFilterV2: compares `field` with `values` (all text). `name` is what a condition calls it."""

    field: str
    operator: str
    values: tuple[str, ...]
    name: str | None = None

    @property
    def body(self) -> dict[str, Any]:
        """As the request has it."""
        named = {"name": self.name} if self.name is not None else {}
        return {"field": self.field, "operator": self.operator, "values": list(self.values), **named}

    def __str__(self) -> str:
        shown = [repr(value if len(value) <= 40 else value[:39] + "…") for value in self.values[:4]]
        more = f", … {len(self.values)} values" if len(self.values) > 4 else ""
        return f"{self.field} {self.operator} {', '.join(shown)}{more}"


@frozen
class Ref:
    """A filter's name in a condition."""

    name: str

    def __str__(self) -> str:
        return self.name


@frozen
class Join:
    """Parts joined by `&` or `|`, parenthesised wherever a part is itself a join: one meaning under every reading."""

    operator: str
    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        return f" {self.operator} ".join(str(part) if isinstance(part, Ref) else f"({part})" for part in self.parts)


@frozen
class Flat:
    """Names joined by mixed operators without parentheses: `a | b & c`; what it means depends on precedence."""

    names: tuple[str, ...]
    operators: tuple[str, ...]

    def __str__(self) -> str:
        tail = (f" {operator} {name}" for operator, name in zip(self.operators, self.names[1:], strict=True))
        return self.names[0] + "".join(tail)


@frozen
class Spelled:
    """An expression in another spelling of the same meaning: more spaces, more parentheses."""

    expression: Expression
    text: str

    def __str__(self) -> str:
        return self.text


Expression = Ref | Join | Flat | Spelled


def both(*parts: Expression) -> Join:
    """All parts hold."""
    return Join("&", parts)


def either(*parts: Expression) -> Join:
    """Some part holds."""
    return Join("|", parts)


def named(expression: Expression) -> frozenset[str]:
    """The names that an expression uses."""
    match expression:
        case Ref(name):
            return frozenset({name})
        case Join(_, parts):
            return frozenset().union(*(named(part) for part in parts))
        case Flat(names, _):
            return frozenset(names)
        case Spelled(inner, _):
            return named(inner)


@frozen
class Query:
    """One request. None leaves a member out, so that its default applies; `sort` is (field, direction).

    `scope` confines the query to the tickets with these keys, through one more filter that every reading joins by AND.
    """

    filters: tuple[Filter, ...] = ()
    ints: tuple[Filter, ...] = ()
    condition: Expression | None = None
    sort: tuple[str, str] | None = None
    group: str | None = None
    page: int | None = None
    size: int | None = None
    all: bool | None = None
    total: bool | None = None
    fields: tuple[str, ...] | None = None
    counts: tuple[tuple[Filter, ...], ...] | None = None
    types: tuple[str, ...] | None = None
    scope: tuple[str, ...] | None = None
    extra: Mapping[str, Any] = field(factory=dict)

    def with_(self, **changes: Any) -> Query:
        """The same query but for `changes`."""
        return evolve(self, **changes)

    def body(self, operation: Operation) -> dict[str, Any]:
        """The request body; a member that the operation does not have raises KeyError."""
        scope = (Filter(operation.query.key, "in", self.scope, SCOPE),) if self.scope is not None else ()
        condition = self.condition
        if condition is not None and scope:
            condition = both(Ref(SCOPE), condition)
        members: dict[str, Any] = {
            "string_filters": [each.body for each in (*scope, *self.filters)] or None,
            "int_filters": [each.body for each in self.ints] or None,
            "condition": None if condition is None else str(condition),
            "sort": None if self.sort is None else _sort(*self.sort),
            "group": None if self.group is None else _sort(self.group, "="),
            "page": self.page,
            "size": self.size,
            "all": self.all,
            "total_wanted": self.total,
            "projection": None if self.fields is None else list(self.fields),
            "counts": None if self.counts is None else [_count(i, (*scope, *c)) for i, c in enumerate(self.counts)],
            "types": None if self.types is None else list(self.types),
        }
        known = {operation.member(role): value for role, value in members.items() if value is not None}
        if None in known:
            raise KeyError(f"{operation.id} has no member for one of {sorted(members)}")
        return {**{str(name): value for name, value in known.items()}, **self.extra}

    def __str__(self) -> str:
        joined = " & ".join(str(each) for each in self.filters) if self.condition is None else self._spelled()
        parts = [
            joined or "no filter",
            f"int filters {' & '.join(map(str, self.ints))}" if self.ints else "",
            f"sorted by {' '.join(self.sort)}" if self.sort else "",
            f"grouped by {self.group}" if self.group else "",
            f"page {self.page}" if self.page is not None else "",
            f"{self.size} a page" if self.size is not None else "",
            f"all={self.all}" if self.all is not None else "",
            f"total={self.total}" if self.total is not None else "",
            f"fields {', '.join(self.fields)}" if self.fields is not None else "",
            f"{len(self.counts)} counts" if self.counts is not None else "",
            f"among {len(self.scope)} tickets" if self.scope is not None else "",
        ]
        return "; ".join(part for part in parts if part)

    def _spelled(self) -> str:
        where = ", ".join(f"{each.name}: {each}" for each in self.filters)
        return f"{self.condition} where {where}"


def _sort(name: str, direction: str) -> dict[str, Any]:
    """As the page's example has it: the field is repeated in `name` and `values`."""
    return {"operator": direction, "field": name, "name": name, "values": [name]}


def _count(index: int, filters: tuple[Filter, ...]) -> dict[str, Any]:
    return {"name": f"count{index}", "filters": [each.body for each in filters]}
