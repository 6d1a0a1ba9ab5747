"""The headers in which credentials travel."""

from __future__ import annotations

from msgspec import Struct


class Headers(Struct, frozen=True, kw_only=True):
    """Their names; those of the vendor's gateway, where a contract does not say otherwise."""

    token: str = "X-Auth-Token"  # noqa: S105 - a name
    token_prefix: str = ""
    """What stands before a token, such as `Bearer `."""
    date: str = "X-Sdk-Date"
    security_token: str = "X-Security-Token"  # noqa: S105 - a name
    project_id: str = "X-Project-Id"
    domain_id: str = "X-Domain-Id"
