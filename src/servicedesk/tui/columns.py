"""The columns of a list: how the width is shared out and how a line is drawn, in cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from servicedesk.domain.text import clip
from servicedesk.tui.terminal import harmless
from servicedesk.tui.window import Row

_ONE_LINE = str.maketrans("\n\r\t", "   ")


class Column(NamedTuple, Generic[Row]):
    """A column: its translated title, its width in cells and what stands in it, plain text with or without a style.

    Between two columns the list leaves one cell. A `flexible` column takes its share of the cells left over,
    and is never narrower than `width`.
    """

    name: str
    title: str
    width: int
    cells: Callable[[Row], str | tuple[str, str]]
    flexible: bool = False


def share_widths(columns: Sequence[Column[Any]], width: int) -> tuple[int, ...]:
    """The width of each column where the line has so many cells."""
    spare = max(0, width - sum(column.width + 1 for column in columns) + 1)
    flexible = sum(column.flexible for column in columns)
    widths = []
    for column in columns:
        share = spare // flexible if column.flexible else 0
        if column.flexible:
            spare, flexible = spare - share, flexible - 1
        widths.append(column.width + share)
    return tuple(widths)


def on_one_line(text: str) -> str:
    """Text from people without line ends and without what could steer a terminal."""
    return harmless(text.translate(_ONE_LINE))


def fitted(text: str, width: int) -> str:
    """The text on one line, exactly so many cells wide, ending with `…` where it was cut."""
    return set_cell_size(clip(on_one_line(text), width), width)


def draw_text(text: str, width: int, style: Style) -> Strip:
    """A line of one text."""
    return Strip([Segment(fitted(text, width), style)], width)


def draw_line(
    cells: Sequence[str | tuple[str, str]], widths: Sequence[int], width: int, style: Style, *, marked: bool = False
) -> Strip:
    """A line of `width` cells; a mark is a `*` in the first of them."""
    segments = []
    for cell, column_width in zip(cells, widths, strict=True):
        text, own = (cell, "") if isinstance(cell, str) else cell
        segments.append(Segment(fitted(text, column_width), style + Style.parse(own) if own else style))
        segments.append(Segment(" ", style))
    strip = Strip(segments).adjust_cell_length(width, style)
    if marked:
        strip = Strip.join([Strip([Segment("*", style)], 1), strip.crop(1, width)])
    return strip.simplify()
