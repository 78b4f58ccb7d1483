"""Customer goods as they are read: the receipts, the goods in/out register (003 Art. 8-9; forms §3.3-3.4)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, select, update

from servicedesk.domain.goods import GoodsRow, ReceiptRow
from servicedesk.store import tables
from servicedesk.store.calls import CALLS, CUSTOMERS, STAFF, UNITS, VOUCHERS
from servicedesk.store.registers import CALLS_OF_CUSTOMER, TECHNICIAN_ID, Register
from servicedesk.store.session import Reading, Writing, table_of

RECEIPTS_TABLE = table_of(tables.Receipt)
GOODS_TABLE = table_of(tables.Goods)
CARDS_TABLE = table_of(tables.RepairCard)

_R = RECEIPTS_TABLE.c
_G = GOODS_TABLE.c
_ISSUER = STAFF.alias("issuer")
_VOIDER = STAFF.alias("voider")
_CONFIRMER = STAFF.alias("confirmer")
_BRINGER = STAFF.alias("bringer")
_RECEIVER = STAFF.alias("receiver")
_RETURNER = STAFF.alias("returner")


def _or_empty(column: Any) -> Any:
    return func.coalesce(column, "")


# The words of partial indexes are written out, so that both engines see that they serve.
_OPEN_RECEIPT = _R.state != literal_column("'voided'")
_OPEN_GOODS = _G.state != literal_column("'out'")
_LIVE_CARD = and_(CARDS_TABLE.c.goods_id == _G.id, CARDS_TABLE.c.state != literal_column("'void'"))

RECEIPTS: Register[ReceiptRow] = Register(
    RECEIPTS_TABLE,
    select(
        _R.id,
        _R.number,
        _R.version,
        UNITS.c.code.label("unit"),
        _R.state,
        CALLS.c.number.label("call"),
        _or_empty(_G.number).label("goods"),
        VOUCHERS.c.number.label("voucher"),
        CUSTOMERS.c.number.label("customer"),
        CALLS.c.customer_name,
        CALLS.c.telephone,
        CALLS.c.address,
        CALLS.c.model_no,
        CALLS.c.product_name,
        CALLS.c.serial_no,
        CALLS.c.symptom,
        _R.issued_at,
        _ISSUER.c.login.label("technician"),
        _ISSUER.c.name.label("technician_name"),
        _R.accessories,
        _R.condition,
        _R.promised_at,
        _R.signer,
        _R.signer_capacity,
        _R.taken_in,
        _R.replaces,
        _R.lost_statement,
        _or_empty(_CONFIRMER.c.login).label("lost_confirmed_by"),
        _R.voided_at,
        _or_empty(_VOIDER.c.name).label("voided_by_name"),
        _R.void_reason,
        _R.changed_by,
        _R.changed_at,
        _R.unit_id,
        _R.call_id,
        _R.product_id,
        _R.voucher_id,
    )
    .join_from(RECEIPTS_TABLE, UNITS, UNITS.c.id == _R.unit_id)
    .join(CALLS, CALLS.c.id == _R.call_id)
    .join(CUSTOMERS, CUSTOMERS.c.id == CALLS.c.customer_id)
    .join(VOUCHERS, VOUCHERS.c.id == _R.voucher_id)
    .join(_ISSUER, _ISSUER.c.id == _R.issued_by)
    .join(GOODS_TABLE, _G.receipt_id == _R.id, isouter=True)
    .join(_CONFIRMER, _CONFIRMER.c.id == _R.lost_confirmed_by, isouter=True)
    .join(_VOIDER, _VOIDER.c.id == _R.voided_by, isouter=True),
    ReceiptRow,
    conditions={"technician": _R.issued_by == TECHNICIAN_ID},
    views={"not_taken_in": and_(_OPEN_RECEIPT, _R.taken_in == literal_column("0"))},
    searched=_R.call_id,
)
"""The customer goods receipts; view "not_taken_in": carried back, and not in the goods register yet."""

GOODS: Register[GoodsRow] = Register(
    GOODS_TABLE,
    select(
        _G.id,
        _G.number,
        _G.version,
        UNITS.c.code.label("unit"),
        _G.state,
        _G.came_in_at,
        _R.number.label("receipt"),
        VOUCHERS.c.number.label("voucher"),
        CALLS.c.number.label("call"),
        CUSTOMERS.c.number.label("customer"),
        CALLS.c.customer_name,
        CALLS.c.product_name,
        CALLS.c.model_no,
        CALLS.c.serial_no,
        _G.accessories,
        _or_empty(_BRINGER.c.login).label("technician"),
        _or_empty(_BRINGER.c.name).label("technician_name"),
        _RECEIVER.c.name.label("received_by_name"),
        _or_empty(CARDS_TABLE.c.number).label("card"),
        _G.promised_at,
        _G.sent_out_at,
        _G.sent_to,
        _G.back_at,
        _G.passed_at,
        _G.returned_at,
        _or_empty(_RETURNER.c.name).label("returned_by_name"),
        _G.signer,
        _R.state.label("receipt_state"),
        _R.voided_at.label("receipt_voided_at"),
        _G.remarks,
        _G.changed_by,
        _G.changed_at,
        _G.unit_id,
        _G.call_id,
        _G.product_id,
        _G.receipt_id,
    )
    .join_from(GOODS_TABLE, UNITS, UNITS.c.id == _G.unit_id)
    .join(CALLS, CALLS.c.id == _G.call_id)
    .join(CUSTOMERS, CUSTOMERS.c.id == CALLS.c.customer_id)
    .join(VOUCHERS, VOUCHERS.c.id == _G.voucher_id)
    .join(RECEIPTS_TABLE, _R.id == _G.receipt_id)
    .join(_RECEIVER, _RECEIVER.c.id == _G.received_by)
    .join(_BRINGER, _BRINGER.c.id == _G.brought_by, isouter=True)
    .join(_RETURNER, _RETURNER.c.id == _G.returned_by, isouter=True)
    .join(CARDS_TABLE, _LIVE_CARD, isouter=True),
    GoodsRow,
    conditions={"technician": _G.brought_by == TECHNICIAN_ID, "customer": _G.call_id.in_(CALLS_OF_CUSTOMER)},
    views={"here": _OPEN_GOODS, "factory": and_(_OPEN_GOODS, _G.state == literal_column("'sent_out'"))},
    searched=_G.call_id,
)
"""The goods in/out register; views "here": not out again, "factory": sent out and not back."""

_OPEN_RECEIPT_OF = RECEIPTS.base.where(_R.product_id == bindparam("product"), _OPEN_RECEIPT)
_OPEN_GOODS_OF = GOODS.base.where(_G.product_id == bindparam("product"), _OPEN_GOODS)
_OPEN_RECEIPTS_OF_CALL = select(_R.number).where(_R.call_id == bindparam("call"), _OPEN_RECEIPT).order_by(_R.id)
_OPEN_GOODS_OF_CALL = select(_G.number).where(_G.call_id == bindparam("call"), _OPEN_GOODS).order_by(_G.id)
_PARTS_DUE_OF_CALL = (
    select(CARDS_TABLE.c.number)
    .where(CARDS_TABLE.c.call_id == bindparam("call"), CARDS_TABLE.c.parts_due > literal_column("0"))
    .order_by(CARDS_TABLE.c.id)
)


def open_receipt(desk: Reading, product: int) -> ReceiptRow | None:
    """The receipt that the customer holds for this product; there is at most one."""
    found = desk.one(_OPEN_RECEIPT_OF, product=product)
    return None if found is None else ReceiptRow(*found)


def open_goods(desk: Reading, product: int) -> GoodsRow | None:
    """The line of the register under which this product is in the shop; there is at most one."""
    found = desk.one(_OPEN_GOODS_OF, product=product)
    return None if found is None else GoodsRow(*found)


def outstanding(desk: Reading, call: int) -> list[str]:
    """The numbers of what a call still has out: receipts not voided, goods not returned, cards that wait for parts."""
    asked = (_OPEN_RECEIPTS_OF_CALL, _OPEN_GOODS_OF_CALL, _PARTS_DUE_OF_CALL)
    return [str(row[0]) for statement in asked for row in desk.all(statement, call=call)]


_EXCHANGE_ON_LINE = (
    update(GOODS_TABLE).where(_G.receipt_id == bindparam("before")).values(receipt_id=bindparam("after"))
)
_EXCHANGE_ON_CARDS = (
    update(CARDS_TABLE)
    .where(CARDS_TABLE.c.call_id == bindparam("call"), CARDS_TABLE.c.receipt_id == bindparam("before"))
    .values(receipt_id=bindparam("after"))
)


def exchange_receipt(desk: Writing, call: int, before: int, after: int) -> None:
    """Another receipt stands for the goods of a call, on their line and on their cards."""
    desk.do(_EXCHANGE_ON_LINE, before=before, after=after)
    desk.do(_EXCHANGE_ON_CARDS, call=call, before=before, after=after)
