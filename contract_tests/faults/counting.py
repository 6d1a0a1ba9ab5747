"""Faults of the count filters."""


def answered(says, change):
    """A fault that answers other counts: `change(counts, body, service)`."""

    def plant(service):
        counts = service.counts
        service.counts = lambda body, parameters: change(counts(body, parameters), body, service)

    plant.__doc__ = says
    return plant


def asked(says, change):
    """A fault that counts by other filters: `change(filters)` for each count."""

    def plant(service):
        counts, member = service.counts, service.operation.member
        service.counts = lambda body, parameters: counts(
            {
                **body,
                member("counts"): [
                    {**group, "filters": change(group.get("filters") or [])} for group in service.of(body, "counts")
                ],
            },
            parameters,
        )

    plant.__doc__ = says
    return plant


counts_in_reverse = answered(
    "The counts stand in the opposite order of their filters.", lambda counts, body, service: counts[::-1]
)
counts_by_name = answered(
    "The counts stand in the order of their names.",
    lambda counts, body, service: [
        counts[index]
        for _, index in sorted((each.get("name", ""), i) for i, each in enumerate(service.of(body, "counts")))
    ],
)
counts_sorted = answered("The counts are sorted by size.", lambda counts, body, service: sorted(counts))
first_count_only = answered("Only the first count is answered.", lambda counts, body, service: counts[:1])
first_count_everywhere = answered("Every count is the first.", lambda counts, body, service: counts[:1] * len(counts))
counts_added_up = answered(
    "Each count includes those before it.",
    lambda counts, body, service: [sum(counts[: i + 1]) for i in range(len(counts))],
)
counts_as_text = answered("The counts are text.", lambda counts, body, service: [str(count) for count in counts])
counts_one_more = answered(
    "Each count is one too large.", lambda counts, body, service: [count + 1 for count in counts]
)
counts_stop_at_size = answered(
    "No count is larger than the page.",
    lambda counts, body, service: [min(count, service.window(body)[1]) for count in counts],
)
zero_counts_left_out = answered(
    "A count of nothing is left out.", lambda counts, body, service: [count for count in counts if count]
)
counts_missing_on_later_pages = answered(
    "From the second page on the counts are 0.",
    lambda counts, body, service: counts if service.of(body, "page") == 1 else [0 for _ in counts],
)
first_filter_of_a_count = asked("A count looks at its first filter only.", lambda filters: filters[:1])
last_filter_of_a_count = asked("A count looks at its last filter only.", lambda filters: filters[-1:])
five_filters_of_a_count = asked("A count looks at its first five filters only.", lambda filters: filters[:5])
counts_of_everything = asked("A count ignores its filters.", lambda filters: [])
counted_by_equality = asked(
    "A count takes every operator for `=`.", lambda filters: [{**each, "operator": "="} for each in filters]
)


def filters_of_a_count_are_alternatives(service):
    """It is enough for a count that one of its filters holds."""

    def any_of(body, parameters):
        found = []
        for group in service.of(body, "counts"):
            where = service.nothing
            for each in group.get("filters") or []:
                where = where | service.predicate(each)
            found.append(service.total(where if group.get("filters") else service.everything))
        return found

    service.counts = any_of


def counts_under_the_main_filters(service):
    """The counts are taken among the tickets that the main filters select."""

    def among(body, parameters):
        found = []
        for group in service.of(body, "counts"):
            where = service.selection(body, parameters)
            for each in group.get("filters") or []:
                where = where & service.predicate(each)
            found.append(service.total(where))
        return found

    service.counts = among


def counting_filters_the_tickets(service):
    """The tickets too are filtered by the first count."""
    selection = service.selection

    def both(body, parameters):
        found = selection(body, parameters)
        for each in (service.of(body, "counts") or [{}])[0].get("filters") or []:
            found = found & service.predicate(each)
        return found

    service.selection = both


ASSUMED = (counts_under_the_main_filters,)
