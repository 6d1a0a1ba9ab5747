"""The client's wheel and source distribution, built so that the same sources give the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from generator.problems import Problem, Refused
from generator.publishing.documents import ROOT, Json

CLIENT = ROOT / "generated_client"


def source_date_epoch(contract: Json) -> int:
    """Seconds since 1970 that stamp the archives: SOURCE_DATE_EPOCH, else the day of the page."""
    if stated := os.environ.get("SOURCE_DATE_EPOCH"):
        if not stated.isdecimal():
            raise Refused(
                f"SOURCE_DATE_EPOCH is {stated!r}; set it to whole seconds since 1970, or unset it.", exit_code=2
            )
        return int(stated)
    updated = contract["info"].get("x-source", {}).get("updated", "1980-01-01")
    return int(datetime.fromisoformat(updated).replace(tzinfo=UTC).timestamp())


def build_client(into: Path, epoch: int, client: Path = CLIENT) -> None:
    """Write the wheel and the sdist of the client. Refuses when the client is missing or does not build."""
    if not (client / "pyproject.toml").is_file():
        missing = Problem(client, 0, "there is no generated client", "run `python -m generator generate` first")
        raise Refused("The client cannot be packed.", [missing])
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(into), str(client)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
    built = subprocess.run(  # noqa: S603 - no word of it comes from outside
        command, env=environment, capture_output=True, text=True, check=False
    )
    if built.returncode != 0:
        last_words = "\n".join((built.stdout + built.stderr).strip().splitlines()[-15:])
        raise Refused(f"The client in {client} cannot be packed; `{' '.join(command[1:4])}` says:\n{last_words}")


def project_version(folder: Path) -> str:
    """The version that a folder's pyproject.toml states; empty when there is none."""
    path = folder / "pyproject.toml"
    if not path.is_file():
        return ""
    return str(tomllib.loads(path.read_text("utf-8")).get("project", {}).get("version", ""))
