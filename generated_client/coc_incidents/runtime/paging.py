# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Pages: what the next request is, when the last one was, and when the pages do not add up. Knows no socket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from operator import attrgetter
from typing import Any, Generic, TypeVar

import attrs
from msgspec import UNSET, Struct, structs

from . import filters
from .answers import Answer
from .errors import DataMissing, Error, InvalidRequest, PagingError, WrongShape
from .operations import Operation, Pagination, Query, at, decoder
from .validation import encoded

T = TypeVar("T")
_REMEMBERED = 100
"""So many pages are compared with each new one; memory stays flat."""


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """One page of items. Iterate it, or read `items`."""

    items: list[T]
    total: int | None
    """How many items satisfy the query, on all pages together; None when the answer does not say."""
    number: int
    """Counted from 1. To resume after this page, start at the next number, with the same page size."""
    answer: Answer[Any]
    """The whole answer: the envelope in `answer.value`, its bytes in `answer.raw`."""

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<Page {self.number}: {len(self.items)} of {'?' if self.total is None else self.total} items>"


def page_of(operation: Operation[Any], answer: Answer[Any], number: int = 1) -> Page[Any]:
    """The page in an answer; raises `DataMissing` when what holds the items is null or absent."""
    paging = _paging(operation)
    if len(paging.items) > 1 and at(answer.value, paging.items[:-1]) is None:
        place = ".".join(("$", *paging.items[:-1]))
        raise DataMissing(f"a success without {place}", raw=answer.raw, path=place, request_id=answer.request_id)
    total = at(answer.value, paging.total) if paging.total else None
    return Page(items=at(answer.value, paging.items) or [], total=total, number=number, answer=answer)


def number_of(operation: Operation[Any], body: Any) -> int:
    """The page number that a request body asks for."""
    paging = _paging(operation)
    asked = getattr(body, paging.page, UNSET) if body is not None and paging.page else UNSET
    return 1 if asked is UNSET else int(asked)


def _paging(operation: Operation[Any]) -> Pagination:
    assert operation.pagination is not None
    return operation.pagination


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
            members |= filters.compiled(wanted.where, query)
        except RecursionError:
            raise InvalidRequest("the filters are nested too deep", member=query.condition) from None
    if wanted.sort is not None:
        members[query.sort] = filters.sorted_by(wanted.sort, query)
    if wanted.projection is not None:
        if isinstance(wanted.projection, str):
            raise InvalidRequest(f"{query.projection} is one text; it must be a list", member=query.projection)
        members[query.projection] = list(wanted.projection)
    filtering = {query.string_filters, query.int_filters, query.condition} if wanted.where is not None else set()
    return _body_with(operation, wanted.body, members, filtering - {""})


def _body_with(
    operation: Operation[Any], body: Any, members: dict[str, Any], others: AbstractSet[str] = frozenset()
) -> Any:
    """The body with the members, made anew where none is given; neither they nor the others may be in it already.

    Raises `InvalidRequest`, which names the member that comes twice, or that is required and missing.
    """
    if body is not None:
        if not isinstance(body, operation.body_type):  # a dict, or a mistake
            body = decoder(operation.body_type).decode(encoded(body, operation.body_type))
        for name in members.keys() | others:
            if getattr(body, name) is not UNSET:
                raise InvalidRequest(f"{name} is in the body, and asked for beside it; give it once", member=name)
        return _changed(body, members)
    paging = _paging(operation)
    required = _required(operation.body_type)
    own = {paging.page: 1, paging.size: paging.largest_size or 1}
    members = {name: own[name] for name in required if name in own} | members
    for name in required:
        if name not in members:
            what = f"body={operation.body_type.__name__}({name}=…)"
            raise InvalidRequest(f"{name} is required, and there is none; give it in {what}", member=name)
    return operation.body_type(**members)


def _changed(body: Any, members: dict[str, Any]) -> Any:
    return structs.replace(body, **members) if isinstance(body, Struct) else attrs.evolve(body, **members)


def _required(body_type: Any) -> list[str]:
    if issubclass(body_type, Struct):
        return [each.name for each in structs.fields(body_type) if each.required]
    return [each.alias for each in attrs.fields(body_type) if each.default is attrs.NOTHING]


class Pager(Generic[T]):
    """The course of one iteration: `next_body` until `done`, and `accept` for each answer."""

    def __init__(self, operation: Operation[Any], wanted: Wanted) -> None:
        most = wanted.max_items
        if most is not None:
            _check_integer("max_items", most, least=0)
        self._operation = operation
        self._paging = _paging(operation)
        self._key = operation.query.key if operation.query else ""
        self._body = request_body(operation, wanted)
        self._whole = not self._paging.page or getattr(self._body, self._paging.all or "_", False) in (True, "true")
        self._first = self._number = self._begun(wanted)
        self._size = self._sized(wanted)
        self._left = most
        self._seen = (self._first - 1) * self._size
        self._totals: set[int | None] = set()
        self._last_total: int | None = None
        self._fingerprints: dict[int, int] = {}
        self._keys: set[Any] | None = set() if wanted.unique else None
        self.done = most is not None and most <= 0
        projected = (
            getattr(self._body, operation.query.projection, UNSET)
            if operation.query and operation.query.projection
            else UNSET
        )
        self._has_key = bool(self._key) and (projected is UNSET or not projected or self._key in projected)
        if wanted.unique and not self._has_key:
            raise InvalidRequest(f"unique needs {self._key or 'a key'} among the projected properties", member="unique")

    def _begun(self, wanted: Wanted) -> int:
        """The number of the first page: that of the body, where it has one."""
        name = self._paging.page
        given: Any = getattr(self._body, name, UNSET) if name and wanted.body is not None else UNSET
        if given is not UNSET and wanted.page not in (1, given):
            raise InvalidRequest(f"{name} is in the body, and asked for beside it; give it once", member=name)
        first: int = wanted.page if given is UNSET else given
        _check_integer(name or "page", first)
        return first

    def _sized(self, wanted: Wanted) -> int:
        given: Any = getattr(self._body, self._paging.size, UNSET) if self._paging.size else UNSET
        if wanted.size is not None or given is not UNSET:
            size: int = given if wanted.size is None else wanted.size
            return size
        largest = self._paging.largest_size or 1
        return min(largest, wanted.max_items) if wanted.max_items and self._first == 1 else largest

    def next_body(self) -> Any:
        """The body of the next request."""
        if self._whole:
            return self._body
        changes: dict[str, Any] = {self._paging.page: self._number}
        if self._paging.size:
            changes[self._paging.size] = self._size
        return _changed(self._body, changes)

    @contextmanager
    def resumable(self) -> Iterator[None]:
        """Tells, on an error that passes through, which page to resume at, once there is something to resume."""
        number = self._number
        try:
            yield
        except Error as error:
            if number > self._first:
                error.add_note(f"while reading page {number}; the pages before it are complete, resume with that one")
            raise

    def accept(self, answer: Answer[Any]) -> Page[T]:
        """The next page of an answer; raises `PagingError` when the pages do not add up."""
        page: Page[T] = page_of(self._operation, answer, self._number)
        items = page.items
        self._guard_against_repetition(page)
        self._seen += len(items)
        self._totals.add(page.total)
        self._last_total = page.total
        self._number += 1
        self.done = self._whole or not items or self._seen == page.total
        if self.done:
            self._guard_against_loss(page)
        return structs.replace(page, items=self._kept(items))

    def _guard_against_repetition(self, page: Page[T]) -> None:
        if not page.items:
            return
        keys = tuple(map(attrgetter(self._key), page.items)) if self._has_key else ()
        keyed = bool(keys) and None not in keys
        print_ = hash(keys if keyed else page.answer.raw)
        earlier = self._fingerprints.get(print_)
        # A page may come again when as many items were added meanwhile; then the total has grown.
        grown = page.total is not None and self._last_total is not None and page.total > self._last_total
        if earlier is not None and not grown and (keyed or page.total is None):
            raise PagingError(
                f"page {page.number} repeats page {earlier}: the service ignores `{self._paging.page}`, or is stuck",
                page=page.number,
            )
        self._fingerprints[print_] = page.number
        if len(self._fingerprints) > _REMEMBERED:
            del self._fingerprints[next(iter(self._fingerprints))]

    def _guard_against_loss(self, page: Page[T]) -> None:
        if page.total is None or len(self._totals) > 1 or self._seen >= page.total:
            return
        raise PagingError(
            f"the pages up to {page.number} hold {self._seen:,} of {page.total:,} items, and there is no more",
            page=page.number,
        )

    def _kept(self, items: list[T]) -> list[T]:
        if self._keys is not None:
            fresh = []
            for item in items:
                key = getattr(item, self._key)
                if key is None or key not in self._keys:
                    fresh.append(item)
                    self._keys.add(key)
            items = fresh
        if self._left is not None:
            items = items[: self._left]
            self._left -= len(items)
            self.done = self.done or self._left <= 0
        return items


def _check_integer(name: str, value: object, least: int | None = None) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or (least is not None and value < least):
        expected = "an integer" + (f" of at least {least}" if least is not None else "")
        raise InvalidRequest(f"{name} is {value!r}; it must be {expected}", member=name, value=value, expected=expected)


def counts_body(operation: Operation[Any], counts: dict[str, filters.Expression], body: Any = None) -> Any:
    """One request that counts, beside the members of a body; it asks for the smallest page that there is."""
    query = operation.query or Query()
    paging = _paging(operation)
    members: dict[str, Any] = {query.counts: [filters.counted(name, where, query) for name, where in counts.items()]}
    small: dict[str, Any] = {paging.size: 1} if paging.size else {}
    if query.projection and query.key:
        small[query.projection] = [query.key]
    if not counts:
        raise InvalidRequest("there is nothing to count; give at least one filter a name", member=query.counts)
    if body is not None:
        return _changed(_body_with(operation, body, members), small)
    return _body_with(operation, None, members | small)


def counts_in(operation: Operation[Any], answer: Answer[Any], names: Sequence[str]) -> dict[str, int]:
    """The counts by name; raises `WrongShape` when there are not as many as were asked for."""
    query = operation.query or Query()
    found = at(answer.value, query.count_results) or []
    if len(found) != len(names):
        raise WrongShape(
            f"{len(names)} counts were asked for, {len(found)} came",
            raw=answer.raw,
            path=".".join(("$", *query.count_results)),
            request_id=answer.request_id,
        )
    return dict(zip(names, found, strict=True))
