"""A serious and an ordinary complaint from receipt to closing, by keys and by commands: same rows, same papers."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from servicedesk.acts.complaints.escalating import ESCALATE
from servicedesk.cli.program import run
from servicedesk.config import Settings
from servicedesk.domain.calls import Page
from servicedesk.domain.registers import Wanted
from servicedesk.store.complaints import COMPLAINTS
from servicedesk.store.engine import Books
from servicedesk.store.migrate import open_books
from servicedesk.tui.app import ServiceDesk
from tests.end_to_end import frozen
from tests.end_to_end.carrying import Shown, Typed
from tests.end_to_end.complaining_by_keys import CALL, CARD, CRON, HOME, LETTER, ORDINARY, SERIOUS, STEPS, Step
from tests.end_to_end.program import department
from tests.end_to_end.test_carried_back import command, papers, set_clock, trail, type_in, until
from tests.end_to_end.test_round import leave
from tests.terminal import Terminal
from tests.world import MONDAY, SHANGHAI

CUSTOMER = {"name": "李雷", "telephones": "13900001111", "address": "深圳市南山区科苑路8号", "district": "南山区"}
"""Who has the serious complaint; he is written to in the Chinese of Taiwan."""
CARD_CALL = "SZ-C-261120-0002"
"""The call behind the repair card."""

BOTH = {
    ("complaint", ORDINARY): ("王小明", CARD, "到货未登记", "王太太, telephone", "周五已到货"),
    ("complaint", SERIOUS): ("李雷", CALL, "排水管未接紧", "600.00", LETTER, "overdue"),
    ("submission", SERIOUS): ("泡坏地板", "从速查办", "售后部", "800.00", "600.00", "六百为限"),
    ("letter", LETTER): (SERIOUS, "李雷", "科苑路8号", "您", "修了又漏", "排水管未接紧", "600.00"),
}
"""The papers by kind and number, and some of what stands on each."""
ORDINARY_ALONE = {paper: words for paper, words in BOTH.items() if ORDINARY in paper}

HAPPENED = {
    ORDINARY: {("acknowledge", 50, "23 09:31"), ("follow_up", 50, "24 21:30")},
    SERIOUS: {
        ("acknowledge", 50, "23 09:56"),
        ("acknowledge", 75, "23 09:56"),
        ("solve", 50, "24 09:30"),
        ("follow_up", 50, "24 21:30"),
        ("follow_up", 75, "26 09:15"),
        ("follow_up", 100, "26 09:15"),
    },
}
"""The escalation steps that happened, each once and when somebody looked; all others lapsed."""
STOPPED = {
    ORDINARY: {"acknowledge": "23 09:40", "solve": "23 15:30", "follow_up": "25 09:30"},
    SERIOUS: {"acknowledge": "23 09:56", "solve": "24 11:00", "follow_up": "26 09:30"},
}
"""When each clock stopped."""
STOPPED_BY = {
    "acknowledge": "complaints.acknowledge",
    "solve": "complaints.offer",
    "follow_up": "complaints.follow_up",
}

FOUND = {
    "王小明": {ORDINARY},
    "wxm": {ORDINARY},
    "送修三天": {ORDINARY},
    "bcd452": {ORDINARY},
    "lilei": {SERIOUS},
    "139000": {SERIOUS},
    "地板": {SERIOUS},
    "261123": {ORDINARY, SERIOUS},
    "赔偿水管": set(),
}
"""What the search finds by these words."""


def set_up(database: str) -> None:
    """The department; on Friday one customer's call was done on site, and another's product came to the bench."""
    world = department(database, MONDAY)
    world.do("lin", "customers.enter", **CUSTOMER, language="zh_TW")
    world.at("2026-11-20 09:00")
    for call, caller, model in ((CALL, "000002", "KFR-35GW"), (CARD_CALL, "000001", "BCD-452WDPF")):
        world.do("lin", "calls.log", caller=caller, model_no=model, symptom="漏水")
        world.do("guo", "calls.dispatch", call, technician="chen")
        world.do("chen", "calls.arrive", call)
    world.do("chen", "calls.finish", CALL, cause="接头松", work="紧固接头")
    world.do("chen", "calls.carry_back", CARD_CALL, signer="王小明")
    world.do("lin", "goods.take_in", CARD_CALL)
    world.do("guo", "cards.assign", CARD, technician="chen")
    world.do("chen", "cards.start", CARD)
    world.close()


def tick(database: str, at: datetime) -> None:
    """What cron does."""
    assert run(["--database", database, "--lang", "en", "tick"], lambda: at) == 0


def by_command(database: str, steps: Sequence[Step] = STEPS) -> None:
    """With `servicedesk act` and `servicedesk tick` alone."""
    for step in steps:
        if step.login == CRON:
            tick(database, step.at)
        else:
            command(database, step.login, step.at, "act", *step.command)


async def by_pilot(database: str) -> None:
    """With the program inside this process, key by key; each person opens the desks anew."""
    clock = [STEPS[0].at]
    for login, steps in groupby(STEPS, lambda step: step.login):
        if login == CRON:
            for step in steps:
                tick(database, step.at)
            continue
        app = ServiceDesk(Settings(database=database, language="en"), login, lambda: clock[0], live=False)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, HOME[login])
            for step in steps:
                clock[0] = step.at
                await press(app, pilot, step.keys)
        app.door.close()


async def press(app: ServiceDesk, pilot: Pilot[None], keys: Sequence[str | Shown]) -> None:
    """Press them, each when what must stand before it is there."""
    for key in keys:
        if isinstance(key, Shown):
            await until(pilot, key)
        elif isinstance(key, Typed):
            type_in(app, key)
        else:
            await pilot.press(key)


def by_terminal(database: str, steps: Sequence[Step], clock: Path) -> None:
    """In real terminals, all of them open from receipt to closing: each sees what the others write."""
    set_clock(clock, steps[0].at)
    with ExitStack() as opened:
        desks = {
            login: opened.enter_context(Terminal([sys.executable, frozen.__file__, database, login, str(clock)]))
            for login in dict.fromkeys(step.login for step in steps if step.login != CRON)
        }
        for login, desk in desks.items():
            desk.wait(HOME[login].on)
        for step in steps:
            set_clock(clock, step.at)
            if step.login == CRON:
                # A desk that looks at this very moment may be first: the same step happens at the same time.
                tick(database, step.at)
            for key in step.keys:
                if isinstance(key, Shown):
                    desks[step.login].wait(key.on)
                elif isinstance(key, Typed):
                    desks[step.login].feed(key)
                else:
                    desks[step.login].press(key)
        for desk in desks.values():
            leave(desk)


def printed(database: str, folder: Path, wanted: Mapping[tuple[str, str], Sequence[str]]) -> dict[str, bytes]:
    """The papers in two languages, for the line printer and for a browser."""
    folder.mkdir()
    for language in ("en", "zh_CN"):
        for paper, number in wanted:
            for to in ("text", "html"):
                out = folder / f"{paper}.{number}.{language}.{to}"
                words = ("print", paper, number, "--to", to, "-o", str(out))
                command(database, "xu", STEPS[-1].at, *words, language=language)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def found(books: Books) -> dict[str, set[str]]:
    """What the search finds by each of `FOUND`."""
    with books.reading() as reading:
        pages = {
            words: COMPLAINTS.page(reading, [Wanted(words=words)], Page(limit=10), STEPS[-1].at) for words in FOUND
        }
    return {words: {row.number for row in page} for words, page in pages.items()}


def same_books(
    by_hand: str,
    by_script: str,
    folder: Path,
    steps: Sequence[Step] = STEPS,
    wanted: Mapping[tuple[str, str], Sequence[str]] = BOTH,
) -> None:
    """The same papers to the byte, the same rows, words and audit trail; and the steps are all of it."""
    first, second = (printed(database, folder / name, wanted) for database, name in ((by_hand, "a"), (by_script, "b")))
    assert first == second
    for (paper, number), words in wanted.items():
        text = first[f"{paper}.{number}.en.text"].decode()
        assert [word for word in words if word not in text] == []
    numbers = {step.number for step in steps}
    hand, script = open_books(by_hand), open_books(by_script)
    try:
        log = trail(hand)
        assert log == trail(script)
        done = [(at, actor, act) for at, actor, _, act, *_ in log if act != "papers.print"]
        assert done[-len(steps) :] == [
            (step.at, step.login, step.command[0] if step.command else ESCALATE) for step in steps
        ]
        rows = papers(hand)
        assert rows == papers(script)
        assert found(hand) == found(script) == {words: held & numbers for words, held in FOUND.items()}
        is_at_its_end(rows, numbers)
    finally:
        hand.close()
        script.close()


def is_at_its_end(rows: Mapping[str, Sequence[Mapping[str, Any]]], numbers: set[str]) -> None:
    """Closed, nothing waits, every clock stopped by its act, every step of escalation happened once or lapsed."""
    sheets = {row["id"]: row for row in rows["complaints"]}
    assert {row["number"] for row in sheets.values()} == numbers
    assert {
        (row["state"], row["urgent"], row["waits"], row["escalated"], row["due_at"]) for row in sheets.values()
    } == {("case_closed", "", "", "", None)}
    assert len(rows["complaint_handlings"]) == len(rows["complaint_departments"]) == len(numbers)
    assert [row["number"] for row in rows["letters"]] == ([LETTER] if SERIOUS in numbers else [])
    of_clock = {row["id"]: row["clock"] for row in rows["complaint_clocks"]}
    assert all(row["stopped_by"] == STOPPED_BY[row["clock"]] for row in rows["complaint_clocks"])
    for key, sheet in sheets.items():
        number = sheet["number"]
        clocks = [row for row in rows["complaint_clocks"] if row["complaint_id"] == key]
        assert {row["clock"]: local(row["stopped_at"]) for row in clocks} == STOPPED[number]
        steps = [row for row in rows["complaint_escalations"] if row["complaint_id"] == key]
        assert len(steps) == 9
        happened = {row["id"]: row for row in steps if row["state"] == "happened"}
        assert {
            (of_clock[row["clock_id"]], row["percent"], local(row["happened_at"])) for row in happened.values()
        } == HAPPENED[number]
        assert {row["state"] for row in steps} == {"happened", "lapsed"}
        events = [row["escalation_id"] for row in rows["complaint_events"] if row["complaint_id"] == key]
        assert sorted(filter(None, events)) == sorted(happened)


def local(at: datetime) -> str:
    """Day and time of day in Shenzhen."""
    return f"{at.astimezone(SHANGHAI):%d %H:%M}"


@pytest.mark.parametrize("keys_on", ["sqlite", "postgresql"])
async def test_a_pilot_and_commands_write_the_same_books_and_print_the_same_papers(
    keys_on: str, sqlite_url: str, postgres_url: str, tmp_path: Path
) -> None:
    by_hand, by_script = (sqlite_url, postgres_url) if keys_on == "sqlite" else (postgres_url, sqlite_url)
    for database in (by_hand, by_script):
        set_up(database)
    await by_pilot(by_hand)
    by_command(by_script)
    same_books(by_hand, by_script, tmp_path)


def test_four_terminals_and_commands_write_the_same_books_and_print_the_same_papers(
    sqlite_url: str, postgres_url: str, tmp_path: Path
) -> None:
    steps = [step for step in STEPS if step.number == ORDINARY]
    for database in (sqlite_url, postgres_url):
        set_up(database)
    by_terminal(sqlite_url, steps, tmp_path / "clock")
    by_command(postgres_url, steps)
    same_books(sqlite_url, postgres_url, tmp_path, steps, ORDINARY_ALONE)
