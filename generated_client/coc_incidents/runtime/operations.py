# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""What the client knows of one operation; a generated table of these is all that the runtime sees of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from msgspec import UNSET, Struct

from .decoding import decoder
from .parameters import Parameter

T = TypeVar("T")


Pointer = tuple[str, ...]
"""Member names from the root of an answer to one of its members."""


class Pagination(Struct, frozen=True, kw_only=True):
    """How an operation pages: names of request members, and pointers into the answer. An absent one is empty."""

    items: Pointer
    total: Pointer = ()
    page: str = ""
    size: str = ""
    largest_size: int = 0
    """The most items that one page may hold; 0 when the contract does not say."""
    default_size: int = 0
    """How many items a page holds when nothing is said; 0 when the contract does not say."""
    all: str = ""
    total_wanted: str = ""


class Query(Struct, frozen=True, kw_only=True):
    """How an operation is queried: names of request members, and the classes that their filters are made of."""

    string_filters: str = ""
    int_filters: str = ""
    condition: str = ""
    sort: str = ""
    projection: str = ""
    counts: str = ""
    count_results: Pointer = ()
    key: str = ""
    """The item property that no two items share."""
    key_name: str = ""
    """Its name on the wire, where Python spells it otherwise."""
    filter_type: Any = None
    sort_type: Any = None
    count_type: Any = None
    limits: Mapping[str, int] = {}
    """The most entries that a filter member may hold, by member name."""
    longest_condition: int = 0


class Operation(Struct, Generic[T], frozen=True, kw_only=True):
    """One operation of the contract, with the class `T` of its good answer."""

    name: str
    method: str
    path: str
    body_type: Any = None
    empty_body: bool = False
    """Whether an absent body is sent as `{}`: the contract says that it means the same, and no member is required."""
    item_type: Any = None
    answers: Mapping[str, Any]
    """The class of a good answer by status: `200`, `2XX` or `default`; None where the answer has no body."""
    success_member: str = ""
    success_values: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    repeatable: bool = True
    """Whether a failed request may be sent again: the operation only reads, or its method is idempotent."""
    media_type: str = "application/json"
    accept: str = "application/json"
    """The media types of the answers, those of good ones first."""
    parameters: tuple[Parameter, ...] = ()
    failures: Mapping[str, Any] = {}
    """The class of a documented error answer by status; None where it has no JSON body."""
    pagination: Pagination | None = None
    query: Query | None = None

    def prepare(self) -> None:
        """Build the decoders of the body and the answers; raises `TypeError` for a class that cannot be decoded."""
        for kind in (self.body_type, *self.answers.values()):
            if kind is not None:
                decoder(kind)

    def parameters_by_place(self) -> dict[str, dict[str, Parameter]]:
        """The parameters by name, for each of `path`, `query` and `header`."""
        places = ("path", "query", "header")
        return {place: {p.name: p for p in self.parameters if p.place == place} for place in places}

    def answer_type(self, status: int) -> Any:
        """The class that a status decodes into; `UNSET` for a status that is no documented success."""
        for pattern in (str(status), f"{status // 100}XX"):
            if pattern in self.answers:
                return self.answers[pattern]
        return self.answers.get("default", UNSET) if 200 <= status <= 299 else UNSET


def at(value: Any, pointer: Pointer) -> Any:
    """The member of a decoded answer that the pointer names; None as soon as a step is absent."""
    for name in pointer:
        if value is None:
            return None
        value = getattr(value, name, None)
    return None if value is UNSET else value
