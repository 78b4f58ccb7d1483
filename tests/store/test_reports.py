"""Lists of the daily reports and the facts of a day: every shape by an index, pages exactly once, alike everywhere."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, timedelta
from types import SimpleNamespace

import pytest

from servicedesk.domain.calls import Page
from servicedesk.domain.day_lines import Span
from servicedesk.domain.registers import Wanted
from servicedesk.domain.reports import REVIEWED, SUBMITTED, ReportLineRow, ReportRow, urgency
from servicedesk.store import day_facts, reports, tables
from servicedesk.store.engine import Books
from servicedesk.store.reports import REPORTS, SUPERVISOR_REPORTS
from servicedesk.store.session import Reading
from tests.store.test_plans import Plans, scans
from tests.world import MONDAY, World

NOW = MONDAY.astimezone(UTC)
FIRST = date(2026, 8, 3)
DAYS = 60
STATES = ("draft", SUBMITTED, "sent_back", REVIEWED, "kept", "kept", "kept")
WRITERS = ("chen", "liu", "zhao", "bjclerk")
DAY = Span(NOW - timedelta(hours=9), NOW + timedelta(hours=15))

NARROW = [Wanted(), Wanted(state=SUBMITTED), Wanted(state="kept"), Wanted(technician="chen")]
SHOWN = {"to_review": SUBMITTED, "sent_back": "sent_back", "to_compile": REVIEWED}
NARROW += [Wanted(view=view) for view in SHOWN]
FILTERS = [replace(wanted, unit=unit) for unit in ("", "SZ") for wanted in NARROW]
FILTERS += [Wanted(unit="SZ", technician="chen", state=SUBMITTED)]
ORDERED = [replace(wanted, urgent=urgent) for urgent in (False, True) for wanted in FILTERS]

SORTED = "USE TEMP B-TREE FOR ORDER BY"
WALK_OF_THE_REGISTER = "SCAN technician_reports"
WALK_OF_WHAT_WAITS = "SCAN technician_reports USING INDEX ix_technician_reports_urgent"


def excused(wanted: Wanted) -> set[str]:
    """What is walked or sorted and meant: all reports newest first, those that wait in their order; a view is sorted.

    Few wait: all others are kept.
    """
    if wanted.urgent:
        return {SORTED, WALK_OF_WHAT_WAITS}
    if wanted.view:
        return {SORTED, WALK_OF_WHAT_WAITS}
    return set() if wanted.unit or wanted.state or wanted.technician else {WALK_OF_THE_REGISTER}


def fill(books: Books) -> None:
    """Reports of four people of two units, each day one, written straight into the tables."""
    dice = random.Random(5)
    with books.writing() as writing:
        known = {}
        for statement in ("SELECT code, id FROM units", "SELECT login, id FROM staff"):
            known.update({row[0]: int(row[1]) for row in writing.connection.exec_driver_sql(statement)})
        count = 0
        for back in range(DAYS):
            day = FIRST + timedelta(days=back)
            for login in WRITERS:
                count += 1
                state = dice.choice(STATES)
                writing.add(
                    tables.TechnicianReport,
                    number=f"SZ-T-{day:%y%m%d}-{count:04}",
                    unit_id=known["BJ" if login == "bjclerk" else "SZ"],
                    technician_id=known[login],
                    day=day,
                    state=state,
                    reviewed_by=known["guo"] if state in (REVIEWED, "kept") else None,
                    urgent=urgency(state, day),
                )


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    fill(made.books)
    yield made
    made.close()


def test_every_shape_of_the_list_comes_by_an_index(world: World) -> None:
    bad = {}
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        for wanted in ORDERED:
            edge: tuple[object, ...] = ("120260901", 90) if wanted.urgent else (90,)
            for place in (Page(), Page(last=True), Page(after=edge), Page(before=edge)):
                steps = plans.of(lambda wanted=wanted, place=place: REPORTS.page(reading, [wanted], place, NOW))  # type: ignore[misc]
                if set(scans(steps)) - excused(wanted):
                    bad[wanted, place] = scans(steps)
    assert not bad, "\n".join(f"{key} {found}" for key, found in bad.items())


def test_what_waits_is_never_looked_for_among_all_that_is_kept(world: World) -> None:
    """A view and the urgent order begin with an index of what waits, or of who wrote it."""
    bad = {}
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        for wanted in ORDERED:
            if not (wanted.urgent or wanted.view):
                continue
            steps = plans.of(lambda wanted=wanted: REPORTS.page(reading, [wanted], Page(), NOW))  # type: ignore[misc]
            found = [step for step in steps if " technician_reports " in step]
            meant = ("_urgent", "_technician_id") if wanted.technician else ("_urgent", "_state (", "_unit_id_state (")
            if not found or not all(any(index in step for index in meant) for step in found):
                bad[wanted] = found
    assert not bad, "\n".join(f"{key} {found}" for key, found in bad.items())


def expected(rows: list[ReportRow], wanted: Wanted) -> list[str]:
    found = [
        row
        for row in rows
        if wanted.unit in ("", row.unit)
        and wanted.state in ("", row.state)
        and wanted.technician in ("", row.technician)
        and row.state == SHOWN.get(wanted.view, row.state)
        and (row.urgent or not wanted.urgent)
    ]
    found.sort(key=wanted.key_of, reverse=not wanted.urgent)
    return [row.number for row in found]


def forwards(reading: Reading, wanted: Wanted, size: int) -> list[str]:
    found: list[str] = []
    place = Page(limit=size)
    while rows := REPORTS.page(reading, [wanted], place, NOW):
        found += [row.number for row in rows]
        place = Page(after=wanted.key_of(rows[-1]), limit=size)
    return found


def backwards(reading: Reading, wanted: Wanted, size: int) -> list[str]:
    found: list[str] = []
    place = Page(last=True, limit=size)
    while rows := REPORTS.page(reading, [wanted], place, NOW):
        found[:0] = [row.number for row in rows]
        place = Page(before=wanted.key_of(rows[0]), limit=size)
    return found


def test_pages_by_key_give_the_whole_list_exactly_once_in_both_directions(database_url: str) -> None:
    world = World(database_url)
    fill(world.books)
    wrong, empty = [], []
    with world.books.reading() as reading:
        rows = [REPORTS.by_id(reading, key) for key in range(1, DAYS * len(WRITERS) + 1)]
        for wanted in ORDERED:
            whole = expected(rows, wanted)
            if not (forwards(reading, wanted, 17) == backwards(reading, wanted, 17) == whole):
                wrong.append(wanted)
            if REPORTS.count(reading, [wanted], NOW) != len(whole):
                wrong.append(wanted)
            if not whole:
                empty.append(wanted)
    world.close()
    assert wrong == []
    assert {(wanted.state, wanted.urgent) for wanted in empty} == {("kept", True)}


def test_the_reports_of_a_day_and_their_lines_come_by_an_index(world: World) -> None:
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        steps = plans.of(lambda: reports.of_day(reading, 11, FIRST))
        assert scans(steps) == []
        steps = plans.of(lambda: reports.of_unit(reading, 2, FIRST))
        assert scans(steps) == []
        assert scans(plans.of(lambda: reports.last_line(reading, 1))) == []
        assert scans(plans.of(lambda: reports.settled_days(reading, 11, FIRST, FIRST + timedelta(days=14)))) == []
        steps = plans.of(lambda: reports.lines_within(reading, 11, DAY, FIRST, FIRST + timedelta(days=14)))
        assert scans(steps) == []
        # A day has few lines: they are sorted.
        assert set(scans(plans.of(lambda: reports.lines(reading, 1)))) <= {
            SORTED,
            "USE TEMP B-TREE FOR LAST TERM OF ORDER BY",
        }


def test_what_waits_of_the_supervisor_reports_comes_by_an_index(world: World) -> None:
    """What is in a state on the way is little: of all units together it is sorted."""
    bad = {}
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        for view in SUPERVISOR_REPORTS.views:
            for unit in ("", "SZ"):
                wanted = Wanted(view=view, unit=unit, urgent=True)
                steps = plans.of(lambda wanted=wanted: SUPERVISOR_REPORTS.page(reading, [wanted], Page(), NOW))  # type: ignore[misc]
                found = [step for step in steps if " supervisor_reports " in step]
                index = "_unit_id_urgent" if unit else "_state (state=?)"
                if set(scans(steps)) != (set() if unit else {SORTED}) or not all(index in step for step in found):
                    bad[wanted] = steps
    assert not bad, "\n".join(f"{key} {found}" for key, found in bad.items())


def test_the_reports_that_came_late_come_by_an_index(world: World) -> None:
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        steps = plans.of(lambda: reports.late_of_unit(reading, 2, FIRST))
        assert scans(steps) == []
        assert any("ix_technician_reports_unit_id_urgent (unit_id=? AND urgent" in step for step in steps)
        summary = SimpleNamespace(unit_id=2, day=FIRST, signed_at=NOW)
        asked = [step for step in plans.of(lambda: reports.late_in(reading, summary)) if "technician_reports" in step]  # type: ignore[arg-type]
        assert asked == [
            "SEARCH technician_reports USING INDEX ix_technician_reports_unit_id_day (unit_id=? AND day>? AND day<?)"
        ]


def test_the_facts_of_a_day_come_by_an_index(world: World) -> None:
    bad = {}
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        asked = {
            "visits": lambda: day_facts.visits(reading, 11, DAY),
            "time_lines": lambda: day_facts.time_lines(reading, 11, DAY, NOW),
            "jobs": lambda: day_facts.jobs(reading, 11, DAY),
            "not_left": lambda: day_facts.not_left(reading, 11, DAY),
            "running": lambda: day_facts.running(reading, 11, DAY),
            "shift": lambda: day_facts.shift(reading, 11, MONDAY.date()),
            "absences": lambda: day_facts.absences(reading, 11, DAY),
        }
        for name, ask in asked.items():
            if found := scans(plans.of(ask)):
                bad[name] = found
        for name, index in (
            ("visits", "AND state=? AND dispatched_at>? AND dispatched_at<?"),
            ("time_lines", "AND began_at>? AND began_at<?"),
        ):
            steps = [step for step in plans.of(asked[name]) if f" {name} " in step]
            assert steps == [f"SEARCH {name} USING INDEX ix_{name}_technician_id (technician_id=? {index})"]
    assert not bad, "\n".join(f"{key} {found}" for key, found in bad.items())


def line_of(work: str, began: int) -> ReportLineRow:
    begins = NOW + timedelta(minutes=began)
    return ReportLineRow(0, "typed", "", "", "D", work, begins, begins + timedelta(minutes=5), 5, 0, "", 0, "")


def test_lines_are_numbered_below_those_that_stand_and_anew_when_all_are_replaced(database_url: str) -> None:
    world = World(database_url)
    for login in ("chen", "liu"):
        world.do(login, "reports.submit", remarks="培训")
    with world.books.writing() as writing:
        reports.add_lines(writing, 1, [line_of("b", 20), line_of("a", 0)], reports.last_line(writing, 1))
        reports.add_lines(writing, 2, [line_of("x", 0)], reports.last_line(writing, 2))
        reports.drop_line(writing, 1, 1)
        reports.add_lines(writing, 1, [line_of("c", 40)], reports.last_line(writing, 1))
        assert [(row.line, row.work) for row in reports.lines(writing, 1)] == [(2, "a"), (3, "c")]
        reports.replace_lines(writing, 1, reports.lines(writing, 1))
        assert [(row.line, row.work) for row in reports.lines(writing, 1)] == [(1, "a"), (2, "c")]
        assert [(row.line, row.work) for row in reports.lines(writing, 2)] == [(1, "x")]
    world.close()
