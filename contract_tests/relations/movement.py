"""Whether the target's tickets hold still while the gate looks at them, and which of their members never do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from attrs import define, field

from contract_tests.comparing import without
from contract_tests.exchange import Exchange
from contract_tests.relation import Session
from contract_tests.relations.learning import World
from contract_tests.relations.readings import Item

#: A member that is another each of so many times in a row that one ticket is read never holds still.
FICKLE = 3
#: A target whose tickets were found at rest so many times, and never moving, is taken to be steady …
CALM = 3
#: … for so many requests, but never where the page's own word is at stake.
STEADY = 60

Change = tuple[str, str]


@define
class Movement:
    """Reads the census again and compares. The tickets are `restless` once they were seen to move."""

    session: Session
    restless: bool = False
    unsteady: set[str] = field(factory=set)
    """Members that never hold still; nothing is judged by them."""
    _streaks: Counter[Change] = field(factory=Counter)
    _calm: int = 0
    _calm_until: int = 0
    _fresh_until: int = 0

    def seen(self, world: World, *, sure: bool) -> bool:
        """Whether the tickets are others than were learned; `sure` by reading them again, whatever was seen before."""
        sent = len(self.session.target.exchanges)
        if sent < (self._fresh_until if sure else max(self._fresh_until, self._calm_until)):
            return False
        if self._moved(world):
            return True
        asked = len(self.session.target.exchanges)
        self._fresh_until = asked + 1  # before the next request nothing more can be known
        self._calm += 1
        if self._calm >= CALM and not self.restless:
            self._calm_until = asked + STEADY
        return False

    def _moved(self, world: World) -> bool:
        """Read the pages of the census again, up to the first that shows a change."""
        for query, exchange in world.walk:
            again = self.session.query(query.body(self.session.operation))
            before, after = self._by_key(exchange), self._by_key(again)
            other = before.keys() != after.keys() or exchange.status != again.status
            if world.whole.scope is not None:  # of tickets that nobody looked at only the total tells
                other = other or self.session.total(exchange) != self.session.total(again)
            changes = {
                (own, name)
                for own in before.keys() & after.keys()
                for name in before[own].keys() | after[own].keys()
                if before[own].get(name) != after[own].get(name)
            }
            known = set(self.unsteady)
            self._count(before.keys(), changes)
            if other or {name for _, name in changes} - self.unsteady:
                self.restless = True
                return True
            if self.unsteady - known:
                self.restless = False  # it was this member that seemed to move, and must be learned as one that does
                return True
        return False

    def _count(self, seen: Iterable[str], changes: set[Change]) -> None:
        """How often in a row each member of each ticket was another; what is too often never holds still."""
        before, self._streaks = self._streaks, Counter(changes)
        for (own, name), times in before.items():
            if (own, name) in changes or own not in seen:
                self._streaks[own, name] += times
        self.unsteady |= {name for (_, name), times in self._streaks.items() if times >= FICKLE}

    def _by_key(self, exchange: Exchange) -> dict[str, Item]:
        """The tickets by their key; one that has none by what it shows, as nothing else tells it from another."""
        key = self.session.operation.query.key
        items = [item for item in self.session.items(exchange) if isinstance(item, dict)]
        steady = without(items, self.unsteady)
        return {
            str(item[key]) if item.get(key) is not None else repr(shown): item
            for item, shown in zip(items, steady, strict=True)
        }
