"""The contract held against the page: every row and cell is matched by the contract, or excused by a deviation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from attrs import define, frozen
from jsonschema import Draft202012Validator

from generator.document import Document, Pointer, load, parsed
from generator.places import Place, operations, places
from generator.problems import Problem, Refused
from generator.shapes import shape_problems
from generator.tables import Keywords, Page, Table

Spot: TypeAlias = tuple[tuple[str, Any], ...]
"""A place of the page as a deviation names it, its members sorted: table, row, schema; or example, at; or section."""

NOTES = {
    *("title", "description", "examples", "x-source", "x-assumption"),
    *("x-enum-labels", "x-enum-varnames", "x-display-names"),
}
"""Members of a schema that bind nobody."""

JSON_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}

_TEXT = {"type": "string", "minLength": 1}
_SPOT = {
    "oneOf": [
        {"required": ["table"], "properties": {"table": {"type": "integer"}, "row": _TEXT, "schema": _TEXT}},
        {"required": ["example"], "properties": {"example": _TEXT, "at": {"type": "string"}}},
        {"required": ["section"], "properties": {"section": _TEXT, "row": _TEXT}},
    ],
    "type": "object",
    "propertyNames": {"enum": ["table", "row", "schema", "example", "at", "section"]},
}
_EXCUSE = {"type": "object", "minProperties": 1, "propertyNames": {"enum": ["page", "contract"]}}
DEVIATIONS = Draft202012Validator(
    {
        "type": "object",
        "required": ["deviations"],
        "additionalProperties": False,
        "properties": {
            "deviations": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["id", "at", "page", "contract", "why", "evidence", "level"],
                    "additionalProperties": False,
                    "properties": {
                        "id": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
                        "at": {"type": "array", "minItems": 1, "items": _SPOT},
                        **dict.fromkeys(("page", "contract", "why", "evidence"), _TEXT),
                        "level": {"enum": ["documented", "assumed"]},
                        "assumption": _TEXT,
                        "excuses": {"type": "object", "minProperties": 1, "additionalProperties": _EXCUSE},
                    },
                },
            }
        },
    }
)


@frozen
class Difference:
    """One keyword that the page and the contract give different values at one spot."""

    spot: Spot
    keyword: str
    pair: Keywords
    """`page` and `contract`, each only when that side has the keyword."""
    pointer: Pointer

    def told(self) -> tuple[str, str]:
        """What is wrong, and what would be right."""
        page = f"{self.keyword} is {self.pair['page']!r}" if "page" in self.pair else f"there is no {self.keyword}"
        has = f"{self.keyword} {self.pair['contract']!r}" if "contract" in self.pair else f"no {self.keyword}"
        place = ", ".join(f"{name} {value}" for name, value in self.spot)
        return f"the contract has {has}", f"on the page ({place}) {page}: follow it, or add a deviation"


@define
class Deviation:
    """One entry of `deviations.yaml`."""

    id: str
    pointer: Pointer
    spots: list[Spot]
    excuses: dict[str, Keywords]
    assumption: str | None


@frozen
class Ledger:
    """`deviations.yaml`, read."""

    document: Document
    deviations: list[Deviation]


def read_ledger(path: Path) -> Ledger:
    """Read `deviations.yaml`; raises Refused when an entry lacks a member or has one of another shape."""
    return ledger_of(load(path))


def ledger_of(document: Document) -> Ledger:
    """The deviations of a document that is already read."""
    problems = list(shape_problems(document, (), DEVIATIONS, "the list of deviations"))
    if problems:
        raise Refused("The deviations cannot be read:", problems)
    return Ledger(document, [_deviation(entry, index) for index, entry in enumerate(document.data["deviations"])])


def fidelity_problems(contract: Document, page: Page, ledger: Ledger) -> list[Problem]:
    """Each departure of the contract from the page without a deviation, and each deviation without a departure."""
    comparison = Comparison(contract, page)
    comparison.run()
    problems = comparison.problems + _unexcused(comparison.differences, ledger.deviations, contract)
    return problems + list(_deviation_problems(ledger, comparison))


def _deviation(entry: dict[str, Any], index: int) -> Deviation:
    excuses = {
        keyword: {side: comparable(keyword, value) for side, value in pair.items()}
        for keyword, pair in entry.get("excuses", {}).items()
    }
    spots = [spot(**place) for place in entry["at"]]
    return Deviation(entry["id"], ("deviations", index), spots, excuses, entry.get("assumption"))


def spot(**members: Any) -> Spot:
    """A place of the page, comparable with others."""
    return tuple(sorted(members.items()))


def comparable(keyword: str, value: Any) -> Any:
    """A value with what says nothing taken off: the order of an enum or of a list of types."""
    return sorted(value, key=str) if keyword.endswith(("enum", "type")) and isinstance(value, list) else value


def _unexcused(differences: list[Difference], deviations: list[Deviation], contract: Document) -> list[Problem]:
    excused: dict[tuple[Spot, str], list[Keywords]] = defaultdict(list)
    for deviation in deviations:
        for place in deviation.spots:
            for keyword, pair in deviation.excuses.items():
                excused[place, keyword].append(pair)
    return [
        contract.problem(difference.pointer, *difference.told())
        for difference in differences
        if difference.pair not in excused[difference.spot, difference.keyword]
    ]


def _deviation_problems(ledger: Ledger, comparison: Comparison) -> Iterator[Problem]:
    real = {(difference.spot, difference.keyword): difference.pair for difference in comparison.differences}
    assumptions = {
        assumption.get("id")
        for place in places(comparison.contract)
        for assumption in place.node.get("x-assumption", [])
        if isinstance(assumption, dict)
    }
    seen: set[str] = set()
    told = ledger.document.problem
    for deviation in ledger.deviations:
        if deviation.id in seen:
            yield told(deviation.pointer, f"the id {deviation.id} stands twice", "give each its own id")
        seen.add(deviation.id)
        if deviation.assumption is not None and deviation.assumption not in assumptions:
            what = f"no x-assumption of the contract has the id {deviation.assumption}"
            yield told((*deviation.pointer, "assumption"), what, "name one that it has")
        for index, place in enumerate(deviation.spots):
            here = (*deviation.pointer, "at", index)
            if not comparison.knows(place):
                yield told(here, f"the page has no {dict(place)}", "name a table, row, example or section")
                continue
            for keyword, pair in deviation.excuses.items():
                if real.get((place, keyword)) != pair:
                    what = f"deviation {deviation.id} excuses {keyword} {pair}, and there is no such difference"
                    yield told(here, what, f"the difference is {real.get((place, keyword), 'none')}")


class Comparison:
    """Walks the page's rows and the contract's schemas side by side, and collects the differences."""

    def __init__(self, contract: Document, page: Page) -> None:
        self.contract = contract
        self.page = page
        self.differences: list[Difference] = []
        self.problems: list[Problem] = []

    def knows(self, place: Spot) -> bool:
        """Whether the page has such a place."""
        members = dict(place)
        if "section" in members:
            rows = self.page.sections.get(members["section"])
            return rows is not None and ("row" not in members or members["row"] in rows)
        if "example" in members:
            return member_of(self.page.examples.get(members["example"], ABSENT), members.get("at", "")) is not ABSENT
        table = self.page.tables.get(members["table"])
        return table is not None and ("row" not in members or members["row"] in table.rows)

    def run(self) -> None:
        """Compare every table, then what stands outside the tables."""
        schemas = [place for place in places(self.contract) if len(place.pointer) == 3 and place.kind == "schema"]
        for table in self.page.tables.values():
            followers = [place for place in schemas if place.node.get("x-source") == {"table": table.number}]
            if table.schema not in [place.name for place in followers]:
                what = f"no schema {table.schema} has x-source {{table: {table.number}}}"
                self.complain(("components", "schemas"), what, f"table {table.number} of the page describes it")
            for place in followers:
                self.compare_schema(table, place)
        self.compare_operation()
        self.check_sources()

    def check_sources(self) -> None:
        """Every `x-source` that names the page names a place of it."""
        for place in places(self.contract):
            source = place.node.get("x-source", {})
            if not source.keys() & {"public", "page"} and source and not self.knows(spot(**source)):
                what = f"the page has no {source}"
                expected = "name a table and row, a section or an example that it has, or {public: title}"
                self.complain((*place.pointer, "x-source"), what, expected)
        uri = self.page.sections["URI"]
        for place in operations(self.contract):
            own = place.pointer == ("paths", uri["path"], uri["method"].lower())
            if not own and "public" not in place.node.get("x-source", {"public": ""}):
                what = f"the page does not have {str(place.pointer[2]).upper()} {place.pointer[1]}"
                expected = "all of it is assumed then: x-source: {public: title} names where it is from"
                self.complain((*place.pointer, "x-source"), what, expected)

    def complain(self, pointer: Pointer, what: str, expected: str) -> None:
        self.problems.append(self.contract.problem(pointer, what, expected))

    def compare_schema(self, table: Table, place: Place) -> None:
        """A schema against its table: each row has a property, each property a row or another source on the page."""
        named: dict[str, Any] = {} if place.name == table.schema else {"schema": place.name}
        here = spot(table=table.number, **named)
        if named:
            self.note(here, "schema", {"page": table.schema, "contract": place.name}, place.pointer)
        flat = schema_keywords({**place.node, "properties": None, "required": None})
        self.note_all(here, {"type": "object"}, flat, place.pointer)
        properties: dict[str, Any] = place.node.get("properties", {})
        required = place.node.get("required", [])
        for name, row in table.rows.items():
            if name not in properties:
                what = f"{place.name} has no property {name}"
                self.complain(place.pointer, what, f"table {table.number} of the page has the row {name}")
                continue
            pointer = (*place.pointer, "properties", name)
            if properties[name].get("x-source") != {"table": table.number, "row": name}:
                wanted = f"x-source: {{table: {table.number}, row: {name}}}"
                self.complain(pointer, f"{place.name}.{name} does not name its row as its source", f"write {wanted}")
            actual = schema_keywords(properties[name]) | ({"required": True} if name in required else {})
            self.note_all(spot(table=table.number, row=name, **named), row.keywords, actual, pointer)
        for name in properties.keys() - table.rows.keys():
            pointer = (*place.pointer, "properties", name)
            self.compare_undescribed(place, name, properties[name], pointer)

    def compare_undescribed(self, place: Place, name: str, schema: dict[str, Any], pointer: Pointer) -> None:
        """A property without a row must have another source: an example, whose value gives its type."""
        source = schema.get("x-source") or {}
        value = member_of(self.page.examples.get(source.get("example", ""), ABSENT), source.get("at", ""))
        if value is ABSENT or source.get("at", "").rsplit("/", 1)[-1] != name:
            what = f"{place.name}.{name} has no row in the page's table, and x-source names no example that shows it"
            self.complain(pointer, what, "take it out, or name the example and where it stands: {example: …, at: /…}")
            return
        here = spot(example=source["example"], at=source["at"])
        self.note(here, "property", {"contract": name}, pointer)
        actual = schema_keywords(schema)
        if name in place.node.get("required", []):
            actual["required"] = True
        self.note_all(here, {"type": JSON_TYPES.get(type(value), "null")}, actual, pointer)

    def compare_operation(self) -> None:
        """The method and path, the statuses and the permission of the page."""
        uri, statuses = self.page.sections["URI"], self.page.sections["Status Codes"]
        pointer = ("paths", uri["path"], uri["method"].lower())
        operation = next((place for place in operations(self.contract) if place.pointer == pointer), None)
        if operation is None:
            self.complain(("paths",), f"there is no {uri['method']} {uri['path']}", "the page's section URI has it")
            return
        for status, words in statuses.items():
            response = operation.node.get("responses", {}).get(status, {})
            if response.get("x-source") != {"section": "Status Codes", "row": status}:
                wanted = f"the page documents it ({words}): x-source: {{section: Status Codes, row: '{status}'}}"
                self.complain((*pointer, "responses", status), f"status {status} does not name the page", wanted)
        permission = self.page.sections["Authorization"]
        granted = [{key: entry.get(key) for key in permission} for entry in operation.node.get("x-permissions", [])]
        if permission not in granted:
            self.complain(pointer, f"x-permissions lacks {permission}", "the page's section Authorization has it")

    def note_all(self, place: Spot, page: Keywords, contract: Keywords, pointer: Pointer) -> None:
        """Note each keyword in which two sets differ."""
        for keyword in sorted(page.keys() | contract.keys()):
            sides = {"page": page, "contract": contract}
            pair = {side: comparable(keyword, values[keyword]) for side, values in sides.items() if keyword in values}
            if "page" not in pair or "contract" not in pair or not same(pair["page"], pair["contract"]):
                step = keyword.removeprefix("items.")
                inner = (*pointer, "items", step) if step != keyword else (*pointer, step)
                self.note(place, keyword, pair, inner)

    def note(self, place: Spot, keyword: str, pair: Keywords, pointer: Pointer) -> None:
        self.differences.append(Difference(place, keyword, pair, pointer))


ABSENT = object()


def same(one: Any, other: Any) -> bool:
    """Equality that tells 1 from true."""
    return type(one) is type(other) and bool(one == other)


def member_of(value: Any, pointer: str) -> Any:
    """The member of a JSON value that a JSON Pointer names; ABSENT when there is none."""
    for step in parsed(pointer):
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and str(step).isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return ABSENT
    return value


def schema_keywords(schema: dict[str, Any]) -> Keywords:
    """A property's keywords, flat, as the page's rows have them."""
    flat: Keywords = {}
    for keyword, value in schema.items():
        if keyword in NOTES or value is None:
            continue
        if keyword == "items" and isinstance(value, dict):
            flat |= {f"items.{inner}": it for inner, it in schema_keywords(value).items()}
        elif keyword == "$ref":
            flat["$ref"] = str(value).rsplit("/", 1)[-1]
        elif keyword == "oneOf" and isinstance(value, list) and {"type": "null"} in value and len(value) == 2:
            other = next(branch for branch in value if branch != {"type": "null"})
            flat |= {"null": True, **schema_keywords(other)}
        elif keyword == "type" and isinstance(value, list) and "null" in value:
            rest = [name for name in value if name != "null"]
            flat |= {"null": True, "type": rest[0] if len(rest) == 1 else rest}
        else:
            flat[keyword] = value
    return flat
