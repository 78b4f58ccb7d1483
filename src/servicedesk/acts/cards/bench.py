"""The card and its technician: void, assign, what was found and done, finish, pass, reject (003 Art. 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.common import not_before, not_in_future
from servicedesk.acts.calls.dispatch import technician_of
from servicedesk.acts.card_opening import open_card
from servicedesk.acts.cards.assigning import hand_to
from servicedesk.acts.cards.common import (
    CARDS,
    change,
    change_goods,
    in_the_shop_at,
    move_article,
    next_of,
    numbers,
    prompts,
    stopped,
    tell_customer,
    to_minute,
    worker,
)
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.domain import goods as goods_register
from servicedesk.domain.fault_codes import CAUSES, FAULTS, RESOLUTIONS
from servicedesk.domain.repair_cards import IN_REPAIR, PASSED, REPAIRED, VOID, CardRow
from servicedesk.domain.words import Refused, Sentence, label, say

WRITTEN = ("fault_code", "found", "cause_code", "work", "resolution_code")
"""What `cards.write` and `cards.finish` write on the card, in the paper's order."""


class VoidCard(Entry):
    """Why the card is void, and what the one in its place says."""

    reason: Annotated[str, Ask(label("Reason"))]
    symptom: Annotated[str, Ask(label("Symptom"))]
    promised_at: Annotated[datetime, Ask(label("Promised for"), "moment")]


class Assign(Entry):
    """Who repairs it."""

    technician: Annotated[str, Ask(label("Technician"), "lookup", lookup="technicians")]


class Write(Entry):
    """What was found and done, as far as it is known."""

    fault_code: Annotated[str, Ask(label("Fault code"), "choice", options=FAULTS, row=1)] = ""
    found: Annotated[str, Ask(label("Fault found"), "long")] = ""
    cause_code: Annotated[str, Ask(label("Cause code"), "choice", options=CAUSES, row=1)] = ""
    work: Annotated[str, Ask(label("Work done"), "long")] = ""
    resolution_code: Annotated[str, Ask(label("Resolution code"), "choice", options=RESOLUTIONS, row=1)] = ""


class FinishRepair(Entry):
    """The card complete: cause and work are required, here or before."""

    finished_at: Annotated[datetime, Ask(label("Finished at"), "moment")]
    found: Annotated[str, Ask(label("Fault found"), "long")]
    work: Annotated[str, Ask(label("Work done"), "long")]
    no_parts: Annotated[bool, Ask(label("No parts replaced"), "flag")] = False
    fault_code: Annotated[str, Ask(label("Fault code"), "choice", options=FAULTS, row=1)] = ""
    cause_code: Annotated[str, Ask(label("Cause code"), "choice", options=CAUSES, row=1)] = ""
    resolution_code: Annotated[str, Ask(label("Resolution code"), "choice", options=RESOLUTIONS, row=1)] = ""


class Pass(Entry):
    """When the supervisor inspected it."""

    passed_at: Annotated[datetime, Ask(label("Passed at"), "moment")]


class Reject(Entry):
    """Why it is repaired again."""

    reason: Annotated[str, Ask(label("Reason"))]


def void_as_it_stands(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    """The card in its place says the same, but for what is corrected."""
    return Prepared(derived={"symptom": rows[0].symptom, "promised_at": rows[0].promised_at})


def as_written(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    """What the card says so far, and what worked before for this model and fault."""
    row = rows[0]
    derived = {name: getattr(row, name) for name in WRITTEN if getattr(row, name)}
    return Prepared(derived=derived, notes=(*prompts(look, row), *_before(look, row, values)))


def finish_as_written(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    """The same, finished now."""
    written = as_written(look, rows, values)
    return Prepared(derived={**written.derived, "finished_at": look.now}, notes=written.notes)


def pass_now(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    """Now, unless it is keyed in from the paper."""
    return Prepared(derived={"passed_at": look.now})


@act("cards.void", VoidCard, book=CARDS, prepare=void_as_it_stands)
def void(desk: Desk, rows: Sequence[CardRow], entry: VoidCard) -> Done:
    """A card opened in error stays, marked; its article gets a new one in the same act (003 Art. 9, D32)."""
    row = rows[0]
    not_before("promised_at", entry.promised_at, row.came_in_at, label("when the goods came in"))
    change(desk, row, state=VOID, reason=entry.reason)
    number = _open_again(desk, row, entry)
    if entry.promised_at != row.promised_at:
        change_goods(desk, row, promised_at=entry.promised_at)
    said = say("{number} is void; {other} hangs on the article instead.", number=row.number, other=number)
    return Done(said, (number,), ("cards.assign",))


@act("cards.assign", Assign, book=CARDS, many=True)
def assign(desk: Desk, rows: Sequence[CardRow], entry: Assign) -> Done:
    """The supervisor says who repairs it; a request for assistance is answered by it (003 Art. 11)."""
    for row in rows:
        technician = technician_of(desk, row, entry.technician)
        change(desk, row, **hand_to(desk, row, technician.id))
    said = say("{numbers} is for {name}.", numbers=" ".join(numbers(rows)), name=technician.name)
    return Done(said, numbers(rows), ("cards.start",))


@act("cards.write", Write, book=CARDS, prepare=as_written)
def write(desk: Desk, rows: Sequence[CardRow], entry: Write) -> Done:
    """What was found and done, at any time before the repair is finished."""
    row = rows[0]
    changed = {name: getattr(entry, name) for name in WRITTEN if getattr(entry, name) != getattr(row, name)}
    if not changed:
        raise Refused(say("Nothing was changed."))
    change(desk, row, **changed)
    return Done(say("Written on {number}.", number=row.number), numbers(rows), next_of(desk, row, "cards.finish"))


@act("cards.finish", FinishRepair, book=CARDS, prepare=finish_as_written)
def finish(desk: Desk, rows: Sequence[CardRow], entry: FinishRepair) -> Done:
    """Repaired, with the actual time and the parts replaced; the supervisor inspects it (003 Art. 9)."""
    row = rows[0]
    in_the_shop_at(desk, row, "finished_at", entry.finished_at)
    _parts_or_none(desk, row, entry)
    clock = stopped(desk, row, entry.finished_at, "finished_at")
    _after_the_work(desk, row, entry.finished_at)
    change(
        desk,
        row,
        state=REPAIRED,
        finished_at=entry.finished_at,
        finished_by=worker(desk, row),
        no_parts=entry.no_parts,
        **{name: getattr(entry, name) for name in WRITTEN},
        **clock,
    )
    said = say("{number} is repaired: the service supervisor inspects it.", number=row.number)
    return Done(said, numbers(rows), ("cards.pass",))


@act("cards.pass", Pass, book=CARDS, prepare=pass_now)
def pass_repair(desk: Desk, rows: Sequence[CardRow], entry: Pass) -> Done:
    """Inspected and passed by the supervisor, never by who repaired it; before that it does not leave (003 Art. 9)."""
    row = rows[0]
    _worked_by_others(desk, row)
    not_in_future(desk, "passed_at", entry.passed_at)
    not_before("passed_at", entry.passed_at, row.finished_at, label("when the repair was finished"))
    move_article(desk, row, "shelf", entry.passed_at)
    change_goods(desk, row, state=goods_register.PASSED, passed_at=entry.passed_at)
    change(desk, row, state=PASSED, passed_at=entry.passed_at, passed_by=desk.actor.id)
    tell_customer(desk, row, "ready")
    said = say("{number} is passed: the customer is to be told.", number=row.number)
    return Done(said, numbers(rows), ("cards.return",))


@act("cards.reject", Reject, book=CARDS)
def reject(desk: Desk, rows: Sequence[CardRow], entry: Reject) -> Done:
    """Not passed: it is repaired again."""
    row = rows[0]
    change(desk, row, state=IN_REPAIR, reason=entry.reason, finished_at=None, finished_by=None)
    said = say("{number} goes back to the bench: {reason}", number=row.number, reason=entry.reason)
    return Done(said, numbers(rows), next_of(desk, row, "cards.clock", state=IN_REPAIR))


def _before(look: Look, row: CardRow, values: Mapping[str, Any]) -> tuple[Sentence, ...]:
    from servicedesk.store import repair_cards

    fault = values.get("fault_code") or row.fault_code
    found = repair_cards.worked_before(look.store, row.model_no, fault) if fault else []
    if not found:
        return ()
    counted = tuple(say("{how} {count}", how=Sentence(RESOLUTIONS[code]), count=count) for code, _, count in found)
    return (say("This model before, with this fault: {counted}.", counted=counted),)


def _open_again(desk: Desk, row: CardRow, entry: VoidCard) -> str:
    """A card in the place of a void one; the promise that is measured stays the first one (D19)."""
    promises = [(row.first_promised_at, "")]
    if entry.promised_at != row.first_promised_at:
        promises.append((entry.promised_at, entry.reason))
    number = open_card(
        desk,
        row.unit,
        promises,
        unit_id=row.unit_id,
        call_id=row.call_id,
        goods_id=row.goods_id,
        receipt_id=row.receipt_id,
        voucher_id=row.voucher_id,
        product_id=row.product_id,
        model_no=row.model_no,
        opened_at=desk.now,
        symptom=entry.symptom,
        technician_id=row.technician_id,
    )
    desk.note(number, instead_of=row.number)
    return number


def _parts_or_none(desk: Desk, row: CardRow, entry: FinishRepair) -> None:
    """Refuse a card that says neither which parts were replaced nor that there were none, or says both.

    Raises:
        Refused: on the flag.
    """
    from servicedesk.store import repair_cards

    used = any(not line.taken_out for line in repair_cards.part_lines(desk.store, row.id))
    if not used and not entry.no_parts:
        raise Refused(
            say("{number} has no parts line: enter the parts, or say that there were none.", number=row.number),
            field="no_parts",
        )
    if used and entry.no_parts:
        raise Refused(say("{number} has parts lines: some parts were replaced.", number=row.number), field="no_parts")


def _after_the_work(desk: Desk, row: CardRow, finished_at: datetime) -> None:
    """Refuse to finish before the last time line ends.

    Raises:
        Refused: on the field.
    """
    from servicedesk.store import repair_cards

    ends = [line.ended_at for line in repair_cards.time_lines(desk.store, row.id) if line.ended_at is not None]
    if ends and finished_at < to_minute(max(ends)):
        raise Refused(
            say("{at} is before {earliest}, when the work ended.", at=finished_at, earliest=max(ends)),
            field="finished_at",
        )


def _worked_by_others(desk: Desk, row: CardRow) -> None:
    """Refuse whoever has a time line on the card, also where another technician finished it.

    Raises:
        Refused: with the sentence of the guard.
    """
    from servicedesk.store import repair_cards

    if any(line.technician == desk.actor.login for line in repair_cards.time_lines(desk.store, row.id)):
        raise Refused(
            say("Who repaired {number} does not inspect it: another supervisor passes it.", number=row.number)
        )
