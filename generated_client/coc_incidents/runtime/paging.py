# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Pages: what the next request is, when the last one was, and when the pages do not add up. Knows no socket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import compress
from operator import attrgetter
from typing import Any, Generic, TypeVar

from msgspec import UNSET, Struct, structs

from .answers import Answer, without
from .bodies import Wanted, changed, member, request_body, twice
from .coverage import BEFORE, NO_KEY, RACE, REMEMBERED, TOO_FAR, Coverage
from .errors import Error, InvalidRequest, ItemsMissing, PagingError
from .operations import Operation, Pagination, at

T = TypeVar("T")


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """One page of items. Iterate it, or read `items`."""

    items: list[T]
    total: int | None
    """How many items satisfy the query, on all pages together; None when the answer does not say."""
    number: int
    """Counted from 1. To go on after this page, start at the next number, and ask for pages of the same `size`."""
    size: int | None
    """How many items a page may hold: what was asked for, else the contract's default. None without pages."""
    answer: Answer[Any]
    """The whole answer: the envelope in `answer.value`, its bytes in `answer.raw`."""
    resume_at: int | None = None
    """Of an iteration: the page at which another goes on behind this one, losing nothing and repeating nothing. None
    while pages are read again, as items moved onto them, and where there are no pages.
    """

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<Page {self.number}: {len(self.items)} of {'?' if self.total is None else self.total} items>"


def page_of(operation: Operation[Any], answer: Answer[Any], body: Any = None) -> Page[Any]:
    """The page in an answer to a body. Raises `DataMissing` when what holds the items is null or absent.

    Where the answer then tells an error in other words than the contract's, it raises `Unsuccessful` with them.
    """
    paging = _paging(operation)
    if len(paging.items) > 1 and at(answer.value, paging.items[:-1]) is None:
        raise without(paging.items[:-1], operation, answer)
    return Page(
        items=at(answer.value, paging.items) or [],
        total=at(answer.value, paging.total) if paging.total else None,
        number=int(_asked(operation, body, paging.page, 1)),
        size=None if _is_whole(operation, body) else _asked(operation, body, paging.size, paging.default_size or None),
        answer=answer,
    )


def _asked(operation: Operation[Any], body: Any, name: str, default: Any) -> Any:
    found = member(body, name, operation.body_type)
    return default if found is UNSET else found


def _is_whole(operation: Operation[Any], body: Any) -> bool:
    """Whether one answer holds everything: the operation has no pages, or all items are asked for at once."""
    paging = _paging(operation)
    return not paging.page or member(body, paging.all, operation.body_type) in (True, "true")


def _paging(operation: Operation[Any]) -> Pagination:
    assert operation.pagination is not None
    return operation.pagination


def _key_name(operation: Operation[Any]) -> str:
    """The property that no two items share, as the wire spells it; empty when there is none."""
    return (operation.query.key_name or operation.query.key) if operation.query else ""


class Pager(Generic[T]):
    """The course of one iteration: `next_body` until `done`, `accept` for each answer, and `finish`."""

    def __init__(self, operation: Operation[Any], wanted: Wanted) -> None:
        most = wanted.max_items
        if most is not None:
            _check_integer("max_items", most, least=0)
        self._operation = operation
        self._paging = _paging(operation)
        self._body = request_body(operation, wanted)
        self._whole = _is_whole(operation, self._body)
        self._first = self._begun(wanted)
        self._size = 0 if self._whole or not self._paging.size else self._sized(wanted)
        self._left = most
        self._key = self._keyed()
        self._key_of = attrgetter(self._key) if self._key else None
        unique = wanted.unique and not self._whole  # of one answer, no item comes twice because others moved
        if unique and not self._key:
            known = _key_name(operation) or "a key"
            raise InvalidRequest(f"unique needs {known} among the projected properties", member="unique")
        self._coverage = Coverage(self._first, self._size, unique=unique)
        self._prints = _Prints(self._paging.page)
        self.done = most is not None and most <= 0

    def _keyed(self) -> str:
        """The property that no two items share; empty when there is none, or it is not asked for."""
        query = self._operation.query
        projected = self._given(query.projection) if query else UNSET
        asked = projected is UNSET or not projected or _key_name(self._operation) in projected
        return query.key if query and asked else ""

    def _given(self, name: str) -> Any:
        """A member of the body; `UNSET` where it is absent, or has no name."""
        return member(self._body, name, self._operation.body_type)

    def _begun(self, wanted: Wanted) -> int:
        """The number of the first page: that of the body, where it has one."""
        name = self._paging.page
        given: Any = self._given(name) if wanted.body is not None else UNSET
        if given is not UNSET and wanted.page not in (1, given):
            raise twice(name)
        first: int = wanted.page if given is UNSET else given
        _check_integer(name or "page", first)
        return first

    def _sized(self, wanted: Wanted) -> int:
        name, most = self._paging.size, wanted.max_items
        largest = self._paging.largest_size or 1
        given: Any = self._given(name)
        if given is not UNSET and (wanted.body is not None or wanted.size is not None):
            _check_integer(name, given)
            return int(given)
        if not most or most >= largest:
            return largest
        if self._first > 1:
            message = f"where page {self._first} begins depends on the size of the pages; give {name}, as in {name}="
            raise InvalidRequest(f"{message}{largest}, beside max_items", member=name)
        return most

    def next_body(self) -> Any:
        """The body of the next request."""
        if self._whole:
            return self._body
        changes: dict[str, Any] = {self._paging.page: self._coverage.number}
        if self._paging.size:
            changes[self._paging.size] = self._size
        return changed(self._body, changes, self._operation.body_type)

    @contextmanager
    def resumable(self) -> Iterator[None]:
        """Tells, on an error that passes through, which page to resume at, once there is something to resume."""
        number, resume = self._coverage.number, self._coverage.resume
        try:
            yield
        except Error as error:
            if resume > self._first:
                before = "it" if number == resume else f"page {resume}"
                error.add_note(
                    f"while reading page {number}; the pages before {before} are complete, resume with that one"
                )
            raise

    def accept(self, answer: Answer[Any]) -> Page[T]:
        """The next page of an answer; raises `PagingError` when it repeats another."""
        coverage, number = self._coverage, self._coverage.number
        page: Page[T] = page_of(self._operation, answer, self._body)
        keys = tuple(map(self._key_of, page.items)) if self._key_of and not self._whole else ()
        repeats = self._prints.have(number, page, keys, again=coverage.again)
        # Where a first page behind others begins, and so how many items there should be, needs the size of the others.
        total = page.total if self._size or self._first == 1 else None
        fresh = coverage.read(keys, len(page.items), total, repeats=repeats)
        self.done = self._whole or coverage.done
        items = page.items if fresh is None else list(compress(page.items, fresh))
        settled = not self._whole and (coverage.done or coverage.settled)
        return structs.replace(
            page,
            items=self._bounded(items),
            number=number,
            size=self._size or None,
            resume_at=coverage.number if settled else None,
        )

    def _bounded(self, items: list[T]) -> list[T]:
        if self._left is not None:
            items = items[: self._left]
            self._left -= len(items)
            self.done = self.done or self._left <= 0
        return items

    def finish(self) -> None:
        """To be called once all pages are read: raises `ItemsMissing` when not all items were on them.

        Items that a `max_items` leaves out are not missed.
        """
        coverage = self._coverage
        if self._left == 0:
            return
        if coverage.missing:
            raise ItemsMissing(self._lost(), page=coverage.resume, missing=coverage.missing)
        total, place = coverage.total, coverage.place
        if total is not None and place < total:
            last = coverage.furthest
            raise ItemsMissing(
                f"the pages up to {last} hold {place:,} of {total:,} items, and there is no more; read them again",
                page=last,
                missing=total - place,
            )

    def _lost(self) -> str:
        key = _key_name(self._operation)
        advice = {
            NO_KEY: f"with {key} among the properties" if key else "when less changes",
            RACE: "when less changes",
            TOO_FAR: "with unique=True, which remembers all",
            BEFORE: f"from {self._paging.page} 1 on",
        }
        found, why = self._coverage.missing, self._coverage.why
        return (
            f"up to {found:,} items may be missing: others left while the pages were read, so that these moved to "
            f"pages that had been read, and {why}; read again, {advice[why]}"
        )


class _Prints:
    """The last pages, to tell one that comes again. It may, when items moved meanwhile, of which the total tells."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen: dict[int, tuple[int, int]] = {}
        self._total: int | None = None
        self._moves = 0

    def have(self, number: int, page: Page[Any], keys: Sequence[object], *, again: bool) -> bool:
        """Whether it came before under another number; raises `PagingError` when nothing moved meanwhile.

        A page that is read `again` may be like any other.
        """
        self._moves += page.total != self._total
        self._total = page.total
        keyed = bool(keys) and None not in keys
        if again or not page.items or not (keyed or page.total is None):
            return False  # pages of items without keys may look alike
        print_ = hash(keys if keyed else page.answer.raw)
        earlier, moves = self._seen.get(print_, (0, 0))
        if earlier and moves == self._moves:
            raise PagingError(
                f"page {number} repeats page {earlier}: the service ignores `{self._name}`, or is stuck", page=number
            )
        self._seen[print_] = number, self._moves
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return earlier > 0


def _check_integer(name: str, value: object, least: int | None = None) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or (least is not None and value < least):
        expected = "an integer" + (f" of at least {least}" if least is not None else "")
        raise InvalidRequest(f"{name} is {value!r}; it must be {expected}", member=name, value=value, expected=expected)
