"""One yes or no, for an act that asks nothing else; it names what will happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from servicedesk.domain.words import Sentence, label
from servicedesk.tui.keys import Key

if TYPE_CHECKING:
    from servicedesk.tui.door import Door


class Confirm(ModalScreen[bool]):
    """Asks a sentence; y or Enter is yes, n or Esc is no."""

    KEYS = (
        Key("y,enter", label("Yes"), action="answer(True)"),
        Key("n,escape", label("No"), action="answer(False)"),
    )
    BINDINGS = [Binding(key.key, key.action, key.label, show=False) for key in KEYS]
    DEFAULT_CSS = """
    Confirm { align: center middle; background: $background 60%; }
    Confirm Vertical { width: 60; max-width: 100%; height: auto; padding: 1 2; background: $surface; }
    Confirm Static { height: auto; }
    Confirm .keys { margin-top: 1; }
    """

    def __init__(self, question: Sentence) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """The question and the two keys."""
        words = cast("Door", cast(Any, self.app).door).words
        with Vertical():
            yield Static(words(self._question), markup=False)
            keys = "   ".join(f"{' '.join(key.keys)} {words(key.label)}" for key in self.KEYS)
            yield Static(keys, classes="keys", markup=False)

    def action_answer(self, yes: bool) -> None:
        """The answer is given."""
        self.dismiss(yes)
