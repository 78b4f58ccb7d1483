"""The complaints as the Customer Department reads them: one register, and what hangs on one sheet (forms §3.11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, String, and_, bindparam, func, literal_column, or_, select

from servicedesk.domain.calls import Page
from servicedesk.domain.complaint_clocks import CLOCKS, ClockRow, StepRow
from servicedesk.domain.complaint_lines import DepartmentRow, EventRow, EvidenceRow, HandlingRow, LetterRow
from servicedesk.domain.complaints import SEES_COMPLAINTS, ComplaintRow
from servicedesk.domain.registers import Wanted
from servicedesk.store import search, tables
from servicedesk.store.registers import CUSTOMER_ID, TECHNICIAN_ID, Elsewhere, Register
from servicedesk.store.session import Reading, table_of

_COMPLAINTS = table_of(tables.Complaint)
_HANDLINGS = table_of(tables.ComplaintHandling)
_UNITS = table_of(tables.Unit)
_CUSTOMERS = table_of(tables.Customer)
_CALLS = table_of(tables.Call)
_CARDS = table_of(tables.RepairCard)
_VOUCHERS = table_of(tables.Voucher)
_STAFF = table_of(tables.Staff)
_CLOCKS = table_of(tables.ComplaintClock)
_STEPS = table_of(tables.ComplaintEscalation)
_DEPARTMENTS = table_of(tables.ComplaintDepartment)
_BEFORE = _DEPARTMENTS.alias("before")
_EVENTS = table_of(tables.ComplaintEvent)
_EVIDENCE = table_of(tables.ComplaintEvidence)
_LETTERS = table_of(tables.Letter)
_RECEIVER = _STAFF.alias("receiver")
_OWNER = _STAFF.alias("owner")
_HANDLER = _STAFF.alias("handler")
_ABOUT = _STAFF.alias("about")
_TAKER = _STAFF.alias("taker")
_ASKER = _STAFF.alias("asker")
_MOST_OPEN = 9
_CLOCK_OF = {clock: _CLOCKS.alias(clock) for clock in CLOCKS}

C = _COMPLAINTS.c
_H = _HANDLINGS.c


def _count(table: FromClause, *conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(table)
        .where(table.c.complaint_id == C.id, *conditions)
        .correlate(_COMPLAINTS)
        .scalar_subquery()
    )


_DERIVED: dict[str, ColumnElement[Any]] = {
    "unit": _UNITS.c.code,
    "received_by_name": _RECEIVER.c.name,
    "customer": func.coalesce(_CUSTOMERS.c.number, ""),
    "language": func.coalesce(_CUSTOMERS.c.language, ""),
    "call": func.coalesce(_CALLS.c.number, ""),
    "card": func.coalesce(_CARDS.c.number, ""),
    "voucher": func.coalesce(_VOUCHERS.c.number, ""),
    "owner": func.coalesce(_OWNER.c.login, ""),
    "owner_name": func.coalesce(_OWNER.c.name, ""),
    "technician": func.coalesce(_HANDLER.c.login, ""),
    "handler_name": func.coalesce(_HANDLER.c.name, ""),
    "about": func.coalesce(_ABOUT.c.login, ""),
    "about_name": func.coalesce(_ABOUT.c.name, ""),
    "taken_by": func.coalesce(_TAKER.c.login, ""),
    "taken_by_name": func.coalesce(_TAKER.c.name, ""),
    "departments": _count(_DEPARTMENTS),
    "unanswered": _count(_DEPARTMENTS, _DEPARTMENTS.c.answered_at.is_(None)),
    "evidence": _count(_EVIDENCE),
    "handling_id": _H.id,
    **{f"{clock}_due": alias.c.due_at for clock, alias in _CLOCK_OF.items()},
    **{f"{clock}_stopped": alias.c.stopped_at for clock, alias in _CLOCK_OF.items()},
}


def _column(name: str) -> ColumnElement[Any]:
    if name in _DERIVED:
        return _DERIVED[name]
    return C[name] if name in C else _H[name]


_BASE = (
    select(*[_column(name).label(name) for name in ComplaintRow._fields])
    .join_from(_COMPLAINTS, _HANDLINGS, and_(_H.complaint_id == C.id, _H.nth == C.round))
    .join(_UNITS, _UNITS.c.id == C.unit_id)
    .join(_RECEIVER, _RECEIVER.c.id == C.received_by)
    .join(_CUSTOMERS, _CUSTOMERS.c.id == C.customer_id, isouter=True)
    .join(_CALLS, _CALLS.c.id == C.call_id, isouter=True)
    .join(_CARDS, _CARDS.c.id == C.card_id, isouter=True)
    .join(_VOUCHERS, _VOUCHERS.c.id == C.voucher_id, isouter=True)
    .join(_OWNER, _OWNER.c.id == C.owner_id, isouter=True)
    .join(_HANDLER, _HANDLER.c.id == C.handler_id, isouter=True)
    .join(_ABOUT, _ABOUT.c.id == C.technician_id, isouter=True)
    .join(_TAKER, _TAKER.c.id == C.taken_by, isouter=True)
)
for _clock, _alias in _CLOCK_OF.items():
    _BASE = _BASE.join(
        _alias,
        and_(_alias.c.complaint_id == C.id, _alias.c.nth == C.round, _alias.c.clock == literal_column(f"'{_clock}'")),
        isouter=True,
    )

# Written out, so that both engines see that the partial index serves.
_OPEN = C.urgent != literal_column("''")
_OF_AN_INCIDENT = C.incident != literal_column("''")


def _open_and(name: str, word: str) -> ColumnElement[bool]:
    return and_(_OPEN, C[name] == literal_column(word))


_OF_DEPARTMENT = (
    select(_DEPARTMENTS.c.id)
    .where(_DEPARTMENTS.c.complaint_id == C.id, _DEPARTMENTS.c.department == bindparam("department"))
    .correlate(_COMPLAINTS)
    .exists()
)
_NAMED_BEFORE = (
    select(_BEFORE.c.id)
    .where(
        _BEFORE.c.complaint_id == _DEPARTMENTS.c.complaint_id,
        _BEFORE.c.department == _DEPARTMENTS.c.department,
        _BEFORE.c.line < _DEPARTMENTS.c.line,
    )
    .correlate(_DEPARTMENTS)
    .exists()
)
_PERSON = select(_STAFF.c.id).where(_STAFF.c.login == bindparam("owner")).scalar_subquery()
# Several logins or roles come in one text between spaces, so that no line stands in two parts of a filter.
_LOGIN: ColumnElement[str] = literal_column("' '") + _STAFF.c.login + literal_column("' '")
_MINE = select(_STAFF.c.id).where(bindparam("mine", type_=String).contains(_LOGIN))
_ESCALATED = bindparam("escalated", type_=String)

COMPLAINTS: Register[ComplaintRow] = Register(
    _COMPLAINTS,
    _BASE,
    ComplaintRow,
    conditions={
        "technician": C.handler_id == TECHNICIAN_ID,
        "owner": C.owner_id == _PERSON,
        "customer": C.customer_id == CUSTOMER_ID,
        "department": _OF_DEPARTMENT,
        "incident": and_(_OF_AN_INCIDENT, C.incident == bindparam("incident")),
        "gravity": C.gravity == bindparam("gravity"),
        "nature": C.nature == bindparam("nature"),
        "channel": C.channel == bindparam("channel"),
        # Asked of what is open, in its order: the sums keep the engine from all that the two ever had.
        "mine": or_(*[(column + literal_column("0")).in_(_MINE) for column in (C.owner_id, C.handler_id)]),
        # Only what is open is escalated.
        "escalated": and_(
            _OPEN,
            or_(
                *[and_(_ESCALATED.contains(f" {role} "), C.escalated.contains(f" {role} ")) for role in SEES_COMPLAINTS]
            ),
        ),
    },
    views={
        "late": and_(_OPEN, C.due_at < bindparam("now", type_=C.due_at.type)),
        # Few are open, many were ever serious: the sum keeps the engine from the index of gravity.
        "serious": and_(_OPEN, C.gravity + literal_column("''") == literal_column("'serious'")),
        "deputy": _open_and("waits", "'deputy'"),
        "to_acknowledge": _open_and("to_acknowledge", "1"),
        "to_visit": _open_and("to_visit", "1"),
        "escalated": and_(_OPEN, C.escalated != literal_column("''")),
        "malicious": C.malicious == literal_column("1"),
        "incidents": _OF_AN_INCIDENT,
    },
    searched=C.id,
    words=search.COMPLAINTS,
    keys_first=True,
    elsewhere={
        "department": Elsewhere(
            _DEPARTMENTS.c.complaint_id, and_(_DEPARTMENTS.c.department == bindparam("department"), ~_NAMED_BEFORE)
        )
    },
)
"""The complaints; the queue is the urgent order, of what is open."""

_OPEN_OF_CUSTOMER = _BASE.where(C.customer_id == bindparam("customer"), _OPEN).order_by(C.id.desc()).limit(_MOST_OPEN)

_INCIDENTS = (
    select(C.incident, func.count().label("complaints"))
    .where(_OPEN, C.incident != literal_column("''"))
    .group_by(C.incident)
    .order_by(func.max(C.id).desc())
    .limit(bindparam("limit"))
)
_EVENTS_OF = (
    select(
        _EVENTS.c.kind,
        _EVENTS.c.at,
        func.coalesce(_STAFF.c.name, "").label("by_name"),
        _EVENTS.c.how,
        _EVENTS.c.whom,
        _EVENTS.c.words,
        func.coalesce(_CLOCKS.c.clock, "").label("clock"),
        func.coalesce(_STEPS.c.percent, 0).label("percent"),
        func.coalesce(_STEPS.c.role, "").label("role"),
    )
    .join_from(_EVENTS, _STAFF, _STAFF.c.id == _EVENTS.c.by_id, isouter=True)
    .join(_STEPS, _STEPS.c.id == _EVENTS.c.escalation_id, isouter=True)
    .join(_CLOCKS, _CLOCKS.c.id == _STEPS.c.clock_id, isouter=True)
    .where(_EVENTS.c.complaint_id == bindparam("complaint"))
    .order_by(_EVENTS.c.at, _EVENTS.c.id)
)
_DEPARTMENTS_OF = (
    select(
        _DEPARTMENTS.c.line,
        _DEPARTMENTS.c.department,
        _DEPARTMENTS.c.part,
        _DEPARTMENTS.c.asked_at,
        _ASKER.c.name,
        _DEPARTMENTS.c.answer,
        _DEPARTMENTS.c.answered_at,
        func.coalesce(_STAFF.c.name, "").label("answered_by_name"),
    )
    .join_from(_DEPARTMENTS, _ASKER, _ASKER.c.id == _DEPARTMENTS.c.asked_by)
    .join(_STAFF, _STAFF.c.id == _DEPARTMENTS.c.answered_by, isouter=True)
    .where(_DEPARTMENTS.c.complaint_id == bindparam("complaint"))
    .order_by(_DEPARTMENTS.c.line)
)
_DEPARTMENT = select(_DEPARTMENTS.c.id).where(
    _DEPARTMENTS.c.complaint_id == bindparam("complaint"), _DEPARTMENTS.c.line == bindparam("line")
)
_EVIDENCE_OF = (
    select(_EVIDENCE.c.line, _EVIDENCE.c.what, _EVIDENCE.c.kept, _EVIDENCE.c.at, _STAFF.c.name)
    .join_from(_EVIDENCE, _STAFF, _STAFF.c.id == _EVIDENCE.c.by_id)
    .where(_EVIDENCE.c.complaint_id == bindparam("complaint"))
    .order_by(_EVIDENCE.c.line)
)
_WRITTEN = (
    select(
        _LETTERS.c.number,
        _LETTERS.c.language,
        _LETTERS.c.words,
        _LETTERS.c.written_at,
        _STAFF.c.name,
        C.number.label("complaint"),
        *[_LETTERS.c[name] for name in LetterRow._fields[6:]],
    )
    .join_from(_LETTERS, _STAFF, _STAFF.c.id == _LETTERS.c.written_by)
    .join(_COMPLAINTS, C.id == _LETTERS.c.complaint_id)
)
_LETTERS_OF = _WRITTEN.where(_LETTERS.c.complaint_id == bindparam("complaint")).order_by(_LETTERS.c.id)
_LETTER = _WRITTEN.where(_LETTERS.c.number == bindparam("letter"))


def _done_by(name: str) -> ColumnElement[str]:
    column = _H[name.removesuffix("_name")]
    return func.coalesce(select(_STAFF.c.name).where(_STAFF.c.id == column).scalar_subquery(), "").label(name)


_HANDLINGS_OF = (
    select(*[_done_by(name) if name.endswith("_by_name") else _H[name] for name in HandlingRow._fields])
    .where(_H.complaint_id == bindparam("complaint"))
    .order_by(_H.nth)
)
_CLOCKS_OF = (
    select(
        _CLOCKS.c.nth,
        _CLOCKS.c.clock,
        _CLOCKS.c.starts_at,
        _CLOCKS.c.due_at,
        _CLOCKS.c.stopped_at,
        _CLOCKS.c.stopped_by,
    )
    .where(_CLOCKS.c.complaint_id == bindparam("complaint"))
    .order_by(_CLOCKS.c.nth, _CLOCKS.c.due_at, _CLOCKS.c.id)
)
_STEPS_OF = (
    select(
        _CLOCKS.c.nth,
        _CLOCKS.c.clock,
        _STEPS.c.percent,
        _STEPS.c.role,
        _STEPS.c.due_at,
        _STEPS.c.state,
        _STEPS.c.happened_at,
    )
    .join_from(_STEPS, _CLOCKS, _CLOCKS.c.id == _STEPS.c.clock_id)
    .where(_STEPS.c.complaint_id == bindparam("complaint"))
    .order_by(_CLOCKS.c.nth, _STEPS.c.due_at, _STEPS.c.id)
)


def open_of(desk: Reading, customer: int | None, telephone: str, now: datetime) -> list[ComplaintRow]:
    """The open complaints of a customer, of one not in the books those of this telephone; the newest first."""
    if customer is not None:
        return [ComplaintRow(*row) for row in desk.all(_OPEN_OF_CUSTOMER, customer=customer)]
    if not telephone:
        return []
    found = COMPLAINTS.page(desk, [Wanted(words=telephone)], Page(), now)
    return [row for row in found if row.urgent and row.telephone == telephone][:_MOST_OPEN]


def open_incidents(desk: Reading, limit: int = 9) -> list[tuple[str, int]]:
    """The incidents with open complaints and how many they have, the newest complaint's first (R142)."""
    return [(row.incident, row.complaints) for row in desk.all(_INCIDENTS, limit=limit)]


def events(desk: Reading, complaint: int) -> list[EventRow]:
    """The contact, urge and event log of a sheet, the oldest first."""
    return [EventRow(*row) for row in desk.all(_EVENTS_OF, complaint=complaint)]


def departments(desk: Reading, complaint: int) -> list[DepartmentRow]:
    """The responsible departments, each with its part and its answer (R99)."""
    return [DepartmentRow(*row) for row in desk.all(_DEPARTMENTS_OF, complaint=complaint)]


def department_key(desk: Reading, complaint: int, line: int) -> int:
    """The key of a department's line."""
    return int(desk.value(_DEPARTMENT, complaint=complaint, line=line))


def evidence(desk: Reading, complaint: int) -> list[EvidenceRow]:
    """The evidence list (R168)."""
    return [EvidenceRow(*row) for row in desk.all(_EVIDENCE_OF, complaint=complaint)]


def letters(desk: Reading, complaint: int) -> list[LetterRow]:
    """The letters written about a complaint (003 Art. 22)."""
    return [LetterRow(*row) for row in desk.all(_LETTERS_OF, complaint=complaint)]


def letter(desk: Reading, number: str) -> LetterRow | None:
    """A letter by its own number."""
    found = desk.one(_LETTER, letter=number)
    return None if found is None else LetterRow(*found)


def handlings(desk: Reading, complaint: int) -> list[HandlingRow]:
    """Every handling with the names of who did what, the present one last."""
    return [HandlingRow(*row) for row in desk.all(_HANDLINGS_OF, complaint=complaint)]


def clocks(desk: Reading, complaint: int) -> list[ClockRow]:
    """Every clock of every handling; those of earlier handlings are frozen."""
    return [ClockRow(*row) for row in desk.all(_CLOCKS_OF, complaint=complaint)]


def steps(desk: Reading, complaint: int) -> list[StepRow]:
    """Every escalation step of every clock with when it is due or happened."""
    return [StepRow(*row) for row in desk.all(_STEPS_OF, complaint=complaint)]
