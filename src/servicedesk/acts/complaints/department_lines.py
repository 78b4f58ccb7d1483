"""Lines that name the responsible departments of a complaint, each with its part (R99)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from servicedesk.acts.desk import Desk
from servicedesk.acts.entry import Ask, Line, Situation, halves
from servicedesk.domain.complaints import ComplaintRow
from servicedesk.domain.words import Refused, label, say

DEPARTMENTS_FIELD = "departments"
"""The field that holds the lines, in every entry that has some."""


class DepartmentLine(Line):
    """A department with its part: `物流部: 延误两日`; without a colon the department alone."""

    department: Annotated[str, Ask(label("Responsible department"))]
    part: Annotated[str, Ask(label("Its part in it"))] = ""

    @classmethod
    def parse(cls, typed: str, situation: Situation) -> Mapping[str, Any]:
        """The department before the first colon, its part behind.

        Raises:
            Refused: where no department is named.
        """
        department, part = halves(typed)
        if not department:
            raise Refused(
                say("'{typed}' names no department: write for example 'Logistics: late'.", typed=typed.strip()),
                kind="field",
            )
        return {"department": department, "part": part}


def add_departments(desk: Desk, row: ComplaintRow, lines: Sequence[DepartmentLine]) -> None:
    """Ask departments for their part in a complaint; they are asked now, by who acts.

    Raises:
        Refused: for a department that is asked already and has not answered, naming the line.
    """
    from servicedesk.store import complaints, tables

    known = complaints.departments(desk.store, row.id)
    asked = {line.department.casefold() for line in known if line.answered_at is None}
    last = max((line.line for line in known), default=0)
    for nth, line in enumerate(lines, start=1):
        if line.department.casefold() in asked:
            already = say("{department} is asked already and has not answered yet.", department=line.department)
            raise Refused(say("Line {line}: {why}", line=nth, why=already), field=DEPARTMENTS_FIELD)
        asked.add(line.department.casefold())
        desk.store.add(
            tables.ComplaintDepartment,
            complaint_id=row.id,
            line=last + nth,
            department=line.department,
            part=line.part,
            asked_at=desk.now,
            asked_by=desk.actor.id,
        )
