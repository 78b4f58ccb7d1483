"""The first page by the driver alone: the very rows, person and calendars that the ordinary way gives."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC
from pathlib import Path

import pytest

from servicedesk.domain.calls import CallFilter, Page
from servicedesk.domain.people import OS_SIGN_IN
from servicedesk.domain.rights import Actor
from servicedesk.store import calls, people
from servicedesk.store.engine import SCHEMA, Books, sqlite_driver
from servicedesk.store.first_page import FirstPage, first_page, page_sql
from servicedesk.store.prepared import Prepared
from tests.world import World

SHAPES = [CallFilter(unit=unit, urgent=True) for unit in ("", "SZ")]
PLAIN = CallFilter(urgent=True)


@pytest.fixture
def world(sqlite_url: str) -> World:
    """Three calls of one unit, in books that let people in by name, as demo books do."""
    made = World(sqlite_url)
    for number in range(3):
        made.do(
            "lin",
            "calls.log",
            customer=f"王小明{number}",
            telephone=f"1380000000{number}",
            address="深南大道1号",
            district="福田区",
            model_no="KFR-35GW",
            symptom="不制冷",
        )
    with made.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), "demo", "yes")
    return made


def first(world: World, login: str, wanted: CallFilter | None = PLAIN, count: int = 100) -> FirstPage | None:
    def choose(actor: Actor) -> CallFilter | None:
        return wanted

    now = world.now.astimezone(UTC)
    return first_page(str(world.books.path), login, "demo", OS_SIGN_IN, choose, count, now)


@pytest.mark.parametrize("wanted", SHAPES, ids=str)
def test_it_asks_what_the_register_asks(world: World, wanted: CallFilter) -> None:
    values = {"unit": wanted.unit} if wanted.unit else {}
    statement = calls._page(True, tuple(values), wanted.urgent, False)
    core = Prepared(statement, {**values, "count": 100}, world.books.engine.dialect)
    assert " ".join(core.sql.split()) == page_sql(wanted)


@pytest.mark.parametrize("wanted", SHAPES, ids=str)
def test_it_gives_what_the_register_gives(world: World, wanted: CallFilter) -> None:
    found = first(world, "guo", wanted, count=2)
    assert found is not None
    rows = world.read(calls.page, wanted, Page(limit=2), world.now)
    assert found.rows == rows
    assert len(rows) == 2
    with world.books.reading() as reading:
        facts = people.facts(reading)
        for row in rows:
            assert found.calendar(row.unit) == people.calendar(world.books, reading, facts, row.unit)


@pytest.mark.parametrize("login", ["lin", "guo", "chen", "ann", "mgr"])
def test_the_person_is_the_same(world: World, login: str) -> None:
    found = first(world, login)
    assert found is not None
    assert found.zone == "Asia/Shanghai"
    now = world.now.astimezone(UTC)
    assert found.actor == world.read(
        lambda reading: people.actor(world.books, reading, people.facts(reading), login, now)
    )


def test_nobody_is_let_in_who_has_to_sign_in(world: World) -> None:
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), "demo", "no")
    assert first(world, "lin") is None
    assert first(world, "") is None
    assert first(world, "nobody") is None


def test_who_has_left_sees_nothing(world: World) -> None:
    with world.books.writing() as writing:
        writing.connection.exec_driver_sql("UPDATE staff SET active = 0 WHERE login = 'lin'")
    assert first(world, "lin") is None


def test_other_books_are_left_to_the_ordinary_way(world: World, tmp_path: Path) -> None:
    assert first(world, "lin", None) is None
    with world.books.writing() as writing:
        writing.connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA + 1}")
    assert first(world, "lin") is None
    for name, content in (("none.db", None), ("empty.db", b""), ("text.db", b"no database at all" * 100)):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        books = Books(str(path))
        found = first_page(str(path), "lin", "demo", OS_SIGN_IN, lambda _: PLAIN, 100, world.now)
        assert found is None
        assert path.exists() == (content is not None)
        books.close()
    plain = sqlite_driver().connect(str(tmp_path / "other.db"))
    plain.execute("CREATE TABLE books (name TEXT, value TEXT)")
    plain.close()
    database = str(tmp_path / "other.db")
    assert first_page(database, "lin", "demo", OS_SIGN_IN, lambda _: PLAIN, 100, world.now) is None


def test_it_needs_no_engine() -> None:
    program = "import servicedesk.store.first_page, sys; assert not {'sqlalchemy', 'pydantic'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
