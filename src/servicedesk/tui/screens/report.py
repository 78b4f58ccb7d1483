"""A technician daily work report on screen: he writes and submits it, the supervisor reads one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from servicedesk.domain.calls import Page
from servicedesk.domain.registers import Wanted, visible
from servicedesk.domain.reports import DRAFT, REVIEWED, SEES_REPORTS, SENT_BACK, SUBMITTED, ReportRow
from servicedesk.domain.rulebook import refusal
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.tui.background import begin
from servicedesk.tui.keys import Key, print_key
from servicedesk.tui.registers import Seen, logins_of
from servicedesk.tui.report_parts import beside, gather, of_number, parts
from servicedesk.tui.screen import NOTHING_TYPED
from servicedesk.tui.screens.paper import PaperPage, PaperScreen

if TYPE_CHECKING:
    from servicedesk.acts.act import Done
    from servicedesk.acts.desk import Look

WRITE, SUBMIT, DROP = "reports.write", "reports.submit", "reports.drop"
REVIEW, SEND_BACK = "reports.review", "reports.send_back"
_OF_ITS_DAY = (("day", "day"),)
_MOST_AT_ONCE = 50

REPORT_KEYS: tuple[Key, ...] = (
    Key("a", label("Accept"), act=REVIEW),
    Key("r", label("Send it back"), act=SEND_BACK),
    Key("f2", label("Write lines"), act=WRITE, from_row=_OF_ITS_DAY),
    Key("f9,s", label("Submit"), act=SUBMIT, from_row=_OF_ITS_DAY),
    Key("x", label("Take a line out"), act=DROP),
    print_key("technician_report", "number"),
)
"""What can be done to a report, on the list and on the page."""
DAY_KEYS: tuple[Key, ...] = (
    Key("left", label("Day before"), action="turn_day(-1)"),
    Key("right", label("Day after"), action="turn_day(1)", shown=False),
    Key("t", label("Next technician"), action="turn_technician", shown=False),
)
NEXT: Mapping[str, str] = {
    DRAFT: label("Next: F2 writes what is missing, s submits the day."),
    SENT_BACK: label("Next: put right what the supervisor remarks, then s submits it again."),
    SUBMITTED: label("Next: the service supervisor reviews it."),
    REVIEWED: label("Next: it is counted in the supervisor report."),
}
NEXT_ACTS: Mapping[str, Sequence[str]] = {
    DRAFT: (WRITE, SUBMIT, DROP),
    SENT_BACK: (WRITE, SUBMIT, DROP),
    SUBMITTED: (REVIEW, SEND_BACK, SUBMIT),
    REVIEWED: (SEND_BACK,),
}


def next_step(seen: Seen, row: ReportRow) -> str:
    """What comes next; until it is read its technician may still add to it."""
    if row.state == SUBMITTED and row.technician in logins_of(seen.actor):
        return seen.words(label("Next: it is reviewed; until then s takes in what has come since."))
    return seen.words(NEXT.get(row.state, ""))


def next_to_review(look: Look, row: ReportRow) -> ReportRow | None:
    """The report that this person reviews after this one: the next of the list, then its first; None without one.

    Runs in the reader's thread.
    """
    from servicedesk.store.reports import REPORTS

    wanted = visible(look.actor, SEES_REPORTS, Wanted(view="to_review", urgent=True))
    for first in ((row.urgent, row.id), None):
        place = Page(after=first, limit=_MOST_AT_ONCE)
        while rows := REPORTS.page(look.store, wanted, place, look.now):
            for found in rows:
                if found.id != row.id and refusal(REVIEW, look.actor, found) is None:
                    return found
            place = Page(after=(rows[-1].urgent, rows[-1].id), limit=_MOST_AT_ONCE)
    return None


class ReportScreen(PaperScreen):
    """The report of a technician's day by its number or by `chen 2026-11-23`; without either one's own of today."""

    PAPER = PaperPage(
        heading=label("Daily report"),
        register="reports:REPORTS",
        sees=SEES_REPORTS,
        one=of_number,
        gather=gather,
        parts=parts,
        beside=beside,
        next_step=next_step,
        next_acts=lambda row: NEXT_ACTS.get(row.state, ()),
        keys=(*REPORT_KEYS, *DAY_KEYS),
    )

    def __init__(self, number: str = "") -> None:
        super().__init__(number)
        self._is_reviewing = False

    async def read(self) -> bool:
        """As on every page; what was opened by its day is open to others by its number."""
        found = await super().read()
        number = self.row.number if self.row is not None else ""
        if number and number != self.number:
            self._write_presence(stays=False)
            self.number = number
            self._tell_others()
        return found

    def _begins_with(self, key: Key) -> Mapping[str, str]:
        """Who stands in for several technicians acts for the one whose report this is."""
        begins = super()._begins_with(key)
        if key.from_row != _OF_ITS_DAY or self.row is None or len(logins_of(self.door.actor)) < 2:
            return begins
        return {**begins, "technician": self.row.technician}

    def action_turn_technician(self) -> None:
        """The same day of the next technician whose place one is in (D40)."""
        logins = logins_of(self.door.actor)
        if self.row is not None and len(logins) > 1 and self.row.technician in logins:
            following = logins[(logins.index(self.row.technician) + 1) % len(logins)]
            self.app.switch_screen(ReportScreen(f"{following} {self.row.day.isoformat()}"))
        else:
            self.desk.refuse(Refused(say("You are in no other technician's place today.")))

    def _refusal(self, key: Key, act: str) -> Sentence | None:
        if act == DROP and self.row is not None and not self.row.number:
            return say("Nothing is written by hand yet: F2 writes a line.")
        return super()._refusal(key, act)

    def action_print_paper(self, kind: str, of: str) -> None:
        """The paper, once there is one."""
        if self.row is not None and not self.row.number:
            self.desk.refuse(Refused(say("Nothing is kept of this day yet: s submits it, then it can be printed.")))
        else:
            super().action_print_paper(kind, of)

    def action_turn_day(self, days: int) -> None:
        """The same technician's report of the day before or after."""
        if self.row is not None:
            day = self.row.day + timedelta(days=days)
            self.app.switch_screen(ReportScreen(f"{self.row.technician} {day.isoformat()}"))

    async def act(self, name: str, typed: Mapping[str, str] = NOTHING_TYPED) -> None:
        """As on every page; after a review the next report comes up."""
        self._is_reviewing = name in (REVIEW, SEND_BACK) and self.row is not None and self.row.state == SUBMITTED
        await super().act(name, typed)

    def after_act(self, done: Done) -> None:
        """Go on to the next report that waits for the review."""
        if self._is_reviewing and self.row is not None:
            begin(self, self._go_on, group="next")

    async def _go_on(self) -> None:
        row: ReportRow = self.row
        following = await self.door.look(lambda look: next_to_review(look, row))
        if not self.is_current:
            return
        if following is not None:
            self.app.switch_screen(ReportScreen(following.number))
            return
        self.desk.tell(say("No report waits for your review any more."))
        if len(self.app.screen_stack) > 1:
            self.app.pop_screen()
