# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
"""What items can be filtered and sorted by: `F.level_id == "level_10"`, `F.create_time.desc()`."""

from __future__ import annotations

from .runtime.filters import Field, Fields

_OPERATORS_THINGS = frozenset(("=", "!=", ">"))


class ThingsFields(Fields):
    """The properties of `Thing`."""

    _operators = _OPERATORS_THINGS
    _extra = ()

    id = Field("id", _OPERATORS_THINGS)
    """Range: 0 to 20 characters."""

    kind = Field("kind", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    votes = Field("votes", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    meta = Field("meta", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    parent = Field("parent", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    date = Field("date", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    day = Field("day", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    uuid = Field("uuid", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    ratio = Field("ratio", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    labels = Field("labels", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    created_time = Field("created_time", _OPERATORS_THINGS, holds_integers=True, is_time=True)
    """Range: 0 to 50 characters."""

    is_open = Field("is_open", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    color = Field("color", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    version = Field("version", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    shape = Field("shape", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    size = Field("size", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    mixed = Field("mixed", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    free = Field("free", _OPERATORS_THINGS)
    """Whatever it is."""

    either = Field("either", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    rights = Field("rights", _OPERATORS_THINGS)
    """Known keys: `read`, `write`."""

    loose = Field("loose", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    anything = Field("anything", _OPERATORS_THINGS)
    """The contract says nothing of it."""

    sides = Field("sides", _OPERATORS_THINGS)
    """The contract says nothing of it."""


things = ThingsFields()

F = things
"""The fields of the contract's first query."""
