"""`--partial`: operations that cannot be carried over are left out and named, and the others are whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import generate
from generator.problems import Refused

DOCUMENT = """
openapi: 3.1.0
info: {title: Parts, version: 1.0.0}
servers: [{url: https://parts.example}]
paths:
  /kept: {get: {operationId: kept, responses: {'204': {description: fine}}}}
  /elsewhere:
    servers: [{url: https://elsewhere.example}]
    get: {operationId: readElsewhere, responses: {'204': {description: fine}}}
    put: {operationId: writeElsewhere, responses: {'204': {description: fine}}}
  /moved: {$ref: '#/components/pathItems/Moved'}
  /schema:
    get:
      operationId: schema
      responses:
        '200': {description: fine, content: {application/json: {schema: {$ref: '#/components/schemas/Outer'}}}}
  /parameter/{id}:
    parameters: [{name: id, in: path, required: true, style: matrix, schema: {type: string}}]
    get: {operationId: parameter, responses: {'204': {description: fine}}}
components:
  pathItems:
    Moved:
      get:
        operationId: moved
        parameters: [{name: key, in: cookie, schema: {type: string}}]
        responses: {'204': {description: fine}}
      delete: {operationId: keptAsWell, responses: {'204': {description: fine}}}
  schemas:
    Outer: {type: object, properties: {inner: {$ref: '#/components/schemas/Inner'}}}
    Inner: {type: object, properties: {name: {not: {type: string}}}}
"""
LEFT_OUT = """# Left out

Operations of the document that this client does not have, each with the first reason:

- GET /elsewhere: a server of its own would be passed over: the client sends every request to one base URL
- PUT /elsewhere: a server of its own would be passed over: the client sends every request to one base URL
- GET /parameter/{id}: path parameter id has style matrix, and would be sent as simple
- GET /moved: cookie parameter key would not be sent
- GET /schema: not says something about values that the client would not hold
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """The document, as a file."""
    path = tmp_path / "openapi.yaml"
    path.write_text(DOCUMENT, encoding="utf-8")
    return path


def test_what_cannot_be_carried_over_is_left_out_and_named(spec: Path) -> None:
    """Whether a problem is an operation's, its path's, or of a schema that it uses: those operations go, no other."""
    with generate.generated(spec, "parts", partial=True) as folder:
        said = (folder / generate.LEFT_OUT).read_text(encoding="utf-8")
        client = (folder / "parts" / "client.py").read_text(encoding="utf-8")
    assert sorted(LEFT_OUT.splitlines()) == sorted(said.splitlines()[1:])
    methods = [line.split("def ")[1].partition("(")[0] for line in client.splitlines() if line.startswith("    def ")]
    assert {"kept", "kept_as_well"} <= set(methods)
    assert not {"read_elsewhere", "write_elsewhere", "moved", "schema", "parameter"} & set(methods)


def test_without_it_each_place_is_told(spec: Path) -> None:
    """Nothing is left out of a client that is to be whole."""
    with pytest.raises(Refused) as refusal, generate.generated(spec, "parts"):
        pass
    assert 4 == len(refusal.value.problems)
