"""What is wrong, where, and what would be right: the one shape in which every command of the generator complains."""

from __future__ import annotations

from pathlib import Path

from attrs import field, frozen


@frozen
class Problem:
    """One thing that is not in order, at one place."""

    file: Path
    line: int
    """Counted from 1; 0 when the problem is the file as a whole."""
    what: str
    expected: str
    """What would be right, as a clause that stands on its own."""
    pointer: tuple[str | int, ...] = field(default=(), eq=False, repr=False)
    """The way to the place in a document, where it has one."""

    def __str__(self) -> str:
        place = f"{shown(self.file)}:{self.line}" if self.line else shown(self.file)
        what = self.what
        if self.line == 1 and self.pointer:  # a whole document in one line: the line alone tells nothing
            steps = (str(step).replace("~", "~0").replace("/", "~1") for step in self.pointer)
            what += f" (at #/{'/'.join(steps)})"
        return f"{place}: {what}; {self.expected}"


def shown(path: Path) -> str:
    """A path as short as it is clear: relative to the working directory when it lies below."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


class Refused(Exception):
    """A command stops because of problems that the user can mend; its text is what the user reads."""

    def __init__(self, headline: str, problems: list[Problem] | None = None, *, exit_code: int = 1) -> None:
        self.problems = problems or []
        self.exit_code = exit_code
        super().__init__("\n".join([headline, *map(str, self.problems)]))
