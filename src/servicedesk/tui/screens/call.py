"""One call with its papers: the register's columns in order, visits, voucher, urges, corrections, who was told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from servicedesk.domain.calls import CANCEL_REASONS, CHANNELS, STATES, CallRow
from servicedesk.domain.charges import KINDS
from servicedesk.domain.charges import STATES as CHARGE_STATES
from servicedesk.domain.customers import HOLDERS
from servicedesk.domain.history import (
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
from servicedesk.domain.words import label, say
from servicedesk.domain.zones import ZONES
from servicedesk.tui.call_lines import TYPES, Line, address_of, lines_of, telephone_of
from servicedesk.tui.keys import Key
from servicedesk.tui.screens.call_page import FIRST_ACTS, MORE_KEYS, CallPage
from servicedesk.tui.screens.paper import SCROLL_KEYS, Part, ScrolledPage, side_by_side

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look

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


class CallScreen(ScrolledPage, CallPage):
    """The page of one call; while it is open others see so in their lists."""

    HEADING = label("Call")
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f2", label("New call"), act="calls.log", shown=False, bare=True),
        *(key._replace(shown=True) for key in MORE_KEYS[:2]),
        *FIRST_ACTS,
        Key("f8", label("Why"), action="why"),
        *(key for key in MORE_KEYS[2:] if key.action != "why"),
        *SCROLL_KEYS,
    )

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self._papers: Papers | None = None

    @property
    def row(self) -> CallRow | None:
        """The call; None until it is read."""
        return None if self._papers is None else self._papers.line.call

    async def read(self) -> bool:
        """Read the call and its papers in one transaction."""
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

        self._papers = await self.look_at(read, lambda papers: papers.line.call)
        return self._papers is not None

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

    # The page

    def parts(self) -> Iterator[Part]:
        """The columns of the register in their order, then what hangs on the call."""
        papers = self._papers
        if papers is None:
            return
        yield from self._register(papers)
        yield from self._visits(papers.visits)
        for entry in papers.entries:
            yield from self._entry(entry, papers.currency)
        yield from self._history(papers)

    def _register(self, papers: Papers) -> Iterator[Part]:
        words, row, actor = self.words, papers.line.call, self.door.actor
        yield (label("Called at"), f"{words.moment(row.called_at)}   {words(CHANNELS[row.channel])}")
        yield (label("Customer"), side_by_side(row.customer_name, row.customer, row.caller))
        yield (label("Telephone"), telephone_of(actor, row))
        yield (label("Address"), f"{address_of(actor, row)} ({words(ZONES[row.zone])})")
        yield (label("Product"), side_by_side(row.model_no, row.product_name, row.serial_no))
        yield (label("Symptom"), row.symptom)
        holder = words(HOLDERS.get(row.voucher_holder, row.voucher_holder))
        yield (label("Service type"), f"{words(TYPES[row.service_type])}   {words.joined((row.voucher, holder))}")
        if row.appointment_at is not None:
            yield (label("Appointment"), words.moment(row.appointment_at))
        if row.judged_by is not None:
            yield (label("Arrive by"), f"{words.moment(row.judged_by)}   {papers.line.due}")
        if row.dispatched_at is not None:
            yield (label("Dispatched"), f"{words.moment(row.dispatched_at)}   {row.technician_name}")
        if row.arrived_at is not None:
            yield (label("Arrived"), words.moment(row.arrived_at))
        if row.finished_at is not None:
            yield (label("Finished"), words.moment(row.finished_at))
        if row.fee:
            stands = words(CHARGE_STATES[row.charge])
            yield (label("Fee"), side_by_side(show_amount(row.fee, papers.currency), row.invoice_no, stands))
        if row.struck_off_at is not None:
            yield (label("Struck off"), f"{words.moment(row.struck_off_at)}   {row.struck_off_by}")
        if row.cancel_reason:
            yield (label("Cancelled"), words(CANCEL_REASONS[row.cancel_reason]))
        if row.repeat_of:
            yield (label("Repeat of"), row.repeat_of)
        if row.remarks:
            yield (label("Remarks"), row.remarks)

    def _visits(self, visits: Sequence[VisitRow]) -> Iterator[Part]:
        words = self.words
        for visit in visits:
            times = [words(say("sent {at}", at=visit.dispatched_at))]
            if visit.arrived_at is not None:
                times.append(words(say("arrived {at}", at=visit.arrived_at)))
            if visit.left_at is not None:
                times.append(words(say("left {at}", at=visit.left_at)))
            end = words(OUTCOMES[visit.outcome]) if visit.outcome in OUTCOMES else ""
            said = side_by_side(visit.technician_name, words.joined(times), end, visit.reason)
            yield (say("Visit {nth}", nth=visit.nth), said)

    def _entry(self, entry: EntryRow, currency: str) -> Iterator[Part]:
        words = self.words
        yield (label("Voucher entry"), side_by_side(words(OUTCOMES[entry.outcome]), entry.technician_name))
        yield from (
            (shown, text)
            for shown, text in (
                (label("Fault cause"), entry.cause),
                (label("Work done"), entry.work),
                (label("Parts"), words.joined(f"{name} {quantity}" for name, quantity in entry.parts)),
                (
                    label("Fees"),
                    words.joined(f"{words(KINDS[kind])} {show_amount(fee, currency)}" for kind, fee in entry.fees),
                ),
                (label("Signature"), side_by_side(words(SIGNATURES.get(entry.signature, "")), entry.signer)),
            )
            if text
        )

    def _history(self, papers: Papers) -> Iterator[Part]:
        words = self.words
        for urge in papers.urges:
            yield (label("Rang again"), side_by_side(words.moment(urge.at), urge.by_name, urge.words))
        for change in papers.corrections:
            became = self._change(change, papers.line.call)
            yield (label("Corrected"), side_by_side(words.moment(change.at), change.by_name, became))
        for telling in papers.tellings:
            why = words(TELL_REASONS.get(telling.reason, telling.reason))
            if telling.told_at is None:
                yield (label("! To be told"), side_by_side(why, words(say("since {at}", at=telling.since))))
            else:
                said = say("{whom} told {at}", whom=telling.told_whom, at=telling.told_at)
                yield (label("Told"), side_by_side(why, words(said)))

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
