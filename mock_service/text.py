"""How a property is stored: its text form, which filters compare, and its order key, which orders integers.

A text form is the value as text: a string as it is, an integer in decimal, a boolean as `true` or `false`, anything
else as compact JSON. An absent or null property has none.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import msgspec

INTEGER = re.compile(r"-?[0-9]+")
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_TURNED = str.maketrans("0123456789", "9876543210")
_CONTROL = re.compile("[\0-\3]")
_ESCAPES = {"\0": "\1\2\2", "\1": "\1\2\3", "\2": "\1\3\2", "\3": "\1\3\3"}
_ESCAPED = {sequence: character for character, sequence in _ESCAPES.items()}


def text_form(value: Any) -> str | None:
    """The text that filters compare; None for an absent or null property."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return str(int(value))
    return msgspec.json.encode(value).decode()


def stored(text: str | None) -> str | None:
    """The text as the database keeps it.

    PostgreSQL has no NUL in texts and SQLite's functions stop at one, so U+0000 to U+0003 become sequences that keep
    the order, and that no part of another character can be taken for.
    """
    if not text or text.isprintable():
        return text
    return _CONTROL.sub(lambda found: _ESCAPES[found[0]], text)


def restored(text: str) -> str:
    """The text that was stored."""
    return re.sub("\1..", lambda found: _ESCAPED.get(found[0], found[0]), text)


def order_key(text: str | None) -> str | None:
    """A text that orders integers of any size as numbers do; None when the text is no integer.

    >>> order_key("-7") < order_key("0") < order_key("9") < order_key("10")
    True
    """
    if text is None or not INTEGER.fullmatch(text):
        return None
    return _key(text)


def decimal_key(text: str | None) -> str | None:
    """The same for numbers with a fraction or an exponent, of properties that hold such.

    >>> decimal_key("-7") < decimal_key("-6.5") < decimal_key("0.25") < decimal_key("1e1") < decimal_key("10.5")
    True
    """
    if text is None or not DECIMAL.fullmatch(text):
        return None
    whole, _, fraction = f"{Decimal(text):f}".partition(".")
    fraction = fraction.rstrip("0")
    key = _key(whole)
    if not whole.startswith("-") or (key.startswith("1") and not fraction):
        return f"{key}.{fraction}" if fraction else key
    if key.startswith("1"):  # less than nothing, and more than -1
        key = "0" + key[1:].translate(_TURNED)
    return f"{key}.{fraction.translate(_TURNED)}~"  # what ends here is more than what goes on


def _key(integer: str) -> str:
    digits = integer.lstrip("-").lstrip("0") or "0"
    key = f"{len(digits):04}{digits}"
    if not integer.startswith("-") or digits == "0":
        return "1" + key
    return "0" + key.translate(_TURNED)
