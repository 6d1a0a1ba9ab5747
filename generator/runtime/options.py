"""The options of a client, checked: each mistake is one sentence that names the option and shows no secret."""

from __future__ import annotations

import os
import ssl
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any, TypeVar

import httpx

from .errors import InvalidRequest

C = TypeVar("C", httpx.Client, httpx.AsyncClient)
H = TypeVar("H")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def is_no(name: str, value: object, expected: str) -> InvalidRequest:
    """The error of an argument of a wrong type; it does not show the value, which may be a secret."""
    return InvalidRequest(f"{name} is a {type(value).__name__}; it must be {expected}", member=name, expected=expected)


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


def checked_hook(hook: H | None, *, may_wait: bool) -> H | None:
    """The hook; raises `InvalidRequest` for what cannot be called, or would be to be awaited by a blocking client."""
    if hook is None:
        return None
    if not callable(hook):
        raise is_no("hook", hook, "a function that takes an Event")
    if not may_wait and any(map(iscoroutinefunction, (hook, hook.__call__))):
        message = "hook is asynchronous, and would never run; a blocking client takes a plain function"
        raise InvalidRequest(message, member="hook")
    return hook


def checked_proxy(proxy: Any, transport: object) -> httpx.Proxy | None:
    """A proxy as httpx takes it. Raises `InvalidRequest`, which does not show it: it may hold a password."""
    if proxy is None or isinstance(proxy, httpx.Proxy):
        found = proxy
    elif isinstance(proxy, str):
        found = _proxy(proxy)
        if found is None:
            message = "proxy is no address of a proxy, such as http://proxy.example.com:3128"
            raise InvalidRequest(message, member="proxy")
    else:
        raise is_no("proxy", proxy, "an address such as http://proxy.example.com:3128, or an httpx.Proxy")
    if found is not None and transport is not None:
        raise InvalidRequest("proxy is given beside transport, which does not use it; give it to the transport")
    return found


def _proxy(address: str) -> httpx.Proxy | None:
    try:
        return httpx.Proxy(address if "://" in address else f"http://{address}")
    except (ValueError, httpx.InvalidURL):
        return None


def opened(kind: type[C], **options: Any) -> C:
    """A client of httpx; raises `InvalidRequest` where the environment names a proxy or certificates that cannot be."""
    try:
        return kind(**options)
    except ImportError as error:
        raise InvalidRequest(f"the proxy cannot be used: {error}", member="proxy") from None
    except (OSError, ValueError, httpx.InvalidURL):
        # Their messages may show the password of a proxy.
        raise InvalidRequest(f"the environment does not allow a connection: {_at_fault()}") from None


def _at_fault() -> str:
    """The variables that httpx cannot read, and what would be right."""
    environment = {name.upper(): value for name, value in os.environ.items() if value}
    wrong = [name for name in _PROXIES if name in environment and _proxy(environment[name]) is None]
    if wrong:
        return f"{' and '.join(wrong)} must be the address of a proxy, such as http://proxy.example.com:3128"
    wrong = [name for name in _CERTIFICATES if name in environment and not Path(environment[name]).exists()]
    if wrong:
        return f"{' and '.join(wrong)} must name certificates"
    return f"look at {', '.join([*_PROXIES, 'NO_PROXY', *_CERTIFICATES])}"


def checked_address(text: Any) -> str:
    """An address without its closing slash; raises `InvalidRequest` for one that cannot be, or that holds secrets."""
    if text == "":
        what = "the contract names no address of the service; pass base_url, such as https://service.example.com"
        raise InvalidRequest(what, member="base_url")
    try:
        url = httpx.URL(text)
        url.raw_host.decode("ascii").encode("idna")
    except (TypeError, UnicodeError, httpx.InvalidURL):  # its message may show what stands before an @
        raise InvalidRequest("base_url is no address such as https://service.example.com") from None
    if url.userinfo or url.query or url.fragment:
        raise InvalidRequest("base_url must hold neither credentials nor a query; pass credentials as auth")
    has_blanks = isinstance(text, str) and any(sign.isspace() for sign in text)
    if has_blanks or url.scheme not in ("https", "http") or not url.host or url.port not in (None, *range(1, 65_536)):
        raise InvalidRequest(f"base_url is {text!r}; it must be an address such as https://service.example.com")
    return str(url).rstrip("/")
