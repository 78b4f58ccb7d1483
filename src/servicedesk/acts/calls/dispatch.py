"""Dispatch: pull the voucher, send a technician, recall, reassign (003 Art. 5-6, 15-16; states §5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.common import CALLS, change, hand_in, move_voucher, numbers, others_under_way, tell
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry, Line, Nothing, Situation
from servicedesk.domain.calls import DISPATCHED, LOGGED, REVISIT, CallRow
from servicedesk.domain.dispatch import TechnicianRow
from servicedesk.domain.numbering import short
from servicedesk.domain.rights import Held
from servicedesk.domain.words import Refused, Sentence, label, say


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


class MoveLine(Line):
    """Who takes over one visit: `1123-0029 liu`."""

    call: Annotated[str, Ask(label("Call"))]
    technician: Annotated[str, Ask(label("Technician"))]

    @classmethod
    def parse(cls, typed: str, situation: Situation) -> Mapping[str, Any]:
        """The call's number, whole or short, then the technician's login.

        Raises:
            Refused: where it is not two words.
        """
        words = typed.split()
        if len(words) != 2:
            raise Refused(say("'{typed}' is no move: write the call's number and a login, 1123-0029 liu.", typed=typed))
        return {"call": words[0], "technician": words[1]}


class StandDown(Entry):
    """Who takes over which visit of a technician who falls out, and why he does."""

    moves: Annotated[tuple[MoveLine, ...], Ask(label("Who takes over"), "lines")]
    reason: Annotated[str, Ask(label("Reason"))]


def technician_of(look: Look, row: Held, login: str) -> TechnicianRow:
    """The technician of the paper's unit who is on duty now.

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
    warning = _overlap(look, rows, values.get("technician", ""))
    return Prepared(notes=() if warning is None else (warning,))


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
    warning = _overlap(desk, rows, entry.technician)
    technician = technician_of(desk, rows[0], entry.technician)
    for row in rows:
        technician_of(desk, row, entry.technician)
        _with_the_voucher(desk, row, entry.technician)
        _send(desk, row, technician)
    sent = say("{name} is sent to {numbers}.", name=technician.name, numbers=" ".join(numbers(rows)))
    return Done(_with(sent, warning), numbers(rows))


@act("calls.reassign", Reassign, book=CALLS, prepare=warn_overlap, many=True)
def reassign(desk: Desk, rows: Sequence[CallRow], entry: Reassign) -> Done:
    """Send another technician, before arrival only; the old visit stays with its reason."""
    warning = _overlap(desk, rows, entry.technician)
    _together(desk, rows, dict.fromkeys(numbers(rows), entry.technician), "technician")
    for row in rows:
        technician = _move(desk, row, entry.technician, entry.reason, "technician")
    moved = say("{numbers} goes to {name} instead.", name=technician.name, numbers=" ".join(numbers(rows)))
    return Done(_with(moved, warning), numbers(rows))


@act("calls.stand_down", StandDown, book=CALLS, many=True)
def stand_down(desk: Desk, rows: Sequence[CallRow], entry: StandDown) -> Done:
    """Move the visits of a technician who falls out, each to whom it was proposed for: all of them or none."""
    technicians = _taken_over(rows, entry.moves)
    _together(desk, rows, technicians, "moves")
    moved = []
    for row in rows:
        technician = _move(desk, row, technicians[row.number], entry.reason, "moves")
        moved.append(say("{number} to {name}", number=short(row.number), name=technician.name))
    return Done(say("Moved: {moves}.", moves=tuple(moved)), numbers(rows))


@act("calls.recall", Recall, book=CALLS, many=True)
def recall(desk: Desk, rows: Sequence[CallRow], entry: Recall) -> Done:
    """Call the technician off before arrival; the voucher is back with the supervisor."""
    for row in rows:
        _end_visit(desk, row, "recalled", entry.reason)
        hand_in(desk, row)
        before = REVISIT if row.arrived_at is not None else LOGGED
        change(desk, row, state=before, technician_id=None, dispatched_at=None)
        tell(desk, row, "recalled")
    return Done(say("{numbers} is called off and waits again.", numbers=" ".join(numbers(rows))), numbers(rows))


def _taken_over(rows: Sequence[CallRow], moves: Sequence[MoveLine]) -> dict[str, str]:
    """Each call's new technician.

    Raises:
        Refused: where a call has none, or a line names a call that is not among them.
    """
    named = {form: row.number for row in rows for form in (row.number, short(row.number))}
    taken: dict[str, str] = {}
    for move in moves:
        if move.call not in named:
            raise Refused(say("{number} is not among the calls to move.", number=move.call), field="moves")
        taken[named[move.call]] = move.technician
    for row in rows:
        if row.number not in taken:
            raise Refused(say("Nobody is named for {number}.", number=row.number), field="moves")
    return taken


def _with_the_voucher(desk: Desk, row: CallRow, login: str) -> None:
    """A further entry goes to the technician who has the voucher (D41).

    Raises:
        Refused: for anybody else.
    """
    from servicedesk.store import dispatch

    carrier = dispatch.carrier(desk.store, row.voucher_id)
    if carrier is not None and carrier[0] != login:
        raise Refused(
            say(
                "Voucher {voucher} is with {name}: a further entry goes to the same technician.",
                voucher=row.voucher,
                name=carrier[1],
            ),
            field="technician",
        )


def _together(desk: Desk, rows: Sequence[CallRow], technicians: Mapping[str, str], field: str) -> None:
    """Calls that share a voucher are moved in one act, to the same technician (D41).

    Raises:
        Refused: naming the other call.
    """
    for row in rows:
        for other in others_under_way(desk, row):
            if technicians.get(other.number) != technicians[row.number]:
                raise Refused(
                    say(
                        "{other} goes with the same voucher {voucher}: move both in one act, to the same technician.",
                        other=other.number,
                        voucher=row.voucher,
                    ),
                    field=field,
                )


def _move(desk: Desk, row: CallRow, login: str, reason: str, field: str) -> TechnicianRow:
    try:
        technician = technician_of(desk, row, login)
    except Refused as refused:
        raise Refused(refused.sentence, field=field) from None
    if row.technician == login:
        raise Refused(say("{name} already has {number}.", name=technician.name, number=row.number), field=field)
    _end_visit(desk, row, "reassigned", reason)
    _send(desk, row, technician)
    tell(desk, row, "reassigned")
    return technician


def _overlap(look: Look, rows: Sequence[CallRow], login: str) -> Sentence | None:
    """What the technician carries beside these calls, in words; None where that is nothing."""
    from servicedesk.store import dispatch

    busy = [row for row in dispatch.active_calls(look.store, login) if row.number not in numbers(rows)]
    if not busy:
        return None
    carried = " ".join(short(row.number) for row in busy[:3]) + (" …" if len(busy) > 3 else "")
    return say("{name} already carries {numbers}.", name=busy[0].technician_name, numbers=carried)


def _with(done: Sentence, warning: Sentence | None) -> Sentence:
    return done if warning is None else say("{done} {warning}", done=done, warning=warning)


def _send(desk: Desk, row: CallRow, technician: TechnicianRow) -> None:
    from servicedesk.store import dispatch, tables

    desk.store.add(
        tables.Visit, call_id=row.id, nth=row.visits + 1, technician_id=technician.id, dispatched_at=desk.now
    )
    carrier = dispatch.carrier(desk.store, row.voucher_id)
    if carrier is None or carrier[0] != technician.login:  # he may have it for another entry since earlier (D41)
        move_voucher(desk, row, "technician", technician.id)
    change(desk, row, state=DISPATCHED, technician_id=technician.id, dispatched_at=desk.now, visits=row.visits + 1)


def _end_visit(desk: Desk, row: CallRow, state: str, reason: str) -> None:
    from servicedesk.store import dispatch, tables

    desk.store.change(tables.Visit, dispatch.active_visit(desk.store, row.id).id, state=state, reason=reason)
