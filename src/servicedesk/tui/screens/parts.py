"""Parts with their stock, requisitions, loan units (003 Art. 9; forms §3.12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from servicedesk.domain.money import show_amount
from servicedesk.domain.numbering import REQUISITION, short
from servicedesk.domain.parts import (
    ARRIVED,
    CANCELLED,
    MOVES,
    SEES_PARTS,
    STATES,
    LoanUnitRow,
    PartRow,
    RequisitionRow,
    StockMoveRow,
)
from servicedesk.domain.registers import Wanted
from servicedesk.domain.words import label, say
from servicedesk.tui.filtering import TECHNICIAN, UNIT, of_state
from servicedesk.tui.keys import Key
from servicedesk.tui.linked import CALL_KEY, CARD_KEY, CUSTOMER_KEY
from servicedesk.tui.registers import RegisterPage, Seen, Told, Total, View
from servicedesk.tui.screens.paper import PaperPage, PaperScreen, Part, side_by_side
from servicedesk.tui.screens.register import RegisterScreen

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.tui.app import ServiceDesk

PART_KEYS: tuple[Key, ...] = (
    Key("f2", label("New part"), act="parts.enter", bare=True),
    Key("f4,e", label("Correct"), act="parts.correct"),
    Key("a", label("Parts arrived"), act="parts.arrive", bare=True),
    Key("r", label("Requisition"), act="requisitions.ask", bare=True),
    Key("n", label("Count"), act="parts.count", bare=True),
    Key("b", label("Send parts back"), act="parts.send_back", bare=True, shown=False),
)


def stock(row: PartRow) -> str:
    """How many there are, with their measure."""
    return f"{row.quantity} {row.measure}".strip()


def part_full(seen: Seen, row: PartRow) -> Sequence[str]:
    """The part under the cursor in full."""
    words = seen.words
    least = say("{stock} in stock, at least {minimum}, on order {on_order}", **_counts(row))
    price = say("price {price}, cost {cost}", **_money(row))
    state = "" if row.active else words(label("no longer used"))
    return side_by_side(row.number, row.name, state), words(least), words(price)


def _counts(row: PartRow) -> dict[str, object]:
    return {"stock": stock(row), "minimum": row.minimum, "on_order": row.on_order}


def _money(row: PartRow) -> dict[str, str]:
    return {"price": show_amount(row.price, row.currency), "cost": show_amount(row.cost, row.currency)}


def part_parts(seen: Seen, row: PartRow, moves: list[StockMoveRow]) -> Iterator[Part]:
    """The part with the last movements of its stock."""
    words = seen.words
    yield label("Part name"), row.name
    yield label("In stock"), stock(row)
    yield label("At least"), str(row.minimum)
    yield label("On order"), str(row.on_order or "")
    yield label("Price"), show_amount(row.price, row.currency)
    yield label("Cost"), show_amount(row.cost, row.currency)
    yield (
        label("Movements"),
        [
            (words.moment(move.at), words(MOVES[move.kind]), f"{move.quantity:+}", move.paper, move.by_name, move.note)
            for move in moves
        ],
    )


def _one(look: Look, number: str) -> PartRow | None:
    from servicedesk.store import parts

    return parts.one(look.store, number, look.actor.unit) or parts.one(look.store, number)


def _moves(look: Look, row: PartRow) -> list[StockMoveRow]:
    from servicedesk.store import parts

    return parts.moves(look.store, row)


def _found(look: Look, typed: str) -> list[PartRow]:
    from servicedesk.store import parts

    return parts.find(look.store, typed, look.actor.unit, 100)


class PartScreen(PaperScreen):
    """One part as a unit has it."""

    PAPER = PaperPage(
        heading=label("Part"),
        register="parts:PARTS",
        sees=SEES_PARTS,
        one=_one,
        gather=_moves,
        parts=part_parts,
        beside=lambda seen, row: row.name,
        keys=PART_KEYS,
    )


def _open_part(desk: ServiceDesk, row: PartRow) -> None:
    desk.push_screen(PartScreen(row.number))


class PartsScreen(RegisterScreen):
    """The part list of a unit."""

    PAGE = RegisterPage[PartRow](
        name="parts",
        heading=label("Parts"),
        register="parts:PARTS",
        sees=SEES_PARTS,
        number=lambda row: row.number,
        number_title=label("Part number"),
        number_width=14,
        columns=(
            Told(label("Part name"), 14, lambda seen, row: seen.elsewhere(row, row.name), flexible=True),
            Told(label("Stock"), 10, lambda seen, row: stock(row)),
            Told(label("At least"), 8, lambda seen, row: str(row.minimum or "")),
            Told(label("On order"), 8, lambda seen, row: str(row.on_order or "")),
            Told(label("Price"), 12, lambda seen, row: show_amount(row.price, row.currency)),
        ),
        views=(View("all", label("all")), View("short", label("too few"), Wanted(view="short"))),
        totals=(Total("short", lambda count: say("too few {count}", count=count)),),
        full=part_full,
        filters=(UNIT,),
        opens=_open_part,
        late=lambda seen, row: row.short,
        closed=lambda seen, row: not row.active,
        keys=PART_KEYS,
        find=_found,
        hint=label("A part of the number or the name"),
        empty=label("No parts yet. F2 enters the first one."),
    )


def requisition_full(seen: Seen, row: RequisitionRow) -> Sequence[str]:
    """The requisition under the cursor in full."""
    words = seen.words
    wanted = say("{quantity} asked for, {arrived} arrived", quantity=row.quantity, arrived=row.arrived)
    asked = say("asked by {name} {at}", name=row.technician_name, at=row.asked_at)
    return (
        side_by_side(row.number, row.part, row.part_name, words(wanted)),
        side_by_side(words(asked), row.card or words(label("for the shelf"))),
        row.reason,
    )


class RequisitionsScreen(RegisterScreen):
    """The parts requisitions; what arrives wakes the cards that wait for it."""

    PAGE = RegisterPage[RequisitionRow](
        name="requisitions",
        heading=label("Parts requisitions"),
        register="parts:REQUISITIONS",
        sees=SEES_PARTS,
        columns=(
            Told(label("Asked"), 5, lambda seen, row: seen.date(row.asked_at)),
            Told(label("Part"), 12, lambda seen, row: row.part),
            Told(label("Part name"), 12, lambda seen, row: seen.elsewhere(row, row.part_name), flexible=True),
            Told(label("Wanted"), 6, lambda seen, row: str(row.outstanding or row.quantity)),
            Told(label("Repair card"), 11, lambda seen, row: short(row.card) or seen.words(label("shelf"))),
            Told(label("Technician"), 10, lambda seen, row: row.technician_name),
            Told(label("Now"), 9, lambda seen, row: seen.words(STATES[row.state])),
        ),
        views=(
            View("open", label("open"), Wanted(view="open")),
            View("arrived", STATES[ARRIVED], Wanted(state=ARRIVED)),
            View("all", label("all")),
        ),
        totals=(Total("open", lambda count: say("open {count}", count=count)),),
        full=requisition_full,
        closed=lambda seen, row: row.state in (ARRIVED, CANCELLED),
        filters=(of_state(STATES), TECHNICIAN, UNIT),
        keys=(
            Key("f2,r", label("Requisition"), act="requisitions.ask", bare=True),
            Key("a", label("Parts arrived"), act="parts.arrive", bare=True),
            Key("x", label("Cancel"), act="requisitions.cancel"),
            CARD_KEY._replace(shown=True),
        ),
        letter=REQUISITION,
        empty=label("No part is asked for. F2 asks for one."),
    )


def loan_full(seen: Seen, row: LoanUnitRow) -> Sequence[str]:
    """The loan unit under the cursor in full."""
    words = seen.words
    lent = words(say("lent {at}", at=row.lent_at)) if row.lent_at is not None and row.loan else ""
    return (
        side_by_side(row.number, row.name, row.model_no, row.serial_no),
        side_by_side(row.loan, row.call, row.customer_name, lent) or words(label("on the shelf")),
    )


class LoanUnitsScreen(RegisterScreen):
    """The articles of ours that customers have while theirs is in repair."""

    PAGE = RegisterPage[LoanUnitRow](
        name="loan_units",
        heading=label("Loan units"),
        register="loans:LOAN_UNITS",
        sees=SEES_PARTS,
        number=lambda row: row.number,
        number_width=12,
        columns=(
            Told(label("Product"), 14, lambda seen, row: seen.elsewhere(row, row.name), flexible=True),
            Told(label("Model"), 12, lambda seen, row: row.model_no),
            Told(label("Customer"), 14, lambda seen, row: row.customer_name, flexible=True),
            Told(label("Call"), 10, lambda seen, row: short(row.call)),
            Told(label("Since"), 5, lambda seen, row: seen.date(row.lent_at) if row.loan else ""),
        ),
        views=(View("all", label("all")), View("lent", label("lent"), Wanted(view="lent"))),
        totals=(Total("lent", lambda count: say("lent {count}", count=count)),),
        full=loan_full,
        filters=(UNIT,),
        closed=lambda seen, row: not row.active,
        keys=(
            Key("f2", label("New loan unit"), act="loans.enter", bare=True),
            Key("l", label("Lend"), act="loans.lend"),
            Key("b", label("Loan unit back"), act="loans.take_back"),
            CALL_KEY._replace(shown=True),
            CUSTOMER_KEY,
        ),
        empty=label("No loan units yet. F2 enters the first one."),
    )
