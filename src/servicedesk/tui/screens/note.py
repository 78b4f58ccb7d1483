"""What is to be known of a customer, over the page: any of three keys takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from servicedesk.domain.text import clip
from servicedesk.domain.words import label, say
from servicedesk.tui.keys import Key
from servicedesk.tui.terminal import harmless

if TYPE_CHECKING:
    from servicedesk.tui.app import ServiceDesk


NAME_CELLS = 100
"""Of a longer name so much is shown: the note and the way out stay on the screen."""


class NoteScreen(ModalScreen[None]):
    """The note on a customer, whole and as it was written; it scrolls where it is long."""

    DEFAULT_CSS = """
    NoteScreen { align: center middle; background: $background 60%; }
    NoteScreen Vertical {
        width: 70; max-width: 100%; height: auto; max-height: 100%; padding: 1 2; background: $surface;
    }
    NoteScreen VerticalScroll { height: auto; max-height: 16; }
    NoteScreen Static { height: auto; }
    NoteScreen .whose { text-style: bold; margin-bottom: 1; }
    NoteScreen .keys { margin-top: 1; }
    """
    KEYS = (
        Key("enter,escape,space", label("Go on"), action="leave"),
        Key("down,j", label("Down"), action="scroll(1)"),
        Key("up,k", label("Up"), action="scroll(-1)"),
    )
    BINDINGS = [Binding(key.key, key.action, key.label, show=False) for key in KEYS]

    def __init__(self, name: str, note: str) -> None:
        super().__init__()
        self._whose = name
        self._note = note

    def compose(self) -> ComposeResult:
        """Whose, the note, the key."""
        words = cast("ServiceDesk", self.app).words
        with Vertical():
            yield Static(
                Content(harmless(words(say("Special handling: {name}", name=clip(self._whose, NAME_CELLS))))),
                classes="whose",
            )
            with VerticalScroll(can_focus=False):
                lines = (harmless(line.expandtabs(4)) for line in self._note.splitlines())
                yield Static(Content("\n".join(lines)), id="note", markup=False)
            key = self.KEYS[0]
            yield Static(Content(f"{' '.join(key.keys[:2])} {words(key.label)}"), classes="keys", markup=False)

    def action_scroll(self, lines: int) -> None:
        """Move the note."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_leave(self) -> None:
        """Back to the page."""
        self.dismiss(None)
