"""Faults of the filters' operators."""


def not_equal_loses_absent(service):
    """`!=` leaves out the tickets that lack the property."""
    predicate = service.predicate

    def strict(each):
        if each["operator"] != "!=":
            return predicate(each)
        present = predicate({**each, "operator": "like", "values": [""]})
        return ~predicate({**each, "operator": "="}) & present

    service.predicate = strict


def in_takes_the_first_value(service):
    """`in` looks at its first value only."""
    predicate = service.predicate
    service.predicate = lambda each: predicate(
        {**each, "values": each["values"][:1]} if each["operator"] == "in" else each
    )


def startwith_is_like(service):
    """`startwith` finds the value anywhere in the text."""
    predicate = service.predicate
    service.predicate = lambda each: predicate(
        {**each, "operator": "like"} if each["operator"] == "startwith" else each
    )
