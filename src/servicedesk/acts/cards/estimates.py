"""The estimate and the customer's word on it (states §5.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.common import not_before, not_in_future
from servicedesk.acts.calls.corrections import TELL_WAYS
from servicedesk.acts.cards.common import CARDS, change, in_the_shop_at, move_article, next_of, numbers, prompts
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.domain.money import show_amount
from servicedesk.domain.numbering import ESTIMATE
from servicedesk.domain.repair_cards import UNREPAIRED, CardRow
from servicedesk.domain.words import Refused, label, say


class Told(Entry):
    """What the repair will cost, and who was told when and how."""

    amount: Annotated[int, Ask(label("Amount"), "money")]
    told_at: Annotated[datetime, Ask(label("Told at"), "moment")]
    whom: Annotated[str, Ask(label("Told to"), row=1)]
    how: Annotated[str, Ask(label("How"), "choice", options=TELL_WAYS, row=1)] = "telephone"


class Word(Entry):
    """Who decided, when and how."""

    decided_at: Annotated[datetime, Ask(label("Decided at"), "moment")]
    who: Annotated[str, Ask(label("Decided by"), row=1)]
    how: Annotated[str, Ask(label("How"), "choice", options=TELL_WAYS, row=1)] = "telephone"


def tell_now(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    """The customer, now."""
    derived = {"told_at": look.now, "whom": rows[0].customer_name}
    return Prepared(derived=derived, notes=prompts(look, rows[0]))


def decide_now(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    """The customer, now, on the estimate that is open."""
    from servicedesk.store import repair_cards

    row = rows[0]
    told = repair_cards.open_estimate(look.store, row.id)
    amount = show_amount(told.amount, look.unit(row.unit).currency) if told is not None else ""
    notes = (say("Estimate {estimate}: {amount}.", estimate=told.number, amount=amount),) if told is not None else ()
    return Prepared(derived={"decided_at": look.now, "who": row.customer_name}, notes=notes)


@act("cards.estimate", Told, book=CARDS, prepare=tell_now)
def estimate(desk: Desk, rows: Sequence[CardRow], entry: Told) -> Done:
    """An estimate is told; until the customer's word on it nothing that is charged is done."""
    from servicedesk.store import tables

    row = rows[0]
    if entry.amount <= 0:
        raise Refused(say("An estimate is more than nothing."), field="amount")
    in_the_shop_at(desk, row, "told_at", entry.told_at)
    number = desk.number(desk.unit(row.unit), ESTIMATE)
    desk.store.add(
        tables.Estimate,
        number=number,
        card_id=row.id,
        amount=entry.amount,
        told_at=entry.told_at,
        told_by=desk.actor.id,
        told_whom=entry.whom,
        told_how=entry.how,
    )
    change(desk, row, estimate="open")
    desk.note(number, amount=entry.amount)
    said = say(
        "Estimate {estimate} for {number}: {amount}, told to {whom}.",
        estimate=number,
        number=row.number,
        amount=show_amount(entry.amount, desk.unit(row.unit).currency),
        whom=entry.whom,
    )
    return Done(said, numbers(rows), ("cards.approve", "cards.decline"))


@act("cards.approve", Word, book=CARDS, prepare=decide_now)
def approve(desk: Desk, rows: Sequence[CardRow], entry: Word) -> Done:
    """The customer agrees: what is charged may be done."""
    row = rows[0]
    number = _decided(desk, row, entry, "approved")
    change(desk, row, estimate="approved")
    said = say("Estimate {estimate} is approved by {who}.", estimate=number, who=entry.who)
    return Done(said, numbers(rows), next_of(desk, row))


@act("cards.decline", Word, book=CARDS, prepare=decide_now)
def decline(desk: Desk, rows: Sequence[CardRow], entry: Word) -> Done:
    """The customer does not agree: the article goes back unrepaired."""
    row = rows[0]
    number = _decided(desk, row, entry, "declined")
    move_article(desk, row, "shelf", desk.now)
    change(desk, row, estimate="declined", state=UNREPAIRED)
    said = say(
        "Estimate {estimate} is declined by {who}: {number} is returned unrepaired.",
        estimate=number,
        who=entry.who,
        number=row.number,
    )
    return Done(said, numbers(rows), ("cards.return",))


def _decided(desk: Desk, row: CardRow, entry: Word, state: str) -> str:
    """Write the customer's word on the open estimate; gives its number.

    Raises:
        Refused: on the field, for a word before it was told.
    """
    from servicedesk.store import repair_cards, tables

    told = repair_cards.open_estimate(desk.store, row.id)
    not_in_future(desk, "decided_at", entry.decided_at)
    not_before("decided_at", entry.decided_at, told.told_at, label("when it was told"))
    desk.store.change(
        tables.Estimate,
        told.id,
        state=state,
        decided_at=entry.decided_at,
        decided_by=entry.who,
        decided_how=entry.how,
    )
    return str(told.number)
