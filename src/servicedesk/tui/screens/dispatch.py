"""The dispatch board (003 Art. 5-6, 15-16): what waits on the left, who can go on the right; a digit sends him."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from servicedesk.domain.calls import DISPATCHED, CallRow
from servicedesk.domain.rulebook import refusal
from servicedesk.domain.words import Refused, label, say
from servicedesk.tui.background import begin
from servicedesk.tui.board import Side, gather_board, gather_side, side_lines
from servicedesk.tui.call_list import CallList, Entry, Gathered, customer_of, number_column
from servicedesk.tui.columns import Column
from servicedesk.tui.door import NOBODY
from servicedesk.tui.keys import Key

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look

DIGITS = "123456789"


class DigitKey(Key):
    """The digits, shown as one key; which of them was pressed the screen itself sees."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Digits for the candidates, and the form for everybody else."""
        return ("1-9", "d")


class DispatchScreen(CallList):
    """The board of the units one is supervisor of, as such or as a stand-in: nobody else dispatches."""

    HEADING = label("Dispatch")
    KEYS: ClassVar[tuple[Key, ...]] = (
        DigitKey("d", label("Send"), act="calls.dispatch"),
        Key("r", label("Reassign"), act="calls.reassign"),
        Key("t", label("Reschedule"), act="calls.reschedule"),
        Key("w", label("Road"), action="turn"),
        Key("a", label("Absence"), action="team"),
        Key("i", label("To tell"), action="tellings"),
        Key("e", label("Recall"), act="calls.recall", shown=False),
        Key("enter", label("Open"), action="open_line", shown=False, id="dispatch.open"),
        Key("space", label("Mark the line"), action="mark", shown=False, id="dispatch.mark"),
        Key("f8", label("Why this time"), action="why", shown=False),
        Key("o", label("Vouchers out overnight"), action="overnight", shown=False),
        Key("l", label("Pull the voucher"), act="calls.pull", shown=False),
        Key("f4,c", label("Correct"), act="calls.correct", shown=False),
        Key("x", label("Cancel a call"), act="calls.cancel", shown=False),
        Key("W", label("Pass to another unit"), act="calls.pass_on", shown=False),
        Key("f7,U", label("Customer's file pocket"), action="pocket", shown=False),
    )
    DEFAULT_CSS = """
    DispatchScreen Horizontal { height: 1fr; }
    DispatchScreen #list { width: 48%; min-width: 36; }
    DispatchScreen #side { width: 1fr; height: 1fr; border-left: solid $foreground 40%; padding: 0 0 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._road = False
        self._side = Side()
        self._sending = False

    def compose_body(self) -> Iterable[Widget]:
        """Two columns."""
        yield Horizontal(self.make_list(), Static(id="side", markup=False))

    def columns(self) -> tuple[Column[Entry], ...]:
        """Number, customer, time left; who and where instead, for what is on the road."""
        title = self.words(label("On road") if self._road else label("Waiting"))
        return (
            number_column(title),
            Column("customer", "", 8, customer_of, flexible=True),
            Column("text", "", 19 if self._road else 17, lambda entry: entry.text, flexible=self._road),
        )

    # Reading

    def gather(self, look: Look) -> Gathered:
        """What waits or is on the road."""
        return gather_board(look, self.words, road=self._road)

    def empty_text(self) -> str:
        """What to do where nothing stands on the left."""
        if self._road:
            return label("Nobody is on the road. w shows what waits.")
        return label("Nothing waits. w shows what is on the road.")

    async def read_again(self) -> None:
        """The left column, then the right one."""
        await super().read_again()
        self._read_side()

    def on_register_list_highlighted(self) -> None:
        """Another call: rank for it."""
        self._read_side()

    def _read_side(self) -> None:
        if self.door.actor is not NOBODY:
            begin(self, self._show_side, exclusive=True, group="side")

    async def _show_side(self) -> None:
        call = self.entry.line.call if self.entry is not None else None
        with suppress(Refused):  # the left column says why nothing can be read
            self._side = await self.door.look(lambda look: gather_side(look, call))
            self._paint_side()

    def _paint_side(self) -> None:
        side = self.query_one("#side", Static)
        width, height = side.content_size
        if width and height:
            side.update(Content("\n".join(side_lines(self._side, self.words, width, height))))

    def on_resize(self, event: events.Resize) -> None:
        """Share out both columns anew."""
        super().on_resize(event)
        self.call_after_refresh(self._paint_side)

    # Sending

    def on_key(self, event: events.Key) -> None:
        """A digit sends the candidate that stands beside it."""
        if event.key in DIGITS:
            event.stop()
            event.prevent_default()
            self._send(int(event.key))

    def _send(self, digit: int) -> None:
        rows, entry = self.rows_acted_on(), self.entry
        if self._sending:
            return
        if not rows or entry is None:
            self.desk.refuse(Refused(say("Nothing stands here to send anybody to; 0 lists the desks.")))
            return
        if self._side.call is None or self._side.call.number != entry.line.call.number:
            self.desk.refuse(Refused(say("The technicians are still being ranked: press the digit again.")))
            return
        if digit > len(self._side.candidates):
            self.desk.refuse(Refused(say("There is no technician {digit} here.", digit=digit)))
            return
        technician = self._side.candidates[digit - 1].technician.login
        reassigned = all(row.state == DISPATCHED for row in rows)
        act = "calls.reassign" if reassigned else "calls.dispatch"
        why = next((why for row in rows if (why := refusal(act, self.door.actor, row)) is not None), None)
        if why is not None:
            self.desk.refuse(Refused(why))
        elif reassigned:  # it wants a reason
            self.desk.start_act(self, act, tuple(rows), {"technician": technician})
        else:
            self._sending = True
            self.run_worker(self._dispatch(tuple(rows), technician), group="send")

    async def _dispatch(self, rows: Sequence[CallRow], technician: str) -> None:
        from servicedesk.acts.act import Target

        try:
            targets = [Target(row.number, row.version) for row in rows]
            done = await self.door.perform("calls.dispatch", targets, {"technician": technician}, uuid.uuid4().hex)
        except Refused as refused:
            self.desk.refuse(refused)
        else:
            self.desk.say(done.sentence)
            self.lines.clear_marks()
        finally:
            self._sending = False
        self.refresh_rows()

    # Keys

    def action_turn(self) -> None:
        """Between what waits and what is on the road."""
        self._road = not self._road
        self.gathered = Gathered(())
        self.lines.open_query(self._load)
        self.refresh_rows()

    def action_mark(self) -> None:
        """Mark the line under the cursor."""
        self.lines.action_mark()

    def action_team(self) -> None:
        """The technicians: absences and shifts."""
        from servicedesk.tui.screens.team import TeamScreen

        self.app.push_screen(TeamScreen())

    def action_tellings(self) -> None:
        """The customers to be told."""
        from servicedesk.tui.screens.tellings import TellingsScreen

        self.app.push_screen(TellingsScreen())

    def action_overnight(self) -> None:
        """The vouchers that were not back when the day closed."""
        from servicedesk.tui.screens.overnight import OvernightScreen

        self.app.push_screen(OvernightScreen())
