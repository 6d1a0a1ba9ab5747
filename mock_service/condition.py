"""The language of `condition`: names joined by `&`, `|` and parentheses; `&` binds tighter.

A name is the longest run of other characters, without the white space around it. A condition is kept in postfix order
(`a & (b | c)` is `a b c | &`), which needs no recursion, so that 10,000 characters of parentheses harm nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

TOKEN = re.compile(r"\s*([()&|]|[^()&|]+)")
BINDS = {"|": 1, "&": 2}
OPERATORS = frozenset(BINDS)

T = TypeVar("T")


class Unreadable(ValueError):
    """The text is no condition; says what was met, at which character (counted from 1), and what would be right."""


def parse(text: str) -> list[str]:
    """The condition in postfix order: names, and the operators `&` and `|`."""
    return list(_parsed(text))


@lru_cache(maxsize=128)
def _parsed(text: str) -> list[str]:
    output: list[str] = []
    waiting: list[str] = []
    operand_next = True
    for match in TOKEN.finditer(text):
        piece = match[1].strip()
        if not piece:
            continue
        if (piece in OPERATORS or piece == ")") if operand_next else (piece not in OPERATORS and piece != ")"):
            expected = "a filter's name or '('" if operand_next else "'&', '|' or ')'"
            raise Unreadable(f"character {match.start(1) + 1} is {piece[:40]!r} where {expected} must stand")
        if piece == "(":
            waiting.append(piece)
        elif piece == ")":
            while waiting and waiting[-1] != "(":
                output.append(waiting.pop())
            if not waiting:
                raise Unreadable(f"the ')' at character {match.start(1) + 1} closes nothing")
            waiting.pop()
        elif piece in OPERATORS:
            while waiting and BINDS.get(waiting[-1], 0) >= BINDS[piece]:
                output.append(waiting.pop())
            waiting.append(piece)
            operand_next = True
        else:
            output.append(piece)
            operand_next = False
    if operand_next:
        raise Unreadable("it ends where a filter's name or '(' must stand")
    if "(" in waiting:
        raise Unreadable("a '(' is never closed")
    return output + waiting[::-1]


def fold(postfix: list[str], name: Callable[[str], T], both: Callable[[T, T], T], either: Callable[[T, T], T]) -> T:
    """The value of a condition, from the values of its names."""
    stack: list[T] = []
    for piece in postfix:
        if piece in OPERATORS:
            right, left = stack.pop(), stack.pop()
            stack.append(both(left, right) if piece == "&" else either(left, right))
        else:
            stack.append(name(piece))
    return stack[0]
