"""Faults of the order."""


def ascending_is_descending(service):
    """`asc` sorts the largest first."""
    order = service.order
    service.order = lambda body: [(field, "desc") for field, _ in order(body)]
