"""Whether a document is OpenAPI at all: its version, its references, and the schema of the specification."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from openapi_schema_validator import OAS30Validator, OAS31Validator
from openapi_schema_validator._specifications import REGISTRY
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
from openapi_spec_validator.validation import keywords
from openapi_spec_validator.validation.exceptions import (
    DuplicateOperationIDError,
    OpenAPIValidationError,
    UnresolvableParameterError,
)

from generator.document import Document
from generator.places import places
from generator.problems import Problem
from generator.shapes import with_their_patterns

METASCHEMA = Draft202012Validator(Draft202012Validator.META_SCHEMA)

# The same metaschemas compiled, for a quick yes: only what is not valid is looked at again, in order to say why.
_QUICK_METASCHEMA = jsonschema_rs.Draft202012Validator(Draft202012Validator.META_SCHEMA)
_QUICK_30 = jsonschema_rs.Draft4Validator(OAS30Validator.META_SCHEMA)
_QUICK_31 = jsonschema_rs.Draft202012Validator(
    OAS31Validator.META_SCHEMA,
    registry=jsonschema_rs.Registry(
        [(uri, REGISTRY.contents(uri)) for uri in REGISTRY if "openapis.org/oas/3.1" in uri]
    ),
)


class _Seen(set[int]):
    """What the library keeps in lists, and searches for each schema: with these, time is linear."""

    append = set.add


class _Quick:
    """A check of schemas that asks the compiled metaschema first."""

    quick: Any

    def __init__(self, registry: Any) -> None:
        super().__init__(registry)  # type: ignore[call-arg]
        self.visited_schema_ids = _Seen()
        self.meta_checked_schema_ids = _Seen()

    def _validate_schema_meta(self, schema: Any, schema_value: Any) -> Any:
        if self.quick.is_valid(schema_value):
            return None
        slow: Any = super()
        error = slow._validate_schema_meta(schema, schema_value)
        error.path.extendleft(reversed(schema.parts))  # the library counts from the schema, and we name places
        return error


class _Schemas30(_Quick, keywords.OpenAPIV30SchemaValidator):  # type: ignore[misc]
    quick = _QUICK_30


class _Schemas31(_Quick, keywords.OpenAPIV31SchemaValidator):  # type: ignore[misc]
    quick = _QUICK_31


class _Operation(keywords.OperationValidator):
    """The check of an operation, with the places that the library leaves out."""

    def __call__(self, url: str, name: str, operation: Any, path_parameters: Any) -> Iterator[ValidationError]:
        for error in super().__call__(url, name, operation, path_parameters):
            if not error.absolute_path:
                inner = ("operationId",) if isinstance(error, DuplicateOperationIDError) else ()
                error.path.extend((*operation.parts, *inner))
            yield error


class _WrongDefault(OpenAPIValidationError):
    """A default that its own schema refuses."""


class _Default:
    """The check of a default, likewise."""

    def __call__(self, schema: Any, value: Any) -> Iterator[ValidationError]:
        slow: Any = super()
        for error in slow.__call__(schema, value):
            what = f"the default does not fit its schema: {deepest(error).message}"
            yield _WrongDefault(what, path=(*schema.parts, "default"))


class _Default30(_Default, keywords.OpenAPIV30ValueValidator):
    value_validator_cls = with_their_patterns(OAS30Validator)


class _Default31(_Default, keywords.OpenAPIV31ValueValidator):
    value_validator_cls = with_their_patterns(OAS31Validator)


class _Validator30(OpenAPIV30SpecValidator):
    keyword_validators = {  # noqa: RUF012  # as the library declares it
        **OpenAPIV30SpecValidator.keyword_validators,
        "schema": _Schemas30,
        "default": _Default30,
        "operation": _Operation,
    }


class _Validator31(OpenAPIV31SpecValidator):
    keyword_validators = {  # noqa: RUF012
        **OpenAPIV31SpecValidator.keyword_validators,
        "schema": _Schemas31,
        "default": _Default31,
        "operation": _Operation,
    }


_RIGHT: dict[type[Exception], str] = {
    _WrongDefault: "give one that the type and its bounds take",
    DuplicateOperationIDError: "give each operation its own",
    UnresolvableParameterError: "name it in the path, as {name}, and among the parameters, with in: path",
}
"""What would be right, where the library's own words do not say."""


def validity_problems(document: Document) -> list[Problem]:
    """Where a document breaks the OpenAPI specification it names."""
    version = str(document.data.get("openapi", ""))
    if not re.fullmatch(r"3\.[01]\.\d+", version):
        what = f"openapi is {version!r}" if version else "there is no `openapi` version"
        return [document.problem(("openapi",), what, "write the version, such as openapi: 3.1.0")]
    holders = ("paths", "components", "webhooks") if version.startswith("3.1") else ("paths",)
    if not any(holder in document.data for holder in holders):
        expected = "write the operations below it: paths, then the path, then the method"
        return [document.problem((), "there is no `paths`", expected)]
    if problems := list(reference_problems(document)):
        return problems
    if version.startswith("3.1") and (problems := list(dialect_problems(document))):
        return problems
    validator = _Validator31 if version.startswith("3.1") else _Validator30
    expected = f"write it as OpenAPI {version} says"
    try:
        for error in validator(document.data).iter_errors():
            cause = deepest(error)
            what = str(cause.message).splitlines()[0][:300]
            problems.append(document.problem(tuple(cause.absolute_path), what, _RIGHT.get(type(cause), expected)))
    except RecursionError:
        what = "an `allOf` or another part of a schema leads back to the schema itself, without end"
        problems.append(document.problem(("components",), what, "let a schema refer to itself by its members alone"))
    except ValueError as error:  # a path with a brace that does not close
        problems.append(document.problem(("paths",), f"a path cannot be read ({error})", "write it as /things/{id}"))
    except (AttributeError, KeyError, TypeError) as error:  # it walks on below what it has just found to be wrong
        problems = problems or [document.problem((), f"something has the wrong type ({error!r})", expected)]
    return problems


def dialect_problems(document: Document) -> Iterator[Problem]:
    """Keywords whose value JSON Schema does not allow; the validator of OpenAPI itself trips over some of them."""
    for place in places(document):
        parent = place.pointer[-2:-1]
        outermost = place.kind == "schema" and (place.name == "schema" or parent == ("schemas",))
        if outermost and not _QUICK_METASCHEMA.is_valid(place.node):
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
