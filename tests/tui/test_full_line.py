"""The line under the cursor in full paints only what differs."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.geometry import Region

from servicedesk.tui.full_line import FullLine, _difference


class Probe(App[None]):
    def compose(self) -> ComposeResult:
        yield FullLine(2)


def test_the_cells_that_differ() -> None:
    assert _difference(1, " abc  ", " axc  ") == Region(2, 1, 1, 1)
    assert _difference(0, " 王小明 x", " 王大明 x") == Region(3, 0, 2, 1)
    assert _difference(0, " aa   ", " aaa  ") == Region(3, 0, 1, 1)
    assert _difference(0, "      ", " 王明 ") == Region(1, 0, 4, 1)


async def test_what_stands_there_is_always_the_last_text() -> None:
    app = Probe()
    async with app.run_test(size=(20, 4)) as pilot:
        full = app.query_one(FullLine)
        for lines in (("王小明 138", "[/x]"), ("王大明 139 1", ""), ("x" * 40,), (), ("\x1b[2J王", "b")):
            full.show(lines)
            await pilot.pause()
            painted = [strip.text for strip in app.screen._compositor.render_strips()][:2]
            assert [line.rstrip() for line in painted] == [line.rstrip() for line in full._shown]
            assert "\x1b" not in "".join(painted)
