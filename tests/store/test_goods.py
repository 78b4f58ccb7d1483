"""Receipts, goods register, custody and loan units: every list comes by an index, page by page exactly once."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, Table, text

from servicedesk.domain.calls import Page
from servicedesk.domain.registers import Wanted
from servicedesk.store import custody, goods, tables
from servicedesk.store.custody import HELD
from servicedesk.store.engine import Books
from servicedesk.store.goods import GOODS, RECEIPTS
from servicedesk.store.loans import LOAN_UNITS, open_slip
from servicedesk.store.migrate import alembic_config
from servicedesk.store.registers import Register
from servicedesk.store.session import Reading, Writing
from tests.store.test_plans import Plans, scans
from tests.world import MONDAY, World

NOW = MONDAY.astimezone(UTC)
MANY = 200
REGISTERS: dict[str, tuple[Register[Any], tuple[str, ...], str]] = {
    "receipts": (RECEIPTS, ("not_taken_in",), "lost"),
    "goods": (GOODS, ("here", "factory"), "passed"),
    "custody": (HELD, ("counter", "technician", "clerk"), "shelf"),
    "loan_units": (LOAN_UNITS, ("lent",), ""),
}
WALKS = {"receipts": "SCAN receipts", "goods": "SCAN goods", "custody": "SCAN custody", "loan_units": "SCAN loan_units"}
"""What everybody's lines are walked by, newest first, where nothing but a view is asked of all units together."""


def wanted_of(name: str) -> list[Wanted]:
    """Every filter that a desk asks of a register."""
    _, views, state = REGISTERS[name]
    own = "" if name == "loan_units" else "chen"
    found = [Wanted(), Wanted(unit="SZ"), *(Wanted(unit="SZ", view=view) for view in views)]
    found += [Wanted(view=view) for view in views]
    if state:
        found += [Wanted(unit="SZ", state=state), Wanted(state=state)]
    if own:
        found += [Wanted(technician=own), Wanted(unit="SZ", technician=own)]
    if name in ("receipts", "goods"):
        found += [Wanted(unit="SZ", words="制冷"), Wanted(technician=own, view=views[0], words="制冷")]
    return found


def fill(books: Books) -> None:
    """Papers in every state, of two units, written straight into the tables; most of them long done."""
    dice = random.Random(11)
    with books.writing() as writing:
        known = _keys(writing)
        writing.add(tables.Customer, number="000001", name="客")
        for key in range(1, MANY + 1):
            unit = known[dice.choice(["SZ", "SZ", "BJ"])]
            person = known[dice.choice(["chen", "liu"])]
            writing.add(tables.Product, id=key, customer_id=1, model_no="KFR")
            writing.add(tables.Voucher, id=key, number=f"SZ-V-{key:06}", unit_id=unit, product_id=key, held_since=NOW)
            writing.add(tables.Call, **_call(key, unit, known["lin"]))
            _papers(writing, dice, key, unit, person)
            _ledger(writing, dice, key, unit, person)


def _keys(writing: Writing) -> dict[str, int]:
    found = {}
    for statement in ("SELECT code, id FROM units", "SELECT login, id FROM staff"):
        found.update({row[0]: int(row[1]) for row in writing.connection.exec_driver_sql(statement)})
    return found


def _call(key: int, unit: int, person: int) -> dict[str, Any]:
    return {
        "id": key,
        "number": f"SZ-C-261123-{key:04}",
        "unit_id": unit,
        "state": "carried_back",
        "called_at": NOW,
        "logged_at": NOW,
        "channel": "counter",
        "customer_id": 1,
        "customer_name": "客",
        "telephone": "13812345678",
        "address": "莲花路",
        "zone": "urban",
        "product_id": key,
        "model_no": "KFR",
        "symptom": "不制冷",
        "service_type": "A",
        "voucher_id": key,
        "logged_by": person,
    }


def _papers(writing: Writing, dice: random.Random, key: int, unit: int, person: int) -> None:
    state = dice.choice(["issued", "lost", *["voided"] * 8])
    taken_in = dice.random() < 0.9
    base = {"unit_id": unit, "call_id": key, "product_id": key, "voucher_id": key, "promised_at": NOW}
    writing.add(
        tables.Receipt,
        id=key,
        number=f"SZ-R-261123-{key:04}",
        state=state,
        issued_at=NOW,
        issued_by=person,
        taken_in=taken_in,
        **base,
    )
    if taken_in:
        writing.add(
            tables.Goods,
            number=f"SZ-G-261123-{key:04}",
            receipt_id=key,
            state=dice.choice(["in", "sent_out", "passed", *["out"] * 7]),
            came_in_at=NOW,
            brought_by=person,
            received_by=person,
            **base,
        )


def _ledger(writing: Writing, dice: random.Random, key: int, unit: int, person: int) -> None:
    for step, holder in enumerate(("technician", dice.choice(["counter", "shelf", "customer", "technician"]))):
        custody.move(
            writing,
            "article",
            key,
            f"SZ-R-261123-{key:04}",
            unit,
            holder,
            person=person if holder == "technician" else None,
            since=NOW + timedelta(minutes=step),
        )
    custody.move(writing, "voucher", key, f"SZ-V-{key:06}", unit, dice.choice(["clerk", "file"]), since=NOW)
    if key % 10 == 0:
        loan_unit = writing.add(tables.LoanUnit, code=f"LB-{key}", unit_id=unit, name="风扇")
        back_at = NOW if key % 20 else None
        writing.add(
            tables.Loan,
            number=f"SZ-U-261123-{key:04}",
            loan_unit_id=loan_unit,
            call_id=key,
            lent_at=NOW,
            lent_by=person,
            back_at=back_at,
        )


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    fill(made.books)
    yield made
    made.close()


@pytest.mark.parametrize("name", list(REGISTERS))
def test_every_list_comes_by_an_index_in_its_order(world: World, name: str) -> None:
    register, _, _ = REGISTERS[name]
    bad = {}
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        for wanted in wanted_of(name):
            for place in (Page(), Page(last=True), Page(after=(90,)), Page(before=(90,))):
                found = plans.of(lambda w=wanted, p=place: register.page(reading, [w], p, NOW))  # type: ignore[misc]
                wrong = {step for step in scans(found) if not excused(name, wanted, step)}
                if wrong:
                    bad[wanted, place] = wrong
    assert bad == {}


def excused(name: str, wanted: Wanted, step: str) -> bool:
    """What is few may be sorted: found words, loan units. All units' lines are walked in their order until a page is
    full, by the index of a view where it has one."""
    if wanted.words or name == "loan_units":
        return "TEMP B-TREE" in step or (step == WALKS[name] and not wanted.unit)
    walked = not (wanted.unit or wanted.state or wanted.technician)
    return walked and step == WALKS[name] and wanted.view in ("", "not_taken_in", "here")


def test_one_paper_and_what_hangs_on_it_come_by_an_index(world: World) -> None:
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        for register, number in (
            (RECEIPTS, "SZ-R-261123-0001"),
            (GOODS, "SZ-G-261123-0001"),
            (HELD, "SZ-V-000001"),
            (LOAN_UNITS, "LB-10"),
        ):
            assert scans(plans.of(lambda r=register, n=number: r.one(reading, n))) == []  # type: ignore[misc]
        assert scans(plans.of(lambda: goods.open_receipt(reading, 1))) == []
        assert scans(plans.of(lambda: goods.open_goods(reading, 1))) == []
        assert scans(plans.of(lambda: goods.outstanding(reading, 1))) == []
        assert scans(plans.of(lambda: open_slip(reading, 1))) == []
        assert scans(plans.of(lambda: custody.holding(reading, "article", 1))) == []
        assert scans(plans.of(lambda: custody.placed(reading, 2, ["counter", "shelf"]))) == []
        steps = plans.of(lambda: custody.where_is(reading, "SZ-R-261123-0001"))
        assert [step for step in scans(steps) if "TEMP B-TREE" not in step and not step.startswith("SCAN (")] == []


@pytest.mark.parametrize("name", list(REGISTERS))
def test_page_by_page_every_line_comes_exactly_once_and_is_counted(database_url: str, name: str) -> None:
    world = World(database_url)
    fill(world.books)
    register, _, _ = REGISTERS[name]
    with world.books.reading() as reading:
        for wanted in wanted_of(name):
            if wanted.words:
                continue
            whole = [row.id for row in register.page(reading, [wanted], Page(limit=1000), NOW)]
            assert whole == sorted(whole, reverse=True)
            assert register.count(reading, [wanted], NOW) == len(whole)
            pages: list[int] = []
            while found := register.page(reading, [wanted], Page(after=(pages[-1],) if pages else None, limit=7), NOW):
                pages += [row.id for row in found]
            assert pages == whole
        assert register.page(reading, [Wanted(unit="SZ")], Page(), NOW) != []
    world.close()


def test_what_a_unit_finds_with_a_view_is_of_that_view(world: World) -> None:
    with world.books.reading() as reading:
        many = Page(limit=1000)
        receipts = RECEIPTS.page(reading, [Wanted(view="not_taken_in")], many, NOW)
        assert receipts
        assert all(not row.taken_in and row.state != "voided" for row in receipts)
        assert {row.state for row in GOODS.page(reading, [Wanted(view="here")], many, NOW)} == {
            "in",
            "sent_out",
            "passed",
        }
        assert {row.state for row in GOODS.page(reading, [Wanted(view="factory")], many, NOW)} == {"sent_out"}
        assert {row.holder for row in HELD.page(reading, [Wanted(view="shelf")], many, NOW)} == {"shelf"}
        assert {bool(row.loan) for row in LOAN_UNITS.page(reading, [Wanted(view="lent")], many, NOW)} == {True}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Books]:
    """A database in which nothing is yet."""
    if request.param == "sqlite":
        books = Books(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        books = Books(request.getfixturevalue("postgres_url"))
        with books.writing() as writing:
            writing.connection.execute(text("DROP SCHEMA public CASCADE"))
            writing.connection.execute(text("CREATE SCHEMA public"))
    yield books
    books.close()


def test_a_voucher_that_is_out_at_the_upgrade_begins_its_line_in_the_ledger(empty: Books) -> None:
    """Before there was a ledger the books knew of each voucher who has it; the ledger goes on from there."""
    with empty.writing() as writing:
        config = alembic_config(writing.connection)
        command.upgrade(config, "0002")
        metadata = MetaData()
        out = {"holder": "technician", "holder_id": 1, "held_since": "2026-11-20T01:00:00+00:00"}
        for name, values in (
            ("units", {"id": 1, "code": "SZ", "kind": "branch"}),
            ("staff", {"id": 1, "login": "chen", "unit_id": 1}),
            ("customers", {"id": 1, "number": "000001", "kind": "person"}),
            ("products", {"id": 1, "customer_id": 1}),
            ("products", {"id": 2, "customer_id": 1}),
            ("vouchers", {"id": 1, "number": "SZ-V-000001", "unit_id": 1, "product_id": 1, **out}),
            ("vouchers", {"id": 2, "number": "SZ-V-000002", "unit_id": 1, "product_id": 2, "holder": "file"}),
        ):
            put(Table(name, metadata, autoload_with=writing.connection), writing.connection, values)
        command.upgrade(config, "0003")
        assert custody.holding(writing, "voucher", 1) == ("technician", 1, datetime(2026, 11, 20, 1, tzinfo=UTC))
        assert custody.holding(writing, "voucher", 2) is None


def put(table: Table, connection: Connection, values: Mapping[str, Any]) -> None:
    """A row in which what is not said is empty."""
    blank = {
        column.name: {"INTEGER": 0, "BIGINT": 0}.get(str(column.type), "")
        for column in table.columns
        if not column.nullable and not column.primary_key and not column.foreign_keys
    }
    connection.execute(table.insert().values(**blank | dict(values)))
