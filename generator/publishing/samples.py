"""Requests to try, as collections and the reference page show them: every value is an example of the contract."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from attrs import evolve, frozen

from generator.publishing.documents import Json, Operation, operations, resolve, token_header


@frozen
class Sample:
    """One request to try."""

    name: str
    says: str
    operation: Operation
    path: dict[str, str]
    """The values of the path's parameters, percent-encoded: a slash in one is no slash of the path."""
    query: dict[str, str]
    headers: dict[str, str]
    """Beside the token and the media type."""
    body: Json | None
    """None for an operation that takes none."""

    @property
    def url(self) -> str:
        """The path with its values, and the query; a value that the contract does not give stays `{name}`."""
        path = self.operation.path
        for name, value in self.path.items():
            path = path.replace(f"{{{name}}}", value or f"{{{name}}}")
        return path + self.query_text

    @property
    def query_text(self) -> str:
        """`?lang=zh`, or nothing."""
        return "?" + urlencode(self.query, quote_via=quote, safe="{}") if self.query else ""


def samples(contract: Json) -> Iterator[Sample]:
    """For each operation: every example of its request, or the request alone, and its second page when it pages."""
    for operation in operations(contract):
        plain = request_of(contract, operation)
        for name, example in operation.request_examples.items():
            says = str(example.get("summary") or plain.says)
            yield evolve(plain, name=f"{operation.name} {name}", says=says, body=example["value"])
        if not operation.request_examples:
            yield plain
        paging = operation.data.get("x-pagination", {})
        if "page" in paging:
            wanted = {"page": 2, "size": 10, "total_wanted": True}
            body = {paging[role]: value for role, value in wanted.items() if role in paging}
            says = "The second page of everything"
            yield evolve(plain, name=f"{operation.name} second page", says=says, body=body)


def request_of(contract: Json, operation: Operation) -> Sample:
    """An operation's request with what it must have: examples of its parameters, an empty body where it takes one."""
    stated = contract["paths"][operation.path].get("parameters", []) + operation.data.get("parameters", [])
    found = [resolve(contract, entry["$ref"]) if "$ref" in entry else entry for entry in stated]
    needed = [entry for entry in found if entry["in"] == "path" or entry.get("required")]
    values = {(entry["in"], entry["name"]): _example(contract, entry) for entry in needed}
    of = {
        place: {name: value for (where, name), value in values.items() if where == place}
        for place in ("path", "query", "header")
    }
    return Sample(
        name=operation.name,
        says=str(operation.data.get("summary", "")),
        operation=operation,
        path={name: quote(value, safe="") for name, value in of["path"].items()},
        query={name: value or f"{{{name}}}" for name, value in of["query"].items()},
        headers=of["header"],
        body={} if "requestBody" in operation.data else None,
    )


def _example(contract: Json, parameter: Json) -> str:
    """A parameter's example, else one of its schema, as text; empty when the contract gives none."""
    schema = parameter.get("schema", {})
    schema = resolve(contract, schema["$ref"]) if "$ref" in schema else schema
    named = [entry.get("value") for entry in parameter.get("examples", {}).values()]
    known = [*schema.get("examples", []), schema.get("default"), *schema.get("enum", [])]
    found: list[Any] = [parameter.get("example"), *named, schema.get("example"), *known]
    value = next((each for each in found if each is not None), "")
    return value if isinstance(value, str) else json.dumps(value)


def curl(contract: Json, operation: Operation) -> str:
    """The operation's first sample as a command for a POSIX shell."""
    sample = request_of(contract, operation)
    example = next(iter(operation.request_examples.values()), {"value": sample.body})["value"]
    server = contract["servers"][0]["url"]
    lines = [
        f'curl --fail-with-body -X {operation.method} "${{COC_ENDPOINT:-{server}}}{_in_quotes(sample.url)}"',
        f'-H "{token_header(contract)}: $COC_AUTH_TOKEN"',
        *(f"-H {shlex.quote(f'{name}: {value}')}" for name, value in sample.headers.items()),
    ]
    if example is not None:
        body = json.dumps(example, indent=2, ensure_ascii=False).replace("'", "'\\''")
        lines += ["-H 'Content-Type: application/json'", f"-d '{body}'"]
    return " \\\n  ".join(lines)


def _in_quotes(text: str) -> str:
    """Text that a shell takes as it is between double quotes."""
    return "".join(f"\\{sign}" if sign in '"\\$`' else sign for sign in text)
