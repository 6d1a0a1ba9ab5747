"""Pairs of small contracts whose rating is known, each read in both directions of time and of travel."""

# ruff: noqa: E501 - the tables read as tables, one pair a line

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from generator import intervals
from generator.changes import Change, Rating
from generator.comparison import changes
from generator.document import Document, load, loads
from generator.places import places
from generator.rules import RULES
from generator.schema_comparison import STRUCTURE
from generator.versions import gravest
from generator.vocabulary import VOCABULARY

LETTERS = {Rating.BREAKING: "B", Rating.COMPATIBLE: "C", Rating.COSMETIC: "W", None: "-"}

# Four letters a pair: in a request before→after and after→before, then in an answer before→after and after→before.
TIGHTER = "BC CB"
LOOSER = "CB BC"
OTHER = "BB BB"
WORDS = "WW WW"
ADDITION = "CB CB"
NEWS = "CC CC"
NOTHING = "-- --"

INT, NUMBER, TEXT = {"type": "integer"}, {"type": "number"}, {"type": "string"}
LIST = {"type": "array", "items": {"type": "string"}}
THING = {"$ref": "#/components/schemas/Thing"}
NAMED = {**TEXT, "enum": ["=", "!="], "x-enum-varnames": ["EQ", "NE"]}
OPEN = {**TEXT, "x-extensible-enum": ["a", "b"]}


def having(base: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    """A schema with more keywords; `x_name` is the extension `x-name`."""
    return base | {name.replace("_", "-"): value for name, value in keywords.items()}


# name: (member before, member after, letters, the keyword that is told first)
MEMBERS: dict[str, tuple[Any, Any, str, str]] = {
    # bounds
    "maximum lowered": (having(INT, maximum=9), having(INT, maximum=5), TIGHTER, "maximum"),
    "maximum added": (INT, having(INT, maximum=5), TIGHTER, "maximum"),
    "minimum raised": (having(INT, minimum=1), having(INT, minimum=2), TIGHTER, "minimum"),
    "minimum added": (INT, having(INT, minimum=0), TIGHTER, "minimum"),
    "minimum below zero": (having(INT, minimum=-1), having(INT, minimum=-2), LOOSER, "minimum"),
    "exclusive maximum lowered": (
        having(INT, exclusiveMaximum=9), having(INT, exclusiveMaximum=5), TIGHTER, "exclusiveMaximum"),
    "exclusive minimum added": (INT, having(INT, exclusiveMinimum=0), TIGHTER, "exclusiveMinimum"),
    "maxLength raised": (having(TEXT, maxLength=5), having(TEXT, maxLength=9), LOOSER, "maxLength"),
    "maxLength removed": (having(TEXT, maxLength=5), TEXT, LOOSER, "maxLength"),
    "minLength added": (TEXT, having(TEXT, minLength=1), TIGHTER, "minLength"),
    "minLength 0 added": (TEXT, having(TEXT, minLength=0), WORDS, "minLength"),
    "maxItems lowered": (having(LIST, maxItems=20), having(LIST, maxItems=10), TIGHTER, "maxItems"),
    "maxItems lowered to zero": (having(LIST, maxItems=20), having(LIST, maxItems=0), TIGHTER, "maxItems"),
    "minItems removed": (having(LIST, minItems=1), LIST, LOOSER, "minItems"),
    "uniqueItems on": (LIST, having(LIST, uniqueItems=True), TIGHTER, "uniqueItems"),
    "uniqueItems said to be off": (LIST, having(LIST, uniqueItems=False), WORDS, "uniqueItems"),
    "minProperties added": ({"type": "object"}, {"type": "object", "minProperties": 1}, TIGHTER, "minProperties"),
    "maxProperties raised": (
        {"type": "object", "maxProperties": 1}, {"type": "object", "maxProperties": 2}, LOOSER, "maxProperties"),
    "multipleOf doubled": (having(INT, multipleOf=2), having(INT, multipleOf=4), TIGHTER, "multipleOf"),
    "multipleOf another": (having(INT, multipleOf=2), having(INT, multipleOf=3), OTHER, "multipleOf"),
    "multipleOf added": (INT, having(INT, multipleOf=2), TIGHTER, "multipleOf"),
    "a bound moved both ways": (
        having(INT, minimum=1, maximum=5), having(INT, minimum=2, maximum=6), OTHER, "maximum minimum"),
    "pattern added": (TEXT, having(TEXT, pattern="^a"), TIGHTER, "pattern"),
    "pattern changed": (having(TEXT, pattern="^a"), having(TEXT, pattern="^b"), OTHER, "pattern"),
    "a bound of the items": (
        LIST, {"type": "array", "items": having(TEXT, maxLength=5)}, TIGHTER, "maxLength"),
    "a bound of the values of a map": (
        {"type": "object", "additionalProperties": TEXT}, {"type": "object", "additionalProperties": having(TEXT, maxLength=5)},
        TIGHTER, "maxLength"),
    # types
    "type changed": (INT, TEXT, OTHER, "type"),
    "integer to number": (INT, {"type": "number"}, LOOSER, "type"),
    "a type more": (INT, {"type": ["integer", "string"]}, LOOSER, "type"),
    "types in another order": ({"type": ["string", "integer"]}, {"type": ["integer", "string"]}, WORDS, "type"),
    "type removed": (TEXT, {}, LOOSER, "type"),
    "null allowed": (TEXT, {"type": ["string", "null"]}, LOOSER, "null"),
    "null of a reference": (THING, {"oneOf": [THING, {"type": "null"}]}, LOOSER, "null"),
    "null of a reference by anyOf": (THING, {"anyOf": [THING, {"type": "null"}]}, LOOSER, "null"),
    "null of a type by oneOf": (INT, {"oneOf": [INT, {"type": "null"}]}, LOOSER, "null"),
    "a bound beside null": (
        {"oneOf": [INT, {"type": "null"}]}, {"oneOf": [having(INT, maximum=5), {"type": "null"}]}, TIGHTER, "maximum"),
    "null of a union lost": ({"oneOf": [THING, {"type": "null"}]}, {"oneOf": [THING]}, TIGHTER, "null"),
    "a union of one": ({"oneOf": [THING]}, THING, NOTHING, ""),
    "null in two spellings": ({"type": ["integer", "null"]}, {"oneOf": [INT, {"type": "null"}]}, NOTHING, ""),
    "null written otherwise": (
        {"oneOf": [THING, {"type": "null"}]}, {"anyOf": [{"type": "null"}, THING]}, NOTHING, ""),
    "int32 to int64": (having(INT, format="int32"), having(INT, format="int64"), LOOSER, "format"),
    "format added": (TEXT, having(TEXT, format="date-time"), TIGHTER, "format"),
    "format changed": (having(TEXT, format="date"), having(TEXT, format="date-time"), OTHER, "format"),
    "items untyped": (LIST, {"type": "array"}, LOOSER, "items"),
    "items of another type": (LIST, {"type": "array", "items": INT}, OTHER, "type"),
    # closed sets
    "enum value added": (having(TEXT, enum=["a"]), having(TEXT, enum=["a", "b"]), LOOSER, "enum"),
    "enum value replaced": (having(TEXT, enum=["a", "b"]), having(TEXT, enum=["a", "c"]), OTHER, "enum enum"),
    "enum in another order": (having(TEXT, enum=["a", "b"]), having(TEXT, enum=["b", "a"]), WORDS, "enum"),
    "enum added": (TEXT, having(TEXT, enum=["a"]), TIGHTER, "enum"),
    "const to enum": ({"const": "a"}, {"enum": ["a", "b"]}, LOOSER, "enum"),
    "const changed": ({"const": "a"}, {"const": "b"}, OTHER, "enum enum"),
    "an enum's name changed": (NAMED, NAMED | {"x-enum-varnames": ["EQUAL", "NE"]}, OTHER, "x-enum-varnames"),
    "an enum's value and name added": (
        NAMED, having(TEXT, enum=["=", "!=", "<"], x_enum_varnames=["EQ", "NE", "LT"]), LOOSER, "enum"),
    "boolean false is not 0": ({"enum": [0]}, {"enum": [False]}, OTHER, "enum enum"),
    # unions
    "a branch more": ({"oneOf": [TEXT, INT]}, {"oneOf": [TEXT, INT, LIST]}, LOOSER, "oneOf"),
    "branches in another order": ({"oneOf": [TEXT, INT]}, {"oneOf": [INT, TEXT]}, NOTHING, ""),
    "a bound in a branch": ({"anyOf": [TEXT, INT]}, {"anyOf": [having(TEXT, maxLength=5), INT]}, TIGHTER, "maxLength"),
    "a part of allOf more": (
        {"allOf": [{"type": "object"}, {"maxProperties": 9}]}, {"allOf": [{"type": "object"}, {"maxProperties": 9}, {"minProperties": 1}]},
        TIGHTER, "minProperties"),
    "a part of allOf that contradicts": (
        {"allOf": [TEXT, {"maxLength": 5}]}, {"allOf": [TEXT, {"maxLength": 5}, {"type": "integer"}]}, OTHER, "* * *"),
    "allOf written out": (
        {"allOf": [{"type": "object", "properties": {"x": TEXT}}, {"properties": {"y": INT}, "required": ["y"]}]},
        {"type": "object", "properties": {"x": TEXT, "y": INT}, "required": ["y"]}, NOTHING, ""),
    "a reference in allOf": (THING, {"allOf": [THING]}, NOTHING, ""),
    "a reference in allOf, with words": (THING, {"allOf": [THING], "description": "words"}, WORDS, "description"),
    # the bounds of numbers, by the numbers that they allow
    "an integer's bound in two spellings": (having(INT, minimum=1), having(INT, exclusiveMinimum=0), NOTHING, ""),
    "an integer's upper bound in two spellings": (having(INT, maximum=8), having(INT, exclusiveMaximum=9), NOTHING, ""),
    "an integer's bound moved and spelled otherwise": (
        having(INT, minimum=1), having(INT, exclusiveMinimum=1), TIGHTER, "lower+bound"),
    "an integer's upper bound moved and spelled otherwise": (
        having(INT, exclusiveMaximum=9), having(INT, maximum=9), LOOSER, "upper+bound"),
    "an integer's bound between integers": (having(INT, minimum=0.5), having(INT, exclusiveMinimum=0.7), NOTHING, ""),
    "a nullable integer's bound in two spellings": (
        {"type": ["integer", "null"], "minimum": 1}, {"type": ["integer", "null"], "exclusiveMinimum": 0}, NOTHING, ""),
    "a number's bound made exclusive": (having(NUMBER, minimum=1), having(NUMBER, exclusiveMinimum=1), TIGHTER, "lower+bound"),
    "a number's upper bound made exclusive": (
        having(NUMBER, maximum=9), having(NUMBER, exclusiveMaximum=9), TIGHTER, "upper+bound"),
    "a number's exclusive bound moved out": (
        having(NUMBER, minimum=1), having(NUMBER, exclusiveMinimum=0), LOOSER, "lower+bound"),
    "a number's exclusive upper bound moved out": (
        having(NUMBER, exclusiveMaximum=9), having(NUMBER, maximum=9.5), LOOSER, "upper+bound"),
    "a number's exclusive bound of the same spelling": (
        having(NUMBER, exclusiveMinimum=0), having(NUMBER, exclusiveMinimum=0.5), TIGHTER, "exclusiveMinimum"),
    "both ends of a number moved apart": (
        having(NUMBER, minimum=1, maximum=9), having(NUMBER, exclusiveMinimum=0, exclusiveMaximum=10), LOOSER,
        "lower+bound upper+bound"),
    "one end out, the other in": (
        having(NUMBER, minimum=1, maximum=9), having(NUMBER, exclusiveMinimum=0, exclusiveMaximum=9), OTHER,
        "lower+bound upper+bound"),
    "a second bound that says no more": (
        having(NUMBER, minimum=1), having(NUMBER, minimum=1, exclusiveMinimum=0), NOTHING, ""),
    "a second bound that says more": (
        having(NUMBER, minimum=1), having(NUMBER, minimum=1, exclusiveMinimum=1), TIGHTER, "lower+bound"),
    "an exclusive bound as a flag (3.0)": (
        having(NUMBER, minimum=1), having(NUMBER, minimum=1, exclusiveMinimum=True), TIGHTER, "lower+bound"),
    "a flag that says no (3.0)": (
        having(NUMBER, maximum=9), having(NUMBER, maximum=9, exclusiveMaximum=False), NOTHING, ""),
    "integers become numbers from the same bound": (
        having(INT, minimum=1), having(NUMBER, exclusiveMinimum=0), LOOSER, "lower+bound type"),
    # members
    "member added": ({"type": "object"}, {"type": "object", "properties": {"x": TEXT}}, ADDITION, "property"),
    "required member added": (
        {"type": "object"}, {"type": "object", "properties": {"x": TEXT}, "required": ["x"]}, "BB CB", "* property"),
    "member becomes required": (
        {"type": "object", "properties": {"x": TEXT}}, {"type": "object", "properties": {"x": TEXT}, "required": ["x"]},
        TIGHTER, "required"),
    "member renamed": (
        {"type": "object", "properties": {"x": TEXT}}, {"type": "object", "properties": {"y": TEXT}}, OTHER, "property property"),
    "members in another order": (
        {"type": "object", "properties": {"x": TEXT, "y": TEXT}}, {"type": "object", "properties": {"y": TEXT, "x": TEXT}},
        NOTHING, ""),
    "unknown members forbidden": (
        {"type": "object"}, {"type": "object", "additionalProperties": False}, TIGHTER, "additionalProperties"),
    "unknown members said to be allowed": (
        {"type": "object"}, {"type": "object", "additionalProperties": True}, WORDS, "additionalProperties"),
    # defaults and words
    "default changed": (having(INT, default=10), having(INT, default=20), OTHER, "default"),
    "default added": (INT, having(INT, default=10), ADDITION, "default"),
    "default true is not 1": (having({}, default=1), having({}, default=True), OTHER, "default"),
    "description": (TEXT, having(TEXT, description="words"), WORDS, "description"),
    "description changed": (having(TEXT, description="a"), having(TEXT, description="b"), WORDS, "description"),
    "examples": (TEXT, having(TEXT, examples=["a"]), WORDS, "examples"),
    "read only": (TEXT, having(TEXT, readOnly=True), "BC CC", "readOnly"),
    "write only": (TEXT, having(TEXT, writeOnly=True), "CC BC", "writeOnly"),
    "read only said not to be": (TEXT, having(TEXT, readOnly=False), "WC WC", "readOnly"),
    "deprecated": (TEXT, having(TEXT, deprecated=True), NEWS, "deprecated"),
    # extensions that the client reads
    "known value added": (OPEN, having(TEXT, x_extensible_enum=["a", "b", "c"]), ADDITION, "x-extensible-enum"),
    "known value replaced": (OPEN, having(TEXT, x_extensible_enum=["a", "c"]), OTHER, "x-extensible-enum x-extensible-enum"),
    "known values in another order": (OPEN, having(TEXT, x_extensible_enum=["b", "a"]), WORDS, "x-extensible-enum"),
    "closed set opened": (
        having(TEXT, enum=["a"]), having(TEXT, x_extensible_enum=["a"]), "CB BB", "* *"),
    "labels": (OPEN, having(OPEN, x_enum_labels={"a": {"en": "A", "zh": "甲"}}), NEWS, "x-enum-labels"),
    "timestamp": (INT, having(INT, x_timestamp="ms"), OTHER, "x-timestamp"),
    "timestamp unit": (having(INT, x_timestamp="ms"), having(INT, x_timestamp="s"), OTHER, "x-timestamp"),
    "success value added": (
        having(TEXT, x_success_values=["0"]), having(TEXT, x_success_values=["0", "OK"]), ADDITION, "x-success-values"),
    "source": (having(TEXT, x_source={"table": 1, "row": "a"}), having(TEXT, x_source={"table": 1, "row": "b"}), WORDS, "x-source"),
    "assumption": (TEXT, having(TEXT, x_assumption=[{"id": "a", "says": "b"}]), WORDS, "x-assumption.a"),
    "assumption about a keyword": (
        having(TEXT, maxLength=5, x_assumption=[{"id": "a", "says": "b"}]),
        having(TEXT, maxLength=5, x_assumption=[{"id": "a", "says": "b", "keywords": ["maxLength"]}]), NEWS, "x-assumption.a"),
    "source no longer the page": (
        having(TEXT, x_source={"table": 1, "row": "a"}), having(TEXT, x_source={"public": "b"}), NEWS, "x-source"),
    "unknown extension": (TEXT, having(TEXT, x_colour="red"), WORDS, "x-colour"),
    "discriminator": (
        {"oneOf": [THING, LIST]}, having({"oneOf": [THING, LIST]}, discriminator={"propertyName": "kind"}), ADDITION,
        "discriminator.propertyName"),
    "discriminator changed": (
        having(THING, discriminator={"propertyName": "a"}), having(THING, discriminator={"propertyName": "b"}), OTHER,
        "discriminator.propertyName"),
    "default that is an object": (having(THING, default={"a": 1}), having(THING, default={"a": 2}), OTHER, "default"),
    # what has no rule
    "what is forbidden": (having(TEXT, **{"not": {"maxLength": 1}}), having(TEXT, **{"not": {"maxLength": 2}}), OTHER, "not"),
    "a keyword without a rule": (TEXT, having(TEXT, contentSchema={}), OTHER, "contentSchema"),
    # references
    "another class": (THING, {"$ref": "#/components/schemas/Other"}, OTHER, "$ref"),
    "a class written out": (THING, {"type": "object"}, OTHER, "schema"),
}  # fmt: skip


def contract(member: Any, direction: str, more: str = "") -> Document:
    """A contract whose request or answer has one member `m` of interest."""
    schema = {"type": "object", "properties": {"m": member}}
    content = {"content": {"application/json": {"schema": schema if direction == "request" else {}}}}
    answer = {
        "description": "fine",
        "content": {"application/json": {"schema": schema if direction == "answer" else {}}},
    }
    data = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1.0.0"},
        "paths": {
            "/things": {"post": {"operationId": "findThings", "requestBody": content, "responses": {"200": answer}}}
        },
        "components": {"schemas": {"Thing": {"type": "object"}, "Other": {"type": "object"}}},
    }
    return loads(yaml.safe_dump(data, sort_keys=False), Path(f"{more}.yaml"), strict=False)


def letter(found: list[Change]) -> str:
    """The gravest rating as a letter."""
    return LETTERS[gravest(found)]


@pytest.mark.parametrize(("before", "after", "letters", "keywords"), MEMBERS.values(), ids=MEMBERS)
def test_a_member_is_rated_by_direction(before: Any, after: Any, letters: str, keywords: str) -> None:
    """Tightening breaks callers, loosening breaks readers, words break nobody; back in time it is the other way round."""
    found = {
        direction: [
            changes(contract(old, direction), contract(new, direction))
            for old, new in ((before, after), (after, before))
        ]
        for direction in ("request", "answer")
    }
    rated = " ".join("".join(letter(one) for one in pair) for pair in found.values())
    told = sorted(change.keyword for change in found["request"][0])
    assert letters == rated
    assert "*" in keywords or sorted(word.replace("+", " ") for word in keywords.split()) == told


OPERATION = """
openapi: 3.1.0
info: {title: T, version: 1.0.0}
servers: [{url: https://one.example}]
security: [{Token: []}]
paths:
  /things/{id}:
    post:
      operationId: findThings
      summary: Find
      tags: [things]
      x-permissions: [{action: 'thing:list', access: List}]
      x-pagination: {page: page, size: per_page, items: /data}
      x-query: {key: id, condition: condition, default_sort: {field: time, operator: desc}, also_filterable: [a], columns: [a, b]}
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: q, in: query, schema: {type: string}}
        - {name: X-Trace, in: header, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Query'}}}}
      responses:
        '200':
          description: fine
          headers: {X-Count: {required: true, schema: {type: integer, maximum: 9}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}
        '400': {description: bad}
        '429': {$ref: '#/components/responses/Slow'}
  /health:
    get: {operationId: health, responses: {'200': {description: fine}}}
components:
  responses:
    Slow:
      description: slow down
      headers: {Retry-After: {$ref: '#/components/headers/Wait'}}
  headers:
    Wait: {schema: {type: integer, minimum: 0}}
  securitySchemes:
    Token: {type: apiKey, in: header, name: X-Token}
    Signed:
      type: apiKey
      in: header
      name: Authorization
      x-request-signing: {algorithm: A1, date_header: X-Date, window_seconds: 900}
  schemas:
    Query: {type: object, properties: {page: {type: integer}, both: {$ref: '#/components/schemas/Both'}}}
    Page: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Both'}}}}
    Both: {type: object, properties: {size: {type: integer, maximum: 9}}}
    Alone: {type: object, properties: {x: {type: integer, maximum: 9}}}
"""

# name: (text, its replacement, letters forward and back, a place and words that are told)
EDITS = {
    "operation removed": (
        "  /health:\n    get: {operationId: health, responses: {'200': {description: fine}}}\n", "", "BC",
        "GET /health: operation removed"),
    "method renamed": ("operationId: findThings", "operationId: listThings", "BB",
        "POST /things/{id}: operationId find_things → list_things"),
    "method spelled otherwise": ("operationId: findThings", "operationId: find_things", "WW",
        "POST /things/{id}: operationId findThings → find_things"),
    "path changed": ("/health:", "/healthz:", "BB", "GET /health: operation removed"),
    "another HTTP method": ("    get: {", "    put: {", "BB", "GET /health: operation removed"),
    "placeholder renamed": ("/things/{id}:", "/things/{key}:", "BB", "POST /things/{id}: path /things/{id} → /things/{key}"),
    "summary": ("summary: Find", "summary: Look", "WW", "POST /things/{id}: summary Find → Look"),
    "tag": ("tags: [things]", "tags: [other]", "WW", "POST /things/{id}: tags"),
    "operation deprecated": ("      summary: Find", "      deprecated: true\n      summary: Find", "CC",
        "POST /things/{id}: deprecated added"),
    "permission more": ("access: List}]", "access: List}, {action: 'thing:get', access: Read}]", "BC",
        "POST /things/{id}: x-permissions thing:get added"),
    "permission's access": ("access: List}]", "access: Write}]", "BB", "x-permissions.thing:list List → Write"),
    "page member": ("{page: page,", "{page: number,", "BB", "POST /things/{id}: x-pagination.page page → number"),
    "total pointer added": ("items: /data}", "items: /data, total: /total}", "CB",
        "POST /things/{id}: x-pagination.total /total added"),
    "paging removed": ("      x-pagination: {page: page, size: per_page, items: /data}\n", "", "BC", "x-pagination.items"),
    "condition member lost": ("condition: condition, ", "", "BC", "POST /things/{id}: x-query.condition condition removed"),
    "default sort": ("operator: desc}", "operator: asc}", "BB", "x-query.default_sort"),
    "one more filterable": ("also_filterable: [a]", "also_filterable: [a, b]", "CB", "x-query.also_filterable b added"),
    "optional parameter added": (
        "        - {name: X-Trace", "        - {name: n, in: query, schema: {type: integer}}\n        - {name: X-Trace", "CB",
        "POST /things/{id} · query parameter n: parameter added"),
    "required parameter added": (
        "        - {name: X-Trace", "        - {name: n, in: query, required: true, schema: {type: integer}}\n        - {name: X-Trace",
        "BB", "POST /things/{id} · query parameter n: a required parameter added"),
    "parameter becomes required": ("{name: q, in: query,", "{name: q, in: query, required: true,", "BC",
        "POST /things/{id} · query parameter q: required added"),
    "parameter moved": ("{name: q, in: query", "{name: q, in: cookie", "BB", "query parameter q: parameter removed"),
    "parameter's type": ("{name: q, in: query, schema: {type: string}}", "{name: q, in: query, schema: {type: integer}}", "BB",
        "POST /things/{id} · query parameter q: type string → integer"),
    "parameter's bound": ("{name: q, in: query, schema: {type: string}}", "{name: q, in: query, schema: {type: string, maxLength: 5}}",
        "BC", "query parameter q: maxLength 5 added"),
    "parameter's style": ("{name: q, in: query,", "{name: q, in: query, style: pipeDelimited,", "BB", "query parameter q: style"),
    "parameter's style said": ("{name: q, in: query,", "{name: q, in: query, style: form, explode: true,", "--", ""),
    "header spelled otherwise": ("name: X-Trace", "name: x-trace", "--", ""),
    "body becomes required": ("requestBody: {content", "requestBody: {required: true, content", "BC",
        "POST /things/{id} · body: required added"),
    "body removed": ("      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Query'}}}}\n", "", "BC",
        "POST /things/{id} · body: body removed"),
    "media type more": ("requestBody: {content: {", "requestBody: {content: {text/csv: {}, ", "CB",
        "POST /things/{id} · body: media type text/csv added"),
    "error more": ("        '400': {description: bad}", "        '400': {description: bad}\n        '404': {description: none}", "CC",
        "POST /things/{id} · answer 404: answer added"),
    "success more": ("        '400': {description: bad}", "        '400': {description: bad}\n        '202': {description: later}", "BB",
        "POST /things/{id} · answer 202: answer added"),
    "answer's words": ("description: bad", "description: worse", "WW", "POST /things/{id} · answer 400: description bad → worse"),
    "answer's header lost": ("          headers: {X-Count: {required: true, schema: {type: integer, maximum: 9}}}\n", "", "BC",
        "answer 200 · header X-Count: header removed"),
    "answer's header optional": ("X-Count: {required: true,", "X-Count: {", "BC", "header X-Count: required removed"),
    "answer's header looser": ("schema: {type: integer, maximum: 9}}}", "schema: {type: integer}}}", "BC",
        "header X-Count: maximum 9 removed"),
    "shared answer's header": ("Wait: {schema: {type: integer, minimum: 0}}", "Wait: {schema: {type: integer, minimum: 1}}", "CB",
        "header Wait: minimum 0 → 1"),
    "answer written out": ("'429': {$ref: '#/components/responses/Slow'}",
        "'429': {description: slow down, headers: {Retry-After: {schema: {type: integer, minimum: 0}}}}", "--", ""),
    "way to authenticate added": ("security: [{Token: []}]", "security: [{Token: []}, {Signed: []}]", "CB",
        "POST /things/{id}: security Signed added"),
    "without credentials, too": ("security: [{Token: []}]\n", "", "CB", "POST /things/{id}: security Token removed"),
    "both credentials at once": ("security: [{Token: []}]", "security: [{Token: [], Signed: []}]", "BB",
        "POST /things/{id}: security Signed + Token added"),
    "token's header": ("name: X-Token", "name: X-Auth", "BB", "security scheme Token: name X-Token → X-Auth"),
    "signature's algorithm": ("algorithm: A1", "algorithm: A2", "BB", "security scheme Signed: x-request-signing.algorithm A1 → A2"),
    "signature's clock wider": ("window_seconds: 900", "window_seconds: 1800", "CB",
        "security scheme Signed: x-request-signing.window_seconds 900 → 1800"),
    "server more": ("https://one.example}]", "https://one.example}, {url: https://two.example}]", "CB",
        "document: server https://two.example added"),
    "server first": ("[{url: https://one.example}]", "[{url: https://two.example}, {url: https://one.example}]", "BB",
        "document: default server https://one.example → https://two.example"),
    "server of an operation": ("      summary: Find", "      servers: [{url: https://two.example}]\n      summary: Find", "BB",
        "POST /things/{id}: default server https://one.example → https://two.example"),
    "server of a path": ("  /health:\n", "  /health:\n    servers: [{url: https://two.example}]\n", "BB",
        "GET /health: default server https://one.example → https://two.example"),
    "server of an operation, the same": (
        "      summary: Find", "      servers: [{url: https://one.example}]\n      summary: Find", "--", ""),
    "columns in another order": ("columns: [a, b]", "columns: [b, a]", "CC", 'x-query.columns ["a", "b"] → ["b", "a"]'),
    "operation said elsewhere": (
        "  /health:\n    get: {operationId: health, responses: {'200': {description: fine}}}\ncomponents:\n",
        "  /health: {$ref: '#/components/pathItems/Health'}\ncomponents:\n  pathItems:\n"
        "    Health: {get: {operationId: health, responses: {'200': {description: fine}}}}\n", "--", ""),
    "callback": ("      summary: Find", "      callbacks: {done: {'{$request.body#/url}': {}}}\n      summary: Find", "CB",
        "POST /things/{id}: callbacks.done"),
    "empty value": ("{name: q, in: query,", "{name: q, in: query, allowEmptyValue: true,", "CB",
        "query parameter q: allowEmptyValue added"),
    "title": ("title: T", "title: U", "WW", "info: title T → U"),
    "version alone": ("version: 1.0.0", "version: 1.0.1", "--", ""),
    "class renamed": ("schemas/Page'}}}\n", "schemas/Leaf'}}}\n", "BB", ""),
    "schema in both directions": ("Both: {type: object, properties: {size: {type: integer, maximum: 9}}}",
        "Both: {type: object, properties: {size: {type: integer, maximum: 5}}}", "BB", "Both.size: maximum 9 → 5"),
    "schema that nothing names": ("{x: {type: integer, maximum: 9}}", "{x: {type: integer, maximum: 5}}", "WW", "Alone.x: maximum 9 → 5"),
    "type of a schema that nothing names": ("{x: {type: integer, maximum: 9}}", "{x: {type: string, maximum: 9}}", "BB",
        "Alone.x: type integer → string"),
    "class that nothing names gone": ("    Alone: {type: object, properties: {x: {type: integer, maximum: 9}}}\n", "", "BC",
        "Alone: schema removed"),
}  # fmt: skip


def edited(old: str, new: str) -> str:
    """The contract with one edit; a renamed class is renamed where it is declared, too."""
    assert old in OPERATION
    text = OPERATION.replace(old, new, 1)
    if "Leaf" in new:
        text = text.replace("    Page: {", "    Leaf: {")
    if "{key}" in new:
        text = text.replace("name: id, in: path", "name: key, in: path")
    return text


@pytest.mark.parametrize(("old", "new", "letters", "words"), EDITS.values(), ids=EDITS)
def test_everything_that_is_no_schema_is_rated(old: str, new: str, letters: str, words: str) -> None:
    """Operations, parameters, bodies, answers, credentials, servers and extensions, forward and back."""
    before, after = (loads(text, Path("x.yaml"), strict=False) for text in (OPERATION, edited(old, new)))
    forward, back = changes(before, after), changes(after, before)
    assert letters == letter(forward) + letter(back)
    assert [change for change in forward if words in f"{change.place}: {change.what}"] or not words


def test_there_are_at_least_eighty_pairs() -> None:
    """The table stays as long as it was promised to be; each pair is read in both directions."""
    assert 80 <= len(MEMBERS) + len(EDITS)


def test_nothing_changed_is_no_change() -> None:
    """A contract compared with itself, comments and line breaks aside, has no change."""
    same = loads(f"# a comment\n{OPERATION}", Path("x.yaml"), strict=False)
    assert [] == changes(loads(OPERATION, Path("x.yaml"), strict=False), same)


def test_both_directions_are_told_in_one_change() -> None:
    """A schema that is sent and answered is told once, with both directions and the graver rating."""
    before, after = (
        loads(text, Path("x.yaml"), strict=False)
        for text in (OPERATION, OPERATION.replace("maximum: 9}}}\n    A", "}}}\n    A"))
    )
    assert [("Both.size", "maximum 9 removed", "request and answer", Rating.BREAKING)] == [
        (change.place, change.what, change.direction, change.rating) for change in changes(before, after)
    ]


def test_a_schema_that_contains_itself_is_walked_once() -> None:
    """Recursion ends."""
    text = OPERATION.replace(
        "Both: {type: object, properties: {",
        "Both: {type: object, properties: {next: {$ref: '#/components/schemas/Both'}, ",
    )
    before, after = (
        loads(one, Path("x.yaml"), strict=False)
        for one in (text, text.replace("maximum: 9}}}\n    A", "maximum: 5}}}\n    A"))
    )
    assert ["maximum 9 → 5"] == [change.what for change in changes(before, after)]


def test_every_extension_has_a_rule() -> None:
    """No extension that lint knows falls through to the rule for the unknown."""
    elsewhere = {"x-enum-varnames", "x-permissions"}
    assert set() == set(VOCABULARY) - set(RULES) - elsewhere


def test_every_keyword_of_the_contract_has_a_rule() -> None:
    """No keyword that the contract uses counts as breaking for want of a rule."""
    document = load(Path("spec/openapi.yaml"))
    used = {keyword for place in places(document) if place.kind in ("schema", "property") for keyword in place.node}
    assert set() == used - set(RULES) - set(intervals.KEYWORDS) - set(STRUCTURE)


@pytest.mark.parametrize(
    ("before", "after", "direction", "sentence"),
    [
        (INT, having(INT, maximum=5), "request", "checks `m` against the new bound before it sends"),
        (INT, having(INT, maximum=5), "answer", ""),
        (INT, TEXT, "answer", "the type of `m` changes"),
        (TEXT, {"type": ["string", "null"]}, "answer", "`m` may be None"),
        ({"type": ["string", "null"]}, TEXT, "answer", "`m` is never None"),
        (TEXT, having(TEXT, enum=["a"]), "request", "`m` becomes a closed set"),
        (having(INT, default=1), having(INT, default=2), "request", "who leaves `m` out gets something else"),
        (INT, having(INT, x_timestamp="ms"), "answer", "the type of `m` changes"),
        (TEXT, having(TEXT, description="words"), "answer", ""),
    ],
)
def test_the_effect_on_the_client_is_told(before: Any, after: Any, direction: str, sentence: str) -> None:
    """Each change says what a user of the Python client notices, and nothing where that is nothing."""
    assert [sentence] == [change.client for change in changes(contract(before, direction), contract(after, direction))]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (having(INT, maximum=9), having(INT, maximum=5), "maximum 9 → 5"),
        (having(INT, maximum=9), INT, "maximum 9 removed"),
        (INT, having(INT, maximum=9), "maximum 9 added"),
        (having(NUMBER, minimum=1), having(NUMBER, exclusiveMinimum=1), "lower bound at least 1 → above 1"),
        (having(INT, exclusiveMaximum=9), having(INT, maximum=9.5), "upper bound below 9 → at most 9.5"),
        (TEXT, {"type": ["string", "null"]}, "null added"),
        (
            {"type": "object", "properties": {"x": TEXT}, "required": ["x"]},
            {"type": "object", "properties": {"x": TEXT}},
            "required removed",
        ),
        (having(INT, default=False), having(INT, default=True), "default false → true"),
        (having(TEXT, enum=["a"]), having(TEXT, enum=["a", ""]), 'enum "" added'),
        (having(TEXT, default="1"), having(TEXT, default=1), 'default "1" → 1'),
        (
            having(TEXT, default="long " * 99 + "old" + " words" * 9),
            having(TEXT, default="long " * 99 + "new" + " words" * 9),
            "default … long long long long old words words words wor … → … long long long long new words words words wor …",
        ),
    ],
)
def test_a_change_is_told_in_a_few_words(before: Any, after: Any, words: str) -> None:
    """Before and after stand in one line; what was not there is added, what is no longer there removed."""
    assert [words] == [change.what for change in changes(contract(before, "request"), contract(after, "request"))]


def found_by(old: str, new: str) -> list[str]:
    """The changes that one edit of the contract makes, as text."""
    before, after = (loads(text, Path("x.yaml"), strict=False) for text in (OPERATION, edited(old, new)))
    return [f"{change.place}: {change.what}" for change in changes(before, after)]


def test_a_renamed_placeholder_is_no_other_parameter() -> None:
    """A placeholder's name is not sent, so that its parameter is the same one."""
    told = found_by("/things/{id}:", "/things/{key}:")
    assert ["POST /things/{id}: path /things/{id} → /things/{key}"] == told


def test_a_change_of_a_named_schema_is_told_once() -> None:
    """A schema that operations lead to is not told again as a class of the client."""
    told = found_by("Query: {type: object,", "Query: {type: object, required: [n],")
    assert ["Query.n: required added"] == told
    told = found_by("properties: {page: {type: integer},", "required: [n], properties: {n: {}, page: {type: integer},")
    assert ["Query.n: required property added"] == told
