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
from .validation import check, explained
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
        except (TypeError, RecursionError) as error:
            raise self._refused(f"{self.name} cannot be sent: {error}", value) from None
        try:
            msgspec.convert(plain, self.type)
        except msgspec.ValidationError as error:
            raise self._told(explained(plain, self.type, str(error), whole=self.name), value) from None
        except RecursionError as error:
            raise self._refused(f"{self.name} cannot be sent: {error}", value) from None
        check(value, lambda: plain, self.type, whole=self.name)
        return plain

    def _told(self, error: InvalidRequest, value: object) -> InvalidRequest:
        """The error of a value, which it does not show where that may be a secret."""
        if not self._is_secret:
            return InvalidRequest(str(error), member=self.name, value=value, expected=error.expected)
        return self._refused(f"{self.name} is {REDACTED}; it must be {error.expected}", value, error.expected)

    def pairs(self, value: object) -> Iterator[tuple[str, str]]:
        """Names and texts of a query; nothing for None."""
        plain = None if value is None else self.checked(value)
        if plain is None:
            return
        if self.style in _JOINTS or not isinstance(plain, dict | list):
            yield self.name, self.text(plain)
        elif isinstance(plain, dict):
            for key, item in plain.items():
                for each in item if isinstance(item, list) else [item]:
                    yield (f"{self.name}[{key}]" if self.style == "deep" else key), self._text(each)
        else:
            yield from ((self.name, self._text(item)) for item in plain)

    def text(self, plain: Any) -> str:
        """One text of a checked value, for a query or a header; raises `InvalidRequest` for what these cannot hold."""
        joint = _JOINTS.get(self.style, ",")
        pieces = self.pieces(plain)
        if isinstance(plain, dict | list) and any(joint in piece for piece in pieces):
            given = REDACTED if self._is_secret else repr(plain)[:80]
            raise self._refused(f"{self.name} is {given}; {joint!r} separates its values, and one holds it", plain)
        text = joint.join(pieces)
        if self.place == "header" and not _HEADER.fullmatch(text):
            given = REDACTED if self._is_secret else repr(text[:80])
            raise self._refused(f"{self.name} is {given}; a header holds printable ASCII alone", plain)
        return text

    def pieces(self, plain: Any) -> list[str]:
        """The texts that a checked value is joined of: the items of a list, names and values of an object in turn."""
        if isinstance(plain, dict):
            return [self._text(part) for pair in plain.items() for part in pair]
        return list(map(self._text, plain)) if isinstance(plain, list) else [self._text(plain)]

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
        pieces = parameter.pieces(parameter.checked(value))
        text = ",".join(quote(piece, safe="") for piece in pieces)
        if text in ("", ".", ".."):
            raise InvalidRequest(f"{name} is {text!r}; a path needs text there", member=name, value=value)
        template = template.replace("{" + name + "}", text)
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
