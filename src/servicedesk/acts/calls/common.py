"""What every act on a call shares: the register itself, one way to change a line, one to move a voucher."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from servicedesk.acts.desk import Book, Desk
from servicedesk.domain.calls import CallRow, urgency
from servicedesk.domain.words import Refused, say

if TYPE_CHECKING:
    from servicedesk.store.session import Reading


def _one(store: Reading, number: str) -> CallRow | None:
    from servicedesk.store import calls

    return calls.one(store, number)


CALLS = Book("calls", _one)


def change(desk: Desk, row: CallRow, **values: Any) -> None:
    """Write on a line of the register; the version the person saw must still stand.

    What changes goes to the audit line, the key of the urgent view follows by itself.
    """
    from servicedesk.store import tables

    state = values.get("state", row.state)
    arrived = values.get("arrived_at", row.arrived_at)
    judged = values.get("judged_by", row.judged_by)
    called = values.get("called_at", row.called_at)
    values["urgent"] = urgency(state, judged, arrived is not None, called)
    desk.store.change_version(
        tables.Call, row.id, row.version, changed_by=desk.actor.name, changed_at=desk.now, **values
    )
    desk.note(row.number, **{name: _plain(value) for name, value in values.items() if name != "urgent"})


def move_voucher(desk: Desk, row: CallRow, holder: str, technician: int | None = None) -> None:
    """Hand the voucher over: exactly one holder at every moment (states §5.2)."""
    from servicedesk.store import tables

    desk.store.change(tables.Voucher, row.voucher_id, holder=holder, holder_id=technician, held_since=desk.now)
    desk.note(row.number, voucher_holder=holder)


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


def numbers(rows: Sequence[CallRow]) -> tuple[str, ...]:
    """The numbers of the rows acted on."""
    return tuple(row.number for row in rows)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
