# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

import attrs

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class GatewayError(Model):
    """The answer of the API gateway when a request does not reach the service. Source: API gateway error table."""

    error_code: str
    """The gateway's error code. Source: API gateway error table."""

    error_msg: str
    """What went wrong, in words. Source: API gateway error table."""

    request_id: str | None = None
    """Names this request in the provider's logs. Source: API gateway error table."""

    def __attrs_pre_init__(self) -> None:
        # What an answer leaves out is None from the start: asking an empty slot costs the decoder an exception.
        self.request_id = None
