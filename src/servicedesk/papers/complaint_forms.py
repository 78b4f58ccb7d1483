"""The papers of a complaint: the handling sheet, the submission to the deputy GM (003 Art. 22-24; forms §3.11)."""

from __future__ import annotations

from collections.abc import Sequence

from servicedesk.domain.complaint_lines import DepartmentRow, EvidenceRow, HandlingRow
from servicedesk.domain.complaints import (
    CAUSES,
    CHANNELS,
    DECISIONS,
    DIFFICULTIES,
    GRAVITIES,
    MEASURES,
    NATURES,
    PRIORITIES,
    SATISFACTION,
    SCOPES,
    STATES,
    URGENCIES,
    WAYS,
    ComplaintRow,
)
from servicedesk.domain.money import show_amount
from servicedesk.domain.printing import Case
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import label, say
from servicedesk.papers.complaint_tables import (
    departments_asked,
    earlier_rounds,
    escalations,
    evidence_list,
    log,
    said,
    time_limits,
)
from servicedesk.papers.letters import DEPARTMENT_SIGNS
from servicedesk.papers.paper import Box, Field, Group, Paper, Part, fields

HANDLER_SIGNS = label("Site handler")
SERVICE_MANAGER_SIGNS = label("Service manager")
DEPUTY_SIGNS = label("Deputy general manager")


def handling_sheet(unit: UnitRow, row: ComplaintRow, case: Case, in_clear: bool) -> Paper:
    """The complaint handling sheet with every column in paper order, its present handling (forms §3.11).

    Args:
        unit: whose sheet it is.
        row: telephone, e-mail and address as the person may see them.
        case: what hangs on it.
        in_clear: whether telephones that were corrected are shown in full.
    """
    last = case.handlings[-1]
    urges = [one for one in case.events if one.kind == "urge"]
    # Escalations have a table of their own.
    others = [one for one in case.events if one.kind not in ("urge", "escalated")]
    body: tuple[Part, ...] = (
        *_complained(row),
        departments_asked(case.departments),
        _accepted(row, last),
        *_investigated(row),
        *_solved(row, last, unit.currency),
        *_visited(row, last),
        *_decided(row, last),
        *_told(row, last),
        *_followed_up(row, last),
        time_limits(case.clocks),
        escalations(case.steps),
        _ended(row, last),
        log(label("Urge log"), urges, in_clear=in_clear),
        log(label("Contact and event log"), others, in_clear=in_clear),
        *_learnt(row, last),
        *_malicious(row, case.evidence),
        *((earlier_rounds(case.handlings[:-1]),) if len(case.handlings) > 1 else ()),
    )
    return Paper(
        "complaint",
        label("Complaint handling sheet"),
        row.number,
        unit.name,
        _head(row),
        signatures=(DEPARTMENT_SIGNS, HANDLER_SIGNS, SERVICE_MANAGER_SIGNS, DEPUTY_SIGNS),
        size="A4",
        body=body,
    )


def submission(unit: UnitRow, row: ComplaintRow, last: HandlingRow, departments: Sequence[DepartmentRow]) -> Paper:
    """What the deputy general manager reads and decides on or passes on, at once (003 Art. 22)."""
    proposed = fields(
        (label("Compensation proposed"), _amount(row.proposed, unit.currency)),
        (label("Compensation approved"), _amount(row.approved, unit.currency) if row.approved_at else ""),
        Field(label("Reason of the proposal"), row.proposed_because, wide=True),
        Field(label("Deputy general manager's words"), last.approved_words, wide=True),
    )
    body: tuple[Part, ...] = (
        *_complained(row),
        departments_asked(departments),
        Box(label("Investigation"), row.investigation, 1),
        Box(label("Cause found"), row.cause, 1),
        *((Group(proposed),) if row.proposed else ()),
        *_decided(row, last),
    )
    return Paper(
        "submission",
        label("Submission to the deputy general manager"),
        row.number,
        unit.name,
        fields((label("Submitted at"), row.submitted_at), (label("Person responsible"), row.owner_name)) + _head(row),
        signatures=(DEPARTMENT_SIGNS, DEPUTY_SIGNS),
        size="A4",
        body=body,
    )


def _head(row: ComplaintRow) -> tuple[Field, ...]:
    """Who complained when about what, and how it reached us."""
    return fields(
        (label("Channel"), said(CHANNELS, row.channel)),
        (label("Received at"), row.received_at),
        (label("Taken down by"), row.received_by_name),
        (label("Contact"), row.contact),
        (label("Complainant"), row.customer_name),
        (label("Telephone"), row.telephone),
        (label("E-mail"), row.email),
        (label("Customer no."), row.customer),
        Field(label("Address"), row.address, wide=True),
        (label("Contract"), row.contract),
        (label("Call-in no."), row.call),
        (label("Repair card"), row.card),
        (label("Voucher"), row.voucher),
        (label("Product"), row.product_name),
        (label("Model"), row.model_no),
        (label("Serial no."), row.serial_no),
        (label("Technician"), row.about_name),
    )


def _complained(row: ComplaintRow) -> tuple[Part, ...]:
    """What was said, what is asked for, and how it is graded."""
    graded = fields(
        (label("Nature"), said(NATURES, row.nature)),
        (label("Gravity"), said(GRAVITIES, row.gravity)),
        (label("Urgency"), said(URGENCIES, row.urgency)),
        (label("Scope of impact"), said(SCOPES, row.scope)),
        (label("Priority"), said(PRIORITIES, str(row.priority))),
        (label("Incident"), row.incident),
    )
    return (
        Box(label("What is complained of"), row.content, 3),
        Box(label("Remedy asked for"), row.remedy, 1),
        Group(graded),
    )


def _accepted(row: ComplaintRow, last: HandlingRow) -> Group:
    return Group(
        fields(
            (label("Person responsible"), row.owner_name),
            (label("Acknowledged at"), row.acknowledged_at),
            (label("Acknowledged by"), last.acknowledged_by_name),
            (label("How"), said(WAYS, row.acknowledged_how)),
        )
    )


def _investigated(row: ComplaintRow) -> tuple[Part, ...]:
    return (
        Box(label("Investigation"), row.investigation),
        Group(fields((label("Class of the cause"), said(CAUSES, row.cause_class)))),
        Box(label("Cause found"), row.cause),
    )


def _solved(row: ComplaintRow, last: HandlingRow, currency: str) -> tuple[Part, ...]:
    """The solution with its compensation and who offered it when; what was agreed and done; how hard it was."""
    offered = fields(
        (label("Measure taken"), said(MEASURES, row.measure)),
        (label("Compensation"), _amount(row.compensation, currency)),
        (label("Compensation proposed"), _amount(row.proposed, currency)),
        (label("Compensation approved"), _amount(row.approved, currency) if row.approved_at else ""),
        (label("Approved at"), row.approved_at),
        (label("Approved by"), last.approved_by_name),
        (label("Handled by"), last.solution_by_name),
        (label("Offered at"), row.solution_at),
    )
    agreed = fields(
        (label("Agreed by"), row.agreed_whom),
        (label("Agreed at"), row.agreed_at),
        (label("Difficulty of the case"), said(DIFFICULTIES, row.difficulty)),
    )
    return (
        Box(label("Solution"), row.solution),
        Group(offered),
        Box(label("Carried out so far"), row.carried_out),
        Group(agreed),
    )


def _visited(row: ComplaintRow, last: HandlingRow) -> tuple[Part, ...]:
    """The call on the customer (003 Art. 24)."""
    visited = fields(
        (HANDLER_SIGNS, row.handler_name),
        (label("Site visit"), say("the customer declined it") if row.visit_declined else row.visited_at),
        (label("Recorded by"), last.visited_by_name),
    )
    return (
        Group(visited),
        Box(label("Finding on site"), row.finding, 1),
        Box(label("Agreed on site"), row.agreed, 1),
    )


def _decided(row: ComplaintRow, last: HandlingRow) -> tuple[Part, ...]:
    """The deputy general manager's instruction, or an empty frame for it."""
    decided = fields(
        (label("Decision"), said(DECISIONS, row.decision)),
        (label("Passed on to"), row.referred_to),
        (label("Decided at"), row.decided_at),
        (label("Decided by"), last.decided_by_name),
    )
    return (Box(label("Instruction of the deputy general manager"), row.decision_words, 3), Group(decided))


def _told(row: ComplaintRow, last: HandlingRow) -> tuple[Part, ...]:
    told = fields(
        (label("Result told"), said(WAYS, row.told_how)),
        (label("Letter no."), row.letter),
        (label("Told to"), row.told_whom),
        (label("Told at"), row.told_at),
        (label("Told by"), last.told_by_name),
    )
    return (Group(told), Box(label("What was told"), row.told_words, 1))


def _followed_up(row: ComplaintRow, last: HandlingRow) -> tuple[Part, ...]:
    asked = fields(
        (label("Customer's satisfaction"), said(SATISFACTION, str(row.satisfaction))),
        (label("Followed up at"), row.followed_up_at),
        (label("Followed up by"), last.followed_up_by_name),
        (label("Consent of"), last.unreconciled_by_name),
        Field(label("Not reconciled because"), row.unreconciled, wide=True),
    )
    return (
        Box(label("Customer's opinion"), row.reaction, 1),
        Group(asked),
        Box(label("Follow-up plan"), row.follow_up_plan, 1),
    )


def _ended(row: ComplaintRow, last: HandlingRow) -> Group:
    """Hours from the receipt of this round to its end, whether it is closed, and when."""
    ended = row.closed_at or row.withdrawn_at
    hours = "" if ended is None else f"{(ended - row.begun_at).total_seconds() / 3600:.1f}"
    return Group(
        fields(
            (label("Hours taken"), hours),
            (label("State"), said(STATES, row.state)),
            (label("Completed at"), ended),
            (label("Closed by"), last.closed_by_name),
            (label("Round"), str(row.round)),
            (label("Repeat complaint of"), row.repeat_of),
            *((Field(label("Customer's words"), row.withdrawn_words, wide=True),) if row.withdrawn_words else ()),
        )
    )


def _learnt(row: ComplaintRow, last: HandlingRow) -> tuple[Part, ...]:
    return (
        Box(label("Suggested improvement"), row.improvement, 1),
        Box(label("Summary of the case"), row.summary, 1),
        Group(fields((label("Summed up by"), last.closed_by_name), (label("Date"), row.closed_at))),
    )


def _malicious(row: ComplaintRow, evidence: Sequence[EvidenceRow]) -> tuple[Part, ...]:
    marked = fields(
        (label("Malicious"), say("yes") if row.malicious else say("no")),
        (label("Who of the legal side was told"), row.legal_told),
        Field(label("Why it is malicious"), row.malicious_because, wide=True),
    )
    return (Group(marked), evidence_list(evidence))


def _amount(amount: int, currency: str) -> str:
    return show_amount(amount, currency) if amount else ""
