"""What hangs on a line of the register: visits, voucher entries, urges, corrections, tellings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from servicedesk.domain.words import label

TELL_REASONS: Mapping[str, str] = {
    "late": label("the visit is late"),
    "moved": label("the visit was moved"),
    "reassigned": label("another technician comes"),
    "recalled": label("the visit was called off"),
    "revisit": label("a further visit is needed"),
    "ready": label("the repair is done"),
    "promise": label("the promised time has changed"),
    "beyond_repair": label("the product is beyond repair"),
}

OUTCOMES: Mapping[str, str] = {
    "done_on_site": label("done on site"),
    "carried_back": label("carried back"),
    "revisit": label("revisit"),
}

SIGNATURES: Mapping[str, str] = {
    "signed": label("signed"),
    "countersigned": label("countersigned"),
    "signed_sealed": label("signed and sealed"),
}

MEDIA: Mapping[str, str] = {"paper": label("paper"), "code": label("acceptance code"), "none": label("none")}


class VisitRow(NamedTuple):
    """One visit of a call."""

    nth: int
    technician: str
    technician_name: str
    state: str
    dispatched_at: datetime
    arrived_at: datetime | None
    left_at: datetime | None
    outcome: str
    reason: str


class EntryRow(NamedTuple):
    """One entry of a voucher; parts as (name, quantity), fees as (kind, minor units)."""

    call: str
    arrived_at: datetime
    left_at: datetime
    cause: str
    work: str
    outcome: str
    signature: str
    signer: str
    technician_name: str
    parts: tuple[tuple[str, int], ...] = ()
    fees: tuple[tuple[str, int], ...] = ()


class UrgeRow(NamedTuple):
    """A repeated call."""

    at: datetime
    by_name: str
    words: str


class CorrectionRow(NamedTuple):
    """A corrected column with the old value."""

    at: datetime
    by_name: str
    column: str
    before: str
    after: str


class TellingRow(NamedTuple):
    """A customer to be told, or told."""

    id: int
    number: str
    customer_name: str
    telephone: str
    unit: str
    reason: str
    since: datetime
    told_at: datetime | None
    told_whom: str
    told_how: str
