"""The names of the headers in which credentials travel; in a client, its contract's own."""

from __future__ import annotations

from .headers import Headers

HEADERS = Headers()
