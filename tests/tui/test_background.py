"""Work that goes on while a page is left."""

from __future__ import annotations

import asyncio

from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from servicedesk.tui.background import begin


class Leaf(Static):
    """Tells when it is gone; its page goes after it."""

    def __init__(self, gone: asyncio.Event) -> None:
        super().__init__(id="leaf")
        self.gone = gone

    def on_unmount(self) -> None:
        self.gone.set()


class Page(Screen[None]):
    """Wants to paint on the leaf at the one moment at which it has no leaf any more."""

    def __init__(self) -> None:
        super().__init__()
        self.gone = asyncio.Event()
        self.found: list[bool] = []

    def compose(self) -> ComposeResult:
        yield Leaf(self.gone)

    def on_mount(self) -> None:
        begin(self, self._paint)

    async def _paint(self) -> None:
        await self.gone.wait()
        self.found.append(bool(self.query("#leaf")))
        self.query_one("#leaf")


async def test_a_page_may_be_left_while_something_is_read_for_it() -> None:
    app, page = App[None](), Page()
    async with app.run_test() as pilot:
        await app.push_screen(page)
        await pilot.pause()
        await app.pop_screen()
        await pilot.pause()
    assert page.found == [False]
