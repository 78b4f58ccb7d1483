"""Keeping the units: their hours, calendars and districts (003 Art. 3, 16; §1.7; D18, D23, D39)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.desk import Book, Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.acts.sheets import LineRefusal, SheetColumn, SheetLine, read_sheet, sort_lines
from servicedesk.domain.clocks import Window
from servicedesk.domain.hours import ORDINARY, first_working_day, parse_hours, parse_windows, write_hours, write_windows
from servicedesk.domain.money import CURRENCIES, parse_amount, show_amount
from servicedesk.domain.people import UNIT_KINDS
from servicedesk.domain.spoken import spoken_date
from servicedesk.domain.units import CalendarDayRow, UnitRow
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.domain.zones import ARRIVAL_LIMITS, SUBURBAN, URBAN, ZONES

if TYPE_CHECKING:
    from servicedesk.store.session import Reading, Writing

COUNTRY = "CN"
CURRENCY = "CNY"
FEE_LIMIT = "200"
"""Proposed where the owner names no other (D18). Typed limits are read in the unit's currency, not the reader's."""

LONGEST_LIMIT = 10_000
CLOSED, OPEN = "closed", "open"
DAY_STATES: Mapping[str, str] = {CLOSED: label("closed"), OPEN: label("open")}

_CODE = re.compile("[A-Z]{2,4}")
_CALENDAR_COLUMNS = (
    SheetColumn("day", ("Day", "Date", "日期"), True),
    SheetColumn("hours", ("Hours", "Working hours", "上班时间", "工作时间", "上班時間", "工作時間"), True),
    SheetColumn("note", ("Note", "Remarks", "说明", "备注", "說明", "備註")),
)


def _one(store: Reading, code: str) -> UnitRow | None:
    from servicedesk.store import units

    return units.unit(store, code.upper())


UNITS = Book("units", _one)


class UnitEntry(Entry):
    """A new unit."""

    code: Annotated[str, Ask(label("Letters on its papers"), width=6, row=1)]
    name: Annotated[str, Ask(label("Unit"), row=1)]
    kind: Annotated[str, Ask(label("Kind"), "choice", UNIT_KINDS)]
    timezone: Annotated[str, Ask(label("Time zone"))]
    country: Annotated[str, Ask(label("Country of its holidays"), width=4, row=2)] = COUNTRY
    currency: Annotated[str, Ask(label("Currency"), "choice", {code: code for code in CURRENCIES}, row=2)] = CURRENCY
    fee_limit: Annotated[str, Ask(label("Collected on the spot up to"))] = FEE_LIMIT
    urban_minutes: Annotated[int, Ask(label("Arrival limit, urban (minutes)"), "number", row=3)] = ARRIVAL_LIMITS[URBAN]
    suburban_minutes: Annotated[int, Ask(label("Arrival limit, suburban (minutes)"), "number", row=3)] = ARRIVAL_LIMITS[
        SUBURBAN
    ]


class UnitCorrection(Entry):
    """What may change of a unit; its letters stand on papers and stay."""

    name: Annotated[str, Ask(label("Unit"))]
    kind: Annotated[str, Ask(label("Kind"), "choice", UNIT_KINDS)]
    timezone: Annotated[str, Ask(label("Time zone"))]
    country: Annotated[str, Ask(label("Country of its holidays"), width=4)]
    fee_limit: Annotated[str, Ask(label("Collected on the spot up to"), row=2)]
    limit_from: Annotated[date | None, Ask(label("Limit holds from"), "day", row=2)] = None
    urban_minutes: Annotated[int, Ask(label("Arrival limit, urban (minutes)"), "number", row=3)]
    suburban_minutes: Annotated[int, Ask(label("Arrival limit, suburban (minutes)"), "number", row=3)]


class HoursEntry(Entry):
    """The working hours of a week."""

    hours: Annotated[str, Ask(label("Working hours"))]


class YearEntry(Entry):
    """The year to fill; `statutory` takes a year whose make-up days are not published yet."""

    year: Annotated[int, Ask(label("Year"), "number", width=6)]
    statutory: Annotated[bool, Ask(label("Even without make-up days"), "flag")] = False


class DayEntry(Entry):
    """One day of the calendar."""

    day: Annotated[date, Ask(label("Day"), "day", row=1)]
    state: Annotated[str, Ask(label("Open or closed"), "choice", DAY_STATES, row=1)]
    hours: Annotated[str, Ask(label("Working hours"), when=lambda values: values.get("state") != CLOSED)] = ""
    note: Annotated[str, Ask(label("Note"))] = ""


class FileEntry(Entry):
    """A CSV file with the columns day, hours (empty or `closed` for a closed day) and note."""

    file: Annotated[str, Ask(label("File"))]


class DistrictEntry(Entry):
    """A district with its zone and the unit that serves it."""

    name: Annotated[str, Ask(label("District"))]
    zone: Annotated[str, Ask(label("Zone"), "choice", ZONES)]
    unit: Annotated[str, Ask(label("Unit"), "lookup", lookup="units")]


@act("units.enter", UnitEntry)
def enter(desk: Desk, rows: Sequence[Any], entry: UnitEntry) -> Done:
    """Enter a unit with ordinary working hours and its calendars of this year and, where published, the next."""
    unit, years = open_unit(desk.store, desk.now, entry)
    _calendars_moved(desk)
    sentence = say("{unit} is entered, {years}.", unit=unit.code, years=_filled_years(years))
    return Done(sentence, (unit.code,), ("units.hours",))


@act("units.correct", UnitCorrection, book=UNITS, prepare=lambda look, rows, values: _as_it_stands(rows[0]))
def correct(desk: Desk, rows: Sequence[Any], entry: UnitCorrection) -> Done:
    """Correct a unit; a new limit for cash holds from a day on, the old one until then (D18)."""
    from servicedesk.store import tables

    unit: UnitRow = rows[0]
    _check(entry.timezone, entry.country, entry.urban_minutes, entry.suburban_minutes)
    fee_limit = _amount(entry.fee_limit, unit.currency)
    values = {**entry.model_dump(exclude={"limit_from"}), "fee_limit": fee_limit}
    today = desk.today(entry.timezone)
    if fee_limit != unit.fee_limit or (entry.limit_from or unit.fee_limit_from) != unit.fee_limit_from:
        begins = entry.limit_from or today
        if begins < today:
            raise Refused(say("A new limit holds from today or later."), field="limit_from")
        values |= {"fee_limit_from": begins, "fee_limit_before": unit.fee_limit_on(today)}
    desk.store.change(tables.Unit, unit.id, **values)
    desk.note(unit.code, **{name: value for name, value in values.items() if value != getattr(unit, name)})
    _calendars_moved(desk)
    return Done(say("{unit} is corrected.", unit=unit.code))


@act("units.hours", HoursEntry, book=UNITS, prepare=lambda look, rows, values: _hours_so_far(look, rows[0]))
def set_hours(desk: Desk, rows: Sequence[Any], entry: HoursEntry) -> Done:
    """Set the working hours of the week; the calendar's own days stay as they are."""
    from servicedesk.store import units

    unit: UnitRow = rows[0]
    week = parse_hours(entry.hours)
    desk.note(unit.code, hours_before=write_hours(units.hours(desk.store, unit)))
    units.set_hours(desk.store, unit, week)
    _calendars_moved(desk)
    return Done(say("{unit} works {hours}.", unit=unit.code, hours=write_hours(week)), next=("calendar.fill",))


@act("calendar.fill", YearEntry, book=UNITS)
def fill_year(desk: Desk, rows: Sequence[Any], entry: YearEntry) -> Done:
    """Fill in the holidays and make-up days of a year; days set by hand stay.

    Where the make-up days of the year are not published yet it is refused, so that the warning of a missing calendar
    stands, unless the statutory days alone are asked for.
    """
    from servicedesk.acts.public_holidays import is_published

    unit: UnitRow = rows[0]
    if not 1990 <= entry.year <= 2199:
        raise Refused(say("Enter a year of four digits, like 2026."), field="year")
    if not is_published(unit.country, entry.year) and not entry.statutory:
        sentence = say(
            "The make-up days of {year} are not known to this program: import the published calendar, "
            "or fill in the statutory days alone.",
            year=str(entry.year),
        )
        raise Refused(sentence, field="year")
    count = _fill(desk.store, unit, entry.year)
    desk.note(unit.code, days=count)
    _calendars_moved(desk)
    return Done(say("{unit}: {count} days of {year} filled in.", unit=unit.code, count=count, year=str(entry.year)))


@act("calendar.set", DayEntry, book=UNITS)
def set_day(desk: Desk, rows: Sequence[Any], entry: DayEntry) -> Done:
    """Set one day by hand: closed, or open at these hours (the first working weekday's where none are given)."""
    from servicedesk.store import units

    unit: UnitRow = rows[0]
    windows: tuple[Window, ...] = ()
    if entry.state == OPEN:
        windows = parse_windows(entry.hours) if entry.hours else first_working_day(units.hours(desk.store, unit))
        if not windows:
            raise Refused(say("An open day needs working hours: type 08:30-12:00 13:30-18:00."), field="hours")
    units.set_days(desk.store, unit, [CalendarDayRow(entry.day, windows, entry.note, True)])
    _calendars_moved(desk)
    hours = say("closed") if not windows else say("{hours}", hours=write_windows(windows))
    return Done(say("{unit}, {day}: {hours}.", unit=unit.code, day=entry.day, hours=hours))


@act("calendar.import", FileEntry, book=UNITS)
def import_days(desk: Desk, rows: Sequence[Any], entry: FileEntry) -> Done:
    """Import days from a CSV file, all lines or none; they count as set by hand."""
    from servicedesk.store import units

    unit: UnitRow = rows[0]
    path = Path(entry.file).expanduser()
    today = desk.today(unit.timezone)
    outcome = sort_lines(read_sheet(path, _CALENDAR_COLUMNS), lambda line: _calendar_line(line, today))
    if outcome.problems:
        first = outcome.problems[0]
        sentence = say("Line {line}: {reason} Nothing was imported.", line=first.number, reason=first.reason)
        raise Refused(sentence, field="file")
    days = [row for _, row in outcome.taken]
    repeated = len(days) - len({row.day for row in days})
    if repeated or not days:
        sentence = say("The file has no days.") if not days else say("The file has a day twice: give each day once.")
        raise Refused(sentence, field="file")
    units.set_days(desk.store, unit, days)
    desk.note(unit.code, days=len(days), digest=hashlib.sha256(path.read_bytes()).hexdigest())
    _calendars_moved(desk)
    return Done(say("{unit}: {count} days imported.", unit=unit.code, count=len(days)))


@act("districts.set", DistrictEntry)
def set_district(desk: Desk, rows: Sequence[Any], entry: DistrictEntry) -> Done:
    """Enter a district or change its zone or unit; calls already logged keep theirs (D23, D39)."""
    from servicedesk.store import units

    unit = named_unit(desk, entry.unit)
    before = units.district(desk.store, entry.name)
    if before is not None:
        desk.note(entry.name, zone_before=before.zone, unit_before=before.unit)
    units.set_district(desk.store, entry.name, entry.zone, unit)
    zone = Sentence(ZONES[entry.zone])
    sentence = say("{district} is {zone} and served by {unit}.", district=entry.name, zone=zone, unit=unit.code)
    return Done(sentence, (entry.name,))


def named_unit(look: Look, code: str, *, field: str = "unit") -> UnitRow:
    """The unit of a code that was typed.

    Raises:
        Refused: on the field, where there is none.
    """
    unit = _one(look.store, code)
    if unit is None:
        raise Refused(say("There is no unit {code}.", code=code), field=field)
    return unit


def open_unit(store: Writing, now: datetime, entry: UnitEntry) -> tuple[UnitRow, list[int]]:
    """Write a new unit with ordinary hours and its calendars; gives it and the years that were filled in.

    Raises:
        Refused: for letters that are taken, an unknown time zone or country, or a limit that cannot be.
    """
    from servicedesk.acts.public_holidays import is_published
    from servicedesk.store import stock, tables, units

    code = entry.code.upper()
    if not _CODE.fullmatch(code):
        raise Refused(say("The letters of a unit are two to four of A to Z: SZ."), field="code")
    if units.unit(store, code) is not None:
        raise Refused(say("There is a unit {code} already.", code=code), field="code")
    _check(entry.timezone, entry.country, entry.urban_minutes, entry.suburban_minutes)
    fee_limit = _amount(entry.fee_limit, entry.currency)
    limits = {"fee_limit": fee_limit, "fee_limit_from": None, "fee_limit_before": 0}
    values = {**entry.model_dump(), "code": code, **limits}
    unit = UnitRow(store.add(tables.Unit, **values), **values)
    units.set_hours(store, unit, parse_hours(ORDINARY))
    stock.put_every_part_into(store, unit.id)
    this_year = now.astimezone(ZoneInfo(unit.timezone)).year
    years = [year for year in (this_year, this_year + 1) if is_published(unit.country, year)]
    for year in years:
        _fill(store, unit, year)
    return unit, years


def _fill(store: Writing, unit: UnitRow, year: int) -> int:
    from servicedesk.acts.public_holidays import public_holidays
    from servicedesk.store import units

    make_up = first_working_day(units.hours(store, unit))
    units.forget_filled(store, unit, year)
    by_hand = {row.day for row in units.calendar_days(store, unit, year)}
    days = [row for row in public_holidays(unit.country, year, make_up) if row.day not in by_hand]
    units.set_days(store, unit, days)
    return len(days)


def _filled_years(years: Sequence[int]) -> Sentence:
    if not years:
        return say("without a calendar: import one")
    return say("with the calendar of {years}", years=tuple(years))


def _calendars_moved(desk: Desk) -> None:
    from servicedesk.store import people

    people.moved(desk.store, desk.facts, people.CALENDARS)


def _check(zone: str, country: str, urban: int, suburban: int) -> None:
    from servicedesk.acts.public_holidays import is_known_country

    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        sentence = say("There is no time zone “{zone}”: type one like Asia/Shanghai.", zone=zone)
        raise Refused(sentence, field="timezone") from None
    if not is_known_country(country):
        sentence = say("No holidays are known for “{country}”: type two letters like CN or TW.", country=country)
        raise Refused(sentence, field="country")
    for field, minutes in (("urban_minutes", urban), ("suburban_minutes", suburban)):
        if not 1 <= minutes <= LONGEST_LIMIT:
            raise Refused(say("Enter a limit in working minutes, like 360."), field=field)


def _amount(typed: str, currency: str) -> int:
    try:
        return parse_amount(typed, currency)
    except Refused as refused:
        raise Refused(refused.sentence, field="fee_limit", kind="field") from None


def _as_it_stands(unit: UnitRow) -> Prepared:
    names = ("name", "kind", "timezone", "country", "urban_minutes", "suburban_minutes")
    notes = []
    if unit.fee_limit_from is not None:
        before = show_amount(unit.fee_limit_before, unit.currency)
        notes.append(say("The limit was {amount} before {day}.", amount=before, day=unit.fee_limit_from))
    derived = {name: getattr(unit, name) for name in names}
    return Prepared({**derived, "fee_limit": show_amount(unit.fee_limit, unit.currency)}, notes=tuple(notes))


def _hours_so_far(look: Look, unit: UnitRow) -> Prepared:
    from servicedesk.store import units

    return Prepared({"hours": write_hours(units.hours(look.store, unit))})


def _calendar_line(line: SheetLine, today: date) -> CalendarDayRow | list[LineRefusal]:
    refusals = []
    day = today
    windows: tuple[Window, ...] = ()
    try:
        day = spoken_date(line.cell("day"), today)
    except Refused as refused:
        refusals.append(LineRefusal("day", refused.sentence))
    try:
        windows = parse_windows(line.cell("hours")) if line.cell("hours") else ()
    except Refused as refused:
        refusals.append(LineRefusal("hours", refused.sentence))
    return refusals or CalendarDayRow(day, windows, line.cell("note"), True)
