# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""The client, blocking and asynchronous."""

from __future__ import annotations

from . import operations
from .models import (
    ListIncidentsRequestBody,
    ListIncidentsResponseBody,
)
from .transport import AsyncBaseClient, BaseClient


class Client(BaseClient):
    """COC Incident Tickets: its operations as methods. Safe to share between threads (or tasks)."""

    def list_incidents(
        self,
        body: ListIncidentsRequestBody | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> ListIncidentsResponseBody:
        """Query incident tickets.

        Answers the tickets that satisfy the filters, one page at a time. String filters are joined by `condition`;
        without a condition all of them must hold. The caller needs the permission `coc:ticket:list`.

        Raises `errors.InvalidRequest` before anything is sent, and the errors of the tree in `errors` afterwards.
        `timeout` and `deadline` are seconds, `max_retries` a count; each replaces the client's own for this call.
        """
        answer = self.call(
            operations.LIST_INCIDENTS,
            body,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value


class AsyncClient(AsyncBaseClient):
    """COC Incident Tickets: its operations as methods. Safe to share between threads (or tasks)."""

    async def list_incidents(
        self,
        body: ListIncidentsRequestBody | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        deadline: float | None = None,
    ) -> ListIncidentsResponseBody:
        """Query incident tickets.

        Answers the tickets that satisfy the filters, one page at a time. String filters are joined by `condition`;
        without a condition all of them must hold. The caller needs the permission `coc:ticket:list`.

        Raises `errors.InvalidRequest` before anything is sent, and the errors of the tree in `errors` afterwards.
        `timeout` and `deadline` are seconds, `max_retries` a count; each replaces the client's own for this call.
        """
        answer = await self.call(
            operations.LIST_INCIDENTS,
            body,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
        )
        return answer.value
