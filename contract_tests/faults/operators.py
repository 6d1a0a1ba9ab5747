"""Faults of the filters' operators."""

import json
import unicodedata
from urllib.parse import unquote


def on(says, operator, change):
    """A fault that changes the filters of some operators (all when None) before they are answered."""

    def plant(service):
        predicate = service.predicate
        chosen = (operator,) if isinstance(operator, str) else operator
        service.predicate = lambda each: predicate(
            change(each) if chosen is None or each["operator"] in chosen else each
        )

    plant.__doc__ = says
    return plant


def as_(operator):
    """Change a filter to another operator."""
    return lambda each: {**each, "operator": operator}


def valued(change):
    """Change a filter's values."""
    return lambda each: {**each, "values": change(each["values"])}


def each_value(change):
    """Change each of a filter's values."""
    return valued(lambda values: [change(value) for value in values])


def not_equal_loses_absent(service):
    """`!=` leaves out the tickets that lack the property."""
    predicate = service.predicate

    def strict(each):
        if each["operator"] != "!=":
            return predicate(each)
        present = predicate({**each, "operator": "like", "values": [""]})
        return ~predicate({**each, "operator": "="}) & present

    service.predicate = strict


in_takes_the_first_value = on("`in` looks at its first value only.", "in", valued(lambda values: values[:1]))
in_takes_the_last_value = on("`in` looks at its last value only.", "in", valued(lambda values: values[-1:]))
in_loses_the_last_value = on(
    "`in` leaves out the last of several values.", "in", valued(lambda values: values[:-1] or values)
)
in_takes_a_hundred_values = on("`in` looks at its first 100 values only.", "in", valued(lambda values: values[:100]))
in_takes_a_thousand_values = on(
    "`in` looks at its first 1,000 values only.", "in", valued(lambda values: values[:1000])
)
in_is_like = on("`in` finds its values anywhere in the text.", "in", as_("like"))
in_joins_its_values = on(
    "`in` takes its values for one, joined by commas.", "in", valued(lambda values: [",".join(values)])
)
in_splits_its_values = on(
    "`in` splits its values at commas and spaces.",
    "in",
    valued(lambda values: [part for value in values for part in value.replace(" ", ",").split(",")]),
)
in_is_not_in = on("`in` finds what is not among its values.", "in", as_("!="))
repeated_values_vanish = on(
    "Of values that come twice, `in` looks for neither.",
    "in",
    valued(lambda values: [value for value in values if values.count(value) == 1] or values),
)
values_unescaped = on("Percent escapes in a value are decoded.", None, each_value(unquote))
equal_splits_its_value = on(
    "`=` takes its value for a list, split at commas.",
    "=",
    valued(lambda values: [part for value in values for part in value.split(",")]),
)
equal_is_like = on("`=` finds its value anywhere in the text.", "=", as_("like"))
equal_is_startwith = on("`=` finds what begins with its value.", "=", as_("startwith"))
not_equal_is_equal = on("`!=` finds what is equal.", "!=", as_("="))
like_is_equal = on("`like` finds equal texts only.", "like", as_("="))
like_is_startwith = on("`like` finds its value at the beginning only.", "like", as_("startwith"))
like_is_endwith = on("`like` finds its value at the end only.", "like", as_("endwith"))
startwith_is_like = on("`startwith` finds the value anywhere in the text.", "startwith", as_("like"))
startwith_is_endwith = on("`startwith` looks at the end.", "startwith", as_("endwith"))
startwith_is_equal = on("`startwith` finds equal texts only.", "startwith", as_("="))
endwith_is_like = on("`endwith` finds the value anywhere in the text.", "endwith", as_("like"))
endwith_is_startwith = on("`endwith` looks at the beginning.", "endwith", as_("startwith"))
greater_is_less = on("`>` finds what is smaller.", ">", as_("<"))
less_is_greater = on("`<` finds what is larger.", "<", as_(">"))
values_trimmed = on("Spaces around a value are dropped.", None, each_value(str.strip))
values_cut = on(
    "A value counts to its tenth character only.",
    ("=", "in"),
    lambda each: {**each, "operator": "startwith", "values": [value[:10] for value in each["values"]]},
)
like_cut_at_fifty = on("Of its value `like` looks at 50 characters.", "like", each_value(lambda value: value[:50]))
startwith_cut_at_sixty_four = on(
    "Of its value `startwith` looks at 64 characters.", "startwith", each_value(lambda value: value[:64])
)
endwith_cut_at_sixty_four = on(
    "Of its value `endwith` looks at the last 64 characters.", "endwith", each_value(lambda value: value[-64:])
)
endwith_cut_at_its_end = on(
    "Of its value `endwith` looks at the first 128 characters.", "endwith", each_value(lambda value: value[:128])
)
equal_cut_at_two_hundred = on("Of its value `=` looks at 200 characters.", "=", each_value(lambda value: value[:200]))
not_equal_cut_at_fifty = on("Of its value `!=` looks at 50 characters.", "!=", each_value(lambda value: value[:50]))
in_cut_at_thirty_two = on("Of its values `in` looks at 32 characters.", "in", each_value(lambda value: value[:32]))
values_in_lower_case = on("Values are made lower case first.", ("=", "in"), each_value(str.lower))
values_normalised = on(
    "Values are brought to another normal form of Unicode.",
    ("=", "in", "startwith"),
    each_value(lambda value: unicodedata.normalize("NFC", value)),
)
values_in_ascii = on(
    "Characters beyond ASCII are dropped from values.",
    ("=", "in", "like"),
    each_value(lambda value: value.encode("ascii", "ignore").decode()),
)
values_in_latin = on(
    "Values are read as Latin-1.", ("=", "in"), each_value(lambda value: value.encode().decode("latin-1"))
)
quotes_dropped = on(
    "Quotes are dropped from values.", None, each_value(lambda value: value.replace("'", "").replace('"', ""))
)


def inclusive(operator, says):
    """A fault that makes `>` or `<` take the value itself too."""

    def plant(service):
        predicate = service.predicate
        service.predicate = lambda each: (
            predicate(each) | predicate({**each, "operator": "="}) if each["operator"] == operator else predicate(each)
        )

    plant.__doc__ = says
    return plant


greater_is_inclusive = inclusive(">", "`>` finds the value itself too.")
less_is_inclusive = inclusive("<", "`<` finds the value itself too.")


def compared(says, operators, test):
    """A fault that compares in SQL of its own: `test` speaks of the column `{c}` and of any of the values, `{v}`."""

    def plant(service):
        predicate, condition = service.predicate, type(service.everything)

        def other(each):
            sound = predicate(each)  # refuses what the sound service refuses
            if each["operator"] not in operators:
                return sound
            rule = test.format(c=f'"{each["field"]}"', v="wanted.value")
            text = f"EXISTS (SELECT 1 FROM json_each(?) AS wanted WHERE {rule})"  # noqa: S608 - nothing of the caller's
            return condition(text, (json.dumps(each["values"]),))

        service.predicate = other

    plant.__doc__ = says
    return plant


equal_folds_case = compared(
    "`=` and `in` take capital and small letters for the same.", ("=", "in"), "{c} = {v} COLLATE NOCASE"
)
like_folds_case = compared(
    "`like` takes capital and small letters for the same.", ("like",), "instr(lower({c}), lower({v})) > 0"
)
startwith_folds_case = compared(
    "`startwith` takes capital and small letters for the same.",
    ("startwith",),
    "lower(substr({c}, 1, length({v}))) = lower({v})",
)
startwith_takes_wildcards = compared("`%` and `_` are wildcards in `startwith`.", ("startwith",), "{c} LIKE {v} || '%'")
endwith_takes_wildcards = compared("`%` and `_` are wildcards in `endwith`.", ("endwith",), "{c} LIKE '%' || {v}")
like_takes_wildcards = compared("`%` and `_` are wildcards in `like`.", ("like",), "{c} LIKE '%' || {v} || '%'")
greater_as_text = compared("`>` compares numbers as text.", (">",), "wanted.key = 0 AND {c} > {v}")
less_as_text = compared("`<` compares numbers as text.", ("<",), "wanted.key = 0 AND {c} < {v}")


def absent_too(says, operators):
    """A fault that lets tickets without the property through."""

    def plant(service):
        predicate, condition = service.predicate, type(service.everything)
        service.predicate = lambda each: (
            predicate(each) | condition(f'"{each["field"]}" IS NULL')
            if each["operator"] in operators
            else predicate(each)
        )

    plant.__doc__ = says
    return plant


absent_is_empty = absent_too(
    "An absent property is taken for an empty text by `startwith` and `like`.", ("startwith", "like")
)
absent_is_everything = absent_too("An absent property satisfies `=` and `in`.", ("=", "in"))
absent_is_zero = absent_too("An absent property is smaller than anything.", ("<",))


def several_values_of_like_all(service):
    """`like` with several values wants all of them."""
    predicate = service.predicate

    def every(each):
        if each["operator"] != "like":
            return predicate(each)
        found = service.everything
        for value in each["values"]:
            found = found & predicate({**each, "values": [value]})
        return found

    service.predicate = every


several_values_of_equal_first = on(
    "`=` with several values looks at the first only.", "=", valued(lambda values: values[:1])
)
several_values_of_not_equal_first = on(
    "`!=` with several values looks at the first only.", "!=", valued(lambda values: values[:1])
)


def hidden_property_unfiltered(service):
    """Filters on what no ticket shows, as the page's example has one, do not apply."""
    predicate, hidden = service.predicate, service.operation.query.get("also_filterable", ())
    service.predicate = lambda each: service.everything if each["field"] in hidden else predicate(each)


def named_for_the_field(says, role, within=None):
    """A fault that takes the name of what plays `role` for the property, where it is the name of one."""

    def plant(service):
        search, member = service.search, service.operation.member(role)

        def taken(each):
            if isinstance(each, list):
                return [taken(one) for one in each]
            if within and within in each:
                return {**each, within: taken(each[within])}
            return {**each, "field": each["name"]} if each.get("name") in service.operation.columns else each

        service.search = lambda body, parameters: search(
            {**body, member: taken(body[member])} if body.get(member) else body, parameters
        )

    plant.__doc__ = says
    return plant


filter_named_for_the_field = named_for_the_field(
    "A string filter's name is taken for the property, where it is the name of one.", "string_filters"
)
int_filter_named_for_the_field = named_for_the_field(
    "An integer filter's name is taken for the property, where it is the name of one.", "int_filters"
)
count_named_for_the_field = named_for_the_field(
    "In a count a filter's name is taken for the property, where it is the name of one.", "counts", "filters"
)
sort_named_for_the_field = named_for_the_field(
    "The sort's name is taken for the property, where it is the name of one.", "sort"
)


def last_property_unfiltered(service):
    """Filters on one property, the last text that has a table row (if any has), hold for every ticket."""
    predicate = service.predicate
    texts = {name: schema for name, schema in service.operation.columns.items() if schema.get("type") == "string"}
    name = [*texts, *(name for name, schema in texts.items() if "table" in schema.get("x-source", {}))][-1]
    service.predicate = lambda each: service.everything if each["field"] == name else predicate(each)


def flags_as_numbers(service):
    """A flag's text form is 1 or 0."""
    predicate = service.predicate
    flags = [name for name, schema in service.operation.columns.items() if "boolean" in schema.get("type", ())]
    numbers = {"1": "true", "0": "false", "true": "no", "false": "no"}
    service.predicate = lambda each: predicate(
        {**each, "values": [numbers.get(value, value) for value in each["values"]]} if each["field"] in flags else each
    )


ASSUMED = (
    not_equal_loses_absent,
    like_is_equal,
    like_folds_case,
    startwith_folds_case,
    like_takes_wildcards,
    several_values_of_like_all,
    several_values_of_equal_first,
    several_values_of_not_equal_first,
)
