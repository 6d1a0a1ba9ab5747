"""The base of models with members that Python spells otherwise than the wire does."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from .validation import converted

T = TypeVar("T")


class RenamedModel(msgspec.Struct, kw_only=True):
    """Like `wire.Model`, with each member's name on the wire in the class's `rename`."""

    def to_dict(self) -> dict[str, Any]:
        """The members that are set, under their names on the wire; an absent or null member is left out."""
        return {name: value for name, value in msgspec.to_builtins(self).items() if value is not None}

    @classmethod
    def from_dict(cls: type[T], source: dict[str, Any]) -> T:
        """The inverse of `to_dict`. Unknown members are dropped; raises `InvalidRequest` for a wrong type."""
        return converted(source, cls)
