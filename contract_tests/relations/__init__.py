"""The gate's relations: what must hold between the answers to several queries, on any data.

`query` and `readings` say what a query means under every reading that the page allows; `learning` reads the target's
tickets; `examination` asks and `judging` compares; the other modules choose what to ask.
"""

from __future__ import annotations

from contract_tests.relation import Relation
from contract_tests.relations.census import page_partition, totals_add_up
from contract_tests.relations.changes import CHANGES, FIRST
from contract_tests.relations.combining import COMBINING
from contract_tests.relations.conditions import CONDITIONS
from contract_tests.relations.examination import learn, remarks
from contract_tests.relations.filters import FILTERS
from contract_tests.relations.paging import ASSUMED_PAGING, PAGING
from contract_tests.relations.showing import SHOWING
from contract_tests.relations.sorting import ASSUMED_SORTING, SORTING

#: All relations, most valuable first: those that only an assumption supports come last.
_UNORDERED = (
    *FIRST,
    page_partition,
    *PAGING,
    *FILTERS,
    *CONDITIONS,
    *SORTING,
    *SHOWING,
    *COMBINING,
    *CHANGES,
    totals_add_up,
    *ASSUMED_PAGING,
    *ASSUMED_SORTING,
)
RELATIONS: tuple[Relation, ...] = tuple(sorted(_UNORDERED, key=lambda each: each.assumption is not None))

__all__ = ["RELATIONS", "learn", "remarks"]
