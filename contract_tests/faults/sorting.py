"""Faults of the order."""

from random import Random


def ordered(says, change):
    """A fault that sorts otherwise: `change(order, body, service)` gives a list of (field, direction)."""

    def plant(service):
        order = service.order
        service.order = lambda body: change(order(body), body, service)

    plant.__doc__ = says
    return plant


def default(own):
    """The field and direction of a service's default order."""
    sort = own.operation.default_sort
    return [(sort["field"], sort["operator"])]


TURNED = {"asc": "desc", "desc": "asc"}
ascending_is_descending = ordered(
    "`asc` sorts the largest first.", lambda order, body, service: [(field, "desc") for field, _ in order]
)
descending_is_ascending = ordered(
    "`desc` sorts the smallest first.",
    lambda order, body, service: [(field, "asc" if service.of(body, "sort") else turn) for field, turn in order],
)
sort_ignored = ordered("The sort is ignored.", lambda order, body, service: default(service))
sort_ignored_with_filters = ordered(
    "The sort is ignored when there are string filters.",
    lambda order, body, service: default(service) if service.of(body, "string_filters") else order,
)
sort_ignored_on_later_pages = ordered(
    "Only the first page is sorted as asked.",
    lambda order, body, service: order if service.of(body, "page") == 1 else default(service),
)
sort_by_level_ignored = ordered(
    "A sort by the level is ignored.",
    lambda order, body, service: default(service) if "level_id" in [field for field, _ in order] else order,
)
sort_by_description_ignored = ordered(
    "A sort by the description is ignored.",
    lambda order, body, service: default(service) if "description" in [field for field, _ in order] else order,
)
sort_by_owner_ignored = ordered(
    "A sort by the incident's ownership is ignored.",
    lambda order, body, service: default(service) if "incident_ownership" in [field for field, _ in order] else order,
)
sort_only_by_time = ordered(
    "Only the times can be sorted by.",
    lambda order, body, service: order if all("time" in field for field, _ in order) else default(service),
)
default_order_is_oldest_first = ordered(
    "Without a sort the oldest ticket comes first.",
    lambda order, body, service: order if service.of(body, "sort") else [(f, TURNED[t]) for f, t in order],
)
group_ignored = ordered("The group filter is ignored.", lambda order, body, service: order[-1:])


def sorted_within_the_page(service):
    """The sort orders each page by itself; which tickets are on it follows the default order."""
    rows, order = service.rows, service.order
    service.order = lambda body: (service.__dict__.__setitem__("asked", order(body)), default(service))[1]

    def page_by_page(where, by, offset, limit):
        window = rows(where, by, offset, limit)
        if service.asked == by:
            return window
        every = rows(where, service.asked, 0, 100_000)
        place = {row: index for index, row in enumerate(every)}
        return sorted(window, key=place.__getitem__)

    service.rows = page_by_page


def rewritten(says, change):
    """A fault that changes the text of ORDER BY: `change(text, order)`."""

    def plant(service):
        order_by = service.order_by
        service.order_by = lambda order: change(order_by(order), order)

    plant.__doc__ = says
    return plant


numbers_sorted_as_text = rewritten(
    "Numbers are sorted as text.",
    lambda text, order: ", ".join(part for part in text.split(", ") if '#"' not in part or part.startswith('"#')),
)
ties_at_random = rewritten(
    "Tickets of equal value stand in another order each time.",
    lambda text, order: ", ".join([*text.split(", ")[:-1], "random()"]),
)
text_sorted_without_case = rewritten(
    "Text is sorted by its length.",
    lambda text, order: (
        text.replace(f'"{order[-1][0]}" ', f'length("{order[-1][0]}") ', 1) if '#"' not in text else text
    ),
)
sorted_by_first_characters = rewritten(
    "Text is sorted by its first 8 characters only.",
    lambda text, order: (
        text.replace(f'"{order[-1][0]}" ', f'substr("{order[-1][0]}", 1, 8) ', 1) if '#"' not in text else text
    ),
)


def sort_loses_absent(service):
    """A sort leaves out the tickets that lack its property."""
    selection = service.selection

    def present(body, parameters):
        found = selection(body, parameters)
        sort = service.of(body, "sort")
        if not sort:
            return found
        return found & service.predicate({"field": sort["field"], "operator": "like", "values": [""]})

    service.selection = present


def unknown_sort_accepted(service):
    """A sort by what is no property is taken for none."""
    known, order = service.known, service.order
    sort = service.operation.member("sort")
    service.known = lambda name, pointer: None if pointer == f"/{sort}/field" else known(name, pointer)
    service.order = lambda body: order(
        body if not body.get(sort) or body[sort]["field"] in service.operation.columns else {**body, sort: None}
    )


ASSUMED = (
    ascending_is_descending,
    default_order_is_oldest_first,
    group_ignored,
    ties_at_random,
    unknown_sort_accepted,
    text_sorted_without_case,
)


def order_by_chance(service):
    """Every answer is in another order, by chance."""
    rows, chance = service.rows, Random(5)  # noqa: S311 - chance, no secret

    def shuffled(where, by, offset, limit):
        every = rows(where, by, 0, 100_000)
        return chance.sample(every, len(every))[offset : offset + limit]

    service.rows = shuffled
