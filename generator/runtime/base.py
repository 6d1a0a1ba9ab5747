"""What blocking and asynchronous clients share: how a request is made of an operation and its arguments."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NoReturn, TypeVar

import httpx

from .exchange import Patience, Steps, steps
from .multipart import AS_THEY_ARE, multipart
from .operations import Operation
from .options import checked_address, is_no
from .parameters import filled, form, headed, queried
from .plain import is_text, written
from .validation import check_parts, encoded

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
B = TypeVar("B", bound="Base")
T = TypeVar("T")


class Base:
    """A client is safe to share between threads (or tasks): nothing in it changes after it is made."""

    def __init__(self, base_url: str, auth: httpx.Auth | None, patience: Patience, agent: str) -> None:
        if auth is not None and not isinstance(auth, httpx.Auth):
            raise is_no("auth", auth, "AkSkAuth, TokenAuth or another httpx.Auth")
        self._base_url = checked_address(base_url)
        self._auth = auth or httpx.Auth()
        self._patience = patience
        self._headers = {
            "User-Agent": f"{agent} python/{platform.python_version()}",
            "Accept-Encoding": "gzip, deflate",
        }

    def _like(self: B) -> B:
        """A copy, whose attributes are its own and whose connections are the same."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        return other

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client holds connections and credentials, and cannot be copied; make one where it is needed")

    def __repr__(self) -> str:
        auth = "no auth" if type(self._auth) is httpx.Auth else repr(self._auth)
        return f"<{type(self).__name__} {self._base_url} {auth}>"

    def _course(
        self,
        operation: Operation[T],
        body: Any,
        *,
        path: Mapping[str, object] | None,
        query: Mapping[str, object] | None,
        headers: Mapping[str, object] | None,
        patience: Patience,
        told: bool,
    ) -> Steps[T]:
        """The course of one call, its arguments checked."""
        if not isinstance(operation, Operation):
            raise is_no("operation", operation, "one of the module operations")
        request = self._prepared(operation, body, path or {}, query or {}, headers or {})
        return steps(operation, request, patience, told=told)

    def _prepared(
        self,
        operation: Operation[Any],
        body: Any,
        path: Mapping[str, object],
        query: Mapping[str, object],
        headers: Mapping[str, object],
    ) -> Callable[[], httpx.Request]:
        """Check the body, once; return what makes a fresh request of it for each attempt."""
        known = operation.parameters_by_place()
        url = _address(self._base_url + filled(operation.path, known["path"], path))
        pairs = queried(known["query"], query)
        content, fields = None, self._headers | {"Accept": operation.accept}
        if body is None and operation.empty_body:
            body = operation.body_type()
        if body is not None:
            content, media_type = _written(operation, body)
            fields = fields | {"Content-Type": media_type}
        if headers:
            fields = _over(fields, headed(known["header"], headers))
        if pairs:
            url = url.copy_merge_params(tuple(pairs))

        def request() -> httpx.Request:
            # Not the client's build_request: it parses the address and merges the headers anew each time.
            return httpx.Request(operation.method, url, headers=fields, content=content)

        return request


def _over(fields: dict[str, str], headers: dict[str, str]) -> dict[str, str]:
    """The fields, but for those of which a header says otherwise; names differ in more than upper and lower case."""
    said = {name.lower() for name in headers}
    return {name: value for name, value in fields.items() if name.lower() not in said} | headers


@lru_cache(maxsize=256)
def _address(text: str) -> httpx.URL:
    return httpx.URL(text)


def _written(operation: Operation[Any], body: Any) -> tuple[bytes, str]:
    """The bytes of a body that keeps the contract, and their media type."""
    if operation.body_type is bytes or is_text(operation.media_type):
        return written(body, operation.media_type, operation.body_type), operation.media_type
    if operation.media_type == MULTIPART:
        check_parts(body, operation.body_type, AS_THEY_ARE)
        return multipart(body)
    raw = encoded(body, operation.body_type)
    return form(raw) if operation.media_type == FORM else raw, operation.media_type
