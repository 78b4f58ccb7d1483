"""Lists of the call register: every shape comes by an index, and page by page exactly once, alike on both engines."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from servicedesk.domain.calls import OPEN, STATES, CallFilter, CallRow, Page, judged_by, urgency
from servicedesk.store import calls, dispatch, search, tables
from servicedesk.store.engine import Books
from servicedesk.store.session import Reading, Writing
from servicedesk.store.words_index import index_text
from tests.world import MONDAY, World

NOW = MONDAY.astimezone(UTC)
TODAY = NOW - timedelta(hours=9)
MANY = 300
FILTERS = [
    CallFilter(),
    CallFilter(unit="SZ"),
    CallFilter(state="logged"),
    CallFilter(zone="suburban"),
    CallFilter(service_type="B"),
    CallFilter(technician="chen"),
    CallFilter(logged_by="lin"),
    CallFilter(customer="000003"),
    CallFilter(late=True),
    CallFilter(words="制冷"),
    CallFilter(unit="SZ", state="logged"),
    CallFilter(unit="SZ", zone="suburban"),
    CallFilter(unit="SZ", service_type="B"),
    CallFilter(unit="SZ", technician="chen"),
    CallFilter(unit="SZ", logged_by="lin"),
    CallFilter(unit="SZ", customer="000003"),
    CallFilter(unit="SZ", late=True),
    CallFilter(unit="SZ", words="客 KFR"),
    CallFilter(technician="chen", state="done_on_site"),
    CallFilter(unit="SZ", state="struck_off", zone="urban", service_type="A"),
    CallFilter(unit="SZ", state="dispatched", late=True, words="制冷"),
    CallFilter(unit="BJ", technician="chen", words="没有"),
]
ORDERED = [replace(wanted, urgent=urgent) for urgent in (False, True) for wanted in FILTERS]

WALK_OF_THE_OPEN = "SCAN calls USING INDEX ix_calls_urgent"
WALK_OF_THE_REGISTER = "SCAN calls"
SORTED = "USE TEMP B-TREE FOR ORDER BY"


def excused(wanted: CallFilter) -> set[str]:
    """The steps without a search that are meant, each with an end in sight; none of them when a unit asks for its own.

    In the urgent order the open calls are walked in their order, and what is few is sorted: one customer's calls,
    what matches words. In the register's own order it is walked until the page is full where nothing but zone or type
    is asked of all units together; late ones are found by the urgent order and sorted.
    """
    narrow = wanted.unit or wanted.state or wanted.technician or wanted.logged_by or wanted.customer or wanted.words
    if wanted.urgent:
        return {SORTED} if wanted.words or wanted.customer else set() if wanted.unit else {WALK_OF_THE_OPEN}
    if wanted.late:
        return {SORTED}
    return set() if narrow else {WALK_OF_THE_REGISTER}


def fill(books: Books) -> None:
    """Calls in every state, zone, type and unit, some late; written straight into the tables."""
    dice = random.Random(7)
    with books.writing() as writing:
        known = _keys(writing)
        for number in range(1, 31):
            writing.add(tables.Customer, number=f"{number:06}", name=f"客{number}")
            writing.add(tables.Product, customer_id=number, model_no="KFR-35GW")
            writing.add(
                tables.Voucher, number=f"SZ-V-{number:06}", unit_id=known["SZ"], product_id=number, held_since=NOW
            )
        written = []
        for key in range(1, MANY + 1):
            row = _call(dice, known, key)
            writing.add(tables.Call, **row)
            words = (row["number"], row["model_no"], row["symptom"])
            written.append((key, index_text(*words, names=(row["customer_name"],))))
            for nth in range(1, row["visits"] + 1):
                state = "active" if row["state"] in ("dispatched", "arrived") and nth == row["visits"] else "done"
                moment = NOW - timedelta(hours=1)
                writing.add(
                    tables.Visit,
                    call_id=key,
                    nth=nth,
                    technician_id=row["technician_id"] or known["chen"],
                    state=state,
                    dispatched_at=moment,
                    left_at=None if state == "active" else moment,
                )
        search.write_many(writing, search.CALLS, written)


def _keys(writing: Writing) -> dict[str, int]:
    names = {}
    for statement in ("SELECT code, id FROM units", "SELECT login, id FROM staff"):
        names.update({row[0]: int(row[1]) for row in writing.connection.exec_driver_sql(statement)})
    return names


def _call(dice: random.Random, known: dict[str, int], key: int) -> dict[str, Any]:
    state = dice.choice([*STATES, *(["struck_off"] * 8)])
    called = NOW - timedelta(minutes=dice.randrange(0, 3000))
    # Few different due times, so that many rows share the first part of the key.
    due_at = NOW + timedelta(hours=dice.randrange(-3, 4)) if dice.random() < 0.8 else None
    arrived = NOW if state not in ("logged", "dispatched", "cancelled") else None
    sent = state not in ("logged", "cancelled")
    judged = judged_by(due_at, None)
    customer = dice.randrange(1, 31)
    return {
        "id": key,
        "number": f"SZ-C-261123-{key:04}",
        "unit_id": known[dice.choice(["SZ", "SZ", "BJ"])],
        "state": state,
        "called_at": called,
        "logged_at": called,
        "channel": "telephone",
        "customer_id": customer,
        "customer_name": f"客{customer}",
        "telephone": "13812345678",
        "address": "莲花路",
        "zone": dice.choice(["urban", "suburban"]),
        "product_id": customer,
        "model_no": dice.choice(["KFR-35GW", "BCD-200"]),
        "symptom": dice.choice(["不制冷", "漏水"]),
        "service_type": dice.choice(["A", "B", "C"]),
        "voucher_id": customer,
        "due_at": due_at,
        "judged_by": judged,
        "technician_id": known[dice.choice(["chen", "liu"])] if sent and state != "revisit" else None,
        "arrived_at": arrived,
        "visits": int(sent),
        "further": True,
        "logged_by": known[dice.choice(["lin", "guo", "ann"])],
        "urgent": urgency(state, judged, arrived is not None, called),
    }


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    fill(made.books)
    yield made
    made.close()


class Plans:
    """What SQLite says about how it would answer each statement that is asked here."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.asked: list[tuple[str, Any]] = []
        event.listen(reading.connection, "before_cursor_execute", self.keep)

    def keep(self, connection: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        if statement.startswith("SELECT"):
            self.asked.append((statement, values))

    def of(self, ask: Callable[[], object]) -> list[str]:
        """The steps of every statement that this asks."""
        self.asked.clear()
        ask()
        steps: list[str] = []
        for statement, values in list(self.asked):
            rows = self.reading.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps.extend(str(row[3]) for row in rows)
        assert steps
        return steps


def scans(steps: list[str]) -> list[str]:
    """The steps that read a whole table or sort; the search index is asked its own way."""
    bad = []
    for step in steps:
        whole = step.startswith("SCAN") and "VIRTUAL TABLE" not in step
        whole = whole and not step.startswith(("SCAN anon", "SCAN (subquery"))
        constant = step.startswith("SCAN CONSTANT ROW")
        if (whole and not constant) or "TEMP B-TREE" in step or "AUTOMATIC" in step:
            bad.append(step)
    return bad


def test_every_shape_of_the_register_comes_by_an_index_in_its_order(world: World) -> None:
    bad = {}
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        for wanted in ORDERED:
            edge: tuple[object, ...] = ("12026", 150) if wanted.urgent else (150,)
            for place in (Page(), Page(last=True), Page(after=edge), Page(before=edge)):
                found = scans(plans.of(lambda wanted=wanted, place=place: calls.page(reading, wanted, place, NOW)))  # type: ignore[misc]
                if set(found) - excused(wanted):
                    bad[wanted, place] = found
    assert bad == {}


def test_every_shape_of_the_count_comes_by_an_index(world: World) -> None:
    bad = {}
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        for wanted in ORDERED:
            found = scans(plans.of(lambda wanted=wanted: calls.count(reading, wanted, NOW)))  # type: ignore[misc]
            walked = {step.replace(" COVERING", "").replace(" USING INDEX ix_calls_unit_id", "") for step in found}
            if walked - excused(wanted):
                bad[wanted] = found
    assert bad == {}


def test_one_call_and_its_papers_come_by_an_index(world: World) -> None:
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        asked: list[Callable[[], object]] = [
            lambda: calls.one(reading, "SZ-C-261123-0001"),
            lambda: calls.by_id(reading, 1),
            lambda: calls.open_of_product(reading, 1),
            lambda: calls.open_of_customer(reading, 1),
            lambda: calls.last_struck_off(reading, 1),
            lambda: calls.visits(reading, 1),
            lambda: calls.entries(reading, 1),
            lambda: calls.urges(reading, 1),
            lambda: calls.corrections(reading, 1),
            lambda: calls.tellings(reading, 1),
            lambda: calls.carried_over(reading, "SZ", NOW),
        ]
        assert [scans(plans.of(ask)) for ask in asked] == [[]] * len(asked)


def test_the_lists_of_the_dispatch_board_come_by_an_index(world: World) -> None:
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        active = reading.connection.exec_driver_sql(
            "SELECT max(call_id) FROM visits WHERE state = 'active'"
        ).scalar_one()
        asked: dict[str, Callable[[], object]] = {
            "active_visit": lambda: dispatch.active_visit(reading, active),
            "active_calls": lambda: dispatch.active_calls(reading, "chen"),
            "done_calls": lambda: dispatch.done_calls(reading, "chen", TODAY),
            "waiting": lambda: dispatch.waiting(reading, "SZ", TODAY),
            "on_the_road": lambda: dispatch.on_the_road(reading, "SZ"),
            "technician": lambda: dispatch.technician(reading, "chen", NOW),
            "technicians": lambda: dispatch.technicians(reading, "SZ", NOW, "KFR-35GW"),
            "vouchers_out": lambda: dispatch.vouchers_out(reading, "SZ", NOW),
            "late_to_tell": lambda: dispatch.late_to_tell(reading, "SZ", NOW),
            "to_be_told": lambda: calls.to_be_told(reading, "SZ"),
        }
        found = {name: steps for name, ask in asked.items() if (steps := scans(plans.of(ask)))}
    # One technician's day is sorted; the staff of all units is short; who is still to be told has an index of its own.
    assert found == {
        "active_calls": [SORTED],
        "done_calls": [SORTED],
        "technicians": ["SCAN staff USING INDEX sqlite_autoindex_staff_1"],
        "to_be_told": ["SCAN tellings USING INDEX ix_tellings_open"],
    }


# Pages


def every_row(reading: Reading) -> list[CallRow]:
    numbers = reading.connection.exec_driver_sql("SELECT number FROM calls ORDER BY id").scalars().all()
    return [row for number in numbers if (row := calls.one(reading, number)) is not None]


def expected(rows: list[CallRow], wanted: CallFilter, logged_by: dict[int, str]) -> list[str]:
    """The list as anybody would make it by hand."""
    kept = [row for row in rows if _fits(row, wanted, logged_by)]
    if wanted.urgent:
        kept = sorted((row for row in kept if row.urgent), key=lambda row: (row.urgent, row.id))
    else:
        kept.reverse()
    return [row.number for row in kept]


def _fits(row: CallRow, wanted: CallFilter, logged_by: dict[int, str]) -> bool:
    text = f"{row.symptom} {row.customer_name} {row.model_no}"
    return (
        wanted.unit in ("", row.unit)
        and wanted.state in ("", row.state)
        and wanted.zone in ("", row.zone)
        and wanted.service_type in ("", row.service_type)
        and wanted.technician in ("", row.technician)
        and wanted.logged_by in ("", logged_by[row.id])
        and wanted.customer in ("", row.customer)
        and (not wanted.late or row.late(NOW))
        and all(word in text for word in wanted.words.split())
    )


def forwards(reading: Reading, wanted: CallFilter, size: int) -> list[str]:
    found: list[CallRow] = []
    place = Page(limit=size)
    while rows := calls.page(reading, wanted, place, NOW):
        assert len(rows) <= size
        found.extend(rows)
        place = Page(after=wanted.key_of(rows[-1]), limit=size)
    return [row.number for row in found]


def backwards(reading: Reading, wanted: CallFilter, size: int) -> list[str]:
    found: list[CallRow] = []
    place = Page(last=True, limit=size)
    while rows := calls.page(reading, wanted, place, NOW):
        found[:0] = rows
        place = Page(before=wanted.key_of(rows[0]), limit=size)
    return [row.number for row in found]


def test_pages_by_key_give_the_whole_list_exactly_once_in_both_directions(database_url: str) -> None:
    world = World(database_url)
    fill(world.books)
    wrong: list[tuple[CallFilter, int]] = []
    lengths = set()
    with world.books.reading() as reading:
        rows = every_row(reading)
        by = "SELECT calls.id, login FROM calls JOIN staff ON staff.id = calls.logged_by"
        people = {int(row[0]): str(row[1]) for row in reading.connection.exec_driver_sql(by)}
        assert {row.state for row in rows} == set(STATES)
        assert any(row.late(NOW) for row in rows)
        assert sum(row.state in OPEN for row in rows) > 50
        for wanted in ORDERED:
            whole = expected(rows, wanted, people)
            lengths.add(len(whole) > 0)
            wrong.extend(
                (wanted, size)
                for size in (29, MANY)
                if not forwards(reading, wanted, size) == backwards(reading, wanted, size) == whole
            )
            if calls.count(reading, wanted, NOW) != len(whole):
                wrong.append((wanted, 0))
        assert calls.count(reading, CallFilter(), NOW, most=100) == 101
    world.close()
    assert wrong == []
    assert lengths == {True, False}
