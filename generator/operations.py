"""What the templates see of an operation: its classes, parameters, paging and query, all from the contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openapi_python_client import strings
from openapi_python_client.parser import properties as p

from generator.annotations import Schema, Use, annotation, keywords
from generator.dialect import OTHERS
from generator.places import METHODS
from generator.views import View, Views, expanded, resolved, text

_PLACES = ("path", "query", "header")
_IDEMPOTENT = ("get", "put", "delete", "options", "head", "trace")
_QUERY_MEMBERS = ("string_filters", "int_filters", "condition", "sort", "projection", "counts")


def operation_views(views: Views) -> list[View]:
    """One view an operation, in the contract's order."""
    raw = _raw_operations(views.document)
    found = [_view(views, endpoint, *raw[endpoint.method, str(endpoint.name)]) for endpoint in views.endpoints]
    first = next((view for view in found if view["query"] and view["item"]), None)
    for view in found:
        if view["pagination"]:
            view.update(_iteration(view, "F" if view is first else view["noun"]))
    return found


def _raw_operations(document: Schema) -> dict[tuple[str, str], tuple[str, Schema]]:
    """The path as the contract writes it and the operation's own object, parameters of the path included."""
    found = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                shared = {"parameters": [*item.get("parameters", []), *operation.get("parameters", [])]}
                found[method, str(_function(operation, path, method))] = (path, operation | shared)
    return found


def _function(operation: Schema, path: str, method: str) -> str:
    from openapi_python_client.parser.openapi import generate_operation_id  # noqa: PLC0415
    from openapi_python_client.schema.untrusted_string import UntrustedString  # noqa: PLC0415

    if operation.get("operationId") is None:
        return generate_operation_id(path=UntrustedString(path), method=method, prefix="field_")
    return strings.PythonIdentifier(operation["operationId"], "field_")


def _view(views: Views, endpoint: Any, path: str, operation: Schema) -> View:
    body = endpoint.bodies[0] if endpoint.bodies else None
    function = str(endpoint.name)
    paging = _pagination(views, operation, body)
    parameters = {place: list(_parameters(views, endpoint, operation, place)) for place in _PLACES}
    view: View = {
        "name": operation.get("operationId") or function,
        "constant": function.upper(),
        "function": function,
        "noun": function.removeprefix("list_"),
        "method": endpoint.method.upper(),
        "path": path,
        "body": _body_code(views, body, operation) if body else "",
        "empty_body": bool(body) and _is_all_optional(views, body),
        "media_type": text(body.content_type) if body else "application/json",
        "permissions": tuple(needed["action"] for needed in operation.get("x-permissions", [])),
        "repeatable": endpoint.method in _IDEMPOTENT or "x-query" in operation or "x-pagination" in operation,
        "pagination": paging,
        "query": _query(views, operation, body),
        "parameters": {place: [(v["wire"], v["name"]) for v in found] for place, found in parameters.items()},
        "described_parameters": [view for found in parameters.values() for view in found],
        "docstring": f"`{endpoint.method.upper()} {path}`: {_summary(operation, function)}",
        "method_docstring": _method_docstring(operation, function, _other_media_types(views, operation)),
    }
    view["example"] = None
    view |= _answers(views, endpoint, operation, paging)
    view |= _arguments(view["body"], body, parameters)
    if view["query"] and view["item"]:
        view |= _fields(views, view, operation)
    view["needs_body"] = bool(paging) and _needs_body(views, body, view)
    return view


def _answers(views: Views, endpoint: Any, operation: Schema, paging: View | None) -> View:
    """The classes of good answers and of failures, and of the items in the good ones."""
    kinds = {r.status_code.pattern: _answer(views, r, operation) for r in endpoint.responses}
    good = {pattern for pattern in kinds if pattern.startswith("2")} or ({"default"} & kinds.keys())
    answers = [(pattern, kind) for pattern, kind in kinds.items() if pattern in good]
    answer = " | ".join(dict.fromkeys(kind for _, kind in answers)) or "None"
    shape = _Shape(views, _first_model(endpoint))
    member, values = shape.success()
    item = shape.item(paging["items"]) if paging else ""
    return {
        "answers": answers,
        "failures": [(pattern, kind) for pattern, kind in kinds.items() if pattern not in good],
        "answer": answer,
        "returned": f"Page[{item or 'Any'}]" if paging else answer,
        "item": item,
        "success_member": member,
        "success_values": values,
    }


def _summary(operation: Schema, function: str) -> str:
    return f"{str(operation.get('summary') or operation.get('operationId') or function).rstrip('.')}."


def _is_all_optional(views: Views, body: Any) -> bool:
    model = views.models.get(body.prop.class_info.name) if isinstance(body.prop, p.ModelProperty) else None
    return model is not None and not model.required_properties


def _needs_body(views: Views, body: Any, view: View) -> bool:
    """Whether a member is required that an iteration does not make itself of its arguments."""
    model = views.models.get(body.prop.class_info.name) if body and isinstance(body.prop, p.ModelProperty) else None
    made = {view["pagination"].get("page"), view["pagination"].get("size")}
    made |= {member for role, member in (view["query"] or {}).items() if role in _QUERY_MEMBERS}
    return any(text(prop.name) not in made for prop in getattr(model, "required_properties", None) or ())


def _successes(endpoint: Any) -> list[Any]:
    """The good answers; `default` is one only where the contract documents no other."""
    found = [r for r in endpoint.responses if r.status_code.range and r.status_code.range[0] // 100 == 2]
    return found or [r for r in endpoint.responses if r.status_code.range is None]


def _answer(views: Views, response: Any, operation: Schema) -> str:
    if response.source["return_type"] == "None":
        return "None"
    if response.source["return_type"] == "bytes":
        return "bytes"
    carrier = resolved(views.document, operation["responses"][response.status_code.pattern])
    return annotation(response.prop, _carried_schema(views, carrier), Use(received=True))


def _body_code(views: Views, body: Any, operation: Schema) -> str:
    if isinstance(body.prop, p.file.FileProperty):  # the body is the file
        return "bytes"
    carrier = resolved(views.document, operation["requestBody"])
    return annotation(body.prop, _carried_schema(views, carrier), Use(sent=True))


def _carried_schema(views: Views, carrier: Schema) -> Schema:
    """The schema of a parameter, body or answer; the parser keeps one media type of each."""
    media = next(iter(carrier.get("content", {}).values()), carrier)
    return expanded(views.document, media.get("schema", {}))


def _first_model(endpoint: Any) -> Any:
    return next((r.prop for r in _successes(endpoint) if isinstance(r.prop, p.ModelProperty)), None)


def _parameters(views: Views, endpoint: Any, operation: Schema, place: str) -> Iterator[View]:
    """Wire name, style and argument of each parameter of one place."""
    raw = {(p["in"], p["name"]): p for p in (resolved(views.document, each) for each in operation["parameters"])}
    for prop in getattr(endpoint, f"{place}_parameters"):
        parameter = raw[place, text(prop.name)]
        code = annotation(prop, _carried_schema(views, parameter), Use(sent=True))
        argument = _argument(str(prop.python_name), code, required=prop.required)
        yield argument | {"wire": text(prop.name), "place": place, "type": code, "style": _style(parameter)}


def _style(parameter: Schema) -> str:
    """How several values of a parameter travel, in the words of `runtime.parameters`."""
    style = parameter.get("style", "form" if parameter["in"] == "query" else "simple")
    many = {"deepObject": "deep", "spaceDelimited": "space", "pipeDelimited": "pipe"}
    exploded = parameter.get("explode", style == "form")
    return many.get(style, "" if exploded and style == "form" else "comma" if parameter["in"] == "query" else "")


def _arguments(body_code: str, body: Any, parameters: dict[str, list[View]]) -> View:
    arguments = list(parameters["path"])
    if body:
        arguments.append(_argument("body", body_code, required=body.prop.required))
    named = [argument for place in ("query", "header") for argument in parameters[place]]
    return {"arguments": arguments, "keyword_arguments": sorted(named, key=lambda each: bool(each["default"]))}


def _argument(name: str, code: str, *, required: bool = False, default: str = "None", wanted: str = "") -> View:
    """One argument of a method; `wanted` is its name in `bodies.Wanted`, where it has one."""
    optional = f"{code} | None" if default == "None" else code
    return {
        "name": name,
        "code": code,
        "annotation": code if required else optional,
        "default": "" if required else default,
        "wanted": wanted,
    }


def _method_docstring(operation: Schema, function: str, others: list[str]) -> str:
    described = " ".join(operation.get("description", "").split())
    needed = [n["action"] for n in operation.get("x-permissions", []) if n["action"] not in described]
    lines = [_summary(operation, function), "", described, ""] if described else [_summary(operation, function), ""]
    if others:
        lines += [f"The contract also has {', '.join(others)}, which this client neither sends nor asks for.", ""]
    if needed:
        lines += [f"The caller needs {', '.join(f'`{name}`' for name in needed)}.", ""]
    return "\n".join([*lines, _CALLING])


def _other_media_types(views: Views, operation: Schema) -> list[str]:
    carriers = [operation.get("requestBody", {}), *operation["responses"].values()]
    found = [resolved(views.document, carrier).get(OTHERS, []) for carrier in carriers]
    return list(dict.fromkeys(name for names in found for name in names))


_CALLING = """Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors` \
afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's own, once."""


def _iteration(view: View, fields: str) -> View:
    """The names and arguments of the methods that iterate and count; `fields` is what their filters are made of."""
    noun = view["noun"]
    found, some = (" that satisfies `where`", " that satisfy `where`") if view["query"] else ("", "")
    told = " ".join(_iterating(view, fields))
    return {
        "iterate": f"iter_{noun}",
        "iterate_pages": f"iter_{noun}_pages",
        "count": f"count_{noun}",
        "iterating_arguments": list(_iterating_arguments(view)),
        "counting_body": _argument("body", view["body"], required=view["needs_body"]),
        "path_arguments": [argument for argument in view["arguments"] if argument["name"] != "body"],
        "path_parameters": view["parameters"]["path"],
        "items_docstring": f"Every item{found}, page by page, as they are asked for.\n\n{told}",
        "pages_docstring": f"Every page of items{some}, as they are asked for.\n\n{told}",
        "count_docstring": _counting(view, fields),
    }


def _iterating_arguments(view: View) -> Iterator[View]:
    paging, query = view["pagination"], view["query"] or {}
    if "sort" in query:
        yield _argument("sort", "Sort", wanted="sort")
    if "projection" in query:
        yield _argument(query["projection"], "Sequence[str]", wanted="projection")
    yield _argument("body", view["body"], wanted="body", required=view["needs_body"])
    if "page" in paging:
        yield _argument(paging["page"], "int", default="1", wanted="page")
    if "size" in paging:
        yield _argument(paging["size"], "int", wanted="size")
    yield _argument("max_items", "int", wanted="max_items")
    if "page" in paging:  # one answer that holds everything has no item twice, and none before it
        yield _argument("unique", "bool", default="False", wanted="unique")
        yield _argument("prefetch", "bool", default="False")


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


def _fields(views: Views, view: View, operation: Schema) -> View:
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
        "columns": tuple(operation["x-query"].get("columns", [m["name"] for m in members[:6]])),
        "time": next((m["name"] for m in members if m["moment"] and m["name"] == sorted_by), ""),
        "example": example if _shows_all(view, item) else None,
        "examples": example,
        "condition_example": f'{example["coded"]} in ({values}) and {example["text"]} ~ "{example["word"]}"',
        "filterable": [{**member, "holds_integers": _holds_integers(member["schema"])} for member in members],
    }


def _shows_all(view: View, item: Any) -> bool:
    """Whether the README's examples, which show paging, sorting, counting and display names, hold for an operation."""
    extensions = {"size", "page"} <= view["pagination"].keys() and {"counts", "sort", "key"} <= view["query"].keys()
    return extensions and any("x-display-names" in schema for schema in keywords(item.data)["properties"].values())


def _example(members: list[View], query: Schema) -> View:
    """Members and values for the examples in the README, all taken from the contract."""
    shown = [m for m in members if m["name"] in query.get("columns", [m["name"]])]
    coded = next((m for m in shown if "x-extensible-enum" in m["schema"]), shown[0])
    plain = [
        m for m in shown if m is not coded and m["schema"].get("type") == "string" and m["name"] != query.get("key")
    ]
    words = [m for m in plain if "x-extensible-enum" not in m["schema"]] or plain or shown
    time = next((m for m in shown if m["moment"]), shown[0])
    return {
        "coded": coded["name"],
        "values": coded["schema"].get("x-extensible-enum", ["a", "b"])[:2],
        "text": words[0]["name"],
        "word": str(next(iter(words[0]["schema"].get("examples", ["a"])))).split()[0],
        "time": time["name"],
        "moment": time["moment"] or time["name"],
    }


def _holds_integers(schema: Schema) -> bool:
    kinds = schema.get("type", [])
    return "integer" in ([kinds] if isinstance(kinds, str) else kinds)


# --- what the x- extensions say


class _Shape:
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

    def item(self, pointer: tuple[str, ...]) -> str:
        """The class of the items of the array that the pointer names; empty when they have none."""
        model = self._model
        for step in pointer:
            prop = next((m for m in self._views._properties(model) if text(m.name) == step), None) if model else None
            leaf = _leaf(prop)
            model = self._views.models.get(leaf.class_info.name) if isinstance(leaf, p.ModelProperty) else None
        return str(model.class_info.name) if model else ""

    def _members(self, model: Any) -> Iterator[tuple[str, Schema]]:
        if model is not None:
            for prop in self._views._properties(model):
                yield text(prop.name), self._views._schema_of(model, text(prop.name))


def _leaf(prop: Any) -> Any:
    if isinstance(prop, p.union.UnionProperty):
        return next((_leaf(part) for part in prop.inner_properties if not isinstance(part, p.none.NoneProperty)), None)
    return _leaf(prop.inner_property) if isinstance(prop, p.list_property.ListProperty) else prop


def _pointer(value: str) -> tuple[str, ...]:
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in value.split("/")[1:])


def _pagination(views: Views, operation: Schema, body: Any) -> View | None:
    found = operation.get("x-pagination")
    if not found:
        return None
    members = _body_members(views, body)
    view: View = {"items": _pointer(found["items"])}
    if "total" in found:
        view["total"] = _pointer(found["total"])
    view |= {name: found[name] for name in ("page", "size", "all", "total_wanted") if name in found}
    if "size" in found:
        view["largest_size"] = int(members.get(found["size"], {}).get("maximum", 0))
        view["default_size"] = int(members.get(found["size"], {}).get("default", 0))
    return view


def _body_members(views: Views, body: Any) -> Schema:
    if body is None or not isinstance(body.prop, p.ModelProperty):
        return {}
    properties: Schema = keywords(body.prop.data).get("properties", {})
    return {name: resolved(views.document, schema) for name, schema in properties.items()}


def _query(views: Views, operation: Schema, body: Any) -> View | None:
    found = operation.get("x-query")
    if not found:
        return None
    members = _body_members(views, body)
    raw = keywords(body.prop.data).get("properties", {})
    view: View = {name: found[name] for name in _QUERY_MEMBERS if name in found}
    if "count_results" in found:
        view["count_results"] = _pointer(found["count_results"])
    if "key" in found:
        view["key"] = found["key"]
    for kind, names in {
        "filter_type": ("string_filters", "int_filters"),
        "sort_type": ("sort",),
        "count_type": ("counts",),
    }.items():
        name = next((found[n] for n in names if n in found), None)
        if name:
            view[kind] = _class_of(raw[name])
    view["limits"] = {
        found[n]: int(members[found[n]]["maxItems"])
        for n in ("string_filters", "int_filters", "counts")
        if n in found and "maxItems" in members[found[n]]
    }
    if "condition" in found:
        view["longest_condition"] = int(members[found["condition"]].get("maxLength", 0))
    return view


def _class_of(schema: Schema) -> str:
    reference = schema.get("$ref") or schema.get("items", {}).get("$ref", "")
    return str(strings.ClassName(reference.rsplit("/", 1)[-1], "field_"))
