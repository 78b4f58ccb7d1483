"""What a key costs over the line, how long it takes, what an idle desk sends and how much memory it needs."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from tests.bench.conftest import LOGIN
from tests.bench.measuring import Figures, Watched, interleaved
from tests.bench.programs import FIRST_ROWS, desk, minimal

ROUNDS = 60
IDLE = 10.0
LINES = 12
"""Cursor keys before the cursor goes up again, so that the page does not scroll."""


def test_cursor_key(figures: Figures, many: Path) -> None:
    sizes: list[int] = []
    with minimal() as least, desk(many, LOGIN) as program:
        least.wait_raw(b"ready")
        _rest(least, program)

        def move(turn: int) -> float:
            seconds, size = program.answer(["down" if turn // LINES % 2 == 0 else "up"])
            sizes.append(size)
            return seconds

        found = interleaved(ROUNDS, {"least": lambda _: least.answer(["x"])[0], "move": move}, warm=5)
        idle = program.bytes_in(IDLE)
        memory, at_least = program.resident(), least.resident()
    figures.at_most("a cursor key over the line at 80x24", median(sizes), 500, " bytes")
    figures.at_most("a cursor key to the last byte / one Static changes", found["move"] / found["least"], 1.5)
    figures.note("one Static changes", f"{found['least'] * 1000:.1f} ms")
    figures.at_most("an idle desk", idle / IDLE, 0, " bytes/s")
    figures.at_most("memory of the desk / minimal Textual app", memory / at_least, 2)
    figures.note("minimal Textual app", f"{at_least:.0f} MiB")


def _rest(least: Watched, program: Watched) -> None:
    program.wait_raw(FIRST_ROWS)
    program.settle(2.0)
    least.settle(0.5)
