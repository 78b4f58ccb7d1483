"""What the register lists: state, zone, type, technician, mine, late, or pasted numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from servicedesk.domain.calls import STATES, CallFilter
from servicedesk.domain.rights import TECHNICIAN
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.domain.zones import ZONES
from servicedesk.locales import Words
from servicedesk.tui.background import begin
from servicedesk.tui.call_lines import TYPES
from servicedesk.tui.call_query import Query, pasted_numbers
from servicedesk.tui.dialog import DIALOG
from servicedesk.tui.keys import Key

if TYPE_CHECKING:
    from servicedesk.tui.app import ServiceDesk

YES: Mapping[str, str] = {"yes": label("yes")}
FIELDS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("state", label("State"), STATES),
    ("zone", label("Zone"), ZONES),
    ("service_type", label("Type"), TYPES),
    ("technician", label("Technician"), {}),
    ("mine", label("Mine"), YES),
    ("late", label("Late"), YES),
    ("numbers", label("Numbers"), {}),
)
HINTS: Mapping[str, str] = {
    "technician": label("login, name, pinyin or initials"),
    "numbers": label("paste them: 29, 1120-0044 or whole ones"),
}


class FilterScreen(ModalScreen["Query | None"]):
    """The filter as a small form; a choice is typed by its first letters, an empty field filters nothing."""

    DEFAULT_CSS = DIALOG
    KEYS = (
        Key("f2,ctrl+s", label("Show"), action="apply"),
        Key("down", label("Next field"), action="app.focus_next"),
        Key("up", label("Field before"), action="app.focus_previous"),
        Key("escape", label("Back"), action="leave"),
    )
    BINDINGS = [Binding(key.key, key.action, key.label, show=False) for key in KEYS]

    def __init__(self, query: Query) -> None:
        super().__init__()
        self._query = query

    @property
    def _desk(self) -> ServiceDesk:
        return cast("ServiceDesk", self.app)

    def compose(self) -> ComposeResult:
        """One field a line, its choices beside it."""
        words = self._desk.words
        with Vertical(classes="dialog"):
            for name, shown, options in FIELDS:
                field = Input(self._now(name, options), compact=True, id=f"filter-{name}", classes="dialog-field")
                field.cursor_blink = False
                with Horizontal(classes="dialog-line"):
                    yield Static(Content(words(shown)), classes="dialog-label", markup=False)
                    yield field
            yield Static("", id="refusal", markup=False)
            yield Static("", id="hint", markup=False)
            yield Static(Content(words(label("F2 Show  Enter Next  Esc Back"))), classes="dialog-keys", markup=False)

    def _now(self, name: str, options: Mapping[str, str]) -> str:
        wanted, words = self._query.filter, self._desk.words
        if name == "numbers":
            return " ".join(self._query.numbers)
        if name == "mine":
            return words(YES["yes"]) if wanted.logged_by == self._desk.door.login else ""
        if name == "late":
            return words(YES["yes"]) if wanted.late else ""
        value: str = getattr(wanted, name)
        return words(options[value]) if value in options else value

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what can be typed here."""
        words = self._desk.door.words
        for name, _, options in FIELDS:
            if event.widget.id == f"filter-{name}":
                hint = words.joined(words(option) for option in options.values()) or words(HINTS[name])
                self.query_one("#hint", Static).update(Content(hint))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on; in the last field it shows the list."""
        if event.input.id == f"filter-{FIELDS[-1][0]}":
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
        words, door = self._desk.words, self._desk.door
        typed = {name: self.query_one(f"#filter-{name}", Input).value.strip() for name, _, _ in FIELDS}
        try:
            chosen = {name: _meant(door.words, name, options, typed[name]) for name, _, options in FIELDS if options}
            technician = typed["technician"] and await self._technician(typed["technician"])
        except Refused as refused:
            self.query_one("#refusal", Static).update(Content(words(refused.sentence)))
            self.query_one(f"#filter-{refused.field}", Input).focus()
            return
        numbers = await door.look(lambda look: pasted_numbers(look, typed["numbers"])) if typed["numbers"] else ()
        own = door.login if chosen["mine"] else ""
        is_technician = door.actor.has(TECHNICIAN)
        self.dismiss(
            Query(
                replace(
                    CallFilter(urgent=self._query.filter.urgent, words=self._query.filter.words),
                    state=chosen["state"],
                    zone=chosen["zone"],
                    service_type=chosen["service_type"],
                    technician=own if own and is_technician else technician,
                    logged_by="" if is_technician else own,
                    late=bool(chosen["late"]),
                ),
                numbers,
            )
        )

    async def _technician(self, typed: str) -> str:
        choices = await self._desk.door.find("technicians", typed, {})
        exact = [choice for choice in choices if typed in (choice.value, choice.text)]
        if len(exact or choices) != 1:
            named = tuple(f"{choice.value} {choice.text}" for choice in choices[:4])
            raise Refused(say("“{typed}” is not one technician: {named}", typed=typed, named=named), field="technician")
        return (exact or choices)[0].value


def _meant(words: Words, field: str, options: Mapping[str, str], typed: str) -> str:
    """The value meant by the first letters of its code, its name or its translation."""
    folded = typed.casefold()
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
        raise Refused(say("“{typed}” is not one of: {listed}.", typed=typed, listed=listed), field=field)
    return found[0]
