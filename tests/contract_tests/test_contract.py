"""The gate reads the contract with its places, sources and levels."""

from pathlib import Path

import pytest

from contract_tests.contract import SPEC, Contract, ContractError, Level, Operation
from contract_tests.schemas import find, flat

BODY = "/components/schemas/ListIncidentsRequestBody/properties"


def test_a_place_has_its_line(contract: Contract) -> None:
    """The line of a keyword is the line of the file where it stands."""
    line = contract.line(f"{BODY}/per_page/maximum")
    assert SPEC.read_text(encoding="utf-8").splitlines()[line - 1].strip() == "maximum: 200"


@pytest.mark.parametrize(
    ("pointer", "keyword", "expected"),
    [
        (f"{BODY}/condition", "maxLength", Level.DOCUMENTED),
        (f"{BODY}/condition", "minLength", Level.ASSUMED),
        ("/components/schemas/SortFilterV2/properties/operator", "enum", Level.ASSUMED),
        ("/components/schemas/ObjectFilterV2/properties/values/items", "maxLength", Level.DOCUMENTED),
        ("/components/schemas/GatewayError/properties/error_code", "type", Level.ASSUMED),
    ],
)
def test_levels_follow_the_readme(contract: Contract, pointer: str, keyword: str, expected: Level) -> None:
    """A keyword is documented when its place is from the page and no assumption there lists it."""
    assert contract.level(pointer, keyword) is expected


def test_references_are_inlined_and_keep_their_place(operation: Operation) -> None:
    """A resolved schema has no `$ref`, and each part says where it stands in the spec."""
    values = operation.request["properties"]["string_filters"]["items"]["properties"]["values"]
    assert values["x-pointer"] == "/components/schemas/ObjectFilterV2/properties/values"
    assert "$ref" not in str(operation.request)


def test_roles_name_members(operation: Operation) -> None:
    """A role of x-query or x-pagination leads to the request member, and nothing else does."""
    assert operation.member("size") == "per_page"
    assert operation.member("types") == "ticket_types"
    assert operation.success_values == {"error_code": ("0", "0000", "GOM.00000000")}
    assert "ticket_id" in operation.item


def test_a_nullable_reference_becomes_one_type() -> None:
    """`oneOf: [X, null]` reads as X whose type is also null, so that an error inside names its own place."""
    schema = {"oneOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "null"}]}
    assert flat(schema) == {"type": ["object", "null"], "properties": {"a": {"type": "string"}}}


def test_find_never_raises() -> None:
    """A pointer into something that is not there is None."""
    assert [find({"a": [1]}, pointer) for pointer in ("/a/0", "/a/1", "/b/c", "/a/x")] == [1, None, None, None]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "not YAML"),
        ("openapi: 3.1.0", "no `paths`"),
        ("paths: {/x: {post: {operationId: X}}}", "nothing to judge"),
        ("paths: {/x: {post: {operationId: X, x-query: {}, x-pagination: {}}}}", "the gate needs 'requestBody'"),
    ],
)
def test_a_contract_that_cannot_be_used(tmp_path: Path, text: str, complaint: str) -> None:
    """The complaint names the file and what is wrong."""
    file = tmp_path / "broken.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=f"{file}.*{complaint}"):
        Contract.load(file)


def test_an_absent_contract(tmp_path: Path) -> None:
    """A file that is not there is a complaint, not a trace."""
    with pytest.raises(ContractError, match="cannot be read"):
        Contract.load(tmp_path / "none.yaml")
