"""What the books know of a technician's day, and what is missing in it (003 Art. 12; forms §3.6; states §5.8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from servicedesk.acts.desk import Desk, Look
from servicedesk.domain.clocks import Window
from servicedesk.domain.day_lines import GAP, OVERLAP, TYPES, WORKED, Span, Stretch, stretches
from servicedesk.domain.hours import parse_windows, write_windows
from servicedesk.domain.reports import ReportLineRow, after_its_report
from servicedesk.domain.rights import TECHNICIAN, Post
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused, Sentence, say

if TYPE_CHECKING:
    from servicedesk.store.day_facts import Job

LOOK_BACK = timedelta(days=14)
"""So far back a report takes up what came after the report of an earlier day: farther than the longest holidays."""

_MINUTE = timedelta(minutes=1)
_BY_HAND = "typed"


class Whose(NamedTuple):
    """Whose report it is: the technician who acts, or the one in whose place he acts (D40)."""

    id: int
    login: str
    name: str
    unit: UnitRow


def whose(look: Look, login: str = "") -> Whose:
    """The technician whose day is written: this one, else of the first post as a technician; an act is done under it.

    Raises:
        Refused: where the actor is not in the place of this one.
    """
    from servicedesk.store import staff

    posts = {post.holder or look.actor.login: post for post in reversed(posts_of(look))}
    if login and login not in posts:
        raise Refused(say("You are not in the place of {login} today.", login=login), field="technician", kind="rights")
    post = posts[login] if login else next(iter(posts_of(look)), None)
    if isinstance(look, Desk) and post is not None:
        look.post = post
    if post is None or not post.holder:
        return Whose(look.actor.id, look.actor.login, look.actor.name, look.home)
    holder = staff.person(look.store, post.holder)
    assert holder is not None, post
    return Whose(holder.id, holder.login, holder.name, look.unit(post.unit))


def posts_of(look: Look) -> list[Post]:
    """The actor's posts as a technician, his own first."""
    return [post for post in look.actor.posts if post.role == TECHNICIAN]


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


def lines_of(look: Look, technician_id: int, unit: UnitRow, day: date, report: int = 0) -> list[ReportLineRow]:
    """What the books know for the report of a day: that day, and of earlier days what came after their reports.

    What was left, or written on a card, when the report of its day was reviewed already is taken up by the next report
    that he submits, with its own times. Nothing stands in two of his reports; `report` is the key of the one meant.
    """
    from servicedesk.store import day_facts, reports

    settled = sorted(reports.settled_days(look.store, technician_id, day - LOOK_BACK, day))
    today, begins = bounds(unit, day), bounds(unit, settled[0] if settled else day).begins
    whole = Span(begins, today.ends)
    elsewhere = reports.lines_within(look.store, technician_id, whole, day - LOOK_BACK, day + LOOK_BACK, report)
    jobs = day_facts.jobs(look.store, technician_id, Span(begins, today.begins)) if settled else []
    found = day_of(look, technician_id, unit, day)
    for earlier in settled:
        within = bounds(unit, earlier)
        cut = [(job.paper, _cut(job, within)) for job in jobs if _touches(job, within)]
        missing = {(paper, span.begins) for paper, span in cut if _uncovered(paper, span, elsewhere)}
        if missing:
            rows = day_of(look, technician_id, unit, earlier)
            found += [row for row in rows if (row.paper, row.began_at) in missing]
    return in_order(part for row in found for part in _without_lines(row, elsewhere))


def of_the_day(lines: Iterable[ReportLineRow], unit: UnitRow, day: date) -> list[ReportLineRow]:
    """The lines by which the shift is judged: without those that are taken up from earlier days."""
    return [line for line in lines if after_its_report(line, day, unit.timezone) is None]


def taken_up(lines: Iterable[ReportLineRow], unit: UnitRow, day: date) -> tuple[Sentence, ...]:
    """The lines of earlier days, each with its day."""
    marked = ((line, after_its_report(line, day, unit.timezone)) for line in lines)
    return tuple(say("{paper}: {mark}", paper=line.paper, mark=mark) for line, mark in marked if mark is not None)


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

    Of a report that is submitted also what has come into the books since, until a later one takes it up.
    """
    from servicedesk.store import day_facts, reports

    whole, at = bounds(unit, day), ZoneInfo(unit.timezone)
    written = {line.paper for line in lines}
    running = day_facts.running(look.store, technician_id, whole)
    under_way = {(one.number, _to_minute(max(one.began_at, whole.begins))) for one in running}
    there = [*lines, *reports.lines_within(look.store, technician_id, whole, day, day + LOOK_BACK)]
    found = [
        say(
            "{number} has no line for {begins} to {ends}.",
            number=row.paper,
            **_times(Span(part.began_at, part.ended_at), at),
        )
        for row in day_of(look, technician_id, unit, day)
        if (row.paper, row.began_at) not in under_way
        for part in _without_lines(row, there)
    ]
    for visit in day_facts.not_left(look.store, technician_id, whole):
        if visit.number not in written:
            if visit.state == "active":
                text = say("{number} is not left yet: it has no line.", number=visit.number)
            else:
                text = say("{number} was called off on site: it has no line.", number=visit.number)
            found.append(text)
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


def _uncovered(paper: str, span: Span, lines: Iterable[ReportLineRow]) -> list[Span]:
    """What is left of a span where the lines of this paper are taken away."""
    parts = [span]
    for line in lines:
        if line.paper == paper and line.began_at <= span.ends and span.begins <= line.ended_at:
            parts = [rest for part in parts for rest in _without(part, Span(line.began_at, line.ended_at))]
    return parts


def _without_lines(row: ReportLineRow, lines: Sequence[ReportLineRow]) -> list[ReportLineRow]:
    """What is left of a line where these are taken away; its parts and fee stand on the last of it, unless on these."""
    whole = Span(row.began_at, row.ended_at)
    parts = _uncovered(row.paper, whole, lines)
    told = any((line.paper, line.source) == (row.paper, row.source) and _same_job(row, line) for line in lines)
    return [
        row._replace(
            began_at=part.begins,
            ended_at=part.ends,
            minutes=row.minutes if part == whole else minutes_of(part),
            fee=0 if told or part != parts[-1] else row.fee,
            parts="" if told or part != parts[-1] else row.parts,
        )
        for part in parts
    ]


def _same_job(row: ReportLineRow, line: ReportLineRow) -> bool:
    """Whether parts and fee of one stand on the other: a card's stand once a day, each visit has its own."""
    if row.source == "card":
        return abs(row.began_at - line.began_at) < timedelta(days=1)
    return line.began_at <= row.ended_at and row.began_at <= line.ended_at


def _touches(row: ReportLineRow | Job, whole: Span) -> bool:
    """Whether a line lies on the day; what ends at midnight is of the day before."""
    return row.began_at < whole.ends and (row.ended_at > whole.begins or row.began_at >= whole.begins)


def _within(row: ReportLineRow, whole: Span) -> ReportLineRow:
    """A line as far as it lies on the day, by whole minutes."""
    began, ended = _cut(row, whole)
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


def _cut(row: ReportLineRow | Job, whole: Span) -> Span:
    """Its whole minutes on the day."""
    began = _to_minute(max(row.began_at, whole.begins))
    return Span(began, max(began, _to_minute(min(row.ended_at, whole.ends))))


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
