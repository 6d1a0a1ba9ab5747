# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Bodies in parts: `multipart/form-data`, RFC 7578."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import httpx
import msgspec

from .errors import InvalidRequest
from .wire import text_of

BYTES = "application/octet-stream"
JSON = "application/json"
Part = tuple[str, tuple[str | None, bytes] | tuple[str | None, bytes, str]]


def multipart(body: Any) -> tuple[bytes, str]:
    """The bytes of a body, and its media type with the boundary that no part holds; members in the class's order.

    A list is one part an item. Bytes travel as a file that is named like the member, an object as JSON, the rest as
    text: the defaults of OpenAPI. What is absent or None is left out; raises `InvalidRequest` when that is all.
    """
    members = msgspec.to_builtins(body, builtin_types=(bytes,))
    order = (
        [each.name for each in attrs.fields(type(body))] if attrs.has(type(body)) else list(members)
    )  # slots have none
    parts = [part for name in order if name in members for part in _parts(name, members[name])]
    if not parts:
        raise InvalidRequest("the request body has no part; set at least one member")
    request = httpx.Request("POST", "http://localhost", files=parts)
    return request.read(), request.headers["Content-Type"]


def _parts(name: str, value: object) -> Iterator[Part]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, bytes):
            yield name, (name, item, BYTES)
        elif isinstance(item, dict | list):
            yield name, (None, msgspec.json.encode(item), JSON)
        elif item is not None:
            yield name, (None, text_of(item).encode())
