"""A fortnight of one branch on both engines: the same rows, and every figure of every paper counted anew from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select

from servicedesk.domain.register_days import UNATTENDED
from servicedesk.store import audit, tables
from tests.end_to_end import fortnight_figures as counted
from tests.end_to_end.fortnight import (
    ABSENT,
    AFTERWARDS,
    COMPILED_LATE,
    DAYS,
    FIRST,
    ILL,
    UNATTENDED_ON,
    play,
    working_days,
)
from tests.end_to_end.fortnight_work import TECHNICIANS
from tests.world import World

CALLS_A_DAY = 40
HOLIDAYS = [date(2026, 10, day) for day in range(1, 8)]
MAKE_UP_SATURDAY, SUNDAY = date(2026, 10, 10), date(2026, 10, 11)
SALTED = {"audit", "audit_details", "books", "requests", "register_days.audit_head", "staff.passphrase"}
WRITTEN_ANEW = {"report_lines.id", "supervisor_report_lines.id", "register_differences.id"}
"""Lines that are taken away and written again: SQLite gives their keys again, PostgreSQL does not."""
NOT_THE_SAME = SALTED | WRITTEN_ANEW
HOURS = {"": "08:30-12:00 13:30-18:00", "wu": "08:30-10:40"}
"""The hours of a report; Wu's on the day on which he goes home."""

Row = dict[str, Any]


def test_a_fortnight_leaves_the_same_rows_on_both_engines_and_every_figure_follows_from_them(
    sqlite_url: str, postgres_url: str
) -> None:
    left: list[Mapping[str, list[Row]]] = []
    for database in (sqlite_url, postgres_url):
        world = play(database, CALLS_A_DAY)
        try:
            is_a_whole_fortnight(world)
            feet_of_the_technicians_reports(world)
            marks_of_the_technicians_reports(world)
            lines_of_the_supervisor_reports(world)
            day_blocks(world)
            closing_sheets(world)
            pages(world)
            left.append(everything(world))
        finally:
            world.close()
    on_sqlite, on_postgres = left
    assert {name: len(lines) for name, lines in on_sqlite.items()} == {
        name: len(lines) for name, lines in on_postgres.items()
    }
    assert on_sqlite == on_postgres


def is_a_whole_fortnight(world: World) -> None:
    """It has in it what it is played for, and every paper has come to its end."""
    days = working_days(world)
    assert [FIRST + timedelta(days=nth) for nth in range(DAYS)] == sorted({*days, *HOLIDAYS, SUNDAY})
    assert MAKE_UP_SATURDAY in days
    ended = {(row["day"], row["state"]) for row in counted.rows(world, "SELECT day, state FROM register_days")}
    assert ended == {(str(day), "page_received") for day in days}
    ended = {(row["day"], row["state"]) for row in counted.rows(world, "SELECT day, state FROM supervisor_reports")}
    assert ended == {(str(day), "report_received") for day in days}
    assert {row["state"] for row in counted.rows(world, "SELECT state FROM technician_reports")} == {"kept"}
    done = {row["act"] for row in counted.rows(world, "SELECT DISTINCT act FROM audit WHERE outcome = 'done'")}
    assert done >= {
        *(
            "calls.pass_on",
            "calls.correct",
            "calls.recall",
            "calls.reassign",
            "calls.stand_down",
            "calls.cancel",
            "calls.sign",
            "calls.come_back",
        ),
        *("cards.reject", "cards.answer", "cards.time", "receipts.lose", "receipts.confirm", "charges.remit"),
        *("charges.collect", "charges.post", "complaints.receive", "reports.send_back", "days.explain"),
    }
    gone_since = f"SELECT k.id FROM repair_cards k JOIN supervisor_reports b ON b.day = '{COMPILED_LATE}'"
    gone_since += " WHERE k.returned_at < b.compiled_at AND substr(k.returned_at, 1, 10) > b.day"
    assert counted.rows(world, gone_since), (
        "an article that was in the shop when the day ended, and not when it was compiled"
    )
    sent = counted.rows(world, f"SELECT number FROM register_days WHERE transmitted_at LIKE '{AFTERWARDS}%'")
    assert len(sent) == 1, "the last page goes out on the Monday after"
    on_holidays = (
        "SELECT number FROM calls WHERE number LIKE 'SZ%' AND logged_at >= '2026-10-01' AND logged_at < '2026-10-08'"
    )
    numbers = [row["number"] for row in counted.rows(world, on_holidays)]
    assert [number[:12] for number in numbers] == ["SZ-C-261008-"] * len(HOLIDAYS)
    after_closing = "SELECT number FROM calls WHERE number LIKE 'SZ%' AND logged_at LIKE '2026-09-30T1%'"
    assert {row["number"][:12] for row in counted.rows(world, after_closing)} == {"SZ-C-261008-"}


def feet_of_the_technicians_reports(world: World) -> None:
    """Jobs and minutes of every service type, the way there, the fees."""
    names = "number, jobs_a, minutes_a, jobs_b, minutes_b, jobs_c, minutes_c, minutes_d, travel, fee"
    written = by_number(world, f"SELECT {names} FROM technician_reports")
    assert len(written) == len(working_days(world)) * len(TECHNICIANS) - len(ABSENT)
    assert written == by_number(world, counted.TECHNICIANS)
    totals = {name: sum(row[name] for row in written.values()) for name in names.split(", ")[1:]}
    assert all(totals.values()), totals


def marks_of_the_technicians_reports(world: World) -> None:
    """Gaps, overlaps and stretches outside the shift, minute by minute; too many minutes; lines without a job."""
    statement = "SELECT r.id, r.day, r.hours, r.marks, s.login FROM technician_reports r JOIN staff s ON s.id = "
    reports = counted.rows(world, f"{statement} r.technician_id")
    worked = defaultdict(list)
    for line in counted.rows(world, counted.WORKED):
        worked[line["report"]].append(line)
    not_left = Counter(line["report"] for line in counted.rows(world, counted.NOT_LEFT))
    assert not_left
    for report in reports:
        is_ill = (report["day"], report["login"]) == (str(ILL), "wu")
        assert report["hours"] == HOURS["wu" if is_ill else ""], report
        left_open = [*marks(worked[report["id"]], report["hours"])]
        assert report["marks"] == len(left_open) + not_left[report["id"]], report


def marks(lines: list[Row], hours: str) -> Iterator[str]:
    """What a day's lines leave open, the minutes counted one by one from midnight UTC."""
    shift = {minute for window in hours.split() for minute in range(*(clock(at) - 480 for at in window.split("-")))}
    spans = [(clock(line["began_at"][11:16]), clock(line["ended_at"][11:16])) for line in lines]

    def kind(minute: int) -> str:
        covering = sum(begins <= minute < ends for begins, ends in spans)
        if covering > 1:
            return "overlap"
        if minute in shift:
            return "" if covering else "gap"
        return "outside" if covering else ""

    yield from (found for found, _ in groupby(range(1440), kind) if found)
    if sum(line["minutes"] for line in lines) > len(shift):
        yield "too much"
    known = {line["paper"] for line in lines if line["source"] != "typed"}
    yield from {line["paper"] for line in lines if line["paper"] and line["paper"] not in known}


def clock(at: str) -> int:
    """Minutes after midnight of `08:30`."""
    return int(at[:2]) * 60 + int(at[3:])


def lines_of_the_supervisor_reports(world: World) -> None:
    """Jobs and minutes of each technician, and who was absent and why."""
    names = "jobs_a, minutes_a, jobs_b, minutes_b, jobs_c, minutes_c, minutes_d"
    zeros = names.replace(", ", " + l.").join(("l.", " = 0"))
    join = "FROM supervisor_report_lines l JOIN supervisor_reports b ON b.id = l.report_id JOIN staff s ON s.id = "
    join += "l.technician_id"
    selected = ", ".join(f"l.{name}" for name in names.split(", "))
    of_work = f"SELECT b.number, s.login, {selected}, l.absent {join} WHERE l.technician_report_id IS NOT NULL"
    assert by_number(world, of_work, "login") == by_number(world, counted.SUPERVISORS, "login")
    absent = counted.rows(
        world, f"SELECT b.day, s.login, l.absent {join} WHERE l.technician_report_id IS NULL AND {zeros}"
    )
    assert {(date.fromisoformat(row["day"]), row["login"]): row["absent"] for row in absent} == ABSENT
    lines = counted.rows(world, f"SELECT b.day, s.login {join}")
    assert len(lines) == len(working_days(world)) * len(TECHNICIANS)


def day_blocks(world: World) -> None:
    """Calls, dispatched, undispatched, late, done, carried back, in shop, overdue, assistance, complaints, money."""
    found = by_number(world, counted.DAY_BLOCK)
    names = ", ".join(next(iter(found.values())))
    written = by_number(world, f"SELECT {names} FROM supervisor_reports")
    assert written == found
    for name in names.split(", ")[1:]:
        assert any(row[name] for row in written.values()), name
    late = counted.rows(world, f"SELECT compiled_at FROM supervisor_reports WHERE day = '{COMPILED_LATE}'")
    assert late[0]["compiled_at"][:10] > str(COMPILED_LATE)


def closing_sheets(world: World) -> None:
    """The calls of the page, what is carried over, everything that differed with what was said to it."""
    written = by_number(world, "SELECT number, calls, carried_over FROM register_days")
    assert written == by_number(world, counted.CLOSING_SHEETS)
    listed = counted.rows(
        world,
        "SELECT d.number, d.day, d.differences, x.kind, x.paper, x.explanation"
        " FROM register_days d JOIN register_differences x ON x.day_id = d.id",
    )
    found = counted.rows(world, counted.DIFFERENCES)
    assert sorted((row["number"], row["kind"], row["paper"]) for row in listed) == sorted(
        (row["number"], row["kind"], row["paper"]) for row in found
    )
    assert len({row["kind"] for row in found}) == 7, "every kind of difference came about"
    for (number,) in written:
        of_day = [row for row in listed if row["number"] == number]
        assert {row["differences"] for row in of_day} == {len(of_day)}
    by_program = {row["day"] for row in listed if row["explanation"] == UNATTENDED}
    assert by_program == {str(UNATTENDED_ON)}
    assert all(row["explanation"] for row in listed)


def pages(world: World) -> None:
    """The lines of each page as they stood at the closing, in the order of their numbers; its head is in the log."""
    names = "number, called_at, customer_name, symptom, finished_at, struck_off_at, arrived_at, fee"
    selected = ", ".join(f"l.{name}" for name in names.split(", "))
    join = "FROM register_page_lines l JOIN register_days d ON d.id = l.day_id"
    frozen = counted.rows(world, f"SELECT d.number AS sheet, {selected}, l.line {join}")
    for _, page in groupby(sorted(frozen, key=lambda row: (row["sheet"], row["number"])), lambda row: row["sheet"]):
        lines = [row.pop("line") for row in page]
        assert lines == list(range(1, len(lines) + 1))
    assert sorted(frozen, key=str) == sorted(
        ({name: row[name] for name in frozen[0]} for row in counted.rows(world, counted.PAGES)), key=str
    )
    for row in counted.rows(world, "SELECT audit_head FROM register_days"):
        assert world.read(audit.verify, row["audit_head"]).fault is None


def by_number(world: World, statement: str, *names: str) -> dict[tuple[Any, ...], Row]:
    """Rows by their number and these columns; sums of the one engine are no other type than the other's."""
    found = counted.rows(world, statement)
    keyed = {(row["number"], *(row[name] for name in names)): row for row in found}
    assert len(keyed) == len(found)
    texts = ("number", "login", "absent")
    return {
        key: {name: value if name in texts else int(value) for name, value in row.items()} for key, row in keyed.items()
    }


def everything(world: World) -> Mapping[str, list[Row]]:
    """Every row of every table, but for what is never the same twice."""
    found = {}
    with world.books.reading() as reading:
        for table in tables.METADATA.sorted_tables:
            if table.name not in NOT_THE_SAME:
                names = [column.name for column in table.columns]
                rows = (dict(zip(names, row, strict=True)) for row in reading.all(select(table)))
                kept = ({name: row[name] for name in row if f"{table.name}.{name}" not in NOT_THE_SAME} for row in rows)
                found[table.name] = sorted(kept, key=str)
    return found
