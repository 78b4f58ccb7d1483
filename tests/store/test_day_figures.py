"""The day block: every figure equals what plain Python counts over the raw rows, and comes by an index (forms §3.7)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from servicedesk.domain import repair_cards
from servicedesk.domain.calls import STATES, urgency
from servicedesk.domain.reports import DayBlock
from servicedesk.domain.units import UnitRow
from servicedesk.store import day_figures, people, tables
from servicedesk.store.session import Reading, Writing, table_of
from tests.store.test_plans import Plans, scans
from tests.world import SHANGHAI, World

TODAY = date(2026, 11, 23)
DAYS = (date(2026, 11, 21), date(2026, 11, 22), TODAY)
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=SHANGHAI)
FIRST = datetime(2026, 11, 20, 12, 0, tzinfo=SHANGHAI)
MANY = 400
UNITS = ("SZ", "SZ", "BJ")
RAW = ("Call", "Visit", "RepairCard", "Assistance", "Complaint", "Charge")
ON_THE_MIDNIGHTS = [datetime(2026, 11, day, tzinfo=SHANGHAI) for day in (21, 22, 23)]


class Dice(random.Random):
    """Moments as they come in a desk's books; some on the very edge of a day."""

    def moment(self, since: datetime = FIRST, until: datetime = NOW) -> datetime:
        """A whole second between two times; now and then a midnight."""
        edges = [at for at in ON_THE_MIDNIGHTS if since <= at <= until]
        if edges and self.random() < 0.08:
            return self.choice(edges)
        return since + timedelta(seconds=self.randrange(0, int((until - since).total_seconds()) + 1))


def fill(world: World) -> None:
    """Calls, visits, cards, requests, complaints and charges of two units over three days and a half."""
    dice = Dice(11)
    with world.books.writing() as writing:
        known = {}
        for statement in ("SELECT code, id FROM units", "SELECT login, id FROM staff"):
            known.update({row[0]: int(row[1]) for row in writing.connection.exec_driver_sql(statement)})
        writing.add(tables.Customer, number="000001", name="客")
        for key in range(1, MANY + 1):
            unit = dice.choice(UNITS)
            writing.add(tables.Product, customer_id=1, model_no="KFR-35GW")
            voucher = f"{unit}-V-{key:06}"
            writing.add(tables.Voucher, number=voucher, unit_id=known[unit], product_id=key, held_since=FIRST)
            called = _call(writing, dice, known, unit, key)
            if dice.random() < 0.4:
                _card(writing, dice, known, unit, key, called)
            if dice.random() < 0.5:
                _charge(writing, dice, known, unit, key)
            if dice.random() < 0.3:
                _complaint(writing, dice, known, unit, key)


def _call(writing: Writing, dice: Dice, known: Mapping[str, int], unit: str, key: int) -> datetime:
    state = dice.choice([*STATES, "logged", "dispatched"])
    called = dice.moment()
    logged = dice.moment(called)
    # A call logged after the day was closed stands on the next page (D36).
    page = logged.date() + timedelta(days=dice.random() < 0.2)
    judged = dice.moment(called, NOW + timedelta(hours=6)) if dice.random() < 0.8 else None
    visits = _visits(dice, known, state, logged)
    arrivals = [visit["arrived_at"] for visit in visits if visit["arrived_at"] is not None]
    arrived = min(arrivals, default=None)
    if arrived is None and state in ("arrived", "done_on_site", "carried_back", "returned"):
        judged = None  # brought in: nobody has to arrive (D38)
    if judged is not None and dice.random() < 0.05:
        judged = dice.choice([arrived or judged, *ON_THE_MIDNIGHTS])
    writing.add(
        tables.Call,
        id=key,
        number=f"{unit}-C-{page:%y%m%d}-{key:04}",
        unit_id=known[unit],
        state=state,
        called_at=called,
        logged_at=logged,
        channel="telephone",
        customer_id=1,
        customer_name="客",
        telephone="13812345678",
        address="莲花路",
        zone=dice.choice(["urban", "suburban"]),
        product_id=key,
        model_no="KFR-35GW",
        symptom="不制冷",
        service_type="A",
        voucher_id=key,
        judged_by=judged,
        arrived_at=arrived,
        visits=len(visits),
        further=True,
        logged_by=known["lin"],
        urgent=urgency(state, judged, arrived is not None, called),
    )
    for nth, visit in enumerate(visits, start=1):
        writing.add(tables.Visit, call_id=key, nth=nth, **visit)
    return logged


def _visits(dice: Dice, known: Mapping[str, int], state: str, logged: datetime) -> list[dict[str, Any]]:
    """None, one or several visits: called off, on the way, on site, left."""
    if state == "logged":
        return []
    found, since = [], logged
    for ends in ["recalled", "done", "done"][: dice.randrange(0, 4)]:
        sent = dice.moment(since)
        came = dice.moment(sent) if ends == "done" else None
        left = dice.moment(came) if came is not None else None
        outcome = dice.choice(["done_on_site", "carried_back", "revisit"]) if left is not None else ""
        visit = {"state": ends, "dispatched_at": sent, "arrived_at": came, "left_at": left, "outcome": outcome}
        found.append({**visit, "technician_id": known[dice.choice(["chen", "liu"])]})
        since = left or sent
    return found


def _card(writing: Writing, dice: Dice, known: Mapping[str, int], unit: str, key: int, since: datetime) -> None:
    state = dice.choice([*repair_cards.STATES])
    opened = dice.moment(since)
    finished = dice.moment(opened)
    passed = dice.moment(finished) if state in ("passed", "closed", "returned") and dice.random() < 0.9 else None
    returned = dice.moment(passed or opened) if state in ("closed", "returned") else None
    promised = dice.moment(opened, NOW + timedelta(days=1))
    numbers = {"unit_id": known[unit], "call_id": key, "product_id": key, "voucher_id": key, "promised_at": promised}
    receipt = writing.add(
        tables.Receipt,
        number=f"{unit}-R-{key}",
        issued_at=opened,
        issued_by=known["chen"],
        **numbers,
    )
    goods = writing.add(
        tables.Goods,
        number=f"{unit}-G-{key}",
        came_in_at=opened,
        received_by=known["lin"],
        receipt_id=receipt,
        **numbers,
    )
    card = writing.add(
        tables.RepairCard,
        number=f"{unit}-K-{key}",
        goods_id=goods,
        receipt_id=receipt,
        model_no="KFR-35GW",
        state=state,
        opened_at=opened,
        opened_by=known["lin"],
        symptom="不制冷",
        first_promised_at=promised,
        finished_at=finished if passed or state == "repaired" else None,
        passed_at=passed,
        returned_at=returned,
        urgent=repair_cards.urgency(state, promised),
        **numbers,
    )
    for _ in range(dice.randrange(0, 3)):
        asked = dice.moment(opened)
        writing.add(
            tables.Assistance,
            card_id=card,
            asked_at=asked,
            asked_by=known["chen"],
            reason="缺件",
            answer="help",
            answered_at=asked,
        )


def _charge(writing: Writing, dice: Dice, known: Mapping[str, int], unit: str, key: int) -> None:
    amount = dice.choice([0, 8000, 12345])
    done = dice.moment()
    writing.add(
        tables.Charge,
        unit_id=known[unit],
        call_id=key,
        state="invoiced" if amount else "none",
        amount=amount,
        done_at=done,
        invoiced_at=dice.moment(done) if amount and dice.random() < 0.6 else None,
    )


def _complaint(writing: Writing, dice: Dice, known: Mapping[str, int], unit: str, key: int) -> None:
    received = dice.moment()
    writing.add(
        tables.Complaint,
        number=f"{unit}-P-{key}",
        unit_id=known[unit],
        received_at=received,
        entered_at=received,
        received_by=known["ann"],
        channel="telephone",
        customer_name="客",
        content="又坏了",
    )


@dataclass
class Recount:
    """The same day once more, from whole tables and in plain Python."""

    rows: Mapping[str, Sequence[Any]]
    unit: UnitRow
    day: date
    now: datetime

    def __post_init__(self) -> None:
        zone = ZoneInfo(self.unit.timezone)
        self.begins = datetime(self.day.year, self.day.month, self.day.day, tzinfo=zone)
        self.ends = self.begins + timedelta(days=1)
        self.until = min(self.now, self.ends)
        self.calls = {row.id: row for row in self.rows["Call"] if row.unit_id == self.unit.id}
        self.visits = [row for row in self.rows["Visit"] if row.call_id in self.calls]
        self.cards = {row.id: row for row in self.rows["RepairCard"] if row.unit_id == self.unit.id}
        self.charges = [row for row in self.rows["Charge"] if row.unit_id == self.unit.id]

    def today(self, at: datetime | None) -> bool:
        return at is not None and self.begins <= at < self.ends

    def page(self, number: str) -> str:
        return number.split("-")[2]

    def block(self) -> DayBlock:
        here = [card for card in self.cards.values() if self.is_here(card)]
        left = [visit for visit in self.visits if self.today(visit.left_at)]
        late = [call.zone for call in self.calls.values() if self.is_late(call)]
        return DayBlock(
            calls=sum(self.page(call.number) == f"{self.day:%y%m%d}" for call in self.calls.values()),
            dispatched=len({visit.call_id for visit in self.visits if self.today(visit.dispatched_at)}),
            undispatched=sum(
                call.state == "logged" and self.page(call.number) <= f"{self.day:%y%m%d}"
                for call in self.calls.values()
            ),
            late_urban=late.count("urban"),
            late_suburban=late.count("suburban"),
            done_on_site=len({visit.call_id for visit in left if visit.outcome == "done_on_site"}),
            carried_back=len({visit.call_id for visit in left if visit.outcome == "carried_back"}),
            in_shop=len(here),
            overdue=sum(self.is_overdue(card) for card in here),
            assistance=sum(row.card_id in self.cards and self.today(row.asked_at) for row in self.rows["Assistance"]),
            complaints=sum(
                row.unit_id == self.unit.id and self.today(row.received_at) for row in self.rows["Complaint"]
            ),
            fees=sum(row.amount for row in self.charges if self.today(row.done_at)),
            invoices=sum(self.today(row.invoiced_at) for row in self.charges),
        )

    def is_late(self, call: Any) -> bool:
        if call.judged_by is None:
            return False
        if call.arrived_at is None or call.arrived_at >= self.ends:
            waits = call.arrived_at is not None or call.state not in ("struck_off", "cancelled")
            return waits and cast(bool, call.judged_by < self.until)
        return self.today(call.arrived_at) and cast(bool, call.arrived_at > call.judged_by)

    def is_here(self, card: Any) -> bool:
        if card.state == "void" or card.opened_at >= self.ends:
            return False
        return card.returned_at is None or cast(bool, card.returned_at >= self.ends)

    def is_overdue(self, card: Any) -> bool:
        given_up = card.state in ("unrepaired", "beyond_repair") or (card.returned_at and not card.passed_at)
        if given_up or card.promised_at >= self.until:
            return False
        return card.passed_at is None or cast(bool, card.passed_at >= self.ends)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = World(database_url, NOW)
    fill(made)
    yield made
    made.close()


def units(world: World) -> dict[str, UnitRow]:
    return world.read(lambda reading: people.units(world.books, reading, people.facts(reading)))


def raw(world: World) -> dict[str, Sequence[Any]]:
    with world.books.reading() as reading:
        return {name: reading.all(select(table_of(getattr(tables, name)))) for name in RAW}


def test_every_figure_of_every_day_is_what_plain_python_counts(world: World) -> None:
    rows, known = raw(world), units(world)
    now = NOW.astimezone(UTC)
    seen = []
    for code in ("SZ", "BJ"):
        for day in DAYS:
            block = world.read(day_figures.day_block, known[code], day, now)
            assert block._asdict() == Recount(rows, known[code], day, NOW).block()._asdict(), (code, day)
            seen.append(block)
    for name in DayBlock._fields:
        assert all(getattr(block, name) for block in seen if block is seen[2]), name
        assert len({getattr(block, name) for block in seen}) > 1, name
    assert set(world.read(day_figures.day_block, known["HQ"], TODAY, now)) == {0}


def test_a_day_begins_at_midnight_of_the_unit(world: World) -> None:
    known = units(world)["SZ"]._replace(timezone="America/New_York")
    rows = raw(world)
    for day in DAYS:
        block = world.read(day_figures.day_block, known, day, NOW.astimezone(UTC))
        assert block._asdict() == Recount(rows, known, day, NOW).block()._asdict(), day


def test_while_the_day_lasts_only_what_is_late_by_now_is_counted(world: World) -> None:
    """What is due, or promised, later today is not late yet; nothing has happened after now."""
    known, rows = units(world)["SZ"], raw(world)
    later = NOW.replace(hour=23, minute=30)
    first, second = (world.read(day_figures.day_block, known, TODAY, at.astimezone(UTC)) for at in (NOW, later))
    assert second._asdict() == Recount(rows, known, TODAY, later).block()._asdict()
    assert first.late_urban + first.late_suburban < second.late_urban + second.late_suburban
    assert first.overdue < second.overdue
    unmoved = dict.fromkeys(("late_urban", "late_suburban", "overdue"), 0)
    assert first._replace(**unmoved) == second._replace(**unmoved)


def test_once_the_day_is_closed_undispatched_is_what_was_carried_over(world: World) -> None:
    known = units(world)["SZ"]
    before = world.read(day_figures.day_block, known, TODAY, NOW.astimezone(UTC))
    with world.books.writing() as writing:
        closed = {"state": "day_closed", "reconciled_at": NOW, "closed_at": NOW, "carried_over": 77}
        writing.add(tables.RegisterDay, number="SZ-D-261123-0001", unit_id=known.id, day=TODAY, **closed)
    after = world.read(day_figures.day_block, known, TODAY, NOW.astimezone(UTC))
    assert after == before._replace(undispatched=77)


def test_every_figure_comes_by_an_index(sqlite_url: str) -> None:
    world = World(sqlite_url, NOW)
    known = units(world)["SZ"]
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        steps = Plans(reading).of(lambda: day_figures.day_block(reading, known, TODAY, NOW.astimezone(UTC)))
    # A day's lines are grouped by few words, and counted each call once.
    counted = {"USE TEMP B-TREE FOR count(DISTINCT)", "USE TEMP B-TREE FOR GROUP BY"}
    assert set(scans(steps)) - counted == set()
    for index in (
        "visits USING INDEX ix_visits_dispatched_at",
        "visits USING INDEX ix_visits_left_at",
        "visits USING INDEX ix_visits_arrived_at",
        "calls USING INDEX ix_calls_unit_id_urgent",
        "repair_cards USING INDEX ix_repair_cards_unit_id_urgent",
        "repair_cards USING INDEX ix_repair_cards_unit_id_returned_at",
        "assistance USING INDEX ix_assistance_asked_at",
        "complaints USING INDEX ix_complaints_received_at",
        "charges USING INDEX ix_charges_unit_id_done_at",
    ):
        assert any(index in step for step in steps), index
    world.close()
