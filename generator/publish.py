"""`publish`: write published/, all that other languages take from the contract; with --verify, prove that it works."""

from __future__ import annotations

import argparse
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator import swap
from generator.check import is_stamped
from generator.problems import Problem, Refused
from generator.publishing import forms, recipes
from generator.publishing.collection import bruno, postman
from generator.publishing.documents import (
    CONTRACT,
    ROOT,
    Json,
    load_contract,
    operations,
    write_json,
    write_text,
    write_yaml,
)
from generator.publishing.manifest import is_publication, write_manifest
from generator.publishing.models import json_schemas
from generator.publishing.packages import CLIENT, build_client, project_version, source_date_epoch
from generator.publishing.reference import reference_page
from generator.publishing.samples import curl
from generator.publishing.vectors import signing_vectors


def add_arguments(parser: argparse.ArgumentParser) -> None:
    languages = ", ".join(recipes.names())
    add = parser.add_argument
    add("--language", action="append", metavar="L", help=f"also carry out the recipe L, again for more: {languages}")
    add("--verify", action="store_true", help="run the validators and the languages' programs (all, or those named)")
    add("--tag", metavar="vX.Y.Z", help="refuse unless this release tag agrees with every version in the tree")
    add("--output", type=Path, default=ROOT / "published", metavar="DIR", help="where to write (default: published/)")


def run(options: argparse.Namespace) -> int:
    """Write the folder anew. Exit 0 when all that was asked for is done, 1 when a proof fails, 2 when skipped."""
    contract = load_contract()
    if not is_stamped(CONTRACT, CLIENT):
        what = "the client is not what the contract generates"
        raise Refused("Nothing was published.", [Problem(CLIENT, 0, what, "run `python -m generator generate`")])
    chosen = recipes.choose(options.language or [], everything=options.verify)
    if options.tag:
        check_tag(options.tag, contract)
    with staged(options.output) as folder:
        write_publication(folder, contract)
        outcomes = []
        for outcome in recipes.carry_out(chosen, folder, verify=options.verify):
            print(outcome, flush=True)
            outcomes.append(outcome)
        write_manifest(folder, contract, {"client": project_version(CLIENT), **recipes.versions(chosen)})
    print(f"Published {contract['info']['title']} {contract['info']['version']} in {options.output}.")
    states = {outcome.state for outcome in outcomes}
    return 1 if "failed" in states else 2 if "skipped" in states else 0


def write_publication(folder: Path, contract: Json) -> None:
    """Write all that needs no toolchain but Python's."""
    twin, losses = forms.twin_30(contract)
    wire, narrowings = forms.wire_form(contract)
    for name, document in (("3.1", forms.bundled_31(contract)), ("3.0", twin), ("3.0-wire", wire)):
        write_json(folder / "openapi" / f"openapi-{name}.json", document)
        write_yaml(folder / "openapi" / f"openapi-{name}.yaml", document)
    write_text(folder / "openapi" / "conversion.md", forms.conversion_table(losses, narrowings))
    for name, schema in json_schemas(contract).items():
        write_json(folder / "schemas" / f"{name}.json", schema)
    for operation in operations(contract):
        for name, example in zip(operation.example_files(), operation.request_examples.values(), strict=True):
            write_json(folder / "examples" / name, example["value"])
        write_text(folder / "examples" / f"{operation.name}.sh", curl(contract, operation) + "\n")
    write_json(folder / "collections" / "postman.json", postman(contract))
    for path, text in bruno(contract).items():
        write_text(folder / "collections" / "bruno" / path, text)
    if vectors := signing_vectors(contract):
        write_json(folder / "signing" / "vectors.json", vectors)
    write_text(folder / "reference.html", reference_page(contract))
    shutil.copy(ROOT / "docs" / "languages.md", folder / "README.md")
    build_client(folder / "python", source_date_epoch(contract))


@contextmanager
def staged(output: Path) -> Iterator[Path]:
    """A fresh folder that takes the place of `output` when all went well; until then `output` stays as it is."""
    output = output.resolve()  # where a link leads is written, and the link stays
    if output.exists() and not (is_publication(output) or (output.is_dir() and not any(output.iterdir()))):
        wrong = Problem(output, 0, "the place holds other things than a publication", "name an empty or a new folder")
        raise Refused("Nothing was published.", [wrong], exit_code=2)
    output.parent.mkdir(parents=True, exist_ok=True)
    with swap.aside(output) as temporary:
        folder = temporary / "new"
        folder.mkdir()
        yield folder
        swap.into_place(folder, output)


def check_tag(tag: str, contract: Json) -> None:
    """Refuse a release tag that is not the version of the contract, the client, the toolkit and the changelog."""
    version = tag.removeprefix("v")
    stated = {
        ROOT / "spec" / "openapi.yaml": contract["info"]["version"],
        CLIENT / "pyproject.toml": project_version(CLIENT),
        ROOT / "pyproject.toml": project_version(ROOT),
    }
    problems = [
        Problem(path.relative_to(ROOT), 0, f"the version is {found or 'missing'}", f"it would have to be {version}")
        for path, found in stated.items()
        if found != version
    ]
    changelog = ROOT / "CHANGELOG.md"
    if not re.search(rf"^## \[?v?{re.escape(version)}\b", changelog.read_text("utf-8"), flags=re.MULTILINE):
        problems.append(Problem(changelog.relative_to(ROOT), 0, "no heading names the version", f"add `## {version}`"))
    if problems:
        raise Refused(f"The tag {tag} does not fit the tree:", problems)
