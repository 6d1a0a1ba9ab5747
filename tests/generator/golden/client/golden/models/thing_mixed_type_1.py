# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from typing import Literal

ThingMixedType1 = Literal[1,]
"""A closed set of values."""
