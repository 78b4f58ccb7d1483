"""Invoices, their posting, and credit notes over them (003 Art. 7, 10; states §5.4; K13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.charges.common import CHARGES, change, close_cards, in_order, now_in, shown
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.domain.charges import ASSESSED, CREDITED, INVOICED, POSTED, ChargeRow
from servicedesk.domain.numbering import CREDIT_NOTE
from servicedesk.domain.words import Refused, label, say


class Invoice(Entry):
    """The invoice as it was issued; a company's bears its taxpayer number."""

    invoice_no: Annotated[str, Ask(label("Invoice no."))]
    title: Annotated[str, Ask(label("Invoice title"))]
    tax_no: Annotated[str, Ask(label("Taxpayer no."))] = ""
    invoiced_at: Annotated[datetime, Ask(label("Issued at"), "moment")]
    late_because: Annotated[str, Ask(label("Why not the same day"))] = ""


class Post(Entry):
    """When the invoice went to the customer."""

    posted_at: Annotated[datetime, Ask(label("Posted at"), "moment")]


class CreditNote(Entry):
    """Why the invoice is credited."""

    reason: Annotated[str, Ask(label("Reason"))]


def invoice_now(look: Look, rows: Sequence[ChargeRow], values: Mapping[str, Any]) -> Prepared:
    """Now, in the customer's name."""
    row = rows[0]
    notes = (say("{customer} is a company: enter its taxpayer number.", customer=row.customer_name),)
    return Prepared(derived={"title": row.customer_name, "invoiced_at": look.now}, notes=notes if row.company else ())


@act("charges.invoice", Invoice, book=CHARGES, prepare=invoice_now)
def invoice(desk: Desk, rows: Sequence[ChargeRow], entry: Invoice) -> Done:
    """The invoice, the same day the job is done or the goods are returned (003 Art. 7, 10; K13)."""
    from servicedesk.store import charges

    row = rows[0]
    in_order(desk, "invoiced_at", entry.invoiced_at, row.done_at, label("when the job was done"))
    other = charges.invoiced_as(desk.store, entry.invoice_no)
    if other:
        raise Refused(
            say("Invoice {invoice} was issued for {other}.", invoice=entry.invoice_no, other=other), field="invoice_no"
        )
    if row.company and not entry.tax_no:
        raise Refused(
            say("{customer} is a company: enter its taxpayer number.", customer=row.customer_name), field="tax_no"
        )
    due = _day(desk, row, row.done_at)
    if row.state == ASSESSED and _day(desk, row, entry.invoiced_at) > due:
        if not entry.late_because:
            raise Refused(
                say("The invoice was due on {day}, the day of the job: say why it is late.", day=due),
                field="late_because",
            )
        desk.note(row.number, late_because=entry.late_because)
    change(
        desk,
        row,
        state=INVOICED,
        invoice_no=entry.invoice_no,
        invoice_title=entry.title,
        tax_no=entry.tax_no,
        invoiced_at=entry.invoiced_at,
        invoiced_by=desk.actor.id,
        reason=entry.late_because or row.reason,
    )
    close_cards(desk, row)
    following = "charges.send" if row.collected_at is None else "charges.post"
    return Done(
        say("{number}: invoice {invoice}.", number=row.number, invoice=entry.invoice_no), (row.number,), (following,)
    )


@act("charges.post", Post, book=CHARGES, prepare=now_in("posted_at"))
def post(desk: Desk, rows: Sequence[ChargeRow], entry: Post) -> Done:
    """The invoice for what was paid on the spot goes to the customer by post (003 Art. 7)."""
    row = rows[0]
    in_order(desk, "posted_at", entry.posted_at, row.invoiced_at, label("when the invoice was issued"))
    change(desk, row, state=POSTED, posted_at=entry.posted_at)
    return Done(say("Invoice {invoice} is posted.", invoice=row.invoice_no), (row.number,), ("charges.settle",))


@act("charges.credit", CreditNote, book=CHARGES)
def credit(desk: Desk, rows: Sequence[ChargeRow], entry: CreditNote) -> Done:
    """A credit note over the invoice: it stands, its money does not (红冲)."""
    from servicedesk.store import tables

    row = rows[0]
    number = desk.number(desk.unit(row.unit), CREDIT_NOTE)
    desk.store.add(
        tables.Credit,
        number=number,
        charge_id=row.id,
        invoice_no=row.invoice_no,
        amount=row.amount,
        at=desk.now,
        by_id=desk.actor.id,
        reason=entry.reason,
        remitted=row.collected_at is not None,
    )
    desk.note(row.number, credit_note=number)
    change(desk, row, state=CREDITED, reason=entry.reason, write_off_proposed="")
    said = say(
        "Credit note {credit} over {amount} of invoice {invoice}.",
        credit=number,
        amount=shown(row),
        invoice=row.invoice_no,
    )
    return Done(said, (row.number, number), ("charges.change",))


def _day(desk: Desk, row: ChargeRow, at: datetime) -> date:
    return at.astimezone(ZoneInfo(desk.unit(row.unit).timezone)).date()
