"""Signing in: who is let in, who waits, what the log keeps, and the first administrator."""

from __future__ import annotations

import json
import os
import pwd
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from servicedesk.acts import passphrases
from servicedesk.acts.sign_in import OS_SIGN_IN, first_administrator, sign_in, sign_in_as_os_user
from servicedesk.domain.people import locked_until
from servicedesk.domain.rights import Actor, Post
from servicedesk.domain.words import Refused
from servicedesk.store import audit, people, staff, units
from servicedesk.store.migrate import open_books
from tests.world import PASSPHRASE, World

NEW = "seven small copper bells"
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = World(database_url)
    yield world
    world.close()


def enter(world: World, login: str, passphrase: str, after: int = 0) -> Actor:
    return sign_in(world.books, login, passphrase, NOW + timedelta(seconds=after))


def refused(world: World, login: str, passphrase: str, after: int = 0) -> str:
    with pytest.raises(Refused) as refusal:
        enter(world, login, passphrase, after)
    assert refusal.value.kind == "sign-in"
    return str(refusal.value)


def sign_ins(world: World) -> list[tuple[str, str]]:
    with world.books.reading() as reading:
        assert audit.verify(reading).fault is None
        return [(line.actor, line.outcome) for line in audit.lines(reading) if line.act == "sign_in"]


def failures(world: World, login: str) -> int:
    known = world.read(staff.credentials, login)
    assert known is not None
    return known.failures


def test_the_right_words_let_in_and_renew_an_outdated_digest(world: World) -> None:
    before = world.read(staff.credentials, "lin")
    actor = enter(world, " LIN ", PASSPHRASE)
    assert (actor.login, actor.unit, actor.posts) == ("lin", "SZ", (Post("clerk", "SZ"),))
    after = world.read(staff.credentials, "lin")
    assert before is not None
    assert after is not None
    assert passphrases.is_outdated(before.digest)
    assert not passphrases.is_outdated(after.digest)
    assert after.digest.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert enter(world, "lin", PASSPHRASE).login == "lin"
    assert sign_ins(world) == [("lin", "done"), ("lin", "done")]


def test_unknown_wrong_and_gone_get_the_same_answer_and_each_its_line(world: World) -> None:
    world.do("adm", "staff.correct", "wu", active="no")
    answers = {
        refused(world, "nobody", PASSPHRASE),
        refused(world, "lin", PASSPHRASE + "!"),
        refused(world, "lin", ""),
        refused(world, "wu", PASSPHRASE),
    }
    assert answers == {"The login or the passphrase is not right."}
    assert sign_ins(world) == [("", "refused"), ("lin", "refused"), ("lin", "refused"), ("wu", "refused")]


def test_what_is_typed_as_login_or_passphrase_reaches_no_log(world: World) -> None:
    refused(world, PASSPHRASE, "lin")
    refused(world, "lin", "wrong " + PASSPHRASE)
    with world.books.reading() as reading:
        assert not any(PASSPHRASE in (line.detail or "") + line.actor for line in audit.lines(reading))
    assert PASSPHRASE not in repr(world.read(staff.credentials, "lin"))
    assert "argon2" not in repr(world.read(staff.credentials, "lin"))


def test_five_tries_are_free_then_one_waits_longer_and_longer(world: World) -> None:
    for _ in range(5):
        assert "not right" in refused(world, "lin", "wrong")
    assert "try again at" in refused(world, "lin", PASSPHRASE, after=1)
    assert failures(world, "lin") == 5
    assert "not right" in refused(world, "lin", "wrong", after=2)
    assert "try again at" in refused(world, "lin", PASSPHRASE, after=5)
    assert enter(world, "lin", PASSPHRASE, after=6).login == "lin"
    assert failures(world, "lin") == 0
    assert "not right" in refused(world, "lin", "wrong", after=7)
    assert enter(world, "lin", PASSPHRASE, after=8).login == "lin"
    assert [outcome for _, outcome in sign_ins(world)] == ["refused"] * 8 + ["done", "refused", "done"]


def test_the_wait_grows_to_fifteen_minutes_and_never_breaks() -> None:
    waits = [locked_until(count, NOW) for count in (4, 5, 6, 13, 14, 100, 10**6)]
    seconds = [wait and (wait - NOW).total_seconds() for wait in waits]
    assert seconds == [None, 2, 4, 512, 900, 900, 900]


def test_a_reset_by_the_administrator_lets_in_again(world: World) -> None:
    for _ in range(6):
        refused(world, "lin", "wrong")
    world.do("adm", "staff.reset", "lin", passphrase=NEW)
    assert enter(world, "lin", NEW).login == "lin"
    assert "not right" in refused(world, "lin", PASSPHRASE)
    done = world.do("adm", "staff.reset", "lin")
    told = dict(done.sentence.values)["more"].values[0][1]
    assert enter(world, "lin", told).login == "lin"
    with world.books.reading() as reading:
        resets = [line for line in audit.lines(reading) if line.act == "staff.reset"]
    assert [line.numbers for line in resets] == ["lin", "lin"]
    assert not any(NEW in (line.detail or "") or told in (line.detail or "") for line in resets)


def test_a_person_without_a_digest_is_never_let_in(world: World) -> None:
    with world.books.writing() as writing:
        known = staff.credentials(writing, "lin")
        assert known is not None
        from servicedesk.store import tables

        writing.change(tables.Staff, known.id, passphrase="")
    assert "not right" in refused(world, "lin", "")
    assert "not right" in refused(world, "lin", PASSPHRASE)


def test_nobody_s_digest_costs_as_much_as_any_other() -> None:
    assert not passphrases.is_outdated(passphrases.NOBODYS)


def test_the_same_words_from_another_keyboard() -> None:
    kept = passphrases.digest("caf\u00e9 au lait du matin")
    assert passphrases.matches(kept, " cafe\u0301 au lait du matin")
    assert not passphrases.matches(kept, "cafe au lait du matin")
    assert not passphrases.matches("not a digest", "cafe au lait du matin")


def test_the_account_of_the_machine_lets_in_only_where_the_books_allow_it(world: World) -> None:
    account = pwd.getpwuid(os.getuid()).pw_name
    world.do("adm", "staff.correct", "lin", os_user=account)
    assert sign_in_as_os_user(world.books, NOW) is None
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), OS_SIGN_IN, "yes")
    actor = sign_in_as_os_user(world.books, NOW)
    assert actor is not None
    assert actor.login == "lin"
    assert sign_ins(world) == [("lin", "done")]
    world.do("adm", "staff.correct", "lin", active="no")
    assert sign_in_as_os_user(world.books, NOW) is None


def test_new_books_get_their_first_administrator_once(database_url: str) -> None:
    books = open_books(database_url)
    try:
        unit = ("HQ", "Customer Department", "Asia/Shanghai")
        with pytest.raises(Refused) as refusal:
            first_administrator(books, "ho", "Ho", "ho-servicedesk-1", *unit, "", NOW)
        assert refusal.value.field == "passphrase"
        with pytest.raises(Refused) as refusal:
            first_administrator(books, "ho", "Ho", NEW, "HQ", "Department", "Shenzhen", "", NOW)
        assert refusal.value.field == "timezone"
        actor = first_administrator(books, "ho", "Ho", NEW, *unit, "ho_os", NOW)
        assert actor.posts == (Post("administrator", "HQ"),)
        assert sign_in(books, "ho", NEW, NOW).id == actor.id
        with pytest.raises(Refused, match="have staff already"):
            first_administrator(books, "eve", "Eve", NEW, *unit, "", NOW)
        with books.reading() as reading:
            lines = [(line.act, line.actor, line.outcome) for line in audit.lines(reading)]
            details = [json.loads(line.detail or "{}") for line in audit.lines(reading)]
            assert audit.verify(reading).fault is None
            opened = units.unit(reading, "HQ")
            facts = people.facts(reading)
            assert people.units(books, reading, facts)["HQ"] == opened
        assert lines == [("init", "ho", "done"), ("sign_in", "ho", "done")]
        assert details[0]["entered"]["unit"]["code"] == "HQ"
        assert facts[OS_SIGN_IN] == "yes"
    finally:
        books.close()
