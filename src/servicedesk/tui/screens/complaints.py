"""The complaint queue: serious ones first, then the next promise; what waits for others stands below (003 Art. 22)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from servicedesk.domain.calls import Page
from servicedesk.domain.complaint_words import time_in_words
from servicedesk.domain.complaints import (
    ACKNOWLEDGED,
    ASSESSED,
    CARRYING_OUT,
    CHANNELS,
    FOLLOWED_UP,
    GRAVITIES,
    IN_HAND,
    INVESTIGATING,
    NATURES,
    OPEN,
    RESULT_TOLD,
    SEES_COMPLAINTS,
    SERIOUS,
    SOLUTION_OFFERED,
    STATES,
    WITH_DEPUTY,
    ComplaintRow,
)
from servicedesk.domain.numbering import COMPLAINT
from servicedesk.domain.registers import Wanted
from servicedesk.domain.rights import AGENT, DEPUTY_GM, SUPERVISOR, Actor
from servicedesk.domain.words import Sentence, label, say
from servicedesk.tui.filtering import TECHNICIAN, UNIT, Filtered, of_state
from servicedesk.tui.keys import Key
from servicedesk.tui.registers import RegisterPage, Seen, Told, Total, View
from servicedesk.tui.screens.complaint import FIRST_KEYS, MORE_KEYS, ComplaintScreen, grades, said
from servicedesk.tui.screens.paper import side_by_side
from servicedesk.tui.screens.register import RegisterScreen
from servicedesk.tui.working_through import WorkingThrough

if TYPE_CHECKING:
    from datetime import datetime

    from servicedesk.acts.desk import Look
    from servicedesk.tui.app import ServiceDesk

BY: Mapping[str, str] = {
    "telephone": label("phone"),
    "email": label("mail"),
    "chat": label("chat"),
    "social": label("social"),
    "letter": label("letter"),
    "counter": label("shop"),
}
"""The channels as a column has room for them."""
SHORT: Mapping[str, str] = {
    **STATES,
    ACKNOWLEDGED: label("to grade"),
    WITH_DEPUTY: label("deputy GM"),
    ASSESSED: label("no handler"),
    INVESTIGATING: label("looked into"),
    SOLUTION_OFFERED: label("offered"),
    CARRYING_OUT: label("carried out"),
    RESULT_TOLD: label("follow up"),
    FOLLOWED_UP: label("to close"),
}
"""The states as a column has room for them, as what is to be done."""


ANALYSIS_KEY = Key(
    "A", label("Complaint analysis"), action="app.desk('analysis')", shown=False, id="complaints.analysis"
)


def what(seen: Seen, row: ComplaintRow) -> str:
    """What was said; that it is serious stands first, where no narrow screen cuts it off."""
    return seen.words(say("(serious) {content}", content=row.content)) if row.gravity == SERIOUS else row.content


def where(seen: Seen, row: ComplaintRow) -> str:
    """Whom it waits for, else the site handler who has yet to call, else its state; the next attempt above all."""
    words = seen.words
    if row.waits == "deputy":
        return words(SHORT[WITH_DEPUTY])
    if row.next_at is not None and row.state in OPEN:
        return words(say("call {at}", at=seen.date(row.next_at)))
    if row.state in IN_HAND and row.visited_at is None:
        return row.handler_name
    return words(SHORT[row.state])


def clock(name: str) -> Callable[[Seen, ComplaintRow], str]:
    """What a column says of one of the three clocks."""

    def told(seen: Seen, row: ComplaintRow) -> str:
        return seen.words(time_in_words(seen.now, getattr(row, f"{name}_due"), getattr(row, f"{name}_stopped")))

    return told


def full(seen: Seen, row: ComplaintRow) -> Sequence[str]:
    """The complaint under the cursor in full, with what to do and what to say."""
    customer = side_by_side(row.number, row.customer_name, seen.telephone(row), grades(seen, row))
    return (customer, side_by_side(row.content, row.remedy), *said(seen, row))


def next_promise(look: Look, parts: Sequence[Wanted]) -> Sentence | None:
    """When the next promise falls due: the first of each group of the queue, for within one they stand by that."""
    from servicedesk.store.complaints import COMPLAINTS

    promises: list[datetime] = []
    for group in "1234":
        for row in COMPLAINTS.page(look.store, parts, Page(after=(group, 0), limit=1), look.now):
            at = row.next_at or row.due_at
            promises += [at] if at is not None and row.urgent.startswith(group) else []
    if not promises:
        return None
    left = time_in_words(look.now, min(promises), None)
    return (
        say("first promise {left}", left=left) if min(promises) < look.now else say("next promise in {left}", left=left)
    )


def _logins(actor: Actor) -> tuple[tuple[str, str], ...]:
    logins = dict.fromkeys([actor.login, *(post.holder for post in actor.posts if post.holder)])
    return (("mine", f" {' '.join(logins)} "),)


def _roles(actor: Actor) -> tuple[tuple[str, str], ...]:
    return (("escalated", f" {' '.join(dict.fromkeys(post.role for post in actor.posts))} "),)


def _open(desk: ServiceDesk, row: ComplaintRow) -> None:
    desk.push_screen(ComplaintScreen(row.number))


class ComplaintsScreen(WorkingThrough, RegisterScreen):
    """The complaints' desk."""

    DETAIL_ROWS = 4
    PAGE = RegisterPage[ComplaintRow](
        name="complaints",
        heading=label("Complaints"),
        register="complaints:COMPLAINTS",
        sees=SEES_COMPLAINTS,
        columns=(
            Told(label("Customer"), 8, lambda seen, row: row.customer_name, flexible=True),
            Told(label("By"), 6, lambda seen, row: seen.words(BY[row.channel])),
            Told(label("Complaint"), 17, what, flexible=True),
            Told(label("Tell"), 7, clock("acknowledge")),
            Told(label("Solve"), 7, clock("solve")),
            Told(label("Follow"), 7, clock("follow_up")),
            Told(label("Where"), 11, where),
        ),
        views=(
            View("queue", label("queue"), Wanted(urgent=True)),
            View("mine", label("mine"), Wanted(urgent=True), of=_logins),
            View("to_acknowledge", label("to acknowledge"), Wanted(view="to_acknowledge", urgent=True)),
            View("serious", label("serious"), Wanted(view="serious", urgent=True)),
            View("deputy", label("with the deputy GM"), Wanted(view="deputy", urgent=True)),
            View("late", label("late"), Wanted(view="late", urgent=True)),
            View("to_visit", label("site visits due"), Wanted(view="to_visit", urgent=True)),
            View("to_follow_up", label("to be rung back"), Wanted(state=RESULT_TOLD, urgent=True)),
            View("escalated", label("escalated to me"), Wanted(urgent=True), of=_roles),
            View("incidents", label("incidents"), Wanted(view="incidents")),
            View("malicious", label("malicious"), Wanted(view="malicious")),
            View("all", label("all")),
        ),
        first_views={DEPUTY_GM: "deputy", SUPERVISOR: "to_visit", AGENT: "to_acknowledge"},
        totals=(
            Total("queue", lambda count: say("open {count}", count=count)),
            Total("serious", lambda count: say("serious {count}", count=count)),
        ),
        ahead=next_promise,
        full=full,
        filters=(
            of_state(STATES),
            TECHNICIAN._replace(name="owner", label=label("Owner")),
            TECHNICIAN._replace(label=label("Site handler")),
            Filtered("department", label("Responsible department"), hint=label("its whole name, as on the sheet")),
            Filtered("nature", label("Nature"), NATURES),
            Filtered("gravity", label("Gravity"), GRAVITIES),
            Filtered("channel", label("Channel"), CHANNELS),
            Filtered("incident", label("Incident"), lookup="incidents", hint=label("a part of its name")),
            UNIT,
        ),
        opens=_open,
        late=lambda seen, row: row.late(seen.now) or (row.gravity == SERIOUS and row.state in OPEN),
        closed=lambda seen, row: row.state not in OPEN,
        first_keys=FIRST_KEYS,
        keys=(*MORE_KEYS, ANALYSIS_KEY),
        marks=False,
        letter=COMPLAINT,
        searched=True,
        empty=label("No complaint is open. F2 logs one; from a call or a card, B."),
    )

    def went_on(self, number: str) -> None:
        """The sheet that was taken."""
        self.app.push_screen(ComplaintScreen(number))
