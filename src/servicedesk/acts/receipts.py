"""The customer goods receipt after it was given: spoilt and replaced, lost, the loss confirmed (forms §3.3; D29)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.common import CALLS, joined, not_before, plain
from servicedesk.acts.calls.handing import issue_receipt
from servicedesk.acts.calls.on_site import CAPACITIES
from servicedesk.acts.desk import Book, Desk, Look
from servicedesk.acts.entry import Ask, Entry, Nothing
from servicedesk.domain.custody import ARTICLE
from servicedesk.domain.goods import LOST, VOIDED, ReceiptRow
from servicedesk.domain.history import MEDIA
from servicedesk.domain.words import Refused, label, say

if TYPE_CHECKING:
    from servicedesk.store.session import Reading


def _one(store: Reading, number: str) -> ReceiptRow | None:
    from servicedesk.store import goods

    return goods.RECEIPTS.one(store, number)


RECEIPTS = Book("receipts", _one)


class Replace(Entry):
    """Why the form is void, and what the new one says."""

    reason: Annotated[str, Ask(label("Reason"))]
    accessories: Annotated[str, Ask(label("Accessories"), row=1)] = ""
    condition: Annotated[str, Ask(label("Condition"), row=1)] = ""
    promised_at: Annotated[datetime, Ask(label("Promised back"), "moment")]
    signer: Annotated[str, Ask(label("Receipt given to"), row=2)]
    capacity: Annotated[str, Ask(label("Capacity"), "choice", options=CAPACITIES, row=2)] = "customer"
    medium: Annotated[str, Ask(label("Signature on"), "choice", options=MEDIA, row=2)] = "paper"


class Lose(Entry):
    """The statement that the customer has signed (D29)."""

    statement: Annotated[str, Ask(label("Customer's statement"), "long")]
    signer: Annotated[str, Ask(label("Signed by"))]


def as_issued(look: Look, rows: Sequence[ReceiptRow], values: Mapping[str, Any]) -> Prepared:
    """What the spoilt form says, but for what is wrong with it."""
    row = rows[0]
    kept = {name: getattr(row, name) for name in ("accessories", "condition", "promised_at", "signer")}
    return Prepared(derived={**kept, "capacity": row.signer_capacity})


@act("receipts.replace", Replace, book=RECEIPTS, prepare=as_issued)
def replace(desk: Desk, rows: Sequence[ReceiptRow], entry: Replace) -> Done:
    """A spoilt form is void at once and keeps its number; the customer gets one with a new number (states §5.3)."""
    row = rows[0]
    call = CALLS.one(desk.store, row.call)
    not_before("promised_at", entry.promised_at, row.issued_at, label("when the receipt was issued"))
    if row.taken_in and entry.promised_at != row.promised_at:
        raise Refused(
            say("The goods are in as {goods}: another time is promised on the repair card.", goods=row.goods),
            field="promised_at",
        )
    change(desk, row, state=VOIDED, voided_at=desk.now, voided_by=desk.actor.id, void_reason=entry.reason)
    issued = issue_receipt(
        desk,
        call,
        issued_at=desk.now,
        issued_by=_issuer(desk, row),
        accessories=entry.accessories,
        condition=entry.condition,
        promised_at=entry.promised_at,
        signer=entry.signer,
        signer_capacity=entry.capacity,
        medium=entry.medium,
        taken_in=row.taken_in,
        replaces=row.number,
    )
    _hang_on(desk, row, issued.id, issued.number)
    return Done(
        say("{number} is void; {new} stands in its place.", number=row.number, new=issued.number),
        (row.number, issued.number),
        ("papers.print",),
    )


@act("receipts.lose", Lose, book=RECEIPTS)
def lose(desk: Desk, rows: Sequence[ReceiptRow], entry: Lose) -> Done:
    """The customer has lost it and signs that; the supervisor confirms before the goods are returned (D29)."""
    row = rows[0]
    change(desk, row, state=LOST, lost_statement=joined(entry.statement, entry.signer))
    return Done(
        say("Receipt {number} is declared lost: the service supervisor confirms it.", number=row.number),
        (row.number,),
        ("receipts.confirm",),
    )


@act("receipts.confirm", Nothing, book=RECEIPTS)
def confirm(desk: Desk, rows: Sequence[ReceiptRow], entry: Nothing) -> Done:
    """The supervisor confirms the loss: the goods may be returned without the receipt (D29)."""
    row = rows[0]
    change(desk, row, lost_confirmed_by=desk.actor.id)
    return Done(say("The loss of receipt {number} is confirmed.", number=row.number), (row.number,), ("cards.return",))


def change(desk: Desk, row: ReceiptRow, **values: Any) -> None:
    """Write on a receipt's stub; the version the person saw must still stand."""
    from servicedesk.store import tables

    desk.store.change_version(
        tables.Receipt, row.id, row.version, changed_by=desk.actor.name, changed_at=desk.now, **values
    )
    desk.note(row.number, **{name: plain(value) for name, value in values.items()})


def _issuer(desk: Desk, row: ReceiptRow) -> int:
    """Who answered for the first form answers for the second."""
    from servicedesk.store import staff

    person = staff.person(desk.store, row.technician)
    return desk.actor.id if person is None else person.id


def _hang_on(desk: Desk, row: ReceiptRow, receipt_id: int, number: str) -> None:
    """The goods line, its cards and the article itself carry the new number."""
    from servicedesk.store import custody, goods

    goods.exchange_receipt(desk.store, row.call_id, row.id, receipt_id)
    held = custody.holding(desk.store, ARTICLE, row.product_id)
    if held is not None:
        custody.move(
            desk.store,
            ARTICLE,
            row.product_id,
            number,
            row.unit_id,
            held.holder,
            person=held.person,
            since=max(desk.now, held.since),
            paper=number,
        )
