"""Back to the customer: article, voucher, receipt (003 Art. 9-10; D15, D29)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from servicedesk.acts import goods as lines
from servicedesk.acts import receipts
from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls import common
from servicedesk.acts.calls.dispatch import technician_of
from servicedesk.acts.calls.handing import move_article
from servicedesk.acts.calls.on_site import CAPACITIES, SIGNED_ON
from servicedesk.acts.cards.common import CARDS, change, in_the_shop_at, numbers
from servicedesk.acts.charging import ChargeLine, assess, suggested
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.acts.lookups import resolved
from servicedesk.domain.calls import RETURNED as CALL_RETURNED
from servicedesk.domain.calls import CallRow
from servicedesk.domain.custody import HOLDERS, CustodyRow
from servicedesk.domain.goods import ISSUED, LOST, OUT, RECEIPT_BACK, VOIDED, ReceiptRow
from servicedesk.domain.repair_cards import CLOSED, RETURNED, CardRow
from servicedesk.domain.rights import TECHNICIAN
from servicedesk.domain.words import Refused, Sentence, label, say

PLACES = {place: HOLDERS[place] for place in ("shelf", "counter")}


class TakeAlong(Entry):
    """Who goes to the customer with the goods and the voucher, and since when."""

    taken_at: Annotated[datetime, Ask(label("Taken at"), "moment")]
    technician: Annotated[str, Ask(label("Technician"), "lookup", lookup="technicians")]


class BringAgain(Entry):
    """Why the goods could not be delivered, and where they are put."""

    brought_at: Annotated[datetime, Ask(label("Brought back at"), "moment", row=1)]
    place: Annotated[str, Ask(label("Put where"), "choice", options=PLACES, row=1)] = "shelf"
    reason: Annotated[str, Ask(label("Reason"))]


class Return(Entry):
    """The return as it stands on voucher, goods line and receipt: the customer signs and seals (003 Art. 9)."""

    returned_at: Annotated[datetime, Ask(label("Returned at"), "moment", row=1)]
    handed_over_by: Annotated[str, Ask(label("Handed over by"), "lookup", lookup="staff", row=1)]
    receipt: Annotated[str, Ask(label("Receipt"), "choice", options=RECEIPT_BACK)]
    fees: Annotated[tuple[ChargeLine, ...], Ask(label("Fees"), "lines")] = ()
    collected: Annotated[bool, Ask(label("Collected on the spot"), "flag")] = False
    signer: Annotated[str, Ask(label("Signed and sealed by"), row=2)]
    capacity: Annotated[str, Ask(label("Capacity"), "choice", options=CAPACITIES, row=2)] = "customer"
    medium: Annotated[str, Ask(label("Signature on"), "choice", options=SIGNED_ON, row=2)] = "paper"
    remarks: Annotated[str, Ask(label("Remarks"))] = ""


def taken_now(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    """Now; a technician takes them himself."""
    himself = any(post.role == TECHNICIAN and post.unit == rows[0].unit for post in look.actor.posts)
    return Prepared(derived={"taken_at": look.now, "technician": look.actor.login if himself else ""})


def brought_now(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    """Now."""
    return Prepared(derived={"brought_at": look.now})


def returned_now(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    """Now, by who has the goods, with the fees of the tariff; what else is out is said."""
    row = rows[0]
    call = common.CALLS.one(look.store, row.call)
    carrier = _held(look, row).technician
    derived: dict[str, Any] = {
        "returned_at": look.now,
        "handed_over_by": carrier or look.actor.login,
        "receipt": "lost" if row.receipt_state == LOST else "taken_back",
        "signer": call.caller or call.customer_name,
    }
    if "fees" not in values:
        derived["fees"] = suggested(look, call, row)
    if not call.loan:
        return Prepared(derived=derived)
    out = say("Loan slip {loan} is open: bring the loan unit back with you.", loan=call.loan)
    return Prepared(derived=derived, notes=(out,))


@act("cards.take_along", TakeAlong, book=CARDS, prepare=taken_now)
def take_along(desk: Desk, rows: Sequence[CardRow], entry: TakeAlong) -> Done:
    """Goods and voucher go to the customer with a technician (003 Art. 9)."""
    row = rows[0]
    held = _held(desk, row)
    if held.technician:
        raise Refused(say("{name} has the goods of {number} already.", name=held.holder_name, number=row.number))
    in_the_shop_at(desk, row, "taken_at", entry.taken_at)
    technician = technician_of(desk, row, resolved(desk, "technicians", "technician", entry.technician, {}))
    for other in _under_way(desk, row):
        if other.technician != technician.login:
            raise Refused(
                say("{name} is under way to {other} with the voucher.", name=other.technician_name, other=other.number)
            )
    _move(desk, row, "technician", entry.taken_at, technician.id)
    _hand_voucher(desk, row, "technician", technician.id)
    change(desk, row)
    return Done(
        say("{name} takes {number} to the customer.", name=technician.name, number=row.number),
        numbers(rows),
        ("cards.return",),
    )


@act("cards.bring_again", BringAgain, book=CARDS, prepare=brought_now)
def bring_again(desk: Desk, rows: Sequence[CardRow], entry: BringAgain) -> Done:
    """Not delivered: the goods are in the shop again, the voucher with the clerk."""
    from servicedesk.store.goods import GOODS

    row = rows[0]
    held = _held(desk, row)
    if not held.technician:
        raise Refused(say("The goods of {number} are not out: nobody took them along.", number=row.number))
    common.not_in_future(desk, "brought_at", entry.brought_at)
    common.not_before("brought_at", entry.brought_at, held.since, label("when they were taken along"))
    _move(desk, row, entry.place, entry.brought_at)
    if row.voucher_holder == "technician" and not _under_way(desk, row):
        _hand_voucher(desk, row, "clerk")
    line = GOODS.by_id(desk.store, row.goods_id)
    lines.change(desk, line, remarks=common.joined(line.remarks, entry.reason))
    change(desk, row)
    said = say("{number} is back undelivered, {place}.", number=row.number, place=Sentence(PLACES[entry.place]))
    return Done(said, numbers(rows), ("cards.take_along",))


@act("cards.return", Return, book=CARDS, prepare=returned_now)
def return_(desk: Desk, rows: Sequence[CardRow], entry: Return) -> Done:
    """The customer has the goods and signs; the receipt is void, line and card are closed, the fee is assessed."""
    from servicedesk.store.goods import GOODS, RECEIPTS

    row = rows[0]
    call, receipt = common.CALLS.one(desk.store, row.call), RECEIPTS.by_id(desk.store, row.receipt_id)
    _in_order(desk, row, entry.returned_at)
    _receipt_settled(receipt, entry.receipt)
    by = _person(desk, entry.handed_over_by)
    charged = assess(
        desk,
        call,
        entry.fees,
        done_at=entry.returned_at,
        collected=entry.collected,
        signer=entry.signer,
        collected_by=by,
    )
    receipts.change(desk, receipt, state=VOIDED, voided_at=entry.returned_at, voided_by=by)
    line = GOODS.by_id(desk.store, row.goods_id)
    lines.change(
        desk,
        line,
        state=OUT,
        returned_at=entry.returned_at,
        returned_by=by,
        signer=entry.signer,
        signer_capacity=entry.capacity,
        medium=entry.medium,
        attested_by=desk.actor.id,
        remarks=common.joined(line.remarks, entry.remarks) if entry.remarks else line.remarks,
    )
    closed = {} if charged["fee"] else {"state": CLOSED, "closed_at": entry.returned_at}
    change(desk, row, **({"state": RETURNED, "returned_at": entry.returned_at} | closed))
    common.change(desk, call, state=CALL_RETURNED, signed="signed_sealed", finished_at=entry.returned_at, **charged)
    _move(desk, row, "customer", entry.returned_at)
    return Done(
        say("{number} is returned, signed and sealed by {signer}.", number=row.number, signer=entry.signer),
        (row.number, call.number),
        ("calls.take_back", "calls.strike_off"),
    )


def _held(look: Look, row: CardRow) -> CustodyRow:
    """Where the article is; what stands in the shop has a line in the ledger."""
    from servicedesk.store.custody import HELD

    held = HELD.one(look.store, row.receipt)
    assert held is not None, row.receipt
    return held


def _under_way(desk: Desk, row: CardRow) -> list[CallRow]:
    """The further entries that a technician is on: the voucher stays with him (D41)."""
    return common.others_under_way(desk, common.CALLS.one(desk.store, row.call))


def _in_order(desk: Desk, row: CardRow, returned_at: datetime) -> None:
    in_the_shop_at(desk, row, "returned_at", returned_at)
    common.not_before("returned_at", returned_at, row.passed_at, label("when the repair was passed"))


def _receipt_settled(receipt: ReceiptRow, became: str) -> None:
    """The receipt is taken back, or declared lost and the loss confirmed (D29).

    Raises:
        Refused: naming it.
    """
    if receipt.state == ISSUED and became == "lost":
        raise Refused(
            say("Receipt {number} is not declared lost: take the customer's statement first.", number=receipt.number),
            field="receipt",
        )
    if receipt.state == LOST and became == "lost" and not receipt.lost_confirmed_by:
        raise Refused(
            say("Receipt {number}: the service supervisor has not confirmed the loss.", number=receipt.number),
            field="receipt",
        )


def _person(desk: Desk, typed: str) -> int:
    from servicedesk.store import staff

    person = staff.person(desk.store, resolved(desk, "staff", "handed_over_by", typed, {}))
    assert person is not None, typed
    return person.id


def _move(desk: Desk, row: CardRow, holder: str, since: datetime, person: int | None = None) -> None:
    move_article(desk, row.product_id, row.receipt, row.unit_id, holder, since=since, paper=row.goods, person=person)


def _hand_voucher(desk: Desk, row: CardRow, holder: str, technician: int | None = None) -> None:
    common.hand_over(desk, row.voucher_id, row.voucher, row.unit_id, holder, paper=row.number, technician=technician)
    desk.note(row.number, voucher_holder=holder)
