"""Working hours and deadlines (003 Art. 16, clocks K1 and K2).

Only working hours count. Every clock runs in whole minutes: a start with seconds counts from the
beginning of its minute. Times are aware; results are UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from servicedesk.domain.words import Refused, Sentence, label, say

COUNTED = label("counted")
BEFORE_OPENING = label("before opening")
LUNCH = label("lunch")
AFTER_CLOSING = label("after closing")
CLOSED_DAY = label("closed")
HOLIDAY = label("holiday")

WEEKEND = label("the weekend")
NIGHT = label("the night")
CLOSED_DAYS = label("closed days")
HOLIDAYS = label("the holiday")

DAYS_WITHOUT_WORK = 400
DAYS_TO_LOOK_BACK = 60
_DAY = 24 * 60
_MINUTE = timedelta(minutes=1)
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Window:
    """Opening and closing as minutes after local midnight, 0 to 1440."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        """Refuse a window that does not open before it closes."""
        if not 0 <= self.opens < self.closes <= _DAY:
            raise Refused(say("Working hours open before they close, between 00:00 and 24:00 of one day."))


class DayRule(NamedTuple):
    """What holds on one date instead of the week: no windows is a holiday, windows a make-up or half day."""

    windows: tuple[Window, ...]
    note: str


@dataclass(frozen=True)
class WorkingCalendar:
    """The working hours of a unit: its zone, its week (Monday first) and the dates that differ.

    The UTC times of a day are worked out once for each calendar and kept in it.
    """

    zone: str
    week: tuple[tuple[Window, ...], ...]
    days: Mapping[date, DayRule]
    _spans: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a week without seven days and windows of one day that overlap or are out of order."""
        if len(self.week) != 7:
            raise Refused(say("A working week has seven days; {count} were given.", count=len(self.week)))
        for windows in (*self.week, *(rule.windows for rule in self.days.values())):
            for earlier, later in pairwise(windows):
                if later.opens < earlier.closes:
                    raise Refused(say("The working hours of one day overlap or are out of order."))

    def windows(self, day: date) -> tuple[Window, ...]:
        """The working windows of a local date, earliest first; none on a closed day."""
        rule = self.days.get(day)
        return self.week[day.weekday()] if rule is None else rule.windows

    def note(self, day: date) -> str:
        """What the calendar says of this date (holiday, make-up day); empty for an ordinary one."""
        rule = self.days.get(day)
        return "" if rule is None else rule.note

    def local_day(self, moment: datetime) -> date:
        """The date in the calendar's zone at this time."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def spans(self, day: date) -> tuple[Span, ...]:
        """The working windows of a local date as UTC times.

        Where the clocks go forward a time that does not exist is read by the offset before the change;
        where they go back a window that closes in the repeated hour closes at its second run.
        """
        known = self._spans.get(day)
        if known is None:
            known = self._spans[day] = tuple(self._computed_spans(day))
        return known

    def _computed_spans(self, day: date) -> Iterator[Span]:
        zone = ZoneInfo(self.zone)
        midnight = datetime.combine(day, time())
        for window in self.windows(day):
            opens = (midnight + timedelta(minutes=window.opens)).replace(tzinfo=zone)
            closes = (midnight + timedelta(minutes=window.closes)).replace(tzinfo=zone)
            yield opens.astimezone(UTC), max(closes.astimezone(UTC), closes.replace(fold=1).astimezone(UTC))


class LedgerLine(NamedTuple):
    """One stretch between the start of a clock and its due time.

    `minutes` is 0 where the stretch is left out; `reason` is one of the labels of this module;
    `notes` are the calendar's own words for the days that differ (a holiday, a make-up day).
    """

    begins: datetime
    ends: datetime
    minutes: int
    reason: str
    notes: tuple[str, ...] = ()


def _to_minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _working(calendar: WorkingCalendar, start: datetime) -> Iterator[tuple[date, datetime, datetime]]:
    """Working stretches after `start`, without end, never overlapping; refused where none comes."""
    day = last_open = calendar.local_day(start)
    position = start
    while (day - last_open).days <= DAYS_WITHOUT_WORK:
        for begins, ends in calendar.spans(day):
            if ends > position:
                yield day, max(begins, position), ends
                position = ends
                last_open = day
        day += _ONE_DAY
    raise Refused(
        say(
            "The calendar has no working hours in the {days} days after {day}: enter them with `servicedesk calendar`.",
            days=DAYS_WITHOUT_WORK,
            day=last_open,
        )
    )


def _counted(calendar: WorkingCalendar, start: datetime, limit_minutes: int) -> Iterator[tuple[date, datetime, int]]:
    """The stretches that use up the limit: day, beginning and minutes taken."""
    if limit_minutes <= 0:
        return
    left = limit_minutes
    for day, begins, ends in _working(calendar, start):
        minutes = min(left, (ends - begins) // _MINUTE)
        if minutes:
            yield day, begins, minutes
        left -= minutes
        if left == 0:
            return


def due(calendar: WorkingCalendar, start: datetime, limit_minutes: int) -> datetime:
    """When `limit_minutes` of working time after `start` are used up (003 Art. 16).

    Raises `Refused` where the calendar has no working time within 400 days.
    """
    ends = _to_minute(start)
    for _, begins, minutes in _counted(calendar, ends, limit_minutes):
        ends = begins + minutes * _MINUTE
    return ends


def worked_minutes(calendar: WorkingCalendar, start: datetime, end: datetime) -> int:
    """Whole working minutes between two times; 0 where the end is not after the start."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    worked = timedelta()
    day, last_day, position = calendar.local_day(start), calendar.local_day(end), start
    while day <= last_day:
        for begins, ends in calendar.spans(day):
            begins, ends = max(begins, position), min(ends, end)
            if ends > begins:
                worked += ends - begins
                position = ends
        day += _ONE_DAY
    return worked // _MINUTE


def time_left(calendar: WorkingCalendar, now: datetime, due_at: datetime) -> int:
    """Working minutes left until the due time; when late, minus the working minutes since, at least 1."""
    if now <= due_at:
        return worked_minutes(calendar, now, due_at)
    return -max(1, worked_minutes(calendar, due_at, now))


def late(due_at: datetime, arrived_at: datetime | None, now: datetime) -> bool:
    """Whether the first arrival was, or without one is by now, after the due time (D25)."""
    return (arrived_at or now) > due_at


def last_closing(calendar: WorkingCalendar, now: datetime) -> datetime | None:
    """The end of the latest working day closed at or before `now`, at most 60 days back (D22, D36)."""
    today = calendar.local_day(now)
    for back in range(DAYS_TO_LOOK_BACK + 1):
        spans = calendar.spans(today - back * _ONE_DAY)
        if spans and spans[-1][1] <= now:
            return spans[-1][1]
    return None


def working_day_from(calendar: WorkingCalendar, day: date) -> date:
    """This day, or the first one after it that has working hours.

    Raises `Refused` where the calendar has no working time within 400 days.
    """
    midnight = datetime.combine(day, time(), ZoneInfo(calendar.zone)).astimezone(UTC)
    return next(_working(calendar, midnight))[0]


def ledger(calendar: WorkingCalendar, start: datetime, limit_minutes: int) -> tuple[LedgerLine, ...]:
    """How the due time comes about: stretches counted and stretches left out, without gaps.

    The minutes add up to the limit and the last line ends at the due time.
    """
    position = _to_minute(start)
    lines: list[LedgerLine] = []
    for day, begins, minutes in _counted(calendar, position, limit_minutes):
        if begins > position:
            lines.append(_left_out_line(calendar, position, begins))
        position = begins + minutes * _MINUTE
        note = calendar.note(day)
        lines.append(LedgerLine(begins, position, minutes, COUNTED, (note,) if note else ()))
    return tuple(lines)


def _left_out_line(calendar: WorkingCalendar, begins: datetime, ends: datetime) -> LedgerLine:
    first, last = calendar.local_day(begins), calendar.local_day(ends)
    closed = _closed_days(calendar, begins, ends)
    holidays = [day for day in closed if day in calendar.days]
    notes = tuple(dict.fromkeys(calendar.note(day) for day in holidays if calendar.note(day)))
    if holidays:
        reason = HOLIDAY
    elif closed:
        reason = CLOSED_DAY
    elif first != last:
        reason = AFTER_CLOSING
    elif any(span_ends <= begins for _, span_ends in calendar.spans(first)):
        reason = LUNCH
    else:
        reason = BEFORE_OPENING
    return LedgerLine(begins, ends, 0, reason, notes)


def _closed_days(calendar: WorkingCalendar, begins: datetime, ends: datetime) -> list[date]:
    first, last = calendar.local_day(begins), calendar.local_day(ends)
    days = (first + number * _ONE_DAY for number in range((last - first).days + 1))
    return [day for day in days if not calendar.windows(day)]


def promise(
    calendar: WorkingCalendar, called_at: datetime, due_at: datetime, zone_name: str, limit_minutes: int
) -> tuple[Sentence, Sentence]:
    """What to tell the customer, and why: `zone_name` is the label of the zone, the limit is minutes."""
    spoken = say("Our technician will be with you by {due}.", due=due_at)
    facts = {"due": due_at, "zone": Sentence(zone_name), "start": called_at, "time": _working_time(limit_minutes)}
    left_out = _left_out(calendar, ledger(calendar, called_at, limit_minutes))
    if left_out is None:
        return spoken, say("arrive by {due}: {zone}, {time} from {start}", **facts)
    return spoken, say("arrive by {due}: {zone}, {time} from {start}; {left_out} left out", left_out=left_out, **facts)


def _working_time(minutes: int) -> Sentence:
    hours, rest = divmod(minutes, 60)
    if rest or hours == 1:
        return say("{hours}h{minutes} of working time", hours=hours, minutes=f"{rest:02}")
    return say("{hours} working hours", hours=hours)


def _left_out(calendar: WorkingCalendar, lines: tuple[LedgerLine, ...]) -> Sentence | None:
    """What the clock left out, each thing once, in the order it came."""
    parts = tuple(dict.fromkeys(part for line in lines if not line.minutes for part in _names(calendar, line)))
    if len(parts) < 2:
        return parts[0] if parts else None
    return say("{some} and {last}", some=parts[:-1], last=parts[-1])


def _names(calendar: WorkingCalendar, line: LedgerLine) -> Iterator[Sentence]:
    if line.reason == LUNCH:
        yield Sentence(LUNCH)
    elif line.reason in (BEFORE_OPENING, AFTER_CLOSING):
        yield Sentence(NIGHT)
    elif line.reason == HOLIDAY:
        for note in line.notes:
            yield say("{note}", note=note)
        if not line.notes:
            yield Sentence(HOLIDAYS)
    else:
        closed = _closed_days(calendar, line.begins, line.ends)
        yield Sentence(WEEKEND if all(day.weekday() >= _SATURDAY for day in closed) else CLOSED_DAYS)


def left_in_words(minutes: int) -> Sentence:
    """Time left as a word and a number: `2h10 left`, or `late 0h35` where the minutes are negative."""
    hours, rest = divmod(abs(minutes), 60)
    if minutes < 0:
        return say("late {hours}h{minutes}", hours=hours, minutes=f"{rest:02}")
    return say("{hours}h{minutes} left", hours=hours, minutes=f"{rest:02}")
