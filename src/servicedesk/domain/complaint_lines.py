"""What hangs on a complaint handling sheet: departments, events, evidence, letters; and the tables that grade it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class DepartmentRow(NamedTuple):
    """A responsible department with its part and its answer."""

    line: int
    department: str
    part: str
    asked_at: datetime
    asked_by_name: str
    answer: str
    answered_at: datetime | None
    answered_by_name: str


class EventRow(NamedTuple):
    """An entry of the contact, urge and event log; `role` and `clock` tell of an escalation, without a person."""

    kind: str
    at: datetime
    by_name: str
    how: str
    whom: str
    words: str
    clock: str
    percent: int
    role: str


class EvidenceRow(NamedTuple):
    """A piece of evidence."""

    line: int
    what: str
    kept: str
    at: datetime
    by_name: str


class LetterRow(NamedTuple):
    """A numbered letter."""

    number: str
    language: str
    words: str
    written_at: datetime
    written_by_name: str


class PriorityRow(NamedTuple):
    """What follows from urgency and scope; `owner` is a login, empty for whoever assesses."""

    urgency: str
    scope: str
    priority: int
    owner: str


class EscalationStepRow(NamedTuple):
    """At which share of a clock's limit it goes to which role."""

    clock: str
    percent: int
    role: str
