"""The one seam to the network: every request of a run goes through `Wire.send`, which holds the budgets."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import BadStatusLine
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import quote

import requests
from attrs import define, field, frozen
from requests.auth import AuthBase

from contract_tests.contract import Operation
from contract_tests.credentials import Anonymous, Credentials
from contract_tests.deadline import Deadline, Remembering, read
from contract_tests.exchange import SECRET_HEADERS, Exchange

JSON = "application/json"
THROTTLED = 429
#: What a gateway answers while no backend is ready; once is an accident, twice in a row is the service's own.
UNAVAILABLE = frozenset({502, 503, 504})
#: After a 429 without Retry-After, seconds to wait before the first, second, … repetition.
BACKOFF = (1.0, 2.0, 4.0)
#: Seconds that a run without a time budget waits after a 429; who asks for more cannot be judged now.
LONGEST_WAIT = 300.0
#: A whole answer takes so many times as long as its next byte may, at most.
PATIENT = 3
#: How the error of an Exchange begins when what came back is another protocol, and when nothing came back.
NOT_HTTP = "no HTTP"
NO_ANSWER = "no answer"


class Unreachable(Exception):
    """Nothing listens at the target, or it died on the way; the run cannot judge (exit 2)."""


class BudgetSpent(Exception):
    """The run's requests or seconds are used up, exactly; what was not exercised is skipped."""


class Forbidden(Exception):
    """Read-only mode: the request is neither the operation's method nor its path, so it is not sent."""


@frozen
class Budget:
    """Limits of a run: `requests` sent at most, `seconds` from the first one, `rate` requests a second at most."""

    requests: int | None = None
    seconds: float | None = None
    rate: float | None = None


class Wire(requests.Session):
    """A keep-alive session that holds the budget, obeys 429, and writes down each exchange in `exchanges`.

    `broken` are the exchanges whose answer did not arrive whole. `timeout` is in seconds, to connect and between two
    bytes; a whole answer takes three times that at most. Cookies are neither kept nor sent: who the caller is, each
    request says itself.
    """

    def __init__(self, budget: Budget, credentials: Credentials | None = None, timeout: float = 10.0) -> None:
        super().__init__()
        self.credentials: Credentials = credentials or Anonymous()
        self.trust_env = False
        self.budget = budget
        self.timeout = timeout
        self.exchanges: list[Exchange] = []
        self.sent = 0
        self.broken: list[Exchange] = []
        self.started: float | None = None
        self._last = 0.0
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self.connections = Remembering()
        for scheme in ("http://", "https://"):
            self.mount(scheme, self.connections)

    @property
    def left(self) -> int | None:
        """How many requests the budget still allows; None when it has no limit."""
        return None if self.budget.requests is None else max(0, self.budget.requests - self.sent)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Sign and send once, again as 429 asks, and once more after a 502, 503 or 504.

        `credentials` in `options` stand in for the wire's own. Raises BudgetSpent, Unreachable, or requests' own error
        when an answer does not arrive whole.
        """
        credentials = options.pop("credentials", self.credentials)
        options |= {"allow_redirects": False, "stream": True}
        for index, pause in enumerate(BACKOFF):
            response = self._attempt(credentials(request), options)
            if response.status_code != THROTTLED and (response.status_code not in UNAVAILABLE or index):
                return response
            asked = _retry_after(response, pause)
            if asked > LONGEST_WAIT and self.budget.seconds is None:
                status = response.status_code
                raise Unreachable(f"{request.url} answers {status} and asks to come back in {asked:.0f} seconds.")
            self._sleep(asked)
        return self._attempt(credentials(request), options)

    def _attempt(self, request: requests.PreparedRequest, options: dict[str, Any]) -> requests.Response:
        self._spend()
        if self.headers.get("Connection") == "close":
            self.close()  # whatever the server says of the last connection
        began, response = time.perf_counter(), None
        with Deadline(self._patience(PATIENT), self.connections.sockets) as deadline:
            try:
                response = super().send(request, **options | {"timeout": self._patience()})
                read(response)
            except (requests.RequestException, OSError, ValueError) as broken:  # whatever a socket that is cut raises
                error: Exception | None = broken
            else:
                error = None
        if deadline.passed:
            error = requests.ReadTimeout(f"not whole after {deadline.seconds:g} seconds")
        self._record(request, response, time.perf_counter() - began, error)
        if isinstance(error, requests.Timeout):
            self._sleep(0)  # it may be the run's time that is up, and no fault of the target
        if error is not None and _refused(error):
            raise Unreachable(f"Nothing answers at {request.url} ({_reason(error)}).") from error
        if error is not None:
            raise error if isinstance(error, requests.RequestException) else requests.ConnectionError(error)
        assert response is not None
        return response

    def _patience(self, times: int = 1) -> float:
        """Seconds to wait for an answer: so many `timeout`s, or what is left of the run's time, if that is less."""
        if self.budget.seconds is None or self.started is None:
            return times * self.timeout
        return min(times * self.timeout, max(self.started + self.budget.seconds - time.monotonic(), 0.001))

    def _spend(self) -> None:
        """Take one request from the budget, waiting for the rate limit; raise BudgetSpent before anything is sent."""
        self.started = self.started or time.monotonic()
        if self.budget.requests is not None and self.sent >= self.budget.requests:
            raise BudgetSpent(f"The budget of {self.budget.requests} requests is spent.")
        if self.budget.rate:
            self._sleep(self._last + 1 / self.budget.rate - time.monotonic())
        self._sleep(0)
        self._last = time.monotonic()
        self.sent += 1

    def _sleep(self, seconds: float) -> None:
        """Wait, unless that would overrun the time budget."""
        limit = self.budget.seconds
        if limit is not None and self.started and time.monotonic() + max(seconds, 0) - self.started >= limit:
            raise BudgetSpent(f"The budget of {limit:g} seconds is spent.")
        if seconds > 0:
            time.sleep(seconds)

    def _record(
        self,
        request: requests.PreparedRequest,
        response: requests.Response | None,
        elapsed: float,
        error: Exception | None,
    ) -> None:
        body = request.body or b""
        told = _reason(error) if error else None
        if told and response is None and not told.startswith(NOT_HTTP):
            told = f"{NO_ANSWER}: {told}"
        response = response if error is None else None
        self.exchanges.append(
            Exchange(
                method=str(request.method),
                url=str(request.url),
                request_headers=dict(request.headers),
                request_body=body if isinstance(body, bytes) else str(body).encode(),
                status=response.status_code if response is not None else 0,
                response_headers=dict(response.headers) if response is not None else {},
                response_body=response.content if response is not None else b"",
                elapsed=elapsed,
                error=told,
                secret=SECRET_HEADERS | self.credentials.headers.secret,
            )
        )


@define
class Target:
    """A service at `base_url`, asked for one operation, with a value for each of the `parameters` in its path.

    In `read_only` mode only the operation's own method and path are ever sent. `watch` sees every exchange of a query
    before the query returns.
    """

    base_url: str
    operation: Operation
    wire: Wire = field(factory=lambda: Wire(Budget()))
    read_only: bool = False
    watch: Callable[[Exchange], None] | None = None
    parameters: dict[str, str] = field(factory=dict)

    @property
    def path(self) -> str:
        """The operation's path with its parameters filled in; KeyError when one has no value yet."""
        return re.sub(r"\{(.+?)\}", lambda found: quote(self.parameters[found[1]], safe=""), self.operation.path)

    @property
    def exchanges(self) -> list[Exchange]:
        """All exchanges of the run so far, in order."""
        return self.wire.exchanges

    def query(
        self,
        body: object = None,
        *,
        method: str | None = None,
        path: str | None = None,
        media_type: str | None = JSON,
        headers: Mapping[str, str] | None = None,
        auth: AuthBase | None = None,
    ) -> Exchange:
        """Send one request and give back what happened; bytes go as they are, None without a body, the rest as JSON.

        `auth` stands in for the run's own credentials.
        An answer that does not arrive whole is an Exchange with `error`. Raises BudgetSpent, Unreachable, Forbidden.
        """
        method, path = method or self.operation.method, path or self.path
        if self.read_only and (method, path) != (self.operation.method, self.path):
            raise Forbidden(f"{method} {path} is not sent to this target: it is read-only.")
        self.deliver(self.prepare(body, method=method, path=path, media_type=media_type, headers=headers), auth)
        return self.wire.exchanges[-1]

    def prepare(
        self,
        body: object,
        *,
        method: str | None = None,
        path: str | None = None,
        media_type: str | None = JSON,
        headers: Mapping[str, str] | None = None,
    ) -> requests.PreparedRequest:
        """A request that is ready to be delivered, not yet signed."""
        content = body if isinstance(body, bytes) or body is None else encode(body)
        sent = {**({"Content-Type": media_type} if media_type else {}), **(headers or {})}
        url = self.base_url.rstrip("/") + (path or self.path)
        return self.wire.prepare_request(
            requests.Request(method or self.operation.method, url, headers=sent, data=content)
        )

    def deliver(self, request: requests.PreparedRequest, auth: AuthBase | None = None) -> requests.Response | None:
        """Send a prepared request, once more when its answer breaks off; None when that breaks off too.

        A server may close an idle connection just when the next request is under way. So after the first break no
        connection is used twice, and every other break is the service's own.
        """
        response = None
        for last in (False, True):
            try:
                response = self.wire.send(request, credentials=auth or self.wire.credentials)
            except requests.RequestException:
                self.wire.broken.append(self.wire.exchanges[-1])
                self.wire.headers["Connection"] = request.headers["Connection"] = "close"
                if not last:
                    continue
            break
        if self.watch:
            self.watch(self.wire.exchanges[-1])
        return response


def encode(body: object) -> bytes:
    """JSON as the gate sends it: compact, UTF-8, members in the order given; a lone surrogate goes as its escape."""
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(body, separators=(",", ":")).encode()


def _retry_after(response: requests.Response, otherwise: float) -> float:
    """Seconds to wait as Retry-After says, which has them as a number or has the time when they are over."""
    value = response.headers.get("Retry-After", "")
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return otherwise


def _refused(error: Exception) -> bool:
    """Whether nobody listens there at all (as opposed to a connection that breaks while it answers)."""
    text = repr(error)
    unreachable = ("NewConnectionError", "NameResolutionError", "ConnectTimeout", "SSLError", "ProxyError")
    return any(name in text for name in unreachable)


def _reason(error: Exception | None) -> str:
    """The innermost cause in a few words, without addresses of memory: `Connection refused`."""
    while error is not None and (error.__cause__ or error.__context__):
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    if type(error) is BadStatusLine:  # its subclass RemoteDisconnected is a server that hangs up
        return f"{NOT_HTTP}: {str(error)[:60]!r}"
    return re.sub(r"^\[Errno -?\d+\] |^.*?object at 0x\w+>: ", "", str(error)) if error else ""
