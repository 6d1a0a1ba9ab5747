# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import UNSET, Meta, UnsetType

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class FilterModel(Model):
    """The schema `FilterModel`."""

    name: Annotated[str, Meta(max_length=255)] | UnsetType = UNSET
    """Range: 0 to 255 characters."""

    field: str
    """The contract says nothing of it."""

    operator: FilterModelOperator
    """The contract says nothing of it."""

    values: Annotated[list[str], Meta(min_length=1, max_length=10)]
    """Range: 1 to 10 items."""


# Imported last: classes may name each other in a circle.
from .filter_model_operator import FilterModelOperator  # noqa: E402
