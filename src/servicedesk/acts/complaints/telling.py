"""The result told, the follow-up, closing, withdrawing and reopening (003 Art. 22-24; states §5.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.common import not_before
from servicedesk.acts.cards.common import to_minute
from servicedesk.acts.complaints import clocks
from servicedesk.acts.complaints.common import COMPLAINTS, change, in_time, limits, log, numbers
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.domain.complaint_clocks import CLOCKS, FOLLOW_UP
from servicedesk.domain.complaints import (
    CLOSED,
    DIFFICULTIES,
    DISSATISFIED,
    FOLLOWED_UP,
    INVESTIGATING,
    LETTER,
    RECEIVED,
    RESULT_TOLD,
    SATISFACTION,
    SERIOUS,
    WAYS,
    WITH_DEPUTY,
    WITHDRAWN,
    ComplaintRow,
)
from servicedesk.domain.customers import LANGUAGES
from servicedesk.domain.numbering import LETTER as LETTER_NUMBER
from servicedesk.domain.words import Refused, Sentence, label, say


class Tell(Entry):
    """Who was told the result, when, how, and in which words (003 Art. 22, D12)."""

    told_at: Annotated[datetime, Ask(label("Told at"), "moment")]
    how: Annotated[str, Ask(label("How"), "choice", options=WAYS, row=1)]
    whom: Annotated[str, Ask(label("Told to"), row=1)]
    words: Annotated[str, Ask(label("What was told"), "long")]


class FollowUp(Entry):
    """What the customer says afterwards, and what is still to be done (R103, R151); satisfaction may be not said."""

    followed_up_at: Annotated[datetime, Ask(label("Followed up at"), "moment", row=1)]
    satisfaction: Annotated[str, Ask(label("Customer's satisfaction"), "choice", options=SATISFACTION, row=1)] = ""
    reaction: Annotated[str, Ask(label("Customer's opinion"), "long")]
    plan: Annotated[str, Ask(label("Follow-up plan"), "long")] = ""


class Because(Entry):
    """Why."""

    reason: Annotated[str, Ask(label("Reason"), "long")]


class Close(Entry):
    """What the case teaches (R69, R104)."""

    difficulty: Annotated[str, Ask(label("Difficulty of the case"), "choice", options=DIFFICULTIES)]
    summary: Annotated[str, Ask(label("Summary of the case"), "long")]
    improvement: Annotated[str, Ask(label("Suggested improvement"), "long")] = ""


class Withdraw(Entry):
    """The customer's own words."""

    words: Annotated[str, Ask(label("Customer's words"), "long")]


def tell_now(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """The customer, now, the solution; of a serious complaint by letter, in the customer's language."""
    row = rows[0]
    derived = {
        "told_at": look.now,
        "how": LETTER if row.gravity == SERIOUS else "telephone",
        "whom": row.contact or row.customer_name,
        "words": row.solution,
    }
    if values.get("how", derived["how"]) != LETTER:
        return Prepared(derived=derived)
    note = say(
        "The letter is in {language}. It tells the complaint, the cause and the solution as the sheet has them.",
        language=Sentence(LANGUAGES[_language(look, row)]),
    )
    return Prepared(derived=derived, notes=(note,))


def followed_up_now(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """Now; the plan as it stands."""
    return Prepared(derived={"followed_up_at": look.now, "plan": rows[0].follow_up_plan})


def as_usual(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """No harder than usual."""
    return Prepared(derived={"difficulty": "usual"})


@act("complaints.tell", Tell, book=COMPLAINTS, prepare=tell_now)
def tell(desk: Desk, rows: Sequence[ComplaintRow], entry: Tell) -> Done:
    """The customer is told the result: of a serious complaint by a numbered letter, else in writing or by telephone."""
    row = rows[0]
    if row.gravity == SERIOUS and entry.how != LETTER:
        raise Refused(say("{number} is serious: the customer is told by letter.", number=row.number), field="how")
    in_time(desk, row, "told_at", entry.told_at)
    if row.solution_at is not None:
        not_before("told_at", entry.told_at, to_minute(row.solution_at), label("when the solution was offered"))
    letter = _written(desk, row, entry) if entry.how == LETTER else ""
    after = change(
        desk,
        row,
        state=RESULT_TOLD,
        told_at=entry.told_at,
        told_by=desk.actor.id,
        told_how=entry.how,
        told_whom=entry.whom,
        told_words=entry.words,
        letter=letter,
        next_at=None,
    )
    log(desk, after, "contact", entry.words, how=entry.how, whom=entry.whom)
    if letter:
        said = say(
            "Letter {letter} tells {whom} the result of {number}.", letter=letter, whom=entry.whom, number=row.number
        )
        return Done(said, (row.number, letter), ("papers.print", "complaints.follow_up"))
    said = say("The result of {number} is told to {whom}.", number=row.number, whom=entry.whom)
    return Done(said, numbers(rows), ("complaints.follow_up",))


@act("complaints.follow_up", FollowUp, book=COMPLAINTS, prepare=followed_up_now)
def follow_up(desk: Desk, rows: Sequence[ComplaintRow], entry: FollowUp) -> Done:
    """The customer's reaction is known: the 72 hours end. A later answer takes the place of the earlier one."""
    row = rows[0]
    in_time(desk, row, "followed_up_at", entry.followed_up_at)
    if row.told_at is not None:
        told = to_minute(row.told_at)
        not_before("followed_up_at", entry.followed_up_at, told, label("when the result was told"))
    clocks.stop(desk, row, FOLLOW_UP, entry.followed_up_at, "complaints.follow_up")
    satisfaction = int(entry.satisfaction or 0)
    after = change(
        desk,
        row,
        state=FOLLOWED_UP,
        followed_up_at=entry.followed_up_at,
        followed_up_by=desk.actor.id,
        satisfaction=satisfaction,
        reaction=entry.reaction,
        follow_up_plan=entry.plan,
        unreconciled="",
        unreconciled_by=None,
        next_at=None,
    )
    log(desk, after, "contact", entry.reaction)
    if satisfaction in DISSATISFIED:
        said = say("The customer of {number} is not satisfied.", number=row.number)
        return Done(said, numbers(rows), ("complaints.resume", "complaints.unreconciled"))
    said = say("{number} is followed up.", number=row.number)
    return Done(said, numbers(rows), ("complaints.close" if after.visited_at is not None else "complaints.visit",))


@act("complaints.resume", Because, book=COMPLAINTS)
def resume(desk: Desk, rows: Sequence[ComplaintRow], entry: Because) -> Done:
    """The customer is not satisfied: it is investigated again, and another solution is offered and told.

    What became serious after a solution was offered goes to the deputy general manager first (003 Art. 22).
    """
    row = rows[0]
    is_undecided = row.gravity == SERIOUS and row.decided_at is None
    place = {"state": WITH_DEPUTY, "submitted_at": desk.now} if is_undecided else {"state": INVESTIGATING}
    after = change(desk, row, **place)
    log(desk, after, "resumed", entry.reason)
    if is_undecided:
        said = say("{number} is serious: the deputy general manager has it now.", number=row.number)
        return Done(said, numbers(rows), ("complaints.decide",))
    return Done(say("{number} is taken up again.", number=row.number), numbers(rows), ("complaints.investigate",))


@act("complaints.unreconciled", Because, book=COMPLAINTS)
def unreconciled(desk: Desk, rows: Sequence[ComplaintRow], entry: Because) -> Done:
    """The service manager consents to close what the customer is not satisfied with."""
    row = rows[0]
    change(desk, row, unreconciled=entry.reason, unreconciled_by=desk.actor.id)
    said = say("{number} may be closed as not reconciled.", number=row.number)
    return Done(said, numbers(rows), ("complaints.close",))


@act("complaints.close", Close, book=COMPLAINTS, prepare=as_usual)
def close(desk: Desk, rows: Sequence[ComplaintRow], entry: Close) -> Done:
    """Told, followed up, called on, its cause known: the case is closed and the sheet is filed."""
    row = rows[0]
    change(desk, row, state=CLOSED, closed_at=desk.now, closed_by=desk.actor.id, **entry.model_dump())
    return Done(say("The case {number} is closed.", number=row.number), numbers(rows))


@act("complaints.withdraw", Withdraw, book=COMPLAINTS)
def withdraw(desk: Desk, rows: Sequence[ComplaintRow], entry: Withdraw) -> Done:
    """The customer takes it back: every clock that runs stops, that of the acknowledgement, too, for we have spoken."""
    row = rows[0]
    for clock in CLOCKS:
        clocks.stop(desk, row, clock, desk.now, "complaints.withdraw")
    change(desk, row, state=WITHDRAWN, withdrawn_at=desk.now, withdrawn_words=entry.words)
    return Done(say("{number} is withdrawn by the customer.", number=row.number), numbers(rows))


@act("complaints.reopen", Because, book=COMPLAINTS)
def reopen(desk: Desk, rows: Sequence[ComplaintRow], entry: Because) -> Done:
    """It begins anew as a repeat of itself (R152): another handling, other clocks, graded anew; what was is frozen.

    The site handler stays: he knows the customer.
    """
    from servicedesk.store import tables

    row, of_unit = rows[0], limits(desk, rows[0].unit_id)
    _in_reopening_time(desk, row, of_unit.reopen_days)
    nth = row.round + 1
    desk.store.add(tables.ComplaintHandling, complaint_id=row.id, nth=nth, begun_at=desk.now)
    clocks.start_all(desk, row.id, nth, desk.now, of_unit)
    after = change(
        desk,
        row,
        state=RECEIVED,
        round=nth,
        repeat_of=row.repeat_of or row.number,
        nature="",
        urgency="",
        scope="",
        gravity="",
        priority=0,
        owner_id=None,
        taken_by=None,
        taken_at=None,
        next_at=None,
    )
    log(desk, after, "reopened", entry.reason)
    said = say("{number} is reopened as a repeat: its clocks begin anew.", number=row.number)
    return Done(said, numbers(rows), ("complaints.acknowledge",))


def _in_reopening_time(desk: Desk, row: ComplaintRow, days: int) -> None:
    """Refuse what ended too long ago.

    Raises:
        Refused: naming the day.
    """
    ended = row.closed_at or row.withdrawn_at
    if ended is not None and desk.now > ended + timedelta(days=days):
        raise Refused(
            say(
                "{number} ended more than {days} days ago: log a new complaint.",
                number=row.number,
                days=days,
            )
        )


def _written(desk: Desk, row: ComplaintRow, entry: Tell) -> str:
    """Write the letter down as it is sent, and for ever; gives its number."""
    from servicedesk.store import tables

    number = desk.number(desk.unit(row.unit), LETTER_NUMBER)
    desk.store.add(
        tables.Letter,
        number=number,
        unit_id=row.unit_id,
        complaint_id=row.id,
        nth=row.round,
        language=_language(desk, row),
        addressee=row.customer_name,
        received_at=row.received_at,
        content=row.content,
        cause=row.cause,
        measure=row.measure,
        solution=row.solution,
        compensation=row.compensation,
        words=entry.words,
        ask_for=row.owner_name or desk.actor.name,
        written_at=entry.told_at,
        written_by=desk.actor.id,
    )
    desk.note(number, language=_language(desk, row))
    return number


def _language(look: Look, row: ComplaintRow) -> str:
    """The customer's language, else that of the unit."""
    return row.language or look.unit(row.unit).language
