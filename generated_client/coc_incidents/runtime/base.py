# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""What blocking and asynchronous clients share: how a request is made of an operation and its arguments."""

from __future__ import annotations

import platform
import ssl
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar

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
        if auth is not None and not isinstance(auth, httpx.Auth):
            raise is_no("auth", auth, "AkSkAuth, TokenAuth or another httpx.Auth")
        if not isinstance(patience, Patience):
            raise is_no("patience", patience, "Patience(…)")
        self._base_url = _checked_address(base_url)
        self._auth = auth or httpx.Auth()
        self._patience = patience.checked()
        self._hook = _checked_hook(hook)
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
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other._patience = self._patience.with_(timeout, max_retries, deadline)
        other._hook = _checked_hook(hook) or self._hook
        return other

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client holds connections and credentials, and cannot be copied; make one where it is needed")

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


def trusted(verify: Any) -> bool | ssl.SSLContext:
    """What certificates are verified with, as httpx takes it: also the path of a file or a folder of certificates."""
    if isinstance(verify, bool | ssl.SSLContext):
        return verify
    try:
        path = Path(verify)
        folder = path.is_dir()
        return ssl.create_default_context(cafile=None if folder else path, capath=path if folder else None)
    except (TypeError, OSError):
        message = f"verify is {verify!r}; it must be True, a file or a folder of certificates, or an ssl.SSLContext"
        raise InvalidRequest(message, member="verify", value=verify) from None


def opened(kind: type[C], **options: Any) -> C:
    """A client of httpx; raises `InvalidRequest` where the environment names a proxy or certificates that cannot be."""
    try:
        return kind(**options)
    except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
        names = "HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE, SSL_CERT_DIR"
        raise InvalidRequest(f"the environment does not allow a connection: {error}; look at {names}") from None


def is_no(name: str, value: object, expected: str) -> InvalidRequest:
    """The error of an argument of a wrong type; it does not show the value, which may be a secret."""
    return InvalidRequest(f"{name} is a {type(value).__name__}; it must be {expected}", member=name, expected=expected)


def _checked_hook(hook: Hook | None) -> Hook | None:
    if hook is not None and not callable(hook):
        raise is_no("hook", hook, "a function that takes an Event")
    return hook


def _checked_address(text: str) -> str:
    try:
        url = httpx.URL(text)
        url.raw_host.decode("ascii").encode("idna")
    except (TypeError, UnicodeError, httpx.InvalidURL):  # its message may show what stands before an @
        raise InvalidRequest("base_url is no address such as https://service.example.com") from None
    if url.userinfo or url.query or url.fragment:
        raise InvalidRequest("base_url must hold neither credentials nor a query; pass credentials as auth")
    if url.scheme not in ("https", "http") or not url.host or url.port not in (None, *range(1, 65_536)):
        raise InvalidRequest(f"base_url is {text!r}; it must be an address such as https://service.example.com")
    return str(url).rstrip("/")


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
