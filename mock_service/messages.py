"""What comes in and what goes out."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from attrs import define, field

JSON = "application/json"
GZIP = b"\x1f\x8b"
"""How what is compressed with gzip begins; no JSON does."""
GATEWAY = {
    400: "API request error.",
    414: "Request URI too large.",
    494: "Request headers too large.",
    502: "Backend unavailable.",
}
"""What the gateway says, by status, with the code APIGW.0201 (the signing guide's table of errors)."""


def gateway_body(status: int, request_id: str = "") -> dict[str, str]:
    """The gateway's own answer of a status that the contract need not have."""
    return {"error_msg": GATEWAY[status], "error_code": "APIGW.0201", "request_id": request_id}


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP request."""

    method: str
    raw_path: bytes
    """As it was sent."""
    query: bytes
    headers: Mapping[str, str]
    """Names in lower case; values as Latin-1."""
    body: bytes
    parameters: dict[str, str] = {}
    """The path parameters."""


@define
class Answer:
    """One HTTP answer, and how it goes over the wire."""

    status: int
    body: bytes
    headers: dict[str, str] = field(factory=lambda: {"Content-Type": JSON})
    delay: float = 0.0
    """Seconds before the first byte."""
    cut: int | None = None
    """Bytes of the body after which the connection is dropped; None sends all."""
    reset: bool = False
    """Drop the connection and answer nothing."""
    trickle: float = 0.0
    """Seconds over which the body is sent, in small pieces."""
    drain: bool = False
    """Before the connection closes, read what the caller still sends, so that it comes to read the answer."""
