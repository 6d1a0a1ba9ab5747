"""A naive service of the contract: dicts in a list, one small method a stage, so that a fault overrides just one.

Written straight from the contract's assumptions (`x-assumption` in spec/openapi.yaml); it shares no code with the mock
nor with the gate. `Reading` switches every point that the page leaves open: each choice is a *correct variant*.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import jsonschema_rs
import yaml

from contract_tests.variants.reading import AS_ASSUMED, Reading

SPEC = Path(__file__).resolve().parents[2] / "spec" / "openapi.yaml"
Ticket = dict[str, Any]
TOKEN = re.compile(r"[()&|]|[^\s()&|]+")
#: Blanks in a condition where the page's own has none, or none where it has one.
ODD_BLANKS = re.compile(r"\(\s|\s\)|\s\s|^\s|\s$|[^ ][&|]|[&|][^ ]")
WORD = re.compile(r"\w+")
TEXTUAL = ("like", "startwith", "endwith")


class Refused(Exception):
    """The query breaks a bound or makes no sense; answered 400 with the page's error body."""


def _pattern(value: str) -> re.Pattern[str]:
    try:
        return re.compile(value)
    except re.error as error:
        raise Refused(f"no regular expression: {error}") from error


class ReferenceService:
    """Answers one query at a time: `answer(body)` gives status and JSON. Every stage may be overridden by a fault."""

    def __init__(
        self, tickets: Sequence[Ticket], reading: Reading = AS_ASSUMED, document: dict[str, Any] | None = None
    ) -> None:
        self.tickets = [self.made(number, ticket, reading) for number, ticket in enumerate(tickets, 1)]
        self.reading = reading
        self.answered = 0
        document = document or yaml.safe_load(SPEC.read_text(encoding="utf-8"))
        schemas = document["components"]["schemas"]
        shown = schemas["IncidentDataInfo"]["properties"]
        self.properties = {name: schema.get("type") for name, schema in shown.items()}
        self.rows = {name for name, schema in shown.items() if "table" in schema.get("x-source", {})}
        self.members = set(schemas["ListIncidentsRequestBody"]["properties"])
        self.validator = jsonschema_rs.Draft202012Validator(
            {"$ref": "#/components/schemas/ListIncidentsRequestBody", "components": document["components"]}
        )

    @staticmethod
    def made(number: int, ticket: Ticket, reading: Reading) -> Ticket:
        """A ticket as this service keeps it."""
        kept = dict(ticket)
        if reading.keyless_every and number % reading.keyless_every == 0:
            del kept["ticket_id"]
        if reading.start_in_seconds and "start_time" in kept:
            kept["start_time"] = str(kept["start_time"] // 1000)
        return kept

    # -- the whole ---------------------------------------------------------------------------------------------------

    def answer(self, body: Any) -> tuple[int, Any]:
        """Status and answer of one query."""
        self.answered += 1
        if self.reading.unavailable_every and self.answered % self.reading.unavailable_every == 0:
            gateway = {"error_code": "APIGW.0613", "error_msg": "Unavailable.", "request_id": "1"}
            return self.reading.unavailable, gateway
        if self.reading.moves_every and self.answered % self.reading.moves_every == 0:
            self.move()
        try:
            self.validate(body)
            return 200, self.envelope(self.data(body))
        except Refused as refusal:
            return self.refused(str(refusal))

    def refused(self, why: str) -> tuple[int, Any]:
        """The page's 400 answer."""
        return 400, {**self.error(why), "provider_code": "049", "data": None}

    def move(self) -> None:
        """A new ticket, one less, or one that changes: what happens to a live service."""
        random = Random(self.answered)  # noqa: S311
        one, other = random.choices(range(len(self.tickets)), k=2)
        moved = {**self.tickets[one], "level_id": self.tickets[other].get("level_id"), "title": f"{self.answered}"}
        kind = random.choice(("new", "gone", "changed"))
        if kind == "new":
            self.tickets.append({**moved, "ticket_id": f"IM2027{self.answered:010d}"})
        elif kind == "changed":
            self.tickets[one] = moved
        elif len(self.tickets) > 1:
            del self.tickets[one]

    def data(self, body: dict[str, Any]) -> dict[str, Any]:
        """The answer's `data`."""
        found = self.ordered(body, self.selected(body))
        data: dict[str, Any] = {"total": self.total(body, found)}
        tickets = [self.shown(ticket, body) for ticket in self.paged(body, found)]
        data["tickets"] = tickets if tickets or self.reading.empty_tickets == "array" else None
        if body.get("count_filters"):
            data["count_results"] = self.counts(body)
        if not body.get("contain_total", True):
            data["total"] = {"zero": 0}.get(self.reading.unwanted_total)
        unwritten = {
            "total": self.reading.unwanted_total == "absent",
            "tickets": self.reading.empty_tickets == "absent",
        }
        return {name: value for name, value in data.items() if value is not None or not unwritten.get(name)}

    def envelope(self, data: dict[str, Any]) -> dict[str, Any]:
        """The good answer's envelope."""
        return {"provider_code": "049", "error_code": "GOM.00000000", "error_msg": None, "data": data}

    def error(self, why: str) -> dict[str, Any]:
        """The bad answer's code and words."""
        return {"error_code": "GOM.00007256", "error_msg": f"Parameter error: {why}"[:256]}

    # -- validation --------------------------------------------------------------------------------------------------

    def validate(self, body: Any) -> None:
        """Refused when the body breaks a bound of the contract."""
        problem = next(self.validator.iter_errors(body), None)
        if problem is not None:
            raise Refused(str(problem.message))
        if self.reading.refuse_unknown_members and set(body) - self.members:
            raise Refused(f"unknown members {sorted(set(body) - self.members)}")
        if self.reading.strict:
            self.scrutinize(body)

    def scrutinize(self, body: dict[str, Any]) -> None:
        """Refused for what a service may refuse: values of another type, equal names, another style of condition."""
        strings, ints = body.get("string_filters", []), body.get("int_filters", [])
        counted = [each for group in body.get("count_filters", []) for each in group.get("filters", [])]
        for each in (*strings, *ints, *counted):
            kinds, textual = self.properties.get(each["field"], "string"), each["operator"] in TEXTUAL
            integral = all(re.fullmatch(r"-?(0|[1-9]\d*)", value) for value in each["values"])
            if "integer" in kinds and (textual or not integral):
                raise Refused(f"{each['field']} is an integer")
            if "integer" not in kinds and each["operator"] in (">", "<"):
                raise Refused(f"{each['field']} has no order")
            if "boolean" in kinds and (textual or set(each["values"]) - {"true", "false"}):
                raise Refused(f"{each['field']} is a flag")
            if len(each["values"]) > 1 and each["operator"] != "in":
                raise Refused(f"{each['operator']} takes one value")
        if set(body.get("fields", ())) - self.rows:
            raise Refused("fields: of the example alone")
        if any("integer" not in self.properties.get(each["field"], "") for each in ints):
            raise Refused("int_filters: no integer")
        names = [each["name"] for each in (*strings, *ints) if each.get("name")]
        condition = body.get("condition")
        unused = condition is not None and {each.get("name") for each in strings} - set(TOKEN.findall(condition))
        if len(set(names)) < len(names) or unused or (condition and ODD_BLANKS.search(condition)):
            raise Refused("condition: names or blanks")
        if body.get("sort_filter", {}).get("operator") == "asc" or set(body.get("ticket_types", ())) - {"incident"}:
            raise Refused("sort_filter or ticket_types")

    def known(self, field: str) -> bool:
        """Whether a filter may name the field; Refused when it may not."""
        if field in self.properties or field == "approver":
            return True
        if self.reading.unknown_field == "ignore":
            return False
        raise Refused(f"no such field: {field}")

    # -- selection ---------------------------------------------------------------------------------------------------

    def selected(self, body: dict[str, Any]) -> list[Ticket]:
        """The tickets that satisfy the query, in no order."""
        types = body.get("ticket_types")
        if types and "incident" not in types:
            return []
        strings, ints = body.get("string_filters", []), body.get("int_filters", [])
        formula = self.formula(body, strings)
        return [
            ticket
            for ticket in self.tickets
            if self.true(formula, strings, ticket) and all(self.holds(each, ticket) for each in ints)
        ]

    def formula(self, body: dict[str, Any], filters: list[Any]) -> list[Any]:
        """The condition in postfix order: positions of filters, `&`, `|`."""
        if "condition" in body:
            rest = self.postfix(body["condition"], filters)
            used = {entry for entry in rest if isinstance(entry, int)}
            extra = [index for index in range(len(filters)) if index not in used] if self.reading.unnamed_apply else []
        else:
            rest, extra = [], list(range(len(filters)))
        for index in extra:
            rest = [*rest, index, "&"] if rest else [index]
        return rest

    def postfix(self, text: str, filters: list[Any]) -> list[Any]:
        """Shunting-yard, which no depth of parentheses can exhaust; Refused when the text does not parse."""
        ranks = {"and-first": {"|": 1, "&": 2}, "or-first": {"&": 1, "|": 2}}
        power = ranks.get(self.reading.precedence, {"&": 1, "|": 1})
        least = 1 if self.reading.precedence == "right-to-left" else 0
        out: list[Any] = []
        stack: list[str] = []
        operand = True  # whether an operand, not an operator, must come next
        for token in TOKEN.findall(text):
            if operand != (token == "(" or token not in "()&|"):
                raise Refused(f"condition: unexpected {token}")
            if token == "(":
                stack.append(token)
            elif token == ")":
                while stack and stack[-1] != "(":
                    out.append(stack.pop())
                if not stack:
                    raise Refused("condition: unbalanced )")
                stack.pop()
            elif token in power:
                while stack and power.get(stack[-1], 0) >= power[token] + least:
                    out.append(stack.pop())
                stack.append(token)
                operand = True
            else:
                out.append(self.named(token, filters))
                operand = False
        if operand or "(" in stack:
            raise Refused("condition: ends too early")
        return out + stack[::-1]

    def named(self, name: str, filters: list[Any]) -> int:
        """The position of the filter that the condition names; Refused when it names none or several."""
        places = [index for index, each in enumerate(filters) if each.get("name") == name]
        if len(places) != 1:
            raise Refused(f"condition: {len(places)} filters are named {name}")
        return places[0]

    def true(self, formula: list[Any], filters: list[Any], ticket: Ticket) -> bool:
        """The value of a postfix formula for one ticket; without a formula all hold."""
        stack: list[bool] = []
        known: dict[int, bool] = {}
        for entry in formula:
            if entry == "&":
                stack.append(bool(stack.pop() & stack.pop()))
            elif entry == "|":
                stack.append(bool(stack.pop() | stack.pop()))
            else:
                if entry not in known:  # a condition may name one filter thousands of times
                    known[entry] = self.holds(filters[entry], ticket)
                stack.append(known[entry])
        return all(stack)

    def holds(self, query: dict[str, Any], ticket: Ticket) -> bool:
        """Whether the ticket satisfies one filter."""
        if not self.known(query["field"]):
            return True
        return self.compare(query["operator"], self.text(ticket.get(query["field"])), query["values"])

    def text(self, value: Any) -> str | None:
        """The text form that filters compare; None for an absent or null property."""
        if isinstance(value, bool):
            return "true" if value else "false"
        return None if value is None else str(value)

    def compare(self, operator: str, text: str | None, values: list[str]) -> bool:  # noqa: PLR0911 - one an operator
        """One of the page's eight operators."""
        if text is None:
            return operator == "!=" and self.reading.absent_differs
        match operator:
            case "=" | "in":
                return any(text == value for value in values)
            case "!=":
                return all(text != value for value in values)
            case "like":
                return self.some(self.like(text, value) for value in values)
            case "startwith":
                return self.some(text.startswith(value) for value in values)
            case "endwith":
                return self.some(text.endswith(value) for value in values)
            case ">":
                return bool(self.sortable(text, values[0]) > self.sortable(values[0], text))
            case _:
                return bool(self.sortable(text, values[0]) < self.sortable(values[0], text))

    def some(self, found: Iterable[bool]) -> bool:
        """Any of several values, or all of them."""
        return all(found) if self.reading.several == "all" else any(found)

    def like(self, text: str, value: str) -> bool:
        """`like`, as the reading has it."""
        text, value = self.folded(text), self.folded(value)
        match self.reading.like:
            case "contains":
                return value in text
            case "whole":
                return value == text
            case "words":
                return value == text or bool(set(WORD.findall(value)) & set(WORD.findall(text)))
            case "regex":
                return _pattern(value).search(text) is not None
            case "escaped":
                letters = re.findall(r"\\.|[^\\]", f"%{value}%", re.DOTALL)
            case _:
                letters = list(value)
        pattern = "".join({"%": ".*", "_": "."}.get(letter, re.escape(letter[-1])) for letter in letters)
        return re.fullmatch(pattern, text, re.DOTALL) is not None

    def folded(self, text: str) -> str:
        """Without what `like` does not see."""
        if not self.reading.fold_like:
            return text
        if self.reading.fold_like == "case":
            return text.casefold()
        bare = unicodedata.normalize("NFKD", text.casefold())
        return "".join(letter for letter in bare if not unicodedata.combining(letter))

    def sortable(self, text: str, other: str) -> Any:
        """What `text` compares as beside `other`: a number when both are integers, else text."""
        both = all(re.fullmatch(r"-?\d{1,18}", each) for each in (text, other))
        return int(text) if both else text

    # -- order, pages, projection, counts ----------------------------------------------------------------------------

    def ordered(self, body: dict[str, Any], found: list[Ticket]) -> list[Ticket]:
        """Sorted, then grouped; absent values last."""
        sort = body.get("sort_filter")
        field, operator = (sort["field"], sort["operator"]) if sort else self.reading.default_sort
        self.known(field)
        if self.reading.random_ties:
            found = Random().sample(found, len(found))  # noqa: S311
        else:
            found = sorted(found, key=lambda ticket: str(ticket.get("ticket_id")))
        present = [ticket for ticket in found if ticket.get(field) is not None]
        ranked = self.reading.levels_ranked and field == "level_id"
        present.sort(key=lambda ticket: self.rank(ticket[field]), reverse=(operator == "desc") != ranked)
        absent = [ticket for ticket in found if ticket.get(field) is None]
        result = absent + present if self.reading.absent_first else present + absent
        if group := body.get("group_by_filter"):
            self.known(group["field"])
            if self.reading.group == "one":
                return list({self.text(ticket.get(group["field"])): ticket for ticket in result}.values())
            if self.reading.group == "ignored":
                return result
            seen: list[Any] = []
            for ticket in result:
                if self.text(ticket.get(group["field"])) not in seen:
                    seen.append(self.text(ticket.get(group["field"])))
            result.sort(key=lambda ticket: seen.index(self.text(ticket.get(group["field"]))))
        return result

    def rank(self, value: Any) -> Any:
        """The sort key of a present value: numbers before text."""
        if isinstance(value, list):
            return (1, 0, json.dumps(value))
        return (0, value, "") if isinstance(value, int) and not isinstance(value, bool) else (1, 0, self.text(value))

    def paged(self, body: dict[str, Any], found: list[Ticket]) -> list[Ticket]:
        """The page asked for, or at most 1,000 tickets with `contain_all`."""
        if body.get("contain_all"):
            return found[:1000]
        page, size = body.get("page", 1), body.get("per_page", 10)
        if self.reading.past_end == "refuse" and page > 1 and (page - 1) * size >= len(found):
            raise Refused("no such page")
        return found[(page - 1) * size : page * size]

    def total(self, body: dict[str, Any], found: list[Ticket]) -> Any:  # noqa: ARG002 - a seam
        """How many tickets satisfy the query."""
        return len(found)

    def counts(self, body: dict[str, Any]) -> list[int]:
        """One number for each count filter."""
        base = self.selected(body) if self.reading.counts_under_main else self.tickets
        return [self.count(group.get("filters", []), base) for group in body["count_filters"]]

    def count(self, filters: list[Any], base: list[Ticket]) -> int:
        """How many tickets satisfy all the filters."""
        return sum(all(self.holds(each, ticket) for each in filters) for ticket in base)

    def shown(self, ticket: Ticket, body: dict[str, Any]) -> Ticket:
        """The ticket as answered: projected, and in the types that the reading has."""
        fields = body.get("fields")
        for field in fields or ():
            self.known(field)
        kept = {
            name: self.written(name, value)
            for name, value in ticket.items()
            if value is not None
            and (not fields or name in fields)
            and not (self.reading.without_key and name == "ticket_id")
        }
        if fields and self.reading.labels == "asked" and "enum_data_list" in kept:
            kept["enum_data_list"] = [label for label in kept["enum_data_list"] if label["prop_id"] in fields]
        if self.reading.touched and "update_time" in kept:
            kept["update_time"] += self.answered
        more = {"x_origin": "reference"} if self.reading.extra_members else {}
        return {**kept, **more, **({"x_age": self.answered} if self.reading.ages else {})}

    def written(self, name: str, value: Any) -> Any:
        """A value in the type that the reading answers it in."""
        if name == "enum_data_list" and self.reading.labels == "shuffled":
            return Random().sample(value, len(value))  # noqa: S311
        if self.reading.times_as_text and name.endswith("_time"):
            return str(value)
        if self.reading.flags_as_text and isinstance(value, bool):
            return self.text(value)
        return value
