# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Counts: several numbers from one request, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import conditions, filters
from .answers import Answer
from .bodies import body_with, changed
from .errors import InvalidRequest, WrongShape
from .operations import Operation, Pagination, Query, at


def all_counts(
    counts: Mapping[str, filters.Expression] | None, named: Mapping[str, filters.Expression]
) -> dict[str, filters.Expression]:
    """The filters to count by, those of a mapping and those of named arguments together.

    Raises `InvalidRequest` for a name that is in both.
    """
    if counts is not None and not isinstance(counts, Mapping):
        kind = type(counts).__name__
        raise InvalidRequest(f'the counts are a {kind}; give each a name, as in {{"P 1": F.title == "x"}}')
    both = {} if counts is None else dict(counts)
    for name in both.keys() & named.keys():
        raise InvalidRequest(f"the count {name!r} is asked for twice; give each a name of its own", member=name)
    return both | dict(named)


def counts_body(operation: Operation[Any], counts: Mapping[str, filters.Expression], body: Any = None) -> Any:
    """One request that counts, beside the members of a body; it asks for the smallest page that there is."""
    query = operation.query or Query()
    paging = operation.pagination or Pagination(items=())
    members: dict[str, Any] = {query.counts: [conditions.counted(name, where, query) for name, where in counts.items()]}
    small: dict[str, Any] = {paging.size: 1} if paging.size else {}
    if query.projection and query.key:
        small[query.projection] = [query.key_name or query.key]
    if not counts:
        raise InvalidRequest("there is nothing to count; give at least one filter a name", member=query.counts)
    if body is not None:
        return changed(body_with(operation, body, members), small, operation.body_type)
    return body_with(operation, None, members | small)


def counts_in(operation: Operation[Any], answer: Answer[Any], counts: Mapping[str, object]) -> dict[str, int]:
    """The counts by name; raises `WrongShape` when there are not as many as were asked for."""
    query = operation.query or Query()
    found = at(answer.value, query.count_results) or []
    if len(found) != len(counts):
        raise WrongShape(
            f"{len(counts)} counts were asked for, {len(found)} came",
            raw=answer.raw,
            path=".".join(("$", *query.count_results)),
            request_id=answer.request_id,
        )
    return dict(zip(counts, found, strict=True))
