"""The first page of the register by SQLite's driver alone: on the screen before SQLAlchemy has been imported.

The same statements as those of `store.calls` and `store.people`, which a test holds them to. Whatever is not as usual
gives no page at all: then the books are opened in the ordinary way, which says what is wrong.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

from servicedesk.domain.calls import CallFilter, CallRow
from servicedesk.domain.clocks import DayRule, Window, WorkingCalendar
from servicedesk.domain.hours import windows_of
from servicedesk.domain.register_days import closing, last_closing
from servicedesk.domain.rights import Actor, Post
from servicedesk.store.driver import APPLICATION_ID, SCHEMA, sqlite_driver

Choose = Callable[[Actor], CallFilter | None]
"""The filter for a person, most urgent first and by unit alone; None where no such page is theirs."""

_COLUMNS = (
    "calls.id, calls.number, calls.version, units.code AS unit, calls.state, calls.called_at, calls.logged_at,"
    " calls.channel, customers.number AS customer, calls.customer_name, calls.caller, calls.telephone, calls.address,"
    " calls.district, calls.zone, calls.model_no, calls.product_name, calls.serial_no, calls.symptom,"
    " calls.service_type, vouchers.number AS voucher, vouchers.holder AS voucher_holder, calls.appointment_at,"
    " calls.due_at, calls.judged_by, calls.dispatched_at, coalesce(technician.login, ?) AS technician,"
    " coalesce(technician.name, ?) AS technician_name, calls.arrived_at, calls.finished_at, calls.struck_off_at,"
    " coalesce(striker.login, ?) AS struck_off_by, calls.remarks, calls.urges, calls.visits, calls.signed, calls.fee,"
    " calls.charge, calls.loan, calls.invoice_no, calls.cancel_reason, calls.state_before, calls.repeat_of,"
    " calls.urgent, calls.changed_by, calls.changed_at, calls.unit_id, calls.customer_id, calls.product_id,"
    " calls.voucher_id, calls.technician_id"
)
_FROM = (
    " FROM calls JOIN units ON units.id = calls.unit_id JOIN customers ON customers.id = calls.customer_id"
    " JOIN vouchers ON vouchers.id = calls.voucher_id LEFT OUTER JOIN staff AS technician"
    " ON technician.id = calls.technician_id LEFT OUTER JOIN staff AS striker ON striker.id = calls.struck_off_by"
)
_OF_UNIT = "calls.unit_id = (SELECT units.id FROM units WHERE units.code = ?)"
_PERSON = (
    "SELECT staff.id, staff.login, staff.name, units.code, units.timezone, staff.language"
    " FROM staff JOIN units ON units.id = staff.unit_id WHERE staff.active = 1 AND "
)
_OWN_POSTS = "SELECT staff_roles.role FROM staff_roles WHERE staff_roles.staff_id = ? ORDER BY staff_roles.id"
_STOOD_IN = (
    "SELECT stand_ins.role, units.code, staff.login FROM stand_ins JOIN staff ON staff.id = stand_ins.holder_id"
    " JOIN units ON units.id = staff.unit_id"
    " WHERE stand_ins.stand_in_id = ? AND stand_ins.begins <= ? AND stand_ins.ends >= ? ORDER BY stand_ins.id"
)
_WEEK = "SELECT weekday, opens, closes FROM windows WHERE unit_id = ? ORDER BY weekday, opens"
_DAYS = "SELECT day, windows, note FROM calendar_days WHERE unit_id = ?"
_READ: Mapping[Any, Callable[[Any], Any]] = {
    datetime: datetime.fromisoformat,
    datetime | None: datetime.fromisoformat,
    bool: bool,
}
_CONVERTS = tuple((place, _READ[kind]) for place, kind in enumerate(get_type_hints(CallRow).values()) if kind in _READ)


@dataclass(frozen=True)
class FirstPage:
    """Who is let in unasked, and the most urgent lines of their register with the calendars of the units."""

    actor: Actor
    zone: str
    language: str
    now: datetime
    rows: Sequence[CallRow]
    calendars: Mapping[str, WorkingCalendar]
    facts: Mapping[str, str]

    def calendar(self, code: str) -> WorkingCalendar:
        """A unit's working calendar."""
        return self.calendars[code]

    def last_closing(self, code: str) -> datetime | None:
        """A unit's last closing, by its calendar or in fact."""
        return last_closing(self.calendars[code], self.now, closing(self.facts, code))


def first_page(
    database: str, login: str, demo: str, os_sign_in: str, choose: Choose, count: int, now: datetime
) -> FirstPage | None:
    """The first page of who may sign in unasked, else None.

    Args:
        database: as in the settings.
        login: who asks for the desk in demo books; empty for who runs the program.
        demo: the fact of the books that lets `login` in where it is `yes`.
        os_sign_in: the fact that lets the account of this machine in where it is `yes`.
        choose: what to list.
        count: how many lines at most.
        now: aware UTC.
    """
    driver = sqlite_driver()
    path = Path(database)
    if "://" in database or not path.is_file() or not path.stat().st_size:
        return None
    try:
        with _reading(driver, path) as raw:
            facts = dict(raw.execute("SELECT name, value FROM books"))
            person = _person(raw, facts, login, demo, os_sign_in)
            if person is None:
                return None
            actor = _actor(raw, person, now)
            wanted = choose(actor)
            if wanted is None:
                return None
            rows = _rows(raw, wanted, count)
            calendars = {unit: _calendar(raw, unit) for unit in {row.unit for row in rows}}
            return FirstPage(actor, person[4], person[5], now, rows, calendars, facts)
    except driver.Error:
        return None


def page_sql(wanted: CallFilter) -> str:
    """The most urgent lines of all units or of one."""
    conditions = " AND ".join([*([_OF_UNIT] if wanted.unit else []), "calls.urgent != ?"])
    return f"SELECT {_COLUMNS}{_FROM} WHERE {conditions} ORDER BY calls.urgent, calls.id LIMIT ? OFFSET ?"


@contextmanager
def _reading(driver: Any, path: Path) -> Iterator[Any]:
    """One transaction that only reads, in books of this very schema.

    Raises:
        driver.Error: also where they are not.
    """
    raw = driver.connect(str(path), isolation_level=None, timeout=1.0)
    try:
        raw.execute("PRAGMA query_only=ON")
        raw.execute("PRAGMA trusted_schema=OFF")
        raw.execute("BEGIN")
        found = [raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
        if found != [APPLICATION_ID, SCHEMA]:
            raise driver.DatabaseError("other books")
        yield raw
    finally:
        raw.close()


def _person(raw: Any, facts: Mapping[str, str], login: str, demo: str, os_sign_in: str) -> Any:
    if login:
        return raw.execute(_PERSON + "staff.login = ?", (login,)).fetchone() if facts.get(demo) == "yes" else None
    if facts.get(os_sign_in) != "yes":
        return None
    try:
        account = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return None
    return raw.execute(_PERSON + "staff.os_user = ?", (account,)).fetchone()


def _actor(raw: Any, person: Any, now: datetime) -> Actor:
    key, login, name, code, zone, _ = person
    today = now.astimezone(ZoneInfo(zone)).date().isoformat()
    own = tuple(Post(role, code) for (role,) in raw.execute(_OWN_POSTS, (key,)))
    others = tuple(Post(*row) for row in raw.execute(_STOOD_IN, (key, today, today)))
    return Actor(key, login, name, code, own + others)


def _rows(raw: Any, wanted: CallFilter, count: int) -> list[CallRow]:
    values = ["", "", "", *([wanted.unit] if wanted.unit else []), ""]
    rows = []
    for found in raw.execute(page_sql(wanted), (*values, count, 0)).fetchall():
        row = list(found)
        for place, convert in _CONVERTS:
            if row[place] is not None:
                row[place] = convert(row[place])
        rows.append(CallRow(*row))
    return rows


def _calendar(raw: Any, code: str) -> WorkingCalendar:
    key, zone = raw.execute("SELECT id, timezone FROM units WHERE code = ?", (code,)).fetchone()
    week: list[list[Window]] = [[] for _ in range(7)]
    for weekday, opens, closes in raw.execute(_WEEK, (key,)):
        week[weekday].append(Window(opens, closes))
    days = {
        date.fromisoformat(day): DayRule(windows_of(windows), note) for day, windows, note in raw.execute(_DAYS, (key,))
    }
    return WorkingCalendar(zone, tuple(tuple(windows) for windows in week), days)
