"""Faults of the answer's shape: types, lengths, members, and rare bad tickets."""

import json


def enveloped(says, change):
    """A fault that changes the whole good answer: `change(envelope)`."""

    def plant(service):
        envelope = service.envelope
        service.envelope = lambda found: change(envelope(found))

    plant.__doc__ = says
    return plant


def each_ticket(says, change, one_in=1):
    """A fault that changes tickets: `change(item)`, for one ticket in so many, always the same ones."""

    def plant(service):
        project = service.project
        key = service.operation.query["key"]

        def other(item, fields):
            shown = project(item, fields)
            return change(dict(shown)) if sum(map(ord, str(item[key]))) % one_in == 0 else shown

        service.project = other

    plant.__doc__ = says
    return plant


def rare(says, change):
    """A fault of few tickets: those whose number ends in 07 (one in a hundred) and whose level is the lowest."""

    def plant(service):
        project = service.project
        key = service.operation.query["key"]

        def other(item, fields):
            shown = project(item, fields)
            return change(dict(shown)) if int(str(item[key])[-4:]) % 300 == 7 else shown

        service.project = other

    plant.__doc__ = says
    return plant


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


def data(change):
    """`change` applied to the `data` of an envelope."""
    return lambda envelope: {**envelope, "data": change(envelope["data"])}


def member(name, change):
    """`change` applied to one member of a ticket that has it."""
    return lambda item: {**item, name: change(item[name])} if item.get(name) is not None else item


total_is_fraction = enveloped(
    "The total is a fraction.", data(lambda held: {**held, "total": held.get("total", 0) + 0.5})
)
total_is_negative = enveloped("The total is negative.", data(lambda held: {**held, "total": -held.get("total", 0) - 1}))
total_is_null = enveloped("The total is null.", data(lambda held: {**held, "total": None}))
tickets_are_an_object = enveloped(
    "The tickets are an object, by place.",
    data(lambda held: {**held, "tickets": {str(i): one for i, one in enumerate(held.get("tickets") or [])}}),
)
tickets_hold_null = enveloped(
    "The list of tickets ends with a null.",
    data(
        lambda held: {
            **held,
            "tickets": [*held["tickets"], None] if len(held.get("tickets") or []) > 5 else held.get("tickets"),
        }
    ),
)
data_is_a_list = enveloped("The data is a list of one.", lambda envelope: {**envelope, "data": [envelope["data"]]})
data_is_text = enveloped(
    "The data is JSON within a text.", lambda envelope: {**envelope, "data": json.dumps(envelope["data"])}
)
data_is_missing = enveloped("The data stands at the top, without its envelope.", lambda envelope: envelope["data"])
provider_is_a_number = enveloped("The service's number is no text.", lambda envelope: {**envelope, "provider_code": 49})
code_is_a_number = enveloped("The code of success is no text.", lambda envelope: {**envelope, "error_code": 0})
code_is_too_long = enveloped(
    "The code is longer than 256 characters.", lambda envelope: {**envelope, "error_code": "0" * 257}
)
code_of_failure = enveloped(
    "A good answer has an error's code.", lambda envelope: {**envelope, "error_code": "GOM.00007256"}
)
message_is_a_list = enveloped("The message is a list.", lambda envelope: {**envelope, "error_msg": []})
message_is_too_long = enveloped(
    "The message of a good answer is longer than 256 characters.", lambda envelope: {**envelope, "error_msg": "x" * 257}
)

title_is_null = each_ticket("A title is null.", member("title", lambda value: None))
ticket_is_nested = each_ticket("A ticket lies within an object.", lambda item: {"ticket": item})
title_is_too_long = each_ticket(
    "A title is longer than 255 characters.", member("title", lambda value: value + "x" * 256)
)
level_is_a_number = each_ticket("A level is a number.", member("level_id", lambda value: 30))
time_is_a_fraction = each_ticket(
    "A time is a fraction of seconds.", member("create_time", lambda value: int(value) / 1000)
)
time_is_empty = each_ticket("A time is an empty text.", member("update_time", lambda value: ""))
flag_is_yes = each_ticket(
    "A flag is yes or no.", member("is_service_interrupt", lambda value: "yes" if value else "no")
)
flag_is_one = each_ticket(
    "A flag is 1 or 0.", member("is_service_interrupt", lambda value: int(value in (True, "true")))
)
flag_in_capitals = each_ticket(
    "A flag is the text True or False.", member("is_service_interrupt", lambda value: str(value).title())
)
labels_are_an_object = each_ticket(
    "The labels are an object.", member("enum_data_list", lambda value: {"labels": value})
)
label_name_is_null = each_ticket(
    "A label's Chinese name is null.",
    member("enum_data_list", lambda value: [{**one, "name_zh": None} for one in value]),
)
label_is_too_long = each_ticket(
    "A label's English name is longer than 255 characters.",
    member("enum_data_list", lambda value: [{**one, "name_en": "x" * 256} for one in value]),
)

rare_null = rare("One ticket in 300 has a null assignee.", lambda item: {**item, "assignee": None})
rare_number = rare("One ticket in 300 has a number for a status.", lambda item: {**item, "work_flow_status": 7})
rare_long_text = rare(
    "One ticket in 300 has a description of 256 characters.", lambda item: {**item, "description": "长" * 256}
)
rare_time = rare("One ticket in 300 has an empty creation time.", lambda item: {**item, "create_time": ""})
rare_label = rare("One ticket in 300 has a number among its labels.", lambda item: {**item, "enum_data_list": [7]})


def counts_are_an_object(service):
    """The counts are an object, by name."""
    envelope = service.envelope
    service.envelope = lambda found: envelope(
        {**found, "count_results": {str(i): n for i, n in enumerate(found["count_results"])}}
        if "count_results" in found
        else found
    )


def more_than_a_thousand(service):
    """`contain_all` answers more than 1,000 tickets."""
    window = service.window
    service.window = lambda body: (0, 1500) if service.of(body, "all") else window(body)
