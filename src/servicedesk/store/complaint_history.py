"""What a customer had before a complaint: the last calls, repair cards and other complaints in a few lines."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from servicedesk.domain.complaint_lines import PaperLine
from servicedesk.store import tables
from servicedesk.store.session import Reading, table_of

_EACH = 3
_UNITS = table_of(tables.Unit)
_STAFF = table_of(tables.Staff)
_CALLS = table_of(tables.Call)
_CARDS = table_of(tables.RepairCard)
_COMPLAINTS = table_of(tables.Complaint)


def _lines(
    source: Any, table: Any, at: ColumnElement[Any], words: ColumnElement[Any], person: ColumnElement[Any]
) -> Select[Any]:
    """The newest papers of one kind of a customer, with what rights are judged by."""
    return (
        select(
            table.c.number,
            at,
            table.c.state,
            words,
            _UNITS.c.code,
            func.coalesce(_STAFF.c.login, "").label("technician"),
        )
        .select_from(source)
        .join(_UNITS, _UNITS.c.id == table.c.unit_id)
        .join(_STAFF, _STAFF.c.id == person, isouter=True)
        .order_by(table.c.id.desc())
        .limit(_EACH)
    )


_OF_CUSTOMER: ColumnElement[Any] = bindparam("customer")
_LAST_CALLS = _lines(_CALLS, _CALLS, _CALLS.c.called_at, _CALLS.c.symptom, _CALLS.c.technician_id).where(
    _CALLS.c.customer_id == _OF_CUSTOMER
)
_LAST_CARDS = _lines(
    _CARDS.join(_CALLS, _CALLS.c.id == _CARDS.c.call_id),
    _CARDS,
    _CARDS.c.opened_at,
    _CARDS.c.symptom,
    _CARDS.c.technician_id,
).where(_CALLS.c.customer_id == _OF_CUSTOMER)
_LAST_COMPLAINTS = _lines(
    _COMPLAINTS, _COMPLAINTS, _COMPLAINTS.c.received_at, _COMPLAINTS.c.content, _COMPLAINTS.c.handler_id
).where(_COMPLAINTS.c.customer_id == _OF_CUSTOMER, _COMPLAINTS.c.id != bindparam("complaint"))


def last_calls(desk: Reading, customer: int) -> list[PaperLine]:
    """The customer's newest calls."""
    return [PaperLine(*row) for row in desk.all(_LAST_CALLS, customer=customer)]


def last_cards(desk: Reading, customer: int) -> list[PaperLine]:
    """The customer's newest repair cards."""
    return [PaperLine(*row) for row in desk.all(_LAST_CARDS, customer=customer)]


def last_complaints(desk: Reading, customer: int, but: int) -> list[PaperLine]:
    """The customer's newest complaints other than this one."""
    return [PaperLine(*row) for row in desk.all(_LAST_COMPLAINTS, customer=customer, complaint=but)]
