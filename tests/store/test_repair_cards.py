"""Lists of the repair cards: every shape comes by an index, page by page exactly once, alike on both engines."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from servicedesk.domain.calls import Page
from servicedesk.domain.registers import Wanted
from servicedesk.domain.repair_cards import AT_THE_BENCH, READY, STATES, CardRow, urgency
from servicedesk.store import repair_cards, search, tables
from servicedesk.store.engine import Books
from servicedesk.store.repair_cards import CARDS
from servicedesk.store.session import Reading, Writing
from servicedesk.store.words_index import index_text
from tests.store.test_plans import Plans, scans
from tests.world import MONDAY, World

NOW = MONDAY.astimezone(UTC)
MANY = 300
VIEWS = ("late", "assistance", "ready", "factory", "unassigned", "exchange_due")
OF_ONE_STATE = ("factory", "unassigned", "exchange_due")
NARROW = [
    Wanted(),
    Wanted(state="in_repair"),
    Wanted(state="returned"),
    Wanted(technician="chen"),
    Wanted(words="制冷"),
    *(Wanted(view=view) for view in VIEWS),
]
FILTERS = [replace(wanted, unit=unit) for unit in ("", "SZ") for wanted in NARROW]
FILTERS += [Wanted(unit="SZ", technician="chen", state="in_repair"), Wanted(unit="SZ", state="waiting", words="漏水")]
# An exchange may be due for what has long left the shop: that view has no urgent order.
ORDERED = [
    replace(wanted, urgent=urgent)
    for urgent in (False, True)
    for wanted in FILTERS
    if not (urgent and wanted.view == "exchange_due")
]

SORTED = "USE TEMP B-TREE FOR ORDER BY"
WALK_OF_THE_REGISTER = "SCAN repair_cards"
WALK_OF_WHAT_IS_DUE = "SCAN repair_cards USING INDEX ix_repair_cards_exchange_due"
WALK_OF_THE_SHOP = "SCAN repair_cards USING INDEX ix_repair_cards_urgent"


def excused(wanted: Wanted) -> set[str]:
    """What is walked or sorted and meant: all cards newest first, those in the shop most urgent first.

    Few are in the shop, and fewer in a view: those are sorted where the order is not that of their index. What is
    searched for comes in the order of the index of words.
    """
    if wanted.words:
        return {WALK_OF_THE_SHOP} if wanted.urgent else set()
    if wanted.urgent:
        if wanted.view in OF_ONE_STATE:
            return {SORTED}
        return set() if wanted.unit or wanted.technician else {WALK_OF_THE_SHOP}
    if wanted.view:
        return {SORTED, WALK_OF_WHAT_IS_DUE} if wanted.view == "exchange_due" else {SORTED}
    return set() if wanted.unit or wanted.state or wanted.technician else {WALK_OF_THE_REGISTER}


def fill(books: Books) -> None:
    """Cards in every state, of two units and two technicians, written straight into the tables."""
    dice = random.Random(11)
    with books.writing() as writing:
        known = _keys(writing)
        writing.add(tables.Customer, number="000001", name="王小明")
        words = []
        for key in range(1, MANY + 1):
            symptom = dice.choice(["不制冷", "漏水"])
            service_type = dice.choice("ABC")
            _papers(writing, known, key, symptom, service_type)
            row = _card(dice, known, key, symptom)
            row["exchange_due"] = row["state"] == "beyond_repair" and service_type == "C"
            writing.add(tables.RepairCard, **row)
            words.append((key, index_text(f"SZ-C-261123-{key:04}", symptom)))
        search.write_many(writing, search.CALLS, words)


def _keys(writing: Writing) -> dict[str, int]:
    names = {}
    for statement in ("SELECT code, id FROM units", "SELECT login, id FROM staff"):
        names.update({row[0]: int(row[1]) for row in writing.connection.exec_driver_sql(statement)})
    return names


def _papers(writing: Writing, known: dict[str, int], key: int, symptom: str, service_type: str) -> None:
    """Product, voucher, call, receipt and goods line of one card; all of them have the card's key."""
    unit, lin = known["SZ"], known["lin"]
    of_call = {"unit_id": unit, "call_id": key, "product_id": key}
    writing.add(tables.Product, customer_id=1, model_no="KFR-35GW")
    writing.add(tables.Voucher, number=f"SZ-V-{key:06}", unit_id=unit, product_id=key, held_since=NOW)
    writing.add(
        tables.Call,
        number=f"SZ-C-261123-{key:04}",
        unit_id=unit,
        state="struck_off",
        called_at=NOW,
        logged_at=NOW,
        channel="telephone",
        customer_id=1,
        customer_name="王小明",
        telephone="13812345678",
        address="莲花路",
        zone="urban",
        product_id=key,
        model_no="KFR-35GW",
        symptom=symptom,
        service_type=service_type,
        voucher_id=key,
        logged_by=lin,
    )
    writing.add(
        tables.Receipt,
        number=f"SZ-R-261123-{key:04}",
        voucher_id=key,
        issued_at=NOW,
        issued_by=lin,
        promised_at=NOW,
        **of_call,
    )
    writing.add(
        tables.Goods,
        number=f"SZ-G-261123-{key:04}",
        receipt_id=key,
        voucher_id=key,
        came_in_at=NOW,
        received_by=lin,
        promised_at=NOW,
        **of_call,
    )


def _card(dice: random.Random, known: dict[str, int], key: int, symptom: str) -> dict[str, Any]:
    state = dice.choice([*STATES, *(["returned"] * 6)])
    # Few different promises, so that many rows share the first part of the key.
    promised_at = NOW + timedelta(hours=dice.randrange(-3, 4))
    assigned = state != "waiting" or dice.random() < 0.5
    return {
        "number": f"SZ-K-261123-{key:04}",
        "unit_id": known[dice.choice(["SZ", "SZ", "BJ"])],
        "call_id": key,
        "goods_id": key,
        "receipt_id": key,
        "voucher_id": key,
        "product_id": key,
        "model_no": "KFR-35GW",
        "state": state,
        "opened_at": NOW,
        "opened_by": known["lin"],
        "symptom": symptom,
        "promised_at": promised_at,
        "first_promised_at": promised_at,
        "technician_id": known[dice.choice(["chen", "liu"])] if assigned else None,
        "assistance": state in AT_THE_BENCH and dice.random() < 0.3,
        "urgent": urgency(state, promised_at),
    }


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    fill(made.books)
    yield made
    made.close()


def test_every_shape_of_the_list_comes_by_an_index_in_its_order(world: World) -> None:
    bad = {}
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        for wanted in ORDERED:
            edge: tuple[object, ...] = ("12026", 150) if wanted.urgent else (150,)
            for place in (Page(), Page(last=True), Page(after=edge), Page(before=edge)):
                steps = plans.of(lambda wanted=wanted, place=place: CARDS.page(reading, [wanted], place, NOW))  # type: ignore[misc]
                if set(scans(steps)) - excused(wanted):
                    bad[wanted, place] = scans(steps)
    assert not bad, "\n".join(f"{key} {found}" for key, found in bad.items())


def test_what_is_in_the_shop_is_never_looked_for_among_all_that_ever_was(world: World) -> None:
    """A view and the urgent order begin with an index that holds the open cards alone, or those in an open state."""
    bad = {}
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        for wanted in ORDERED:
            if not (wanted.urgent or wanted.view) or wanted.words:
                continue
            steps = plans.of(lambda wanted=wanted: CARDS.page(reading, [wanted], Page(), NOW))  # type: ignore[misc]
            cards = [step for step in steps if " repair_cards " in step]
            meant = ("_urgent", "_state (", "_due") if wanted.view in OF_ONE_STATE else ("_urgent",)
            if not cards or not all(any(index in step for index in meant) for step in cards):
                bad[wanted] = cards
    assert not bad, "\n".join(f"{key} {found}" for key, found in bad.items())


def every_row(reading: Reading) -> list[CardRow]:
    return [CARDS.by_id(reading, key) for key in range(1, MANY + 1)]


def in_view(row: CardRow, view: str) -> bool:
    return {
        "": True,
        "late": row.late(NOW),
        "assistance": row.assistance,
        "ready": row.state in READY,
        "factory": row.state == "at_factory",
        "unassigned": row.state == "waiting" and not row.technician,
        "exchange_due": row.state == "beyond_repair" and row.service_type == "C",
    }[view]


def expected(rows: list[CardRow], wanted: Wanted) -> list[str]:
    found = [
        row
        for row in rows
        if wanted.unit in ("", row.unit)
        and wanted.state in ("", row.state)
        and wanted.technician in ("", row.technician)
        and wanted.words in row.symptom
        and in_view(row, wanted.view)
        and (row.urgent or not wanted.urgent)
    ]
    found.sort(key=wanted.key_of, reverse=not wanted.urgent)
    return [row.number for row in found]


def forwards(reading: Reading, wanted: Wanted, size: int) -> list[str]:
    found: list[CardRow] = []
    place = Page(limit=size)
    while rows := CARDS.page(reading, [wanted], place, NOW):
        found.extend(rows)
        place = Page(after=wanted.key_of(rows[-1]), limit=size)
    return [row.number for row in found]


def backwards(reading: Reading, wanted: Wanted, size: int) -> list[str]:
    found: list[CardRow] = []
    place = Page(last=True, limit=size)
    while rows := CARDS.page(reading, [wanted], place, NOW):
        found[:0] = rows
        place = Page(before=wanted.key_of(rows[0]), limit=size)
    return [row.number for row in found]


def test_pages_by_key_give_the_whole_list_exactly_once_in_both_directions(database_url: str) -> None:
    world = World(database_url)
    fill(world.books)
    wrong, empty = [], []
    with world.books.reading() as reading:
        rows = every_row(reading)
        assert {row.state for row in rows} == set(STATES)
        for wanted in ORDERED:
            whole = expected(rows, wanted)
            if not (forwards(reading, wanted, 29) == backwards(reading, wanted, 29) == whole):
                wrong.append(wanted)
            if CARDS.count(reading, [wanted], NOW) != len(whole):
                wrong.append(wanted)
            if not whole:
                empty.append(wanted)
    world.close()
    assert wrong == []
    assert {(wanted.state, wanted.urgent) for wanted in empty} == {("returned", True)}


def finished_cards(writing: Writing, count: int, **values: Any) -> None:
    ids = writing.connection.exec_driver_sql("SELECT id FROM repair_cards WHERE finished_at IS NULL ORDER BY id")
    for (key,) in ids.fetchmany(count):
        writing.change(tables.RepairCard, int(key), state="returned", finished_at=NOW, urgent="", **values)


def test_what_worked_before_is_counted_for_the_model_and_the_fault_the_most_frequent_first(database_url: str) -> None:
    world = World(database_url)
    fill(world.books)
    with world.books.writing() as writing:
        finished_cards(writing, 2, fault_code="no_function", resolution_code="adjusted", work="调整")
        finished_cards(writing, 6, fault_code="no_function", resolution_code="part_replaced", work="换电容")
        finished_cards(writing, 1, fault_code="no_function", resolution_code="part_replaced", work="换主板")
        finished_cards(writing, 3, fault_code="leak", resolution_code="cleaned", work="清洗")
        finished_cards(writing, 1, fault_code="no_function", model_no="BCD-200", resolution_code="other", work="x")
    found = world.read(repair_cards.worked_before, "KFR-35GW", "no_function")
    assert found == [("part_replaced", "换主板", 7), ("adjusted", "调整", 2)]
    assert world.read(repair_cards.worked_before, "KFR-35GW", "noise") == []
    world.close()


def test_the_lines_of_a_card_and_the_hours_of_a_technician_come_by_an_index(world: World) -> None:
    bad = {}
    later = NOW + timedelta(hours=1)
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)

        def overlapping(reading: Reading, key: int, until: datetime = later) -> object:
            return repair_cards.overlapping(reading, key, NOW, until, later)

        for asked in (
            repair_cards.time_lines,
            repair_cards.part_lines,
            repair_cards.promises,
            repair_cards.assistance,
            repair_cards.estimates,
            repair_cards.running_of,
            repair_cards.running_line,
            repair_cards.open_estimate,
            repair_cards.last_time_line,
            overlapping,
        ):
            found = scans(plans.of(lambda asked=asked: asked(reading, 1)))  # type: ignore[misc]
            if found:
                bad[asked.__name__] = found
        steps = plans.of(lambda: repair_cards.worked_before(reading, "KFR-35GW", "leak"))
    assert not bad, "\n".join(f"{key} {found}" for key, found in bad.items())
    assert [step for step in steps if "ix_repair_cards_model" in step] == steps
