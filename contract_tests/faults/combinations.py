"""Faults that show only where two features meet."""


def when(says, condition, **seams):
    """A fault of some requests: where `condition(body, service)` holds, each seam is changed by `change(right, body, service)`."""

    def plant(service):
        search = service.search

        def other(body, parameters):
            if not condition(body, service):
                return search(body, parameters)
            return search(seams["body"](dict(body), service), parameters)

        service.search = other

    plant.__doc__ = says
    return plant


def has(*roles):
    """A test of a body: every one of these roles is there and not empty."""
    return lambda body, service: all(service.of(body, role) for role in roles)


def late(*roles):
    """The same, from the second page on."""
    return lambda body, service: (service.of(body, "page") or 1) > 1 and all(service.of(body, role) for role in roles)


def dropped(*roles):
    """A body without these roles."""
    return lambda body, service: {
        k: v for k, v in body.items() if k not in {service.operation.member(role) for role in roles}
    }


def first(role):
    """A body in which only the first of several filters is left."""
    return lambda body, service: {**body, service.operation.member(role): service.of(body, role)[:1]}


filters_lost_on_later_pages = when(
    "From the second page on the string filters do not apply.",
    late("string_filters"),
    body=dropped("string_filters", "condition"),
)
condition_lost_on_later_pages = when(
    "From the second page on the condition is ignored.", late("condition"), body=dropped("condition")
)
filters_lost_with_a_group = when(
    "With a group filter the string filters do not apply.",
    has("group", "string_filters"),
    body=dropped("string_filters", "condition"),
)
int_filters_lost_beside_string_filters = when(
    "Integer filters do not apply beside string filters.",
    has("int_filters", "string_filters"),
    body=dropped("int_filters"),
)
filters_lost_with_a_sort = when(
    "With a sort only the first string filter applies.",
    lambda body, service: has("sort", "string_filters")(body, service) and not service.of(body, "condition"),
    body=first("string_filters"),
)
sort_lost_with_fields = when("With `fields` the sort is ignored.", has("sort", "projection"), body=dropped("sort"))
sort_lost_with_a_condition = when(
    "With a condition the sort is ignored.", has("sort", "condition"), body=dropped("sort")
)
sort_lost_with_all = when("With `contain_all` the sort is ignored.", has("sort", "all"), body=dropped("sort"))
sort_lost_with_counts = when("With counts the sort is ignored.", has("sort", "counts"), body=dropped("sort"))
sort_lost_with_int_filters = when(
    "With integer filters the sort is ignored.", has("sort", "int_filters"), body=dropped("sort")
)
fields_lost_with_all = when(
    "With `contain_all` every property is answered.", has("projection", "all"), body=dropped("projection")
)
fields_lost_on_later_pages = when(
    "From the second page on every property is answered.", late("projection"), body=dropped("projection")
)
fields_lost_with_counts = when(
    "With counts every property is answered.", has("projection", "counts"), body=dropped("projection")
)
fields_lost_with_filters = when(
    "With string filters every property is answered.", has("projection", "string_filters"), body=dropped("projection")
)
counts_lost_with_fields = when(
    "With `fields` the counts are left out.", has("projection", "counts"), body=dropped("counts")
)
counts_lost_with_filters = when(
    "With a main filter the counts are left out.", has("string_filters", "counts"), body=dropped("counts")
)
condition_lost_with_sort = when(
    "With a sort the condition is ignored.", has("sort", "condition"), body=dropped("condition")
)
page_lost_with_a_sort = when(
    "With a sort the first page is answered.",
    late("sort"),
    body=lambda body, service: {**body, service.operation.member("page"): 1},
)
page_lost_with_filters = when(
    "With string filters the first page is answered.",
    late("string_filters"),
    body=lambda body, service: {**body, service.operation.member("page"): 1},
)
filters_lost_with_types = when(
    "With a ticket type the string filters do not apply.",
    lambda body, service: bool(body.get(service.operation.query.get("types", {"member": ""})["member"])),
    body=dropped("string_filters", "condition"),
)


def total_lost_with_a_sort(service):
    """With a sort and filters the total is that of the page."""
    search = service.search

    def other(body, parameters):
        found = search(body, parameters)
        both = service.of(body, "sort") and service.of(body, "string_filters") and "total" in found
        return {**found, "total": len(found["items"])} if both else found

    service.search = other


def ties_reversed_with_filters(service):
    """With more than one string filter the second half of a full page comes first."""
    page = service.page

    def halves(items, body):
        items = page(items, body)
        middle = len(items) // 2
        crowded = service.of(body, "sort") and len(service.of(body, "string_filters") or []) > 1
        return [*items[middle:], *items[:middle]] if crowded else items

    service.page = halves


def not_equal_in_a_condition(service):
    """Within a condition `!=` means `=`."""
    joined = service.joined
    service.joined = lambda condition, filters: joined(
        condition, [{**each, "operator": "="} if each["operator"] == "!=" else each for each in filters]
    )


def in_within_or(service):
    """Within a condition with `|`, `in` looks at its first value only."""
    joined = service.joined
    service.joined = lambda condition, filters: joined(
        condition,
        [
            {**each, "values": each["values"][:1]} if "|" in condition and each["operator"] == "in" else each
            for each in filters
        ],
    )


def last_page_with_filters(service):
    """With a filter the last page, when it is not full, lacks its last ticket."""
    page = service.page

    def short(items, body):
        items = page(items, body)
        partial = (
            service.of(body, "string_filters")
            and (service.of(body, "page") or 1) > 1
            and len(items) < service.window(body)[1]
        )
        return items[:-1] if partial else items

    service.page = short
