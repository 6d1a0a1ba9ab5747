# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Decoders, each built once."""

from __future__ import annotations

from typing import Any

import msgspec

_decoders: dict[int, tuple[Any, msgspec.json.Decoder[Any]]] = {}


def decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    """The decoder of a class or an annotation."""
    found = _decoders.get(id(kind))  # what an annotation only tells, it holds in a dict, which has no hash
    if found is None:
        found = _decoders[id(kind)] = (kind, msgspec.json.Decoder(kind))
    return found[1]
