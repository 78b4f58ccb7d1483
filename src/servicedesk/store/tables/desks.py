"""What people keep and leave open at their desks: named views, places, open lines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from servicedesk.store.columns import STRICT, a_flag, a_key, a_key_of, a_link, a_moment, a_text


class SavedView(SQLModel, table=True):
    """A named view of a register, a person's own or shared by the unit."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("staff_id", "book", "name"), STRICT)
    id: int | None = a_key()
    staff_id: int = a_link("staff.id")
    shared: bool = a_flag(False)
    book: str = a_text()
    name: str = a_text()
    view: str = a_text()


class Place(SQLModel, table=True):
    """Where a person was in a register: filter, sort, search and cursor, remembered across sign-ins."""

    __tablename__ = "places"
    __table_args__ = (STRICT,)
    staff_id: int = a_key_of("staff.id")
    book: str = a_text(primary_key=True)
    place: str = a_text()


class Presence(SQLModel, table=True):
    """Who has which line open, with a heartbeat."""

    __tablename__ = "presences"
    __table_args__ = (Index("ix_presences_number", "number"), STRICT)
    staff_id: int = a_key_of("staff.id")
    number: str = a_text(primary_key=True)
    since: datetime = a_moment()
    seen: datetime = a_moment()
