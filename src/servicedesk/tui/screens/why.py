"""F8: how the due time of a call comes about, stretch by stretch (003 Art. 16)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from servicedesk.domain.calls import CallRow
from servicedesk.domain.clocks import LedgerLine, ledger, left_in_words, promise, time_left
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.domain.zones import ZONES
from servicedesk.tui.background import begin
from servicedesk.tui.columns import on_one_line
from servicedesk.tui.keys import Key
from servicedesk.tui.screen import DeskScreen

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look


class WhyScreen(DeskScreen):
    """The ledger of one call's arrival clock."""

    HEADING = label("Why this time")
    DETAIL_ROWS = 0
    KEYS: ClassVar[tuple[Key, ...]] = (Key("escape,f8", label("Back"), action="back", id="why.back"),)

    def __init__(self, call: CallRow) -> None:
        super().__init__()
        self._call = call

    def title_text(self) -> str:
        """Of which call."""
        return f"{self.words(self.HEADING)}   {self._call.number}   {self._call.customer_name}"

    def compose_body(self) -> Iterable[Widget]:
        """The lines of the ledger."""
        return (VerticalScroll(Static(id="ledger", markup=False), id="page"),)

    def refresh_rows(self) -> None:
        """Work it out."""
        begin(self, self._read, exclusive=True)

    async def _read(self) -> None:
        try:
            lines = await self.door.look(self._lines)
        except Refused as refused:
            lines = [self.words(refused.sentence)]
        self.show_static("#ledger", Content("\n".join(map(on_one_line, lines))))

    def _lines(self, look: Look) -> list[str]:
        words, call = self.words, self._call
        if call.due_at is None:
            return [words(say("This call has no arrival clock: nobody has to come, or a contract plans the visit."))]
        calendar, limit = look.calendar(call.unit), look.unit(call.unit).arrival_limit(call.zone)
        told, because = promise(calendar, call.called_at, call.due_at, ZONES[call.zone], limit)
        lines = [words(because), words(say("To say: “{promise}”", promise=told)), ""]
        total = 0
        for line in ledger(calendar, call.called_at, limit):
            total += line.minutes
            lines.append(self._line(line, total))
        lines.append("")
        if call.appointment_at is not None:
            lines.append(words(say("Appointment {at}.", at=call.appointment_at)))
        if call.judged_by is not None and call.judged_by != call.due_at:
            lines.append(words(say("The customer asked for it: the arrival is judged by {at}.", at=call.judged_by)))
        if call.arrived_at is not None:
            lines.append(words(say("Arrived {at}.", at=call.arrived_at)))
        elif call.judged_by is not None:
            lines.append(words(left_in_words(time_left(calendar, look.now, call.judged_by))))
        return lines

    def _line(self, line: LedgerLine, total: int) -> str:
        words = self.words
        span = f"{words.moment(line.begins)} - {words.moment(line.ends)}"
        reason = words(Sentence(line.reason))
        if line.notes:
            reason = f"{reason} ({', '.join(line.notes)})"
        if not line.minutes:
            return f"{span}          {reason}"
        return f"{span}   {_hours(line.minutes):>5}  {reason}, {words(say('together {hours}', hours=_hours(total)))}"


def _hours(minutes: int) -> str:
    return f"{minutes // 60}h{minutes % 60:02}"
