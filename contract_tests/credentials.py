"""Who the gate says it is: nobody, a token's holder, or the owner of an access key. Read from the environment only.

The names of the headers are the contract's: those of its security schemes, and of `x-request-signing`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote, unquote, urlsplit

from attrs import field, frozen
from requests import PreparedRequest
from requests.auth import AuthBase

ALGORITHM = "SDK-HMAC-SHA256"
#: Signs, and is sent nowhere.
SECRET_KEY = "HUAWEICLOUD_SDK_SK"  # noqa: S105 - a name
#: What a header cannot carry: control characters, and what is beyond Latin-1.
NO_HEADER = re.compile(r"[^ -~\xa0-\xff]")
VARIABLES = (
    "COC_AUTH_TOKEN",
    "HUAWEICLOUD_SDK_AK",
    SECRET_KEY,
    "HUAWEICLOUD_SDK_PROJECT_ID",
    "HUAWEICLOUD_SDK_SECURITY_TOKEN",
)


class CredentialsMissing(Exception):
    """The environment, or the contract, lacks what `--auth` needs; the message names it."""


@frozen
class Headers:
    """The names of the headers that carry credentials; None for one that the contract does not have."""

    token: str | None = None
    date: str | None = None
    security_token: str | None = None
    project: str | None = None

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Headers:
        """As the contract's security schemes have them."""
        schemes = document.get("components", {}).get("securitySchemes", {}).values()
        keys = [scheme for scheme in schemes if scheme.get("type") == "apiKey" and scheme.get("in") == "header"]
        token = next((scheme["name"] for scheme in keys if "x-request-signing" not in scheme), None)
        signed = [scheme["x-request-signing"] for scheme in keys if "x-request-signing" in scheme]
        signing: dict[str, Any] = signed[0] if signed else {}
        names = (signing.get(name) for name in ("date_header", "token_header", "project_header"))
        return cls(token, *names)

    @property
    def secret(self) -> frozenset[str]:
        """Those whose value is nobody else's business, in lower case."""
        return frozenset(name.lower() for name in (self.token, self.security_token, self.project) if name)


@frozen
class Anonymous(AuthBase):
    """No credentials."""

    kind: ClassVar[str] = "none"
    secrets: ClassVar[tuple[str, ...]] = ()
    headers: ClassVar[Headers] = Headers()

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return request


@frozen
class Token(AuthBase):
    """A token of IAM, sent in the header that the contract names."""

    kind: ClassVar[str] = "token"
    token: str = field(repr=False)
    headers: Headers

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no output may hold."""
        return (self.token,)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        assert self.headers.token is not None
        request.headers[self.headers.token] = self.token
        return request


@frozen
class AccessKey(AuthBase):
    """An access key; signs every request anew. `at` fixes the clock, `unsigned` headers (in lower case) are
    sent and not signed: to probe what a service lets in."""

    kind: ClassVar[str] = "aksk"
    access: str = field(repr=False)
    secret: str = field(repr=False)
    headers: Headers
    project_id: str | None = None
    security_token: str | None = field(default=None, repr=False)
    at: datetime | None = None
    unsigned: frozenset[str] = frozenset()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no output may hold."""
        return tuple(word for word in (self.access, self.secret, self.security_token, self.project_id) if word)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        date = self.headers.date
        assert date is not None
        url = urlsplit(str(request.url))
        headers = request.headers
        headers["Host"] = url.netloc
        headers[date] = (self.at or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
        given = {self.headers.project: self.project_id, self.headers.security_token: self.security_token}
        headers.update({name: value for name, value in given.items() if name and value})
        wanted = sorted({"content-type", "host", *(name.lower() for name in (date, *given) if name)})
        signed = {
            name: _text(headers[name]).strip() for name in wanted if name in headers and name not in self.unsigned
        }
        canonical = "\n".join(
            [
                str(request.method),
                _canonical_path(url.path),
                _canonical_query(url.query),
                *(f"{name}:{value}" for name, value in signed.items()),
                "",
                ";".join(signed),
                hashlib.sha256(_bytes(request.body)).hexdigest(),
            ]
        )
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        to_sign = f"{ALGORITHM}\n{headers[date]}\n{digest}"
        signature = hmac.new(self.secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
        headers["Authorization"] = (
            f"{ALGORITHM} Access={self.access}, SignedHeaders={';'.join(signed)}, Signature={signature}"
        )
        return request


Credentials = Anonymous | Token | AccessKey


def from_environment(kind: str, environment: Mapping[str, str], headers: Headers) -> Credentials:
    """The credentials that `--auth none|token|aksk` names.

    CredentialsMissing when a variable is not set, or the contract has no security scheme that takes such credentials.
    """
    if kind == "none":
        return Anonymous()
    if (headers.token if kind == "token" else headers.date) is None:
        scheme = "an apiKey in a header" if kind == "token" else "one with x-request-signing"
        raise CredentialsMissing(f"The contract has no security scheme for --auth {kind}; it would be {scheme}.")
    if kind == "token":
        return Token(_required(environment, "COC_AUTH_TOKEN"), headers)
    return AccessKey(
        _required(environment, "HUAWEICLOUD_SDK_AK"),
        _required(environment, SECRET_KEY),
        headers,
        _optional(environment, "HUAWEICLOUD_SDK_PROJECT_ID"),
        _optional(environment, "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    )


def secrets(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Every value there that no output may hold."""
    return tuple(value for name in VARIABLES if (value := environment.get(name, "").strip()))


def _required(environment: Mapping[str, str], name: str) -> str:
    value = _optional(environment, name)
    if not value:
        raise CredentialsMissing(f"The environment variable {name} is not set; --auth needs it.")
    return value


def _optional(environment: Mapping[str, str], name: str) -> str | None:
    """The variable's value, or None; CredentialsMissing when no header can carry it."""
    value = environment.get(name, "").strip()
    odd = None if name == SECRET_KEY else NO_HEADER.search(value)
    if odd:
        raise CredentialsMissing(
            f"The environment variable {name} holds a character that no header can carry, at place {odd.start() + 1}; "
            "it must be one line of ASCII or Latin-1."
        )
    return value or None


def _canonical_path(path: str) -> str:
    """Each segment percent-encoded once, and a slash at the end (only in what is signed, not in what is sent)."""
    encoded = "/".join(quote(unquote(segment), safe="~") for segment in path.split("/"))
    return encoded if encoded.endswith("/") else encoded + "/"


def _canonical_query(query: str) -> str:
    pairs = [part.partition("=") for part in query.split("&") if part]
    return "&".join(
        sorted(f"{quote(unquote(key), safe='~')}={quote(unquote(value), safe='~')}" for key, _, value in pairs)
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else str(body or "").encode()
