"""The line drops, the program is killed, the terminal is not what it should be: what was typed is kept."""

from __future__ import annotations

import os
import signal
import termios
import time
from collections.abc import Callable, Iterator

import pytest

from servicedesk.store import calls
from servicedesk.tui.form import PAUSE
from tests.end_to_end.program import REGISTER, department, drafts, program
from tests.terminal import Terminal
from tests.world import World

SOON = 3.0
"""Seconds within which a lost terminal must have ended the program."""

KEPT_WITHIN = 1.0
"""Seconds of typing that a crash may cost."""

AT_LENGTH = 20.0
"""Seconds that a loaded machine may take where no figure is promised."""

TYPED = "不制冷"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = department(sqlite_url)
    yield world
    world.close()


def fill_in(terminal: Terminal) -> None:
    """Half a call: who rings and what is wrong."""
    terminal.wait("No calls yet.")
    terminal.press("f2")
    terminal.wait("Symptom")
    terminal.feed("13812345678")
    terminal.wait("> 王小明")
    terminal.press("enter")
    terminal.wait("Our technician will be with you")
    terminal.press("down", "down", "down", "down", "down")
    terminal.feed(TYPED)
    terminal.wait(TYPED)


def symptoms() -> list[str]:
    """What the drafts on this machine have as symptom."""
    return [draft.typed.get("symptom", "") for draft in drafts("lin")]


def until(terminal: Terminal, holds: Callable[[], bool], *, seconds: float) -> None:
    """Read the terminal until something outside it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, terminal.text
        terminal.settle(0.02, timeout=0.1)


def restored(raw: bytes) -> bool:
    """Whether the terminal was left as it was found: main screen, no mouse, no pasting marks, the cursor shown."""
    pairs = ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?1000h", b"\x1b[?1000l"), (b"\x1b[?2004h", b"\x1b[?2004l"))
    return all(raw.rfind(off) > raw.rfind(on) >= 0 for on, off in (*pairs, (b"\x1b[?25l", b"\x1b[?25h")))


def test_a_killed_program_offers_the_form_again(world: World, sqlite_url: str) -> None:
    with program(sqlite_url, "lin") as terminal:
        fill_in(terminal)
        assert PAUSE <= KEPT_WITHIN
        until(terminal, lambda: symptoms() == [TYPED], seconds=AT_LENGTH)
        terminal.feed("，漏水")
        terminal.signal(signal.SIGKILL)
        assert terminal.exit_status() == -signal.SIGKILL
    assert symptoms()[0].startswith(TYPED), "only what was typed last may be missing"
    with program(sqlite_url, "lin") as terminal:
        terminal.wait(lambda text: "Unfinished forms" in text and "Log a call" in text)
        terminal.press("enter")
        terminal.wait(lambda text: TYPED in text and "Unfinished forms" not in text)
        terminal.wait("Our technician will be with you")
        terminal.press("down", "down", "down", "down", "down")
        terminal.feed("KFR-35GW")
        terminal.press("f2")
        terminal.wait("-0001 logged.")
        until(terminal, lambda: drafts("lin") == [], seconds=AT_LENGTH)
        terminal.press("ctrl+q")
        assert terminal.exit_status() == 0
    (row,) = world.read(calls.open_of_customer, 1)
    assert row.symptom.startswith(TYPED)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_and_keeps_the_form(world: World, sqlite_url: str, number: int) -> None:
    with program(sqlite_url, "lin") as terminal:
        fill_in(terminal)
        terminal.signal(number)
        assert terminal.exit_status(timeout=SOON) == 128 + number
        if number == signal.SIGTERM:
            assert restored(bytes(terminal.raw))
    assert symptoms() == [TYPED]


@pytest.mark.parametrize("controlling", [True, False])
def test_a_dropped_line_ends_it_and_keeps_the_form(world: World, sqlite_url: str, controlling: bool) -> None:
    with program(sqlite_url, "lin", controlling=controlling) as terminal:
        fill_in(terminal)
        terminal.hang_up()
        assert terminal.exit_status(timeout=SOON) == 128 + signal.SIGHUP
    assert symptoms() == [TYPED]


def test_a_terminal_that_nobody_reads_cannot_hold_it(world: World, sqlite_url: str) -> None:
    with program(sqlite_url, "lin") as terminal:
        fill_in(terminal)
        stop_output(terminal)
        terminal.settle()
        before = len(terminal.raw)
        terminal.feed("，" * 500)
        terminal.signal(signal.SIGTERM)
        assert terminal.exit_status(timeout=SOON, read=False) == 128 + signal.SIGTERM
        assert len(terminal.raw) == before
    assert symptoms()[0].startswith(TYPED)


def stop_output(terminal: Terminal) -> None:
    """From now on the terminal takes nothing that the program writes."""
    slave = os.open(f"/proc/{terminal.process_id}/fd/1", os.O_RDWR | os.O_NOCTTY)
    termios.tcflow(slave, termios.TCOOFF)
    os.close(slave)


def test_a_terminal_in_another_encoding_is_told_of_and_goes_on(world: World, sqlite_url: str) -> None:
    with program(sqlite_url, "lin") as terminal:
        fill_in(terminal)
        terminal.feed("陈国强".encode("gbk"))
        terminal.wait("not sending UTF-8")
        terminal.press("escape")
        terminal.wait(lambda text: REGISTER in text)
        terminal.press("ctrl+q")
        assert terminal.exit_status() == 0
        assert restored(bytes(terminal.raw))
    assert symptoms()[0].startswith(TYPED)


def test_a_terminal_without_screens_is_sent_to_the_commands(world: World, sqlite_url: str) -> None:
    with program(sqlite_url, "lin", env={"TERM": "dumb"}) as terminal:
        assert terminal.exit_status(timeout=SOON) == 1
        assert "servicedesk --help" in terminal.text.replace("\n", " ")
        assert b"\x1b" not in terminal.raw


def test_nothing_is_sent_while_nothing_happens(world: World, sqlite_url: str) -> None:
    """Over a slow line each byte counts: neither a clock nor a blinking cursor sends any."""
    world.do("lin", "calls.log", caller="000001", model_no="KFR-35GW", symptom=TYPED)
    with program(sqlite_url, "lin") as terminal:
        terminal.wait("KFR-35GW")
        for key, page in (("enter", "Arrive by"), ("escape", REGISTER), ("f2", "Symptom")):
            terminal.settle(1.5)
            before = len(terminal.raw)
            terminal.settle(3.0, timeout=3.0)
            assert bytes(terminal.raw[before:]) == b"", f"before {key}"
            terminal.press(key)
            terminal.wait(page)
