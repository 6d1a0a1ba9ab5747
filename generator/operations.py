"""What the templates see of an operation: its names, classes and words, all from the contract."""

from __future__ import annotations

from typing import Any

from openapi_python_client import strings
from openapi_python_client.parser import properties as p

from generator.annotations import Schema, Use, annotation
from generator.arguments import arguments, carried_schema, parameters, taken_by
from generator.carriers import accepted, is_absent_body_empty, text_annotation
from generator.dialect import OTHERS
from generator.naming import operation_names
from generator.places import METHODS
from generator.queries import Shape, fields, iteration, needs_body, pagination, query, required_members
from generator.views import View, Views, resolved, text

_NAMES = ("function", "constant", "noun")
_IDEMPOTENT = ("get", "put", "delete", "options", "head", "trace")


def operation_views(views: Views) -> list[View]:
    """One view an operation, in the contract's order."""
    raw = _raw_operations(views.document)
    names = operation_names((str(endpoint.name) for endpoint in views.endpoints), views.class_names)
    found = [
        _view(views, endpoint, *raw[endpoint.method, str(endpoint.name)], dict(zip(_NAMES, own, strict=True)))
        for endpoint, own in zip(views.endpoints, names, strict=True)
    ]
    first = next((view for view in found if view["query"] and view["item"]), None)
    for view in found:
        if view["pagination"]:
            view.update(iteration(view, "F" if view is first else view["noun"]))
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


def _view(views: Views, endpoint: Any, path: str, operation: Schema, names: View) -> View:
    body = endpoint.bodies[0] if endpoint.bodies else None
    shape = Shape(views, _first_model(endpoint))
    paging = pagination(views, operation, body, shape)
    found = parameters(views, endpoint, operation, taken_by(operation, body, paging))
    carrier = resolved(views.document, operation.get("requestBody", {}))
    view: View = {
        "name": operation.get("operationId") or str(endpoint.name),
        **names,
        "method": endpoint.method.upper(),
        "path": path,
        "body": _body_code(views, body, carrier) if body else "",
        "empty_body": bool(body) and is_absent_body_empty(carrier) and not required_members(views, body),
        "media_type": text(body.content_type) if body else "application/json",
        "accept": accepted(views, operation),
        "permissions": tuple(needed["action"] for needed in operation.get("x-permissions", [])),
        "repeatable": endpoint.method in _IDEMPOTENT or "x-query" in operation or "x-pagination" in operation,
        "pagination": paging,
        "query": query(views, operation, body, shape),
        "parameters": {place: [(v["wire"], v["name"]) for v in those] for place, those in found.items()},
        "described_parameters": [each for those in found.values() for each in those],
        "docstring": f"`{endpoint.method.upper()} {path}`: {_summary(operation, names['function'])}",
        "method_docstring": _method_docstring(operation, names["function"], _other_media_types(views, operation)),
    }
    view["example"] = None
    view |= _answers(views, endpoint, operation, shape)
    view |= arguments(view["body"], body, found)
    if view["query"] and view["item"]:
        view |= fields(views, view, operation)
    view["needs_body"] = bool(paging) and needs_body(views, body, view)
    return view


def _answers(views: Views, endpoint: Any, operation: Schema, shape: Shape) -> View:
    """The classes of good answers and of failures, and of the items in the good ones."""
    kinds = {r.status_code.pattern: _answer(views, r, operation) for r in endpoint.responses}
    good = {pattern for pattern in kinds if pattern.startswith("2")} or ({"default"} & kinds.keys())
    answers = [(pattern, kind) for pattern, kind in kinds.items() if pattern in good]
    answer = " | ".join(dict.fromkeys(kind for _, kind in answers)) or "None"
    member, values = shape.success()
    paging = operation.get("x-pagination")
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
    return annotation(response.prop, carried_schema(views, carrier), Use(received=True))


def _body_code(views: Views, body: Any, carrier: Schema) -> str:
    if isinstance(body.prop, p.file.FileProperty):  # the body is the file, or a text of some kind
        return text_annotation(views, carrier) or "bytes"
    return annotation(body.prop, carried_schema(views, carrier), Use(sent=True))


def _first_model(endpoint: Any) -> Any:
    return next((r.prop for r in _successes(endpoint) if isinstance(r.prop, p.ModelProperty)), None)


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
