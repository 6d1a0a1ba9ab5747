# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import Meta

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class Named(Model):
    """The schema `Named`."""

    label: Annotated[str, Meta(extra_json_schema={"maxLength": 9})] | None = None
    """Range: 0 to 9 characters."""

    inner: NamedInner | None = None
    """The contract says nothing of it."""

    def __attrs_pre_init__(self) -> None:
        # What an answer leaves out is None from the start: asking an empty slot costs the decoder an exception.
        self.label = None
        self.inner = None


# Imported last: classes may name each other in a circle.
from .named_inner import NamedInner  # noqa: E402
