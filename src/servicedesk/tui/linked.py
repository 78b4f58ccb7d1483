"""From one paper to the next: the call and the repair card that a row belongs to."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from servicedesk.domain.numbering import (
    CLOSING_SHEET,
    COMPLAINT,
    GOODS_LINE,
    RECEIPT,
    REPAIR_CARD,
    SUPERVISOR_REPORT,
    TECHNICIAN_REPORT,
    letter_of,
)
from servicedesk.domain.words import Refused, label, say
from servicedesk.tui.keys import Key
from servicedesk.tui.screen import DeskScreen

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.tui.app import ServiceDesk
    from servicedesk.tui.screens.paper import PaperScreen

PAPERS: Mapping[str, str] = {
    REPAIR_CARD: "repair_card:RepairCardScreen",
    GOODS_LINE: "goods:GoodsLineScreen",
    RECEIPT: "goods:ReceiptScreen",
    COMPLAINT: "complaint:ComplaintScreen",
    TECHNICIAN_REPORT: "report:ReportScreen",
    SUPERVISOR_REPORT: "supervisor_report:SupervisorReportScreen",
    CLOSING_SHEET: "register_day:RegisterDayScreen",
}
"""The page of each paper by the letter in its number, imported when it is first opened."""
CALL_KEY = Key("C", label("Its call"), action="its_call", shown=False)
CUSTOMER_KEY = Key("f7,U", label("Customer's file pocket"), action="its_customer", shown=False)
CARD_KEY = Key("K", label("Its repair card"), action="its_card", shown=False)


class Linked(DeskScreen):
    """A page whose rows name other papers."""

    def _number(self, name: str) -> str:
        rows = self.rows_acted_on()
        number = str(getattr(rows[0], name, "")) if rows else ""
        if rows and not number:
            self.desk.refuse(Refused(say("{number} has none.", number=rows[0].number)))
        return number

    def action_its_call(self) -> None:
        """The call of the row."""
        if number := self._number("call"):
            self.desk.open_call(number)

    def action_its_customer(self) -> None:
        """The file pocket of the row's customer."""
        if number := self._number("customer"):
            self.desk.open_customer(number)

    def action_its_card(self) -> None:
        """The repair card of the row."""
        from servicedesk.tui.screens.repair_card import RepairCardScreen

        if number := self._number("card"):
            self.app.push_screen(RepairCardScreen(number))


def paper_of(number: str) -> type[PaperScreen] | None:
    """The page on which a paper of this number opens; None where it has none of its own."""
    place = PAPERS.get(letter_of(number))
    if place is None:
        return None
    module, _, name = place.partition(":")
    found: type[PaperScreen] = getattr(importlib.import_module(f"servicedesk.tui.screens.{module}"), name)
    return found


def may_open(look: Look, number: str) -> bool:
    """Whether there is a paper of this number that the person may see; runs in the reader's thread."""
    page = paper_of(number)
    return page is not None and page.PAPER.seen(look, number) is not None


def open_paper(desk: ServiceDesk, number: str) -> None:
    """Open the paper of this number."""
    page = paper_of(number)
    if page is not None:
        desk.push_screen(page(number))
