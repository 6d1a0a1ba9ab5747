# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""What the command line shows: a table, a bar, sentences. Nothing that a terminal would obey, in any encoding."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from .errors import InvalidRequest
from .paging import Page
from .rows import printable, shown

_NO_TERMINAL = 100_000
"""Columns of an output that has no width of its own."""
Tell = Callable[[int, int | None], None]
"""Hears the items so far, and the total."""


def write_anything() -> None:
    """What the encoding of an output does not have is written as an escape, as in `\\u78c1`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """A sentence for people, on standard error; it may have lines of its own."""
    print("\n".join(map(printable, text.split("\n"))), file=sys.stderr)


def out(data: bytes) -> None:
    """Bytes for programs, on standard output."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def table(pages: Sequence[Page[Any]], columns: Sequence[str], times: frozenset[str], lang: str) -> None:
    """All items as a table, and how many there are."""
    try:
        from rich.console import Console  # noqa: PLC0415
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415
    except ImportError as error:
        _need_rich(error)
    found = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for page in pages:
        for item in page:
            found.add_row(*(Text(shown(item, name, times, lang)) for name in columns))
    # Into a file or a pipe nothing is cut: an id that lacks its end is of no use to the next program.
    console = Console() if sys.stdout.isatty() else Console(width=_NO_TERMINAL)
    console.print(found)
    total = pages[-1].total if pages else 0
    say(f"{sum(map(len, pages))} of {'?' if total is None else total} items")


@contextmanager
def progress_bar() -> Iterator[Tell]:
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


def _need_rich(error: ImportError) -> NoReturn:
    raise InvalidRequest("tables and progress bars need the extra: pip install 'coc-incidents[cli]'") from error
