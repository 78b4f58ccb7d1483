"""Customers' products with their standing vouchers, and maintenance contracts (003 Art. 4-5; D17)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.desk import Book, Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.acts.lookups import resolved
from servicedesk.acts.pocket import check_purchase, open_product, open_voucher, serving_unit
from servicedesk.domain.customers import CustomerRow, ProductRow, months_later
from servicedesk.domain.words import Refused, Sentence, label, say

if TYPE_CHECKING:
    from servicedesk.store.session import Reading

_HELD = ("name", "model_no", "serial_no", "bought_on", "bought_from", "warranty_until")
_LONGEST_WARRANTY = 600


def _one(store: Reading, number: str) -> ProductRow | None:
    from servicedesk.store import customers

    return customers.product_by_voucher(store, number)


PRODUCTS = Book("products", _one)
"""Products go by the number of their voucher."""


class _OfCustomer(Entry):
    customer: Annotated[str, Ask(label("Customer"), "lookup", lookup="customers")]


class CorrectProduct(Entry):
    """The head of the service voucher (forms §3.2); the warranty ends on a day, or so many months after purchase."""

    name: Annotated[str, Ask(label("Product"), row=1)] = ""
    model_no: Annotated[str, Ask(label("Model"), row=1)]
    serial_no: Annotated[str, Ask(label("Serial number"))] = ""
    bought_on: Annotated[date | None, Ask(label("Bought on"), "day", row=2)] = None
    bought_from: Annotated[str, Ask(label("Bought from"), row=2)] = ""
    warranty_until: Annotated[date | None, Ask(label("Warranty until"), "day", row=3)] = None
    warranty_months: Annotated[int | None, Ask(label("or months"), "number", row=3)] = None


class EnterProduct(CorrectProduct, _OfCustomer):
    """The same after its customer."""


class EnterContract(Entry):
    """The maintenance contract (forms §3.8); without a product it covers all of the customer's."""

    number: Annotated[str, Ask(label("Contract number"), row=1)]
    customer: Annotated[str, Ask(label("Customer"), "lookup", lookup="customers", row=1)]
    product: Annotated[str, Ask(label("Product (empty: all)"), "lookup", lookup="products")] = ""
    starts_on: Annotated[date, Ask(label("From"), "day", row=2)]
    ends_on: Annotated[date, Ask(label("To"), "day", row=2)]
    covers_parts: Annotated[bool, Ask(label("Covers parts"), "flag", row=3)] = False
    covers_labour: Annotated[bool, Ask(label("Covers labour"), "flag", row=3)] = True
    covers: Annotated[str, Ask(label("Covers"), "long")] = ""
    fee: Annotated[int, Ask(label("Fee"), "money")] = 0


def _prepare_enter(look: Look, rows: Sequence[Any], values: Mapping[str, Any]) -> Prepared:
    """Find the customer, reckon the end of the warranty, and say where the serial number stands already."""
    customer = resolved(look, "customers", "customer", str(values.get("customer", "")), values)
    return Prepared(
        derived=_warranty(values),
        rewritten={"customer": customer} if customer else {},
        notes=_serial_notes(look, values, ""),
    )


def _prepare_correct(look: Look, rows: Sequence[ProductRow], values: Mapping[str, Any]) -> Prepared:
    """Fill in what the voucher says."""
    (row,) = rows
    held = {name: getattr(row, name) for name in _HELD if getattr(row, name)}
    if "warranty_until" not in values and "warranty_months" in values:
        held |= _warranty({**held, **values, "warranty_until": None})
    return Prepared(derived=held, notes=_serial_notes(look, values, row.voucher))


def _warranty(values: Mapping[str, Any]) -> dict[str, Any]:
    months = values.get("warranty_months")
    if not months or values.get("warranty_until"):
        return {}
    if not 0 < months <= _LONGEST_WARRANTY:
        raise Refused(
            say("A warranty has 1 to {longest} months.", longest=_LONGEST_WARRANTY),
            field="warranty_months",
            kind="field",
        )
    if not values.get("bought_on"):
        raise Refused(
            say("A warranty in months needs the date of purchase: give it, or leave the months empty."),
            field="bought_on",
            kind="field",
        )
    return {"warranty_until": months_later(values["bought_on"], months)}


def _serial_notes(look: Look, values: Mapping[str, Any], voucher: str) -> tuple[Sentence, ...]:
    from servicedesk.store import customers

    found = customers.products_by_serial(look.store, str(values.get("serial_no", "")))
    return tuple(
        say(
            "The serial number {serial} stands on voucher {voucher} of {customer} {name} already.",
            serial=row.serial_no,
            voucher=row.voucher,
            customer=row.customer,
            name=row.customer_name,
        )
        for row in found
        if row.voucher != voucher
    )


@act("products.enter", EnterProduct, prepare=_prepare_enter)
def enter_product(desk: Desk, rows: Sequence[Any], entry: EnterProduct) -> Done:
    """Put a product into the customer's pocket, with its standing voucher (003 Art. 5, D17)."""
    customer = _customer(desk, entry.customer)
    check_purchase(desk, entry.bought_on, entry.warranty_until)
    product = open_product(
        desk,
        customer.id,
        entry.model_no,
        entry.name,
        entry.serial_no,
        entry.bought_on,
        entry.bought_from,
        entry.warranty_until,
    )
    voucher = open_voucher(desk, serving_unit(desk, customer.district), product)
    desk.note(voucher.number, customer=customer.number)
    done = say(
        "Voucher {voucher} is opened for {model} of {name}.",
        voucher=voucher.number,
        model=entry.model_no,
        name=customer.name,
    )
    return Done(done, (voucher.number,), ("calls.log", "contracts.enter"))


@act("products.correct", CorrectProduct, book=PRODUCTS, prepare=_prepare_correct)
def correct_product(desk: Desk, rows: Sequence[ProductRow], entry: CorrectProduct) -> Done:
    """Write the head of the voucher anew; the audit line keeps what stood there before (D32)."""
    from servicedesk.store import tables

    (row,) = rows
    check_purchase(desk, entry.bought_on, entry.warranty_until)
    after = {name: getattr(entry, name) for name in _HELD}
    changed = {name: value for name, value in after.items() if value != getattr(row, name)}
    if not changed:
        raise Refused(say("Nothing is changed on voucher {number}.", number=row.voucher))
    desk.store.change_version(
        tables.Product, row.id, row.version, changed_by=desk.actor.name, changed_at=desk.now, **changed
    )
    desk.note(row.voucher, **{name: [getattr(row, name), value] for name, value in changed.items()})
    return Done(say("Voucher {number} is corrected.", number=row.voucher))


def _prepare_contract(look: Look, rows: Sequence[Any], values: Mapping[str, Any]) -> Prepared:
    """Find the customer and the product that are meant."""
    customer = resolved(look, "customers", "customer", str(values.get("customer", "")), values)
    chosen = {**values, "customer": customer}
    product = resolved(look, "products", "product", str(values.get("product", "")), chosen)
    found = {"customer": customer, "product": product}
    return Prepared(rewritten={name: value for name, value in found.items() if value})


@act("contracts.enter", EnterContract, prepare=_prepare_contract)
def enter_contract(desk: Desk, rows: Sequence[Any], entry: EnterContract) -> Done:
    """Enter a maintenance contract, for one product or all of the customer's (003 Art. 4-2)."""
    from servicedesk.store import customers, tables

    customer = _customer(desk, entry.customer)
    if customers.contract(desk.store, entry.number) is not None:
        raise Refused(say("Contract {number} is in the books already.", number=entry.number), field="number")
    if entry.ends_on < entry.starts_on:
        raise Refused(
            say("The contract ends on {end}, before it starts on {start}.", end=entry.ends_on, start=entry.starts_on),
            field="ends_on",
        )
    product = customers.product_by_voucher(desk.store, entry.product) if entry.product else None
    if entry.product and (product is None or product.customer_id != customer.id):
        raise Refused(
            say("Voucher {voucher} is not in the pocket of {name}.", voucher=entry.product, name=customer.name),
            field="product",
        )
    desk.store.add(
        tables.Contract,
        number=entry.number,
        customer_id=customer.id,
        product_id=None if product is None else product.id,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        covers_parts=entry.covers_parts,
        covers_labour=entry.covers_labour,
        covers=entry.covers,
        fee=entry.fee,
        currency=desk.currency,
    )
    done = say("Contract {number} of {name} is entered.", number=entry.number, name=customer.name)
    return Done(done, (entry.number,))


def _customer(desk: Desk, number: str) -> CustomerRow:
    """The customer of the entry.

    Raises:
        Refused: when it is not in the books, or was merged into another.
    """
    from servicedesk.store import customers

    row = customers.one(desk.store, number)
    if row is None or row.merged_into:
        raise Refused(say("There is no customer {number}.", number=number), field="customer")
    return row
