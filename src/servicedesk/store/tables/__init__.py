"""The tables. Constraints here are the last guard; entry models validate before them.

The tables of a register are declared when the first of them is asked for: a model takes some milliseconds to declare,
and an act needs few of them. Whoever needs all of them asks for `METADATA`.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlmodel import SQLModel

from servicedesk.store.columns import partial_on_both

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from servicedesk.store.tables.acts import Audit, AuditDetail, Counter, Request
    from servicedesk.store.tables.books import Book
    from servicedesk.store.tables.calls import Call, Correction, PartUsed, Telling, Urge, Visit, VoucherEntry
    from servicedesk.store.tables.complaints import (
        Complaint,
        ComplaintClock,
        ComplaintDepartment,
        ComplaintEscalation,
        ComplaintEvent,
        ComplaintEvidence,
        ComplaintHandling,
        ComplaintLimits,
        ComplaintPriority,
        EscalationStep,
        Letter,
    )
    from servicedesk.store.tables.customers import Address, Contact, Contract, Customer, Product, Telephone, Voucher
    from servicedesk.store.tables.desks import Place, Presence, SavedView
    from servicedesk.store.tables.duty import Absence, District, Shift
    from servicedesk.store.tables.money import Charge, ChargeLine, Credit, TariffLine
    from servicedesk.store.tables.people import CalendarDay, Staff, StaffRole, StandIn, Unit, Window
    from servicedesk.store.tables.printing import JobSheet, Print
    from servicedesk.store.tables.reports import (
        RegisterDay,
        RegisterDifference,
        RegisterPageLine,
        ReportLine,
        SupervisorReport,
        SupervisorReportLine,
        TechnicianReport,
    )
    from servicedesk.store.tables.stock import Part, Requisition, Stock, StockMove
    from servicedesk.store.tables.workshop import (
        Assistance,
        CardPart,
        Custody,
        Estimate,
        Goods,
        Loan,
        LoanUnit,
        Promise,
        Receipt,
        RepairCard,
        TimeLine,
    )

    METADATA: MetaData

__all__ = [
    "METADATA",
    "Absence",
    "Address",
    "Assistance",
    "Audit",
    "AuditDetail",
    "Book",
    "CalendarDay",
    "Call",
    "CardPart",
    "Charge",
    "ChargeLine",
    "Complaint",
    "ComplaintClock",
    "ComplaintDepartment",
    "ComplaintEscalation",
    "ComplaintEvent",
    "ComplaintEvidence",
    "ComplaintHandling",
    "ComplaintLimits",
    "ComplaintPriority",
    "Contact",
    "Contract",
    "Correction",
    "Counter",
    "Credit",
    "Custody",
    "Customer",
    "District",
    "EscalationStep",
    "Estimate",
    "Goods",
    "JobSheet",
    "Letter",
    "Loan",
    "LoanUnit",
    "Part",
    "PartUsed",
    "Place",
    "Presence",
    "Print",
    "Product",
    "Promise",
    "Receipt",
    "RegisterDay",
    "RegisterDifference",
    "RegisterPageLine",
    "RepairCard",
    "ReportLine",
    "Request",
    "Requisition",
    "SavedView",
    "Shift",
    "Staff",
    "StaffRole",
    "StandIn",
    "Stock",
    "StockMove",
    "SupervisorReport",
    "SupervisorReportLine",
    "TariffLine",
    "TechnicianReport",
    "Telephone",
    "Telling",
    "TimeLine",
    "Unit",
    "Urge",
    "Visit",
    "Voucher",
    "VoucherEntry",
    "Window",
]

_MODULES: Mapping[str, tuple[str, ...]] = {
    "acts": ("Audit", "AuditDetail", "Counter", "Request"),
    "books": ("Book",),
    "calls": ("Call", "Correction", "PartUsed", "Telling", "Urge", "Visit", "VoucherEntry"),
    "complaints": (
        "Complaint",
        "ComplaintClock",
        "ComplaintDepartment",
        "ComplaintEscalation",
        "ComplaintEvent",
        "ComplaintEvidence",
        "ComplaintHandling",
        "ComplaintLimits",
        "ComplaintPriority",
        "EscalationStep",
        "Letter",
    ),
    "customers": ("Address", "Contact", "Contract", "Customer", "Product", "Telephone", "Voucher"),
    "desks": ("Place", "Presence", "SavedView"),
    "duty": ("Absence", "District", "Shift"),
    "money": ("Charge", "ChargeLine", "Credit", "TariffLine"),
    "people": ("CalendarDay", "Staff", "StaffRole", "StandIn", "Unit", "Window"),
    "printing": ("JobSheet", "Print"),
    "reports": (
        "RegisterDay",
        "RegisterDifference",
        "RegisterPageLine",
        "ReportLine",
        "SupervisorReport",
        "SupervisorReportLine",
        "TechnicianReport",
    ),
    "stock": ("Part", "Requisition", "Stock", "StockMove"),
    "workshop": (
        "Assistance",
        "CardPart",
        "Custody",
        "Estimate",
        "Goods",
        "Loan",
        "LoanUnit",
        "Promise",
        "Receipt",
        "RepairCard",
        "TimeLine",
    ),
}
"""What each module beneath this package declares."""

_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """A table, its register declared now if it was not before; `METADATA` holds all of them."""
    if name == "METADATA":
        for module in _MODULES:
            importlib.import_module(f"{__name__}.{module}")
        partial_on_both(SQLModel.metadata)
        return SQLModel.metadata
    if name not in _HOMES:
        raise AttributeError(name)
    found = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found  # so that it is asked for here only once
    return found
