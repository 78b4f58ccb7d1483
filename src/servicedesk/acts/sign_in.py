"""Signing in: by passphrase or by the account on this machine; the very first administrator (reliability §4.2).

The role always comes from the books, never from the machine. Every answer leaves its own audit line.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from servicedesk.acts import passphrases
from servicedesk.domain.people import CUSTOMER_DEPARTMENT_UNIT, check_passphrase, locked_until
from servicedesk.domain.people import OS_SIGN_IN as OS_SIGN_IN
from servicedesk.domain.rights import ADMINISTRATOR, Actor
from servicedesk.domain.text import clean
from servicedesk.domain.words import Refused, Sentence, say

if TYPE_CHECKING:
    from servicedesk.store.engine import Books
    from servicedesk.store.session import Writing
    from servicedesk.store.staff import Credentials

SIGN_IN = "sign_in"
FIRST = "init"


def sign_in(books: Books, login: str, passphrase: str, now: datetime) -> Actor:
    """Let a person in by login and passphrase.

    The words are checked outside the write transaction, which then counts the failure or takes the lock off. Five wrong
    ones are free, then the account is locked for 2, 4, 8 … seconds, at most 15 minutes; no colleague can lock it for
    good. An unknown login, one that has left and wrong words get the same answer.

    Raises:
        Refused: kind "sign-in".
    """
    from servicedesk.store import staff

    login = clean(login).lower()
    with books.reading() as reading:
        seen = staff.credentials(reading, login)
    waiting = _locked(seen, now)
    right = waiting is None and passphrases.matches(seen.digest if seen else "", passphrase)
    renewed = passphrases.digest(passphrase) if right and seen and passphrases.is_outdated(seen.digest) else ""
    with books.writing() as writing:
        found = staff.credentials(writing, login)
        waiting = _locked(found, now)
        same = found is not None and seen is not None and found.digest == seen.digest
        if found is not None and waiting is None and right and same and found.active:
            return _let_in(books, writing, found, now, "passphrase", renewed)
        refusal = waiting or say("The login or the passphrase is not right.")
        _refuse(writing, found, now, refusal, count=waiting is None)
    raise Refused(refusal, kind="sign-in")


def sign_in_as_os_user(books: Books, now: datetime) -> Actor | None:
    """Let in who runs the program, where the books allow it and know the account; None otherwise."""
    from servicedesk.store import people, staff

    try:
        account = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return None
    with books.reading() as reading:
        if people.facts(reading).get(OS_SIGN_IN) != "yes":
            return None
        found = staff.credentials_of_os_user(reading, account)
    if found is None or not found.active:
        return None
    with books.writing() as writing:
        return _let_in(books, writing, found, now, "account", "")


def first_administrator(
    books: Books,
    login: str,
    name: str,
    passphrase: str,
    unit_code: str,
    unit_name: str,
    timezone: str,
    os_user: str,
    now: datetime,
    *,
    kind: str = CUSTOMER_DEPARTMENT_UNIT,
    country: str = "CN",
) -> Actor:
    """Write the first unit and its administrator into new books, in one transaction with its audit line.

    Naming an account of this machine also lets people in by their accounts.

    Raises:
        Refused: in books that have staff, or where something cannot be as given.
    """
    from servicedesk.acts.staff import add_person, checked_login
    from servicedesk.acts.units import UnitEntry, open_unit
    from servicedesk.store import people, staff

    login, name = checked_login(login), clean(name)
    unit = UnitEntry(code=unit_code, name=clean(unit_name), kind=kind, timezone=timezone, country=country)
    check_passphrase(passphrase, login, name)
    digest = passphrases.digest(passphrase)
    with books.writing() as writing:
        if staff.has_staff(writing):
            raise Refused(say("These books have staff already: ask an administrator for a login."))
        facts = people.facts(writing)
        opened, _ = open_unit(writing, now, unit)
        add_person(
            writing,
            login=login,
            name=name,
            unit_id=opened.id,
            roles=(ADMINISTRATOR,),
            os_user=os_user or None,
            language="",
            digest=digest,
        )
        if os_user:
            people.set_fact(writing, facts, OS_SIGN_IN, "yes")
        for mark in (people.PEOPLE, people.CALENDARS):
            people.moved(writing, facts, mark)
        entered = {"name": name, "os_user": os_user, "unit": unit.model_dump()}
        _write_audit(writing, facts, now, FIRST, login, "done", {"entered": entered})
        return people.actor(books, writing, facts, login, now)


def _locked(known: Credentials | None, now: datetime) -> Sentence | None:
    if known is None or known.locked_until is None or known.locked_until <= now:
        return None
    return say("Too many wrong passphrases: try again at {at}.", at=known.locked_until)


def _let_in(books: Books, writing: Writing, found: Credentials, now: datetime, how: str, renewed: str) -> Actor:
    """Take the lock off, keep the renewed digest, write the line; the posts are read in the same transaction."""
    from servicedesk.store import people, tables

    facts = people.facts(writing)
    kept = {"passphrase": renewed} if renewed else {}
    if kept or found.failures or found.locked_until:
        writing.change(tables.Staff, found.id, failures=0, locked_until=None, **kept)
    _write_audit(writing, facts, now, SIGN_IN, found.login, "done", {"how": how})
    return people.actor(books, writing, facts, found.login, now)


def _refuse(writing: Writing, found: Credentials | None, now: datetime, refusal: Sentence, *, count: bool) -> None:
    """Count the failure and write the line. An unknown login is not written: people type passphrases there."""
    from servicedesk.store import people, tables

    if found is not None and count:
        failures = found.failures + 1
        writing.change(tables.Staff, found.id, failures=failures, locked_until=locked_until(failures, now))
    login = found.login if found is not None else ""
    _write_audit(writing, people.facts(writing), now, SIGN_IN, login, "refused", {"refused": str(refusal)})


def _write_audit(
    writing: Writing,
    facts: dict[str, str],
    now: datetime,
    act: str,
    login: str,
    outcome: str,
    detail: Mapping[str, Any],
) -> None:
    from servicedesk.store import audit

    audit.append(
        writing,
        at=now,
        actor=login,
        holder="",
        act=act,
        outcome=outcome,
        numbers=(),
        request="",
        detail=dict(detail),
        facts=facts,
    )
