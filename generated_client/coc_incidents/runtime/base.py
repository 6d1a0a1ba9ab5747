# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""What blocking and asynchronous clients share: how a request is made of an operation and its arguments."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from copy import copy
from functools import lru_cache
from typing import Any, Generic, TypeVar

import httpx

from .errors import InvalidRequest
from .exchange import Hook, Patience
from .multipart import AS_THEY_ARE, multipart
from .operations import Operation
from .parameters import filled, form, headed, queried
from .validation import check_parts, encoded

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
B = TypeVar("B", bound="Base[Any]")
C = TypeVar("C", httpx.Client, httpx.AsyncClient)


class Base(Generic[C]):
    """A client is safe to share between threads (or tasks): nothing in it changes after it is made."""

    _http: C

    def __init__(
        self, base_url: str, auth: httpx.Auth | None, patience: Patience, hook: Hook | None, agent: str
    ) -> None:
        try:
            url = httpx.URL(base_url)
        except (TypeError, httpx.InvalidURL):  # its message may show what stands before an @
            raise InvalidRequest("base_url is no address such as https://service.example.com") from None
        if url.userinfo or url.query:
            raise InvalidRequest("base_url must hold neither credentials nor a query; pass credentials as auth")
        if url.scheme not in ("https", "http") or not url.host:
            raise InvalidRequest(f"base_url is {base_url!r}; it must be an address such as https://service.example.com")
        if auth is not None and not isinstance(auth, httpx.Auth):
            raise InvalidRequest(
                f"auth is a {type(auth).__name__}; it must be AkSkAuth, TokenAuth or another httpx.Auth"
            )
        self._base_url = str(url).rstrip("/")
        self._auth = auth or httpx.Auth()
        self._patience = patience.checked()
        self._hook = hook
        self._headers = {
            "User-Agent": f"{agent} python/{platform.python_version()}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
        }

    def with_options(
        self: B,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
        hook: Hook | None = None,
    ) -> B:
        """The same client with other defaults; both share their connections, and closing one closes both."""
        other = copy(self)
        other._patience = self._patience.with_(timeout, max_retries, deadline)
        other._hook = hook or self._hook
        return other

    def __repr__(self) -> str:
        auth = "no auth" if type(self._auth) is httpx.Auth else repr(self._auth)
        return f"<{type(self).__name__} {self._base_url} {auth}>"

    def _prepared(
        self,
        operation: Operation[Any],
        body: Any,
        path: Mapping[str, object],
        query: Mapping[str, object],
        headers: Mapping[str, object],
    ) -> Any:
        """Check the body, once; return what makes a fresh request of it for each attempt."""
        known = operation.parameters_by_place()
        url = _address(self._base_url + filled(operation.path, known["path"], path))
        pairs = queried(known["query"], query)
        fields = self._headers | headed(known["header"], headers)
        content = None
        if body is None and operation.empty_body:
            body = operation.body_type()
        if body is not None:
            content, media_type = _written(operation, body)
            fields = fields | {"Content-Type": media_type}

        if pairs:
            url = url.copy_merge_params(tuple(pairs))

        def request() -> httpx.Request:
            # Not the client's build_request: it parses the address and merges the headers anew each time.
            return httpx.Request(operation.method, url, headers=fields, content=content)

        return request


@lru_cache(maxsize=256)
def _address(text: str) -> httpx.URL:
    return httpx.URL(text)


def _written(operation: Operation[Any], body: Any) -> tuple[bytes, str]:
    """The bytes of a body that keeps the contract, and their media type."""
    if operation.body_type is bytes:
        return bytes(body), operation.media_type
    if operation.media_type == MULTIPART:
        check_parts(body, operation.body_type, AS_THEY_ARE)
        return multipart(body)
    raw = encoded(body, operation.body_type)
    return form(raw) if operation.media_type == FORM else raw, operation.media_type
