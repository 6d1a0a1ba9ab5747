"""Edits of the contract itself, each with the rating and the words that a reviewer has to see."""

# ruff: noqa: E501 - the table reads as a table, one edit a line

from __future__ import annotations

from pathlib import Path

import pytest

from generator.changes import Rating
from generator.comparison import changes
from generator.document import Document, loads
from generator.versions import gravest

TEXT = Path("spec/openapi.yaml").read_text(encoding="utf-8")
B, C, W = Rating.BREAKING, Rating.COMPATIBLE, Rating.COSMETIC

MEMBER = "          type: string\n          description: Words.\n          examples: [x]\n"
LINK = """          links:
            histories:
              operationId: ListIncidentsHistories
              parameters: {incident_id: '$response.body#/data/tickets/0/ticket_id'}
              description: What was done about a ticket; the first one here stands for each.
"""
SISTER = """  /v1/incidents/{incident_id}/histories:
    post:
      operationId: ListOldHistories
      parameters: [{name: incident_id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: The histories.}}
components:
"""

# name: (text, its replacement, rating, the gravest change's place and words)
EDITS = {
    "new request member": ("        page:\n          type: integer\n", f"        locale:\n{MEMBER}        page:\n          type: integer\n", C, "ListIncidentsRequestBody.locale: property added"),
    "new answer member": ("        mtm_region:\n", f"        cause:\n{MEMBER}        mtm_region:\n", C, "IncidentDataInfo.cause: property added"),
    "new bound of the request": ("        fields:\n          type: array\n", "        fields:\n          type: array\n          minItems: 1\n", B, "ListIncidentsRequestBody.fields: minItems 1 added"),
    "tighter bound of the request": ("maximum: 200\n", "maximum: 100\n", B, "ListIncidentsRequestBody.per_page: maximum 200 → 100"),
    "looser bound of the request": ("maximum: 200\n", "maximum: 500\n", C, "ListIncidentsRequestBody.per_page: maximum 200 → 500"),
    "tighter bound of the answer": ("maximum: 9999999999999\n", "maximum: 1000000\n", C, "ListIncidentsResponseBodyData.total: maximum 9999999999999 → 1000000"),
    "looser bound of the answer": ("          maxItems: 1000\n          items: {$ref: '#/components/schemas/IncidentDataInfo'}", "          maxItems: 2000\n          items: {$ref: '#/components/schemas/IncidentDataInfo'}", B, "ListIncidentsResponseBodyData.tickets: maxItems 1000 → 2000"),
    "bound of an item": ("items: {type: string, maxLength: 1024}", "items: {type: string, maxLength: 512}", B, "ObjectFilterV2.values[]: maxLength 1024 → 512"),
    "renamed member": ("        mtm_region:\n", "        region:\n", B, "IncidentDataInfo.mtm_region: property removed"),
    "member becomes required": ("required: [field, operator, values]\n      properties:\n        name:\n          type: string\n          maxLength: 255\n          description: The name by", "required: [name, field, operator, values]\n      properties:\n        name:\n          type: string\n          maxLength: 255\n          description: The name by", B, "ObjectFilterV2.name: required added"),
    "member of the answer may be absent": ("required: [error_code, error_msg]", "required: [error_code]", B, "GatewayError.error_msg: required removed"),
    "new operator": ("'>', '<']\n          x-enum-varnames: [IN, LIKE, STARTWITH, ENDWITH, EQ, NE, GT, LT]", "'>', '<', '>=']\n          x-enum-varnames: [IN, LIKE, STARTWITH, ENDWITH, EQ, NE, GT, LT, GE]", C, "ObjectFilterV2.operator: enum >= added"),
    "operator lost": ("enum: [desc, asc]\n          x-enum-varnames: [DESC, ASC]", "enum: [desc]\n          x-enum-varnames: [DESC]", B, "SortFilterV2.operator: enum asc removed"),
    "new level": ("level_40, level_50]", "level_40, level_50, level_60]", C, "IncidentDataInfo.level_id: x-extensible-enum level_60 added"),
    "null on": ("        condition:\n          type: string\n", "        condition:\n          type: [string, 'null']\n", C, "ListIncidentsRequestBody.condition: null added"),
    "null off": ("type: [string, 'null']", "type: string", C, "ListIncidentsResponseBody.error_msg: null removed"),
    "type of the answer narrowed": ("          type: [boolean, string]\n", "          type: boolean\n", C, "IncidentDataInfo.is_service_interrupt: type boolean or string → boolean"),
    "default": ("          default: 10\n", "          default: 50\n", B, "ListIncidentsRequestBody.per_page: default 10 → 50"),
    "new operation": ("components:\n", SISTER, C, "POST /v1/incidents/{incident_id}/histories: operation added"),
    "operation renamed": ("operationId: ListIncidents", "operationId: QueryIncidents", B, "POST /v2/incidents/list: operationId list_incidents → query_incidents"),
    "new status": ("        '503': {", "        '502': {$ref: '#/components/responses/Unavailable'}\n        '503': {", C, "POST /v2/incidents/list · answer 502: answer added"),
    "page member": ("        size: per_page\n", "        size: page\n", B, "POST /v2/incidents/list: x-pagination.size per_page → page"),
    "permission": ("action: 'coc:ticket:list'", "action: 'coc:ticket:get'", B, "POST /v2/incidents/list: x-permissions coc:ticket:get added"),
    "link lost": (LINK, "", B, "POST /v2/incidents/list · answer 200: link histories removed"),
    "link added": ("          links:\n", "          links:\n            more: {operationId: ListIncidents}\n", C, "POST /v2/incidents/list · answer 200: link more added"),
    "link that leads elsewhere": ("0/ticket_id'}", "0/assignee'}", B, "POST /v2/incidents/list · answer 200: link histories"),
    "words of a link": ("What was done about a ticket;", "Its histories;", W, "POST /v2/incidents/list · answer 200: link histories"),
    "words": ("How many tickets a page holds.", "How many tickets come at once.", W, "ListIncidentsRequestBody.per_page: description How many"),
}  # fmt: skip


def contract(text: str) -> Document:
    """The contract from its text."""
    return loads(text, Path("openapi.yaml"))


@pytest.mark.parametrize(("old", "new", "rating", "words"), EDITS.values(), ids=EDITS)
def test_an_edit_of_the_contract_gets_its_rating(old: str, new: str, rating: Rating, words: str) -> None:
    """The edit is rated as its users feel it, and the change is named by place, keyword and values."""
    assert old in TEXT
    found = changes(contract(TEXT), contract(TEXT.replace(old, new, 1)))
    assert rating == gravest(found)
    assert [change for change in found if f"{change.place}: {change.what}".startswith(words)]


def test_a_bound_alone_is_one_change() -> None:
    """Nothing but the edited keyword is told."""
    found = changes(contract(TEXT), contract(TEXT.replace("maximum: 200\n", "maximum: 100\n")))
    assert ["maximum 200 → 100"] == [change.what for change in found]
