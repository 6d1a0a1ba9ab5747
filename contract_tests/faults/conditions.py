"""Faults of the condition."""

import re


def spelled(says, change):
    """A fault that reads another condition than the one sent."""

    def plant(service):
        joined = service.joined
        service.joined = lambda condition, filters: joined(change(condition), filters)

    plant.__doc__ = says
    return plant


def folded(says, change):
    """A fault that changes the condition's postfix order."""

    def plant(service):
        combine, by_pattern = service.combine, service.by_pattern
        service.combine = lambda postfix, named: combine(change(postfix), named)
        service.by_pattern = lambda postfix, named: by_pattern(change(postfix), named)

    plant.__doc__ = says
    return plant


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


def swapped(pairs):
    """Each operator of a postfix order replaced."""
    return lambda postfix: [pairs.get(piece, piece) for piece in postfix]


and_is_or = folded("`&` means or.", swapped({"&": "|"}))
or_is_and = folded("`|` means and.", swapped({"|": "&"}))
and_and_or_exchanged = folded("`&` means or, and `|` means and.", swapped({"|": "&", "&": "|"}))
first_name_only = folded("Only the condition's first name counts.", lambda postfix: postfix[:1])
last_name_only = folded(
    "Only the condition's last name counts.", lambda postfix: [p for p in postfix if p not in "&|"][-1:]
)
first_operator_everywhere = folded(
    "The condition's first operator stands for all.",
    lambda postfix: [next(o for o in postfix if o in ("&", "|")) if p in ("&", "|") else p for p in postfix],
)
parentheses_ignored = spelled("Parentheses are ignored.", lambda text: text.replace("(", " ").replace(")", " "))
or_binds_tighter = spelled(
    "`|` binds tighter than `&`.", lambda text: "(" + re.sub(r"([()])", r"\1\1", text).replace("&", ")&(") + ")"
)
capitals_folded = spelled("Names in a condition are made lower case.", str.lower)
hyphens_part_names = spelled("A hyphen ends a name.", lambda text: text.replace("-", " "))
spaces_wanted = spelled(
    "`&` without spaces around it is dropped, with what follows.",
    lambda text: re.split(r"(?<! )&", text)[0] if re.search(r"(?<! )&", text) and "(" not in text else text,
)


def _first_group(text):
    """The condition without the parentheses after the first group."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if sign == ")" and depth == 0:
            return text[: place + 1] + re.sub("[()]", "", text[place + 1 :])
    return text


second_group_falls_apart = spelled("Only the first pair of parentheses groups.", _first_group)


def _shallow(text):
    """The condition without the parentheses more than 100 deep."""
    depth, kept = 0, []
    for sign in text:
        depth += sign == "("
        kept.append(sign if depth <= 100 or sign not in "()" else " ")
        depth -= sign == ")"
    return "".join(kept)


parentheses_ignored_beyond_a_hundred = spelled("Parentheses more than 100 deep are ignored.", _shallow)
second_half_ignored_when_long = spelled(
    "Of a condition of more than 5,000 characters only the first name counts.",
    lambda text: text if len(text) <= 5000 else re.search(r"[^\s()&|]+", text)[0],
)


def names_cut(service):
    """Of a filter's name the first 64 characters count."""
    joined = service.joined
    service.joined = lambda condition, filters: joined(
        re.sub(r"[^\s&|()]{65,}", lambda name: name[0][:64], condition),
        list({each["name"][:64]: {**each, "name": each["name"][:64]} for each in filters if "name" in each}.values()),
    )


def names_without_case(service):
    """Filters' names in the condition are the same in capital and small letters; the last of such counts."""
    joined = service.joined
    service.joined = lambda condition, filters: joined(
        condition.lower(),
        list(
            {
                each["name"].lower(): {**each, "name": each["name"].lower()} for each in filters if "name" in each
            }.values()
        ),
    )


def without_the_last(service):
    """A filter that the condition names after the tenth name is taken to hold."""
    combine = service.combine

    def ten(postfix, named):
        kept = dict(list(named.items())[:10])
        return combine(postfix, {name: kept.get(name, service.everything) for name in named})

    service.combine = ten


def unnamed_filters_apply(service):
    """A filter that the condition does not name applies too."""
    joined = service.joined

    def more(condition, filters):
        found = joined(condition, filters)
        words = set(re.findall(r"[^\s()&|]+", condition))
        for each in filters:
            if each.get("name") not in words:
                found = found & service.predicate(each)
        return found

    service.joined = more


def by_position(service):
    """The condition's names stand for the filters in their order, whatever they are called."""
    joined = service.joined

    def positional(condition, filters):
        names = list(dict.fromkeys(re.findall(r"[^\s()&|]+", condition)))
        if len(names) != len(filters) or set(names) != {each.get("name") for each in filters}:
            return joined(condition, filters)
        return joined(condition, [{**each, "name": name} for each, name in zip(filters, names, strict=True)])

    service.joined = positional


def names_replaced_as_text(service):
    """A name that begins with another filter's name is taken for that one."""
    joined = service.joined

    def confused(condition, filters):
        names = sorted((each.get("name") or "" for each in filters), key=len)
        first = {name: next((short for short in names if short and name.startswith(short)), name) for name in names}
        return joined(re.sub(r"[^\s()&|]+", lambda word: first.get(word[0], word[0]), condition), filters)

    service.joined = confused


def twice_named_takes_the_first(service):
    """Of two filters of one name the first is taken, instead of a refusal."""
    joined = service.joined

    def first(condition, filters):
        return joined(condition, list({each.get("name"): each for each in reversed(filters)}.values()))

    service.joined = first


def unparsable_condition_accepted(service):
    """A condition that does not parse is taken for an absent one."""
    joined = service.joined

    def lenient(condition, filters):
        try:
            return joined(condition, filters)
        except Exception:
            found = service.everything
            for each in filters:
                found = found & service.predicate(each)
            return found

    service.joined = lenient


def only_the_first_filter(service):
    """Without a condition only the first string filter applies."""
    _kept(service, lambda filters: filters[:1])


def only_the_last_filter(service):
    """Without a condition only the last string filter applies."""
    _kept(service, lambda filters: filters[-1:])


def five_filters_at_most(service):
    """The sixth string filter and those after it do not apply."""
    _kept(service, lambda filters: filters[:5])


def one_filter_for_each_field(service):
    """Of several string filters on one field the last applies."""
    _kept(service, lambda filters: list({each["field"]: each for each in filters}.values()))


def one_filter_for_each_name(service):
    """Of several string filters of one name the last applies."""
    _kept(service, lambda filters: list({each.get("name", i): each for i, each in enumerate(filters)}.values()))


def upper_bound_lost(service):
    """Of a lower and an upper bound on one field the lower applies."""

    def lower(filters):
        below = {each["field"] for each in filters if each["operator"] == ">"}
        return [each for each in filters if each["operator"] != "<" or each["field"] not in below]

    _kept(service, lower)


def no_filters_find_nothing(service):
    """An empty list of string filters selects no ticket."""
    selection = service.selection
    service.selection = lambda body, parameters: (
        service.nothing if service.of(body, "string_filters") == [] else selection(body, parameters)
    )


def nameless_filters_do_not_apply(service):
    """String filters without a name do not apply."""
    _kept(service, lambda filters: [each for each in filters if each.get("name")])


def _kept(service, choose):
    selection, member = service.selection, service.operation.member
    service.selection = lambda body, parameters: selection(
        body
        if service.of(body, "condition") is not None or not service.of(body, "string_filters")
        else {**body, member("string_filters"): choose(service.of(body, "string_filters"))},
        parameters,
    )


def filters_are_alternatives(service):
    """Without a condition it is enough that one string filter holds."""
    selection, member = service.selection, service.operation.member

    def any_of(body, parameters):
        filters = service.of(body, "string_filters") or []
        if service.of(body, "condition") is not None or len(filters) < 2:
            return selection(body, parameters)
        found = service.nothing
        for each in filters:
            found = found | service.predicate(each)
        return found & selection({**body, member("string_filters"): []}, parameters)

    service.selection = any_of


def int_filters_ignored(service):
    """Integer filters do not apply."""
    selection, member = service.selection, service.operation.member
    service.selection = lambda body, parameters: selection({**body, member("int_filters"): []}, parameters)


def int_filters_lose_the_sign(service):
    """A negative number in an integer filter is taken for the positive one."""
    selection, member = service.selection, service.operation.member
    service.selection = lambda body, parameters: selection(
        {
            **body,
            member("int_filters"): [
                {**each, "values": [value.lstrip("-") for value in each["values"]]}
                for each in service.of(body, "int_filters") or []
            ],
        },
        parameters,
    )


def int_filters_need_string_filters(service):
    """Without string filters the integer filters do not apply."""
    selection, member = service.selection, service.operation.member
    service.selection = lambda body, parameters: selection(
        body if service.of(body, "string_filters") else {**body, member("int_filters"): []}, parameters
    )


def only_the_first_int_filter(service):
    """Only the first integer filter applies."""
    selection, member = service.selection, service.operation.member
    service.selection = lambda body, parameters: selection(
        {**body, member("int_filters"): (service.of(body, "int_filters") or [])[:1]}, parameters
    )


def int_filters_replace_string_filters(service):
    """With integer filters the string filters do not apply."""
    selection, member = service.selection, service.operation.member
    service.selection = lambda body, parameters: selection(
        {
            k: v
            for k, v in body.items()
            if not service.of(body, "int_filters") or k not in (member("string_filters"), member("condition"))
        },
        parameters,
    )


ASSUMED = (or_binds_tighter, unnamed_filters_apply, twice_named_takes_the_first, unparsable_condition_accepted)
