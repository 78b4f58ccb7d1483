"""What hangs on a complaint handling sheet: departments, events, evidence, letters; and the tables that grade it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from servicedesk.domain.complaints import GRAVITIES, NATURES, PRIORITIES, SCOPES, URGENCIES
from servicedesk.domain.masking import mask_address, mask_email, mask_telephone
from servicedesk.domain.words import Sentence, label, say

BECAME = " → "
"""Between what was and what is, in an entry of the event log that tells of a change."""

_GRADES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "nature": (label("Nature"), NATURES),
    "gravity": (label("Gravity"), GRAVITIES),
    "urgency": (label("Urgency"), URGENCIES),
    "scope": (label("Scope of impact"), SCOPES),
    "priority": (label("Priority"), PRIORITIES),
    "owner": (label("Person responsible"), {}),
}
_CORRECTED = {
    "customer_name": label("Complainant"),
    "contact": label("Contact"),
    "telephone": label("Telephone"),
    "email": label("E-mail"),
    "address": label("Address"),
    "model_no": label("Product"),
    "serial_no": label("Serial"),
    "content": label("Content"),
    "remedy": label("Remedy asked for"),
}
_MASKS = {"telephone": mask_telephone, "email": mask_email, "address": mask_address}


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


def regraded(event: EventRow) -> Sentence:
    """What an event "graded" changed, in words: its `how` names the grade, its `whom` holds the two codes."""
    shown, words = _GRADES[event.how]
    before, _, after = event.whom.partition(BECAME)
    return say(
        "{field}: {before} → {after}", field=Sentence(shown), before=_word(words, before), after=_word(words, after)
    )


def _word(words: Mapping[str, str], code: str) -> Sentence | str:
    return Sentence(words[code]) if code in words else code


def corrected(event: EventRow, *, in_clear: bool) -> Sentence:
    """What an event "correction" changed, in words: its `how` names the column, its `whom` holds the two values.

    Telephone, e-mail and address are masked for who does not read them in full.
    """
    before, _, after = event.whom.partition(BECAME)
    if not in_clear and event.how in _MASKS:
        before, after = (_MASKS[event.how](value) if value else "" for value in (before, after))
    return say(
        "{field}: it was “{before}”, now it is “{after}”.",
        field=Sentence(_CORRECTED[event.how]),
        before=before,
        after=after,
    )


class EvidenceRow(NamedTuple):
    """A piece of evidence."""

    line: int
    what: str
    kept: str
    at: datetime
    by_name: str


class LetterRow(NamedTuple):
    """A numbered letter with what it said for ever; `ask_for` is whom to ring, `compensation` in minor units."""

    number: str
    language: str
    words: str
    written_at: datetime
    written_by_name: str
    complaint: str
    addressee: str
    received_at: datetime
    content: str
    cause: str
    measure: str
    solution: str
    compensation: int
    ask_for: str


class HandlingRow(NamedTuple):
    """One handling, from a receipt to a closing, with the names of who did what; empty where nobody did it yet."""

    nth: int
    begun_at: datetime
    submitted_at: datetime | None
    acknowledged_by_name: str
    decided_by_name: str
    visited_by_name: str
    approved_by_name: str
    approved_words: str
    solution_by_name: str
    told_by_name: str
    followed_up_by_name: str
    unreconciled_by_name: str
    closed_by_name: str
    cause_class: str
    solution: str
    closed_at: datetime | None
    withdrawn_at: datetime | None


class PaperLine(NamedTuple):
    """A paper that a customer had before, in one line; `technician` is the login of who has it, for the rights."""

    number: str
    at: datetime
    state: str
    words: str
    unit: str
    technician: str


class PriorityRow(NamedTuple):
    """What follows from urgency and scope; `owner` is a login, empty for whoever assesses."""

    urgency: str
    scope: str
    priority: int
    owner: str

    @property
    def number(self) -> str:
        """By what a list names the line."""
        return f"{self.urgency}-{self.scope}"


class LimitsRow(NamedTuple):
    """The limits of one unit with its code and currency (minutes, minor units, days)."""

    unit: str
    currency: str
    acknowledge: int
    solve: int
    follow_up: int
    follow_up_from: str
    compensation: int
    reopen_days: int

    @property
    def number(self) -> str:
        """By what a list names the line."""
        return self.unit


class EscalationStepRow(NamedTuple):
    """At which share of a clock's limit it goes to which role."""

    clock: str
    percent: int
    role: str

    @property
    def number(self) -> str:
        """By what a list names the line."""
        return f"{self.clock}-{self.percent}"
