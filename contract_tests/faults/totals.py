"""Faults of the total."""


def counted(says, change):
    """A fault that answers another total: `change(total, items, body, service)`; None leaves it out."""

    def plant(service):
        search = service.search

        def other(body, parameters):
            found = search(body, parameters)
            if "total" not in found:
                return found
            total = change(found["total"], found["items"], body, service)
            return {key: value for key, value in {**found, "total": total}.items() if value is not None}

        service.search = other

    plant.__doc__ = says
    return plant


total_is_page_size = counted(
    "The total counts the tickets of the page, not of the result.", lambda total, items, body, service: len(items)
)
total_is_one_more = counted("The total is one too large.", lambda total, items, body, service: total + 1)
total_is_pages = counted(
    "The total is the number of pages.",
    lambda total, items, body, service: -(-total // max(1, service.window(body)[1])),
)
total_stops_at_a_thousand = counted(
    "The total is never more than 1,000.", lambda total, items, body, service: min(total, 1000)
)
total_is_missing = counted("There is never a total.", lambda total, items, body, service: None)
total_is_missing_on_later_pages = counted(
    "There is no total but on the first page.",
    lambda total, items, body, service: total if service.of(body, "page") == 1 else None,
)
total_of_what_follows = counted(
    "The total counts from the page on.", lambda total, items, body, service: total - service.window(body)[0]
)
total_of_nothing_is_one = counted(
    "A query that finds nothing has the total 1.", lambda total, items, body, service: max(1, total)
)
total_is_minus_one_past_end = counted(
    "On a page without tickets the total is 0.", lambda total, items, body, service: total if items else 0
)


def total_ignores_the_filters(service):
    """The total counts all tickets, whatever the filters."""
    total = service.total
    search = service.search

    def other(body, parameters):
        found = search(body, parameters)
        return {**found, "total": total(service.everything)} if "total" in found else found

    service.search = other


def total_ignores_the_integers(service):
    """The total counts as if there were no integer filters."""
    search, member = service.search, service.operation.member

    def other(body, parameters):
        found = search(body, parameters)
        bare = service.selection({**body, member("int_filters"): []}, parameters)
        return {**found, "total": service.total(bare)} if "total" in found else found

    service.search = other


def total_is_always_told(service):
    """The total is told although it is not wanted."""
    service.wants_total = lambda body: True


def total_of_zero(service):
    """The total is 0 when it is not wanted, instead of absent."""
    search = service.search
    service.search = lambda body, parameters: {"total": 0, **search(body, parameters)}


def no_tickets_without_a_total(service):
    """When the total is not wanted there are no tickets either."""
    search = service.search

    def other(body, parameters):
        found = search(body, parameters)
        return found if service.wants_total(body) else {**found, "items": []}

    service.search = other


ASSUMED = (total_of_zero, total_is_minus_one_past_end)
