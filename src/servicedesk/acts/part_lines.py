"""Lines that name parts, as every paper of the workshop writes them: a few characters of number or name, how many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Line, Situation
from servicedesk.acts.lookups import LOOKUPS
from servicedesk.domain.money import show_amount
from servicedesk.domain.parts import MOST_AT_ONCE, PartRow
from servicedesk.domain.words import Refused, Sentence, label, say

PARTS_FIELD = "parts"
"""The field that holds the lines, in every entry that has some."""


class StockLine(Line):
    """So many of a part: `QDQ-201 2` is two of them, `QDQ-201` one."""

    part: Annotated[str, Ask(label("Part"))]
    quantity: Annotated[int, Ask(label("Quantity"), "number"), Field(ge=1, le=MOST_AT_ONCE)] = 1

    @classmethod
    def parse(cls, typed: str, situation: Situation) -> Mapping[str, Any]:
        """The part, and a quantity where the last word is a number.

        Raises:
            Refused: for a quantity that cannot be.
        """
        part, _, last = typed.strip().rpartition(" ")
        if part and last.isdecimal():
            return {"part": part.strip(), "quantity": read_quantity(last)}
        return {"part": typed.strip(), "quantity": 1}


class CountLine(Line):
    """How many of a part are there: `QDQ-201 4`, `QDQ-201 0`."""

    part: Annotated[str, Ask(label("Part"))]
    quantity: Annotated[int, Ask(label("Quantity"), "number"), Field(ge=0, le=MOST_AT_ONCE)]

    @classmethod
    def parse(cls, typed: str, situation: Situation) -> Mapping[str, Any]:
        """The part, then how many.

        Raises:
            Refused: without a number, or for one that cannot be.
        """
        part, _, last = typed.strip().rpartition(" ")
        if not part or not last.isdecimal():
            raise Refused(say("'{typed}' is no count: write for example 'QDQ-201 4'.", typed=typed), kind="field")
        return {"part": part.strip(), "quantity": read_quantity(last, least=0)}


def read_quantity(typed: str, least: int = 1) -> int:
    """A quantity typed in digits.

    Raises:
        Refused: for one that stands on no paper.
    """
    if len(typed) > len(str(MOST_AT_ONCE)) or int(typed) < least:
        raise Refused(say("A quantity is a number from {least} to {most}.", least=least, most=MOST_AT_ONCE))
    return int(typed)


def part_meant(look: Look, typed: str, unit: str, line: int) -> PartRow:
    """The part that a line means, as the unit has it now; a whole number means also one out of the list.

    Raises:
        Refused: naming the line and those that may be meant.
    """
    from servicedesk.store import parts

    found = parts.one(look.store, typed, unit)
    if found is None:
        try:
            number = LOOKUPS["parts"].resolve(look, typed, {})
        except Refused as refused:
            raise on_line(line, refused.sentence) from None
        found = parts.one(look.store, number, unit)
    assert found is not None, typed
    return found


def understood(look: Look, values: Mapping[str, Any], unit: str) -> tuple[Sentence, ...]:
    """What the typed lines mean, as the form says it below them: the part, how many are there, its price."""
    said: list[Sentence] = []
    for line, given in enumerate(values.get(PARTS_FIELD, ()), start=1):
        try:
            part = part_meant(look, given["part"], unit, line)
        except Refused as refused:
            said.append(refused.sentence)
        else:
            price = show_amount(part.price, part.currency)
            said.append(
                say(
                    "{part} {name}: {stock} in stock, {price}",
                    part=part.number,
                    name=part.name,
                    stock=part.quantity,
                    price=price,
                )
            )
    return tuple(said)


def on_line(line: int, sentence: Sentence) -> Refused:
    """The refusal of one line."""
    return Refused(say("Line {line}: {why}", line=line, why=sentence), field=PARTS_FIELD)


def so_many(part: str, quantity: int) -> Sentence:
    """A line as results name it."""
    return say("{quantity} × {part}", quantity=quantity, part=part)


def take(desk: Desk, part: PartRow, quantity: int, kind: str, paper: str, line: int, note: str = "") -> None:
    """Take a part from its unit's stock, which never falls below zero.

    Raises:
        Refused: naming the line and how many are there.
    """
    if part.quantity == 0:
        raise on_line(line, say("no {part} is in stock: book in what has come, or ask for it.", part=part.number))
    if part.quantity < quantity:
        raise on_line(line, say("the stock holds only {left} of {part}.", left=part.quantity, part=part.number))
    book(desk, part, -quantity, kind, paper, note)


def book(desk: Desk, part: PartRow, quantity: int, kind: str, paper: str, note: str = "") -> None:
    """Book a movement of stock, plus or minus, now; the audit line keeps how many there were and are."""
    from servicedesk.store import stock

    stock.move(desk.store, part, at=desk.now, by_id=desk.actor.id, kind=kind, quantity=quantity, paper=paper, note=note)
    desk.note(part.number, **{part.unit: [part.quantity, part.quantity + quantity]})
