"""Read the contract, find what a reference points at, and write documents that every parser reads alike."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml
from attrs import frozen

from generator.document import load
from generator.problems import Problem, Refused

Json = dict[str, Any]

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "spec" / "openapi.yaml"

_READS_AS_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+")
"""What YAML 1.2 takes for a number. PyYAML follows YAML 1.1 and would write `049` or `1e5` without quotes."""


class _Dumper(yaml.SafeDumper):
    """Block style, no anchors, quotes around every text that some YAML parser would take for something else."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    style = "'" if _READS_AS_NUMBER.fullmatch(value) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def load_contract(path: Path = CONTRACT) -> Json:
    """Read the contract. Refuses a reference that leaves the file: what is published must stand on its own."""
    document = load(path)
    for reference in sorted(set(references(document.data))):
        try:
            document.target({"$ref": reference})
        except KeyError:
            wrong = Problem(path, 0, f"{reference} leads nowhere", "point inside this file: #/components/...")
            raise Refused("The contract cannot be published.", [wrong]) from None
    contract: Json = document.data
    return contract


def references(node: Any) -> list[str]:
    """Every `$ref` under a node, in the order of the document."""
    if isinstance(node, list):
        return [found for item in node for found in references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [found for value in node.values() for found in references(value)]


def resolve(document: Json, reference: str) -> Any:
    """What `#/components/schemas/Name` points at; the same without the `#` does, too."""
    node: Any = document
    for part in reference.removeprefix("#").removeprefix("/").split("/"):
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return node


@frozen
class Operation:
    """One operation of the contract."""

    method: str
    """In capitals, as HTTP writes it."""
    path: str
    data: Json

    @property
    def name(self) -> str:
        return str(self.data["operationId"])

    @property
    def request_examples(self) -> dict[str, Json]:
        """The Example Objects of the JSON request body, by name."""
        content = self.data.get("requestBody", {}).get("content", {})
        examples: dict[str, Json] = content.get("application/json", {}).get("examples", {})
        return examples

    def example_files(self) -> list[str]:
        """The names of the files that hold the values of `request_examples`, in that order."""
        return [f"{self.name}-{name}.json" for name in self.request_examples]


def operations(contract: Json) -> list[Operation]:
    """Every operation, in the order of the contract."""
    methods = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
    return [
        Operation(method.upper(), path, item[method])
        for path, item in contract["paths"].items()
        for method in methods
        if method in item
    ]


def token_header(contract: Json) -> str:
    """The header that carries a token: of the security schemes, the API key that is no signature."""
    for scheme in contract["components"].get("securitySchemes", {}).values():
        if scheme.get("type") == "apiKey" and scheme.get("in") == "header" and "x-request-signing" not in scheme:
            return str(scheme["name"])
    raise Refused("The contract cannot be published: it declares no security scheme with a token in a header.")


def pointer(at: str, *parts: str | int) -> str:
    """A JSON pointer below `at`: pointer("/paths", "/a") is `/paths/~1a`."""
    return at + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def write_json(path: Path, value: Any) -> None:
    """Two spaces, the members in the document's order, a final line break."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def write_yaml(path: Path, value: Any) -> None:
    """Block style, at most 120 columns where the text can be folded."""
    write_text(path, yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120))


def write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
