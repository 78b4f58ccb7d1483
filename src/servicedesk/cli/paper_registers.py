"""The registers of goods, cards, complaints, parts, money, custody and the day's end as `list` shows them."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from servicedesk.cli.cells import Cell, Column, day, moment, money, named, text
from servicedesk.domain import (
    charges,
    complaints,
    custody,
    goods,
    parts,
    printing,
    register_days,
    repair_cards,
    reports,
)
from servicedesk.domain.calls import Page
from servicedesk.domain.registers import Wanted, visible
from servicedesk.domain.rights import Actor
from servicedesk.domain.words import Refused, label, say

if TYPE_CHECKING:
    from servicedesk.cli.common import Session
    from servicedesk.store.session import Reading

_PAGE = 500


class Listed(NamedTuple):
    """A register of the store, `module:NAME`, who sees it, the states of its papers, and its columns.

    The first time or day among the columns is the register's own date; `more` columns are told by `export` alone.
    `paper` are all of them as `export` tells them where the paper has another order than the list.
    """

    register: str
    sees: Mapping[str, str]
    states: Mapping[str, str]
    columns: Mapping[str, Cell]
    more: Mapping[str, Cell] = {}
    paper: Mapping[str, Cell] = {}

    def read(self, reading: Reading, actor: Actor, wanted: Wanted, limit: int, run: Session) -> list[Any]:
        """The rows that this person may see, page by page up to the limit.

        Raises:
            Refused: for posts that see nothing of it, or a view that it has not.
        """
        module, _, name = self.register.partition(":")
        register = getattr(importlib.import_module(f"servicedesk.store.{module}"), name)
        if wanted.view and wanted.view not in register.views:
            known = tuple(register.views)
            raise Refused(say("'{typed}' is not one of: {options}.", typed=wanted.view, options=known), field="view")
        shown = visible(actor, self.sees, wanted)
        if not shown:
            raise Refused(say("Your posts do not show this register."), kind="rights")
        if wanted.urgent and "urgent" not in register.table.c:
            raise Refused(say("This register has no urgent order."), field="urgent")
        found: list[Any] = []
        place = Page(limit=min(limit + 1, _PAGE))
        while True:
            rows = register.page(reading, shown, place, run.now())
            found += rows
            if len(found) > limit:
                run.say(say("There are more than these {count}: --limit gives more.", count=limit))
            if len(rows) < place.limit or len(found) > limit:
                return found[:limit]
            place = place._replace(after=wanted.key_of(rows[-1]))


_REPORT: Mapping[str, Column] = {
    label("Number"): text("number"),
    label("Day"): day("day"),
    label("Unit"): text("unit"),
    label("Technician"): text("technician_name"),
    label("Shift"): text("hours"),
    label("A jobs"): text("jobs_a"),
    label("A min"): text("minutes_a"),
    label("B jobs"): text("jobs_b"),
    label("B min"): text("minutes_b"),
    label("C jobs"): text("jobs_c"),
    label("C min"): text("minutes_c"),
    label("D min"): text("minutes_d"),
    label("On the way"): text("travel"),
    label("Fee"): money("fee"),
    label("Marks"): text("marks"),
    label("State"): named("state", reports.STATES),
    label("Remarks"): text("remarks"),
    label("Submitted"): moment("submitted_at"),
    label("Reviewed"): moment("reviewed_at"),
    label("Reviewed by"): text("reviewed_by_name"),
    label("The supervisor's remark"): text("review_remark"),
}
"""The technician daily work report (forms §3.6)."""
_SUPERVISOR_REPORT: Mapping[str, Column] = {
    label("Number"): text("number"),
    label("Day"): day("day"),
    label("Unit"): text("unit"),
    label("Service supervisor"): text("compiled_by_name"),
    label("Calls logged"): text("calls"),
    label("Calls dispatched"): text("dispatched"),
    label("Undispatched, first tomorrow"): text("undispatched"),
    label("Late arrivals, urban"): text("late_urban"),
    label("Late arrivals, suburban"): text("late_suburban"),
    label("Done on site"): text("done_on_site"),
    label("Carried back for repair"): text("carried_back"),
    label("In the shop"): text("in_shop"),
    label("Cards past their promise"): text("overdue"),
    label("Assistance asked for"): text("assistance"),
    label("Complaints received"): text("complaints"),
    label("Fees charged"): money("fees"),
    label("Invoices issued"): text("invoices"),
    label("State"): named("state", reports.STATES),
    label("Remarks"): text("remarks"),
    label("Compiled"): moment("compiled_at"),
    label("Signed"): moment("signed_at"),
    label("Signed by"): text("signed_by_name"),
    label("Signed by the manager"): moment("manager_signed_at"),
    label("Manager"): text("manager_signed_by_name"),
    label("Forwarded"): moment("forwarded_at"),
    label("Forwarded by"): text("forwarded_by_name"),
    label("Received and read"): moment("received_at"),
    label("Received and read by"): text("received_by_name"),
}
"""The day block of the supervisor daily report, and who has signed it (forms §3.7)."""
_DAY: Mapping[str, Column] = {
    label("Number"): text("number"),
    label("Day"): day("day"),
    label("Unit"): text("unit"),
    label("Calls on the page"): text("calls"),
    label("Differences found"): text("differences"),
    label("Not explained"): text("unexplained"),
    label("Carried over"): text("carried_over"),
    label("State"): named("state", register_days.STATES),
    label("Reconciled"): moment("reconciled_at"),
    label("Reconciled by"): text("reconciled_by_name"),
    label("Page closed"): moment("closed_at"),
    label("Page closed by"): text("closed_by_name"),
    label("Transmitted"): moment("transmitted_at"),
    label("Transmitted by"): text("transmitted_by_name"),
    label("Received"): moment("received_at"),
    label("Received by"): text("received_by_name"),
    label("Head of the audit log"): text("audit_head"),
}
"""The register day as its closing sheet tells it, and who has sent and received its page (003 Art. 15, 20)."""


def _signed(*steps: str) -> Iterator[str]:
    return (f"{step}_{what}" for step in steps for what in ("at", "by_name"))


def _of_a_day(
    register: str,
    sees: Mapping[str, str],
    states: Sequence[str],
    paper: Mapping[str, Column],
    unlisted: Collection[str],
) -> Listed:
    """A register of papers of a day: the list leaves some of the paper's fields out."""
    known = {**reports.STATES, **register_days.STATES}
    shown = {heading: cell for heading, cell in paper.items() if cell.name not in unlisted}
    return Listed(register, sees, {state: known[state] for state in states}, shown, paper=paper)


PAPERS: Mapping[str, Listed] = {
    "cards": Listed(
        "repair_cards:CARDS",
        repair_cards.SEES_CARDS,
        repair_cards.STATES,
        {
            label("Number"): text("number"),
            label("Goods in"): moment("came_in_at"),
            label("State"): named("state", repair_cards.STATES),
            label("Promised"): moment("promised_at"),
            label("Customer"): text("customer_name"),
            label("Model"): text("model_no"),
            label("Symptom"): text("symptom"),
            label("Type"): text("service_type"),
            label("Technician"): text("technician_name"),
            label("Minutes"): text("minutes"),
            label("Call-in no."): text("call"),
        },
        {
            label("Telephone"): text("telephone"),
            label("Address"): text("address"),
            label("Product"): text("product_name"),
            label("Serial no."): text("serial_no"),
            label("Accessories"): text("accessories"),
            label("Goods line"): text("goods"),
            label("Voucher"): text("voucher"),
            label("Finished"): moment("finished_at"),
            label("Passed"): moment("passed_at"),
            label("Returned"): moment("returned_at"),
            label("Remarks"): text("remarks"),
        },
    ),
    "goods": Listed(
        "goods:GOODS",
        goods.SEES_GOODS,
        goods.STATES,
        {
            label("Number"): text("number"),
            label("Goods in"): moment("came_in_at"),
            label("State"): named("state", goods.STATES),
            label("Receipt"): text("receipt"),
            label("Voucher"): text("voucher"),
            label("Customer"): text("customer_name"),
            label("Model"): text("model_no"),
            label("Serial no."): text("serial_no"),
            label("Repair card"): text("card"),
            label("Promised"): moment("promised_at"),
            label("Passed"): moment("passed_at"),
            label("Returned"): moment("returned_at"),
        },
        {
            label("Call-in no."): text("call"),
            label("Product"): text("product_name"),
            label("Accessories"): text("accessories"),
            label("Technician"): text("technician_name"),
            label("Sent out"): moment("sent_out_at"),
            label("Back"): moment("back_at"),
            label("Remarks"): text("remarks"),
        },
    ),
    "receipts": Listed(
        "goods:RECEIPTS",
        goods.SEES_GOODS,
        goods.STATES,
        {
            label("Number"): text("number"),
            label("Date"): moment("issued_at"),
            label("State"): named("state", goods.STATES),
            label("Customer"): text("customer_name"),
            label("Model"): text("model_no"),
            label("Technician"): text("technician_name"),
            label("Promised return"): moment("promised_at"),
            label("Goods line"): text("goods"),
        },
        {
            label("Telephone"): text("telephone"),
            label("Address"): text("address"),
            label("Call-in no."): text("call"),
            label("Voucher"): text("voucher"),
            label("Product"): text("product_name"),
            label("Serial no."): text("serial_no"),
            label("Symptom"): text("symptom"),
            label("Accessories"): text("accessories"),
            label("Condition"): text("condition"),
        },
    ),
    "complaints": Listed(
        "complaints:COMPLAINTS",
        complaints.SEES_COMPLAINTS,
        complaints.STATES,
        {
            label("Number"): text("number"),
            label("Received at"): moment("received_at"),
            label("State"): named("state", complaints.STATES),
            label("Gravity"): named("gravity", complaints.GRAVITIES),
            label("Due"): moment("due_at"),
            label("Customer"): text("customer_name"),
            label("Channel"): named("channel", complaints.CHANNELS),
            label("Model"): text("model_no"),
            label("Complaint"): text("content"),
            label("Owner"): text("owner_name"),
            label("Site handler"): text("handler_name"),
            label("Incident"): text("incident"),
        },
    ),
    "charges": Listed(
        "charges:CHARGES",
        charges.SEES_CHARGES,
        charges.STATES,
        {
            label("Number"): text("number"),
            label("Done at"): moment("done_at"),
            label("State"): named("state", charges.STATES),
            label("Amount"): money("amount"),
            label("Customer"): text("customer_name"),
            label("Technician"): text("technician_name"),
            label("Invoice no."): text("invoice_no"),
        },
        {
            label("Telephone"): text("telephone"),
            label("Address"): text("address"),
            label("Type"): text("service_type"),
            label("Collected"): moment("collected_at"),
            label("Invoice title"): text("invoice_title"),
            label("Settled"): moment("settled_at"),
            label("Reason"): text("reason"),
        },
    ),
    "parts": Listed(
        "parts:PARTS",
        parts.SEES_PARTS,
        {},
        {
            label("Number"): text("number"),
            label("Part name"): text("name"),
            label("Unit"): text("unit"),
            label("In stock"): text("quantity"),
            label("At least"): text("minimum"),
            label("On order"): text("on_order"),
            label("Price"): money("price"),
        },
    ),
    "requisitions": Listed(
        "parts:REQUISITIONS",
        parts.SEES_PARTS,
        parts.STATES,
        {
            label("Number"): text("number"),
            label("Asked"): moment("asked_at"),
            label("State"): named("state", parts.STATES),
            label("Part no."): text("part"),
            label("Quantity"): text("quantity"),
            label("Repair card"): text("card"),
            label("Technician"): text("technician_name"),
        },
    ),
    "loans": Listed(
        "loans:LOAN_UNITS",
        parts.SEES_PARTS,
        {},
        {
            label("Number"): text("number"),
            label("Unit"): text("unit"),
            label("Product"): text("name"),
            label("Model"): text("model_no"),
            label("Lent at"): moment("lent_at"),
            label("Call-in no."): text("call"),
            label("Customer"): text("customer_name"),
        },
    ),
    "custody": Listed(
        "custody:HELD",
        custody.SEES_CUSTODY,
        custody.HOLDERS,
        {
            label("Number"): text("number"),
            label("Kind"): named("kind", custody.KINDS),
            label("Holder"): named("holder", custody.HOLDERS),
            label("Name"): text("holder_name"),
            label("Since"): moment("since"),
            label("What"): text("what"),
        },
    ),
    "job_sheets": Listed(
        "printing:JOB_SHEETS",
        printing.SEES_JOB_SHEETS,
        printing.STATES,
        {
            label("Number"): text("number"),
            label("Printed at"): moment("printed_at"),
            label("State"): named("state", printing.STATES),
            label("Technician"): text("technician_name"),
            label("Used for"): text("call_no"),
        },
    ),
    "reports": _of_a_day(
        "reports:REPORTS",
        reports.SEES_REPORTS,
        (reports.DRAFT, reports.SUBMITTED, reports.SENT_BACK, reports.REVIEWED, reports.KEPT),
        _REPORT,
        {"fee", "remarks", "submitted_at", "reviewed_at", "reviewed_by_name"},
    ),
    "supervisor_reports": _of_a_day(
        "reports:SUPERVISOR_REPORTS",
        reports.SEES_SUPERVISOR_REPORTS,
        (reports.COMPILED, reports.SIGNED, reports.MANAGER_SIGNED, reports.FORWARDED, reports.REPORT_RECEIVED),
        _SUPERVISOR_REPORT,
        {"fees", "remarks", *_signed("compiled", "signed", "manager_signed", "forwarded", "received")},
    ),
    "days": _of_a_day(
        "register_days:DAYS",
        register_days.SEES_DAYS,
        tuple(register_days.STATES),
        _DAY,
        {"audit_head", *_signed("reconciled", "closed", "transmitted", "received")},
    ),
}
