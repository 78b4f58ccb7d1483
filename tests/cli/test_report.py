"""`servicedesk report`: a technician's day handed in as text (003 Art. 12)."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from servicedesk.domain.reports import ReportLineRow
from servicedesk.store import reports
from tests.acts.faces import command, everything, open_to_anybody
from tests.acts.rounds import actor, done
from tests.world import MONDAY, World

NUMBER = "SZ-T-261123-0001"


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "day.txt"


def lines(world: World, back: int = 0) -> list[ReportLineRow]:
    day = MONDAY.date().replace(day=MONDAY.day - back)
    found = world.read(reports.of_day, actor(world, "chen").id, day)
    assert found is not None
    assert found.state == "submitted"
    return world.read(reports.lines, found.id)


def test_a_day_is_handed_in_and_what_it_leaves_open_is_told(world: World, file: Path) -> None:
    call = done(world)
    file.write_bytes("\ufeff# 周一\r\n\r\n830-900 d tools\r\n1000-1200 +20 a 1 返修；再测\r\n".encode())
    ran = command(world, "chen", "report", str(file))
    assert (ran.code, ran.out) == (0, f"{NUMBER}\n")
    assert ran.err == (
        f"{NUMBER} submitted: 1 jobs, 150 min; 2 marks.",
        "1 jobs, 150 min; the shift has 480 min",
        "09:00 to 10:00: nothing is written.",
        "13:30 to 18:00: nothing is written.",
    )
    assert [(line.paper, line.work, line.travel) for line in lines(world)] == [
        ("", "tools", 0),
        (call, "加氟", 0),
        (call, "返修；再测", 20),
    ]


def test_every_line_that_cannot_be_read_is_named_with_its_number(world: World, file: Path) -> None:
    file.write_text("\n\n830-900 d tools\nparts count\n# 930\n\n930-1000 c 7 fan\n1100-1000 d x\n\n", encoding="utf-8")
    before = everything(world)
    ran = command(world, "chen", "report", str(file))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Line 4: 'parts count' is no line: write '930-1015 d parts count' or '1100-1145 c 0007 fan motor'.",
        "Line 7: SZ has no SZ-C-261123-0007 in its books.",
        "Line 8: '1100-1000 d x' ends before it begins.",
        "Nothing is kept: put these lines right and hand the whole text in again.",
    )
    assert everything(world) == before


def test_another_day_and_standard_input(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("900-930 d 盘点".encode()), encoding="utf-8"))
    ran = command(world, "chen", "report", "-", "--day", "y")
    assert (ran.code, ran.out) == (0, f"{NUMBER}\n")
    assert [line.work for line in lines(world, back=1)] == ["盘点"]


def test_a_retry_of_the_same_request_is_saved_once(world: World, file: Path) -> None:
    file.write_text("900-930 d tools", encoding="utf-8")
    first, second = (command(world, "chen", "report", str(file), "--request", "r1") for _ in range(2))
    assert first.out == second.out == f"{NUMBER}\n"
    assert second.err == (f"Already saved as {NUMBER}.",)
    assert len(lines(world)) == 1


@pytest.mark.parametrize(
    ("login", "text", "words", "said"),
    [
        ("lin", "900-930 d x", (), "Your posts do not allow 'Hand the daily report in' here. It is for: technician."),
        ("chen", "# nothing", (), "lines: Nothing is written for 23 Nov 2026: say in the remarks why."),
        ("chen", "", (), "lines: Nothing is written for 23 Nov 2026: say in the remarks why."),
        ("chen", "900-930 d x", ("--day", "t"), "day: 24 Nov 2026 has not come yet."),
    ],
)
def test_what_the_act_refuses_the_command_refuses(
    world: World, file: Path, login: str, text: str, words: tuple[str, ...], said: str
) -> None:
    file.write_text(text, encoding="utf-8")
    ran = command(world, login, "report", str(file), *words)
    assert (ran.code, ran.out, ran.err) == (1, "", (said,))


def test_a_file_that_is_not_there_or_no_text_is_refused(world: World, file: Path) -> None:
    assert command(world, "chen", "report", str(file)).err == (f"{file} cannot be read: No such file or directory.",)
    file.write_bytes("900-930 d 盘点".encode("gb18030"))
    ran = command(world, "chen", "report", str(file))
    assert (ran.code, ran.err[0].startswith(f"{file} is not UTF-8.")) == (1, True)
