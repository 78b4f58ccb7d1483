"""What is frozen on the day's papers is changed by no act, by no import and by no SQL (D37; states §5.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from servicedesk.domain.words import Refused
from servicedesk.store import faults
from servicedesk.store.tables import METADATA
from tests.acts.days import closed
from tests.acts.faces import REFUSED, command, open_to_anybody, refused
from tests.acts.reporting import TECHNICIANS, WORK, submitted
from tests.acts.rounds import done, logged
from tests.world import World

PAGE, DAY, REPORT, SUMMARY, CALL = faults.FROZEN
SHEET, T, B, SECOND = "SZ-D-261123-0001", "SZ-T-261123-0001", "SZ-B-261123-0001", "SZ-C-261123-0002"
OPEN_OF_A_DAY = {"state", "transmitted_at", "transmitted_by", "received_at", "received_by", "urgent"}
OPEN_OF_A_REPORT = {"state", "reviewed_at", "reviewed_by", "review_remark", "urgent"}
OPEN_OF_A_SUMMARY = {"state", "urgent"} | {
    f"{step}_{what}" for step in ("manager_signed", "forwarded", "received") for what in ("at", "by")
}
OPEN = {"changed_by", "changed_at", "version"}
"""What goes on being written on every paper."""


class Attempt(NamedTuple):
    """An act that somebody with every right tries, and how it is refused."""

    login: str
    act: str
    papers: Sequence[str]
    typed: Mapping[str, str]
    sentence: str


class Frozen(NamedTuple):
    """A table whose rows are frozen: its columns, the trigger's sentence, the acts that would write them."""

    table: str
    columns: frozenset[str]
    sentence: str
    attempts: Sequence[Attempt]


def columns(table: str, but: set[str] | None = None) -> frozenset[str]:
    """Every column of a table, but for those that go on."""
    names = frozenset(column.name for column in METADATA.tables[table].columns)
    return names - (OPEN | but) if but is not None else names


IS_CLOSED = f"2026-11-23 is closed already: {SHEET}."
KEPT = "{paper} is kept on file: '{act}' is not possible."
CLOSING = [
    Attempt("lin", "days.reconcile", (), {"day": "2026-11-23"}, IS_CLOSED),
    Attempt("guo", "days.close", [SHEET], {}, f"{SHEET} is day closed: 'Close the day' is not possible."),
]
WRITING = [
    Attempt("chen", "reports.write", (), {"lines": "1300-1330 d x"}, KEPT.format(paper=T, act="Write a report line")),
    Attempt("chen", "reports.drop", [T], {"line": "1"}, KEPT.format(paper=T, act="Take a report line out")),
    Attempt("chen", "reports.submit", (), {}, KEPT.format(paper=T, act="Submit the daily report")),
    Attempt("chen", "reports.hand_in", (), {"lines": WORK}, KEPT.format(paper=T, act="Hand the daily report in")),
    Attempt("guo", "reports.send_back", [T], {"remark": "x"}, KEPT.format(paper=T, act="Return a report")),
    Attempt("guo", "reports.review", [T], {}, KEPT.format(paper=T, act="Review a report")),
]
SIGNED = f"{B} is signed by the supervisor: '{{act}}' is not possible."
COMPILING = [
    Attempt("guo", "supervisor_reports.compile", (), {}, SIGNED.format(act="Compile the supervisor report")),
    Attempt("guo", "supervisor_reports.sign", [B], {}, SIGNED.format(act="Sign the supervisor report")),
]
CASES = (
    Frozen("register_page_lines", columns("register_page_lines"), PAGE, CLOSING),
    Frozen("register_days", columns("register_days", OPEN_OF_A_DAY), DAY, CLOSING),
    Frozen(
        "register_differences",
        columns("register_differences"),
        DAY,
        [
            Attempt(
                *("lin", "days.explain", [SHEET], {"paper": "1", "explanation": "x"}),
                f"{SHEET} is day closed: 'Explain a difference' is not possible.",
            ),
            Attempt("lin", "days.reconcile", (), {"day": "2026-11-23", "explanations": "1: x"}, IS_CLOSED),
        ],
    ),
    Frozen("technician_reports", columns("technician_reports", OPEN_OF_A_REPORT), REPORT, WRITING),
    Frozen("report_lines", columns("report_lines"), REPORT, WRITING),
    Frozen("supervisor_reports", columns("supervisor_reports", OPEN_OF_A_SUMMARY), SUMMARY, COMPILING),
    Frozen("supervisor_report_lines", columns("supervisor_report_lines"), SUMMARY, COMPILING),
    Frozen(
        "calls",
        frozenset({"id", "number", "unit_id", "logged_at", "logged_by"}),
        CALL,
        [
            Attempt("lin", "calls.correct", [SECOND], {name: typed, "reason": "x"}, f"There is no field {name} here.")
            for name, typed in (("number", "SZ-C-261123-0009"), ("logged_at", "08:00"), ("logged_by", "guo"))
        ],
    ),
)
NOT_IMPORTED = [case.table for case in CASES] + ["days", "reports", "supervisor_reports"]
IMPORTED = {
    "customers": "number,name,telephone,address\n000001,改名,13900000009,别处\n",
    "products": "customer_number,model_no,serial_no\n000001,KFR-35GW,改号\n",
    "districts": "name,zone,unit_code\n福田区,suburban,BJ\n",
}
"""What may be imported of what stands on a page; it changes the books, where they take it, and never the page."""


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A closed page with differences, reports on file, a signed supervisor report."""
    made = open_to_anybody(World(database_url))
    done(made)
    logged(made, customer="李大海", model_no="B-1")
    made.at("2026-11-23 18:10")
    for login in TECHNICIANS:
        submitted(made, login)
    made.do("guo", "reports.review", *(f"SZ-T-261123-{nth:04}" for nth in range(1, len(TECHNICIANS) + 1)))
    made.do("guo", "supervisor_reports.compile")
    made.do("guo", "supervisor_reports.sign", B)
    assert closed(made) == SHEET
    yield made
    made.close()


def frozen(world: World) -> Mapping[str, list[tuple[Any, ...]]]:
    """Every frozen column of every frozen table."""
    with world.books.reading() as reading:
        found = {}
        for case in CASES:
            names = ", ".join(sorted(case.columns))
            asked = reading.connection.exec_driver_sql(f"SELECT {names} FROM {case.table} ORDER BY id")
            found[case.table] = [tuple(row) for row in asked]
            assert found[case.table], case.table
        return found


def test_every_act_that_would_change_a_frozen_column_is_refused_with_its_sentence(world: World) -> None:
    before = frozen(world)
    for case in CASES:
        for attempt in case.attempts:
            refusal = refused(world, attempt.login, attempt.act, *attempt.papers, **attempt.typed)
            assert str(refusal) == attempt.sentence, attempt
    assert frozen(world) == before


def test_no_import_changes_a_frozen_column(world: World, tmp_path: Path) -> None:
    before, sheet = frozen(world), tmp_path / "sheet.csv"
    for kind in NOT_IMPORTED:
        sheet.write_text("number,state\nSZ-D-261123-0001,reconciled\n", encoding="utf-8")
        ran = command(world, "adm", "import", kind, str(sheet))
        assert (ran.code, ran.err[0].startswith(f"kind: '{kind}' is not one of:")) == (REFUSED, True), ran
    for kind, text in IMPORTED.items():
        sheet.write_text(text, encoding="utf-8")
        command(world, "adm", "import", kind, str(sheet))
    assert frozen(world) == before


def test_no_sql_changes_a_frozen_column(world: World) -> None:
    before = frozen(world)
    wrong: dict[str, str] = {}
    for case in CASES:
        # Writing what stands there is a change as well: nobody has to ask what it was.
        asked = [f"UPDATE {case.table} SET {name} = {name}" for name in sorted(case.columns)]
        said = {statement: _refusal(world, statement) for statement in (*asked, f"DELETE FROM {case.table}")}
        wrong |= {statement: refusal for statement, refusal in said.items() if refusal != case.sentence}
    assert wrong == {}
    assert frozen(world) == before


def _refusal(world: World, statement: str) -> str:
    """The sentence with which the database refuses; empty where it does what is asked."""
    try:
        with world.books.writing() as writing:
            writing.connection.exec_driver_sql(statement)
    except Refused as refused:
        return str(refused)
    return ""


def test_what_goes_on_is_all_that_is_not_frozen(world: World) -> None:
    """A column that is new is frozen, or somebody has to say that it goes on."""
    for case in CASES:
        if case.table == "calls":
            continue
        for column in sorted(columns(case.table) - case.columns):
            statement = f"UPDATE {case.table} SET {column} = {column}"
            assert _refusal(world, statement) == "", statement
    assert _refusal(world, "UPDATE calls SET remarks = 'x'") == ""
