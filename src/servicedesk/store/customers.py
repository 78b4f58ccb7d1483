"""Customers as they are read: found by any fragment, with products, vouchers, contracts and the whole file pocket.

A customer that was merged is found as its survivor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, or_, select, text

from servicedesk.domain.calls import OPEN
from servicedesk.domain.customers import (
    AddressRow,
    ContactRow,
    ContractRow,
    Cover,
    CustomerRow,
    Pocket,
    PocketCall,
    ProductRow,
)
from servicedesk.store import finding, tables
from servicedesk.store.session import Reading, portions, table_of

C = table_of(tables.Customer)
T = table_of(tables.Telephone)
CONTACTS = table_of(tables.Contact)
ADDRESSES = table_of(tables.Address)
P = table_of(tables.Product)
V = table_of(tables.Voucher)
CONTRACTS = table_of(tables.Contract)
CALLS = table_of(tables.Call)
UNITS = table_of(tables.Unit)
STAFF = table_of(tables.Staff)
DISTRICTS = table_of(tables.District)
SURVIVOR = C.alias("survivor")

# Literal as in the index of open calls, else SQLite would not use that.
_OPEN_CALL = text("calls.state NOT IN ('struck_off', 'cancelled') AND calls.further = 0")


_PRODUCT_COUNT = select(func.count()).where(P.c.customer_id == C.c.id).correlate(C).scalar_subquery()
_OPEN_COUNT = (
    select(func.count())
    .where(CALLS.c.customer_id == C.c.id, CALLS.c.state.in_(sorted(OPEN)))
    .correlate(C)
    .scalar_subquery()
)
_CUSTOMER = select(
    C.c.id,
    C.c.number,
    C.c.version,
    C.c.name,
    C.c.kind,
    C.c.language,
    C.c.email,
    C.c.remarks,
    C.c.note,
    func.coalesce(SURVIVOR.c.number, "").label("merged_into"),
    _PRODUCT_COUNT.label("products"),
    _OPEN_COUNT.label("open_calls"),
    C.c.changed_by,
    C.c.changed_at,
).outerjoin(SURVIVOR, SURVIVOR.c.id == C.c.merged_into_id)
_SPECIAL_HANDLING = select(C.c.note).where(C.c.number == bindparam("number"))
_ONE = _CUSTOMER.where(C.c.number == bindparam("number"))
_NUMBERED = _CUSTOMER.where(C.c.number.in_(bindparam("numbers", expanding=True)))
_THESE = _CUSTOMER.where(C.c.id.in_(bindparam("ids", expanding=True)))
_TELEPHONES = (
    select(T.c.customer_id, T.c.digits).where(T.c.customer_id.in_(bindparam("ids", expanding=True))).order_by(T.c.id)
)
_CONTACTS = (
    select(CONTACTS.c.customer_id, CONTACTS.c.name, CONTACTS.c.telephone)
    .where(CONTACTS.c.customer_id.in_(bindparam("ids", expanding=True)))
    .order_by(CONTACTS.c.id)
)
_ADDRESSES = (
    select(
        ADDRESSES.c.customer_id,
        ADDRESSES.c.address,
        ADDRESSES.c.district,
        func.coalesce(DISTRICTS.c.zone, "").label("zone"),
    )
    .outerjoin(DISTRICTS, DISTRICTS.c.name == ADDRESSES.c.district)
    .where(ADDRESSES.c.customer_id.in_(bindparam("ids", expanding=True)))
    .order_by(ADDRESSES.c.id)
)

_OPEN_NUMBER = select(CALLS.c.number).where(CALLS.c.product_id == P.c.id, _OPEN_CALL).correlate(P).scalar_subquery()
_PRODUCT = (
    select(
        P.c.id,
        P.c.version,
        P.c.customer_id,
        C.c.number.label("customer"),
        C.c.name.label("customer_name"),
        P.c.name,
        P.c.model_no,
        P.c.serial_no,
        P.c.bought_on,
        P.c.bought_from,
        P.c.warranty_until,
        func.coalesce(V.c.number, "").label("voucher"),
        V.c.id.label("voucher_id"),
        func.coalesce(V.c.holder, "").label("holder"),
        func.coalesce(STAFF.c.name, "").label("holder_name"),
        func.coalesce(_OPEN_NUMBER, "").label("open_call"),
        func.coalesce(UNITS.c.code, "").label("unit"),
        P.c.changed_by,
        P.c.changed_at,
    )
    .join(C, C.c.id == P.c.customer_id)
    .outerjoin(V, V.c.product_id == P.c.id)
    .outerjoin(UNITS, UNITS.c.id == V.c.unit_id)
    .outerjoin(STAFF, STAFF.c.id == V.c.holder_id)
)
_PRODUCTS = _PRODUCT.where(P.c.customer_id == bindparam("customer_id")).order_by(P.c.id)
_NEWEST_PRODUCTS = (
    _PRODUCT.where(P.c.customer_id == bindparam("customer_id")).order_by(P.c.id.desc()).limit(bindparam("most"))
)
_PRODUCT_ONE = _PRODUCT.where(P.c.id == bindparam("product_id"))
_PRODUCT_OF_VOUCHER = _PRODUCT.where(V.c.number == bindparam("voucher"))
_PRODUCTS_OF_SERIAL = _PRODUCT.where(P.c.serial_no == bindparam("serial")).order_by(P.c.id)

_CONTRACT = (
    select(
        CONTRACTS.c.id,
        CONTRACTS.c.number,
        CONTRACTS.c.version,
        C.c.number.label("customer"),
        CONTRACTS.c.product_id,
        func.coalesce(V.c.number, "").label("voucher"),
        CONTRACTS.c.starts_on,
        CONTRACTS.c.ends_on,
        CONTRACTS.c.covers_parts,
        CONTRACTS.c.covers_labour,
        CONTRACTS.c.covers,
        CONTRACTS.c.fee,
        CONTRACTS.c.currency,
    )
    .join(C, C.c.id == CONTRACTS.c.customer_id)
    .outerjoin(V, V.c.product_id == CONTRACTS.c.product_id)
)
_CONTRACTS = _CONTRACT.where(CONTRACTS.c.customer_id == bindparam("customer_id")).order_by(CONTRACTS.c.ends_on.desc())
_CONTRACT_ONE = _CONTRACT.where(CONTRACTS.c.number == bindparam("number"))
# A contract for this very product before one for all of the customer's.
_IN_FORCE = (
    _CONTRACT.where(
        CONTRACTS.c.customer_id == bindparam("customer_id"),
        or_(CONTRACTS.c.product_id.is_(None), CONTRACTS.c.product_id == bindparam("product_id")),
        CONTRACTS.c.starts_on <= bindparam("day"),
        CONTRACTS.c.ends_on >= bindparam("day"),
    )
    .order_by(CONTRACTS.c.product_id.is_(None), CONTRACTS.c.ends_on.desc())
    .limit(1)
)
_CALLS = (
    select(
        CALLS.c.number,
        CALLS.c.called_at,
        CALLS.c.state,
        CALLS.c.service_type,
        CALLS.c.product_name,
        CALLS.c.model_no,
        V.c.number.label("voucher"),
        CALLS.c.symptom,
        func.coalesce(STAFF.c.name, "").label("technician_name"),
        CALLS.c.finished_at,
    )
    .join(V, V.c.id == CALLS.c.voucher_id)
    .outerjoin(STAFF, STAFF.c.id == CALLS.c.technician_id)
    .where(CALLS.c.customer_id == bindparam("customer_id"))
    .order_by(CALLS.c.id.desc())
    .limit(50)
)


def find(reading: Reading, typed: str, limit: int = 9) -> list[CustomerRow]:
    """Customers by any fragment: number, telephone (first or last digits), serial or voucher number, name, pinyin.

    Whole numbers come first; words inside names and addresses are looked for last, newest customers first.
    """
    return _these(reading, finding.keys(reading, typed, limit))


def likely_duplicates(reading: Reading, name: str, telephone: str, address: str, limit: int = 9) -> list[CustomerRow]:
    """Customers with the same telephone or the same address; the same name counts where it is no person's (R116).

    Those alike in more ways come first. `telephone` is in normal form; several may be joined by spaces.
    """
    return _these(reading, finding.alike(reading, name, telephone, address, limit))


def one(reading: Reading, number: str) -> CustomerRow | None:
    """A customer by its number, also one that was merged away."""
    row = reading.one(_ONE, number=number)
    return None if row is None else _rows(reading, [row])[0]


def by_numbers(reading: Reading, numbers: Iterable[str]) -> dict[str, CustomerRow]:
    """Customers by their numbers, also merged ones; for whole files, so read in portions."""
    found: dict[str, CustomerRow] = {}
    for portion in portions(dict.fromkeys(numbers)):
        rows = _rows(reading, reading.all(_NUMBERED, numbers=portion))
        found.update((row.number, row) for row in rows)
    return found


def products(reading: Reading, customer_id: int) -> list[ProductRow]:
    """A customer's products in the order they were entered."""
    return [_product(row) for row in reading.all(_PRODUCTS, customer_id=customer_id)]


def newest_products(reading: Reading, customer_id: int, most: int) -> list[ProductRow]:
    """A customer's products, the one entered last first."""
    return [_product(row) for row in reading.all(_NEWEST_PRODUCTS, customer_id=customer_id, most=most)]


def special_handling(reading: Reading, number: str) -> str:
    """How this customer is to be treated (R165); empty where nothing is said of it."""
    return str(reading.value(_SPECIAL_HANDLING, number=number) or "") if number else ""


def product(reading: Reading, product_id: int) -> ProductRow | None:
    """A product by its key."""
    return _maybe_product(reading.one(_PRODUCT_ONE, product_id=product_id))


def product_by_voucher(reading: Reading, voucher: str) -> ProductRow | None:
    """The product of a voucher (D17)."""
    return _maybe_product(reading.one(_PRODUCT_OF_VOUCHER, voucher=voucher))


def products_by_serial(reading: Reading, serial: str) -> list[ProductRow]:
    """Products with exactly this serial number: more than one where it was entered twice."""
    return [_product(row) for row in reading.all(_PRODUCTS_OF_SERIAL, serial=serial)] if serial else []


def product_by_serial(reading: Reading, serial: str) -> ProductRow | None:
    """The one product with this serial number; None where there is none or more than one."""
    found = products_by_serial(reading, serial)
    return found[0] if len(found) == 1 else None


def contract(reading: Reading, number: str) -> ContractRow | None:
    """A contract by its number."""
    row = reading.one(_CONTRACT_ONE, number=number)
    return None if row is None else ContractRow(**row._mapping)


def contract_in_force(reading: Reading, product: ProductRow, day: date) -> ContractRow | None:
    """The contract that covers the product on this day (003 Art. 4-2); both its days belong to its term."""
    row = reading.one(_IN_FORCE, customer_id=product.customer_id, product_id=product.id, day=day)
    return None if row is None else ContractRow(**row._mapping)


def contracts(reading: Reading, customer_id: int) -> list[ContractRow]:
    """A customer's contracts, the one that ends last first."""
    return [ContractRow(**row._mapping) for row in reading.all(_CONTRACTS, customer_id=customer_id)]


def cover(reading: Reading, number: str) -> Cover | None:
    """Who a customer is; for one that was merged, the survivor."""
    customer = one(reading, number)
    if customer is not None and customer.merged_into:
        customer = one(reading, customer.merged_into)
    if customer is None:
        return None
    ids = [customer.id]
    return Cover(
        customer,
        tuple(customer.telephones.split()),
        tuple(ContactRow(row.name, row.telephone) for row in reading.all(_CONTACTS, ids=ids)),
        tuple(AddressRow(row.address, row.district, row.zone) for row in reading.all(_ADDRESSES, ids=ids)),
        tuple(contracts(reading, customer.id)),
    )


def pocket(reading: Reading, number: str) -> Pocket | None:
    """The file pocket of a customer; for one that was merged, its survivor's. The 50 newest calls."""
    found = cover(reading, number)
    if found is None:
        return None
    return Pocket(
        found.customer,
        found.telephones,
        found.contacts,
        found.addresses,
        tuple(products(reading, found.customer.id)),
        found.contracts,
        tuple(PocketCall(**row._mapping) for row in reading.all(_CALLS, customer_id=found.customer.id)),
    )


def _these(reading: Reading, ids: list[int]) -> list[CustomerRow]:
    """The customers of these keys in this order."""
    if not ids:
        return []
    by_key = {row.id: row for row in _rows(reading, reading.all(_THESE, ids=ids))}
    return [by_key[key] for key in ids]


def _rows(reading: Reading, found: Sequence[Any]) -> list[CustomerRow]:
    ids = [row.id for row in found]
    digits, people = _grouped(reading.all(_TELEPHONES, ids=ids)), _grouped(reading.all(_CONTACTS, ids=ids))
    places = _grouped(reading.all(_ADDRESSES, ids=ids))
    return [
        CustomerRow(
            **row._mapping,
            telephones=" ".join(telephone.digits for telephone in digits.get(row.id, ())),
            contacts=tuple(contact.name for contact in people.get(row.id, ())),
            address=places[row.id][0].address if row.id in places else "",
            district=places[row.id][0].district if row.id in places else "",
        )
        for row in found
    ]


def _grouped(rows: Sequence[Any]) -> Mapping[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.customer_id, []).append(row)
    return groups


def _product(row: Any) -> ProductRow:
    return ProductRow(**row._mapping)


def _maybe_product(row: Any) -> ProductRow | None:
    return None if row is None else _product(row)
