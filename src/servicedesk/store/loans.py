"""Loan units as they are read: where each is, and the open slip of one."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, select

from servicedesk.domain.parts import LoanUnitRow
from servicedesk.store import tables
from servicedesk.store.calls import CALLS, CUSTOMERS, UNITS
from servicedesk.store.registers import Register
from servicedesk.store.session import Reading, table_of

LOAN_UNITS_TABLE = table_of(tables.LoanUnit)
LOANS = table_of(tables.Loan)

_U = LOAN_UNITS_TABLE.c
_OPEN = and_(LOANS.c.loan_unit_id == _U.id, LOANS.c.back_at.is_(None))

LOAN_UNITS: Register[LoanUnitRow] = Register(
    LOAN_UNITS_TABLE,
    select(
        _U.id,
        _U.code.label("number"),
        _U.version,
        UNITS.c.code.label("unit"),
        _U.name,
        _U.model_no,
        _U.serial_no,
        _U.active,
        func.coalesce(LOANS.c.number, "").label("loan"),
        func.coalesce(CALLS.c.number, "").label("call"),
        func.coalesce(CUSTOMERS.c.number, "").label("customer"),
        func.coalesce(CALLS.c.customer_name, "").label("customer_name"),
        LOANS.c.lent_at,
        _U.changed_by,
        _U.changed_at,
        _U.unit_id,
    )
    .join_from(LOAN_UNITS_TABLE, UNITS, UNITS.c.id == _U.unit_id)
    .join(LOANS, _OPEN, isouter=True)
    .join(CALLS, CALLS.c.id == LOANS.c.call_id, isouter=True)
    .join(CUSTOMERS, CUSTOMERS.c.id == CALLS.c.customer_id, isouter=True),
    LoanUnitRow,
    views={"lent": select(LOANS.c.id.label("slip")).where(_OPEN).correlate(LOAN_UNITS_TABLE).exists()},
    number=_U.code,
)
"""The loan units; view "lent": at a customer's."""


class OpenLoan(NamedTuple):
    """The slip of a loan unit that is out: its key and number, the call's key, aware UTC since when."""

    id: int
    number: str
    call_id: int
    lent_at: datetime


_OPEN_SLIP = select(LOANS.c.id, LOANS.c.number, LOANS.c.call_id, LOANS.c.lent_at).where(
    LOANS.c.loan_unit_id == bindparam("unit"), LOANS.c.back_at.is_(None)
)


def open_slip(desk: Reading, loan_unit: int) -> OpenLoan | None:
    """The slip that a loan unit is out on."""
    found = desk.one(_OPEN_SLIP, unit=loan_unit)
    return None if found is None else OpenLoan(*found)
