"""No silent loss: every operation, parameter, body, status, member and bound of the document is found in the client.

The two sides are read independently: the document as it was written, the client through its own inventory.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import field, frozen
from openapi_python_client.strings import ClassName

from generator.dialect import FORM, MULTIPART, WILDCARDS, is_json, spoken_media_type
from generator.document import Document, Pointer
from generator.places import Place, operations
from generator.problems import Problem, Refused

Node = dict[str, Any]
BOUNDS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern"),
    *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "enum", "const"),
)
UNIONS = ("anyOf", "oneOf")
_INVENTORY = Path(__file__).with_name("inventory.py")


def inventory(folder: Path, package: str) -> Node:
    """What the client in a folder holds; raises `Refused` when it does not import."""
    command = [sys.executable, "-I", "-B", str(_INVENTORY), str(folder), package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        last_words = (done.stderr.strip().splitlines() or ["no word"])[-1]
        what = f"importing failed on the generated client ({last_words})"
        raise Refused(f"{what}, which is a mistake of the generator; the old client is left as it was")
    found: Node = json.loads(done.stdout)
    return found


def audit_problems(document: Document, client: Node) -> list[Problem]:
    """Everything of the document that the client does not hold."""
    audit = _Audit(document, client)
    held = {(one["method"].lower(), one["path"]): one for one in client["operations"]}
    for operation in operations(document):
        _, path, method = operation.pointer
        audit.operation(operation, held.get((str(method), str(path))))
    return audit.problems


@frozen
class _Facts:
    """What one schema of the document says, its `$ref` followed and its `allOf` put together."""

    bounds: list[tuple[Pointer, str, Any]] = field(factory=list)
    members: dict[str, list[Pointer]] = field(factory=dict)
    required: set[str] = field(factory=set)
    inner: list[tuple[str, Pointer]] = field(factory=list)
    unions: list[list[Pointer]] = field(factory=list)


class _Audit:
    """One comparison of a document with a client."""

    def __init__(self, document: Document, client: Node) -> None:
        self.document = document
        self.client = client
        self.problems: list[Problem] = []
        self.seen: set[tuple[tuple[Pointer, ...], int]] = set()

    def lost(self, pointer: Pointer, what: str) -> None:
        """Note that something is not in the client."""
        self.problems.append(
            self.document.problem(
                pointer, f"{what} would be lost in the client", "write it in a form that the generator knows"
            )
        )

    def operation(self, operation: Place, held: Node | None) -> None:
        """Compare one operation with what the client has of it."""
        if held is None:
            return self.lost(operation.pointer, f"the operation {operation.name.upper()} {operation.pointer[1]}")
        parameters = {(each["in"], each["name"]): each["schema"] for each in held["parameters"]}
        for pointer, parameter in self._parameters(operation):
            place = (parameter["in"], parameter["name"])
            if place not in parameters:
                self.lost(pointer, f"the {place[0]} parameter {place[1]}")
            else:
                self.schema([(*pointer, "schema")], self.client["schemas"][parameters[place]])
        if "requestBody" in operation.node:
            self._carried((*operation.pointer, "requestBody"), held["body"], "the request body")
        for status in operation.node.get("responses", {}):
            if status in held["answers"]:
                self._carried(
                    (*operation.pointer, "responses", status), held["answers"][status], f"the answer {status}"
                )
            elif not status.startswith("x-"):
                self.lost((*operation.pointer, "responses", status), f"the status {status}")
        return None

    def _parameters(self, operation: Place) -> Iterator[tuple[Pointer, Node]]:
        found: dict[tuple[str, str], tuple[Pointer, Node]] = {}
        for owner in (operation.pointer[:-1], operation.pointer):
            for index in range(len(self.document.at(owner).get("parameters", []))):
                pointer, node = self.document.resolved((*owner, "parameters", index))
                if not (node["in"] == "header" and node["name"].lower() in ("accept", "content-type", "authorization")):
                    found[node["in"], node["name"]] = (pointer, node)
        return iter(found.values())

    def _carried(self, pointer: Pointer, held: int | None, what: str) -> None:
        pointer, carrier = self.document.resolved(pointer)
        content = carrier.get("content") or {}
        spoken = spoken_media_type(content)
        media = content.get(spoken, {})
        if "schema" not in media:
            return
        if held is None:
            self.lost(pointer, what)
        elif self._is_compared(spoken, place := (*pointer, "content", spoken, "schema"), what):
            self.schema([place], self.client["schemas"][held])

    def _is_compared(self, spoken: str, pointer: Pointer, what: str) -> bool:
        """Whether a carrier's schema is held: of JSON, forms, and text that is sent; other bytes are as they are."""
        if spoken in WILDCARDS:
            _, schema = self.document.resolved(pointer)
            return not (isinstance(schema, dict) and schema.get("format") == "binary")
        is_text = spoken.startswith("text/") and what == "the request body"
        return is_json(spoken) or spoken in (FORM, MULTIPART) or is_text

    # --- schemas

    def schema(self, pointers: list[Pointer], held: Node) -> None:
        """Compare one schema with the client's, member by member; several that hold together count as one."""
        choices = self._choices(held)
        if (tuple(pointers), id(choices[0])) in self.seen:
            return
        self.seen.add((tuple(pointers), id(choices[0])))
        facts = _Facts()
        for pointer in pointers:
            self._gather(pointer, facts, set())
        for place, keyword, value in _tightest(facts.bounds):
            if not any(_holds(choice, keyword, value) for choice in choices):
                self.lost((*place, keyword), f"{keyword} {json.dumps(value)[:60]}")
        if facts.members:
            self._members(pointers[0], facts, choices)
        for keyword in dict.fromkeys(keyword for keyword, _ in facts.inner):
            self._inner(keyword, [place for word, place in facts.inner if word == keyword], choices)
        for union in facts.unions:
            taken: list[Node] = []
            for place in union:
                taken.append(self._closest(place, choices, held, taken))
                self.schema([place], taken[-1])

    def _inner(self, keyword: str, places: list[Pointer], choices: list[Node]) -> None:
        """Compare items, or the values of a map."""
        inner = [choice[keyword] for choice in choices if isinstance(choice.get(keyword), dict)]
        if inner:
            self.schema(places, {"anyOf": inner} if len(inner) > 1 else inner[0])
        else:
            for place in filter(self._says_something, places):
                self.lost(place, keyword)

    def _says_something(self, pointer: Pointer) -> bool:
        """Whether a schema takes less than any value: a list or a map of any value has no schema for them."""
        _, node = self.document.resolved(pointer)
        return isinstance(node, dict) and bool(
            {*BOUNDS, *UNIONS, "type", "properties", "items", "additionalProperties", "allOf"} & node.keys()
        )

    def _members(self, pointer: Pointer, facts: _Facts, choices: list[Node]) -> None:
        holder = max(choices, key=lambda choice: self._likeness(facts, choice))
        held = holder.get("properties", {})
        for name, places in facts.members.items():
            if name not in held:
                self.lost(places[0], f"the member {name}")
                continue
            self.schema(places, held[name])
        for name in sorted((facts.required ^ set(holder.get("required", []))) & facts.members.keys()):
            if any(map(self._is_one_way, facts.members[name])):
                continue  # required on the one way, and missing on the other
            self.lost(pointer, f"whether the member {name} is required")

    def _is_one_way(self, pointer: Pointer) -> bool:
        _, node = self.document.resolved(pointer)
        return isinstance(node, dict) and True in (node.get("readOnly"), node.get("writeOnly"))

    def _closest(self, pointer: Pointer, choices: list[Node], held: Node, taken: list[Node]) -> Node:
        """The client's alternative that an alternative of the document became; of two alike, the one not yet taken."""
        facts = _Facts()
        self._gather(pointer, facts, set())
        if not facts.members:
            return held
        target = self.document.target(self.document.at(pointer))
        named = self.client["components"].get(str(ClassName(str(target[-1]), "field_"))) if target else None
        if any(choice is named for choice in choices):
            return named  # type: ignore[return-value]
        free = [choice for choice in choices if not any(choice is one for one in taken)]
        return max(free or choices, key=lambda choice: self._likeness(facts, choice))

    def _likeness(self, facts: _Facts, choice: Node) -> float:
        """How much of a schema's members a client's class has; a member that tells kinds apart counts twice."""
        held = choice.get("properties", {})
        same = [name for name in facts.members if name in held]
        telling = sum(1 for name in same for place in facts.members[name] if self._same_set(place, held[name]))
        return len(same) + telling - len(held) / 1000

    def _same_set(self, pointer: Pointer, held: Node) -> bool:
        _, node = self.document.resolved(pointer)
        enum = node.get("enum") if isinstance(node, dict) else None  # a member may be true, and take anything
        return enum is not None and any(choice.get("enum") == enum for choice in self._choices(held))

    def _gather(self, pointer: Pointer, facts: _Facts, seen: set[Pointer]) -> None:
        node = self.document.at(pointer)
        if not isinstance(node, dict) or pointer in seen:
            return
        seen.add(pointer)
        target = self.document.target(node)
        if target is not None:
            self._gather(target, facts, seen)
            if self.document.data["openapi"].startswith("3.0."):
                return
        kinds = node.get("type")
        told = ("enum",) if "enum" in node else BOUNDS  # a closed set leaves nothing for other bounds to say
        facts.bounds.extend(
            (pointer, keyword, node[keyword]) for keyword in told if keyword in node and _applies(keyword, kinds)
        )
        for name in node.get("properties") or {}:
            facts.members.setdefault(name, []).append((*pointer, "properties", name))
        facts.required.update(node.get("required") or [])
        for keyword in ("items", "additionalProperties"):
            if isinstance(node.get(keyword), dict) and node[keyword]:
                facts.inner.append((keyword, (*pointer, keyword)))
        for keyword in UNIONS:
            if keyword in node:
                parts = [part for part in range(len(node[keyword])) if set(node[keyword][part]) - {"required"}]
                facts.unions.append([(*pointer, keyword, index) for index in parts])
        for index in range(len(node.get("allOf", []))):
            self._gather((*pointer, "allOf", index), facts, seen)

    def _choices(self, held: Node) -> list[Node]:
        """The client's schema, and the alternatives in it."""
        while "$ref" in held:
            held = self.client["components"][held["$ref"].removeprefix("#/")]
        found = [held]
        for keyword in UNIONS:
            for part in held.get(keyword, []):
                found += self._choices(part)
        return found


_LEAST = ("minimum", "minLength", "minItems", "minProperties")
_MOST = ("maximum", "maxLength", "maxItems", "maxProperties")


def _tightest(bounds: list[tuple[Pointer, str, Any]]) -> Iterator[tuple[Pointer, str, Any]]:
    """Of bounds that hold together, those that the others leave something to say."""
    for keyword in dict.fromkeys(keyword for _, keyword, _ in bounds):
        same = [bound for bound in bounds if bound[1] == keyword]
        if keyword in (*_LEAST, *_MOST):
            yield (max if keyword in _LEAST else min)(same, key=lambda bound: bound[2])
        else:
            yield from same


_OF_TYPE = {
    "string": ("minLength", "maxLength", "pattern"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "array": ("minItems", "maxItems", "uniqueItems"),
    "object": ("minProperties", "maxProperties"),
}


def _applies(keyword: str, kinds: Any) -> bool:
    """Whether a bound can be broken by a value of these types at all."""
    listed = [kinds] if isinstance(kinds, str) else kinds or list(_OF_TYPE)
    allowed = {"number" if kind == "integer" else kind for kind in listed}
    kind = next((kind for kind, keywords in _OF_TYPE.items() if keyword in keywords), None)
    return kind is None or kind in allowed


def _holds(held: Node, keyword: str, value: Any) -> bool:
    """Whether the client's schema has a bound; 3.0 writes an exclusive one as a flag, a least length of 0 is none."""
    if isinstance(value, bool) and keyword.startswith("exclusive"):
        return not value or keyword in held
    if keyword in ("minimum", "maximum") and f"exclusive{keyword.capitalize()}" in held:
        return True
    if keyword in ("enum", "const"):
        wanted = [each for each in (value if keyword == "enum" else [value]) if each is not None]
        present = held.get("enum", [held["const"]] if "const" in held else [])
        return not wanted or (set(map(str, present)) - {"None"} <= set(map(str, wanted)) and bool(present))
    return bool(held.get(keyword) == value or (value in (0, False) and keyword not in held))
