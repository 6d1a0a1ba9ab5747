"""A long export: page by page into a file, flat in memory, and able to go on where it was interrupted."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from .errors import InvalidRequest
from .paging import Page
from .rows import Writer


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """What the file beside an unfinished export says."""

    query: str
    """A hash of what was asked for; another query cannot go on with this file."""
    began: datetime
    next_page: int
    size: int
    """Bytes of the export that are whole; what is behind them is cut off."""
    items: int


def progress_file(output: Path) -> Path:
    """The file beside an unfinished export."""
    return output.with_name(output.name + ".progress")


def fingerprint(*parts: object) -> str:
    """A hash of a query."""
    return hashlib.sha256("\0".join(map(repr, parts)).encode()).hexdigest()


def export(
    pages: Callable[[int, datetime], Iterator[Page[Any]]],
    writer: Writer,
    output: Path,
    query: str,
    *,
    resume: bool,
    tell: Callable[[int, int | None], None],
) -> int:
    """Write all pages to `output`; return the number of items.

    `pages` gets the number of the page to begin with, and the time when the export first began: what "7d" means must
    not change when it is resumed. After each page `tell` hears the items so far and the total. After an error or Ctrl-C
    the file holds whole pages, and `resume=True` goes on behind them. Raises `InvalidRequest` when there is nothing to
    resume, or when it was another query.
    """
    beside = progress_file(output)
    done = _progress(beside, output, query) if resume else None
    with output.open("r+b" if done else "wb") as file:
        if done is None:
            file.write(writer.head())
            done = Progress(query=query, began=datetime.now(UTC), next_page=1, size=file.tell(), items=0)
            _save(beside, done)
        file.seek(done.size)
        file.truncate()
        for page in pages(done.next_page, done.began):
            file.write(writer.items(page, first=done.items == 0))
            _synced(file)
            items = done.items + len(page)
            done = msgspec.structs.replace(done, next_page=page.number + 1, size=file.tell(), items=items)
            _save(beside, done)
            tell(items, page.total)
        file.write(writer.tail())
    beside.unlink()
    return done.items


def _progress(beside: Path, output: Path, query: str) -> Progress | None:
    if not beside.exists():
        if output.exists():
            raise InvalidRequest(f"{output} is complete; there is nothing to resume")
        return None
    try:
        found = msgspec.json.decode(beside.read_bytes(), type=Progress)
    except msgspec.MsgspecError:
        raise InvalidRequest(f"{beside} cannot be read; delete it and export anew") from None
    if found.query != query:
        raise InvalidRequest(f"{output} holds another query; export to another file, or without --resume")
    if not output.exists() or output.stat().st_size < found.size:
        raise InvalidRequest(f"{output} is shorter than its progress says; delete it and export anew")
    return found


def _synced(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _save(beside: Path, progress: Progress) -> None:
    fresh = beside.with_name(beside.name + ".new")
    fresh.write_bytes(msgspec.json.encode(progress))
    fresh.replace(beside)
