"""Times, dates and durations as people type them: `930`, `-15`, `y1650`, `明930`, `2023年5月27日`."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from servicedesk.domain.words import Refused, Sentence, say

_LONGEST_TYPED = 40
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))

_DAY_WORDS = {
    **dict.fromkeys(("y", "yesterday", "昨", "昨天", "昨日"), -1),
    **dict.fromkeys(("today", "今", "今天", "今日"), 0),
    **dict.fromkeys(("t", "tomorrow", "明", "明天", "明日"), 1),
    **dict.fromkeys(("前天",), -2),
    **dict.fromkeys(("后天", "後天"), 2),
}
_WEEKDAYS = {
    **{name[:length]: number
       for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
       for length in (3, len(name))},
    **{week + name: number
       for week in ("周", "週", "星期", "礼拜", "禮拜")
       for number, name in (*enumerate("一二三四五六日"), (6, "天"))},
}  # fmt: skip
_NOW = {"now", "n", "现在", "現在"}

_TIME = r"(?P<clock>[0-9]{3,4}|[0-9]{1,2}[:.点點时時][0-9]{2}分?|[0-9]{1,2}:[0-9]{2}:[0-9]{2})"
_TIME_ALONE = re.compile(_TIME)
_DATED_TIME = re.compile(rf"(?P<date>.*?(?:[0-9]|日|号|號))(?:\s+|(?<=[0-9])t|(?<=[日号號])){_TIME}")
_WORD_TIME = re.compile(rf"(?P<word>[^0-9\s]+)\s*{_TIME}")
_AGO = re.compile(r"([+-])\s*(\S+)")
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ t][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(z|[+-][0-9]{2}:?[0-9]{2})"
)
_YEAR_DATE = re.compile(r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})[日号號]?)")
_COMPACT_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH_DAY = re.compile(r"([0-9]{1,2})(?:[-/]([0-9]{1,2})|月([0-9]{1,2})[日号號]?)")
_HOURS_MINUTES = re.compile(r"([0-9]{1,3})(?::|h|小时|小時)([0-9]{1,2})(?:m|min|分|分钟|分鐘)?")
_HOURS = re.compile(r"([0-9]{1,3})(?:h|小时|小時)")
_MINUTES = re.compile(r"([0-9]{1,4})(?:m|min|分|分钟|分鐘)?")


def spoken_time(typed: str, now: datetime, zone: str, *, default_day: date | None = None) -> datetime:
    """The UTC time meant by what was typed in this zone; to the minute, unless seconds were typed.

    A time alone is on `default_day` (today without one); a weekday is the next such day after today; a
    month and day lie in the year that brings them nearest. Raises `Refused` for anything else.
    """
    plain = _plain(typed)
    local_now = now.astimezone(ZoneInfo(zone))
    if plain in _NOW:
        return _to_minute(now)
    if ago := _AGO.fullmatch(plain):
        minutes = _minutes(ago[2])
        if minutes is None:
            raise _refused_time(typed)
        return _to_minute(now) + timedelta(minutes=minutes if ago[1] == "+" else -minutes)
    if _ISO.fullmatch(plain):
        return _iso(plain, typed)
    day, clock = _day_and_clock(plain, typed, local_now.date(), default_day or local_now.date())
    return _in_zone(datetime.combine(day, clock), zone, typed)


def spoken_date(typed: str, today: date) -> date:
    """The date meant by `2026-04-19`, `2023年5月27日`, `20230527`, `5-27`, `y`, `t` or a weekday.

    A month and day lie in the year that brings them nearest. Raises `Refused` for anything else, also
    for days that do not exist.
    """
    plain = _plain(typed)
    found = _word_day(plain, today) or _date(plain, typed, today)
    if found is None:
        sentence = say(
            "“{typed}” is not a date: type 2026-04-19, 20260419, 4-19, y (yesterday) or t (tomorrow).",
            typed=_shown(typed),
        )
        raise Refused(sentence, kind="field")
    return found


def spoken_minutes(typed: str) -> int:
    """The minutes meant by `90`, `1h30` or `1:30`. Raises `Refused` for anything else."""
    minutes = _minutes(_plain(typed))
    if minutes is None:
        sentence = say("“{typed}” is not a length of time: type 90 (minutes), 1h30 or 1:30.", typed=_shown(typed))
        raise Refused(sentence, kind="field")
    return minutes


def _plain(typed: str) -> str:
    if len(typed) > _LONGEST_TYPED:
        return ""
    return unicodedata.normalize("NFKC", typed).translate(_DASHES).strip().lower()


def _shown(typed: str) -> str:
    return typed if len(typed) <= _LONGEST_TYPED else typed[: _LONGEST_TYPED - 1] + "…"


def _refused_time(typed: str) -> Refused:
    sentence: Sentence = say(
        "“{typed}” is not a time: type 930, 9:30, -15 (minutes ago), y1650 (yesterday) or 2026-11-23 14:20.",
        typed=_shown(typed),
    )
    return Refused(sentence, kind="field")


def _refused_day(typed: str) -> Refused:
    return Refused(say("“{typed}”: there is no such day in the calendar.", typed=_shown(typed)), kind="field")


def _to_minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _iso(plain: str, typed: str) -> datetime:
    try:
        found = datetime.fromisoformat(plain.upper())
    except ValueError:
        raise _refused_day(typed) from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise _refused_day(typed)
    return found.astimezone(UTC)


def _day_and_clock(plain: str, typed: str, today: date, default_day: date) -> tuple[date, time]:
    """The local day and time of day."""
    if found := _TIME_ALONE.fullmatch(plain):
        day: date | None = default_day
    elif found := _WORD_TIME.fullmatch(plain):
        day = _word_day(found["word"], today)
    elif found := _DATED_TIME.fullmatch(plain):
        day = _date(found["date"].strip(), typed, today)
    else:
        raise _refused_time(typed)
    clock = _clock(found["clock"])
    if day is None or clock is None:
        raise _refused_time(typed)
    return day, clock


def _clock(text: str) -> time | None:
    hour, *rest = (int(part) for part in re.findall("[0-9]+", text))
    if not rest:
        hour, minute = divmod(hour, 100)
        rest = [minute]
    try:
        return time(hour, rest[0], rest[1] if len(rest) > 1 else 0)
    except ValueError:
        return None


def _in_zone(local: datetime, zone: str, typed: str) -> datetime:
    """The UTC time of a local one; of a repeated hour its first run."""
    moment = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        sentence = say("“{typed}” does not exist: the clocks go forward over it that day.", typed=_shown(typed))
        raise Refused(sentence, kind="field")
    return moment


def _word_day(word: str, today: date) -> date | None:
    if word in _DAY_WORDS:
        return today + timedelta(days=_DAY_WORDS[word])
    if word in _WEEKDAYS:
        return today + timedelta(days=(_WEEKDAYS[word] - today.weekday() - 1) % 7 + 1)
    return None


def _date(plain: str, typed: str, today: date) -> date | None:
    """The date written in figures, nothing where it is none; raises `Refused` for a day that does not exist."""
    if found := _YEAR_DATE.fullmatch(plain) or _COMPACT_DATE.fullmatch(plain):
        figures = [int(group) for group in found.groups() if group and group.isdecimal()]
        years = [year for year in figures[:1] if _FIRST_YEAR <= year <= _LAST_YEAR]
        month, day = figures[1:]
    elif found := _MONTH_DAY.fullmatch(plain):
        month, day = int(found[1]), int(found[2] or found[3])
        years = [today.year - 1, today.year, today.year + 1]
    else:
        return None
    candidates = [existing for year in years if (existing := _existing(year, month, day))]
    if not candidates:
        raise _refused_day(typed)
    return min(candidates, key=lambda candidate: abs(candidate - today))


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _minutes(plain: str) -> int | None:
    if found := _HOURS_MINUTES.fullmatch(plain):
        hours, minutes = int(found[1]), int(found[2])
        return hours * 60 + minutes if minutes < 60 else None
    if found := _HOURS.fullmatch(plain):
        return int(found[1]) * 60
    found = _MINUTES.fullmatch(plain)
    return int(found[1]) if found else None
