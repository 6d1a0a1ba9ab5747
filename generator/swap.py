"""Putting one folder in the place of another: all or nothing, whenever the process is killed."""

from __future__ import annotations

import ctypes
import os
import shutil
from pathlib import Path

_AT_FDCWD = -100
_EXCHANGE = 2


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def recover(target: Path) -> None:
    """Undo a swap that was killed half-way: without a target, the old folder goes back to its place."""
    old = _aside(target)
    if old.is_dir() and not target.exists():
        old.rename(target)
    elif old.is_dir():
        shutil.rmtree(old)


def into_place(folder: Path, target: Path) -> None:
    """Put `folder` where `target` is, on the same file system; the old folder is removed at the end."""
    recover(target)
    if not target.exists():
        folder.rename(target)
    elif not _exchanged(folder, target):
        # Where the kernel cannot exchange two names: between the two renames the old folder waits under a known name.
        target.rename(_aside(target))
        folder.rename(target)
        shutil.rmtree(_aside(target))


def _exchanged(one: Path, other: Path) -> bool:
    """Let two names change places in one step; False where the system cannot."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    done: int = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE)
    return done == 0
