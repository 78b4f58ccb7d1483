"""What stands in a column of `list`, and a row as data with its personal fields masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from servicedesk.cli.common import plain_row
from servicedesk.domain.masking import mask_address, mask_email, mask_telephone
from servicedesk.domain.money import show_amount
from servicedesk.locales import Words

Cell = Callable[[Any, Words], str]

TEXT = "text"
MOMENT = "moment"
DAY = "day"
NAMED = "named"
MONEY = "money"


def _mask_telephones(several: str) -> str:
    return " ".join(map(mask_telephone, several.split()))


MASKS: Mapping[str, Callable[[str], str]] = {
    "telephone": mask_telephone,
    "address": mask_address,
    "email": mask_email,
    "telephones": _mask_telephones,
}
"""The personal fields of every register, by whose name a column or a field of JSON is masked: nothing else decides."""


@dataclass(frozen=True)
class Column:
    """A column that shows one field of a row; of what kind it is, `export` asks too."""

    name: str
    kind: str = TEXT
    labels: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, row: Any, words: Words) -> str:
        """The field as text, masked where it is personal."""
        value = getattr(row, self.name)
        if self.kind == MOMENT:
            return words.moment(value) if value is not None else ""
        if self.kind == DAY:
            return words.day(value)
        if self.kind == NAMED:
            return words(self.labels.get(value, value))
        if self.kind == MONEY:
            return show_amount(value, row.currency)
        return MASKS[self.name](value) if value and self.name in MASKS else str(value)


def masked(row: Any) -> dict[str, Any]:
    """A row as data, its personal fields masked."""
    shown = plain_row(row, "urgent")
    for name, mask in MASKS.items():
        if shown.get(name):
            shown[name] = mask(shown[name])
    return shown


def moment(name: str) -> Column:
    """A time in the zone of the words; empty where there is none."""
    return Column(name, MOMENT)


def day(name: str) -> Column:
    """A calendar day."""
    return Column(name, DAY)


def text(name: str) -> Column:
    """A column as it is, but masked where the field is personal."""
    return Column(name)


def named(name: str, labels: Mapping[str, str]) -> Column:
    """A word of the books in words for people."""
    return Column(name, NAMED, labels)


def money(name: str) -> Column:
    """An amount in the row's own currency."""
    return Column(name, MONEY)
