"""Investigation, departments, compensation, the solution and its carrying out (003 Art. 22-24; states §5.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.common import not_before
from servicedesk.acts.cards.common import needed, to_minute
from servicedesk.acts.complaints import clocks
from servicedesk.acts.complaints.common import COMPLAINTS, change, in_time, limits, log, numbers
from servicedesk.acts.complaints.department_lines import DepartmentLine, add_departments
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.domain.complaint_clocks import FOLLOW_UP, SOLVE
from servicedesk.domain.complaint_lines import DepartmentRow
from servicedesk.domain.complaints import (
    CARRYING_OUT,
    CAUSES,
    COMPENSATION,
    INVESTIGATING,
    MEASURES,
    SERIOUS,
    SOLUTION_OFFERED,
    ComplaintRow,
)
from servicedesk.domain.money import show_amount
from servicedesk.domain.words import Refused, Sentence, label, say


def is_compensation(values: Mapping[str, Any]) -> bool:
    """Only a compensation has an amount."""
    return values.get("measure") == COMPENSATION


class Investigate(Entry):
    """What was looked into, and the cause by which the analysis counts (R100)."""

    investigation: Annotated[str, Ask(label("Investigation"), "long")]
    cause_class: Annotated[str, Ask(label("Class of the cause"), "choice", options=CAUSES)]
    cause: Annotated[str, Ask(label("Cause found"), "long")]


class Involve(Entry):
    """Further responsible departments, each with its part (R99)."""

    departments: Annotated[tuple[DepartmentLine, ...], Ask(label("Responsible departments"), "lines")]


class Answer(Entry):
    """Which department, and what it says."""

    department: Annotated[str, Ask(label("Responsible department"))]
    answer: Annotated[str, Ask(label("Its answer"), "long")]


class Propose(Entry):
    """What the deputy general manager is asked for."""

    amount: Annotated[int, Ask(label("Amount"), "money")]
    because: Annotated[str, Ask(label("Reason of the proposal"), "long")]


class Approve(Entry):
    """How much is approved, 0 for nothing, and why less than was proposed."""

    amount: Annotated[int, Ask(label("Amount approved"), "money")]
    words: Annotated[str, Ask(label("Deputy general manager's words"), "long")] = ""


class Offer(Entry):
    """What the customer is offered, and when he was (R101, R149)."""

    offered_at: Annotated[datetime, Ask(label("Offered at"), "moment", row=1)]
    measure: Annotated[str, Ask(label("Measure taken"), "choice", options=MEASURES, row=1)]
    amount: Annotated[int, Ask(label("Amount"), "money", when=is_compensation)] = 0
    solution: Annotated[str, Ask(label("Solution"), "long")]


class CarryOut(Entry):
    """Who of the customer's side agreed and when, and what was done so far (R150)."""

    agreed_at: Annotated[datetime, Ask(label("Agreed at"), "moment", row=1)]
    agreed_whom: Annotated[str, Ask(label("Agreed by"), row=1)]
    carried_out: Annotated[str, Ask(label("Carried out so far"), "long")] = ""


def as_investigated(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """As it stands."""
    row = rows[0]
    return Prepared(derived={name: getattr(row, name) for name in Investigate.model_fields if getattr(row, name)})


def asked_first(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """The department that was asked first; all that have not answered are said with their parts."""
    waiting = _unanswered(look, rows[0])
    notes = tuple(_asked(line) for line in waiting)
    return Prepared(derived={"department": waiting[0].department} if waiting else {}, notes=notes)


def as_proposed(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """All that was proposed, with the reason."""
    row = rows[0]
    asked = say(
        "Proposed: {amount}. {because}",
        amount=show_amount(row.proposed, look.unit(row.unit).currency),
        because=row.proposed_because,
    )
    return Prepared(derived={"amount": row.proposed}, notes=(asked,))


def offered_now(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """Now, what was approved; what the customer asks for is said."""
    row = rows[0]
    derived: dict[str, Any] = {"offered_at": look.now}
    if row.approved:
        derived |= {"measure": COMPENSATION}
    if row.approved and values.get("measure", COMPENSATION) == COMPENSATION:
        derived |= {"amount": row.approved}
    notes = (say("The customer asks for: {remedy}", remedy=row.remedy),) if row.remedy else ()
    return Prepared(derived=derived, notes=notes)


def agreed_now(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """As it stands, else the customer, now."""
    row = rows[0]
    derived = {
        "agreed_at": row.agreed_at or look.now,
        "agreed_whom": row.agreed_whom or row.contact or row.customer_name,
        "carried_out": row.carried_out,
    }
    return Prepared(derived=derived)


@act("complaints.investigate", Investigate, book=COMPLAINTS, prepare=as_investigated)
def investigate(desk: Desk, rows: Sequence[ComplaintRow], entry: Investigate) -> Done:
    """What was looked into and the cause; it may be written on again until a solution is offered."""
    row = rows[0]
    change(desk, row, state=INVESTIGATING, **entry.model_dump())
    said = say("The cause of {number} is found: {cause}.", number=row.number, cause=Sentence(CAUSES[entry.cause_class]))
    return Done(said, numbers(rows), ("complaints.offer", "complaints.propose"))


@act("complaints.involve", Involve, book=COMPLAINTS)
def involve(desk: Desk, rows: Sequence[ComplaintRow], entry: Involve) -> Done:
    """Further departments are asked for their part (R99)."""
    row = rows[0]
    if not entry.departments:
        raise needed("departments", label("Responsible departments"))
    add_departments(desk, row, entry.departments)
    change(desk, row)
    asked = tuple(line.department for line in entry.departments)
    desk.note(row.number, departments=asked)
    said = say("{departments}: asked about {number}.", departments=asked, number=row.number)
    return Done(said, numbers(rows), ("complaints.answer",))


@act("complaints.answer", Answer, book=COMPLAINTS, prepare=asked_first)
def answer(desk: Desk, rows: Sequence[ComplaintRow], entry: Answer) -> Done:
    """A department says what it has to say on its part."""
    from servicedesk.store import complaints, tables

    row = rows[0]
    line = _meant(_unanswered(desk, row), entry.department)
    key = complaints.department_key(desk.store, row.id, line.line)
    desk.store.change(
        tables.ComplaintDepartment, key, answer=entry.answer, answered_at=desk.now, answered_by=desk.actor.id
    )
    change(desk, row)
    desk.note(row.number, department=line.department, answer=entry.answer)
    return Done(say("{department} answered on {number}.", department=line.department, number=row.number), numbers(rows))


@act("complaints.propose", Propose, book=COMPLAINTS)
def propose(desk: Desk, rows: Sequence[ComplaintRow], entry: Propose) -> Done:
    """A compensation over the unit's limit goes to the deputy general manager; an earlier decision no longer counts."""
    row = rows[0]
    if entry.amount <= 0:
        raise Refused(say("A compensation is more than nothing."), field="amount")
    change(
        desk,
        row,
        proposed=entry.amount,
        proposed_because=entry.because,
        approved=0,
        approved_words="",
        approved_at=None,
        approved_by=None,
    )
    said = say(
        "{amount} for {number} is proposed to the deputy general manager.",
        amount=show_amount(entry.amount, desk.unit(row.unit).currency),
        number=row.number,
    )
    return Done(said, numbers(rows))


@act("complaints.approve", Approve, book=COMPLAINTS, prepare=as_proposed)
def approve(desk: Desk, rows: Sequence[ComplaintRow], entry: Approve) -> Done:
    """The deputy general manager approves an amount, or with 0 none; then another may be proposed."""
    row = rows[0]
    if entry.amount < row.proposed and not entry.words:
        raise Refused(say("Less than was proposed: say why."), field="words", kind="field")
    change(
        desk,
        row,
        approved=entry.amount,
        approved_words=entry.words,
        approved_at=desk.now,
        approved_by=desk.actor.id,
    )
    if not entry.amount:
        return Done(say("No compensation is approved for {number}.", number=row.number), numbers(rows))
    amount = show_amount(entry.amount, desk.unit(row.unit).currency)
    return Done(say("{amount} is approved for {number}.", amount=amount, number=row.number), numbers(rows))


@act("complaints.offer", Offer, book=COMPLAINTS, prepare=offered_now)
def offer(desk: Desk, rows: Sequence[ComplaintRow], entry: Offer) -> Done:
    """The customer has a solution: the 48 hours end; the follow-up begins, where it did not with the receipt (D6)."""
    row = rows[0]
    in_time(desk, row, "offered_at", entry.offered_at)
    if row.gravity == SERIOUS and row.decided_at is not None:
        decided = to_minute(row.decided_at)
        not_before("offered_at", entry.offered_at, decided, label("when the deputy general manager decided"))
    _amount_in_order(desk, row, entry)
    clocks.stop(desk, row, SOLVE, entry.offered_at, "complaints.offer")
    if row.follow_up_due is None:
        clocks.start(desk, row.id, row.round, FOLLOW_UP, entry.offered_at, limits(desk, row.unit_id))
    after = change(
        desk,
        row,
        state=SOLUTION_OFFERED,
        measure=entry.measure,
        solution=entry.solution,
        compensation=entry.amount,
        solution_at=entry.offered_at,
        solution_by=desk.actor.id,
        next_at=None,
    )
    log(desk, after, "contact", entry.solution)
    said = say("{number}: {measure} is offered.", number=row.number, measure=Sentence(MEASURES[entry.measure]))
    return Done(said, numbers(rows), ("complaints.carry_out", "complaints.tell"))


@act("complaints.carry_out", CarryOut, book=COMPLAINTS, prepare=agreed_now)
def carry_out(desk: Desk, rows: Sequence[ComplaintRow], entry: CarryOut) -> Done:
    """The customer agrees, and it is carried out; what was done may be added to until the result is told (R150)."""
    row = rows[0]
    in_time(desk, row, "agreed_at", entry.agreed_at)
    if row.solution_at is not None:
        offered = to_minute(row.solution_at)
        not_before("agreed_at", entry.agreed_at, offered, label("when the solution was offered"))
    change(
        desk,
        row,
        state=CARRYING_OUT,
        agreed_at=entry.agreed_at,
        agreed_whom=entry.agreed_whom,
        carried_out=entry.carried_out,
    )
    said = say("{whom} agrees: the solution of {number} is carried out.", whom=entry.agreed_whom, number=row.number)
    return Done(said, numbers(rows), ("complaints.tell",))


def _amount_in_order(desk: Desk, row: ComplaintRow, entry: Offer) -> None:
    """A compensation has an amount, within the limit of the unit or approved; nothing else has one.

    Raises:
        Refused: on the field.
    """
    if entry.measure != COMPENSATION:
        if entry.amount:
            raise Refused(say("Only a compensation has an amount."), field="amount")
        return
    if entry.amount <= 0:
        raise Refused(say("A compensation is more than nothing."), field="amount")
    limit, currency = limits(desk, row.unit_id).compensation, desk.unit(row.unit).currency
    if entry.amount > max(limit, row.approved):
        raise Refused(
            say(
                "{amount} is more than {limit}: propose it to the deputy general manager first.",
                amount=show_amount(entry.amount, currency),
                limit=show_amount(max(limit, row.approved), currency),
            ),
            field="amount",
        )


def _unanswered(look: Look, row: ComplaintRow) -> list[DepartmentRow]:
    from servicedesk.store import complaints

    return [line for line in complaints.departments(look.store, row.id) if line.answered_at is None]


def _asked(line: DepartmentRow) -> Sentence:
    if not line.part:
        return say("{department} has not answered yet.", department=line.department)
    return say("{department} has not answered yet: {part}.", department=line.department, part=line.part)


def _meant(waiting: Sequence[DepartmentRow], typed: str) -> DepartmentRow:
    """The department that is named or begins so.

    Raises:
        Refused: on the field, naming those that have not answered.
    """
    wanted = typed.casefold()
    named = [line for line in waiting if line.department.casefold() == wanted]
    found = named or [line for line in waiting if line.department.casefold().startswith(wanted)]
    if len(found) != 1:
        asked = tuple(line.department for line in waiting)
        raise Refused(say("Which department? Not answered yet: {departments}.", departments=asked), field="department")
    return found[0]
