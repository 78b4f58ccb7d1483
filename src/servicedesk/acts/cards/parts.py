"""Parts lines of a card, waiting for parts and going on (003 Art. 9; forms §3.5; states §5.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.cards.common import CARDS, change, next_of, numbers, prompts, started, stopped
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry, Line, Situation
from servicedesk.acts.part_lines import StockLine, book, on_line, part_meant, read_quantity, so_many, take, understood
from servicedesk.domain.charges import BASES, FREE_BASES
from servicedesk.domain.money import parse_amount
from servicedesk.domain.parts import MOST_AT_ONCE, PartRow
from servicedesk.domain.repair_cards import IN_REPAIR, OLD_PARTS, WAITING_PARTS, CardRow, PartLineRow
from servicedesk.domain.service_types import ServiceType
from servicedesk.domain.words import Refused, label, say

_AGREED = "agreed"
_LIST = "list"


class CardPartLine(Line):
    """A part put in: `qdq 2`, `qdq list`, `启动器 1 warranty given_back`, `YSJ-1 agreed 350`.

    Without a charge basis the service type says it; the old part is kept unless said otherwise.
    """

    part: Annotated[str, Ask(label("Part"))]
    quantity: Annotated[int, Ask(label("Quantity"), "number"), Field(ge=1, le=MOST_AT_ONCE)] = 1
    basis: Annotated[str, Ask(label("Charge basis"), "choice", options=BASES)] = ""
    price: Annotated[int | None, Ask(label("Agreed price"), "money"), Field(ge=0)] = None
    old_part: Annotated[str, Ask(label("Old part"), "choice", options=OLD_PARTS)] = "kept"

    @classmethod
    def parse(cls, typed: str, situation: Situation) -> Mapping[str, Any]:
        """The part, then in any order how many, on what basis, what became of the old part; beginnings will do.

        Raises:
            Refused: for a word that is none of these.
        """
        first, *words = typed.split()
        part, found = [first], dict[str, Any]()
        while words:
            word = words.pop(0)
            if word.isdecimal() and "quantity" not in found:
                found["quantity"] = read_quantity(word)
            elif (basis := _meant(word, BASES)) and "basis" not in found:
                found["basis"] = basis
                if basis == _AGREED:
                    found["price"] = parse_amount(words.pop(0) if words else "", situation.currency)
            elif (old_part := _meant(word, OLD_PARTS)) and "old_part" not in found:
                found["old_part"] = old_part
            elif not found:
                part.append(word)
            else:
                raise Refused(
                    say("'{typed}' is no parts line: write for example 'QDQ-201 2 list kept'.", typed=typed),
                    kind="field",
                )
        return {"part": " ".join(part), **found}


def _meant(word: str, options: Mapping[str, str]) -> str:
    """The option that a word begins, if it begins no other basis or fate of an old part."""
    folded = word.casefold()
    begun = [value for value in (*BASES, *OLD_PARTS) if value.startswith(folded)]
    exact = [value for value in begun if value == folded]
    meant = exact or begun
    return meant[0] if len(meant) == 1 and meant[0] in options else ""


class Parts(Entry):
    """Parts lines of the card, in the order of the paper."""

    parts: Annotated[tuple[CardPartLine, ...], Ask(label("Parts"), "lines")]


class TakeOut(Entry):
    """Which line is taken out again, and why."""

    line: Annotated[int, Ask(label("Line"), "number")]
    reason: Annotated[str, Ask(label("Reason"))]


class Wait(Entry):
    """Which parts the repair waits for."""

    parts: Annotated[tuple[StockLine, ...], Ask(label("Parts"), "lines")]
    stopped_at: Annotated[datetime, Ask(label("Stopped at"), "moment")]
    reason: Annotated[str, Ask(label("Remarks"))] = ""


class Resume(Entry):
    """When the repair goes on."""

    resumed_at: Annotated[datetime, Ask(label("Resumed at"), "moment")]


HOW_TO_WRITE = say("A line: part, how many, basis, old part, for example 'qdq 2 list kept'; only the part is needed.")


def _understood(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    meant = understood(look, values, rows[0].unit)
    return Prepared(notes=(*prompts(look, rows[0]), *(meant or (HOW_TO_WRITE,))))


def _only_line(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    """The line that is meant, where there is but one."""
    from servicedesk.store import repair_cards

    standing = [line.line for line in repair_cards.part_lines(look.store, rows[0].id) if not line.taken_out]
    return Prepared(derived={"line": standing[0]} if len(standing) == 1 else {}, notes=prompts(look, rows[0]))


def _stop_now(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    notes = (*prompts(look, rows[0]), *understood(look, values, rows[0].unit))
    return Prepared(derived={"stopped_at": look.now}, notes=notes)


def _resume_now(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    return Prepared(derived={"resumed_at": look.now}, notes=prompts(look, rows[0]))


@act("cards.parts", Parts, book=CARDS, prepare=_understood)
def put_in(desk: Desk, rows: Sequence[CardRow], entry: Parts) -> Done:
    """Parts put in, taken from the unit's stock (003 Art. 9); none that is charged while an estimate is open."""
    from servicedesk.store import repair_cards, tables

    (row,) = rows
    if not entry.parts:
        raise Refused(say("Enter at least one part."), field="parts", kind="field")
    usual = _usual_basis(desk, row)
    before = len(repair_cards.part_lines(desk.store, row.id))
    written = []
    for line, given in enumerate(entry.parts, start=1):
        part = part_meant(desk, given.part, row.unit, line)
        basis = given.basis or usual
        if row.estimate == "open" and basis not in FREE_BASES:
            raise on_line(line, say("no chargeable part before the customer's word on the estimate."))
        price = _price(desk, row, part, given, basis, line)
        take(desk, part, given.quantity, "use", row.number, line)
        desk.store.add(
            tables.CardPart,
            card_id=row.id,
            line=before + line,
            part_id=part.part_id,
            quantity=given.quantity,
            unit_price=price,
            basis=basis,
            amount=0 if basis in FREE_BASES else price * given.quantity,
            old_part=given.old_part,
            used_at=desk.now,
            used_by=desk.actor.id,
        )
        written.append(so_many(part.number, given.quantity))
    change(desk, row, no_parts=False)
    said = say("On {number}: {parts}.", number=row.number, parts=tuple(written))
    return Done(said, numbers(rows), next_of(desk, row, "cards.finish"))


def _usual_basis(desk: Desk, row: CardRow) -> str:
    """What the service type says: warranty, contract where it covers parts, else the list (003 Art. 4, D42)."""
    from servicedesk.store import calls, customers

    if row.service_type == ServiceType.FREE:
        return "warranty"
    if row.service_type != ServiceType.CONTRACT:
        return _LIST
    product = customers.product_by_voucher(desk.store, row.voucher)
    assert product is not None, row.voucher
    called_on = calls.by_id(desk.store, row.call_id).called_at.astimezone(_zone(desk, row)).date()
    contract = customers.contract_in_force(desk.store, product, called_on)
    return "contract" if contract is not None and contract.covers_parts else _LIST


def _zone(desk: Desk, row: CardRow) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(desk.unit(row.unit).timezone)


def _price(desk: Desk, row: CardRow, part: PartRow, given: CardPartLine, basis: str, line: int) -> int:
    """The price of one: agreed, else the list's.

    Raises:
        Refused: for an agreed price without an amount, or a list in another currency than the unit's.
    """
    if basis == _AGREED:
        if given.price is None:
            raise on_line(line, say("an agreed price needs its amount: 'agreed 50'."))
        return given.price
    if basis == _LIST and part.currency != desk.unit(row.unit).currency:
        raise on_line(
            line, say("{part} is priced in {currency}: agree on a price.", part=part.number, currency=part.currency)
        )
    return part.price


@act("cards.take_out", TakeOut, book=CARDS, prepare=_only_line)
def take_out(desk: Desk, rows: Sequence[CardRow], entry: TakeOut) -> Done:
    """A part goes back to stock; its line stays on the card, marked."""
    from servicedesk.store import parts, stock

    (row,) = rows
    meant = _standing(desk, row, entry.line)
    part = parts.one(desk.store, meant.part, row.unit)
    assert part is not None, meant.part
    book(desk, part, meant.quantity, "back", row.number, entry.reason)
    stock.mark_taken_out(desk.store, row.id, meant.line)
    change(desk, row)
    desk.note(row.number, taken_out=meant.line)
    said = say(
        "Taken out of {number}, back in stock: {parts}.",
        number=row.number,
        parts=so_many(meant.part, meant.quantity),
    )
    return Done(said, numbers(rows), next_of(desk, row))


def _standing(desk: Desk, row: CardRow, wanted: int) -> PartLineRow:
    """The parts line of this number.

    Raises:
        Refused: where there is none, naming those that there are; for one that is out already.
    """
    from servicedesk.store import repair_cards

    lines = repair_cards.part_lines(desk.store, row.id)
    meant = next((line for line in lines if line.line == wanted), None)
    if meant is not None and not meant.taken_out:
        return meant
    if meant is not None:
        raise Refused(say("Line {line} is taken out already.", line=wanted), field="line")
    standing = tuple(say("{line} {part}", line=line.line, part=line.part) for line in lines if not line.taken_out)
    if not standing:
        raise Refused(say("{number} has no parts lines.", number=row.number), field="line")
    raise Refused(
        say("{number} has no parts line {line}: {lines}.", number=row.number, line=wanted, lines=standing),
        field="line",
    )


@act("cards.wait", Wait, book=CARDS, prepare=_stop_now)
def wait(desk: Desk, rows: Sequence[CardRow], entry: Wait) -> Done:
    """The repair waits for parts: requisitions go out, a running clock stops."""
    from servicedesk.acts.parts import ask_for

    (row,) = rows
    asked = ask_for(desk, desk.unit(row.unit), entry.parts, entry.reason, row)
    clock = stopped(desk, row, entry.stopped_at, "stopped_at")
    change(desk, row, state=WAITING_PARTS, parts_due=row.parts_due + len(asked), **clock)
    said = say("{number} waits for parts: {asked}.", number=row.number, asked=asked)
    return Done(said, (*numbers(rows), *asked), next_of(desk, row, "parts.arrive"))


@act("cards.resume", Resume, book=CARDS, prepare=_resume_now)
def resume(desk: Desk, rows: Sequence[CardRow], entry: Resume) -> Done:
    """The parts are booked in: the repair goes on, and the technician's clock with it."""
    (row,) = rows
    clock = started(desk, row, entry.resumed_at, "resumed_at")
    change(desk, row, state=IN_REPAIR, **clock)
    return Done(
        say("{number} is in repair again.", number=row.number), numbers(rows), next_of(desk, row, "cards.parts")
    )
