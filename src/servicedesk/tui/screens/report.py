"""A technician daily work report (forms §3.6): his day minute by minute, what the books know beside what he wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from servicedesk.domain.calls import Page
from servicedesk.domain.day_lines import WORKED, Span, Stretch, stretches
from servicedesk.domain.numbering import REPAIR_CARD, letter_of, short
from servicedesk.domain.registers import Wanted, visible
from servicedesk.domain.reports import (
    DRAFT,
    REVIEWED,
    SEES_REPORTS,
    SENT_BACK,
    STATES,
    SUBMITTED,
    WRITABLE,
    ReportLineRow,
    ReportRow,
)
from servicedesk.domain.rulebook import refusal
from servicedesk.domain.text import clip
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.tui.background import begin
from servicedesk.tui.keys import Key, print_key
from servicedesk.tui.registers import Seen
from servicedesk.tui.screen import NOTHING_TYPED
from servicedesk.tui.screens.paper import PaperPage, PaperScreen, Part, side_by_side

if TYPE_CHECKING:
    from servicedesk.acts.act import Done
    from servicedesk.acts.desk import Look

DROP, REVIEW, SEND_BACK = "reports.drop", "reports.review", "reports.send_back"
_OF_ITS_DAY = (("day", "day"),)
_WHAT_CELLS = 29
_MOST_AT_ONCE = 50

REVIEW_KEYS: tuple[Key, ...] = (
    Key("a", label("Accept"), act=REVIEW),
    Key("r", label("Send it back"), act=SEND_BACK),
)
WRITE_KEYS: tuple[Key, ...] = (
    Key("f2", label("Write lines"), act="reports.write", from_row=_OF_ITS_DAY),
    Key("f9,s", label("Submit"), act="reports.submit", from_row=_OF_ITS_DAY),
    Key("x", label("Take a line out"), act=DROP),
)
PRINT_KEY = print_key("technician_report", "number")
NEXT: Mapping[str, str] = {
    DRAFT: label("Next: F2 writes what is missing, s submits the day."),
    SENT_BACK: label("Next: put right what the supervisor remarks, then s submits it again."),
    SUBMITTED: label("Next: the service supervisor reviews it."),
    REVIEWED: label("Next: it is counted in the supervisor report."),
}
NEXT_ACTS: Mapping[str, Sequence[str]] = {
    DRAFT: ("reports.write", "reports.submit", DROP),
    SENT_BACK: ("reports.write", "reports.submit", DROP),
    SUBMITTED: (REVIEW, SEND_BACK),
}


class TechnicianDay(NamedTuple):
    """What hangs on a report: its lines in the order of the day, the shift, and what no stretch of the day shows."""

    lines: list[ReportLineRow]
    shift: tuple[Span, ...]
    hours: str
    figures: Mapping[str, int]
    marks: tuple[Sentence, ...]


def of_number(look: Look, number: str) -> ReportRow | None:
    """A report by its number; by `chen 2026-11-23` also one of which nothing is kept yet; by nothing one's own of today.

    Runs in the reader's thread.
    """
    from servicedesk.store import reports, staff

    login, _, day = number.partition(" ")
    if number and not day:
        return reports.REPORTS.one(look.store, number)
    if not number:
        from servicedesk.acts.reports.facts import whose

        mine = whose(look)
        return _of_day(look, mine.id, mine.login, mine.name, mine.unit.code, look.today(mine.unit.timezone))
    person = staff.person(look.store, login)
    assert person is not None, login
    return _of_day(look, person.id, person.login, person.name, person.unit, date.fromisoformat(day))


def _of_day(look: Look, key: int, login: str, name: str, unit: str, day: date) -> ReportRow:
    from servicedesk.store import reports

    found = reports.of_day(look.store, key, day)
    if found is not None:
        return found
    nothing = dict.fromkeys(ReportRow._fields[9:19], 0)
    return ReportRow(
        **{**dict.fromkeys(ReportRow._fields, None), **nothing},  # type: ignore[arg-type]  # given below
    )._replace(
        id=0,
        number="",
        version=0,
        unit=unit,
        state=DRAFT,
        day=day,
        technician=login,
        technician_name=name,
        hours="",
        remarks="",
        reviewed_by_name="",
        review_remark="",
        urgent="",
        changed_by="",
        unit_id=look.unit(unit).id,
        technician_id=key,
    )
