# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

import attrs

from ..runtime.wire import (
    Model,
    NotNull,
)


@attrs.define(kw_only=True, repr=False)
class FoundData(Model):
    """The schema `FoundData`."""

    total: int | None = None
    """The contract says nothing of it."""

    things: list[NotNull[Thing]] | None = None
    """The contract says nothing of it."""

    counts: list[NotNull[int]] | None = None
    """The contract says nothing of it."""

    def __attrs_pre_init__(self) -> None:
        # What an answer leaves out is None from the start: asking an empty slot costs the decoder an exception.
        self.total = None
        self.things = None
        self.counts = None

    def __attrs_post_init__(self) -> None:
        if self.things and not all(self.things):
            self.things = [item for item in self.things if item is not None]
        if self.counts and not all(self.counts):
            self.counts = [item for item in self.counts if item is not None]


# Imported last: classes may name each other in a circle.
from .thing import Thing  # noqa: E402
