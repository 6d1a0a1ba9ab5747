# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from typing import Literal

ThingKind = Literal["big",]
"""A closed set of values."""
