"""What a list can be filtered by: declared by its page, asked by one form, said in its title."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from servicedesk.domain.words import label
from servicedesk.locales import Words


class Filtered(NamedTuple):
    """A condition of a list under its name; its value is one of `options`, else what `lookup` finds, else as typed."""

    name: str
    label: str
    options: Mapping[str, str] = MappingProxyType({})
    lookup: str = ""
    hint: str = ""

    def shown(self, words: Words, value: str) -> str:
        """A value as it is read."""
        return words(self.options[value]) if value in self.options else value


UNIT = Filtered("unit", label("Unit"), lookup="units", hint=label("code, name, pinyin or initials"))
TECHNICIAN = Filtered("technician", label("Technician"), lookup="staff", hint=label("login, name, pinyin or initials"))


def of_state(states: Mapping[str, str]) -> Filtered:
    """The state, where a register has these."""
    return Filtered("state", label("State"), states)
