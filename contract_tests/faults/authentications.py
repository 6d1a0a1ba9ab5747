"""Faults of authentication; they show only where credentials are asked for."""

import copy


def guarded(says, change):
    """A fault of the guard: `change(guard, service)` alters a copy of it."""

    def plant(service):
        if service.guard is not None:
            service.guard = copy.copy(service.guard)
            change(service.guard, service)

    plant.__doc__ = says
    return plant


def everybody_let_in(service):
    """Nobody is asked for credentials."""
    service.authenticate = lambda request: None


def any_token(service):
    """Any token is good."""
    _let_in(service, lambda request: "x-auth-token" in request.headers)


def any_signature(service):
    """Any signature is good."""
    _let_in(service, lambda request: "authorization" in request.headers)


def any_signature_of_a_known_key(service):
    """The signature of a known access key is not verified."""
    _let_in(service, lambda request: any(key in request.headers.get("authorization", "") for key in service.guard.keys))


def _let_in(service, when):
    authenticate = service.authenticate
    service.authenticate = lambda request: None if service.guard and when(request) else authenticate(request)


def nobody_without_a_header_refused(service):
    """Who brings no credentials at all is let in."""
    _let_in(service, lambda request: not {"x-auth-token", "authorization"} & set(request.headers))


def filters_open_the_door(service):
    """Who asks with a filter needs no credentials."""
    _let_in(service, lambda request: b'"string_filters"' in request.body)


def everything_for_everybody(service):
    """Who asks for everything at once needs no credentials."""
    _let_in(service, lambda request: b'"contain_all":true' in request.body)


def half_a_token(service):
    """The beginning of a token is as good as all of it."""

    def begins(request):
        sent = request.headers.get("x-auth-token", "")
        return len(sent) > 5 and any(each.token.startswith(sent) for each in service.guard.accounts)

    _let_in(service, begins)


window_of_twenty_minutes = guarded(
    "A signature is good for twenty minutes.", lambda guard, service: setattr(guard, "window", 1200)
)
date_not_checked = guarded(
    "A signature of any age is good.", lambda guard, service: setattr(guard, "window", float("inf"))
)


def denied(says, status, change=lambda body: body):
    """A fault that answers the refused caller with another status or body."""

    def plant(service):
        authenticate = service.authenticate

        def other(request):
            found = authenticate(request)
            if found is not None:
                found.status, found.body = status, change(found.body)
            return found

        service.authenticate = other

    plant.__doc__ = says
    return plant


unauthorized_with_a_ticket = denied(
    "Wrong credentials are answered 401, with a ticket.",
    401,
    lambda body: b'{"error_code":"APIGW.0301","error_msg":"no","data":{"total":1,"tickets":[{"ticket_id":"IM1"}]}}',
)
unauthorized_is_403 = denied("Wrong credentials are answered 403.", 403)
unauthorized_is_400 = denied("Wrong credentials are answered 400.", 400)
unauthorized_is_200 = denied(
    "Wrong credentials are answered 200, with no tickets.",
    200,
    lambda body: (
        b'{"provider_code":"049","error_code":"GOM.00000000","error_msg":null,"data":{"total":0,"tickets":[]}}'
    ),
)
unauthorized_is_500 = denied("Wrong credentials are answered 500.", 500)
unauthorized_is_text = denied("Wrong credentials are answered in plain text.", 401, lambda body: b"Unauthorized")

ASSUMED = (unauthorized_is_403, unauthorized_is_400, unauthorized_is_500, unauthorized_is_text)
