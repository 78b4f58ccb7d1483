"""What every act leaves beside its papers: the number given, the request answered, the line of the audit log."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import SQLModel

from servicedesk.store.columns import STRICT, a_key, a_key_of, a_moment, a_number, a_text


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
