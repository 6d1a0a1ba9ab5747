"""The contract as the gate reads it: `spec/openapi.yaml` with line numbers, resolved schemas, levels of certainty."""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

import jsonschema_rs
import yaml
from attrs import AttrsInstance, evolve, field, fields_dict, frozen

from contract_tests.schemas import DIALECT, escape, lookup, resolved, schema_at

SPEC = Path(__file__).resolve().parent.parent / "spec" / "openapi.yaml"
JSON = "application/json"
#: libyaml where it is there; some twenty times as fast.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Record = TypeVar("Record", bound=AttrsInstance)
METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")


class ContractError(Exception):
    """The contract cannot be read; the gate cannot judge (exit 2)."""


class Level(enum.Enum):
    """How certain an obligation is: the page says it, or we assumed it where the page is open."""

    DOCUMENTED = "documented"
    ASSUMED = "assumed"


@frozen
class Source:
    """Where a statement is from; `table` and `row` are the page's, `text` reads `Table 1, row per_page`."""

    table: int | None = None
    row: str | None = None
    section: str | None = None
    example: str | None = None
    public: str | None = None

    @classmethod
    def read(cls, value: dict[str, Any]) -> Source:
        """From an `x-source` value."""
        known = {key: value[key] for key in ("table", "row", "section", "example", "public") if key in value}
        return cls(**known)

    @property
    def on_page(self) -> bool:
        """Whether the API page itself says it."""
        return self.public is None

    @property
    def text(self) -> str:
        """For people: `Table 1, row per_page`, `Status Codes, row 200`, `example response-200`."""
        head = (
            f"Table {self.table}"
            if self.table is not None
            else self.section or (f"example {self.example}" if self.example else None) or self.public or "the page"
        )
        return f"{head}, row {self.row}" if self.row else head


@frozen
class Assumption:
    """One `x-assumption` entry: what we assumed, and the keywords that only it supports."""

    id: str
    says: str
    keywords: tuple[str, ...] = ()
    pointer: str = ""


@frozen
class Pagination:
    """`x-pagination`: names of request members, and JSON pointers into the answer.

    An operation without `size` answers everything at once; one without `total` does not tell how much that is.
    """

    items: str
    total: str | None = None
    page: str | None = None
    size: str | None = None
    all: str | None = None
    total_wanted: str | None = None


@frozen
class Query:
    """`x-query`: names of request members by role; `count_results` is a JSON pointer into the answer."""

    key: str
    string_filters: str
    int_filters: str | None = None
    condition: str | None = None
    sort: str | None = None
    group: str | None = None
    projection: str | None = None
    counts: str | None = None
    count_results: str | None = None
    types: dict[str, str] | None = None
    also_filterable: tuple[str, ...] = ()
    default_sort: dict[str, str] | None = None

    @property
    def by_key(self) -> tuple[str, str] | None:
        """The sort by falling key, in which no two items tie; None when the operation does not sort."""
        return (self.key, "desc") if self.sort else None


@frozen
class Link:
    """Where another operation answers the values of a path parameter: `pointer` leads to it in one item."""

    operation: str
    pointer: str


@frozen
class Parameter:
    """A parameter in an operation's path: its resolved schema, the contract's example, and the link to its values."""

    name: str
    schema: dict[str, Any]
    example: str | None = None
    link: Link | None = None


@frozen
class Response:
    """A documented answer: its resolved schema (None when it has no body) and its place in the spec."""

    status: int
    schema: dict[str, Any] | None
    pointer: str


@frozen(eq=False)
class Operation:
    """One operation, with everything resolved (no `$ref` is left in a schema).

    Every resolved schema carries `x-pointer`: the JSON pointer of its own place in the spec. Of an operation that is
    not `documented`, the page does not have it, all obligations are assumed. `prefix` begins their ids.
    """

    id: str
    method: str
    path: str
    pointer: str
    request: dict[str, Any]
    responses: dict[int, Response]
    pagination: Pagination
    query: Query
    assumptions: dict[str, Assumption]
    examples: dict[str, Any] = field(factory=dict)
    parameters: tuple[Parameter, ...] = ()
    documented: bool = True
    prefix: str = "COC-"

    def short(self, id: str) -> str:
        """The id of one of its obligations as the checks call it, which is the same for every operation."""
        return f"COC-{id.removeprefix(self.prefix)}"

    def full(self, short: str) -> str:
        """The id by which nobody takes it for another operation's: `COC-ListIncidentsHistories-R-total`."""
        return f"{self.prefix}{short.removeprefix('COC-')}"

    def answers_at(self, url: str) -> bool:
        """Whether the URL ends in the operation's path, whatever its parameters."""
        parts = re.split(r"\{.+?\}", self.path)
        return re.search(f"{'[^/?]+'.join(map(re.escape, parts))}$", url) is not None

    def member(self, role: str) -> str | None:
        """The request member that plays `role` of `x-query` or `x-pagination`, as in `member("size") == "per_page"`."""
        named = getattr(self.query, role, None) or getattr(self.pagination, role, None)
        return named["member"] if isinstance(named, dict) else named

    def member_schema(self, role: str) -> dict[str, Any]:
        """The resolved schema of the request member that plays `role`; KeyError when the operation has none."""
        return cast(dict[str, Any], self.request["properties"][self.member(role)])

    def takes(self, operator: str) -> bool:
        """Whether a string filter may have the operator; any, where the contract does not close the set."""
        each = self.member_schema("string_filters").get("items", {}).get("properties", {})
        return operator in each.get("operator", {}).get("enum", (operator,))

    @functools.cached_property
    def _request_validator(self) -> jsonschema_rs.Validator:
        return jsonschema_rs.validator_for({**self.request, "$schema": DIALECT})

    def objection(self, body: Any) -> str | None:
        """What the contract has against a request body: the place and the bound; None when it is allowed."""
        if self._request_validator.is_valid(body):
            return None
        error = next(iter(self._request_validator.iter_errors(body)))
        return f"{'/'.join(map(str, error.instance_path)) or 'the body'} breaks {error.schema_path[-1]}"

    @functools.cached_property
    def item(self) -> dict[str, dict[str, Any]]:
        """The properties of one item of the answer (a ticket), name → resolved schema."""
        schema = schema_at(cast(dict[str, Any], self.responses[200].schema), self.pagination.items)
        return cast(dict[str, dict[str, Any]], schema["items"]["properties"])

    @property
    def success_values(self) -> dict[str, tuple[str, ...]]:
        """Members of the envelope that tell success, name → values that mean it (`x-success-values`)."""
        envelope = cast(dict[str, Any], self.responses[200].schema)["properties"]
        return {
            name: tuple(schema["x-success-values"]) for name, schema in envelope.items() if "x-success-values" in schema
        }


@frozen(eq=False)
class Contract:
    """The whole document: `operations` are those with `x-query`, in the document's order."""

    path: Path
    document: dict[str, Any]
    lines: dict[str, int]
    operations: tuple[Operation, ...]

    @classmethod
    def load(cls, path: Path = SPEC) -> Contract:
        """Read and resolve; ContractError says what is wrong and where."""
        try:
            text = path.read_text(encoding="utf-8")
            loader = Loader(text)
            root = loader.get_single_node()
            document = loader.construct_document(root) if root else None
        except (OSError, UnicodeDecodeError) as error:
            raise ContractError(f"{path}: cannot be read: {error}") from error
        except yaml.YAMLError as error:
            raise ContractError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
        if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
            raise ContractError(f"{path}: not an OpenAPI document: it has no `paths`.")
        lines: dict[str, int] = {}
        _number(cast(yaml.Node, root), "", lines)
        try:
            operations = _linked(document, tuple(_operations(document)))
        except (KeyError, TypeError) as error:
            raise ContractError(f"{path}: the gate needs {error} and the document does not have it.") from error
        if not operations:
            raise ContractError(
                f"{path}: no operation has both x-query and x-pagination; the gate has nothing to judge."
            )
        return cls(path, document, lines, operations)

    def operation(self, name: str | None = None) -> Operation:
        """The operation of this operationId, or the first; ContractError names those that there are."""
        for each in self.operations:
            if name in (None, each.id):
                return each
        there = ", ".join(each.id for each in self.operations)
        raise ContractError(f"--operation {name}: the contract has no such query operation; it has {there}.")

    def line(self, pointer: str) -> int:
        """The line (from 1) of the place, or of its nearest ancestor that has one."""
        while pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return self.lines[pointer]

    def source(self, pointer: str) -> Source | None:
        """The `x-source` of the place or of its nearest ancestor."""
        for place in _ancestry(pointer):
            node = lookup(self.document, place)
            if isinstance(node, dict) and "x-source" in node:
                return Source.read(node["x-source"])
        return None

    def assumption(self, pointer: str, keyword: str) -> Assumption | None:
        """The assumption at this very place that supports `keyword`."""
        node = lookup(self.document, pointer)
        for entry in node.get("x-assumption", ()) if isinstance(node, dict) else ():
            if keyword in entry.get("keywords", ()):
                return _assumption(entry, pointer)
        return None

    def level(self, pointer: str, keyword: str) -> Level:
        """`documented` when the place's source is the page and no assumption there lists `keyword` (spec/README.md)."""
        source = self.source(pointer)
        known = source is not None and source.on_page and self.assumption(pointer, keyword) is None
        return Level.DOCUMENTED if known else Level.ASSUMED


def _ancestry(pointer: str) -> list[str]:
    parts = pointer.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts), 1, -1)]


def _number(node: yaml.Node, pointer: str, lines: dict[str, int]) -> None:
    lines.setdefault(pointer, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            child = f"{pointer}/{escape(str(key.value))}"
            lines[child] = key.start_mark.line + 1
            _number(value, child, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _number(value, f"{pointer}/{index}", lines)


def _assumption(entry: dict[str, Any], pointer: str) -> Assumption:
    return Assumption(entry["id"], entry["says"], tuple(entry.get("keywords", ())), pointer)


def _operations(document: dict[str, Any]) -> list[Operation]:
    found: list[Operation] = []
    for path, item in document["paths"].items():
        for method in METHODS:
            operation = item.get(method)
            if operation and "x-query" in operation and "x-pagination" in operation:
                found.append(_operation(document, path, method, operation, not found))
    return found


def _operation(document: dict[str, Any], path: str, method: str, node: dict[str, Any], first: bool) -> Operation:
    pointer = f"/paths/{escape(path)}/{method}"
    media = node["requestBody"]["content"][JSON]
    body = f"{pointer}/requestBody/content/{escape(JSON)}"
    responses = {}
    for status, response in node["responses"].items():
        place = response["$ref"].removeprefix("#") if "$ref" in response else f"{pointer}/responses/{status}"
        content = lookup(document, place).get("content", {}).get(JSON)
        schema = content and resolved(document, content["schema"], f"{place}/content/{escape(JSON)}/schema")
        responses[int(status)] = Response(int(status), schema, place)
    return Operation(
        id=node["operationId"],
        method=method.upper(),
        path=path,
        pointer=pointer,
        request=resolved(document, media["schema"], f"{body}/schema"),
        responses=responses,
        pagination=_read(Pagination, node["x-pagination"]),
        query=_read(Query, node["x-query"]),
        assumptions={entry["id"]: _assumption(entry, pointer) for entry in node.get("x-assumption", ())},
        examples={name: example["value"] for name, example in media.get("examples", {}).items()},
        parameters=tuple(_parameters(document, path, node, pointer)),
        documented=Source.read(node.get("x-source", {})).on_page,
        prefix="COC-" if first else f"COC-{node['operationId']}-",
    )


def _parameters(document: dict[str, Any], path: str, node: dict[str, Any], pointer: str) -> Iterator[Parameter]:
    """The parameters in the path, the operation's own before those of the path's item, in the order of the path."""
    stated = {}
    for place, holder in ((pointer.rpartition("/")[0], document["paths"][path]), (pointer, node)):
        for index, entry in enumerate(holder.get("parameters", ())):
            at = entry["$ref"].removeprefix("#") if "$ref" in entry else f"{place}/parameters/{index}"
            stated[lookup(document, at)["name"]] = at
    for name in re.findall(r"\{(.+?)\}", path):
        found = lookup(document, stated[name])
        examples = [found.get("example"), *(each["value"] for each in found.get("examples", {}).values())]
        example = next((each for each in examples if each is not None), None)
        schema = resolved(document, found["schema"], f"{stated[name]}/schema")
        yield Parameter(name, schema, None if example is None else str(example))


def _linked(document: dict[str, Any], operations: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """The operations, each parameter with the link of another operation's good answer that leads to it."""
    links = {}
    for source in operations:
        answer = lookup(document, source.responses[200].pointer)
        for link in answer.get("links", {}).values():
            for name, expression in link.get("parameters", {}).items():
                start = f"$response.body#{source.pagination.items}/0/"
                if str(expression).startswith(start) and link.get("operationId") != source.id:
                    links[link.get("operationId"), name] = Link(source.id, f"/{expression.removeprefix(start)}")
    return tuple(
        evolve(each, parameters=tuple(evolve(p, link=links.get((each.id, p.name))) for p in each.parameters))
        for each in operations
    )


def _read(kind: type[Record], node: dict[str, Any]) -> Record:
    """The members of an extension that the gate reads; the others are for somebody else."""
    known = {key: tuple(value) if isinstance(value, list) else value for key, value in node.items()}
    return kind(**{name: known[name] for name in fields_dict(kind) if name in known})
