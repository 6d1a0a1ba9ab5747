"""Filters as Python expressions, and as the wire has them: named filters, and a condition that joins the names."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

import attrs
from attrs import frozen

from .errors import InvalidFilter
from .operations import Query
from .wire import text_of

Value = str | int | float | bool | datetime
"""What a property can be compared with. The wire gets text: a datetime in milliseconds, a bool as `true` or `false`."""

_OPPOSITES = {"=": "!=", "!=": "=", ">": "<=", "<=": ">", "<": ">=", ">=": "<"}
_NO_BOOL = "a filter has no truth value; join filters by & and |, with each comparison in parentheses"


class Expression:
    """Filters joined by `&` and `|`; `~` turns one round where the contract has the opposite operator."""

    def __and__(self, other: Expression) -> Expression:
        return _joined("&", self, other)

    def __or__(self, other: Expression) -> Expression:
        return _joined("|", self, other)

    def __invert__(self) -> Expression:
        raise NotImplementedError

    def __bool__(self) -> bool:
        # `a and b`, or `1 < F.x < 2`, would silently drop a filter.
        raise TypeError(_NO_BOOL)


@frozen(cache_hash=True)
class Filter(Expression):
    """One property compared with values, as the wire has it."""

    field: str
    operator: str
    values: tuple[str, ...]
    is_integer: bool = attrs.field(default=False, kw_only=True)
    """Whether the property holds integers, and all values are decimal integers."""
    operators: frozenset[str] = attrs.field(default=frozenset(), eq=False, repr=False, kw_only=True)
    """The operators that the contract has."""

    def __invert__(self) -> Filter:
        opposite = _OPPOSITES.get(self.operator)
        if opposite is None or opposite not in self.operators or len(self.values) != 1:
            raise InvalidFilter(
                f"~ has nothing to turn {self.field} {self.operator} {_shown(self.values)} into: "
                "the contract has no opposite operator; "
                "write the wanted values, or join several != with &",
                member=self.field,
            )
        return Filter(self.field, opposite, self.values, is_integer=self.is_integer, operators=self.operators)


@frozen(cache_hash=True)
class Joined(Expression):
    """Expressions joined by one operator, `&` or `|`; no part is joined by the same one."""

    operator: str
    parts: tuple[Expression, ...]

    def __invert__(self) -> Expression:
        return _joined("|" if self.operator == "&" else "&", *(~part for part in self.parts))


@frozen
class Sort:
    """A property to sort by, and the direction: `desc` (largest first) or `asc`."""

    field: str
    direction: str


def _joined(operator: str, *parts: Expression) -> Expression:
    flat: list[Expression] = []
    for part in parts:
        if not isinstance(part, Expression):
            raise TypeError(f"{part!r} is no filter; {_NO_BOOL}")
        inner = part.parts if isinstance(part, Joined) and part.operator == operator else (part,)
        flat += inner
    flat = list(dict.fromkeys(flat))
    return flat[0] if len(flat) == 1 else Joined(operator, tuple(flat))


def _shown(values: tuple[str, ...]) -> str:
    return repr(values[0]) if len(values) == 1 else f"({len(values)} values)"


@frozen(eq=False)
class Field:
    """One property to filter and sort by. Comparing it makes a filter."""

    name: str
    operators: frozenset[str] = attrs.field(repr=False)
    holds_integers: bool = attrs.field(default=False, repr=False)
    is_time: bool = attrs.field(default=False, repr=False)

    def where(self, operator: str, *values: Value) -> Filter:
        """Any operator of the contract, under its own name."""
        if operator not in self.operators:
            raise InvalidFilter(
                f"the contract has no operator {operator!r}; it has {', '.join(sorted(self.operators))}",
                member=self.name,
            )
        texts = tuple(dict.fromkeys(self._text(value) for value in values))
        if not texts:
            raise InvalidFilter(f"a filter on {self.name} needs at least one value", member=self.name)
        integers = self.holds_integers and all(re.fullmatch(r"-?[0-9]+", text) for text in texts)
        return Filter(self.name, operator, texts, is_integer=integers, operators=self.operators)

    def _text(self, value: Value) -> str:
        try:
            return text_of(value)
        except (TypeError, ValueError) as error:
            raise InvalidFilter(f"{self.name} cannot be compared: {error}", member=self.name, value=value) from None

    def in_(self, *values: Value) -> Filter:
        """Is one of the values."""
        return self.where("in", *values)

    def contains(self, value: Value) -> Filter:
        """Its text holds the value."""
        return self.where("like", value)

    def startswith(self, value: Value) -> Filter:
        """Its text begins with the value."""
        return self.where("startwith", value)

    def endswith(self, value: Value) -> Filter:
        """Its text ends with the value."""
        return self.where("endwith", value)

    def __eq__(self, value: Value) -> Filter:  # type: ignore[override]
        return self.where("=", value)

    def __ne__(self, value: Value) -> Filter:  # type: ignore[override]
        return self.where("!=", value)

    def __gt__(self, value: Value) -> Filter:
        return self.where(">", value)

    def __lt__(self, value: Value) -> Filter:
        return self.where("<", value)

    def __ge__(self, value: Value) -> Filter:
        return self.where(">=", value)

    def __le__(self, value: Value) -> Filter:
        return self.where("<=", value)

    __hash__ = None  # type: ignore[assignment]

    if not TYPE_CHECKING:  # a checker knows that there is none

        def __and__(self, _: object) -> NoReturn:
            # `F.a == x & F.b == y` is `F.a == (x & F.b) == y` to Python.
            raise TypeError(_NO_BOOL)

        __rand__ = __or__ = __ror__ = __and__

    def asc(self) -> Sort:
        """Smallest first."""
        return Sort(self.name, "asc")

    def desc(self) -> Sort:
        """Largest first."""
        return Sort(self.name, "desc")


class Fields:
    """The properties of one kind of item as attributes; other keys that the service filters on as `F["key"]`."""

    _operators: frozenset[str] = frozenset()
    _extra: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Field:
        if not isinstance(name, str) or not name:
            raise InvalidFilter(f'{name!r} is no key to filter by; write its name, as in F["key"]', value=name)
        found = vars(type(self)).get(name)
        return found if isinstance(found, Field) else Field(name, self._operators)

    def __iter__(self) -> Iterator[Field]:
        return (value for value in vars(type(self)).values() if isinstance(value, Field))

    if not TYPE_CHECKING:  # a checker knows the attributes, and shall refuse others

        def __setattr__(self, name: str, value: object) -> None:
            raise AttributeError(f"{name} cannot be set; == compares it, as in F.{name} == {value!r}")

        def __getattr__(self, name: str) -> Field:
            import difflib  # noqa: PLC0415  # only a mistake needs it

            names = [known.name for known in self]
            near = difflib.get_close_matches(name, [*names, *self._extra], 3, 0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names)}"
            if name in self._extra:
                hint = f'write F["{name}"], as it is no property of the items'
            raise AttributeError(f"{name!r} is no property to filter by; {hint}", name=name, obj=self)


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
    names: dict[Filter, str] = {}
    taken: set[str] = set()
    for found in dict.fromkeys(found for part in [*integers, *others] for found in _filters(part)):
        names[found] = _name(found.field, taken)
        taken.add(names[found])
    members: dict[str, Any] = {}
    _put(members, query.int_filters, [_wire(found, names[found], query) for found in integers], query)
    _put(members, query.string_filters, [_wire(f, n, query) for f, n in names.items() if f not in integers], query)
    if any(not isinstance(part, Filter) for part in others):
        condition = _condition(Joined("&", tuple(others)) if len(others) > 1 else others[0], names)
        if query.longest_condition and len(condition) > query.longest_condition:
            raise InvalidFilter(
                f"the condition has {len(condition):,} characters; at most {query.longest_condition:,} are allowed",
                member=query.condition,
                value=condition,
            )
        members[query.condition] = condition
    return members


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
    return query.filter_type(field=found.field, operator=found.operator, values=list(found.values), name=name)


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


def _condition(part: Expression, names: dict[Filter, str], *, inner: bool = False) -> str:
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
    return query.count_type(name=name, filters=[_wire(f, _name(f.field, ()), query) for f in filters])


def sorted_by(sort: Sort, query: Query) -> Any:
    """A sort as the wire has it; the field stands in `values` as well, as in the page's example."""
    if not isinstance(sort, Sort):
        raise InvalidFilter(f"{sort!r} is no sort; write one such as F.title.asc()", member=query.sort, value=sort)
    return query.sort_type(field=sort.field, operator=sort.direction, values=[sort.field], name=sort.field)
