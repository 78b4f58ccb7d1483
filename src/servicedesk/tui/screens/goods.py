"""Customers' goods: the goods in/out register and the receipts given for them (003 Art. 8-9; forms §3.3-3.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from servicedesk.domain.calls import CallRow
from servicedesk.domain.goods import (
    IN,
    ISSUED,
    LOST,
    OUT,
    PASSED,
    SEES_GOODS,
    SENT_OUT,
    STATES,
    VOIDED,
    GoodsRow,
    ReceiptRow,
)
from servicedesk.domain.numbering import GOODS_LINE, RECEIPT
from servicedesk.domain.registers import Wanted
from servicedesk.domain.rights import CLERK
from servicedesk.domain.rulebook import refusal
from servicedesk.domain.words import Refused, label, say
from servicedesk.tui.background import begin
from servicedesk.tui.filtering import TECHNICIAN, UNIT, of_state
from servicedesk.tui.keys import Key, complaint_key, print_key
from servicedesk.tui.linked import CALL_KEY, CARD_KEY, CUSTOMER_KEY
from servicedesk.tui.registers import RegisterPage, Seen, Told, Total, View
from servicedesk.tui.screen import DeskScreen
from servicedesk.tui.screens.paper import PaperPage, PaperScreen, Part, side_by_side
from servicedesk.tui.screens.register import RegisterScreen

if TYPE_CHECKING:
    from servicedesk.store.session import Reading
    from servicedesk.tui.app import ServiceDesk

GOODS_KEYS: tuple[Key, ...] = (
    Key("f4,e", label("Remark"), act="goods.remark"),
    CARD_KEY._replace(shown=True),
    CALL_KEY._replace(shown=True),
    CUSTOMER_KEY,
    complaint_key(),
    print_key("goods", "came_in_at"),
)
RECEIPT_KEYS: tuple[Key, ...] = (
    Key("w", label("Goods in"), action="take_in"),
    Key("l", label("Receipt lost"), act="receipts.lose"),
    Key("y", label("Confirm the loss"), act="receipts.confirm"),
    Key("x", label("Spoilt"), act="receipts.replace"),
    CALL_KEY,
    CUSTOMER_KEY,
    complaint_key(),
    print_key("receipt", "number"),
)


def now(seen: Seen, row: GoodsRow) -> str:
    """Where the article is on its way."""
    state = seen.words(STATES[row.state])
    at = {SENT_OUT: row.sent_out_at, PASSED: row.passed_at, OUT: row.returned_at}.get(row.state)
    return side_by_side(state, row.sent_to if row.state == SENT_OUT else seen.date(at))


def late(seen: Seen, row: GoodsRow) -> bool:
    """Promised for before now and neither passed nor out."""
    return row.state in (IN, SENT_OUT) and seen.now > row.promised_at


def goods_full(seen: Seen, row: GoodsRow) -> Sequence[str]:
    """The line of the register in full."""
    words = seen.words
    return (
        side_by_side(row.number, row.customer_name, row.model_no, row.product_name, row.serial_no),
        side_by_side(row.receipt, row.voucher, row.card, row.accessories),
        side_by_side(words(say("promised {at}", at=row.promised_at)), row.remarks),
    )


def goods_parts(seen: Seen, row: GoodsRow, _: object) -> Iterator[Part]:
    """The columns of the paper in their order (forms §3.4)."""
    yield label("Came in at"), side_by_side(seen.moment(row.came_in_at), row.technician_name, row.received_by_name)
    yield label("Receipt"), side_by_side(row.receipt, seen.words(STATES[row.receipt_state]), row.voucher)
    yield label("Call"), row.call
    yield label("Customer"), row.customer_name
    yield label("Product"), side_by_side(row.model_no, row.product_name, row.serial_no)
    yield label("Accessories"), row.accessories
    yield label("Repair card"), row.card
    yield label("Promised"), seen.moment(row.promised_at)
    yield label("Sent out"), side_by_side(seen.moment(row.sent_out_at), row.sent_to)
    yield label("Back from the factory"), seen.moment(row.back_at)
    yield label("Passed"), seen.moment(row.passed_at)
    yield label("Returned"), side_by_side(seen.moment(row.returned_at), row.returned_by_name, row.signer)
    yield label("Receipt voided"), seen.moment(row.receipt_voided_at)
    yield label("Remarks"), row.remarks


def receipt_full(seen: Seen, row: ReceiptRow) -> Sequence[str]:
    """The receipt under the cursor in full."""
    return (
        side_by_side(row.number, row.customer_name, seen.telephone(row), row.model_no, row.serial_no),
        side_by_side(row.call, row.goods, row.voucher, row.accessories, row.condition),
        side_by_side(row.symptom, row.lost_statement, row.void_reason),
    )


def receipt_parts(seen: Seen, row: ReceiptRow, _: object) -> Iterator[Part]:
    """The receipt with its stub (forms §3.3)."""
    yield label("Issued"), side_by_side(seen.moment(row.issued_at), row.technician_name)
    yield label("Call"), side_by_side(row.call, row.voucher)
    yield label("Customer"), side_by_side(row.customer_name, seen.telephone(row))
    yield label("Address"), seen.address(row)
    yield label("Product"), side_by_side(row.model_no, row.product_name, row.serial_no)
    yield label("Accessories"), row.accessories
    yield label("Condition"), row.condition
    yield label("Symptom"), row.symptom
    yield label("Promised back"), seen.moment(row.promised_at)
    yield label("Signed by"), row.signer
    yield label("Goods line"), row.goods or seen.words(label("not taken in"))
    yield label("Replaces"), row.replaces
    yield label("Declared lost"), side_by_side(row.lost_statement, row.lost_confirmed_by)
    yield label("Voided"), side_by_side(seen.moment(row.voided_at), row.voided_by_name, row.void_reason)


class TakingIn(DeskScreen):
    """Goods in is an act on the call that the receipt was issued for."""

    def action_take_in(self) -> None:
        """Ask for goods in."""
        for row in self.rows_acted_on()[:1]:
            begin(self, partial(self._take_in, row.call), group="seat")

    async def _take_in(self, number: str) -> None:
        def read(reading: Reading) -> CallRow | None:
            from servicedesk.store import calls

            return calls.one(reading, number)

        call = await self.door.read(read)
        why = None if call is None else refusal("goods.take_in", self.door.actor, call)
        if why is not None:
            self.desk.refuse(Refused(why))
        elif call is not None:
            self.desk.start_act(self, "goods.take_in", (call,))


class GoodsLineScreen(PaperScreen):
    """One line of the goods register."""

    PAPER = PaperPage(
        heading=label("Goods line"),
        register="goods:GOODS",
        sees=SEES_GOODS,
        parts=goods_parts,
        beside=lambda seen, row: side_by_side(row.customer_name, now(seen, row)),
        keys=GOODS_KEYS,
    )


class ReceiptScreen(TakingIn, PaperScreen):
    """One goods receipt."""

    PAPER = PaperPage(
        heading=label("Goods receipt"),
        register="goods:RECEIPTS",
        sees=SEES_GOODS,
        parts=receipt_parts,
        beside=lambda seen, row: side_by_side(row.customer_name, seen.words(STATES[row.state])),
        keys=RECEIPT_KEYS,
    )


def _open_goods(desk: ServiceDesk, row: GoodsRow) -> None:
    desk.push_screen(GoodsLineScreen(row.number))


def _open_receipt(desk: ServiceDesk, row: ReceiptRow) -> None:
    desk.push_screen(ReceiptScreen(row.number))


class GoodsScreen(RegisterScreen):
    """The customer goods in/out register."""

    PAGE = RegisterPage[GoodsRow](
        name="goods",
        heading=label("Goods in/out register"),
        register="goods:GOODS",
        sees=SEES_GOODS,
        columns=(
            Told(label("In"), 5, lambda seen, row: seen.date(row.came_in_at)),
            Told(label("Customer"), 12, lambda seen, row: seen.elsewhere(row, row.customer_name), flexible=True),
            Told(label("Model"), 12, lambda seen, row: row.model_no),
            Told(label("Brought by"), 10, lambda seen, row: row.technician_name),
            Told(label("Promised"), 8, lambda seen, row: seen.date(row.promised_at)),
            Told(label("Now"), 16, now, flexible=True),
        ),
        views=(
            View("here", label("not out again"), Wanted(view="here")),
            View("factory", label("sent out"), Wanted(view="factory")),
            View("all", label("all")),
        ),
        totals=(
            Total("here", lambda count: say("in the unit {count}", count=count)),
            Total("factory", lambda count: say("sent out {count}", count=count)),
        ),
        full=goods_full,
        opens=_open_goods,
        late=late,
        closed=lambda seen, row: row.state == OUT,
        filters=(of_state({state: STATES[state] for state in (IN, SENT_OUT, PASSED, OUT)}), TECHNICIAN, UNIT),
        keys=GOODS_KEYS,
        letter=GOODS_LINE,
        searched=True,
        empty=label("No customer's goods are here."),
    )


class ReceiptsScreen(TakingIn, RegisterScreen):
    """The customer goods receipts; the clerk comes to what was carried back and is not taken in."""

    PAGE = RegisterPage[ReceiptRow](
        name="receipts",
        heading=label("Goods receipts"),
        register="goods:RECEIPTS",
        sees=SEES_GOODS,
        columns=(
            Told(label("Issued"), 6, lambda seen, row: seen.date(row.issued_at)),
            Told(label("Customer"), 12, lambda seen, row: seen.elsewhere(row, row.customer_name), flexible=True),
            Told(label("Model"), 12, lambda seen, row: row.model_no),
            Told(label("Issued by"), 9, lambda seen, row: row.technician_name),
            Told(label("Promised"), 8, lambda seen, row: seen.date(row.promised_at)),
            Told(label("Goods line"), 10, lambda seen, row: row.goods[-9:] or seen.words(label("not in"))),
            Told(label("Now"), 10, lambda seen, row: seen.words(STATES[row.state]), flexible=True),
        ),
        views=(
            View("not_taken_in", label("carried back, not taken in"), Wanted(view="not_taken_in")),
            View("lost", label("declared lost"), Wanted(state="lost")),
            View("all", label("all")),
        ),
        first_views={CLERK: "not_taken_in"},
        totals=(Total("not_taken_in", lambda count: say("not taken in {count}", count=count)),),
        full=receipt_full,
        opens=_open_receipt,
        closed=lambda seen, row: row.state == VOIDED,
        filters=(of_state({state: STATES[state] for state in (ISSUED, LOST, VOIDED)}), TECHNICIAN, UNIT),
        keys=RECEIPT_KEYS,
        letter=RECEIPT,
        searched=True,
        empty=label("Everything that was carried back is taken in."),
    )
