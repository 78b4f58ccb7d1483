"""What stands in a column of `list`, and a row as data with its personal fields masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from servicedesk.cli.common import plain_row
from servicedesk.domain.masking import mask_address, mask_email, mask_telephone
from servicedesk.domain.money import show_amount
from servicedesk.locales import Words

Cell = Callable[[Any, Words], str]


def masked(row: Any) -> dict[str, Any]:
    """A row as data, its personal fields masked."""
    shown = plain_row(row, "urgent")
    for name, mask in (("telephone", mask_telephone), ("address", mask_address), ("email", mask_email)):
        if shown.get(name):
            shown[name] = mask(shown[name])
    if shown.get("telephones"):
        shown["telephones"] = " ".join(map(mask_telephone, shown["telephones"].split()))
    return shown


def moment(name: str) -> Cell:
    """A time in the zone of the words; empty where there is none."""

    def cell(row: Any, words: Words) -> str:
        at = getattr(row, name)
        return words.moment(at) if at is not None else ""

    return cell


def text(name: str) -> Cell:
    """A column as it is."""
    return lambda row, words: str(getattr(row, name))


def named(name: str, labels: Mapping[str, str]) -> Cell:
    """A word of the books in words for people."""
    return lambda row, words: words(labels.get(getattr(row, name), getattr(row, name)))


def money(name: str) -> Cell:
    """An amount in the row's own currency."""
    return lambda row, words: show_amount(getattr(row, name), row.currency)
