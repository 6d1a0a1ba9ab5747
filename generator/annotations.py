"""From a schema to Python: the annotation of a member, with its bounds, and the words that describe it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from attrs import frozen
from openapi_python_client.parser import properties as p

from generator.dialect import KEYS

Schema = dict[str, Any]
"""A schema's keywords, as in the contract."""

_BOUNDS = {
    "minimum": "ge",
    "maximum": "le",
    "exclusiveMinimum": "gt",
    "exclusiveMaximum": "lt",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_length",
    "maxItems": "max_length",
    "minProperties": "min_length",
    "maxProperties": "max_length",
    "pattern": "pattern",
}
_APPLIES = {
    "str": {"minLength", "maxLength", "pattern"},
    "int": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "float": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "list": {"minItems", "maxItems", "uniqueItems"},
    "dict": {"minProperties", "maxProperties"},
    "Any": {*_BOUNDS, "enum", "const"},
    "bool": {"enum", "const"},
    "bytes | File": {"minLength", "maxLength", "contentMediaType"},
    **{kind: {"minLength", "maxLength", "pattern"} for kind in ("date", "datetime", "UUID")},
}
_ENFORCED = ("str", "int", "float", "list", "dict")
_SIMPLE: dict[type, str] = {
    p.any.AnyProperty: "Any",
    p.boolean.BooleanProperty: "bool",
    p.date.DateProperty: "date",
    p.datetime.DateTimeProperty: "datetime",
    p.file.FileProperty: "bytes | File",
    p.float.FloatProperty: "float",
    p.int.IntProperty: "int",
    p.none.NoneProperty: "None",
    p.string.StringProperty: "str",
    p.uuid.UuidProperty: "UUID",
}
_TRUTH = "^(true|false)$"


@frozen
class Use:
    """The directions in which a schema travels.

    Bounds are enforced on what is sent, and tolerated in what is only received. A schema that travels both ways is held
    to them both ways: a request must not go out that the contract forbids.
    """

    sent: bool = False
    received: bool = False


def keywords(schema: Any) -> Schema:
    """A parsed schema back as the contract has it."""
    if schema is None:
        return {}
    dumped: Schema = schema.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return dumped


def annotation(prop: Any, schema: Schema, use: Use) -> str:
    """The annotation of a value, bounds included, absence not."""
    if isinstance(prop, p.union.UnionProperty):
        return _union(prop, schema, use)
    if isinstance(prop, p.list_property.ListProperty):
        inner = annotation(prop.inner_property, schema.get("items") or {}, use)
        return bounded(f"list[NotNull[{inner}]]" if use.received else f"list[{inner}]", "list", schema, use)
    if isinstance(prop, p.ModelProperty):
        return _map(prop, schema, use) if is_map(prop) else str(prop.class_info.name)
    # A closed set may still grow on the service's side: what is received is not held to it.
    if isinstance(prop, p.literal_enum_property.LiteralEnumProperty):
        plain = prop.value_type.__name__
        return _told(plain, {"enum": schema.get("enum")}) if use.received else str(prop.class_info.name)
    if isinstance(prop, p.const.ConstProperty):
        constant = schema.get("const")
        plain = type(constant).__name__
        return _told(plain, {"const": constant}) if use.received or plain == "float" else f"Literal[{constant!r}]"
    plain = _SIMPLE[type(prop)]
    return bounded(plain, plain, schema, use)


def _map(prop: Any, schema: Schema, use: Use) -> str:
    values = schema.get("additionalProperties")
    schema_of_values = values if isinstance(values, dict) else {}
    inner = annotation(prop.additional_properties, schema_of_values, use)
    code = bounded(f"dict[str, {inner}]", "dict", schema, use)
    outline = _outline(prop.additional_properties, schema_of_values)
    return _told(code, {"properties": dict.fromkeys(schema[KEYS], outline)}) if KEYS in schema else code


def is_map(prop: Any) -> bool:
    """Whether an object schema has no members of its own: then it is a dict."""
    return not prop.data.properties and not prop.data.allOf and prop.data.additionalProperties is not False


def two_forms(schema: Schema) -> str:
    """The conversion of a member that travels in two forms: `milliseconds`, `flag`, or nothing."""
    kinds = schema.get("type")
    if not isinstance(kinds, list) or "string" not in kinds:
        return ""
    if "integer" in kinds and schema.get("x-timestamp") == "ms":
        return "milliseconds"
    return "flag" if "boolean" in kinds and schema.get("pattern") == _TRUTH else ""


def _union(prop: Any, schema: Schema, use: Use) -> str:
    form = two_forms(schema)
    nullable = any(isinstance(part, p.none.NoneProperty) for part in prop.inner_properties)
    if form:
        bounds: Schema = {name: schema[name] for name in ("minLength", "maxLength", "pattern") if name in schema}
        return _told({"milliseconds": "Milliseconds", "flag": "Flag"}[form], bounds) + (" | None" if nullable else "")
    alternatives = schema.get("anyOf", []) + schema.get("oneOf", [])
    same = len(alternatives) == len(prop.inner_properties)
    parts = [
        annotation(part, alternatives[index] if same else schema, use)
        for index, part in enumerate(prop.inner_properties)
    ]
    # The decoder tells alternatives apart by their JSON type alone; where two share one, the value is left as it is.
    kinds = [_json_kind(part) for part in prop.inner_properties]
    if len(set(kinds)) < len(kinds) or "any" in kinds:
        outlines = alternatives if same else [{} for _ in prop.inner_properties]
        told = [_outline(part, each) for part, each in zip(prop.inner_properties, outlines, strict=True)]
        return _told("Any", {"anyOf": [outline for outline in told if outline]})
    return " | ".join(dict.fromkeys(parts))


def _outline(prop: Any, schema: Schema) -> Schema:
    """What a schema says, for a place whose annotation cannot: the class, or the type and bounds."""
    if isinstance(prop, p.ModelProperty) and not is_map(prop):
        return {"$ref": f"#/{prop.class_info.name}"}
    told = {name: value for name, value in schema.items() if name in ("type", "enum", "const", *_BOUNDS)}
    if isinstance(prop, p.ModelProperty) and isinstance(schema.get("additionalProperties"), dict):
        return {**told, "additionalProperties": _outline(prop.additional_properties, schema["additionalProperties"])}
    inner = prop.inner_property if isinstance(prop, p.list_property.ListProperty) else None
    return {**told, "items": _outline(inner, schema.get("items") or {})} if inner is not None else told


def _told(code: str, facts: Schema) -> str:
    """An annotation that tells what it does not enforce."""
    known = {name: value for name, value in facts.items() if value not in (None, [])}
    return f"Annotated[{code}, Meta(extra_json_schema={known!r})]" if known else code


def _json_kind(prop: Any) -> str:
    if isinstance(prop, p.ModelProperty):
        return "object"
    if isinstance(prop, p.list_property.ListProperty):
        return "array"
    if isinstance(prop, p.literal_enum_property.LiteralEnumProperty):
        return "string" if prop.value_type is str else "integer"
    simple = _SIMPLE.get(type(prop), "Any")
    return {"Any": "any", "bool": "boolean", "int": "integer", "float": "number", "None": "null"}.get(simple, "string")


def bounded(code: str, kind: str, schema: Schema, use: Use) -> str:
    """An annotation with the bounds of its schema: those that are enforced, and those that it only tells."""
    bounds = dict(_bounds(kind, schema))
    if not bounds:
        return code
    if (use.received and not use.sent) or kind not in _ENFORCED:
        return _told(code, bounds)
    enforced = {_BOUNDS[name]: value for name, value in bounds.items() if name in _BOUNDS and _python_can(name, value)}
    rest = {name: value for name, value in bounds.items() if name not in _BOUNDS or not _python_can(name, value)}
    arguments = [f"{name}={value!r}" for name, value in enforced.items()]
    if rest:
        arguments.append(f"extra_json_schema={rest!r}")
    return f"Annotated[{code}, Meta({', '.join(arguments)})]"


def _bounds(kind: str, schema: Schema) -> Iterator[tuple[str, Any]]:
    for name in [*_BOUNDS, "uniqueItems", "enum", "const", "contentMediaType"]:
        value = schema.get(name)
        if name not in _APPLIES.get(kind, ()) or value is None or value is False:
            continue
        if name in ("minimum", "maximum") and schema.get(f"exclusive{name.capitalize()}") is True:
            name = f"exclusive{name.capitalize()}"  # noqa: PLW2901  # OpenAPI 3.0 spells it as a flag
        elif value is True and name != "uniqueItems":
            continue
        yield name, int(value) if isinstance(value, float) and value.is_integer() else value


def _python_can(name: str, value: Any) -> bool:
    if name == "multipleOf" and isinstance(value, float):
        return Decimal(repr(value)) == Decimal(value)  # 0.1 has no exact form in binary; the runtime counts in decimals
    if name != "pattern":
        return not isinstance(value, int) or -(2**63) <= value < 2**63
    try:
        re.compile(value)
    except re.error:
        return False
    return True


def described(schema: Schema, *, required: bool = False) -> str:
    """A member in words: description, range, default, source. `required` is told of what travels one way."""
    parts = [str(schema.get("description") or "").strip(), _range(schema)]
    if "default" in schema:
        parts.append(f"Absent, it counts as `{_json(schema['default'])}`.")
    if schema.get("readOnly") is True:
        parts.append("The service sets it; it is in answers alone.")
    if schema.get("writeOnly") is True:
        parts.append("It is in requests alone" + (", which must have it." if required else "."))
    parts.append(source(schema))
    return " ".join(part for part in parts if part) or "The contract says nothing of it."


def _range(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"Range: {low:,.15g} to {high:,.15g}."
    if low is not None or high is not None:
        return f"Range: {'at least' if high is None else 'at most'} {low if high is None else high:,.15g}."
    for least, most, unit in (("minLength", "maxLength", "characters"), ("minItems", "maxItems", "items")):
        if most in schema:
            return f"Range: {schema.get(least, 0):,} to {schema[most]:,} {unit}."
        if least in schema:
            return f"Range: at least {schema[least]:,} {unit}."
    return ""


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value


def source(schema: Schema) -> str:
    """Where the member is from: the page's table and row, or an example."""
    origin = schema.get("x-source") or {}
    if "table" in origin:
        row = f", row `{origin['row']}`" if "row" in origin else ""
        return f"Source: table {origin['table']}{row}."
    if "example" in origin:
        return f"Source: example `{origin['example']}`."
    return f"Source: {origin['public']}." if "public" in origin else ""


def moment_name(member: str) -> str:
    """The property that gives a time as a datetime, by the rule in spec/README.md: `create_time` has `created_at`."""
    verb = member.removesuffix("_time")
    if verb == member:
        return f"{member}_at"
    if re.fullmatch(r"[^aeiou]+[aeiou][^aeiouwxy]", verb):
        verb += verb[-1]
    return verb + ("d_at" if verb.endswith("e") else "ed_at")
