"""A technician report part by part (forms §3.6): the shift minute by minute, known lines beside those by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from servicedesk.domain.day_lines import WORKED, Span, Stretch, stretches
from servicedesk.domain.numbering import REPAIR_CARD, letter_of, short
from servicedesk.domain.reports import (
    SENT_BACK,
    STATES,
    WRITABLE,
    ReportLineRow,
    ReportRow,
    after_its_report,
    not_begun,
)
from servicedesk.domain.words import Sentence, label, say
from servicedesk.tui.registers import Seen
from servicedesk.tui.screens.paper import Part, side_by_side

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look

_WAY, _TYPED = "!", "typed"


class Day(NamedTuple):
    """What hangs on a report: its lines in the order of the day, the shift, and the marks that no stretch shows."""

    lines: list[ReportLineRow]
    shift: tuple[Span, ...]
    hours: str
    figures: Mapping[str, int]
    marks: tuple[Sentence, ...]


def of_number(look: Look, number: str) -> ReportRow | None:
    """A report by its number, else that of `chen 2026-11-23`, of which nothing need be kept yet; by nothing one's own
    of today. Runs in the reader's thread.
    """
    from servicedesk.store import reports, staff

    if not number:
        from servicedesk.acts.reports.facts import whose

        mine = whose(look)
        return _of_day(look, mine.unit.code, mine.login, mine.name, mine.id, look.today(mine.unit.timezone))
    login, _, day = number.partition(" ")
    if not day:
        return reports.REPORTS.one(look.store, number)
    person = staff.person(look.store, login)
    assert person is not None, login
    return _of_day(look, person.unit, person.login, person.name, person.id, date.fromisoformat(day))


def _of_day(look: Look, unit: str, login: str, name: str, key: int, day: date) -> ReportRow:
    from servicedesk.store import reports

    found = reports.of_day(look.store, key, day)
    return found or not_begun(unit, look.unit(unit).id, login, name, key, day)


def gather(look: Look, row: ReportRow) -> Day:
    """What was submitted, or what would be now; runs in the reader's thread."""
    from servicedesk.acts.reports import facts
    from servicedesk.acts.reports.work_lines import as_it_is_now
    from servicedesk.store import reports

    unit = look.unit(row.unit)
    lines = reports.lines(look.store, row.id) if row.id else []
    if row.state in WRITABLE:
        typed = [as_it_is_now(look, line) for line in lines if line.source == _TYPED]
        lines = facts.in_order((*facts.lines_of(look, row.technician_id, unit, row.day, row.id), *typed))
        shift = facts.shift_of(look, row.technician_id, unit, row.day)
    else:
        shift = facts.kept_shift(unit, row.day, row.hours)
    marks = facts.beyond(facts.of_the_day(lines, unit, row.day), shift)
    marks += facts.unwritten(look, row.technician_id, unit, row.day, lines)
    return Day(lines, shift, facts.hours_of(unit, row.day, shift), facts.figures(lines), marks)


def beside(seen: Seen, row: ReportRow) -> str:
    """Whose day, and how far his report is."""
    words = seen.words
    day = f"{words.weekday(row.day)} {words.day(row.day)}"
    return side_by_side(seen.elsewhere(row, row.technician_name), day, words(STATES[row.state]))


def parts(seen: Seen, row: ReportRow, day: Day) -> Iterator[Part]:
    """The day from top to bottom; what is wrong with it stands before its lines."""
    words = seen.words
    if row.state == SENT_BACK:
        yield label("Sent back"), side_by_side(row.review_remark, row.reviewed_by_name)
    shift = sum(Stretch("", *span).minutes for span in day.shift)
    yield label("Shift"), side_by_side(day.hours, words(say("{minutes} min", minutes=shift))) if day.shift else ""
    yield label("Jobs / min"), jobs_and_minutes(seen, day.figures)
    for nth, mark in enumerate(day.marks):
        yield label("Marks") if nth == 0 else "", words(mark)
    lines = _table(seen, row, day)
    yield label("The day"), lines or words(label("The books know nothing of this day yet."))
    yield (
        label("On the way"),
        words(say("{minutes} min", minutes=day.figures["travel"])) if day.figures["travel"] else "",
    )
    yield label("Fees"), seen.money(row.unit, day.figures["fee"]) if day.figures["fee"] else ""
    yield label("Remarks"), row.remarks
    yield label("Submitted"), seen.moment(row.submitted_at)
    if row.reviewed_at is not None:
        yield label("Reviewed"), side_by_side(seen.moment(row.reviewed_at), row.reviewed_by_name, row.review_remark)


def jobs_and_minutes(seen: Seen, figures: Mapping[str, int]) -> str:
    """The foot of a report: jobs and minutes of each service type, then of all; general work has no jobs."""
    told = [f"{name.upper()} {figures[f'jobs_{name}']}/{figures[f'minutes_{name}']}" for name in "abc"]
    jobs = sum(figures[f"jobs_{name}"] for name in "abc")
    minutes = sum(figures[f"minutes_{name}"] for name in "abcd")
    total = seen.words(say("total {jobs}/{minutes}", jobs=jobs, minutes=minutes))
    return "   ".join((*told, f"D {figures['minutes_d']}", total))


def _table(seen: Seen, row: ReportRow, day: Day) -> list[tuple[str, ...]]:
    """Lines, gaps and overlaps as they follow one another; what was written by hand has its number."""
    zone = seen.calendars[row.unit].zone
    of_the_day = [line for line in day.lines if after_its_report(line, row.day, zone) is None]
    spans = [Span(line.began_at, line.ended_at) for line in of_the_day]
    rest = [stretch for stretch in stretches(day.shift, spans) if stretch.kind != WORKED]
    told = [((line.began_at, 0), _line(seen, row, line)) for line in day.lines]
    told += [((stretch.begins, 1), [_stretch(seen, stretch)]) for stretch in rest]
    return [cells for _, block in sorted(told, key=lambda pair: pair[0]) for cells in block]


def _line(seen: Seen, row: ReportRow, line: ReportLineRow) -> list[tuple[str, ...]]:
    """A line; the way, the parts and the fee below it, where it has any."""
    words = seen.words
    paper = short(line.paper)
    if letter_of(line.paper) == REPAIR_CARD:
        paper = f"{REPAIR_CARD}-{paper}"
    way = words(say("way {minutes} min", minutes=line.travel)) if line.travel else ""
    fee = seen.money(row.unit, line.fee) if line.fee else ""
    mark = after_its_report(line, row.day, seen.calendars[row.unit].zone)
    more = side_by_side(words(mark) if mark is not None else "", way, line.parts, fee, line.remarks)
    nth = str(line.line) if line.source == _TYPED else ""
    what = side_by_side(line.customer_name, line.work)
    cells = (nth, _clocks(seen, line.began_at, line.ended_at), str(line.minutes), line.service_type, paper)
    return [(*cells, what), ("", "", "", "", "", more)] if more else [(*cells, what)]


def _stretch(seen: Seen, stretch: Stretch) -> tuple[str, ...]:
    clocks = _clocks(seen, stretch.begins, stretch.ends)
    return "!", clocks, str(stretch.minutes), "", "", seen.words(stretch.kind)


def _clocks(seen: Seen, begins: datetime, ends: datetime) -> str:
    return f"{seen.words.time(begins)}-{seen.words.time(ends)}"
