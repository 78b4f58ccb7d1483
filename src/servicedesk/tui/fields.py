"""The fields of a form: what a person typed is kept apart from what the program filled in.

A field's text may stand for something else: the name shown of a customer chosen by number, a time understood.
`typed` is what is sent; it is empty as long as only the program has written into the field.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from rich.text import Text
from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, TextArea

from servicedesk.domain.text import clean, clip
from servicedesk.domain.words import Refused
from servicedesk.locales import Words
from servicedesk.tui.background import begin

if TYPE_CHECKING:
    from servicedesk.acts.entry import Ask
    from servicedesk.acts.lookups import Choice

    _Base = Widget
else:
    # Textual takes bindings and styles from the first base that is a widget: the mixin must be none.
    _Base = object

SHORTEST_LOOKED_FOR = 2
MOST_CHOICES = 5
LOOK_AFTER = 0.12
"""Seconds without a key before a lookup asks the books."""

LEAST_ROOM = 12
_ROOM = {"moment": 17, "day": 11}

Find = Callable[[str, str], Awaitable[Sequence["Choice"]]]


class Edited(Message):
    """The person changed the field."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field


class Left(Edited):
    """The person left the field."""


class Choices(Edited):
    """What a lookup offers has changed."""


class Field(_Base):
    """What every field has: its text, what was typed, and who wrote it last."""

    key: str
    ask: Ask
    _written = ""
    _meaning = ""
    _derived = False

    @property
    def entered(self) -> str:
        """The text that stands in the field."""
        raise NotImplementedError

    def put(self, text: str) -> None:
        """Let another text stand in the field; not the person's doing."""
        raise NotImplementedError

    @property
    def typed(self) -> str:
        """What is sent: the person's text, or what a text of the program's stands for; empty where only derived."""
        return self._meaning if self.entered == self._written else self.entered.strip()

    @property
    def room(self) -> int:
        """The cells it needs where it shares a line; the cursor takes one more than the text."""
        return max(_ROOM.get(self.ask.kind, LEAST_ROOM), self.ask.width + 1)

    @property
    def is_emptied(self) -> bool:
        """Whether the person has just taken out what the program had filled in."""
        return not self.entered and bool(self._written)

    @property
    def in_use(self) -> bool:
        """Whether the cursor stands in it; `has_focus` comes later, with an event."""
        return self.screen.focused is self

    @property
    def is_derived(self) -> bool:
        """Whether what stands in it is the program's own, unchanged."""
        return self._derived and self.entered == self._written

    def write(self, text: str, meaning: str = "", *, derived: bool = False) -> None:
        """Show a text of the program's that stands for `meaning`; derived ones are dimmed."""
        self._written, self._meaning, self._derived = text, meaning, derived
        if text != self.entered:
            self.put(text)
        self.mark()

    def mark(self) -> None:
        """Dim what is derived, as long as nobody has changed it."""
        self.set_class(self.is_derived, "-derived")

    def edited(self) -> None:
        """To be called when the person has changed it."""
        self.mark()
        self.post_message(Edited(self))

    def step(self, down: bool) -> bool:
        """An arrow up or down; True where the field has used it itself."""
        return False

    def enter(self) -> bool:
        """Enter; True where the cursor shall stay."""
        return False

    def _on_blur(self, event: events.Blur) -> None:
        self.post_message(Left(self))


class TextField(Field, Input):
    """One row of text; a pasted line end becomes a space."""

    # As `compact=True` makes it, which styles every field of a form once more.
    DEFAULT_CSS = """
    TextField { border: none !important; height: 1; padding: 0; }
    TextField { background: $surface; &.-derived:blur { text-style: dim; } &.-refused { text-style: reverse; } }
    """

    def __init__(self, key: str, ask: Ask) -> None:
        super().__init__(id=f"field-{key}", password=ask.kind == "secret")
        self.cursor_blink = False
        self.key, self.ask = key, ask

    @property
    def entered(self) -> str:
        return self.value

    def put(self, text: str) -> None:
        with self.prevent(Input.Changed):
            self.value = text
        self.cursor_position = len(text)
        if self.in_use and self.is_derived:
            self.select_all()

    def _on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.edited()

    def _on_focus(self, event: events.Focus) -> None:
        # A new text replaces what the program filled in, but never what the person typed.
        self.select_on_focus = self.is_derived

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(clean(event.text), *sorted(self.selection))


class LookupField(TextField):
    """Text that finds lines to choose from; the chosen line's key is what is sent."""

    def __init__(self, key: str, ask: Ask, find: Find) -> None:
        super().__init__(key, ask)
        self.choices: tuple[Choice, ...] = ()
        self.highlighted = 0
        self._find = find
        self._wait: Timer | None = None

    def edited(self) -> None:
        """Forget what was offered, and ask again when the keys pause."""
        self.close()
        if self._wait is not None:
            self._wait.stop()
        if len(self.entered.strip()) >= SHORTEST_LOOKED_FOR:
            self._wait = self.set_timer(LOOK_AFTER, lambda: begin(self, self._look, exclusive=True))
        super().edited()

    def close(self) -> bool:
        """Offer nothing any more; whether something was offered."""
        was_open, self.choices, self.highlighted = bool(self.choices), (), 0
        if was_open:
            self.post_message(Choices(self))
        return was_open

    def step(self, down: bool) -> bool:
        """Choose among the lines offered."""
        if not self.choices:
            return False
        self.highlighted = (self.highlighted + (1 if down else -1)) % len(self.choices)
        self.post_message(Choices(self))
        return True

    def enter(self) -> bool:
        """Take the highlighted line."""
        if self.choices:
            choice = self.choices[self.highlighted]
            self.write(choice.text.partition("  ")[0], choice.value)
            self.close()
            super().edited()
        return False

    def offered(self, words: Words, width: int) -> Text:
        """The lines to choose from, `>` before the highlighted one."""
        lines = []
        for position, choice in enumerate(self.choices):
            detail = words(choice.detail) if choice.detail else ""
            mark = "> " if position == self.highlighted else "  "
            lines.append(mark + clip(clean(f"{choice.text}  {detail}"), width - len(mark)))
        return Text("\n".join(lines))

    async def _look(self) -> None:
        typed = self.entered
        try:
            found = await self._find(self.ask.lookup, typed.strip())
        except Refused:
            found = ()  # the same refusal stands under the form, from preparing
        if typed == self.entered and self.in_use and typed != self._written:
            self.choices, self.highlighted = tuple(found[:MOST_CHOICES]), 0
            self.post_message(Choices(self))

    def _on_blur(self, event: events.Blur) -> None:
        self.close()


class LongField(Field, TextArea):
    """Several rows of text that wraps."""

    DEFAULT_CSS = """
    LongField { height: auto; min-height: 2; max-height: 5; background: $surface; &.-derived { text-style: dim; } }
    LongField.-refused { text-style: reverse; }
    """

    def __init__(self, key: str, ask: Ask) -> None:
        super().__init__(id=f"field-{key}", compact=True, highlight_cursor_line=False)
        self.cursor_blink = False
        self.key, self.ask = key, ask

    @property
    def entered(self) -> str:
        return self.text

    def put(self, text: str) -> None:
        with self.prevent(TextArea.Changed):
            self.text = text

    def step(self, down: bool) -> bool:
        """Between the rows of the text; at its ends to the next field."""
        if self.cursor_at_last_line if down else self.cursor_at_first_line:
            return False
        if down:
            self.action_cursor_down()
        else:
            self.action_cursor_up()
        return True

    async def _on_paste(self, event: events.Paste) -> None:
        event.text = clean(event.text, lines=True)

    def _on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.edited()
