"""Working hours as typed: read, written back, refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.domain.clocks import Window
from servicedesk.domain.hours import ORDINARY, first_working_day, parse_hours, parse_windows, write_hours, write_windows
from servicedesk.domain.words import Refused

MORNING, AFTERNOON = Window(510, 720), Window(810, 1080)


@pytest.mark.parametrize(
    "typed",
    [
        "mon-fri 08:30-12:00 13:30-18:00; sat 09:00-12:00",
        "Mon-Fri 0830-1200, 1330-1800\nSaturday 900-1200",
        "周一至周五 08:30-12:00、13:30-18:00；周六 ９：００－１２：００",
        "mon tue wed thu fri 13:30-18:00 8:30 – 12:00; sat 9:00-12:00; sun closed",
    ],
)
def test_a_week_is_read_as_people_write_it(typed: str) -> None:
    week = parse_hours(typed)
    assert week == ((MORNING, AFTERNOON),) * 5 + ((Window(540, 720),), ())
    assert write_hours(week) == "mon-fri 08:30-12:00 13:30-18:00; sat 09:00-12:00"
    assert first_working_day(week) == (MORNING, AFTERNOON)


def test_ordinary_hours_are_those_of_the_worked_examples() -> None:
    assert parse_hours(ORDINARY) == ((MORNING, AFTERNOON),) * 5 + ((), ())


def test_a_range_may_run_over_the_week_s_end_and_a_day_end_at_midnight() -> None:
    week = parse_hours("sat-mon 16:00-24:00")
    assert [bool(windows) for windows in week] == [True, False, False, False, False, True, True]
    assert write_hours(week) == "mon 16:00-24:00; sat-sun 16:00-24:00"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "are not working hours"),
        ("mon-fri", "are not working hours"),
        ("08:30-12:00", "are not working hours"),
        ("mon-fry 08:30-12:00", "are not working hours"),
        ("mon 08:30", "are not working hours"),
        ("mon 08:60-12:00", "are not working hours"),
        ("mon 8:00-1", "are not working hours"),
        ("mon 18:00-08:30", "open before they close"),
        ("mon 23:00-25:00", "between 00:00 and 24:00"),
        ("mon 08:00-12:00 11:00-13:00", "overlap"),
        ("mon-wed 08:00-12:00; tue 08:00-12:00", "“tue” is named twice"),
        ("mon-sun closed", "at least one weekday"),
        ("mon closed 08:00-12:00", "are not working hours"),
        ("mon 08:00-12:00" + " " * 600, "are not working hours"),
    ],
)
def test_what_is_no_week_is_refused_on_its_field(typed: str, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_hours(typed)
    assert sentence in str(refusal.value)
    assert refusal.value.field == "hours"


def test_a_closed_day_has_no_windows() -> None:
    assert parse_windows("closed") == parse_windows("休息") == ()
    assert write_windows(()) == "closed"


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    clocks = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple(Window(opens, closes) for opens, closes in zip(clocks[::2], clocks[1::2], strict=False))


@given(st.lists(windows(), min_size=7, max_size=7).map(tuple).filter(any))
def test_what_is_written_is_read_back(week: tuple[tuple[Window, ...], ...]) -> None:
    assert parse_hours(write_hours(week)) == week


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        week = parse_hours(typed)
    except Refused:
        return
    assert any(week)
