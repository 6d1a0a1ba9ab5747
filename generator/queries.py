"""What the templates see of paging and querying: the extensions of an operation, in the words of the client.

The contract's names are those on the wire; where Python spells a member otherwise, the client's tables have both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openapi_python_client import strings
from openapi_python_client.parser import properties as p

from generator.annotations import Schema, keywords
from generator.arguments import argument
from generator.document import parsed
from generator.flattening import WIRE_NAME
from generator.views import View, Views, resolved, text

_PYTHON = "python"
_KINDS = {"filter_type": ("string_filters", "int_filters"), "sort_type": ("sort",), "count_type": ("counts",)}
_QUERY_MEMBERS = ("string_filters", "int_filters", "condition", "sort", "projection", "counts")


class Shape:
    """A walk through the classes of an answer."""

    def __init__(self, views: Views, model: Any) -> None:
        self._views = views
        self._model = views.models.get(model.class_info.name, model) if model is not None else None

    def success(self) -> tuple[str, tuple[str, ...]]:
        """The member of the envelope that tells success from failure, and its good values."""
        for name, schema in self._members(self._model):
            if "x-success-values" in schema:
                return name, tuple(schema["x-success-values"])
        return "", ()

    def item(self, pointer: str) -> str:
        """The class of the items of the array that a JSON pointer names; empty when they have none."""
        model = self._walk(pointer)[1]
        return str(model.class_info.name) if model else ""

    def path(self, pointer: str) -> tuple[str, ...]:
        """The attributes that lead to the place that a JSON pointer names."""
        return self._walk(pointer)[0]

    def _walk(self, pointer: str) -> tuple[tuple[str, ...], Any]:
        model, path = self._model, []
        for step in parsed(pointer):
            names = {schema.get(WIRE_NAME, name): name for name, schema in self._members(model)}
            path.append(names.get(str(step), str(step)))
            props = self._views._properties(model) if model else []
            prop = next((each for each in props if text(each.name) == path[-1]), None)
            leaf = _leaf(prop)
            model = self._views.models.get(leaf.class_info.name) if isinstance(leaf, p.ModelProperty) else None
        return tuple(path), model

    def _members(self, model: Any) -> Iterator[tuple[str, Schema]]:
        if model is not None:
            for prop in self._views._properties(model):
                yield text(prop.name), self._views._schema_of(model, text(prop.name))


def _leaf(prop: Any) -> Any:
    if isinstance(prop, p.union.UnionProperty):
        return next((_leaf(part) for part in prop.inner_properties if not isinstance(part, p.none.NoneProperty)), None)
    return _leaf(prop.inner_property) if isinstance(prop, p.list_property.ListProperty) else prop


def pagination(views: Views, operation: Schema, body: Any, shape: Shape) -> View | None:
    """How an operation pages: attributes of the request's class, and attributes that lead into the answer."""
    found = operation.get("x-pagination")
    if not found:
        return None
    members = _body_members(views, body)
    view: View = {role: shape.path(found[role]) for role in ("items", "total") if role in found}
    view |= {role: _spelled(members, found[role]) for role in ("page", "size", "all", "total_wanted") if role in found}
    if "size" in found:
        view["largest_size"] = int(members.get(found["size"], {}).get("maximum", 0))
        view["default_size"] = int(members.get(found["size"], {}).get("default", 0))
    return view


def _body_members(views: Views, body: Any) -> Schema:
    """The members of the request by their names on the wire; each schema tells its name in Python."""
    if body is None or not isinstance(body.prop, p.ModelProperty):
        return {}
    properties: Schema = keywords(body.prop.data).get("properties", {})
    return {
        schema.get(WIRE_NAME, name): {**schema, **resolved(views.document, schema), _PYTHON: name}
        for name, schema in properties.items()
    }


def _spelled(members: Schema, name: str) -> str:
    return str(members.get(name, {}).get(_PYTHON, name))


def query(views: Views, operation: Schema, body: Any, shape: Shape) -> View | None:
    """How an operation is queried: attributes of the request's class, and the classes of filters, sorts and counts."""
    found = operation.get("x-query")
    if not found:
        return None
    members = _body_members(views, body)
    view: View = {role: _spelled(members, found[role]) for role in _QUERY_MEMBERS if role in found}
    if "count_results" in found:
        view["count_results"] = shape.path(found["count_results"])
    view["key"] = shape.path(f"{operation['x-pagination']['items']}/{_escaped(found['key'])}")[-1]
    if view["key"] != found["key"]:
        view["key_name"] = found["key"]
    for kind, roles in _KINDS.items():
        name = next((found[role] for role in roles if role in found), None)
        if name:
            view[kind] = _class_of(members[name])
    view["limits"] = {
        view[role]: int(members[found[role]]["maxItems"])
        for role in ("string_filters", "int_filters", "counts")
        if role in found and "maxItems" in members[found[role]]
    }
    if "condition" in found:
        view["longest_condition"] = int(members[found["condition"]].get("maxLength", 0))
    return view


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _class_of(schema: Schema) -> str:
    reference = schema.get("$ref") or schema.get("items", {}).get("$ref", "")
    return str(strings.ClassName(reference.rsplit("/", 1)[-1], "field_"))


def required_members(views: Views, body: Any) -> list[str]:
    """The members that a request must be made with."""
    model = views.models.get(body.prop.class_info.name) if isinstance(body.prop, p.ModelProperty) else None
    return views.required(model) if model is not None else []


def needs_body(views: Views, body: Any, view: View) -> bool:
    """Whether a member is required that an iteration does not make itself of its arguments."""
    made = {view["pagination"].get("page"), view["pagination"].get("size")}
    made |= {member for role, member in (view["query"] or {}).items() if role in _QUERY_MEMBERS}
    return body is not None and any(name not in made for name in required_members(views, body))


def iteration(view: View, fields: str) -> View:
    """The names and arguments of the methods that iterate and count; `fields` is what their filters are made of."""
    noun = view["noun"]
    found, some = (" that satisfies `where`", " that satisfy `where`") if view["query"] else ("", "")
    told = " ".join(_iterating(view, fields))
    return {
        "iterate": f"iter_{noun}",
        "iterate_pages": f"iter_{noun}_pages",
        "count": f"count_{noun}",
        "iterating_arguments": list(_iterating_arguments(view)),
        "counting_body": argument("body", view["body"], required=view["needs_body"]),
        "path_arguments": [each for each in view["arguments"] if each["name"] != "body"],
        "path_parameters": view["parameters"]["path"],
        "items_docstring": f"Every item{found}, page by page, as they are asked for.\n\n{told}",
        "pages_docstring": f"Every page of items{some}, as they are asked for.\n\n{told}",
        "count_docstring": _counting(view, fields),
    }


def _iterating_arguments(view: View) -> Iterator[View]:
    paging, query = view["pagination"], view["query"] or {}
    if "sort" in query:
        yield argument("sort", "Sort", wanted="sort")
    if "projection" in query:
        yield argument(query["projection"], "Sequence[str]", wanted="projection")
    yield argument("body", view["body"], wanted="body", required=view["needs_body"])
    if "page" in paging:
        yield argument(paging["page"], "int", default="1", wanted="page")
    if "size" in paging:
        yield argument(paging["size"], "int", wanted="size")
    yield argument("max_items", "int", wanted="max_items")
    if "page" in paging:  # one answer that holds everything has no item twice, and none before it
        yield argument("unique", "bool", default="False", wanted="unique")
        yield argument("prefetch", "bool", default="False")


def _iterating(view: View, fields: str) -> Iterator[str]:
    """What the arguments of an iteration do, in sentences: of those alone that it has."""
    paging, query = view["pagination"], view["query"] or {}
    if "sort" in query and view["item"]:
        place = "" if fields == "F" else ", of the module `fields`"
        yield f"`sort` is such as `{fields}.{view['examples']['time']}.desc()`{place};"
    if "page" not in paging:
        yield "`body` holds further members of the request. At most `max_items` come, all of one answer."
        yield "Raises `errors.ItemsMissing` when the answer is not whole, and any other of `errors`."
        return
    page, size = paging["page"], f", with the same `{paging['size']}`" if "size" in paging else ""
    yield "`body` holds further members of the request, and its page, if it has one, is the first."
    yield f"To resume, start at another `{page}`{size}."
    yield "At most `max_items` come; `unique` leaves out items that come twice because the data moved meanwhile;"
    yield "`prefetch` requests one page ahead. Raises `errors.PagingError` when the pages do not add up, and any other"
    yield f"of `errors`, with a note that names the {page} to resume at."


def _counting(view: View, fields: str) -> str:
    shown = view.get("examples", {"coded": "name", "values": ["a"]})
    example = f'{fields}.{shown["coded"]} == "{shown["values"][0]}"'
    return f"""How many items satisfy each of the named filters, in one request: `P1={example}`.

Names that are no arguments, or those of another argument, stand in a mapping: `{{"P 1": {example}}}`. A group joins \
its filters by `&` only. Raises `errors.InvalidFilter` for `|`, and the other errors of `errors`."""


def fields(views: Views, view: View, operation: Schema) -> View:
    """The namespace of properties to filter by: those of the item, each with what the contract says of it."""
    item = views.models[view["item"]]
    members = views.model(item)["members"]
    sorted_by = operation["x-query"].get("default_sort", {}).get("field")
    filter_model = views.models[view["query"]["filter_type"]]
    example = _example(members, operation["x-query"])
    values = ", ".join(map(str, example["values"]))
    return {
        "fields_class": f"{strings.pascal_case(view['noun'])}Fields",
        "operators": tuple(views._schema_of(filter_model, "operator").get("enum", ())),
        "also_filterable": tuple(operation["x-query"].get("also_filterable", ())),
        "columns": tuple(operation["x-query"].get("columns", [m["wire"] for m in members[:6]])),
        "time": next((m["wire"] for m in members if m["moment"] and m["wire"] == sorted_by), ""),
        "example": example if _shows_all(view, item) else None,
        "examples": example,
        "condition_example": f'{example["coded_name"]} in ({values}) and {example["text_name"]} ~ "{example["word"]}"',
        "filterable": [{**member, "holds_integers": _holds_integers(member["schema"])} for member in members],
    }


def _shows_all(view: View, item: Any) -> bool:
    """Whether the README's examples, which show paging, sorting, counting and display names, hold for an operation."""
    extensions = {"size", "page"} <= view["pagination"].keys() and {"counts", "sort", "key"} <= view["query"].keys()
    return extensions and any("x-display-names" in schema for schema in keywords(item.data)["properties"].values())


def _example(members: list[View], query: Schema) -> View:
    """Members and values for the examples in the README, all taken from the contract."""
    shown = [m for m in members if m["wire"] in query.get("columns", [m["wire"]])]
    coded = next((m for m in shown if "x-extensible-enum" in m["schema"]), shown[0])
    texts = [m for m in shown if m is not coded and m["schema"].get("type") == "string"]
    plain = [m for m in texts if m["wire"] != query.get("key")]
    words = [m for m in plain if "x-extensible-enum" not in m["schema"]] or plain or shown
    time = next((m for m in shown if m["moment"]), shown[0])
    return {
        "coded": coded["name"],
        "coded_name": coded["wire"],
        "values": coded["schema"].get("x-extensible-enum", ["a", "b"])[:2],
        "text": words[0]["name"],
        "text_name": words[0]["wire"],
        "word": str(next(iter(words[0]["schema"].get("examples", ["a"])))).split()[0],
        "time": time["name"],
        "moment": time["moment"] or time["name"],
    }


def _holds_integers(schema: Schema) -> bool:
    kinds = schema.get("type", [])
    return "integer" in ([kinds] if isinstance(kinds, str) else kinds)
