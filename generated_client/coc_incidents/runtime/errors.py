# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Everything that can go wrong, as one tree; nothing from the layers below (httpx, msgspec) escapes it.

Error
├── InvalidRequest           refused before anything is sent; names the member, its value and its range
│   └── InvalidFilter        a filter, a condition or a sort that cannot be sent
├── CredentialsMissing       neither the environment nor the credentials file has a usable key or token
├── TransportError           no whole answer arrived
│   ├── ConnectFailed        no connection: refused, no such host, TLS
│   ├── RequestTimeout       the answer did not arrive in time
│   └── AnswerBroken         the connection broke, or the body is shorter than announced or not as encoded
├── StatusError              the service answered a status that is no success
│   ├── BadRequest           400: a bound is broken, or the query makes no sense
│   ├── Unauthorized         401: the token or signature is missing, wrong or expired
│   ├── Forbidden            403: the caller lacks a permission
│   ├── NotFound             404: no such API behind this base URL
│   ├── RequestTooLarge      413: the request body is over the limit
│   ├── Throttled            429: too many requests; `retry_after` in seconds where the service says so
│   ├── ServerFailed         500 to 599
│   └── UnexpectedStatus     any other
├── Unsuccessful             status 200, and an `error_code` that is no success
├── AnswerError              status 200, and an answer that cannot be read; `raw` has its bytes
│   ├── NotJson              another content type, an empty body, or truncated JSON
│   ├── WrongShape           JSON of another shape than the contract's; `path` says where
│   └── DataMissing          the member that holds the result is null or absent
└── PagingError              the pages do not add up: one repeats another
    └── ItemsMissing         all pages were read, and may lack items: read again
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class Error(Exception):
    """The root: `except errors.Error` catches all that this package raises."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Another process gets the error as it is; the default would call `__init__` with its sentence alone.
        return _restored, (type(self), self.args), self.__dict__


class InvalidRequest(Error):
    """A request that breaks a bound of the contract; nothing was sent.

    `member` is the place as a JSON path without `$` (`string_filters[0].values`), `value` what stands there, `expected`
    its range in words.
    """

    def __init__(self, message: str, *, member: str = "", value: object = None, expected: str = "") -> None:
        super().__init__(message)
        self.member = member
        self.value = value
        self.expected = expected


class InvalidFilter(InvalidRequest):
    """A filter, condition or sort that cannot be sent: an unknown field, too many filters, no opposite operator."""


class CredentialsMissing(Error):
    """No usable credentials were found; the message lists the places that were searched."""


class TransportError(Error):
    """No whole answer arrived. `attempts` counts the requests that were sent."""

    def __init__(self, message: str, *, attempts: int = 1) -> None:
        super().__init__(message)
        self.attempts = attempts


class ConnectFailed(TransportError):
    """No connection: refused, unknown host, or a TLS certificate that does not verify."""


class RequestTimeout(TransportError):
    """The answer did not arrive within `timeout`, or not within `deadline` with all retries."""


class AnswerBroken(TransportError):
    """The connection broke mid-answer, or the body does not fit its `Content-Length` or `Content-Encoding`."""


class StatusError(Error):
    """The service, or a gateway before it, answered a status that is no success.

    `status` is the HTTP status; `error_code`, `error_msg` and `request_id` are text, or None where the answer has none;
    `headers` and `raw` are the whole answer; `attempts` counts the requests that were sent.
    """

    def __init__(
        self,
        status: int,
        *,
        error_code: str | None = None,
        error_msg: str | None = None,
        request_id: str | None = None,
        raw: bytes = b"",
        retry_after: float | None = None,
        permissions: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.error_code = error_code
        self.error_msg = error_msg
        self.request_id = request_id
        self.raw = raw
        self.retry_after = retry_after
        self.permissions = tuple(permissions)
        self.headers = headers or {}
        self.attempts = 1
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        parts = [f"status {self.status}"]
        if self.error_code:
            parts.append(self.error_code)
        text = " ".join(parts) + (f": {self.error_msg}" if self.error_msg else "")
        return text + (f" (request id {self.request_id})" if self.request_id else "")


class BadRequest(StatusError):
    """400: a bound is broken, or the query makes no sense."""


class Unauthorized(StatusError):
    """401: the token or signature is missing, wrong or expired."""


class Forbidden(StatusError):
    """403: the caller lacks a permission; `permissions` lists what the operation needs."""

    def _sentence(self) -> str:
        needed = f"; the caller needs {', '.join(self.permissions)}" if self.permissions else ""
        return super()._sentence() + needed


class NotFound(StatusError):
    """404: no such API behind this base URL."""


class RequestTooLarge(StatusError):
    """413: the request body is over the limit."""


class Throttled(StatusError):
    """429: too many requests. `retry_after` is the wait in seconds that the service asks for, or None."""


class ServerFailed(StatusError):
    """500 to 599: the gateway or the service failed."""


class UnexpectedStatus(StatusError):
    """A status that the contract does not know."""


class Unsuccessful(StatusError):
    """A success status whose `error_code` is no success."""


class AnswerError(Error):
    """A success whose body cannot be read. `raw` has its bytes, `path` the place (`$.data.tickets[3].title`)."""

    def __init__(self, message: str, *, raw: bytes = b"", path: str = "$", request_id: str | None = None) -> None:
        super().__init__(message + (f" (request id {request_id})" if request_id else ""))
        self.raw = raw
        self.path = path
        self.request_id = request_id


class NotJson(AnswerError):
    """Another content type, an empty body, or truncated JSON."""


class WrongShape(AnswerError):
    """JSON of another shape than the contract's."""


class DataMissing(AnswerError):
    """The member that holds the result is null or absent."""


class PagingError(Error):
    """The pages do not add up. `page` is the number of the page that shows it."""

    def __init__(self, message: str, *, page: int) -> None:
        super().__init__(message)
        self.page = page


class ItemsMissing(PagingError):
    """All pages were read, and up to `missing` items were on none: resuming does not find them, reading again may."""

    def __init__(self, message: str, *, page: int, missing: int) -> None:
        super().__init__(message, page=page)
        self.missing = missing


def _restored(kind: type[Error], args: tuple[object, ...]) -> Error:
    return kind.__new__(kind, *args)


_BY_STATUS: dict[int, type[StatusError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    413: RequestTooLarge,
    429: Throttled,
}


def by_status(status: int) -> type[StatusError]:
    """The class for an HTTP status that is no success."""
    return _BY_STATUS.get(status) or (ServerFailed if 500 <= status <= 599 else UnexpectedStatus)
