"""A YAML or JSON file as plain data that remembers the line of every member; what can be read two ways is refused."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

import yaml
from attrs import define, field

from generator.problems import Problem, Refused

Pointer: TypeAlias = tuple[str | int, ...]
"""The way from the root of a document to a place in it: member names and list indexes."""

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# The core schema of YAML 1.2, which JavaScript's and Go's parsers follow; PyYAML follows 1.1.
CORE_SCHEMA: dict[str, re.Pattern[str]] = {
    "null": re.compile(r"null|Null|NULL|~|"),
    "bool": re.compile(r"true|True|TRUE|false|False|FALSE"),
    "int": re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"),
    "float": re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"),
}
DEEPEST, LARGEST = 300, 5_000_000
"""Levels of nesting, and values after aliases are written out, beyond which a document is refused."""
OTHER_READINGS = {"y": "a boolean", "n": "a boolean", "Y": "a boolean", "N": "a boolean"}


@define
class Document:
    """One file's data, with the line of every place in it."""

    path: Path
    data: Any
    _text: str = field(repr=False)
    _lines: dict[Pointer, int] | None = field(default=None, repr=False)
    """None until the first question, for JSON: large documents seldom have a problem to place."""
    moved: dict[Pointer, Pointer] = field(factory=dict, repr=False)
    """Where a path's operations stand, if the path only refers to them."""

    def line(self, pointer: Pointer) -> int:
        """The line, from 1, of a place or of the nearest place around it."""
        if self._lines is None:
            self._lines = _lines_of_json(self._text, self.path)
        if len(pointer) > 2 and pointer not in self._lines:
            pointer = (*self.moved.get(pointer[:2], pointer[:2]), *pointer[2:])
        while pointer and pointer not in self._lines:
            pointer = pointer[:-1]
        return self._lines.get(pointer, 0)

    def problem(self, pointer: Pointer, what: str, expected: str) -> Problem:
        """A problem at a place of this file."""
        return Problem(self.path, self.line(pointer), what, expected, pointer)

    def at(self, pointer: Pointer) -> Any:
        """The value at a place; KeyError when there is none."""
        value = self.data
        for step in pointer:
            try:
                value = value[int(step) if isinstance(value, list) else step]
            except (IndexError, TypeError, ValueError):
                raise KeyError(spelled(pointer)) from None
        return value

    def target(self, node: Any) -> Pointer | None:
        """Where a node's `$ref` leads in this file; None without a `$ref`; KeyError when it leads nowhere."""
        reference = node.get("$ref") if isinstance(node, dict) else None
        if not isinstance(reference, str):
            return None
        if not reference.startswith("#/"):
            raise KeyError(reference)
        pointer = parsed(unquote(reference[1:]))
        self.at(pointer)
        return pointer

    def resolved(self, pointer: Pointer) -> tuple[Pointer, Any]:
        """The place and value that a place stands for, after following `$ref`; KeyError when one leads nowhere."""
        seen = set()
        while (target := self.target(self.at(pointer))) is not None:
            if target in seen:
                raise KeyError(f"{spelled(target)} refers to itself")
            seen.add(target)
            pointer = target
        return pointer, self.at(pointer)


def parsed(pointer: str) -> Pointer:
    """A JSON Pointer's steps: `/a~1b/0` is `("a/b", "0")`."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


def spelled(pointer: Pointer) -> str:
    """Steps as a JSON Pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in pointer)


def load(path: Path, *, strict: bool = True) -> Document:
    """Read a YAML or JSON file whose root is a mapping.

    Strict refuses what YAML 1.1 and YAML 1.2 read differently, and keys that are not text. Lenient takes the reading of
    1.2 and the text of a key, as documents of others need. Raises Refused, naming file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise _refused(path, 0, "there is no such file", "name a YAML or JSON file that exists", exit_code=2) from None
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise _refused(path, 0, what, "name a file that you may read", exit_code=2) from None
    except UnicodeDecodeError as error:
        raise _refused(path, 0, f"byte {error.start} is not UTF-8", "save the file as UTF-8") from None
    return loads(text, path, strict=strict)


def loads(text: str, path: Path, *, strict: bool = True) -> Document:
    """Like `load`, from text; the path names it in problems, and tells JSON from YAML by its suffix."""
    if path.suffix == ".json":
        return _with_path_items(Document(path, _json_value(text, path), text))
    reading = _Reading(path, strict)
    try:
        _refuse_bombs(text, path)
        root = yaml.compose(text, Loader=LOADER)
        data = reading.value(root, ()) if isinstance(root, yaml.MappingNode) else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise _refused(path, line, f"is not YAML: {error.problem or error.context}", "mend the syntax") from None
    except yaml.YAMLError as error:
        raise _refused(path, 0, f"is not YAML: {str(error).splitlines()[0]}", "mend the syntax") from None
    if not isinstance(root, yaml.MappingNode):
        kind = {yaml.SequenceNode: "a list", yaml.ScalarNode: "a single value"}.get(type(root), "empty")
        raise _refused(path, 1, f"is {kind} at its root", "a document is a mapping")
    if reading.problems:
        raise Refused(f"{path} cannot be read without doubt:", reading.problems)
    return _with_path_items(Document(path, data, text, reading.lines))


def _with_path_items(document: Document) -> Document:
    """The document with path items that stand elsewhere put under their paths; each place keeps its line.

    One that says a thing here and there as well stays as it is: which of the two counts is left open.
    """
    paths = document.data.get("paths")
    for name, item in paths.items() if isinstance(paths, dict) else ():
        try:
            pointer, target = document.resolved(("paths", name))
        except KeyError:  # `validity` names a reference that leads nowhere
            continue
        here = {key: value for key, value in item.items() if key != "$ref"} if isinstance(item, dict) else {}
        if pointer != ("paths", name) and isinstance(target, dict) and not here.keys() & target.keys():
            paths[name] = {**target, **here}
            document.moved["paths", name] = pointer
    return document


def _refuse_bombs(text: str, path: Path) -> None:
    """Refuse what would break or exhaust the parser in C, or us: nesting without end, aliases of aliases of aliases."""
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((event.anchor, total))
            total += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_nodes.pop()
            if anchor:
                sizes[anchor] = total - before
        elif isinstance(event, yaml.AliasEvent):
            total += sizes.get(event.anchor or "", 1)
        line = event.start_mark.line + 1 if event.start_mark else 0
        if len(open_nodes) > DEEPEST:
            raise _refused(path, line, "is nested too deep to read", f"nest less than {DEEPEST} levels")
        if total > LARGEST:
            what = f"its aliases stand for more than {LARGEST:,} values"
            raise _refused(path, line, what, "write out what is meant")


def _json_value(text: str, path: Path) -> Any:
    def unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(members)
        if len(found) < len(members):
            twice = next(name for name, count in Counter(name for name, _ in members).items() if count > 1)
            raise _refused(path, 0, f"the key {twice!r} stands twice in one object", "keep one of the two")
        return found

    try:
        data = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise _refused(path, error.lineno, f"is not JSON: {error.msg}", "mend the syntax") from None
    except ValueError as error:
        raise _refused(
            path, 0, f"holds what cannot be read: {str(error).partition(';')[0]}", "write it as text"
        ) from None
    except RecursionError:
        raise _refused(path, 0, "is nested too deep to read", f"nest less than {DEEPEST} levels") from None
    if not isinstance(data, dict):
        raise _refused(path, 1, "is no object at its root", "a document is an object")
    return data


def _lines_of_json(text: str, path: Path) -> dict[Pointer, int]:
    """JSON is YAML but for a few escapes; where one of these stands, no line is known."""
    try:
        _refuse_bombs(text, path)
        root = yaml.compose(text, Loader=LOADER)
    except (yaml.YAMLError, Refused):
        return {}
    reading = _Reading(path, strict=False)
    if root is not None:
        reading.value(root, ())
    return reading.lines


def _refused(path: Path, line: int, what: str, expected: str, *, exit_code: int = 1) -> Refused:
    return Refused("The document cannot be read:", [Problem(path, line, what, expected)], exit_code=exit_code)


class _Reading:
    """Turns YAML's nodes into data, and notes lines and problems on the way."""

    def __init__(self, path: Path, strict: bool) -> None:
        self.path = path
        self.strict = strict
        self.lines: dict[Pointer, int] = {(): 1}
        self.problems: list[Problem] = []
        self.open: set[int] = set()

    def complain(self, node: yaml.Node, what: str, expected: str) -> None:
        self.problems.append(Problem(self.path, node.start_mark.line + 1, what, expected))

    def value(self, node: yaml.Node, pointer: Pointer) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node)
        if id(node) in self.open:
            self.complain(node, "an alias stands inside what it names", "write the value out")
            return None
        self.open.add(id(node))
        value: Any
        if isinstance(node, yaml.MappingNode):
            value = {key: self.value(child, (*pointer, key)) for key, child in self.members(node, pointer)}
        else:
            value = []
            for index, child in enumerate(node.value):
                self.lines[*pointer, index] = child.start_mark.line + 1
                value.append(self.value(child, (*pointer, index)))
        self.open.discard(id(node))
        return value

    def members(self, node: yaml.MappingNode, pointer: Pointer) -> Iterator[tuple[str, yaml.Node]]:
        first_lines: dict[str, int] = {}
        for key_node, child in self.merged(node):
            if not isinstance(key_node, yaml.ScalarNode):
                self.complain(key_node, "a mapping's key is no text", "use a text as the key")
                continue
            key, line = key_node.value, key_node.start_mark.line + 1
            if self.strict and not isinstance(self.scalar(key_node), str):
                self.complain(key_node, f"the key {key} is not text", f"write it quoted: '{key}'")
            if key in first_lines:
                again = f"the key {key!r} stands twice in one mapping, first in line {first_lines[key]}"
                self.complain(key_node, again, "keep one of the two")
                continue
            first_lines[key] = self.lines[*pointer, key] = line
            yield key, child

    def merged(self, node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
        """The members of a mapping, those of the mappings under `<<` behind its own, unless it has them itself.

        YAML 1.2 has no such keys, and those who write them mean them; strict reading refuses them.
        """
        merges = [child for key, child in node.value if not self.strict and _is_merge(key)]
        if not merges:
            return list(node.value)
        own = [pair for pair in node.value if not _is_merge(pair[0])]
        for child in merges:
            for base in child.value if isinstance(child, yaml.SequenceNode) else [child]:
                if not isinstance(base, yaml.MappingNode) or id(base) in self.open:
                    self.complain(child, "what stands under << is no other mapping", "name a mapping by its anchor")
                    continue
                self.open.add(id(base))
                known = [key.value for key, _ in own]
                own += [pair for pair in self.merged(base) if pair[0].value not in known]
                self.open.discard(id(base))
        return own

    def scalar(self, node: yaml.ScalarNode) -> Any:
        text, kind = node.value, node.tag.rsplit(":", 1)[-1]
        if node.style:  # quoted, or a block: text whatever it looks like
            return text
        core = next((name for name, pattern in CORE_SCHEMA.items() if pattern.fullmatch(text)), "str")
        octal = core == "int" and re.fullmatch(r"[-+]?0[0-9]+", text)
        if self.strict and (kind != core or octal or text in OTHER_READINGS):
            what = f"{text} is read differently by YAML 1.1 ({kind}) and YAML 1.2 ({core})"
            if text in OTHER_READINGS:
                what = f"{text} is {OTHER_READINGS[text]} to some readers of YAML, and a text to others"
            self.complain(node, what, f"write the text quoted: '{text}', or the value in its plain form")
        try:
            return _core_value(core, text)
        except ValueError:
            self.complain(node, f"a number of {len(text):,} digits is too long to read", "write it as text, in quotes")
            return None


def _is_merge(key: yaml.Node) -> bool:
    return isinstance(key, yaml.ScalarNode) and not key.style and key.value == "<<"


def _core_value(kind: str, text: str) -> Any:
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    return float(re.sub(r"\.(inf|nan)", r"\1", text.lower())) if kind == "float" else text
