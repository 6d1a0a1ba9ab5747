"""Preflight: what the client generator would lose or send wrongly is refused, in any document, without tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from generator.document import Document, load, loads
from generator.places import operations
from generator.preflight import preflight_problems
from generator.reach import prune

FRAME = """
openapi: 3.1.0
info: {title: T, version: 1.0.0}
paths:
  /things/{id}:
    get:
      operationId: getThing
      parameters: %s
      responses: %s
%s
components: {schemas: %s}
"""
OK = "{'200': {description: fine}}"


def document(parameters: str = "[]", responses: str = OK, more: str = "", schemas: str = "{}") -> Document:
    """A small document with one thing in it that matters."""
    return loads(FRAME % (parameters, responses, more, schemas), Path("any.yaml"), strict=False)


def told(made: Document) -> list[str]:
    """The problems as sentences."""
    return [f"{problem.what}; {problem.expected}" for problem in preflight_problems(made)]


SCALAR, ARRAY, OBJECT = "{type: string}", "{type: array, items: {type: string}}", "{type: object}"

PARAMETERS = {
    "by content": (
        "{name: q, in: query, content: {application/json: {schema: {type: object}}}}",
        "query parameter q is defined by `content`, and the client would not have it at all; define it by `schema`",
    ),
    "header by content": (
        "{name: q, in: header, content: {text/plain: {}}}",
        "header parameter q is defined by `content`",
    ),
    "in a cookie": ("{name: q, in: cookie, schema: {type: string}}", "cookie parameter q would not be sent"),
    "object in a header": (
        f"{{name: q, in: header, explode: true, schema: {OBJECT}}}",
        "header parameter q is an object, and the client sends plain values in headers; describe it as a string",
    ),
    "exploded object in a path": (
        f"{{name: q, in: path, required: true, explode: true, schema: {OBJECT}}}",
        "path parameter q is an object of style simple, and would be sent unexploded; leave explode out",
    ),
    "label style": (f"{{name: id, in: path, required: true, style: label, schema: {SCALAR}}}", "has style label"),
    "matrix style": (f"{{name: id, in: path, required: true, style: matrix, schema: {SCALAR}}}", "has style matrix"),
    "allowReserved": (
        f"{{name: q, in: query, allowReserved: true, schema: {SCALAR}}}",
        "query parameter q allows reserved characters",
    ),
}


@pytest.mark.parametrize(("parameter", "words"), PARAMETERS.values(), ids=PARAMETERS)
def test_a_parameter_that_would_not_be_sent_as_written_is_refused(parameter: str, words: str) -> None:
    """Each way to define a parameter that the client drops or sends otherwise is named with what would be right."""
    made = document(parameters=f"[{parameter}]", schemas=f"{{Ids: {ARRAY}}}")
    sentences = told(made)
    assert 1 == len(sentences)
    assert words in sentences[0]
    assert 8 == preflight_problems(made)[0].line


def test_a_parameter_of_the_path_item_is_looked_at_too() -> None:
    """Parameters that all operations of a path share are no way around."""
    more = "    parameters: [{name: q, in: cookie, schema: {type: string}}]"
    assert ["cookie parameter q would not be sent; send it in one of query, path, header"] == told(document(more=more))


@pytest.mark.parametrize(
    "parameter",
    [
        f"{{name: q, in: query, schema: {ARRAY}}}",
        f"{{name: q, in: query, explode: true, schema: {ARRAY}}}",
        f"{{name: q, in: query, explode: false, schema: {ARRAY}}}",
        f"{{name: q, in: query, style: deepObject, schema: {OBJECT}}}",
        f"{{name: q, in: query, style: pipeDelimited, schema: {ARRAY}}}",
        f"{{name: id, in: path, required: true, schema: {ARRAY}}}",
        f"{{name: id, in: path, required: true, schema: {SCALAR}}}",
        f"{{name: h, in: header, schema: {SCALAR}}}",
    ],
)
def test_a_parameter_that_is_sent_as_written_passes(parameter: str) -> None:
    """What the client sends rightly is not refused."""
    assert [] == told(document(parameters=f"[{parameter}]"))


SCHEMAS = {
    "an enum of another type": (
        "{A: {type: integer, enum: [1, '2']}}",
        "the enum's value '2' is no integer; list values that the type takes",
    ),
    "an enum of fractions": ("{A: {enum: [1, 2.5]}}", "the enum's value 2.5 is a fraction, which no closed set holds"),
    "null beside a reference": (
        "{A: {type: object, properties: {b: {$ref: '#/components/schemas/B', type: ['null']}}}, B: {type: object}}",
        "type beside $ref is dropped; write oneOf: [$ref, {type: 'null'}]",
    ),
    "nullable beside a reference": (
        "{A: {type: object, properties: {b: {$ref: '#/components/schemas/B', nullable: true}}}, B: {type: object}}",
        "nullable beside $ref is dropped; write oneOf: [$ref, {type: 'null'}]",
    ),
    "a bound beside a reference": (
        "{A: {type: object, properties: {b: {$ref: '#/components/schemas/B', maxLength: 3}}}, B: {type: string}}",
        "maxLength beside $ref is dropped; move it into the schema",
    ),
    "a default beside a reference": (
        "{A: {type: object, properties: {b: {$ref: '#/components/schemas/B', default: x}}}, B: {type: string}}",
        "default beside $ref is dropped",
    ),
    "a condition": (
        "{A: {type: object, if: {required: [b]}, then: {required: [c]}}}",
        "if says something about values",
    ),
    "a negation": ("{A: {not: {type: string}}}", "not says something about values"),
    "named patterns": (
        "{A: {type: object, patternProperties: {'^x': {type: string}}}}",
        "patternProperties says something",
    ),
    "a reference out of the document": (
        "{A: {$ref: 'other.yaml#/A'}}",
        "leads out of the document; bundle the document",
    ),
    "a reference to nothing": ("{A: {$ref: '#/components/schemas/B'}}", "$ref #/components/schemas/B leads nowhere"),
    "a reference to itself": ("{A: {$ref: '#/components/schemas/A'}}", "refers to itself"),
}


@pytest.mark.parametrize(("schemas", "words"), SCHEMAS.values(), ids=SCHEMAS)
def test_a_schema_that_no_model_can_hold_is_refused(schemas: str, words: str) -> None:
    """Each construct that breaks or escapes the generated models is named with what would be right."""
    sentences = told(document(schemas=schemas))
    assert sentences
    assert words in sentences[0]


@pytest.mark.parametrize(
    "schemas",
    [
        "{A: {type: object, properties: {b: {$ref: '#/components/schemas/B', description: the b}}}, B: {type: object}}",
        "{A: {type: object, properties: {b: {oneOf: [{$ref: '#/components/schemas/B'}, {type: 'null'}]}}}, B: {}}",
        "{A: {type: string, enum: [in, '=', '!='], x-enum-varnames: [IN, EQ, NE]}}",
        "{A: {type: string, enum: [a-b, a_b, asc, ASC]}}",
        "{A: {type: number, enum: [1, 2, null]}}",
        "{A: {type: object, properties: {d: {type: string}, to_dict: {type: string}, '+1': {type: integer}}}}",
        "{A: {type: object, properties: {next: {$ref: '#/components/schemas/A'}}}}",
    ],
)
def test_a_schema_that_a_model_can_hold_passes(schemas: str) -> None:
    """The recipes that work, recursion among them, are not refused."""
    assert [] == told(document(schemas=schemas))


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("multipart/form-data: {schema: {type: object}}", "multipart/form-data without named parts"),
        ("multipart/form-data: {schema: {oneOf: [{properties: {a: {type: string}}}]}}", "without named parts"),
        ("multipart/mixed: {schema: {type: object}}", "the request body is multipart/mixed, which the client does not"),
        (
            "multipart/form-data: {schema: {properties: {a: {type: string}}}, encoding: {a: {contentType: text/csv}}}",
            "encoding says how parts of the body are written",
        ),
    ],
)
def test_a_multipart_body_that_would_be_sent_wrongly_is_refused(form: str, expected: str) -> None:
    """Parts need names and the default way of writing; multipart that is offered beside JSON is no obstacle."""
    more = f"  /forms:\n    post:\n      responses: {OK}\n      requestBody: {{content: {{%s}}}}"
    assert [expected] == [expected for one in told(document(more=more % form)) if expected in one]
    assert [] == told(document(more=more % f"application/json: {{schema: {{type: object}}}}, {form}"))


ELSEWHERE = """
openapi: 3.1.0
info: {title: T, version: 1.0.0}
paths:
  /a: {$ref: '#/components/pathItems/A'}
components:
  pathItems:
    A:
      get:
        operationId: getA
        parameters: [{name: q, in: cookie, schema: {type: string}}]
        responses: {'200': {description: fine}}
    Unused: {get: {responses: {'200': {description: fine}}}}
"""


@pytest.mark.parametrize("name", ["any.yaml", "any.json"])
def test_a_path_that_refers_to_its_operations_has_them(name: str) -> None:
    """Operations that stand elsewhere (3.1) count as if they stood under their path, each at its own line."""
    text = ELSEWHERE if name == "any.yaml" else json.dumps(yaml.safe_load(ELSEWHERE), indent=1)
    made = loads(text, Path(name), strict=False)
    [operation] = operations(made)
    [problem] = preflight_problems(made)
    assert (("paths", "/a", "get"), "cookie parameter q would not be sent") == (operation.pointer, problem.what)
    assert "cookie" in "".join(text.splitlines()[problem.line - 1 :][:2])
    prune(made)
    assert [] == list(made.data["components"]["pathItems"])


def test_a_path_with_operations_in_two_places_is_refused() -> None:
    """Where a path refers to a method and has it as well, nobody knows which counts."""
    text = ELSEWHERE.replace("/A'}", "/A', get: {responses: {'200': {description: fine}}}}")
    [sentence] = told(loads(text, Path("any.yaml"), strict=False))
    assert "stand elsewhere, and has get here as well; say it in one of the two places" in sentence


def test_operations_that_become_one_method_are_refused() -> None:
    """Of two operations whose names meet, the second would overwrite the first."""
    more = "  /other:\n    get: {operationId: get_thing, responses: {'200': {description: fine}}}"
    sentences = told(document(more=more))
    assert 1 == len(sentences)
    assert "the operations getThing and get_thing become one method, get_thing; give each" in sentences[0]


@pytest.mark.parametrize(
    ("version", "words"), [("openapi: 2.0.0", "openapi is '2.0.0'"), ("swagger: '2.0'", "there is no")]
)
def test_another_version_is_refused(version: str, words: str) -> None:
    """A document that is not OpenAPI 3.0 or 3.1 is refused by that fact alone."""
    made = loads((FRAME % ("[]", OK, "", "{}")).replace("openapi: 3.1.0", version), Path("any.yaml"), strict=False)
    assert words in told(made)[0]


def test_our_contract_passes() -> None:
    """The contract uses only what the generator carries over."""
    assert [] == preflight_problems(load(Path("spec/openapi.yaml")))


@pytest.mark.parametrize(
    ("shared", "own", "is_other"),
    [
        ("https://a.example", "https://a.example", False),
        ("https://a.example/", "https://a.example", False),
        ("//a.example", "https://a.example", False),
        ("https://a.example", "https://b.example", True),
        ("https://a.example", "http://a.example", True),
    ],
)
def test_a_server_that_is_the_documents_own_is_no_other(shared: str, own: str, is_other: bool) -> None:
    """An operation may say again where everything goes."""
    text = (FRAME % ("[]", OK, "", "{}")).replace("paths:", f"servers: [{{url: '{shared}'}}]\npaths:")
    text = text.replace("operationId: getThing", f"operationId: getThing\n      servers: [{{url: '{own}'}}]")
    sentences = told(loads(text, Path("any.yaml"), strict=False))
    assert is_other == any("a server of its own would be passed over" in sentence for sentence in sentences)


def test_each_place_of_a_document_in_one_line_is_told() -> None:
    """The same mistake at two places is two, though both stand in line 1; what two operations share is one."""
    cookie = {"name": "q", "in": "cookie", "schema": {"type": "string"}}
    fine = {"200": {"description": "fine"}}
    paths = {
        f"/{name}": {
            "parameters": [{"$ref": "#/components/parameters/Key"}],
            "get": {"operationId": name, "parameters": [cookie], "responses": fine},
        }
        for name in ("a", "b")
    }
    shared = {"name": "k", "in": "cookie", "schema": {"type": "string"}}
    made = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}
    text = json.dumps({**made, "components": {"parameters": {"Key": shared}}})
    assert 3 == len(told(loads(text, Path("any.json"), strict=False)))
