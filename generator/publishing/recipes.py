"""Recipes: how each language takes the contract, and the program that proves its client against a running service.

A recipe is a folder of `generator/languages/` with a `recipe.yaml`; its files are copied into a work folder beside
what is published, and its commands run there. A further language is a further folder.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from attrs import field, frozen

from generator.document import load
from generator.problems import Refused
from generator.publishing.documents import ROOT, Json, operations
from generator.publishing.service import TOKEN, mock_service, wire_service

LANGUAGES = ROOT / "generator" / "languages"
WORK = ROOT / "build" / "languages"
TIME_LIMIT = 900
"""Seconds that one command of a recipe may take; a first Rust or Java build on two cores takes minutes."""

TAIL = 25


@frozen
class Tool:
    """A command that a recipe needs and does not install itself."""

    command: str
    install: str


@frozen
class Recipe:
    """One language, one generator. The words are those of `recipe.yaml`."""

    name: str
    title: str
    generator: str
    version: str
    takes: str
    """The form of the contract that `generate` reads, a file below openapi/."""
    tools: list[Tool]
    generate: list[str]
    keeps: list[str]
    """What is published: paths in the work folder, written by `generate`."""
    build: list[str]
    run: str
    """The program: exit 0 when every answer is right. Empty for a recipe whose `build` is the whole proof."""
    program: str
    verified: str
    watch: str

    @property
    def folder(self) -> Path:
        return LANGUAGES / self.name

    def missing(self) -> list[Tool]:
        return [tool for tool in self.tools if shutil.which(tool.command, path=_path()) is None]


@frozen
class Outcome:
    """What became of one recipe."""

    recipe: Recipe
    state: str
    """`passed`, `generated`, `failed` or `skipped`."""
    says: str
    seconds: float = field(default=0.0)

    def __str__(self) -> str:
        return f"{self.state:9} {self.recipe.name:20} {self.says} ({self.seconds:.0f} s)"


def names() -> list[str]:
    """The languages there are recipes for."""
    return sorted(path.parent.name for path in LANGUAGES.glob("*/recipe.yaml"))


def read(name: str) -> Recipe:
    """Read one recipe."""
    data = load(LANGUAGES / name / "recipe.yaml").data
    tools = [Tool(**tool) for tool in data.pop("tools")]
    return Recipe(name=name, tools=tools, **data)


def choose(wanted: list[str], *, everything: bool) -> list[Recipe]:
    """The recipes named, or all when none is named and `everything` is asked for. Refuses a name without a recipe."""
    if unknown := [name for name in wanted if name not in names()]:
        raise Refused(f"No recipe for {', '.join(unknown)}; there are {', '.join(names())}.", exit_code=2)
    return [read(name) for name in wanted or (names() if everything else [])]


def versions(recipes: list[Recipe]) -> dict[str, str]:
    """The versions of the generators of some recipes."""
    return {recipe.generator: recipe.version for recipe in recipes if recipe.version}


def table() -> str:
    """All recipes as the Markdown table of docs/languages.md."""
    columns = ("title", "generator", "version", "takes", "verified", "watch")
    rows = ["| " + " | ".join(getattr(read(name), column) for column in columns) + " |" for name in names()]
    head = ["| language | generator | version | takes | verified | watch for |", "|---|---|---|---|---|---|"]
    return "\n".join(head + rows)


def carry_out(recipes: list[Recipe], published: Path, *, verify: bool) -> Iterator[Outcome]:
    """Generate each client into `published`/clients and, to verify, build and run its program against a mock."""
    for recipe in recipes:
        if missing := recipe.missing():
            hints = "; ".join(f"{tool.command} is missing, install it with: {tool.install}" for tool in missing)
            yield Outcome(recipe, "skipped", hints)
            continue
        started = time.monotonic()
        try:
            state, says = _carry_out(recipe, published, verify=verify)
        except (CommandFailed, Refused) as failure:  # the next recipe may fare better
            state, says = "failed", str(failure)
        yield Outcome(recipe, state, says, time.monotonic() - started)


def _carry_out(recipe: Recipe, published: Path, *, verify: bool) -> tuple[str, str]:
    work = _work_folder(recipe, published)
    for command in recipe.generate:
        run_command(command, work)
    for kept in recipe.keeps:
        _copy(work / kept, published / "clients" / recipe.name / kept)
    if not verify:
        return "generated", f"{recipe.generator} {recipe.version}"
    _verify(recipe, work)
    return "passed", recipe.verified


def _verify(recipe: Recipe, work: Path) -> None:
    """Build; the program must be content with the right token, and must not be with a wrong one."""
    for command in recipe.build:
        run_command(command, work)
    if not recipe.run:
        return
    contract = load(work / "published" / "openapi" / "openapi-3.1.json").data
    with _service(recipe, work, contract) as address:
        example = work / "published" / "examples" / operations(contract)[0].example_files()[0]
        settings = {"COC_ENDPOINT": address, "COC_EXAMPLE": str(example)}
        run_command(recipe.run, work, {**settings, "COC_AUTH_TOKEN": TOKEN})
        try:
            run_command(recipe.run, work, {**settings, "COC_AUTH_TOKEN": "wrong"})
        except CommandFailed:
            return
    raise CommandFailed(f"`{recipe.run}` exits with 0 although its token is wrong: it proves nothing")


def _service(recipe: Recipe, work: Path, contract: Json) -> AbstractContextManager[str]:
    """The mock for a recipe: one that sends what the wire form expects to a client that was generated from it."""
    if "wire" not in recipe.takes:
        return mock_service(work)
    return wire_service(work, contract, load(work / "published" / "openapi" / recipe.takes).data)


def _work_folder(recipe: Recipe, published: Path) -> Path:
    """The folder that a recipe's commands run in: its files, what is published, and earlier caches."""
    work = WORK / recipe.name
    for kept in recipe.keeps:
        shutil.rmtree(work / Path(kept).parts[0], ignore_errors=True)
    shutil.copytree(recipe.folder, work, dirs_exist_ok=True)
    shutil.rmtree(work / "published", ignore_errors=True)
    shutil.copytree(published, work / "published", ignore=shutil.ignore_patterns("clients"))
    return work


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


class CommandFailed(Exception):
    """A recipe's command did not do its work; the text says which, and its last words."""


def run_command(command: str, work: Path, settings: dict[str, str] | None = None) -> None:
    """Run one command of a recipe, without a shell, and without the caller's own credentials in its environment.

    Raises CommandFailed when it ends badly or takes too long.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith(("HUAWEICLOUD_", "COC_"))}
    environment = {**own, "PATH": _path(), "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", **(settings or {})}
    try:
        done = subprocess.run(  # noqa: S603 - recipes are ours
            shlex.split(command),
            cwd=work,
            env=environment,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT,
            check=False,
        )
    except FileNotFoundError:
        raise CommandFailed(f"`{command}`: there is no such program") from None
    except subprocess.TimeoutExpired:
        raise CommandFailed(f"`{command}` did not end within {TIME_LIMIT} s") from None
    if done.returncode != 0:
        last_words = "\n".join((done.stdout + done.stderr).strip().splitlines()[-TAIL:])
        raise CommandFailed(f"`{command}` in {work} exits with {done.returncode}:\n{last_words}")


def _path() -> str:
    """The search path, this environment's own programs first."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
