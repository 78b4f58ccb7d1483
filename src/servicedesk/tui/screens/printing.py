"""A paper as it will be printed, and the ways to print it (design §6)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from servicedesk.config import private_folder, where
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.locales import Words
from servicedesk.tui.background import begin
from servicedesk.tui.keys import Key
from servicedesk.tui.screen import DeskScreen
from servicedesk.tui.screens.paper import SCROLL_KEYS

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.domain.printing import Sheet
    from servicedesk.papers.paper import Paper

PRINTER = "lp"
TEXT = "txt"
HTML = "html"


class PrintScreen(DeskScreen):
    """The sheets of one paper; looking at them is no print."""

    # The paper has 80 columns, and so has the terminal.
    DEFAULT_CSS = """
    PrintScreen #preview { height: 1fr; scrollbar-size: 0 0; }
    PrintScreen #sheets { text-wrap: nowrap; width: auto; }
    """
    HEADING = label("Print")
    DETAIL_ROWS = 0
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("l", label("To the line printer"), action=f"send('{PRINTER}')", id="print.printer"),
        Key("h", label("Into a file for the browser"), action=f"send('{HTML}')", id="print.html"),
        Key("t", label("Into a text file"), action=f"send('{TEXT}')", id="print.text"),
        *SCROLL_KEYS,
    )

    def __init__(self, kind: str, number: str) -> None:
        super().__init__()
        self._kind, self._number = kind, number

    def title_text(self) -> str:
        """Which paper."""
        return f"{self.words(self.HEADING)}   {self._number}"

    def compose_body(self) -> Iterable[Widget]:
        """The sheets as text, as the line printer would write them."""
        return (VerticalScroll(Static(id="sheets", markup=False), id="preview", can_focus=False),)

    def refresh_rows(self) -> None:
        """Gather the rows again."""
        begin(self, self._read, exclusive=True, group="sheets")

    async def _read(self) -> None:
        from servicedesk.papers import text

        try:
            sheets, times = await self._gathered(sent=False)
            shown = text.render(self._made(sheets, times + 1), self.words).replace("\f", "\n")
        except Refused as refused:
            shown = self.words(refused.sentence)
        self.show_static("#sheets", Content(shown))

    async def _gathered(self, *, sent: bool) -> tuple[list[Sheet], int]:
        """The rows of the sheets, to look at or to be printed, and how often they were printed so far."""
        kind, number = self._kind, self._number

        def read(look: Look) -> tuple[list[Sheet], int]:
            from servicedesk.acts.paper_rows import gathered
            from servicedesk.store import printing

            sheets = gathered(look, kind, number, sent=sent)
            return sheets, printing.times_printed(look.store, kind, sheets[0].number)

        return await self.door.look(read)

    @staticmethod
    def _made(sheets: list[Sheet], times: int) -> list[Paper]:
        from servicedesk.papers.made import made

        return made(sheets, times=times)

    def action_send(self, to: str) -> None:
        """Print it that way."""
        begin(self, partial(self._send, to), group="print")

    async def _send(self, to: str) -> None:
        try:
            said = await self._printed(to)
        except Refused as refused:
            self.desk.refuse(refused)
            return
        self.app.notify(self.words(said), markup=False)
        self.refresh_rows()

    async def _printed(self, to: str) -> Sentence:
        """Count the print first, so that nothing is printed uncounted; then render what the books say."""
        from servicedesk.papers import html, output, text

        typed = {"paper": self._kind, "number": self._number}
        done = await self.door.perform("papers.print", (), typed, uuid.uuid4().hex)
        sheets, times = await self._gathered(sent=True)
        papers = self._made(sheets, times)
        if to == PRINTER:
            output.to_printer(text.render(papers, self.words))
            return done.sentence
        path = private_folder(where()["data"] / "prints") / f"{self._kind} {sheets[0].number}.{to}"
        english = Words("en", str(self.words.zone))
        output.to_file(
            path, text.render(papers, self.words) if to == TEXT else html.render(papers, self.words, english)
        )
        return say("{path} is written.", path=str(path))

    def action_scroll(self, lines: int) -> None:
        """Move the page."""
        self.query_one("#preview", VerticalScroll).scroll_relative(y=lines, animate=False)
