"""Faults of `fields`."""


def fields_ignored(service):
    """Every property is answered, whatever `fields` asks for."""
    service.fields = lambda _body: []
