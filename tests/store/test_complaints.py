"""Lists of the complaints: every shape comes by an index, and page by page exactly once, alike on both engines."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from servicedesk.domain.calls import Page
from servicedesk.domain.complaints import CHANNELS, NATURES, OPEN, STATES, ComplaintRow, standing
from servicedesk.domain.registers import Wanted
from servicedesk.store import complaint_clocks, complaints, search, tables
from servicedesk.store.complaints import COMPLAINTS
from servicedesk.store.engine import Books
from servicedesk.store.session import Reading, Writing
from tests.store.test_plans import Plans, scans
from tests.world import MONDAY, World

NOW = MONDAY.astimezone(UTC)
MANY = 300
ROLES = ("agent", "customer_department", "service_manager", "deputy_gm")
OF_THE_OPEN = ("late", "serious", "deputy", "to_acknowledge", "to_visit", "escalated")
VIEWS = (*OF_THE_OPEN, "malicious", "incidents")
OF_A_DEPARTMENT = ("department", "技术部")
COLUMNS = ("owner", "incident", "gravity", "nature", "channel")
MORE = (
    ("owner", "xu"),
    OF_A_DEPARTMENT,
    ("incident", "2026-11-台风"),
    ("gravity", "serious"),
    ("nature", "logistics"),
    ("channel", "social"),
)
ESCALATED = ("escalated", " deputy_gm ")
NARROW = [
    Wanted(),
    Wanted(state="received"),
    Wanted(state="case_closed"),
    Wanted(technician="chen"),
    Wanted(words="制冷"),
    *(Wanted(view=view) for view in VIEWS),
    *(Wanted(more=(pair,)) for pair in MORE),
    Wanted(view="escalated", more=(ESCALATED,)),
]
FILTERS = [replace(wanted, unit=unit) for unit in ("", "SZ") for wanted in NARROW]
FILTERS += [
    Wanted(unit="SZ", technician="chen", state="assigned"),
    Wanted(unit="SZ", state="withdrawn", words="漏水"),
    Wanted(view="late", more=(("owner", "xu"),)),
    Wanted(view="late", more=(("gravity", "serious"),)),
    Wanted(view="deputy", technician="chen"),
    Wanted(words="制冷", more=(("gravity", "serious"), ("incident", "2026-11-台风"))),
    Wanted(view="serious", more=(("owner", "xu"), ("department", "技术部"))),
]
SORTED = "USE TEMP B-TREE FOR ORDER BY"
SORTED_LAST = "USE TEMP B-TREE FOR LAST 2 TERMS OF ORDER BY"
ORDERED = [replace(wanted, urgent=urgent) for urgent in (False, True) for wanted in FILTERS]


def fill(books: Books) -> None:
    """Complaints in every state, of two units, some late, some escalated; written straight into the tables."""
    dice = random.Random(13)
    with books.writing() as writing:
        known = _keys(writing)
        writing.add(tables.Customer, number="000001", name="王小明")
        for key in range(1, MANY + 1):
            writing.add(tables.Complaint, **_sheet(dice, known, key))
            _handling(writing, dice, known, key)
            row = COMPLAINTS.by_id(writing, key)
            follows = standing(row)
            writing.change(tables.Complaint, key, **follows)
            search.write_complaint(writing, row._replace(**follows))


def _keys(writing: Writing) -> dict[str, int]:
    names = {}
    for statement in ("SELECT code, id FROM units", "SELECT login, id FROM staff"):
        names.update({row[0]: int(row[1]) for row in writing.connection.exec_driver_sql(statement)})
    return names


def _sheet(dice: random.Random, known: dict[str, int], key: int) -> dict[str, Any]:
    state = dice.choice([*STATES, *(["case_closed"] * 8)])
    is_open = state in OPEN
    return {
        "id": key,
        "number": f"SZ-P-261123-{key:04}",
        "unit_id": known[dice.choice(["SZ", "SZ", "BJ"])],
        "state": state,
        "received_at": NOW - timedelta(hours=dice.randrange(0, 80)),
        "entered_at": NOW,
        "received_by": known["ann"],
        "channel": dice.choice(list(CHANNELS)),
        "customer_id": 1,
        "customer_name": "王小明",
        "content": dice.choice(["不制冷", "漏水"]),
        "nature": dice.choice(list(NATURES)),
        "gravity": dice.choice(["", "ordinary", "ordinary", "serious"]),
        "owner_id": known[dice.choice(["xu", "sm"])],
        "handler_id": known[dice.choice(["chen", "liu"])] if dice.random() < 0.7 else None,
        "malicious": dice.random() < 0.1,
        "incident": "2026-11-台风" if dice.random() < 0.1 else "",
        "escalated": f" {dice.choice(ROLES)} " if is_open and dice.random() < 0.5 else "",
    }


def _handling(writing: Writing, dice: random.Random, known: dict[str, int], key: int) -> None:
    begun = NOW - timedelta(hours=dice.randrange(0, 80))
    acknowledged = begun if dice.random() < 0.6 else None
    writing.add(
        tables.ComplaintHandling,
        complaint_id=key,
        nth=1,
        begun_at=begun,
        acknowledged_at=acknowledged,
        visited_at=begun if dice.random() < 0.4 else None,
        proposed=100 if dice.random() < 0.2 else 0,
    )
    for clock, hours in (("acknowledge", 1), ("solve", 48), ("follow_up", 72)):
        stopped = begun if dice.random() < 0.4 else None
        due = begun + timedelta(hours=hours)
        found = writing.add(
            tables.ComplaintClock,
            complaint_id=key,
            nth=1,
            clock=clock,
            starts_at=begun,
            due_at=due,
            stopped_at=stopped,
            stopped_by="complaints.withdraw" if stopped else "",
        )
        step = writing.add(
            tables.ComplaintEscalation,
            complaint_id=key,
            clock_id=found,
            percent=100,
            role="deputy_gm",
            due_at=due,
            state="lapsed" if stopped else "waiting",
        )
        if clock == "solve":
            writing.add(tables.ComplaintEvent, complaint_id=key, kind="escalated", at=NOW, escalation_id=step)
    for line, department in enumerate(dice.sample(["技术部", "物流部", "财务部"], dice.randrange(0, 3)), 1):
        writing.add(
            tables.ComplaintDepartment,
            complaint_id=key,
            line=line,
            department=department,
            asked_at=NOW,
            asked_by=known["xu"],
        )


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    fill(made.books)
    yield made
    made.close()


WALK_OF_THE_REGISTER = "SCAN complaints"
OF_THE_FEW = re.compile(
    r"(SCAN|SEARCH) complaints USING (COVERING )?INDEX ix_complaints_\w*(open|urgent|malicious|incidents?)\b"
)
"""By an index that holds only what is open, malicious or of an incident."""
EDGES: dict[bool, tuple[object, ...]] = {True: ("12026", 150), False: (150,)}


def is_meant(wanted: Wanted, step: str) -> bool:
    """The steps without a search that have an end in sight: nothing is ever sorted.

    What is open is walked in its order, or by an index of what is open alone; so are the few of a view. The register
    is walked until a page is full where nothing is asked, or a department, which many complaints have.
    """
    if OF_THE_FEW.match(step):
        return not wanted.unit and (wanted.urgent or wanted.view != "")
    by_nothing = wanted == Wanted() or wanted == Wanted(more=(OF_A_DEPARTMENT,))
    return by_nothing and step.replace(" USING COVERING INDEX ix_complaints_unit_id", "") == WALK_OF_THE_REGISTER


def test_every_list_comes_by_an_index_in_its_order(world: World) -> None:
    bad = {}
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        for wanted in ORDERED:
            edge = EDGES[wanted.urgent]
            for place in (Page(), Page(last=True), Page(after=edge), Page(before=edge)):
                steps = plans.of(lambda w=wanted, p=place: COMPLAINTS.page(reading, [w], p, NOW))  # type: ignore[misc]
                found = [step for step in scans(steps) if not is_meant(wanted, step)]
                if found:
                    bad[wanted, place] = found
    assert bad == {}


def test_every_count_comes_by_an_index(world: World) -> None:
    bad = {}
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        for wanted in ORDERED:
            steps = plans.of(lambda w=wanted: COMPLAINTS.count(reading, [w], NOW))  # type: ignore[misc]
            found = [step for step in scans(steps) if not is_meant(wanted, step)]
            if found:
                bad[wanted] = found
    assert bad == {}


def test_what_is_open_is_never_sought_among_all_that_ever_was(world: World) -> None:
    """The register, or an index of it that holds the closed ones as well, grows for ever."""
    bad = {}
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        for wanted in ORDERED:
            if wanted.words or not (wanted.urgent or wanted.view):
                continue
            steps = plans.of(lambda w=wanted: COMPLAINTS.page(reading, [w], Page(), NOW))  # type: ignore[misc]
            steps += plans.of(lambda w=wanted: COMPLAINTS.count(reading, [w], NOW))  # type: ignore[misc]
            found = [step for step in steps if " complaints " in f"{step} " and not OF_THE_FEW.match(step)]
            found = [step for step in found if not step.endswith("PRIMARY KEY (rowid=?)")]
            if found:
                bad[wanted] = found
    assert bad == {}


def test_one_complaint_and_what_hangs_on_it_come_by_an_index(world: World) -> None:
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        asked: dict[str, Callable[[], object]] = {
            "one": lambda: COMPLAINTS.one(reading, "SZ-P-261123-0001"),
            "by_id": lambda: COMPLAINTS.by_id(reading, 1),
            "events": lambda: complaints.events(reading, 1),
            "departments": lambda: complaints.departments(reading, 1),
            "evidence": lambda: complaints.evidence(reading, 1),
            "letters": lambda: complaints.letters(reading, 1),
            "clocks": lambda: complaints.clocks(reading, 1),
            "steps": lambda: complaints.steps(reading, 1),
            "running": lambda: complaint_clocks.running(reading, 1, 1, "solve"),
            "limits": lambda: complaint_clocks.limits(reading, 1),
            "due_steps": lambda: complaint_clocks.due_steps(reading, NOW),
            "due_steps of a clock": lambda: complaint_clocks.due_steps(reading, NOW, 1),
            "last_event": lambda: complaint_clocks.last_event(reading),
            "notices": lambda: complaint_clocks.notices(reading, 150),
        }
        found = {name: steps for name, ask in asked.items() if (steps := scans(plans.of(ask)))}
    # One sheet's clocks, steps and due steps are few and sorted.
    assert found == {"clocks": [SORTED_LAST], "steps": [SORTED], "due_steps of a clock": [SORTED]}


# Pages


def fits(row: ComplaintRow, departments: set[str], wanted: Wanted) -> bool:
    """Whether a line belongs into the list, as anybody would judge it by hand."""
    asked = dict(wanted.more)
    is_open = row.state in OPEN
    seen = {
        "": True,
        "late": is_open and row.late(NOW),
        "serious": is_open and row.gravity == "serious",
        "deputy": is_open and row.waits == "deputy",
        "to_acknowledge": is_open and row.to_acknowledge,
        "to_visit": is_open and row.to_visit,
        "escalated": is_open and row.escalated != "",
        "malicious": row.malicious,
        "incidents": row.incident != "",
    }[wanted.view]
    return (
        seen
        and wanted.unit in ("", row.unit)
        and wanted.state in ("", row.state)
        and wanted.technician in ("", row.technician)
        and all(word in row.content for word in wanted.words.split())
        and asked.get("department", "") in {"", *departments}
        and asked.get("escalated", "") in row.escalated
        and all(asked.get(name, "") in ("", getattr(row, name)) for name in COLUMNS)
        and (is_open or not wanted.urgent)
    )


def walked(reading: Reading, wanted: Wanted, *, backwards: bool) -> list[str]:
    """The whole list in pages of 29, from its beginning or its end."""
    found: list[ComplaintRow] = []
    place = Page(last=backwards, limit=29)
    while rows := COMPLAINTS.page(reading, [wanted], place, NOW):
        if backwards:
            found[:0] = rows
            place = Page(before=wanted.key_of(rows[0]), limit=29)
        else:
            found += rows
            place = Page(after=wanted.key_of(rows[-1]), limit=29)
    return [row.number for row in found]


def test_pages_by_key_give_the_whole_list_exactly_once_in_both_directions(database_url: str) -> None:
    world = World(database_url)
    fill(world.books)
    wrong, lengths = [], set()
    with world.books.reading() as reading:
        rows = [COMPLAINTS.by_id(reading, key) for key in range(1, MANY + 1)]
        asked = {row.id: {line.department for line in complaints.departments(reading, row.id)} for row in rows}
        for wanted in ORDERED:
            kept = [row for row in rows if fits(row, asked[row.id], wanted)]
            kept.sort(key=wanted.key_of, reverse=not wanted.urgent)
            whole = [row.number for row in kept]
            lengths.add(len(whole) > 0)
            if not walked(reading, wanted, backwards=False) == walked(reading, wanted, backwards=True) == whole:
                wrong.append(wanted)
            if COMPLAINTS.count(reading, [wanted], NOW) != len(whole):
                wrong.append(wanted)
    world.close()
    assert wrong == []
    assert lengths == {True, False}
