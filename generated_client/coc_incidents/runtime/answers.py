# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""From the bytes of an answer to a typed value, or to the error that says what they are instead."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import UNSET, Struct

from . import errors
from .decoding import decoder
from .operations import Operation, Pointer

T = TypeVar("T")
_PLACE = re.compile(r" - at `(\$.*)`$", re.DOTALL)
_ALONE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
"""A surrogate of UTF-16, escaped, without the one that belongs to it."""
_CODE_AND_TEXT = (("error_code", "error_msg"), ("errorCode", "errorMsg"), ("code", "message"))
"""Where the provider's gateways and services put code and text, in the order in which its own SDK looks."""


class Answer(Struct, Generic[T], frozen=True, kw_only=True):
    """A good answer: the typed value, and all that came with it."""

    value: T
    status: int
    headers: Mapping[str, str]
    raw: bytes
    """The body as it came, before decoding."""
    request_id: str | None
    attempts: int
    """How many requests it took, counted from 1."""

    def __repr__(self) -> str:
        return f"<Answer {self.status} request_id={self.request_id} {len(self.raw):,} bytes>"


def read(operation: Operation[T], status: int, headers: Mapping[str, str], raw: bytes, attempts: int = 1) -> Answer[T]:
    """Decode one whole answer; raises a `StatusError` or an `AnswerError`."""
    expected = operation.answer_type(status)
    if expected is UNSET:
        raise _failure(errors.by_status(status), operation, status, headers, raw)
    request_id = headers.get("x-request-id")
    value = None if expected is None else _decoded(operation, status, headers, raw, expected)
    if value is not None and operation.success_member:
        code = getattr(value, operation.success_member, None)
        if code not in (None, UNSET, *operation.success_values):
            raise _failure(errors.Unsuccessful, operation, status, headers, raw)
    return Answer(value=value, status=status, headers=headers, raw=raw, request_id=request_id, attempts=attempts)  # type: ignore[arg-type]


def _decoded(operation: Operation[T], status: int, headers: Mapping[str, str], raw: bytes, expected: Any) -> Any:
    request_id = headers.get("x-request-id")
    if expected is bytes:
        return raw
    kind = headers.get("content-type", "")
    if kind and not re.match(r"(application|text)/(.+\+)?json\b", kind.strip(), re.IGNORECASE):
        message = f"status {status} with {kind} instead of JSON ({len(raw):,} bytes): {_first_line(raw)}"
        raise errors.NotJson(message, raw=raw, request_id=request_id)
    if not raw.strip():
        raise errors.NotJson(f"status {status} with an empty body", raw=raw, request_id=request_id)
    try:
        return decoder(expected).decode(raw)
    except msgspec.ValidationError as error:
        if operation.success_member and _code_of(raw) not in (None, *operation.success_values):
            raise _failure(errors.Unsuccessful, operation, status, headers, raw) from None
        place = _PLACE.search(str(error))
        path = place.group(1) if place else "$"
        raise errors.WrongShape(
            f"the answer is not as documented: {error}", raw=raw, path=path, request_id=request_id
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"status {status} with a body that is no JSON ({len(raw):,} bytes): {_half_a_character(raw) or error}"
        raise errors.NotJson(message, raw=raw, request_id=request_id) from None


def _half_a_character(raw: bytes) -> str:
    """What is wrong with JSON whose only fault is a text cut amid a character; the decoder calls that truncated."""
    found = _ALONE.search(raw)
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        return ""
    return f"{found[0].decode()}, at byte {found.start():,}, is half a character, without the other" if found else ""


def without(pointer: Pointer, operation: Operation[Any], answer: Answer[Any]) -> errors.Error:
    """The error of a success that lacks a member: the service's own words, where it tells an error in other members."""
    if _code_of(answer.raw) not in (None, *operation.success_values):
        return _failure(errors.Unsuccessful, operation, answer.status, answer.headers, answer.raw)
    path = ".".join(("$", *pointer))
    return errors.DataMissing(f"a success without {path}", raw=answer.raw, path=path, request_id=answer.request_id)


def _code_of(raw: bytes) -> str | None:
    return _code_and_text(_as_dict(raw))[0]


def _as_dict(raw: bytes) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _code_and_text(body: Mapping[str, Any]) -> tuple[str | None, str | None]:
    for code, text in _CODE_AND_TEXT:
        if body.get(code) is not None or body.get(text) is not None:
            return _text(body.get(code)), _text(body.get(text))
    for inner in body.values():
        if isinstance(inner, dict):
            found = _code_and_text(inner)
            if any(found):
                return found
    return None, None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _failure(
    kind: type[errors.StatusError], operation: Operation[Any], status: int, headers: Mapping[str, str], raw: bytes
) -> errors.StatusError:
    body = _as_dict(raw)
    code, text = _code_and_text(body)
    return kind(
        status,
        error_code=code,
        error_msg=text if text or code else _first_line(raw),
        request_id=headers.get("x-request-id") or _text(body.get("request_id")),
        raw=raw,
        retry_after=retry_after(headers),
        permissions=operation.permissions,
        headers=headers,
    )


def _first_line(raw: bytes) -> str | None:
    text = re.sub(r"<[^>]*>|\s+", " ", raw[:2000].decode("utf-8", "replace")).strip()
    return text[:200] or None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that `Retry-After` asks to wait: a number, or a date less the answer's `Date`. None without it."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            until = parsedate_to_datetime(value)
            since = parsedate_to_datetime(headers["date"])
            seconds = (until - since).total_seconds()
        except (ValueError, TypeError, KeyError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
