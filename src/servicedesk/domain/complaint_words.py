"""What a complaint says of itself: who does what next, and the sentence to say to the customer (003 Art. 22-24)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from servicedesk.domain.complaint_clocks import minutes_left
from servicedesk.domain.complaints import (
    ACKNOWLEDGED,
    ASSESSED,
    ASSIGNED,
    BEFORE_SOLUTION,
    CARRYING_OUT,
    CLOSED,
    DISSATISFIED,
    FOLLOWED_UP,
    INVESTIGATING,
    OPEN,
    RECEIVED,
    RESULT_TOLD,
    SERIOUS,
    SOLUTION_OFFERED,
    WITH_DEPUTY,
    WITHDRAWN,
    ComplaintRow,
)
from servicedesk.domain.words import Sentence, label, say

_CONTACT = "complaints.contact"
_NEXT: Mapping[str, tuple[str, ...]] = {
    RECEIVED: ("complaints.acknowledge", _CONTACT, "complaints.assess"),
    ACKNOWLEDGED: ("complaints.assess", _CONTACT),
    WITH_DEPUTY: ("complaints.decide",),
    ASSESSED: ("complaints.assign",),
    ASSIGNED: ("complaints.investigate", "complaints.visit", _CONTACT),
    INVESTIGATING: ("complaints.offer", "complaints.visit", _CONTACT),
    SOLUTION_OFFERED: ("complaints.carry_out", "complaints.tell", _CONTACT),
    CARRYING_OUT: ("complaints.tell", _CONTACT),
    RESULT_TOLD: ("complaints.follow_up", _CONTACT),
    FOLLOWED_UP: ("complaints.close",),
    CLOSED: (),
    WITHDRAWN: (),
}
_WAITING: Mapping[str, tuple[str, ...]] = {
    "deputy": ("complaints.decide", "complaints.approve"),
    "site": ("complaints.visit",),
    "department": (),
}
"""What can only be done by whom it waits for."""
_HOUR = 60
_TEN_HOURS = 10 * _HOUR
_DAY = 24 * _HOUR


def next_acts(row: ComplaintRow) -> tuple[str, ...]:
    """The acts that come next, the natural one first: a further attempt, else what is to be acknowledged, graded …"""
    if row.state not in OPEN:
        return ()
    acts = _NEXT[row.state]
    if row.state == INVESTIGATING and row.waits == "deputy":
        acts = ("complaints.approve", *acts)
    elif row.state == INVESTIGATING and not row.cause_class:
        acts = ("complaints.investigate", *acts)
    elif row.state == FOLLOWED_UP and row.visited_at is None:
        acts = ("complaints.visit", *acts)
    elif row.state == FOLLOWED_UP and row.satisfaction in DISSATISFIED and not row.unreconciled:
        acts = ("complaints.resume", "complaints.unreconciled")
    first = "complaints.acknowledge"
    if row.acknowledged_at is None and first not in acts:
        acts = (first, *acts)
    return acts if row.next_at is None else tuple(dict.fromkeys((_CONTACT, *acts)))


def acts_awaited(row: ComplaintRow) -> tuple[str, ...]:
    """The acts that take it further now; only those of whom it waits for, where it waits for somebody."""
    if row.acknowledged_at is not None and row.waits:
        return _WAITING[row.waits]
    # Reaching the customer takes it further only where something was to be said.
    return tuple(act for act in next_acts(row) if act != _CONTACT or row.next_at is not None)


def next_step(row: ComplaintRow) -> Sentence:
    """Who does what now."""
    if row.state not in OPEN:
        return Sentence("")
    if row.next_at is not None:
        return say("Next: try to reach the customer, {at}.", at=row.next_at)
    if row.acknowledged_at is None:
        return say("Next: tell the customer that the complaint is received, by {due}.", due=row.acknowledge_due)
    if row.state == ACKNOWLEDGED:
        return say("Next: grade it.")
    if row.state == WITH_DEPUTY:
        return say("Next: the deputy general manager decides or passes it on.")
    if row.state == ASSESSED:
        return say("Next: the service supervisor names the site handler.")
    if row.state in (ASSIGNED, INVESTIGATING):
        return _next_inside(row)
    if row.state == SOLUTION_OFFERED:
        return say("Next: the customer's word on the solution; carry it out.")
    if row.state == CARRYING_OUT:
        return _tell(row)
    if row.state == RESULT_TOLD:
        return say("Next: follow up, by {due}.", due=row.follow_up_due)
    return _next_at_the_end(row)


def _next_inside(row: ComplaintRow) -> Sentence:
    if row.waits == "deputy":
        return say("Next: the deputy general manager decides on the compensation.")
    if not row.cause_class:
        return say("Next: find the cause.")
    if row.unanswered:
        return say("Next: the answer of a department; then a solution by {due}.", due=row.solve_due)
    return say("Next: offer a solution, by {due}.", due=row.solve_due)


def _tell(row: ComplaintRow) -> Sentence:
    if row.gravity == SERIOUS:
        return say("Next: when it is done, tell the customer the result by letter.")
    return say("Next: when it is done, tell the customer the result in writing or by telephone.")


def _next_at_the_end(row: ComplaintRow) -> Sentence:
    if row.satisfaction in DISSATISFIED and not row.unreconciled:
        return say("Next: take it up again, or the service manager consents to close it as not reconciled.")
    if row.visited_at is None:
        return say("Next: {name} calls on the customer.", name=row.handler_name)
    return say("Next: close the case.")


def sentence_to_say(row: ComplaintRow, now: datetime) -> Sentence:
    """What to say to the customer as it stands now, politely and with the time promised; empty when it is over."""
    if row.state not in OPEN:
        return Sentence("")
    if row.state in BEFORE_SOLUTION:
        return _say_before_solution(row, now)
    if row.state == SOLUTION_OFFERED:
        return say("“Our solution for you: {solution}. May we go on like that?”", solution=_bare(row.solution))
    if row.state == CARRYING_OUT:
        return say("“{solution}: this is being done. We tell you when it is finished.”", solution=_bare(row.solution))
    if row.state == RESULT_TOLD:
        return say("“How do you find what we have done about your complaint? Is anything left to do?”")
    if row.satisfaction in DISSATISFIED and not row.unreconciled:
        return say("“We are sorry that you are not satisfied. We look into your complaint again.”")
    if row.visited_at is None:
        return say("“{name} will call on you about your complaint.”", name=row.handler_name)
    return say("“Thank you for telling us. We close your complaint now.”")


def _say_before_solution(row: ComplaintRow, now: datetime) -> Sentence:
    due = row.solve_due
    if due is None or due < now:
        return say("“We are sorry that our solution is late. We are working on it now.”")
    if row.acknowledged_at is None:
        return say("“We have your complaint. You will hear our solution by {due}.”", due=due)
    if row.handler_name and row.visited_at is None:
        return say(
            "“{name} will call on you. You will hear our solution by {due}.”",
            name=row.handler_name,
            due=due,
        )
    return say("“We are working on it. You will hear our solution by {due}.”", due=due)


def _bare(text: str) -> str:
    """The text without the mark that ends it, so that it can stand inside a sentence."""
    return text.rstrip(" .。!！")


def time_in_words(now: datetime, due_at: datetime | None, stopped_at: datetime | None) -> Sentence:
    """One of the three clocks in seven cells: done, `0h14`, `31h`, `late 3h`; empty where it has not begun."""
    if stopped_at is not None:
        return Sentence(label("done"))
    if due_at is None:
        return Sentence("")
    minutes = minutes_left(now, due_at)
    if minutes < 0:
        return _late_in_words(-minutes)
    hours, rest = divmod(minutes, _HOUR)
    if minutes < _TEN_HOURS:
        return say("{hours}h{minutes}", hours=hours, minutes=f"{rest:02}")
    return say("{hours}h", hours=hours)


def _late_in_words(minutes: int) -> Sentence:
    """By hours, by days rounded from ten hours on; without a number within the first hour."""
    if minutes < _HOUR:
        return Sentence(label("late"))
    if minutes < _TEN_HOURS:
        return say("late {hours}h", hours=minutes // _HOUR)
    return say("late {days}d", days=max(1, (minutes + _DAY // 2) // _DAY))
