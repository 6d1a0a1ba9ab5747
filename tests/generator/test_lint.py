"""`python -m generator lint`: each rule, broken by one edit, is told with file, line and what would be right."""

from __future__ import annotations

import contextlib
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.document import Pointer, load
from generator.lint import problems_in
from generator.problems import Refused
from generator.vocabulary import VOCABULARY

SPEC = Path("spec")


def replace(path: Path, old: str, new: str) -> None:
    """Replace the one place, or the first, where a text stands."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_contract_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    """The contract as it stands passes, and the command says what it held against what."""
    assert 0 == main(["lint"])
    assert re.fullmatch(
        r"openapi.yaml is in order: 55 rows of 7 tables are matched or excused "
        r"\(\d+ deviations\), \d+ examples are valid.\n",
        capsys.readouterr().out,
    )


def test_a_bound_changed_alone_is_told_against_its_row(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bound that leaves the page fails with file, line, what the contract has and what the page says."""
    replace(spec, "maximum: 200\n", "maximum: 500\n")
    assert 1 == main(["lint", "--spec", str(spec)])
    lines = capsys.readouterr().err.splitlines()
    number = spec.read_text(encoding="utf-8").splitlines().index("          maximum: 500") + 1
    expected = f"{spec}:{number}: the contract has maximum 500; on the page (row per_page, table 1) maximum is 200: "
    assert ["The contract is not in order (1 problem):", f"{expected}follow it, or add a deviation"] == lines


def test_a_bound_changed_with_its_row_is_in_order(spec: Path) -> None:
    """The page's row changed too, nothing is wrong: no Python needs an edit."""
    replace(spec, "maximum: 200\n", "maximum: 500\n")
    replace(spec.parent / "source" / "tables.yaml", "1 to 200", "1 to 500")
    assert [] == problems_in(spec)


EDITS = {
    "an unknown extension": (
        "x-timestamp: ms",
        "x-timestmp: ms",
        "the extension x-timestmp is unknown; did you mean x-timestamp?",
    ),
    "an extension at the wrong place": (
        "      operationId: ListIncidents\n",
        "      operationId: ListIncidents\n      x-timestamp: ms\n",
        "x-timestamp has no meaning in a operation; it belongs in a schema or property",
    ),
    "an extension of the wrong shape": ("x-timestamp: ms", "x-timestamp: s", "x-timestamp: 'ms' was expected"),
    "an item pointer that leads nowhere": (
        "items: /data/tickets",
        "items: /data/ticket",
        "x-pagination finds its items at /data/ticket, and the schema",
    ),
    "a pointer to the wrong type": ("total: /data/total", "total: /data/tickets", "which is no integer"),
    "a page member that is not there": (
        "        page: page\n",
        "        page: pge\n",
        "x-pagination takes pge for its page, and the request has no such member; did you mean page?",
    ),
    "a filter member that is not there": (
        "string_filters: string_filters",
        "string_filters: text_filters",
        "x-query takes text_filters for its string_filters",
    ),
    "a key that is no property": (
        "key: ticket_id",
        "key: ticket_no",
        "ticket_no is no property of the item; did you mean ticket_id?",
    ),
    "a column that is no property": (
        "columns: [ticket_id,",
        "columns: [ticket_no,",
        "ticket_no is no property of the item; did you mean ticket_id?",
    ),
    "a property listed as also filterable": ("[approver]", "[approver, title]", "title is a property of the item"),
    "a default sort that cannot be asked for": (
        "operator: desc}",
        "operator: down}",
        "the default sort's operator down is none that sort_filter takes",
    ),
    "a type member that is not there": ("member: ticket_types", "member: types", "x-query takes types for its types"),
    "a type that nobody knows": (
        "{member: ticket_types, value: incident}",
        "{member: ticket_types, value: event}",
        "x-query selects the type event, which ticket_types does not know",
    ),
    "a value listed twice": (
        "[incident_source_manual, ",
        "[incident_source_manual, incident_source_manual, ",
        "has non-unique elements",
    ),
    "a label of no value": (
        "            level_50: {",
        "            level_60: {",
        "the label of level_60 is of no known value",
    ),
    "two assumptions of one id": (
        "id: filter-order",
        "id: filter-text-form",
        "two assumptions here have the id filter-text-form",
    ),
    "an assumption about a keyword that is not here": (
        "keywords: [minLength]",
        "keywords: [minLenght]",
        "the assumption condition-empty is about minLenght, which is not here",
    ),
    "an assumption id of another form": ("id: filter-order", "id: Filter order", "'Filter order' does not match"),
    "too few names for an enum": ("[DESC, ASC]", "[DESC]", "1 names stand for 2 values of enum"),
    "an enum of symbols without names": (
        "          x-enum-varnames: [IN, LIKE, STARTWITH, ENDWITH, EQ, NE, GT, LT]\n",
        "",
        "the value '=' gives no name to a member of a Python enum",
    ),
    "a success value that the schema refuses": (
        "x-success-values: ['0', '0000', GOM.00000000]",
        "x-success-values: ['0', GOM.00000000, 7]",
        "7 is not of type 'string'",
    ),
    "a property without description": (
        "          description: How many tickets a page holds.\n",
        "",
        "the property per_page has no description",
    ),
    "a property without example": ("          examples: [50]\n", "", "the property per_page has no examples"),
    "a property without source": (
        "          x-source: {table: 1, row: per_page}\n",
        "",
        "the property per_page has no x-source",
    ),
    "a section that is not on the page": ("{section: URI}", "{section: URL}", "the page has no {'section': 'URL'}"),
    "a row that is not on the page": (
        "x-source: {table: 7, row: prop_id}",
        "x-source: {table: 7, row: prop}",
        "the page has no {'table': 7, 'row': 'prop'}",
    ),
    "an example that does not show it": (
        "at: /data/tickets/0/attachment}",
        "at: /data/tickets/1/attachment}",
        "the page has no {'example': 'response-200', 'at': '/data/tickets/1/attachment'}",
    ),
    "a header without source": ("      x-source: {public: RFC 9110}\n", "", "the header Retry-After has no x-source"),
    "an operation without summary": (
        "      summary: Query incident tickets\n",
        "",
        "the operation post has no summary",
    ),
    "a default answer": ("        '401': {", "        default: {", "the answer default makes every status conform"),
    "a range of answers": ("        '401': {", "        4XX: {", "the answer 4XX makes every status conform"),
    "a version of another form": ("  version: 1.", "  version: v1.", "info.version is 'v1."),
    "a schema example that is out of range": (
        "examples: [50]",
        "examples: [500]",
        "500 is greater than the maximum of 200",
    ),
    "a header example of the wrong type": (
        "      example: 1\n",
        "      example: soon\n",
        "'soon' is not of type 'integer'",
    ),
    "a gateway example that is invalid": (
        "                error_code: APIGW.0301\n",
        "",
        "'error_code' is a required property",
    ),
    "a copied example that differs": (
        "                      total: 1161",
        "                      total: 1162",
        "the example says it is the page's response-200, and differs from it at /data/total",
    ),
    "a copied example of no page": (
        "{example: response-200}",
        "{example: response-201}",
        "the page has no example response-201",
    ),
    "an unquoted 049": ("default: '049'", "default: 049", "049 is read differently by YAML 1.1"),
    "a key twice": (
        "          minimum: 1\n",
        "          minimum: 1\n          minimum: 1\n",
        "the key 'minimum' stands twice",
    ),
    "a reference that leads nowhere": ("schemas/CountFilterV2'", "schemas/CountFilter'", "CountFilter"),
    "a keyword of the wrong type": ("maximum: 200", "maximum: '200'", "'200' is not of type 'number'"),
    "a missing title": ("  title: COC Incident Tickets\n", "", "is a required property"),
    "a response without description": (
        "          description: The tickets of the page asked for.\n",
        "",
        "is a required property",
    ),
    "another version of OpenAPI": ("openapi: 3.1.0", "openapi: 2.0.0", "openapi is '2.0.0'"),
}


@pytest.mark.parametrize(("old", "new", "words"), EDITS.values(), ids=EDITS)
def test_each_rule_of_the_contract_can_be_broken(
    old: str, new: str, words: str, spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One edit against one rule: exit 1 or 2, one sentence with file and line, never a traceback."""
    replace(spec, old, new)
    assert 1 == main(["lint", "--spec", str(spec)])
    told = capsys.readouterr().err.splitlines()[1:]
    assert [line for line in told if words in line], told
    assert all(re.match(rf"{re.escape(str(spec.parent))}/\S+?:\d+: .+; .+", line) for line in told), told


SOURCE_EDITS = {
    "a row with an unknown cell": (
        "tables.yaml",
        "range: '1 to 200'",
        "rnge: '1 to 200'",
        "'range' is a required property",
    ),
    "a table twice": ("tables.yaml", "- table: 2", "- table: 1", "table 1 stands twice"),
    "a row twice": ("tables.yaml", "{row: per_page,", "{row: page,", "the row page stands twice"),
    "an example that is not saved": ("tables.yaml", "  request: List", "  reqest: List", "reqest.json does not exist"),
    "a page example that is no JSON": (
        "examples/request.json",
        '"page": 1,',
        '"page": 1',
        "request.json:3: is not JSON",
    ),
    "a page example that the contract forbids": (
        "examples/request.json",
        '"per_page": 10',
        '"per_page": 1000',
        "the page's example request at /per_page: 1000 is greater",
    ),
    "a page example with a member nobody declares": (
        "examples/response-200.json",
        '"total": 1161',
        '"totals": 1161',
        "shows /data/totals, which the schema does not declare",
    ),
    "deviations that are no YAML": ("deviations.yaml", "deviations:\n", "deviations: [\n", "deviations.yaml"),
    "a row of the page that the contract lacks": (
        "tables.yaml",
        "      - {row: prop_id, type",
        "      - {row: prop_key, type",
        "TicketInfoEnumData has no property prop_key",
    ),
}


@pytest.mark.parametrize("edit", SOURCE_EDITS.values(), ids=SOURCE_EDITS)
def test_the_page_data_is_held_too(
    edit: tuple[str, str, str, str], spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page's data, broken by one edit, are told with file and line as the contract is."""
    file, old, new, words = edit
    replace(spec.parent / "source" / file, old, new)
    assert 1 == main(["lint", "--spec", str(spec)])
    assert words in capsys.readouterr().err


def test_missing_source_data_is_told(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A contract without its page's data is not in order, and the sentence names the file that is missing."""
    shutil.rmtree(spec.parent / "source")
    assert 1 == main(["lint", "--spec", str(spec)])
    assert f"{spec.parent}/source/tables.yaml: there is no such file" in capsys.readouterr().err


def test_the_command_stands_alone(tmp_path: Path) -> None:
    """In a process of its own a missing contract gives exit 2 and one clear sentence on stderr."""
    missing = tmp_path / "nowhere.yaml"
    command = [sys.executable, "-m", "generator", "lint", "--spec", str(missing)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (2, "") == (done.returncode, done.stdout)
    assert f"{missing}: there is no such file; name a YAML or JSON file that exists" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_readme_documents_the_vocabulary() -> None:
    """spec/README.md has a row for each extension that lint knows, and none besides."""
    table = re.findall(r"^\| `(x-[a-z-]+)` \|", (SPEC / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(VOCABULARY) == sorted(table)


BROKEN = [None, 7, "text", [], {}, ["a"], {"a": 1}, True]


@pytest.mark.parametrize("seed", range(3))
def test_no_wrong_value_anywhere_is_a_traceback(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any value of the contract replaced by one of another type: problems are told, nothing is raised but Refused."""
    pick = random.Random(seed)
    contract = load(SPEC / "openapi.yaml")
    monkeypatch.setattr("generator.lint.load", lambda path, **options: contract)
    spots = [pointer for pointer in pointers(contract.data) if pointer and "examples" not in pointer]
    for pointer in pick.sample(spots, 20):
        parent = contract.at(pointer[:-1])
        original = parent[pointer[-1]]
        parent[pointer[-1]] = pick.choice(BROKEN)
        with contextlib.suppress(Refused):
            problems_in(SPEC / "openapi.yaml")
        parent[pointer[-1]] = original


def pointers(value: object, pointer: Pointer = ()) -> Iterator[Pointer]:
    """Every place of a document."""
    yield pointer
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from pointers(member, (*pointer, name))


SISTER = """
  /v1/incidents/{incident_id}/histories:
    post:
      operationId: ListOldHistories
      tags: [incidents]
      summary: Query the histories of an incident
      description: Answers what was done to one incident, one page at a time.
      x-source: {public: ListIncidentsHistories}
      x-pagination: {page: page, size: per_page, items: /data/info, total: /data/total}
      x-query: {key: id, string_filters: string_filters, sort: sort_filter}
      parameters:
        - name: incident_id
          in: path
          required: true
          schema: {type: string, minLength: 1, maxLength: 50}
          description: The incident's number.
          example: IM202504101040380143525888
          x-source: {public: ListIncidentsHistories}
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/ListIncidentsRequestBody'}}}
      responses:
        '200':
          description: The histories.
          x-source: {public: ListIncidentsHistories}
          content: {application/json: {schema: {$ref: '#/components/schemas/HistoriesBody'}}}

components:
  schemas:
    HistoriesBody:
      type: object
      description: The envelope.
      x-source: {public: ListIncidentsHistories}
      properties:
        data:
          type: object
          description: The histories found.
          examples: [{total: 0, info: []}]
          x-source: {public: ListIncidentsHistories}
          properties:
            total:
              {type: integer, description: How many., examples: [1], x-source: {public: ListIncidentsHistories}}
            info:
              type: array
              description: The histories of this page.
              examples: [[]]
              x-source: {public: ListIncidentsHistories}
              items: {$ref: '#/components/schemas/HistoryInfo'}
    HistoryInfo:
      type: object
      description: One thing done.
      x-source: {public: ListIncidentsHistories}
      properties:
        id: {type: string, description: Its number., examples: [a1], x-source: {public: ListIncidentsHistories}}
"""


def test_a_sister_operation_is_an_edit_of_the_contract_alone(spec: Path) -> None:
    """An operation that the page does not describe passes with its public source; no rule is bound to one operation."""
    head, schemas = SISTER.split("components:\n  schemas:\n")
    replace(spec, "\ncomponents:\n", f"{head}components:\n")
    replace(spec, "  schemas:\n    ListIncidentsRequestBody:", f"  schemas:\n{schemas}    ListIncidentsRequestBody:")
    assert [] == problems_in(spec)


def test_an_operation_that_the_page_does_not_have_cannot_name_it(spec: Path) -> None:
    """Another operation than the page's is assumed, so that its source is public material and never the page."""
    source = "{public: 'COC API reference, ListIncidentsHistories'}"
    permissions = "\n      x-permissions:\n        - action: coc"
    replace(spec, f"x-source: {source}{permissions}", f"x-source: {{section: URI}}{permissions}")
    assert ["the page does not have POST /v2/incidents/{incident_id}/histories"] == [p.what for p in problems_in(spec)]


def test_lint_leaves_the_documents_as_they_are(spec: Path) -> None:
    """Lint reads only: no file beside the contract changes or appears."""
    files = {path: path.read_bytes() for path in spec.parent.rglob("*") if path.is_file()}
    problems_in(spec)
    assert files == {path: path.read_bytes() for path in spec.parent.rglob("*") if path.is_file()}
