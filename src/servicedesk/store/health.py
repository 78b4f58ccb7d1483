"""How the books are: what `servicedesk db info` tells, and the check that reads all of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, func, or_, select

from servicedesk.domain.words import Sentence, label, say
from servicedesk.store import audit, migrate, people, tables, units
from servicedesk.store.backup import name_of
from servicedesk.store.engine import SCHEMA, Books, journal_for, sqlite_driver
from servicedesk.store.session import Reading, table_of

CALLS = table_of(tables.Call)
VISITS = table_of(tables.Visit)
COUNTERS = table_of(tables.Counter)

_FIRST_FAULTS = 20
_NEXT_YEAR_FROM = 10  # the month from which on the next year's calendar is missed; it is published in November

_SERIES = select(COUNTERS.c.series, COUNTERS.c.last).where(COUNTERS.c.series.like("%-C-%")).order_by(COUNTERS.c.series)
_NUMBERS = select(CALLS.c.number).order_by(CALLS.c.number)
_ON_THE_WAY = CALLS.c.state.in_(("dispatched", "arrived"))
_UNDER_WAY = exists().where(VISITS.c.call_id == CALLS.c.id, VISITS.c.state == "active")
_ASTRAY = (
    select(CALLS.c.number)
    .where(or_(and_(_ON_THE_WAY, ~_UNDER_WAY), and_(~_ON_THE_WAY, _UNDER_WAY)))
    .order_by(CALLS.c.number)
    .limit(bindparam("count"))
)
_SIZE_POSTGRES = select(func.pg_database_size(func.current_database()))


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of `db info`."""

    label: str
    value: Sentence | str


def info(books: Books, now: datetime) -> list[Fact]:
    """What an administrator asks first; nothing is written and nothing personal is told."""
    schema = migrate.schema_of(books)
    facts = [Fact(label("Database"), name_of(books)), *_engine(books), Fact(label("Schema"), _schema(schema))]
    facts += _size(books)
    if schema != SCHEMA:
        return facts
    with books.reading() as desk:
        facts.append(Fact(label("Audit log"), audit.head(desk)))
        facts += [Fact(label("Calendar"), warning) for warning in calendar_warnings(books, desk, now)]
    return facts


def calendar_warnings(books: Books, desk: Reading, now: datetime) -> list[Sentence]:
    """The years, this one and towards its end the next, whose holidays nobody has entered.

    Due times in them are guesses.
    """
    years = (now.year, now.year + 1) if now.month >= _NEXT_YEAR_FROM else (now.year,)
    found = []
    for unit in people.units(books, desk, people.facts(desk)).values():
        missing = [str(year) for year in years if units.calendar_missing(desk, unit, year)]
        found += [say("{unit}: the calendar of {year} is missing.", unit=unit.code, year=year) for year in missing]
    return found


def check(books: Books) -> list[Sentence]:
    """Every fault found: in the file, between its tables, in the audit log, in the numbers and visits.

    Raises:
        Refused: for books that are not ours or are damaged beyond reading.
    """
    if migrate.schema_of(books) != SCHEMA:
        migrate.open_books(str(books.url.render_as_string(hide_password=False))).close()
    with books.reading() as desk:
        faults = list(_file_faults(desk)) if books.is_sqlite else []
        verdict = audit.verify(desk)
        if verdict.fault is not None:
            faults.append(say("Audit log: {fault}", fault=verdict.fault))
        faults += _number_faults(desk)
        for row in desk.all(_ASTRAY, count=_FIRST_FAULTS):
            faults.append(say("{number}: its state and its visits do not agree.", number=row.number))
    return faults


def _engine(books: Books) -> list[Fact]:
    if not books.is_sqlite:
        with books.reading() as desk:
            version = str(desk.connection.exec_driver_sql("SHOW server_version").scalar())
        return [Fact(label("Engine"), f"PostgreSQL {version}")]
    driver = sqlite_driver()
    journal = journal_for(driver.sqlite_version_info)
    why = say("WAL: this SQLite keeps it whole when several programs write.")
    if journal != "WAL":
        why = say(
            "{journal}: SQLite before 3.51.3 can damage a WAL database that several programs write; "
            "install pysqlite3 for a newer one.",
            journal=journal,
        )
    return [Fact(label("Engine"), f"SQLite {driver.sqlite_version} ({driver.__name__})"), Fact(label("Journal"), why)]


def _schema(schema: int) -> Sentence:
    if schema == SCHEMA:
        return say("{schema}, as this program", schema=schema)
    if schema == 0:
        return say("none: this is not a servicedesk database")
    return say("{schema}; this program knows {known}", schema=schema, known=SCHEMA)


def _size(books: Books) -> list[Fact]:
    if books.path is None:
        with books.reading() as desk:
            return [Fact(label("Size"), _megabytes(int(desk.value(_SIZE_POSTGRES))))]
    free = shutil.disk_usage(books.path.parent).free
    size = books.path.stat().st_size
    return [Fact(label("Size"), _megabytes(size)), Fact(label("Free on the disk"), _megabytes(free))]


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def _file_faults(desk: Reading) -> Iterator[Sentence]:
    for row in desk.connection.exec_driver_sql("PRAGMA integrity_check(20)").all():
        if row[0] != "ok":
            yield say("File: {fault}", fault=row[0])
    for row in desk.connection.exec_driver_sql("PRAGMA foreign_key_check").all()[:_FIRST_FAULTS]:
        yield say(
            "Table {table}, row {row}: what it belongs to in {parent} is missing.",
            table=row[0],
            row=row[1],
            parent=row[2],
        )


def _number_faults(desk: Reading) -> list[Sentence]:
    """Numbers of calls are without gaps in each unit's day, up to the last one given."""
    found: dict[str, list[int]] = {}
    for row in desk.all(_NUMBERS):
        series, _, serial = row.number.rpartition("-")
        found.setdefault(series, []).append(int(serial))
    given = {row.series: row.last for row in desk.all(_SERIES)}
    faults = []
    for series in sorted(found.keys() | given.keys()):
        missing = set(range(1, given.get(series, 0) + 1)).symmetric_difference(found.get(series, ()))
        if missing:
            listed = tuple(sorted(missing)[:_FIRST_FAULTS])
            faults.append(
                say("Series {series}: these numbers are missing or too many: {numbers}.", series=series, numbers=listed)
            )
    return faults
