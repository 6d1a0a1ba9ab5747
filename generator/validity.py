"""Whether a document is OpenAPI at all: its version, its references, and the schema of the specification."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from generator.document import Document
from generator.places import places
from generator.problems import Problem

METASCHEMA = Draft202012Validator(Draft202012Validator.META_SCHEMA)


def validity_problems(document: Document) -> list[Problem]:
    """Where a document breaks the OpenAPI specification it names."""
    version = str(document.data.get("openapi", ""))
    if not re.fullmatch(r"3\.[01]\.\d+", version):
        what = f"openapi is {version!r}" if version else "there is no `openapi` version"
        return [document.problem(("openapi",), what, "write the version, such as openapi: 3.1.0")]
    if problems := list(reference_problems(document)):
        return problems
    if version.startswith("3.1") and (problems := list(dialect_problems(document))):
        return problems
    validator = OpenAPIV31SpecValidator if version.startswith("3.1") else OpenAPIV30SpecValidator
    expected = f"write it as OpenAPI {version} says"
    try:
        for error in validator(document.data).iter_errors():
            cause = deepest(error)
            what = str(cause.message).splitlines()[0][:300]
            problems.append(document.problem(tuple(cause.absolute_path), what, expected))
    except (AttributeError, KeyError, TypeError) as error:  # it walks on below what it has just found to be wrong
        problems = problems or [document.problem((), f"something has the wrong type ({error!r})", expected)]
    return problems


def dialect_problems(document: Document) -> Iterator[Problem]:
    """Keywords whose value JSON Schema does not allow; the validator of OpenAPI itself trips over some of them."""
    for place in places(document):
        parent = place.pointer[-2:-1]
        outermost = place.kind == "schema" and (place.name == "schema" or parent == ("schemas",))
        if outermost:
            for error in METASCHEMA.iter_errors(place.node):
                cause = deepest(error)
                what = f"{cause.json_path.removeprefix('$.')}: {cause.message[:300]}"
                yield document.problem((*place.pointer, *cause.absolute_path), what, "write it as JSON Schema says")


def deepest(error: ValidationError) -> ValidationError:
    """Of a failed union's branches, the failure that lies deepest: the branch that was meant."""
    causes = [deepest(cause) for cause in error.context or []]
    return max(causes, key=lambda cause: len(cause.absolute_path), default=error)


def reference_problems(document: Document) -> Iterator[Problem]:
    """Every `$ref` that leads out of the document, or nowhere."""
    for place in places(document):
        reference = place.node.get("$ref")
        if not isinstance(reference, str):
            continue
        pointer = (*place.pointer, "$ref")
        if not reference.startswith("#"):
            what = f"$ref {reference} leads out of the document"
            yield document.problem(pointer, what, "bundle the document into one file first")
            continue
        try:
            document.resolved(place.pointer)
        except KeyError as error:
            yield document.problem(pointer, f"$ref {reference} leads nowhere: {error}", "name a place that exists")
