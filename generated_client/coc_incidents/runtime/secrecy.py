# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""What is a secret: the headers whose values neither events, nor logs, nor errors show."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .scheme import HEADERS

REDACTED = "[redacted]"
_SECRET = re.compile(r"auth|token|secret|password|cookie|credential|signature|key", re.IGNORECASE)

_CREDENTIALS = frozenset((HEADERS.token.lower(), HEADERS.security_token.lower()))


def is_secret(header: str) -> bool:
    """Whether a header may hold a secret, by its name."""
    return header.lower() in _CREDENTIALS or _SECRET.search(header) is not None


def redacted(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers, with every secret replaced."""
    return {name: REDACTED if is_secret(name) else value for name, value in headers.items()}
