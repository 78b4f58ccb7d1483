"""The registers of goods, cards, complaints, parts, money and custody as `list` shows them: one declaration each."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from servicedesk.cli.cells import Cell, moment, money, named, text
from servicedesk.domain import charges, complaints, custody, goods, parts, printing, repair_cards
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

    The first time among the columns is the register's own date; `more` columns are told by `export` alone.
    """

    register: str
    sees: Mapping[str, str]
    states: Mapping[str, str]
    columns: Mapping[str, Cell]
    more: Mapping[str, Cell] = {}

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
}
