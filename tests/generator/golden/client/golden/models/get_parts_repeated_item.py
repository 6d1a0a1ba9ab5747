# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from typing import Literal

GetPartsRepeatedItem = Literal[
    "a-b",
    "a_b",
]
"""A closed set of values."""
