# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

import attrs

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class ThingSidesItem(Model):
    """The schema `ThingSidesItem`."""

    side: float
    """The contract says nothing of it."""

    name: str | None = None
    """The contract says nothing of it."""

    def __attrs_pre_init__(self) -> None:
        # What an answer leaves out is None from the start: asking an empty slot costs the decoder an exception.
        self.name = None
