"""Grading, the deputy general manager, the site handler and his visit (003 Art. 22-24; states §5.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.cards.common import needed
from servicedesk.acts.complaints.common import COMPLAINTS, change, in_time, log, numbers
from servicedesk.acts.complaints.department_lines import DepartmentLine, add_departments
from servicedesk.acts.complaints.people import handler_of, owner_of, supervisor_of
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.domain.complaint_lines import BECAME, PriorityRow
from servicedesk.domain.complaints import (
    ASSESSED,
    ASSIGNED,
    BEFORE_SOLUTION,
    CARRYING_OUT,
    DECISIONS,
    FOLLOWED_UP,
    GRAVITIES,
    LETTER,
    NATURES,
    PRIORITIES,
    RESULT_TOLD,
    SCOPES,
    SERIOUS,
    SOLUTION_OFFERED,
    URGENCIES,
    WITH_DEPUTY,
    ComplaintRow,
)
from servicedesk.domain.people import StaffRow
from servicedesk.domain.rights import DEPUTY_GM
from servicedesk.domain.words import Refused, Sentence, label, say

REFERRED = "referred"
NATURE = Ask(label("Nature"), "choice", options=NATURES, row=1, width=26)
URGENCY = Ask(label("Urgency"), "choice", options=URGENCIES, row=2)
SCOPE = Ask(label("Scope of impact"), "choice", options=SCOPES, row=2)
GRAVITY = Ask(label("Gravity"), "choice", options=GRAVITIES, row=1)
PRIORITY = Ask(label("Priority"), "choice", options=PRIORITIES, row=3)
OWNER = Ask(label("Person responsible"), "lookup", lookup="staff", row=3)
PASSED_TO = label("Passed on to")
FINDING = label("What was found, or the customer's word")
AGREED = label("What was agreed")


class Assess(Entry):
    """The four grades, what follows from them, and who is asked for a part in it (R99, R147, R148, D10)."""

    nature: Annotated[str, NATURE]
    gravity: Annotated[str, GRAVITY]
    urgency: Annotated[str, URGENCY]
    scope: Annotated[str, SCOPE]
    priority: Annotated[str, PRIORITY]
    owner: Annotated[str, OWNER]
    because: Annotated[str, Ask(label("Why another priority"), because="priority")] = ""
    departments: Annotated[tuple[DepartmentLine, ...], Ask(label("Responsible departments"), "lines")] = ()


class Grade(Entry):
    """The grades as they are from now on, and why."""

    nature: Annotated[str, NATURE]
    gravity: Annotated[str, GRAVITY]
    urgency: Annotated[str, URGENCY]
    scope: Annotated[str, SCOPE]
    priority: Annotated[str, PRIORITY]
    owner: Annotated[str, OWNER]
    reason: Annotated[str, Ask(label("Reason"))]


class Decide(Entry):
    """What the deputy general manager writes on the sheet."""

    decision: Annotated[str, Ask(label("Decision"), "choice", options=DECISIONS)]
    words: Annotated[str, Ask(label("Words of the deputy GM"), "long")]
    referred_to: Annotated[str, Ask(PASSED_TO, when=lambda values: values.get("decision") == REFERRED)] = ""


class Assign(Entry):
    """Who calls on the customer: the supervisor himself, or somebody of the unit whom he names."""

    handler: Annotated[str, Ask(label("Site handler"), "lookup", lookup="staff")]


class Visit(Entry):
    """When, what was found and what was agreed; or that the customer does not wish to be called on, in his words."""

    visited_at: Annotated[datetime, Ask(label("Visited at"), "moment", row=1)]
    declined: Annotated[bool, Ask(label("The customer declined"), "flag", row=1)] = False
    finding: Annotated[str, Ask(FINDING, "long")]
    agreed: Annotated[str, Ask(AGREED, "long", when=lambda values: not values.get("declined"))] = ""


def by_the_table(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """The grades of an earlier handling; priority and owner follow from urgency and scope, the owner may be oneself."""
    row = rows[0]
    known = {name: getattr(row, name) for name in ("nature", "gravity", "urgency", "scope") if getattr(row, name)}
    line = _line_of(look, {**known, **values})
    if line is not None:
        known |= {"priority": str(line.priority), "owner": line.owner or look.actor.login}
    return Prepared(derived=known)


def as_it_stands(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """The grades as they stand; where urgency or scope is another, priority and owner follow from the table anew."""
    row = rows[0]
    known = {name: getattr(row, name) for name in ("nature", "gravity", "urgency", "scope", "owner")}
    known["priority"] = str(row.priority)
    now = {**known, **values}
    if (now["urgency"], now["scope"]) != (row.urgency, row.scope):
        line = _line_of(look, now)
        if line is not None:
            known |= {"priority": str(line.priority), "owner": line.owner or row.owner}
    return Prepared(derived=known)


def propose_handler(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """Who has it; for a supervisor himself, for the Customer Department the unit's supervisor."""
    proposed = rows[0].technician or supervisor_of(look, rows[0].unit)
    return Prepared(derived={"handler": proposed} if proposed else {})


def visited_now(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """Now; what is written already stands to be corrected or gone on with."""
    row = rows[0]
    if row.visited_at is None:
        return Prepared(derived={"visited_at": look.now})
    known = {"visited_at": row.visited_at, "declined": row.visit_declined, "finding": row.finding, "agreed": row.agreed}
    return Prepared(derived=known)


@act("complaints.assess", Assess, book=COMPLAINTS, prepare=by_the_table)
def assess(desk: Desk, rows: Sequence[ComplaintRow], entry: Assess) -> Done:
    """Grade a complaint; a serious one is with the deputy general manager at once (003 Art. 22)."""
    row = rows[0]
    owner = owner_of(desk, entry.owner, row.owner)
    add_departments(desk, row, entry.departments)
    followed = _line_of(desk, entry.model_dump())
    if followed is not None and str(followed.priority) != entry.priority:
        log(desk, row, "graded", entry.because, how="priority", whom=f"{followed.priority}{BECAME}{entry.priority}")
    change(desk, row, **_grades(entry, owner), **_placed(desk, row, entry.gravity, ASSESSED))
    first = ("complaints.acknowledge",) if row.acknowledged_at is None else ()
    if entry.gravity == SERIOUS:
        said = say("{number} is serious: the deputy general manager has it now.", number=row.number)
        return Done(said, numbers(rows), (*first, "complaints.decide"))
    said = say(
        "{number} is assessed: priority {priority}, {name} is responsible.",
        number=row.number,
        priority=Sentence(PRIORITIES[entry.priority]),
        name=owner.name,
    )
    return Done(said, numbers(rows), (*first, "complaints.assign"))


@act("complaints.grade", Grade, book=COMPLAINTS, prepare=as_it_stands)
def grade(desk: Desk, rows: Sequence[ComplaintRow], entry: Grade) -> Done:
    """Grade anew; the log keeps what each grade was. What becomes serious goes to the deputy general manager."""
    row = rows[0]
    owner = owner_of(desk, entry.owner, row.owner)
    changes = _changes(row, entry, owner)
    placed = _placed(desk, row, entry.gravity, row.state)
    if not changes and not placed:
        raise Refused(say("{number} is graded so already: change what is not right.", number=row.number))
    if row.gravity == SERIOUS and entry.gravity != SERIOUS:
        _as_deputy(desk, row)
    for name, before, after in changes:
        log(desk, row, "graded", entry.reason, how=name, whom=f"{before}{BECAME}{after}")
    now = change(desk, row, **_grades(entry, owner), **placed)
    if now.state == WITH_DEPUTY:
        said = say("{number} is serious: the deputy general manager has it now.", number=row.number)
        return Done(said, numbers(rows), ("complaints.decide",))
    if placed and entry.gravity == SERIOUS:
        said = say("{number} is serious: the customer is told by letter.", number=row.number)
        return Done(said, numbers(rows), ("complaints.tell",))
    said = say("{number} is graded anew.", number=row.number)
    return Done(said, numbers(rows), ("complaints.assign",) if now.state == ASSESSED else ())


@act("complaints.decide", Decide, book=COMPLAINTS)
def decide(desk: Desk, rows: Sequence[ComplaintRow], entry: Decide) -> Done:
    """The deputy general manager decides on a serious complaint, or passes it on after review (003 Art. 22)."""
    row = rows[0]
    is_referred = entry.decision == REFERRED
    if is_referred and not entry.referred_to:
        raise needed("referred_to", PASSED_TO)
    referred_to = entry.referred_to if is_referred else ""
    change(
        desk,
        row,
        state=ASSESSED,
        decision=entry.decision,
        decision_words=entry.words,
        referred_to=referred_to,
        decided_at=desk.now,
        decided_by=desk.actor.id,
    )
    said = say("{number}: {answer}.", number=row.number, answer=Sentence(DECISIONS[entry.decision]))
    return Done(said, numbers(rows), ("complaints.assign",))


@act("complaints.assign", Assign, book=COMPLAINTS, prepare=propose_handler)
def assign(desk: Desk, rows: Sequence[ComplaintRow], entry: Assign) -> Done:
    """Name who calls on the customer: of every complaint, however small (003 Art. 24)."""
    row = rows[0]
    person = handler_of(desk, entry.handler, row.unit)
    is_same = person.login == row.technician
    if is_same and row.state != ASSESSED:
        raise Refused(
            say("{name} is the site handler of {number} already.", name=person.name, number=row.number), field="handler"
        )
    if row.technician and not is_same:
        log(desk, row, "handler", "", whom=f"{row.handler_name}{BECAME}{person.name}")
    state = ASSIGNED if row.state == ASSESSED else row.state
    change(desk, row, state=state, handler_id=person.id, assigned_at=desk.now)
    said = say("{name} calls on the customer of {number}.", name=person.name, number=row.number)
    return Done(said, numbers(rows), ("complaints.investigate",) if state == ASSIGNED else ())


@act("complaints.visit", Visit, book=COMPLAINTS, prepare=visited_now)
def visit(desk: Desk, rows: Sequence[ComplaintRow], entry: Visit) -> Done:
    """The customer is called on, or declines it (003 Art. 24)."""
    row = rows[0]
    if not entry.declined and not entry.agreed:
        raise needed("agreed", AGREED)
    in_time(desk, row, "visited_at", entry.visited_at)
    change(
        desk,
        row,
        visited_at=entry.visited_at,
        visited_by=desk.actor.id,
        visit_declined=entry.declined,
        finding=entry.finding,
        agreed="" if entry.declined else entry.agreed,
    )
    if entry.declined:
        said = say("{number}: the customer does not wish to be called on.", number=row.number)
    else:
        said = say("{number}: the customer was called on at {at}.", number=row.number, at=entry.visited_at)
    return Done(said, numbers(rows), ("complaints.close",) if row.state == FOLLOWED_UP else ())


def _line_of(look: Look, values: Mapping[str, Any]) -> PriorityRow | None:
    """The line of the table of priorities; an owner who has left is none."""
    from servicedesk.store import complaint_clocks, staff

    wanted = (values.get("urgency"), values.get("scope"))
    for line in complaint_clocks.priorities(look.store):
        if (line.urgency, line.scope) == wanted:
            person = staff.person(look.store, line.owner) if line.owner else None
            return line if person is not None and person.active else line._replace(owner="")
    return None


def _grades(entry: Assess | Grade, owner: StaffRow) -> dict[str, Any]:
    """What the sheet says of the grades."""
    return {
        "nature": entry.nature,
        "gravity": entry.gravity,
        "urgency": entry.urgency,
        "scope": entry.scope,
        "priority": int(entry.priority),
        "owner_id": owner.id,
    }


def _placed(desk: Desk, row: ComplaintRow, gravity: str, otherwise: str) -> dict[str, Any]:
    """Where a complaint of this gravity stands now; nothing where that is where it stood.

    A serious one is with the deputy general manager until he has decided, unless a solution was offered before; one
    that is no longer serious leaves him. A result that was told otherwise than by letter is told again (003 Art. 22).
    """
    if gravity == SERIOUS and row.decided_at is None and row.state in BEFORE_SOLUTION:
        return {} if row.state == WITH_DEPUTY else {"state": WITH_DEPUTY, "submitted_at": desk.now}
    if gravity == SERIOUS and row.state in (RESULT_TOLD, FOLLOWED_UP) and row.told_how != LETTER:
        return {"state": SOLUTION_OFFERED if row.agreed_at is None else CARRYING_OUT}
    state = ASSESSED if row.state == WITH_DEPUTY else otherwise
    return {} if state == row.state else {"state": state}


def _changes(row: ComplaintRow, entry: Grade, owner: StaffRow) -> list[tuple[str, str, str]]:
    """Which grades are others than before; the codes of the books, the owner by name."""
    names = ("nature", "gravity", "urgency", "scope", "priority")
    found = [(name, str(getattr(row, name)), getattr(entry, name)) for name in names]
    found.append(("owner", row.owner_name, owner.name))
    return [line for line in found if line[1] != line[2]]


def _as_deputy(desk: Desk, row: ComplaintRow) -> None:
    """What is serious becomes ordinary by the deputy general manager alone; his stand-in acts under his post (D40).

    Raises:
        Refused: on the field, for everybody else.
    """
    desk.post = next((post for post in desk.actor.posts if post.role == DEPUTY_GM), None)
    if desk.post is None:
        raise Refused(
            say("{number} is serious: only the deputy general manager makes it ordinary.", number=row.number),
            field="gravity",
        )
