"""My day: a technician's vouchers in the order of their due times, then what was done today (003 Art. 6)."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from servicedesk.domain.calls import ARRIVED, DISPATCHED
from servicedesk.domain.registers import Wanted
from servicedesk.domain.reports import SENT_BACK
from servicedesk.domain.rights import TECHNICIAN, Actor
from servicedesk.domain.words import Sentence, label, say
from servicedesk.tui.call_lines import address_of, lines_of
from servicedesk.tui.call_list import CallList, Entry, Gathered, customer_column, number_column
from servicedesk.tui.columns import Column
from servicedesk.tui.keys import Key

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look


def technicians_of(actor: Actor) -> tuple[str, ...]:
    """Whose day it is: one's own and that of every post stood in for (D40)."""
    held = (post.holder or actor.login for post in actor.posts if post.role == TECHNICIAN)
    return tuple(dict.fromkeys(held)) or (actor.login,)


def _sent_back(look: Look, logins: tuple[str, ...]) -> tuple[Sentence, ...]:
    """That daily reports were returned to these technicians, where some were."""
    from servicedesk.store.reports import REPORTS

    wanted = [Wanted(technician=login, state=SENT_BACK, urgent=True) for login in logins]
    count = REPORTS.count(look.store, wanted, look.now)
    return (say("reports sent back {count}", count=count),) if count else ()


class DayScreen(CallList):
    """What one technician carries and what he has done today."""

    HEADING = label("My day")
    EMPTY = label("Nothing is sent to you. What the supervisor sends stands here at once.")
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("a", label("Arrived"), act="calls.arrive"),
        Key("n", label("Finished"), act="calls.finish"),
        Key("y", label("Come back later"), act="calls.come_back"),
        Key("c", label("Carry back"), act="calls.carry_back"),
        Key("enter", label("Open"), action="open_line", id="day.open"),
        Key("r", label("Daily report"), action="report", id="day.report"),
        Key("f8", label("Why this time"), action="why", shown=False),
        Key("f7,U", label("Customer's file pocket"), action="pocket", shown=False),
    )

    def gather(self, look: Look) -> Gathered:
        """Where he is, then what he has still to reach by due time, then what he has left since midnight."""
        from servicedesk.store import dispatch

        logins, words = technicians_of(look.actor), self.words
        zone = ZoneInfo(look.zone)
        midnight = datetime.combine(look.now.astimezone(zone).date(), time(), zone).astimezone(UTC)
        carried = [row for login in logins for row in dispatch.active_calls(look.store, login)]
        carried.sort(key=lambda row: (row.state != ARRIVED, row.urgent, row.id))
        numbers = {row.number for row in carried}
        left = [row for login in logins for row in dispatch.done_calls(look.store, login, midnight)]
        done = list({row.number: row for row in left if row.number not in numbers}.values())
        lines = lines_of(look, words, [*carried, *done], {})
        here = {DISPATCHED: words(label("to go")), ARRIVED: words(label("there"))}
        entries = [Entry(line, (position,), here.get(line.call.state, line.now)) for position, line in enumerate(lines)]
        there = sum(row.state == ARRIVED for row in carried)
        totals = (
            say("to go {count}", count=len(carried) - there),
            say("there {count}", count=there),
            say("done {count}", count=len(done)),
        )
        return Gathered(entries, (*totals, *_sent_back(look, logins)))

    def columns(self) -> tuple[Column[Entry], ...]:
        """In the order of the voucher: whom, where, which product, by when, how far."""
        words = self.words
        return (
            number_column(words(label("No."))),
            customer_column(words(label("Customer"))),
            Column("address", words(label("Address")), 14, self._address, flexible=True),
            Column("model", words(label("Model")), 12, lambda entry: entry.line.call.model_no),
            Column("type", words(label("T")), 2, lambda entry: entry.line.call.service_type),
            Column("due", words(label("Due")), 11, lambda entry: entry.line.due),
            Column("now", words(label("Now")), 13, lambda entry: entry.text),
        )

    def action_report(self) -> None:
        """The day's report: what is known of it, to be filled up and submitted."""
        from servicedesk.tui.screens.report import ReportScreen

        self.app.push_screen(ReportScreen())

    def _address(self, entry: Entry) -> str:
        return address_of(self.door.actor, entry.line.call)
