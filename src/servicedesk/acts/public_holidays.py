"""The public holidays and make-up days of a year, from the `holidays` package, as days of a unit's calendar.

The package is imported only when a calendar is filled. What it does not know yet is said, never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from servicedesk.domain.clocks import Window
from servicedesk.domain.units import CalendarDayRow

_ONE_DAY = timedelta(days=1)
_MAKE_UP_NOTES = {"zh_CN": "调休上班日", "zh_TW": "補班日"}


def is_known_country(country: str) -> bool:
    """Whether the package has a calendar for this ISO 3166 code."""
    # The codes alone: `list_supported_countries` imports the calendars of all countries.
    from holidays.registry import EntityLoader

    return country in EntityLoader.get_country_codes()


def is_published(country: str, year: int) -> bool:
    """Whether the package knows the year whole.

    Where weekends are swapped by a yearly notice, as on the mainland, a year without its notice is not known.
    """
    calendar = _calendar(country, year)
    if not calendar.has_substituted_holidays:
        return bool(calendar)
    return year in getattr(calendar, "special_public_holidays", {})


def public_holidays(country: str, year: int, make_up: tuple[Window, ...]) -> list[CalendarDayRow]:
    """The days of a year that differ from their weekday, in order, with notes in the country's language.

    Where weekends are swapped, the weekend beside a holiday is off with it, as the yearly notices publish it: a unit
    that works on Saturdays is closed then, too.

    Args:
        country: ISO 3166 code known to the package.
        year: the year.
        make_up: the hours of a weekend day on which the country works.
    """
    calendar = _calendar(country, year)
    make_up_days = {day for day in calendar.weekend_workdays if day.year == year}
    if calendar.has_substituted_holidays:
        runs = _runs(calendar, year, make_up_days)
    else:
        runs = [[day] for day in sorted(calendar)]
    plain_names = _calendar(country, year, observed=False)
    closed = [CalendarDayRow(day, (), _name(run, calendar, plain_names), False) for run in runs for day in run]
    note = _MAKE_UP_NOTES.get(str(calendar.default_language), "make-up working day")
    opened = [CalendarDayRow(day, make_up, note, False) for day in make_up_days]
    return sorted(closed + opened, key=lambda row: row.day)


def _calendar(country: str, year: int, *, observed: bool = True) -> Any:
    from holidays import country_holidays

    language = country_holidays(country).default_language
    return country_holidays(country, years=year, language=language, observed=observed)


def _runs(calendar: Any, year: int, make_up_days: set[date]) -> list[list[date]]:
    """Each holiday with the days off that it joins to."""

    def is_off(day: date) -> bool:
        return day.year == year and day not in make_up_days and (day in calendar or day.weekday() in calendar.weekend)

    runs: list[list[date]] = []
    for holiday in sorted(calendar):
        if runs and holiday <= runs[-1][-1]:
            continue
        begins = ends = holiday
        while is_off(begins - _ONE_DAY):
            begins -= _ONE_DAY
        while is_off(ends + _ONE_DAY):
            ends += _ONE_DAY
        runs.append([begins + step * _ONE_DAY for step in range((ends - begins).days + 1)])
    return runs


def _name(run: Iterable[date], calendar: Any, plain_names: Any) -> str:
    """What the run is called: the name most of its days carry, without those that were only swapped."""
    for names in (plain_names, calendar):
        found = Counter(str(names[day]) for day in run if day in names)
        if found:
            return found.most_common(1)[0][0]
    return ""
