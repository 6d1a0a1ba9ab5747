"""Faults of paging and totals."""


def page_starts_at_zero(service):
    """Page 1 skips the first page."""
    window = service.window
    service.window = lambda body: (window(body)[0] + window(body)[1], window(body)[1])


def total_is_page_size(service):
    """The total counts the tickets of the page, not of the result."""
    search = service.search

    def short(body, parameters):
        found = search(body, parameters)
        return {**found, "total": len(found["items"])} if "total" in found else found

    service.search = short


def page_loses_its_last(service):
    """The last ticket of each full page is missing."""
    service.page = lambda items, body: items[:-1] if len(items) == service.window(body)[1] else items
