"""Faults that no client can observe: the service is wrong inside, and every answer is right. They are not scored."""


def field_too_long(service):
    """The field to sort by has no upper bound on its length; a long name is no property, and refused as such."""
    violations = service.violations
    service.violations = lambda value: [
        found for found in violations(value) if (found.pointer, found.keyword) != ("/sort_filter/field", "maxLength")
    ]


def filters_in_reverse(service):
    """The filters are evaluated from the last to the first; AND does not care."""
    complete, member = service.complete, service.operation.member

    def backwards(body):
        body = complete(body)
        filters = service.of(body, "int_filters")
        return {**body, member("int_filters"): filters[::-1]} if filters else body

    service.complete = backwards


def values_twice(service):
    """Each value of a filter is compared twice."""
    predicate = service.predicate
    service.predicate = lambda each: predicate({**each, "values": [v for v in each["values"] for _ in range(2)]})


def total_counted_without_need(service):
    """The total is counted though it is not wanted, and thrown away."""
    search = service.search

    def wasteful(body, parameters):
        service.total(service.everything)
        return search(body, parameters)

    service.search = wasteful
