"""Printing papers; the day pack of a technician with its blank job sheets (forms §3.2; design §6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.desk import Book, Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.acts.paper_rows import KINDS, gathered
from servicedesk.domain.numbering import JOB_SHEET
from servicedesk.domain.printing import JobSheetRow
from servicedesk.domain.words import Refused, label, say

if TYPE_CHECKING:
    from servicedesk.store.session import Reading

MOST_BLANK_SHEETS = 20


def _one(store: Reading, number: str) -> JobSheetRow | None:
    from servicedesk.store import printing

    return printing.JOB_SHEETS.one(store, number)


JOB_SHEETS = Book("job_sheets", _one)


class Print(Entry):
    """Which paper, by its number; a page by its unit and day."""

    paper: Annotated[str, Ask(label("Paper"), "choice", options=KINDS)]
    number: Annotated[str, Ask(label("Number"))]


class Pack(Entry):
    """Whose day pack, and how many blank job sheets go with it."""

    technician: Annotated[str, Ask(label("Technician"), "lookup", lookup="technicians")]
    day: Annotated[date, Ask(label("Day"), "day")]
    blanks: Annotated[int, Ask(label("Blank job sheets"), "number")] = 2


class Back(Entry):
    """Which call the sheet was used for, if for one."""

    call_no: Annotated[str, Ask(label("Call-in no."))] = ""


class Because(Entry):
    """Why it does not come back."""

    reason: Annotated[str, Ask(label("Reason"))]


@act("papers.print", Print)
def print_paper(desk: Desk, rows: Sequence[Any], entry: Print) -> Done:
    """Count the print and write it into the audit log; every one after the first is a copy."""
    from servicedesk.store import printing

    number = gathered(desk, entry.paper, entry.number)[0].number
    times = printing.count_print(desk.store, entry.paper, number, desk.now)
    desk.note(number, paper=entry.paper, times=times)
    if times > 1:
        return Done(say("{number} is printed again, marked as a copy.", number=number), (number,))
    return Done(say("{number} is printed.", number=number), (number,))


def pack_today(look: Look, rows: Sequence[Any], values: Mapping[str, Any]) -> Prepared:
    """Today's."""
    return Prepared(derived={"day": look.today()})


@act("job_sheets.pack", Pack, prepare=pack_today)
def pack(desk: Desk, rows: Sequence[Any], entry: Pack) -> Done:
    """Number the blank sheets that go with the day pack: each comes back, is voided or is declared lost."""
    from servicedesk.store import staff, tables

    if not 0 <= entry.blanks <= MOST_BLANK_SHEETS:
        raise Refused(say("Between 0 and {most} blank sheets.", most=MOST_BLANK_SHEETS), field="blanks")
    person = staff.person(desk.store, entry.technician)
    if person is None or "technician" not in person.roles:
        raise Refused(say("There is no technician '{login}'.", login=entry.technician), field="technician")
    unit = desk.unit(person.unit)
    if all(post.unit != unit.code for post in desk.actor.posts):
        raise Refused(say("{name} belongs to another unit.", name=person.name), field="technician", kind="rights")
    numbers = tuple(desk.number(unit, JOB_SHEET) for _ in range(entry.blanks))
    for number in numbers:
        desk.store.add(tables.JobSheet, number=number, unit_id=unit.id, technician_id=person.id, printed_at=desk.now)
    said = say("Day pack of {name}: {count} blank job sheets.", name=person.name, count=len(numbers))
    return Done(said, numbers or (person.login,))


@act("job_sheets.back", Back, book=JOB_SHEETS)
def back(desk: Desk, rows: Sequence[JobSheetRow], entry: Back) -> Done:
    """A blank sheet comes back, used for a call or unused."""
    if entry.call_no:
        from servicedesk.store import calls

        found = calls.one(desk.store, entry.call_no)
        if found is None or found.unit != rows[0].unit:
            raise Refused(say("There is no {number} in the books.", number=entry.call_no), field="call_no")
    _end(desk, rows[0], "back", call_no=entry.call_no)
    return Done(say("Job sheet {number} is back.", number=rows[0].number))


@act("job_sheets.void", Because, book=JOB_SHEETS)
def void(desk: Desk, rows: Sequence[JobSheetRow], entry: Because) -> Done:
    """A spoilt sheet is voided; its number is never used again."""
    _end(desk, rows[0], "voided", reason=entry.reason)
    return Done(say("Job sheet {number} is void.", number=rows[0].number))


@act("job_sheets.lose", Because, book=JOB_SHEETS)
def lose(desk: Desk, rows: Sequence[JobSheetRow], entry: Because) -> Done:
    """The supervisor declares a sheet lost."""
    _end(desk, rows[0], "lost", reason=entry.reason)
    return Done(say("Job sheet {number} is declared lost.", number=rows[0].number))


def _end(desk: Desk, row: JobSheetRow, state: str, **values: Any) -> None:
    from servicedesk.store import tables

    desk.store.change_version(
        tables.JobSheet, row.id, row.version, state=state, changed_by=desk.actor.name, changed_at=desk.now, **values
    )
    desk.note(row.number, state=state, **values)
