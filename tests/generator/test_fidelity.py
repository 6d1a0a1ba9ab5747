"""The contract and the page's tables hold each other: no cell of either can change alone."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.document import Document, load
from generator.fidelity import Ledger, fidelity_problems, ledger_of, read_ledger
from generator.problems import Refused
from generator.tables import Page, cells_as_keywords, read_page

SPEC = Path("spec/openapi.yaml")
SOURCE = Path("spec/source")

# For each keyword a value that no row has, to set or to add; and one that differs from every value in the contract.
STRANGE: dict[str, Any] = {
    "type": "number",
    "format": "hostname",
    "minimum": -7,
    "maximum": 7,
    "exclusiveMinimum": 0,
    "exclusiveMaximum": 7,
    "multipleOf": 7,
    "minLength": 7,
    "maxLength": 7,
    "pattern": "^x",
    "minItems": 7,
    "maxItems": 7,
    "uniqueItems": True,
    "minProperties": 7,
    "maxProperties": 7,
    "additionalProperties": False,
    "enum": ["x"],
    "const": "x",
    "default": "x",
    "x-extensible-enum": ["x"],
    "x-timestamp": "s",
    "x-success-values": ["x"],
    "$ref": "#/components/schemas/GatewayError",
}


@pytest.fixture(scope="module")
def contract() -> Document:
    """The contract, for tests that undo what they change."""
    return load(SPEC)


@pytest.fixture(scope="module")
def page() -> Page:
    """The page's data."""
    return read_page(SOURCE)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    """The deviations."""
    return read_ledger(SOURCE / "deviations.yaml")


def edited_ledger(identifier: str, change: dict[str, Any]) -> Ledger:
    """The deviations with one entry changed."""
    document = load(SOURCE / "deviations.yaml")
    next(entry for entry in document.data["deviations"] if entry["id"] == identifier).update(change)
    return ledger_of(document)


def described_properties() -> list[tuple[str, str]]:
    """Every property of every schema that follows a table."""
    schemas = load(SPEC).data["components"]["schemas"]
    return [
        (name, member)
        for name, schema in schemas.items()
        if "table" in schema["x-source"]
        for member in schema["properties"]
    ]


def neighbours(value: Any) -> list[Any]:
    """Values next to one: a bound off by one, a default flipped, a set with one more and one less."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value - 1, value + 1, str(value)]
    if isinstance(value, list):
        return [value[1:], [*value, "one-more"]]
    return [f"{value}0"] if isinstance(value, str) and value not in ("string", "array", "integer", "boolean") else []


def edits(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every single edit of a property's keywords, and of its items' keywords: taken out, changed, added."""
    binding = [keyword for keyword in schema if keyword in STRANGE]
    for keyword in binding:
        yield f"without {keyword}", {name: value for name, value in schema.items() if name != keyword}
        for value in [STRANGE[keyword], *neighbours(schema[keyword])]:
            yield f"{keyword}: {value}", schema | {keyword: value}
    for keyword in STRANGE.keys() - schema.keys() - ({"$ref"} if "oneOf" in schema else set()):
        yield f"with {keyword}", schema | {keyword: STRANGE[keyword]}
    kinds = schema.get("type", [])
    if kinds:
        with_null = [*([kinds] if isinstance(kinds, str) else kinds), "null"]
        without = [kind for kind in with_null if kind != "null"]
        yield "null toggled", schema | {"type": with_null if "null" not in kinds else without}
    if "oneOf" in schema:
        yield "never null", schema | {"oneOf": schema["oneOf"][:1]}
    if "items" in schema:
        for label, items in edits(schema["items"]):
            yield f"items {label}", schema | {"items": items}


@pytest.mark.parametrize(("schema", "member"), described_properties())
def test_no_keyword_of_a_described_property_can_change_alone(
    schema: str, member: str, contract: Document, page: Page, ledger: Ledger
) -> None:
    """Any one keyword of any one cell, changed in the contract alone, makes lint fail."""
    node = contract.data["components"]["schemas"][schema]
    original = node["properties"][member]
    unnoticed = []
    for label, edited in edits(original):
        node["properties"][member] = edited
        if edited != original and not fidelity_problems(contract, page, ledger):
            unnoticed.append(label)
    node["properties"][member] = original
    assert [] == unnoticed


@pytest.mark.parametrize(("schema", "member"), described_properties())
def test_a_described_property_cannot_be_removed_renamed_or_change_its_duty(
    schema: str, member: str, contract: Document, page: Page, ledger: Ledger
) -> None:
    """A property that vanishes, takes another name, or becomes required or optional makes lint fail."""
    node = contract.data["components"]["schemas"][schema]
    original = copy.deepcopy(node)
    required = node.get("required", [])
    others = {name: value for name, value in node["properties"].items() if name != member}
    variants = {
        "removed": {"properties": others, "required": [name for name in required if name != member]},
        "renamed": {"properties": others | {f"{member}_x": node["properties"][member]}},
        "duty": {
            "required": [name for name in required if name != member] if member in required else [*required, member]
        },
    }
    unnoticed = []
    for label, change in variants.items():
        node.update(copy.deepcopy(change))
        if not fidelity_problems(contract, page, ledger):
            unnoticed.append(label)
        node.clear()
        node.update(copy.deepcopy(original))
    assert [] == unnoticed


def rows() -> list[tuple[int, str]]:
    """Every row of every table."""
    return [
        (table["table"], row["row"]) for table in load(SOURCE / "tables.yaml").data["tables"] for row in table["rows"]
    ]


def changed_cells(cells: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """A row with one cell changed."""
    yield "type", cells | {"type": "Boolean" if cells["type"] != "Boolean" else "String", "constraints": "N/A"}
    yield "mandatory", cells | {"mandatory": "No" if cells["mandatory"] == "Yes" else "Yes"}
    yield (
        "default",
        cells | {"default": "7" if cells["type"] != "Boolean" else {"true": "false"}.get(cells["default"], "true")},
    )
    for cell in cells.keys() & {"constraints", "range"}:
        words = cells[cell]
        if any(sign.isdigit() for sign in words):
            last = words.replace(" characters", "").split(" ")[-1]
            yield cell, cells | {cell: words.replace(last, f"{int(last.replace(',', '')) + 1}")}
            yield f"{cell} emptied", cells | {cell: "N/A"}
        elif words == "N/A" and cells["type"] == "String":
            yield cell, cells | {cell: "Length: 0 to 77 characters"}
    if "be in" in cells.get("says", "") or cells["range"] == "true/false":
        yield "values", cells | {"says": "The value can be in/out.", "range": "true/false"}


@pytest.mark.parametrize(("number", "name"), rows())
def test_no_cell_of_the_page_can_change_alone(
    number: int, name: str, contract: Document, page: Page, ledger: Ledger
) -> None:
    """Any one cell of the 55 rows, changed in the tables alone, makes lint fail."""
    entry = next(table for table in page.document.data["tables"] if table["table"] == number)
    cells = next(row for row in entry["rows"] if row["row"] == name)
    row = page.tables[number].rows[name]
    unnoticed = []
    for label, changed in changed_cells(cells):
        keywords, unread = cells_as_keywords(changed)
        original = dict(row.keywords)
        row.keywords.clear()
        row.keywords.update(keywords)
        if not unread and not fidelity_problems(contract, page, ledger):
            unnoticed.append(label)
        row.keywords.clear()
        row.keywords.update(original)
    assert [] == unnoticed


def test_the_page_has_55_rows_in_seven_tables(page: Page) -> None:
    """The data of the page is complete."""
    assert [13, 2, 7, 4, 3, 22, 4] == [len(table.rows) for table in page.tables.values()]


def test_contract_and_page_agree(contract: Document, page: Page, ledger: Ledger) -> None:
    """The contract as it stands has no departure that is not excused."""
    assert [] == fidelity_problems(contract, page, ledger)


def test_every_deviation_is_needed(contract: Document, page: Page, ledger: Ledger) -> None:
    """Without any one excuse, lint names the difference that it excused."""
    idle = []
    for deviation in ledger.deviations:
        others = [other for other in ledger.deviations if other is not deviation]
        if deviation.excuses and not fidelity_problems(contract, page, Ledger(ledger.document, others)):
            idle.append(deviation.id)
    assert [] == idle


def test_a_deviation_that_excuses_nothing_is_refused(contract: Document, page: Page, ledger: Ledger) -> None:
    """An excuse whose difference is gone, or was never there, is told with the difference that is."""
    edited = edited_ledger("total-range", {"excuses": {"minimum": {"contract": 1}}})
    told = [str(problem) for problem in fidelity_problems(contract, page, edited)]
    told = [words for words in told if "minimum" in words]
    assert 2 == len(told)
    assert "the contract has minimum 0; on the page (row total, table 5) there is no minimum" in told[0]
    assert "deviation total-range excuses minimum {'contract': 1}, and there is no such difference" in told[1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"at": [{"table": 9, "row": "page"}]}, "the page has no {'row': 'page', 'table': 9}"),
        ({"at": [{"table": 1, "row": "pages"}]}, "the page has no {'row': 'pages', 'table': 1}"),
        (
            {"at": [{"example": "request", "at": "/nothing"}]},
            "the page has no {'at': '/nothing', 'example': 'request'}",
        ),
        ({"at": [{"section": "Nowhere"}]}, "the page has no {'section': 'Nowhere'}"),
        ({"assumption": "no-such"}, "no x-assumption of the contract has the id no-such"),
        ({"id": "total-range"}, "the id total-range stands twice"),
    ],
)
def test_a_deviation_names_places_that_exist(
    change: dict[str, Any], words: str, contract: Document, page: Page, ledger: Ledger
) -> None:
    """A deviation whose place or assumption does not exist, or whose id is taken, is told."""
    edited = edited_ledger("one-assignee", change)
    told = [str(problem) for problem in fidelity_problems(contract, page, edited)]
    assert 1 == len(told)
    assert words in told[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"level": "certain"}, "'certain' is not one of"),
        ({"why": ""}, "'' should be non-empty"),
        ({"reason": "typo"}, "'reason' was unexpected"),
        ({"excuses": {"type": {"spec": "x"}}}, "'spec' is not one of"),
    ],
)
def test_a_deviation_of_another_shape_is_refused(change: dict[str, Any], words: str) -> None:
    """A misspelt member, an unknown level or an empty reason is refused with file and line."""
    with pytest.raises(Refused, match=rf"deviations.yaml:\d+: .*{words}"):
        edited_ledger("one-assignee", change)


def test_every_assumption_on_a_row_is_recorded(contract: Document, ledger: Ledger) -> None:
    """What the contract assumes at a row's property stands in the list of deviations too."""
    recorded = {deviation.assumption for deviation in ledger.deviations}
    assumed = {
        assumption["id"]
        for schema in contract.data["components"]["schemas"].values()
        for member in schema["properties"].values()
        if "table" in member["x-source"]
        for assumption in member.get("x-assumption", [])
    }
    assert set() == assumed - recorded


def test_a_property_without_row_needs_an_example(contract: Document, page: Page, ledger: Ledger) -> None:
    """A property that no row and no example of the page has is refused."""
    properties = contract.data["components"]["schemas"]["IncidentDataInfo"]["properties"]
    properties["colour"] = {"type": "string", "x-source": {"public": "a rumour"}}
    told = fidelity_problems(contract, page, ledger)
    del properties["colour"]
    assert ["IncidentDataInfo.colour has no row in the page's table, and x-source names no example that shows it"] == [
        problem.what for problem in told
    ]


def test_a_second_schema_of_a_table_mirrors_every_row(contract: Document, page: Page, ledger: Ledger) -> None:
    """SortFilterV2 follows table 3 row by row, as ObjectFilterV2 does."""
    properties = contract.data["components"]["schemas"]["SortFilterV2"]["properties"]
    group = properties.pop("group")
    told = fidelity_problems(contract, page, ledger)
    properties["group"] = group
    assert ["SortFilterV2 has no property group"] == [problem.what for problem in told]


@pytest.mark.parametrize(
    ("pointer", "words"),
    [
        (("paths", "/v2/incidents/list"), "there is no POST /v2/incidents/list"),
        (("paths", "/v2/incidents/list", "post", "responses", "400"), "status 400 does not name the page"),
        (("paths", "/v2/incidents/list", "post", "x-permissions"), "x-permissions lacks"),
    ],
)
def test_what_the_page_says_outside_its_tables_is_held_too(
    pointer: tuple[str, ...], words: str, contract: Document, page: Page, ledger: Ledger
) -> None:
    """Method and path, the documented statuses and the permission cannot go missing."""
    parent = contract.at(pointer[:-1])
    taken = parent.pop(pointer[-1])
    told = [problem.what for problem in fidelity_problems(contract, page, ledger)]
    parent[pointer[-1]] = taken
    assert any(words in what for what in told)


def test_words_that_no_reading_is_known_for_are_refused(tmp_path: Path) -> None:
    """A cell whose words cannot be turned into keywords is named with file and line, never skipped."""
    text = (SOURCE / "tables.yaml").read_text(encoding="utf-8")
    (tmp_path / "tables.yaml").write_text(text.replace("'1 to 1,000,000'", "'a few, at most'"), encoding="utf-8")
    (tmp_path / "examples").symlink_to((SOURCE / "examples").resolve())
    with pytest.raises(Refused, match=r"tables.yaml:\d+: no reading is known for the words 'a few, at most'"):
        read_page(tmp_path)


@pytest.mark.parametrize(
    ("cells", "keywords"),
    [
        ({"type": "Integer", "range": "1 to 1,000"},
         {"type": "integer", "format": "int32", "minimum": 1, "maximum": 1000}),
        ({"type": "String", "range": "0 to 9 characters"}, {"type": "string", "maxLength": 9}),
        ({"type": "String", "range": "Minimum length: 2 characters; Maximum length: 9 characters"},
         {"type": "string", "minLength": 2, "maxLength": 9}),
        ({"type": "Array of X", "range": "Array length: 1 to 9"},
         {"type": "array", "items.$ref": "X", "minItems": 1, "maxItems": 9}),
        ({"type": "X object", "range": "N/A"}, {"$ref": "X"}),
        ({"type": "Boolean", "range": "true/false", "default": "true"}, {"type": "boolean", "default": True}),
        ({"type": "String", "range": "true/false"}, {"type": "string", "enum": ["true", "false"]}),
        ({"type": "Long", "range": "0 to 9"}, {"type": "integer", "format": "int64", "minimum": 0, "maximum": 9}),
        ({"type": "String", "range": "N/A", "mandatory": "Yes"}, {"type": "string", "required": True}),
        ({"type": "Arrays of String",
          "range": "Element length: Minimum length: 0 character; Maximum length: 5 characters"},
         {"type": "array", "items.type": "string", "items.maxLength": 5}),
    ],
)  # fmt: skip
def test_the_words_of_a_cell_are_read_as_keywords(cells: dict[str, str], keywords: dict[str, Any]) -> None:
    """Each wording of the page stands for the same keywords wherever it is used."""
    assert (keywords, []) == cells_as_keywords({"row": "x", "mandatory": "No", "default": "N/A", **cells})
