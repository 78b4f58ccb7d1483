"""Staff, stand-ins, absences, passphrases; who may keep them and the units (003 Art. 3; §1.7; D40)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from servicedesk.domain.clocks import Window
from servicedesk.domain.rights import (
    ADMINISTRATOR,
    ALL,
    CLERK,
    ROLES,
    SUPERVISOR,
    TECHNICIAN,
    UNIT,
    Actor,
    Rule,
)
from servicedesk.domain.words import Refused, Sentence, label, say

CUSTOMER_DEPARTMENT_UNIT = "customer_department"
SERVICE_CENTRE = "service_centre"
BRANCH = "branch"

UNIT_KINDS: Mapping[str, str] = {
    CUSTOMER_DEPARTMENT_UNIT: label("Customer Department"),
    SERVICE_CENTRE: label("service centre"),
    BRANCH: label("branch"),
}

LANGUAGES: Mapping[str, str] = {
    "en": label("English"),
    "zh_CN": label("Simplified Chinese"),
    "zh_TW": label("Traditional Chinese"),
}

ACTIVE = "active"
LEFT = "left"

OS_SIGN_IN = "os_sign_in"
"""The fact of the books that lets people in by their account on this machine, where it is `yes`."""

FREE_TRIES = 5
LONGEST_LOCK = timedelta(minutes=15)
SHORTEST_PASSPHRASE = 12
LONGEST_PASSPHRASE = 128
_LONGEST_DOUBLING = 10  # 2 to this power is more seconds than the longest lock

SUPERVISOR_ENTRUSTS = (CLERK, TECHNICIAN, SUPERVISOR)
"""The posts of the own unit for which a supervisor may name a stand-in: his own and those under him."""


class StaffRow(NamedTuple):
    """A person of the department as lists, guards and lookups see one; never the passphrase."""

    id: int
    login: str
    version: int
    name: str
    unit: str
    roles: tuple[str, ...]
    os_user: str
    active: bool
    language: str

    @property
    def number(self) -> str:
        """By which acts name the person."""
        return self.login

    @property
    def technician(self) -> str:
        """Whose own row it is."""
        return self.login

    @property
    def state(self) -> str:
        """`ACTIVE`, or `LEFT`: staff are never deleted, their papers name them."""
        return ACTIVE if self.active else LEFT


class AbsenceRow(NamedTuple):
    """From when until when a technician is not on duty, and why."""

    begins: datetime
    ends: datetime
    reason: str


class TechnicianDay(NamedTuple):
    """A technician on one day: absences that touch it, and the shift where it differs from the unit's hours."""

    id: int
    login: str
    name: str
    absences: tuple[AbsenceRow, ...]
    shift: Window | None


class StandInRow(NamedTuple):
    """Who stands in for whom, in which post, on which days, both included (D40)."""

    holder: str
    role: str
    stand_in: str
    begins: date
    ends: date


def locked_until(failures: int, now: datetime) -> datetime | None:
    """After five wrong passphrases each further one locks for 2, 4, 8 … seconds, at most 15 minutes."""
    if failures < FREE_TRIES:
        return None
    doubling = min(failures - FREE_TRIES + 1, _LONGEST_DOUBLING)
    return now + min(timedelta(seconds=2**doubling), LONGEST_LOCK)


def check_passphrase(passphrase: str, login: str, name: str, *, field: str = "passphrase") -> None:
    """Refuse a passphrase that is too short, too long, or made of what everybody knows."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        sentence = say("A passphrase has at least {count} characters: take a few words.", count=SHORTEST_PASSPHRASE)
        raise Refused(sentence, field=field)
    if len(passphrase) > LONGEST_PASSPHRASE:
        raise Refused(say("A passphrase has at most {count} characters.", count=LONGEST_PASSPHRASE), field=field)
    rest = _plain(passphrase)
    known = {_plain(word) for word in (login, name, *name.split(), "servicedesk")}
    for word in sorted(known - {""}, key=len, reverse=True):
        rest = rest.replace(word, "")
    if not any(character.isalpha() for character in rest) and rest != _plain(passphrase):
        sentence = say("A passphrase of the login, the name or “servicedesk” is guessed at once: take other words.")
        raise Refused(sentence, field=field)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def read_roles(typed: str) -> tuple[str, ...]:
    """The roles meant by `clerk, supervisor`, each once, in the order typed.

    Raises:
        Refused: on the field `roles`, for an unknown role or none at all.
    """
    words = unicodedata.normalize("NFKC", typed).replace("、", ",").replace(";", ",").split(",")
    roles = dict.fromkeys(_role(word.strip()) for word in words if word.strip())
    if not roles:
        raise Refused(say("Give at least one role: {roles}.", roles=tuple(ROLES)), field="roles")
    return tuple(roles)


def _role(word: str) -> str:
    folded = word.casefold().replace(" ", "_").replace("-", "_")
    for role, name in ROLES.items():
        if folded in (role, name.casefold().replace(" ", "_")):
            return role
    raise Refused(say("“{typed}” is not a role: {roles}.", typed=word, roles=tuple(ROLES)), field="roles")


def is_technician(actor: Actor, row: StaffRow) -> Sentence | None:
    """Absences and shifts are kept for technicians who are active."""
    if not row.active or TECHNICIAN not in row.roles:
        return say("{name} is not a technician on duty here.", name=row.name)
    return None


def is_active(actor: Actor, row: StaffRow) -> Sentence | None:
    """Nobody stands in for a person who has left, since the post is gone with the person."""
    return None if row.active else say("{name} is not active any more.", name=row.name)


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
    "staff.stand_in": Rule(label("Name a stand-in"), {ADMINISTRATOR: ALL, SUPERVISOR: UNIT}, guards=(is_active,)),
    "staff.absence": Rule(label("Enter an absence"), _SUPERVISOR, guards=(is_technician,)),
    "staff.shift": Rule(label("Set a shift"), _SUPERVISOR, guards=(is_technician,)),
    "staff.passphrase": Rule(label("Change one's own passphrase"), dict.fromkeys(ROLES, ALL)),
}
