"""The field of a few answers: typed by first letters or walked through, never a list to open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.text import Text
from textual import events
from textual.widget import Widget

from servicedesk.domain.text import cells, clean
from servicedesk.domain.words import label
from servicedesk.locales import Words
from servicedesk.tui.fields import Field

if TYPE_CHECKING:
    from servicedesk.acts.entry import Ask

_YES_NO: Mapping[str, str] = {"y": label("yes"), "n": label("no")}


class ChoiceField(Field, Widget, can_focus=True):
    """One of a few: first letters, or left, right and space to walk. A flag is a choice of yes and no."""

    DEFAULT_CSS = """
    ChoiceField {
        height: 1; background: $surface;
        &:focus { background: $surface-lighten-2; text-style: underline; }
        &.-derived { text-style: dim; } &.-refused { text-style: reverse; }
    }
    """

    def __init__(self, key: str, ask: Ask, words: Words) -> None:
        super().__init__(id=f"field-{key}")
        self.key, self.ask = key, ask
        self._options = _YES_NO if ask.kind == "flag" else ask.options
        self._words = words
        self._value = ""
        self._letters = ""

    @property
    def entered(self) -> str:
        return self._value

    @property
    def room(self) -> int:
        return max(cells(f"< {self._words(text)} >") for text in self._options.values())

    def put(self, text: str) -> None:
        self._value = text
        self.refresh()

    def render(self) -> Text:
        """The option in words; between `<` and `>` while the cursor is on it."""
        shown = self._words(self._options.get(self._value, self._value))
        return Text(f"< {shown} >" if self.has_focus else shown, no_wrap=True)

    async def _on_key(self, event: events.Key) -> None:
        if event.key in ("left", "right", "space"):
            self._walk(-1 if event.key == "left" else 1)
        elif event.key in ("backspace", "delete"):
            self._choose("")
        elif event.is_printable and event.character is not None:
            self._letter(event.character)
        else:
            return
        event.stop()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._letter(clean(event.text))

    def _on_focus(self, event: events.Focus) -> None:
        self._letters = ""

    def _walk(self, step: int) -> None:
        values = list(self._options)
        at = values.index(self._value) if self._value in values else (-1 if step > 0 else 0)
        self._choose(values[(at + step) % len(values)])

    def _letter(self, typed: str) -> None:
        """Go on with the letters typed before or, where that fits nothing, begin anew."""
        for letters in (self._letters + typed, typed):
            fitting = [value for value in self._options if self._begins(value, letters.casefold())]
            if fitting:
                again = letters == self._letters and self._value in fitting
                self._letters = letters
                self._choose(fitting[(fitting.index(self._value) + 1) % len(fitting)] if again else fitting[0])
                return

    def _begins(self, value: str, letters: str) -> bool:
        return value.casefold().startswith(letters) or self._words(self._options[value]).casefold().startswith(letters)

    def _choose(self, value: str) -> None:
        self.put(value)
        self.edited()
