# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""A long export: page by page into a file, flat in memory, and able to go on where it was interrupted.

The pages go to FILE.part, which becomes FILE once it is whole: what was FILE before stays until then. Beside it stands
FILE.part.progress. Nothing is touched before the first page has come.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from .errors import InvalidRequest, ItemsMissing, PagingError
from .paging import Page
from .rows import Writer

Pages = Callable[[int | None, datetime], Iterator[Page[Any]]]
"""Gets the number of the page to begin with, None for the first, and the time when the export first began."""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """What the file beside an unfinished export says."""

    query: str
    """A hash of what was asked for; another query cannot go on with this file."""
    began: datetime
    next_page: int
    size: int
    """Bytes of the export that are whole; what is behind them is cut off."""
    items: int
    total: int | None = None
    """How many items there were; None where the service does not say, and in files of older versions."""


def part_of(output: Path) -> Path:
    """The file that holds an unfinished export."""
    return output.with_name(output.name + ".part")


def progress_of(output: Path) -> Path:
    """The file beside it, which says how far it is."""
    return output.with_name(output.name + ".part.progress")


def fingerprint(*parts: object) -> str:
    """A hash of a query."""
    return hashlib.sha256("\0".join(map(repr, parts)).encode()).hexdigest()


def export(
    pages: Pages,
    writer: Writer,
    output: Path,
    query: str,
    *,
    resume: bool,
    tell: Callable[[int, int | None], None],
) -> int:
    """Write all pages to `output`; return the number of items.

    What "7d" means must not change when an export is resumed, so `pages` hears when it began. After each page `tell`
    hears the items so far and the total. After an error or Ctrl-C, FILE.part holds whole pages, and `resume=True` goes
    on behind them. Raises `InvalidRequest` when there is nothing to resume, or when it was another query, and
    `PagingError` when the pages have moved since.
    """
    done = _progress(output, query) if resume else None
    began = done.began if done else datetime.now(UTC)
    found = pages(done.next_page if done else None, began)
    first = next(found)
    if done is not None and done.total is not None and first.total is not None and first.total < done.total:
        raise PagingError(
            f"{output} cannot be gone on with: there are {first.total:,} items now, and there were {done.total:,}, so "
            "that the pages have moved; export anew, without --resume",
            page=first.number,
        )
    with part_of(output).open("r+b" if done else "wb") as file:
        if done is None:
            file.write(writer.head())
            done = Progress(query=query, began=began, next_page=first.number, size=file.tell(), items=0)
        file.seek(done.size)
        file.truncate()
        items = _written(file, output, done, _again(first, found), writer=writer, tell=tell)
        file.write(writer.tail())
        _synced(file)
    if output.exists():
        shutil.copymode(output, part_of(output))
    part_of(output).replace(output)
    for beside in (progress_of(output), _older_progress_of(output)):
        beside.unlink(missing_ok=True)
    return items


def _again(first: Page[Any], others: Iterator[Page[Any]]) -> Iterator[Page[Any]]:
    yield first
    yield from others


def _written(
    file: BinaryIO,
    output: Path,
    done: Progress,
    pages: Iterator[Page[Any]],
    *,
    writer: Writer,
    tell: Callable[[int, int | None], None],
) -> int:
    """Write the pages, and how far they are wherever the export could go on from there."""
    items = done.items
    try:
        for page in pages:
            file.write(writer.items(page, first=items == 0))
            _synced(file)
            items += len(page)
            if page.resume_at is not None:
                done = msgspec.structs.replace(
                    done, next_page=page.resume_at, size=file.tell(), items=items, total=page.total
                )
                _save(progress_of(output), done)
            tell(items, page.total)
    except ItemsMissing:
        # Going on would not find them, and would make the export look whole.
        progress_of(output).unlink(missing_ok=True)
        raise
    return items


def _progress(output: Path, query: str) -> Progress | None:
    """How far an export is; None when none was begun."""
    _adopt(output)
    part, beside = part_of(output), progress_of(output)
    if not beside.exists():
        if part.exists():
            raise InvalidRequest(f"{part} cannot be gone on with; export anew, without --resume")
        if output.exists():
            raise InvalidRequest(f"{output} is complete; there is nothing to resume")
        return None
    try:
        found = msgspec.json.decode(beside.read_bytes(), type=Progress)
    except msgspec.MsgspecError:
        raise InvalidRequest(f"{beside} cannot be read; export anew, without --resume") from None
    if found.query != query:
        raise InvalidRequest(f"{part} holds another query; export to another file, or without --resume")
    if not part.exists() or part.stat().st_size < found.size:
        raise InvalidRequest(f"{part} is shorter than its progress says; export anew, without --resume")
    return found


def _adopt(output: Path) -> None:
    """An unfinished export of a version before 1.2 stands in FILE itself, with FILE.progress beside it."""
    older = _older_progress_of(output)
    with suppress(FileNotFoundError):
        if older.exists() and not part_of(output).exists():
            output.rename(part_of(output))
            older.rename(progress_of(output))


def _older_progress_of(output: Path) -> Path:
    return output.with_name(output.name + ".progress")


def _synced(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _save(beside: Path, progress: Progress) -> None:
    fresh = beside.with_name(beside.name + ".new")
    fresh.write_bytes(msgspec.json.encode(progress))
    fresh.replace(beside)
