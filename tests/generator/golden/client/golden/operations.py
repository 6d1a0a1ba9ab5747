# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
"""The contract's operations: all that the runtime needs to know of each."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from .models import (
    Avatar,
    Count,
    DeleteThingsIdPartsPartsResponse200,
    FilterModel,
    Found,
    GetPartsRepeatedItem,
    Named,
    NamedInner,
    Problem,
    PutAvatarBody,
    Search,
    SendFormBody,
    SortModel,
    Thing,
    Tighter,
    Upload,
)
from .runtime.operations import Operation, Pagination, Query
from .runtime.parameters import Parameter

GET_PARTS: Operation[Thing] = Operation(
    name="getParts",
    method="GET",
    path="/things/{id}/parts/{parts}",
    answers={
        "200": Thing,
    },
    failures={
        "404": Problem,
        "default": Problem,
    },
    parameters=(
        Parameter("id", "path", Annotated[str, Meta(min_length=1, max_length=8)]),
        Parameter("parts", "path", Annotated[list[int], Meta(max_length=3)]),
        Parameter("limit", "query", Annotated[int, Meta(ge=1, le=100)]),
        Parameter("repeated", "query", list[GetPartsRepeatedItem]),
        Parameter("commas", "query", list[str], "comma"),
        Parameter("pipes", "query", list[str], "pipe"),
        Parameter("deep", "query", dict[str, int], "deep"),
        Parameter("since", "query", datetime),
        Parameter("X-Trace", "header", Annotated[str, Meta(pattern="^[a-z]+$")]),
    ),
    permissions=("things:get",),
    repeatable=True,
    accept="application/json, application/problem+json",
)
"""`GET /things/{id}/parts/{parts}`: Parameters of every place and style."""

DELETE_THINGS_ID_PARTS_PARTS: Operation[DeleteThingsIdPartsPartsResponse200 | None] = Operation(
    name="delete_things_id_parts_parts",
    method="DELETE",
    path="/things/{id}/parts/{parts}",
    answers={
        "200": DeleteThingsIdPartsPartsResponse200,
        "204": None,
    },
    parameters=(
        Parameter("id", "path", Annotated[str, Meta(min_length=1, max_length=8)]),
        Parameter("parts", "path", Annotated[list[int], Meta(max_length=3)]),
    ),
    repeatable=True,
)
"""`DELETE /things/{id}/parts/{parts}`: delete_things_id_parts_parts."""

SEND_FORM: Operation[None] = Operation(
    name="sendForm",
    method="POST",
    path="/forms",
    body_type=SendFormBody,
    answers={
        "2XX": None,
    },
    repeatable=False,
    media_type="application/x-www-form-urlencoded",
)
"""`POST /forms`: sendForm."""

PUT_PICTURE: Operation[bytes] = Operation(
    name="putPicture",
    method="PUT",
    path="/pictures",
    body_type=bytes,
    answers={
        "200": bytes,
    },
    repeatable=True,
    media_type="image/png",
    accept="image/png",
)
"""`PUT /pictures`: putPicture."""

UPLOAD: Operation[None] = Operation(
    name="upload",
    method="POST",
    path="/uploads",
    body_type=Upload,
    answers={
        "204": None,
    },
    repeatable=False,
    media_type="multipart/form-data",
)
"""`POST /uploads`: upload."""

PUT_AVATAR: Operation[Avatar] = Operation(
    name="putAvatar",
    method="PUT",
    path="/avatar",
    body_type=PutAvatarBody,
    answers={
        "200": Avatar,
    },
    repeatable=True,
    media_type="multipart/form-data",
)
"""`PUT /avatar`: putAvatar."""

LIST_THINGS: Operation[Found] = Operation(
    name="ListThings",
    method="POST",
    path="/things/search",
    body_type=Search,
    item_type=Thing,
    answers={
        "200": Found,
    },
    success_member="code",
    success_values=("0",),
    repeatable=True,
    pagination=Pagination(
        items=("data", "things"),
        total=("data", "total"),
        page="page",
        size="size",
        largest_size=50,
        default_size=0,
    ),
    query=Query(
        string_filters="filters",
        condition="condition",
        sort="sort",
        projection="fields",
        counts="counts",
        count_results=("data", "counts"),
        key="id",
        filter_type=FilterModel,
        sort_type=SortModel,
        count_type=Count,
        limits={"filters": 5, "counts": 2},
        longest_condition=100,
    ),
)
"""`POST /things/search`: A search."""

GET_NAMED: Operation[Named] = Operation(
    name="getNamed",
    method="GET",
    path="/named/{id}",
    answers={
        "200": Named,
    },
    parameters=(
        Parameter("id", "path", Annotated[str, Meta(max_length=3)]),
        Parameter("label", "query", Annotated[str, Meta(max_length=9)]),
    ),
    repeatable=True,
)
"""`GET /named/{id}`: References to what stands inside something else."""

PUT_NAMED: Operation[Named | Tighter] = Operation(
    name="putNamed",
    method="PUT",
    path="/named/{id}",
    body_type=NamedInner,
    answers={
        "200": Named,
        "201": Tighter,
    },
    parameters=(Parameter("id", "path", Annotated[str, Meta(max_length=3)]),),
    repeatable=True,
)
"""`PUT /named/{id}`: putNamed."""

GET_ELSEWHERE: Operation[None] = Operation(
    name="getElsewhere",
    method="GET",
    path="/elsewhere",
    answers={
        "204": None,
    },
    repeatable=True,
)
"""`GET /elsewhere`: getElsewhere."""


OPERATIONS: dict[str, Operation[Any]] = {
    operation.name: operation
    for operation in (
        GET_PARTS,
        DELETE_THINGS_ID_PARTS_PARTS,
        SEND_FORM,
        PUT_PICTURE,
        UPLOAD,
        PUT_AVATAR,
        LIST_THINGS,
        GET_NAMED,
        PUT_NAMED,
        GET_ELSEWHERE,
    )
}
"""Every operation by its name in the contract."""


def prepare() -> None:
    """Build every decoder now rather than at the first call; raises `TypeError` when a class cannot be decoded."""
    for operation in OPERATIONS.values():
        operation.prepare()
