"""F1: every key of the page in front, with the reason why a greyed one does not work now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, Protocol

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from servicedesk.domain.text import cells
from servicedesk.domain.words import Sentence, label, say
from servicedesk.tui.columns import on_one_line
from servicedesk.tui.keys import Key, shown_key
from servicedesk.tui.screen import DeskScreen

LIST_KEYS: tuple[Key, ...] = (
    Key("down,j", label("Next line"), id="help.down"),
    Key("up,k", label("Line before"), id="help.up"),
    Key("pagedown", label("Next page"), id="help.pagedown"),
    Key("pageup", label("Page before"), id="help.pageup"),
    Key("home,g", label("First entry"), id="help.home"),
    Key("end,G", label("Last entry"), id="help.end"),
)
KEY_CELLS = 12


class HasKeys(Protocol):
    """A page or form that can list its keys."""

    def all_keys(self) -> Sequence[Key]:
        """Every key of it."""


class HelpScreen(DeskScreen):
    """The keys of another page or form: `heading` is its label, `why_not` tells why a key does not work now."""

    HEADING = label("Keys")
    DETAIL_ROWS = 0
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("escape,f1", label("Back"), action="back", id="help.back"),
        Key("up,k", label("Up"), action="scroll('up')", id="help.scroll_up"),
        Key("down,j", label("Down"), action="scroll('down')", id="help.scroll_down"),
    )

    def __init__(
        self, page: HasKeys, heading: str = label("Form"), why_not: Callable[[Key], Sentence | None] | None = None
    ) -> None:
        super().__init__()
        self._heading = heading
        self._keys = page.all_keys()
        self._why_not = why_not

    @classmethod
    def all_keys(cls) -> tuple[Key, ...]:
        """Only its own: there is no help on help."""
        return cls.KEYS

    def keys_in_row(self) -> list[Key]:
        """Its own."""
        return list(self.KEYS)

    def title_text(self) -> str:
        """Whose keys they are."""
        return self.words(say("Keys: {page}", page=Sentence(self._heading)))

    def compose_body(self) -> Iterable[Widget]:
        """One key a line."""
        return (VerticalScroll(Static(Content.assemble(*self._lines()), markup=False), id="page", can_focus=False),)

    def _lines(self) -> Iterable[str | tuple[str, str]]:
        words = self.words
        told = [(key, None if self._why_not is None else self._why_not(key)) for key in self._keys]
        for key, why in sorted(told, key=lambda pair: pair[1] is not None):
            keys, does = _padded(" ".join(key.keys)), " / ".join(map(words, key.labels))
            if why is None:
                yield f"{keys}{does}\n"
            else:
                refused = words(say("{name}: {told}", name=does, told=why))
                yield (on_one_line(f"{keys}{refused}") + "\n", "dim")
        if self._why_not is None:
            return
        for key in LIST_KEYS:
            yield f"{_padded(' '.join(map(shown_key, key.key.split(','))))}{words(key.label)}\n"
        for desk in self.desk.my_desks():
            if desk.key:
                yield f"{_padded(desk.key)}{words(desk.label)}\n"
        yield f"{_padded('0')}{words(label('Every place by name'))}\n"
        yield f"{_padded('ctrl+q')}{words(label('Leave the program'))}\n"

    def action_scroll(self, way: str) -> None:
        """Move the page by a line."""
        page = self.query_one("#page", VerticalScroll)
        page.scroll_relative(y=-1 if way == "up" else 1, animate=False)


def _padded(text: str) -> str:
    return text + " " * max(1, KEY_CELLS - cells(text))
