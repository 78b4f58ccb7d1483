"""Sentences that are translated when they are shown, not when they are made.

A rule refuses with a message id and values; whoever shows it knows the reader's language and zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


def label(text: str) -> str:
    """Mark a constant text for the catalogues; it is translated where it is shown."""
    return text


@dataclass(frozen=True)
class Sentence:
    """A message id of the catalogues with its named values.

    Values may be text from people, numbers, aware times, minutes, another `Sentence`, or a tuple of these: a list, with
    the comma of the language.
    """

    id: str
    values: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        """The English sentence, for logs and test failures; people are shown `locales.Words`."""
        return self.id.format_map({name: _plain(value) for name, value in self.values})


def _plain(value: Any) -> str:
    return ", ".join(map(_plain, value)) if isinstance(value, tuple) else str(value)


def say(message: str, /, **values: Any) -> Sentence:
    """Make a sentence; the first argument is a literal with `{named}` places, never an f-string."""
    return Sentence(message, tuple(values.items()))


class Refused(Exception):
    """The rule's own sentence, and the field of the form it belongs to where there is one.

    `kind` tells the doors apart what to do next: "rule" (a guard or a check), "rights", "changed"
    (somebody else wrote first) or "field" (what was typed cannot be read).
    """

    def __init__(self, sentence: Sentence, *, field: str | None = None, kind: str = "rule") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.kind = kind

    def __str__(self) -> str:
        return str(self.sentence)


class RefusedFields(Refused):
    """Several fields refused at once, so that a form can show them all; the first speaks for all."""

    def __init__(self, refusals: Mapping[str, Sentence]) -> None:
        first, sentence = next(iter(refusals.items()))
        super().__init__(sentence, field=first, kind="field")
        self.refusals = dict(refusals)
