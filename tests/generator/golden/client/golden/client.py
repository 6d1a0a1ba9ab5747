# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
"""The client, blocking and asynchronous."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from . import operations
from .models import (
    Avatar,
    DeleteThingsIdPartsPartsResponse200,
    GetPartsRepeatedItem,
    Named,
    NamedInner,
    PutAvatarBody,
    Search,
    SendFormBody,
    Thing,
    Tighter,
    Upload,
)
from .runtime.bodies import Wanted
from .runtime.counting import all_counts, counts_body, counts_in
from .runtime.filters import Expression, Sort
from .runtime.paging import Page, page_of
from .transport import AsyncBaseClient, BaseClient


class Client(BaseClient):
    """Golden: its operations as methods. Threads (or tasks) may share one."""

    def get_parts(
        self,
        id: Annotated[str, Meta(min_length=1, max_length=8)],
        parts: Annotated[list[int], Meta(max_length=3)],
        *,
        since: datetime,
        limit: Annotated[int, Meta(ge=1, le=100)] | None = None,
        repeated: list[GetPartsRepeatedItem] | None = None,
        commas: list[str] | None = None,
        pipes: list[str] | None = None,
        deep: dict[str, int] | None = None,
        x_trace: Annotated[str, Meta(pattern="^[a-z]+$")] | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Thing:
        """Parameters of every place and style.

        The contract also has text/csv, which this client neither sends nor asks for.

        The caller needs `things:get`.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = self.call(
            operations.GET_PARTS,
            path={
                "id": id,
                "parts": parts,
            },
            query={
                "limit": limit,
                "repeated": repeated,
                "commas": commas,
                "pipes": pipes,
                "deep": deep,
                "since": since,
            },
            headers={
                "X-Trace": x_trace,
            },
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    def delete_things_id_parts_parts(
        self,
        id: Annotated[str, Meta(min_length=1, max_length=8)],
        parts: Annotated[list[int], Meta(max_length=3)],
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> DeleteThingsIdPartsPartsResponse200 | None:
        """delete_things_id_parts_parts.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = self.call(
            operations.DELETE_THINGS_ID_PARTS_PARTS,
            path={
                "id": id,
                "parts": parts,
            },
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    def send_form(
        self,
        body: SendFormBody,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> None:
        """sendForm.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = self.call(
            operations.SEND_FORM,
            body,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    def put_picture(
        self,
        body: bytes | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> bytes:
        """putPicture.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = self.call(
            operations.PUT_PICTURE,
            body,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    def upload(
        self,
        body: Upload,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> None:
        """upload.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = self.call(
            operations.UPLOAD,
            body,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    def put_avatar(
        self,
        body: PutAvatarBody,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Avatar:
        """putAvatar.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = self.call(
            operations.PUT_AVATAR,
            body,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    def list_things(
        self,
        body: Search | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Page[Thing]:
        """A search.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = self.call(
            operations.LIST_THINGS,
            body,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return page_of(operations.LIST_THINGS, answer, body)

    def iter_things_pages(
        self,
        where: Expression | None = None,
        *,
        sort: Sort | None = None,
        fields: Sequence[str] | None = None,
        body: Search | None = None,
        page: int = 1,
        size: int | None = None,
        max_items: int | None = None,
        unique: bool = False,
        prefetch: bool = False,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Generator[Page[Thing], None, None]:
        """Every page of items that satisfy `where`, as they are asked for.

        `sort` is such as `F.created_time.desc()`; `body` holds further members of the request, and its page, if it
        has one, is the first. To resume, start at another `page`, with the same `size`. At most `max_items` come;
        `unique` leaves out items that come twice because the data moved meanwhile; `prefetch` requests one page
        ahead. Raises `errors.PagingError` when the pages do not add up, and any other of `errors`, with a note that
        names the page to resume at.
        """
        wanted = Wanted(
            sort=sort,
            projection=fields,
            body=body,
            page=page,
            size=size,
            max_items=max_items,
            unique=unique,
            where=where,
        )
        pages: Generator[Page[Thing], None, None] = self._pages(
            operations.LIST_THINGS,
            wanted,
            prefetch=prefetch,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        yield from pages

    def iter_things(
        self,
        where: Expression | None = None,
        *,
        sort: Sort | None = None,
        fields: Sequence[str] | None = None,
        body: Search | None = None,
        page: int = 1,
        size: int | None = None,
        max_items: int | None = None,
        unique: bool = False,
        prefetch: bool = False,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Generator[Thing, None, None]:
        """Every item that satisfies `where`, page by page, as they are asked for.

        `sort` is such as `F.created_time.desc()`; `body` holds further members of the request, and its page, if it
        has one, is the first. To resume, start at another `page`, with the same `size`. At most `max_items` come;
        `unique` leaves out items that come twice because the data moved meanwhile; `prefetch` requests one page
        ahead. Raises `errors.PagingError` when the pages do not add up, and any other of `errors`, with a note that
        names the page to resume at.
        """
        pages = self.iter_things_pages(
            where,
            sort=sort,
            fields=fields,
            body=body,
            page=page,
            size=size,
            max_items=max_items,
            unique=unique,
            prefetch=prefetch,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        for found in pages:
            yield from found.items
            del found

    def count_things(
        self,
        counts: Mapping[str, Expression] | None = None,
        /,
        *,
        body: Search | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
        **named: Expression,
    ) -> dict[str, int]:
        """How many items satisfy each of the named filters, in one request: `P1=F.color == "red"`.

        Names that are no arguments, or those of another argument, stand in a mapping: `{"P 1": F.color == "red"}`.
        A group joins its filters by `&` only. Raises `errors.InvalidFilter` for `|`, and the other errors of
        `errors`.
        """
        operation = operations.LIST_THINGS
        wanted = all_counts(counts, named)
        answer = self.call(
            operation,
            counts_body(operation, wanted, body),
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return counts_in(operation, answer, wanted)

    def get_named(
        self,
        id: Annotated[str, Meta(max_length=3)],
        *,
        label: Annotated[str, Meta(max_length=9)] | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Named:
        """References to what stands inside something else.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = self.call(
            operations.GET_NAMED,
            path={
                "id": id,
            },
            query={
                "label": label,
            },
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    def put_named(
        self,
        id: Annotated[str, Meta(max_length=3)],
        body: NamedInner | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Named | Tighter:
        """putNamed.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = self.call(
            operations.PUT_NAMED,
            body,
            path={
                "id": id,
            },
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    def get_elsewhere(
        self,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> None:
        """getElsewhere.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = self.call(
            operations.GET_ELSEWHERE,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value


class AsyncClient(AsyncBaseClient):
    """Golden: its operations as methods. Threads (or tasks) may share one."""

    async def get_parts(
        self,
        id: Annotated[str, Meta(min_length=1, max_length=8)],
        parts: Annotated[list[int], Meta(max_length=3)],
        *,
        since: datetime,
        limit: Annotated[int, Meta(ge=1, le=100)] | None = None,
        repeated: list[GetPartsRepeatedItem] | None = None,
        commas: list[str] | None = None,
        pipes: list[str] | None = None,
        deep: dict[str, int] | None = None,
        x_trace: Annotated[str, Meta(pattern="^[a-z]+$")] | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Thing:
        """Parameters of every place and style.

        The contract also has text/csv, which this client neither sends nor asks for.

        The caller needs `things:get`.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = await self.call(
            operations.GET_PARTS,
            path={
                "id": id,
                "parts": parts,
            },
            query={
                "limit": limit,
                "repeated": repeated,
                "commas": commas,
                "pipes": pipes,
                "deep": deep,
                "since": since,
            },
            headers={
                "X-Trace": x_trace,
            },
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    async def delete_things_id_parts_parts(
        self,
        id: Annotated[str, Meta(min_length=1, max_length=8)],
        parts: Annotated[list[int], Meta(max_length=3)],
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> DeleteThingsIdPartsPartsResponse200 | None:
        """delete_things_id_parts_parts.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = await self.call(
            operations.DELETE_THINGS_ID_PARTS_PARTS,
            path={
                "id": id,
                "parts": parts,
            },
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    async def send_form(
        self,
        body: SendFormBody,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> None:
        """sendForm.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = await self.call(
            operations.SEND_FORM,
            body,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    async def put_picture(
        self,
        body: bytes | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> bytes:
        """putPicture.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = await self.call(
            operations.PUT_PICTURE,
            body,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    async def upload(
        self,
        body: Upload,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> None:
        """upload.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = await self.call(
            operations.UPLOAD,
            body,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    async def put_avatar(
        self,
        body: PutAvatarBody,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Avatar:
        """putAvatar.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = await self.call(
            operations.PUT_AVATAR,
            body,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    async def list_things(
        self,
        body: Search | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Page[Thing]:
        """A search.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = await self.call(
            operations.LIST_THINGS,
            body,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return page_of(operations.LIST_THINGS, answer, body)

    async def iter_things_pages(
        self,
        where: Expression | None = None,
        *,
        sort: Sort | None = None,
        fields: Sequence[str] | None = None,
        body: Search | None = None,
        page: int = 1,
        size: int | None = None,
        max_items: int | None = None,
        unique: bool = False,
        prefetch: bool = False,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> AsyncGenerator[Page[Thing], None]:
        """Every page of items that satisfy `where`, as they are asked for.

        `sort` is such as `F.created_time.desc()`; `body` holds further members of the request, and its page, if it
        has one, is the first. To resume, start at another `page`, with the same `size`. At most `max_items` come;
        `unique` leaves out items that come twice because the data moved meanwhile; `prefetch` requests one page
        ahead. Raises `errors.PagingError` when the pages do not add up, and any other of `errors`, with a note that
        names the page to resume at.
        """
        wanted = Wanted(
            sort=sort,
            projection=fields,
            body=body,
            page=page,
            size=size,
            max_items=max_items,
            unique=unique,
            where=where,
        )
        pages: AsyncGenerator[Page[Thing], None] = self._pages(
            operations.LIST_THINGS,
            wanted,
            prefetch=prefetch,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        async for found in pages:
            yield found
            del found

    async def iter_things(
        self,
        where: Expression | None = None,
        *,
        sort: Sort | None = None,
        fields: Sequence[str] | None = None,
        body: Search | None = None,
        page: int = 1,
        size: int | None = None,
        max_items: int | None = None,
        unique: bool = False,
        prefetch: bool = False,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> AsyncGenerator[Thing, None]:
        """Every item that satisfies `where`, page by page, as they are asked for.

        `sort` is such as `F.created_time.desc()`; `body` holds further members of the request, and its page, if it
        has one, is the first. To resume, start at another `page`, with the same `size`. At most `max_items` come;
        `unique` leaves out items that come twice because the data moved meanwhile; `prefetch` requests one page
        ahead. Raises `errors.PagingError` when the pages do not add up, and any other of `errors`, with a note that
        names the page to resume at.
        """
        pages = self.iter_things_pages(
            where,
            sort=sort,
            fields=fields,
            body=body,
            page=page,
            size=size,
            max_items=max_items,
            unique=unique,
            prefetch=prefetch,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        async for found in pages:
            for item in found.items:
                yield item
            del found

    async def count_things(
        self,
        counts: Mapping[str, Expression] | None = None,
        /,
        *,
        body: Search | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
        **named: Expression,
    ) -> dict[str, int]:
        """How many items satisfy each of the named filters, in one request: `P1=F.color == "red"`.

        Names that are no arguments, or those of another argument, stand in a mapping: `{"P 1": F.color == "red"}`.
        A group joins its filters by `&` only. Raises `errors.InvalidFilter` for `|`, and the other errors of
        `errors`.
        """
        operation = operations.LIST_THINGS
        wanted = all_counts(counts, named)
        answer = await self.call(
            operation,
            counts_body(operation, wanted, body),
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return counts_in(operation, answer, wanted)

    async def get_named(
        self,
        id: Annotated[str, Meta(max_length=3)],
        *,
        label: Annotated[str, Meta(max_length=9)] | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Named:
        """References to what stands inside something else.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = await self.call(
            operations.GET_NAMED,
            path={
                "id": id,
            },
            query={
                "label": label,
            },
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    async def put_named(
        self,
        id: Annotated[str, Meta(max_length=3)],
        body: NamedInner | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Named | Tighter:
        """putNamed.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = await self.call(
            operations.PUT_NAMED,
            body,
            path={
                "id": id,
            },
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value

    async def get_elsewhere(
        self,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> None:
        """getElsewhere.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = await self.call(
            operations.GET_ELSEWHERE,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value
