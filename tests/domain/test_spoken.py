"""Times, dates and durations as people type them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.domain.spoken import spoken_date, spoken_minutes, spoken_time
from servicedesk.domain.words import Refused

ZONE = "Asia/Shanghai"
NOW = datetime(2026, 11, 23, 14, 20, 33, tzinfo=ZoneInfo(ZONE))
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("930", "2026-11-23 09:30"),
        ("0930", "2026-11-23 09:30"),
        ("9:30", "2026-11-23 09:30"),
        (" 09:30 ", "2026-11-23 09:30"),
        ("9.30", "2026-11-23 09:30"),
        ("０９：３０", "2026-11-23 09:30"),
        ("９３０", "2026-11-23 09:30"),
        ("9点30", "2026-11-23 09:30"),
        ("9點30分", "2026-11-23 09:30"),
        ("000", "2026-11-23 00:00"),
        ("23:59", "2026-11-23 23:59"),
        ("-15", "2026-11-23 14:05"),
        ("－１５", "2026-11-23 14:05"),
        ("-1h30", "2026-11-23 12:50"),
        ("+30", "2026-11-23 14:50"),
        ("now", "2026-11-23 14:20"),
        ("n", "2026-11-23 14:20"),
        ("现在", "2026-11-23 14:20"),
        ("y1650", "2026-11-22 16:50"),
        ("Y 16:50", "2026-11-22 16:50"),
        ("昨1650", "2026-11-22 16:50"),
        ("昨天16:50", "2026-11-22 16:50"),
        ("前天930", "2026-11-21 09:30"),
        ("t930", "2026-11-24 09:30"),
        ("明930", "2026-11-24 09:30"),
        ("後天9:30", "2026-11-25 09:30"),
        ("mon 9:30", "2026-11-30 09:30"),
        ("Tue930", "2026-11-24 09:30"),
        ("sunday 9:30", "2026-11-29 09:30"),
        ("周一9:30", "2026-11-30 09:30"),
        ("週日 930", "2026-11-29 09:30"),
        ("星期天930", "2026-11-29 09:30"),
        ("2026-11-23 14:20", "2026-11-23 14:20"),
        ("2026/11/23 14:20", "2026-11-23 14:20"),
        ("2026-11-23T14:20", "2026-11-23 14:20"),
        ("20261123 1420", "2026-11-23 14:20"),
        ("2026年11月23日14:20", "2026-11-23 14:20"),
        ("11-23 14:20", "2026-11-23 14:20"),
        ("11月23日 930", "2026-11-23 09:30"),
        ("1-2 9:30", "2027-01-02 09:30"),
        ("2026-11-23T06:20:00Z", "2026-11-23 14:20"),
        ("2026-11-23T14:20:00+08:00", "2026-11-23 14:20"),
        ("2026-11-23 07:20+0100", "2026-11-23 14:20"),
    ],
)
def test_times_people_type(typed: str, meant: str) -> None:
    found = spoken_time(typed, NOW, ZONE)
    assert f"{found.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}" == meant
    assert found.tzinfo is UTC
    assert found.second == 0


def test_typed_seconds_are_kept() -> None:
    assert spoken_time("2026-11-23 14:20:05", NOW, ZONE) == datetime(2026, 11, 23, 6, 20, 5, tzinfo=UTC)


def test_a_time_alone_is_on_the_default_day() -> None:
    found = spoken_time("930", NOW, ZONE, default_day=date(2026, 12, 1))
    assert found == datetime(2026, 12, 1, 1, 30, tzinfo=UTC)


def test_yesterday_is_the_one_of_the_zone() -> None:
    just_after_midnight = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)
    assert spoken_time("y2350", just_after_midnight, ZONE) == datetime(2026, 11, 22, 15, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "9", "2460", "24:00", "9:60", "930pm", "soon", "z930", "-", "-x", "+99999", "23 14:20",
     "٩:٣٠", "2026-11-23", "2026-11-23 25:00", "9" * 5000, "[b]930"],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(Refused, match=r"is not a time: type 930, 9:30, -15 .* y1650") as refusal:
        spoken_time(typed, NOW, ZONE)
    assert refusal.value.kind == "field"
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    "typed", ["2-30 9:30", "2026-13-01 9:30", "0001-01-01 00:00", "2026-02-30T09:30Z", "0001-01-01T00:00+08:00"]
)
def test_days_that_do_not_exist_are_refused(typed: str) -> None:
    with pytest.raises(Refused, match="no such day"):
        spoken_time(typed, NOW, ZONE)


def test_an_hour_skipped_by_the_clocks_is_refused_and_a_repeated_one_is_its_first_run() -> None:
    now = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
    with pytest.raises(Refused, match="clocks go forward"):
        spoken_time("230", now, "Europe/Berlin")
    assert spoken_time("2026-10-25 2:30", now, "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-04-19", date(2026, 4, 19)),
        ("2021/09/22", date(2021, 9, 22)),
        ("2021.9.2", date(2021, 9, 2)),
        ("2023年5月27日", date(2023, 5, 27)),
        ("２０２３年５月２７日", date(2023, 5, 27)),
        ("20230527", date(2023, 5, 27)),
        ("5-27", date(2026, 5, 27)),
        ("5月27日", date(2026, 5, 27)),
        ("1/2", date(2027, 1, 2)),
        ("y", date(2026, 11, 22)),
        ("今天", TODAY),
        ("t", date(2026, 11, 24)),
        ("周一", date(2026, 11, 30)),
    ],
)
def test_dates_people_type(typed: str, meant: date) -> None:
    assert spoken_date(typed, TODAY) == meant


@pytest.mark.parametrize("typed", ["2026-02-30", "20260230", "2-30", "2-29", "2026年2月29日", "1899-12-31"])
def test_impossible_dates_are_refused(typed: str) -> None:
    with pytest.raises(Refused, match="no such day"):
        spoken_date(typed, TODAY)


@pytest.mark.parametrize("typed", ["", "2026-4", "abc", "2026-04/19", "930", "x" * 5000])
def test_what_is_no_date_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(Refused, match="type 2026-04-19"):
        spoken_date(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("90", 90), ("1h30", 90), ("1:30", 90), ("１：３０", 90), ("2h", 120), ("45m", 45), ("1小时30分", 90), ("0", 0)],
)
def test_lengths_of_time(typed: str, minutes: int) -> None:
    assert spoken_minutes(typed) == minutes


@pytest.mark.parametrize("typed", ["", "-5", "1:75", "long", "99999"])
def test_what_is_no_length_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="type 90"):
        spoken_minutes(typed)


@given(st.text(max_size=30) | st.from_regex(r"[0-9ytmon昨明周一 :.+/-]{1,20}"))
def test_anything_typed_is_a_time_or_a_refusal(typed: str) -> None:
    with suppress(Refused):
        assert spoken_time(typed, NOW, ZONE).tzinfo is UTC
    with suppress(Refused):
        assert 1900 <= spoken_date(typed, TODAY).year < 2200


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(0, 24 * 60 - 1))
def test_a_written_time_is_read_back(day: date, minute: int) -> None:
    local = datetime.combine(day, time(*divmod(minute, 60)), timezone(timedelta(hours=8)))
    assert spoken_time(f"{local:%Y-%m-%d %H:%M}", NOW, "Etc/GMT-8") == local
    assert spoken_date(f"{local:%Y%m%d}", TODAY) == day
