"""Asks the target queries and judges the answers, guarded against vacuity and against data that moves meanwhile."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from random import Random
from typing import Any

from attrs import define, evolve, field

from contract_tests.comparing import without
from contract_tests.exchange import Exchange
from contract_tests.ledger import Finding, Severity, Verdict
from contract_tests.relation import Elsewhere, Relation, Rule, Session, breach, holds, relation, vacuous
from contract_tests.relations.blame import Root, members, owner, parts, smallest
from contract_tests.relations.judging import Answer, Expectation, evident, problem
from contract_tests.relations.learning import PLAIN, Population, Unlearnable, World, study
from contract_tests.relations.movement import FICKLE, Movement
from contract_tests.relations.query import SCOPE, SCOPED, Filter, Query
from contract_tests.relations.readings import ASSUMED, READINGS, Item, Reading, is_free, topics
from contract_tests.relations.riders import Riders
from contract_tests.relations.rivals import telling

NOTE = "examination"
#: How often a wrong answer is looked into, because the tickets moved or may have, before its rule is left inconclusive.
ATTEMPTS = 6
#: On tickets that have moved during the run, so many answers in a row must be wrong, each on tickets at rest.
CONFIRMED = 3
#: Breaches found by riders at one level, after which the relations of that level send their own queries alone.
MOST_BLAMED = 3
Place = Callable[[World], Population]


class NotAllowed(Exception):
    """The contract has no such query: it lacks an operator, or a bound of it is broken. Nothing was sent."""


def whole(world: World) -> Population:
    """All that is known."""
    return world.whole


def panel(world: World) -> Population:
    """The telling few, which one page holds."""
    return world.panel


@define
class Examination:
    """One target under examination. Equal queries are sent once; every relation sees the same answer."""

    session: Session
    world: World
    answers: dict[str, Answer] = field(factory=dict)
    seed: int = 0
    told: dict[tuple[str, str], list[tuple[Filter, set[str]]]] = field(factory=dict)
    movement: Movement = field(init=False)
    riders: Riders = field(init=False)
    others: list[Elsewhere] = field(factory=list)
    blamed: Counter[bool] = field(factory=Counter)
    accused: dict[tuple[str, bool], str] = field(factory=dict)
    """Operators that are wrong alone, the scope's among them, at each level, and the rule that says so."""

    @movement.default
    def _at_rest(self) -> Movement:
        return Movement(self.session)

    @riders.default
    def _first_riders(self) -> Riders:
        return Riders(self.session.operation, f"{self.seed} riders")

    def random(self, label: str) -> Random:
        """Chance of its own for each rule: twins draw the same, in whatever order the rules take turns."""
        return Random(f"{self.seed} {label}")  # noqa: S311 - choices, no secret

    def telling(self, name: str, operator: str) -> list[tuple[Filter, set[str]]]:
        """Up to three filters on a property that tell the operator from its rivals, with the rivals each tells."""
        if not self.session.operation.takes(operator):
            return []
        if (name, operator) not in self.told:
            chance = self.random(f"telling {name} {operator}")
            longest = max((len(each) for own in self.world.scalars for each in self.world.panel.texts(own)), default=0)
            self.told[name, operator] = telling(
                chance, self.world.panel, name, operator, 3, longest=longest, free=self.is_free(name)
            )
        return self.told[name, operator]

    def is_free(self, name: str) -> bool:
        """Whether the property is a text and nothing else."""
        return is_free(self.session.operation.item[name])

    def steady(self, items: Sequence[Item]) -> list[dict[str, Any]]:
        """The tickets, as far as they can be compared: without what never holds still."""
        return without(items, self.movement.unsteady)

    def ask(self, query: Query) -> Answer:
        """The answer to a query, from the target or from before; NotAllowed when the contract has no such query."""
        known = json.dumps(query.body(self.session.operation), sort_keys=False)
        if known not in self.answers:
            self.answers[known] = self.again(query)
        return self.answers[known]

    def again(self, query: Query) -> Answer:
        """The answer of the target as it is now; NotAllowed when the contract has no such query."""
        operation = self.session.operation
        body = query.body(operation)
        if why := operation.objection(body):
            raise NotAllowed(f"The contract does not allow it ({why}): {query}")
        return Answer.of(self.session.query(body), operation)

    def expect(self, query: Query, place: Place, reading: Reading) -> Expectation:
        """What a reading expects of the query over a population."""
        return Expectation(self.session.operation, query.on(self.session.operation), place(self.world), reading)

    def check(
        self,
        query: Query,
        *,
        case: str = "",
        strict: bool = False,
        place: Place = panel,
        telling: bool | None = None,
        riders: bool = True,
    ) -> Finding:
        """Ask and judge one query: under our reading when `strict`, else under every one that the page allows.

        `telling` says whether the query could show a fault; by default, when it selects some tickets and not all.
        With `riders` it carries other features too; what only they break goes to `others`, under the rule it breaks.
        """
        if why := self._objection(query, place):
            return vacuous(why, case)
        doubts = 0
        for _ in range(ATTEMPTS):
            population = place(self.world)
            loaded = (
                self.riders.on(query, self.world, population) if riders and self.blamed[strict] < MOST_BLAMED else query
            )
            loaded = query if self._objection(loaded, place) else loaded
            if not strict:
                self.riders.note(loaded, population)
            wrong = self._wrong(loaded, place, strict)
            own = wrong and self._wrong(query, place, strict)
            root = self._root(query, place, strict) if own else None
            guilty = self._smallest(loaded, place, strict) if wrong and not own else query
            shown = own and self.contradiction(query, place, strict=strict)
            if wrong and self.moved(sure=not strict):
                if shown and self.blamed[strict] < MOST_BLAMED:
                    self._accuse(query, query, *shown, strict=strict)  # which no movement excuses
                    return vacuous(f"The target's tickets move: {query}", case)
                continue
            doubts += 1
            if wrong and self.movement.restless and doubts < CONFIRMED:
                self.answers.clear()
                self.world.readings = list(READINGS)  # an answer on other tickets may have ruled out the right one
                continue
            proof = (self.ask(population.confine(query if own else loaded)).exchange,)
            if root:
                name = self._charge(root, place, strict)
                return vacuous(f"{name} is broken, on which it rests: {query}", case, proof)
            if own:
                if len(query.filters) == 1 and members(query) == {"filters"}:
                    self.accused.setdefault((query.filters[0].operator, strict), owner(query, strict=strict))
                return breach(own, f"{population.confine(query)}", case, proof)
            if wrong:
                self._blame(guilty, place, strict)
            return self._right(query, proof, case, place, telling)
        return vacuous(f"The target's tickets keep moving: {query}", case)

    def _right(
        self, query: Query, proof: tuple[Exchange, ...], case: str, place: Place, telling: bool | None
    ) -> Finding:
        """What a right answer is worth."""
        if not proof[0].ok:
            return vacuous(f"Refused, which the page leaves open: {query}", case, proof)
        if self._tells(query, place) if telling is None else telling:
            return holds(case or str(query), proof)
        return vacuous(f"The tickets cannot tell: {query}", case, proof)

    def _objection(self, query: Query, place: Place) -> str | None:
        """What the contract has against the query, asked of a population; None when it is allowed."""
        operation = self.session.operation
        if role := query.missing(operation):
            return f"The operation has no {role}."
        why = operation.objection(place(self.world).confine(query).body(operation))
        return why and f"The contract does not allow it ({why}): {query}"

    def check_together(self, query: Query, *, case: str, strict: bool, telling: bool | None) -> Finding:
        """Ask and judge one query of many features; when a part of it is wrong alone, that part's rule is broken."""
        finding = self.check(query, case=case, strict=strict, telling=telling, riders=False)
        if finding.verdict is not Verdict.FAIL or self.blamed[strict] >= MOST_BLAMED:
            return finding
        guilty = self._smallest(query, panel, strict)
        if self.moved(sure=not strict):
            return vacuous(f"The target's tickets move: {query}", case)
        self._blame(guilty, panel, strict)
        found = self.others.pop()
        if found.owner == owner(query, strict=strict):
            return found
        self.others.append(found)
        return vacuous(f"{found.owner} is broken, of which this query is a part.", case, finding.exchanges)

    def _blame(self, guilty: Query, place: Place, strict: bool) -> None:
        """Add the breach of the relation that the query is about; what the page itself has them mean rides no more."""
        asked = place(self.world).confine(guilty)
        self._accuse(guilty, asked, str(self._wrong(guilty, place, strict)), self.ask(asked).exchange, strict=strict)
        if not strict:
            self.riders.banned |= members(guilty) | ({"later"} if "page" in members(guilty) else set())

    def contradiction(self, query: Query, place: Place, *, strict: bool) -> tuple[str, Exchange] | None:
        """What an answer shows to be wrong by itself, even if the tickets move, with the answer; or None.

        No reading is ruled out by earlier answers, which may have been on other tickets.
        """
        asked = place(self.world).confine(query)
        answer, unsteady = self.ask(asked), place(self.world).unsteady
        operation = self.session.operation
        wrong = self._under_each(
            asked, (ASSUMED,) if strict else READINGS, lambda each: evident(operation, asked, each, answer, unsteady)
        )
        return (str(wrong[0][1]), answer.exchange) if all(said for _, said in wrong) else None

    def _accuse(
        self, query: Query, asked: Query, wrong: str, exchange: Exchange, *, strict: bool, name: str = ""
    ) -> None:
        """Add a breach of the relation that the query is about, or of the one that is named, as it was asked."""
        found = breach(wrong, f"{asked}", f"{query}", (exchange,))
        name = name or owner(query, strict=strict)
        self.others.append(Elsewhere(found.verdict, found.message, found.exchanges, found.case, owner=name))
        self.blamed[strict] += 1

    def _root(self, query: Query, place: Place, strict: bool) -> Root | None:
        """What the query rests on and is wrong alone: its scope, or the operator of one of its filters."""
        scoped = place(self.world).scope is not None
        if (SCOPE, strict) in self.accused and scoped:
            return SCOPE, PLAIN
        told = scoped and self.world.whole.scope is None
        if told and self._wrong(PLAIN, place, strict) and not self._wrong(PLAIN, whole, strict):
            return SCOPE, PLAIN
        wrong = (
            (operator, part)
            for operator, part in parts(query)
            if (operator, strict) in self.accused or self._wrong(part, place, strict)
        )
        return next(wrong, None)

    def _charge(self, root: Root, place: Place, strict: bool) -> str:
        """The rule that a query's root breaks; its breach is added once."""
        part, guilty = root
        if (part, strict) not in self.accused:
            asked = place(self.world).confine(guilty)
            wrong, proof = str(self._wrong(guilty, place, strict)), self.ask(asked).exchange
            scope = Query(filters=(Filter(self.session.operation.query.key, SCOPED, ()),))
            self.accused[part, strict] = name = owner(scope if part == SCOPE else guilty, strict=strict)
            self._accuse(guilty, asked, wrong, proof, strict=strict, name=name)
        return self.accused[part, strict]

    def _smallest(self, query: Query, place: Place, strict: bool) -> Query:
        """The part of a wrong query that is wrong alone."""
        return smallest(query, lambda less: self._wrong(less, place, strict))

    def _wrong(self, query: Query, place: Place, strict: bool) -> str | None:
        """What is wrong with the answer to a query, or None."""
        if self._objection(query, place):
            return None
        asked = place(self.world).confine(query)
        return self._problem(asked, place, self.ask(asked), strict=strict)

    def _problem(self, query: Query, place: Place, answer: Answer, *, strict: bool) -> str | None:
        """What is wrong under our reading, or under each reading that the target's earlier answers left over."""
        if strict:
            return problem(self.expect(query, place, ASSUMED), answer)
        verdicts = self._under_each(
            query, self.world.readings, lambda each: problem(self.expect(query, place, each), answer)
        )
        left = [reading for reading, wrong in verdicts if wrong is None]
        if not left:
            return verdicts[0][1]
        self.world.readings = left
        return None

    @staticmethod
    def _under_each(
        query: Query, readings: Sequence[Reading], judge: Callable[[Reading], str | None]
    ) -> list[tuple[Reading, str | None]]:
        """What `judge` says under each reading, asked once for all that read the query alike."""
        names = tuple(topics(query))
        said: dict[tuple[str, ...], str | None] = {}
        found = []
        for reading in readings:
            choice = tuple(getattr(reading, name) for name in names)
            if choice not in said:
                said[choice] = judge(reading)
            found.append((reading, said[choice]))
        return found

    def _tells(self, query: Query, place: Place) -> bool:
        """Whether the query selects some tickets and leaves out some."""
        expected = self.expect(query, place, evolve(ASSUMED))
        return len(expected.must) > 0 and (
            len(expected.may) < len(expected.truths) or not (query.filters or query.ints)
        )

    def moved(self, *, sure: bool = True) -> bool:
        """Whether the tickets have moved since they were learned; if so, they are learned anew.

        `sure` before anything is held against the page: the tickets are read again, however steady they have been.
        """
        if not self.movement.seen(self.world, sure=sure):
            return False
        self.answers.clear()
        self.told.clear()
        with suppress(Unlearnable):
            self.world = study(self.session, self.movement.unsteady)
        return True

    def fickle(self) -> bool:
        """Whether what seems to move is a member that never holds still, which is known from now on."""
        known = set(self.movement.unsteady)
        return any(self.moved() and self.movement.unsteady - known for _ in range(FICKLE))


def examined(rule: Callable[[Examination], Iterator[Finding]], *, sure: bool = True) -> Rule:
    """A rule over the session's examination: inconclusive when nothing could be learned, ended by its first breach.

    A `sure` one has its breaches confirmed by the tickets, read again; the twin of one need not.
    """

    def run(session: Session) -> Iterator[Finding]:
        exam = session.notes.get(NOTE)
        if exam is None:
            yield vacuous(f"No ticket could be learned: {session.notes.get('unlearnable', 'the target was not read')}")
            return
        if not exam.world.panel.items:
            yield vacuous("The target holds no tickets.")
            return
        for finding in _steady(exam, rule(exam), sure):
            while exam.others:
                yield exam.others.pop(0)
            yield finding
            if finding.verdict is Verdict.FAIL:
                return

    return run


def _steady(exam: Examination, findings: Iterator[Finding], sure: bool) -> Iterator[Finding]:
    """The findings, without breaches on tickets that moved and without what a rule makes of no tickets at all."""
    while True:
        try:
            finding = next(findings, None)
        except NotAllowed as error:
            finding = vacuous(str(error))
        except (IndexError, ValueError):
            if exam.world.panel.items:
                raise
            finding = vacuous("The target's tickets are gone.")
        if finding is None:
            return
        if finding.verdict is Verdict.FAIL and exam.moved(sure=sure):
            finding = vacuous(f"The tickets moved: {finding.case}", finding.case, finding.exchanges)
        yield finding


def twins(
    id: str,
    *,
    says: str,
    about: str,
    assumption: str,
    severity: Severity = Severity.CRITICAL,
    hint: str = "",
    needs: tuple[str, ...] | None = None,
    operator: str = "",
) -> Callable[[Callable[[Examination, bool], Iterator[Finding]]], tuple[Relation, Relation]]:
    """Two relations of one rule: under every reading (`documented`) and, with `strict`, under ours (`assumed`)."""

    def of(rule: Callable[[Examination, bool], Iterator[Finding]]) -> tuple[Relation, Relation]:
        sure = relation(id, says=says, about=about, severity=severity, hint=hint, needs=needs, operator=operator)
        says_ours = f"{says} Read as assumed: {assumption}."
        ours = relation(
            f"{id}-assumed", says=says_ours, about=about, assumption=assumption, needs=needs, operator=operator
        )
        return sure(examined(lambda exam: rule(exam, False))), ours(examined(lambda exam: rule(exam, True), sure=False))

    return of


def learn(session: Session) -> None:
    """Read the target's tickets once, before the relations; leaves `sample` empty when they cannot be learned."""
    try:
        world = study(session)
    except Unlearnable as error:
        session.notes["unlearnable"] = error
        return
    session.sample[:] = [dict(item) for item in world.whole.items.values()]
    session.notes[NOTE] = Examination(session, world, seed=session.random.getrandbits(64))


def remarks(session: Session) -> list[str]:
    """What a reader of the verdicts must know of the target's tickets, each in a sentence."""
    exam: Examination | None = session.notes.get(NOTE)
    return [
        f"{name} is another each time that a ticket is read; nothing was judged by it."
        for name in sorted(exam.movement.unsteady if exam else ())
    ]


def evidence(*answers: Answer) -> tuple[Exchange, ...]:
    """The exchanges behind some answers."""
    return tuple(answer.exchange for answer in answers)
