"""Who asks: tokens and AK/SK signatures, verified as the gateway verifies them.

A signature covers the method, the path, the query, the signed headers and the body; its date must lie within the
contract's window. Secrets are compared in constant time. Every refusal is the contract's gateway answer with the
gateway's own code.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, unquote

import msgspec
from attrs import frozen

from mock_service import settings
from mock_service.contract import Contract, Mistake
from mock_service.messages import Answer, Request

CONTENT_HASH = "x-sdk-content-sha256"
UNSIGNED = "UNSIGNED-PAYLOAD"
DATE = re.compile(r"[0-9]{8}T[0-9]{6}Z")
ACCESS_KEY = re.compile(r"[\w.~+/=-]+", re.ASCII)


class Account(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One caller. An account file holds a list of them under `accounts`."""

    name: str
    access_key: str = ""
    secret_key: str = ""
    security_token: str = ""
    """Makes the keys temporary: the caller sends it, signed, as the security token."""
    token: str = ""
    expires: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """When token and temporary keys end, with a time zone; permanent keys do not."""
    project_id: str = ""
    """The project that the caller may name; empty for any."""
    permissions: list[str] | None = None
    """Actions such as `coc:ticket:list`; None for all."""

    def flaw(self) -> str:
        """Why nobody could ever be this caller; empty when somebody can."""
        if bool(self.access_key) != bool(self.secret_key) or not (self.access_key or self.token):
            return "needs access_key and secret_key, or a token, or both"
        if self.security_token and not self.access_key:
            return "has a security_token, which goes with an access_key and a secret_key"
        if self.expires and not (self.token or self.security_token):
            return "expires, but permanent keys do not; give it a token or a security_token"
        if self.access_key and not ACCESS_KEY.fullmatch(self.access_key):
            return "has an access_key that no Authorization header can carry; use letters, digits, - and _"
        for name in ("token", "security_token", "project_id"):
            value = getattr(self, name)
            if value != value.strip() or not value.isprintable():
                return f"has a {name} that no header can carry; leave out line breaks and spaces around it"
        return ""


class KeyLock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An access key is locked after so many wrong signatures in a row, for so long after the last."""

    failures: Annotated[int, msgspec.Meta(ge=1)] = 5
    seconds: Annotated[float, msgspec.Meta(gt=0, le=86400)] = 300.0


class _File(msgspec.Struct, forbid_unknown_fields=True):
    accounts: list[Account]


DEMO = Account(name="demo", access_key="DEMOACCESSKEY", secret_key="demo-secret-key", token="demo-token")  # noqa: S106


def accounts_of(path: Path) -> list[Account]:
    """The accounts of a YAML file; a `Mistake` says what is wrong with it."""
    accounts = settings.read(path, _File, "file of accounts", "mock_service/README.md").accounts
    if not accounts:
        raise Mistake(f"{path} lets nobody in; list an account, such as `accounts: [{{name: me, token: secret}}]`")
    seen: dict[tuple[str, str], str] = {}
    for account in accounts:
        if flaw := account.flaw():
            raise Mistake(f"{path}: the account {account.name!r} {flaw}")
        for kind in ("name", "access_key", "token"):
            value = getattr(account, kind)
            if value and (kind, value) in seen:
                both = f"{seen[kind, value]!r} and {account.name!r}"
                raise Mistake(f"{path}: the accounts {both} have the same {kind}; give each its own")
            seen[kind, value] = account.name
    return accounts


@frozen
class Denied(Exception):
    """The gateway refuses."""

    status: int
    code: str
    message: str


def _unauthorized(why: str) -> Denied:
    return Denied(401, "APIGW.0301", f"Incorrect IAM authentication information: {why}")


def _now() -> datetime:
    return datetime.now(UTC)


class Guard:
    """Lets callers in, or answers them as the gateway does."""

    def __init__(
        self,
        contract: Contract,
        accounts: Iterable[Account],
        now: Callable[[], datetime] = _now,
        lock: KeyLock | None = None,
    ) -> None:
        self.signing = {
            name: str(value).lower() for name, value in contract.signing.items() if name.endswith("_header")
        }
        self.token_header = str(contract.signing["token"] or "").lower()
        """Empty where the contract has no tokens."""
        self.algorithm = str(contract.signing.get("algorithm", ""))
        """Empty where the contract has no signatures."""
        self.window = float(contract.signing.get("window_seconds", 0))
        if not self.token_header and not self.algorithm:
            raise Mistake("the contract has neither tokens nor signatures to ask for; leave --auth out")
        self.pattern = re.compile(
            rf"{self.algorithm} Access=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9A-Za-z]+)"
        )
        self.gateway = contract.gateway
        self.accounts = list(accounts)
        self.keys = {account.access_key: account for account in self.accounts if account.access_key}
        self.now = now
        self.lock = lock
        self.failures: dict[str, tuple[int, datetime]] = {}
        """Of each access key: how often in a row it failed, and when last."""

    def __call__(self, request: Request, permissions: Iterable[str]) -> Answer | None:
        """None for a caller who may do all of `permissions`, else the refusal."""
        try:
            account = self.identify(request)
            self.authorize(account, request, permissions)
        except Denied as denied:
            body: dict[str, Any] = self.gateway.get(denied.status, {"request_id": ""})
            return Answer(
                denied.status, msgspec.json.encode({**body, "error_code": denied.code, "error_msg": denied.message})
            )
        return None

    def identify(self, request: Request) -> Account:
        """Who it is, by token or by signature."""
        token = request.headers.get(self.token_header, "").strip()
        if token:
            return self.by_token(wire_text(token))
        authorization = request.headers.get("authorization") if self.algorithm else None
        if authorization is None:
            raise _unauthorized(f"{self.token_header or 'authorization'} not found")
        return self.by_signature(authorization, request)

    def by_token(self, token: str) -> Account:
        """The account of a token. All are compared, so that the time tells nothing."""
        bearers = [each for each in self.accounts if hmac.compare_digest(each.token.encode(), token.encode())]
        if not bearers:
            raise _unauthorized("decrypt token fail")
        return self.unexpired(bearers[0])

    def unexpired(self, account: Account) -> Account:
        """Refuse what has ended."""
        if account.expires is not None and account.expires <= self.now():
            raise _unauthorized(f"token expires, expires_at: {account.expires.isoformat()}")
        return account

    def by_signature(self, authorization: str, request: Request) -> Account:
        """The account of an access key, when the signature is its own, of this request, and of now."""
        parts = self.pattern.fullmatch(wire_text(authorization).strip())
        if parts is None:
            form = f"{self.algorithm} Access=KEY, SignedHeaders=a;b, Signature=HEX"
            raise _unauthorized(f"the Authorization header is malformed, it is not of the form {form}")
        access_key, names, signature = parts[1], signed_names(parts[2]), parts[3]
        account = self.keys.get(access_key)
        if account is None:
            raise _unauthorized(f"Get secretKey failed,ak:{access_key[:64]},err:ak not exist")
        if not names:
            raise _unauthorized("verify aksk signature fail, SignedHeaders is not in lower case and in order of name")
        self.refuse_locked(access_key)
        expected = sign(request, names, self.date(request, names), account.secret_key, self.algorithm)
        if expected is None or not hmac.compare_digest(expected, signature):
            self.failures[access_key] = self.failures.get(access_key, (0,))[0] + 1, self.now()
            raise _unauthorized("verify aksk signature fail")
        self.failures.pop(access_key, None)
        if account.security_token:
            self.temporary(account, request, names)
        return account

    def refuse_locked(self, access_key: str) -> None:
        """Refuse a key that failed too often in a row, however it is signed now, until some time has passed."""
        failed, last = self.failures.get(access_key, (0, None))
        if self.lock is None or last is None or failed < self.lock.failures:
            return
        if (self.now() - last).total_seconds() < self.lock.seconds:
            raise _unauthorized("AK access failed to reach the limit,forbidden")
        del self.failures[access_key]

    def date(self, request: Request, names: list[str]) -> str:
        """The request's date: signed, and within the window around now."""
        header = self.signing["date_header"]
        sent = request.headers.get(header, "").strip()
        at = moment(sent)
        if at is None:
            raise _unauthorized(f"{header} is missing or not of the form YYYYMMDDTHHMMSSZ")
        if header not in names:
            raise _unauthorized(f"{header} is not signed")
        if abs((self.now() - at).total_seconds()) > self.window:
            raise _unauthorized(f"verify aksk signature fail, {header} is more than {self.window:.0f} s from now")
        return sent

    def temporary(self, account: Account, request: Request, names: list[str]) -> None:
        """Temporary keys need their security token, signed and unexpired."""
        header = self.signing["token_header"]
        sent = wire_text(request.headers.get(header, "")).strip()
        if header not in names or not hmac.compare_digest(sent.encode(), account.security_token.encode()):
            raise _unauthorized(f"{header} is missing, not signed or not that of the access key")
        self.unexpired(account)

    def authorize(self, account: Account, request: Request, permissions: Iterable[str]) -> None:
        """Refuse a caller without the permission, or with another project."""
        if account.permissions is not None and not set(permissions) <= set(account.permissions):
            raise Denied(403, "APIGW.0302", "The IAM user is not authorized to access the API.")
        project = request.headers.get(self.signing["project_header"], "") if account.project_id else ""
        if project and wire_text(project).strip() != account.project_id:
            raise Denied(403, "APIGW.0310", "The project is unavailable.")


@lru_cache(maxsize=256)
def keyed(secret: str) -> hmac.HMAC:
    """What signs with a secret, before anything is signed."""
    return hmac.new(secret.encode(), digestmod=hashlib.sha256)


@lru_cache(maxsize=256)
def signed_names(stated: str) -> list[str]:
    """The names in `SignedHeaders`; none when not as signers write them: in lower case, in order, each once."""
    names = stated.split(";")
    return names if names == sorted({name.lower() for name in names}) else []


@lru_cache(maxsize=256)
def moment(sent: str) -> datetime | None:
    """The time that a date header states; None when it states none."""
    try:
        return datetime.fromisoformat(sent) if DATE.fullmatch(sent) else None
    except ValueError:
        return None


def sign(request: Request, names: list[str], date: str, secret: str, algorithm: str) -> str | None:
    """The signature that this request should bear; None when a header that it names is not there."""
    payload = hashlib.sha256(request.body).hexdigest()
    stated = request.headers.get(CONTENT_HASH)
    if stated is not None and request.body:
        if stated not in (payload, UNSIGNED) or CONTENT_HASH not in names:
            return None
        payload = stated
    try:
        lines = [f"{name}:{wire_text(request.headers[name]).strip()}" for name in names]
    except KeyError:
        return None
    path, query = canonical_path(request.raw_path), canonical_query(request.query)
    canonical = "\n".join([request.method, path, query, *lines, "", ";".join(names), payload])
    to_sign = f"{algorithm}\n{date}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = keyed(secret).copy()
    signature.update(to_sign.encode())
    return signature.hexdigest()


def wire_text(value: str) -> str:
    """A header's text as its sender signed it: ASGI's bytes were read as Latin-1, clients sign UTF-8."""
    return value if value.isascii() else value.encode("latin-1").decode("utf-8", "replace")


@lru_cache(maxsize=256)
def canonical_path(raw: bytes) -> str:
    """Each segment percent-encoded anew, byte by byte, and a slash at the end."""
    segments = unquote(raw.decode("latin-1"), "latin-1").split("/")
    path = "/".join(quote(segment, safe="~", encoding="latin-1") for segment in segments)
    return path if path.endswith("/") else path + "/"


def canonical_query(raw: bytes) -> str:
    """The parameters in order of name, then of value, percent-encoded byte by byte."""
    if not raw:
        return ""
    pairs = sorted(parse_qsl(raw.decode("latin-1"), keep_blank_values=True, encoding="latin-1"))
    return "&".join("=".join(quote(part, safe="~", encoding="latin-1") for part in pair) for pair in pairs)
