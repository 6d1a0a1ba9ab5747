"""Faults of `fields`."""


def asked(says, change):
    """A fault that takes other fields for those asked for: `change(fields, service)`."""

    def plant(service):
        fields = service.fields
        service.fields = lambda body: change(fields(body), service)

    plant.__doc__ = says
    return plant


fields_ignored = asked("Every property is answered, whatever `fields` asks for.", lambda fields, service: [])
first_field_only = asked("Only the first of the fields is answered.", lambda fields, service: fields[:1])
last_field_missing = asked("The last of several fields is left out.", lambda fields, service: fields[:-1] or fields)
ten_fields_at_most = asked("The eleventh field and those after it are left out.", lambda fields, service: fields[:10])
key_always_answered = asked(
    "The ticket's number is answered though it is not asked for.",
    lambda fields, service: [*fields, service.operation.query["key"]] if fields else [],
)
key_never_answered = asked(
    "The ticket's number is left out of a projection.",
    lambda fields, service: [name for name in fields if name != service.operation.query["key"]] or fields,
)
labels_never_answered = asked(
    "Lists are left out of a projection.",
    lambda fields, service: [name for name in fields if "list" not in name] or fields,
)


def fields_turned_around(service):
    """The properties that `fields` names are the ones left out."""
    service.project = lambda item, fields: {k: v for k, v in item.items() if not fields or k not in fields}


def absent_fields_are_empty(service):
    """A property that the ticket lacks is answered as an empty text when it is asked for."""
    service.project = lambda item, fields: {name: item.get(name, "") for name in fields} if fields else item


def projected_numbers_are_text(service):
    """With `fields`, numbers are answered as text."""
    service.project = lambda item, fields: (
        {k: str(v) if isinstance(v, int) and not isinstance(v, bool) else v for k, v in item.items() if k in fields}
        if fields
        else item
    )


def projected_text_is_cut(service):
    """With `fields`, text is cut after 20 characters."""
    service.project = lambda item, fields: (
        {k: v[:20] if isinstance(v, str) else v for k, v in item.items() if k in fields} if fields else item
    )


def projection_hides_filters(service):
    """With `fields`, filters on other properties do not apply."""
    selection, member = service.selection, service.operation.member

    def shown(body, parameters):
        fields = service.fields(body)
        filters = [each for each in service.of(body, "string_filters") or [] if not fields or each["field"] in fields]
        if len(filters) == len(service.of(body, "string_filters") or []):
            return selection(body, parameters)
        return selection({**body, member("string_filters"): filters, member("condition"): None}, parameters)

    service.selection = shown


def unknown_field_ends_the_projection(service):
    """With a `fields` of all properties only the first ten are answered."""
    fields = service.fields
    service.fields = lambda body: fields(body)[:10] if len(fields(body)) >= 20 else fields(body)


ASSUMED = (key_always_answered,)
