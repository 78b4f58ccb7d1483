"""Which days are analysed: from and to, typed as dates are everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from servicedesk.domain.complaint_figures import Period, days_between
from servicedesk.domain.spoken import spoken_date
from servicedesk.domain.words import Refused, label
from servicedesk.tui.dialog import DIALOG
from servicedesk.tui.keys import Key

if TYPE_CHECKING:
    from servicedesk.tui.app import ServiceDesk

FIELDS = (("first", label("First day")), ("last", label("Last day")))


class DaysScreen(ModalScreen["Period | None"]):
    """Two dates."""

    DEFAULT_CSS = DIALOG + "DaysScreen { align: left bottom; background: $background 0%; }"
    KEYS = (
        Key("f2,ctrl+s", label("Show"), action="apply"),
        Key("down", label("Next field"), action="app.focus_next"),
        Key("up", label("Field before"), action="app.focus_previous"),
        Key("escape", label("Back"), action="leave"),
    )
    BINDINGS = [Binding(key.key, key.action, key.label, show=False) for key in KEYS]

    def __init__(self, shown: Period | None) -> None:
        super().__init__()
        self._shown = shown

    @property
    def _desk(self) -> ServiceDesk:
        return cast("ServiceDesk", self.app)

    def compose(self) -> ComposeResult:
        """A date a line."""
        words = self._desk.words
        with Vertical(classes="dialog"):
            for name, shown in FIELDS:
                now = "" if self._shown is None else getattr(self._shown, name).isoformat()
                field = Input(now, compact=True, id=name, classes="dialog-field")
                field.cursor_blink = False
                with Horizontal(classes="dialog-line"):
                    yield Static(Content(words(shown)), classes="dialog-label", markup=False)
                    yield field
            yield Static("", id="refusal", markup=False)
            hint = words(label("2026-11-01, 20261101, 11-01, y (yesterday)"))
            yield Static(Content(hint), id="hint", markup=False)
            yield Static(Content(words(label("F2 Show  Enter Next  Esc Back"))), classes="dialog-keys", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on; in the last field it shows the figures."""
        if event.input.id == FIELDS[-1][0]:
            self.action_apply()
        else:
            self.focus_next()

    def action_leave(self) -> None:
        """Leave the days as they are."""
        self.dismiss(None)

    def action_apply(self) -> None:
        """Show the figures of these days."""
        door, at = self._desk.door, FIELDS[0][0]
        today = door.now().astimezone(door.words.zone).date()
        try:
            first = spoken_date(self.query_one("#first", Input).value, today)
            at = FIELDS[1][0]
            last = spoken_date(self.query_one("#last", Input).value, today)
            days = days_between(first, last)
        except Refused as refused:
            self.query_one("#refusal", Static).update(Content(self._desk.words(refused.sentence)))
            self.query_one(f"#{at}", Input).focus()
            return
        self.dismiss(days)
