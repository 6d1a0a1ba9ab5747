# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import UNSET, Meta, UnsetType

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class Base(Model):
    """The schema `Base`."""

    id: Annotated[str, Meta(max_length=20)]
    """Range: 0 to 20 characters."""

    kind: BaseKind | UnsetType = UNSET
    """The contract says nothing of it."""


# Imported last: classes may name each other in a circle.
from .base_kind import BaseKind  # noqa: E402
