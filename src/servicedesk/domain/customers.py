"""Customers and their file pocket: who may enter, correct and merge them (003 Art. 5; §1.7; D16, D17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from servicedesk.domain.rights import (
    ADMINISTRATOR,
    AGENT,
    ALL,
    CLERK,
    CUSTOMER_DEPARTMENT,
    SERVICE_MANAGER,
    SUPERVISOR,
    Rule,
)
from servicedesk.domain.words import label

KINDS: Mapping[str, str] = {"person": label("person"), "company": label("company")}

HOLDERS: Mapping[str, str] = {
    "file": label("in file"),
    "clerk": label("with the clerk"),
    "supervisor": label("with the supervisor"),
    "technician": label("with the technician"),
    "accountant": label("with the accountant"),
}
"""Who holds a voucher; exactly one at every moment (states §5.2)."""


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer as lookups and the file pocket show it; telephones as digits, joined by spaces."""

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
    address: str
    district: str
    products: int
    open_calls: int

    unit: str = ""
    state: str = ""
    technician: str = ""


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product of a customer with its standing voucher and the contract that covers it, if any."""

    id: int
    version: int
    customer_id: int
    customer: str
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


# Customers belong to no unit: whoever holds one of these posts may enter them.
_ENTER = {CLERK: ALL, SUPERVISOR: ALL, AGENT: ALL, CUSTOMER_DEPARTMENT: ALL, SERVICE_MANAGER: ALL}
_MERGE = {SUPERVISOR: ALL, CUSTOMER_DEPARTMENT: ALL, SERVICE_MANAGER: ALL}
_IMPORT = {ADMINISTRATOR: ALL}

RULES: Mapping[str, Rule] = {
    "customers.enter": Rule(label("Enter a customer"), _ENTER),
    "customers.correct": Rule(label("Correct a customer"), _ENTER),
    "customers.merge": Rule(label("Merge two customers"), _MERGE),
    "products.enter": Rule(label("Enter a customer's product"), _ENTER),
    "products.correct": Rule(label("Correct a product"), _ENTER),
    "contracts.enter": Rule(label("Enter a contract"), _ENTER),
    "customers.import": Rule(label("Import customers"), _IMPORT),
    "products.import": Rule(label("Import products"), _IMPORT),
    "districts.import": Rule(label("Import districts"), _IMPORT),
    "contracts.import": Rule(label("Import contracts"), _IMPORT),
}
