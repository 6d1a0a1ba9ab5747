"""The API page's tables as data, and the JSON Schema keywords that the words of each cell stand for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, TypeAlias

from attrs import define, field, frozen
from jsonschema import Draft202012Validator

from generator.document import Document, Pointer, load
from generator.problems import Problem, Refused
from generator.shapes import shape_problems

Keywords: TypeAlias = dict[str, Any]
"""Keywords of a property, flat: those of an array's items begin with `items.`, `$ref` is a schema's name,
`null` says that null is allowed and `required` that the member must be there."""

TYPES: dict[str, Keywords] = {
    "Integer": {"type": "integer", "format": "int32"},
    "Long": {"type": "integer", "format": "int64"},
    "Boolean": {"type": "boolean"},
    "String": {"type": "string"},
}

# A cell's clause, and the keywords of its numbers. The page often says "characters" of an array's elements.
CLAUSES = (
    (r"Array length: (\S+) to (\S+?)( characters)?", ("minItems", "maxItems")),
    (r"(?:Length: |Character length: )?(\S+) to (\S+) characters", ("minLength", "maxLength")),
    (r"Character length: (\S+) to (\S+)", ("minLength", "maxLength")),
    (r"Minimum length: (\S+) characters?", ("minLength",)),
    (r"Maximum (?:character )?length: (\S+?)( characters)?", ("maxLength",)),
    (r"(\S+) to (\S+)", ("minimum", "maximum")),
)

# Sentences of a definition that bind. What a sentence leaves open (a unit, a list elsewhere) stays in its own words.
SENTENCES: tuple[tuple[str, Keywords], ...] = (
    (r"The value ranges from 0000 to 9999\. The value is 0 in normal cases\.",
     {"pattern": "^[0-9]{4}$", "x-success-values": ["0"]}),
    (r"which is a timestamp|in timestamp format", {"x-timestamp": "a timestamp"}),
    (r"For details, see Incident (Level|Source|Type)", {"x-extensible-enum": "see the enumeration information"}),
    (r"The value is incident in the scenario where the incident list is obtained\.",
     {"items.x-extensible-enum": ["incident"]}),
    (r"If this parameter is empty, the preset value of the condition in string_filters is AND\.", {}),
    (r"For details about the value, see Table 5\.", {}),
    (r"The values can be strings, timestamps, enumerations, and integers, which are .*", {}),
)  # fmt: skip

_TEXTS = {"type": "string", "minLength": 1}
TABLES = Draft202012Validator(
    {
        "type": "object",
        "required": ["page", "sections", "examples", "tables"],
        "properties": {
            "sections": {
                "type": "object",
                "required": ["Authorization", "URI", "Status Codes"],
                "additionalProperties": {"type": "object", "additionalProperties": _TEXTS},
                "properties": {"URI": {"required": ["method", "path"]}},
            },
            "examples": {"type": "object", "additionalProperties": _TEXTS},
            "tables": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["table", "title", "schema", "rows"],
                    "properties": {
                        "table": {"type": "integer"},
                        "schema": _TEXTS,
                        "rows": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["row", "type", "mandatory", "range", "default"],
                                "additionalProperties": _TEXTS,
                                "properties": {"mandatory": {"enum": ["Yes", "No"]}},
                                "propertyNames": {
                                    "enum": ["row", "type", "mandatory", "constraints", "range", "default", "says"]
                                },
                            },
                        },
                    },
                },
            },
        },
    }
)
"""The shape of `tables.yaml`."""


@frozen
class Row:
    """One row of one table: its cells' words, and the keywords they stand for."""

    table: int
    name: str
    line: int
    keywords: Keywords


@define
class Table:
    """One table of the page, and the schema that it describes."""

    number: int
    schema: str
    line: int
    rows: dict[str, Row] = field(factory=dict)


@frozen
class Page:
    """All that the page says, as data."""

    document: Document
    tables: dict[int, Table]
    examples: dict[str, Any]
    """The page's requests and answers, by the name of their file."""

    @property
    def sections(self) -> dict[str, dict[str, Any]]:
        """What the page says outside its tables, by the section's title."""
        sections: dict[str, dict[str, Any]] = self.document.data["sections"]
        return sections


def read_page(folder: Path) -> Page:
    """Read `tables.yaml` and `examples/*.json` of a source folder; raises Refused for what cannot be understood."""
    document = load(folder / "tables.yaml")
    problems = list(shape_problems(document, (), TABLES, "the page's tables"))
    if problems:
        raise Refused("The page's data cannot be read:", problems)
    tables: dict[int, Table] = {}
    for index, data in enumerate(document.data["tables"]):
        pointer: Pointer = ("tables", index)
        table = Table(data["table"], data["schema"], document.line(pointer))
        if table.number in tables:
            problems.append(document.problem(pointer, f"table {table.number} stands twice", "keep one"))
        tables[table.number] = table
        for position, cells in enumerate(data["rows"]):
            place = (*pointer, "rows", position)
            if cells["row"] in table.rows:
                problems.append(document.problem(place, f"the row {cells['row']} stands twice", "keep one"))
            keywords, unread = cells_as_keywords(cells)
            table.rows[cells["row"]] = Row(table.number, cells["row"], document.line(place), keywords)
            problems += [
                document.problem(place, f"no reading is known for the words {words!r}", "word it as other rows do")
                for words in unread
            ]
    examples, unreadable = _read_examples(folder / "examples", document)
    if problems or unreadable:
        raise Refused("The page's data cannot be read:", problems + unreadable)
    return Page(document, tables, examples)


def _read_examples(folder: Path, document: Document) -> tuple[dict[str, Any], list[Problem]]:
    examples, problems = {}, []
    for name in document.data["examples"]:
        path = folder / f"{name}.json"
        try:
            examples[name] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            here = document.problem(("examples", name), f"{path} does not exist", "save the page's example there")
            problems.append(here)
        except ValueError as error:
            line = getattr(error, "lineno", 0)
            problems.append(Problem(path, line, f"is not JSON: {error}", "mend the syntax"))
    return examples, problems


def cells_as_keywords(cells: dict[str, str]) -> tuple[Keywords, list[str]]:
    """The keywords that a row's cells stand for, and the words that no reading is known for."""
    keywords = type_keywords(cells["type"])
    unread = []
    if cells["mandatory"] == "Yes":
        keywords["required"] = True
    for words in (cells.get("constraints", "N/A"), cells["range"]):
        prefix = ""
        for clause in words.split("; "):
            if clause.startswith("Element length: "):
                prefix = "items."
            found = _clause_keywords(clause.removeprefix("Element length: "), keywords)
            named = {prefix + keyword: value for keyword, value in (found or {}).items()}
            if found is None or any(keywords.get(keyword, value) != value for keyword, value in named.items()):
                unread.append(clause)  # of no known wording, or against another cell of the row
            keywords |= named
    try:
        keywords |= _default_keyword(cells["default"], cells["type"])
    except ValueError:
        unread.append(cells["default"])
    if (says := cells.get("says")) is not None:
        found = _sentence_keywords(says)
        unread += [says] if found is None else []
        keywords |= found or {}
    return keywords, unread


def type_keywords(words: str) -> Keywords:
    """`Array of Long` is `type: array` with `items.type: integer`; what is no basic type names a schema."""
    if match := re.fullmatch(r"Arrays? of (\w+)", words):
        return {"type": "array"} | {f"items.{keyword}": value for keyword, value in type_keywords(match[1]).items()}
    return dict(TYPES.get(words) or {"$ref": words.removesuffix(" object")})


def _clause_keywords(clause: str, known: Keywords) -> Keywords | None:
    if clause == "N/A" or (clause == "String" and known.get("type") == "string"):
        return {}
    if clause == "true/false":
        return {} if known.get("type") == "boolean" else {"enum": ["true", "false"]}
    for pattern, names in CLAUSES:
        if match := re.fullmatch(pattern, clause):
            try:
                numbers = [int(match[index + 1].replace(",", "")) for index in range(len(names))]
            except ValueError:
                return None
            pairs = zip(names, numbers, strict=True)
            return {name: number for name, number in pairs if number or name not in ("minItems", "minLength")}
    return None


def _default_keyword(words: str, type_words: str) -> Keywords:
    if words == "N/A":
        return {}
    if type_words in ("Integer", "Long"):
        return {"default": int(words)}
    if type_words == "Boolean":
        return {"default": ("false", "true").index(words) == 1}
    return {"default": words}


def _sentence_keywords(says: str) -> Keywords | None:
    if match := re.fullmatch(r"The value can be (\S+)\.", says):
        return {"enum": match[1].split("/")}
    return next((dict(keywords) for pattern, keywords in SENTENCES if re.fullmatch(pattern, says)), None)
