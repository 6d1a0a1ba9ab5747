"""Faults of the connection."""


def half_an_answer(service):
    """The connection closes in the middle of a good answer."""
    answer = service.answer

    def half(found):
        if found.status == 200:
            found.cut = len(found.body) // 2
        return answer(found)

    service.answer = half


def no_answer(service):
    """The connection is reset instead of answered."""
    answer = service.answer

    def drop(found):
        found.reset = True
        return answer(found)

    service.answer = drop
