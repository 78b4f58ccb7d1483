"""The supervisor reviews a technician's report or returns it (003 Art. 12; forms §3.6; states §5.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.acts.reports import facts
from servicedesk.acts.reports.writing import REPORTS, change, numbers
from servicedesk.domain.reports import REVIEWED, SENT_BACK, ReportRow
from servicedesk.domain.words import Sentence, label, say


class Review(Entry):
    """What the supervisor remarks, where he does."""

    remark: Annotated[str, Ask(label("Remark"))] = ""


class SendBack(Entry):
    """What the technician has to put right."""

    remark: Annotated[str, Ask(label("Remark"))]


def with_marks(look: Look, rows: Sequence[ReportRow], values: Mapping[str, Any]) -> Prepared:
    """What is marked on a report and what it has of earlier days; of several, on how many lines something is."""
    if len(rows) == 1:
        return Prepared(notes=notes_of(look, rows[0]))
    marked = [say("{number}: {marks} marks", number=row.number, marks=row.marks) for row in rows if row.marks]
    return Prepared(notes=tuple(marked))


def notes_of(look: Look, row: ReportRow) -> tuple[Sentence, ...]:
    """What is marked on a submitted report, by its own lines and the shift it was submitted by; then earlier days'."""
    from servicedesk.store import reports

    unit = look.unit(row.unit)
    lines = reports.lines(look.store, row.id)
    of_the_day = facts.of_the_day(lines, unit, row.day)
    marks = facts.warnings(look, of_the_day, facts.kept_shift(unit, row.day, row.hours), unit.timezone)
    marks += facts.unwritten(look, row.technician_id, unit, row.day, lines)
    return marks + facts.taken_up(lines, unit, row.day)


@act("reports.review", Review, book=REPORTS, prepare=with_marks, many=True)
def review(desk: Desk, rows: Sequence[ReportRow], entry: Review) -> Done:
    """Accept reports as they are; nothing changes in them unless they are returned (003 Art. 12)."""
    for row in rows:
        change(
            desk,
            row,
            state=REVIEWED,
            reviewed_at=desk.now,
            reviewed_by=desk.actor.id,
            review_remark=entry.remark,
        )
    return Done(say("{numbers} reviewed.", numbers=numbers(rows)), numbers(rows))


@act("reports.send_back", SendBack, book=REPORTS, prepare=with_marks)
def send_back(desk: Desk, rows: Sequence[ReportRow], entry: SendBack) -> Done:
    """Return a report to its technician, who sees the remark and submits it again; until it is on file."""
    row = rows[0]
    change(desk, row, state=SENT_BACK, reviewed_at=None, reviewed_by=desk.actor.id, review_remark=entry.remark)
    said = say("{number} is returned to {name}.", number=row.number, name=row.technician_name)
    return Done(said, numbers(rows))
