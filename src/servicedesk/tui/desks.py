"""The desks: what a digit or a name opens, and for whom."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from textual.binding import Binding
from textual.screen import Screen

from servicedesk.domain.charges import SEES_CHARGES
from servicedesk.domain.complaints import MAY_ANALYSE, SEES_COMPLAINTS
from servicedesk.domain.custody import SEES_CUSTODY
from servicedesk.domain.goods import SEES_GOODS
from servicedesk.domain.parts import SEES_PARTS
from servicedesk.domain.printing import SEES_JOB_SHEETS
from servicedesk.domain.register_days import SEES_DAYS
from servicedesk.domain.repair_cards import SEES_CARDS
from servicedesk.domain.reports import SEES_REPORTS, SEES_SUPERVISOR_REPORTS
from servicedesk.domain.rights import ROLES, SEES_CALLS, SUPERVISOR, TECHNICIAN, Actor
from servicedesk.domain.words import label

if TYPE_CHECKING:
    from servicedesk.tui.registers import RegisterPage


class Desk(NamedTuple):
    """A place that a digit or its name opens; `screen` is where it lives, imported when it is first opened."""

    name: str
    key: str
    label: str
    screen: str
    roles: frozenset[str]

    def binding(self) -> Binding:
        """Its digit."""
        return Binding(self.key, f"desk('{self.name}')", self.label, show=False, id=f"desk.{self.name}")

    def open(self) -> Screen[Any]:
        """The desk's screen."""
        module, _, name = self.screen.partition(":")
        return cast("Screen[Any]", getattr(importlib.import_module(module), name)())


_SCREENS = "servicedesk.tui.screens"
START = "start"
"""The desk that everybody comes to."""
DESKS: tuple[Desk, ...] = (
    Desk(START, "", label("Start"), f"{_SCREENS}.start:StartScreen", frozenset(ROLES)),
    Desk("calls", "1", label("Calls"), f"{_SCREENS}.calls:CallsScreen", frozenset(SEES_CALLS)),
    Desk("dispatch", "2", label("Dispatch"), f"{_SCREENS}.dispatch:DispatchScreen", frozenset({SUPERVISOR})),
    Desk("workshop", "3", label("Workshop"), f"{_SCREENS}.workshop:WorkshopScreen", frozenset(SEES_CARDS)),
    Desk("complaints", "4", label("Complaints"), f"{_SCREENS}.complaints:ComplaintsScreen", frozenset(SEES_COMPLAINTS)),
    Desk("day", "5", label("My day"), f"{_SCREENS}.day:DayScreen", frozenset({TECHNICIAN})),
    Desk("reports", "5", label("Reports"), f"{_SCREENS}.reports:ReportsScreen", frozenset(SEES_REPORTS)),
    Desk("money", "6", label("Money"), f"{_SCREENS}.money:MoneyScreen", frozenset(SEES_CHARGES)),
    Desk("goods", "", label("Goods register"), f"{_SCREENS}.goods:GoodsScreen", frozenset(SEES_GOODS)),
    Desk("receipts", "", label("Goods receipts"), f"{_SCREENS}.goods:ReceiptsScreen", frozenset(SEES_GOODS)),
    Desk("custody", "", label("Who holds what"), f"{_SCREENS}.custody:CustodyScreen", frozenset(SEES_CUSTODY)),
    Desk("parts", "", label("Parts"), f"{_SCREENS}.parts:PartsScreen", frozenset(SEES_PARTS)),
    Desk("requisitions", "", label("Requisitions"), f"{_SCREENS}.parts:RequisitionsScreen", frozenset(SEES_PARTS)),
    Desk("loan_units", "", label("Loan units"), f"{_SCREENS}.parts:LoanUnitsScreen", frozenset(SEES_PARTS)),
    Desk("job_sheets", "", label("Job sheets"), f"{_SCREENS}.job_sheets:JobSheetsScreen", frozenset(SEES_JOB_SHEETS)),
    Desk(
        "supervisor_reports",
        "",
        label("Supervisor reports"),
        f"{_SCREENS}.supervisor_reports:SupervisorReportsScreen",
        frozenset(SEES_SUPERVISOR_REPORTS),
    ),
    Desk("days", "", label("Register days"), f"{_SCREENS}.register_days:RegisterDaysScreen", frozenset(SEES_DAYS)),
    Desk("analysis", "", label("Complaint analysis"), f"{_SCREENS}.analysis:AnalysisScreen", MAY_ANALYSE),
)
"""Where everybody begins, then the desks by their digit, then those that have none; `0` lists every place."""
DIGITS: dict[str, str] = {desk.key: desk.name for desk in reversed(DESKS) if desk.key}
"""By digit the first desk that has it."""


def desks_of(actor: Actor) -> list[Desk]:
    """A person's desks; of two with one digit the first has it, the other goes by its name."""
    found: list[Desk] = []
    for desk in DESKS:
        if actor.has(*desk.roles):
            is_taken = any(desk.key == other.key for other in found)
            found.append(desk._replace(key="") if is_taken else desk)
    return found


def page_of_desk(name: str) -> RegisterPage[Any]:
    """What the screen of a register's desk is declared from."""
    desk = next(desk for desk in DESKS if desk.name == name)
    module, _, screen = desk.screen.partition(":")
    return cast("RegisterPage[Any]", getattr(importlib.import_module(module), screen).PAGE)
