# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

import attrs

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class Square(Model):
    """The schema `Square`."""

    side: float
    """The contract says nothing of it."""
