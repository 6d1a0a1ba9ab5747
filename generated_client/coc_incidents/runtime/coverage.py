# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Which places of a list were read while the list moves: what to read next, and what may be unread.

Page n holds a stretch of places. When the total falls by d, up to d items left in front of a place, and what stood
behind it moved as many places forward: onto pages that were read before. So d places in front of the page that shows
the lower total may be unread. They are read again; what was yielded is known by its key.

Beyond the gap stands that page, an island. The gap is closed once pages read from the front on reach the island's end,
or end in an item of the island: then whatever stood between went by. So the island itself is mostly read again, too: it
gets what items that came to the front pushed out of the gap, and these do not show where as many left. Apart from that
they move the others backwards, which loses none. All bounds hold while items leave anywhere and come at the front.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from .errors import PagingError

REMEMBERED = 100
"""So many answers are remembered, each by the hashes of its keys; memory stays flat."""
_FRUITLESS = 2 * REMEMBERED
"""So many pages in a row may bring nothing new, before the items are said to outrun the reader."""
_TRIES = 2
"""So often a gap is closed in vain before less is asked of what closes it."""
NO_KEY = "no key tells which"
TOO_FAR = f"they moved further than the last {REMEMBERED} pages, whose items are remembered"
RACE = "others came and left before every request"
BEFORE = "they moved to pages before the first one"


@attrs.define
class _Island:
    keys: set[int]
    start: int
    stop: int
    gap: int
    tries: int


@attrs.define
class _Memory:
    """The keys that were yielded: all of them, or those of the last answers."""

    everything: set[Any] | None
    recent: deque[tuple[int, array[int]]] = attrs.field(factory=lambda: deque(maxlen=REMEMBERED))

    def fresh(self, keys: Sequence[object], *, again: bool) -> list[bool] | None:
        """Which items were not yielded before; None when that is all. An item without a key counts as such."""
        if self.everything is not None:
            return [key is None or self._is_added(key, self.everything) for key in keys]
        if not again:
            return None
        known = {key for _, page in self.recent for key in page}
        return [key is None or hash(key) not in known for key in keys]

    @staticmethod
    def _is_added(key: object, keys: set[Any]) -> bool:
        before = len(keys)
        keys.add(key)
        return len(keys) > before

    def add(self, number: int, hashes: Iterable[int]) -> None:
        self.recent.append((number, array("q", hashes)))

    def oldest(self) -> int:
        """The first page that can be read again without yielding an item twice."""
        return 1 if self.everything is not None else min(number for number, _ in self.recent)


class Coverage:
    """The course of one reading; `number` is the page to read next, until all is `done`.

    `first` is the number of the first page, `size` what a page may hold, 0 where only the service knows; `unique`
    remembers every key.
    """

    def __init__(self, first: int, size: int, *, unique: bool = False) -> None:
        self.number = first
        self.resume = first
        """Whatever stood before this page was read."""
        self.place = (first - 1) * size
        """How many items stand up to the end of the page that was read last."""
        self.missing = 0
        """So many items, at most, may be unread and cannot be found."""
        self.why = ""
        self.done = False
        self.settled = True
        """Whether reading on from `resume` brings all that is left, and nothing twice."""
        self.total: int | None = None
        self._first = self._last = first
        self.furthest = first - 1
        """The last page that was read, however far back it went on from there."""
        self._size = size
        self._solid = self.place  # places before it hold nothing unread
        self._island: _Island | None = None
        self._memory = _Memory(set() if unique else None)
        self._grew = False
        self._stale = 0

    @property
    def again(self) -> bool:
        """Whether the page to read next was read before."""
        return self.number <= self.furthest

    def read(
        self, keys: Sequence[object], count: int, total: int | None, *, repeats: bool = False
    ) -> list[bool] | None:
        """Take in the page `number`: the keys of its items (none where the items have none), and the total it tells.

        `repeats` says that the very same page was read before. Returns which of its items were not read before, or None
        when that is all of them. Raises `PagingError` when the items move faster than they are read.
        """
        reached, fell = self._solid, self._fell(total)
        fresh = self._memory.fresh(keys, again=self.again or repeats or fell > 0) if keys else None
        self._guard_against_a_race(fresh)
        hashes = [hash(key) for key in keys]
        self._memory.add(self.number, hashes)
        is_last = self._placed(count, total)
        start = (self.number - 1) * self._size
        stop = start + count if is_last else start + self._size
        if len(keys) < count or None in keys:
            self._give_up(start)
        if start <= self._solid or self._joins(hashes, reached):
            self._close(hashes, stop, is_last)
        else:
            self._open(hashes, start, stop)
        self._go_on()
        return fresh

    def _fell(self, total: int | None) -> int:
        """By how much the total is lower than before. All places move as far to the front, at most."""
        before = self.total
        if total is None:
            return 0
        self.total = total
        if before is None or total >= before:
            self._grew = self._grew or (before is not None and total > before)
            return 0
        fell = before - total
        self._solid -= fell
        if self._island is not None:
            self._island.stop -= fell
        front = (self._first - 1) * self._size
        if self._solid < front:
            if self._first > 1:
                self._lose(front - self._solid, BEFORE)
            self._solid = front
        return fell

    def _placed(self, count: int, total: int | None) -> bool:
        """Count the page's items; whether it is the last one."""
        if self.furthest < self._first:
            self._learn_size(count, total)
        if self.number != self._last + 1:
            self.place = (self.number - 1) * self._size
        self.place += count
        self._last = self.number
        self.furthest = max(self.furthest, self.number)
        return not count or self.place == total

    def _learn_size(self, count: int, total: int | None) -> None:
        """Of the first page: a service may make its pages smaller than it was asked to."""
        is_short = total is not None and 0 < count < self._size and self.place + count < total
        if is_short or not self._size:
            self._size = count or 1
            self._solid = (self._first - 1) * self._size

    def _give_up(self, start: int) -> None:
        """Without keys no page can be read again: the gap stays."""
        island, self._island = self._island, None
        gap = (start if island is None else island.start) - self._solid
        if gap > 0:
            self._lose(gap, NO_KEY)
            self._solid = start if island is None else island.stop

    def _joins(self, hashes: list[int], reached: int) -> bool:
        """Whether a page adjoins what was read up to `reached`, although something left since: it begins in the island.

        Else a list that something leaves before each request would be read on the spot. If others came to the front and
        left again just then, an item may have slipped between; where any came at all, that is told.
        """
        island = self._island
        if island is None or island.tries < _TRIES or reached < island.start or not hashes:
            return False
        if hashes[0] in island.keys and self._grew:
            self._lose(island.gap, RACE)
        return hashes[0] in island.keys

    def _close(self, hashes: list[int], stop: int, is_last: bool) -> None:
        island = self._island
        self._solid = max(self._solid, stop)
        self.done = is_last
        if island is not None and not island.keys.isdisjoint(hashes[:1] + hashes[-1:]):
            self._solid = max(self._solid, island.stop)
            if self.total is not None and self._solid >= self.total:
                self.done, self.place = True, self._solid
        if island is not None and self._solid >= island.stop:
            self._island = None

    def _open(self, hashes: list[int], start: int, stop: int) -> None:
        island, keys, tries = self._island, set(hashes), 0
        if island is not None and hashes and hashes[-1] in island.keys:
            keys |= island.keys
            stop = max(stop, island.stop)
            tries = island.tries + 1
        self._island = _Island(keys, start, stop, start - self._solid, tries)

    def _go_on(self) -> None:
        """To the gap before an island; else to the first page that was not begun.

        That leaves a gap of less than a page unread, where there is one: it is read again with the next, as otherwise
        a list from which something leaves all the time would be read on the spot.
        """
        if self._island is None:
            self.number = -(-self._solid // self._size) + 1
            self.settled = self._solid == (self.number - 1) * self._size
            if self.settled:
                self.resume = self.number
            return
        self.settled = False
        self.number = self._solid // self._size + 1
        oldest = self._memory.oldest()
        if self.number < oldest:
            self._lose((oldest - 1) * self._size - self._solid, TOO_FAR)
            self.number, self._solid = oldest, (oldest - 1) * self._size

    def _guard_against_a_race(self, fresh: list[bool] | None) -> None:
        self._stale = self._stale + 1 if fresh and not any(fresh) else 0
        if self._stale > _FRUITLESS:
            raise PagingError(
                f"{_FRUITLESS} pages in a row brought nothing new: the items move faster than they are read",
                page=self.number,
            )

    def _lose(self, count: int, why: str) -> None:
        self.missing += count
        self.why = why
