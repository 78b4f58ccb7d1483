"""A few lines of plain text of which only the cells that differ are painted again: every byte travels a slow line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from servicedesk.domain.text import cells
from servicedesk.tui.columns import fitted


class FullLine(Widget):
    """The line under the cursor in full: `rows` lines, each cut where the screen ends."""

    DEFAULT_CSS = "FullLine { width: 1fr; }"

    def __init__(self, rows: int, *, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id)
        self.styles.height = rows
        self._rows = rows
        self._lines: Sequence[str] = ()
        self._shown: list[str] = [""] * rows
        self._style = Style()

    def show(self, lines: Sequence[str]) -> None:
        """Stand for these lines now; text from people is plain text."""
        self._lines = lines
        before, self._shown = self._shown, self._fitted()
        changed = [
            _difference(y, old, new) for y, (old, new) in enumerate(zip(before, self._shown, strict=True)) if old != new
        ]
        if changed:
            self.refresh(*changed)

    def on_resize(self, event: events.Resize) -> None:
        """Cut them anew."""
        self._shown = self._fitted()
        self.refresh()

    def _fitted(self) -> list[str]:
        given = [*self._lines[: self._rows], *[""] * (self._rows - len(self._lines))]
        return [fitted(f" {line}", self.size.width) for line in given]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Work out the style of all lines once."""
        self._style = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One of the lines."""
        text = self._shown[y] if y < len(self._shown) else ""
        return Strip([Segment(text, self._style)]).adjust_cell_length(self.size.width, self._style)


def _difference(y: int, old: str, new: str) -> Region:
    """The cells of a line in which two texts differ."""
    start = _alike(old, new)
    end = len(new) - _alike(reversed(old[start:]), reversed(new[start:]))
    begins = cells(new[:start])
    return Region(begins, y, cells(new[:end]) - begins, 1)


def _alike(some: Iterable[str], others: Iterable[str]) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(some, others, strict=False)))
