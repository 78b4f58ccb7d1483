"""The paper on screen: fields in its order, several sharing a line, and how the cursor goes through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from servicedesk.domain.text import cells
from servicedesk.locales import Words
from servicedesk.tui.fields import Field, LookupField
from servicedesk.tui.lines import LinesField

if TYPE_CHECKING:
    pass

SHORTEST_LABEL = 10
LONGEST_LABEL = 34
NARROWEST = 78
"""Cells of a line on a screen of 80."""


def paper_lines(fields: Mapping[str, Field], labels: Mapping[str, str], column: int) -> list[list[str]]:
    """The fields by lines: neighbours of the same row share one, as far as a narrow screen has room for them."""
    lines: list[list[str]] = []
    row = used = 0
    for name, field in fields.items():
        wanted = label_cells(labels[name], column, first=False) + field.room
        if field.ask.row and field.ask.row == row and used + wanted <= NARROWEST:
            lines[-1].append(name)
            used += wanted
        else:
            lines.append([name])
            used = label_cells(labels[name], column, first=True) + field.room
        row = field.ask.row
    return lines


def label_cells(text: str, column: int, *, first: bool) -> int:
    """How wide a label is drawn: the first of a line in the column of labels."""
    return max(cells(text) + 2, column) if first else max(cells(text) + 3, SHORTEST_LABEL)


def label_width(labels: Sequence[str]) -> int:
    """The cells of the column of labels."""
    return min(LONGEST_LABEL, max([SHORTEST_LABEL, *(cells(text) + 2 for text in labels)]))


class Line(Static):
    """Text that is sent to the terminal only where it has changed."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id, classes=classes, markup=False)
        self._text = Text()

    def show(self, text: Text) -> None:
        """Let this text stand there."""
        if text != self._text:
            self._text = text
            self.update(text)


class FieldLine(Horizontal):
    """One line of the paper, and below it what a lookup offers or why a field is refused."""

    DEFAULT_CSS = """
    FieldLine { height: auto; padding: 0 1; }
    FieldLine .label { height: 1; color: $text-muted; }
    """

    def __init__(self, fields: Sequence[Field], labels: Sequence[str], column: int) -> None:
        super().__init__()
        self.fields = list(fields)
        self._column = column
        self._below = Line(classes="below")
        self._below.styles.padding = (0, 1, 0, 1 + column)
        self._labels: list[Static] = []
        for position, (field, text) in enumerate(zip(fields, labels, strict=True)):
            shown = Static(text if position == 0 else f" {text}", classes="label", markup=False)
            shown.styles.width = label_cells(text, column, first=position == 0)
            field.styles.width = field.room if field.ask.width and len(fields) > 1 else "1fr"
            self._labels.append(shown)

    def compose(self) -> ComposeResult:
        """Label and field in turn; what stands below comes when there is something to say."""
        for shown, field in zip(self._labels, self.fields, strict=True):
            yield shown
            yield field

    def show(self, visible: Mapping[str, bool]) -> None:
        """Show those of its fields that are asked for now."""
        for shown, field in zip(self._labels, self.fields, strict=True):
            shown.display = field.display = visible[field.key]
        self.display = any(field.display for field in self.fields)

    def draw_below(self, refusals: Mapping[str, str], words: Words) -> None:
        """What is offered; else why its fields are refused."""
        width = max(20, self.outer_size.width - self._column - 2)
        text = Text()
        for field in self.fields:
            field.set_class(field.key in refusals, "-refused")
            if isinstance(field, LookupField) and field.choices:
                text = field.offered(words, width)
                break
            if field.key in refusals:
                text.append("\n" if text else "").append(f"! {refusals[field.key]}")
        self._below.show(text)
        self._below.display = bool(text)
        if text and not self._below.is_attached and isinstance(self.parent, Widget):
            self.parent.mount(self._below, after=self)


class Sheet(VerticalScroll, can_focus=False):
    """All fields of a form; below them what the form says."""

    DEFAULT_CSS = """
    Sheet { height: 1fr; scrollbar-size: 0 0; }
    Sheet > Line { height: auto; padding: 1 1 0 1; }
    Sheet > .below { text-style: bold; }
    """

    def __init__(self, fields: Mapping[str, Field], words: Words) -> None:
        super().__init__()
        self._fields = dict(fields)
        self._words = words
        self._said = Line()
        asks = {name: field.ask for name, field in fields.items()}
        labels = {name: words(ask.label) for name, ask in asks.items()}
        column = label_width([labels[name] for name, ask in asks.items() if not ask.because and ask.when is None])
        self._lines = [
            FieldLine([fields[name] for name in names], [labels[name] for name in names], column)
            for names in paper_lines(fields, labels, column)
        ]

    def compose(self) -> ComposeResult:
        """The lines of the paper, then what is said."""
        yield from self._lines
        yield self._said

    @property
    def current(self) -> Field:
        """The field with the cursor; the first one as long as it is in none."""
        fields = list(self._fields.values())
        return next((field for field in fields if field.in_use), fields[0])

    def go_to(self, field: Field) -> None:
        """Put the cursor into a field."""
        self.screen.set_focus(field.first if isinstance(field, LinesField) else field)

    def move(self, step: int) -> None:
        """To the next field in the order of the paper, or the one before; it ends at the ends."""
        shown = [field for field in self._fields.values() if field.display]
        at = shown.index(self.current) + step
        if 0 <= at < len(shown):
            self.go_to(shown[at])

    def move_line(self, down: bool) -> None:
        """To the line below or above, as far along as now."""
        field = self.current
        shown = [line for line in self._lines if line.display]
        line = next(line for line in shown if field in line.fields)
        at = shown.index(line) + (1 if down else -1)
        if 0 <= at < len(shown):
            beside = [other for other in shown[at].fields if other.display]
            self.go_to(beside[min(line.fields.index(field), len(beside) - 1)])

    def show(self, visible: Mapping[str, bool], refusals: Mapping[str, str], said: Text) -> None:
        """Draw all of it again."""
        for line in self._lines:
            line.show(visible)
        self.show_below(refusals)
        self._said.show(said)

    def show_below(self, refusals: Mapping[str, str]) -> None:
        """Draw again what stands under the lines."""
        for line in self._lines:
            line.draw_below(refusals, self._words)
