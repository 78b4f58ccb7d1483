"""The least a Textual app can do: one text on the screen, which every key changes."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Minimal(App[None]):
    """One Static."""

    def __init__(self) -> None:
        super().__init__()
        self._keys = 0

    def compose(self) -> ComposeResult:
        """The text alone."""
        yield Static("ready", markup=False)

    def on_key(self) -> None:
        """Change the text."""
        self._keys += 1
        self.query_one(Static).update(f"pressed {self._keys}", layout=False)


if __name__ == "__main__":
    Minimal().run()
