# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import Meta

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class Problem(Model):
    """The schema `Problem`."""

    code: str | None = None
    """The contract says nothing of it."""

    title: Annotated[str, Meta(extra_json_schema={"maxLength": 80})] | None = None
    """Range: 0 to 80 characters."""

    def __attrs_pre_init__(self) -> None:
        # What an answer leaves out is None from the start: asking an empty slot costs the decoder an exception.
        self.code = None
        self.title = None
