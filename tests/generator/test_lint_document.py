"""Reading YAML: what cannot be read in one way only is refused, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.__main__ import main
from generator.document import load, loads
from generator.problems import Refused

HERE = Path("contract.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 049", "contract.yaml:1: 049 is read differently by YAML 1.1 (str) and YAML 1.2 (int)"),
        ("a: 010", "010 is read differently by YAML 1.1 (int) and YAML 1.2 (int)"),
        ("a:\n  - no", "contract.yaml:2: no is read differently by YAML 1.1 (bool) and YAML 1.2 (str)"),
        ("a: yes", "yes is read differently"),
        ("a: On", "On is read differently"),
        ("a: y", "y is a boolean to some readers of YAML"),
        ("a: 1:30", "1:30 is read differently by YAML 1.1 (int)"),
        ("a: 2025-10-24", "2025-10-24 is read differently by YAML 1.1 (timestamp)"),
        ("a: 1_000", "1_000 is read differently"),
        ("a: 1e3", "1e3 is read differently by YAML 1.1 (str) and YAML 1.2 (float)"),
        ("a: =", "= is read differently by YAML 1.1 (value)"),
        ("a: {<<: {b: 1}}", "<< is read differently by YAML 1.1 (merge)"),
        ("200: ok", "the key 200 is not text; write it quoted: '200'"),
        ("no: x", "no is read differently"),
        ("a: 1\nb: 2\na: 3", "contract.yaml:3: the key 'a' stands twice in one mapping, first in line 1"),
        ("? [a]\n: b", "a mapping's key is no text"),
        ("a: &x\n  b: *x", "an alias stands inside what it names"),
        ("a: [1, 2", "contract.yaml:2: is not YAML: did not find expected ',' or ']'"),
        ("a: b: c", "is not YAML: mapping values are not allowed in this context"),
        ("a: 1\n---\nb: 2", "is not YAML"),
        ("", "is empty at its root; a document is a mapping"),
        ("- a", "is a list at its root"),
        ("just text", "is a single value at its root"),
        ("a: " + "[" * 100_000, "contract.yaml:1: is nested too deep to read; nest less than 300 levels"),
        ("a: " + "{b: " * 100_000, "contract.yaml:1: is nested too deep to read"),
        ("a:\n " + "- " * 100_000, "contract.yaml:2: is nested too deep to read"),
        ("a: " + "9" * 5000, "contract.yaml:1: a number of 5,000 digits is too long to read; write it as text"),
        ("a: \0", "contract.yaml: is not YAML: unacceptable character #x0000"),
        (
            "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)),
            "contract.yaml:8: its aliases stand for more than 5,000,000 values; write out what is meant",
        ),
    ],
)
def test_what_reads_two_ways_is_refused(text: str, words: str) -> None:
    """A trap of YAML, a duplicate key or broken syntax is refused, and the sentence says where and how to write it."""
    with pytest.raises(Refused) as refusal:
        loads(text, HERE)
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: '049'", {"a": "049"}),
        ("a: 'no'", {"a": "no"}),
        ("a: true", {"a": True}),
        ("a: -12", {"a": -12}),
        ("a: 0x1F", {"a": 31}),
        ("a: 1.5", {"a": 1.5}),
        ("a: null", {"a": None}),
        ("a:", {"a": None}),
        ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
        ('{"a": [1, "x\\/y"]}', {"a": [1, "x/y"]}),
        ("a: >-\n  no\n  049", {"a": "no 049"}),
    ],
)
def test_what_reads_one_way_is_read(text: str, data: object) -> None:
    """Plain values of the core schema, quoted text, aliases and JSON are read as they stand."""
    assert data == loads(text, HERE).data


def test_a_document_of_others_is_read_as_yaml_1_2() -> None:
    """Lenient reading takes the value that YAML 1.2 gives, and a key's text."""
    assert {"200": "no", "a": 49} == loads("200: no\na: 049", HERE, strict=False).data


MERGED = """
code: &code {min: 2, max: 3}
more: &more {<<: *code, max: 5, note: n}
one: {<<: *code, max: 4}
two: {<<: [*more, {other: o}], min: 1}
text: {'<<': *code}
"""


def test_a_document_of_others_may_merge_mappings() -> None:
    """`<<` puts another mapping's members beside a mapping's own, which count; they keep the lines they stand at."""
    document = loads(MERGED, HERE, strict=False)
    assert {"min": 2, "max": 4} == document.data["one"]
    assert {"min": 1, "max": 5, "note": "n", "other": "o"} == document.data["two"]
    assert {"<<": {"min": 2, "max": 3}} == document.data["text"]
    assert [2, 4] == [document.line(("one", name)) for name in ("min", "max")]


@pytest.mark.parametrize("text", ["a: {<<: 1}", "a: {<<: [b]}", "a: &a {<<: *a}", "a: &a\n  b: {<<: *a}"])
def test_a_merge_of_no_other_mapping_is_refused(text: str) -> None:
    """What cannot be merged is told with its line."""
    with pytest.raises(Refused, match="what stands under << is no other mapping; name a mapping by its anchor"):
        loads(text, HERE, strict=False)


def test_every_place_has_its_line() -> None:
    """A place's line is that of its key or list item; a place that is not there has the line of what is around it."""
    document = loads("a:\n  b:\n    - x\n    - {c: 1}\n", HERE)
    places = [("a",), ("a", "b"), ("a", "b", 1), ("a", "b", 1, "c"), ("a", "missing", "too")]
    assert [1, 2, 4, 4, 1] == [document.line(place) for place in places]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "there is no such file"),
        (lambda path: path.mkdir(), "cannot be read: Is a directory"),
        (lambda path: path.write_bytes(b"a: \xff"), "byte 3 is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(make: object, words: str, tmp_path: Path) -> None:
    """A missing file, a folder and bytes that are no text each give one sentence with the path."""
    path = tmp_path / "contract.yaml"
    make(path)  # type: ignore[operator]
    with pytest.raises(Refused) as refusal:
        load(path)
    assert f"{path}: {words}" in str(refusal.value)


def test_json_is_read_as_json(tmp_path: Path) -> None:
    """A JSON file may hold escapes that YAML does not know, and its places have lines all the same."""
    path = tmp_path / "any.json"
    path.write_text('{"a": "\\ud83d\\ude00",\n "b": {"200": true}}', encoding="utf-8")
    assert {"a": "😀", "b": {"200": True}} == load(path).data
    path.write_text('{"a": 1,\n "b": {\n  "200": true}}', encoding="utf-8")
    assert [1, 3] == [load(path).line(place) for place in [("a",), ("b", "200")]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1,\n "b": }', "any.json:2: is not JSON: Expecting value"),
        ('{"a": {"b": 1, "b": 2}}', "any.json: the key 'b' stands twice in one object"),
        ("[1]", "any.json:1: is no object at its root"),
        ("[" * 100_000, "any.json: is nested too deep to read"),
        ('{"a": ' + "9" * 5000 + "}", "any.json: holds what cannot be read: Exceeds the limit (4300 digits)"),
    ],
)
def test_json_that_cannot_be_read_is_refused(text: str, words: str) -> None:
    """Broken JSON, a key twice and another root are refused with a sentence."""
    with pytest.raises(Refused) as refusal:
        loads(text, Path("any.json"))
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("paths: {/a: {get: {responses: {'200': {description: ok}}}}}", 0, "is in order, as the generator needs it"),
        ("paths: {/a: {get: {responses: {}}}, b: {}}", 1, "write it as OpenAPI 3.0.0 says"),
        (
            "paths: {/a: {get: {x-source: ours, responses: {'200': {description: ok}}}}}",
            0,
            "is in order, as the generator",
        ),
        (
            "paths: {/a: {get: {operationId: a, x-query: true, x-pagination: {limit: 10}, x-permissions: [read],"
            " responses: {'200': {description: ok}}}}}",
            0,
            "is in order, as the generator needs it",
        ),
        (
            "paths: {/a: {get: {x-pagination: {items: /data}, responses: {'200': {description: ok}}}}}",
            1,
            "x-pagination finds its items at /data, and the schema of the answer 200 has no such place",
        ),
        (
            "paths: {/a: {get: {x-query: {key: id, filter: f}, responses: {'200': {description: ok}}}}}",
            1,
            "x-query: Additional properties are not allowed ('filter' was unexpected)",
        ),
        ("paths: {/a: null}", 1, "write it as OpenAPI 3.0.0 says"),
        ("x-mine: 1", 1, "there is no `paths`; write the operations below it: paths, then the path, then the method"),
    ],
)
def test_a_foreign_document_is_held_against_what_the_generator_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, code: int, told: str
) -> None:
    """Beside no page's data `lint` wants what `generate` wants: a `source/` of somebody's, or extensions that only have
    our names, change nothing; one that has our shape means what ours means."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "conf.py").write_text("project = 'documentation'")
    spec = tmp_path / "foreign.yaml"
    spec.write_text(f"openapi: 3.0.0\ninfo: {{title: x, version: '1'}}\n{text}\n", encoding="utf-8")
    assert code == main(["lint", "--spec", str(spec)])
    assert told in "".join(capsys.readouterr())
    if code == 0:
        assert 0 == main(["generate", "--spec", str(spec), "--output", str(tmp_path / "c"), "--package", "foreign"])
