"""Faults of the answer's status, headers and shape."""


def refusal_is_200(service):
    """A refused request is answered 200 with the error's body."""
    answer = service.answer

    def good(found):
        found.status = 200 if found.status == 400 else found.status
        return answer(found)

    service.answer = good


def total_is_text(service):
    """The total is a text."""
    envelope = service.envelope
    service.envelope = lambda data: envelope({**data, "total": str(data["total"])} if "total" in data else data)


def answer_is_html(service):
    """A good answer says that it is HTML."""
    answer = service.answer

    def html(found):
        if found.status == 200:
            found.headers = {**found.headers, "Content-Type": "text/html"}
        return answer(found)

    service.answer = html
