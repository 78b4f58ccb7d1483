"""A screen's keys, declared once: bindings, the row of keys, help, palette and `servicedesk keys` come from here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.binding import Binding

from servicedesk.domain.words import label

_SHOWN = {
    "enter": "Enter",
    "escape": "Esc",
    "space": "space",
    "slash": "/",
    "colon": ":",
    "plus": "+",
    "left": "Left",
    "right": "Right",
    "ctrl+p": "ctrl+p",
    "question_mark": "?",
}


class Key(NamedTuple):
    """One key of a screen.

    `key` are Textual's names, several joined by commas, the first is the one shown. It performs `act` on the line under
    the cursor (or the marked ones; `bare` acts need no line) or runs `action` of the screen. `shown` keys compete for
    the seven places of the row of keys in their order; all stand in help and palette.

    `also` are the acts it means where the first one cannot be done, each with its label: one key starts and stops the
    clock. What is done `at_once` asks no question, because the same key undoes it.

    Its form begins with the fields of `typed`, and with those of `from_row`, each said by a column of the line.
    """

    key: str
    label: str
    act: str = ""
    action: str = ""
    shown: bool = True
    id: str = ""
    bare: bool = False
    also: tuple[tuple[str, str], ...] = ()
    at_once: bool = False
    typed: tuple[tuple[str, str], ...] = ()
    from_row: tuple[tuple[str, str], ...] = ()

    @property
    def meanings(self) -> tuple[tuple[str, str], ...]:
        """Every act it may mean, with its label; none for a key that runs an action."""
        return ((self.act, self.label), *self.also) if self.act else ()

    @property
    def labels(self) -> tuple[str, ...]:
        """What it does: each meaning's label once."""
        return tuple(dict.fromkeys(shown for _, shown in self.meanings)) or (self.label,)

    @property
    def name(self) -> str:
        """By which bindings and key maps name it."""
        return self.id or self.act or self.action

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that does it, as it is shown."""
        return tuple(shown_key(key) for key in self.key.split(","))

    def binding(self) -> Binding:
        """Textual's binding: the screen looks the key up by its name."""
        return Binding(self.key, f"press('{self.name}')", self.label, show=False, id=self.name)


def shown_key(key: str) -> str:
    """A key as people read it: `F1`, `Enter`, `/`, `s`."""
    if key in _SHOWN:
        return _SHOWN[key]
    return key.upper() if key[:1] == "f" and key[1:].isdigit() else key


def print_key(kind: str, of: str) -> Key:
    """The key that prints a paper: its kind, and which column of the row says its number, or the day of its page."""
    return Key("P", label("Print"), action=f"print_paper('{kind}', '{of}')", shown=False, id=f"print.{kind}")


def complaint_key(field: str = "about") -> Key:
    """The key that starts a complaint about the row under the cursor, the same everywhere; its number fills `field`."""
    return Key(
        "B",
        label("Complaint about it"),
        act="complaints.receive",
        bare=True,
        shown=False,
        from_row=((field, "number"),),
    )


def untaken(wanted: str, taken: Sequence[Key]) -> str:
    """Those of the wanted keys that none of these have: what every list has gives way to what one page has."""
    theirs = {name for key in taken for name in key.key.split(",")}
    return ",".join(name for name in wanted.split(",") if name not in theirs)


HELP = Key("f1,question_mark", label("Help"), action="help")
COMMON: tuple[Key, ...] = (
    Key("f5", label("Refresh"), action="refresh_rows", shown=False),
    Key("colon,ctrl+p", label("Anything by name or number"), action="palette", shown=False),
    Key("escape", label("Back"), action="back", shown=False),
)
"""The keys of every desk and page, beside F1 and the digits of the desks."""
