"""The part list with the stock of each unit, its movements, and requisitions, as they are read (003 Art. 9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, cast, func, literal_column, select

from servicedesk.domain.parts import PartRow, RequisitionRow, StockMoveRow, part_number
from servicedesk.domain.text import clean
from servicedesk.store import tables
from servicedesk.store.registers import TECHNICIAN_ID, Register
from servicedesk.store.session import Reading, table_of
from servicedesk.store.words_index import fold

P = table_of(tables.Part)
S = table_of(tables.Stock)
M = table_of(tables.StockMove)
R = table_of(tables.Requisition)
UNITS = table_of(tables.Unit)
STAFF = table_of(tables.Staff)
CARDS = table_of(tables.RepairCard)

_LONGEST_TYPED = 100
_LAST = "\U0010ffff"

# Written out, so that both engines see that the partial indexes serve.
_IS_OPEN = R.c.state == literal_column("'open'")
_IS_ACTIVE = P.c.active == literal_column("1")
_ON_ORDER = (
    select(cast(func.coalesce(func.sum(R.c.quantity - R.c.arrived), 0), R.c.quantity.type))
    .where(R.c.unit_id == S.c.unit_id, R.c.part_id == S.c.part_id, _IS_OPEN)
    .correlate(S)
    .scalar_subquery()
)
_PART = (
    select(
        S.c.id,
        P.c.number,
        P.c.version,
        P.c.name,
        P.c.measure,
        P.c.price,
        P.c.cost,
        P.c.currency,
        P.c.active,
        UNITS.c.code.label("unit"),
        S.c.quantity,
        S.c.minimum,
        _ON_ORDER.label("on_order"),
        P.c.changed_by,
        P.c.changed_at,
        S.c.unit_id,
        S.c.part_id,
    )
    .join_from(S, P, P.c.id == S.c.part_id)
    .join(UNITS, UNITS.c.id == S.c.unit_id)
)
_REQUISITION = (
    select(
        R.c.id,
        R.c.number,
        R.c.version,
        UNITS.c.code.label("unit"),
        R.c.state,
        func.coalesce(CARDS.c.number, "").label("card"),
        P.c.number.label("part"),
        P.c.name.label("part_name"),
        R.c.quantity,
        R.c.asked_at,
        STAFF.c.login.label("technician"),
        STAFF.c.name.label("technician_name"),
        R.c.arrived_at,
        R.c.reason,
        R.c.changed_by,
        R.c.changed_at,
        R.c.unit_id,
        R.c.card_id,
        R.c.part_id,
        R.c.arrived,
    )
    .join_from(R, UNITS, UNITS.c.id == R.c.unit_id)
    .join(P, P.c.id == R.c.part_id)
    .join(STAFF, STAFF.c.id == R.c.asked_by)
    .outerjoin(CARDS, CARDS.c.id == R.c.card_id)
)

PARTS: Register[PartRow] = Register(S, _PART, PartRow, views={"short": S.c.quantity < S.c.minimum}, number=P.c.number)
"""The part list as each unit sees it: one line for each unit and part."""

REQUISITIONS: Register[RequisitionRow] = Register(
    R,
    _REQUISITION,
    RequisitionRow,
    conditions={"technician": R.c.asked_by == TECHNICIAN_ID},
    views={"open": _IS_OPEN},
)

_OF_UNIT = _PART.where(P.c.number == bindparam("number"), UNITS.c.code == bindparam("unit"))
_ANY_UNIT = _PART.where(P.c.number == bindparam("number")).order_by(S.c.id).limit(1)
_THESE = _PART.where(S.c.part_id.in_(bindparam("ids", expanding=True)), UNITS.c.code == bindparam("unit"))
_MOVES = (
    select(M.c.at, M.c.kind, M.c.quantity, M.c.paper, STAFF.c.name, M.c.note)
    .join_from(M, STAFF, STAFF.c.id == M.c.by_id)
    .where(M.c.unit_id == bindparam("unit_id"), M.c.part_id == bindparam("part_id"))
    .order_by(M.c.id.desc())
    .limit(bindparam("limit"))
)
_OPEN_OF_PART = _REQUISITION.where(
    R.c.unit_id == bindparam("unit_id"), R.c.part_id == bindparam("part_id"), _IS_OPEN
).order_by(R.c.id)
_OF_CARD = _REQUISITION.where(R.c.card_id == bindparam("card_id")).order_by(R.c.id)


def _ids(condition: ColumnElement[bool], order: ColumnElement[Any]) -> Select[Any]:
    return select(P.c.id).where(condition, _IS_ACTIVE).order_by(order).limit(bindparam("limit"))


def _beginning(key: ColumnElement[str]) -> Select[Any]:
    """Parts whose key begins with something, in its order: a range of its index."""
    begins: ColumnElement[bool] = (key >= bindparam("low")) & (key < bindparam("high"))
    return _ids(begins, key)


def _holding(key: ColumnElement[str]) -> Select[Any]:
    """Parts whose key holds something, letter case aside: the whole index is walked, so it is asked last."""
    return _ids(func.lower(key).like(bindparam("held"), escape="\\"), key)


_BY_NUMBER, _BY_NAME, _BY_INITIALS = map(_beginning, (P.c.number, P.c.name, P.c.initials))
_IN_NUMBER, _IN_NAME = map(_holding, (P.c.number, P.c.name))


def one(desk: Reading, number: str, unit: str = "") -> PartRow | None:
    """A part as this unit sees it; without a unit, as the first does."""
    number = part_number(number)
    found = desk.one(_OF_UNIT, number=number, unit=unit) if unit else desk.one(_ANY_UNIT, number=number)
    return None if found is None else PartRow(*found)


def find(desk: Reading, typed: str, unit: str, limit: int = 9) -> list[PartRow]:
    """The active parts that a fragment of number, name or initials means, the surest first."""
    keys: dict[int, None] = {}
    for key in _found(desk, clean(typed[:_LONGEST_TYPED]), limit):
        keys[key] = None
        if len(keys) == limit:
            break
    if not keys:
        return []
    rows = {row.part_id: PartRow(*row) for row in desk.all(_THESE, ids=list(keys), unit=unit)}
    return [rows[key] for key in keys if key in rows]


def _found(desk: Reading, typed: str, limit: int) -> Iterator[int]:
    number = part_number(typed)
    if not number:
        return
    yield from _keys(desk, _BY_NUMBER, limit, low=number, high=number + _LAST)
    yield from _keys(desk, _BY_NAME, limit, low=typed, high=typed + _LAST)
    spoken = fold(number)
    if spoken.isascii() and spoken.isalpha():
        yield from _keys(desk, _BY_INITIALS, limit, low=spoken, high=spoken + _LAST)
    yield from _keys(desk, _IN_NUMBER, limit, held=_held(number))
    yield from _keys(desk, _IN_NAME, limit, held=_held(typed))


def _held(fragment: str) -> str:
    plain = fragment.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    # Only the letters A to Z, as both engines fold them.
    return "%" + "".join(sign.lower() if sign.isascii() else sign for sign in plain) + "%"


def _keys(desk: Reading, statement: Select[Any], limit: int, **values: Any) -> list[int]:
    return [row[0] for row in desk.all(statement, limit=limit, **values)]


def moves(desk: Reading, part: PartRow, limit: int = 50) -> list[StockMoveRow]:
    """The last movements of a part in a unit, the newest first."""
    found = desk.all(_MOVES, unit_id=part.unit_id, part_id=part.part_id, limit=limit)
    return [StockMoveRow(*row) for row in found]


def open_of_part(desk: Reading, part: PartRow) -> list[RequisitionRow]:
    """The open requisitions of a part in a unit, the oldest first."""
    return [RequisitionRow(*row) for row in desk.all(_OPEN_OF_PART, unit_id=part.unit_id, part_id=part.part_id)]


def of_card(desk: Reading, card: int) -> list[RequisitionRow]:
    """The requisitions of a repair card, the oldest first."""
    return [RequisitionRow(*row) for row in desk.all(_OF_CARD, card_id=card)]
