"""The figures of the analysis against a recount in plain Python over the raw rows, alike on both engines."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from servicedesk.acts.units import UnitEntry, open_unit
from servicedesk.domain.complaint_clocks import CLOCKS
from servicedesk.domain.complaint_figures import (
    DIMENSIONS,
    DISSATISFIED,
    FACETS,
    REPEAT,
    Figures,
    Period,
    Share,
    name_of,
    spans,
)
from servicedesk.domain.complaints import CAUSES, CHANNELS, CLOSED, NATURES, RECEIVED
from servicedesk.domain.units import UnitRow
from servicedesk.store import complaint_figures, people, tables
from servicedesk.store.engine import Books
from servicedesk.store.session import Reading, Writing
from tests.store.test_plans import Plans, scans
from tests.world import MONDAY, World

NOW = MONDAY.astimezone(UTC)
MANY = 240
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 23))
HALF_A_YEAR = Period(date(2026, 6, 1), date(2026, 11, 23))
ZONES = {"SZ": "Asia/Shanghai", "BJ": "Asia/Shanghai", "LN": "Europe/London"}
LEFT_OUT = "complaints.withdraw"

Raw = dict[str, Any]


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Complaints of half a year in three units, one of them in another zone, written straight into the tables."""
    made = World(database_url)
    with made.books.writing() as writing:
        open_unit(writing, NOW, UnitEntry(code="LN", name="London", kind="branch", timezone=ZONES["LN"]))
        facts = people.facts(writing)
        people.moved(writing, facts, people.CALENDARS)
        fill(writing)
    yield made
    made.close()


def fill(writing: Writing) -> None:
    dice = random.Random(69)
    units = {row.code: row.id for row in writing.all(select(tables.METADATA.tables["units"]))}
    staff = {row.login: row.id for row in writing.all(select(tables.METADATA.tables["staff"]))}
    for nth in range(1, 5):
        writing.add(tables.Customer, number=f"{nth:06}", name=f"客户{nth}")
        writing.add(tables.Product, customer_id=nth, model_no="KFR-35GW")
    for key in range(1, MANY + 1):
        received_at = NOW - timedelta(minutes=dice.randrange(175 * 24 * 60))
        rounds = 2 if dice.random() < 0.1 else 1
        product = dice.choice([1, 2, 3, 4, None])
        writing.add(
            tables.Complaint,
            number=f"SZ-P-{key}",
            unit_id=units[dice.choice(list(ZONES))],
            state=dice.choice([RECEIVED, CLOSED]),
            received_at=received_at,
            entered_at=received_at,
            received_by=staff["lin"],
            channel=dice.choice(list(CHANNELS)),
            customer_id=product or dice.choice([1, 2, None]),
            customer_name="客户",
            product_id=product,
            technician_id=staff[dice.choice(["chen", "liu"])] if dice.random() < 0.5 else None,
            model_no=dice.choice(["KFR-35GW", "XQG80", ""]),
            content="不制冷",
            nature=dice.choice([*NATURES, ""]),
            round=rounds,
        )
        for nth in range(1, rounds + 1):
            _handling(writing, dice, key, nth, received_at)
        for line in range(1, dice.randrange(4) + 1):
            writing.add(
                tables.ComplaintDepartment,
                complaint_id=key,
                line=line,
                department=dice.choice(["品质部", "配件部"]),
                asked_at=received_at,
                asked_by=staff["xu"],
            )


def _handling(writing: Writing, dice: random.Random, key: int, nth: int, begun_at: datetime) -> None:
    writing.add(
        tables.ComplaintHandling,
        complaint_id=key,
        nth=nth,
        begun_at=begun_at,
        cause_class=dice.choice([*CAUSES, ""]),
        satisfaction=dice.randrange(5),
    )
    start = begun_at.replace(second=0)
    for clock in CLOCKS:
        due_at = start + timedelta(hours=48)
        stopped_at = dice.choice([None, due_at, start + timedelta(hours=1), start + timedelta(hours=60)])
        writing.add(
            tables.ComplaintClock,
            complaint_id=key,
            nth=nth,
            clock=clock,
            starts_at=start,
            due_at=due_at,
            stopped_at=stopped_at,
            stopped_by="" if stopped_at is None else dice.choice([LEFT_OUT, "complaints.offer"]),
        )


# The recount


def raw(reading: Reading, name: str) -> list[Raw]:
    return [dict(row._mapping) for row in reading.all(select(tables.METADATA.tables[name]))]


class Recount:
    """The complaints of a period, counted by hand."""

    def __init__(self, reading: Reading, days: Period, units: set[str]) -> None:
        codes = {row["id"]: row["code"] for row in raw(reading, "units")}
        self.names = {row["id"]: row["login"] for row in raw(reading, "staff")}
        self.codes = codes
        self.everything = raw(reading, "complaints")
        self.handlings = raw(reading, "complaint_handlings")
        self.clocks = raw(reading, "complaint_clocks")
        self.departments = raw(reading, "complaint_departments")
        self.again = {row["id"] for row in self.everything if self._is_repeat(row)}
        self.sheets = [
            row
            for row in self.everything
            if codes[row["unit_id"]] in units
            and days.first <= row["received_at"].astimezone(ZoneInfo(ZONES[codes[row["unit_id"]]])).date() <= days.last
        ]

    def keys(self, dimension: str, sheet: Raw) -> set[str]:
        """Under which keys a complaint stands."""
        if dimension == "cause":
            return {
                row["cause_class"]
                for row in self.handlings
                if (row["complaint_id"], row["nth"]) == (sheet["id"], sheet["round"])
            }
        if dimension == "department":
            return {row["department"] for row in self.departments if row["complaint_id"] == sheet["id"]} or {""}
        if dimension == "technician":
            return {self.names.get(sheet["technician_id"], "")}
        if dimension == "unit":
            return {self.codes[sheet["unit_id"]]}
        return {sheet[{"product": "model_no"}.get(dimension, dimension)]}

    def is_repeat(self, sheet: Raw) -> bool:
        return sheet["id"] in self.again

    def _is_repeat(self, sheet: Raw) -> bool:
        return sheet["round"] > 1 or any(self._same(other, sheet) for other in self.everything)

    def _same(self, other: Raw, sheet: Raw) -> bool:
        if sheet["customer_id"] is None or other["customer_id"] != sheet["customer_id"] or other["id"] == sheet["id"]:
            return False
        if None in (other["product_id"], sheet["product_id"]):
            if not sheet["model_no"] or other["model_no"] != sheet["model_no"]:
                return False
        elif other["product_id"] != sheet["product_id"]:
            return False
        apart: timedelta = sheet["received_at"] - other["received_at"]
        return timedelta() <= apart <= timedelta(days=90) and (apart > timedelta() or bool(other["id"] < sheet["id"]))

    def share(self, clock: str, sheets: list[Raw]) -> Share:
        ids = {sheet["id"] for sheet in sheets}
        told = [self._in_time(row) for row in self.clocks if row["complaint_id"] in ids and row["clock"] == clock]
        return Share(told.count(True), len(told) - told.count(None))

    @staticmethod
    def _in_time(row: Raw) -> bool | None:
        if row["stopped_at"] is None:
            return False if row["due_at"] < NOW else None
        if row["stopped_at"] <= row["due_at"]:
            return None if row["stopped_by"] == LEFT_OUT else True
        return False

    def satisfied(self, sheets: list[Raw]) -> Share:
        ids = {sheet["id"] for sheet in sheets}
        answers = [row["satisfaction"] for row in self.handlings if row["complaint_id"] in ids and row["satisfaction"]]
        return Share(sum(answer >= 3 for answer in answers), len(answers))

    def figures(self, key: str, name: str, sheets: list[Raw]) -> Figures:
        acknowledge, solve, follow_up = (self.share(clock, sheets) for clock in CLOCKS)
        repeats = sum(map(self.is_repeat, sheets))
        return Figures(key, name, len(sheets), repeats, acknowledge, solve, follow_up, self.satisfied(sheets))

    def behind(self, sheets: list[Raw], facet: str) -> set[int]:
        def meant(sheet: Raw) -> bool:
            if facet == REPEAT:
                return self.is_repeat(sheet)
            if facet == DISSATISFIED:
                return any(
                    row["complaint_id"] == sheet["id"] and row["satisfaction"] in (1, 2) for row in self.handlings
                )
            own = [row for row in self.clocks if (row["complaint_id"], row["clock"]) == (sheet["id"], facet)]
            return not facet or any(self._in_time(row) is False for row in own)

        return {sheet["id"] for sheet in sheets if meant(sheet)}


def units_of(books: Books, reading: Reading, *codes: str) -> list[UnitRow]:
    known = people.units(books, reading, people.facts(reading))
    return [known[code] for code in codes or known]


@pytest.mark.parametrize(("days", "codes"), [(NOVEMBER, ()), (HALF_A_YEAR, ()), (HALF_A_YEAR, ("BJ",))])
def test_every_figure_is_what_a_recount_gives(world: World, days: Period, codes: tuple[str, ...]) -> None:
    with world.books.reading() as reading:
        asked = spans(units_of(world.books, reading, *codes), days)
        recount = Recount(reading, days, set(codes or ZONES))
        for dimension in DIMENSIONS:
            found = complaint_figures.analysis(reading, dimension, asked, days, NOW)
            assert found.whole == recount.figures("", "", recount.sheets)
            under: dict[str, list[Raw]] = {}
            for sheet in recount.sheets:
                for key in recount.keys(dimension, sheet):
                    under.setdefault(key, []).append(sheet)
            lines = {line.figures.key: line.figures for line in found.lines}
            assert lines == {key: recount.figures(key, lines[key].name, under[key]) for key in under}
            assert found.lines[-1].cumulative.tenths == 1000
            for facet in FACETS:
                everything = complaint_figures.behind(reading, dimension, asked, None, facet, NOW)
                assert set(everything) == recount.behind(recount.sheets, facet)
                for key, sheets in under.items():
                    ids = complaint_figures.behind(reading, dimension, asked, key, facet, NOW)
                    assert len(ids) == len(set(ids))
                    assert set(ids) == recount.behind(sheets, facet)


def test_the_records_behind_are_the_newest_first(world: World) -> None:
    with world.books.reading() as reading:
        asked = spans(units_of(world.books, reading), HALF_A_YEAR)
        ids = complaint_figures.behind(reading, "unit", asked, "SZ", "", NOW)
        rows = complaint_figures.rows(reading, ids)
    assert [row.id for row in rows] == ids
    assert {row.unit for row in rows} == {"SZ"}
    assert rows == sorted(rows, key=lambda row: (row.received_at, row.id), reverse=True)
    assert len(rows) > 50


def test_people_and_units_have_their_names(world: World) -> None:
    with world.books.reading() as reading:
        asked = spans(units_of(world.books, reading), HALF_A_YEAR)

        def named(dimension: str) -> dict[str, str]:
            found = complaint_figures.analysis(reading, dimension, asked, HALF_A_YEAR, NOW)
            return {line.figures.key: name_of(dimension, line.figures) for line in found.lines}

        assert named("technician") == {"chen": "陈明", "liu": "刘洋", "": "no technician named"}
        assert named("unit")["LN"] == "London"
        assert named("channel")["chat"] == "online chat"
        assert named("department").keys() == {"品质部", "配件部", ""}
        assert named("cause")[""] == "cause not found yet"


def test_a_days_edge_is_that_of_the_units_own_clock(world: World) -> None:
    day = Period(date(2027, 1, 2), date(2027, 1, 2))
    with world.books.writing() as writing:
        units = {row.code: row.id for row in writing.all(select(tables.METADATA.tables["units"]))}
        staff = int(writing.value(select(tables.METADATA.tables["staff"].c.id)))
        moments = {
            ("SZ", datetime(2027, 1, 1, 16, 0, tzinfo=UTC)): True,
            ("SZ", datetime(2027, 1, 1, 15, 59, 59, tzinfo=UTC)): False,
            ("SZ", datetime(2027, 1, 2, 16, 0, tzinfo=UTC)): False,
            ("LN", datetime(2027, 1, 2, 23, 59, 59, tzinfo=UTC)): True,
            ("LN", datetime(2027, 1, 1, 23, 59, 59, tzinfo=UTC)): False,
        }
        for nth, (unit, at) in enumerate(moments):
            _plain(writing, 1000 + nth, units[unit], staff, at)
    with world.books.reading() as reading:
        asked = spans(units_of(world.books, reading), day)
        ids = complaint_figures.behind(reading, "unit", asked, None, "", NOW)
    assert sorted(ids) == [1000 + nth for nth, counts in enumerate(moments.values()) if counts]


def _plain(writing: Writing, key: int, unit: int, staff: int, at: datetime) -> None:
    writing.add(
        tables.Complaint,
        id=key,
        number=f"X-P-{key}",
        unit_id=unit,
        received_at=at,
        entered_at=at,
        received_by=staff,
        channel="letter",
        customer_name="客户",
        content="x",
    )
    writing.add(tables.ComplaintHandling, complaint_id=key, nth=1, begun_at=at)


def test_calls_of_the_same_days_make_the_rate(world: World) -> None:
    world.at("2026-11-23 09:00")
    for nth in range(3):
        world.do("lin", "calls.log", customer=f"王{nth}", telephone=f"1381234567{nth}", district="福田区",
                 address="深南路1号", model_no=f"K{nth}", symptom="不制冷")  # fmt: skip
    with world.books.reading() as reading:
        units = units_of(world.books, reading)
        today = Period(date(2026, 11, 23), date(2026, 11, 23))
        found = complaint_figures.analysis(reading, "unit", spans(units, today), today, NOW)
        assert found.calls == 3
        of_beijing = spans(units_of(world.books, reading, "BJ"), today)
        empty = complaint_figures.analysis(reading, "unit", of_beijing, today, NOW)
    assert (empty.calls, empty.per_hundred) == (0, "")


def test_every_figure_comes_by_an_index(sqlite_url: str) -> None:
    made = World(sqlite_url)
    with made.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        asked = spans(units_of(made.books, reading), NOVEMBER)
        for dimension in DIMENSIONS:
            steps = plans.of(lambda by=dimension: complaint_figures.analysis(reading, by, asked, NOVEMBER, NOW))  # type: ignore[misc]
            assert [step for step in scans(steps) if "TEMP B-TREE" not in step] == []
            for facet in FACETS:
                steps = plans.of(
                    lambda by=dimension, of=facet: complaint_figures.behind(reading, by, asked, "x", of, NOW)  # type: ignore[misc]
                )
                assert scans(steps) == []
    made.close()
