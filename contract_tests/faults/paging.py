"""Faults of paging."""


def window(says, change):
    """A fault that takes other tickets for the page: `change(skip, limit, page)` gives (skip, limit)."""

    def plant(service):
        right = service.window
        service.window = lambda body: (
            change(*right(body), int(service.of(body, "page"))) if paged(service, body) else right(body)
        )

    plant.__doc__ = says
    return plant


def shown(says, change):
    """A fault that changes the page's tickets: `change(items, size, page)`."""

    def plant(service):
        service.page = lambda items, body: (
            change(items, service.window(body)[1], service.of(body, "page") or 1)
            if "page" in service.members
            else items
        )

    plant.__doc__ = says
    return plant


def paged(service, body):
    """Whether a request asks for one page of an operation that has pages."""
    return "page" in service.members and not service.of(body, "all")


page_starts_at_zero = window("Page 1 skips the first page.", lambda skip, limit, page: (skip + limit, limit))
first_page_always = window("Every page is the first.", lambda skip, limit, page: (0, limit))
page_moves_by_one = window("Page k begins at ticket k.", lambda skip, limit, page: (page - 1, limit))
pages_overlap = window(
    "Each page begins with the last ticket of the page before.",
    lambda skip, limit, page: (max(0, skip - (page > 1)), limit),
)
pages_leave_a_gap = window(
    "A ticket between two pages is on neither.", lambda skip, limit, page: (skip + (page > 1), limit)
)
pages_of_ten = window("Pages begin where pages of ten would.", lambda skip, limit, page: ((page - 1) * 10, limit))
size_capped_at_100 = window("A page holds 100 tickets at most.", lambda skip, limit, page: (skip, min(limit, 100)))
size_capped_at_50 = window(
    "Pages are of 50 tickets at most.", lambda skip, limit, page: ((page - 1) * min(limit, 50), min(limit, 50))
)
size_always_ten = window(
    "A page holds 10 tickets, whatever is asked for.", lambda skip, limit, page: ((page - 1) * 10, 10)
)
one_ticket_less = window(
    "A page of more than one ticket holds one less.", lambda skip, limit, page: (skip, max(1, limit - 1))
)
one_ticket_more = window("A page holds one ticket more.", lambda skip, limit, page: (skip, limit + 1))
size_one_is_two = window("A page of one ticket holds two.", lambda skip, limit, page: (skip, max(2, limit)))
deep_pages_empty = window(
    "From the thousandth ticket on pages are empty.", lambda skip, limit, page: (skip, 0 if skip >= 1000 else limit)
)
pages_end_at_50 = window(
    "Later pages than the 50th are answered with the 50th.",
    lambda skip, limit, page: (min(page, 50) * limit - limit, limit),
)
page_loses_its_last = shown(
    "The last ticket of each full page is missing.",
    lambda items, size, page: items[:-1] if len(items) == size else items,
)
second_page_reversed = shown(
    "Even pages stand upside down.", lambda items, size, page: items[::-1] if page % 2 == 0 else items
)
last_page_missing = shown(
    "A last page that is not full is empty.", lambda items, size, page: items if len(items) == size or page == 1 else []
)
ticket_doubled = shown(
    "The first ticket of a page of 20 or more stands there twice.",
    lambda items, size, page: [*items[:1], *items[:-1]] if len(items) >= 20 else items,
)


def default_size_is_20(service):
    """Without a size a page holds 20 tickets."""
    _default(service, "size", 20)


def default_page_is_2(service):
    """Without a page the second is answered."""
    _default(service, "page", 2)


def default_is_all(service):
    """Without `contain_all` all tickets are answered."""
    _default(service, "all", True)


def default_is_no_total(service):
    """Without `contain_total` there is no total."""
    _default(service, "total_wanted", False)


def _default(service, role, value):
    complete, member = service.complete, service.members.get(role)
    service.complete = lambda body: complete({member: value, **body} if member else body)


def page_past_end_is_the_last(service):
    """A page past the end is answered with the first."""
    window, page = service.window, service.page
    service.page = lambda items, body: (
        items
        if items or window(body)[0] == 0
        else page(
            [
                service.item(row, service.fields(body))
                for row in service.rows(service.selection(body, {}), service.order(body), 0, window(body)[1])
            ],
            body,
        )
    )


def all_is_ignored(service):
    """`contain_all` is ignored."""
    window, member = service.window, service.operation.member
    service.window = lambda body: window({**body, member("all"): False})


def all_is_a_hundred(service):
    """`contain_all` answers 100 tickets at most."""
    window = service.window
    service.window = lambda body: (0, 100) if service.of(body, "all") else window(body)


def all_keeps_the_page(service):
    """With `contain_all` tickets before the page asked for are left out."""
    window, member = service.window, service.operation.member
    service.window = lambda body: (
        (window({**body, member("all"): False})[0], window(body)[1]) if service.of(body, "all") else window(body)
    )


def all_ignores_the_filters(service):
    """With `contain_all` the string filters do not apply."""
    selection, member = service.selection, service.operation.member
    service.selection = lambda body, parameters: selection(
        {**body, member("string_filters"): [], member("condition"): None} if service.of(body, "all") else body,
        parameters,
    )


def types_select_nothing(service):
    """Naming the right ticket type selects nothing."""
    types = service.operation.query.get("types", {"member": ""})
    service.type_wanted = lambda body: not body.get(types["member"])


def types_ignored(service):
    """Ticket types are ignored."""
    service.type_wanted = lambda body: True


def sub_tickets_filter(service):
    """Without sub-tickets every second ticket of a page is left out."""
    page = service.page
    service.page = lambda items, body: page(items[::2] if body.get("contain_sub_ticket") is False else items, body)


ASSUMED = (page_past_end_is_the_last, all_keeps_the_page, types_ignored, sub_tickets_filter)
