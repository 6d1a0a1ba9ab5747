"""Faults of what a service keeps between requests: answers of other queries, answers that come by turns."""

import json
from itertools import count


def kept_without(*roles):
    """A cache of answers whose key leaves out what plays these roles."""

    def plant(service):
        search, answers = service.search, {}

        def cached(body, parameters):
            left_out = {service.operation.member(role) for role in roles}
            key = json.dumps([{k: v for k, v in body.items() if k not in left_out}, dict(parameters)], sort_keys=True)
            if key not in answers:
                answers[key] = search(body, parameters)
            return answers[key]

        service.search = cached

    plant.__doc__ = f"Answers are kept for queries that differ in {' and '.join(roles)} only."
    return plant


kept_without_the_total = kept_without("total_wanted")
kept_without_all = kept_without("all")
kept_without_the_projection = kept_without("projection")
kept_without_the_sort = kept_without("sort")
kept_without_the_page = kept_without("page")
kept_without_the_counts = kept_without("counts")
kept_without_the_condition = kept_without("condition")
kept_without_int_filters = kept_without("int_filters")


def kept_by_first_values(service):
    """Answers are kept for queries whose filters differ in other values than the first only."""
    search, answers, member = service.search, {}, service.operation.member

    def cached(body, parameters):
        filters = [{**each, "values": each["values"][:1]} for each in service.of(body, "string_filters") or ()]
        key = json.dumps([{**body, member("string_filters"): filters}, dict(parameters)], sort_keys=True)
        if key not in answers:
            answers[key] = search(body, parameters)
        return answers[key]

    service.search = cached


def by_turns(says, every):
    """A fault of every so many answers: the last ticket of each is missing."""

    def plant(service):
        page, turn = service.page, count(1)
        service.page = lambda items, body: page(items, body)[: -1 if next(turn) % every == 0 else None]

    plant.__doc__ = says
    return plant


second_answer_short = by_turns("Every second answer lacks its last ticket.", 2)
third_answer_short = by_turns("Every third answer lacks its last ticket.", 3)


def projection_cuts_the_tickets(service):
    """What was not asked for of a ticket once is not shown of it any more."""
    project, key, left = service.project, service.operation.query["key"], {}

    def cut(item, fields):
        if fields:
            left[item[key]] = {*fields, key}
        shown = project(item, fields)
        return {name: value for name, value in shown.items() if name in left.get(item[key], shown)}

    service.project = cut
