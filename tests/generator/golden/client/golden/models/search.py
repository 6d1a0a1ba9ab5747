# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import UNSET, Meta, UnsetType

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class Search(Model):
    """The schema `Search`."""

    page: Annotated[int, Meta(ge=1)] | UnsetType = UNSET
    """Range: at least 1."""

    size: Annotated[int, Meta(ge=1, le=50)] | UnsetType = UNSET
    """Range: 1 to 50."""

    filters: Annotated[list[FilterModel], Meta(max_length=5)] | UnsetType = UNSET
    """Range: 0 to 5 items."""

    condition: Annotated[str, Meta(min_length=1, max_length=100)] | UnsetType = UNSET
    """Range: 1 to 100 characters."""

    sort: SortModel | UnsetType = UNSET
    """The contract says nothing of it."""

    fields: list[str] | UnsetType = UNSET
    """The contract says nothing of it."""

    counts: Annotated[list[Count], Meta(max_length=2)] | UnsetType = UNSET
    """Range: 0 to 2 items."""


# Imported last: classes may name each other in a circle.
from .count import Count  # noqa: E402
from .filter_model import FilterModel  # noqa: E402
from .sort_model import SortModel  # noqa: E402
