"""Faults of the count filters."""


def counts_in_reverse(service):
    """The counts stand in the opposite order of their filters."""
    counts = service.counts
    service.counts = lambda body, parameters: counts(body, parameters)[::-1]
