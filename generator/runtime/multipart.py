"""Bodies in parts: `multipart/form-data`, RFC 7578."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
from msgspec import UNSET, Struct

from .errors import InvalidRequest
from .wire import text_of

BYTES = "application/octet-stream"
JSON = "application/json"
AS_THEY_ARE = (bytes, bytearray, memoryview)
"""What a file's content may be, and is not turned into text."""
_MEDIA_TYPE = re.compile(r"[\w.+*!#$&^-]+/[\w.+*!#$&^-]+(\s*;[\x20-\x7e]*)?", re.ASCII)
Part = tuple[str, tuple[str | None, bytes] | tuple[str | None, bytes, str]]


class File(Struct, frozen=True):
    """A file to upload, where its name or media type matters: `File(content, "logo.png", "image/png")`.

    Plain bytes do where neither does. Raises `InvalidRequest` for a content, name or media type that cannot be sent.
    """

    content: bytes
    name: str | None = None
    """What the service is told the file is called; else it is called like the member."""
    media_type: str | None = None
    """Such as `image/png`; else that of the contract, else `application/octet-stream`."""

    def __post_init__(self) -> None:
        if not isinstance(self.content, AS_THEY_ARE):
            kind = type(self.content).__name__
            raise InvalidRequest(f"a file's content is a {kind}; it must be bytes, as in File(path.read_bytes())")
        if self.name is not None and (not isinstance(self.name, str) or not self.name.strip()):
            raise InvalidRequest(f"a file's name is {self.name!r}; it must be text such as logo.png", value=self.name)
        kind = self.media_type
        if kind is not None and (not isinstance(kind, str) or not _MEDIA_TYPE.fullmatch(kind)):
            raise InvalidRequest(f"a file's media type is {kind!r}; it must be text such as image/png", value=kind)

    def __repr__(self) -> str:
        return f"File({len(self.content):,} bytes, name={self.name!r}, media_type={self.media_type!r})"


def multipart(body: Any) -> tuple[bytes, str]:
    """The bytes of a body, and its media type with the boundary that no part holds; members in the class's order.

    A list is one part an item. Bytes travel as a file that is named like the member, a `File` as it says, an object as
    JSON, the rest as text: the defaults of OpenAPI. What is absent or None is left out; raises `InvalidRequest` when
    that is all.
    """
    parts = [part for name, value, kind in _members(body) for part in _parts(name, value, kind)]
    if not parts:
        raise InvalidRequest("the request body has no part; set at least one member")
    request = httpx.Request("POST", "http://localhost", files=parts)
    return request.read(), request.headers["Content-Type"]


def _members(body: Any) -> Iterator[tuple[str, Any, str]]:
    """Each member's name on the wire, its value, and the media type of its files."""
    from msgspec import inspect  # noqa: PLC0415  # slow to import, and seldom needed

    if isinstance(body, dict):
        yield from ((name, value, BYTES) for name, value in body.items())
        return
    kind: Any = inspect.type_info(type(body))
    for member in kind.fields:
        yield member.encode_name, getattr(body, member.name), _media_type(member.type)


def _media_type(kind: Any) -> str:
    """What the annotation of a file says of its media type."""
    from msgspec import inspect  # noqa: PLC0415

    if isinstance(kind, inspect.UnionType):
        return next((found for part in kind.types if (found := _media_type(part)) != BYTES), BYTES)
    if isinstance(kind, inspect.ListType):
        return _media_type(kind.item_type)
    told = kind.extra_json_schema if isinstance(kind, inspect.Metadata) else None
    return str((told or {}).get("contentMediaType", BYTES))


def _parts(name: str, value: object, media_type: str) -> Iterator[Part]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, File):
            yield name, (item.name or name, bytes(item.content), item.media_type or media_type)
        elif isinstance(item, AS_THEY_ARE):
            yield name, (name, bytes(item), media_type)
        elif item is not None and item is not UNSET:
            yield name, _written(msgspec.to_builtins(item))


def _written(plain: Any) -> tuple[None, bytes] | tuple[None, bytes, str]:
    if isinstance(plain, dict | list):
        return None, msgspec.json.encode(plain), JSON
    return None, text_of(plain).encode()
