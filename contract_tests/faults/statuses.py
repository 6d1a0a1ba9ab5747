"""Faults of the status: the right answer under the wrong number, or the reverse."""


def status(says, when, number):
    """A fault that answers `number` in place of the status `when`."""

    def plant(service):
        answer = service.answer

        def other(found):
            found.status = number if found.status == when else found.status
            return answer(found)

        service.answer = other

    plant.__doc__ = says
    return plant


refusal_is_200 = status("A refused request is answered 200 with the error's body.", 400, 200)
refusal_is_422 = status("A refused request is answered 422.", 400, 422)
refusal_is_500 = status("A refused request is answered 500.", 400, 500)
refusal_is_404 = status("A refused request is answered 404.", 400, 404)
found_is_201 = status("A good answer has the status 201.", 200, 201)
found_is_202 = status("A good answer has the status 202.", 200, 202)


def nothing_found_is_404(service):
    """A query that finds nothing is answered 404."""
    _instead(service, lambda body, found: not found["items"] and service.of(body, "page") == 1, 404)


def nothing_found_is_204(service):
    """A query that finds nothing is answered 204 without a body."""
    _instead(service, lambda body, found: not found["items"] and service.of(body, "page") == 1, 204)


def quotes_break_it(service):
    """A value with a quote is answered 500."""
    _instead(
        service,
        lambda body, found: (
            "'"
            in str([each["values"] for each in service.of(body, "string_filters") or []])
            .replace("['", "")
            .replace("']", "")
            .replace("', '", "")
        ),
        500,
    )


def emoji_break_it(service):
    """A value with a character beyond the first plane is answered 500."""
    _instead(
        service,
        lambda body, found: any(
            ord(char) > 0xFFFF
            for each in service.of(body, "string_filters") or []
            for value in each["values"]
            for char in value
        ),
        500,
    )


def text_for_a_number_breaks_it(service):
    """An integer filter whose value is no number is answered 500."""
    _instead(
        service,
        lambda body, found: any(
            not value.lstrip("-").isdecimal()
            for each in service.of(body, "int_filters") or []
            for value in each["values"]
        ),
        500,
    )


def nul_breaks_it(service):
    """A value with a NUL is answered 500."""
    _instead(
        service,
        lambda body, found: any(
            "\0" in value for each in service.of(body, "string_filters") or [] for value in each["values"]
        ),
        500,
    )


def many_filters_break_it(service):
    """More than 15 string filters are answered 500."""
    _instead(service, lambda body, found: len(service.of(body, "string_filters") or []) > 15, 500)


def long_conditions_break_it(service):
    """A condition of more than 5,000 characters is answered 500."""
    _instead(service, lambda body, found: len(service.of(body, "condition") or "") > 5000, 500)


def deep_conditions_break_it(service):
    """A condition with more than eight levels of parentheses is answered 500."""
    _instead(service, lambda body, found: "((((((((" in (service.of(body, "condition") or "").replace(" ", ""), 500)


def full_pages_break_it(service):
    """A page of 200 tickets is answered 503."""
    _instead(service, lambda body, found: service.window(body)[1] == 200 and len(found["items"]) == 200, 503)


def _instead(service, when, number):
    """Another status for the good answers for which `when(body, found)` holds."""
    search, answer = service.search, service.answer
    held = []

    def watch(body, parameters):
        found = search(body, parameters)
        held.append(bool(when(body, found)))
        return found

    def other(found):
        if held and held.pop() and found.status == 200:
            found.status = number
            found.body = (
                b"" if number == 204 else b'{"error_code":"APIGW.0601","error_msg":"Internal error.","request_id":"1"}'
            )
        return answer(found)

    service.search, service.answer = watch, other
