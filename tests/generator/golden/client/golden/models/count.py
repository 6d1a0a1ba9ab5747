# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

import attrs
from msgspec import UNSET, UnsetType

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class Count(Model):
    """The schema `Count`."""

    name: str | UnsetType = UNSET
    """The contract says nothing of it."""

    filters: list[FilterModel] | UnsetType = UNSET
    """The contract says nothing of it."""


# Imported last: classes may name each other in a circle.
from .filter_model import FilterModel  # noqa: E402
