"""The limits, escalation steps and priorities that the books keep (003 Art. 22-24; 002 3.1.2; R148, D6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.complaints.people import owner_of
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.acts.units import UNITS
from servicedesk.domain.complaint_clocks import CLOCKS, FROM, Limits
from servicedesk.domain.complaint_lines import EscalationStepRow, PriorityRow
from servicedesk.domain.complaints import PRIORITIES, SCOPES, SEES_COMPLAINTS, URGENCIES
from servicedesk.domain.money import parse_amount, show_amount
from servicedesk.domain.rights import OWN, ROLES
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused, Sentence, label, say

LONGEST_LIMIT = 525_600
"""A year of wall clock, in minutes."""
LONGEST_REOPENING = 3_650
MOST_PERCENT = 1_000
NONE = "-"
"""Typed where whoever assesses shall be responsible."""
TOLD_ROLES: Mapping[str, str] = {role: ROLES[role] for role, scope in SEES_COMPLAINTS.items() if scope != OWN}
"""The roles whose list a step can put a complaint on."""


class LimitsEntry(Entry):
    """The limits of a unit: minutes of wall clock, the compensation that nobody need approve, days."""

    acknowledge: Annotated[int, Ask(label("Acknowledged within (minutes)"), "number", row=1)]
    solve: Annotated[int, Ask(label("Solution within (minutes)"), "number", row=1)]
    follow_up: Annotated[int, Ask(label("Follow-up within (minutes)"), "number", row=2)]
    follow_up_from: Annotated[str, Ask(label("Follow-up counts"), "choice", options=FROM, row=2)]
    compensation: Annotated[str, Ask(label("Compensation without approval up to"), row=3)]
    reopen_days: Annotated[int, Ask(label("Can be reopened for (days)"), "number", row=3)]


class StepEntry(Entry):
    """At which share of a clock's limit it goes to which role; without a role the step is dropped."""

    clock: Annotated[str, Ask(label("Clock"), "choice", options=CLOCKS, row=1)]
    percent: Annotated[int, Ask(label("At percent of the limit"), "number", row=1)]
    role: Annotated[str, Ask(label("Goes to (empty: no step)"), "choice", options=TOLD_ROLES)] = ""


class PriorityEntry(Entry):
    """What follows from urgency and scope."""

    urgency: Annotated[str, Ask(label("Urgency"), "choice", options=URGENCIES, row=1)]
    scope: Annotated[str, Ask(label("Scope of impact"), "choice", options=SCOPES, row=1)]
    priority: Annotated[str, Ask(label("Priority"), "choice", options=PRIORITIES, row=2)]
    owner: Annotated[str, Ask(label("Person responsible (- for whoever assesses)"), "lookup", lookup="staff", row=2)]


def limits_now(look: Look, rows: Sequence[UnitRow], values: Mapping[str, Any]) -> Prepared:
    """The limits as they stand."""
    from servicedesk.store import complaint_clocks

    unit = rows[0]
    known = complaint_clocks.limits(look.store, unit.id)
    return Prepared({**known._asdict(), "compensation": show_amount(known.compensation, unit.currency)})


def steps_now(look: Look, rows: Sequence[Any], values: Mapping[str, Any]) -> Prepared:
    """The steps as they stand: of the clock that is named, else of all."""
    from servicedesk.store import complaint_clocks

    wanted = (values["clock"],) if "clock" in values else tuple(CLOCKS)
    found = [step for clock in wanted for step in complaint_clocks.escalation_steps(look.store, clock)]
    return Prepared(notes=tuple(_told_step(step) for step in found))


def priorities_now(look: Look, rows: Sequence[Any], values: Mapping[str, Any]) -> Prepared:
    """The table as it stands; once urgency and scope are named, their line."""
    from servicedesk.store import complaint_clocks

    table = complaint_clocks.priorities(look.store)
    wanted = (values.get("urgency"), values.get("scope"))
    line = next((line for line in table if (line.urgency, line.scope) == wanted), None)
    known = {} if line is None else {"priority": str(line.priority), "owner": line.owner or NONE}
    return Prepared(known, notes=tuple(_told_priority(line) for line in table))


@act("complaints.limits", LimitsEntry, book=UNITS, prepare=limits_now)
def set_limits(desk: Desk, rows: Sequence[UnitRow], entry: LimitsEntry) -> Done:
    """Set a unit's own limits; clocks that run already keep theirs (D6)."""
    from servicedesk.store import complaint_clocks, complaint_tables

    unit = rows[0]
    for field in ("acknowledge", "solve", "follow_up"):
        _within(field, getattr(entry, field), 1, LONGEST_LIMIT)
    _within("reopen_days", entry.reopen_days, 0, LONGEST_REOPENING)
    before = complaint_clocks.limits(desk.store, unit.id)
    now = Limits(**entry.model_dump() | {"compensation": _amount(entry.compensation, unit.currency)})
    complaint_tables.set_limits(desk.store, unit.id, now)
    desk.note(
        unit.code,
        **{name: [old, new] for name, old, new in zip(Limits._fields, before, now, strict=True) if old != new},
    )
    sentence = say(
        "{unit}, complaints from now on: acknowledged in {acknowledge} min, solution in {solve} min, follow-up in "
        "{follow_up} min {begins}; compensation up to {amount}; reopened within {days} days. "
        "Clocks that run already keep theirs.",
        unit=unit.code,
        acknowledge=now.acknowledge,
        solve=now.solve,
        follow_up=now.follow_up,
        begins=Sentence(FROM[now.follow_up_from]),
        amount=show_amount(now.compensation, unit.currency),
        days=now.reopen_days,
    )
    return Done(sentence, (unit.code,))


@act("complaints.step", StepEntry, prepare=steps_now)
def set_step(desk: Desk, rows: Sequence[Any], entry: StepEntry) -> Done:
    """Set or drop an escalation step of the clocks that begin from now on."""
    from servicedesk.store import complaint_clocks, complaint_tables

    _within("percent", entry.percent, 1, MOST_PERCENT)
    known = {step.percent: step.role for step in complaint_clocks.escalation_steps(desk.store, entry.clock)}
    if not entry.role and entry.percent not in known:
        raise Refused(
            say("The clock has no step at {percent} %: name the role that it goes to.", percent=entry.percent),
            field="role",
        )
    step = EscalationStepRow(entry.clock, entry.percent, entry.role)
    complaint_tables.set_step(desk.store, step)
    desk.note(step.number, role=[known.get(entry.percent, ""), entry.role])
    if not entry.role:
        sentence = say(
            "Clocks that begin from now on ({clock}) have no step at {percent} %.",
            clock=Sentence(CLOCKS[entry.clock]),
            percent=entry.percent,
        )
    else:
        sentence = say("Clocks that begin from now on: {step}.", step=_told_step(step))
    return Done(sentence, (step.number,))


@act("complaints.priority", PriorityEntry, prepare=priorities_now)
def set_priority(desk: Desk, rows: Sequence[Any], entry: PriorityEntry) -> Done:
    """Set which priority and which owner follow; complaints that are graded already keep theirs."""
    from servicedesk.store import complaint_tables

    owner = None if entry.owner == NONE else owner_of(desk, entry.owner, "")
    line = PriorityRow(entry.urgency, entry.scope, int(entry.priority), "" if owner is None else owner.login)
    complaint_tables.set_priority(desk.store, line, None if owner is None else owner.id)
    desk.note(line.number, priority=line.priority, owner=line.owner)
    sentence = say("Complaints graded from now on: {line}.", line=_told_priority(line))
    return Done(sentence, (line.number,))


def _told_step(step: EscalationStepRow) -> Sentence:
    return say(
        "{clock} {percent} %: {role}",
        clock=Sentence(CLOCKS[step.clock]),
        percent=step.percent,
        role=Sentence(ROLES[step.role]),
    )


def _told_priority(line: PriorityRow) -> Sentence:
    return say(
        "{urgency}, {scope}: {priority}, {owner}",
        urgency=Sentence(URGENCIES[line.urgency]),
        scope=Sentence(SCOPES[line.scope]),
        priority=Sentence(PRIORITIES[str(line.priority)]),
        owner=line.owner or Sentence(label("whoever assesses")),
    )


def _within(field: str, number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise Refused(say("Enter a number from {least} to {most}.", least=least, most=most), field=field)


def _amount(typed: str, currency: str) -> int:
    try:
        return parse_amount(typed, currency)
    except Refused as refused:
        raise Refused(refused.sentence, field="compensation", kind="field") from None
