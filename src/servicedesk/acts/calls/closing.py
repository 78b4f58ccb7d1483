"""The voucher comes back, the line is struck off, the voucher filed; reopening (003 Art. 6-7, 15; states §5.1-5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from servicedesk.acts.act import Done, act
from servicedesk.acts.calls.common import CALLS, change, joined, move_voucher, no_other_open, numbers, others_under_way
from servicedesk.acts.desk import Desk
from servicedesk.acts.entry import Ask, Entry, Nothing
from servicedesk.domain.calls import LOGGED, STRUCK_OFF, WAITING, CallRow
from servicedesk.domain.words import Refused, label, say


class Reopen(Entry):
    """Why a closed line is opened again."""

    reason: Annotated[str, Ask(label("Reason"))]


@act("calls.take_back", Nothing, book=CALLS, many=True)
def take_back(desk: Desk, rows: Sequence[CallRow], entry: Nothing) -> Done:
    """The technician brings the voucher back to the clerk (003 Art. 6)."""
    for row in rows:
        _not_under_way(desk, row)
        move_voucher(desk, row, "clerk")
        change(desk, row)
    return Done(
        say("Voucher back with the clerk: {numbers}.", numbers=_vouchers(rows)), numbers(rows), ("calls.strike_off",)
    )


@act("calls.strike_off", Nothing, book=CALLS, many=True)
def strike_off(desk: Desk, rows: Sequence[CallRow], entry: Nothing) -> Done:
    """The clerk strikes the line off with date and initials (003 Art. 6); never "cancel"."""
    for row in rows:
        _nothing_out(desk, row)
        change(
            desk,
            row,
            state=STRUCK_OFF,
            state_before=row.state,
            struck_off_at=desk.now,
            struck_off_by=desk.actor.id,
        )
    return Done(say("{numbers} struck off.", numbers=" ".join(numbers(rows))), numbers(rows), ("calls.file",))


@act("calls.file", Nothing, book=CALLS, many=True)
def file(desk: Desk, rows: Sequence[CallRow], entry: Nothing) -> Done:
    """The voucher goes back into the customer file pocket (003 Art. 6)."""
    for row in rows:
        no_other_open(desk, row)
        move_voucher(desk, row, "file")
        change(desk, row)
    return Done(say("Voucher filed: {numbers}.", numbers=_vouchers(rows)), numbers(rows))


@act("calls.reopen", Reopen, book=CALLS)
def reopen(desk: Desk, rows: Sequence[CallRow], entry: Reopen) -> Done:
    """The supervisor opens a closed line again; the voucher is taken from the file."""
    from servicedesk.store import calls

    row = rows[0]
    others = calls.open_of_product(desk.store, row.product_id)
    if others:
        raise Refused(
            say("{other} is open for the same product: attach to it instead.", other=others[0].number), field="reason"
        )
    if row.voucher_holder == "file":
        move_voucher(desk, row, "clerk")
    waits = row.state_before in WAITING
    change(
        desk,
        row,
        state=row.state_before,
        state_before="",
        technician_id=None if waits else row.technician_id,
        dispatched_at=None if row.state_before == LOGGED else row.dispatched_at,
        struck_off_at=None,
        struck_off_by=None,
        cancel_reason="",
        cancel_note="",
        remarks=joined(row.remarks, entry.reason),
    )
    return Done(say("{number} is open again.", number=row.number), numbers(rows))


def _vouchers(rows: Sequence[CallRow]) -> str:
    return " ".join(row.voucher for row in rows)


def _nothing_out(desk: Desk, row: CallRow) -> None:
    """Refuse to close what still has a receipt, goods or parts of its repair card out.

    Raises:
        Refused: naming them.
    """
    from servicedesk.store import goods

    out = goods.outstanding(desk.store, row.id)
    if out:
        raise Refused(say("{number} has still to be settled: {papers}.", number=row.number, papers=tuple(out)))


def _not_under_way(desk: Desk, row: CallRow) -> None:
    """Refuse to take a voucher back that is on the way with another call of the product (D41)."""
    for other in others_under_way(desk, row):
        raise Refused(
            say("{name} is under way to {other} with the voucher.", name=other.technician_name, other=other.number)
        )
