"""The custody ledger: who holds an article, a loan unit or a voucher, and since when; one holder at every moment."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, case, func, literal_column, select, union, update

from servicedesk.domain.custody import HOLDERS, CustodyRow
from servicedesk.store import tables
from servicedesk.store.calls import STAFF, UNITS, VOUCHERS
from servicedesk.store.registers import TECHNICIAN_ID, Register
from servicedesk.store.session import Reading, Writing, table_of

CUSTODY = table_of(tables.Custody)
PRODUCTS = table_of(tables.Product)
LOAN_UNITS = table_of(tables.LoanUnit)
RECEIPTS = table_of(tables.Receipt)
GOODS = table_of(tables.Goods)
CARDS = table_of(tables.RepairCard)

_C = CUSTODY.c
_NOW = (_C.kind == bindparam("of_kind"), _C.item_id == bindparam("item"), _C.until.is_(None))
_END = update(CUSTODY).where(*_NOW).values(until=bindparam("ended"))
_HOLDER = select(_C.holder, _C.holder_id, _C.since).where(*_NOW)

_PRODUCT_OF_VOUCHER = VOUCHERS.alias("of_voucher")
_WHAT = func.trim(
    func.coalesce(LOAN_UNITS.c.name, PRODUCTS.c.name, "")
    + " "
    + func.coalesce(LOAN_UNITS.c.model_no, PRODUCTS.c.model_no, "")
)
_LEDGER = (
    select(
        _C.id,
        _C.kind,
        _C.number,
        UNITS.c.code.label("unit"),
        _C.holder,
        func.coalesce(STAFF.c.login, "").label("technician"),
        func.coalesce(STAFF.c.name, "").label("holder_name"),
        _C.since,
        _C.until,
        _C.paper,
        _WHAT.label("what"),
    )
    .join_from(CUSTODY, UNITS, UNITS.c.id == _C.unit_id)
    .join(STAFF, STAFF.c.id == _C.holder_id, isouter=True)
    .join(_PRODUCT_OF_VOUCHER, and_(_C.kind == "voucher", _PRODUCT_OF_VOUCHER.c.id == _C.item_id), isouter=True)
    .join(
        PRODUCTS,
        PRODUCTS.c.id == case((_C.kind == "article", _C.item_id), else_=_PRODUCT_OF_VOUCHER.c.product_id),
        isouter=True,
    )
    .join(LOAN_UNITS, and_(_C.kind == "loan_unit", LOAN_UNITS.c.id == _C.item_id), isouter=True)
)

HELD: Register[CustodyRow] = Register(
    CUSTODY,
    _LEDGER,
    CustodyRow,
    conditions={"technician": _C.holder_id == TECHNICIAN_ID, "state": _C.holder == bindparam("state")},
    views={holder: _C.holder == literal_column(f"'{holder}'") for holder in HOLDERS},
    always=_C.until.is_(None),
)
"""Who holds what now; a view, and a state, for each kind of holder. What has no line was never moved."""

_ITEMS = union(
    select(_C.kind, _C.item_id).where(_C.number == bindparam("number")),
    *(
        select(literal_column("'article'"), paper.c.product_id).where(paper.c.number == bindparam("number"))
        for paper in (RECEIPTS, GOODS, CARDS)
    ),
).subquery()
_HISTORY = _LEDGER.join(_ITEMS, and_(_ITEMS.c.kind == _C.kind, _ITEMS.c.item_id == _C.item_id)).order_by(_C.id)
_PLACED = (
    select(_C.kind, _C.number)
    .where(
        _C.unit_id == bindparam("unit_id"),
        _C.holder.in_(bindparam("holders", expanding=True)),
        _C.until.is_(None),
    )
    .order_by(_C.id)
)


class Holding(NamedTuple):
    """Who has a thing: the kind of holder, the key of the technician, aware UTC since when."""

    holder: str
    person: int | None
    since: datetime


def holding(desk: Reading, kind: str, item: int) -> Holding | None:
    """Who has a thing now; None for what was never moved."""
    found = desk.one(_HOLDER, of_kind=kind, item=item)
    return None if found is None else Holding(*found)


def where_is(desk: Reading, number: str) -> list[CustodyRow]:
    """The whole history of a thing, from first to last.

    `number` is what is or was written on it (receipt, loan unit's code, voucher), or a paper that hangs on the article:
    goods line, repair card.
    """
    return [CustodyRow(*row) for row in desk.all(_HISTORY, number=number)]


def placed(desk: Reading, unit_id: int, holders: list[str]) -> list[tuple[str, str]]:
    """Kind and number of everything a unit should find with these holders."""
    return [(row.kind, row.number) for row in desk.all(_PLACED, unit_id=unit_id, holders=holders)]


def move(
    desk: Writing,
    kind: str,
    item: int,
    number: str,
    unit_id: int,
    holder: str,
    *,
    person: int | None = None,
    since: datetime,
    paper: str = "",
) -> None:
    """Hand a thing over: the line of who had it ends, a new one begins.

    Args:
        desk: the act's transaction.
        kind: article, loan_unit or voucher.
        item: its key among products, loan units or vouchers.
        number: what is written on it.
        unit_id: the unit that answers for it.
        holder: one of `domain.custody.HOLDERS`.
        person: the key of the technician who has it; for nobody else.
        since: aware UTC.
        paper: the number of the paper that proves it.
    """
    desk.do(_END, of_kind=kind, item=item, ended=since)
    desk.add(
        tables.Custody,
        kind=kind,
        item_id=item,
        number=number,
        unit_id=unit_id,
        holder=holder,
        holder_id=person,
        since=since,
        paper=paper,
    )
