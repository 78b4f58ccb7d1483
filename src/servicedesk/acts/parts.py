"""The part list, stock and requisitions (003 Art. 9; forms §3.12); no purchasing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.desk import Book, Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.acts.part_lines import CountLine, StockLine, book, on_line, part_meant, so_many, take
from servicedesk.domain.numbering import REQUISITION
from servicedesk.domain.parts import (
    ARRIVED,
    CANCELLED,
    LONGEST_NUMBER,
    RULES,
    PartRow,
    RequisitionRow,
    part_number,
)
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused, Sentence, label, say

if TYPE_CHECKING:
    from servicedesk.domain.repair_cards import CardRow
    from servicedesk.store.session import Reading

_LISTED = ("name", "measure", "price", "cost", "active")


def _one(store: Reading, number: str) -> PartRow | None:
    from servicedesk.store import parts

    return parts.one(store, number)


def _one_requisition(store: Reading, number: str) -> RequisitionRow | None:
    from servicedesk.store.parts import REQUISITIONS as REGISTER

    return REGISTER.one(store, number)


PARTS = Book("parts", _one)
"""Parts go by their number; the row is of the list, whose stock differs from unit to unit."""
REQUISITIONS = Book("requisitions", _one_requisition)


class CorrectPart(Entry):
    """A part of the list; money in the unit's currency, the least that the own unit wants to have."""

    name: Annotated[str, Ask(label("Part name"))]
    measure: Annotated[str, Ask(label("Measure"), row=2)] = ""
    price: Annotated[int, Ask(label("Price"), "money", row=3), Field(ge=0)] = 0
    cost: Annotated[int, Ask(label("Cost"), "money", row=3), Field(ge=0)] = 0
    minimum: Annotated[int, Ask(label("At least in stock"), "number", row=2), Field(ge=0)] = 0
    active: Annotated[bool, Ask(label("In use"), "flag")] = True


class EnterPart(Entry):
    """A new part (forms §3.5: number, name, price)."""

    number: Annotated[str, Ask(label("Part number"), row=1)]
    name: Annotated[str, Ask(label("Part name"), row=1)]
    measure: Annotated[str, Ask(label("Measure"), row=2)] = ""
    minimum: Annotated[int, Ask(label("At least in stock"), "number", row=2), Field(ge=0)] = 0
    price: Annotated[int, Ask(label("Price"), "money", row=3), Field(ge=0)] = 0
    cost: Annotated[int, Ask(label("Cost"), "money", row=3), Field(ge=0)] = 0


class Arrival(Entry):
    """What has come, with the number of the delivery note."""

    parts: Annotated[tuple[StockLine, ...], Ask(label("Parts"), "lines")]
    paper: Annotated[str, Ask(label("Delivery note"))] = ""


class SendBack(Entry):
    """What goes back to where it came from, and why."""

    parts: Annotated[tuple[StockLine, ...], Ask(label("Parts"), "lines")]
    reason: Annotated[str, Ask(label("Reason"))]


class Count(Entry):
    """What was counted on the shelf."""

    parts: Annotated[tuple[CountLine, ...], Ask(label("Counted"), "lines")]
    remark: Annotated[str, Ask(label("Remarks"))] = ""


class AskFor(Entry):
    """The parts requisition for the shelf (forms §3.12)."""

    parts: Annotated[tuple[StockLine, ...], Ask(label("Parts"), "lines")]
    reason: Annotated[str, Ask(label("Reason"))] = ""


class Cancel(Entry):
    """Why a part is not waited for any longer."""

    reason: Annotated[str, Ask(label("Reason"))]


@act("parts.enter", EnterPart)
def enter(desk: Desk, rows: Sequence[Any], entry: EnterPart) -> Done:
    """Put a part into the list; every unit has a stock line of it, the own one says how many it wants at least."""
    number = part_number(entry.number)
    why = number_refusal(number)
    if why is not None:
        raise Refused(why, field="number")
    if _one(desk.store, number) is not None:
        raise Refused(say("Part {number} is in the list already.", number=number), field="number")
    listed = {name: getattr(entry, name) for name in ("name", "measure", "price", "cost")}
    add_part(desk, {"number": number, **listed, "currency": desk.currency})
    _want(desk, number, entry.minimum)
    return Done(say("Part {number} {name} is entered.", number=number, name=entry.name), (number,), ("parts.arrive",))


def number_refusal(number: str) -> Sentence | None:
    """Why this cannot be a part's number; None where it can."""
    if number and len(number) <= LONGEST_NUMBER and ";" not in number:
        return None
    return say("A part number has no semicolon and at most {longest} signs.", longest=LONGEST_NUMBER)


def add_part(desk: Desk, listed: Mapping[str, Any]) -> None:
    """Write a part into the list, with a stock line in every unit."""
    from servicedesk.store import stock, tables
    from servicedesk.store.words_index import name_keys

    initials, _ = name_keys(listed["name"])
    part = desk.store.add(tables.Part, **listed, initials=initials)
    stock.put_into_every_unit(desk.store, part)


def _want(desk: Desk, number: str, minimum: int) -> bool:
    """Say how many the own unit wants at least; whether that was not said before."""
    from servicedesk.store import parts, tables

    own = parts.one(desk.store, number, _unit(desk).code)
    assert own is not None, number
    if own.minimum == minimum:
        return False
    desk.store.change(tables.Stock, own.id, minimum=minimum)
    desk.note(number, minimum=[own.minimum, minimum])
    return True


def _as_listed(look: Look, rows: Sequence[PartRow], values: Mapping[str, Any]) -> Prepared:
    """What the list says, and how many the own unit wants."""
    from servicedesk.store import parts

    post = RULES["parts.correct"].post_of(look.actor, None)
    own = parts.one(look.store, rows[0].number, look.actor.unit if post is None else post.unit)
    assert own is not None, rows[0].number
    return Prepared(derived={name: getattr(own, name) for name in (*_LISTED, "minimum")})


@act("parts.correct", CorrectPart, book=PARTS, prepare=_as_listed)
def correct(desk: Desk, rows: Sequence[PartRow], entry: CorrectPart) -> Done:
    """Write the part anew; what was used before keeps its price."""
    from servicedesk.store import tables
    from servicedesk.store.words_index import name_keys

    (row,) = rows
    changed = {name: getattr(entry, name) for name in _LISTED if getattr(entry, name) != getattr(row, name)}
    other_money = {"price", "cost"} & changed.keys() and desk.currency != row.currency
    if other_money:
        raise Refused(
            say("Part {number} is priced in {currency}.", number=row.number, currency=row.currency), field="price"
        )
    wanted = _want(desk, row.number, entry.minimum)
    if not changed and not wanted:
        raise Refused(say("Nothing is changed on part {number}.", number=row.number))
    desk.note(row.number, **{name: [getattr(row, name), value] for name, value in changed.items()})
    if "name" in changed:
        changed["initials"], _ = name_keys(entry.name)
    desk.store.change_version(
        tables.Part, row.part_id, row.version, changed_by=desk.actor.name, changed_at=desk.now, **changed
    )
    return Done(say("Part {number} is corrected.", number=row.number))


@act("parts.arrive", Arrival)
def arrive(desk: Desk, rows: Sequence[Any], entry: Arrival) -> Done:
    """Book in what has come; it is for the oldest requisitions first, and wakes the cards that have all they need."""
    unit = _unit(desk).code
    booked: list[Sentence] = []
    woken: list[str] = []
    for line, given in enumerate(entry.parts, start=1):
        part = part_meant(desk, given.part, unit, line)
        book(desk, part, given.quantity, "arrival", entry.paper)
        booked.append(so_many(part.number, given.quantity))
        woken += _fulfil(desk, part, given.quantity)
    if not booked:
        raise _no_lines()
    numbers = tuple(dict.fromkeys(_numbers(booked)))
    if not woken:
        return Done(say("Booked in: {parts}.", parts=tuple(booked)), numbers)
    said = say(
        "Booked in: {parts}. All parts are here for {cards}: resume the repair.",
        parts=tuple(booked),
        cards=tuple(woken),
    )
    return Done(said, (*numbers, *woken), ("cards.resume",))


def _fulfil(desk: Desk, part: PartRow, quantity: int) -> list[str]:
    """Give what has come to the open requisitions, the oldest first; the cards that wait for nothing more."""
    from servicedesk.store import parts, tables

    woken = []
    for asked in parts.open_of_part(desk.store, part):
        given = min(asked.outstanding, quantity)
        if given == 0:
            break
        quantity -= given
        values: dict[str, Any] = {"arrived": asked.arrived + given}
        if given == asked.outstanding:
            values |= {"state": ARRIVED, "arrived_at": desk.now, "arrived_by": desk.actor.id}
        desk.store.change_version(
            tables.Requisition, asked.id, asked.version, changed_by=desk.actor.name, changed_at=desk.now, **values
        )
        desk.note(asked.number, arrived=values["arrived"], state=values.get("state", asked.state))
        if given == asked.outstanding:
            woken += _one_less(desk, asked)
    return woken


def _one_less(desk: Desk, asked: RequisitionRow) -> list[str]:
    """The card of a requisition waits for one part less; its number if it now waits for none and can go on."""
    from servicedesk.acts.cards.common import change
    from servicedesk.domain.repair_cards import WAITING_PARTS
    from servicedesk.store.repair_cards import CARDS

    if asked.card_id is None:
        return []
    card = CARDS.by_id(desk.store, asked.card_id)
    change(desk, card, parts_due=card.parts_due - 1)
    return [card.number] if card.parts_due == 1 and card.state == WAITING_PARTS else []


@act("parts.send_back", SendBack)
def send_back(desk: Desk, rows: Sequence[Any], entry: SendBack) -> Done:
    """Send parts back to where they came from."""
    unit = _unit(desk).code
    sent: list[Sentence] = []
    for line, given in enumerate(entry.parts, start=1):
        part = part_meant(desk, given.part, unit, line)
        take(desk, part, given.quantity, "return", "", line, entry.reason)
        sent.append(so_many(part.number, given.quantity))
    if not sent:
        raise _no_lines()
    return Done(say("Sent back: {parts}.", parts=tuple(sent)), tuple(dict.fromkeys(_numbers(sent))))


@act("parts.count", Count)
def count(desk: Desk, rows: Sequence[Any], entry: Count) -> Done:
    """Count the stock: what differs from the books is booked and named."""
    unit = _unit(desk).code
    counted: dict[str, int] = {}
    differences: list[Sentence] = []
    for line, given in enumerate(entry.parts, start=1):
        part = part_meant(desk, given.part, unit, line)
        if part.number in counted:
            raise on_line(line, say("{part} is counted twice.", part=part.number))
        counted[part.number] = given.quantity
        if given.quantity != part.quantity:
            book(desk, part, given.quantity - part.quantity, "count", "", entry.remark)
            differences.append(
                say(
                    "{part} {counted} counted, {booked} in the books",
                    part=part.number,
                    counted=given.quantity,
                    booked=part.quantity,
                )
            )
    if not counted:
        raise _no_lines()
    if not differences:
        return Done(say("Counted: {count} parts, all as in the books.", count=len(counted)), tuple(counted))
    return Done(say("Differences are booked: {differences}.", differences=tuple(differences)), tuple(counted))


@act("requisitions.ask", AskFor)
def ask(desk: Desk, rows: Sequence[Any], entry: AskFor) -> Done:
    """Ask for parts for the shelf (forms §3.12)."""
    numbers = ask_for(desk, _unit(desk), entry.parts, entry.reason, None)
    return Done(say("Asked for: {numbers}.", numbers=numbers), numbers, ("parts.arrive",))


def ask_for(
    desk: Desk, unit: UnitRow, lines: Sequence[StockLine], reason: str, card: CardRow | None
) -> tuple[str, ...]:
    """Write a requisition for each line, of a card or for the shelf; gives their numbers.

    Raises:
        Refused: on a line whose part is not known, and without any line.
    """
    from servicedesk.store import tables

    if not lines:
        raise _no_lines()
    numbers = []
    for line, given in enumerate(lines, start=1):
        part = part_meant(desk, given.part, unit.code, line)
        number = desk.number(unit, REQUISITION)
        desk.store.add(
            tables.Requisition,
            number=number,
            unit_id=unit.id,
            card_id=None if card is None else card.id,
            part_id=part.part_id,
            quantity=given.quantity,
            asked_at=desk.now,
            asked_by=desk.actor.id,
            reason=reason,
        )
        desk.note(number, part=part.number, quantity=given.quantity, card="" if card is None else card.number)
        numbers.append(number)
    return tuple(numbers)


@act("requisitions.cancel", Cancel, book=REQUISITIONS)
def cancel(desk: Desk, rows: Sequence[RequisitionRow], entry: Cancel) -> Done:
    """Wait for it no longer; what has come of it stays in stock, and its card waits for one part less."""
    from servicedesk.store import tables

    (row,) = rows
    desk.store.change_version(
        tables.Requisition,
        row.id,
        row.version,
        state=CANCELLED,
        reason=entry.reason,
        changed_by=desk.actor.name,
        changed_at=desk.now,
    )
    desk.note(row.number, state=CANCELLED)
    woken = _one_less(desk, row)
    if not woken:
        return Done(say("{number} is cancelled.", number=row.number))
    said = say("{number} is cancelled; {cards} waits for nothing more.", number=row.number, cards=tuple(woken))
    return Done(said, (row.number,), ("cards.resume",))


def use_on_site(desk: Desk, name: str, quantity: int, unit: str, call: str, line: int) -> int | None:
    """Take a part used on site from the unit's stock where its name is a whole part number; gives the part's key.

    Any other text stays free text and gives None.

    Raises:
        Refused: naming the line where the stock has too few.
    """
    from servicedesk.store import parts

    part = parts.one(desk.store, name, unit)
    if part is None:
        return None
    take(desk, part, quantity, "use", call, line)
    return part.part_id


def _unit(desk: Desk) -> UnitRow:
    """The unit of the post under which the stock is kept."""
    return desk.home if desk.post is None else desk.unit(desk.post.unit)


def _no_lines() -> Refused:
    return Refused(say("Enter at least one part."), field="parts", kind="field")


def _numbers(lines: Sequence[Sentence]) -> list[str]:
    return [str(dict(line.values)["part"]) for line in lines]
