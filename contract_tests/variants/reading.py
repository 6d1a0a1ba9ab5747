"""How a correct service may read the page where it is open: one switch a point."""

from __future__ import annotations

from attrs import frozen


@frozen
class Reading:
    """One way to read the page where it is open; the defaults are the contract's assumptions."""

    precedence: str = "and-first"  # or-first, left-to-right, right-to-left
    # pattern: the value is the whole text, with % and _ as wildcards; whole; escaped; regex; words: any of them
    like: str = "contains"
    fold_like: str = ""  # case, accents
    several: str = "any"  # all: of the values of `like`, `startwith`, `endwith`
    absent_differs: bool = True  # whether an absent property satisfies `!=`
    refuse_unknown_members: bool = False
    unwanted_total: str = "absent"  # zero, null
    unknown_field: str = "refuse"  # ignore: the filter holds for every ticket
    unnamed_apply: bool = False
    default_sort: tuple[str, str] = ("create_time", "desc")
    counts_under_main: bool = False
    extra_members: bool = False
    times_as_text: bool = False
    flags_as_text: bool = False
    empty_tickets: str = "array"  # null, absent
    random_ties: bool = False
    group: str = "together"  # one: of each group; ignored
    absent_first: bool = False
    strict: bool = False  # refuses whatever the page does not say must be accepted
    without_key: bool = False
    moves_every: int = 0  # answers between two changes of the tickets; 0 for never
    unavailable_every: int = 0  # answers between two that a gateway gives instead; 0 for never
    unavailable: int = 503  # what the gateway answers then
    past_end: str = "empty"  # refuse
    keyless_every: int = 0  # of so many tickets one has no number; 0 for none
    labels: str = "all"  # asked: those of the properties that are asked for; shuffled: in another order each time
    levels_ranked: bool = False  # level_10 is P1, the highest
    start_in_seconds: bool = False
    ages: bool = False  # a member of the service's own counts on
    touched: bool = False  # the time of a ticket's update is that of the answer


AS_ASSUMED = Reading()
