"""What every act on a complaint shares: one way to change a sheet, to log what happened, to find limits and people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from servicedesk.acts.calls.common import not_before, not_in_future, plain
from servicedesk.acts.desk import Book, Desk
from servicedesk.domain.complaint_clocks import Limits
from servicedesk.domain.complaints import ComplaintRow, standing
from servicedesk.domain.words import label

if TYPE_CHECKING:
    from servicedesk.store.session import Reading

SEARCHED = frozenset(
    {
        "customer_name",
        "contact",
        "telephone",
        "email",
        "address",
        "content",
        "remedy",
        "incident",
        "model_no",
        "serial_no",
    }
)
"""Columns whose words the search knows."""


def _one(store: Reading, number: str) -> ComplaintRow | None:
    from servicedesk.store.complaints import COMPLAINTS as REGISTER

    return REGISTER.one(store, number)


COMPLAINTS = Book("complaints", _one)


def change(desk: Desk, row: ComplaintRow, **values: Any) -> ComplaintRow:
    """Write on a sheet, on its present handling where a column stands there; gives the sheet as it is now.

    The version the person saw must still stand. Names are those of the tables. What follows from the change, the place
    in the queue first of all, follows by itself: stop or start clocks before. The searched words follow as well.
    """
    from servicedesk.store import complaints, search, tables

    handling = {name: value for name, value in values.items() if name in tables.ComplaintHandling.model_fields}
    sheet = {name: value for name, value in values.items() if name not in handling}
    if handling:
        desk.store.change(tables.ComplaintHandling, row.handling_id, **handling)
    desk.store.change_version(
        tables.Complaint, row.id, row.version, changed_by=desk.actor.name, changed_at=desk.now, **sheet
    )
    after = complaints.COMPLAINTS.by_id(desk.store, row.id)
    follows = standing(after)
    desk.store.change(tables.Complaint, row.id, **follows)
    desk.note(row.number, **{name: plain(value) for name, value in values.items()})
    after = after._replace(**follows)
    if SEARCHED & values.keys():
        search.write_complaint(desk.store, after)
    return after


def log(desk: Desk, row: ComplaintRow, kind: str, words: str, *, how: str = "", whom: str = "") -> None:
    """Write an entry of the contact, urge and event log, at the present time."""
    from servicedesk.store import tables

    desk.store.add(
        tables.ComplaintEvent,
        complaint_id=row.id,
        nth=row.round,
        kind=kind,
        at=desk.now,
        by_id=desk.actor.id,
        how=how,
        whom=whom,
        words=words,
    )


def limits(desk: Desk, unit_id: int) -> Limits:
    """The limits of a unit: its own, else the regulation's (D6)."""
    from servicedesk.store import complaint_clocks

    return complaint_clocks.limits(desk.store, unit_id)


def in_time(desk: Desk, row: ComplaintRow, field: str, at: datetime) -> None:
    """Refuse a time that has not come, or that was before this handling began.

    Raises:
        Refused: on the field.
    """
    not_in_future(desk, field, at)
    not_before(field, at, row.begun_at.replace(second=0, microsecond=0), label("when the complaint was received"))


def numbers(rows: Sequence[ComplaintRow]) -> tuple[str, ...]:
    """The numbers of the complaints acted on."""
    return tuple(row.number for row in rows)
