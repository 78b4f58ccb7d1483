"""The count at day's end: what the ledger says is here against what is seen (states §5.2; issue: who holds what)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from servicedesk.acts.act import Done, act
from servicedesk.acts.desk import Desk
from servicedesk.acts.entry import Ask, Entry
from servicedesk.domain.custody import COUNTED, VOUCHER
from servicedesk.domain.numbering import RECEIPT, expand
from servicedesk.domain.numbering import VOUCHER as VOUCHER_LETTER
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Sentence, label, say

_HELD_THERE = {"here": ["counter", "shelf"], "vouchers": ["clerk"]}
_LETTER = {"here": RECEIPT, "vouchers": VOUCHER_LETTER}


class Count(Entry):
    """What is counted, and every number seen there."""

    place: Annotated[str, Ask(label("What is counted"), "choice", options=COUNTED)] = "here"
    seen: Annotated[str, Ask(label("Numbers seen"), "long")] = ""


@act("custody.count", Count)
def count(desk: Desk, rows: Sequence[Any], entry: Count) -> Done:
    """Count a place of the unit; differences are named and stand in the audit log, nothing else is written."""
    from servicedesk.store import custody

    assert desk.post is not None
    unit = desk.unit(desk.post.unit)
    placed = custody.placed(desk.store, unit.id, _HELD_THERE[entry.place])
    held = [number for kind, number in placed if (kind == VOUCHER) == (entry.place == "vouchers")]
    seen = list(dict.fromkeys(_read(desk, unit, entry, held)))
    missing = [number for number in held if number not in seen]
    unexpected = [number for number in seen if number not in held]
    desk.note(unit.code, place=entry.place, counted=len(seen), missing=missing, unexpected=unexpected)
    return Done(_said(entry.place, len(seen), tuple(missing), tuple(unexpected)))


def _read(desk: Desk, unit: UnitRow, entry: Count, held: Sequence[str]) -> Iterable[str]:
    """The numbers as they are written in full: `12` is today's twelfth, what nobody knows stays as it was typed."""
    known = {number.casefold(): number for number in held}
    today = desk.today(unit.timezone)
    for word in entry.seen.replace(",", " ").replace(";", " ").split():
        full = expand(word, unit.code, today, _LETTER[entry.place])
        # The code of a loan unit may look like a short number: digits alone are one.
        yield known.get(word.casefold()) or (full if full and (full in held or word[0].isdigit()) else word)


def _said(place: str, counted: int, missing: tuple[str, ...], unexpected: tuple[str, ...]) -> Sentence:
    facts = {"place": Sentence(COUNTED[place]), "count": counted}
    if missing and unexpected:
        return say(
            "{place}: {count} counted; missing: {missing}; unexpected: {unexpected}.",
            missing=missing,
            unexpected=unexpected,
            **facts,
        )
    if missing:
        return say("{place}: {count} counted; missing: {missing}.", missing=missing, **facts)
    if unexpected:
        return say("{place}: {count} counted; unexpected: {unexpected}.", unexpected=unexpected, **facts)
    return say("{place}: {count} counted, all there.", **facts)
