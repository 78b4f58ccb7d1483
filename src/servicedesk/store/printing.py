"""What printing reads: a day's page, the jobs of a voucher, blank job sheets, and how often a paper was printed."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import bindparam, literal_column, select, update

from servicedesk.domain.calls import CallRow
from servicedesk.domain.goods import GoodsRow
from servicedesk.domain.printing import JobSheetRow
from servicedesk.store import tables
from servicedesk.store.calls import BASE, C
from servicedesk.store.goods import GOODS
from servicedesk.store.registers import Register
from servicedesk.store.session import Reading, Writing, table_of

_PRINTS = table_of(tables.Print)
_SHEETS = table_of(tables.JobSheet)
_UNITS = table_of(tables.Unit)
_STAFF = table_of(tables.Staff)
_GOODS = table_of(tables.Goods)

JOB_SHEETS: Register[JobSheetRow] = Register(
    _SHEETS,
    select(
        _SHEETS.c.id,
        _SHEETS.c.number,
        _SHEETS.c.version,
        _UNITS.c.code.label("unit"),
        _SHEETS.c.state,
        _STAFF.c.login.label("technician"),
        _STAFF.c.name.label("technician_name"),
        _SHEETS.c.printed_at,
        _SHEETS.c.call_no,
        _SHEETS.c.reason,
        _SHEETS.c.changed_by,
        _SHEETS.c.changed_at,
    )
    .join_from(_SHEETS, _UNITS, _UNITS.c.id == _SHEETS.c.unit_id)
    .join(_STAFF, _STAFF.c.id == _SHEETS.c.technician_id),
    JobSheetRow,
    views={"out": _SHEETS.c.state == literal_column("'out'")},
)
_SHEETS_OF = JOB_SHEETS.base.where(
    _SHEETS.c.technician_id == bindparam("technician"), _SHEETS.c.printed_at >= bindparam("since")
).order_by(_SHEETS.c.id)
_CALLS_OF_DAY = BASE.where(C.number >= bindparam("first"), C.number < bindparam("beyond")).order_by(C.number)
_GOODS_OF_DAY = GOODS.base.where(_GOODS.c.number >= bindparam("first"), _GOODS.c.number < bindparam("beyond")).order_by(
    _GOODS.c.number
)
_CALLS_OF_PRODUCT = BASE.where(C.product_id == bindparam("product")).order_by(C.id)
_GOODS_OF_CALL = GOODS.base.where(_GOODS.c.call_id == bindparam("call")).order_by(_GOODS.c.id.desc()).limit(1)
_PRINTED = select(_PRINTS.c.id, _PRINTS.c.times, _PRINTS.c.last_at).where(
    _PRINTS.c.paper == bindparam("paper"), _PRINTS.c.number == bindparam("of")
)
_AGAIN = (
    update(_PRINTS)
    .where(_PRINTS.c.id == bindparam("row"))
    .values(times=_PRINTS.c.times + 1, last_at=bindparam("at", type_=_PRINTS.c.last_at.type))
)


def calls_of_day(desk: Reading, series: str) -> list[CallRow]:
    """The lines whose numbers begin with `SZ-C-261123`, in the order of the page (D36)."""
    return [CallRow(*row) for row in desk.all(_CALLS_OF_DAY, **_range(series))]


def goods_of_day(desk: Reading, series: str) -> list[GoodsRow]:
    """The goods lines whose numbers begin with `SZ-G-261123`, in the order of the page."""
    return [GoodsRow(*row) for row in desk.all(_GOODS_OF_DAY, **_range(series))]


def calls_of_product(desk: Reading, product: int) -> list[CallRow]:
    """Every call of a product, the first one first: the jobs on its voucher."""
    return [CallRow(*row) for row in desk.all(_CALLS_OF_PRODUCT, product=product)]


def goods_of_call(desk: Reading, call: int) -> GoodsRow | None:
    """The goods line of a carried-back call, if it has one."""
    row = desk.one(_GOODS_OF_CALL, call=call)
    return None if row is None else GoodsRow(*row)


def sheets_of(desk: Reading, technician: int, since: datetime) -> list[JobSheetRow]:
    """The blank job sheets that were printed for a technician since then."""
    return [JobSheetRow(*row) for row in desk.all(_SHEETS_OF, technician=technician, since=since)]


def times_printed(desk: Reading, paper: str, number: str) -> int:
    """How often a paper was printed."""
    row = desk.one(_PRINTED, paper=paper, of=number)
    return 0 if row is None else cast(int, row.times)


def count_print(desk: Writing, paper: str, number: str, at: datetime) -> int:
    """One more print of a paper; gives how many there are now."""
    row = desk.one(_PRINTED, paper=paper, of=number)
    if row is None:
        desk.add(tables.Print, paper=paper, number=number, times=1, last_at=at)
        return 1
    desk.do(_AGAIN, row=row.id, at=at)
    return cast(int, row.times) + 1


def _range(series: str) -> dict[str, str]:
    # `.` is what comes next after `-`: every number of the series lies between.
    return {"first": f"{series}-", "beyond": f"{series}."}
