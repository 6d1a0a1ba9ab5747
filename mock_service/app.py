"""The ASGI application: from the wire to a `Service` and back."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import quote

import msgspec
from attrs import frozen

from mock_service.contract import Contract, Operation
from mock_service.faults import Fault
from mock_service.service import Answer, Request, Service
from mock_service.store import Store

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Guard = Callable[[Request], Answer | None]


class TooLarge(Exception):
    """The body is over the contract's limit."""


@frozen
class Route:
    """The path and method of one operation, and the service that answers it."""

    path: re.Pattern[str]
    method: str
    service: Service


def create(contract: Contract, store: Store, *, fault: Fault | None = None, guard: Guard | None = None) -> App:
    """The application over one store. Many may share the store, each with its own fault."""
    routes = []
    for operation in contract.operations:
        service = Service(contract, operation, store, guard)
        if fault is not None:
            fault.plant(service)
        routes.append(Route(path_pattern(operation), operation.method, service))
    return Gateway(contract, routes)


def under_prefixes(plain: App, apps: Mapping[str, App]) -> App:
    """One application that serves each of `apps` under its path prefix, and `plain` under none."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for prefix, app in apps.items():
                if scope["path"].startswith(f"{prefix}/"):
                    await app({**scope, "path": scope["path"][len(prefix) :]}, receive, send)
                    return
        await plain(scope, receive, send)

    return serve


def path_pattern(operation: Operation) -> re.Pattern[str]:
    """What the operation's path looks like with its parameters filled in."""
    parts = re.split(r"\{(.+?)\}", operation.path)
    return re.compile("".join(f"(?P<{part}>[^/]+)" if i % 2 else re.escape(part) for i, part in enumerate(parts)))


@frozen
class Gateway:
    """What stands before the services: paths, methods, the limit on bodies, request ids."""

    contract: Contract
    routes: list[Route]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
            return
        try:
            answer = await self.respond(scope, receive)
        except TooLarge:
            answer = self.refusal(413)
        await deliver(answer, scope, send)

    async def respond(self, scope: Scope, receive: Receive) -> Answer:
        """Find the service that knows the path and the method, and ask it."""
        for route in self.routes:
            found = route.path.fullmatch(scope["path"])
            if found and route.method == scope["method"]:
                request = Request(
                    method=scope["method"],
                    path=scope["path"],
                    raw_path=scope.get("raw_path") or quote(scope["path"]).encode(),
                    query=scope["query_string"],
                    headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
                    body=await self.body(scope, receive),
                    parameters=found.groupdict(),
                )
                return await self.ask(route.service, request)
        return self.refusal(404)

    async def ask(self, service: Service, request: Request) -> Answer:
        """The service's answer; whatever goes wrong inside is the contract's 500."""
        return await asyncio.to_thread(service.respond, request)

    async def body(self, scope: Scope, receive: Receive) -> bytes:
        """The whole body; `TooLarge` as soon as it is known to be over the limit."""
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self.contract.body_limit:
            raise TooLarge
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            part = message.get("body", b"")
            size += len(part)
            if size > self.contract.body_limit:
                raise TooLarge
            parts.append(part)
            if not message.get("more_body"):
                return b"".join(parts)

    def refusal(self, status: int) -> Answer:
        """The gateway's own answer of a status, as the contract's example has it."""
        return Answer(status, msgspec.json.encode(self.contract.gateway[status]))


async def deliver(answer: Answer, scope: Scope, send: Send) -> None:
    """Put an answer on the wire, or as much of it as it wants."""
    if answer.delay:
        await asyncio.sleep(answer.delay)
    transport = scope.get("state", {}).get("transport")
    if answer.reset and transport is not None:
        transport.abort()
        return
    request_id = secrets.token_hex(16)
    body = answer.body
    if answer.status >= 400 and b'"request_id"' in body:
        body = msgspec.json.encode({**msgspec.json.decode(body), "request_id": request_id})
    headers = {"Content-Length": str(len(body)), "X-Request-Id": request_id, **answer.headers}
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    if answer.cut is None:
        await send({"type": "http.response.body", "body": body})
        return
    await send({"type": "http.response.body", "body": body[: answer.cut], "more_body": True})
    if transport is not None:
        transport.close()


async def lifespan(receive: Receive, send: Send) -> None:
    """Say yes to start and stop."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
