"""The complaint handling sheet part by part, in the order of the paper (forms §3.11), and what hangs on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from servicedesk.domain.complaint_clocks import CLOCKS, ClockRow, left
from servicedesk.domain.complaint_lines import (
    DepartmentRow,
    EventRow,
    EvidenceRow,
    HandlingRow,
    LetterRow,
    PaperLine,
    corrected,
    regraded,
)
from servicedesk.domain.complaints import (
    CAUSES,
    CHANNELS,
    DECISIONS,
    DIFFICULTIES,
    EVENTS,
    GRAVITIES,
    HEARD,
    MEASURES,
    NATURES,
    PRIORITIES,
    SATISFACTION,
    SCOPES,
    SEES_COMPLAINTS,
    URGENCIES,
    WAYS,
    ComplaintRow,
)
from servicedesk.domain.masking import mask_email
from servicedesk.domain.numbering import short
from servicedesk.domain.repair_cards import SEES_CARDS
from servicedesk.domain.rights import ROLES, SEES_CALLS, SEES_CLEAR, sees
from servicedesk.domain.rulebook import RULES
from servicedesk.domain.rulebook import STATES as ALL_STATES
from servicedesk.domain.text import clip
from servicedesk.domain.words import Sentence, label, say
from servicedesk.tui.registers import Seen
from servicedesk.tui.screens.paper import Part, side_by_side

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look

_MOST_BEFORE = 5
_WORDS_BEFORE = 28


class Papers(NamedTuple):
    """What hangs on a sheet."""

    events: list[EventRow]
    departments: list[DepartmentRow]
    evidence: list[EvidenceRow]
    letters: list[LetterRow]
    clocks: list[ClockRow]
    handlings: list[HandlingRow]
    before: list[PaperLine]


def gather(look: Look, row: ComplaintRow) -> Papers:
    """Read it; runs in the reader's thread."""
    from servicedesk.store import complaints

    store = look.store
    return Papers(
        complaints.events(store, row.id),
        complaints.departments(store, row.id),
        complaints.evidence(store, row.id),
        complaints.letters(store, row.id),
        complaints.clocks(store, row.id),
        complaints.handlings(store, row.id),
        _before(look, row),
    )


def _before(look: Look, row: ComplaintRow) -> list[PaperLine]:
    """The newest papers of the same customer that the person may see."""
    from servicedesk.store import complaint_history as history

    if row.customer_id is None:
        return []
    kinds = (
        (SEES_CALLS, history.last_calls(look.store, row.customer_id)),
        (SEES_CARDS, history.last_cards(look.store, row.customer_id)),
        (SEES_COMPLAINTS, history.last_complaints(look.store, row.customer_id, row.id)),
    )
    lines = [line for seen_by, found in kinds for line in found if sees(look.actor, seen_by, line)]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:_MOST_BEFORE]


def parts(seen: Seen, row: ComplaintRow, papers: Papers) -> Iterator[Part]:
    """The sheet from top to bottom."""
    yield from _received(seen, row)
    yield label("Before"), [_paper(seen, line) for line in papers.before]
    yield label("Clocks"), [_clock(seen, line) for line in papers.clocks if line.nth == row.round]
    yield from _graded(seen, row, papers.departments)
    yield from _solved(seen, row)
    yield from _on_site(seen, row)
    yield from _told(seen, row)
    yield from _ended(seen, row)
    for piece in papers.evidence:
        yield label("Evidence"), side_by_side(f"{piece.line}.", piece.what, piece.kept, piece.by_name)
    yield (
        label("Letters"),
        [(line.number, seen.moment(line.written_at), line.written_by_name) for line in papers.letters],
    )
    yield from (_event(seen, row, event) for event in papers.events)
    for earlier in papers.handlings[:-1]:
        yield say("Handling {nth}", nth=earlier.nth), _earlier(seen, earlier)


def _received(seen: Seen, row: ComplaintRow) -> Iterator[Part]:
    words = seen.words
    received = side_by_side(words(CHANNELS[row.channel]), seen.moment(row.received_at), row.received_by_name)
    email = row.email if sees(seen.actor, SEES_CLEAR, row) or not row.email else mask_email(row.email)
    yield label("Received"), received
    yield label("Customer"), side_by_side(row.customer_name, row.contact, row.customer)
    yield label("Telephone"), side_by_side(seen.telephone(row) if row.telephone else "", email)
    yield label("Address"), seen.address(row) if row.address else ""
    yield label("About"), side_by_side(row.call, row.card, row.voucher, row.contract, row.about_name)
    yield label("Product"), side_by_side(row.model_no, row.product_name, row.serial_no)
    yield label("Complaint"), row.content
    yield label("Remedy asked"), row.remedy
    yield label("Incident"), row.incident
    yield label("Taken by"), side_by_side(row.taken_by_name, seen.moment(row.taken_at)) if row.taken_by else ""
    yield label("Next attempt"), seen.moment(row.next_at)


def _paper(seen: Seen, line: PaperLine) -> tuple[str, ...]:
    return (
        short(line.number),
        seen.words.day(line.at),
        seen.words(ALL_STATES[line.state]),
        clip(line.words, _WORDS_BEFORE),
    )


def _at(seen: Seen, at: datetime) -> str:
    return f"{at.astimezone(seen.words.zone):%m-%d %H:%M}"


def _clock(seen: Seen, line: ClockRow) -> tuple[str, ...]:
    words = seen.words
    due = words(say("by {due}", due=_at(seen, line.due_at)))
    if line.stopped_at is None:
        return words(CLOCKS[line.clock]), due, words(left(seen.now, line.due_at))
    late = words(label("late")) if line.stopped_at > line.due_at else ""
    stopped = side_by_side(_at(seen, line.stopped_at), late, words(RULES[line.stopped_by].label))
    return words(CLOCKS[line.clock]), due, stopped


def _graded(seen: Seen, row: ComplaintRow, departments: list[DepartmentRow]) -> Iterator[Part]:
    words = seen.words
    yield label("Nature"), words(NATURES.get(row.nature, ""))
    yield label("Gravity"), words(GRAVITIES.get(row.gravity, ""))
    yield (
        label("Urgency"),
        words.joined(filter(None, (words(URGENCIES.get(row.urgency, "")), words(SCOPES.get(row.scope, ""))))),
    )
    yield label("Priority"), words(PRIORITIES.get(str(row.priority), ""))
    for line in departments:
        yield label("Department"), _department(seen, line)
    yield label("Responsible"), row.owner_name
    decision = words(DECISIONS.get(row.decision, ""))
    yield label("To deputy GM"), seen.moment(row.submitted_at)
    yield label("Decision"), side_by_side(decision, row.referred_to, row.decision_words, seen.moment(row.decided_at))


def _department(seen: Seen, line: DepartmentRow) -> str:
    answer = side_by_side(line.answer, line.answered_by_name, seen.moment(line.answered_at))
    return side_by_side(line.department, line.part, answer or seen.words(label("no answer yet")))


def _solved(seen: Seen, row: ComplaintRow) -> Iterator[Part]:
    words = seen.words
    yield label("Investigation"), row.investigation
    yield label("Cause"), side_by_side(words(CAUSES.get(row.cause_class, "")), row.cause)
    if row.proposed:
        yield label("Proposed amount"), side_by_side(seen.money(row.unit, row.proposed), row.proposed_because)
    if row.approved_at is not None:
        yield label("Approved"), side_by_side(seen.money(row.unit, row.approved), seen.moment(row.approved_at))
    amount = seen.money(row.unit, row.compensation) if row.compensation else ""
    measure = words(MEASURES.get(row.measure, ""))
    yield label("Solution"), side_by_side(measure, amount, row.solution, seen.moment(row.solution_at))
    yield label("Agreed"), side_by_side(row.agreed_whom, seen.moment(row.agreed_at))
    yield label("Carried out"), row.carried_out
    yield label("Difficulty"), words(DIFFICULTIES.get(row.difficulty, ""))


def _on_site(seen: Seen, row: ComplaintRow) -> Iterator[Part]:
    declined = seen.words(label("the customer declined it")) if row.visit_declined else ""
    yield label("Site handler"), side_by_side(row.handler_name, seen.moment(row.assigned_at))
    yield label("Site visit"), side_by_side(seen.moment(row.visited_at), declined, row.finding, row.agreed)


def _told(seen: Seen, row: ComplaintRow) -> Iterator[Part]:
    words = seen.words
    how = words(WAYS.get(row.told_how, ""))
    yield label("Result told"), side_by_side(how, row.letter, row.told_whom, seen.moment(row.told_at), row.told_words)
    satisfaction = words(SATISFACTION.get(str(row.satisfaction), ""))
    yield label("Followed up"), side_by_side(seen.moment(row.followed_up_at), satisfaction, row.reaction)
    yield label("Follow-up plan"), row.follow_up_plan
    yield label("Not reconciled"), row.unreconciled


def _ended(seen: Seen, row: ComplaintRow) -> Iterator[Part]:
    words, closed = seen.words, row.closed_at or row.withdrawn_at
    if closed is not None:
        hours = int((closed - row.begun_at).total_seconds()) // 3600
        yield label("Hours taken"), str(hours)
    yield label("Closed"), seen.moment(row.closed_at)
    yield label("Withdrawn"), side_by_side(seen.moment(row.withdrawn_at), row.withdrawn_words)
    yield label("Summary"), row.summary
    yield label("Improvement"), row.improvement
    if row.malicious:
        yield (
            label("Malicious"),
            side_by_side(row.malicious_because, words(say("legal told: {who}", who=row.legal_told))),
        )


def _event(seen: Seen, row: ComplaintRow, event: EventRow) -> Part:
    words = seen.words
    at, kind = _at(seen, event.at), words(EVENTS[event.kind])
    if event.clock:
        clock, role = Sentence(CLOCKS[event.clock]), Sentence(ROLES[event.role])
        said = words(say("{clock} {percent} % to {role}", clock=clock, percent=event.percent, role=role))
        return at, side_by_side(kind, said)
    if event.kind == "correction":
        change = words(corrected(event, in_clear=sees(seen.actor, SEES_CLEAR, row)))
        return at, side_by_side(kind, event.by_name, change)
    if event.kind == "graded" and event.how:
        return at, side_by_side(kind, event.by_name, words(regraded(event)), event.words)
    how = words(HEARD.get(event.how, event.how))
    return at, side_by_side(kind, event.by_name, how, event.whom, event.words)


def _earlier(seen: Seen, handling: HandlingRow) -> str:
    words = seen.words
    cause = words(CAUSES.get(handling.cause_class, ""))
    ended = seen.moment(handling.closed_at or handling.withdrawn_at)
    return side_by_side(
        words(say("{begins} to {ends}", begins=seen.moment(handling.begun_at), ends=ended)), cause, handling.solution
    )
