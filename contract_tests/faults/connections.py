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
    """From the tenth answer on the connection is reset instead."""
    answer = service.answer
    sent = []

    def drop(found):
        sent.append(1)
        found.reset = len(sent) >= 10
        return answer(found)

    service.answer = drop


def half_of_a_large_answer(service):
    """The connection closes in the middle of an answer of more than 100,000 bytes."""
    answer = service.answer

    def half(found):
        if len(found.body) > 100_000:
            found.cut = len(found.body) // 2
        return answer(found)

    service.answer = half


def never_answers(service):
    """The answer to a refused request comes after a minute."""
    answer = service.answer

    def wait(found):
        if found.status == 400:
            found.delay = 60.0
        return answer(found)

    service.answer = wait


def half_the_json(service):
    """An answer that looks whole holds half of the JSON."""
    answer = service.answer

    def half(found):
        if found.status == 200 and len(found.body) > 2000:
            found.body = found.body[: len(found.body) // 2]
        return answer(found)

    service.answer = half


def every_tenth_reset(service):
    """Every tenth connection is reset."""
    answer = service.answer
    sent = []

    def drop(found):
        sent.append(1)
        found.reset = len(sent) % 10 == 0
        return answer(found)

    service.answer = drop
