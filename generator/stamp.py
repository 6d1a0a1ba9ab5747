"""The stamp: from what, and with which tools, a client was generated, and what came out, as hashes."""

from __future__ import annotations

import hashlib
import stat
import tomllib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from attrs import field, frozen

NAME = "STAMP.toml"
TOOLS = ("openapi-python-client", "Jinja2", "ruff", "PyYAML")
_LEFT_BY_TOOLS = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".venv"}


@frozen
class Stamp:
    """Hashes by path (of inputs: relative to the repository; of outputs: to the client), versions by tool."""

    inputs: dict[str, str] = field(factory=dict)
    tools: dict[str, str] = field(factory=dict)
    outputs: dict[str, str] = field(factory=dict)

    def text(self, header: str) -> str:
        """The stamp as TOML."""
        lines = [header]
        for title in ("inputs", "tools", "outputs"):
            entries = getattr(self, title)
            lines += ["", f"[{title}]", *(f'"{name}" = "{value}"' for name, value in sorted(entries.items()))]
        return "\n".join(lines) + "\n"

    @classmethod
    def read(cls, folder: Path) -> Stamp:
        """The stamp of a client; an empty one, which fits nothing, when there is none or it cannot be read."""
        try:
            found = tomllib.loads((folder / NAME).read_text(encoding="utf-8"))
            return cls(found["inputs"], found["tools"], found["outputs"])
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError):
            return cls()


def files_in(folder: Path) -> dict[str, Path]:
    """All files below a folder by relative path, sorted; what interpreters and checkers leave behind does not count."""
    if not folder.is_dir():
        return {}
    found = (path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
    relative = {
        path.relative_to(folder).as_posix(): path
        for path in found
        if not _LEFT_BY_TOOLS & set(path.parts[len(folder.parts) :])
    }
    return dict(sorted(relative.items()))


def is_odd(path: Path, beside: Path) -> bool:
    """Whether a file of the right bytes is no plain file: a link, or executable where the stamp beside it is not."""
    executable = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH  # some file systems give every file these
    return path.is_symlink() or bool(path.stat().st_mode & executable) != bool(beside.stat().st_mode & executable)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def hashes(root: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Digests by path relative to `root`; a path outside of it goes by its name."""
    return {(p.relative_to(root).as_posix() if p.is_relative_to(root) else p.name): digest(p) for p in sorted(paths)}


def tool_versions() -> dict[str, str]:
    """The installed versions of the tools that shape the output."""
    return {name: version(name) for name in TOOLS}
