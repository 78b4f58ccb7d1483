"""The call-in register as it is read: one base query, pages by key, one call with all its papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from servicedesk.domain.calls import LOGGED, OPEN, CallFilter, CallRow, Page
from servicedesk.domain.history import CorrectionRow, EntryRow, TellingRow, UrgeRow, VisitRow
from servicedesk.store import search, tables
from servicedesk.store.session import Reading, table_of

CALLS = table_of(tables.Call)
UNITS = table_of(tables.Unit)
CUSTOMERS = table_of(tables.Customer)
VOUCHERS = table_of(tables.Voucher)
STAFF = table_of(tables.Staff)
VISITS = table_of(tables.Visit)
ENTRIES = table_of(tables.VoucherEntry)
URGES = table_of(tables.Urge)
CORRECTIONS = table_of(tables.Correction)
TELLINGS = table_of(tables.Telling)
PARTS = table_of(tables.PartUsed)
CHARGES = table_of(tables.Charge)
FEES = table_of(tables.ChargeLine)
TECHNICIAN = STAFF.alias("technician")
STRIKER = STAFF.alias("striker")

C = CALLS.c
BASE = (
    select(
        C.id,
        C.number,
        C.version,
        UNITS.c.code.label("unit"),
        C.state,
        C.called_at,
        C.logged_at,
        C.channel,
        CUSTOMERS.c.number.label("customer"),
        C.customer_name,
        C.caller,
        C.telephone,
        C.address,
        C.district,
        C.zone,
        C.model_no,
        C.product_name,
        C.serial_no,
        C.symptom,
        C.service_type,
        VOUCHERS.c.number.label("voucher"),
        VOUCHERS.c.holder.label("voucher_holder"),
        C.appointment_at,
        C.due_at,
        C.judged_by,
        C.dispatched_at,
        func.coalesce(TECHNICIAN.c.login, "").label("technician"),
        func.coalesce(TECHNICIAN.c.name, "").label("technician_name"),
        C.arrived_at,
        C.finished_at,
        C.struck_off_at,
        func.coalesce(STRIKER.c.login, "").label("struck_off_by"),
        C.remarks,
        C.urges,
        C.visits,
        C.signed,
        C.fee,
        C.charge,
        C.loan,
        C.invoice_no,
        C.cancel_reason,
        C.state_before,
        C.repeat_of,
        C.urgent,
        C.changed_by,
        C.changed_at,
        C.unit_id,
        C.customer_id,
        C.product_id,
        C.voucher_id,
        C.technician_id,
    )
    .join_from(CALLS, UNITS, UNITS.c.id == C.unit_id)
    .join(CUSTOMERS, CUSTOMERS.c.id == C.customer_id)
    .join(VOUCHERS, VOUCHERS.c.id == C.voucher_id)
    .join(TECHNICIAN, TECHNICIAN.c.id == C.technician_id, isouter=True)
    .join(STRIKER, STRIKER.c.id == C.struck_off_by, isouter=True)
)


def _id_of(table: Any, column: ColumnElement[Any], name: str) -> Any:
    return select(table.c.id).where(column == bindparam(name)).scalar_subquery()


def _plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column


def _without_index(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)


def _conditions(by: Callable[[ColumnElement[Any]], ColumnElement[Any]]) -> dict[str, ColumnElement[bool]]:
    """What each part of a filter asks of a line; `by` keeps SQLite from an index or not."""
    return {
        "unit": C.unit_id == _id_of(UNITS, UNITS.c.code, "unit"),
        "state": by(C.state) == bindparam("state"),
        "zone": C.zone == bindparam("zone"),
        "service_type": C.service_type == bindparam("service_type"),
        "technician": by(C.technician_id) == _id_of(STAFF, STAFF.c.login, "technician"),
        "logged_by": by(C.logged_by) == _id_of(STAFF, STAFF.c.login, "logged_by"),
        "customer": C.customer_id == _id_of(CUSTOMERS, CUSTOMERS.c.number, "customer"),
        # The first term is that of the partial indexes, without which they are not used.
        "late": and_(C.urgent != "", C.urgent >= "1", C.urgent < bindparam("late")),
    }


_CONDITIONS = _conditions(_plain)
_AMONG_THE_OPEN = _conditions(_without_index)
"""For the urgent order on SQLite: walking the open calls is less than all that a state or a person ever had."""
_BY_VALUE = tuple(name for name in _CONDITIONS if name != "late")
_ONE = BASE.where(C.number == bindparam("number"))
_BY_ID = BASE.where(C.id == bindparam("id"))
_OPEN_OF_PRODUCT = BASE.where(C.product_id == bindparam("product"), C.state.in_(sorted(OPEN))).order_by(C.id.desc())
_OPEN_OF_CUSTOMER = BASE.where(C.customer_id == bindparam("customer"), C.state.in_(sorted(OPEN))).order_by(C.id.desc())
_LAST_OF_PRODUCT = (
    BASE.where(C.product_id == bindparam("product"), C.state == "struck_off").order_by(C.id.desc()).limit(1)
)


def one(desk: Reading, number: str) -> CallRow | None:
    """One line of the register by its number."""
    row = desk.one(_ONE, number=number)
    return None if row is None else CallRow(*row)


def by_id(desk: Reading, call: int) -> CallRow:
    """One line of the register by its key."""
    found = desk.one(_BY_ID, id=call)
    assert found is not None, call
    return CallRow(*found)


def open_of_product(desk: Reading, product: int) -> list[CallRow]:
    """The open calls of a product, newest first (D41: normally at most one)."""
    return [CallRow(*row) for row in desk.all(_OPEN_OF_PRODUCT, product=product)]


def open_of_customer(desk: Reading, customer: int) -> list[CallRow]:
    """The open calls of a customer, newest first."""
    return [CallRow(*row) for row in desk.all(_OPEN_OF_CUSTOMER, customer=customer)]


def last_struck_off(desk: Reading, product: int) -> CallRow | None:
    """The product's call that was struck off last; a call soon after it is a repeat."""
    row = desk.one(_LAST_OF_PRODUCT, product=product)
    return None if row is None else CallRow(*row)


def page(desk: Reading, wanted: CallFilter, place: Page, now: datetime) -> list[CallRow]:
    """One page of the register by key, in list order; never OFFSET, never a count.

    Args:
        desk: a read transaction.
        wanted: the filter and the order.
        place: after or before which sort key, and how many.
        now: aware UTC, for the "late" filter.
    """
    shape, values = _asked(desk, wanted, now)
    values["count"] = place.limit
    backwards = place.before is not None or place.last
    edge = place.before if place.before is not None else place.after
    if edge is not None:
        shape.append("edge")
        values.update(zip(("edge_id",) if not wanted.urgent else ("edge_urgent", "edge_id"), edge, strict=True))
    rows = desk.all(_page(desk.is_sqlite, tuple(shape), wanted.urgent, backwards), **values)
    found = [CallRow(*row) for row in rows]
    return found[::-1] if backwards else found


def page_of(desk: Reading, parts: Sequence[CallFilter], place: Page, now: datetime) -> list[CallRow]:
    """One page of several filters in one order that have no line in common; each keeps to its own index."""
    if len(parts) < 2:
        return page(desk, parts[0], place, now) if parts else []
    found = [row for wanted in parts for row in page(desk, wanted, place, now)]
    found.sort(key=parts[0].key_of, reverse=not parts[0].urgent)
    backwards = place.before is not None or place.last
    return found[-place.limit :] if backwards else found[: place.limit]


def _asked(desk: Reading, wanted: CallFilter, now: datetime) -> tuple[list[str], dict[str, Any]]:
    """The shape of a filter, by which its statement is kept, and the values that go into it."""
    values = {name: getattr(wanted, name) for name in _BY_VALUE if getattr(wanted, name)}
    if wanted.late:
        values["late"] = "1" + now.astimezone(UTC).strftime("%Y%m%d%H%M")
    words = search.question(desk, wanted.words) if wanted.words else None
    if words is not None:
        values["words"] = words
    return list(values), values


def _asked_of(is_sqlite: bool, shape: tuple[str, ...], urgent: bool) -> list[ColumnElement[bool]]:
    known = _AMONG_THE_OPEN if is_sqlite and urgent else _CONDITIONS
    return [known[name] for name in shape if name in known]


@lru_cache(maxsize=256)
def _page(is_sqlite: bool, shape: tuple[str, ...], urgent: bool, backwards: bool) -> Select[Any]:
    """The statement of one shape of filter, built once."""
    statement = BASE.where(*_asked_of(is_sqlite, shape, urgent))
    key: ColumnElement[Any] = C.id
    if "words" in shape:
        statement, key = search.joined(statement, "call_search", C.id, is_sqlite)
    if urgent:
        statement = statement.where(C.urgent != "").order_by(
            *((C.urgent.desc(), C.id.desc()) if backwards else (C.urgent, C.id))
        )
    else:
        statement = statement.order_by(key if backwards else key.desc())
    if "edge" in shape:
        statement = statement.where(_beyond(urgent, backwards, key))
    return statement.limit(bindparam("count"))


def _beyond(urgent: bool, backwards: bool, key: ColumnElement[Any]) -> ColumnElement[bool]:
    if not urgent:
        return key > bindparam("edge_id") if backwards else key < bindparam("edge_id")
    edge: ColumnElement[Any] = bindparam("edge_urgent")
    last: ColumnElement[Any] = bindparam("edge_id")
    if backwards:
        return and_(C.urgent <= edge, or_(C.urgent < edge, C.id < last))
    return and_(C.urgent >= edge, or_(C.urgent > edge, C.id > last))


def count(desk: Reading, wanted: CallFilter, now: datetime, most: int = 1000) -> int:
    """How many lines a filter has, counted no further than `most` + 1."""
    shape, values = _asked(desk, wanted, now)
    return int(desk.value(_count(desk.is_sqlite, tuple(shape), wanted.urgent), **values, count=most + 1))


@lru_cache(maxsize=64)
def _count(is_sqlite: bool, shape: tuple[str, ...], urgent: bool) -> Select[Any]:
    inner = select(C.id).where(*_asked_of(is_sqlite, shape, urgent))
    if "words" in shape:
        inner, _ = search.joined(inner, "call_search", C.id, is_sqlite)
    if urgent:
        # In order, so that the few open ones are walked as the page walks them, and not all that the unit ever had.
        inner = inner.where(C.urgent != "").order_by(C.urgent, C.id)
    return select(func.count()).select_from(inner.limit(bindparam("count")).subquery())


_CARRIED_OVER = select(func.count()).select_from(
    select(C.id)
    .where(C.unit_id == _id_of(UNITS, UNITS.c.code, "unit"), C.state == LOGGED, C.logged_at < bindparam("last_closing"))
    .limit(1001)
    .subquery()
)


def carried_over(desk: Reading, unit: str, last_closing: datetime) -> int:
    """How many calls of a unit were logged before its last closing hour and wait undispatched, to 1001 (D22)."""
    return int(desk.value(_CARRIED_OVER, unit=unit, last_closing=last_closing))


_VISITS = (
    select(
        VISITS.c.nth,
        STAFF.c.login,
        STAFF.c.name,
        VISITS.c.state,
        VISITS.c.dispatched_at,
        VISITS.c.arrived_at,
        VISITS.c.left_at,
        VISITS.c.outcome,
        VISITS.c.reason,
    )
    .join(STAFF, STAFF.c.id == VISITS.c.technician_id)
    .where(VISITS.c.call_id == bindparam("call"))
    .order_by(VISITS.c.nth)
)
_ENTRIES = (
    select(
        ENTRIES.c.id,
        C.number,
        ENTRIES.c.arrived_at,
        ENTRIES.c.left_at,
        ENTRIES.c.cause,
        ENTRIES.c.work,
        ENTRIES.c.outcome,
        ENTRIES.c.signature,
        ENTRIES.c.signer,
        STAFF.c.name,
    )
    .join(CALLS, C.id == ENTRIES.c.call_id)
    .join(STAFF, STAFF.c.id == ENTRIES.c.technician_id)
    .where(ENTRIES.c.call_id == bindparam("call"))
    .order_by(ENTRIES.c.id)
)
_PARTS = select(PARTS.c.name, PARTS.c.quantity).where(PARTS.c.entry_id == bindparam("entry")).order_by(PARTS.c.line)
_FEES = (
    select(FEES.c.kind, FEES.c.amount)
    .join(CHARGES, CHARGES.c.id == FEES.c.charge_id)
    .where(CHARGES.c.call_id == bindparam("call"))
    .order_by(FEES.c.line)
)
_URGES = (
    select(URGES.c.at, STAFF.c.name, URGES.c.words)
    .join(STAFF, STAFF.c.id == URGES.c.by_id)
    .where(URGES.c.call_id == bindparam("call"))
    .order_by(URGES.c.id)
)
_CORRECTIONS = (
    select(CORRECTIONS.c.at, STAFF.c.name, CORRECTIONS.c.column, CORRECTIONS.c.before, CORRECTIONS.c.after)
    .join(STAFF, STAFF.c.id == CORRECTIONS.c.by_id)
    .where(CORRECTIONS.c.call_id == bindparam("call"))
    .order_by(CORRECTIONS.c.id)
)
_TELLINGS = (
    select(
        TELLINGS.c.id,
        C.number,
        C.customer_name,
        C.telephone,
        UNITS.c.code,
        TELLINGS.c.reason,
        TELLINGS.c.since,
        TELLINGS.c.told_at,
        TELLINGS.c.told_whom,
        TELLINGS.c.told_how,
    )
    .join(CALLS, C.id == TELLINGS.c.call_id)
    .join(UNITS, UNITS.c.id == C.unit_id)
    .order_by(TELLINGS.c.id)
)
_TELLINGS_OF = _TELLINGS.where(TELLINGS.c.call_id == bindparam("call"))
# Few are still to be told: by this order, and by the sum, the engine begins with them and not with the unit's calls.
_TO_BE_TOLD = (
    _TELLINGS.where(
        TELLINGS.c.told_at.is_(None),
        C.unit_id + 0 == _id_of(UNITS, UNITS.c.code, "unit"),
        # Of what is struck off or cancelled nobody can be told any more.
        C.state.not_in(("struck_off", "cancelled")),
    )
    .order_by(None)
    .order_by(TELLINGS.c.call_id, TELLINGS.c.id)
    .limit(200)
)


def visits(desk: Reading, call: int) -> list[VisitRow]:
    """Every visit of a call, first one first."""
    return [VisitRow(*row) for row in desk.all(_VISITS, call=call)]


def entries(desk: Reading, call: int) -> list[EntryRow]:
    """What a call added to its voucher, with parts; the fees stand on the last entry, which ended the job."""
    found = []
    rows = desk.all(_ENTRIES, call=call)
    for row in rows:
        parts = tuple((part.name, part.quantity) for part in desk.all(_PARTS, entry=row.id))
        is_last = row is rows[-1]
        fees = tuple((fee.kind, fee.amount) for fee in desk.all(_FEES, call=call)) if is_last else ()
        found.append(EntryRow(*row[1:], parts=parts, fees=fees))  # type: ignore[misc]
    return found


def urges(desk: Reading, call: int) -> list[UrgeRow]:
    """Every repeated call attached to this one."""
    return [UrgeRow(*row) for row in desk.all(_URGES, call=call)]


def corrections(desk: Reading, call: int) -> list[CorrectionRow]:
    """Every corrected column with its old value (D32)."""
    return [CorrectionRow(*row) for row in desk.all(_CORRECTIONS, call=call)]


def tellings(desk: Reading, call: int) -> list[TellingRow]:
    """Why the customer was to be told, and whether somebody did."""
    return [TellingRow(*row) for row in desk.all(_TELLINGS_OF, call=call)]


def to_be_told(desk: Reading, unit: str) -> list[TellingRow]:
    """The customers of a unit who are still to be told, the oldest call first."""
    return [TellingRow(*row) for row in desk.all(_TO_BE_TOLD, unit=unit)]
