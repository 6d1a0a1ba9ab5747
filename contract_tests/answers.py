"""What every answer owes, whatever was asked: a listed status, JSON of the documented shape, a truthful envelope."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
from attrs import define, field

from contract_tests import rules
from contract_tests.bodies import Path, slots
from contract_tests.contract import JSON, Contract, Operation
from contract_tests.exchange import Exchange, parsed
from contract_tests.ledger import Ledger, Verdict, message
from contract_tests.obligations import KEYWORDS, Ids, ids
from contract_tests.schemas import DIALECT, find, flat

SHOWN = 120
#: The least number of so many digits; as seconds since 1970 they are of the years 2001 to 2286.
DIGITS = 10
SECONDS = 10**9


@define
class Shape:
    """One documented answer, compiled: its validator, and the obligations of each place by path (`*` for an item).

    At the `open` places the page does not say what an empty result looks like; null there is no more than a warning.
    """

    status: int
    validator: jsonschema_rs.Validator
    places: dict[tuple[str, ...], dict[str, str]]
    open: frozenset[tuple[str, ...]]

    @property
    def times(self) -> dict[tuple[str, ...], str]:
        """The places of timestamps, and the obligation of their unit."""
        return {path: owed["x-timestamp"] for path, owed in self.places.items() if "x-timestamp" in owed}

    @classmethod
    def of(cls, status: int, schema: dict[str, Any], names: Ids) -> Shape:
        """Compile the schema of one status."""
        schema = flat(schema)
        places: dict[tuple[str, ...], dict[str, str]] = {}
        for slot in slots(schema):
            if slot.path:
                words = [word for word in KEYWORDS if word in slot.schema and word != "required"]
                words += ["required"] if slot.required else []
                owed = {word: names[slot.schema["x-pointer"], word] for word in words}
                places[_starred(slot.path)] = owed
        empty = frozenset(_starred(slot.path) for slot in slots(schema) if _open(slot.schema))
        return cls(status, jsonschema_rs.validator_for({**schema, "$schema": DIALECT}), places, empty)


@define
class Answers:
    """Checks each exchange as it comes and records what it shows. An obligation passes once, and fails every time."""

    contract: Contract
    operation: Operation
    ledger: Ledger
    shapes: dict[int, Shape] = field(init=False)
    passed: set[str] = field(factory=set)

    def __attrs_post_init__(self) -> None:
        names = ids(self.contract, self.operation)
        self.shapes = {
            response.status: Shape.of(response.status, response.schema, names)
            for response in self.operation.responses.values()
            if response.schema
        }

    def check(self, exchange: Exchange) -> None:
        """Record what this exchange shows of every obligation of an answer."""
        if exchange.error:
            text = message(f"{exchange.error}, twice in a row", "a whole answer")
            self.ledger.record(rules.ANSWERED.id, Verdict.FAIL, text, [exchange])
            return
        self._status(exchange)
        shape = self.shapes.get(exchange.status)
        if shape is None:
            return
        try:
            body = parsed(exchange.response_body)
        except ValueError as error:
            said = f"{len(exchange.response_body)} bytes that are no JSON: {error}"
            self._shape(exchange, said, "a JSON object, in UTF-8")
            return
        if not isinstance(body, dict):
            self._shape(exchange, _shown(body), "a JSON object")
            return
        for place in (self.operation.pagination.items, self.operation.pagination.total or ""):
            name = place.rpartition("/")[2]
            if place.count("/") > 1 and name in body and find(body, place) is None:
                self._shape(exchange, f"{name} at the top of the body", f"{name} at {place}")
                return
        self._passes(rules.shape(exchange.status), exchange)
        self._media_type(exchange)
        self._members(exchange, shape, body)
        self._envelope(exchange, body)

    def _status(self, exchange: Exchange) -> None:
        if self._foreign(exchange):
            if exchange.status == 500:
                self._judge(rules.NEVER_FAILS.id, False, exchange, "status 500", "404, or another refusal")
            return
        listed = sorted(self.operation.responses)
        self._judge(
            rules.LISTED.id,
            exchange.status in self.operation.responses,
            exchange,
            f"status {exchange.status}",
            f"one of {', '.join(map(str, listed))}",
        )
        failed = 500 <= exchange.status < 600
        self._judge(
            rules.NEVER_FAILS.id, not failed, exchange, f"status {exchange.status}", "200, or 400 and the reason"
        )

    def _foreign(self, exchange: Exchange) -> bool:
        """Whether the page does not describe such a request; then any refusal is as good as another (405, 415, 501)."""
        media = next((value for key, value in exchange.request_headers.items() if key.lower() == "content-type"), JSON)
        here = exchange.method == self.operation.method and self.operation.answers_at(exchange.url)
        return not here or media.partition(";")[0] != JSON

    def _media_type(self, exchange: Exchange) -> None:
        received = (exchange.header("Content-Type") or "none").partition(";")[0].strip().lower()
        self._judge(rules.MEDIA_TYPE.id, received == JSON, exchange, f"Content-Type {received}", JSON)

    def _members(self, exchange: Exchange, shape: Shape, body: dict[str, Any]) -> None:
        broken = set()
        if not shape.validator.is_valid(body):
            for error in shape.validator.iter_errors(body):
                broken |= self._breach(exchange, shape, error)
        for path, owed in shape.times.items():
            wrong = [value for value in _values(body, path) if _seconds(value)]
            if wrong:
                broken.add(owed)
                received = f"{path[-1]} {wrong[0]}, which would be in {_year(wrong[0])} as milliseconds"
                says = self.ledger.results[owed].obligation.says
                self.ledger.record(owed, Verdict.FAIL, message(received, says), [exchange])
        for path in _seen(body):
            for obligation in shape.places.get(path, {}).values():
                if obligation not in broken:
                    self._passes(obligation, exchange)

    def _breach(self, exchange: Exchange, shape: Shape, error: jsonschema_rs.ValidationError) -> set[str]:
        """Record one error of the validator at the obligation of its place; a missing member belongs to that member."""
        keyword = str(error.schema_path[-1]) if error.schema_path else ""
        path = tuple(error.instance_path)
        if keyword == "required":
            path = (*path, str(error.kind.as_dict()["property"]))
        where = "/" + "/".join(map(str, path))
        obligation = shape.places.get(_starred(path), {}).get(keyword)
        if keyword == "type" and find(exchange.json(), where) is None and self._open(exchange, shape, path):
            obligation = rules.EMPTY.id
        received = "absent" if keyword == "required" else _shown(find(exchange.json(), where))
        if obligation is None:
            self._shape(exchange, f"{where}: {received}", error.message[:SHOWN])
            return set()
        says = self.ledger.results[obligation].obligation.says
        self.ledger.record(obligation, Verdict.FAIL, message(f"{where} is {received}", says), [exchange])
        return {obligation}

    def _open(self, exchange: Exchange, shape: Shape, path: Path) -> bool:
        """Whether the page does not say what stands at this place: for no items, and for a total that is not wanted."""
        where, wanted = self.operation.pagination.total, self.operation.member("total_wanted")
        asked = exchange.request_json()
        unwanted = isinstance(asked, dict) and asked.get(wanted) is False
        return _starred(path) in shape.open or (unwanted and "/" + "/".join(map(str, path)) == where)

    def _envelope(self, exchange: Exchange, body: dict[str, Any]) -> None:
        for name, success in self.operation.success_values.items():
            value = body.get(name)
            shown = f"{name} {_shown(value)}"
            if exchange.status == 200:
                ok = name not in body or value in success
                self._judge(rules.SUCCESS.id, ok, exchange, shown, f"{name} one of {', '.join(success)}")
            elif exchange.status == 400:
                items = find(body, self.operation.pagination.items)
                documented = f"{name} other than {', '.join(success)}, and no tickets"
                self._judge(rules.FAILURE.id, value not in success and not items, exchange, shown, documented)
        for name, constant in self._constants().items():
            if exchange.status in (200, 400) and name in body:
                self._judge(
                    rules.CONSTANTS.id, body[name] == constant, exchange, f"{name} {_shown(body[name])}", constant
                )

    def _constants(self) -> dict[str, str]:
        """Text members of the envelope whose default is the only example of them."""
        schema = self.operation.responses[200].schema or {}
        return {
            name: part["default"]
            for name, part in schema.get("properties", {}).items()
            if isinstance(part.get("default"), str) and part.get("examples") == [part["default"]]
        }

    def _shape(self, exchange: Exchange, received: str, documented: str) -> None:
        self.ledger.record(rules.shape(exchange.status), Verdict.FAIL, message(received, documented), [exchange])

    def _judge(self, rule: str, ok: bool, exchange: Exchange, received: str, documented: str) -> None:
        if ok:
            self._passes(rule, exchange)
        else:
            self.ledger.record(rule, Verdict.FAIL, message(received, documented), [exchange])

    def _passes(self, obligation: str, exchange: Exchange) -> None:
        if obligation not in self.passed:
            self.passed.add(obligation)
            needs = self.ledger.results[obligation].obligation.needs
            self.ledger.record(obligation, Verdict.PASS, "", [exchange], probe=needs[0] if needs else "")


def _open(schema: dict[str, Any]) -> bool:
    """Whether an assumption says what stands at a place, rather than supporting some of its keywords."""
    return any("keywords" not in each for each in schema.get("x-assumption", ()))


def _starred(path: Path) -> tuple[str, ...]:
    return tuple("*" if isinstance(part, int) else part for part in path)


def _seen(body: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The places that a body fills, each once: `("data", "tickets", "*", "title")`."""
    if isinstance(body, dict):
        for name, value in body.items():
            yield (*path, name)
            yield from _seen(value, (*path, name))
    elif isinstance(body, list) and body:
        yield (*path, "*")
        merged: dict[str, Any] = {}
        for item in body:
            if isinstance(item, dict):
                merged.update(item)
        yield from _seen(merged, (*path, "*"))


def _values(body: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """Every value at a path with `*` for items."""
    if not path:
        yield body
    elif path[0] == "*":
        for item in body if isinstance(body, list) else ():
            yield from _values(item, path[1:])
    elif isinstance(body, dict) and path[0] in body:
        yield from _values(body[path[0]], path[1:])


def _seconds(value: Any) -> bool:
    """Whether a time, as a number, is one of this age in seconds and of the year 1970 in milliseconds."""
    text = str(value) if isinstance(value, int | str) else ""
    return len(text) == DIGITS and text.isdecimal() and int(text) >= SECONDS


def _year(value: Any) -> int:
    return datetime.fromtimestamp(int(value) / 1000, UTC).year


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({len(text)} characters)"
