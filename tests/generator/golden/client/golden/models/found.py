# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

import attrs

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class Found(Model):
    """The schema `Found`."""

    code: str | None = None
    """The contract says nothing of it."""

    data: FoundData | None = None
    """The contract says nothing of it."""

    def __attrs_pre_init__(self) -> None:
        # What an answer leaves out is None from the start: asking an empty slot costs the decoder an exception.
        self.code = None
        self.data = None


# Imported last: classes may name each other in a circle.
from .found_data import FoundData  # noqa: E402
