"""Bodies that are no JSON: bytes as they are, and text."""

from __future__ import annotations

from typing import Any

from .errors import InvalidRequest
from .multipart import AS_THEY_ARE
from .parameters import Parameter


def is_text(media_type: str) -> bool:
    """Whether a media type is text, and no JSON."""
    return media_type.startswith("text/") and not media_type.split(";", maxsplit=1)[0].strip().endswith("json")


def written(body: Any, media_type: str, kind: Any) -> bytes:
    """The bytes of a body; text goes as UTF-8. Raises `InvalidRequest` for another body, or one out of its range."""
    if isinstance(body, AS_THEY_ARE):
        return bytes(body)
    wanted = "text or bytes" if is_text(media_type) else "bytes"
    if not is_text(media_type) or not isinstance(body, str):
        message = f"the request body is a {type(body).__name__}; it must be {wanted}"
        raise InvalidRequest(message, value=body, expected=wanted)
    if kind is not bytes:
        Parameter("the request body", "body", kind).checked(body)
    try:
        return body.encode()
    except UnicodeEncodeError as error:
        raise InvalidRequest(f"the request body cannot be sent: {error}", value=body) from None
