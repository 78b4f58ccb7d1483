"""Goods in: the line in the goods in/out register and the repair card, in one form (003 Art. 8-9; D14, D38)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls import common
from servicedesk.acts.calls.handing import issue_receipt, move_article
from servicedesk.acts.calls.on_site import CAPACITIES, SIGNED_ON
from servicedesk.acts.card_opening import open_card
from servicedesk.acts.desk import Book, Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.acts.lookups import resolved
from servicedesk.domain.calls import CARRIED_BACK, LOGGED, CallRow
from servicedesk.domain.goods import GoodsRow, ReceiptRow, promise_by
from servicedesk.domain.numbering import GOODS_LINE
from servicedesk.domain.words import Refused, Sentence, label, say

if TYPE_CHECKING:
    from servicedesk.store.session import Reading


def _one(store: Reading, number: str) -> GoodsRow | None:
    from servicedesk.store import goods

    return goods.GOODS.one(store, number)


GOODS = Book("goods", _one)


def _at_the_counter(values: Mapping[str, Any]) -> bool:
    return not values.get("brought_by")


class TakeIn(Entry):
    """The line of the goods register and the card; goods that nobody carried back get their receipt as well."""

    came_in_at: Annotated[datetime, Ask(label("Came in at"), "moment", row=1)]
    brought_by: Annotated[str, Ask(label("Brought by"), "lookup", lookup="technicians", row=1)] = ""
    accessories: Annotated[str, Ask(label("Accessories"))] = ""
    symptom: Annotated[str, Ask(label("Symptom"))]
    promised_at: Annotated[datetime, Ask(label("Promised back"), "moment", row=2)]
    promise_because: Annotated[str, Ask(label("Why another time"), row=2)] = ""
    condition: Annotated[str, Ask(label("Condition"), when=_at_the_counter)] = ""
    signer: Annotated[str, Ask(label("Receipt given to"), row=3, when=_at_the_counter)] = ""
    capacity: Annotated[str, Ask(label("Capacity"), "choice", options=CAPACITIES, row=3, when=_at_the_counter)] = (
        "customer"
    )
    medium: Annotated[str, Ask(label("Signature on"), "choice", options=SIGNED_ON, row=3, when=_at_the_counter)] = (
        "paper"
    )
    remarks: Annotated[str, Ask(label("Remarks"))] = ""


class Remark(Entry):
    """A remark beside what the line says."""

    remarks: Annotated[str, Ask(label("Remarks"))]


def as_carried(look: Look, rows: Sequence[CallRow], values: Mapping[str, Any]) -> Prepared:
    """What the receipt says, or for goods brought in what a receipt would say, now."""
    row, receipt = rows[0], _receipt(look, rows[0])
    came_in_at = values.get("came_in_at") or look.now
    derived: dict[str, Any] = {"came_in_at": came_in_at, "symptom": row.symptom, "brought_by": row.technician}
    if receipt is None:
        derived["promised_at"] = promise_by(look.calendar(row.unit), came_in_at)
        derived["signer"] = row.caller or row.customer_name
    else:
        derived.update(accessories=receipt.accessories, promised_at=receipt.promised_at)
    return Prepared(derived=derived, known=receipt)


@act("goods.take_in", TakeIn, book=common.CALLS, prepare=as_carried)
def take_in(desk: Desk, rows: Sequence[CallRow], entry: TakeIn) -> Done:
    """Line, card and, for goods brought in without a visit, the receipt: one transaction; the counter has them."""
    from servicedesk.store import tables

    row, receipt = rows[0], desk.known
    _not_here(desk, row)
    common.not_in_future(desk, "came_in_at", entry.came_in_at)
    if receipt is None:
        receipt = _issue(desk, row, entry)
    elif receipt.call_id != row.id:
        raise Refused(
            say("Receipt {receipt} is out for {call}: take its goods in.", receipt=receipt.number, call=receipt.call)
        )
    elif entry.promised_at != receipt.promised_at and not entry.promise_because:
        raise Refused(
            say(
                "Receipt {receipt} promises {at}: say why another time.",
                receipt=receipt.number,
                at=receipt.promised_at,
            ),
            field="promise_because",
        )
    line = _write_line(desk, row, receipt, entry)
    desk.store.change_version(
        tables.Receipt, receipt.id, receipt.version, taken_in=True, changed_by=desk.actor.name, changed_at=desk.now
    )
    card = _open_card(desk, row, receipt, line, entry)
    common.change(desk, row, **({"state": CARRIED_BACK, "signed": "countersigned"} if row.state == LOGGED else {}))
    said = say("{number} is in as {goods}, repair card {card}.", number=row.number, goods=line.number, card=card)
    return Done(said, (line.number, card, receipt.number), ("cards.assign",))


@act("goods.remark", Remark, book=GOODS)
def remark(desk: Desk, rows: Sequence[GoodsRow], entry: Remark) -> Done:
    """Add to the remarks of a line; what stands there stays."""
    row = rows[0]
    change(desk, row, remarks=common.joined(row.remarks, entry.remarks))
    return Done(say("{number}: remark written.", number=row.number), (row.number,))


def change(desk: Desk, row: GoodsRow, **values: Any) -> None:
    """Write on a line of the goods register; the version the person saw must still stand."""
    from servicedesk.store import tables

    desk.store.change_version(
        tables.Goods, row.id, row.version, changed_by=desk.actor.name, changed_at=desk.now, **values
    )
    desk.note(row.number, **{name: common.plain(value) for name, value in values.items()})


def _receipt(look: Look, row: CallRow) -> ReceiptRow | None:
    from servicedesk.store import goods

    return goods.open_receipt(look.store, row.product_id)


def _not_here(desk: Desk, row: CallRow) -> None:
    """One line and one open card for an article (003 Art. 9).

    Raises:
        Refused: naming both.
    """
    from servicedesk.store import goods

    line = goods.open_goods(desk.store, row.product_id)
    if line is not None:
        raise Refused(
            say("The goods are in as {goods}: {card} is their open repair card.", goods=line.number, card=line.card)
        )


def _issue(desk: Desk, row: CallRow, entry: TakeIn) -> ReceiptRow:
    """The receipt of goods that came without one (D38)."""
    from servicedesk.store import goods

    if not entry.signer:
        raise Refused(say("{field} is required.", field=Sentence(label("Receipt given to"))), field="signer")
    common.not_before("came_in_at", entry.came_in_at, row.called_at, label("when the customer called"))
    common.not_before("promised_at", entry.promised_at, entry.came_in_at, label("when the goods came in"))
    issued = issue_receipt(
        desk,
        row,
        issued_at=entry.came_in_at,
        issued_by=desk.actor.id,
        accessories=entry.accessories,
        condition=entry.condition,
        promised_at=entry.promised_at,
        signer=entry.signer,
        signer_capacity=entry.capacity,
        medium=entry.medium,
    )
    return goods.RECEIPTS.by_id(desk.store, issued.id)


def _write_line(desk: Desk, row: CallRow, receipt: ReceiptRow, entry: TakeIn) -> GoodsRow:
    from servicedesk.store import goods, tables

    common.not_before("came_in_at", entry.came_in_at, receipt.issued_at, label("when the receipt was issued"))
    number = desk.number(desk.unit(row.unit), GOODS_LINE)
    written = desk.store.add(
        tables.Goods,
        number=number,
        unit_id=row.unit_id,
        call_id=row.id,
        product_id=row.product_id,
        receipt_id=receipt.id,
        voucher_id=row.voucher_id,
        came_in_at=entry.came_in_at,
        accessories=entry.accessories,
        brought_by=_bringer(desk, row, entry),
        received_by=desk.actor.id,
        promised_at=entry.promised_at,
        remarks=entry.remarks,
        changed_by=desk.actor.name,
        changed_at=desk.now,
    )
    move_article(
        desk,
        row.product_id,
        receipt.number,
        row.unit_id,
        "counter",
        since=entry.came_in_at,
        paper=number,
    )
    return goods.GOODS.by_id(desk.store, written)


def _bringer(desk: Desk, row: CallRow, entry: TakeIn) -> int | None:
    """The technician who brought the goods; nobody for what the customer brought or sent."""
    from servicedesk.store import staff

    if entry.brought_by == row.technician:
        return row.technician_id
    login = resolved(desk, "technicians", "brought_by", entry.brought_by, {})
    person = staff.person(desk.store, login) if login else None
    return None if person is None else person.id


def _open_card(desk: Desk, row: CallRow, receipt: ReceiptRow, line: GoodsRow, entry: TakeIn) -> str:
    """The authority to repair, with its promise; the receipt's is the first one, and the one measured (D19)."""
    promises = [(receipt.promised_at, "")]
    if entry.promised_at != receipt.promised_at:
        common.not_before("promised_at", entry.promised_at, entry.came_in_at, label("when the goods came in"))
        promises.append((entry.promised_at, entry.promise_because))
    number = open_card(
        desk,
        row.unit,
        promises,
        unit_id=row.unit_id,
        call_id=row.id,
        goods_id=line.id,
        receipt_id=receipt.id,
        voucher_id=row.voucher_id,
        product_id=row.product_id,
        model_no=row.model_no,
        opened_at=entry.came_in_at,
        symptom=entry.symptom,
    )
    desk.note(row.number, goods=line.number, card=number)
    return number
