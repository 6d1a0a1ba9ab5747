"""Faults of the request's bounds: what should be refused is accepted, or the reverse."""

import re
from itertools import accumulate
from types import SimpleNamespace


def blind(says, pointer, *keywords):
    """A fault that does not see these keywords at the places whose pointer matches; all keywords when none is named."""

    def plant(service):
        violations = service.violations
        service.violations = lambda value: [
            found
            for found in violations(value)
            if not (re.fullmatch(pointer, found.pointer) and (not keywords or found.keyword in keywords))
        ]

    plant.__doc__ = says
    return plant


def strict(says, role, wrong):
    """A fault that also refuses a body in which the value of `role` is `wrong`, a test of the value."""

    def plant(service):
        violations = service.violations

        def more(value):
            found = violations(value)
            if found or not isinstance(value, dict):
                return found
            held = value.get(service.operation.member(role))
            return [SimpleNamespace(pointer="", keyword="", message="out of range")] if held and wrong(held) else []

        service.violations = more

    plant.__doc__ = says
    return plant


def coerced(says, change):
    """A fault that changes the body before it is validated."""

    def plant(service):
        decode = service.decode

        def changed(request):
            body = decode(request)
            return change(body) if isinstance(body, dict) else body

        service.decode = changed

    plant.__doc__ = says
    return plant


def deep(change):
    """`change` applied to every value of a body, innermost first."""

    def walk(value):
        if isinstance(value, dict):
            return change({key: walk(inner) for key, inner in value.items()})
        return change([walk(inner) for inner in value]) if isinstance(value, list) else change(value)

    return walk


FILTER = r"/(string_filters|int_filters|count_filters/\d+/filters)/\d+"


def no_upper_bound(service):
    """No number is too large."""
    violations = service.violations
    service.violations = lambda body: [found for found in violations(body) if found.keyword != "maximum"]


# The members' own bounds, accepted beyond.
no_lower_bound = blind("No number is too small.", ".*", "minimum")
page_zero = blind("Page 0 and negative pages are accepted.", "/page", "minimum")
page_too_large = blind("A page above 1,000,000 is accepted.", "/page", "maximum")
size_zero = blind("0 tickets a page are accepted.", "/per_page", "minimum")
size_too_large = blind("More than 200 tickets a page are accepted.", "/per_page", "maximum")
too_many_string_filters = blind("More than 20 string filters are accepted.", "/string_filters", "maxItems")
too_many_int_filters = blind("More than 20 integer filters are accepted.", "/int_filters", "maxItems")
too_many_count_filters = blind("More than 10 count filters are accepted.", "/count_filters", "maxItems")
too_many_filters_in_a_count = blind(
    "More than 10 filters in a count are accepted.", r"/count_filters/\d+/filters", "maxItems"
)
too_many_fields = blind("More than 100 fields are accepted.", "/fields", "maxItems")
too_many_types = blind("More than 5 ticket types are accepted.", "/ticket_types", "maxItems")
condition_too_long = blind("A condition of more than 10,000 characters is accepted.", "/condition", "maxLength")
too_many_values = blind("More than 1,024 values are accepted.", ".*/values", "maxItems")
no_values = blind("A filter without any value is accepted.", ".*/values", "minItems")
value_too_long = blind("A value of more than 1,024 characters is accepted.", r".*/values/\d+", "maxLength")
name_too_long = blind("A name of more than 255 characters is accepted.", ".*/name", "maxLength")
count_name_too_long = blind(
    "A count's name of more than 255 characters is accepted.", r"/count_filters/\d+/name", "maxLength"
)
group_too_long = blind("A filter's group of more than 255 characters is accepted.", ".*/group", "maxLength")
match_type_too_long = blind("A match type of more than 255 characters is accepted.", ".*/match_type", "maxLength")
priority_type_too_long = blind(
    "A priority type of more than 255 characters is accepted.", ".*/priority_type", "maxLength"
)

# Required members and closed sets.
field_optional = blind("A filter without a field is accepted.", FILTER, "required")
nested_unchecked = blind("Nothing inside a count filter is validated.", "/count_filters/.*")
int_filters_unchecked = blind("Nothing inside an integer filter is validated.", "/int_filters/.*")
sort_unchecked = blind("Nothing inside the sort is validated.", "/sort_filter(/.*)?")
group_by_unchecked = blind("Nothing inside the group filter is validated.", "/group_by_filter(/.*)?")
second_filter_unchecked = blind("Only the first filter is validated.", r"/string_filters/[1-9]\d*(/.*)?")
second_value_unchecked = blind("Only the first value of a filter is validated.", r".*/values/[1-9]\d*")

# Types.
page_as_text = coerced(
    "Digits as text are taken for a number.",
    deep(
        lambda value: (
            {
                k: int(v) if k in ("page", "per_page") and str(v).isdigit() and isinstance(v, str) else v
                for k, v in value.items()
            }
            if isinstance(value, dict)
            else value
        )
    ),
)
fraction_rounded = coerced(
    "A fraction is cut to a whole number.",
    lambda body: {k: int(v) if isinstance(v, float) else v for k, v in body.items()},
)
flag_as_text = coerced(
    "The texts true and false are taken for flags.",
    lambda body: {k: {"true": True, "false": False}.get(v, v) if isinstance(v, str) else v for k, v in body.items()},
)
flag_as_number = coerced(
    "0 and 1 are taken for flags.",
    lambda body: {k: bool(v) if k.startswith("contain_") and v in (0, 1) else v for k, v in body.items()},
)
null_is_absent = coerced(
    "A null member is taken for an absent one.", lambda body: {k: v for k, v in body.items() if v is not None}
)
nested_null_is_absent = coerced(
    "A null member of a filter is taken for an absent one.",
    deep(lambda value: {k: v for k, v in value.items() if v is not None} if isinstance(value, dict) else value),
)
numbers_as_values = coerced(
    "Numbers are taken for filter values.",
    deep(
        lambda value: (
            {
                k: [str(v) if isinstance(v, int) else v for v in held]
                if k == "values" and isinstance(held, list)
                else held
                for k, held in value.items()
            }
            if isinstance(value, dict)
            else value
        )
    ),
)
value_without_list = coerced(
    "A single text is taken for a list of one value.",
    deep(
        lambda value: (
            {k: [v] if k == "values" and isinstance(v, str) else v for k, v in value.items()}
            if isinstance(value, dict)
            else value
        )
    ),
)
filter_without_list = coerced(
    "A single filter is taken for a list of one.",
    lambda body: {k: [v] if k == "string_filters" and isinstance(v, dict) else v for k, v in body.items()},
)
operator_in_capitals = coerced(
    "An operator in capital letters is accepted.",
    deep(
        lambda value: (
            {k: v.lower() if k == "operator" and isinstance(v, str) else v for k, v in value.items()}
            if isinstance(value, dict)
            else value
        )
    ),
)
operator_with_spaces = coerced(
    "An operator with spaces around it is accepted.",
    deep(
        lambda value: (
            {k: v.strip() if k == "operator" and isinstance(v, str) else v for k, v in value.items()}
            if isinstance(value, dict)
            else value
        )
    ),
)
operator_unknown = coerced(
    "An unknown operator is taken for `=`.",
    lambda body: {
        **body,
        **{
            member: [
                {**each, "operator": "="}
                if isinstance(each, dict)
                and each.get("operator") not in ("in", "like", "startwith", "endwith", "=", "!=", ">", "<")
                and isinstance(each.get("operator"), str)
                else each
                for each in held
            ]
            for member, held in body.items()
            if member in ("string_filters", "int_filters") and isinstance(held, list)
        },
    },
)
size_clamped = coerced(
    "More than 200 tickets a page are quietly made 200.",
    lambda body: {**body, "per_page": min(body["per_page"], 200)} if isinstance(body.get("per_page"), int) else body,
)

condition_empty = coerced(
    "An empty condition is taken for an absent one.",
    lambda body: {k: v for k, v in body.items() if k != "condition" or v},
)

# Sound requests, refused.
later_values_of_any_length = blind(
    "Only the first value of a filter is held to its length.", r"/string_filters/\d+/values/[1-9]\d*", "maxLength"
)
later_filters_of_any_size = blind(
    "Only the first filter of a list is held to its lengths.", r"/string_filters/[1-9].*", "maxLength"
)
later_counts_unchecked = blind("The filters of later counts than the first are not checked.", r"/count_filters/[1-9].*")
largest_page_refused = strict("The last page that may be asked for is refused.", "page", lambda held: held == 1_000_000)
largest_size_refused = strict("200 tickets a page are refused.", "size", lambda held: held == 200)
twenty_filters_refused = strict(
    "The twentieth string filter is refused.", "string_filters", lambda held: len(held) == 20
)
ten_counts_refused = strict("The tenth count filter is refused.", "counts", lambda held: len(held) == 10)
hundred_fields_refused = strict("The hundredth field is refused.", "projection", lambda held: len(held) == 100)
longest_condition_refused = strict(
    "A condition of 10,000 characters is refused.", "condition", lambda held: len(held) == 10_000
)
many_values_refused = strict(
    "More than 1,000 values are refused.",
    "string_filters",
    lambda held: any(len(each["values"]) > 1000 for each in held),
)


def long_value_refused(operators, most):
    """A fault that refuses a value of more than `most` characters with these operators."""
    return strict(
        f"With {', '.join(f'`{each}`' for each in operators)} a value of more than {most} characters is refused.",
        "string_filters",
        lambda held: any(
            each["operator"] in operators and len(value) > most for each in held for value in each["values"]
        ),
    )


long_like_refused = long_value_refused(("like",), 255)
long_affix_refused = long_value_refused(("startwith", "endwith"), 128)
long_unequal_refused = long_value_refused(("!=",), 500)
long_equal_refused = long_value_refused(("=",), 1000)
long_in_refused = long_value_refused(("in",), 64)
hundred_deep_refused = strict(
    "Parentheses more than 100 deep are refused.",
    "condition",
    lambda held: max(accumulate((sign == "(") - (sign == ")") for sign in held)) > 100,
)
lengths_in_bytes = strict(
    "A name of more than 255 bytes is refused, however few its characters.",
    "string_filters",
    lambda held: any(len(str(each.get("name", "")).encode("utf-8", "surrogatepass")) > 255 for each in held),
)
lengths_in_utf16 = strict(
    "A value of more than 1,024 UTF-16 units is refused, however few its characters.",
    "string_filters",
    lambda held: any(
        len(value.encode("utf-16-le", "surrogatepass")) > 2048 for each in held for value in each["values"]
    ),
)
empty_value_refused = strict(
    "An empty value is refused.", "string_filters", lambda held: any("" in each["values"] for each in held)
)
unnamed_filter_refused = strict(
    "A string filter without a name is refused.",
    "string_filters",
    lambda held: any("name" not in each for each in held),
)

ASSUMED = (condition_empty, hundred_deep_refused)
