"""Where a unit goes and who of it is on duty: districts, absences, shifts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import SQLModel

from servicedesk.store.columns import STRICT, a_day, a_key, a_link, a_moment, a_number, a_text, one_of


class District(SQLModel, table=True):
    """A district of a unit with its zone (003 Art. 16, D23, D39)."""

    __tablename__ = "districts"
    __table_args__ = (UniqueConstraint("name"), one_of("zone", "urban", "suburban"), STRICT)
    id: int | None = a_key()
    unit_id: int = a_link("units.id")
    name: str = a_text()
    zone: str = a_text()


class Absence(SQLModel, table=True):
    """A technician who is not on duty."""

    __tablename__ = "absences"
    __table_args__ = (CheckConstraint("begins < ends", name="begins_before_ends"), STRICT)
    id: int | None = a_key()
    staff_id: int = a_link("staff.id", index=True)
    begins: datetime = a_moment()
    ends: datetime = a_moment()
    reason: str = a_text()


class Shift(SQLModel, table=True):
    """A day on which a technician's hours differ from the unit's: minutes after local midnight."""

    __tablename__ = "shifts"
    __table_args__ = (UniqueConstraint("staff_id", "day"), STRICT)
    id: int | None = a_key()
    staff_id: int = a_link("staff.id")
    day: date = a_day()
    opens: int = a_number()
    closes: int = a_number()
