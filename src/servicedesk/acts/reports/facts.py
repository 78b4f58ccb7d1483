"""What the books know of a technician's day, and what is missing in it (003 Art. 12; forms §3.6; states §5.8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from servicedesk.acts.desk import Desk, Look
from servicedesk.domain.clocks import Window
from servicedesk.domain.day_lines import GAP, OVERLAP, TYPES, WORKED, Span, Stretch, stretches
from servicedesk.domain.hours import parse_windows, write_windows
from servicedesk.domain.reports import ReportLineRow
from servicedesk.domain.rights import TECHNICIAN
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Sentence, say

_MINUTE = timedelta(minutes=1)
_BY_HAND = "typed"


class Whose(NamedTuple):
    """Whose report it is: the technician who acts, or the one in whose place he acts (D40)."""

    id: int
    login: str
    name: str
    unit: UnitRow


def whose(look: Look) -> Whose:
    """The technician whose day is written: of the post that the act is done under."""
    from servicedesk.store import staff

    post = next((post for post in look.actor.posts if post.role == TECHNICIAN), None)
    if isinstance(look, Desk) and look.post is not None:
        post = look.post
    if post is None or not post.holder:
        return Whose(look.actor.id, look.actor.login, look.actor.name, look.home)
    holder = staff.person(look.store, post.holder)
    assert holder is not None, post
    return Whose(holder.id, holder.login, holder.name, look.unit(post.unit))


def day_of(look: Look, technician_id: int, unit: UnitRow, day: date) -> list[ReportLineRow]:
    """The lines that the books know of a technician's day, in its order, by whole minutes and within the unit's day.

    Each visit that he has left, each time line of a card; a running clock counts until now. Fee and parts stand on the
    day on which the job was left.
    """
    from servicedesk.store import day_facts

    whole = bounds(unit, day)
    known = day_facts.visits(look.store, technician_id, whole)
    known += day_facts.time_lines(look.store, technician_id, whole, look.now)
    return in_order(_within(row, whole) for row in known if _touches(row, whole))


def shift_of(look: Look, technician_id: int, unit: UnitRow, day: date) -> tuple[Span, ...]:
    """When a technician is on duty on a day: his own shift, else the unit's hours, without his absences."""
    from servicedesk.store import day_facts

    own = day_facts.shift(look.store, technician_id, day)
    if own is not None:
        hours = [_window(own, unit, day)]
    else:
        hours = [Span(*span) for span in look.calendar(unit.code).spans(day)]
    away = [Span(*map(_to_minute, span)) for span in day_facts.absences(look.store, technician_id, bounds(unit, day))]
    for absence in away:
        hours = [part for span in hours for part in _without(span, absence)]
    return tuple(hours)


def warnings(look: Look, lines: Sequence[ReportLineRow], shift: Sequence[Span], zone: str = "") -> tuple[Sentence, ...]:
    """What the lines of a day leave open: gaps, overlaps, minutes outside the shift, lines without a job.

    Args:
        look: who sees them; times are named in his unit's zone.
        lines: every line of the day.
        shift: when the technician is on duty, as `shift_of` gives it.
        zone: another zone to name times in.
    """
    spans = [Span(line.began_at, line.ended_at) for line in lines]
    at = ZoneInfo(zone or look.zone)
    found = [_told(stretch, lines, at) for stretch in stretches(shift, spans) if stretch.kind != WORKED]
    return (*found, *beyond(lines, shift))


def beyond(lines: Sequence[ReportLineRow], shift: Sequence[Span]) -> tuple[Sentence, ...]:
    """Of the warnings those that no stretch of the day shows: more minutes than the shift has, lines without a job."""
    found = []
    written, hours = sum(line.minutes for line in lines), sum(minutes_of(span) for span in shift)
    if shift and written > hours:
        found.append(say("{minutes} minutes are written, the shift has {shift}.", minutes=written, shift=hours))
    jobs = {line.paper for line in lines if line.source != _BY_HAND}
    strange = dict.fromkeys(line.paper for line in lines if line.paper and line.paper not in jobs)
    found += [say("{paper}: the books know of no visit and no repair time that day.", paper=paper) for paper in strange]
    return tuple(found)


def unwritten(
    look: Look, technician_id: int, unit: UnitRow, day: date, lines: Sequence[ReportLineRow]
) -> tuple[Sentence, ...]:
    """The jobs of a day without a line or with an unfinished one: not left, called off on site, a running clock.

    Of a report that is submitted also what has come into the books since.
    """
    from servicedesk.store import day_facts

    whole, at = bounds(unit, day), ZoneInfo(unit.timezone)
    written = {line.paper for line in lines}
    by_hand = {line.paper for line in lines if line.source == _BY_HAND}
    there = {(line.paper, line.began_at) for line in lines}
    found = [
        say(
            "{number} has no line for {begins} to {ends}.",
            number=row.paper,
            **_times(Span(row.began_at, row.ended_at), at),
        )
        for row in day_of(look, technician_id, unit, day)
        if row.paper not in by_hand and (row.paper, row.began_at) not in there
    ]
    for visit in day_facts.not_left(look.store, technician_id, whole):
        if visit.number not in written:
            if visit.state == "active":
                text = say("{number} is not left yet: it has no line.", number=visit.number)
            else:
                text = say("{number} was called off on site: it has no line.", number=visit.number)
            found.append(text)
    running = day_facts.running(look.store, technician_id, whole)
    found += [say("The clock still runs on {number}.", number=time_line.number) for time_line in running]
    return tuple(found)


def figures(lines: Sequence[ReportLineRow]) -> dict[str, int]:
    """The foot of a report: jobs and minutes of each service type, the way there, the fees (forms §3.6).

    A job counts once, however many lines name its paper.
    """
    foot = {}
    for service_type in TYPES:
        of_type = [line for line in lines if line.service_type == service_type]
        foot[f"minutes_{service_type.lower()}"] = sum(line.minutes for line in of_type)
        if service_type != "D":
            foot[f"jobs_{service_type.lower()}"] = len({line.paper for line in of_type})
    return foot | {"travel": sum(line.travel for line in lines), "fee": sum(line.fee for line in lines)}


def in_order(lines: Iterable[ReportLineRow]) -> list[ReportLineRow]:
    """Lines in the order of the day."""
    return sorted(lines, key=lambda line: (line.began_at, line.ended_at, line.paper, line.line))


def bounds(unit: UnitRow, day: date) -> Span:
    """From midnight to midnight of a day in a unit."""
    return Span(moment(unit, day, 0), moment(unit, day + timedelta(days=1), 0))


def moment(unit: UnitRow, day: date, minutes: int) -> datetime:
    """The UTC time of so many minutes on the unit's clock after midnight, 1440 at most."""
    local = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return local.replace(tzinfo=ZoneInfo(unit.timezone)).astimezone(UTC)


def minutes_of(span: Span) -> int:
    """Whole minutes."""
    return (span.ends - span.begins) // _MINUTE


def hours_of(unit: UnitRow, day: date, shift: Sequence[Span]) -> str:
    """A shift as a report keeps it, by the unit's clock: `08:30-12:00 13:30-18:00`; empty without one."""
    windows = [Window(_clock(unit, day, span.begins), _clock(unit, day, span.ends)) for span in shift]
    return write_windows(windows) if windows else ""


def kept_shift(unit: UnitRow, day: date, hours: str) -> tuple[Span, ...]:
    """The inverse of `hours_of`: the shift by which a report was submitted."""
    return tuple(_window(window, unit, day) for window in parse_windows(hours)) if hours else ()


def _window(window: Window, unit: UnitRow, day: date) -> Span:
    return Span(moment(unit, day, window.opens), moment(unit, day, window.closes))


def _clock(unit: UnitRow, day: date, at: datetime) -> int:
    local = at.astimezone(ZoneInfo(unit.timezone))
    return (local.date() - day).days * 1440 + local.hour * 60 + local.minute


def _without(span: Span, absence: Span) -> list[Span]:
    parts = (Span(span.begins, min(span.ends, absence.begins)), Span(max(span.begins, absence.ends), span.ends))
    return [part for part in parts if part.begins < part.ends]


def _touches(row: ReportLineRow, whole: Span) -> bool:
    """Whether a line lies on the day; what ends at midnight is of the day before."""
    return row.began_at < whole.ends and (row.ended_at > whole.begins or row.began_at >= whole.begins)


def _within(row: ReportLineRow, whole: Span) -> ReportLineRow:
    """A line as far as it lies on the day, by whole minutes."""
    began = _to_minute(max(row.began_at, whole.begins))
    ended = max(began, _to_minute(min(row.ended_at, whole.ends)))
    is_whole = row.began_at >= whole.begins and row.ended_at <= whole.ends
    is_left = row.ended_at <= whole.ends
    return row._replace(
        began_at=began,
        ended_at=ended,
        # Repair time has a minute at least.
        minutes=row.minutes if is_whole and row.minutes else minutes_of(Span(began, ended)),
        fee=row.fee if is_left else 0,
        parts=row.parts if is_left or row.source == "card" else "",
    )


def _told(stretch: Stretch, lines: Sequence[ReportLineRow], zone: ZoneInfo) -> Sentence:
    times = _times(Span(stretch.begins, stretch.ends), zone)
    if stretch.kind == GAP:
        return say("{begins} to {ends}: nothing is written.", **times)
    if stretch.kind == OVERLAP:
        named = tuple(
            line.paper or line.work for line in lines if line.began_at < stretch.ends and stretch.begins < line.ended_at
        )
        return say("{begins} to {ends} is written twice: {lines}.", lines=named, **times)
    return say("{begins} to {ends} is outside the shift: {minutes} min.", minutes=stretch.minutes, **times)


def _times(span: Span, zone: ZoneInfo) -> dict[str, time]:
    """The clock's times of a span of one day."""
    return {"begins": span.begins.astimezone(zone).time(), "ends": span.ends.astimezone(zone).time()}


def _to_minute(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(second=0, microsecond=0)
