"""The editor of rows for a field of several lines, and the widget for each kind of field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input

from servicedesk.domain.text import clean
from servicedesk.domain.words import Refused, Sentence, say
from servicedesk.locales import Words
from servicedesk.tui.choice import ChoiceField
from servicedesk.tui.fields import Field, Find, LongField, LookupField, TextField

if TYPE_CHECKING:
    from servicedesk.acts.entry import Ask


class _Row(Input):
    """One row of the editor."""

    DEFAULT_CSS = "_Row { background: $surface; &.-refused { text-style: reverse; } }"

    def __init__(self, text: str) -> None:
        super().__init__(text, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(clean(event.text), *sorted(self.selection))


class LinesField(Field, Vertical):
    """Lines typed one per row; each is read by the act when it is left."""

    DEFAULT_CSS = "LinesField { height: auto; }"

    def __init__(self, key: str, ask: Ask, read: Callable[[str], None], words: Words) -> None:
        """`read` raises `Refused` for a line that the act cannot read."""
        super().__init__(id=f"field-{key}")
        self.key, self.ask = key, ask
        self._read = read
        self._words = words
        self._rows = [_Row("")]

    def compose(self) -> ComposeResult:
        """The rows; the last one is always empty."""
        yield from self._rows

    @property
    def entered(self) -> str:
        return "\n".join(row.value.strip() for row in self._rows if row.value.strip())

    def put(self, text: str) -> None:
        wanted = [line for line in text.split("\n") if line.strip()] + [""]
        for row in self._rows[len(wanted) :]:
            row.remove()
        del self._rows[len(wanted) :]
        for row, line in zip(self._rows, wanted, strict=False):
            with row.prevent(Input.Changed):
                row.value = line
        self._add(wanted[len(self._rows) :])

    @property
    def in_use(self) -> bool:
        return self.screen.focused in self._rows

    @property
    def first(self) -> Widget:
        """The row where the cursor lands."""
        return self._rows[0]

    def step(self, down: bool) -> bool:
        """To the next row, or the one before."""
        at = self._at() + (1 if down else -1)
        if not 0 <= at < len(self._rows):
            return False
        self.screen.set_focus(self._rows[at])
        return True

    def enter(self) -> bool:
        """To the next row; from an empty one on to the next field."""
        return bool(self._rows[self._at()].value.strip()) and self.step(True)

    def refusals(self) -> Iterator[tuple[int, Sentence]]:
        """The rows, counted from one, that the act cannot read; each is marked."""
        for number, row in enumerate(self._rows, 1):
            refused: Sentence | None = None
            try:
                self._read(row.value)
            except Refused as refusal:
                refused = refusal.sentence
            row.set_class(refused is not None, "-refused")
            if refused is not None:
                yield number, refused

    def refusal(self) -> str:
        """All of them as a text to show; empty where every row can be read."""
        told = (say("Line {number}: {reason}", number=number, reason=reason) for number, reason in self.refusals())
        return "\n".join(self._words(sentence) for sentence in told)

    def _at(self) -> int:
        return next((number for number, row in enumerate(self._rows) if row is self.screen.focused), 0)

    def _add(self, lines: Sequence[str]) -> None:
        rows = [_Row(line) for line in lines]
        self._rows += rows
        if rows:
            self.mount(*rows)

    def _on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._rows[-1].value.strip():
            self._add([""])
        self.edited()

    def _on_descendant_blur(self, event: events.DescendantBlur) -> None:
        self._on_blur(events.Blur())


def field_for(key: str, ask: Ask, words: Words, find: Find, read_line: Callable[[str, str], None]) -> Field:
    """The widget for a field of this kind."""
    if ask.kind == "lookup":
        return LookupField(key, ask, find)
    if ask.kind in ("choice", "flag"):
        return ChoiceField(key, ask, words)
    if ask.kind == "long":
        return LongField(key, ask)
    if ask.kind == "lines":
        return LinesField(key, ask, lambda line: read_line(key, line), words)
    return TextField(key, ask)
