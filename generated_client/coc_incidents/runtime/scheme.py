# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""The names of the headers in which credentials travel, as the contract's security schemes have them."""

from __future__ import annotations

from .headers import Headers

HEADERS = Headers(
    token="X-Auth-Token",
    date="X-Sdk-Date",
    security_token="X-Security-Token",
    project_id="X-Project-Id",
    domain_id="X-Domain-Id",
)
