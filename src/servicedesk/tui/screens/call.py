"""One call with its papers: the register's columns in order, visits, voucher, urges, corrections, who was told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.containers import VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from servicedesk.domain.calls import CANCEL_REASONS, CHANNELS, STATES, CallRow
from servicedesk.domain.customers import HOLDERS
from servicedesk.domain.history import (
    FEE_KINDS,
    OUTCOMES,
    SIGNATURES,
    TELL_REASONS,
    CorrectionRow,
    EntryRow,
    TellingRow,
    UrgeRow,
    VisitRow,
)
from servicedesk.domain.masking import HIDDEN
from servicedesk.domain.money import show_amount
from servicedesk.domain.rights import SEES_CALLS, SEES_CLEAR, sees
from servicedesk.domain.text import cells
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.domain.zones import ZONES
from servicedesk.tui.background import begin
from servicedesk.tui.call_lines import TYPES, Line, address_of, lines_of, telephone_of
from servicedesk.tui.columns import on_one_line
from servicedesk.tui.keys import Key
from servicedesk.tui.screens.call_page import FIRST_ACTS, MORE_KEYS, CallPage

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.store.session import Writing

HEARTBEAT = 60.0
COLUMNS: Mapping[str, str] = {
    "called_at": label("Called at"),
    "channel": label("Channel"),
    "customer_name": label("Customer"),
    "caller": label("Contact"),
    "telephone": label("Telephone"),
    "address": label("Address"),
    "zone": label("Zone"),
    "symptom": label("Symptom"),
    "remarks": label("Remarks"),
}
CODES: Mapping[str, Mapping[str, str]] = {"channel": CHANNELS, "zone": ZONES}
LABEL_CELLS = 14


@dataclass(frozen=True)
class Papers:
    """A call with everything that hangs on it, read in one transaction."""

    line: Line
    visits: list[VisitRow]
    entries: list[EntryRow]
    urges: list[UrgeRow]
    corrections: list[CorrectionRow]
    tellings: list[TellingRow]
    currency: str


class CallScreen(CallPage):
    """The page of one call; while it is open others see so in their lists."""

    HEADING = label("Call")
    DETAIL_ROWS = 0
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f2", label("New call"), act="calls.log", shown=False, bare=True),
        *(replace(key, shown=True) for key in MORE_KEYS[:2]),
        *FIRST_ACTS,
        Key("f8", label("Why"), action="why"),
        *(key for key in MORE_KEYS[2:] if key.action != "why"),
        Key("up,k", label("Up"), action="scroll(-1)", shown=False),
        Key("down,j", label("Down"), action="scroll(1)", shown=False),
        Key("pageup", label("Page before"), action="scroll(-15)", shown=False),
        Key("pagedown", label("Next page"), action="scroll(15)", shown=False),
    )

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number
        self._papers: Papers | None = None
        self._beat: Timer | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The page scrolls where it is longer than the screen."""
        return (VerticalScroll(Static(id="papers", markup=False), id="page", can_focus=False),)

    def on_mount(self) -> None:
        """Read it, and say that it is open."""
        super().on_mount()
        self._beat = self.set_interval(HEARTBEAT, self._tell_others)
        self._tell_others()

    def on_unmount(self) -> None:
        """Say that it is no longer open."""
        self._write_presence(stays=False)

    def _tell_others(self) -> None:
        self._write_presence(stays=True)

    def _write_presence(self, *, stays: bool) -> None:
        staff, number, now = self.door.actor.id, self.number, self.door.now()

        def write(writing: Writing) -> None:
            from servicedesk.store import places

            if stays:
                places.open_line(writing, staff, number, now)
            else:
                places.leave_line(writing, staff, number)

        self.desk.write_aside(write)

    def refresh_rows(self) -> None:
        """Read the call and its papers again."""
        begin(self, self._read, exclusive=True, group="papers")

    async def _read(self) -> None:
        words, number = self.words, self.number

        def read(look: Look) -> Papers | None:
            from servicedesk.store import calls, places

            row = calls.one(look.store, number)
            if row is None or not sees(look.actor, SEES_CALLS, row):
                return None
            open_by = places.open_by_others(look.store, look.actor.id, look.now)
            return Papers(
                lines_of(look, words, [row], open_by)[0],
                calls.visits(look.store, row.id),
                calls.entries(look.store, row.id),
                calls.urges(look.store, row.id),
                calls.corrections(look.store, row.id),
                calls.tellings(look.store, row.id),
                look.unit(row.unit).currency,
            )

        try:
            self._papers = await self.door.look(read)
            if self._papers is None:
                raise Refused(say("There is no {number} in the books that you may see.", number=number))
        except Refused as refused:
            self.show_static("#papers", Content(words(refused.sentence)))
        self.show_page()

    def show_page(self) -> None:
        """Paint the page as well: its lines are broken where the screen ends."""
        super().show_page()
        if self.is_mounted and self._papers is not None:
            self.show_static("#papers", Content("\n".join(self._lines(self._papers))))

    def rows_acted_on(self) -> Sequence[CallRow]:
        """The call of this page."""
        return () if self._papers is None else (self._papers.line.call,)

    def title_text(self) -> str:
        """Number, customer, state, time left."""
        if self._papers is None:
            return f"{self.words(self.HEADING)} {self.number}"
        line = self._papers.line
        parts = [line.call.number, line.call.customer_name, self.words(STATES[line.call.state])]
        if line.due and line.call.arrived_at is None:
            parts.append(f"! {line.due}" if line.late else line.due)
        if line.open_by:
            parts.append(self.words(say("{name} has it open.", name=line.open_by)))
        return "   ".join(parts)

    def action_scroll(self, lines: int) -> None:
        """Move the page."""
        self.query_one("#page", VerticalScroll).scroll_relative(y=lines, animate=False)

    # The page

    def _lines(self, papers: Papers) -> Iterator[str]:
        yield from self._register(papers)
        yield from self._visits(papers.visits)
        for entry in papers.entries:
            yield from self._entry(entry, papers.currency)
        yield from self._history(papers)

    def _register(self, papers: Papers) -> Iterator[str]:
        words, row, actor = self.words, papers.line.call, self.door.actor
        yield self._field(label("Called at"), f"{words.moment(row.called_at)}   {words(CHANNELS[row.channel])}")
        yield self._field(label("Customer"), _joined(row.customer_name, row.customer, row.caller))
        yield self._field(label("Telephone"), telephone_of(actor, row))
        yield self._field(label("Address"), f"{address_of(actor, row)} ({words(ZONES[row.zone])})")
        yield self._field(label("Product"), _joined(row.model_no, row.product_name, row.serial_no))
        yield self._field(label("Symptom"), row.symptom)
        holder = words(HOLDERS.get(row.voucher_holder, row.voucher_holder))
        yield self._field(
            label("Service type"), f"{words(TYPES[row.service_type])}   {words.joined((row.voucher, holder))}"
        )
        if row.appointment_at is not None:
            yield self._field(label("Appointment"), words.moment(row.appointment_at))
        if row.judged_by is not None:
            yield self._field(label("Arrive by"), f"{words.moment(row.judged_by)}   {papers.line.due}")
        if row.dispatched_at is not None:
            yield self._field(label("Dispatched"), f"{words.moment(row.dispatched_at)}   {row.technician_name}")
        if row.arrived_at is not None:
            yield self._field(label("Arrived"), words.moment(row.arrived_at))
        if row.finished_at is not None:
            yield self._field(label("Finished"), words.moment(row.finished_at))
        if row.fee:
            settled = words(label("settled") if row.fee_settled else label("to be collected or invoiced"))
            yield self._field(label("Fee"), f"{show_amount(row.fee, papers.currency)}   {row.invoice_no} {settled}")
        if row.struck_off_at is not None:
            yield self._field(label("Struck off"), f"{words.moment(row.struck_off_at)}   {row.struck_off_by}")
        if row.cancel_reason:
            yield self._field(label("Cancelled"), words(CANCEL_REASONS[row.cancel_reason]))
        if row.repeat_of:
            yield self._field(label("Repeat of"), row.repeat_of)
        if row.remarks:
            yield self._field(label("Remarks"), row.remarks)

    def _visits(self, visits: Sequence[VisitRow]) -> Iterator[str]:
        words = self.words
        for visit in visits:
            times = [words(say("sent {at}", at=visit.dispatched_at))]
            if visit.arrived_at is not None:
                times.append(words(say("arrived {at}", at=visit.arrived_at)))
            if visit.left_at is not None:
                times.append(words(say("left {at}", at=visit.left_at)))
            end = words(OUTCOMES[visit.outcome]) if visit.outcome in OUTCOMES else ""
            said = _joined(visit.technician_name, words.joined(times), end, visit.reason)
            yield self._field(words(say("Visit {nth}", nth=visit.nth)), said)

    def _entry(self, entry: EntryRow, currency: str) -> Iterator[str]:
        words = self.words
        yield self._field(label("Voucher entry"), _joined(words(OUTCOMES[entry.outcome]), entry.technician_name))
        yield from (
            self._field(shown, text)
            for shown, text in (
                (label("Fault cause"), entry.cause),
                (label("Work done"), entry.work),
                (label("Parts"), words.joined(f"{name} {quantity}" for name, quantity in entry.parts)),
                (
                    label("Fees"),
                    words.joined(f"{words(FEE_KINDS[kind])} {show_amount(fee, currency)}" for kind, fee in entry.fees),
                ),
                (label("Signature"), _joined(words(SIGNATURES.get(entry.signature, "")), entry.signer)),
            )
            if text
        )

    def _history(self, papers: Papers) -> Iterator[str]:
        words = self.words
        for urge in papers.urges:
            yield self._field(label("Rang again"), _joined(words.moment(urge.at), urge.by_name, urge.words))
        for change in papers.corrections:
            became = self._change(change, papers.line.call)
            yield self._field(label("Corrected"), _joined(words.moment(change.at), change.by_name, became))
        for telling in papers.tellings:
            why = words(TELL_REASONS.get(telling.reason, telling.reason))
            if telling.told_at is None:
                yield self._field(label("! To be told"), _joined(why, words(say("since {at}", at=telling.since))))
            else:
                said = say("{whom} told {at}", whom=telling.told_whom, at=telling.told_at)
                yield self._field(label("Told"), _joined(why, words(said)))

    def _change(self, change: CorrectionRow, row: CallRow) -> str:
        """`Address: old > new`; hidden from whom the address itself is."""
        words, before, after = self.words, change.before, change.after
        if change.column in ("telephone", "address") and not sees(self.door.actor, SEES_CLEAR, row):
            before = after = HIDDEN
        elif change.column == "called_at":
            before, after = (words.moment(datetime.fromisoformat(text)) for text in (before, after))
        elif change.column in CODES:
            before, after = (words(CODES[change.column].get(text, text)) for text in (before, after))
        return f"{words(COLUMNS.get(change.column, change.column))}: {before or '-'} > {after or '-'}"

    def _field(self, shown: str, text: str) -> str:
        name = self.words(Sentence(shown))
        room = max(20, self.size.width - LABEL_CELLS - 3)
        lines = [line.plain for line in Text(on_one_line(text)).wrap(self.app.console, room)]
        indented = f"\n{' ' * LABEL_CELLS}".join(lines)
        return name + " " * max(1, LABEL_CELLS - cells(name)) + indented


def _joined(*parts: str) -> str:
    return "  ".join(part for part in parts if part)
