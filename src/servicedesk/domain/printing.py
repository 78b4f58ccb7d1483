"""What is printed and who prints it: reprints are copies, blank job sheets are numbered (forms §3.2; design §6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from servicedesk.domain.rights import (
    ACCOUNTANT,
    AGENT,
    ALL,
    BRANCH_MANAGER,
    CLERK,
    CUSTOMER_DEPARTMENT,
    OWN,
    SERVICE_MANAGER,
    SUPERVISOR,
    TECHNICIAN,
    UNIT,
    Rule,
)
from servicedesk.domain.words import label

if TYPE_CHECKING:
    # Only named here: every desk reads the rules below before its first painting.
    from servicedesk.domain.calls import CallRow
    from servicedesk.domain.complaint_clocks import ClockRow, StepRow
    from servicedesk.domain.complaint_lines import DepartmentRow, EventRow, EvidenceRow, HandlingRow
    from servicedesk.domain.goods import GoodsRow
    from servicedesk.domain.history import EntryRow

STATES: Mapping[str, str] = {
    "out": label("not back yet"),
    "back": label("back"),
    "voided": label("voided"),
    "lost": label("declared lost"),
}

SEES_JOB_SHEETS: Mapping[str, str] = {CLERK: UNIT, SUPERVISOR: UNIT, TECHNICIAN: OWN, CUSTOMER_DEPARTMENT: ALL}


class JobSheetRow(NamedTuple):
    """A numbered blank job sheet of a technician's day pack."""

    id: int
    number: str
    version: int
    unit: str
    state: str
    technician: str
    technician_name: str
    printed_at: datetime
    call_no: str
    reason: str
    changed_by: str
    changed_at: datetime | None

    urgent: str = ""


class Holder(NamedTuple):
    """Whose paper it is: the customer as the paper names him, telephone and address as the person may see them."""

    number: str
    name: str
    telephone: str
    address: str


class Job(NamedTuple):
    """One job on a voucher: the call, what was written on site, and where the article was carried back its goods line
    with the parts of its card, as (name, quantity)."""

    call: CallRow
    entries: tuple[EntryRow, ...]
    goods: GoodsRow | None = None
    parts: tuple[tuple[str, int], ...] = ()


class Case(NamedTuple):
    """What hangs on a complaint: its handlings, the present one last, and the lists of the sheet (forms §3.11)."""

    handlings: Sequence[HandlingRow]
    departments: Sequence[DepartmentRow]
    events: Sequence[EventRow]
    evidence: Sequence[EvidenceRow]
    clocks: Sequence[ClockRow]
    steps: Sequence[StepRow]


class Sheet(NamedTuple):
    """The rows of one sheet of paper: by which form of `papers` it is made, and under which number it is printed."""

    form: str
    number: str
    rows: tuple[Any, ...]


_PRINTS = {
    CLERK: UNIT,
    SUPERVISOR: UNIT,
    TECHNICIAN: UNIT,
    BRANCH_MANAGER: UNIT,
    ACCOUNTANT: UNIT,
    AGENT: ALL,
    CUSTOMER_DEPARTMENT: ALL,
    SERVICE_MANAGER: ALL,
}
_DESK = {CLERK: UNIT, SUPERVISOR: UNIT}

RULES: Mapping[str, Rule] = {
    "papers.print": Rule(label("Print a paper"), _PRINTS),
    "job_sheets.pack": Rule(label("Day pack of a technician"), _DESK),
    "job_sheets.back": Rule(label("Job sheet back"), _DESK, frozenset({"out"}), "back"),
    "job_sheets.void": Rule(label("Void a job sheet"), _DESK, frozenset({"out"}), "voided"),
    "job_sheets.lose": Rule(label("Job sheet lost"), {SUPERVISOR: UNIT}, frozenset({"out"}), "lost"),
}
