"""The tables of the complaint handling sheet: departments, clocks, escalations, logs, evidence (forms §3.11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from servicedesk.domain.complaint_clocks import CLOCKS, ClockRow, StepRow
from servicedesk.domain.complaint_lines import (
    BECAME,
    DepartmentRow,
    EventRow,
    EvidenceRow,
    HandlingRow,
    corrected,
    regraded,
)
from servicedesk.domain.complaints import CAUSES, EVENTS, HEARD
from servicedesk.domain.rights import ROLES
from servicedesk.domain.words import Sentence, label, say
from servicedesk.papers.paper import Column, Table, Value, columns


def departments_asked(rows: Sequence[DepartmentRow]) -> Table:
    """The responsible departments, each with its part and its answer (R99)."""
    return Table(
        columns(
            (label("Responsible department"), 3),
            (label("Its part in it"), 4),
            (label("Asked at"), 3),
            (label("Its answer"), 4),
            (label("Answered at"), 3),
        ),
        tuple((one.department, one.part, one.asked_at, one.answer, one.answered_at) for one in rows),
        label("Responsible departments"),
        blank=0 if rows else 1,
    )


def time_limits(rows: Sequence[ClockRow]) -> Table:
    """The three clocks of every round (K8-K10)."""
    return Table(
        columns(
            Column(label("Round"), 2, right=True),
            (label("Clock"), 5),
            (label("Began at"), 5),
            (label("Due by"), 5),
            (label("Stopped at"), 5),
            (label("In time"), 3),
        ),
        tuple(
            (str(one.nth), said(CLOCKS, one.clock), one.starts_at, one.due_at, one.stopped_at, _in_time(one))
            for one in rows
        ),
        label("Time limits"),
    )


def _in_time(row: ClockRow) -> Value:
    if row.stopped_at is None:
        return ""
    return say("in time") if row.stopped_at <= row.due_at else say("overdue")


def escalations(rows: Sequence[StepRow]) -> Table:
    """The escalation steps that happened."""
    return Table(
        columns(
            Column(label("Round"), 2, right=True),
            (label("Clock"), 5),
            Column(label("Share"), 3, right=True),
            (label("Escalated to"), 7),
            (label("Escalated at"), 6),
        ),
        tuple(
            (str(one.nth), said(CLOCKS, one.clock), f"{one.percent} %", said(ROLES, one.role), one.happened_at)
            for one in rows
            if one.happened_at is not None
        ),
        label("Escalations"),
    )


def log(title: str, rows: Sequence[EventRow], *, in_clear: bool) -> Table:
    """One of the logs; corrected telephones are masked for who does not read them in full."""
    return Table(
        columns((label("When"), 4), (label("What happened"), 4), (label("Recorded by"), 3), (label("Words"), 8)),
        tuple((one.at, said(EVENTS, one.kind), one.by_name, _happened(one, in_clear)) for one in rows),
        title,
        blank=0 if rows else 1,
    )


def _happened(event: EventRow, in_clear: bool) -> Value:
    """What an entry of the log tells: what changed, or who was spoken with, how, and what was said."""
    if event.kind == "graded":
        return _with_words(regraded(event), event.words)
    if event.kind == "correction":
        return corrected(event, in_clear=in_clear)
    if BECAME in event.whom:
        return event.whom.removeprefix(BECAME)
    if event.whom and event.how in HEARD:
        return _with_words(say("{whom}, {how}", whom=event.whom, how=Sentence(HEARD[event.how])), event.words)
    return " / ".join(filter(None, (event.whom, event.words)))


def _with_words(told: Sentence, words: str) -> Sentence:
    return say("{told} / {words}", told=told, words=words) if words else told


def evidence_list(rows: Sequence[EvidenceRow]) -> Table:
    """What proves a complaint malicious, and where it is kept (R168)."""
    return Table(
        columns(
            (label("Piece of evidence"), 6), (label("Kept where"), 4), (label("Recorded by"), 3), (label("When"), 3)
        ),
        tuple((one.what, one.kept, one.by_name, one.at) for one in rows),
        label("Evidence"),
    )


def earlier_rounds(rows: Sequence[HandlingRow]) -> Table:
    """What was done before it was reopened."""
    return Table(
        columns(
            Column(label("Round"), 2, right=True),
            (label("Began at"), 5),
            (label("Class of the cause"), 5),
            (label("Solution"), 10),
            (label("Completed at"), 5),
        ),
        tuple(
            (
                str(one.nth),
                one.begun_at,
                said(CAUSES, one.cause_class),
                one.solution,
                one.closed_at or one.withdrawn_at,
            )
            for one in rows
        ),
        label("Earlier rounds"),
    )


def said(words: Mapping[str, str], value: str) -> Value:
    """The word of a code; nothing where none is set."""
    return Sentence(words[value]) if value in words else ""
