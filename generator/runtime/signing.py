"""Proof of who asks: a token, or an AK/SK signature `SDK-HMAC-SHA256` over each request."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar, overload
from urllib.parse import parse_qsl, quote, unquote

import httpx
from attrs import field, frozen
from attrs.converters import optional

from .errors import CredentialsMissing
from .headers import Headers
from .renewal import Proof, Source
from .scheme import HEADERS

ALGORITHM = "SDK-HMAC-SHA256"
_DATE = "%Y%m%dT%H%M%SZ"
_EMPTY = hashlib.sha256(b"").hexdigest()
_HASHED_TYPES = ("application/json", "application/bson")
_CONTENT = "x-sdk-content-sha256"


def _required(secret: str) -> str:
    # What a header cannot carry would fail deep in httpx, with the secret in the message.
    if not isinstance(secret, str) or not re.fullmatch(r"[!-~]+", secret):
        raise CredentialsMissing("a key, token or id is empty, or has blanks, line breaks or characters beyond ASCII")
    return secret


Token = str | Callable[[], str | Awaitable[str]]
"""A token, or a function that fetches one; an asynchronous client awaits it where it can be."""


@frozen(init=False)
class TokenAuth(Proof):
    """Sends a token in the header that the contract names; here, a project-scoped IAM token, valid for 24 hours.

    A function in its stead is asked for a token before the first request, and once more after a 401.
    """

    token: str = field(repr=False, converter=_required)
    source: Source[TokenAuth] | None = field(default=None, repr=False)

    def __init__(self, token: Token) -> None:
        made: Any = self  # pyright does not know what attrs adds
        if callable(token):
            made.__attrs_init__(_RENEWED, Source(token, TokenAuth))
        else:
            made.__attrs_init__(token)

    def prove(self, request: httpx.Request) -> None:
        request.headers[HEADERS.token] = HEADERS.token_prefix + self.token


_RENEWED = "(renewed)"


def _now() -> datetime:
    return datetime.now(UTC)


@frozen(init=False)
class AkSkAuth(Proof):
    """Signs each request with an access key (AK) and a secret key (SK); every attempt is signed anew.

    `security_token` belongs to temporary keys. `project_id` or `domain_id` is sent and signed where given. The service
    accepts a signature for 15 minutes around its own clock.

    A function in place of all that returns it, as an `AkSkAuth`: it is asked before the first request, and once more
    after a 401.
    """

    requires_request_body = True
    headers: ClassVar[Headers] = HEADERS

    ak: str = field(converter=_required)
    sk: str = field(repr=False, converter=_required)
    security_token: str | None = field(default=None, converter=optional(_required), repr=False, kw_only=True)
    project_id: str | None = field(default=None, converter=optional(_required), kw_only=True)
    domain_id: str | None = field(default=None, converter=optional(_required), kw_only=True)
    clock: Callable[[], datetime] = field(default=_now, repr=False, kw_only=True)
    source: Source[AkSkAuth] | None = field(default=None, repr=False, kw_only=True)

    @overload
    def __init__(self, keys: Callable[[], AkSkAuth | Awaitable[AkSkAuth]], /) -> None: ...

    @overload
    def __init__(
        self,
        ak: str,
        sk: str,
        *,
        security_token: str | None = None,
        project_id: str | None = None,
        domain_id: str | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None: ...

    def __init__(self, ak: Any, sk: Any = None, **options: Any) -> None:
        if callable(ak) and (sk is not None or options):
            raise CredentialsMissing("a function that returns an AkSkAuth stands alone; it says all that is to be said")
        made: Any = self
        if callable(ak):
            made.__attrs_init__(_RENEWED, _RENEWED, source=Source(ak, _keys))
        else:
            made.__attrs_init__(ak, sk, **options)

    def prove(self, request: httpx.Request) -> None:
        self.sign(request)

    def sign(self, request: httpx.Request) -> None:
        """Add the date, the ids and tokens that are set, and `Authorization`."""
        names = self.headers
        given = {
            names.project_id: self.project_id,
            names.domain_id: self.domain_id,
            names.security_token: self.security_token,
        }
        for name, value in given.items():
            if value:
                request.headers[name] = value
        kind = request.headers.get("content-type", "")
        if kind and not kind.startswith(_HASHED_TYPES):
            request.headers["X-Sdk-Content-Sha256"] = "UNSIGNED-PAYLOAD"
        date = request.headers.setdefault(names.date, "") or self.clock().astimezone(UTC).strftime(_DATE)
        request.headers[names.date] = date
        # A proxy may change hop-by-hop headers, and httpx sends its own: only these are signed.
        signed = {"content-type", "host", _CONTENT, names.date.lower(), *map(str.lower, given)}
        headers = {name: value for name, value in request.headers.items() if name in signed}
        url = request.url
        request.headers["Authorization"] = self.authorization(
            request.method,
            url.raw_path.decode("ascii").partition("?")[0],
            url.query.decode("ascii"),
            headers,
            request.content,
        )

    def authorization(self, method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> str:
        """The value of `Authorization` for a request with exactly these headers, all of which are signed."""
        names = sorted((name.lower(), value) for name, value in headers.items() if "_" not in name)
        signed = ";".join(name for name, _ in names)
        content = dict(names).get(_CONTENT) or hashlib.sha256(body).hexdigest()
        canonical = "\n".join(
            [
                method.upper(),
                _canonical_path(path),
                _canonical_query(parse_qsl(query, keep_blank_values=True)),
                "".join(f"{name}:{value.strip()}\n" for name, value in names),
                signed,
                content if body else _EMPTY,
            ]
        )
        date = dict(names)[self.headers.date.lower()]
        text = "\n".join([ALGORITHM, date, hashlib.sha256(canonical.encode()).hexdigest()])
        signature = hmac.digest(self.sk.encode(), text.encode(), "sha256").hex()
        return f"{ALGORITHM} Access={self.ak}, SignedHeaders={signed}, Signature={signature}"


def _keys(found: object) -> AkSkAuth:
    if not isinstance(found, AkSkAuth) or found.source is not None:
        raise CredentialsMissing(f"the function returned a {type(found).__name__}; it must return AkSkAuth(ak, sk)")
    return found


@lru_cache(maxsize=256)
def _canonical_path(path: str) -> str:
    # Signed with a closing slash, sent without it: the guide's own rule.
    segments = "/".join(quote(segment, safe="~") for segment in unquote(path or "/").split("/"))
    return segments if segments.endswith("/") else segments + "/"


def _canonical_query(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(pairs))
