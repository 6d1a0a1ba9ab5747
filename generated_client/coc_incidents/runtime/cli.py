# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""The command line: list, export and count.

Exit codes: 0 done, 1 the service refused or failed, 2 a mistake in the command, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import UNSET, Struct

from . import errors
from .answers import without
from .arguments import (
    Listing,
    body_of,
    columns_of,
    counts_of,
    path_of,
    sort_of,
    where_of,
)
from .bodies import changed, member
from .display import Tell, out, progress_bar, say, table, write_anything
from .export import export, fingerprint, part_of, progress_of
from .filters import Sort
from .operations import Pagination
from .paging import Page
from .rows import FORMATS, Writer

Listings = dict[str, Listing]
STANDARD_OUTPUT = Path("-")


def run(
    client_class: Callable[[], Any], listings: Listings, program: str, version: str, arguments: Sequence[str] | None
) -> int:
    """Carry out one command line; `client_class` makes the client once the words are understood."""
    write_anything()
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser(listings, program, version).parse_args(given)
    try:
        with client_class() as client:
            command: Callable[[Any, argparse.Namespace], int] = options.run
            return command(client, options)
    except (errors.InvalidRequest, errors.CredentialsMissing) as error:
        return _complain(program, error, 2)
    except errors.Error as error:
        return _complain(program, error, 1)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            # The reader has gone, as `head` does; Python must not try to write to it at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        return _complain(program, error, 1)
    except KeyboardInterrupt:
        say(f"{program}: interrupted")
        return 130


def _complain(program: str, error: Exception, code: int) -> int:
    notes = "".join(f"\n  {note}" for note in getattr(error, "__notes__", ()))
    say(f"{program}: {error}{notes}")
    return code


def _parser(listings: Listings, program: str, version: str) -> argparse.ArgumentParser:
    """The first listing's commands stand alone; those of every other are under its name: `histories list IM1`."""
    parser = argparse.ArgumentParser(prog=program, description="Credentials and endpoint come from the environment.")
    parser.add_argument("--version", action="version", version=f"{program} {version}")
    groups = {noun: _group(noun, next(iter(listings))) for noun in [*listings][1:]}
    commands = parser.add_subparsers(required=True, metavar=" | ".join([*COMMANDS, *groups.values()]))
    for noun, listing in listings.items():
        if noun in groups:
            about = f"the same of {noun.replace('_', ' ')}"
            group = commands.add_parser(groups[noun], help=about, description=about.capitalize() + ".")
            _add_commands(group.add_subparsers(required=True, metavar=" | ".join(COMMANDS)), listing)
        else:
            _add_commands(commands, listing)
    return parser


def _group(noun: str, first: str) -> str:
    """What stands before a further listing's commands: `incidents_histories`, after `incidents`, is `histories`."""
    short = noun.removeprefix(f"{first}_")
    return (noun if short in COMMANDS else short).replace("_", "-")


def _add_commands(commands: Any, listing: Listing) -> None:
    for name, (run_, about) in COMMANDS.items():
        command = commands.add_parser(name, help=about, description=about.capitalize() + ".")
        command.set_defaults(run=run_, listing=listing)
        for parameter in listing.path:
            command.add_argument(parameter, metavar=parameter.upper())
        _add_options(command, name, listing)


def _add_options(parser: argparse.ArgumentParser, command: str, listing: Listing) -> None:
    parser.add_argument("--where", metavar="CONDITION", help=f"such as: {listing.example}" if listing.example else None)
    if listing.time:
        parser.add_argument(
            "--since", metavar="TIME", help=f"{listing.time} after: 7d, 12h, 2025-04-10, 2025-04-10T08:00:00Z"
        )
    parser.add_argument("--body", metavar="JSON", help="further members of the request, as an object")
    if command == "count":
        if listing.count:
            parser.add_argument(
                "named", nargs="*", metavar="NAME=CONDITION", help="count by several conditions in one request"
            )
        return
    parser.add_argument("--sort", metavar="FIELD[:asc|desc]", help="sort by a property; asc unless said")
    parser.add_argument("--fields", metavar="A,B,…", help=f"of {', '.join(listing.members)}")
    if listing.operation.pagination and listing.operation.pagination.size:
        parser.add_argument("--per-page", type=int, metavar="N", help="items a request asks for")
    if command == "list":
        parser.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many (default: 50)")
        parser.add_argument("--format", choices=FORMATS, default="table")
        parser.add_argument("--lang", choices=("en", "zh"), default="en", help="display names in a table (default: en)")
    else:
        parser.add_argument("--format", choices=FORMATS[1:], default="jsonl")
        parser.add_argument(
            "--output", type=Path, default=STANDARD_OUTPUT, metavar="FILE", help="default: -, standard output"
        )
        if listing.operation.pagination and listing.operation.pagination.page:
            parser.add_argument("--resume", action="store_true", help="go on with an export that was interrupted")
        else:
            parser.set_defaults(resume=False)  # one answer has no part behind which to go on


class Asked(Struct, frozen=True):
    """What a command line asks for, its words understood."""

    client: Any
    options: argparse.Namespace
    listing: Listing
    columns: tuple[str, ...]
    sort: Sort | None

    def pages(
        self, *, first: int | None = None, max_items: int | None = None, now: datetime | None = None
    ) -> Iterator[Page[Any]]:
        """The pages from number `first` on, else from the body's, else from the first.

        A projection asks for the key as well: it tells items that come again.
        """
        options, listing = self.options, self.listing
        query, paging = listing.operation.query, listing.operation.pagination
        body = body_of(options, listing)
        asked: dict[str, Any] = {"max_items": max_items}
        if query and query.sort:
            asked["sort"] = self.sort
        if query and query.projection and options.fields:
            asked[query.projection] = list(dict.fromkeys([*self.columns, *filter(None, [query.key_name or query.key])]))
        if paging and paging.page:
            begins, body = _without_page(body, paging)
            asked[paging.page] = first or begins
            if paging.size and options.per_page is not None:
                asked[paging.size] = options.per_page
        where = where_of(options, listing, now)
        method = getattr(self.client, listing.pages)
        pages: Iterator[Page[Any]] = method(*path_of(options, listing), where, body=body, **asked)
        return pages


def _without_page(body: Any, paging: Pagination) -> tuple[int, Any]:
    """The page of a body, 1 unless it has one, and the body without it."""
    begins = 1 if body is None else member(body, paging.page, type(body))
    return (1, body) if begins in (1, UNSET) else (begins, changed(body, {paging.page: UNSET}, type(body)))


def _list(client: Any, options: argparse.Namespace) -> int:
    listing: Listing = options.listing
    if options.limit < 0:
        raise errors.InvalidRequest(f"--limit is {options.limit}; it must be 0 or more")
    columns = columns_of(options, listing.columns if options.format == "table" else listing.members)
    pages = Asked(client, options, listing, columns, sort_of(options, listing)).pages(max_items=options.limit)
    if options.format != "table":
        return _stream(pages, Writer(options.format, columns), lambda _done, _total: None, out)
    found: list[Page[Any]] = []
    try:
        found.extend(pages)
    except errors.ItemsMissing:
        table(found, columns, listing.times, options.lang)
        raise
    table(found, columns, listing.times, options.lang)
    return 0


def _export(client: Any, options: argparse.Namespace) -> int:
    listing: Listing = options.listing
    columns = columns_of(options, listing.members)
    sort = sort_of(options, listing) or (Sort(listing.time, "asc") if listing.time else None)
    asked = Asked(client, options, listing, columns, sort)
    writer = Writer(options.format, columns)
    if options.output.is_dir():
        raise errors.InvalidRequest(f"{options.output} is a folder; name a file in it")
    if options.output == STANDARD_OUTPUT or (options.output.exists() and not options.output.is_file()):
        if options.resume:
            raise errors.InvalidRequest("--resume needs --output, the file to go on with")
        return _export_through(asked, writer, options.output)
    output = Path(os.path.realpath(options.output))  # a link stays, and its file is replaced
    query = fingerprint(
        listing.operation.name,
        options.where,
        columns,
        sort,
        options.format,
        getattr(options, "per_page", None),
        getattr(options, "since", None),
        *([options.body] if options.body else []),
        *path_of(options, listing),
    )
    try:
        with progress_bar() as tell:
            pages = lambda number, began: asked.pages(first=number, now=began)  # noqa: E731
            written = export(pages, writer, output, query, resume=options.resume, tell=tell)
    except (errors.TransportError, errors.StatusError, errors.AnswerError, errors.PagingError, KeyboardInterrupt):
        if progress_of(output).exists():
            say(f"{part_of(output)} holds whole pages so far; go on with --resume")
        elif part_of(output).exists():
            say(f"{part_of(output)} holds what came; export anew")
        raise
    say(f"{written:,} items in {options.output}")
    return 0


def _export_through(asked: Asked, writer: Writer, output: Path) -> int:
    """To standard output, or to what is no file: nothing can be taken back there, nor gone on with."""
    with progress_bar() as tell:
        if output == STANDARD_OUTPUT:
            return _stream(asked.pages(), writer, tell, out)
        with output.open("wb", buffering=0) as file:
            return _stream(asked.pages(), writer, tell, file.write)


def _stream(pages: Iterator[Page[Any]], writer: Writer, tell: Tell, write: Callable[[bytes], object]) -> int:
    done = 0
    write(writer.head())
    for page in pages:
        write(writer.items(page, first=done == 0))
        done += len(page)
        tell(done, page.total)
    write(writer.tail())
    return 0


def _count(client: Any, options: argparse.Namespace) -> int:
    listing: Listing = options.listing
    operation, path = listing.operation, path_of(options, listing)
    counts, body = counts_of(options, listing), body_of(options, listing)
    if counts:
        found = getattr(client, listing.count)(*path, counts, body=body)
        print("\n".join(f"{name}\t{number}" for name, number in found.items()))
        return 0
    paging = operation.pagination or Pagination(items=())
    if body is not None and member(body, paging.total_wanted, operation.body_type) in (False, "false"):
        raise errors.InvalidRequest(f"--body says that {paging.total_wanted} is false; without names, count needs it")
    _, body = _without_page(body, paging)
    page = next(getattr(client, listing.pages)(*path, where_of(options, listing), max_items=1, body=body))
    if page.total is None:
        raise without(paging.total, operation, page.answer)
    print(page.total)
    return 0


COMMANDS: dict[str, tuple[Callable[[Any, argparse.Namespace], int], str]] = {
    "list": (_list, "show items that satisfy a condition"),
    "export": (_export, "write all items that satisfy a condition to a file"),
    "count": (_count, "count items by conditions"),
}
