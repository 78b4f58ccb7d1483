"""Other lines in the place of those that the customer has signed (states §5.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.on_site import SIGNED_ON
from servicedesk.acts.charges.common import CHARGES, change, close_cards, in_order, shown
from servicedesk.acts.charging import ChargeLine, worked_lines, write_lines
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.domain.charges import ASSESSED, CREDITED, NONE, ChargeRow
from servicedesk.domain.charging import total
from servicedesk.domain.money import show_amount
from servicedesk.domain.words import Refused, label, say


class Change(Entry):
    """Other lines, which the customer signs anew."""

    fees: Annotated[tuple[ChargeLine, ...], Ask(label("Fees"), "lines")]
    reason: Annotated[str, Ask(label("Reason"))]
    signed_at: Annotated[datetime, Ask(label("Signed at"), "moment", row=1)]
    signer: Annotated[str, Ask(label("Signed by"), row=2)]
    medium: Annotated[str, Ask(label("Signature on"), "choice", options=SIGNED_ON, row=2)] = "paper"


def sign_now(look: Look, rows: Sequence[ChargeRow], values: Mapping[str, Any]) -> Prepared:
    """Now; the lines as they stand, to be changed."""
    from servicedesk.store import charges

    row = rows[0]
    lines = tuple(
        ChargeLine(
            kind=line.kind,
            amount=line.amount,
            minutes=line.quantity if line.kind == "labour" and line.quantity > 1 else 0,
            basis=line.basis,
            what=line.what,
            quantity=line.quantity if line.kind == "parts" else 1,
        )
        for line in charges.lines(look.store, row.id)
    )
    return Prepared(derived={"fees": lines, "signed_at": look.now, "signer": row.signer or row.customer_name})


@act("charges.change", Change, book=CHARGES, prepare=sign_now)
def change_amount(desk: Desk, rows: Sequence[ChargeRow], entry: Change) -> Done:
    """Other lines in the place of those that stand; the customer signs them, the audit log keeps the old ones.

    After a credit note the charge begins anew: it is assessed, to be invoiced the same day.
    """
    from servicedesk.domain.calls import STRUCK_OFF
    from servicedesk.store import calls, charges

    row = rows[0]
    in_order(desk, "signed_at", entry.signed_at, row.done_at, label("when the job was done"))
    call = calls.by_id(desk.store, row.call_id)
    if row.state == CREDITED and call.state == STRUCK_OFF:
        raise Refused(say("{number} is struck off: the service supervisor reopens it first.", number=row.number))
    worked = worked_lines(desk, call, entry.fees, row.done_at, "fees")
    if not worked:
        raise Refused(say("Enter the lines that are charged, with the amount 0 where nothing is."), field="fees")
    amount = total(worked)
    before = [line._asdict() for line in charges.lines(desk.store, row.id)]
    desk.note(row.number, amount_before=row.amount, lines_before=before, reason=entry.reason)
    charges.forget_lines(desk.store, row.id)
    write_lines(desk, row.id, worked)
    values: dict[str, Any] = {"amount": amount, "state": ASSESSED if amount else NONE, "reason": entry.reason}
    if row.state == CREDITED:
        desk.note(row.number, invoice_before=row.invoice_no)
        values |= _ANEW | {"done_at": entry.signed_at}
    change(desk, row, **values, signer=entry.signer, signed_at=entry.signed_at)
    if not amount:
        close_cards(desk, row)
    said = say(
        "{number}: {amount} in the place of {before}, signed by {signer}.",
        number=row.number,
        amount=show_amount(amount, row.currency),
        before=shown(row),
        signer=entry.signer,
    )
    return Done(said, (row.number,), ("charges.invoice",) if amount else ())


_ANEW: dict[str, Any] = {
    "collected_at": None,
    "collected_by": None,
    "remitted_at": None,
    "remitted_to": None,
    "invoice_no": "",
    "invoice_title": "",
    "tax_no": "",
    "invoiced_at": None,
    "invoiced_by": None,
    "posted_at": None,
    "collector_id": None,
    "settled_at": None,
}
"""What a charge loses that is assessed anew after a credit note; the note and the audit log keep it."""
