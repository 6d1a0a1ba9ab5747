# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from typing import Literal

SortModelOperator = Literal[
    "desc",
    "asc",
]
"""A closed set of values."""
