"""The books as a whole: their settings, number series, requests, audit log, and what people left open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from servicedesk.store.columns import STRICT, a_flag, a_key, a_key_of, a_link, a_moment, a_number, a_text


class Book(SQLModel, table=True):
    """Facts of these books as a whole: the audit key, the installation, settings of the administrator."""

    __tablename__ = "books"
    __table_args__ = (STRICT,)
    name: str = a_text(primary_key=True)
    value: str = a_text()


class Counter(SQLModel, table=True):
    """The last number given of a series; raised inside the writing transaction."""

    __tablename__ = "counters"
    __table_args__ = (STRICT,)
    series: str = a_text(primary_key=True)
    last: int = a_number()


class Request(SQLModel, table=True):
    """A form that was saved: a retry is answered with its numbers."""

    __tablename__ = "requests"
    __table_args__ = (STRICT,)
    id: str = a_text(primary_key=True)
    act: str = a_text()
    numbers: str = a_text()
    at: datetime = a_moment()


class Audit(SQLModel, table=True):
    """One line of the chained audit log; see `store.audit`."""

    __tablename__ = "audit"
    __table_args__ = (STRICT,)
    seq: int | None = a_key()
    at: datetime = a_moment()
    actor: str = a_text()
    holder: str = a_text("")
    act: str = a_text()
    outcome: str = a_text()
    numbers: str = a_text("")
    request: str = a_text("")
    digest: str = a_text()
    mac: str = a_text()


class AuditDetail(SQLModel, table=True):
    """What an audit line says in full; the salt lets it be erased without breaking the chain."""

    __tablename__ = "audit_details"
    __table_args__ = (STRICT,)
    seq: int = a_key_of("audit.seq")
    salt: str = a_text()
    detail: str = a_text()


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
