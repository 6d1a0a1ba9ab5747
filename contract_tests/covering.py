"""Few combinations in which every two switches meet: what breaks only where two features meet has to show."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from random import Random

Row = tuple[bool, ...]
#: Rows to choose each next one from; a pair of states that a quarter of all rows has is not missed.
CANDIDATES = 50


def covering(count: int, random: Random, possible: Callable[[Row], Row] = lambda row: row) -> list[Row]:
    """Rows of `count` switches in which every two switches take all four pairs of states; few rows, not the fewest.

    `possible` turns a row into one that can be had, where some switches exclude each other.
    """
    missing = set(
        itertools.product(itertools.combinations(range(count), 2), itertools.product((True, False), repeat=2))
    )
    rows: list[Row] = []

    def gained(row: Row) -> set[tuple[tuple[int, ...], tuple[bool, ...]]]:
        return {(where, what) for where, what in missing if tuple(row[index] for index in where) == what}

    while missing:
        candidates = (tuple(random.random() < 0.5 for _ in range(count)) for _ in range(CANDIDATES))
        row = max(map(possible, candidates), key=lambda one: len(gained(one)))
        if not gained(row):
            break
        missing -= gained(row)
        rows.append(row)
    return rows
