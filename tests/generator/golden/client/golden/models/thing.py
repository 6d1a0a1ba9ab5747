# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import attrs
from msgspec import Meta

from ..runtime.wire import (
    Flag,
    Milliseconds,
    Model,
    NotNull,
    flag,
    milliseconds,
    moment,
)


@attrs.define(kw_only=True, repr=False)
class Thing(Model):
    """The schema `Thing`."""

    id: Annotated[str, Meta(extra_json_schema={"maxLength": 20})]
    """Range: 0 to 20 characters."""

    kind: Annotated[str, Meta(extra_json_schema={"enum": ["big"]})]
    """The contract says nothing of it."""

    votes: ThingVotes
    """The contract says nothing of it."""

    meta: MetaModel | None = None
    """The contract says nothing of it."""

    parent: Thing | None = None
    """The contract says nothing of it."""

    date: _date | None = None
    """The contract says nothing of it."""

    day: _date | None = None
    """The contract says nothing of it."""

    uuid: UUID | None = None
    """The contract says nothing of it."""

    ratio: Annotated[float, Meta(extra_json_schema={"exclusiveMinimum": 0, "multipleOf": 0.5})] | None = None
    """The contract says nothing of it."""

    labels: (
        Annotated[
            dict[str, Annotated[str, Meta(extra_json_schema={"maxLength": 9})]],
            Meta(extra_json_schema={"maxProperties": 4}),
        ]
        | None
    ) = None
    """The contract says nothing of it."""

    created_time: Annotated[Milliseconds, Meta(extra_json_schema={"maxLength": 50})] | None = None
    """Range: 0 to 50 characters."""

    is_open: Annotated[Flag, Meta(extra_json_schema={"pattern": "^(true|false)$"})] | None = None
    """The contract says nothing of it."""

    color: str | None = None
    """The contract says nothing of it."""

    version: Annotated[int, Meta(extra_json_schema={"const": 2})] | None = None
    """The contract says nothing of it."""

    shape: Annotated[Any, Meta(extra_json_schema={"anyOf": [{"$ref": "#/Round"}, {"$ref": "#/Square"}]})] | None = None
    """The contract says nothing of it."""

    size: (
        Annotated[int, Meta(extra_json_schema={"minimum": 0})]
        | Annotated[list[NotNull[float]], Meta(extra_json_schema={"minItems": 2, "maxItems": 2})]
        | None
    ) = None
    """The contract says nothing of it."""

    mixed: (
        Annotated[str, Meta(extra_json_schema={"enum": ["auto"]})]
        | Annotated[int, Meta(extra_json_schema={"enum": [1]})]
        | None
    ) = None
    """The contract says nothing of it."""

    free: Any = None
    """Whatever it is."""

    either: (
        Annotated[
            Any,
            Meta(
                extra_json_schema={
                    "anyOf": [
                        {"type": "object", "additionalProperties": {"type": "string", "maxLength": 3}},
                        {"$ref": "#/Round"},
                    ]
                }
            ),
        ]
        | None
    ) = None
    """The contract says nothing of it."""

    rights: (
        Annotated[
            dict[str, Annotated[str, Meta(extra_json_schema={"maxLength": 5})]],
            Meta(
                extra_json_schema={
                    "properties": {
                        "read": {"type": "string", "maxLength": 5},
                        "write": {"type": "string", "maxLength": 5},
                    }
                }
            ),
        ]
        | None
    ) = None
    """Known keys: `read`, `write`."""

    loose: list[NotNull[Annotated[int, Meta(extra_json_schema={"maximum": 9})]]] | None = None
    """The contract says nothing of it."""

    anything: dict[str, Any] | None = None
    """The contract says nothing of it."""

    sides: list[NotNull[ThingSidesItem]] | None = None
    """The contract says nothing of it."""

    def __attrs_pre_init__(self) -> None:
        # What an answer leaves out is None from the start: asking an empty slot costs the decoder an exception.
        self.meta = None
        self.parent = None
        self.date = None
        self.day = None
        self.uuid = None
        self.ratio = None
        self.labels = None
        self.created_time = None
        self.is_open = None
        self.color = None
        self.version = None
        self.shape = None
        self.size = None
        self.mixed = None
        self.free = None
        self.either = None
        self.rights = None
        self.loose = None
        self.anything = None
        self.sides = None

    def __attrs_post_init__(self) -> None:
        # The wire has these members in two forms; the annotation names the one that Python sees.
        if isinstance(self.created_time, str):
            self.created_time = milliseconds(self.created_time)
        if isinstance(self.is_open, str):
            self.is_open = flag(self.is_open)
        if self.loose and not all(self.loose):
            self.loose = [item for item in self.loose if item is not None]
        if self.sides and not all(self.sides):
            self.sides = [item for item in self.sides if item is not None]

    @property
    def createded_at(self) -> datetime | None:
        """`created_time` as an aware datetime (UTC); None when it is absent."""
        return moment(self.created_time)

    class Color(StrEnum):
        """Known values of `color`; tenants may have more, so members of answers are plain text."""

        RED = "red"
        """Red (zh: 红)."""
        GREEN = "green"


# Imported last: classes may name each other in a circle.
from .meta_model import MetaModel  # noqa: E402
from .thing_sides_item import ThingSidesItem  # noqa: E402
from .thing_votes import ThingVotes  # noqa: E402

# A member of this name hides the type inside the class.
_date = date
