"""Acts on a line that leave it where it is: correct, attach, tell, reschedule; and cancel, pass on (D32, D39, D41)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.common import (
    CALLS,
    change,
    hand_in,
    holds,
    keep_old,
    no_other_open,
    not_before,
    not_in_future,
    numbers,
    tell,
)
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry, Nothing
from servicedesk.domain.calls import (
    ARRIVED,
    CANCEL_REASONS,
    CANCELLED,
    CHANNELS,
    DISPATCHED,
    LOGGED,
    REVISIT,
    UNTIMED_CHANNELS,
    CallRow,
    judged_by,
)
from servicedesk.domain.clocks import due
from servicedesk.domain.rights import SUPERVISOR
from servicedesk.domain.telephones import normalise
from servicedesk.domain.words import Refused, label, say
from servicedesk.domain.zones import ZONES

TELL_WAYS = {"telephone": label("telephone"), "message": label("message"), "in_person": label("in person")}
CORRECTABLE = (
    "called_at",
    "channel",
    "customer_name",
    "caller",
    "telephone",
    "address",
    "zone",
    "symptom",
    "remarks",
)


class Correct(Entry):
    """The columns that may be corrected; each old value is kept."""

    called_at: Annotated[datetime, Ask(label("Called at"), "moment", row=1)]
    channel: Annotated[str, Ask(label("Channel"), "choice", options=CHANNELS, row=1)]
    customer_name: Annotated[str, Ask(label("Customer"), row=2)]
    caller: Annotated[str, Ask(label("Contact"), row=2)] = ""
    telephone: Annotated[str, Ask(label("Telephone"))]
    address: Annotated[str, Ask(label("Address"))]
    zone: Annotated[str, Ask(label("Zone"), "choice", options=ZONES)]
    symptom: Annotated[str, Ask(label("Symptom"))]
    remarks: Annotated[str, Ask(label("Remarks"))] = ""
    reason: Annotated[str, Ask(label("Reason"))]


class Attach(Entry):
    """What the customer said when ringing again."""

    words: Annotated[str, Ask(label("What the customer said"))] = ""


class Tell(Entry):
    """Who was told, how and when."""

    whom: Annotated[str, Ask(label("Told to"))]
    how: Annotated[str, Ask(label("How"), "choice", options=TELL_WAYS)] = "telephone"
    told_at: Annotated[datetime, Ask(label("Told at"), "moment")]


class Reschedule(Entry):
    """The new appointment, and why."""

    appointment_at: Annotated[datetime, Ask(label("Appointment"), "moment")]
    reason: Annotated[str, Ask(label("Reason"))]
    customer_asked: Annotated[bool, Ask(label("The customer asked for it"), "flag")] = True


class Cancel(Entry):
    """A reason from the list; "other" wants a note."""

    reason: Annotated[str, Ask(label("Reason"), "choice", options=CANCEL_REASONS)]
    note: Annotated[str, Ask(label("Note"))] = ""


class PassOn(Entry):
    """The unit that takes the call over, and why."""

    unit: Annotated[str, Ask(label("Unit"), "lookup", lookup="units")]
    reason: Annotated[str, Ask(label("Reason"))]


def as_it_stands(look: Look, rows: Sequence[CallRow], values: Mapping[str, Any]) -> Prepared:
    """The form opens with what the line says."""
    return Prepared(derived={name: getattr(rows[0], name) for name in CORRECTABLE})


def to_the_caller(look: Look, rows: Sequence[CallRow], values: Mapping[str, Any]) -> Prepared:
    """Who rang is told now, unless somebody else answered or it is entered afterwards."""
    return Prepared(derived={"whom": rows[0].caller or rows[0].customer_name, "told_at": look.now})


@act("calls.correct", Correct, book=CALLS, prepare=as_it_stands)
def correct(desk: Desk, rows: Sequence[CallRow], entry: Correct) -> Done:
    """Correct the line; what it said before is kept, dated, with who and why (D32, D37)."""
    row = rows[0]
    not_in_future(desk, "called_at", entry.called_at)
    for later in (row.logged_at, row.arrived_at or row.logged_at):
        not_before("called_at", later, entry.called_at, label("when the customer called"))
    new = {name: getattr(entry, name) for name in CORRECTABLE}
    new["telephone"] = _digits(entry.telephone)
    changed = {name: value for name, value in new.items() if value != getattr(row, name)}
    if not changed:
        raise Refused(say("Nothing was changed."))
    for name, value in changed.items():
        keep_old(desk, row, name, getattr(row, name), value, entry.reason)
    change(desk, row, **changed, **_new_due(desk, row, new, changed))
    return Done(say("{number} corrected.", number=row.number), numbers(rows))


def _new_due(desk: Desk, row: CallRow, new: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """The due time again, where what it follows from was corrected before the arrival."""
    if row.arrived_at is not None or not {"called_at", "zone", "channel"} & set(changed):
        return {}
    if new["channel"] in UNTIMED_CHANNELS:
        return {"due_at": None, "judged_by": None}
    unit = desk.unit(row.unit)
    due_at = due(desk.calendar(row.unit), new["called_at"], unit.arrival_limit(new["zone"]))
    return {"due_at": due_at, "judged_by": judged_by(due_at, row.asked_for)}


def _digits(typed: str) -> str:
    try:
        return normalise(typed)
    except Refused as refused:
        raise Refused(refused.sentence, field="telephone", kind="field") from None


@act("calls.attach", Attach, book=CALLS)
def attach(desk: Desk, rows: Sequence[CallRow], entry: Attach) -> Done:
    """The customer rings again: one open call per product, urged once more (D41)."""
    from servicedesk.store import tables

    row = rows[0]
    desk.store.add(tables.Urge, call_id=row.id, at=desk.now, by_id=desk.actor.id, words=entry.words)
    change(desk, row, urges=row.urges + 1)
    return Done(say("{number} urged; {count} times now.", number=row.number, count=row.urges + 1), numbers(rows))


@act("calls.reveal", Nothing, book=CALLS)
def reveal(desk: Desk, rows: Sequence[CallRow], entry: Nothing) -> Done:
    """Telephone and address in full for somebody who does not work on the call; that it was asked is logged (§1.7)."""
    row = rows[0]
    return Done(
        say(
            "{customer}: {telephone}, {address}",
            customer=row.customer_name,
            telephone=row.telephone,
            address=row.address,
        ),
        numbers(rows),
    )


@act("calls.tell", Tell, book=CALLS, prepare=to_the_caller)
def told(desk: Desk, rows: Sequence[CallRow], entry: Tell) -> Done:
    """The customer was told that the visit is late, moved or reassigned."""
    from servicedesk.store import calls, tables

    row = rows[0]
    not_in_future(desk, "told_at", entry.told_at)
    not_before("told_at", entry.told_at, row.called_at, label("when the customer called"))
    waiting = [telling.id for telling in calls.tellings(desk.store, row.id) if telling.told_at is None]
    if not waiting and row.late(desk.now):
        # Nobody writes that a visit has become late: the clock puts the customer on the list.
        waiting = [desk.store.add(tables.Telling, call_id=row.id, reason="late", since=row.judged_by)]
    if not waiting:
        raise Refused(say("There is nothing to tell the customer of {number}.", number=row.number))
    for telling in waiting:
        desk.store.change(
            tables.Telling,
            telling,
            told_at=entry.told_at,
            told_by=desk.actor.id,
            told_whom=entry.whom,
            told_how=entry.how,
        )
    change(desk, row)
    return Done(say("{whom} was told about {number}.", whom=entry.whom, number=row.number), numbers(rows))


@act("calls.reschedule", Reschedule, book=CALLS)
def reschedule(desk: Desk, rows: Sequence[CallRow], entry: Reschedule) -> Done:
    """A new appointment; it moves the deadline only when the customer asked for it (D24), never after arrival (D25)."""
    row = rows[0]
    if entry.appointment_at <= desk.now:
        raise Refused(say("{at} has passed: enter a time to come.", at=entry.appointment_at), field="appointment_at")
    values: dict[str, Any] = {"appointment_at": entry.appointment_at}
    if not entry.customer_asked:
        tell(desk, row, "moved")
    elif row.arrived_at is None:
        values["judged_by"] = judged_by(row.due_at, entry.appointment_at)
    change(desk, row, **values)
    desk.note(row.number, reason=entry.reason)
    return Done(say("{number}: appointment {at}.", number=row.number, at=entry.appointment_at), numbers(rows))


@act("calls.cancel", Cancel, book=CALLS)
def cancel(desk: Desk, rows: Sequence[CallRow], entry: Cancel) -> Done:
    """The line stays, marked cancelled, with the reason; its number is never reused (D32)."""
    row = rows[0]
    if entry.reason == "other" and not entry.note:
        raise Refused(say("'other' needs a note."), field="note")
    if row.state != LOGGED:
        holds(desk, SUPERVISOR, row.unit)
    _end(desk, row, entry.reason, entry.note)
    return Done(say("{number} cancelled.", number=row.number), numbers(rows), ("calls.file",))


@act("calls.pass_on", PassOn, book=CALLS)
def pass_on(desk: Desk, rows: Sequence[CallRow], entry: PassOn) -> Done:
    """Another unit takes an undispatched call over: a new line there, cross-linked with the old number (D39)."""
    from servicedesk.acts.calls.log import copy_to
    from servicedesk.acts.units import named_unit

    row, unit = rows[0], named_unit(desk, entry.unit)
    if unit.code == row.unit:
        raise Refused(say("{number} is already with {unit}.", number=row.number, unit=row.unit), field="unit")
    no_other_open(desk, row)
    _end(desk, row, "passed_on", entry.reason)
    number = copy_to(desk, row, unit)
    change_passed(desk, row, number)
    return Done(
        say("{number} is now {new} with {unit}.", number=row.number, new=number, unit=unit.code), (row.number, number)
    )


def change_passed(desk: Desk, row: CallRow, number: str) -> None:
    """Write the new number on the old line."""
    from servicedesk.store import tables

    desk.store.change(tables.Call, row.id, passed_to=number)


def _end(desk: Desk, row: CallRow, reason: str, note: str) -> None:
    from servicedesk.store import dispatch, tables

    if row.state in (DISPATCHED, ARRIVED):
        visit = dispatch.active_visit(desk.store, row.id)
        desk.store.change(tables.Visit, visit.id, state="cancelled", reason=note or reason)
    before = row.state
    if row.state in (DISPATCHED, ARRIVED):
        before = LOGGED if row.arrived_at is None else REVISIT
    if row.state == DISPATCHED:
        hand_in(desk, row)
    change(desk, row, state=CANCELLED, state_before=before, cancel_reason=reason, cancel_note=note)
