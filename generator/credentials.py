"""What a contract says of credentials: the headers in which they travel, and the ways that the client leaves alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.places import METHODS

Schemes = dict[str, dict[str, Any]]
_NAMES = {
    "date": "date_header",
    "security_token": "token_header",
    "project_id": "project_header",
    "domain_id": "domain_header",
}


def headers(document: dict[str, Any]) -> dict[str, str]:
    """The names of headers that the contract's security schemes give, by their role in `runtime.headers`."""
    found: dict[str, str] = {}
    for scheme in _used(document).values():
        if "x-request-signing" in scheme:
            found |= signing(scheme["x-request-signing"])
        elif "token" not in found and (way := _token(scheme)) is not None:
            found |= way
    return found


def signing(scheme: dict[str, Any]) -> dict[str, str]:
    """The names of headers that an `x-request-signing` gives, by their role."""
    return {role: scheme[member] for role, member in _NAMES.items() if member in scheme}


def unproven(document: dict[str, Any]) -> str:
    """A sentence on the ways to authenticate that the client does not know by itself; empty when it knows all."""
    known = headers(document).items()
    others = [
        f"`{name}` ({_words(scheme)})"
        for name, scheme in _used(document).items()
        if "x-request-signing" not in scheme and ((way := _token(scheme)) is None or not way.items() <= known)
    ]
    if not others:
        return ""
    return f"Of itself it does not send {', '.join(others)}: pass an `httpx.Auth` that does as `auth`."


def _token(scheme: dict[str, Any]) -> dict[str, str] | None:
    """How `TokenAuth` sends a credential of the scheme; None where it cannot."""
    if scheme.get("type") == "apiKey" and scheme.get("in") == "header":
        return {"token": str(scheme.get("name"))}
    is_bearer = scheme.get("type") in ("oauth2", "openIdConnect") or str(scheme.get("scheme")).lower() == "bearer"
    return {"token": "Authorization", "token_prefix": "Bearer "} if is_bearer else None


def _words(scheme: dict[str, Any]) -> str:
    if scheme.get("type") == "apiKey":
        return f"a key in the {scheme.get('in')} {scheme.get('name')}"
    return f"HTTP {scheme.get('scheme')}" if scheme.get("type") == "http" else str(scheme.get("type"))


def _used(document: dict[str, Any]) -> Schemes:
    """The security schemes that some operation asks for, in the order of the document."""
    asked = {name for requirement in _requirements(document) for name in requirement}
    schemes: Schemes = document.get("components", {}).get("securitySchemes", {})
    return {name: scheme for name, scheme in schemes.items() if name in asked and isinstance(scheme, dict)}


def _requirements(document: dict[str, Any]) -> Iterator[dict[str, list[str]]]:
    for item in document.get("paths", {}).values():
        for method, operation in item.items():
            if method in METHODS:
                yield from operation.get("security", document.get("security", []))
