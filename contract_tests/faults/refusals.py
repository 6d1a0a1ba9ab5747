"""Faults of the error's body, and of what is no query at all."""

import json
from types import SimpleNamespace


def refusal(says, change):
    """A fault that changes the body of a 400: `change(body)`; text goes as it is."""

    def plant(service):
        answer = service.answer

        def other(found):
            if found.status == 400:
                made = change(json.loads(found.body))
                found.body = made.encode() if isinstance(made, str) else json.dumps(made).encode()
            return answer(found)

        service.answer = other

    plant.__doc__ = says
    return plant


refusal_is_text = refusal("A refusal is plain text.", lambda body: "Parameter error")
refusal_is_empty = refusal("A refusal has no body.", lambda body: "")
refusal_is_a_list = refusal("A refusal is a list of messages.", lambda body: [body["error_msg"]])
refusal_code_is_a_number = refusal("A refusal's code is a number.", lambda body: {**body, "error_code": 7256})
refusal_code_is_success = refusal(
    "A refusal has the code of success.", lambda body: {**body, "error_code": "GOM.00000000"}
)
refusal_message_is_an_object = refusal(
    "A refusal's message is an object.", lambda body: {**body, "error_msg": {"text": "Parameter error"}}
)
refusal_message_is_too_long = refusal(
    "A refusal's message is longer than 256 characters.", lambda body: {**body, "error_msg": "x" * 257}
)
refusal_has_tickets = refusal("A refusal carries tickets.", lambda body: {**body, "data": {"tickets": {}, "total": -1}})
refusal_data_is_text = refusal("A refusal's data is a text.", lambda body: {**body, "data": "none"})
refusal_provider_is_a_number = refusal(
    "A refusal's service number is no text.", lambda body: {**body, "provider_code": 49}
)
refusal_is_html = refusal("A refusal is an HTML page.", lambda body: "<html><body>400</body></html>")


def broken_json_accepted(service):
    """A body that is not JSON is taken for an empty one."""
    _forgiving(service, lambda request: {})


def broken_json_is_500(service):
    """A body that is not JSON is answered 500."""
    answer, decode = service.answer, service.decode
    broken = []

    def note(request):
        broken.clear()
        try:
            return decode(request)
        except Exception:
            broken.append(True)
            raise

    def other(found):
        found.status = 500 if broken and found.status == 400 else found.status
        broken.clear()
        return answer(found)

    service.decode, service.answer = note, other


def list_body_accepted(service):
    """A body that is a list is taken for an empty one."""
    decode = service.decode

    def lenient(request):
        body = decode(request)
        return {} if isinstance(body, list) else body

    service.decode = lenient


def any_media_type_accepted(service):
    """A body of another media type is read as JSON all the same."""
    decode = service.decode
    service.decode = lambda request: decode(
        SimpleNamespace(body=request.body, headers={**request.headers, "content-type": "application/json"})
    )


def trailing_text_accepted(service):
    """What follows the body's JSON is ignored."""
    _forgiving(service, lambda request: json.JSONDecoder().raw_decode(request.body.decode())[0])


def _forgiving(service, instead):
    decode = service.decode

    def lenient(request):
        try:
            return decode(request)
        except Exception:
            if "json" not in request.headers.get("content-type", "json"):
                raise
            try:
                return instead(request)
            except ValueError:
                return decode(request)

    service.decode = lenient


ASSUMED = (
    broken_json_accepted,
    broken_json_is_500,
    list_body_accepted,
    any_media_type_accepted,
    trailing_text_accepted,
)
