"""What was printed: how often a paper, and the numbered blank job sheets that must come back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from servicedesk.store.columns import STRICT, a_key, a_link, a_moment, a_number, a_text, one_of, where


class Print(SQLModel, table=True):
    """How often a paper was printed; every one after the first is marked "copy"."""

    __tablename__ = "prints"
    __table_args__ = (UniqueConstraint("paper", "number"), STRICT)
    id: int | None = a_key()
    paper: str = a_text()
    number: str = a_text()
    times: int = a_number(1)
    last_at: datetime = a_moment()


class JobSheet(SQLModel, table=True):
    """A numbered blank job sheet of a technician's day pack: it comes back, is voided or is declared lost."""

    __tablename__ = "job_sheets"
    __table_args__ = (
        UniqueConstraint("number"),
        one_of("state", "out", "back", "voided", "lost"),
        Index("ix_job_sheets_out", "unit_id", "id", **where("state = 'out'")),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    unit_id: int = a_link("units.id")
    technician_id: int = a_link("staff.id", index=True)
    state: str = a_text("out")
    printed_at: datetime = a_moment()
    call_no: str = a_text("")
    reason: str = a_text("")
    changed_by: str = a_text("")
    changed_at: datetime | None = a_moment(None)
    version: int = a_number(1)
