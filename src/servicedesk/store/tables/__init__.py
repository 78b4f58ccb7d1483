"""The tables. Constraints here are the last guard; entry models validate before them."""

from sqlmodel import SQLModel

from servicedesk.store.tables.books import Audit, AuditDetail, Book, Counter, Place, Presence, Request, SavedView
from servicedesk.store.tables.calls import Call, Correction, FeeLine, PartUsed, Telling, Urge, Visit, VoucherEntry
from servicedesk.store.tables.customers import Address, Contact, Contract, Customer, Product, Telephone, Voucher
from servicedesk.store.tables.people import (
    Absence,
    CalendarDay,
    District,
    Shift,
    Staff,
    StaffRole,
    StandIn,
    Unit,
    Window,
)

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "Absence",
    "Address",
    "Audit",
    "AuditDetail",
    "Book",
    "CalendarDay",
    "Call",
    "Contact",
    "Contract",
    "Correction",
    "Counter",
    "Customer",
    "District",
    "FeeLine",
    "PartUsed",
    "Place",
    "Presence",
    "Product",
    "Request",
    "SavedView",
    "Shift",
    "Staff",
    "StaffRole",
    "StandIn",
    "Telephone",
    "Telling",
    "Unit",
    "Urge",
    "Visit",
    "Voucher",
    "VoucherEntry",
    "Window",
]
