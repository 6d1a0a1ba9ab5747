"""One request and its answer: the evidence that every verdict rests on."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable
from itertools import takewhile
from typing import Any
from urllib.parse import quote

from attrs import field, frozen

#: Headers whose value is a secret whatever the contract says, in lower case; none of them is ever written anywhere.
SECRET_HEADERS = frozenset(
    {"authorization", "x-auth-token", "x-security-token", "x-project-id", "cookie", "set-cookie", "proxy-authorization"}
)
REDACTED = "***"
#: So many characters of a secret tell too much of it.
TELLING = 8
SIGNATURE = re.compile("(Signature=)[0-9A-Za-z+/=]+")


@frozen(eq=False)
class Exchange:
    """What was sent and what came back. `status` is 0 and `error` says why when no whole answer came.

    `elapsed` is in seconds, from the first byte sent to the last byte received. Headers are as on the wire, secrets
    included: write them only through `shown_headers` or `as_curl`.
    """

    method: str
    url: str
    request_headers: dict[str, str] = field(repr=False)
    request_body: bytes = field(repr=False)
    status: int = 0
    response_headers: dict[str, str] = field(factory=dict, repr=False)
    response_body: bytes = field(default=b"", repr=False)
    elapsed: float = 0.0
    error: str | None = None
    secret: frozenset[str] = SECRET_HEADERS
    """Headers of which no value is ever written: those that carry the run's credentials, too."""

    @property
    def ok(self) -> bool:
        """Whether the service accepted the request (2xx)."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The answer's body as JSON, or None when it is not JSON."""
        return _parsed(self.response_body)

    def request_json(self) -> Any:
        """The request's body as JSON, or None when it is not JSON."""
        return _parsed(self.request_body)

    def header(self, name: str) -> str | None:
        """An answer's header, whatever the case of its name."""
        return next((value for key, value in self.response_headers.items() if key.lower() == name.lower()), None)

    def as_curl(self) -> str:
        """A command that sends the request again; secrets are redacted, bytes that are no text go through printf."""
        words = ["curl", "-sS", "-X", self.method]
        for name, value in shown_headers(self.request_headers, self.secret).items():
            if name.lower() == "content-type" or value == REDACTED:
                words += ["-H", f"{name}: {value}"]
        if self.request_body:
            words += ["--data-binary", _as_text(self.request_body)]
        return shlex.join([*words, self.url])


def shown_headers(headers: dict[str, str], secret: frozenset[str]) -> dict[str, str]:
    """The headers with every secret replaced by `***`."""
    return {name: REDACTED if name.lower() in secret else value for name, value in headers.items()}


def redacted(text: str, secrets: Iterable[str]) -> str:
    """The text without these secrets and without signatures; a service may echo what it was sent, in any form.

    A message may have cut an echo short: what begins as a secret does is taken out, too.
    """
    forms = {
        form
        for word in secrets
        for form in (
            word,
            quote(word, safe=""),
            json.dumps(word)[1:-1],
            json.dumps(word, ensure_ascii=False)[1:-1],
            repr(word)[1:-1],
        )
    }
    for secret in sorted(forms, key=len, reverse=True):
        text = _without(text, secret)
    return SIGNATURE.sub(rf"\1{REDACTED}", text)


def _without(text: str, secret: str) -> str:
    """The text with `***` for the secret, and for its beginning."""
    head, parts, end = secret[:TELLING], [], 0
    while (start := text.find(head, end)) >= 0:
        parts += [text[end:start], REDACTED]
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(secret, text[start:], strict=False))
        end = start + sum(1 for _ in alike)
    return "".join([*parts, text[end:]])


def parsed(body: bytes) -> Any:
    """JSON as systems exchange it (RFC 8259, sections 6 to 8): UTF-8 without a mark, no NaN, whole characters.

    ValueError says what is wrong; Python's own parser takes more.
    """
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deep to be read") from None
    if b"\\ud" in body.lower():
        json.dumps(found, ensure_ascii=False).encode()  # half a character is no text
    return found


def _parsed(body: bytes) -> Any:
    try:
        return parsed(body)
    except ValueError:
        return None


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _as_text(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")
