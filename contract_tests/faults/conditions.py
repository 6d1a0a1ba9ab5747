"""Faults of the condition."""


def condition_ignored(service):
    """The condition is read and forgotten; all string filters must hold."""
    joined = service.joined

    def ignore(condition, filters):
        joined(condition, filters)
        found = service.everything
        for each in filters:
            found = found & service.predicate(each)
        return found

    service.joined = ignore


def and_is_or(service):
    """`&` means or."""
    combine = service.combine
    service.combine = lambda postfix, named: combine(["|" if piece == "&" else piece for piece in postfix], named)
