"""Charges as they are read and kept: lists by an index, the tariff, and books of before that are brought forward."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, Table, inspect, text

from servicedesk.domain.calls import Page
from servicedesk.domain.charges import STATES, ChargeRow, TariffRow, urgency
from servicedesk.domain.registers import Wanted
from servicedesk.store import calls, charges, tables
from servicedesk.store.engine import SCHEMA, Books
from servicedesk.store.migrate import alembic_config, schema_of, upgrade
from servicedesk.store.session import Reading, table_of
from tests.store import test_plans
from tests.store.test_plans import Plans, scans
from tests.world import MONDAY, World

NOW = MONDAY.astimezone(UTC)
VIEWS = ("not_remitted", "not_invoiced", "not_collected")
FILTERS = [
    Wanted(unit="SZ"),
    *(Wanted(unit="SZ", state=state) for state in STATES),
    *(Wanted(unit="SZ", view=view) for view in VIEWS),
    *(Wanted(unit="SZ", view=view, urgent=True) for view in VIEWS),
    Wanted(urgent=True),
    Wanted(unit="SZ", urgent=True),
    *(Wanted(view=view, urgent=True) for view in VIEWS),
    Wanted(unit="SZ", technician="chen", urgent=True),
    Wanted(unit="SZ", words="KFR"),
]


def fill(world: World) -> None:
    """A charge for every other call of the plans' register, in every state, with its lines."""
    test_plans.fill(world.books)
    states = list(STATES)
    with world.books.writing() as writing:
        found = writing.connection.execute(text("SELECT id, unit_id, technician_id FROM calls"))
        units = {row[0]: (row[1], row[2]) for row in found}
        for place, call in enumerate(sorted(units)[::2]):
            state = states[place % len(states)]
            done = NOW - timedelta(hours=place)
            invoiced = done if state in ("invoiced", "posted", "to_be_collected", "collected", "settled") else None
            amount = 0 if state == "none" else 1000 + place
            key = writing.add(
                tables.Charge,
                unit_id=units[call][0],
                call_id=call,
                technician_id=units[call][1],
                state=state,
                amount=amount,
                done_at=done,
                invoiced_at=invoiced,
                invoice_no=f"INV-{call}" if invoiced else "",
                urgent=urgency(state, done, invoiced, None),
            )
            writing.add(
                tables.ChargeLine, charge_id=key, line=1, kind="labour", list_amount=amount, basis="list", amount=amount
            )


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = World(database_url)
    fill(made)
    yield made
    made.close()


def every_charge(reading: Reading) -> list[ChargeRow]:
    keys = reading.connection.execute(text("SELECT id FROM charges ORDER BY id")).scalars().all()
    return [charges.CHARGES.by_id(reading, int(key)) for key in keys]


def fits(row: ChargeRow, wanted: Wanted) -> bool:
    seen = {
        "": True,
        "not_remitted": row.state == "collected_on_site",
        "not_invoiced": row.state == "assessed",
        "not_collected": row.state in ("invoiced", "to_be_collected")
        and row.invoiced_at is not None
        and row.invoiced_at + timedelta(days=14) < NOW,
    }[wanted.view]
    known = wanted.unit in ("", row.unit) and wanted.state in ("", row.state)
    known = known and wanted.technician in ("", row.technician)
    return seen and known and (not wanted.urgent or bool(row.urgent))


def test_every_list_gives_its_charges_once_by_pages(world: World) -> None:
    with world.books.reading() as reading:
        rows = every_charge(reading)
        assert len(rows) == test_plans.MANY // 2
        for wanted in (one for one in FILTERS if not one.words):
            kept = [row for row in rows if fits(row, wanted)]
            kept = sorted(kept, key=lambda row: (row.urgent, row.id)) if wanted.urgent else kept[::-1]
            found: list[ChargeRow] = []
            place = Page(limit=7)
            while page := charges.CHARGES.page(reading, [wanted], place, NOW):
                found += page
                place = Page(after=wanted.key_of(page[-1]), limit=7)
            assert found == kept, wanted
            assert charges.CHARGES.count(reading, [wanted], NOW) == len(kept), wanted
        assert any(fits(row, Wanted(unit="SZ", view="not_collected")) for row in rows) is False


def test_money_is_overdue_when_fourteen_days_are_over(world: World) -> None:
    wanted = Wanted(view="not_collected", urgent=True)
    with world.books.reading() as reading:
        rows = every_charge(reading)
        waiting = [row for row in rows if row.state in ("invoiced", "to_be_collected")]
        first = min(row.invoiced_at for row in waiting if row.invoiced_at is not None)
        due = first + timedelta(days=14)
        assert charges.CHARGES.page(reading, [wanted], Page(), due) == []
        (overdue,) = charges.CHARGES.page(reading, [wanted], Page(), due + timedelta(minutes=1))
        assert overdue.invoiced_at == first


def test_a_charge_goes_by_its_calls_number_and_says_whose_it_is(world: World) -> None:
    with world.books.reading() as reading:
        row = every_charge(reading)[0]
        assert charges.CHARGES.one(reading, row.number) == row == charges.of_call(reading, row.call_id)
        call = calls.one(reading, row.number)
        assert call is not None
        assert (row.unit, row.customer_name, row.voucher) == (call.unit, call.customer_name, call.voucher)
        assert (row.technician, row.technician_name, row.company) == (call.technician, call.technician_name, False)
        assert charges.CHARGES.one(reading, "SZ-C-261123-9999") is None
        assert [line.amount for line in charges.lines(reading, row.id)] == [row.amount]


@pytest.fixture
def sqlite_world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    fill(made)
    yield made
    made.close()


def test_every_list_comes_by_an_index_in_its_order(sqlite_world: World) -> None:
    bad = {}
    with sqlite_world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        for wanted in FILTERS:
            edge: tuple[object, ...] = ("02026", 50) if wanted.urgent else (50,)
            for place in (Page(), Page(last=True), Page(after=edge), Page(before=edge)):
                found = scans(plans.of(lambda one=wanted, at=place: charges.CHARGES.page(reading, [one], at, NOW)))  # type: ignore[misc]
                if set(found) - excused(wanted):
                    bad[wanted, place] = found
    assert bad == {}


def excused(wanted: Wanted) -> set[str]:
    """Few are open: all units' are walked in their order, and what a view takes of them is sorted by number."""
    if wanted.words or (wanted.view and not wanted.urgent):
        return {test_plans.SORTED}
    return {"SCAN charges USING INDEX ix_charges_urgent"} if wanted.urgent and not wanted.unit else set()


def test_one_charge_and_what_hangs_on_it_come_by_an_index(sqlite_world: World) -> None:
    with sqlite_world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        asked = [
            lambda: charges.CHARGES.one(reading, "SZ-C-261123-0001"),
            lambda: charges.CHARGES.by_id(reading, 1),
            lambda: charges.of_call(reading, 1),
            lambda: charges.lines(reading, 1),
            lambda: charges.invoiced_as(reading, "INV-0"),
            lambda: charges.tariff(reading, 1, "2026-11-23"),
            lambda: charges.returned_cards(reading, 1),
            lambda: charges.parts_of_card(reading, 1),
        ]
        assert [scans(plans.of(ask)) for ask in asked] == [[]] * len(asked)


def test_the_tariff_of_a_day_is_what_had_begun_by_then(database_url: str) -> None:
    world = World(database_url)
    with world.books.writing() as writing:
        unit = int(writing.connection.execute(text("SELECT id FROM units WHERE code = 'SZ'")).scalar_one())
        for day, amount in ((date(2026, 11, 1), 3000), (date(2026, 12, 1), 3500)):
            writing.add(tables.TariffLine, unit_id=unit, kind="callout", from_day=day, amount=amount)
    with world.books.reading() as reading:
        assert charges.tariff(reading, unit, "2026-11-30") == [TariffRow(1, "SZ", "callout", "", "2026-11-01", 3000)]
        assert [row.amount for row in charges.whole_tariff(reading, unit)] == [3000, 3500]
    world.close()


# Books of before


DONE_AT = "2026-11-20T03:30:00+00:00"
JOBS: tuple[dict[str, Any], ...] = (
    {"state": "struck_off", "fee": 8000, "fee_collected": 1, "struck_off_at": "2026-11-20T09:00:00+00:00"},
    {"state": "struck_off", "fee": 63000, "invoice_no": "0441", "struck_off_at": "2026-11-20T09:00:00+00:00"},
    {"state": "done_on_site", "fee": 8000, "fee_collected": 1},
    {"state": "done_on_site", "fee": 5000},
    {"state": "done_on_site"},
    {"state": "done_on_site"},
    {"state": "done_on_site", "fee": 100, "invoice_no": "0441"},
)
FEES = {
    1: [("labour", 8000)],
    2: [("callout", 3000), ("labour", 12000), ("parts", 48000)],
    3: [("labour", 8000)],
    5: [("labour", 0)],
    7: [("labour", 100)],
}
"""The fee lines of the calls by their keys; the demo's history has fees without any line."""


def old_books(books: Books) -> None:
    """Books of schema 3, with calls that charge in every way they could."""
    with books.writing() as writing:
        connection = writing.connection
        command.upgrade(alembic_config(connection), "0003")
        metadata = MetaData()

        def put(name: str, /, **values: Any) -> None:
            table = Table(name, metadata, autoload_with=connection)
            empty = {"INTEGER": 0, "BIGINT": 0}
            blank = {
                column.name: empty.get(str(column.type), "")
                for column in table.columns
                if not column.nullable and not column.primary_key and not column.foreign_keys
            }
            connection.execute(table.insert().values(**blank | values))

        put("units", id=1, code="SZ", kind="branch", currency="CNY")
        put("staff", id=1, login="chen", unit_id=1)
        put("customers", id=1, number="000001", name="王小明", kind="person")
        for key, job in enumerate(JOBS, start=1):
            put("products", id=key, customer_id=1, model_no="KFR")
            put("vouchers", id=key, number=f"SZ-V-{key}", unit_id=1, product_id=key, holder="file")
            times = dict.fromkeys(("called_at", "logged_at", "finished_at"), DONE_AT)
            links = {
                "technician_id": 1,
                "unit_id": 1,
                "customer_id": 1,
                "product_id": key,
                "voucher_id": key,
                "logged_by": 1,
            }
            number = {"number": f"SZ-C-261120-000{key}", "service_type": "A", "zone": "urban"}
            put("calls", id=key, **times, **links, **number, **job)
            put("visits", id=key, call_id=key, nth=1, technician_id=1, state="done")
            put(
                "voucher_entries",
                id=key,
                voucher_id=key,
                call_id=key,
                visit_id=key,
                technician_id=1,
                outcome="done_on_site",
                signer="李梅",
                **dict.fromkeys(("arrived_at", "left_at", "signed_at"), DONE_AT),
            )
            for line, (kind, amount) in enumerate(FEES.get(key, []), start=1):
                put("fee_lines", entry_id=key, line=line, kind=kind, amount=amount)
        sign(connection)


def sign(connection: Connection) -> None:
    """As the program of then signed its books."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id={0x53444B31}")
        connection.exec_driver_sql("PRAGMA user_version=3")
    connection.execute(text("INSERT INTO books (name, value) VALUES ('schema', '3')"))


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Books]:
    if request.param == "sqlite":
        books = Books(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        books = Books(request.getfixturevalue("postgres_url"))
        with books.writing() as writing:
            writing.connection.execute(text("DROP SCHEMA public CASCADE"))
            writing.connection.execute(text("CREATE SCHEMA public"))
    old_books(books)
    yield books
    books.close()


def rows_of(reading: Reading, name: str, *columns: str) -> list[tuple[Any, ...]]:
    found = reading.connection.execute(text(f"SELECT {', '.join(columns)} FROM {name} ORDER BY id"))
    return [tuple(row) for row in found]


def test_an_upgrade_turns_fee_lines_into_charges(old: Books) -> None:
    assert schema_of(old) == 3
    assert upgrade(old) == (3, SCHEMA)
    with old.reading() as reading:
        assert rows_of(reading, "charges", "call_id", "state", "amount", "invoice_no", "signer") == [
            (1, "settled", 8000, "", "李梅"),
            (2, "invoiced", 63000, "0441", "李梅"),
            (3, "collected_on_site", 8000, "", "李梅"),
            (4, "assessed", 5000, "", "李梅"),
            (5, "none", 0, "", "李梅"),
            (7, "invoiced", 100, "0441 SZ-C-261120-0007", "李梅"),
        ]
        assert rows_of(reading, "charges", "collected_at", "collected_by", "settled_at", "urgent")[:4] == [
            (DONE_AT, 1, "2026-11-20T09:00:00+00:00", ""),
            (None, None, None, "1202611200330"),
            (DONE_AT, 1, None, "0202611200330"),
            (None, None, None, "0202611200330"),
        ]
        assert rows_of(reading, "charge_lines", "charge_id", "line", "kind", "basis", "list_amount", "amount") == [
            (1, 1, "labour", "list", 8000, 8000),
            (2, 1, "callout", "list", 3000, 3000),
            (2, 2, "labour", "list", 12000, 12000),
            (2, 3, "parts", "list", 48000, 48000),
            (3, 1, "labour", "list", 8000, 8000),
            (5, 1, "labour", "list", 0, 0),
            (6, 1, "labour", "list", 100, 100),
            (4, 1, "labour", "list", 5000, 5000),
        ]
        states = ["settled", "invoiced", "collected_on_site", "assessed", "none", "", "invoiced"]
        assert rows_of(reading, "calls", "charge", "loan") == [(state, "") for state in states]
        settled = [row.fee_settled for row in (calls.by_id(reading, key) for key in range(1, 8))]
        assert settled == [True, True, False, False, True, True, True]
        (entry,) = calls.entries(reading, 2)
        assert entry.fees == (("callout", 3000), ("labour", 12000), ("parts", 48000))


def test_upgraded_books_have_the_columns_of_new_ones(old: Books) -> None:
    upgrade(old)
    with old.reading() as reading:
        found = inspect(reading.connection)
        assert "fee_lines" not in found.get_table_names()
        for model in (tables.Call, tables.Charge, tables.ChargeLine):
            table = table_of(model)
            assert {column["name"] for column in found.get_columns(table.name)} == set(table.columns.keys())
