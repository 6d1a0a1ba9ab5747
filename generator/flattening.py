"""Schemas made of parts become whole, and schemas without a name get one: what the parser needs to keep them apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from keyword import kwlist
from typing import Any

from openapi_python_client import strings

from generator.dialect import ANNOTATIONS, BINARY, MULTIPART, NULL, Schema, without_wrapping

_TIGHTER: dict[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(("minimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "maxLength", "maxItems", "maxProperties"), min),
}
WIRE_NAME = "x-wire-name"
"""A member's name on the wire, where Python cannot spell it."""
RESERVED = {*kwlist, "self", "d", "cls", "field_dict", "to_dict", "from_dict", "additional_properties", "display"}
"""Names of members that the parser, the generated models or Python itself use."""
TAKEN = {
    *("AkSkAuth", "Annotated", "Answer", "Any", "AsyncBaseClient", "AsyncClient", "AsyncGenerator", "AsyncHook"),
    *("BaseClient", "Client", "Event", "Expression", "F", "File", "Filter", "Flag", "Generator", "Hook", "Literal"),
    *("Mapping", "Meta", "Milliseconds", "Model", "NotNull", "OPERATIONS", "Operation", "Page", "Pagination"),
    *("Parameter", "Patience", "Query", "RenamedModel", "Sequence", "Sort", "StrEnum", "TokenAuth", "UNSET", "UUID"),
    *("UnsetType", "Wanted"),
}
"""Names of classes that the generated modules import."""


def flattened(document: Schema) -> Schema:
    """The document, rewritten in place: `allOf` merged, inline objects as components, members named for Python."""
    _rename_classes(document)
    Flattening(document).run()
    return document


def _rename_classes(document: Schema) -> None:
    """Give a component whose class would be named like what the generated modules import another name."""
    schemas = document.get("components", {}).get("schemas", {})
    renamed = {name: f"{name}_model" for name in schemas if _class_name(name) in TAKEN}
    if renamed:
        document["components"]["schemas"] = {renamed.get(name, name): schema for name, schema in schemas.items()}
        prefix = "#/components/schemas/"
        _redirect(document, {prefix + old: prefix + new for old, new in renamed.items()})


def _redirect(node: Any, references: dict[str, str]) -> None:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            node["$ref"] = references.get(node["$ref"], node["$ref"])
        for value in node.values():
            _redirect(value, references)
    elif isinstance(node, list):
        for value in node:
            _redirect(value, references)


def parts_merged(document: Schema) -> Schema:
    """A copy in which each `allOf` that can be merged is: what a schema says, however it is put together.

    A reference that `allOf` only wraps, in order to say something beside it, stays a reference.
    """
    copy: Schema = deepcopy(document)
    flattening = Flattening(copy)

    def merged(node: Any) -> Any:
        if isinstance(node, list):
            return [merged(each) for each in node]
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("allOf"), list):
            unwrapped = without_wrapping(node)
            node = flattening.flat(unwrapped) if "allOf" in unwrapped else unwrapped
        return {name: merged(value) if name not in _VALUES else value for name, value in node.items()}

    for name in ("paths", "components"):
        if name in copy:
            copy[name] = merged(copy[name])
    return copy


_VALUES = {"example", "examples", "default", "enum", "const"}


class Conflict(Exception):
    """Two parts of an `allOf` say what cannot both be taken over."""


class Flattening:
    """One document, rewritten in place: `allOf` merged, inline objects as components, members named for Python."""

    def __init__(self, document: Schema) -> None:
        self.document = document
        self.schemas: dict[str, Schema] = document.setdefault("components", {}).setdefault("schemas", {})
        self.classes = {_class_name(name) for name in self.schemas}
        self.merged: dict[str, Schema] = {}
        self.nullable: set[str] = set()

    def run(self) -> None:
        """Rewrite every schema of the document: first all are put together, for a named one loses its spelling then."""
        for name in list(self.schemas):
            self.schemas[name] = self._flat(self.schemas[name], (name,))
        self._give_files()
        for holder, _ in self._holders():
            holder["schema"] = self._flat(holder["schema"], ())
        for name, schema in self.schemas.items():
            if (without := _without_null(schema)) is not schema and {"properties", "enum"} & without.keys():
                self.nullable.add(f"#/components/schemas/{name}")
                self.schemas[name] = without
        for name in list(self.schemas):
            self.schemas[name] = self._members_hoisted(self.schemas[name], name)
        for holder, name in self._holders():
            holder["schema"] = self._hoisted(holder["schema"], name)

    def _holders(self) -> Iterator[tuple[Schema, str]]:
        """What holds a schema outside `components.schemas`, with a name for the schema."""
        for carrier, name in self._carriers():
            for holder in (carrier, *carrier.get("content", {}).values()):
                if isinstance(holder, dict) and "schema" in holder:
                    yield holder, name

    def _carriers(self) -> Iterator[tuple[Schema, str]]:
        """Parameters, bodies and answers: the shared ones, then those of each operation."""
        for kind in ("responses", "requestBodies", "parameters"):
            for name, carrier in self.document["components"].get(kind, {}).items():
                yield carrier, name
        for path, item in self.document.get("paths", {}).items():
            for parameter in item.get("parameters", []):
                yield parameter, f"{path}_{parameter.get('name')}"
            for method, operation in item.items():
                if isinstance(operation, dict) and "responses" in operation:
                    name = operation.get("operationId") or f"{method}_{path}"
                    for parameter in operation.get("parameters", []):
                        yield parameter, f"{name}_{parameter.get('name')}"
                    yield operation.get("requestBody", {}), f"{name}_body"
                    for status, response in operation["responses"].items():
                        yield response, f"{name}_response_{status}"

    # --- multipart

    def _give_files(self) -> None:
        """Make multipart bodies objects in which text that is binary is bytes.

        A named schema that nothing else uses stays what its name means; else the body gets an object of its own.
        """
        holders = [carrier.get("content", {}).get(MULTIPART, {}) for carrier, _ in self._carriers()]
        holders = [holder for holder in holders if "schema" in holder]
        if not holders:
            return
        uses = Counter(_references(self.document))
        uses.subtract(holder["schema"].get("$ref") for holder in holders)
        for holder in holders:
            reference = holder["schema"].get("$ref")
            if reference is not None and uses[reference] == 0:
                name = reference.rsplit("/", 1)[-1]
                self.schemas[name] = self._with_files(self.schemas[name])
            else:
                holder["schema"] = self._with_files(holder["schema"])

    def _with_files(self, schema: Schema) -> Schema:
        try:
            whole = self._part(schema, ())
        except Conflict:
            return schema
        members = {name: self._file(member) for name, member in (whole.get("properties") or {}).items()}
        return {**whole, "properties": members}

    def _file(self, schema: Schema) -> Schema:
        told = schema
        while "$ref" in told:
            told = self.schemas[told["$ref"].rsplit("/", 1)[-1]]
        if isinstance(told.get("items"), dict):
            return {**told, "items": self._file(told["items"])}
        return {**told, "type": "string", "format": "binary"} if BINARY in told else schema

    # --- allOf

    def flat(self, schema: Schema) -> Schema:
        """One schema with its `allOf` merged, or as it was where its parts do not agree."""
        found: Schema = self._flat(schema, ())
        return found

    def _flat(self, schema: Any, seen: tuple[str, ...]) -> Any:
        """The schema with every `allOf` merged where its parts agree; else as it was, for the parser to refuse."""
        if not isinstance(schema, dict):
            return schema
        if "allOf" in schema:
            try:
                schema = self._merged(schema, seen)
            except (Conflict, RecursionError):
                return schema
        flat = dict(schema)
        for keyword in ("items", "additionalProperties"):
            if keyword in flat:
                flat[keyword] = self._flat(flat[keyword], seen)
        for keyword in ("oneOf", "anyOf"):
            if keyword in flat:
                flat[keyword] = [self._flat(part, seen) for part in flat[keyword]]
        if isinstance(flat.get("properties"), dict):
            flat["properties"] = {name: self._flat(member, seen) for name, member in flat["properties"].items()}
        return flat

    def _merged(self, schema: Schema, seen: tuple[str, ...]) -> Schema:
        whole: Schema = {}
        for part in schema["allOf"]:
            whole = self._both(whole, self._part(part, seen), seen)
        rest = {name: value for name, value in schema.items() if name != "allOf"}
        whole = self._both(whole, rest, seen)
        if not schema.get("nullable"):
            whole.pop("nullable", None)
        return whole

    def _part(self, part: Schema, seen: tuple[str, ...]) -> Schema:
        while "$ref" in part:
            name = part["$ref"].rsplit("/", 1)[-1]
            if name in seen or name not in self.schemas:
                raise Conflict(f"{name} is a part of itself")
            seen = (*seen, name)
            part = self.schemas[name]
        found: Schema = self._merged(part, seen) if "allOf" in part else dict(part)
        if {"oneOf", "anyOf", "not", "discriminator"} & found.keys() - {"discriminator"}:
            raise Conflict("a union is a part")
        found.pop("nullable", None)
        found.pop("discriminator", None)
        return found

    def _both(self, one: Schema, two: Schema, seen: tuple[str, ...]) -> Schema:
        both = dict(one)
        for keyword, value in two.items():
            if keyword not in one or keyword in ANNOTATIONS or keyword.startswith("x-") or one[keyword] == value:
                both[keyword] = value
            elif keyword == "properties":
                both[keyword] = {
                    **one[keyword],
                    **{n: self._member(one[keyword], n, m, seen) for n, m in value.items()},
                }
            elif keyword == "required":
                both[keyword] = list(dict.fromkeys([*one[keyword], *value]))
            elif keyword == "items" and isinstance(one[keyword], dict) and isinstance(value, dict):
                both[keyword] = self._both(self._part(one[keyword], seen), self._part(value, seen), seen)
            elif keyword in _TIGHTER:
                both[keyword] = _TIGHTER[keyword](one[keyword], value)
            else:
                both[keyword] = _agreed(keyword, one[keyword], value)
        return both

    def _member(self, members: Schema, name: str, schema: Schema, seen: tuple[str, ...]) -> Schema:
        if name not in members or members[name] == schema:
            return schema
        return self._both(self._part(members[name], seen), self._part(schema, seen), seen)

    # --- names

    def _hoisted(self, schema: Any, name: str) -> Any:
        """An inline object as a reference to a component of its own."""
        if not isinstance(schema, dict):
            return schema
        if schema.get("$ref") in self.nullable:
            return {**{n: v for n, v in schema.items() if n != "$ref"}, "oneOf": [{"$ref": schema["$ref"]}, NULL]}
        if isinstance(schema.get("enum"), list):
            return self._named_set(schema, name)
        whole = _without_null(schema)
        if not whole.get("properties") and (whole is schema or "enum" not in whole):
            return self._members_hoisted(schema, name)
        unique = self._unique(name)
        self.schemas[unique] = {}
        self.schemas[unique] = self._members_hoisted(whole, unique)
        reference = {"$ref": f"#/components/schemas/{unique}"}
        words = {n: v for n, v in schema.items() if n in ("description", "deprecated")}
        return {**words, "oneOf": [reference, NULL]} if whole is not schema else {**reference, **words}

    def _named_set(self, schema: Schema, name: str) -> Schema:
        """A closed set where it stands, unless its class's name is taken already."""
        if _class_name(name) not in self.classes:
            self.classes.add(_class_name(name))
            return schema
        unique = self._unique(name)
        self.schemas[unique] = schema
        return {"$ref": f"#/components/schemas/{unique}"}

    def _members_hoisted(self, schema: Any, name: str) -> Any:
        """The same schema, with the inline objects below it hoisted and its members named for Python."""
        if not isinstance(schema, dict):
            return schema
        copy = dict(schema)
        if isinstance(copy.get("items"), dict):
            copy["items"] = self._hoisted(copy["items"], f"{name}_item")
        if isinstance(copy.get("additionalProperties"), dict):
            copy["additionalProperties"] = self._hoisted(copy["additionalProperties"], f"{name}_value")
        for keyword in ("oneOf", "anyOf"):
            if keyword in copy:
                copy[keyword] = self._alternatives_hoisted(copy[keyword], name)
        if isinstance(copy.get("properties"), dict):
            members = {n: self._hoisted(m, f"{name}_{n}") for n, m in copy["properties"].items()}
            copy["properties"], spelled = _spelled(members)
            if "required" in copy:
                copy["required"] = [spelled.get(n, n) for n in copy["required"] if n in members]
        return copy

    def _alternatives_hoisted(self, parts: list[Any], name: str) -> list[Any]:
        """The alternatives of a union, null at most once and last; one beside null alone has the union's own name."""
        told = [part for part in parts if part != NULL]
        names = [name] if len(told) == 1 else [f"{name}_type_{index}" for index in range(len(told))]
        found = [self._hoisted(part, own) for part, own in zip(told, names, strict=True)]
        nested = [
            part.get("oneOf", [part]) if isinstance(part, dict) and set(part) == {"oneOf"} else [part] for part in found
        ]
        flat = [part for inner in nested for part in inner]
        without = [part for part in flat if part != NULL]
        return without if len(without) == len(flat) == len(told) == len(parts) else [*without, NULL]

    def _unique(self, name: str) -> str:
        number, candidate = 1, re.sub(r"\W+", "_", name).strip("_")
        base = candidate
        while _class_name(candidate) in self.classes:
            number += 1
            candidate = f"{base}_{number}"
        self.classes.add(_class_name(candidate))
        return candidate


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for value in node:
            yield from _references(value)


def _class_name(name: str) -> str:
    return str(strings.ClassName(name, "field_"))


def _agreed(keyword: str, one: Any, two: Any) -> Any:
    """What two parts say together; raises Conflict where they cannot be put in one."""
    if keyword == "enum":
        both = [value for value in one if value in two]
        if both:
            return both
    if keyword == "type":
        kinds = [set(kind if isinstance(kind, list) else [kind]) for kind in (one, two)]
        if {"number", "integer"} == kinds[0] | kinds[1]:
            return "integer"
        both = sorted(kinds[0] & kinds[1])
        if both:
            return both[0] if len(both) == 1 else both
    if keyword == "additionalProperties" and isinstance(one, bool | dict) and (one is True or two is True or not two):
        return two if one is True or not one else one
    if keyword in ("nullable", "format"):
        return one and two if keyword == "nullable" else two
    raise Conflict(f"{keyword} is {one!r} in one part and {two!r} in another")


def _without_null(schema: Schema) -> Schema:
    """The schema of an object or closed set that is not null; the very same one where it never was."""
    kind, union = schema.get("type"), schema.get("oneOf", [])
    if len(union) == 2 and union[1] == NULL and "enum" in union[0]:
        return {**{name: value for name, value in schema.items() if name != "oneOf"}, **union[0]}
    if schema.get("nullable") is True:
        return {name: value for name, value in schema.items() if name != "nullable"}
    if isinstance(kind, list) and "null" in kind and "object" in kind:
        return {**schema, "type": "object"}
    return schema


def _spelled(members: Schema) -> tuple[Schema, dict[str, str]]:
    """Members under names that Python can spell, each once; and the new names by the old ones."""
    spelled: dict[str, str] = {}
    taken = {name for name in members if _is_plain(name)}
    for name in members:
        if not _is_plain(name):
            spelled[name] = _python_name(name, taken)
            taken.add(spelled[name])
    found = {
        spelled.get(name, name): {**member, WIRE_NAME: name} if name in spelled and isinstance(member, dict) else member
        for name, member in members.items()
    }
    return found, spelled


def _is_plain(name: str) -> bool:
    identifier = str(strings.PythonIdentifier(name, "field_"))
    return name.isidentifier() and not name.startswith("_") and name not in RESERVED and identifier.strip("_") != ""


def _python_name(name: str, taken: set[str]) -> str:
    words = name.replace("+", " plus ").replace("-", " minus " if name[:1] == "-" else " ")
    base = re.sub(r"\W+", "_", words).strip("_") or "field"
    base = (
        base if base.isidentifier() and base not in RESERVED else f"{base}_" if base.isidentifier() else f"field_{base}"
    )
    candidate, number = base, 1
    while candidate in taken:
        number += 1
        candidate = f"{base}_{number}"
    return candidate
