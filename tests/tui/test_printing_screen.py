"""Printing from the screens: a look is no print, a print is counted, and where it went is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from servicedesk.config import where
from servicedesk.domain.printing import JobSheetRow
from servicedesk.store import printing
from tests.acts.faces import open_to_anybody
from tests.acts.rounds import audit_lines, dispatched, done, line
from tests.tui.scenes import at_work, painted, settled
from tests.tui.test_calls_screen import desk_of
from tests.world import World


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = open_to_anybody(World(sqlite_url))
    yield made
    made.close()


def prints(world: World) -> list[str]:
    return [one.numbers for one in audit_lines(world) if one.act == "papers.print" and one.outcome == "done"]


async def test_the_voucher_of_a_call_is_looked_at_and_printed_into_a_file(world: World) -> None:
    voucher = line(world, done(world)).voucher
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await pilot.press("P")
        await settled(pilot)
        assert "Service voucher" in painted(app)
        assert "王小明" in painted(app)
        assert prints(world) == []
        await pilot.press("t")
        await settled(pilot)
        assert prints(world) == [voucher]
        assert "[COPY]" in painted(app), "what is printed next is a copy"
        await pilot.press("h")
        await settled(pilot)
    app.door.close()
    folder = where()["data"] / "prints"
    text, document = (folder / f"voucher {voucher}.{kind}" for kind in ("txt", "html"))
    assert "[COPY]" not in text.read_text(encoding="utf-8")
    assert '<strong class="copy">' in document.read_text(encoding="utf-8")
    assert {path.stat().st_mode & 0o777 for path in (text, document)} == {0o600}
    assert prints(world) == [voucher, voucher]


async def test_the_days_page_of_the_register_is_that_of_the_line_under_the_cursor(world: World) -> None:
    number = dispatched(world)
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_work(pilot)
        await pilot.press("Q")
        await settled(pilot)
        assert "Call-in repair register" in painted(app)
        assert number[-9:] in painted(app)
    app.door.close()


async def test_without_a_line_printer_it_says_so(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done(world)
    monkeypatch.setenv("PATH", str(tmp_path))
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await pilot.press("P")
        await settled(pilot)
        await pilot.press("l")
        await settled(pilot)
        assert "The line printer cannot be reached" in " ".join(painted(app).split())
    app.door.close()


async def test_blank_job_sheets_are_numbered_and_come_back(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        app.action_desk("job_sheets")
        await settled(pilot)
        assert "No blank job sheet is out" in painted(app)
        await pilot.press("f2")
        await settled(pilot)
        await pilot.press(*"chen")
        await pilot.pause(0.3)
        await settled(pilot)
        await pilot.press("enter", "f2")
        await settled(pilot)
        assert "out 2" in painted(app)
        await pilot.press("b")
        await settled(pilot)
        await pilot.press("f2")
        await settled(pilot)
        assert "out 1" in painted(app)
    app.door.close()
    found = world.read(printing.JOB_SHEETS.one, "SZ-Z-261123-0001")
    assert isinstance(found, JobSheetRow)
    assert found.state == "back"
