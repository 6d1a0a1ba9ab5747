# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

import attrs

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class SortModel(Model):
    """The schema `SortModel`."""

    field: str
    """The contract says nothing of it."""

    operator: SortModelOperator
    """The contract says nothing of it."""

    values: list[str]
    """The contract says nothing of it."""


# Imported last: classes may name each other in a circle.
from .sort_model_operator import SortModelOperator  # noqa: E402
