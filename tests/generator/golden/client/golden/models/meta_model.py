# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from ..runtime.renamed import RenamedModel


class MetaModel(RenamedModel, kw_only=True, rename={"from_": "from"}):
    """The schema `MetaModel`."""

    from_: str | None = None
    """The contract says nothing of it."""
