# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
"""The two ways to carry out a call: on the calling thread, and under asyncio."""

from __future__ import annotations

import time
from threading import Event as Stop
from typing import TypeVar

import httpx

from .connections import AsyncConnections, Connections
from .runtime.answers import Answer
from .runtime.exchange import AsyncHook, Hook, Outcome, Send, Steps, Wait, in_our_terms

T = TypeVar("T")


def drive(
    course: Steps[T],
    connections: Connections,
    auth: httpx.Auth,
    hook: Hook | None = None,
    stop: Stop | None = None,
) -> Answer[T]:
    """Carry out a call on this thread, unless `stop` says that nobody wants it any more."""
    began = time.monotonic()
    outcome = Outcome(0.0)
    step = next(course)
    while True:
        if isinstance(step, Send):
            transport = connections.transport(stop)
            outcome = _attempt(step, began, transport, auth)
        elif isinstance(step, Wait):
            (stop or connections.closed).wait(step.seconds)
            outcome = Outcome(time.monotonic() - began)
        elif hook is not None:
            hook(step)
        try:
            step = course.send(outcome)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def _attempt(step: Send, began: float, transport: httpx.BaseTransport, auth: httpx.Auth) -> Outcome:
    from .runtime.deadline import within

    seconds = max(step.seconds, 0.001)
    step.request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
    try:
        with within(seconds):
            response = _send(step.request, transport, auth)
    except (httpx.HTTPError, TimeoutError) as error:
        return Outcome(time.monotonic() - began, error=in_our_terms(error, seconds))
    return Outcome(time.monotonic() - began, response, response.content)


def _send(request: httpx.Request, transport: httpx.BaseTransport, auth: httpx.Auth) -> httpx.Response:
    """A client's `send` without its cookies, hooks and redirects, none of which we want: half its price."""
    flow = auth.sync_auth_flow(request)
    try:
        request = next(flow)
        while True:
            response = transport.handle_request(request)
            try:
                response.read()
            finally:
                response.close()
            response.request = request
            try:
                request = flow.send(response)
            except StopIteration:
                return response
    finally:
        flow.close()


async def drive_async(
    course: Steps[T],
    connections: AsyncConnections,
    auth: httpx.Auth,
    hook: AsyncHook | None = None,
) -> Answer[T]:
    """Carry out a call on the running event loop."""
    from asyncio import sleep
    from inspect import isawaitable

    began = time.monotonic()
    outcome = Outcome(0.0)
    step = next(course)
    while True:
        if isinstance(step, Send):
            transport = connections.transport()
            outcome = await _attempt_async(step, began, transport, auth)
        elif isinstance(step, Wait):
            await sleep(step.seconds)
            outcome = Outcome(time.monotonic() - began)
        elif hook is not None:
            told = hook(step)
            if isawaitable(told):
                await told
        try:
            step = course.send(outcome)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


async def _attempt_async(step: Send, began: float, transport: httpx.AsyncBaseTransport, auth: httpx.Auth) -> Outcome:
    from .runtime.deadline import within_async

    seconds = max(step.seconds, 0.001)
    step.request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
    try:
        async with within_async(seconds):
            response = await _send_async(step.request, transport, auth)
    except (httpx.HTTPError, TimeoutError) as error:
        return Outcome(time.monotonic() - began, error=in_our_terms(error, seconds))
    return Outcome(time.monotonic() - began, response, response.content)


async def _send_async(request: httpx.Request, transport: httpx.AsyncBaseTransport, auth: httpx.Auth) -> httpx.Response:
    """A client's `send` without its cookies, hooks and redirects, none of which we want: half its price."""
    flow = auth.async_auth_flow(request)
    try:
        request = await anext(flow)
        while True:
            response = await transport.handle_async_request(request)
            try:
                await response.aread()
            finally:
                await response.aclose()
            response.request = request
            try:
                request = await flow.asend(response)
            except StopAsyncIteration:
                return response
    finally:
        await flow.aclose()
