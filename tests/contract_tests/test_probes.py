"""Boundary probes break one bound each, cover every keyword, and mean something."""

import jsonschema_rs
import pytest

from contract_tests.answers import DIALECT
from contract_tests.bodies import build, condition_of_length, slots
from contract_tests.contract import Operation
from contract_tests.probes import KEYWORDS, bundles, probes


@pytest.fixture(scope="module")
def validator(operation: Operation) -> jsonschema_rs.Validator:
    """The request schema, by a validator that is not ours."""
    return jsonschema_rs.validator_for({**operation.request, "$schema": DIALECT})


def test_an_accepting_probe_is_valid(operation: Operation, validator: jsonschema_rs.Validator) -> None:
    """What must be accepted breaks nothing, alone and in its bundle."""
    found = probes(operation)
    broken = [probe.case for probe in found if probe.accepts and not validator.is_valid(probe.body(operation))]
    joined = [build(operation, [edit for probe in group for edit in probe.edits]) for group in bundles(found)]
    assert broken == []
    assert [body for body in joined if not validator.is_valid(body)] == []


def test_a_refusing_probe_breaks_one_bound(operation: Operation, validator: jsonschema_rs.Validator) -> None:
    """What must be refused breaks its own keyword, at one place; a closed set alone may break with type or length."""
    for probe in (probe for probe in probes(operation) if not probe.accepts):
        errors = list(validator.iter_errors(probe.body(operation)))
        keywords = {str(error.schema_path[-1]) for error in errors}
        assert probe.keyword in keywords, probe.case
        assert keywords - {probe.keyword} <= {"enum"}, probe.case
        assert len({str(error.instance_path) for error in errors}) == 1, probe.case


def test_every_keyword_is_probed(operation: Operation) -> None:
    """Each keyword of each place of the request has a refusing probe, wherever its schema is used."""
    probed = {(probe.pointer, probe.context, probe.keyword) for probe in probes(operation) if not probe.accepts}
    owed = {
        (slot.schema["x-pointer"], slot.context, keyword)
        for slot in slots(operation.request)
        for keyword in [*KEYWORDS, *(["required"] if slot.required else [])]
        if keyword in slot.schema or keyword == "required"
    }
    assert owed - probed == set()


def test_the_families_that_generators_miss(operation: Operation) -> None:
    """Limits above 15 items alone, fractions, digits as text, letter case, three alphabets, blanks, nulls."""
    cases = {probe.case for probe in probes(operation)}
    assert cases >= {
        "string_filters: 21 items",
        "fields: 101 items",
        "string_filters[0].values: 1025 items",
        "page: a fraction",
        "page: digits as text",
        "string_filters[0].operator: 'IN'",
        "string_filters[0].operator: ' in'",
        "string_filters[0].name: 255 astral characters",
        "string_filters[0].name: 256 astral characters",
        "string_filters[0].name: 255 two-byte characters",
        "string_filters[0].name: null",
        "count_filters[0].filters[0].values[0]: a number",
    }


@pytest.mark.parametrize("length", [5, 6, 10_000, 10_001])
def test_a_condition_of_any_length_parses(operation: Operation, length: int) -> None:
    """A long condition is few names, none longer than a name may be, joined by ` | `; exactly as long as asked."""
    text = condition_of_length(operation, length)
    names = text.split(" | ")
    assert len(text) == length
    assert len(names) <= 40
    assert {"f", "g"} >= {letter for name in names for letter in name}
    assert max(map(len, names)) <= 255


@pytest.mark.parametrize("role", ["string_filters", "int_filters", "count_filters"])
def test_no_two_filters_of_a_probe_have_one_name(operation: Operation, role: str) -> None:
    """As many filters as allowed, each with its own name: what two of one name mean is open."""
    probe = next(
        p for p in probes(operation) if p.accepts and p.keyword == "maxItems" and p.case.startswith(f"{role}:")
    )
    names = [each.get("name") for each in probe.body(operation)[role]]
    assert len(names) == len(set(names))


def test_no_bundle_gives_two_filters_one_name(operation: Operation) -> None:
    """What stands together in one request has names that tell it apart."""
    bodies = [
        build(operation, [edit for probe in group for edit in probe.edits]) for group in bundles(probes(operation))
    ]
    names = [
        [each["name"] for role in ("string_filters", "int_filters") for each in body.get(role, []) if "name" in each]
        for body in bodies
    ]
    assert [each for each in names if len(set(each)) < len(each)] == []
