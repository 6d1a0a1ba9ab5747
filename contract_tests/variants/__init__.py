"""Correct services that read the page's open points differently; the gate must not say a word against them.

They are all one naive service (`reference`), written from the contract's assumptions with a switch for each open
point. It shares no code with the mock, which answers from SQL, nor with the gate.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from contract_tests.variants.reading import Reading
from contract_tests.variants.reference import ReferenceService
from contract_tests.variants.serving import Receive, Scope, Send, send_json, serve, whole_body
from contract_tests.variants.tickets import tickets

#: Name → (reading, number of tickets).
VARIANTS: dict[str, tuple[Reading, int]] = {
    "as assumed, 300 tickets": (Reading(), 300),
    "no ticket": (Reading(), 0),
    "1 ticket": (Reading(), 1),
    "5 tickets": (Reading(), 5),
    "50 tickets": (Reading(), 50),
    "5,000 tickets": (Reading(), 5000),
    "`|` binds tighter than `&`": (Reading(precedence="or-first"), 120),
    "a condition is read from the left": (Reading(precedence="left-to-right"), 120),
    "`like` ignores case": (Reading(fold_like="case"), 120),
    "`like` is a pattern without wildcards around it": (Reading(like="pattern"), 120),
    "`like` is a pattern and ignores case": (Reading(like="pattern", fold_like="case"), 120),
    "`like` is blind to accents and width": (Reading(like="escaped", fold_like="accents"), 120),
    "`like` is a regular expression": (Reading(like="regex"), 120),
    "`like` wants the whole text": (Reading(like="whole", several="all"), 120),
    "`like` is a full-text search for any word": (Reading(like="words", fold_like="accents"), 120),
    "an absent property satisfies no `!=`": (Reading(absent_differs=False), 120),
    "unknown body members are refused": (Reading(refuse_unknown_members=True), 120),
    "an unwanted total is 0": (Reading(unwanted_total="zero"), 120),
    "an unwanted total is a null": (Reading(unwanted_total="null"), 120),
    "a page past the end is refused": (Reading(past_end="refuse"), 120),
    "a filter on an unknown field is ignored": (Reading(unknown_field="ignore"), 120),
    "filters that the condition does not name apply": (Reading(unnamed_apply=True), 120),
    "the default order is by number, rising": (Reading(default_sort=("ticket_id", "asc")), 120),
    "the default order is by level": (Reading(default_sort=("level_id", "desc")), 120),
    "ties stand in another order each time": (Reading(random_ties=True), 120),
    "counts are taken under the main filters": (Reading(counts_under_main=True), 120),
    "answers have more members": (Reading(extra_members=True), 120),
    "times are text": (Reading(times_as_text=True), 120),
    "flags are text": (Reading(flags_as_text=True), 120),
    "no tickets are a null": (Reading(empty_tickets="null"), 120),
    "no tickets are no member": (Reading(empty_tickets="absent"), 120),
    "a condition is read from the right": (Reading(precedence="right-to-left", absent_first=True), 120),
    "one ticket of each group": (Reading(group="one"), 120),
    "groups are ignored": (Reading(group="ignored"), 50),
    "what need not be accepted is refused": (Reading(strict=True, refuse_unknown_members=True), 120),
    "the same, times and flags as text": (Reading(strict=True, times_as_text=True, flags_as_text=True), 50),
    "no ticket shows its number": (Reading(without_key=True), 50),
    "tickets come, go and change": (Reading(moves_every=50), 120),
    "few tickets, which change often": (Reading(moves_every=11), 5),
    "a gateway is now and then unavailable": (Reading(unavailable_every=61), 50),
    "a gateway now and then waits in vain": (Reading(unavailable_every=61, unavailable=504), 50),
    "some tickets have no number": (Reading(keyless_every=6), 120),
    "few tickets, some without a number": (Reading(keyless_every=6), 12),
    "levels are sorted by rank": (Reading(levels_ranked=True), 120),
    "labels are those of the fields asked for": (Reading(labels="asked"), 120),
    "labels stand in no order": (Reading(labels="shuffled"), 120),
    "an undocumented time is in seconds": (Reading(start_in_seconds=True), 120),
    "a member of the service's own counts on": (Reading(ages=True), 120),
    "a time of the tickets is that of the answer": (Reading(touched=True), 120),
    "nothing is as assumed, and tickets move": (
        Reading(fold_like="case", unwanted_total="zero", default_sort=("ticket_id", "asc"), moves_every=90),
        150,
    ),
    "several at once": (
        Reading(
            precedence="or-first",
            fold_like="case",
            unwanted_total="zero",
            unnamed_apply=True,
            counts_under_main=True,
            extra_members=True,
            times_as_text=True,
            empty_tickets="absent",
        ),
        120,
    ),
}
PATH = "/v2/incidents/list"


@contextmanager
def served(service: ReferenceService) -> Iterator[str]:
    """The base URL of the service, until the context ends."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            status, answer = respond(service, scope, await whole_body(receive))
            await send_json(send, status, answer)

    with serve(app) as url:
        yield url


def respond(service: ReferenceService, scope: Scope, body: bytes) -> tuple[int, Any]:
    """The answer to one request: another path or method is unknown to the gateway, another media type is refused."""
    if (scope["method"], scope["path"]) != ("POST", PATH):
        return 404, {"error_code": "APIGW.0101", "error_msg": "The API does not exist.", "request_id": "1"}
    media = dict(scope["headers"]).get(b"content-type", b"application/json").decode("latin-1")
    if media.partition(";")[0].strip().lower() != "application/json":
        return service.refused(f"{media} is not application/json")
    try:
        return service.answer(json.loads(body.decode()) if body else {})
    except (ValueError, RecursionError):
        return service.refused("the body is not JSON")


def variant(name: str, seed: int = 1) -> ReferenceService:
    """The service of this name, with tickets made from the seed."""
    reading, count = VARIANTS[name]
    return ReferenceService(tickets(count, seed), reading)
