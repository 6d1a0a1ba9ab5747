"""Queries as values: filters, condition expressions and everything beside them, and the request body they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, fields_dict, frozen

from contract_tests.bodies import example_of
from contract_tests.contract import Operation

SCOPE = "scope"
#: The operator that confines a query to some tickets.
SCOPED = "in"
#: Items of an answer that holds all, at most, by assumption.
ALL = 1000
#: The role of each member that says only which part of the result to answer, and what beside it.
PARTS = {"page": "page", "size": "size", "all": "all", "total": "total_wanted"}


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

    @property
    def unusual(self) -> bool:
        """Whether the condition is spelled otherwise than the page spells its own, or leaves a filter out; or two
        filters have one name."""
        names = [each.name for each in self.filters if each.name is not None]
        if len(set(names)) < len(names):
            return True
        spelled = isinstance(self.condition, Spelled) and self.condition.text != str(self.condition.expression)
        return spelled or (self.condition is not None and len(named(self.condition)) < len(self.filters))

    def with_(self, **changes: Any) -> Query:
        """The same query but for `changes`."""
        return evolve(self, **changes)

    def page_size(self, operation: Operation) -> int:
        """Items on a page: as asked for, if the operation allows so many; ALL where there are no pages."""
        if operation.pagination.size is None:
            return ALL
        schema = operation.member_schema("size")
        most = int(schema.get("maximum", ALL))
        return min(most, self.size if self.size is not None else int(schema.get("default", most)))

    def on(self, operation: Operation) -> Query:
        """The query without pages and flags that the operation does not have: its one answer is the whole result."""
        absent: dict[str, Any] = {name: None for name, role in PARTS.items() if operation.member(role) is None}
        return evolve(self, **absent)

    def missing(self, operation: Operation) -> str | None:
        """The role of a member that the query cannot do without, and that the operation does not have; or None."""
        roles = (role for role, value in self.on(operation)._members(operation).items() if value is not None)
        return next((role for role in roles if operation.member(role) is None), None)

    def body(self, operation: Operation) -> dict[str, Any]:
        """The request body; a member that the operation does not have raises KeyError."""
        if role := self.missing(operation):
            raise KeyError(f"{operation.id} has no member for {role}")
        members = {operation.member(role): value for role, value in self.on(operation)._members(operation).items()}
        stated = {str(name): value for name, value in members.items() if value is not None}
        required = {name: unspoken(operation, name) for name in operation.request.get("required", ())}
        needed = {name: value for name, value in required.items() if value is not None}
        return {**needed, **stated, **self.extra}

    def _members(self, operation: Operation) -> dict[str, Any]:
        """The values of the request's members, by role."""
        scope = (Filter(operation.query.key, SCOPED, self.scope, SCOPE),) if self.scope is not None else ()
        condition = self.condition
        if condition is not None and scope:
            condition = both(Ref(SCOPE), condition)
        return {
            "string_filters": [each.body for each in (*scope, *self.filters)] or None,
            "int_filters": [each.body for each in self.ints] or None,
            "condition": None if condition is None else str(condition),
            "sort": None if self.sort is None else _sort(*self.sort),
            "group": None if self.group is None else _sort(self.group, "="),
            "page": self.page,
            "size": None if self.size is None else self.page_size(operation),
            "all": _flag(operation, "all", self.all),
            "total_wanted": _flag(operation, "total_wanted", self.total),
            "projection": None if self.fields is None else list(self.fields),
            "counts": None if self.counts is None else [_count(i, (*scope, *c)) for i, c in enumerate(self.counts)],
            "types": None if self.types is None else list(self.types),
        }

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


def unspoken(operation: Operation, name: str) -> Any:
    """A required member's value in a query that does not speak of it: its default, the first page, an empty list, or
    the contract's example of a member without a role. None where nothing leaves the result as it is.
    """
    schema = operation.request["properties"][name]
    if "default" in schema:
        return schema["default"]
    if name == operation.member("page"):
        return 1
    if schema.get("type") == "array":
        return []
    roles = [*fields_dict(type(operation.query)), *fields_dict(type(operation.pagination))]
    return None if name in map(operation.member, roles) else example_of(operation, (name,))


def _flag(operation: Operation, role: str, value: bool | None) -> bool | str | None:
    """A flag, as text where the contract takes text and no boolean."""
    member = operation.member(role)
    types = operation.request["properties"][member].get("type", ()) if member else ()
    return str(value).lower() if value is not None and "string" in types and "boolean" not in types else value


def _sort(name: str, direction: str) -> dict[str, Any]:
    """As the page's example has it: the field is repeated in `name` and `values`."""
    return {"operator": direction, "field": name, "name": name, "values": [name]}


def _count(index: int, filters: tuple[Filter, ...]) -> dict[str, Any]:
    name = f"count{index * 7 % 10}-{index}"  # neither their order by name nor its reverse is the order asked for
    return {"name": name, "filters": [each.body for each in filters]}
