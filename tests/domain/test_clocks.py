"""Working hours, due times and what is told about them (003 Art. 16)."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.domain import clocks
from servicedesk.domain.clocks import DayRule, LedgerLine, Window, WorkingCalendar
from servicedesk.domain.words import Refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY_WINDOWS = (Window(8 * 60 + 30, 12 * 60), Window(13 * 60 + 30, 18 * 60))
WEEK = (DAY_WINDOWS,) * 5 + ((), ())
HOLIDAYS_2026 = (
    ("New Year", (1, 1), (1, 3)),
    ("Spring Festival", (2, 15), (2, 23)),
    ("Qingming", (4, 4), (4, 6)),
    ("Labour Day", (5, 1), (5, 5)),
    ("Dragon Boat", (6, 19), (6, 21)),
    ("Mid-Autumn", (9, 25), (9, 27)),
    ("National Day", (10, 1), (10, 7)),
)
MAKE_UP_2026 = ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))


def china_2026() -> WorkingCalendar:
    days = {date(2026, *day): DayRule(DAY_WINDOWS, "make-up working day") for day in MAKE_UP_2026}
    for name, first, last in HOLIDAYS_2026:
        day = date(2026, *first)
        while day <= date(2026, *last):
            days[day] = DayRule((), name)
            day += timedelta(days=1)
    return WorkingCalendar("Asia/Shanghai", WEEK, days)


CALENDAR = china_2026()


def at(written: str) -> datetime:
    return datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def test_the_calendar_of_2026_has_the_published_number_of_working_days() -> None:
    days = (date(2026, 1, 1) + timedelta(days=number) for number in range(365))
    assert sum(1 for day in days if CALENDAR.windows(day)) == 248


@pytest.mark.parametrize(
    ("called", "hours", "expected"),
    [
        ("2026-11-23 09:00", 6, "2026-11-23 16:30"),
        ("2026-11-23 09:00", 7, "2026-11-23 17:30"),
        ("2026-11-23 08:00", 6, "2026-11-23 16:00"),
        ("2026-11-23 12:30", 6, "2026-11-24 10:00"),
        ("2026-11-23 15:30", 6, "2026-11-24 12:00"),
        ("2026-11-23 18:00", 6, "2026-11-24 16:00"),
        ("2026-11-27 16:00", 6, "2026-11-30 14:00"),
        ("2026-11-21 10:00", 6, "2026-11-23 16:00"),
        ("2026-02-13 16:00", 6, "2026-02-14 14:00"),
        ("2026-02-14 16:00", 7, "2026-02-24 15:00"),
        ("2026-09-30 17:00", 6, "2026-10-08 15:00"),
        ("2026-10-09 17:00", 7, "2026-10-10 16:00"),
    ],
)
def test_worked_examples_of_the_arrival_limit(called: str, hours: int, expected: str) -> None:
    found = clocks.due(CALENDAR, at(called), hours * 60)
    assert found == at(expected)
    assert found.tzinfo is UTC
    assert clocks.worked_minutes(CALENDAR, at(called), found) == hours * 60


def test_a_call_counts_from_the_beginning_of_its_minute() -> None:
    assert clocks.due(CALENDAR, at("2026-11-23 09:00") + timedelta(seconds=59), 60) == at("2026-11-23 10:00")


def test_a_calendar_without_working_hours_is_refused_with_the_remedy() -> None:
    empty = WorkingCalendar("Asia/Shanghai", ((),) * 7, {})
    with pytest.raises(Refused, match="servicedesk calendar"):
        clocks.due(empty, at("2026-11-23 09:00"), 60)
    with pytest.raises(Refused):
        clocks.ledger(empty, at("2026-11-23 09:00"), 60)


def test_one_working_day_in_a_year_is_found() -> None:
    rare = WorkingCalendar("Asia/Shanghai", ((),) * 7, {date(2027, 11, 23): DayRule(DAY_WINDOWS, "open day")})
    assert clocks.due(rare, at("2026-11-23 09:00"), 60) == at("2027-11-23 09:30")


@pytest.mark.parametrize(("opens", "closes"), [(600, 600), (700, 600), (-1, 60), (0, 1441)])
def test_a_window_opens_before_it_closes(opens: int, closes: int) -> None:
    with pytest.raises(Refused):
        Window(opens, closes)


def test_overlapping_windows_and_short_weeks_are_refused() -> None:
    with pytest.raises(Refused, match="overlap"):
        WorkingCalendar("Asia/Shanghai", ((Window(0, 600), Window(500, 700)),) * 7, {})
    with pytest.raises(Refused, match="seven days"):
        WorkingCalendar("Asia/Shanghai", WEEK[:5], {})


@pytest.mark.parametrize(
    ("now", "due_at", "left"),
    [
        ("2026-11-23 14:20", "2026-11-23 16:30", 130),
        ("2026-11-23 11:00", "2026-11-23 14:30", 120),
        ("2026-11-23 16:30", "2026-11-23 16:30", 0),
        ("2026-11-23 17:05", "2026-11-23 16:30", -35),
        ("2026-11-27 19:00", "2026-11-27 18:00", -1),
        ("2026-11-30 08:42", "2026-11-27 18:00", -12),
    ],
)
def test_time_left_counts_working_minutes_and_is_never_zero_when_late(now: str, due_at: str, left: int) -> None:
    assert clocks.time_left(CALENDAR, at(now), at(due_at)) == left


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(130, "2h10 left"), (0, "0h00 left"), (5, "0h05 left"), (-35, "late 0h35"), (-61, "late 1h01")],
)
def test_time_left_in_words(minutes: int, words: str) -> None:
    assert str(clocks.left_in_words(minutes)) == words


def test_late_looks_at_the_arrival_where_there_is_one() -> None:
    due_at, after = at("2026-11-23 16:30"), at("2026-11-24 09:00")
    assert not clocks.late(due_at, due_at, after)
    assert clocks.late(due_at, due_at + timedelta(minutes=1), after)
    assert clocks.late(due_at, None, after)
    assert not clocks.late(due_at, None, due_at)


@pytest.mark.parametrize(
    ("now", "closing"),
    [
        ("2026-11-23 18:00", "2026-11-23 18:00"),
        ("2026-11-23 17:59", "2026-11-20 18:00"),
        ("2026-11-23 12:30", "2026-11-20 18:00"),
        ("2026-02-20 12:00", "2026-02-14 18:00"),
    ],
)
def test_last_closing_is_the_end_of_the_last_working_day(now: str, closing: str) -> None:
    assert clocks.last_closing(CALENDAR, at(now)) == at(closing)


def test_no_closing_within_sixty_days_is_none() -> None:
    assert clocks.last_closing(WorkingCalendar("Asia/Shanghai", ((),) * 7, {}), at("2026-11-23 18:00")) is None


def shown(lines: tuple[LedgerLine, ...]) -> list[tuple[str, str, int, str, tuple[str, ...]]]:
    return [
        (
            f"{line.begins.astimezone(SHANGHAI):%a %H:%M}",
            f"{line.ends.astimezone(SHANGHAI):%a %H:%M}",
            line.minutes,
            line.reason,
            line.notes,
        )
        for line in lines
    ]


def test_the_ledger_shows_a_weekend_as_one_line() -> None:
    assert shown(clocks.ledger(CALENDAR, at("2026-11-27 11:00"), 360)) == [
        ("Fri 11:00", "Fri 12:00", 60, clocks.COUNTED, ()),
        ("Fri 12:00", "Fri 13:30", 0, clocks.LUNCH, ()),
        ("Fri 13:30", "Fri 18:00", 270, clocks.COUNTED, ()),
        ("Fri 18:00", "Mon 08:30", 0, clocks.CLOSED_DAY, ()),
        ("Mon 08:30", "Mon 09:00", 30, clocks.COUNTED, ()),
    ]


def test_the_ledger_names_holidays_and_make_up_days() -> None:
    assert shown(clocks.ledger(CALENDAR, at("2026-02-14 16:00"), 150)) == [
        ("Sat 16:00", "Sat 18:00", 120, clocks.COUNTED, ("make-up working day",)),
        ("Sat 18:00", "Tue 08:30", 0, clocks.HOLIDAY, ("Spring Festival",)),
        ("Tue 08:30", "Tue 09:00", 30, clocks.COUNTED, ()),
    ]


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("2026-11-23 07:00", clocks.BEFORE_OPENING),
        ("2026-11-23 12:10", clocks.LUNCH),
        ("2026-11-23 22:00", clocks.AFTER_CLOSING),
        ("2026-11-22 22:00", clocks.CLOSED_DAY),
        ("2026-10-02 10:00", clocks.HOLIDAY),
    ],
)
def test_why_the_first_stretch_does_not_count(start: str, reason: str) -> None:
    first = clocks.ledger(CALENDAR, at(start), 60)[0]
    assert (first.minutes, first.reason) == (0, reason)


@pytest.mark.parametrize(
    ("called", "minutes", "explained"),
    [
        ("2026-11-23 14:00", 120, "urban, 2 working hours from {start}"),
        ("2026-11-23 14:00", 90, "urban, 1h30 of working time from {start}"),
        ("2026-11-23 14:00", 60, "urban, 1h00 of working time from {start}"),
        ("2026-11-23 09:00", 360, "urban, 6 working hours from {start}; lunch left out"),
        ("2026-11-23 15:30", 360, "urban, 6 working hours from {start}; the night left out"),
        ("2026-11-27 16:00", 360, "urban, 6 working hours from {start}; the weekend and lunch left out"),
        ("2026-11-27 11:00", 900, "urban, 15 working hours from {start}; lunch, the weekend and the night left out"),
        ("2026-09-30 17:00", 120, "urban, 2 working hours from {start}; National Day left out"),
    ],
)
def test_the_promise_says_what_is_left_out(called: str, minutes: int, explained: str) -> None:
    due_at = clocks.due(CALENDAR, at(called), minutes)
    spoken, why = clocks.promise(CALENDAR, at(called), due_at, "urban", minutes)
    assert str(spoken) == f"Our technician will be with you by {due_at}."
    assert str(why) == f"arrive by {due_at}: " + explained.format(start=at(called))


def test_unnamed_holidays_and_closed_weekdays_are_left_out_too() -> None:
    closed = WorkingCalendar("Asia/Shanghai", (*WEEK[:2], (), *WEEK[3:]), {date(2026, 11, 24): DayRule((), "")})
    due_at = clocks.due(closed, at("2026-11-23 17:00"), 120)
    assert "the holiday left out" in str(clocks.promise(closed, at("2026-11-23 17:00"), due_at, "urban", 120)[1])
    quiet = WorkingCalendar("Asia/Shanghai", closed.week, {})
    assert "closed days left out" in str(clocks.promise(quiet, at("2026-11-24 17:00"), due_at, "urban", 120)[1])


def test_a_night_shift_follows_the_clocks_of_its_zone() -> None:
    """In Berlin 2026-03-29 loses 02:00-03:00 and 2026-10-25 has it twice."""
    nights = WorkingCalendar("Europe/Berlin", ((Window(0, 6 * 60),),) * 7, {})
    berlin = ZoneInfo("Europe/Berlin")
    for day, hours in ((date(2026, 3, 29), 5), (date(2026, 7, 1), 6), (date(2026, 10, 25), 7)):
        midnight = datetime(day.year, day.month, day.day, tzinfo=berlin)
        assert clocks.worked_minutes(nights, midnight, midnight + timedelta(days=1)) == hours * 60
    start = datetime(2026, 3, 29, 1, 0, tzinfo=berlin)
    assert clocks.due(nights, start, 60) == datetime(2026, 3, 29, 3, 0, tzinfo=berlin)


ZONES = st.sampled_from(
    ["Asia/Shanghai", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
)
MOMENTS = st.integers(0, 20 * 365 * 86_400).map(
    lambda second: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
    return tuple(Window(opens * 15, closes * 15) for opens, closes in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    week = [draw(windows()) for _ in range(6)]
    return WorkingCalendar(draw(ZONES), (DAY_WINDOWS, *week), {})


@given(calendars(), MOMENTS, st.integers(0, 3000))
def test_the_ledger_adds_up_and_has_no_gaps(calendar: WorkingCalendar, start: datetime, limit: int) -> None:
    lines = clocks.ledger(calendar, start, limit)
    due_at = clocks.due(calendar, start, limit)
    minute = start.replace(second=0, microsecond=0)
    assert sum(line.minutes for line in lines) == limit
    assert [line.begins for line in lines[1:]] == [line.ends for line in lines[:-1]]
    if lines:
        assert (lines[0].begins, lines[-1].ends) == (minute, due_at)
        assert lines[-1].reason == clocks.COUNTED
    for line in lines:
        counted = clocks.worked_minutes(calendar, line.begins, line.ends)
        assert counted == line.minutes == (line.ends - line.begins) // timedelta(minutes=1) * (line.minutes > 0)
    assert clocks.time_left(calendar, minute, due_at) == limit


@given(calendars(), MOMENTS, st.integers(0, 20_000), st.integers(0, 20_000))
def test_worked_minutes_of_two_stretches_are_those_of_the_whole(
    calendar: WorkingCalendar, start: datetime, first: int, second: int
) -> None:
    start = start.replace(second=0, microsecond=0)
    middle = start + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    parts = clocks.worked_minutes(calendar, start, middle) + clocks.worked_minutes(calendar, middle, end)
    assert parts == clocks.worked_minutes(calendar, start, end)


def test_ten_thousand_random_calls_are_due_inside_working_hours() -> None:
    chance = random.Random(16)
    begin = at("2026-01-01 00:00")
    for _ in range(10_000):
        start = begin + timedelta(minutes=chance.randrange(300 * 24 * 60))
        limit = chance.choice((360, 420))
        due_at = clocks.due(CALENDAR, start, limit)
        local = due_at.astimezone(SHANGHAI)
        minute = local.hour * 60 + local.minute
        assert any(window.opens < minute <= window.closes for window in CALENDAR.windows(local.date()))
        assert clocks.worked_minutes(CALENDAR, start, due_at) == limit
