# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from typing import Literal

FilterOperator = Literal[
    "=",
    "!=",
    ">",
]
"""A closed set of values."""
