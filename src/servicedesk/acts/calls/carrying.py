"""Carry back: the product goes to the workshop against a customer goods receipt (003 Art. 8; forms §3.3; D13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.common import CALLS, change, not_before, numbers
from servicedesk.acts.calls.handing import issue_receipt, move_article, no_open_receipt
from servicedesk.acts.calls.on_site import CAPACITIES, write_entry
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.domain.calls import CARRIED_BACK, CallRow
from servicedesk.domain.goods import promise_by
from servicedesk.domain.history import MEDIA
from servicedesk.domain.words import label, say


class CarryBack(Entry):
    """What stands on the receipt; the customer countersigns the voucher for what is carried back (003 Art. 8)."""

    left_at: Annotated[datetime, Ask(label("Left at"), "moment", row=1)]
    promised_at: Annotated[datetime, Ask(label("Promised back"), "moment", row=1)]
    cause: Annotated[str, Ask(label("Fault cause"))] = ""
    accessories: Annotated[str, Ask(label("Accessories"), row=2)] = ""
    condition: Annotated[str, Ask(label("Condition"), row=2)] = ""
    signer: Annotated[str, Ask(label("Countersigned by"), row=3)]
    capacity: Annotated[str, Ask(label("Capacity"), "choice", options=CAPACITIES, row=3)] = "customer"
    medium: Annotated[str, Ask(label("Signature on"), "choice", options=MEDIA, row=3)] = "paper"


def promise_now(look: Look, rows: Sequence[CallRow], values: Mapping[str, Any]) -> Prepared:
    """Left now, unless the clerk keys in the true time; promised in some working days."""
    left_at = values.get("left_at") or look.now
    return Prepared(derived={"left_at": left_at, "promised_at": promise_by(look.calendar(rows[0].unit), left_at)})


@act("calls.carry_back", CarryBack, book=CALLS, prepare=promise_now)
def carry_back(desk: Desk, rows: Sequence[CallRow], entry: CarryBack) -> Done:
    """The technician gives the customer a receipt and has the article; the line stays open until the return (D13)."""
    row, technician = rows[0], rows[0].technician_id
    assert technician is not None
    no_open_receipt(desk, row)
    signed = "" if entry.medium == "none" else "countersigned"
    write_entry(desk, row, entry.left_at, "left_at", CARRIED_BACK, entry, signed)
    not_before("promised_at", entry.promised_at, entry.left_at, label("when the technician left"))
    receipt = issue_receipt(
        desk,
        row,
        issued_at=entry.left_at,
        issued_by=technician,
        accessories=entry.accessories,
        condition=entry.condition,
        promised_at=entry.promised_at,
        signer=entry.signer,
        signer_capacity=entry.capacity,
        medium=entry.medium,
    )
    move_article(
        desk,
        row.product_id,
        receipt.number,
        row.unit_id,
        "technician",
        person=technician,
        since=entry.left_at,
        paper=receipt.number,
    )
    change(desk, row, state=CARRIED_BACK, signed=signed)
    return Done(
        say("{number} is carried back for repair; receipt {receipt}.", number=row.number, receipt=receipt.number),
        (*numbers(rows), receipt.number),
        ("calls.take_back", "goods.take_in"),
    )
