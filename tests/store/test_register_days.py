"""What a closed day, a reviewed and a signed report say is refused a change by the database itself (D37)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path

import pytest

from servicedesk.acts.desk import Look
from servicedesk.domain.calls import CallFilter
from servicedesk.domain.register_days import Closing
from servicedesk.domain.rights import Actor
from servicedesk.domain.words import Refused
from servicedesk.store import day_differences, faults, register_days, tables
from servicedesk.store.first_page import first_page
from servicedesk.store.session import Reading, table_of
from tests.acts.days import EVENING, closed, day, differences
from tests.acts.faces import open_to_anybody
from tests.acts.rounds import done, head, line, logged
from tests.store.test_plans import Plans, scans
from tests.world import World

PAGE, DAY, REPORT, SUMMARY, CALL = faults.FROZEN
AT = "'2026-11-23T00:30:00+00:00'"
NAMES = {
    "calls": ("no_delete", "no_update"),
    "register_days": ("no_delete", "no_renumbering", "no_reopening", "no_update"),
    "register_differences": ("no_delete", "no_insert", "no_update"),
    "register_page_lines": ("no_delete", "no_insert", "no_update"),
    "report_lines": ("no_delete", "no_insert", "no_update"),
    "supervisor_report_lines": ("no_delete", "no_insert", "no_update"),
    "supervisor_reports": ("no_delete", "no_reopening", "no_update"),
    "technician_reports": ("no_delete", "no_reopening", "no_update"),
}


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    done(made)
    logged(made, customer="李大海", model_no="B-1")
    made.at(EVENING)
    closed(made)
    write_reports(made)
    yield made
    made.close()


def write_reports(world: World) -> None:
    """A reviewed report and a draft with a line each, a signed supervisor report and one that is compiled."""
    with world.books.writing() as writing:
        for key, state in ((1, "draft"), (2, "draft")):
            known = {"unit_id": 2, "technician_id": 11, "day": date(2026, 11, 22 + key), "state": state}
            writing.add(tables.TechnicianReport, id=key, number=f"SZ-T-26112{2 + key}-0001", **known)
            writing.add(
                tables.ReportLine,
                id=key,
                report_id=key,
                line=1,
                source="typed",
                service_type="D",
                began_at=world.now,
                ended_at=world.now,
                minutes=0,
            )
            writing.add(
                tables.SupervisorReport,
                id=key,
                number=f"SZ-B-26112{2 + key}-0001",
                unit_id=2,
                day=date(2026, 11, 22 + key),
                compiled_at=world.now,
                compiled_by=10,
            )
            writing.add(tables.SupervisorReportLine, id=key, report_id=key, technician_id=11, minutes_d=5)
        writing.change(tables.TechnicianReport, 1, state="reviewed")
        writing.change(tables.SupervisorReport, 1, state="signed")


def run(world: World, statement: str) -> int:
    with world.books.writing() as writing:
        return writing.connection.exec_driver_sql(statement).rowcount


_COLUMNS = ", ".join(
    column.name for column in table_of(tables.RegisterPageLine).columns if column.name not in ("id", "line")
)
REFUSED = {
    "UPDATE register_page_lines SET customer_name = '李' WHERE line = 1": PAGE,
    "UPDATE register_page_lines SET state = state": PAGE,
    "DELETE FROM register_page_lines WHERE line = 2": PAGE,
    f"INSERT INTO register_page_lines (id, line, {_COLUMNS}) SELECT id + 100, line + 100, {_COLUMNS} FROM"
    " register_page_lines": PAGE,
    **{
        f"UPDATE register_days SET {column} = {value} WHERE id = 1": DAY
        for column, value in {
            "number": "'SZ-D-261123-0002'",
            "unit_id": "1",
            "day": "'2026-11-22'",
            "calls": "1",
            "carried_over": "0",
            "differences": "0",
            "audit_head": "'1:x'",
            "reconciled_at": AT,
            "reconciled_by": "NULL",
            "closed_at": "NULL",
            "closed_by": "NULL",
            "state": "'reconciled'",
        }.items()
    },
    "DELETE FROM register_days": DAY,
    "UPDATE register_differences SET explanation = '没事'": DAY,
    "DELETE FROM register_differences": DAY,
    "INSERT INTO register_differences (id, day_id, kind, paper, explanation) VALUES (99, 1, 'sheet_out', 'x', '')": DAY,
    "UPDATE report_lines SET minutes = 60 WHERE id = 1": REPORT,
    "UPDATE report_lines SET report_id = 1, line = 2 WHERE id = 2": REPORT,
    "DELETE FROM report_lines WHERE id = 1": REPORT,
    "INSERT INTO report_lines (id, report_id, line, source, paper, customer_name, service_type, work, began_at,"
    f" ended_at, minutes, travel, parts, fee, remarks) VALUES (9, 1, 2, 'typed', '', '', 'D', '', {AT}, {AT}, 0, 0, '',"
    " 0, '')": REPORT,
    "UPDATE technician_reports SET state = 'draft' WHERE id = 1": REPORT,
    "UPDATE technician_reports SET minutes_d = 60 WHERE id = 1": REPORT,
    "DELETE FROM technician_reports WHERE id = 1": REPORT,
    "UPDATE supervisor_report_lines SET minutes_d = 60 WHERE id = 1": SUMMARY,
    "DELETE FROM supervisor_report_lines WHERE id = 1": SUMMARY,
    "UPDATE supervisor_report_lines SET report_id = 1, technician_id = 12 WHERE id = 2": SUMMARY,
    "UPDATE supervisor_reports SET state = 'compiled' WHERE id = 1": SUMMARY,
    "UPDATE supervisor_reports SET fees = 60 WHERE id = 1": SUMMARY,
    "DELETE FROM supervisor_reports WHERE id = 1": SUMMARY,
    "UPDATE calls SET number = 'SZ-C-261123-0009' WHERE id = 1": CALL,
    "UPDATE calls SET unit_id = 1 WHERE id = 1": CALL,
    f"UPDATE calls SET logged_at = {AT} WHERE id = 1": CALL,
    "UPDATE calls SET logged_by = 1 WHERE id = 1": CALL,
    "DELETE FROM calls WHERE id = 2": CALL,
}
TRUNCATED = {
    "register_page_lines": PAGE,
    "register_days": DAY,
    "register_differences": DAY,
    "technician_reports": REPORT,
    "report_lines": REPORT,
    "supervisor_reports": SUMMARY,
    "supervisor_report_lines": SUMMARY,
}
REPLACED = TRUNCATED | {"calls": CALL}


def test_raw_sql_that_would_change_what_is_frozen_is_refused_with_a_sentence(world: World) -> None:
    before, wrong = contents(world), []
    for statement, sentence in REFUSED.items():
        try:
            run(world, statement)
            wrong.append(statement)
        except Refused as refused:
            if str(refused) != sentence:
                wrong.append(f"{statement}: {refused}")
    assert wrong == []
    assert contents(world) == before


def test_what_is_not_frozen_goes_on(world: World) -> None:
    for statement in (
        "UPDATE register_days SET state = 'transmitted', version = version + 1 WHERE id = 1",
        "UPDATE report_lines SET minutes = 60 WHERE id = 2",
        "DELETE FROM report_lines WHERE id = 2",
        "UPDATE supervisor_report_lines SET minutes_d = 60 WHERE id = 2",
        "UPDATE technician_reports SET state = 'kept' WHERE id = 1",
        "UPDATE technician_reports SET minutes_d = 60 WHERE id = 2",
        "UPDATE supervisor_reports SET fees = 60 WHERE id = 2",
        "UPDATE supervisor_reports SET state = 'manager_signed' WHERE id = 1",
        "UPDATE calls SET remarks = 'x' WHERE id = 1",
    ):
        assert run(world, statement) == 1, statement


def test_no_table_is_emptied_and_no_row_replaced(world: World) -> None:
    before = contents(world)
    if world.books.is_sqlite:
        statements = {
            f"{words} INTO {table} SELECT * FROM {table} WHERE id = 1": sentence
            for table, sentence in REPLACED.items()
            for words in ("REPLACE", "INSERT OR REPLACE")
        }
        statements["UPDATE OR REPLACE report_lines SET id = 1 WHERE id = 2"] = REPORT
        statements["UPDATE OR REPLACE supervisor_report_lines SET id = 1 WHERE id = 2"] = SUMMARY
    else:
        statements = {f"TRUNCATE {table} CASCADE": sentence for table, sentence in TRUNCATED.items()}
        statements["INSERT INTO calls SELECT * FROM calls WHERE id = 1 ON CONFLICT (id) DO UPDATE SET number = 'x'"] = (
            CALL
        )
    for statement, sentence in statements.items():
        with pytest.raises(Refused) as caught:
            run(world, statement)
        assert str(caught.value) == sentence, statement
    assert contents(world) == before


def test_a_stranger_s_connection_is_refused_as_well(sqlite_url: str) -> None:
    """It does not ask for the triggers of rows that are replaced, which are off unless a connection asks for them."""
    made = open_to_anybody(World(sqlite_url))
    logged(made)
    done(made, customer="李大海", model_no="B-1")
    made.at(EVENING)
    closed(made)
    write_reports(made)
    made.close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA recursive_triggers = OFF")
        asked = [f"REPLACE INTO {table} SELECT * FROM {table} WHERE id = 1" for table in REPLACED]
        asked += REFUSED
        asked += ["UPDATE OR REPLACE report_lines SET id = 1 WHERE id = 2"]
        for statement in asked:
            with pytest.raises(sqlite3.IntegrityError) as caught:
                raw.execute(statement)
            assert str(caught.value) in faults.FROZEN, statement


def test_both_engines_have_the_same_triggers(world: World) -> None:
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if world.books.is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with world.books.reading() as reading:
        found = {str(row[0]) for row in reading.connection.exec_driver_sql(asked)}
    own = {f"{table}_{name}" for table, names in NAMES.items() for name in names}
    assert own <= found
    engines_own = "_no_replace" if world.books.is_sqlite else "_no_truncate"
    assert {name for name in found - own if not name.startswith("audit")} == {
        f"{name}{engines_own}" for name in REPLACED
    }


def test_the_lines_of_an_open_day_are_listed_anew(world: World) -> None:
    """Reconciling again takes the list away and writes it again: only a closed day's stays."""
    world.at("2026-11-24 18:20")
    number = world.do("lin", "days.reconcile").numbers[0]
    assert differences(world, number)
    before = head(world)
    world.do("lin", "days.reconcile")
    assert head(world) != before
    assert run(world, f"DELETE FROM register_differences WHERE day_id = {day(world, number).id}") == 2


def test_every_list_of_the_closing_comes_by_an_index(sqlite_url: str) -> None:
    made = open_to_anybody(World(sqlite_url))
    done(made)
    before = made.now.astimezone(UTC)
    with made.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        asked = {
            "differences": lambda: day_differences.standing(reading, 2, before),
            "first open day": lambda: register_days.first_open_day(reading, "SZ", None, date(2026, 11, 30)),
            "undispatched": lambda: register_days.undispatched(reading, 2, "SZ", date(2026, 11, 23)),
            "page": lambda: register_days.page_lines(reading, 1),
            "of day": lambda: register_days.of_day(reading, 2, date(2026, 11, 23)),
            "last closed": lambda: register_days.last_closed(reading, 2),
        }
        found = {name: steps for name, ask in asked.items() if (steps := scans(plans.of(ask)))}
    made.close()
    # What differs is little, and is sorted by its number.
    assert found == {"differences": ["USE TEMP B-TREE FOR ORDER BY"] * 4}


def test_the_first_open_day_is_that_of_the_earliest_call_since_the_last_closing(world: World) -> None:
    def first(unit: str, last: Closing | None, until: str) -> date | None:
        return world.read(register_days.first_open_day, unit, last, date.fromisoformat(until))

    monday = date(2026, 11, 23)
    assert first("SZ", None, "2026-11-30") == first("SZ", None, "2026-11-23") == monday
    assert first("SZ", None, "2026-11-22") is first("BJ", None, "2026-11-30") is None
    assert first("SZ", Closing(monday, world.now), "2026-11-30") is None
    late = logged(world, model_no="B-7")
    assert line(world, late).number == "SZ-C-261124-0001"
    assert first("SZ", Closing(monday, world.now), "2026-11-30") == date(2026, 11, 24)


def test_the_page_shown_before_the_books_are_open_knows_the_closing_too(sqlite_url: str) -> None:
    made = open_to_anybody(World(sqlite_url))
    logged(made)
    made.at(EVENING)
    closed(made)
    now = made.at("2026-11-23 20:00")
    first = first_page(sqlite_url[len("sqlite:///") :], "lin", "demo", "", every_call, 10, now)
    assert first is not None
    with made.books.reading() as reading:
        closing = Look(made.books, reading, "lin", now).last_closing("SZ")
    made.close()
    assert first.last_closing("SZ") == closing
    assert closing is not None
    assert closing > first.rows[0].logged_at


def every_call(actor: Actor) -> CallFilter:
    return CallFilter(unit=actor.unit, urgent=True)


def contents(world: World) -> list[list[tuple[object, ...]]]:
    with world.books.reading() as reading:
        return [
            sorted(map(tuple, reading.connection.exec_driver_sql(f"SELECT * FROM {table}")), key=str) for table in NAMES
        ]
