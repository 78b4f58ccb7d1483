"""Long text in a page's tables, and views that list the same: what is read by people who look at it all day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servicedesk.domain.text import cells
from tests.acts.faces import open_to_anybody
from tests.acts.reporting import submitted
from tests.tui.scenes import painted
from tests.tui.scenes_reports import visits
from tests.tui.test_calls_screen import desk_of, press
from tests.tui.test_register_screen import opened, title
from tests.world import World

WORK = "上午在宝安区西乡街道固戍社区等客户两个小时，客户临时改约到下午四点"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """A Monday evening with a report whose lines are long."""
    made = open_to_anybody(World(sqlite_url))
    visits(made)
    made.at("2026-11-23 18:10")
    submitted(made, "chen", f"830-840 d {WORK}\n1330-1800 d 备料")
    yield made
    made.close()


async def test_a_long_cell_goes_on_below_itself(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 30)) as pilot:
        await opened(pilot, "5", "enter")
        lines = painted(app).splitlines()
        first = next(nth for nth, line in enumerate(lines) if "08:30-08:40" in line)
        column = cells(lines[first][: lines[first].index(WORK[:3])])
        told = lines[first : first + 3]
        assert "".join(line.split("  ")[-1].strip() for line in told) == WORK
        assert all(line.startswith(" " * column) for line in told[1:])
        assert all(cells(line) <= 80 for line in lines)
        customer = "宏图伟业科技股份有限公司深圳分公司"
        said = "".join("".join(lines).split())
        assert f"{customer[:10]}" in said
        assert "更换电容" in said
    app.door.close()


async def test_a_view_that_lists_what_another_lists_stops_nobody(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "5", "L", "k", *"mine", "enter", "escape")
        assert title(app).startswith("Reports: mine")
        seen: list[str] = []
        while not seen or not title(app).startswith("Reports: mine"):
            await press(pilot, "v")
            seen.append(title(app).split("   ")[0])
        assert "Reports: of today" in seen
        assert "Reports: all" in seen
        await press(pilot, "V")
        assert title(app).startswith("Reports: all")
    app.door.close()
