"""A line of the call-in register as it is drawn: made of a row once when it is read, so that painting asks no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from servicedesk.domain.calls import ARRIVED, DISPATCHED, OPEN, STATES, CallRow
from servicedesk.domain.clocks import WorkingCalendar, left_in_words, time_left
from servicedesk.domain.customers import HOLDERS
from servicedesk.domain.masking import mask_address, mask_telephone
from servicedesk.domain.numbering import short
from servicedesk.domain.rights import SEES_CLEAR, Actor, sees
from servicedesk.domain.telephones import grouped
from servicedesk.domain.text import cells
from servicedesk.domain.words import Sentence, label, say
from servicedesk.domain.zones import ZONES
from servicedesk.locales import Words
from servicedesk.tui.columns import Column, fitted

TYPES: Mapping[str, str] = {"A": label("A paid"), "B": label("B contract"), "C": label("C free")}
ZONE_LETTERS: Mapping[str, str] = {"urban": label("U"), "suburban": label("S")}
CARRIED_OVER = label("carried over")
HAS_ARRIVED = label("arrived")
RIGHT_HALF = 42
_WEEK = timedelta(days=6)


class Seen(Protocol):
    """What making a line needs of a look at the books."""

    @property
    def actor(self) -> Actor: ...
    @property
    def now(self) -> datetime: ...
    def calendar(self, code: str) -> WorkingCalendar: ...
    def last_closing(self, code: str) -> datetime | None: ...


class Line(NamedTuple):
    """A row with what its columns say at the time it was read."""

    call: CallRow
    time: str
    due: str
    now: str
    late: bool
    open_by: str = ""
    elsewhere: str = ""
    """The call's unit, where it is not the person's own."""


def lines_of(look: Seen, words: Words, rows: Sequence[CallRow], open_by: Mapping[str, str]) -> list[Line]:
    """The lines of these rows now; runs in the reader's thread."""
    units = {row.unit for row in rows}
    calendars = {unit: look.calendar(unit) for unit in units}
    closings = {unit: look.last_closing(unit) for unit in units}
    return [
        _line(look, words, row, calendars[row.unit], closings[row.unit], open_by.get(row.number, "")) for row in rows
    ]


def _line(
    look: Seen, words: Words, row: CallRow, calendar: WorkingCalendar, closing: datetime | None, open_by: str
) -> Line:
    now = words(now_of(row, closing, words))
    elsewhere = row.unit if row.unit != look.actor.unit else ""
    if elsewhere:
        now = f"{elsewhere} {now}"
    if open_by:
        now = f"{now} · {open_by}"
    due = due_of(row, calendar, look.now)
    return Line(row, _time(words, row.called_at, look.now), words(due), now, row.late(look.now), open_by, elsewhere)


def due_of(row: CallRow, calendar: WorkingCalendar, now: datetime) -> Sentence:
    """The time left until arrival as a word and a number; what replaces it once somebody has arrived."""
    if row.state not in OPEN:
        return Sentence("")
    if row.arrived_at is not None:
        return Sentence(HAS_ARRIVED)
    if row.judged_by is None:
        return Sentence("")
    return left_in_words(time_left(calendar, now, row.judged_by))


def now_of(row: CallRow, closing: datetime | None, words: Words) -> Sentence:
    """Where the call stands, in words: its state, or who has it; `closing` is the unit's last one."""
    if row.state == DISPATCHED:
        return say("{name}, sent", name=row.technician_name)
    if row.state == ARRIVED and row.arrived_at is not None:
        return say("{name}, {time}", name=row.technician_name, time=words.time(row.arrived_at))
    if row.carried_over(closing):
        return Sentence(CARRIED_OVER)
    return Sentence(STATES[row.state])


def _time(words: Words, at: datetime, now: datetime) -> str:
    local, today = at.astimezone(words.zone), now.astimezone(words.zone).date()
    if local.date() == today:
        return words.time(at)
    if today - local.date() <= _WEEK:
        return words.weekday(local)
    return f"{local:%m-%d}"


def columns(words: Words) -> tuple[Column[Line], ...]:
    """The columns of the register in the paper's order."""
    return (
        Column("number", f" {words(label('No.'))}", 10, lambda line: _mark(line) + short(line.call.number)),
        Column("time", words(label("Time")), 5, lambda line: line.time),
        Column("customer", words(label("Customer")), 16, lambda line: line.call.customer_name, flexible=True),
        Column("model", words(label("Model")), 12, lambda line: line.call.model_no),
        Column("type", words(label("T")), 2, lambda line: line.call.service_type),
        Column("zone", words(label("Z")), 2, lambda line: words(ZONE_LETTERS[line.call.zone])),
        Column("due", words(label("Due")), 11, lambda line: line.due),
        Column("now", words(label("Now")), 14, lambda line: line.now, flexible=True),
    )


def _mark(line: Line) -> str:
    return "!" if line.late else " "


def line_style(line: Line) -> str:
    """Colour repeats what the words say: late ones are bold, closed ones dim."""
    if line.late:
        return "bold red"
    return "dim" if line.call.state not in OPEN else ""


def telephone_of(actor: Actor, row: CallRow) -> str:
    """The telephone as this person may see it."""
    return grouped(row.telephone) if sees(actor, SEES_CLEAR, row) else mask_telephone(row.telephone)


def address_of(actor: Actor, row: CallRow) -> str:
    """The address as this person may see it."""
    return row.address if sees(actor, SEES_CLEAR, row) else mask_address(row.address)


def in_full(words: Words, actor: Actor, line: Line, width: int) -> tuple[str, str, str]:
    """The line under the cursor in full: who, where and what on the left; type, voucher and promise on the right."""
    row = line.call
    right = (_type(words, row), _voucher(words, row), _promise(words, row))
    zone = words(say("{address} ({zone})", address=address_of(actor, row), zone=Sentence(ZONES[row.zone])))
    left = (f"{row.number}  {row.customer_name}  {telephone_of(actor, row)}", zone, row.symptom)
    if line.open_by:
        left = (left[0], left[1], words(say("{name} has it open.", name=line.open_by)) + f" {row.symptom}")
    first, second, third = (_side_by_side(text, other, width) for text, other in zip(left, right, strict=True))
    return first, second, third


def _side_by_side(left: str, right: str, width: int) -> str:
    """Both where they have room: the right one begins at the same place in every line, earlier only if it must."""
    room = max(RIGHT_HALF, cells(left) + 2) if cells(left) + 2 + cells(right) <= width else width - cells(right)
    return f"{fitted(left, max(0, min(room, width - cells(right)) - 1))} {right}"


def _type(words: Words, row: CallRow) -> str:
    parts = [words(TYPES[row.service_type])]
    if row.urges:
        parts.append(words(say("urged {count}", count=row.urges)))
    if row.repeat_of:
        parts.append(words(say("repeat of {number}", number=short(row.repeat_of))))
    return words.joined(parts)


def _voucher(words: Words, row: CallRow) -> str:
    holder = words(HOLDERS.get(row.voucher_holder, row.voucher_holder))
    return words(say("voucher {number}, {holder}", number=row.voucher, holder=holder))


def _promise(words: Words, row: CallRow) -> str:
    if row.state not in OPEN:
        closed = row.struck_off_at or row.changed_at
        state = words(STATES[row.state])
        return state if closed is None else f"{state} {words.moment(closed)}"
    if row.arrived_at is not None:
        return words(say("arrived {at}", at=row.arrived_at))
    if row.judged_by is None:
        return words(say("no arrival clock"))
    return words(say("arrive by {due} · F8 why", due=row.judged_by))
