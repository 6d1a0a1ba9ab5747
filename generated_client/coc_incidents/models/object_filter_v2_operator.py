# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
from typing import Literal

ObjectFilterV2Operator = Literal[
    "in",
    "like",
    "startwith",
    "endwith",
    "=",
    "!=",
    ">",
    "<",
]
"""How to compare the property with the values."""
