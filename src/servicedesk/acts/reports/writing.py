"""The technician writes, submits and hands in his daily report (003 Art. 12; forms §3.6; states §5.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.common import plain
from servicedesk.acts.desk import Book, Desk, Look
from servicedesk.acts.entry import Ask, Entry, validate
from servicedesk.acts.reports import facts
from servicedesk.acts.reports.work_lines import RefusedLines, WorkLine, as_it_is_now, lines_of, meant, what_it_says
from servicedesk.domain.day_lines import Span, TypedLine, read_line
from servicedesk.domain.numbering import TECHNICIAN_REPORT
from servicedesk.domain.reports import (
    DRAFT,
    RULES,
    SENT_BACK,
    STATES,
    SUBMITTED,
    WRITABLE,
    ReportLineRow,
    ReportRow,
    urgency,
)
from servicedesk.domain.words import Refused, Sentence, label, say

if TYPE_CHECKING:
    from servicedesk.store.session import Reading


def _one(store: Reading, number: str) -> ReportRow | None:
    from servicedesk.store.reports import REPORTS as REGISTER

    return REGISTER.one(store, number)


REPORTS = Book("reports", _one)


OneOfSeveral = Annotated[str, Ask(label("Technician"), when=lambda values: bool(values.get("technician")))]
"""In whose place, by login; asked of who is in the place of several (D40)."""


class Write(Entry):
    """What the books do not know of the day: internal work, the way, a forgotten job."""

    day: Annotated[date, Ask(label("Day"), "day")]
    lines: Annotated[tuple[WorkLine, ...], Ask(label("Lines"), "lines")]
    technician: OneOfSeveral = ""


class Drop(Entry):
    """Which line is taken out."""

    line: Annotated[int, Ask(label("Line"), "number")]


class Submit(Entry):
    """The day, and what there is to say about it."""

    day: Annotated[date, Ask(label("Day"), "day")]
    remarks: Annotated[str, Ask(label("Remarks"))] = ""
    technician: OneOfSeveral = ""


class HandIn(Entry):
    """The whole day as a text: a line each, `#` before what is none."""

    day: Annotated[date, Ask(label("Day"), "day")]
    lines: Annotated[str, Ask(label("Lines"), "long")]
    technician: OneOfSeveral = ""


class Written(NamedTuple):
    """A technician's day as an act finds it: the report where there is one, its typed lines, the new ones."""

    whose: facts.Whose
    day: date
    report: ReportRow | None
    kept: tuple[ReportLineRow, ...]
    new: tuple[ReportLineRow, ...]
    problems: tuple[tuple[int, Sentence], ...]
    known: tuple[ReportLineRow, ...]
    """Of this day and, after their reports, of earlier ones."""
    shift: tuple[Span, ...]
    marks: tuple[Sentence, ...]

    @property
    def lines(self) -> list[ReportLineRow]:
        """Every line of the day in its order."""
        return facts.in_order((*self.known, *self.kept, *self.new))

    @property
    def of_the_day(self) -> list[ReportLineRow]:
        """Those by which the shift is judged."""
        return facts.of_the_day(self.lines, self.whose.unit, self.day)


def change(desk: Desk, row: ReportRow, **values: Any) -> None:
    """Write on a report; the version the person saw must still stand, the place in the queue follows by itself."""
    from servicedesk.store import tables

    values["urgent"] = urgency(values.get("state", row.state), row.day)
    desk.store.change_version(
        tables.TechnicianReport, row.id, row.version, changed_by=desk.actor.name, changed_at=desk.now, **values
    )
    desk.note(row.number, **{name: plain(value) for name, value in values.items() if name != "urgent"})


def numbers(rows: Sequence[ReportRow]) -> tuple[str, ...]:
    """The numbers of the reports acted on."""
    return tuple(row.number for row in rows)


def as_typed(look: Look, rows: Sequence[Any], values: Mapping[str, Any]) -> Prepared:
    """Today; what the lines leave open beside what the books know."""
    lines = [validate(WorkLine, line) for line in values.get("lines", ())]
    typed = [(nth, TypedLine(**line.model_dump())) for nth, line in enumerate(lines, start=1)]
    return _prepared(look, _day(look, values, typed))


def as_known(look: Look, rows: Sequence[Any], values: Mapping[str, Any]) -> Prepared:
    """Today; the lines that the books know, and what they leave open."""
    day = _day(look, values, [])
    return _prepared(look, day, **({} if day.report is None else {"remarks": day.report.remarks}))


def as_text(look: Look, rows: Sequence[Any], values: Mapping[str, Any]) -> Prepared:
    """Today; the same of the lines of a text."""
    typed, unread = [], []
    for nth, line in lines_of(values.get("lines", "")):
        try:
            typed.append((nth, read_line(line)))
        except Refused as refused:
            unread.append((nth, refused.sentence))
    day = _day(look, values, typed)
    problems = tuple(sorted((*unread, *day.problems), key=lambda problem: problem[0]))
    return _prepared(look, day._replace(problems=problems))


@act("reports.write", Write, prepare=as_typed)
def write(desk: Desk, rows: Sequence[Any], entry: Write) -> Done:
    """Write lines into the report of a day; the first one opens it."""
    day: Written = desk.known
    _may_write(desk, day, "reports.write")
    if not entry.lines:
        raise Refused(say("Enter a line, for example 930-1015 d parts count."), field="lines")
    row = _with_new_lines(desk, day)
    change(desk, row)
    return Done(_count(row.number, len(day.new)), (row.number,), ("reports.submit",))


@act("reports.drop", Drop, book=REPORTS)
def drop(desk: Desk, rows: Sequence[ReportRow], entry: Drop) -> Done:
    """Take out a line that was written by hand; what the books know is corrected where it stands."""
    from servicedesk.store import reports

    row = rows[0]
    line = next((line for line in reports.lines(desk.store, row.id) if line.line == entry.line), None)
    if line is None:
        raise Refused(say("{number} has no line {line}.", number=row.number, line=entry.line), field="line")
    if line.source != "typed":
        sentence = say("Line {line} comes from {paper}: correct it there.", line=entry.line, paper=line.paper)
        raise Refused(sentence, field="line")
    reports.drop_line(desk.store, row.id, entry.line)
    change(desk, row)
    desk.note(row.number, dropped=[line.service_type, line.paper, line.work, line.minutes])
    return Done(say("{number}: line {line} is taken out.", number=row.number, line=entry.line), numbers(rows))


@act("reports.submit", Submit, prepare=as_known)
def submit(desk: Desk, rows: Sequence[Any], entry: Submit) -> Done:
    """Submit the report of a day: what the books know of it beside what was written (003 Art. 12, K16).

    Submitted again before it is read it takes in what has come into the books since.
    """
    return _submitted(desk, desk.known, entry.remarks, "reports.submit")


@act("reports.hand_in", HandIn, prepare=as_text)
def hand_in(desk: Desk, rows: Sequence[Any], entry: HandIn) -> Done:
    """Write the lines of a text and submit the report, or keep nothing where a line cannot be read."""
    day: Written = desk.known
    remarks = "" if day.report is None else day.report.remarks
    return _submitted(desk, day, remarks, "reports.hand_in")


def _submitted(desk: Desk, day: Written, remarks: str, act_name: str) -> Done:
    from servicedesk.store import reports

    _may_write(desk, day, act_name)
    lines = day.lines
    if not day.of_the_day and not remarks:
        sentence = say("Nothing is written for {day}: say in the remarks why.", day=day.day)
        raise Refused(sentence, field="remarks" if act_name == "reports.submit" else "lines")
    row = day.report or _opened(desk, day)
    if row.state == SUBMITTED and row.remarks == remarks:
        stored = reports.lines(desk.store, row.id)
        if [line._replace(line=0) for line in stored] == [line._replace(line=0) for line in lines]:
            raise Refused(say("{number} is submitted, and the books know nothing new of the day.", number=row.number))
    reports.replace_lines(desk.store, row.id, lines)
    foot = facts.figures(lines)
    change(
        desk,
        row,
        state=SUBMITTED,
        hours=facts.hours_of(day.whose.unit, day.day, day.shift),
        marks=len(day.marks),
        remarks=remarks,
        submitted_at=desk.now,
        submitted_by=desk.actor.id,
        **foot,
    )
    jobs, minutes = _sums(lines)
    said = {"number": row.number, "jobs": jobs, "minutes": minutes}
    if day.marks:
        sentence = say("{number} submitted: {jobs} jobs, {minutes} min; {marks} marks.", marks=len(day.marks), **said)
    else:
        sentence = say("{number} submitted: {jobs} jobs, {minutes} min.", **said)
    return Done(sentence, (row.number,))


def _day(look: Look, values: Mapping[str, Any], typed: Sequence[tuple[int, TypedLine]]) -> Written:
    """Everything about the day that is meant, read anew."""
    from servicedesk.store import reports

    whose = facts.whose(look, values.get("technician", ""))
    day = values.get("day") or look.today(whose.unit.timezone)
    report = reports.of_day(look.store, whose.id, day)
    stored = [] if report is None else reports.lines(look.store, report.id)
    kept = [as_it_is_now(look, line) for line in stored if line.source == "typed"]
    there, new, problems = {what_it_says(line) for line in kept}, [], []
    for nth, line in typed:
        try:
            row = meant(look, whose, day, line)
        except Refused as refused:
            problems.append((nth, refused.sentence))
            continue
        # What stands there already is not written twice: a text is handed in again with its corrections.
        if what_it_says(row) not in there:
            there.add(what_it_says(row))
            new.append(row)
    known = facts.lines_of(look, whose.id, whose.unit, day, 0 if report is None else report.id)
    shift = facts.shift_of(look, whose.id, whose.unit, day)
    found = Written(whose, day, report, tuple(kept), tuple(new), tuple(problems), tuple(known), shift, ())
    marks = facts.warnings(look, found.of_the_day, shift, whose.unit.timezone)
    marks += facts.unwritten(look, whose.id, whose.unit, day, found.lines)
    return found._replace(marks=marks)


def _prepared(look: Look, day: Written, **derived: Any) -> Prepared:
    if len(facts.posts_of(look)) > 1:
        derived["technician"] = day.whose.login
    jobs, minutes = _sums(day.of_the_day)
    shift = sum(map(facts.minutes_of, day.shift))
    notes = [say("{jobs} jobs, {minutes} min; the shift has {shift} min", jobs=jobs, minutes=minutes, shift=shift)]
    notes += [say("Line {line}: {reason}", line=line, reason=reason) for line, reason in day.problems]
    report = day.report
    if report is not None and report.state == SENT_BACK:
        notes.insert(0, say("{name} returned it: {remark}", name=report.reviewed_by_name, remark=report.review_remark))
    notes += [*day.marks, *facts.taken_up(day.lines, day.whose.unit, day.day)]
    return Prepared(derived={"day": day.day, **derived}, notes=tuple(notes), known=day)


def _may_write(desk: Desk, day: Written, act_name: str) -> None:
    """Refuse a day to come, a report that waits for its review or is reviewed, and lines that cannot be kept.

    Raises:
        Refused: on the field.
    """
    report = day.report
    if day.day > desk.today(day.whose.unit.timezone):
        raise Refused(say("{day} has not come yet.", day=day.day), field="day")
    if report is not None and report.state == SUBMITTED and act_name != "reports.submit":
        raise Refused(say("{number} is submitted: ask the service supervisor to return it.", number=report.number))
    if report is not None and report.state not in WRITABLE | {SUBMITTED}:
        state, shown = Sentence(STATES[report.state]), Sentence(RULES[act_name].label)
        raise Refused(
            say("{number} is {state}: '{act}' is not possible.", number=report.number, state=state, act=shown)
        )
    if day.problems:
        raise RefusedLines(day.problems)


def _with_new_lines(desk: Desk, day: Written) -> ReportRow:
    """The report, opened where there is none, with the new lines below the others."""
    from servicedesk.store import reports

    row = day.report or _opened(desk, day)
    reports.add_lines(desk.store, row.id, day.new, reports.last_line(desk.store, row.id))
    return row


def _opened(desk: Desk, day: Written) -> ReportRow:
    from servicedesk.store import reports, tables

    desk.store.add(
        tables.TechnicianReport,
        number=desk.number(day.whose.unit, TECHNICIAN_REPORT),
        unit_id=day.whose.unit.id,
        technician_id=day.whose.id,
        day=day.day,
        state=DRAFT,
        changed_by=desk.actor.name,
        changed_at=desk.now,
    )
    row = reports.of_day(desk.store, day.whose.id, day.day)
    assert row is not None
    return row


def _sums(lines: Sequence[ReportLineRow]) -> tuple[int, int]:
    """How many jobs, how many minutes."""
    return len({line.paper for line in lines if line.paper}), sum(line.minutes for line in lines)


def _count(number: str, count: int) -> Sentence:
    if count == 1:
        return say("{number}: a line more.", number=number)
    return say("{number}: {count} lines more.", number=number, count=count)
