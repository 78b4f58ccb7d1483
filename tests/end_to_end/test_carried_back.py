"""A product carried back, repaired and returned, by keys and by commands: same rows, and papers alike to the byte."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select
from textual import events
from textual.pilot import Pilot

from servicedesk.cli.program import run
from servicedesk.config import Settings
from servicedesk.store import audit, tables
from servicedesk.store.engine import Books
from servicedesk.store.migrate import open_books
from servicedesk.tui.app import ServiceDesk
from tests.end_to_end import frozen
from tests.end_to_end.carrying import HOME, ROUND, START, Shown, Typed
from tests.end_to_end.program import department
from tests.end_to_end.test_round import leave
from tests.terminal import PATIENCE, Terminal
from tests.tui.scenes import painted, settled
from tests.world import MONDAY

NO_PAPER = frozenset({"audit", "audit_details", "books", "requests", "saved_views", "places", "presences"})
"""The audit log, which is compared by itself, what a retry is known by, and what a screen remembers."""

PARTS = (("QDQ-201", "启动器", "35", "6"), ("R600A", "制冷剂", "0.5", "500"), ("DY-55", "电源板", "260", ""))
"""Number, name, price, and how many there are; the last one has to be asked for."""

PRINTED = (
    ("lin", "voucher", "SZ-V-000001"),
    ("lin", "receipt", "1"),
    ("lin", "card", "1"),
    ("lin", "goods", "SZ"),
    ("lin", "register", "SZ"),
    ("acc", "invoice_request", "1"),
)
"""By whom, which paper, its number."""

ON_PAPER = {
    "voucher": ("SZ-V-000001", "王小明", "1123-0001", "SZ-K-261123-0001", "¥514.67"),
    "receipt": ("SZ-R-261123-0001", "遥控器", "左侧有划痕"),
    "card": ("SZ-K-261123-0001", "启动器烧毁", "QDQ-201", "R600A", "DY-55"),
    "goods": ("1123-0001", "王小明"),
    "register": ("1123-0001", "王小明"),
    "invoice_request": ("SZ-C-261123-0001", "514.67"),
}
"""Some of what stands on each."""

WRITTEN = {
    **dict.fromkeys(("calls", "visits", "voucher_entries", "receipts", "goods", "repair_cards", "tellings"), 1),
    **dict.fromkeys(("promises", "requisitions", "charges"), 1),
    **dict.fromkeys(("time_lines", "card_parts"), 3),
    **dict.fromkeys(("charge_lines", "stock_moves"), 6),
}
"""How many lines the round, its setting up and its printing leave in each table."""


def set_up(database: str) -> None:
    """The department a month before the round, with a part list, some stock and a tariff."""
    world = department(database, MONDAY)
    for number, name, price, count in PARTS:
        world.do("lin", "parts.enter", number=number, name=name, price=price)
        if count:
            world.do("lin", "parts.arrive", parts=f"{number} {count}")
    for kind, amount in (("inspection", "30"), ("labour", "80")):
        world.do("adm", "tariff.set", unit="SZ", kind=kind, amount=amount)
    world.close()


def by_command(database: str) -> None:
    """The round with `servicedesk act` alone."""
    for step in ROUND:
        command(database, step.login, step.at, "act", *step.command)


def command(database: str, login: str, at: datetime, *words: str, language: str = "en") -> None:
    """One command of this person, at this time."""
    assert run(["--database", database, "--lang", language, "--as", login, *words], lambda: at) == 0


async def by_pilot(database: str) -> None:
    """The round with the program inside this process, key by key; each person opens the desks anew."""
    clock = [ROUND[0].at]
    for login, steps in groupby(ROUND, lambda step: step.login):
        app = ServiceDesk(Settings(database=database, language="en"), login, lambda: clock[0], live=False)
        async with app.run_test(size=(80, 24)) as pilot:
            digit, home = HOME[login]
            await until(pilot, START)
            await pilot.press(digit)
            await until(pilot, home)
            for step in steps:
                clock[0] = step.at
                for key in step.keys:
                    if isinstance(key, Shown):
                        await until(pilot, key)
                    elif isinstance(key, Typed):
                        type_in(app, key)
                    else:
                        await pilot.press(key)
        app.door.close()


def type_in(app: ServiceDesk, words: str) -> None:
    """All letters in one burst, as over a slow line."""
    for letter in words:
        app.post_message(events.Key(letter, letter))


async def until(pilot: Pilot[None], shown: Shown) -> None:
    """Wait until it stands on the screen; some of it comes when the hand has stopped for a while."""
    app, deadline = cast(ServiceDesk, pilot.app), time.monotonic() + PATIENCE
    while not shown.on(painted(app)):
        assert time.monotonic() < deadline, f"{shown} did not come\n{painted(app)}"
        await pilot.pause(0.02)
    await settled(pilot)


def by_terminal(database: str, clock: Path) -> None:
    """The round in four real terminals, all of them open from morning to evening: each sees what the others write."""
    set_clock(clock, ROUND[0].at)
    with ExitStack() as opened:
        desks = {}
        for login, (digit, home) in HOME.items():
            desks[login] = opened.enter_context(
                Terminal([sys.executable, frozen.__file__, database, login, str(clock)])
            )
            desks[login].wait(START.on)
            desks[login].press(digit)
            desks[login].wait(home.on)
        for step in ROUND:
            set_clock(clock, step.at)
            for key in step.keys:
                if isinstance(key, Shown):
                    desks[step.login].wait(key.on)
                elif isinstance(key, Typed):
                    desks[step.login].feed(key)
                else:
                    desks[step.login].press(key)
        for desk in desks.values():
            leave(desk)


def set_clock(clock: Path, at: datetime) -> None:
    """Let every clock that looks at this file stand at this moment."""
    fresh = clock.with_suffix(".new")
    fresh.write_text(at.isoformat())
    os.replace(fresh, clock)


def printed(database: str, folder: Path) -> dict[str, bytes]:
    """Every paper of the round, printed in two languages for the line printer and for a browser."""
    folder.mkdir()
    for language in ("en", "zh_CN"):
        for login, paper, number in PRINTED:
            for to in ("text", "html"):
                out = folder / f"{paper}.{language}.{to}"
                words = ("print", paper, number, "--to", to, "-o", str(out))
                command(database, login, ROUND[-1].at, *words, language=language)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def papers(books: Books) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Every row that stands for paper, with its times."""
    found = {}
    with books.reading() as reading:
        for table in tables.METADATA.sorted_tables:
            if table.name not in NO_PAPER:
                names = [column.name for column in table.columns]
                rows = (dict(zip(names, row, strict=True)) for row in reading.all(select(table)))
                found[table.name] = sorted(rows, key=str)
    return found


def trail(books: Books) -> list[tuple[Any, ...]]:
    """What the log says was done and when; request and hash left out."""
    with books.reading() as reading:
        assert audit.verify(reading).fault is None
        return [
            (line.at, line.actor, line.holder, line.act, line.outcome, line.numbers, json.loads(line.detail or "{}"))
            for line in audit.lines(reading)
        ]


def same_books(by_hand: str, by_script: str, folder: Path) -> None:
    """The same papers to the byte, the same rows, the same audit trail; and the round is all of it."""
    first, second = (printed(database, folder / name) for database, name in ((by_hand, "a"), (by_script, "b")))
    assert first == second
    for name, words in ON_PAPER.items():
        assert [word for word in words if word.encode() not in first[f"{name}.en.text"]] == []
    hand, script = open_books(by_hand), open_books(by_script)
    try:
        log = trail(hand)
        assert log == trail(script)
        assert [act for _, _, _, act, *_ in log if act != "papers.print"][-len(ROUND) :] == [
            step.command[0] for step in ROUND
        ]
        rows = papers(hand)
        assert rows == papers(script)
        assert {name: len(rows[name]) for name in WRITTEN} == WRITTEN
        is_at_its_end(rows)
    finally:
        hand.close()
        script.close()


def is_at_its_end(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Everything is closed, and everything is back where it belongs."""
    (call,), (card,), (receipt,), (goods,) = (rows[name] for name in ("calls", "repair_cards", "receipts", "goods"))
    assert (call["state"], call["charge"], call["fee"]) == ("struck_off", "invoiced", 51467)
    assert (card["state"], card["minutes"], card["parts_due"], receipt["state"], goods["state"]) == (
        *("closed", 116, 0),
        *("voided", "out"),
    )
    assert card["passed_by"] not in {line["technician_id"] for line in rows["time_lines"]}
    held = {(line["kind"], line["holder"]) for line in rows["custody"] if line["until"] is None}
    assert held == {("article", "customer"), ("voucher", "file")}


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
    for database in (sqlite_url, postgres_url):
        set_up(database)
    by_terminal(sqlite_url, tmp_path / "clock")
    by_command(postgres_url)
    same_books(sqlite_url, postgres_url, tmp_path)
