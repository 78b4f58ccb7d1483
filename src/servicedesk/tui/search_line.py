"""A page with a list and a line below it to search in."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from textual.widgets import Input

from servicedesk.domain.words import label
from servicedesk.tui.register_list import RegisterList
from servicedesk.tui.screen import DeskScreen


class SearchLine(DeskScreen):
    """The list is `#list`; the search line stands below it while something is typed."""

    SEARCH_HINT: ClassVar[str] = label("Name, pinyin, telephone, number, model, serial, words")

    @property
    def lines(self) -> RegisterList[Any]:
        """The list."""
        return self.query_one("#list", RegisterList)

    @property
    @abstractmethod
    def searched(self) -> str:
        """The words searched for now."""

    @abstractmethod
    def search_for(self, words: str) -> None:
        """List what was searched for; nothing typed ends the search."""

    def action_find(self) -> None:
        """Open the search line below the list; the first frame has none, for its style takes time to read."""
        if not self.query("#search"):
            made = Input(id="search", compact=True)
            made.cursor_blink = False
            self.mount(made, after="#list")
        search = self.query_one("#search", Input)
        search.placeholder = self.words(self.SEARCH_HINT)
        search.value = self.searched
        search.add_class("open")
        search.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Search for what was typed; nothing typed ends the search."""
        self._close_search()
        self.search_for(event.value.strip())

    def leave_search(self) -> bool:
        """Out of the search line; whether somebody was in it."""
        if self.focused is None or self.focused.id != "search":
            return False
        self._close_search()
        return True

    def _close_search(self) -> None:
        self.query_one("#search", Input).remove_class("open")
        self.lines.focus()
