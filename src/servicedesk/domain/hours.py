"""Working hours as people type them: `mon-fri 08:30-12:00 13:30-18:00; sat 09:00-12:00`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

from servicedesk.domain.clocks import Window
from servicedesk.domain.words import Refused, say

Week = tuple[tuple[Window, ...], ...]
"""The windows of each weekday, Monday first."""

ORDINARY = "mon-fri 08:30-12:00 13:30-18:00"
"""What a new unit works until it is told otherwise."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOSED = frozenset({"closed", "off", "休", "休息"})
_WEEKDAYS = {
    **{name: number for names in (_DAYS, _LONG) for number, name in enumerate(names)},
    **{week + name: number
       for week in ("周", "週", "星期", "礼拜", "禮拜")
       for number, name in (*enumerate("一二三四五六日"), (6, "天"))},
}  # fmt: skip

_LONGEST_TYPED = 500
_SIGNS = str.maketrans({**dict.fromkeys("‐‑‒–—―−~至", "-"), "；": ";", "、": ",", "。": " "})
_AROUND_DASH = re.compile(r"\s*-\s*")
_BETWEEN = re.compile(r"[\s,]+")
_CLOCK = re.compile(r"([0-9]{1,2}):?([0-9]{2})")


def parse_hours(typed: str, *, field: str | None = "hours") -> Week:
    """The week meant by what was typed; a weekday that is not named is closed.

    Groups are divided by `;`, each names weekdays (`mon-fri`, `sat`, `周一至周五`) and then their windows, or `closed`.
    Raises `Refused` for anything else, for a weekday named twice and for a week without any hours.
    """
    week: dict[int, tuple[Window, ...]] = {}
    groups = [part.strip(" ,") for part in re.split("[;\n]", _plain(typed))]
    if not any(groups):
        raise _refused(typed, field)
    for group in filter(None, groups):
        words = [word for word in _BETWEEN.split(group) if word]
        hours = [word for word in words if word[0].isdecimal() or word in _CLOSED]
        weekdays = [day for word in words if word not in hours for day in _weekdays(word, typed, field)]
        if not weekdays or not hours:
            raise _refused(group, field)
        windows = parse_windows(" ".join(hours), field=field)
        for day in weekdays:
            if day in week:
                raise Refused(say("“{day}” is named twice: give each weekday once.", day=_DAYS[day]), field=field)
            week[day] = windows
    if not any(week.values()):
        raise Refused(say("A unit needs working hours on at least one weekday."), field=field)
    return tuple(week.get(day, ()) for day in range(7))


def parse_windows(typed: str, *, field: str | None = "hours") -> tuple[Window, ...]:
    """The windows of one day, earliest first: `08:30-12:00 13:30-18:00`; none for `closed`.

    Raises `Refused` for anything else, and where windows overlap.
    """
    plain = _plain(typed).replace(";", " ")
    words = [word for word in _BETWEEN.split(plain) if word]
    if len(words) == 1 and words[0] in _CLOSED:
        return ()
    if not words:
        raise _refused(typed, field)
    windows = tuple(sorted((_window(word, field) for word in words), key=lambda window: window.opens))
    for earlier, later in pairwise(windows):
        if later.opens < earlier.closes:
            raise Refused(say("The working hours of one day overlap: {hours}.", hours=plain), field=field)
    return windows


def write_windows(windows: Iterable[Window]) -> str:
    """The windows of one day as they are typed; `closed` where there are none."""
    return " ".join(f"{_clock(window.opens)}-{_clock(window.closes)}" for window in windows) or "closed"


def write_hours(week: Week) -> str:
    """The week as it is typed, weekdays with the same hours together."""
    return "; ".join(_groups(week))


def first_working_day(week: Week) -> tuple[Window, ...]:
    """The windows of the first weekday that has any; a make-up day is worked like it."""
    return next((windows for windows in week if windows), ())


def _groups(week: Week) -> Iterator[str]:
    begins = 0
    for day in range(7):
        if day < 6 and week[day + 1] == week[begins]:
            continue
        if week[begins]:
            named = _DAYS[begins] if begins == day else f"{_DAYS[begins]}-{_DAYS[day]}"
            yield f"{named} {write_windows(week[begins])}"
        begins = day + 1


def _plain(typed: str) -> str:
    if len(typed) > _LONGEST_TYPED:
        return ""
    plain = unicodedata.normalize("NFKC", typed).translate(_SIGNS).lower()
    return _AROUND_DASH.sub("-", plain)


def _weekdays(word: str, typed: str, field: str | None) -> list[int]:
    first, dash, last = word.partition("-")
    if first not in _WEEKDAYS or (dash and last not in _WEEKDAYS):
        raise _refused(typed, field)
    begins = _WEEKDAYS[first]
    count = (_WEEKDAYS[last] - begins) % 7 if dash else 0
    return [(begins + step) % 7 for step in range(count + 1)]


def _window(word: str, field: str | None) -> Window:
    opens, _, closes = word.partition("-")
    times = [_minutes(clock) for clock in (opens, closes)]
    if times[0] is None or times[1] is None:
        raise _refused(word, field)
    try:
        return Window(times[0], times[1])
    except Refused as refused:
        raise Refused(refused.sentence, field=field, kind="field") from None


def _minutes(clock: str) -> int | None:
    found = _CLOCK.fullmatch(clock)
    if found is None or int(found[2]) > 59:
        return None
    return int(found[1]) * 60 + int(found[2])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _refused(typed: str, field: str | None) -> Refused:
    sentence = say(
        "“{typed}” are not working hours: type mon-fri 08:30-12:00 13:30-18:00; sat 09:00-12:00.",
        typed=typed.strip()[:60],
    )
    return Refused(sentence, field=field, kind="field")


def windows_of(written: str) -> tuple[Window, ...]:
    """Windows as kept in one column: `08:30-12:00,13:30-18:00`; empty for a closed day."""
    found = []
    for part in written.split(",") if written else ():
        opens, _, closes = part.partition("-")
        found.append(Window(_kept_minutes(opens), _kept_minutes(closes)))
    return tuple(found)


def _kept_minutes(clock: str) -> int:
    hours, _, minutes = clock.strip().partition(":")
    return int(hours) * 60 + int(minutes)
