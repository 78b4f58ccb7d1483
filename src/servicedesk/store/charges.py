"""Charges as they are read: the accountant's register, the lines of one charge, the tariff (states §5.4; R140)."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, literal_column, select

from servicedesk.domain.charges import (
    ASSESSED,
    AWAITED,
    COLLECTED_ON_SITE,
    INVOICED,
    TO_BE_COLLECTED,
    UNSETTLED,
    ChargeLineRow,
    ChargeRow,
    TariffRow,
)
from servicedesk.store import tables
from servicedesk.store.calls import CALLS, CUSTOMERS, FEES, STAFF, UNITS, VOUCHERS
from servicedesk.store.calls import CHARGES as CHARGES_TABLE
from servicedesk.store.registers import CALLS_OF_CUSTOMER, NOW_KEY, Register
from servicedesk.store.session import Reading, Writing, table_of

CREDITS = table_of(tables.Credit)
TARIFF = table_of(tables.TariffLine)
_CARDS = table_of(tables.RepairCard)
_CARD_PARTS = table_of(tables.CardPart)
_PARTS = table_of(tables.Part)

_C = CHARGES_TABLE.c
_TECHNICIAN = STAFF.alias("technician")
_COLLECTED_BY = STAFF.alias("collected_by")
_REMITTED_TO = STAFF.alias("remitted_to")
_COLLECTOR = STAFF.alias("collector")
_CARD = (
    select(func.max(_CARDS.c.number)).where(_CARDS.c.call_id == _C.call_id, _CARDS.c.state != "void").scalar_subquery()
)


def _said(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    return func.coalesce(column, "").label(name)


_BASE = (
    select(
        _C.id,
        CALLS.c.number,
        _C.version,
        UNITS.c.code.label("unit"),
        _C.state,
        _C.amount,
        _C.currency,
        CALLS.c.service_type,
        CUSTOMERS.c.number.label("customer"),
        CALLS.c.customer_name,
        (CUSTOMERS.c.kind == "company").label("company"),
        CALLS.c.telephone,
        CALLS.c.address,
        VOUCHERS.c.number.label("voucher"),
        _said(_CARD, "card"),
        _said(_TECHNICIAN.c.login, "technician"),
        _said(_TECHNICIAN.c.name, "technician_name"),
        _C.done_at,
        _C.signer,
        _C.collected_at,
        _said(_COLLECTED_BY.c.name, "collected_by_name"),
        _C.remitted_at,
        _said(_REMITTED_TO.c.name, "remitted_to_name"),
        _C.invoice_no,
        _C.invoice_title,
        _C.tax_no,
        _C.invoiced_at,
        _C.posted_at,
        _said(_COLLECTOR.c.login, "collector"),
        _said(_COLLECTOR.c.name, "collector_name"),
        _C.settled_at,
        _C.write_off_proposed,
        _C.reason,
        _C.urgent,
        _C.changed_by,
        _C.changed_at,
        _C.unit_id,
        _C.call_id,
    )
    .join_from(CHARGES_TABLE, CALLS, CALLS.c.id == _C.call_id)
    .join(UNITS, UNITS.c.id == _C.unit_id)
    .join(CUSTOMERS, CUSTOMERS.c.id == CALLS.c.customer_id)
    .join(VOUCHERS, VOUCHERS.c.id == CALLS.c.voucher_id)
    .join(_TECHNICIAN, _TECHNICIAN.c.id == _C.technician_id, isouter=True)
    .join(_COLLECTED_BY, _COLLECTED_BY.c.id == _C.collected_by, isouter=True)
    .join(_REMITTED_TO, _REMITTED_TO.c.id == _C.remitted_to, isouter=True)
    .join(_COLLECTOR, _COLLECTOR.c.id == _C.collector_id, isouter=True)
)


def _open(least: str, below: Any, *states: str) -> ColumnElement[bool]:
    """Lines of the urgent view between two keys; written out, so that both engines see that its index serves."""
    return and_(
        _C.urgent != literal_column("''"),
        _C.urgent >= literal_column(f"'{least}'"),
        _C.urgent < below,
        _C.state.in_([literal_column(f"'{state}'") for state in states]),
    )


CHARGES: Register[ChargeRow] = Register(
    CHARGES_TABLE,
    _BASE,
    ChargeRow,
    conditions={"customer": _C.call_id.in_(CALLS_OF_CUSTOMER)},
    views={
        "not_remitted": _open(UNSETTLED, literal_column(f"'{AWAITED}'"), COLLECTED_ON_SITE),
        "not_invoiced": _open(UNSETTLED, literal_column(f"'{AWAITED}'"), ASSESSED),
        "not_collected": _open(AWAITED, bindparam(NOW_KEY), INVOICED, TO_BE_COLLECTED),
        "to_write_off": and_(
            _C.urgent != literal_column("''"),
            _C.state == literal_column(f"'{TO_BE_COLLECTED}'"),
            _C.write_off_proposed != literal_column("''"),
        ),
    },
    searched=_C.call_id,
    number=CALLS.c.number,
)
"""The charges, by the number of their call."""


class ReturnedCard(NamedTuple):
    """A card whose article is back with the customer, and that only its charge keeps open."""

    id: int
    number: str
    version: int


class CardPartRow(NamedTuple):
    """A part that was built in, as it is charged."""

    part: str
    name: str
    quantity: int
    basis: str
    amount: int


_LINES = (
    select(FEES.c.line, FEES.c.kind, FEES.c.what, FEES.c.quantity, FEES.c.list_amount, FEES.c.basis, FEES.c.amount)
    .where(FEES.c.charge_id == bindparam("charge"))
    .order_by(FEES.c.line)
)
_FORGET_LINES = delete(FEES).where(FEES.c.charge_id == bindparam("charge"))
_OF_CALL = select(_C.id).where(_C.call_id == bindparam("call"))
_INVOICED = (
    select(CALLS.c.number)
    .join(CHARGES_TABLE, _C.call_id == CALLS.c.id)
    .where(_C.invoice_no == bindparam("invoice"), _C.invoice_no != literal_column("''"))
)
_CREDITED = (
    select(CALLS.c.number)
    .join(CHARGES_TABLE, _C.call_id == CALLS.c.id)
    .join(CREDITS, CREDITS.c.charge_id == _C.id)
    .where(CREDITS.c.invoice_no == bindparam("invoice"))
)
_TARIFF_ROW = select(
    TARIFF.c.id, UNITS.c.code, TARIFF.c.kind, TARIFF.c.model_group, TARIFF.c.from_day, TARIFF.c.amount
).join(UNITS, UNITS.c.id == TARIFF.c.unit_id)
_TARIFF_OF_DAY = _TARIFF_ROW.where(TARIFF.c.unit_id == bindparam("unit_id"), TARIFF.c.from_day <= bindparam("day"))
_TARIFF_OF_UNIT = _TARIFF_ROW.where(TARIFF.c.unit_id == bindparam("unit_id")).order_by(
    TARIFF.c.kind, TARIFF.c.model_group, TARIFF.c.from_day
)
_RETURNED_CARDS = select(_CARDS.c.id, _CARDS.c.number, _CARDS.c.version).where(
    _CARDS.c.call_id == bindparam("call"), _CARDS.c.state == "returned"
)
_PARTS_OF_CARD = (
    select(_PARTS.c.number, _PARTS.c.name, _CARD_PARTS.c.quantity, _CARD_PARTS.c.basis, _CARD_PARTS.c.amount)
    .join(_PARTS, _PARTS.c.id == _CARD_PARTS.c.part_id)
    .where(_CARD_PARTS.c.card_id == bindparam("card"), _CARD_PARTS.c.taken_out == literal_column("0"))
    .order_by(_CARD_PARTS.c.line)
)


def lines(desk: Reading, charge: int) -> list[ChargeLineRow]:
    """The lines of a charge, in the order of the voucher."""
    return [ChargeLineRow(*row) for row in desk.all(_LINES, charge=charge)]


def forget_lines(desk: Writing, charge: int) -> None:
    """Take the lines away that others are to replace; the audit log keeps what they said."""
    desk.do(_FORGET_LINES, charge=charge)


def of_call(desk: Reading, call: int) -> ChargeRow | None:
    """The charge of a call by the call's key."""
    key = desk.value(_OF_CALL, call=call)
    return None if key is None else CHARGES.by_id(desk, int(key))


def invoiced_as(desk: Reading, invoice: str) -> str:
    """The number of the call that this invoice was issued for, also where it was credited; empty where none was."""
    found = desk.value(_INVOICED, invoice=invoice) or desk.value(_CREDITED, invoice=invoice)
    return str(found) if found is not None else ""


def tariff(desk: Reading, unit_id: int, day: str) -> list[TariffRow]:
    """The lines of a unit's tariff that had begun by a day (ISO), also those that later ones replace."""
    return [_tariff_row(row) for row in desk.all(_TARIFF_OF_DAY, unit_id=unit_id, day=date.fromisoformat(day))]


def whole_tariff(desk: Reading, unit_id: int) -> list[TariffRow]:
    """A unit's tariff with what was and what is to come, by kind, model group and day."""
    return [_tariff_row(row) for row in desk.all(_TARIFF_OF_UNIT, unit_id=unit_id)]


def returned_cards(desk: Reading, call: int) -> list[ReturnedCard]:
    """The cards of a call that wait for its charge."""
    return [ReturnedCard(*row) for row in desk.all(_RETURNED_CARDS, call=call)]


def parts_of_card(desk: Reading, card: int) -> list[CardPartRow]:
    """The parts that were built in and stayed in."""
    return [CardPartRow(*row) for row in desk.all(_PARTS_OF_CARD, card=card)]


def _tariff_row(row: Any) -> TariffRow:
    key, unit, kind, group, begins, amount = row
    return TariffRow(key, unit, kind, group, begins.isoformat(), amount)
