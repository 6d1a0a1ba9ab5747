# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""The command line: list, export and count.

Exit codes: 0 done, 1 the service refused or failed, 2 a mistake in the command, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from msgspec import DecodeError, Struct, ValidationError

from . import errors
from .export import export, fingerprint, progress_file
from .filters import Expression, Field, Fields, Sort
from .operations import Operation, decoder
from .paging import Page
from .rows import FORMATS, Writer, shown
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
    """The property that `--since` compares, and by which an export is sorted: a page behind never moves."""
    path: tuple[str, ...] = ()
    """The parameters in the operation's path, each an argument of the command."""


_NO_TERMINAL = 100_000
"""Columns of an output that has no width of its own."""
Listings = dict[str, Listing]
Tell = Callable[[int, int | None], None]
"""Hears the items so far, and the total."""


def run(
    client_class: Callable[[], Any], listings: Listings, program: str, version: str, arguments: Sequence[str] | None
) -> int:
    """Carry out one command line; `client_class` makes the client once the words are understood."""
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
        print(f"{program}: interrupted", file=sys.stderr)
        return 130


def _complain(program: str, error: Exception, code: int) -> int:
    notes = "".join(f"\n  {note}" for note in getattr(error, "__notes__", ()))
    print(f"{program}: {error}{notes}", file=sys.stderr)
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
        parser.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
        parser.add_argument("--resume", action="store_true", help="go on with an export that was interrupted")


# --- the commands


class Asked(Struct, frozen=True):
    """What a command line asks for, its words understood."""

    client: Any
    options: argparse.Namespace
    listing: Listing
    columns: tuple[str, ...]
    sort: Sort | None

    def pages(
        self, *, first: int = 1, max_items: int | None = None, now: datetime | None = None
    ) -> Iterator[Page[Any]]:
        """The pages from number `first` on. A projection asks for the key as well: it guards against a repetition."""
        options, listing = self.options, self.listing
        query, paging = listing.operation.query, listing.operation.pagination
        asked: dict[str, Any] = {"max_items": max_items, "body": _body(options, listing)}
        if query and query.sort:
            asked["sort"] = self.sort
        if query and query.projection and options.fields:
            asked[query.projection] = list(dict.fromkeys([*self.columns, *([query.key] if query.key else [])]))
        if paging and paging.page:
            asked[paging.page] = first
            if paging.size and options.per_page is not None:
                asked[paging.size] = options.per_page
        where = _where(options, listing, now)
        pages: Iterator[Page[Any]] = getattr(self.client, listing.pages)(*_path(options, listing), where, **asked)
        return pages


def _list(client: Any, options: argparse.Namespace) -> int:
    listing: Listing = options.listing
    if options.limit < 0:
        raise errors.InvalidRequest(f"--limit is {options.limit}; it must be 0 or more")
    columns = _columns(options, listing.columns if options.format == "table" else listing.members)
    pages = Asked(client, options, listing, columns, _sort(options, listing)).pages(max_items=options.limit)
    if options.format == "table":
        return _table(list(pages), columns, listing, options.lang)
    return _stream(pages, Writer(options.format, columns), lambda _done, _total: None)


def _export(client: Any, options: argparse.Namespace) -> int:
    listing: Listing = options.listing
    columns = _columns(options, listing.members)
    sort = _sort(options, listing) or (Sort(listing.time, "asc") if listing.time else None)
    asked = Asked(client, options, listing, columns, sort)
    writer = Writer(options.format, columns)
    if options.output is None:
        if options.resume:
            raise errors.InvalidRequest("--resume needs --output, the file to go on with")
        with _progress_bar() as tell:
            return _stream(asked.pages(), writer, tell)
    query = fingerprint(
        listing.operation.name,
        options.where,
        columns,
        sort,
        options.format,
        getattr(options, "per_page", None),
        getattr(options, "since", None),
        *([options.body] if options.body else []),
        *_path(options, listing),
    )
    try:
        with _progress_bar() as tell:
            pages = lambda number, began: asked.pages(first=number, now=began)  # noqa: E731
            written = export(pages, writer, options.output, query, resume=options.resume, tell=tell)
    except (errors.TransportError, errors.StatusError, errors.AnswerError, errors.PagingError, KeyboardInterrupt):
        if progress_file(options.output).exists():
            print(f"{options.output} holds whole pages so far; go on with --resume", file=sys.stderr)
        raise
    print(f"{written:,} items in {options.output}", file=sys.stderr)
    return 0


def _stream(pages: Iterator[Page[Any]], writer: Writer, tell: Tell) -> int:
    done = 0
    _out(writer.head())
    for page in pages:
        _out(writer.items(page, first=done == 0))
        done += len(page)
        tell(done, page.total)
    _out(writer.tail())
    return 0


def _count(client: Any, options: argparse.Namespace) -> int:
    listing: Listing = options.listing
    named = getattr(options, "named", None)
    base = _where(options, listing)
    if not named:
        body = _body(options, listing)
        pages = getattr(client, listing.pages)(*_path(options, listing), base, max_items=1, body=body)
        print(next((page.total for page in pages), 0))
        return 0
    counts = {}
    for text in named:
        name, equals, condition = text.partition("=")
        if not equals or not name.strip() or name.strip() in counts:
            raise errors.InvalidRequest(f"{text!r} is no NAME=CONDITION with a name of its own: mine={listing.example}")
        found = parsed(condition, listing.fields)
        counts[name.strip()] = found if base is None else base & found
    body = _body(options, listing)
    for name, number in getattr(client, listing.count)(*_path(options, listing), body=body, **counts).items():
        print(f"{name}\t{number}")
    return 0


COMMANDS: dict[str, tuple[Callable[[Any, argparse.Namespace], int], str]] = {
    "list": (_list, "show items that satisfy a condition"),
    "export": (_export, "write all items that satisfy a condition to a file"),
    "count": (_count, "count items by conditions"),
}


# --- what the options mean


def _where(options: argparse.Namespace, listing: Listing, now: datetime | None = None) -> Expression | None:
    now = now or datetime.now(UTC)
    where = parsed(options.where, listing.fields, now=now) if options.where else None
    since = getattr(options, "since", None)
    if since:
        after = listing.fields[listing.time] > moment_of(since, now)
        where = after if where is None else where & after
    return where


def _body(options: argparse.Namespace, listing: Listing) -> Any:
    """The further members of the request; None when there are none."""
    if not options.body:
        return None
    try:
        return decoder(listing.operation.body_type).decode(options.body)
    except (ValidationError, DecodeError) as error:
        raise errors.InvalidRequest(f"--body is no body of {listing.operation.name}: {error}") from None


def _known(name: str, listing: Listing) -> Field:
    if name not in listing.members:
        raise errors.InvalidRequest(f"{name!r} is no property; there are {', '.join(listing.members)}")
    return listing.fields[name]


def _sort(options: argparse.Namespace, listing: Listing) -> Sort | None:
    if not options.sort:
        return None
    name, _, direction = options.sort.partition(":")
    if direction not in ("", "asc", "desc"):
        raise errors.InvalidRequest(f"--sort {options.sort}: the direction is asc or desc")
    field = _known(name, listing)
    return field.desc() if direction == "desc" else field.asc()


def _columns(options: argparse.Namespace, default: tuple[str, ...]) -> tuple[str, ...]:
    if not options.fields:
        return default
    names = tuple(name.strip() for name in options.fields.split(",") if name.strip())
    for name in names:
        _known(name, options.listing)
    return names


def _path(options: argparse.Namespace, listing: Listing) -> list[str]:
    return [getattr(options, name) for name in listing.path]


# --- output


def _out(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _need_rich(error: ImportError) -> NoReturn:
    raise errors.InvalidRequest("tables and progress bars need the extra: pip install 'coc-incidents[cli]'") from error


def _table(pages: list[Page[Any]], columns: tuple[str, ...], listing: Listing, lang: str) -> int:
    try:
        from rich.console import Console  # noqa: PLC0415
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415
    except ImportError as error:
        _need_rich(error)
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for page in pages:
        for item in page:
            table.add_row(*(Text(shown(item, name, listing.times, lang)) for name in columns))
    # Into a file or a pipe nothing is cut: an id that lacks its end is of no use to the next program.
    console = Console() if sys.stdout.isatty() else Console(width=_NO_TERMINAL)
    console.print(table)
    total = pages[-1].total if pages else 0
    print(f"{sum(map(len, pages))} of {'?' if total is None else total} items", file=sys.stderr)
    return 0


@contextmanager
def _progress_bar() -> Iterator[Tell]:
    """A bar on standard error, and only where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    try:
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn  # noqa: PLC0415
    except ImportError as error:
        _need_rich(error)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("items", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
