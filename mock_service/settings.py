"""Files that a user writes, accounts and scenarios: YAML, checked against a type."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from mock_service.contract import Mistake

Kind = TypeVar("Kind")


def read(path: Path, kind: type[Kind], what: str, form: str) -> Kind:
    """What the file holds. A `Mistake` names the place of what is wrong, and `form`, a file that says what is right."""
    try:
        with path.open("rb") as stream:  # a stream has a name, which the loader tells beside the line
            return msgspec.convert(yaml.load(stream, Loader=_Loader), kind)  # noqa: S506 - a safe loader
    except OSError as error:
        raise Mistake(f"cannot read the {what} {path}: {error.strerror}") from error
    except (yaml.YAMLError, msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else " ".join(str(error).split())
        raise Mistake(f"{path} is no {what}: {reason}; its form stands in {form}") from error


class _Loader(yaml.SafeLoader):
    """Refuses what YAML lets pass or cannot say the place of: a key that comes twice, a date that is none."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """One value; the place of what is none."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, AttributeError, TypeError, OverflowError) as error:
            what = str(error) if isinstance(error, ValueError) else "this is no value of its type"
            raise yaml.constructor.ConstructorError(None, None, what, node.start_mark) from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """One mapping; a key that comes twice would silently drop what the first one holds."""
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} stands twice", key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)
