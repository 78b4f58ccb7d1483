"""Loan units: entered, lent for a job, taken back; one is out on one slip (issue: back to the customer)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls import common
from servicedesk.acts.desk import Book, Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.domain.calls import OPEN, CallRow
from servicedesk.domain.custody import LOAN_UNIT
from servicedesk.domain.numbering import LOAN
from servicedesk.domain.parts import LoanUnitRow
from servicedesk.domain.words import Refused, label, say

if TYPE_CHECKING:
    from servicedesk.store.session import Reading


def _one(store: Reading, number: str) -> LoanUnitRow | None:
    from servicedesk.store.loans import LOAN_UNITS as REGISTER

    return REGISTER.one(store, number)


LOAN_UNITS = Book("loans", _one)


class EnterLoanUnit(Entry):
    """A loan unit by the code that is written on it."""

    code: Annotated[str, Ask(label("Code"))]
    name: Annotated[str, Ask(label("Product"))]
    model_no: Annotated[str, Ask(label("Model"), row=1)] = ""
    serial_no: Annotated[str, Ask(label("Serial"), row=1)] = ""


class Lend(Entry):
    """For which job it is lent, and in which condition."""

    call: Annotated[str, Ask(label("Call"), row=1)]
    lent_at: Annotated[datetime, Ask(label("Lent at"), "moment", row=1)]
    signer: Annotated[str, Ask(label("Signed by"), row=2)]
    condition: Annotated[str, Ask(label("Condition"), row=2)] = ""


class TakeLoanBack(Entry):
    """When it came back, and in which condition."""

    back_at: Annotated[datetime, Ask(label("Came back at"), "moment")]
    condition: Annotated[str, Ask(label("Condition"))] = ""


def lent_now(look: Look, rows: Sequence[LoanUnitRow], values: Mapping[str, Any]) -> Prepared:
    """Now, to who called; `29` is a call of the open page."""
    row = rows[0]
    typed = values.get("call", "")
    number = look.whole_number(typed, row.unit) or typed
    call = common.CALLS.one(look.store, number) if number else None
    derived: dict[str, Any] = {"lent_at": look.now}
    if call is not None:
        derived["signer"] = call.caller or call.customer_name
    return Prepared(derived=derived, rewritten={"call": number} if number else {}, known=call)


def back_now(look: Look, rows: Sequence[LoanUnitRow], values: Mapping[str, Any]) -> Prepared:
    """Now."""
    return Prepared(derived={"back_at": look.now})


@act("loans.enter", EnterLoanUnit)
def enter(desk: Desk, rows: Sequence[Any], entry: EnterLoanUnit) -> Done:
    """A loan unit of the actor's unit; it stands on the shelf."""
    from servicedesk.store import custody, tables
    from servicedesk.store.loans import LOAN_UNITS as REGISTER

    if REGISTER.one(desk.store, entry.code) is not None:
        raise Refused(say("There is a loan unit {code} already.", code=entry.code), field="code")
    assert desk.post is not None
    unit = desk.unit(desk.post.unit)
    key = desk.store.add(
        tables.LoanUnit,
        code=entry.code,
        unit_id=unit.id,
        name=entry.name,
        model_no=entry.model_no,
        serial_no=entry.serial_no,
        changed_by=desk.actor.name,
        changed_at=desk.now,
    )
    custody.move(desk.store, LOAN_UNIT, key, entry.code, unit.id, "shelf", since=desk.now)
    return Done(say("Loan unit {code} entered.", code=entry.code), (entry.code,), ("loans.lend",))


@act("loans.lend", Lend, book=LOAN_UNITS, prepare=lent_now)
def lend(desk: Desk, rows: Sequence[LoanUnitRow], entry: Lend) -> Done:
    """The customer has it, and signs a slip, while the own article is in repair."""
    from servicedesk.store import tables

    row, call = rows[0], desk.known
    _may_have_one(row, call, entry)
    common.not_in_future(desk, "lent_at", entry.lent_at)
    common.not_before("lent_at", entry.lent_at, call.called_at, label("when the customer called"))
    number = desk.number(desk.unit(row.unit), LOAN)
    desk.store.add(
        tables.Loan,
        number=number,
        loan_unit_id=row.id,
        call_id=call.id,
        lent_at=entry.lent_at,
        lent_by=desk.actor.id,
        signer=entry.signer,
        condition=entry.condition,
    )
    common.change(desk, call, loan=number)
    _hand(desk, row, "customer", entry.lent_at, number)
    return Done(
        say("{code} is lent for {call}: slip {number}.", code=row.number, call=call.number, number=number),
        (number, row.number),
    )


@act("loans.take_back", TakeLoanBack, book=LOAN_UNITS, prepare=back_now)
def take_back(desk: Desk, rows: Sequence[LoanUnitRow], entry: TakeLoanBack) -> Done:
    """It stands on the shelf again; the job it was lent for may be closed."""
    from servicedesk.store import loans, tables

    row = rows[0]
    slip = loans.open_slip(desk.store, row.id)
    assert slip is not None, row.number
    common.not_in_future(desk, "back_at", entry.back_at)
    common.not_before("back_at", entry.back_at, slip.lent_at, label("when it was lent"))
    desk.store.change(
        tables.Loan, slip.id, back_at=entry.back_at, back_by=desk.actor.id, back_condition=entry.condition
    )
    common.change(desk, common.CALLS.one(desk.store, row.call), loan="")
    _hand(desk, row, "shelf", entry.back_at, slip.number)
    return Done(say("{code} is back from {call}.", code=row.number, call=row.call), (row.number,))


def _may_have_one(row: LoanUnitRow, call: CallRow | None, entry: Lend) -> None:
    """Refuse a call that is not there, not the unit's, closed, or has a loan unit.

    Raises:
        Refused: on the call's field.
    """
    if call is None:
        raise Refused(say("There is no {number} in the books.", number=entry.call), field="call")
    if call.unit != row.unit:
        raise Refused(say("{code} belongs to {unit}: it is lent there.", code=row.number, unit=row.unit), field="call")
    if call.state not in OPEN:
        raise Refused(say("{number} is closed: nothing is lent for it.", number=call.number), field="call")
    if call.loan:
        raise Refused(say("{number} has a loan unit: slip {loan}.", number=call.number, loan=call.loan), field="call")


def _hand(desk: Desk, row: LoanUnitRow, holder: str, since: datetime, slip: str) -> None:
    """Hand the unit over; who wrote on it meanwhile has changed it."""
    from servicedesk.store import custody, tables

    held = custody.holding(desk.store, LOAN_UNIT, row.id)
    begins = since if held is None else max(since, held.since)
    custody.move(desk.store, LOAN_UNIT, row.id, row.number, row.unit_id, holder, since=begins, paper=slip)
    desk.store.change_version(tables.LoanUnit, row.id, row.version, changed_by=desk.actor.name, changed_at=desk.now)
    desk.note(row.number, holder=holder, slip=slip)
