# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from ..runtime.renamed import RenamedModel


class ThingVotes(RenamedModel, kw_only=True, rename={"plus_1": "+1", "minus_1": "-1", "to_dict_": "to_dict"}):
    """The schema `ThingVotes`."""

    plus_1: int | None = None
    """The contract says nothing of it."""

    minus_1: int | None = None
    """The contract says nothing of it."""

    to_dict_: str | None = None
    """The contract says nothing of it."""
