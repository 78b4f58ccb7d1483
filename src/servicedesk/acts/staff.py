"""Keeping the staff: posts, passphrases, stand-ins, absences and shifts (003 Art. 3, 5; §1.7; D40)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator

from servicedesk.acts import passphrases
from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.desk import Book, Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.acts.units import named_unit
from servicedesk.domain.hours import parse_windows, write_windows
from servicedesk.domain.people import LANGUAGES, SUPERVISOR_ENTRUSTS, StaffRow, check_passphrase, read_roles
from servicedesk.domain.rights import ADMINISTRATOR, ROLES
from servicedesk.domain.words import Refused, Sentence, label, say

if TYPE_CHECKING:
    from servicedesk.store.session import Reading, Writing

NONE = "-"
_LOGIN = re.compile("[a-z][a-z0-9._-]{1,31}")


class StaffBook(Book):
    """The staff; a person's row does not say who changed it, the audit log does."""

    def moved_on(self, look: Look, row: StaffRow) -> Sentence:
        """The sentence for a person who was changed since the form was opened."""
        return say("{name} was changed meanwhile: look again before you go on.", name=row.name)


def _one(store: Reading, login: str) -> StaffRow | None:
    from servicedesk.store import staff

    return staff.person(store, login)


STAFF = StaffBook("staff", _one)


def _roles(typed: object) -> tuple[str, ...]:
    return read_roles(typed if isinstance(typed, str) else ",".join(map(str, typed)))  # type: ignore[call-overload]


Roles = Annotated[tuple[str, ...], Ask(label("Roles, with commas between")), BeforeValidator(_roles)]


class PersonEntry(Entry):
    """A new person; without a passphrase one is invented and told once."""

    login: Annotated[str, Ask(label("Login"), width=20, row=1)]
    name: Annotated[str, Ask(label("Name"), row=1)]
    unit: Annotated[str, Ask(label("Unit"), "lookup", lookup="units")]
    roles: Roles
    os_user: Annotated[str, Ask(label("Account on this machine"))] = ""
    language: Annotated[str, Ask(label("Language"), "choice", LANGUAGES)] = ""
    passphrase: Annotated[str, Ask(label("First passphrase (empty: one is made)"), "secret")] = ""


class PersonCorrection(Entry):
    """What may change of a person; the login stands in the audit log and stays."""

    name: Annotated[str, Ask(label("Name"))]
    unit: Annotated[str, Ask(label("Unit"), "lookup", lookup="units")]
    roles: Roles
    active: Annotated[bool, Ask(label("Active"), "flag")]
    os_user: Annotated[str, Ask(label("Account on this machine (- for none)"))] = ""
    language: Annotated[str, Ask(label("Language"), "choice", LANGUAGES)] = ""


class ResetEntry(Entry):
    """A new passphrase given by the administrator; without one it is invented and told once."""

    passphrase: Annotated[str, Ask(label("New passphrase (empty: one is made)"), "secret")] = ""


class PassphraseEntry(Entry):
    """One's own passphrase."""

    current: Annotated[str, Ask(label("Passphrase until now"), "secret")]
    passphrase: Annotated[str, Ask(label("New passphrase"), "secret")]


class StandInEntry(Entry):
    """Who stands in for the holder of a post, on which days, both included (D40)."""

    role: Annotated[str, Ask(label("Post"), "choice", ROLES)]
    stand_in: Annotated[str, Ask(label("Stand-in"), "lookup", lookup="staff")]
    begins: Annotated[date, Ask(label("From"), "day", row=1)]
    ends: Annotated[date, Ask(label("To, included"), "day", row=1)]
    withdrawn: Annotated[bool, Ask(label("Take back what was named for these days"), "flag")] = False


class AbsenceEntry(Entry):
    """When a technician is not on duty; it replaces what was entered for that time."""

    begins: Annotated[datetime, Ask(label("From"), "moment", row=1)]
    ends: Annotated[datetime, Ask(label("To"), "moment", row=1)]
    reason: Annotated[str, Ask(label("Reason"))] = ""
    withdrawn: Annotated[bool, Ask(label("Take back what was entered for this time"), "flag")] = False


class ShiftEntry(Entry):
    """A technician's hours on a day on which they differ from the unit's."""

    day: Annotated[date, Ask(label("Day"), "day", row=1)]
    hours: Annotated[str, Ask(label("Hours"), row=1)] = ""
    withdrawn: Annotated[bool, Ask(label("Take back the shift of this day"), "flag")] = False


@act("staff.enter", PersonEntry, secret=True, ahead=passphrases.made)
def enter(desk: Desk, rows: Sequence[Any], entry: PersonEntry) -> Done:
    """Enter a person of a unit."""
    login = checked_login(entry.login)
    if _one(desk.store, login) is not None:
        raise Refused(say("There is a person with the login {login} already.", login=login), field="login")
    made: passphrases.Made = desk.ahead
    sentence = _told(entry.passphrase, made, login, entry.name)
    add_person(
        desk.store,
        login=login,
        name=entry.name,
        unit_id=named_unit(desk, entry.unit).id,
        roles=entry.roles,
        os_user=_os_user(desk, entry.os_user, login),
        language=entry.language,
        digest=made.digest,
    )
    desk.note(login, **entry.model_dump(exclude={"passphrase", "login"}))
    _people_moved(desk)
    return Done(say("{name} ({login}) is entered. {more}", name=entry.name, login=login, more=sentence), (login,))


@act("staff.correct", PersonCorrection, book=STAFF, prepare=lambda look, rows, values: _as_it_stands(rows[0]))
def correct(desk: Desk, rows: Sequence[Any], entry: PersonCorrection) -> Done:
    """Correct a person. Who leaves is set inactive, never deleted, and can do nothing from then on."""
    from servicedesk.store import staff, tables

    row: StaffRow = rows[0]
    is_administrator = entry.active and ADMINISTRATOR in entry.roles
    was_administrator = row.active and ADMINISTRATOR in row.roles
    if was_administrator and not is_administrator and not staff.has_other_administrator(desk.store, row):
        sentence = say("{name} is the last administrator: make somebody else one first.", name=row.name)
        raise Refused(sentence, field="roles" if entry.active else "active")
    os_user = None if entry.os_user == NONE else _os_user(desk, entry.os_user, row.login)
    desk.store.change_version(
        tables.Staff,
        row.id,
        row.version,
        name=entry.name,
        unit_id=named_unit(desk, entry.unit).id,
        os_user=os_user,
        active=entry.active,
        language=entry.language,
    )
    if entry.roles != row.roles:
        staff.set_roles(desk.store, row.id, entry.roles)
    after = staff.person(desk.store, row.login)
    for name in ("name", "unit", "roles", "os_user", "active", "language"):
        if getattr(after, name) != getattr(row, name):
            desk.note(row.login, **{name: [getattr(row, name), getattr(after, name)]})
    _people_moved(desk)
    return Done(say("{name} is corrected.", name=entry.name))


@act("staff.reset", ResetEntry, book=STAFF, secret=True, ahead=passphrases.made)
def reset(desk: Desk, rows: Sequence[Any], entry: ResetEntry) -> Done:
    """Give a person a new passphrase and take off the lock; the log says that it was done, never the words."""
    row: StaffRow = rows[0]
    made: passphrases.Made = desk.ahead
    sentence = _told(entry.passphrase, made, row.login, row.name)
    _set_digest(desk, row.id, made.digest)
    return Done(say("{name} has a new passphrase. {more}", name=row.name, more=sentence))


@act("staff.passphrase", PassphraseEntry, secret=True, ahead=passphrases.changed)
def change_passphrase(desk: Desk, rows: Sequence[Any], entry: PassphraseEntry) -> Done:
    """Change one's own passphrase; the one until now is asked for, since the terminal may be somebody else's."""
    from servicedesk.store import staff

    known, worked_out = staff.credentials(desk.store, desk.actor.login), desk.ahead
    if known is None or not worked_out.is_right or known.digest != worked_out.until_now:
        raise Refused(say("This is not your passphrase until now."), field="current", kind="rights")
    check_passphrase(entry.passphrase, desk.actor.login, desk.actor.name)
    _set_digest(desk, desk.actor.id, worked_out.digest)
    return Done(say("Your passphrase is changed."), (desk.actor.login,))


@act("staff.stand_in", StandInEntry, book=STAFF)
def stand_in(desk: Desk, rows: Sequence[Any], entry: StandInEntry) -> Done:
    """Name a stand-in for a post; naming the same person again for days that touch replaces the old days (D40)."""
    from servicedesk.store import staff, tables

    holder: StaffRow = rows[0]
    _may_entrust(desk, entry.role)
    if entry.role not in holder.roles:
        role = Sentence(ROLES[entry.role])
        raise Refused(say("{name} does not hold the post {role}.", name=holder.name, role=role), field="role")
    other = _one(desk.store, entry.stand_in.lower())
    if other is None or not other.active or other.id == holder.id:
        sentence = say("“{login}” is not an active person other than the holder.", login=entry.stand_in)
        raise Refused(sentence, field="stand_in")
    _in_order(entry.begins, entry.ends)
    if entry.ends < desk.today():
        raise Refused(say("These days are over: name a day from today on."), field="ends")
    dropped = staff.forget_stand_in(desk.store, holder.id, entry.role, other.id, entry.begins, entry.ends)
    _people_moved(desk)
    if entry.withdrawn:
        _was_there(dropped)
        return Done(say("{name} no longer stands in for {holder}.", name=other.name, holder=holder.name))
    days = {"begins": entry.begins, "ends": entry.ends}
    desk.store.add(tables.StandIn, holder_id=holder.id, role=entry.role, stand_in_id=other.id, **days)
    return Done(
        say("{name} stands in for {holder} from {begins} to {ends}.", name=other.name, holder=holder.name, **days)
    )


@act("staff.absence", AbsenceEntry, book=STAFF, prepare=lambda look, rows, values: _rest_of_today(look, rows[0]))
def absence(desk: Desk, rows: Sequence[Any], entry: AbsenceEntry) -> Done:
    """Enter when a technician is away; the dispatch board and the supervisor's report name the reason (D20)."""
    from servicedesk.store import staff, tables

    row: StaffRow = rows[0]
    _in_order(entry.begins, entry.ends, may_be_same=False)
    dropped = staff.forget_absence(desk.store, row.id, entry.begins, entry.ends)
    _people_moved(desk)
    if entry.withdrawn:
        _was_there(dropped)
        return Done(say("{name} is on duty again.", name=row.name))
    if not entry.reason:
        raise Refused(say("Give the reason of the absence: leave, illness, training."), field="reason")
    desk.store.add(tables.Absence, staff_id=row.id, begins=entry.begins, ends=entry.ends, reason=entry.reason)
    return Done(say("{name} is away from {begins} to {ends}.", name=row.name, begins=entry.begins, ends=entry.ends))


@act("staff.shift", ShiftEntry, book=STAFF)
def shift(desk: Desk, rows: Sequence[Any], entry: ShiftEntry) -> Done:
    """Set a technician's hours of one day."""
    from servicedesk.store import staff, tables

    row: StaffRow = rows[0]
    dropped = staff.forget_shift(desk.store, row.id, entry.day)
    _people_moved(desk)
    if entry.withdrawn:
        _was_there(dropped)
        return Done(say("{name} works as the unit does on {day}.", name=row.name, day=entry.day))
    windows = parse_windows(entry.hours)
    if len(windows) != 1:
        raise Refused(say("A shift is one stretch of time: type 12:00-20:00."), field="hours")
    desk.store.add(tables.Shift, staff_id=row.id, day=entry.day, opens=windows[0].opens, closes=windows[0].closes)
    hours = write_windows(windows)
    return Done(say("{name} works {hours} on {day}.", name=row.name, hours=hours, day=entry.day))


def checked_login(typed: str) -> str:
    """The login as it is kept.

    Raises:
        Refused: on the field, where it cannot be one.
    """
    login = typed.strip().lower()
    if not _LOGIN.fullmatch(login):
        sentence = say("A login begins with a letter and has 2 to 32 of a-z, 0-9, dot, hyphen and underscore.")
        raise Refused(sentence, field="login")
    return login


def add_person(
    store: Writing,
    *,
    login: str,
    name: str,
    unit_id: int,
    roles: tuple[str, ...],
    os_user: str | None,
    language: str,
    digest: str,
) -> None:
    """Write a new person with the posts."""
    from servicedesk.store import staff, tables

    staff_id = store.add(
        tables.Staff,
        login=login,
        name=name,
        unit_id=unit_id,
        os_user=os_user,
        passphrase=digest,
        failures=0,
        locked_until=None,
        active=True,
        language=language,
        version=1,
    )
    staff.set_roles(store, staff_id, roles)


def _told(typed: str, made: passphrases.Made, login: str, name: str) -> Sentence:
    """What to say of the passphrase; one that was typed is checked."""
    if typed:
        check_passphrase(typed, login, name)
        return say("The passphrase is the one you typed.")
    return say("The passphrase is {passphrase}: it is shown only now, pass it on in person.", passphrase=made.words)


def _set_digest(desk: Desk, staff_id: int, digest: str) -> None:
    from servicedesk.store import tables

    desk.store.change(tables.Staff, staff_id, passphrase=digest, failures=0, locked_until=None)


def _os_user(desk: Desk, typed: str, login: str) -> str | None:
    """The account typed, None for none. Raises `Refused` where it is somebody else's."""
    from servicedesk.store import staff

    if not typed or typed == NONE:
        return None
    other = staff.credentials_of_os_user(desk.store, typed)
    if other is not None and other.login != login:
        sentence = say("The account {os_user} belongs to {name} already.", os_user=typed, name=other.name)
        raise Refused(sentence, field="os_user")
    return typed


def _may_entrust(desk: Desk, role: str) -> None:
    """A supervisor entrusts the own post and those under it, never one that controls the supervisor."""
    if not desk.actor.has(ADMINISTRATOR) and role not in SUPERVISOR_ENTRUSTS:
        roles = tuple(Sentence(ROLES[role]) for role in SUPERVISOR_ENTRUSTS)
        sentence = say("A supervisor names stand-ins for {roles}: ask an administrator.", roles=roles)
        raise Refused(sentence, field="role", kind="rights")


def _in_order(begins: date, ends: date, *, may_be_same: bool = True) -> None:
    if ends < begins or (ends == begins and not may_be_same):
        raise Refused(say("The end comes before the beginning."), field="ends")


def _was_there(dropped: int) -> None:
    if not dropped:
        raise Refused(say("Nothing was entered for this time."), field="withdrawn")


def _people_moved(desk: Desk) -> None:
    from servicedesk.store import people

    people.moved(desk.store, desk.facts, people.PEOPLE)


def _rest_of_today(look: Look, row: StaffRow) -> Prepared:
    """From now until the unit closes, as when somebody falls ill; where it has closed, nothing is known."""
    spans = look.calendar(row.unit).spans(look.today(look.unit(row.unit).timezone))
    if not spans or spans[-1][1] <= look.now:
        return Prepared()
    return Prepared({"begins": look.now, "ends": spans[-1][1]})


def _as_it_stands(row: StaffRow) -> Prepared:
    return Prepared(
        {
            "name": row.name,
            "unit": row.unit,
            "roles": ", ".join(row.roles),
            "active": row.active,
            "os_user": row.os_user,
            "language": row.language,
        }
    )
