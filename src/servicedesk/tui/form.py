"""The form of any act: the paper's fields in their order, filled in from the books, written by F2 alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult

from servicedesk.domain.text import clean
from servicedesk.domain.words import Sentence, label, say
from servicedesk.tui.drafts import Drafts, folder_of
from servicedesk.tui.fields import Choices, Edited, Left, LookupField
from servicedesk.tui.filling import Filling
from servicedesk.tui.form_writing import ATTACHING, FormWriting
from servicedesk.tui.keys import Key
from servicedesk.tui.lines import LinesField, field_for
from servicedesk.tui.sheet import Line, Sheet

if TYPE_CHECKING:
    from servicedesk.acts.act import Act
    from servicedesk.acts.lookups import Choice

PAUSE = 1.0
"""Seconds without a key after which the form is prepared again and its draft kept."""

AT_ONCE = 0.05
"""Seconds for which the first painting waits for what the books know."""

LOG = "calls.log"
LOG_ONLY = ("write_again", "why")
OFFERED = (
    ("Up Down", label("Choose")),
    ("Enter", label("Take it")),
    ("Tab", label("Keep as typed")),
    ("Esc", label("Close")),
)
"""What the keys do while a lookup offers lines."""


class FormScreen(FormWriting):
    """Asks for one act; gives what it did, or None where the person left (the draft stays)."""

    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f1", label("Help"), action="help"),
        Key("f2,ctrl+s", label("Write"), action="write"),
        Key("enter", label("Next"), action="enter"),
        Key("f6", label("Attach"), action="attach"),
        Key("f7", label("Again"), action="write_again"),
        Key("f8", label("Why"), action="why"),
        Key("escape", label("Leave"), action="leave"),
        Key("tab", label("Next field"), action="next(1)", shown=False),
        Key("shift+tab", label("Field before"), action="next(-1)", shown=False),
        Key("down", label("Line below"), action="arrow(True)", shown=False),
        Key("up", label("Line above"), action="arrow(False)", shown=False),
    )
    # With priority: keys that come in one burst over a slow line still reach their fields in order.
    BINDINGS = [
        replace(key.binding(), action=key.action, priority=True, id=f"form.{key.action.partition('(')[0]}.{key.key}")
        for key in KEYS
    ]
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    FormScreen { background: $background; layout: vertical; }
    FormScreen #form-title, FormScreen #form-keys { height: 1; }
    FormScreen #form-title { text-style: bold; }
    FormScreen #form-keys { background: $surface; }
    """

    # Building

    def compose(self) -> ComposeResult:
        """The act is imported here: in one go, so that keys typed meanwhile wait for their field."""
        from servicedesk.acts.act import find
        from servicedesk.acts.entry import asks

        words = self.door.words
        self.declared: Act[Any] = find(self.act_name)
        self.asks = asks(self.declared.entry)
        fields = {name: field_for(name, ask, words, self._choices, self._read_line) for name, ask in self.asks.items()}
        self.filling = Filling(self.door, self.declared, self.asks, fields)
        self.sheet = Sheet(fields, words)
        self.drafts = Drafts(folder_of(self.door.settings.database), self.door.login)
        self.now = self.door.now
        self.fields = fields
        yield Line(id="form-title")
        yield self.sheet
        yield Line(id="form-keys")

    @on(events.Mount)
    async def _begin(self) -> None:
        """Fill in what the form begins with, then ask the books; what they answer at once is painted with the form."""
        for name, text in self._opening.items():
            if name in self.fields:  # a draft of an older program may have others
                self.fields[name].write(clean(text, lines=True), clean(text, lines=True))
        self.draw()
        self.sheet.move(0)
        self.run_worker(self._prepare_first())
        with suppress(TimeoutError):
            await asyncio.wait_for(self._answered.wait(), AT_ONCE)

    @on(events.ScreenResume)
    def _comes_to_the_front(self, event: events.ScreenResume) -> None:
        # What has only just been mounted need not be styled a second time.
        event.refresh_styles = self.stack_updates > 0

    async def _choices(self, lookup: str, typed: str) -> Sequence[Choice]:
        return await self.door.find(lookup, typed, self.filling.lookup_values())

    def _read_line(self, name: str, line: str) -> None:
        from servicedesk.acts.entry import understand

        if self.filling.home is not None:
            understand(self.declared.entry, name, self.asks[name], line, self.filling.home)

    # Keys

    def all_keys(self) -> tuple[Key, ...]:
        """Every key of the form, for help."""
        return self.KEYS

    def action_help(self) -> None:
        """Show them."""
        from servicedesk.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self, self.declared.rule.label))

    async def action_enter(self) -> None:
        """The field's own use of Enter, then the next field; never writes."""
        await self._row_settled()
        if not self.sheet.current.enter():
            self.sheet.move(1)

    def action_next(self, step: int) -> None:
        """The next field, or the one before."""
        self.sheet.move(step)

    async def action_arrow(self, down: bool) -> None:
        """The field's own use of the arrow, else the line below or above."""
        await self._row_settled()
        if not self.sheet.current.step(down):
            self.sheet.move_line(down)

    async def _row_settled(self) -> None:
        """Where rows are typed in one burst, the next row is there once the keys of this one have arrived."""
        field, row = self.sheet.current, self.focused
        if isinstance(field, LinesField) and row is not None:
            # Twice: the keys, then what the row tells of them.
            await self._keys_settled(row, row, field)

    def action_write(self) -> None:
        """Write it into the books."""
        self._start(self._write())

    def action_write_again(self) -> None:
        """Write it, then ask for the same caller's next product."""
        if self.act_name == LOG:
            self._start(self._write(again=True))

    def action_attach(self) -> None:
        """The open paper of the same takes this one in (D41)."""
        if self.filling.same and self.act_name in ATTACHING:
            self._start(self._attach_to(self.filling.same))
        elif self.act_name in ATTACHING:
            self._tell(Sentence(ATTACHING[self.act_name].none))

    def action_why(self) -> None:
        """Why the promise is what it is, stretch by stretch."""
        from servicedesk.tui.screens.why import WhyScreen

        promised = self.filling.promised
        if promised is not None:
            self.app.push_screen(WhyScreen(cast(Any, promised)))
        elif self.act_name == LOG:
            self._tell(say("Nothing is promised yet: zone and time of the call decide it."))

    async def action_leave(self) -> None:
        """Close what a lookup offers; else leave, the draft stays."""
        field = self.sheet.current
        if self._writing or (isinstance(field, LookupField) and field.close()):
            return
        await self._keep()
        if self._kept:
            self._tell(say("Kept as an unfinished form."))
        self._ended = True
        self.dismiss(None)

    # While it is filled in

    def on_edited(self, event: Edited) -> None:
        """A key was pressed in a field: nothing is asked before the keys pause."""
        event.stop()
        if self.filling.forgive(event.field.key):
            self.draw()
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._settle)

    def on_choices(self, event: Choices) -> None:
        """A lookup has something to offer, or no longer."""
        event.stop()
        self.sheet.show_below(self.filling.refusals())
        self._draw_keys()

    def on_left(self, event: Left) -> None:
        """A field was left: show what was understood, keep the draft."""
        event.stop()
        if isinstance(event.field, LinesField):
            self.filling.line_refusals[event.field.key] = event.field.refusal()
        self._settle()

    # Drawing

    def draw(self) -> None:
        """Draw all of the form again."""
        words = self.door.words
        attaching = ATTACHING.get(self.act_name)
        offer = "" if attaching is None else attaching.offer
        self.sheet.show(self.filling.visible(), self.filling.refusals(), self.filling.said(offer, "F6"))
        title = [words(self.declared.rule.label), *(number for number, _ in self.targets)]
        if self._kept_at is not None:
            title.append(words(say("draft kept {at}", at=words.time(self._kept_at))))
        self.query_one("#form-title", Line).show(Text(" " + "   ".join(title)))
        self._draw_keys()

    def _draw_keys(self) -> None:
        words = self.door.words
        field = self.sheet.current
        keys = Text(" ")
        if isinstance(field, LookupField) and field.choices:
            keys.append("  ".join(f"{name} {words(does)}" for name, does in OFFERED))
        else:
            for key in self.KEYS:
                if key.shown and self._means_something(key):
                    off = self._writing or (key.action == "attach" and not self.filling.same)
                    keys.append(f"{key.keys[0]} {words(key.label)}  ", "dim" if off else "")
        self.query_one("#form-keys", Line).show(keys)

    def _means_something(self, key: Key) -> bool:
        if key.action == "attach":
            return self.act_name in ATTACHING
        return key.action not in LOG_ONLY or self.act_name == LOG
