"""The ASGI application: from the wire to a `Service` and back."""

from __future__ import annotations

import asyncio
import re
import secrets
import socket
import struct
import time
import traceback
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

import msgspec
from attrs import frozen

from mock_service.authentication import Guard
from mock_service.cancellation import Cancellation
from mock_service.console import Log
from mock_service.contract import Contract
from mock_service.database import FAILURES, reason
from mock_service.faults import Fault
from mock_service.messages import Answer, Request
from mock_service.reader import TooLong
from mock_service.scenario import Director
from mock_service.service import Service
from mock_service.store import Store

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

log = Log()
HEALTH = ("", "healthz")
SMALL_BODY = 16 * 1024
"""Bytes; a larger request takes long to read, and is read beside the event loop."""
LONGEST_SEARCH = 60.0
"""Seconds after which the gateway gives up on a search that is still not over."""
PIECES = 20
"""Pieces of a body that is sent slowly."""
DRAIN = 5.0
"""Seconds for which the rest of a body is read that nobody wants."""


class TooLarge(Exception):
    """The body is over the contract's limit; the argument says whether more of it is on its way."""


class Gone(Exception):
    """The caller has left before its request was whole, or before it was answered."""


@frozen
class Route:
    """The path and method of one operation, and the service that answers it."""

    path: tuple[str | Template, ...]
    """The segments of the path."""
    method: str
    service: Service

    def parameters(self, segments: Sequence[str]) -> dict[str, str] | None:
        """The parameters of a path that is this one; None for another path."""
        if len(segments) != len(self.path):
            return None
        found: dict[str, str] = {}
        for own, segment in zip(self.path, segments, strict=True):
            if isinstance(own, str):
                if own != segment:
                    return None
            elif match := own.pattern.fullmatch(segment):
                found.update(zip(own.names, match.groups(), strict=True))
            else:
                return None
        return found


@frozen
class Template:
    """A segment of a path with parameters in it."""

    names: tuple[str, ...]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, segment: str) -> Template | str:
        """The template that a segment of a contract's path is; one without parameters stays a text."""
        texts_and_names = re.split(r"\{([^{}]+)\}", segment)
        if len(texts_and_names) == 1:
            return segment
        pattern = "(.+)".join(map(re.escape, texts_and_names[::2]))
        return cls(tuple(texts_and_names[1::2]), re.compile(pattern, re.DOTALL))


def create(
    contract: Contract,
    store: Store,
    *,
    fault: Fault | None = None,
    guard: Guard | None = None,
    director: Director | None = None,
    verbose: bool = False,
) -> App:
    """The application over one store. Many may share the store, each with its own fault.

    `guard` asks for credentials, `director` plays a scenario, `verbose` writes a line per request to stderr.
    """
    routes = []
    for operation in contract.operations:
        service = Service(contract, operation, store, guard)
        if fault is not None:
            fault.plant(service)
        path = tuple(map(Template.of, operation.path.split("/")))
        routes.append(Route(path, operation.method, service))
    routes.sort(key=lambda route: [isinstance(segment, Template) for segment in route.path])  # concrete ones go first
    return Gateway(contract, store, routes, director, verbose)


def under_prefixes(plain: App, apps: Mapping[str, App]) -> App:
    """One application that serves each of `apps` under its path prefix, and `plain` under none."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for prefix, app in apps.items():
                if scope["path"].startswith(f"{prefix}/"):
                    await app({**scope, "root_path": prefix}, receive, send)
                    return
        await plain(scope, receive, send)

    return serve


@lru_cache(maxsize=256)
def segments_of(raw_path: bytes, prefix: str) -> tuple[str, ...]:
    """The segments of a path behind a prefix, each percent-decoded: a slash within one is `%2F`."""
    return tuple(map(unquote, raw_path.decode("latin-1").removeprefix(prefix).split("/")))


@frozen(eq=False)
class Gateway:
    """What stands before the services: paths, methods, the limit on bodies, request ids, the bad days."""

    contract: Contract
    store: Store
    routes: list[Route]
    director: Director | None
    verbose: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await lifespan(receive, send)
            return
        started = time.perf_counter()
        try:
            outcome = await self.serve(scope, receive, send)
        except Gone:
            outcome = "gone"
        except asyncio.CancelledError:  # it did not end within the time that a stop allows
            await hang_up(scope, receive, rudely=True)
            outcome = "dropped"
        if self.verbose:
            milliseconds = (time.perf_counter() - started) * 1000
            target = scope["raw_path"].decode("latin-1")
            log(f"{datetime.now(UTC):%H:%M:%S}Z {scope['method']} {target} {outcome} {milliseconds:.1f} ms")

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> str:
        """Answer one request; what became of it, in a few words."""
        try:
            answer = await self.respond(scope, receive)
        except TooLarge as error:
            answer = self.refusal(413)
            answer.headers["Connection"] = "close"
            asks_first = any(name == b"expect" for name, _ in scope["headers"])
            answer.drain = error.args[0] and not asks_first
        await deliver(answer, scope, receive, send)
        if answer.reset:
            return "reset"
        size = len(answer.body)
        return (
            f"{answer.status} {size} B"
            if answer.cut is None
            else f"{answer.status} {min(size, answer.cut)} of {size} B"
        )

    async def respond(self, scope: Scope, receive: Receive) -> Answer:
        """Find the service that knows the path and the method, and ask it."""
        method, raw_path = scope["method"], scope.get("raw_path") or quote(scope["path"]).encode()
        segments = segments_of(raw_path, scope.get("root_path", ""))
        for route in self.routes:
            found = route.parameters(segments)
            if found is not None and route.method == method:
                headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
                if len(headers) < len(scope["headers"]):
                    headers = joined(scope["headers"])
                request = Request(
                    method=method,
                    raw_path=raw_path,
                    query=scope["query_string"],
                    headers=headers,
                    body=await self.body(headers.get("content-length", ""), receive),
                    parameters=found,
                )
                return await self.directed(route.service, request, receive)
        if segments == HEALTH and method in ("GET", "HEAD"):
            return Answer(200, b'{"status":"ok"}')
        return self.refusal(404)

    async def directed(self, service: Service, request: Request, receive: Receive) -> Answer:
        """The service's answer, or what the scenario makes of it."""
        if self.director is None:
            return await self.ask(service, request, receive)
        instead, struck = self.director.before()
        return self.director.after(instead or await self.ask(service, request, receive), struck)

    async def ask(self, service: Service, request: Request, receive: Receive) -> Answer:
        """The service's answer; work that may be long does not hold up other requests."""
        try:
            if self.store.quick and len(request.body) <= SMALL_BODY:
                with suppress(TooLong), self.store.reader.briefly():
                    return service.respond(request)
            return await self.attended(lambda: service.respond(request), receive)
        except FAILURES as error:
            log(f"mock_service: the database {self.store.name} fails: {reason(error)}")
        except Gone:
            raise
        except Exception:
            log(f"mock_service: this should not happen, please report it:\n{traceback.format_exc()}")
        return self.refusal(500)

    async def attended(self, work: Callable[[], Answer], receive: Receive) -> Answer:
        """What a thread finds, unless it takes too long; it is stopped then, and when nobody waits for it any more."""
        cancellation = Cancellation()
        working = asyncio.ensure_future(asyncio.to_thread(cancellation.run, work))
        leaving = asyncio.ensure_future(receive())
        try:
            await asyncio.wait((working, leaving), timeout=LONGEST_SEARCH, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            if leaving.done():
                raise Gone
            return self.refusal(504)
        finally:
            leaving.cancel()
            cancellation.cancel()
            working.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody else asks for it

    async def body(self, announced: str, receive: Receive) -> bytes:
        """The whole body; `TooLarge` as soon as it is known to be over the limit. `announced` is the Content-Length."""
        limit = self.contract.body_limit
        if announced.isdecimal() and int(announced[:20]) > limit:
            raise TooLarge(True)
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            part = message.get("body", b"")
            size += len(part)
            if size > limit:
                raise TooLarge(message.get("more_body"))
            parts.append(part)
            if not message.get("more_body"):
                return b"".join(parts)

    def refusal(self, status: int) -> Answer:
        """The gateway's own answer of a status, as the contract's example has it."""
        return Answer(status, msgspec.json.encode(self.contract.gateway.get(status, {})))


def joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by name, those of one name joined with commas as RFC 9110 has it, so that none of them goes unseen."""
    found: dict[str, str] = {}
    for name, value in headers:
        known, text = name.decode("latin-1"), value.decode("latin-1")
        found[known] = f"{found[known]}, {text}" if known in found else text
    return found


async def pause(seconds: float, receive: Receive) -> None:
    """Let time pass; `Gone` when the caller leaves meanwhile."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
            raise Gone


async def drained(receive: Receive) -> None:
    """Read what the caller still sends, for some time. A connection closed with bytes unread is reset, and who is told
    so while it sends never reads the answer.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN):
            while (await receive()).get("more_body"):
                pass


async def deliver(answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
    """Put an answer on the wire, or as much of it as it wants."""
    if answer.delay:
        await pause(answer.delay, receive)
    if answer.reset:
        await hang_up(scope, receive, rudely=True)
        return
    request_id = secrets.token_hex(16)
    body = answer.body
    if answer.status >= 400 and b'"request_id"' in body:
        body = msgspec.json.encode({**msgspec.json.decode(body), "request_id": request_id})
    headers = {"Content-Length": str(len(body)), "X-Request-Id": request_id, **answer.headers}
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    body = body[: answer.cut]
    if answer.trickle:
        step = -(-len(body) // PIECES) or 1
        starts = range(0, len(body) - step, step)
        for start in starts:
            await send({"type": "http.response.body", "body": body[start : start + step], "more_body": True})
            await pause(answer.trickle / len(starts), receive)
        body = body[-(len(body) % step or step) :]
    whole = answer.cut is None and not answer.drain
    await send({"type": "http.response.body", "body": body, "more_body": not whole})
    if answer.drain:
        await drained(receive)
        await send({"type": "http.response.body"})
    elif not whole:
        await hang_up(scope, receive, rudely=False)


async def hang_up(scope: Scope, receive: Receive, *, rudely: bool) -> None:
    """Close the connection, after what was written or (rudely) at once with a reset; return when it is closed."""
    transport = scope.get("state", {}).get("transport")
    if transport is None:  # no real connection, as in tests
        return
    if transport.is_closing():  # the caller was quicker
        pass
    elif rudely:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass


async def lifespan(receive: Receive, send: Send) -> None:
    """Say yes to start and stop."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
