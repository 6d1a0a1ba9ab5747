# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
"""The command line `golden`: list, export and count."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from . import fields, operations
from .client import Client
from .runtime.arguments import Listing
from .runtime.cli import run

LISTINGS: dict[str, Listing] = {
    "things": Listing(
        operation=operations.LIST_THINGS,
        pages="iter_things_pages",
        count="count_things",
        fields=fields.things,
        members=(
            "id",
            "kind",
            "votes",
            "meta",
            "parent",
            "date",
            "day",
            "uuid",
            "ratio",
            "labels",
            "created_time",
            "is_open",
            "color",
            "version",
            "shape",
            "size",
            "mixed",
            "free",
            "either",
            "rights",
            "loose",
            "anything",
            "sides",
        ),
        columns=("id", "kind", "votes", "meta", "parent", "date"),
        times=frozenset(("created_time",)),
        example='color in (red, green) and kind ~ "a"',
        time="",
        path=(),
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; see `golden --help`."""
    return run(Client.from_env, LISTINGS, "golden", "1.2.3", arguments)


if __name__ == "__main__":
    sys.exit(main())
