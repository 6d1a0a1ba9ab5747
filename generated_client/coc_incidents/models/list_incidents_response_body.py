# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import Meta

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class ListIncidentsResponseBody(Model):
    """The envelope of every answer of the service, good or bad. Source: table 4."""

    provider_code: Annotated[str, Meta(extra_json_schema={"maxLength": 256})] | None = None
    """The number of the service that answers; COC is `049`. Range: 0 to 256 characters. Absent, it counts as `049`.
    Source: table 4, row `provider_code`.
    """

    error_code: Annotated[str, Meta(extra_json_schema={"maxLength": 256})] | None = None
    """Tells success from failure; a success is `0`, `0000` or `GOM.00000000`. Range: 0 to 256 characters. Absent, it
    counts as `0`. Source: table 4, row `error_code`.
    """

    error_msg: Annotated[str, Meta(extra_json_schema={"maxLength": 256})] | None = None
    """What went wrong, in words; null when nothing did. Range: 0 to 256 characters. Source: table 4, row `error_msg`."""

    data: ListIncidentsResponseBodyData | None = None
    """What the query found; null when the request failed. Source: table 4, row `data`."""

    def __attrs_pre_init__(self) -> None:
        # What an answer leaves out is None from the start: asking an empty slot costs the decoder an exception.
        self.provider_code = None
        self.error_code = None
        self.error_msg = None
        self.data = None


# Imported last: classes may name each other in a circle.
from .list_incidents_response_body_data import ListIncidentsResponseBodyData  # noqa: E402
