"""Customers and their file pocket: who may enter, correct and merge them (003 Art. 5; §1.7; D16, D17)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from servicedesk.domain.rights import (
    ADMINISTRATOR,
    AGENT,
    ALL,
    CLERK,
    CUSTOMER_DEPARTMENT,
    SERVICE_MANAGER,
    SUPERVISOR,
    Actor,
    Rule,
)
from servicedesk.domain.words import Sentence, label, say

KINDS: Mapping[str, str] = {"person": label("person"), "company": label("company")}

HOLDERS: Mapping[str, str] = {
    "file": label("in file"),
    "clerk": label("with the clerk"),
    "supervisor": label("with the supervisor"),
    "technician": label("with the technician"),
    "accountant": label("with the accountant"),
}
"""Who holds a voucher; exactly one at every moment (states §5.2)."""


LANGUAGES: Mapping[str, str] = {
    "en": label("English"),
    "zh_CN": label("Simplified Chinese"),
    "zh_TW": label("Traditional Chinese"),
}
"""In which the customer is written to; empty means the unit's own."""


class CustomerRow(NamedTuple):
    """One customer as lookups and the file pocket show it; telephones as digits, joined by spaces.

    `address` and `district` are the first ones; `merged_into` is the survivor's number.
    """

    id: int
    number: str
    version: int
    name: str
    kind: str
    language: str
    email: str
    remarks: str
    note: str
    merged_into: str
    telephones: str
    contacts: tuple[str, ...]
    address: str
    district: str
    products: int
    open_calls: int
    changed_by: str
    changed_at: datetime | None

    unit: str = ""
    state: str = ""
    technician: str = ""


class ProductRow(NamedTuple):
    """One product of a customer with its standing voucher, who holds it, and the call that is open for it.

    `customer` is the customer's number; `unit` the code of the unit that keeps the voucher.
    """

    id: int
    version: int
    customer_id: int
    customer: str
    customer_name: str
    name: str
    model_no: str
    serial_no: str
    bought_on: date | None
    bought_from: str
    warranty_until: date | None
    voucher: str
    voucher_id: int | None
    holder: str
    holder_name: str
    open_call: str
    unit: str
    changed_by: str
    changed_at: datetime | None

    state: str = ""
    technician: str = ""

    @property
    def number(self) -> str:
        """A product goes by its voucher's number: there is exactly one (D17)."""
        return self.voucher


class ContractRow(NamedTuple):
    """A maintenance contract; `voucher` names the one product it covers, empty for all of the customer's."""

    id: int
    number: str
    version: int
    customer: str
    product_id: int | None
    voucher: str
    starts_on: date
    ends_on: date
    covers_parts: bool
    covers_labour: bool
    covers: str
    fee: int
    currency: str


class AddressRow(NamedTuple):
    """A service address; the zone is that of its district, empty where the district is not known."""

    address: str
    district: str
    zone: str


class ContactRow(NamedTuple):
    """A contact person."""

    name: str
    telephone: str


class PocketCall(NamedTuple):
    """A call as the file pocket lists it."""

    number: str
    called_at: datetime
    state: str
    service_type: str
    product_name: str
    model_no: str
    voucher: str
    symptom: str
    technician_name: str
    finished_at: datetime | None


class Cover(NamedTuple):
    """What stands on the file pocket before its papers: who the customer is, how to be reached, the contracts."""

    customer: CustomerRow
    telephones: tuple[str, ...]
    contacts: tuple[ContactRow, ...]
    addresses: tuple[AddressRow, ...]
    contracts: tuple[ContractRow, ...]


class Pocket(NamedTuple):
    """The customer file pocket (003 Art. 5): everything that hangs on one customer, calls newest first."""

    customer: CustomerRow
    telephones: tuple[str, ...]
    contacts: tuple[ContactRow, ...]
    addresses: tuple[AddressRow, ...]
    products: tuple[ProductRow, ...]
    contracts: tuple[ContractRow, ...]
    calls: tuple[PocketCall, ...]


def customer_number(serial: int) -> str:
    """The number of a customer that the program gives: six digits, running through all units."""
    return f"{serial:06}"


def months_later(day: date, months: int) -> date:
    """Calendar months on, held to the last day of a shorter month: how a warranty in months ends."""
    import calendar

    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _not_merged(actor: Actor, row: CustomerRow) -> Sentence | None:
    if not row.merged_into:
        return None
    return say(
        "Customer {number} was merged into {survivor}: work on that one.", number=row.number, survivor=row.merged_into
    )


# Customers belong to no unit: whoever holds one of these posts may enter them.
_ENTER = {CLERK: ALL, SUPERVISOR: ALL, AGENT: ALL, CUSTOMER_DEPARTMENT: ALL, SERVICE_MANAGER: ALL}
_MERGE = {SUPERVISOR: ALL, CUSTOMER_DEPARTMENT: ALL, SERVICE_MANAGER: ALL}
_IMPORT = {ADMINISTRATOR: ALL}

RULES: Mapping[str, Rule] = {
    "customers.enter": Rule(label("Enter a customer"), _ENTER),
    "customers.correct": Rule(label("Correct a customer"), _ENTER, guards=(_not_merged,)),
    "customers.merge": Rule(label("Merge two customers"), _MERGE, guards=(_not_merged,)),
    "products.enter": Rule(label("Enter a customer's product"), _ENTER),
    "products.correct": Rule(label("Correct a product"), _ENTER),
    "contracts.enter": Rule(label("Enter a contract"), {CLERK: ALL, SUPERVISOR: ALL}),
    "customers.import": Rule(label("Import customers"), _IMPORT),
    "products.import": Rule(label("Import products"), _IMPORT),
    "districts.import": Rule(label("Import districts"), _IMPORT),
    "contracts.import": Rule(label("Import contracts"), _IMPORT),
}
