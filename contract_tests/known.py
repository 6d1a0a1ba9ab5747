"""Known failures: breaches that somebody has accepted for a time, by name, reason, link and date."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from attrs import frozen

MEMBERS = ("id", "reason", "link", "expires")


class KnownFailuresError(Exception):
    """The file cannot be used; the message says where and what would be right."""


@frozen
class KnownFailure:
    """One entry: the obligation's id, why it is accepted, where that is tracked, and the last day it holds."""

    id: str
    reason: str
    link: str
    expires: date


def load(path: Path, obligation_ids: set[str]) -> dict[str, KnownFailure]:
    """The entries of a YAML (or JSON) list, by id; every entry is whole, and names an obligation that exists."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise KnownFailuresError(f"{path}: cannot be read: {' '.join(str(error).split())}") from error
    if not isinstance(entries, list):
        raise KnownFailuresError(f"{path}: a list of entries is expected, each with {', '.join(MEMBERS)}.")
    found: dict[str, KnownFailure] = {}
    for number, entry in enumerate(entries, start=1):
        known = _entry(path, number, entry)
        if known.id not in obligation_ids:
            raise KnownFailuresError(f"{path}: entry {number}: the contract has no obligation {known.id}.")
        if known.id in found:
            raise KnownFailuresError(f"{path}: entry {number}: {known.id} is listed twice.")
        found[known.id] = known
    return found


def _entry(path: Path, number: int, entry: Any) -> KnownFailure:
    where = f"{path}: entry {number}"
    if not isinstance(entry, dict) or sorted(entry) != sorted(MEMBERS):
        raise KnownFailuresError(f"{where}: it needs exactly {', '.join(MEMBERS)}.")
    expires = entry["expires"]
    if isinstance(expires, str):
        try:
            expires = date.fromisoformat(expires)
        except ValueError:
            expires = None
    if type(expires) is not date:
        raise KnownFailuresError(f"{where}: expires must be a day, as in 2027-01-31.")
    texts = {name: entry[name] for name in ("id", "reason", "link")}
    if not all(isinstance(text, str) and text.strip() for text in texts.values()):
        raise KnownFailuresError(f"{where}: id, reason and link must be texts that say something.")
    return KnownFailure(**texts, expires=expires)
