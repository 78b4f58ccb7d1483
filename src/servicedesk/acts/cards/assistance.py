"""The promise cannot be kept, the factory, what is beyond repair (003 Art. 11; D19)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.common import not_before, not_in_future
from servicedesk.acts.calls.corrections import TELL_WAYS
from servicedesk.acts.calls.dispatch import technician_of
from servicedesk.acts.cards.assigning import answered, give_up, hand_to, promise_anew, send_out
from servicedesk.acts.cards.common import (
    CARDS,
    change,
    change_goods,
    in_the_shop_at,
    move_article,
    needed,
    next_of,
    numbers,
    stopped,
)
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.domain import goods as goods_register
from servicedesk.domain.repair_cards import ANSWERS, IN_REPAIR, CardRow
from servicedesk.domain.words import Refused, Sentence, label, say

TECHNICIAN = label("Technician")
PROMISED_FOR = label("Promised for")
FACTORY = label("Factory")
SAID = label("What the supervisor says")


def _if(answer: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda values: values.get("answer") == answer


class AskAssistance(Entry):
    """Why the repair cannot be finished by the time promised."""

    reason: Annotated[str, Ask(label("Reason"))]


class Answer(Entry):
    """What the supervisor decides, and what this decision needs; a customer who is told here need not be told again."""

    answer: Annotated[str, Ask(label("Answer"), "choice", options=ANSWERS)]
    note: Annotated[str, Ask(SAID)] = ""
    technician: Annotated[str, Ask(TECHNICIAN, "lookup", lookup="technicians", when=_if("technician"))] = ""
    promised_at: Annotated[datetime | None, Ask(PROMISED_FOR, "moment", when=_if("promise"))] = None
    whom: Annotated[str, Ask(label("Told to"), row=1, when=_if("promise"))] = ""
    how: Annotated[str, Ask(label("How"), "choice", options=TELL_WAYS, row=1, when=_if("promise"))] = "telephone"
    sent_to: Annotated[str, Ask(FACTORY, when=_if("factory"))] = ""


class NewPromise(Entry):
    """The new promised time; where nobody is named, the customer is still to be told."""

    promised_at: Annotated[datetime, Ask(PROMISED_FOR, "moment")]
    reason: Annotated[str, Ask(label("Reason"))]
    whom: Annotated[str, Ask(label("Told to"), row=1)] = ""
    how: Annotated[str, Ask(label("How"), "choice", options=TELL_WAYS, row=1)] = "telephone"


class ToFactory(Entry):
    """When it left, and for where."""

    sent_at: Annotated[datetime, Ask(label("Sent out at"), "moment")]
    sent_to: Annotated[str, Ask(FACTORY)]


class FromFactory(Entry):
    """When it came back."""

    back_at: Annotated[datetime, Ask(label("Back at"), "moment")]


class BeyondRepair(Entry):
    """Why nothing can be done."""

    reason: Annotated[str, Ask(label("Reason"))]


def send_now(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    """Now, unless it is keyed in from the paper."""
    return Prepared(derived={"sent_at": look.now})


def back_now(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    """Now, unless it is keyed in from the paper."""
    return Prepared(derived={"back_at": look.now})


@act("cards.ask", AskAssistance, book=CARDS)
def ask(desk: Desk, rows: Sequence[CardRow], entry: AskAssistance) -> Done:
    """The technician reports at once that the promise cannot be kept (003 Art. 11)."""
    from servicedesk.store import tables

    row = rows[0]
    desk.store.add(tables.Assistance, card_id=row.id, asked_at=desk.now, asked_by=desk.actor.id, reason=entry.reason)
    change(desk, row, assistance=True)
    said = say("Assistance with {number} is asked for: the service supervisor answers.", number=row.number)
    return Done(said, numbers(rows), ("cards.answer",))


@act("cards.answer", Answer, book=CARDS)
def answer(desk: Desk, rows: Sequence[CardRow], entry: Answer) -> Done:
    """The supervisor must answer, and what he says is done in the same act (003 Art. 11)."""
    row = rows[0]
    done: Mapping[str, Callable[[Desk, CardRow, Answer], dict[str, Any]]] = {
        "help": _help,
        "technician": _another,
        "promise": _promise,
        "factory": _factory,
        "beyond_repair": _beyond,
    }
    change(desk, row, **done[entry.answer](desk, row, entry))
    following = {"technician": ("cards.start",), "factory": ("cards.from_factory",), "beyond_repair": ("cards.return",)}
    said = say("{number}: {answer}.", number=row.number, answer=Sentence(ANSWERS[entry.answer]))
    return Done(said, numbers(rows), following.get(entry.answer, ()))


@act("cards.promise", NewPromise, book=CARDS)
def promise(desk: Desk, rows: Sequence[CardRow], entry: NewPromise) -> Done:
    """A new promised time; the old ones are kept, the first one is measured (D19)."""
    row = rows[0]
    change(desk, row, **promise_anew(desk, row, entry.promised_at, entry.reason, entry.whom, entry.how))
    return Done(_promised(row, entry.promised_at, entry.whom), numbers(rows))


@act("cards.to_factory", ToFactory, book=CARDS, prepare=send_now)
def to_factory(desk: Desk, rows: Sequence[CardRow], entry: ToFactory) -> Done:
    """Sent to the factory; the goods register says so (R157)."""
    row = rows[0]
    in_the_shop_at(desk, row, "sent_at", entry.sent_at)
    change(desk, row, **send_out(desk, row, entry.sent_to, entry.sent_at, "", "sent_at"))
    said = say("{number} is sent to {factory}.", number=row.number, factory=entry.sent_to)
    return Done(said, numbers(rows), ("cards.from_factory",))


@act("cards.from_factory", FromFactory, book=CARDS, prepare=back_now)
def from_factory(desk: Desk, rows: Sequence[CardRow], entry: FromFactory) -> Done:
    """Back from the factory, and in repair until it is finished and inspected here."""
    row = rows[0]
    not_in_future(desk, "back_at", entry.back_at)
    not_before("back_at", entry.back_at, _sent_out(desk, row), label("when it was sent out"))
    move_article(desk, row, "counter", entry.back_at)
    change_goods(desk, row, state=goods_register.IN, back_at=entry.back_at)
    change(desk, row, state=IN_REPAIR)
    said = say("{number} is back from the factory.", number=row.number)
    return Done(said, numbers(rows), next_of(desk, row, "cards.clock", state=IN_REPAIR))


@act("cards.beyond_repair", BeyondRepair, book=CARDS)
def beyond_repair(desk: Desk, rows: Sequence[CardRow], entry: BeyondRepair) -> Done:
    """The supervisor confirms that it is beyond repair; on a free job return or exchange is due (R32)."""
    row = rows[0]
    change(desk, row, **give_up(desk, row, entry.reason))
    said = say("{number} is beyond repair: the customer is to be told.", number=row.number)
    return Done(said, numbers(rows), ("cards.return",))


def _help(desk: Desk, row: CardRow, entry: Answer) -> dict[str, Any]:
    if not entry.note:
        raise needed("note", SAID)
    return answered(desk, row, "help", entry.note)


def _another(desk: Desk, row: CardRow, entry: Answer) -> dict[str, Any]:
    if not entry.technician:
        raise needed("technician", TECHNICIAN)
    technician = technician_of(desk, row, entry.technician)
    return {**hand_to(desk, row, technician.id, entry.note), **stopped(desk, row, desk.now, "answer")}


def _promise(desk: Desk, row: CardRow, entry: Answer) -> dict[str, Any]:
    if entry.promised_at is None:
        raise needed("promised_at", PROMISED_FOR)
    if not entry.note:
        raise needed("note", SAID)
    return promise_anew(desk, row, entry.promised_at, entry.note, entry.whom, entry.how)


def _factory(desk: Desk, row: CardRow, entry: Answer) -> dict[str, Any]:
    if not entry.sent_to:
        raise needed("sent_to", FACTORY)
    return send_out(desk, row, entry.sent_to, desk.now, entry.note, "answer")


def _beyond(desk: Desk, row: CardRow, entry: Answer) -> dict[str, Any]:
    if not entry.note:
        raise needed("note", SAID)
    if row.parts_due:
        raise Refused(say("{number} still waits for parts: {count} to come.", number=row.number, count=row.parts_due))
    return give_up(desk, row, entry.note)


def _promised(row: CardRow, at: datetime, whom: str) -> Sentence:
    if whom:
        return say("{number} is promised for {at}; {whom} was told.", number=row.number, at=at, whom=whom)
    return say("{number} is promised for {at}: the customer is to be told.", number=row.number, at=at)


def _sent_out(desk: Desk, row: CardRow) -> datetime | None:
    from servicedesk.store.goods import GOODS

    return GOODS.by_id(desk.store, row.goods_id).sent_out_at
