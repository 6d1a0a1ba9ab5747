"""What the templates see of parameters and arguments: names that Python can spell, types, and how values travel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.annotations import Schema, Use, annotation
from generator.naming import unique
from generator.views import View, Views, expanded, resolved, text

PLACES = ("path", "query", "header")
_ALWAYS = frozenset(("self", "timeout", "max_retries", "deadline", "answer", "operations", "page_of"))
"""What every method takes itself, or speaks of inside."""
_ITERATING = frozenset(
    (
        *("where", "sort", "max_items", "unique", "prefetch", "wanted", "pages", "found", "item", "Wanted"),
        *("counts", "named", "operation", "all_counts", "counts_body", "counts_in"),
    )
)
"""What the methods that iterate and count take beside the parameters in the path, or speak of."""


def parameters(views: Views, endpoint: Any, operation: Schema, taken: set[str]) -> dict[str, list[View]]:
    """Wire name, style and argument of each parameter, by place; a name that is taken gets another in Python alone."""
    taken |= _ALWAYS
    return {place: list(_parameters(views, endpoint, operation, place, taken)) for place in PLACES}


def taken_by(operation: Schema, body: Any, paging: View | None) -> set[str]:
    """Names of arguments that an operation's methods have beside its parameters."""
    names = {"body"} if body else set()
    if paging:
        names |= {paging.get("page", ""), paging.get("size", ""), *_ITERATING}
        names |= {operation.get("x-query", {}).get("projection", "")}
    return names


def _parameters(views: Views, endpoint: Any, operation: Schema, place: str, taken: set[str]) -> Iterator[View]:
    raw = {(p["in"], p["name"]): p for p in (resolved(views.document, each) for each in operation["parameters"])}
    for prop in getattr(endpoint, f"{place}_parameters"):
        parameter = raw[place, text(prop.name)]
        code = annotation(prop, carried_schema(views, parameter), Use(sent=True))
        name = str(prop.python_name)
        made = argument(unique((name, f"{name}_"), taken), code, required=prop.required)
        yield made | {"wire": text(prop.name), "place": place, "type": code, "style": _style(parameter)}


def _style(parameter: Schema) -> str:
    """How several values of a parameter travel, in the words of `runtime.parameters`."""
    style = parameter.get("style", "form" if parameter["in"] == "query" else "simple")
    joined = {"spaceDelimited": "space", "pipeDelimited": "pipe", "form": "comma"}
    if style == "deepObject":
        return "deep"
    # Exploded, each value has the parameter's name before it, whatever would join them.
    return "" if parameter.get("explode", style == "form") else joined.get(style, "")


def arguments(body_code: str, body: Any, parameters: dict[str, list[View]]) -> View:
    """The arguments of the method that calls an operation: those by position, then those by keyword."""
    placed = list(parameters["path"])
    if body:
        placed.append(argument("body", body_code, required=body.prop.required))
    named = [each for place in ("query", "header") for each in parameters[place]]
    return {"arguments": placed, "keyword_arguments": sorted(named, key=lambda each: bool(each["default"]))}


def argument(name: str, code: str, *, required: bool = False, default: str = "None", wanted: str = "") -> View:
    """One argument of a method; `wanted` is its name in `bodies.Wanted`, where it has one."""
    optional = f"{code} | None" if default == "None" else code
    return {
        "name": name,
        "code": code,
        "annotation": code if required else optional,
        "default": "" if required else default,
        "wanted": wanted,
    }


def carried_schema(views: Views, carrier: Schema) -> Schema:
    """The schema of a parameter, body or answer; the parser keeps one media type of each."""
    media = next(iter(carrier.get("content", {}).values()), carrier)
    return expanded(views.document, media.get("schema", {}))
