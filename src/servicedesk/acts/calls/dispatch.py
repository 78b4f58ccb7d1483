"""Dispatch: pull the voucher, send a technician, recall, reassign (003 Art. 5-6, 15-16; states §5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.common import CALLS, change, move_voucher, numbers, tell
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry, Nothing
from servicedesk.domain.calls import DISPATCHED, LOGGED, REVISIT, CallRow
from servicedesk.domain.dispatch import TechnicianRow
from servicedesk.domain.words import Refused, label, say


class Dispatch(Entry):
    """Who is sent."""

    technician: Annotated[str, Ask(label("Technician"), "lookup", lookup="technicians")]


class Reassign(Entry):
    """Who is sent instead, and why."""

    technician: Annotated[str, Ask(label("Technician"), "lookup", lookup="technicians")]
    reason: Annotated[str, Ask(label("Reason"))]


class Recall(Entry):
    """Why the technician is called off."""

    reason: Annotated[str, Ask(label("Reason"))]


def technician_of(look: Look, row: CallRow, login: str) -> TechnicianRow:
    """The technician of the call's unit who is on duty now.

    Raises:
        Refused: on the field, for a stranger to the unit or somebody who is absent.
    """
    from servicedesk.store import dispatch

    found = dispatch.technician(look.store, login, look.now)
    if found is None or found.unit != row.unit:
        raise Refused(say("{login} is not a technician of {unit}.", login=login, unit=row.unit), field="technician")
    if found.absent:
        raise Refused(say("{name} is absent: {reason}.", name=found.name, reason=found.absent), field="technician")
    return found


def warn_overlap(look: Look, rows: Sequence[CallRow], values: Mapping[str, Any]) -> Prepared:
    """Say before sending that the technician is on another job; it is a warning, not a refusal."""
    from servicedesk.store import dispatch

    login = values.get("technician", "")
    busy = [row for row in dispatch.active_calls(look.store, login) if row.number not in numbers(rows)] if login else []
    return Prepared(
        notes=tuple(
            say("{name} already carries {number}.", name=row.technician_name, number=row.number) for row in busy[:3]
        )
    )


@act("calls.pull", Nothing, book=CALLS, many=True)
def pull(desk: Desk, rows: Sequence[CallRow], entry: Nothing) -> Done:
    """The clerk takes the voucher out of the file pocket (003 Art. 5)."""
    for row in rows:
        move_voucher(desk, row, "clerk")
        change(desk, row)
    return Done(say("Voucher pulled for {numbers}.", numbers=" ".join(numbers(rows))), next=("calls.dispatch",))


@act("calls.dispatch", Dispatch, book=CALLS, prepare=warn_overlap, many=True)
def dispatch(desk: Desk, rows: Sequence[CallRow], entry: Dispatch) -> Done:
    """Send a technician with the voucher; the supervisor only (003 Art. 5-6)."""
    technician = technician_of(desk, rows[0], entry.technician)
    for row in rows:
        technician_of(desk, row, entry.technician)
        _send(desk, row, technician)
    return Done(
        say("{name} is sent to {numbers}.", name=technician.name, numbers=" ".join(numbers(rows))), numbers(rows)
    )


@act("calls.reassign", Reassign, book=CALLS, prepare=warn_overlap, many=True)
def reassign(desk: Desk, rows: Sequence[CallRow], entry: Reassign) -> Done:
    """Send another technician, before arrival only; the old visit stays with its reason."""
    technician = technician_of(desk, rows[0], entry.technician)
    for row in rows:
        if row.technician == entry.technician:
            raise Refused(
                say("{name} already has {number}.", name=technician.name, number=row.number), field="technician"
            )
        technician_of(desk, row, entry.technician)
        _end_visit(desk, row, "reassigned", entry.reason)
        _send(desk, row, technician)
        tell(desk, row, "reassigned")
    return Done(
        say("{numbers} goes to {name} instead.", name=technician.name, numbers=" ".join(numbers(rows))), numbers(rows)
    )


@act("calls.recall", Recall, book=CALLS, many=True)
def recall(desk: Desk, rows: Sequence[CallRow], entry: Recall) -> Done:
    """Call the technician off before arrival; the voucher is back with the supervisor."""
    for row in rows:
        _end_visit(desk, row, "recalled", entry.reason)
        move_voucher(desk, row, "supervisor")
        before = REVISIT if row.arrived_at is not None else LOGGED
        change(desk, row, state=before, technician_id=None, dispatched_at=None)
        tell(desk, row, "recalled")
    return Done(say("{numbers} is called off and waits again.", numbers=" ".join(numbers(rows))), numbers(rows))


def _send(desk: Desk, row: CallRow, technician: TechnicianRow) -> None:
    from servicedesk.store import tables

    desk.store.add(
        tables.Visit, call_id=row.id, nth=row.visits + 1, technician_id=technician.id, dispatched_at=desk.now
    )
    move_voucher(desk, row, "technician", technician.id)
    change(desk, row, state=DISPATCHED, technician_id=technician.id, dispatched_at=desk.now, visits=row.visits + 1)


def _end_visit(desk: Desk, row: CallRow, state: str, reason: str) -> None:
    from servicedesk.store import dispatch, tables

    desk.store.change(tables.Visit, dispatch.active_visit(desk.store, row.id).id, state=state, reason=reason)
