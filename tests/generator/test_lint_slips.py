"""Slips of the pen that OpenAPI lets pass, or tells without a place: `lint` names each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from coc_incidents.runtime import signing

from contract_tests import credentials
from contract_tests.relations.blame import OPERATORS as JUDGED
from generator.__main__ import main
from generator.notices import FILTERS
from generator.vocabulary import ALGORITHM
from mock_service.sql import KNOWN as MOCKED

SPEC = Path("spec")
LINK = "parameters: {incident_id: '$response.body#/data/tickets/0/ticket_id'}"
ASSIGNED = "incident_id: '$response.body#/data/tickets/0/"


def replace(path: Path, old: str, new: str) -> None:
    """Replace the one place, or the first, where a text stands."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


HISTORY = "        action:\n          type: string\n"
BOUNDS = "schema: {type: string, minLength: 1, maxLength: 50}"
ELSEWHERE = """
  /v3/x: {$ref: '#/components/pathItems/X'}

components:
  pathItems:
    X:
      get:
        operationId: ShowX
        tags: [incidents]
        summary: An edit
        description: An edit.
        x-source: {public: an edit}
        responses: {'401': {$ref: '#/components/responses/Unauthorized'}}
"""
# name: (text, its replacement, a text of the line that is told, words)
EDITS = {
    "a link to no operation": (
        "              operationId: ListIncidentsHistories\n",
        "              operationId: ListHistories\n",
        "operationId: ListHistories",
        "leads to ListHistories, and there is no such operation; did you mean ListIncidentsHistories?",
    ),
    "a link that gives another parameter": (
        LINK,
        LINK.replace("incident_id", "incidentid"),
        "{incidentid:",
        "gives incidentid, and ListIncidentsHistories has no such parameter; did you mean incident_id?",
    ),
    "a link to a member that is not there": (
        f"{ASSIGNED}ticket_id",
        f"{ASSIGNED}ticketid",
        "/ticketid'",
        "finds incident_id at /data/tickets/0/ticketid, and the answer's schema has no such place",
    ),
    "a keyword that is none": (
        f"{HISTORY}          maxLength",
        f"{HISTORY}          maxLenght",
        "maxLenght",
        "the keyword maxLenght is unknown, and bounds nothing; did you mean maxLength?",
    ),
    "a pattern that is none": (
        BOUNDS,
        "schema: {type: string, minLength: 1, maxLength: 50, pattern: '['}",
        "pattern: '['",
        "the pattern '[' is no regular expression; write one as ECMA-262 has it",
    ),
    "an example that breaks a pattern of ECMA-262": (
        BOUNDS,
        r"schema: {type: string, maxLength: 50, pattern: '^\p{Ll}+$'}",
        "example: IM202504101040380143525888",
        "'IM202504101040380143525888' does not match",
    ),
    "a default of another type": (
        "          default: 10\n",
        "          default: ten\n",
        "default: ten",
        "the default does not fit its schema: 'ten' is not of type 'integer'",
    ),
    "an operationId twice": (
        "      operationId: ListIncidentsHistories\n      tags",
        "      operationId: ListIncidents # again\n      tags",
        "# again",
        "Operation ID 'ListIncidents' for 'post' in '/v2/incidents/{incident_id}/histories' is not unique; give each",
    ),
    "a parameter that its path lacks": (
        "  /v2/incidents/{incident_id}/histories:\n    post:\n",
        "  /v2/incidents/histories:\n    post: # lacks it\n",
        "# lacks it",
        "was not resolved; name it in the path, as {name}, and among the parameters",
    ),
    "a brace that does not close": ("{incident_id}/histories:", "{incident_id/histories:", "paths:", "cannot be read"),
    "a filter without its values": (
        "        values:\n          type: array\n          minItems: 1\n          maxItems: 1024\n"
        "          items: {type: string, maxLength: 1024}\n          description: What to compare",
        "        vals:\n          type: array\n          minItems: 1\n          maxItems: 1024\n"
        "          items: {type: string, maxLength: 1024}\n          description: What to compare",
        "string_filters: string_filters",
        "what string_filters holds has no member values, by which client, mock and gate make it; name the member",
    ),
    "an algorithm that nobody signs by": (
        "algorithm: SDK-HMAC-SHA256",
        "algorithm: SDK-HMAC-SM3",
        "algorithm: SDK-HMAC-SM3",
        "client, mock and gate do not sign by SDK-HMAC-SM3; write SDK-HMAC-SHA256, or teach the other algorithm to all",
    ),
    "a signature in another header": (
        "      name: Authorization\n",
        "      name: X-Signature\n",
        "name: X-Signature",
        "the signature's name is X-Signature; SDK-HMAC-SHA256 travels in Authorization; write name: Authorization",
    ),
    "operations that stand elsewhere": (
        "\ncomponents:\n",
        ELSEWHERE,
        "/v3/x",
        "the operations of /v3/x stand elsewhere, where mock and gate do not look; write them under their path",
    ),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_slip_is_told_at_its_line(
    edit: tuple[str, str, str, str], spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One slip: exit 1, and its sentence has the line at which it stands, never the first line of the document."""
    old, new, line, words = edit
    replace(spec, old, new)
    number = next(number for number, text in enumerate(spec.read_text("utf-8").splitlines(), 1) if line in text)
    assert 1 == main(["lint", "--spec", str(spec)])
    told = next(told for told in capsys.readouterr().err.splitlines() if words in told)
    assert told.startswith(f"{spec}:{number}: ")


def test_a_pattern_of_ecma_262_is_read_as_such(spec: Path) -> None:
    """A pattern that Python does not know, and its examples, are in order."""
    replace(
        spec, f"{HISTORY}          maxLength", f"{HISTORY}          pattern: '^[\\p{{L}}\\d]+$'\n          maxLength"
    )
    assert 0 == main(["lint", "--spec", str(spec)])


def test_an_operator_without_meaning_is_told(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An operator more is in order, for the contract follows the page; that mock and gate do not know it, is told."""
    replace(spec, "enum: [in, like, startwith", "enum: [in, notlike, like, startwith")
    replace(spec, "x-enum-varnames: [IN, LIKE", "x-enum-varnames: [IN, NOTLIKE, LIKE")
    replace(spec.parent / "source" / "tables.yaml", "in/like/startwith", "in/notlike/like/startwith")
    replace(spec.parent / "source" / "deviations.yaml", "page: [in, like", "page: [in, notlike, like")
    assert 0 == main(["lint", "--spec", str(spec)])
    told = capsys.readouterr().err
    assert "neither mock nor gate knows the operator notlike: one finds nothing by it, one does not judge it" in told
    assert 1 == told.count("to know: ")


def test_the_algorithm_is_the_one_that_client_and_gate_sign_by() -> None:
    """What `lint` lets pass is what the two sign by; the mock hashes alike, whatever name it finds."""
    assert ALGORITHM == signing.ALGORITHM == credentials.ALGORITHM


def test_the_operators_that_have_a_meaning_are_those_of_mock_and_gate() -> None:
    """What `lint` takes for known is what the mock compiles and what the gate judges."""
    assert set(MOCKED) == FILTERS == set(JUDGED)
