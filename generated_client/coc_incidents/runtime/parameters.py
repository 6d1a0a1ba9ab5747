# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Parameters of an operation: held against their annotations, and written into path, query and headers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct

from .errors import InvalidRequest
from .secrecy import REDACTED, is_secret
from .wire import text_of

_HEADER = re.compile(r"[\t\x20-\x7e]*")
_TOKEN = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_OF_THE_CONNECTION = frozenset({"content-length", "transfer-encoding"})
_JOINTS = {"comma": ",", "space": " ", "pipe": "|"}


class Parameter(Struct, frozen=True):
    """One parameter as the contract has it."""

    name: str
    """On the wire."""
    place: str
    """`path`, `query` or `header`."""
    type: Any = Any
    """Its annotation, bounds included."""
    style: str = ""
    """How several values travel: `comma`, `space`, `pipe` as one text, `deep` as `name[key]=value`, else one by one."""

    @property
    def _is_secret(self) -> bool:
        return self.place == "header" and is_secret(self.name)

    def _refused(self, message: str, value: object, expected: str = "") -> InvalidRequest:
        """The error of a value, which it does not hold where that may be a secret."""
        shown = REDACTED if self._is_secret else value
        return InvalidRequest(message, member=self.name, value=shown, expected=expected)

    def checked(self, value: object) -> Any:
        """The value as JSON types; raises `InvalidRequest` when it is of a wrong type or out of its range."""
        try:
            plain = msgspec.to_builtins(value)
            msgspec.convert(plain, self.type)
        except (TypeError, RecursionError) as error:
            raise self._refused(f"{self.name} cannot be sent: {error}", value) from None
        except msgspec.ValidationError as error:
            from msgspec import inspect  # noqa: PLC0415  # slow to import, and seldom needed

            from .validation import described, shown  # noqa: PLC0415  # it reads operations, which have parameters

            words = described(inspect.type_info(self.type))
            expected = str(error) if words == "any value" else words
            given = REDACTED if self._is_secret else shown(value)
            raise self._refused(f"{self.name} is {given}; it must be {expected}", value, expected) from None
        return plain

    def pairs(self, value: object) -> Iterator[tuple[str, str]]:
        """Names and texts of a query; nothing for None."""
        plain = None if value is None else self.checked(value)
        if plain is None:
            return
        if isinstance(plain, dict) and self.style != "comma":
            for key, item in plain.items():
                for each in item if isinstance(item, list) else [item]:
                    yield (f"{self.name}[{key}]" if self.style == "deep" else key), self._text(each)
        elif isinstance(plain, list) and self.style not in _JOINTS:
            yield from ((self.name, self._text(item)) for item in plain)
        else:
            yield self.name, self.text(plain)

    def text(self, plain: Any) -> str:
        """One text of a checked value, for a path or a header; raises `InvalidRequest` for what these cannot hold."""
        text = self._joined(plain)
        if self.place == "header" and not _HEADER.fullmatch(text):
            given = REDACTED if self._is_secret else repr(text[:80])
            raise self._refused(f"{self.name} is {given}; a header holds printable ASCII alone", plain)
        return text

    def _joined(self, plain: Any) -> str:
        joint = _JOINTS.get(self.style, ",")
        if isinstance(plain, dict):
            return joint.join(self._text(part) for pair in plain.items() for part in pair)
        return joint.join(map(self._text, plain)) if isinstance(plain, list) else self._text(plain)

    def _text(self, value: object) -> str:
        try:
            text = "" if value is None else text_of(value)
            text.encode()
        except (TypeError, ValueError) as error:
            raise self._refused(f"{self.name} cannot be sent: {error}", value) from None
        return text


def filled(template: str, parameters: Mapping[str, Parameter], values: Mapping[str, object]) -> str:
    """A path template with its values, each quoted; raises `InvalidRequest` for one that would leave its segment."""
    for name, value in values.items():
        parameter = parameters.get(name) or Parameter(name, "path")
        text = parameter.text(parameter.checked(value))
        if text in ("", ".", ".."):
            raise InvalidRequest(f"{name} is {text!r}; a path needs text there", member=name, value=value)
        template = template.replace("{" + name + "}", quote(text, safe=","))
    return template


def queried(parameters: Mapping[str, Parameter], values: Mapping[str, object]) -> list[tuple[str, str]]:
    """The pairs of a query, in the order of the values; what is None is left out."""
    each = ((parameters.get(name) or Parameter(name, "query"), value) for name, value in values.items())
    return [pair for parameter, value in each for pair in parameter.pairs(value)]


def headed(parameters: Mapping[str, Parameter], values: Mapping[str, object]) -> dict[str, str]:
    """Header fields; what is None is left out."""
    given = {name: value for name, value in values.items() if value is not None}
    for name in given:
        if not _TOKEN.fullmatch(name):
            raise InvalidRequest(f"{name!r} is no name of a header", member=name)
        if name.lower() in _OF_THE_CONNECTION:
            raise InvalidRequest(f"{name} is what the connection makes of the body; leave it out", member=name)
    each = {name: parameters.get(name) or Parameter(name, "header") for name in given}
    return {name: parameter.text(parameter.checked(given[name])) for name, parameter in each.items()}


def form(raw: bytes) -> bytes:
    """A JSON body as an HTML form: a list as repeated names, an object as `name[key]`; what is null is left out."""
    return urlencode(
        [pair for name, value in msgspec.json.decode(raw).items() for pair in _fields(name, value)]
    ).encode()


def _fields(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _fields(f"{name}[{key}]", item)
    elif isinstance(value, list):
        for item in value:
            yield from _fields(name, item)
    elif value is not None:
        yield name, text_of(value)
