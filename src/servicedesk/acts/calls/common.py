"""What every act on a call shares: the register itself, one way to change a line, one to move a voucher."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from servicedesk.acts.desk import Book, Desk
from servicedesk.domain.calls import ARRIVED, DISPATCHED, CallRow, urgency
from servicedesk.domain.words import Refused, say

if TYPE_CHECKING:
    from servicedesk.store.session import Reading


def _one(store: Reading, number: str) -> CallRow | None:
    from servicedesk.store import calls

    return calls.one(store, number)


CALLS = Book("calls", _one)
SEARCHED = frozenset({"customer_name", "caller", "telephone", "address", "symptom", "remarks"})
"""Columns whose words the search knows."""


def change(desk: Desk, row: CallRow, **values: Any) -> None:
    """Write on a line of the register; the version the person saw must still stand.

    What changes goes to the audit line; the key of the urgent view and the searched words follow by themselves.
    """
    from servicedesk.store import calls, search, tables

    state = values.get("state", row.state)
    arrived = values.get("arrived_at", row.arrived_at)
    judged = values.get("judged_by", row.judged_by)
    called = values.get("called_at", row.called_at)
    values["urgent"] = urgency(state, judged, arrived is not None, called)
    desk.store.change_version(
        tables.Call, row.id, row.version, changed_by=desk.actor.name, changed_at=desk.now, **values
    )
    desk.note(row.number, **{name: plain(value) for name, value in values.items() if name != "urgent"})
    if SEARCHED & values.keys():
        search.write_call(desk.store, calls.by_id(desk.store, row.id))


def move_voucher(desk: Desk, row: CallRow, holder: str, technician: int | None = None) -> None:
    """Hand the voucher of a call over."""
    hand_over(desk, row.voucher_id, row.voucher, row.unit_id, holder, paper=row.number, technician=technician)
    desk.note(row.number, voucher_holder=holder)


def hand_over(
    desk: Desk, voucher_id: int, voucher: str, unit_id: int, holder: str, *, paper: str, technician: int | None = None
) -> None:
    """Hand a voucher over: exactly one holder at every moment, the ledger says who and since when (states §5.2)."""
    from servicedesk.domain.custody import VOUCHER
    from servicedesk.store import custody, tables

    now = desk.now
    desk.store.change(tables.Voucher, voucher_id, unit_id=unit_id, holder=holder, holder_id=technician, held_since=now)
    custody.move(desk.store, VOUCHER, voucher_id, voucher, unit_id, holder, person=technician, since=now, paper=paper)


def holds(desk: Desk, role: str, unit: str) -> bool:
    """Whether the actor holds this post today; if so he acts under it, and the audit line names its holder (D40)."""
    for post in desk.actor.posts:
        if post.role == role and post.unit == unit:
            desk.post = post
            return True
    return False


def no_other_open(desk: Desk, row: CallRow, field: str | None = None) -> None:
    """Refuse what would take the voucher from another open call of the product (D17, D41).

    Raises:
        Refused: naming that call.
    """
    from servicedesk.store import calls

    for other in calls.open_of_product(desk.store, row.product_id):
        if other.id != row.id:
            raise Refused(
                say("{other} is open for the same product and needs the voucher.", other=other.number), field=field
            )


def others_under_way(desk: Desk, row: CallRow) -> list[CallRow]:
    """The other calls of the product that a technician is on: they share the voucher (D41)."""
    from servicedesk.store import calls

    found = calls.open_of_product(desk.store, row.product_id)
    return [other for other in found if other.id != row.id and other.state in (DISPATCHED, ARRIVED)]


def hand_in(desk: Desk, row: CallRow) -> None:
    """The voucher of a visit that is called off comes back, unless its technician is on a further entry with it."""
    if not others_under_way(desk, row):
        move_voucher(desk, row, "supervisor")


def keep_old(desk: Desk, row: CallRow, column: str, before: Any, after: Any, reason: str) -> None:
    """Keep what a corrected column said before, dated, with who and why (D32)."""
    from servicedesk.store import tables

    desk.store.add(
        tables.Correction,
        call_id=row.id,
        at=desk.now,
        by_id=desk.actor.id,
        column=column,
        before=_written(before),
        after=_written(after),
        reason=reason,
    )


def tell(desk: Desk, row: CallRow, reason: str) -> None:
    """Put the customer on the list "to be told"."""
    from servicedesk.store import tables

    desk.store.add(tables.Telling, call_id=row.id, reason=reason, since=desk.now)


def not_in_future(desk: Desk, field: str, at: datetime) -> None:
    """Refuse a time that has not come yet.

    Raises:
        Refused: on the field.
    """
    if at > desk.now:
        raise Refused(say("{at} has not come yet: enter when it was.", at=at), field=field)


def not_before(field: str, at: datetime, earliest: datetime | None, what: str) -> None:
    """Refuse a time that cannot be, because another came after it.

    Raises:
        Refused: on the field.
    """
    from servicedesk.domain.words import Sentence

    if earliest is not None and at < earliest:
        raise Refused(
            say("{at} is before {earliest}, {what}.", at=at, earliest=earliest, what=Sentence(what)), field=field
        )


def joined(before: str, more: str) -> str:
    """Remarks with something added."""
    return f"{before} / {more}" if before else more


def numbers(rows: Sequence[CallRow]) -> tuple[str, ...]:
    """The numbers of the rows acted on."""
    return tuple(row.number for row in rows)


def plain(value: Any) -> Any:
    """A value as the audit log writes it."""
    return value.isoformat() if isinstance(value, datetime) else value


def _written(value: Any) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
