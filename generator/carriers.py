"""What a request carries and an answer may carry: media types, and bodies that are no JSON."""

from __future__ import annotations

from generator.annotations import Schema, Use, bounded
from generator.dialect import ACCEPT, JSON, TEXT, spoken_media_type
from generator.views import Views, expanded, resolved

_ABSENT_BODY = "absent-body"
"""The assumption, by its id, that a body left out means one without members."""


def accepted(views: Views, operation: Schema) -> str:
    """What the client asks for: the media types in which it reads the operation's answers, those of good ones first."""
    answers = sorted(operation["responses"].items(), key=lambda each: not each[0].startswith("2"))
    carriers = [resolved(views.document, carrier) for _, carrier in answers]
    found = [each.get(ACCEPT) or spoken_media_type(each["content"]) for each in carriers if each.get("content")]
    return ", ".join(dict.fromkeys(found)) or JSON


def is_absent_body_empty(carrier: Schema) -> bool:
    """Whether the contract says that an absent body means `{}`; else nothing is sent where nothing is given."""
    return any(assumption.get("id") == _ABSENT_BODY for assumption in carrier.get("x-assumption", []))


def text_annotation(views: Views, carrier: Schema) -> str:
    """The annotation of a body that is plain text, with the bounds of its schema; empty for other bytes."""
    media: Schema = next(iter(carrier.get("content", {}).values()), {})
    if TEXT not in media:
        return ""
    schema = expanded(views.document, media[TEXT])
    return bounded("str", "str", schema, Use(sent=True)) if schema.get("type", "string") == "string" else ""
