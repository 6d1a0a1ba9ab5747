"""What users annotate their own code with has public names, and options are checked where they are written."""

from __future__ import annotations

import inspect
from typing import get_type_hints

import coc_incidents
import pytest
from coc_incidents import (
    AsyncClient,
    AsyncHook,
    Client,
    Event,
    Expression,
    F,
    Filter,
    Hook,
    ObjectFilterV2Operator,
    Page,
    Sort,
    errors,
    transport,
)


def urgent(more: Expression | None = None) -> Expression:
    """A filter of the caller's own."""
    only: Filter = F.level_id == "level_10"
    return only if more is None else only & more


def test_the_types_of_arguments_are_public() -> None:
    """Filters, orders, hooks and the closed set of operators can be named; mypy reads this test, too."""
    order: Sort = F.create_time.desc()
    operator: ObjectFilterV2Operator = "startwith"
    hooks: list[Hook | AsyncHook] = [lambda event: None]

    async def heard(event: Event) -> None: ...

    hooks.append(heard)
    found = urgent(F.title.where(operator, "a"))
    assert isinstance(found, Expression)
    assert "create_time" == order.field
    assert {"Expression", "Filter", "Sort", "Hook", "AsyncHook", "ObjectFilterV2Operator"} <= set(coc_incidents.__all__)


@pytest.mark.parametrize(
    ("kind", "options"), [(Client, transport.Options), (AsyncClient, transport.AsyncOptions)]
)
def test_from_env_takes_the_options_of_the_client(kind: type[Client | AsyncClient], options: type) -> None:
    """Each option of the client is one of `from_env`, of the same type."""
    own = get_type_hints(kind.__init__)
    names = [name for name, each in inspect.signature(kind).parameters.items() if each.kind is each.KEYWORD_ONLY]
    assert {name: own[name] for name in names} == get_type_hints(options)


def test_a_misspelt_option_is_an_error_before_it_runs() -> None:
    """Were the options of `from_env` anything, mypy would call this comment unused."""
    with pytest.raises((TypeError, errors.CredentialsMissing)):
        Client.from_env("http://a.test", timeouts=5)  # type: ignore[call-arg]


def test_pages_are_annotated_by_their_items() -> None:
    """A page of a list is that of its items."""

    def first(page: Page[str]) -> str:
        return page.items[0]

    assert "a" == first(Page(items=["a"], total=1, number=1, size=1, answer=None))  # type: ignore[arg-type]
