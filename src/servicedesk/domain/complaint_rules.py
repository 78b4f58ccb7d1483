"""The guards and the acts of the complaint handling sheet (003 Art. 22-24; 002 3.1.2; states §5.5; §1.7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from servicedesk.domain.complaints import (
    ACKNOWLEDGED,
    ASSESSED,
    ASSIGNED,
    CARRYING_OUT,
    CLOSED,
    DISSATISFIED,
    FOLLOWED_UP,
    IN_HAND,
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
from servicedesk.domain.rights import (
    ACCOUNTANT,
    ADMINISTRATOR,
    AGENT,
    ALL,
    BRANCH_MANAGER,
    CLERK,
    CUSTOMER_DEPARTMENT,
    DEPUTY_GM,
    MAY_REVEAL,
    OWN,
    SERVICE_MANAGER,
    SUPERVISOR,
    TECHNICIAN,
    UNIT,
    Actor,
    Rule,
)
from servicedesk.domain.words import Sentence, label, say

TAKEN_FOR = timedelta(minutes=30)
"""How long a complaint that somebody took is his before another may take it."""


def _not_acknowledged(actor: Actor, row: ComplaintRow) -> Sentence | None:
    if row.acknowledged_at is None:
        return None
    return say("{number} is acknowledged already.", number=row.number)


def _acknowledged(actor: Actor, row: ComplaintRow) -> Sentence | None:
    if row.acknowledged_at is not None:
        return None
    return say("Nobody has told the customer that {number} is received: acknowledge it first.", number=row.number)


def _decided(actor: Actor, row: ComplaintRow) -> Sentence | None:
    """No solution to a serious complaint before the deputy GM's decision or referral (003 Art. 22)."""
    if row.gravity != SERIOUS or row.decided_at is not None:
        return None
    return say(
        "{number} is serious: the deputy general manager decides before a solution is offered.", number=row.number
    )


def _cause_known(actor: Actor, row: ComplaintRow) -> Sentence | None:
    if row.cause_class:
        return None
    return say("The cause of {number} is not found yet: write down the investigation first.", number=row.number)


def _no_proposal_open(actor: Actor, row: ComplaintRow) -> Sentence | None:
    if not row.proposed or row.approved_at is not None:
        return None
    return say("The compensation for {number} waits for the deputy general manager.", number=row.number)


def _proposal_open(actor: Actor, row: ComplaintRow) -> Sentence | None:
    if row.proposed and row.approved_at is None:
        return None
    return say("No compensation for {number} waits for approval.", number=row.number)


def _visited(actor: Actor, row: ComplaintRow) -> Sentence | None:
    """However small the matter, the customer is called on (003 Art. 24)."""
    if row.visited_at is not None:
        return None
    return say(
        "The site visit of {number} is not recorded: {name} calls on the customer, or the customer declines it.",
        number=row.number,
        name=row.handler_name,
    )


def _reconciled(actor: Actor, row: ComplaintRow) -> Sentence | None:
    if row.satisfaction not in DISSATISFIED or row.unreconciled:
        return None
    return say(
        "The customer is not satisfied with {number}: take it up again, or the service manager consents to close it "
        "as not reconciled.",
        number=row.number,
    )


def _dissatisfied(actor: Actor, row: ComplaintRow) -> Sentence | None:
    if row.satisfaction in DISSATISFIED:
        return None
    return say("The customer of {number} is satisfied.", number=row.number)


def _has_evidence(actor: Actor, row: ComplaintRow) -> Sentence | None:
    if row.evidence:
        return None
    return say("{number} has no evidence yet: list it before the complaint is marked malicious.", number=row.number)


def _not_malicious(actor: Actor, row: ComplaintRow) -> Sentence | None:
    if not row.malicious:
        return None
    return say("{number} is marked malicious already.", number=row.number)


def _has_unanswered(actor: Actor, row: ComplaintRow) -> Sentence | None:
    if row.unanswered:
        return None
    return say("No department still has to answer on {number}.", number=row.number)


def _serious_to_the_deputy(actor: Actor, row: ComplaintRow) -> Sentence | None:
    """The deputy general manager decides the serious ones, the department the others (§1.7)."""
    if row.gravity == SERIOUS or actor.has(CUSTOMER_DEPARTMENT, SERVICE_MANAGER):
        return None
    return say("{number} is ordinary: the Customer Department decides on it.", number=row.number)


_ANYONE = {
    CLERK: ALL,
    TECHNICIAN: ALL,
    SUPERVISOR: ALL,
    BRANCH_MANAGER: ALL,
    ACCOUNTANT: ALL,
    AGENT: ALL,
    CUSTOMER_DEPARTMENT: ALL,
    SERVICE_MANAGER: ALL,
}
_DEPARTMENT = {CUSTOMER_DEPARTMENT: ALL, SERVICE_MANAGER: ALL}
_GRADES = {**_DEPARTMENT, DEPUTY_GM: ALL}
_FRONT = {CLERK: UNIT, SUPERVISOR: UNIT, AGENT: ALL, **_DEPARTMENT}
_HANDLERS = {
    SUPERVISOR: UNIT,
    CLERK: OWN,
    TECHNICIAN: OWN,
    BRANCH_MANAGER: OWN,
    ACCOUNTANT: OWN,
    AGENT: OWN,
} | dict.fromkeys(_DEPARTMENT, OWN)
_SERVICE_MANAGER = {SERVICE_MANAGER: ALL}
_ADMINISTRATOR = {ADMINISTRATOR: ALL}

RULES: Mapping[str, Rule] = {
    "complaints.receive": Rule(label("Log a complaint"), _ANYONE),
    "complaints.add": Rule(label("The customer adds"), _ANYONE, OPEN),
    "complaints.acknowledge": Rule(label("Acknowledge"), _FRONT, OPEN, None, (_not_acknowledged,)),
    "complaints.correct": Rule(label("Correct a complaint"), _FRONT, OPEN),
    "complaints.take": Rule(label("Take a complaint"), _FRONT | {DEPUTY_GM: ALL}, OPEN),
    "complaints.contact": Rule(label("Contact with the customer"), _FRONT, OPEN),
    "complaints.assess": Rule(label("Assess"), _DEPARTMENT, frozenset({RECEIVED, ACKNOWLEDGED})),
    "complaints.grade": Rule(
        label("Grade anew"), _GRADES, IN_HAND | {ASSESSED, WITH_DEPUTY}, None, (_serious_to_the_deputy,)
    ),
    "complaints.decide": Rule(label("Decide or pass on"), {DEPUTY_GM: ALL}, frozenset({WITH_DEPUTY}), ASSESSED),
    "complaints.assign": Rule(label("Name the site handler"), {SUPERVISOR: UNIT, **_DEPARTMENT}, IN_HAND | {ASSESSED}),
    "complaints.visit": Rule(label("Site visit"), _HANDLERS, IN_HAND),
    "complaints.investigate": Rule(
        label("Investigate"), _DEPARTMENT, frozenset({ASSIGNED, INVESTIGATING}), INVESTIGATING
    ),
    "complaints.involve": Rule(label("Involve a department"), _DEPARTMENT, OPEN),
    "complaints.answer": Rule(label("A department's answer"), _DEPARTMENT, OPEN, None, (_has_unanswered,)),
    "complaints.propose": Rule(
        label("Propose a compensation"), _DEPARTMENT, frozenset({INVESTIGATING}), None, (_no_proposal_open,)
    ),
    "complaints.approve": Rule(
        label("Decide on the compensation"), {DEPUTY_GM: ALL}, frozenset({INVESTIGATING}), None, (_proposal_open,)
    ),
    "complaints.offer": Rule(
        label("Offer a solution"),
        _DEPARTMENT,
        frozenset({INVESTIGATING, SOLUTION_OFFERED}),
        SOLUTION_OFFERED,
        (_decided, _cause_known, _no_proposal_open),
    ),
    "complaints.carry_out": Rule(
        label("Carry out"),
        {SUPERVISOR: UNIT, **_DEPARTMENT},
        frozenset({SOLUTION_OFFERED, CARRYING_OUT}),
        CARRYING_OUT,
    ),
    "complaints.tell": Rule(
        label("Tell the result"), _DEPARTMENT, frozenset({SOLUTION_OFFERED, CARRYING_OUT}), RESULT_TOLD
    ),
    "complaints.follow_up": Rule(label("Follow up"), _DEPARTMENT, frozenset({RESULT_TOLD, FOLLOWED_UP}), FOLLOWED_UP),
    "complaints.resume": Rule(label("Take up again"), _DEPARTMENT, frozenset({FOLLOWED_UP}), None, (_dissatisfied,)),
    "complaints.unreconciled": Rule(
        label("Not reconciled"), _SERVICE_MANAGER, frozenset({FOLLOWED_UP}), None, (_dissatisfied,)
    ),
    "complaints.close": Rule(
        label("Close the case"),
        _GRADES,
        frozenset({FOLLOWED_UP}),
        CLOSED,
        (_serious_to_the_deputy, _acknowledged, _cause_known, _visited, _reconciled),
    ),
    "complaints.urge": Rule(label("Urge"), _DEPARTMENT, OPEN),
    "complaints.help": Rule(label("Ask a superior for help"), _DEPARTMENT, OPEN),
    "complaints.incident": Rule(label("Incident"), _DEPARTMENT, OPEN),
    "complaints.withdraw": Rule(label("Withdraw a complaint"), _DEPARTMENT, OPEN, WITHDRAWN),
    "complaints.reopen": Rule(label("Reopen a complaint"), _DEPARTMENT, frozenset({CLOSED, WITHDRAWN}), RECEIVED),
    "complaints.evidence": Rule(label("Add evidence"), _DEPARTMENT, OPEN),
    "complaints.malicious": Rule(
        label("Mark malicious"), _SERVICE_MANAGER, OPEN, None, (_not_malicious, _has_evidence)
    ),
    "complaints.reveal": Rule(label("Telephone in full"), MAY_REVEAL),
    "complaints.limits": Rule(label("Set the limits for complaints"), _ADMINISTRATOR),
    "complaints.step": Rule(label("Set an escalation step"), _ADMINISTRATOR),
    "complaints.priority": Rule(label("Set priority and owner"), _DEPARTMENT),
}
