# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
from typing import Literal

SortFilterV2Operator = Literal[
    "desc",
    "asc",
]
"""The direction, `desc` (largest first) or `asc` (smallest first)."""
