"""How stock is written: a line for every unit and part, and movements that alone change it (003 Art. 9)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, insert, literal_column, select, update

from servicedesk.domain.parts import PartRow
from servicedesk.store import tables
from servicedesk.store.session import Writing, table_of

P = table_of(tables.Part)
S = table_of(tables.Stock)
UNITS = table_of(tables.Unit)
LINES = table_of(tables.CardPart)

_TO_EVERY_UNIT = insert(S).from_select(
    ["unit_id", "part_id", "quantity", "minimum"],
    select(UNITS.c.id, bindparam("part", type_=P.c.id.type), literal_column("0"), literal_column("0")).order_by(
        UNITS.c.id
    ),
)
_TO_THE_UNIT = insert(S).from_select(
    ["unit_id", "part_id", "quantity", "minimum"],
    select(bindparam("unit", type_=UNITS.c.id.type), P.c.id, literal_column("0"), literal_column("0")).order_by(P.c.id),
)
_MOVE = (
    update(S)
    .where(S.c.unit_id == bindparam("of_unit"), S.c.part_id == bindparam("of_part"))
    .values(quantity=S.c.quantity + bindparam("difference"))
)
_TAKEN_OUT = (
    update(LINES)
    .where(LINES.c.card_id == bindparam("of_card"), LINES.c.line == bindparam("of_line"))
    .values(taken_out=True)
)


def put_into_every_unit(desk: Writing, part: int) -> None:
    """Give every unit its stock line of a new part."""
    desk.do(_TO_EVERY_UNIT, part=part)


def put_every_part_into(desk: Writing, unit: int) -> None:
    """Give a new unit its stock line of every part."""
    desk.do(_TO_THE_UNIT, unit=unit)


def move(desk: Writing, part: PartRow, **what: Any) -> None:
    """Book a movement of a part in its unit: the stock changes by the line that is written, and by nothing else.

    Args:
        desk: the act's transaction.
        part: the part as its unit sees it.
        what: the columns of the movement: `at`, `by_id`, `kind`, `quantity` (plus or minus), `paper`, `note`.
    """
    desk.add(tables.StockMove, unit_id=part.unit_id, part_id=part.part_id, **what)
    desk.do(_MOVE, of_unit=part.unit_id, of_part=part.part_id, difference=what["quantity"])


def mark_taken_out(desk: Writing, card: int, line: int) -> None:
    """Mark a parts line of a card, which stays."""
    desk.do(_TAKEN_OUT, of_card=card, of_line=line)
