"""What a register lists: one form, made of what its page says that it can be filtered by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.locales import Words
from servicedesk.tui.background import begin
from servicedesk.tui.dialog import DIALOG
from servicedesk.tui.filtering import Filtered
from servicedesk.tui.keys import Key

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.tui.app import ServiceDesk


class FilterScreen(ModalScreen["Mapping[str, str] | None"]):
    """A filter as a small form; a choice is typed by its first letters, an empty field filters nothing.

    `now` is the filter that stands; it gives every field's value, empty for any.
    """

    DEFAULT_CSS = DIALOG
    KEYS = (
        Key("f2,ctrl+s", label("Show"), action="apply"),
        Key("down", label("Next field"), action="app.focus_next"),
        Key("up", label("Field before"), action="app.focus_previous"),
        Key("escape", label("Back"), action="leave"),
    )
    BINDINGS = [Binding(key.key, key.action, key.label, show=False) for key in KEYS]

    def __init__(self, fields: Sequence[Filtered], now: Mapping[str, str]) -> None:
        super().__init__()
        self._fields = fields
        self._now = now

    @property
    def _desk(self) -> ServiceDesk:
        return cast("ServiceDesk", self.app)

    def compose(self) -> ComposeResult:
        """One field a line, its choices beside it."""
        words = self._desk.words
        with Vertical(classes="dialog"):
            for asked in self._fields:
                field = Input(self._standing(asked), compact=True, id=f"filter-{asked.name}", classes="dialog-field")
                field.cursor_blink = False
                with Horizontal(classes="dialog-line"):
                    yield Static(Content(words(asked.label)), classes="dialog-label", markup=False)
                    yield field
            yield Static("", id="refusal", markup=False)
            yield Static("", id="hint", markup=False)
            yield Static(Content(words(label("F2 Show  Enter Next  Esc Back"))), classes="dialog-keys", markup=False)

    def _standing(self, asked: Filtered) -> str:
        return asked.shown(self._desk.door.words, self._now.get(asked.name, ""))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what can be typed here."""
        words = self._desk.door.words
        for asked in self._fields:
            if event.widget.id == f"filter-{asked.name}":
                hint = words.joined(words(option) for option in asked.options.values()) or words(asked.hint)
                self.query_one("#hint", Static).update(Content(hint))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on; in the last field it shows the list."""
        if event.input.id == f"filter-{self._fields[-1].name}":
            self.action_apply()
        else:
            self.focus_next()

    def action_leave(self) -> None:
        """Leave the list as it is."""
        self.dismiss(None)

    def action_apply(self) -> None:
        """Show what was asked for."""
        begin(self, self._apply, exclusive=True)

    async def _apply(self) -> None:
        words, door = self._desk.door.words, self._desk.door
        typed = {asked.name: self.query_one(f"#filter-{asked.name}", Input).value.strip() for asked in self._fields}
        # What was not touched stands, also a person who has left since.
        chosen = {
            asked.name: self._now.get(asked.name, "")
            for asked in self._fields
            if typed[asked.name] == self._standing(asked)
        }
        touched = [asked for asked in self._fields if asked.name not in chosen]
        try:
            chosen.update({asked.name: _meant(words, asked, typed[asked.name]) for asked in touched if asked.options})
            sought = [asked for asked in touched if asked.lookup and typed[asked.name]]
            if sought:
                chosen.update(await door.look(lambda look: _found(look, sought, typed)))
        except Refused as refused:
            self.query_one("#refusal", Static).update(Content(words(refused.sentence)))
            self.query_one(f"#filter-{refused.field}", Input).focus()
            return
        self.dismiss({**typed, **chosen})


def _found(look: Look, sought: Sequence[Filtered], typed: Mapping[str, str]) -> dict[str, str]:
    """What is meant in the fields that look something up; runs in the reader's thread."""
    from servicedesk.acts.lookups import resolved

    return {asked.name: resolved(look, asked.lookup, asked.name, typed[asked.name], {}) for asked in sought}


def _meant(words: Words, asked: Filtered, typed: str) -> str:
    """The value meant by the first letters of its code, its name or its translation."""
    folded, options = typed.casefold(), asked.options
    if not folded:
        return ""
    for value, text in options.items():
        if folded in (value.casefold(), text.casefold(), words(text).casefold()):
            return value
    found = [
        value
        for value, text in options.items()
        if any(name.casefold().startswith(folded) for name in (value, text, words(text)))
    ]
    if len(found) != 1:
        listed = words.joined(words(Sentence(text)) for text in options.values())
        raise Refused(say("“{typed}” is not one of: {listed}.", typed=typed, listed=listed), field=asked.name)
    return found[0]
