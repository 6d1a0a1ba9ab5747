"""What the templates see: models and operations of the contract, in the words of the client."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from openapi_python_client import strings
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser import properties as p

from generator.annotations import Schema, Use, annotation, described, is_map, keywords, source, two_forms
from generator.flattening import WIRE_NAME
from generator.naming import constants, moments, value_classes

View = dict[str, Any]


def text(value: Any) -> str:
    """The plain text of a parsed description."""
    return value.get_untrusted_value() if hasattr(value, "get_untrusted_value") else str(value or "")


class Views:
    """Read-only views over one parsed contract."""

    def __init__(self, data: GeneratorData, document: Schema) -> None:
        self.document = document
        schemas = document.get("components", {}).get("schemas", {})
        self._raw = {str(strings.ClassName(name, "field_")): schema for name, schema in schemas.items()}
        self._enums: dict[frozenset[Any], list[Any]] = {}
        for values in _enums_in(document):
            self._enums.setdefault(frozenset(map(str, values)) - {"None"}, values)
        self.models = {model.class_info.name: model for model in data.models}
        self.class_names = {str(each.class_info.name) for each in [*data.models, *data.enums]}
        for model in data.models:
            for prop in self._properties(model):
                self._settle(prop)
        self.endpoints = [e for c in data.endpoint_collections_by_tag.values() for e in c.endpoints]
        self.uses: dict[str, Use] = {}
        for endpoint in self.endpoints:
            parameters = [*endpoint.path_parameters, *endpoint.query_parameters, *endpoint.header_parameters]
            carriers = [*endpoint.bodies, *endpoint.responses]
            for prop in [*parameters, *(carrier.prop for carrier in carriers)]:
                self._settle(prop)
            for body in endpoint.bodies:
                self._mark(body.prop, Use(sent=True))
            for response in endpoint.responses:
                self._mark(response.prop, Use(received=True))

    def _settle(self, prop: Any) -> None:
        """The parser copies a class into its users before it knows what else the class may hold; it does now."""
        for leaf in _leaves(prop):
            if isinstance(leaf, p.ModelProperty) and leaf.additional_properties is None:
                leaf.additional_properties = getattr(
                    self.models.get(leaf.class_info.name), "additional_properties", None
                )

    def _mark(self, prop: Any, use: Use) -> None:
        for model in _models_in(prop):
            name = model.class_info.name
            before = self.uses.get(name, Use())
            after = Use(before.sent or use.sent, before.received or use.received)
            if after != before:
                self.uses[name] = after
                for member in self._properties(self.models.get(name, model)):
                    self._mark(member, use)

    @staticmethod
    def _properties(model: Any) -> list[Any]:
        extra = [model.additional_properties] if is_map(model) else []
        return [*(model.required_properties or []), *(model.optional_properties or []), *extra]

    @property
    def has_files(self) -> bool:
        """Whether a class has a member that is a file."""
        leaves = (leaf for model in self.models.values() for prop in self._properties(model) for leaf in _leaves(prop))
        return any(isinstance(leaf, p.file.FileProperty) for leaf in leaves)

    def is_class(self, model: Any) -> bool:
        """Whether a schema becomes a class of its own; a plain map becomes a dict."""
        return not is_map(model)

    # --- models

    def model(self, model: Any) -> View:
        """One class: its members in the contract's order."""
        name = str(model.class_info.name)
        use = self.uses.get(name, Use(sent=True))
        schema = self.schema(model)
        members = [self._member(prop, self._schema_of(model, text(prop.name)), use) for prop in self._properties(model)]
        aliases = _unshadowed(members)
        order = list(schema.get("properties", {}))
        members.sort(key=lambda m: order.index(m["name"]) if m["name"] in order else len(order))
        names = [m["name"] for m in members]
        beside = moments((m["name"] for m in members if m["schema"].get("x-timestamp") == "ms"), names)
        for member in members:
            member["moment"] = beside.get(member["name"], "")
        used = {word.lstrip("_") for m in members for word in re.findall(r"\w+", m["annotation"])}
        return {
            "class_name": name,
            "docstring": " ".join(filter(None, [schema.get("description") or f"The schema `{name}`.", source(schema)])),
            "members": members,
            "renamed": {m["name"]: m["wire"] for m in members if m["name"] != m["wire"]},
            "aliases": aliases,
            "converted": [m for m in members if m["convert"]],
            "sparse": [m for m in members if re.match(r"(Annotated\[)?list\[NotNull\[", m["annotation"])],
            "moments": [m for m in members if m["moment"]],
            "known": list(_known_values(members, used)),
            "display": self._display(members),
            "labels": {m["name"]: labels for m in members if (labels := m["schema"].get("x-enum-labels"))},
            "imports": self._imports(model, used),
        }

    def _member(self, prop: Any, schema: Schema, use: Use) -> View:
        name = text(prop.name)
        code = annotation(prop, schema, use)
        default = ""
        if not self._is_required(prop, schema, use):
            default = "None" if use.received and not use.sent else "UNSET"
            if use.received and not re.search(r"\bNone$|^Any$", code):
                code += " | None"
            if use.sent:
                code += " | UnsetType"
        return {
            "name": name,
            "wire": schema.get(WIRE_NAME, name),
            "annotation": code,
            "default": default,
            "schema": schema,
            "convert": two_forms(schema),
            "moment": "",
            "docstring": described(schema, required=prop.required),
        }

    @staticmethod
    def _is_required(prop: Any, schema: Schema, use: Use) -> bool:
        """Whether a class must have a member: one that travels one way alone is missing on the other way."""
        absent = (schema.get("readOnly") is True and use.sent) or (schema.get("writeOnly") is True and use.received)
        return bool(prop.required) and not absent

    def required(self, model: Any) -> list[str]:
        """The members that an object of a class must be made with."""
        use = self.uses.get(str(model.class_info.name), Use(sent=True))
        props = [(text(prop.name), prop) for prop in model.required_properties or ()]
        return [name for name, prop in props if self._is_required(prop, self._schema_of(model, name), use)]

    def schema(self, model: Any) -> Schema:
        """The schema that a class is made of, as the contract has it."""
        return self._raw.get(str(model.class_info.name)) or keywords(model.data)

    def _schema_of(self, model: Any, member: str) -> Schema:
        """A member's keywords, from the schema itself or from a part of its `allOf`."""
        return expanded(self.document, _find_member(self.document, self.schema(model), member) or {})

    def _display(self, members: list[View]) -> View | None:
        """Where the answer itself names coded values, if it does."""
        for member in members:
            keys = member["schema"].get("x-display-names")
            if keys:
                languages = ", ".join(repr(language) for language in keys["names"])
                labelled = next((m["name"] for m in members if m["schema"].get("x-enum-labels")), member["name"])
                return {
                    "member": member["name"],
                    "keys": {"entries": member["name"], **self._entry_names(member["schema"], keys)},
                    "languages": f"Literal[{languages}]",
                    "default": next(iter(keys["names"])),
                    "example": labelled,
                }
        return None

    def _entry_names(self, schema: Schema, keys: Schema) -> Schema:
        """The members of an entry as Python spells them."""
        members = resolved(self.document, schema.get("items", {})).get("properties", {})
        spelled = {member.get(WIRE_NAME, name): name for name, member in members.items()}
        names = {language: spelled.get(name, name) for language, name in keys["names"].items()}
        return {**{role: spelled.get(keys[role], keys[role]) for role in ("property", "value")}, "names": names}

    def _imports(self, model: Any, used: set[str]) -> list[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for prop in self._properties(model):
            for inner in _leaves(prop):
                if isinstance(inner, p.ModelProperty) and is_map(inner):
                    continue
                if hasattr(inner, "class_info") and inner.class_info.name != model.class_info.name:
                    found.add((str(inner.class_info.module_name), str(inner.class_info.name)))
        return sorted((module, name) for module, name in found if name in used)

    def enum_values(self, enum: Any) -> list[Any]:
        """A closed set in a repeatable order: that of the contract where it can be told."""
        found = self._enums.get(frozenset(map(str, enum.values)), sorted(enum.values, key=str))
        return [value for value in found if value is not None]


def _unshadowed(members: list[View]) -> list[str]:
    """Names of types that a member's own name hides inside the class; the annotations then speak of `_name`."""
    names = {member["name"] for member in members}
    hidden = set()
    for member in members:
        tree = ast.parse(member["annotation"], mode="eval")
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in names:
                hidden.add(node.id)
                node.id = f"_{node.id}"
        if hidden:
            member["annotation"] = ast.unparse(tree)
    return sorted(hidden)


def _find_member(document: Schema, schema: Schema, member: str) -> Schema | None:
    if "$ref" in schema:
        return _find_member(document, resolved(document, schema), member)
    if member in schema.get("properties", {}):
        found: Schema = schema["properties"][member]
        return found
    return next((m for part in schema.get("allOf", []) if (m := _find_member(document, part, member))), None)


def resolved(document: Schema, schema: Schema) -> Schema:
    """The schema, with a local `$ref` at its top followed."""
    while "$ref" in schema:
        target: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        schema = target
    return schema


def expanded(document: Schema, schema: Schema, seen: tuple[str, ...] = ()) -> Schema:
    """The schema with every `$ref` to what becomes no class of its own followed, so that no bound is out of sight."""
    reference = schema.get("$ref")
    if reference is not None:
        target = resolved(document, schema)
        if reference in seen or "properties" in target:
            return schema
        beside = {name: value for name, value in schema.items() if name != "$ref"}
        return {**expanded(document, target, (*seen, reference)), **beside}
    whole = dict(schema)
    for keyword in ("items", "additionalProperties"):
        if isinstance(whole.get(keyword), dict):
            whole[keyword] = expanded(document, whole[keyword], seen)
    for keyword in ("oneOf", "anyOf"):
        if keyword in whole:
            whole[keyword] = [expanded(document, part, seen) for part in whole[keyword]]
    return whole


def _enums_in(node: Any) -> Iterator[list[Any]]:
    if isinstance(node, dict):
        if isinstance(node.get("enum"), list):
            yield node["enum"]
        for value in node.values():
            yield from _enums_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from _enums_in(value)


def _leaves(prop: Any) -> Iterator[Any]:
    if isinstance(prop, p.union.UnionProperty):
        for part in prop.inner_properties:
            yield from _leaves(part)
    elif isinstance(prop, p.list_property.ListProperty):
        yield from _leaves(prop.inner_property)
    else:
        yield prop
        if isinstance(prop, p.ModelProperty) and is_map(prop):
            yield from _leaves(prop.additional_properties)


def _models_in(prop: Any) -> Iterator[Any]:
    return (leaf for leaf in _leaves(prop) if isinstance(leaf, p.ModelProperty))


def _known_values(members: list[View], used: set[str]) -> Iterator[View]:
    """A class of constants for each member with an open set of values; `used` are the names in the annotations."""
    held = {member["name"]: _open_set(member["schema"]) for member in members}
    holders = [name for name, schema in held.items() if schema]
    for member, class_name in value_classes(held, used, holders):
        values, labels = held[member]["x-extensible-enum"], held[member].get("x-enum-labels", {})
        told = [
            {"name": name, "value": value, "label": _label(labels.get(value, {}))}
            for name, value in zip(constants(values), values, strict=True)
        ]
        yield {"name": class_name, "member": member, "values": told}


def _open_set(schema: Schema) -> Schema:
    """The schema that lists the known values of a member, or of its items; empty when there are none."""
    holder: Schema = schema if "x-extensible-enum" in schema else schema.get("items", {})
    return holder if "x-extensible-enum" in holder else {}


def _label(names: dict[str, str]) -> str:
    if not names:
        return ""
    first, *rest = names.items()
    others = ", ".join(f"{language}: {name}" for language, name in rest if name != first[1])
    return f"{first[1]} ({others})." if others else f"{first[1]}."
