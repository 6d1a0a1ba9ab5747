"""Who the gate says it is: nobody, a token's holder, or the owner of an access key. Read from the environment only."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import quote, unquote, urlsplit

from attrs import field, frozen
from requests import PreparedRequest
from requests.auth import AuthBase

ALGORITHM = "SDK-HMAC-SHA256"


class CredentialsMissing(Exception):
    """The environment lacks what `--auth` needs; the message names the variables."""


@frozen
class Anonymous(AuthBase):
    """No credentials."""

    kind: ClassVar[str] = "none"
    secrets: ClassVar[tuple[str, ...]] = ()

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return request


@frozen
class Token(AuthBase):
    """A token of IAM, sent as `X-Auth-Token`."""

    kind: ClassVar[str] = "token"
    token: str = field(repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no output may hold."""
        return (self.token,)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["X-Auth-Token"] = self.token
        return request


@frozen
class AccessKey(AuthBase):
    """An access key; signs every request anew. `at` fixes the clock (to probe an expired signature)."""

    kind: ClassVar[str] = "aksk"
    access: str = field(repr=False)
    secret: str = field(repr=False)
    project_id: str | None = None
    security_token: str | None = field(default=None, repr=False)
    at: datetime | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no output may hold."""
        return tuple(word for word in (self.access, self.secret, self.security_token, self.project_id) if word)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        url = urlsplit(str(request.url))
        headers = request.headers
        headers["Host"] = url.netloc
        headers["X-Sdk-Date"] = (self.at or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
        if self.project_id:
            headers["X-Project-Id"] = self.project_id
        if self.security_token:
            headers["X-Security-Token"] = self.security_token
        wanted = ("content-type", "host", "x-project-id", "x-sdk-date", "x-security-token")
        signed = {name: _text(headers[name]).strip() for name in wanted if name in headers}
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
        to_sign = f"{ALGORITHM}\n{headers['X-Sdk-Date']}\n{digest}"
        signature = hmac.new(self.secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
        headers["Authorization"] = (
            f"{ALGORITHM} Access={self.access}, SignedHeaders={';'.join(signed)}, Signature={signature}"
        )
        return request


Credentials = Anonymous | Token | AccessKey


def from_environment(kind: str, environment: Mapping[str, str]) -> Credentials:
    """The credentials that `--auth none|token|aksk` names; CredentialsMissing when a variable is not set."""
    if kind == "none":
        return Anonymous()
    if kind == "token":
        return Token(_required(environment, "COC_AUTH_TOKEN"))
    return AccessKey(
        _required(environment, "HUAWEICLOUD_SDK_AK"),
        _required(environment, "HUAWEICLOUD_SDK_SK"),
        environment.get("HUAWEICLOUD_SDK_PROJECT_ID") or None,
        environment.get("HUAWEICLOUD_SDK_SECURITY_TOKEN") or None,
    )


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise CredentialsMissing(f"The environment variable {name} is not set; --auth needs it.")
    return value


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
