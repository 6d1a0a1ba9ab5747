# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""The client, blocking and asynchronous."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from typing import Annotated

from msgspec import Meta

from . import operations
from .models import (
    CocTicketHistoryBaseInfoV2,
    IncidentDataInfo,
    ListIncidentsHistoriesRequestBody,
    ListIncidentsRequestBody,
)
from .runtime.bodies import Wanted
from .runtime.counting import all_counts, counts_body, counts_in
from .runtime.filters import Expression, Sort
from .runtime.paging import Page, page_of
from .transport import AsyncBaseClient, BaseClient


class Client(BaseClient):
    """COC Incident Tickets: its operations as methods. Threads (or tasks) may share one."""

    def list_incidents(
        self,
        body: ListIncidentsRequestBody | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Page[IncidentDataInfo]:
        """Query incident tickets.

        Answers the tickets that satisfy the filters, one page at a time. String filters are joined by `condition`;
        without a condition all of them must hold. The caller needs the permission `coc:ticket:list`.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = self.call(
            operations.LIST_INCIDENTS,
            body,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return page_of(operations.LIST_INCIDENTS, answer, body)

    def iter_incidents_pages(
        self,
        where: Expression | None = None,
        *,
        sort: Sort | None = None,
        fields: Sequence[str] | None = None,
        body: ListIncidentsRequestBody | None = None,
        page: int = 1,
        per_page: int | None = None,
        max_items: int | None = None,
        unique: bool = False,
        prefetch: bool = False,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Generator[Page[IncidentDataInfo], None, None]:
        """Every page of items that satisfy `where`, as they are asked for.

        `sort` is such as `F.create_time.desc()`; `body` holds further members of the request, and its page, if it
        has one, is the first. To resume, start at another `page`, with the same `per_page`. At most `max_items`
        come; `unique` leaves out items that come twice because the data moved meanwhile; `prefetch` requests one
        page ahead. Raises `errors.PagingError` when the pages do not add up, and any other of `errors`, with a note
        that names the page to resume at.
        """
        wanted = Wanted(
            sort=sort,
            projection=fields,
            body=body,
            page=page,
            size=per_page,
            max_items=max_items,
            unique=unique,
            where=where,
        )
        pages: Generator[Page[IncidentDataInfo], None, None] = self._pages(
            operations.LIST_INCIDENTS,
            wanted,
            prefetch=prefetch,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        yield from pages

    def iter_incidents(
        self,
        where: Expression | None = None,
        *,
        sort: Sort | None = None,
        fields: Sequence[str] | None = None,
        body: ListIncidentsRequestBody | None = None,
        page: int = 1,
        per_page: int | None = None,
        max_items: int | None = None,
        unique: bool = False,
        prefetch: bool = False,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Generator[IncidentDataInfo, None, None]:
        """Every item that satisfies `where`, page by page, as they are asked for.

        `sort` is such as `F.create_time.desc()`; `body` holds further members of the request, and its page, if it
        has one, is the first. To resume, start at another `page`, with the same `per_page`. At most `max_items`
        come; `unique` leaves out items that come twice because the data moved meanwhile; `prefetch` requests one
        page ahead. Raises `errors.PagingError` when the pages do not add up, and any other of `errors`, with a note
        that names the page to resume at.
        """
        pages = self.iter_incidents_pages(
            where,
            sort=sort,
            fields=fields,
            body=body,
            page=page,
            per_page=per_page,
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

    def count_incidents(
        self,
        counts: Mapping[str, Expression] | None = None,
        /,
        *,
        body: ListIncidentsRequestBody | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
        **named: Expression,
    ) -> dict[str, int]:
        """How many items satisfy each of the named filters, in one request: `P1=F.level_id == "level_10"`.

        Names that are no arguments, or those of another argument, stand in a mapping: `{"P 1": F.level_id ==
        "level_10"}`. A group joins its filters by `&` only. Raises `errors.InvalidFilter` for `|`, and the other
        errors of `errors`.
        """
        operation = operations.LIST_INCIDENTS
        wanted = all_counts(counts, named)
        answer = self.call(
            operation,
            counts_body(operation, wanted, body),
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return counts_in(operation, answer, wanted)

    def list_incidents_histories(
        self,
        incident_id: Annotated[str, Meta(min_length=1, max_length=50)],
        body: ListIncidentsHistoriesRequestBody | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Page[CocTicketHistoryBaseInfoV2]:
        """Query the histories of an incident.

        Answers what was done about one incident, the entries that satisfy the filters, all at once. String filters
        are joined by `condition`; without a condition all of them must hold. The caller needs the permission
        `coc:ticket:getOperationHistories`.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = self.call(
            operations.LIST_INCIDENTS_HISTORIES,
            body,
            path={
                "incident_id": incident_id,
            },
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return page_of(operations.LIST_INCIDENTS_HISTORIES, answer, body)

    def iter_incidents_histories_pages(
        self,
        incident_id: Annotated[str, Meta(min_length=1, max_length=50)],
        where: Expression | None = None,
        *,
        sort: Sort | None = None,
        fields: Sequence[str] | None = None,
        body: ListIncidentsHistoriesRequestBody | None = None,
        max_items: int | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Generator[Page[CocTicketHistoryBaseInfoV2], None, None]:
        """Every page of items that satisfy `where`, as they are asked for.

        `sort` is such as `incidents_histories.start_time.desc()`, of the module `fields`; `body` holds further
        members of the request. At most `max_items` come, all of one answer. Raises `errors.ItemsMissing` when the
        answer is not whole, and any other of `errors`.
        """
        wanted = Wanted(
            sort=sort,
            projection=fields,
            body=body,
            max_items=max_items,
            where=where,
        )
        pages: Generator[Page[CocTicketHistoryBaseInfoV2], None, None] = self._pages(
            operations.LIST_INCIDENTS_HISTORIES,
            wanted,
            path={
                "incident_id": incident_id,
            },
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        yield from pages

    def iter_incidents_histories(
        self,
        incident_id: Annotated[str, Meta(min_length=1, max_length=50)],
        where: Expression | None = None,
        *,
        sort: Sort | None = None,
        fields: Sequence[str] | None = None,
        body: ListIncidentsHistoriesRequestBody | None = None,
        max_items: int | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Generator[CocTicketHistoryBaseInfoV2, None, None]:
        """Every item that satisfies `where`, page by page, as they are asked for.

        `sort` is such as `incidents_histories.start_time.desc()`, of the module `fields`; `body` holds further
        members of the request. At most `max_items` come, all of one answer. Raises `errors.ItemsMissing` when the
        answer is not whole, and any other of `errors`.
        """
        pages = self.iter_incidents_histories_pages(
            incident_id,
            where,
            sort=sort,
            fields=fields,
            body=body,
            max_items=max_items,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        for found in pages:
            yield from found.items
            del found

    def count_incidents_histories(
        self,
        incident_id: Annotated[str, Meta(min_length=1, max_length=50)],
        counts: Mapping[str, Expression] | None = None,
        /,
        *,
        body: ListIncidentsHistoriesRequestBody | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
        **named: Expression,
    ) -> dict[str, int]:
        """How many items satisfy each of the named filters, in one request: `P1=incidents_histories.status ==
        "incident_draft"`.

        Names that are no arguments, or those of another argument, stand in a mapping: `{"P 1":
        incidents_histories.status == "incident_draft"}`. A group joins its filters by `&` only. Raises
        `errors.InvalidFilter` for `|`, and the other errors of `errors`.
        """
        operation = operations.LIST_INCIDENTS_HISTORIES
        wanted = all_counts(counts, named)
        answer = self.call(
            operation,
            counts_body(operation, wanted, body),
            path={
                "incident_id": incident_id,
            },
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return counts_in(operation, answer, wanted)


class AsyncClient(AsyncBaseClient):
    """COC Incident Tickets: its operations as methods. Threads (or tasks) may share one."""

    async def list_incidents(
        self,
        body: ListIncidentsRequestBody | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Page[IncidentDataInfo]:
        """Query incident tickets.

        Answers the tickets that satisfy the filters, one page at a time. String filters are joined by `condition`;
        without a condition all of them must hold. The caller needs the permission `coc:ticket:list`.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = await self.call(
            operations.LIST_INCIDENTS,
            body,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return page_of(operations.LIST_INCIDENTS, answer, body)

    async def iter_incidents_pages(
        self,
        where: Expression | None = None,
        *,
        sort: Sort | None = None,
        fields: Sequence[str] | None = None,
        body: ListIncidentsRequestBody | None = None,
        page: int = 1,
        per_page: int | None = None,
        max_items: int | None = None,
        unique: bool = False,
        prefetch: bool = False,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> AsyncGenerator[Page[IncidentDataInfo], None]:
        """Every page of items that satisfy `where`, as they are asked for.

        `sort` is such as `F.create_time.desc()`; `body` holds further members of the request, and its page, if it
        has one, is the first. To resume, start at another `page`, with the same `per_page`. At most `max_items`
        come; `unique` leaves out items that come twice because the data moved meanwhile; `prefetch` requests one
        page ahead. Raises `errors.PagingError` when the pages do not add up, and any other of `errors`, with a note
        that names the page to resume at.
        """
        wanted = Wanted(
            sort=sort,
            projection=fields,
            body=body,
            page=page,
            size=per_page,
            max_items=max_items,
            unique=unique,
            where=where,
        )
        pages: AsyncGenerator[Page[IncidentDataInfo], None] = self._pages(
            operations.LIST_INCIDENTS,
            wanted,
            prefetch=prefetch,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        async for found in pages:
            yield found
            del found

    async def iter_incidents(
        self,
        where: Expression | None = None,
        *,
        sort: Sort | None = None,
        fields: Sequence[str] | None = None,
        body: ListIncidentsRequestBody | None = None,
        page: int = 1,
        per_page: int | None = None,
        max_items: int | None = None,
        unique: bool = False,
        prefetch: bool = False,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> AsyncGenerator[IncidentDataInfo, None]:
        """Every item that satisfies `where`, page by page, as they are asked for.

        `sort` is such as `F.create_time.desc()`; `body` holds further members of the request, and its page, if it
        has one, is the first. To resume, start at another `page`, with the same `per_page`. At most `max_items`
        come; `unique` leaves out items that come twice because the data moved meanwhile; `prefetch` requests one
        page ahead. Raises `errors.PagingError` when the pages do not add up, and any other of `errors`, with a note
        that names the page to resume at.
        """
        pages = self.iter_incidents_pages(
            where,
            sort=sort,
            fields=fields,
            body=body,
            page=page,
            per_page=per_page,
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

    async def count_incidents(
        self,
        counts: Mapping[str, Expression] | None = None,
        /,
        *,
        body: ListIncidentsRequestBody | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
        **named: Expression,
    ) -> dict[str, int]:
        """How many items satisfy each of the named filters, in one request: `P1=F.level_id == "level_10"`.

        Names that are no arguments, or those of another argument, stand in a mapping: `{"P 1": F.level_id ==
        "level_10"}`. A group joins its filters by `&` only. Raises `errors.InvalidFilter` for `|`, and the other
        errors of `errors`.
        """
        operation = operations.LIST_INCIDENTS
        wanted = all_counts(counts, named)
        answer = await self.call(
            operation,
            counts_body(operation, wanted, body),
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return counts_in(operation, answer, wanted)

    async def list_incidents_histories(
        self,
        incident_id: Annotated[str, Meta(min_length=1, max_length=50)],
        body: ListIncidentsHistoriesRequestBody | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> Page[CocTicketHistoryBaseInfoV2]:
        """Query the histories of an incident.

        Answers what was done about one incident, the entries that satisfy the filters, all at once. String filters
        are joined by `condition`; without a condition all of them must hold. The caller needs the permission
        `coc:ticket:getOperationHistories`.

        Raises `errors.InvalidRequest` before anything is sent, and the other errors of the tree in `errors`
        afterwards. `timeout` and `deadline` are seconds, `max_retries` a count; each stands in for the client's
        own, once.
        """
        answer = await self.call(
            operations.LIST_INCIDENTS_HISTORIES,
            body,
            path={
                "incident_id": incident_id,
            },
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return page_of(operations.LIST_INCIDENTS_HISTORIES, answer, body)

    async def iter_incidents_histories_pages(
        self,
        incident_id: Annotated[str, Meta(min_length=1, max_length=50)],
        where: Expression | None = None,
        *,
        sort: Sort | None = None,
        fields: Sequence[str] | None = None,
        body: ListIncidentsHistoriesRequestBody | None = None,
        max_items: int | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> AsyncGenerator[Page[CocTicketHistoryBaseInfoV2], None]:
        """Every page of items that satisfy `where`, as they are asked for.

        `sort` is such as `incidents_histories.start_time.desc()`, of the module `fields`; `body` holds further
        members of the request. At most `max_items` come, all of one answer. Raises `errors.ItemsMissing` when the
        answer is not whole, and any other of `errors`.
        """
        wanted = Wanted(
            sort=sort,
            projection=fields,
            body=body,
            max_items=max_items,
            where=where,
        )
        pages: AsyncGenerator[Page[CocTicketHistoryBaseInfoV2], None] = self._pages(
            operations.LIST_INCIDENTS_HISTORIES,
            wanted,
            path={
                "incident_id": incident_id,
            },
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        async for found in pages:
            yield found
            del found

    async def iter_incidents_histories(
        self,
        incident_id: Annotated[str, Meta(min_length=1, max_length=50)],
        where: Expression | None = None,
        *,
        sort: Sort | None = None,
        fields: Sequence[str] | None = None,
        body: ListIncidentsHistoriesRequestBody | None = None,
        max_items: int | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> AsyncGenerator[CocTicketHistoryBaseInfoV2, None]:
        """Every item that satisfies `where`, page by page, as they are asked for.

        `sort` is such as `incidents_histories.start_time.desc()`, of the module `fields`; `body` holds further
        members of the request. At most `max_items` come, all of one answer. Raises `errors.ItemsMissing` when the
        answer is not whole, and any other of `errors`.
        """
        pages = self.iter_incidents_histories_pages(
            incident_id,
            where,
            sort=sort,
            fields=fields,
            body=body,
            max_items=max_items,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        async for found in pages:
            for item in found.items:
                yield item
            del found

    async def count_incidents_histories(
        self,
        incident_id: Annotated[str, Meta(min_length=1, max_length=50)],
        counts: Mapping[str, Expression] | None = None,
        /,
        *,
        body: ListIncidentsHistoriesRequestBody | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
        **named: Expression,
    ) -> dict[str, int]:
        """How many items satisfy each of the named filters, in one request: `P1=incidents_histories.status ==
        "incident_draft"`.

        Names that are no arguments, or those of another argument, stand in a mapping: `{"P 1":
        incidents_histories.status == "incident_draft"}`. A group joins its filters by `&` only. Raises
        `errors.InvalidFilter` for `|`, and the other errors of `errors`.
        """
        operation = operations.LIST_INCIDENTS_HISTORIES
        wanted = all_counts(counts, named)
        answer = await self.call(
            operation,
            counts_body(operation, wanted, body),
            path={
                "incident_id": incident_id,
            },
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return counts_in(operation, answer, wanted)
