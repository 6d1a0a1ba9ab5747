# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Bodies of requests, put together: what a caller gives as a body, and what is asked for beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import attrs
from msgspec import UNSET, Struct, structs

from . import conditions, filters
from .errors import InvalidRequest
from .operations import Operation, Pagination, Query
from .spelling import on_the_wire
from .validation import encoded


class Wanted(Struct, frozen=True, kw_only=True):
    """What an iteration asks for."""

    where: filters.Expression | None = None
    sort: filters.Sort | None = None
    projection: Sequence[str] | None = None
    body: Any = None
    page: int = 1
    size: int | None = None
    max_items: int | None = None
    unique: bool = False


def request_body(operation: Operation[Any], wanted: Wanted) -> Any:
    """The body of every page, but for the page's number. Raises `InvalidRequest` when a member would be given twice."""
    query = operation.query or Query()
    members: dict[str, Any] = {}
    if wanted.where is not None:
        try:
            members |= conditions.compiled(wanted.where, query)
        except RecursionError:
            raise InvalidRequest("the filters are nested too deep", member=query.condition) from None
    if wanted.sort is not None:
        members[query.sort] = conditions.sorted_by(wanted.sort, query)
    if wanted.projection is not None:
        if isinstance(wanted.projection, str):
            raise InvalidRequest(f"{query.projection} is one text; it must be a list", member=query.projection)
        members[query.projection] = list(wanted.projection)
    if wanted.size is not None and operation.pagination is not None:
        members[operation.pagination.size] = wanted.size
    filtering = {query.string_filters, query.int_filters, query.condition} if wanted.where is not None else set()
    return body_with(operation, wanted.body, members, filtering - {""})


def body_with(
    operation: Operation[Any], body: Any, members: Mapping[str, Any], others: AbstractSet[str] = frozenset()
) -> Any:
    """The body with the members, made anew where none is given; neither they nor the others may be in it already.

    A dict stays one: it may have members that the contract does not know. Raises `InvalidRequest`, which names the
    member that comes twice, or that is required and missing.
    """
    if body is None:
        return _made(operation, members)
    if not isinstance(body, operation.body_type):
        encoded(body, operation.body_type)  # a dict whose members have the types that are read below, or a mistake
    for name in members.keys() | others:
        if member(body, name, operation.body_type) is not UNSET:
            raise twice(name)
    return changed(body, members, operation.body_type)


def twice(name: str) -> InvalidRequest:
    """The error of a member that is in the body, and asked for beside it."""
    return InvalidRequest(f"{name} is in the body, and asked for beside it; give it once", member=name)


def member(body: Any, name: str, kind: Any) -> Any:
    """A member of a body of a class, which may be a dict; `UNSET` where it is absent, or has no name."""
    if isinstance(body, dict):
        return body.get(on_the_wire(kind, name), UNSET)
    return getattr(body, name or "_", UNSET)


def changed(body: Any, members: Mapping[str, Any], kind: Any) -> Any:
    """A copy of a body of a class with other members; those that are `UNSET` are taken out."""
    if isinstance(body, dict):
        others = {on_the_wire(kind, name): value for name, value in members.items()}
        return {name: value for name, value in {**body, **others}.items() if value is not UNSET}
    return structs.replace(body, **members) if isinstance(body, Struct) else attrs.evolve(body, **members)


def _made(operation: Operation[Any], members: Mapping[str, Any]) -> Any:
    paging = operation.pagination or Pagination(items=())
    required = _required(operation.body_type)
    own = {paging.page: 1, paging.size: paging.largest_size or 1}
    members = {name: own[name] for name in required if name in own} | dict(members)
    for name in required:
        if name not in members:
            what = f"body={operation.body_type.__name__}({name}=…)"
            raise InvalidRequest(f"{name} is required, and there is none; give it in {what}", member=name)
    return operation.body_type(**members)


def _required(body_type: Any) -> list[str]:
    if issubclass(body_type, Struct):
        return [each.name for each in structs.fields(body_type) if each.required]
    return [each.alias for each in attrs.fields(body_type) if each.default is attrs.NOTHING]
