"""Making a folder aside and putting it in the place of another: all or nothing, whenever the process is killed."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_AT_FDCWD = -100
_EXCHANGE = 2
_OLD = "old"


@contextmanager
def aside(target: Path) -> Iterator[Path]:
    """A folder beside a target, on the same file system, to work in; gone afterwards, and after a kill at the next run.

    Whoever works in one holds a lock on it, which dies with the process: what is not locked is nobody's any more.
    """
    recover(target)
    folder = Path(tempfile.mkdtemp(prefix=_prefix(target), dir=target.parent))
    lock = _locked(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def recover(target: Path) -> None:
    """Remove what killed runs left beside a target; the old folder goes back where the new one did not get to."""
    for folder in target.parent.glob(f"{_prefix(target)}*"):
        if folder.is_dir() and not folder.is_symlink() and (lock := _locked(folder)) is not None:
            if (folder / _OLD).is_dir() and not target.exists():
                (folder / _OLD).rename(target)
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def into_place(folder: Path, target: Path) -> None:
    """Put `folder`, which lies in one that is `aside`, where `target` is; the old one is left in its place."""
    if not target.exists():
        folder.rename(target)
    elif not _exchanged(folder, target):
        # Where the kernel cannot exchange two names: between the renames the old folder waits where `recover` looks.
        target.rename(folder.parent / _OLD)
        folder.rename(target)


def _prefix(target: Path) -> str:
    return f".{target.name}.new-"


def _locked(folder: Path) -> int | None:
    """A lock on a folder; None while another process holds it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _exchanged(one: Path, other: Path) -> bool:
    """Let two names change places in one step; False where the system cannot."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    done: int = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE)
    return done == 0
