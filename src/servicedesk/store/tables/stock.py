"""Parts: the list, the stock of each unit with every movement, requisitions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from servicedesk.store.columns import STRICT, a_flag, a_key, a_link, a_moment, a_number, a_text, one_of, where


class Part(SQLModel, table=True):
    """A part of the list: number, name, price and cost in minor units of `currency`."""

    __tablename__ = "parts"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("price >= 0 AND cost >= 0", name="money_positive"),
        Index("ix_parts_name", "name"),
        Index("ix_parts_initials", "initials"),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    name: str = a_text()
    measure: str = a_text("")
    price: int = a_number(0)
    cost: int = a_number(0)
    currency: str = a_text("CNY")
    initials: str = a_text("")
    active: bool = a_flag(True)
    changed_by: str = a_text("")
    changed_at: datetime | None = a_moment(None)
    version: int = a_number(1)


class Stock(SQLModel, table=True):
    """How many of a part a unit has, and how many it wants at least; every unit has a line for every part."""

    __tablename__ = "stock"
    __table_args__ = (
        UniqueConstraint("unit_id", "part_id"),
        CheckConstraint("quantity >= 0", name="quantity_positive"),
        Index("ix_stock_unit_id", "unit_id", "id"),
        Index("ix_stock_short", "unit_id", "id", **where("quantity < minimum")),
        STRICT,
    )
    id: int | None = a_key()
    unit_id: int = a_link("units.id")
    part_id: int = a_link("parts.id", index=True)
    quantity: int = a_number(0)
    minimum: int = a_number(0)


class StockMove(SQLModel, table=True):
    """A movement of stock: what came, was used, given back or found at the count; the sum is the stock."""

    __tablename__ = "stock_moves"
    __table_args__ = (
        one_of("kind", "arrival", "use", "back", "return", "count"),
        Index("ix_stock_moves_part", "unit_id", "part_id", "id"),
        STRICT,
    )
    id: int | None = a_key()
    unit_id: int = a_link("units.id")
    part_id: int = a_link("parts.id")
    at: datetime = a_moment()
    by_id: int = a_link("staff.id")
    kind: str = a_text()
    quantity: int = a_number()
    paper: str = a_text("")
    note: str = a_text("")


class Requisition(SQLModel, table=True):
    """A parts requisition of a card, or for the shelf; its arrival wakes the card (forms §3.12).

    `arrived` of `quantity` have come so far; it is open until all have.
    """

    __tablename__ = "requisitions"
    __table_args__ = (
        UniqueConstraint("number"),
        one_of("state", "open", "arrived", "cancelled"),
        CheckConstraint("arrived >= 0 AND arrived <= quantity", name="arrived_of_quantity"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index("ix_requisitions_unit_id", "unit_id", "id"),
        Index("ix_requisitions_unit_id_state", "unit_id", "state", "id"),
        Index("ix_requisitions_asked_by", "asked_by", "id"),
        Index("ix_requisitions_open", "unit_id", "part_id", "id", **where("state = 'open'")),
        Index("ix_requisitions_open_id", "id", **where("state = 'open'")),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    unit_id: int = a_link("units.id")
    card_id: int | None = a_link("repair_cards.id", None, index=True)
    part_id: int = a_link("parts.id")
    quantity: int = a_number()
    arrived: int = a_number(0)
    state: str = a_text("open")
    asked_at: datetime = a_moment()
    asked_by: int = a_link("staff.id")
    arrived_at: datetime | None = a_moment(None)
    arrived_by: int | None = a_link("staff.id", None)
    reason: str = a_text("")
    changed_by: str = a_text("")
    changed_at: datetime | None = a_moment(None)
    version: int = a_number(1)
