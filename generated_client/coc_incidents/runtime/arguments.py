# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""What the words of a command line mean: conditions, bodies, columns, orders."""

from __future__ import annotations

import argparse
import difflib
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import DecodeError, Struct, ValidationError

from .decoding import decoder
from .errors import InvalidRequest
from .filters import Expression, Field, Fields, Sort
from .operations import Operation
from .validation import unknown_members
from .where import moment_of, parsed


class Listing(Struct, frozen=True, kw_only=True):
    """One operation that lists items, as the command line sees it."""

    operation: Operation[Any]
    pages: str
    """The name of the client's method that iterates over pages."""
    count: str = ""
    """The name of the client's method that counts; empty when the operation cannot."""
    fields: Fields
    members: tuple[str, ...]
    """All properties of an item, in the contract's order."""
    columns: tuple[str, ...]
    """The properties that a table shows."""
    times: frozenset[str] = frozenset()
    example: str = ""
    """A condition on such items."""
    time: str = ""
    """The property that `--since` compares, and by which an export is sorted: new items come behind what was read."""
    path: tuple[str, ...] = ()
    """The parameters in the operation's path, each an argument of the command."""


def where_of(options: argparse.Namespace, listing: Listing, now: datetime | None = None) -> Expression | None:
    """The filter of `--where` and `--since`; None without them."""
    now = now or datetime.now(UTC)
    where = parsed(options.where, listing.fields, now=now) if options.where else None
    since = getattr(options, "since", None)
    if since:
        after = listing.fields[listing.time] > moment_of(since, now)
        where = after if where is None else where & after
    return where


def body_of(options: argparse.Namespace, listing: Listing) -> Any:
    """The further members of the request; None when there are none.

    Here a member that the contract does not know is a slip of the finger. Raises `InvalidRequest` with what was meant.
    """
    if not options.body:
        return None
    operation = listing.operation
    try:
        body = decoder(operation.body_type).decode(options.body)
    except (ValidationError, DecodeError, RecursionError) as error:
        raise InvalidRequest(f"--body is no body of {operation.name}: {error}") from None
    for place, name, known in unknown_members(msgspec.json.decode(options.body), operation.body_type):
        near = difflib.get_close_matches(name, known, 3, 0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
        raise InvalidRequest(f"--body has {place}, which {operation.name} does not know; {hint}", member=place)
    return body


def sort_of(options: argparse.Namespace, listing: Listing) -> Sort | None:
    """The order that `--sort` asks for; None without it."""
    if not options.sort:
        return None
    name, _, direction = options.sort.partition(":")
    if direction not in ("", "asc", "desc"):
        raise InvalidRequest(f"--sort {options.sort}: the direction is asc or desc")
    field = _known(name, listing)
    return field.desc() if direction == "desc" else field.asc()


def columns_of(options: argparse.Namespace, default: tuple[str, ...]) -> tuple[str, ...]:
    """The properties that `--fields` names, else the default."""
    if options.fields is None:
        return default
    names = tuple(name.strip() for name in options.fields.split(",") if name.strip())
    for name in names:
        _known(name, options.listing)
    if not names:
        members = ", ".join(options.listing.members)
        raise InvalidRequest(f"--fields {options.fields!r} names no property; there are {members}")
    return names


def path_of(options: argparse.Namespace, listing: Listing) -> list[str]:
    """The values of the parameters in the path."""
    return [getattr(options, name) for name in listing.path]


def counts_of(options: argparse.Namespace, listing: Listing) -> dict[str, Expression]:
    """The filters to count by, by name, each with `--where` and `--since`; empty where none is named."""
    base = where_of(options, listing)
    counts: dict[str, Expression] = {}
    for text in getattr(options, "named", None) or ():
        name, equals, condition = text.partition("=")
        if not equals or not name.strip() or name.strip() in counts:
            raise InvalidRequest(f"{text!r} is no NAME=CONDITION with a name of its own: mine={listing.example}")
        found = parsed(condition, listing.fields)
        counts[name.strip()] = found if base is None else base & found
    return counts


def _known(name: str, listing: Listing) -> Field:
    if name not in listing.members:
        raise InvalidRequest(f"{name!r} is no property; there are {', '.join(listing.members)}")
    return listing.fields[name]
