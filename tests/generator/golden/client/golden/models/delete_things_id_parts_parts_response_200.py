# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import Meta

from ..runtime.wire import (
    Model,
    NotNull,
)


@attrs.define(kw_only=True, repr=False)
class DeleteThingsIdPartsPartsResponse200(Model):
    """The schema `DeleteThingsIdPartsPartsResponse200`."""

    options: list[NotNull[DeleteThingsIdPartsPartsResponse200OptionsItem]] | None = None
    """The contract says nothing of it."""

    items: list[NotNull[Annotated[str, Meta(extra_json_schema={"maxLength": 7})]]]
    """The contract says nothing of it."""

    def __attrs_pre_init__(self) -> None:
        # What an answer leaves out is None from the start: asking an empty slot costs the decoder an exception.
        self.options = None

    def __attrs_post_init__(self) -> None:
        if self.options and not all(self.options):
            self.options = [item for item in self.options if item is not None]
        if self.items and not all(self.items):
            self.items = [item for item in self.items if item is not None]


# Imported last: classes may name each other in a circle.
from .delete_things_id_parts_parts_response_200_options_item import (
    DeleteThingsIdPartsPartsResponse200OptionsItem,  # noqa: E402
)
