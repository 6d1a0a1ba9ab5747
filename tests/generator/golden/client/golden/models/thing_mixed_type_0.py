# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from typing import Literal

ThingMixedType0 = Literal["auto",]
"""A closed set of values."""
