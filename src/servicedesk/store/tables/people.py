"""Units with their hours and calendars; staff with posts and stand-ins: what every look at the books begins with."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import SQLModel

from servicedesk.store.columns import STRICT, a_day, a_flag, a_key, a_link, a_moment, a_number, a_text, one_of


class Unit(SQLModel, table=True):
    """Customer Department, service centre or branch (003 Art. 3)."""

    __tablename__ = "units"
    __table_args__ = (
        UniqueConstraint("code"),
        one_of("kind", "customer_department", "service_centre", "branch"),
        CheckConstraint("fee_limit >= 0", name="fee_limit_positive"),
        STRICT,
    )
    id: int | None = a_key()
    code: str = a_text()
    name: str = a_text()
    kind: str = a_text()
    timezone: str = a_text()
    country: str = a_text("CN")
    currency: str = a_text("CNY")
    fee_limit: int = a_number(20000)
    fee_limit_from: date | None = a_day(None)
    fee_limit_before: int = a_number(0)
    urban_minutes: int = a_number(360)
    suburban_minutes: int = a_number(420)


class Window(SQLModel, table=True):
    """One working window of a weekday: minutes after local midnight; several a day (003 Art. 16)."""

    __tablename__ = "windows"
    __table_args__ = (
        UniqueConstraint("unit_id", "weekday", "opens"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint("0 <= opens AND opens < closes AND closes <= 1440", name="opens_before_closes"),
        STRICT,
    )
    id: int | None = a_key()
    unit_id: int = a_link("units.id")
    weekday: int = a_number()
    opens: int = a_number()
    closes: int = a_number()


class CalendarDay(SQLModel, table=True):
    """A day that is not like its weekday: holiday (no windows), make-up day, half day."""

    __tablename__ = "calendar_days"
    __table_args__ = (UniqueConstraint("unit_id", "day"), STRICT)
    id: int | None = a_key()
    unit_id: int = a_link("units.id")
    day: date = a_day()
    windows: str = a_text("")
    note: str = a_text("")
    by_hand: bool = a_flag(False)


class Staff(SQLModel, table=True):
    """A person of the department."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("login"), UniqueConstraint("os_user"), STRICT)
    id: int | None = a_key()
    login: str = a_text()
    name: str = a_text()
    unit_id: int = a_link("units.id")
    os_user: str | None = a_text(None)
    passphrase: str = a_text("")
    failures: int = a_number(0)
    locked_until: datetime | None = a_moment(None)
    active: bool = a_flag(True)
    language: str = a_text("")
    version: int = a_number(1)


class StaffRole(SQLModel, table=True):
    """A post of a person."""

    __tablename__ = "staff_roles"
    __table_args__ = (UniqueConstraint("staff_id", "role"), STRICT)
    id: int | None = a_key()
    staff_id: int = a_link("staff.id")
    role: str = a_text()


class StandIn(SQLModel, table=True):
    """A dated stand-in with the rights of the post (D40); both days are included."""

    __tablename__ = "stand_ins"
    __table_args__ = (CheckConstraint("begins <= ends", name="begins_before_ends"), STRICT)
    id: int | None = a_key()
    holder_id: int = a_link("staff.id")
    role: str = a_text()
    stand_in_id: int = a_link("staff.id", index=True)
    begins: date = a_day()
    ends: date = a_day()
