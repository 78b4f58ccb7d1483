"""What an import is going to do with a file: which lines are taken, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.sheets import LineProblem, LineRefusal, Progress, Sheet, SheetColumn, SheetLine
from servicedesk.domain.words import Sentence


class LineWarning(NamedTuple):
    """What is odd about a line that is taken all the same; line 0 is the file as a whole."""

    number: int
    reason: Sentence


@dataclass
class Plan:
    """Which lines would be taken: what is written of them, what is there already, and what is wrong."""

    sheet: Sheet
    problems: list[LineProblem]
    taken: list[Any] = field(default_factory=list)
    already: int = 0
    warnings: list[LineWarning] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lines = {line.number: line for line in self.sheet.lines}

    def refuse(self, number: int, in_field: str, reason: Sentence) -> None:
        """A line that the books do not allow."""
        self.problems.append(self.sheet.problem(self._lines[number], LineRefusal(in_field, reason)))

    @property
    def refused(self) -> int:
        """How many lines are left out."""
        return len({problem.number for problem in self.problems})


Lines = Sequence[tuple[int, Any]]


class Kind(NamedTuple):
    """One kind of sheet: its columns, what a line means (today, in this currency), what is taken, how it is written."""

    columns: Sequence[SheetColumn]
    read: Callable[[SheetLine, date, str], Any]
    plan: Callable[[Look, Plan, Lines, str], None]
    write: Callable[[Desk, Sequence[Any], Progress], None]
