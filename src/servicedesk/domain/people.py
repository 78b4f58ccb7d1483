"""Units, staff, stand-ins, absences, calendars: who may keep them (003 Art. 3; §1.7; D40)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from servicedesk.domain.rights import ADMINISTRATOR, ALL, ROLES, SUPERVISOR, UNIT, Rule
from servicedesk.domain.words import label

UNIT_KINDS: Mapping[str, str] = {
    "customer_department": label("Customer Department"),
    "service_centre": label("service centre"),
    "branch": label("branch"),
}

FREE_TRIES = 5
LONGEST_LOCK = timedelta(minutes=15)
SHORTEST_PASSPHRASE = 12
LONGEST_PASSPHRASE = 128


def locked_until(failures: int, now: datetime) -> datetime | None:
    """After five wrong passphrases each further one locks for 2, 4, 8 … seconds, at most 15 minutes."""
    if failures < FREE_TRIES:
        return None
    return now + min(timedelta(seconds=2 ** (failures - FREE_TRIES + 1)), LONGEST_LOCK)


_ADMINISTRATOR = {ADMINISTRATOR: ALL}
_SUPERVISOR = {SUPERVISOR: UNIT}

RULES: Mapping[str, Rule] = {
    "units.enter": Rule(label("Enter a unit"), _ADMINISTRATOR),
    "units.correct": Rule(label("Correct a unit"), _ADMINISTRATOR),
    "units.hours": Rule(label("Set working hours"), _ADMINISTRATOR),
    "calendar.fill": Rule(label("Fill the calendar of a year"), _ADMINISTRATOR),
    "calendar.set": Rule(label("Set a day of the calendar"), _ADMINISTRATOR),
    "calendar.import": Rule(label("Import the calendar"), _ADMINISTRATOR),
    "districts.set": Rule(label("Set a district"), _ADMINISTRATOR),
    "staff.enter": Rule(label("Enter a person"), _ADMINISTRATOR),
    "staff.correct": Rule(label("Correct a person"), _ADMINISTRATOR),
    "staff.reset": Rule(label("Reset a passphrase"), _ADMINISTRATOR),
    "staff.stand_in": Rule(label("Name a stand-in"), {ADMINISTRATOR: ALL, SUPERVISOR: UNIT}),
    "staff.absence": Rule(label("Enter an absence"), _SUPERVISOR),
    "staff.shift": Rule(label("Set a shift"), _SUPERVISOR),
    "staff.passphrase": Rule(label("Change one's own passphrase"), dict.fromkeys(ROLES, ALL)),
}
