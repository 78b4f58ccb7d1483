"""What differs in a unit between its register and vouchers, goods, receipts, money and job sheets (003 Art. 15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import BindParameter, Select, and_, bindparam, exists, literal_column, or_, select

from servicedesk.domain.register_days import DIFFERENCES, DifferenceRow
from servicedesk.store import tables
from servicedesk.store.calls import CALLS, CHARGES, VOUCHERS, C
from servicedesk.store.session import Reading, table_of

_RECEIPTS = table_of(tables.Receipt)
_SHEETS = table_of(tables.JobSheet)

_UNIT: BindParameter[int] = bindparam("unit")
_BEFORE = bindparam("before", type_=C.logged_at.type)
_WAITS_FOR_IT = exists().where(C.product_id == VOUCHERS.c.product_id, C.urgent != literal_column("''"))
_ENDED = C.state.in_(("done_on_site", "returned"))
_UNSIGNED = or_(
    and_(C.state.in_(("done_on_site", "carried_back")), C.signed == literal_column("''")),
    and_(C.state == "returned", C.signed != literal_column("'signed_sealed'")),
)
# Written out, so that both engines see that the partial index serves.
_NOT_TAKEN_IN = and_(_RECEIPTS.c.state != literal_column("'voided'"), _RECEIPTS.c.taken_in == literal_column("0"))
_OUT = _SHEETS.c.state == literal_column("'out'")

_ASKED: Mapping[str, Select[tuple[str]]] = {
    # The technician brings it back the same day, the accountant gives it back; the desk keeps it for an open call.
    "voucher_out": select(VOUCHERS.c.number)
    .where(
        VOUCHERS.c.holder.in_(("technician", "accountant", "clerk", "supervisor")),
        VOUCHERS.c.unit_id == _UNIT,
        VOUCHERS.c.held_since < _BEFORE,
        or_(VOUCHERS.c.holder.in_(("technician", "accountant")), ~_WAITS_FOR_IT),
    )
    .order_by(VOUCHERS.c.number),
    "not_struck_off": select(C.number).where(C.unit_id == _UNIT, _ENDED, C.finished_at < _BEFORE).order_by(C.number),
    "not_taken_in": select(_RECEIPTS.c.number)
    .where(_RECEIPTS.c.unit_id == _UNIT, _NOT_TAKEN_IN, _RECEIPTS.c.issued_at < _BEFORE)
    .order_by(_RECEIPTS.c.id),
    "receipt_lost": select(_RECEIPTS.c.number)
    .where(_RECEIPTS.c.unit_id == _UNIT, _RECEIPTS.c.state == "lost", _RECEIPTS.c.issued_at < _BEFORE)
    .order_by(_RECEIPTS.c.id),
    "not_signed": select(C.number)
    .where(
        C.unit_id == _UNIT,
        C.state.in_(("done_on_site", "carried_back", "returned")),
        _UNSIGNED,
        C.logged_at < _BEFORE,
    )
    .order_by(C.number),
    "not_remitted": select(C.number)
    .join_from(CHARGES, CALLS, C.id == CHARGES.c.call_id)
    .where(
        CHARGES.c.unit_id == _UNIT,
        CHARGES.c.state == "collected_on_site",
        CHARGES.c.collected_at < _BEFORE,
    )
    .order_by(C.number),
    "sheet_out": select(_SHEETS.c.number)
    .where(_SHEETS.c.unit_id == _UNIT, _OUT, _SHEETS.c.printed_at < _BEFORE)
    .order_by(_SHEETS.c.id),
}


def standing(desk: Reading, unit: int, before: datetime) -> list[DifferenceRow]:
    """Every difference of a unit, kind by kind; what has happened since the end of the day is left out.

    Args:
        desk: a transaction.
        unit: the unit's key.
        before: the end of the register day. Lines of earlier pages count as well: open lines go on (D37).
    """
    return [
        DifferenceRow(kind, row.number)
        for kind in DIFFERENCES
        for row in desk.all(_ASKED[kind], unit=unit, before=before)
    ]
