"""A complaint comes in: receipt, acknowledgement, contacts, who takes it (003 Art. 22-24; states §5.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.common import not_in_future
from servicedesk.acts.calls.knowing import normal_telephone, which
from servicedesk.acts.complaints import clocks
from servicedesk.acts.complaints.common import COMPLAINTS, change, in_time, limits, log, numbers
from servicedesk.acts.complaints.complainant import PRIVATE, Known, fill_in, in_clear, numbered_customer
from servicedesk.acts.customers import EMPTY
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry, Nothing
from servicedesk.domain.complaint_clocks import ACKNOWLEDGE, due_after, next_attempt
from servicedesk.domain.complaint_lines import BECAME
from servicedesk.domain.complaint_rules import TAKEN_FOR
from servicedesk.domain.complaints import (
    ACKNOWLEDGED,
    CHANNELS,
    OUTCOMES,
    REACHED,
    RECEIVED,
    WAYS,
    ComplaintRow,
    standing,
)
from servicedesk.domain.customers import CustomerRow, ProductRow
from servicedesk.domain.numbering import COMPLAINT
from servicedesk.domain.words import Refused, Sentence, label, say


class Receive(Entry):
    """The head of the sheet in paper order; the number of a paper finds nearly all of it."""

    channel: Annotated[str, Ask(label("Channel"), "choice", options=CHANNELS, row=1)] = "telephone"
    received_at: Annotated[datetime, Ask(label("Received at"), "moment", row=1)]
    about: Annotated[str, Ask(label("About"), row=1)] = ""
    customer_name: Annotated[str, Ask(label("Complainant"), "lookup", lookup="customers", row=2)]
    contact: Annotated[str, Ask(label("Contact"), row=2)] = ""
    telephone: Annotated[str, Ask(label("Telephone"), row=3)] = ""
    email: Annotated[str, Ask(label("E-mail"), row=3)] = ""
    address: Annotated[str, Ask(label("Address"), row=4)] = ""
    unit: Annotated[str, Ask(label("Unit"), "lookup", lookup="units", row=4, width=10)] = ""
    model_no: Annotated[str, Ask(label("Product"), "lookup", lookup="products", row=5)] = ""
    serial_no: Annotated[str, Ask(label("Serial"), row=5)] = ""
    content: Annotated[str, Ask(label("Content"), "long")]
    remedy: Annotated[str, Ask(label("Remedy asked for"))] = ""
    incident: Annotated[str, Ask(label("Incident"))] = ""


class AddWords(Entry):
    """What the customer says more about a complaint that is open."""

    how: Annotated[str, Ask(label("How"), "choice", options=CHANNELS)] = "telephone"
    words: Annotated[str, Ask(label("What the customer adds"), "long")]


class Acknowledge(Entry):
    """When, how and whom the customer's side was told that the complaint is received."""

    acknowledged_at: Annotated[datetime, Ask(label("Acknowledged at"), "moment", row=1)]
    how: Annotated[str, Ask(label("How"), "choice", options=WAYS, row=1)] = "telephone"
    whom: Annotated[str, Ask(label("Who was told"))]


class Correct(Entry):
    """The head of the sheet as it stands; what is left alone stays."""

    customer_name: Annotated[str, Ask(label("Complainant"), "lookup", lookup="customers", row=1)]
    contact: Annotated[str, Ask(label("Contact"), row=1)] = ""
    telephone: Annotated[str, Ask(label("Telephone"), row=2)] = ""
    email: Annotated[str, Ask(label("E-mail"), row=2)] = ""
    address: Annotated[str, Ask(label("Address"))] = ""
    model_no: Annotated[str, Ask(label("Product"), "lookup", lookup="products", row=3)] = ""
    serial_no: Annotated[str, Ask(label("Serial"), row=3)] = ""
    content: Annotated[str, Ask(label("Content"), "long")]
    remedy: Annotated[str, Ask(label("Remedy asked for"))] = ""


class Contact(Entry):
    """What became of trying to reach the customer, and when the next attempt is due."""

    outcome: Annotated[str, Ask(label("Outcome"), "choice", options=OUTCOMES, row=1)] = REACHED
    how: Annotated[str, Ask(label("How"), "choice", options=WAYS, row=1)] = "telephone"
    whom: Annotated[str, Ask(label("With whom"), row=2)] = ""
    next_at: Annotated[datetime | None, Ask(label("Next attempt"), "moment", row=2)] = None
    words: Annotated[str, Ask(label("What was said"), "long")] = ""


OPTIONAL = tuple(name for name, field in Correct.model_fields.items() if not field.is_required())


class Corrected(NamedTuple):
    """Whose complaint it is now, which of his products was named, and which fields are emptied."""

    customer: CustomerRow | None
    product: ProductRow | None
    emptied: frozenset[str]


def told_now(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """Now, to who complained."""
    row = rows[0]
    return Prepared(derived={"acknowledged_at": look.now, "whom": row.contact or row.customer_name})


def as_it_stands(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """The sheet's own values; telephone, e-mail and address only for who reads them in full; `-` empties a field."""
    row = rows[0]
    derived = {name: getattr(row, name) for name in Correct.model_fields}
    if not in_clear(look, row):
        derived = {name: value for name, value in derived.items() if name not in PRIVATE}
    emptied = {name: "" for name in OPTIONAL if values.get(name) == EMPTY}
    rewritten = dict(emptied)
    if values.get("telephone") and "telephone" not in emptied:
        rewritten["telephone"] = normal_telephone(values["telephone"])
    named = numbered_customer(look, values.get("customer_name", ""))
    if named is not None:
        rewritten["customer_name"] = named.name
    customer = named or numbered_customer(look, row.customer)
    product = which(look, customer, values) if values.get("model_no") or values.get("serial_no") else None
    if product is not None and "model_no" in values:
        rewritten["model_no"] = product.model_no
    return Prepared(
        derived=derived,
        rewritten=rewritten,
        promise=(say("Fields left alone stay as they are; - empties a field."),),
        known=Corrected(customer, product, frozenset(emptied)),
    )


def try_again(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """Whoever complained; the next attempt within the working hours of the person's own unit."""
    row = rows[0]
    next_at = next_attempt(look.calendar(look.actor.unit), look.now, values.get("outcome", REACHED))
    return Prepared(derived={"whom": row.contact or row.customer_name, "next_at": next_at})


@act("complaints.receive", Receive, prepare=fill_in)
def receive(desk: Desk, rows: Sequence[Any], entry: Receive) -> Done:
    """Open the sheet and start its clocks; a further complaint of a customer is never refused."""
    known: Known = desk.known
    reached = {name: getattr(entry, name) or known.private[name] for name in PRIVATE}
    _can_be_reached(reached)
    not_in_future(desk, "received_at", entry.received_at)
    paper, product = known.paper, known.product
    number = _open_sheet(
        desk,
        known,
        received_at=entry.received_at,
        channel=entry.channel,
        customer_id=None if known.customer is None else known.customer.id,
        customer_name=entry.customer_name,
        contact=entry.contact,
        **reached,
        call_id=None if paper.call is None else paper.call.id,
        card_id=None if paper.card is None else paper.card.id,
        voucher_id=None if product is None else product.voucher_id,
        product_id=None if product is None else product.id,
        technician_id=paper.technician_id,
        contract=known.contract,
        model_no=entry.model_no,
        product_name="" if product is None or product.model_no != entry.model_no else product.name,
        serial_no=entry.serial_no,
        content=entry.content,
        remedy=entry.remedy,
        incident=entry.incident,
    )
    by = due_after(entry.received_at, limits(desk, known.unit.id).acknowledge)
    return Done(
        say("{number} received: acknowledge it by {at}.", number=number, at=by), (number,), ("complaints.acknowledge",)
    )


def _can_be_reached(reached: Mapping[str, str]) -> None:
    """Refuse a complaint that nobody could answer (R146).

    Raises:
        Refused: on the telephone.
    """
    if not any(reached.values()):
        sentence = say("Enter a telephone, an e-mail or an address: the customer must be told what became of it.")
        raise Refused(sentence, field="telephone")


def _open_sheet(desk: Desk, known: Known, *, received_at: datetime, **columns: Any) -> str:
    """Write the sheet with its first handling, its clocks and its search words; gives the number."""
    from servicedesk.store import search, tables
    from servicedesk.store.complaints import COMPLAINTS as REGISTER

    unit = known.unit
    number = desk.number(unit, COMPLAINT)
    key = desk.store.add(
        tables.Complaint,
        number=number,
        unit_id=unit.id,
        state=RECEIVED,
        received_at=received_at,
        entered_at=desk.now,
        received_by=desk.actor.id,
        changed_by=desk.actor.name,
        changed_at=desk.now,
        **columns,
    )
    desk.store.add(tables.ComplaintHandling, complaint_id=key, nth=1, begun_at=received_at)
    clocks.start_all(desk, key, 1, received_at, limits(desk, unit.id))
    row = REGISTER.by_id(desk.store, key)
    desk.store.change(tables.Complaint, key, **standing(row))
    search.write_complaint(desk.store, row)
    return number


@act("complaints.add", AddWords, book=COMPLAINTS)
def add(desk: Desk, rows: Sequence[ComplaintRow], entry: AddWords) -> Done:
    """What the customer says more goes to the complaint that is open, not on a further sheet."""
    row = rows[0]
    log(desk, row, "added", entry.words, how=entry.how, whom=row.contact or row.customer_name)
    change(desk, row)
    return Done(say("{number}: the customer's words are added.", number=row.number), numbers(rows))


@act("complaints.acknowledge", Acknowledge, book=COMPLAINTS, prepare=told_now)
def acknowledge(desk: Desk, rows: Sequence[ComplaintRow], entry: Acknowledge) -> Done:
    """The customer knows that the complaint is received: K8 stops; an attempt that was to come is made."""
    row = rows[0]
    in_time(desk, row, "acknowledged_at", entry.acknowledged_at)
    clocks.stop(desk, row, ACKNOWLEDGE, entry.acknowledged_at, "complaints.acknowledge")
    log(desk, row, "acknowledged", "", how=entry.how, whom=entry.whom)
    change(
        desk,
        row,
        acknowledged_at=entry.acknowledged_at,
        acknowledged_by=desk.actor.id,
        acknowledged_how=entry.how,
        next_at=None,
        state=ACKNOWLEDGED if row.state == RECEIVED else row.state,
    )
    return Done(say("{number} acknowledged.", number=row.number), numbers(rows), ("complaints.assess",))


@act("complaints.correct", Correct, book=COMPLAINTS, prepare=as_it_stands)
def correct(desk: Desk, rows: Sequence[ComplaintRow], entry: Correct) -> Done:
    """Correct the head of the sheet; what stood there before is kept (D32)."""
    row, known = rows[0], desk.known
    changed = {
        name: value
        for name, value in entry.model_dump().items()
        if (value or name in known.emptied) and value != getattr(row, name)
    }
    linked = _linked(row, known)
    if not changed and not linked:
        raise Refused(say("Nothing was changed."))
    _can_be_reached({name: changed.get(name, getattr(row, name)) for name in PRIVATE})
    for name, value in changed.items():
        log(desk, row, "correction", "", how=name, whom=f"{getattr(row, name)}{BECAME}{value}")
    change(desk, row, **changed, **linked)
    return Done(say("{number} corrected.", number=row.number), numbers(rows))


def _linked(row: ComplaintRow, known: Corrected) -> dict[str, Any]:
    """The customer and the product that were named anew; a product that is none of the customer's links nothing."""
    customer, product = known.customer, known.product
    linked: dict[str, Any] = {}
    if customer is not None and customer.id != row.customer_id:
        linked["customer_id"] = customer.id
    if product is not None and product.id != row.product_id:
        linked |= {"product_id": product.id, "voucher_id": product.voucher_id, "product_name": product.name}
    return linked


@act("complaints.contact", Contact, book=COMPLAINTS, prepare=try_again)
def contact(desk: Desk, rows: Sequence[ComplaintRow], entry: Contact) -> Done:
    """Write down the attempt; the next one is the promise that the queue goes by."""
    row = rows[0]
    if entry.outcome == REACHED and not entry.words:
        raise Refused(say("{field} is required.", field=Sentence(label("What was said"))), field="words")
    if entry.next_at is not None and entry.next_at <= desk.now:
        raise Refused(say("{at} has passed: enter when it is tried again.", at=entry.next_at), field="next_at")
    kind = "contact" if entry.outcome == REACHED else entry.outcome
    log(desk, row, kind, entry.words, how=entry.how, whom=entry.whom)
    change(desk, row, next_at=entry.next_at)
    if entry.next_at is None:
        return Done(say("{number}: contact written.", number=row.number), numbers(rows))
    said = say("{number}: contact written, next attempt {at}.", number=row.number, at=entry.next_at)
    return Done(said, numbers(rows))


@act("complaints.take", Nothing, book=COMPLAINTS)
def take(desk: Desk, rows: Sequence[ComplaintRow], entry: Nothing) -> Done:
    """Take a complaint in hand, so that no other takes it meanwhile."""
    row = rows[0]
    if row.taken_at is not None and row.taken_by != desk.actor.login and desk.now < row.taken_at + TAKEN_FOR:
        raise Refused(
            say(
                "{name} took {number} at {at}: you may take it from {free}.",
                name=row.taken_by_name,
                number=row.number,
                at=row.taken_at,
                free=row.taken_at + TAKEN_FOR,
            )
        )
    change(desk, row, taken_by=desk.actor.id, taken_at=desk.now)
    return Done(say("{number} is in your hands.", number=row.number), numbers(rows))


@act("complaints.reveal", Nothing, book=COMPLAINTS)
def reveal(desk: Desk, rows: Sequence[ComplaintRow], entry: Nothing) -> Done:
    """Telephone, e-mail and address in full for who does not see them; that it was asked is logged (§1.7)."""
    row = rows[0]
    shown = tuple(getattr(row, name) for name in PRIVATE if getattr(row, name))
    return Done(say("{customer}: {contact}", customer=row.customer_name, contact=shown), numbers(rows))
