# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import Meta

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class Avatar(Model):
    """The schema `Avatar`."""

    image: Annotated[str, Meta(extra_json_schema={"maxLength": 90})]
    """Range: 0 to 90 characters."""
