# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from typing import Literal

FilterModelOperator = Literal[
    "=",
    "!=",
    ">",
]
"""A closed set of values."""
