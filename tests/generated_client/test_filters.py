"""`F`: Python expressions become the wire's filters and condition, or are refused with the limit that they break."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import msgspec
import pytest
from coc_incidents import F, IncidentDataInfo, errors
from coc_incidents.operations import LIST_INCIDENTS
from coc_incidents.runtime.conditions import compiled, counted, sorted_by
from coc_incidents.runtime.filters import Expression, Filter, Joined
from coc_incidents.runtime.where import parsed

SEED = 7
QUERY = LIST_INCIDENTS.query
assert QUERY is not None
NOW = datetime(2025, 4, 10, 12, tzinfo=UTC)


class Level(str, Enum):  # noqa: UP042  # the older spelling, whose text is not its value
    P1 = "level_10"


class Plain(Enum):
    P1 = "level_10"


class Named(str):
    """Text that shows itself otherwise."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"<{super().__str__()}>"


def wire(where: Expression) -> dict[str, Any]:
    """The members of the request as plain data."""
    found: dict[str, Any] = msgspec.to_builtins(compiled(where, QUERY))  # type: ignore[arg-type]
    return found


def test_the_issues_own_example() -> None:
    """Three filters, named by their fields, joined as the expression says."""
    where = F.level_id.in_("level_10", "level_20") & (F.assignee == "me") | F.title.contains("disk")
    assert {
        "condition": "(level_id & assignee) | title",
        "string_filters": [
            {"field": "level_id", "operator": "in", "values": ["level_10", "level_20"], "name": "level_id"},
            {"field": "assignee", "operator": "=", "values": ["me"], "name": "assignee"},
            {"field": "title", "operator": "like", "values": ["disk"], "name": "title"},
        ],
    } == wire(where)


@pytest.mark.parametrize(
    ("where", "operator", "values"),
    [
        (F.level_id.in_("a", "b", "a"), "in", ["a", "b"]),
        (F.title.contains("x"), "like", ["x"]),
        (F.title.startswith("x"), "startwith", ["x"]),
        (F.title.endswith("x"), "endwith", ["x"]),
        (F.title == "x", "=", ["x"]),
        (F.title != "x", "!=", ["x"]),
        (F.title > "x", ">", ["x"]),
        (F.title < "x", "<", ["x"]),
        (F.title.where("like", "x", "y"), "like", ["x", "y"]),
        (~(F.title == "x"), "!=", ["x"]),
        (~(F.title != "x"), "=", ["x"]),
        (~F.level_id.in_("a"), "!=", ["a"]),
        (F.level_id == IncidentDataInfo.LevelId.LEVEL_10, "=", ["level_10"]),
        (F.is_service_interrupt == True, "=", ["true"]),  # noqa: E712
        (F.is_service_interrupt != False, "!=", ["false"]),  # noqa: E712
        (F["approver"] == "me", "=", ["me"]),
        (F.level_id == Level.P1, "=", ["level_10"]),
        (F.level_id == Plain.P1, "=", ["level_10"]),
        (F.level_id.in_(Level.P1, Named("level_20")), "in", ["level_10", "level_20"]),
        (F.title == 315.0, "=", ["315"]),
        (F.title == 2.5, "=", ["2.5"]),
    ],
)
def test_each_operator(where: Filter, operator: str, values: list[str]) -> None:
    """Every operator of the contract, and each type of value as its text."""
    found = wire(where)
    assert [(operator, values)] == [(each["operator"], each["values"]) for each in found["string_filters"]]
    assert "condition" not in found


@pytest.mark.parametrize(
    ("where", "condition"),
    [
        ((F.title == "a") | (F.phase == "b"), "title | phase"),
        ((F.title == "a") & (F.phase == "b"), None),
        (((F.title == "a") | (F.phase == "b")) & (F.creator == "c"), "(title | phase) & creator"),
        ((F.title == "a") | ((F.phase == "b") | (F.creator == "c")), "title | phase | creator"),
        ((F.title == "a") & (F.title == "b") | (F.phase == "c"), "(title & title_2) | phase"),
        (
            (F.title == "a") & (F.phase == "b") | (F.title == "a") & (F.creator == "c"),
            "(title & phase) | (title & creator)",
        ),
        ((F.title == "a") | (F.title == "a"), None),
        (~((F.title == "a") | (F.phase != "b")), None),
        (~((F.title == "a") & (F.phase != "b")), "title | phase"),
    ],
)
def test_conditions_have_only_the_parentheses_they_need(where: Expression, condition: str | None) -> None:
    """Equal filters share a name; one level has no parentheses; `&` within `|` has, as the page tells no precedence."""
    assert condition == wire(where).get("condition")


def test_integers_that_must_hold_go_to_the_integer_filters() -> None:
    """Times compared with datetimes are integer filters, in milliseconds, unless an `|` stands over them."""
    since = F.create_time > datetime(2025, 4, 10, tzinfo=UTC)
    both = wire(since & (F.title == "a"))
    assert [("create_time", ">", ["1744243200000"])] == [
        (each["field"], each["operator"], each["values"]) for each in both["int_filters"]
    ]
    assert ["title"] == [each["name"] for each in both["string_filters"]]
    assert {"string_filters", "condition"} == wire(since | (F.title == "a")).keys()
    assert {"string_filters"} == wire(F.handle_time == "soon").keys()
    assert [["1744243200000"]] == [each["values"] for each in wire(F.create_time > 1744243200000.0)["int_filters"]]


class Row:
    """What a filter finds in one item, written without the code under test."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values

    def holds(self, field: str, operator: str, values: list[str]) -> bool:
        text = self.values[field]
        return text not in values if operator == "!=" else text in values

    def satisfies(self, where: Expression) -> bool:
        if isinstance(where, Filter):
            return self.holds(where.field, where.operator, list(where.values))
        assert isinstance(where, Joined)
        parts = [self.satisfies(part) for part in where.parts]
        return all(parts) if where.operator == "&" else any(parts)


def test_what_is_sent_means_what_was_written() -> None:
    """For 300 random expressions, filters and condition select the rows that the expression selects."""
    seed = random.Random(SEED)
    fields = ("title", "phase", "creator", "handle_time")
    rows = [Row({name: str(seed.randint(0, 2)) for name in fields}) for _ in range(60)]

    def expression(depth: int) -> Expression:
        if depth == 0 or seed.random() < 0.2:
            field = F[seed.choice(fields)]
            value = str(seed.randint(0, 2))
            return seed.choice([field == value, field != value, field.in_(value, "1")])
        left, right = expression(depth - 1), expression(depth - 1)
        return left & right if seed.random() < 0.5 else left | right

    for number in range(300):
        where = expression(3)
        sent = wire(where)
        named = {
            each["name"]: {
                index
                for index, row in enumerate(rows)
                if row.holds(*(each[k] for k in ("field", "operator", "values")))
            }
            for each in sent.get("string_filters", []) + sent.get("int_filters", [])
        }
        everything = set(range(len(rows)))
        always = [named[each["name"]] for each in sent.get("int_filters", [])]
        strings = {each["name"]: named[each["name"]] for each in sent.get("string_filters", [])}
        # Sets have the very operators of a condition.
        joined = (
            eval(sent["condition"], {}, strings) if "condition" in sent else everything.intersection(*strings.values())
        )
        expected = {index for index, row in enumerate(rows) if row.satisfies(where)}
        assert expected == joined.intersection(everything, *always), f"seed {SEED}, expression {number}"


def test_names_of_filters_are_words_that_a_condition_can_hold() -> None:
    """A key with odd characters still gets a name of letters, digits and underscores."""
    found = wire((F["weird key & (x)"] == "1") | (F.title == "a"))
    assert ["weird_key____x_", "title"] == [each["name"] for each in found["string_filters"]]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (
            lambda: F.zzzzzz,  # type: ignore[attr-defined]
            "there are current_cloud_service_id, level_id",
        ),
        (
            lambda: F.levelid,  # type: ignore[attr-defined]
            r"did you mean level_id\?",
        ),
        (
            lambda: F.approver,  # type: ignore[attr-defined]
            r'write F\["approver"\]',
        ),
    ],
)
def test_a_misspelt_property_names_the_nearest(make: Any, says: str) -> None:
    """`F` has the item's properties as attributes and tells what was probably meant."""
    with pytest.raises(AttributeError, match=f"is no property to filter by; {says}"):
        make()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: ~F.title.contains("x"), "no opposite operator"),
        (lambda: ~F.level_id.in_("a", "b"), "no opposite operator"),
        (lambda: ~(F.create_time > 5), "no opposite operator"),
        (lambda: F.handle_time == 315.5, r"handle_time holds whole numbers, and 315\.5 is none; round it"),
        (lambda: F.create_time > 1744243200000.25, "create_time holds whole numbers"),
        (lambda: F.title >= "x", "no operator '>='"),
        (F.title.in_, "at least one value"),
        (lambda: F.title == None, "cannot be compared"),  # noqa: E711
        (lambda: F.create_time > datetime(2025, 1, 1), "has no time zone"),
        (lambda: F.title == object(), "neither text, a number"),
        (lambda: counted("x", (F.title == "a") | (F.phase == "b"), QUERY), "can only join them by &"),
        (lambda: F.title.in_(["a", "b"]), r"as in in_\(\*values\)"),  # type: ignore[arg-type]
        (lambda: F.handle_time.where(">", float("nan")), "neither text, a number"),
        (lambda: counted("x", 5, QUERY), "which is no filter"),  # type: ignore[arg-type]
        (lambda: compiled("level_id = x", QUERY), "is no filter; write one such as"),  # type: ignore[arg-type]
        (lambda: compiled(F.title, QUERY), "is no filter; write one such as"),  # type: ignore[arg-type]
        (lambda: sorted_by("title", QUERY), "is no sort; write one such as"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_sent_is_refused(make: Any, says: str) -> None:
    """A filter that the contract cannot express raises `InvalidFilter`, and says what is wrong."""
    with pytest.raises(errors.InvalidFilter, match=says):
        make()


@pytest.mark.parametrize("make", [lambda: 1 if F.title == "a" else 2, lambda: (F.title == "a") and (F.phase == "b")])
def test_and_or_if_do_not_drop_a_filter_silently(make: Any) -> None:
    """Python's own `and` would keep one side only; a filter has no truth value."""
    with pytest.raises(TypeError, match="join filters by & and"):
        make()


def no_request(request: Any) -> Any:
    raise AssertionError("nothing may be sent")


@pytest.mark.parametrize(
    ("where", "says"),
    [
        (F.title.in_(*map(str, range(1025))), r"string_filters\[0\].values is .* a list of 1 to 1,024 items"),
        (F.title == "x" * 1025, r"values\[0\] is .* text of at most 1,024 characters"),
        (
            Joined("|", tuple(F.title == str(n) for n in range(21))),
            "21 different filters; string_filters takes at most 20",
        ),
        (
            Joined("&", tuple(F.create_time != n for n in range(21))),
            "21 different filters; int_filters takes at most 20",
        ),
        (
            Joined(
                "|",
                tuple(
                    (F["x" * 250] == "1")
                    & (F["y" * 250] == "2")
                    & (F["z" * 250] == str(n % 9))
                    & (F["w"] == str(n % 7))
                    for n in range(63)
                )
                * 10,
            ),
            "the condition has .* characters; at most 10,000 are allowed",
        ),
        (F["x" * 256] == "1", r"field is .* text of at most 255 characters"),
    ],
)
def test_limits_are_told_before_anything_is_sent(where: Expression, says: str, call: Any) -> None:
    """More filters, values or characters than the contract allows: refused, naming the limit."""
    with pytest.raises(errors.InvalidRequest, match=says):
        call("iter_incidents", where, handler=no_request)


def test_names_are_as_short_as_a_condition_needs() -> None:
    """Names say what they are about, unless the condition would be longer than the contract allows."""
    pairs = [(F.current_cloud_service_id == str(n % 9)) & (F.enterprise_project_id == str(n // 9)) for n in range(81)]
    found = wire(Joined("|", tuple(pairs * 3)))
    assert len(found["condition"]) <= 10_000
    assert [f"f{number}" for number in range(1, 19)] == [each["name"] for each in found["string_filters"]]
    assert "(f1 & f2) | (f3 & f2)" in found["condition"]
    assert "(current_cloud_service_id & enterprise_project_id) | " in wire(pairs[0] | pairs[1])["condition"]


def test_sorting_repeats_the_field_as_the_page_does() -> None:
    """The page's own example: field, name and value are the same."""
    assert {
        "field": "create_time",
        "operator": "desc",
        "values": ["create_time"],
        "name": "create_time",
    } == msgspec.to_builtins(
        sorted_by(F.create_time.desc(), QUERY)  # type: ignore[arg-type]
    )
    assert "asc" == F.create_time.asc().direction


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (
            'level_id in (level_10, level_20) and title ~ "disk"',
            F.level_id.in_("level_10", "level_20") & F.title.contains("disk"),
        ),
        ("title = a or phase = b and creator = c", (F.title == "a") | (F.phase == "b") & (F.creator == "c")),
        ("(title = a or phase = b) and creator = c", ((F.title == "a") | (F.phase == "b")) & (F.creator == "c")),
        ("not (title = a and phase != b)", (F.title != "a") | (F.phase == "b")),
        ("title ^= 'it''s'", None),
        (r'title $= "say \"x\""', F.title.endswith('say "x"')),
        ("TITLE = a", None),
        ("create_time > 7d", F.create_time > datetime(2025, 4, 3, 12, tzinfo=UTC)),
        ("create_time < 2025-04-10", F.create_time < datetime(2025, 4, 10, tzinfo=UTC)),
        ("create_time > 2025-04-10T02:00:00+08:00", F.create_time > datetime(2025, 4, 9, 18, tzinfo=UTC)),
        ("create_time > 1744252838072", F.create_time > 1744252838072),
        ("approver = me", F["approver"] == "me"),
        ("title = 磁盘", F.title == "磁盘"),
        ("", None),
        ("title", None),
        ("title =", None),
        ("title = a b", None),
        ("title in a", None),
        ("title in (a", None),
        ("(title = a", None),
        ("title ! a", None),
        ("create_time > soon", None),
        ("not title ~ x", None),
    ],
)
def test_filters_in_words(text: str, where: Expression | None) -> None:
    """The command line's language gives the same expression, or says in which column it makes no sense."""
    if where is None:
        with pytest.raises(errors.InvalidFilter):
            parsed(text, F, now=NOW)
    else:
        assert where == parsed(text, F, now=NOW)
