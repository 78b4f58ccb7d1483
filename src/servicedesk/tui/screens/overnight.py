"""The vouchers that technicians did not bring back before the day closed (003 Art. 6)."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from servicedesk.domain.words import label, say
from servicedesk.locales import Words
from servicedesk.tui.board import units_seen
from servicedesk.tui.call_lines import lines_of
from servicedesk.tui.call_list import CallList, Entry, Gathered, customer_column, number_column
from servicedesk.tui.columns import Column
from servicedesk.tui.keys import Key

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look


def out_overnight(look: Look, words: Words) -> Gathered:
    """What has been out since before the last closing, or since yesterday; runs in the reader's thread."""
    from servicedesk.store import dispatch

    out = [
        row for unit in units_seen(look.actor) for row in dispatch.vouchers_out(look.store, unit, _closed(look, unit))
    ]
    out.sort(key=lambda row: row.held_since)
    lines = lines_of(look, words, [row.call for row in out], {})
    entries = [
        Entry(line, (position,), row.technician_name, words.moment(row.held_since))
        for position, (line, row) in enumerate(zip(lines, out, strict=True))
    ]
    return Gathered(entries, (say("vouchers {count}", count=len(entries)),))


class OvernightScreen(CallList):
    """Longest out first, with who has it and the last call it went out for."""

    HEADING = label("Vouchers out overnight")
    EMPTY = label("Every voucher came back: none has been out since before the day closed.")
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("b", label("Voucher in"), act="calls.take_back"),
        Key("enter", label("Open"), action="open_line", id="overnight.open"),
        Key("f7,U", label("Customer's file pocket"), action="pocket"),
    )

    def gather(self, look: Look) -> Gathered:
        """What has been out since before the last closing, or since yesterday."""
        return out_overnight(look, self.words)

    def columns(self) -> tuple[Column[Entry], ...]:
        """Voucher, who has it, since when, for which call."""
        words = self.words
        return (
            number_column(words(label("No."))),
            Column("voucher", words(label("Voucher")), 12, lambda entry: entry.line.call.voucher),
            Column("holder", words(label("Technician")), 10, lambda entry: entry.text, flexible=True),
            customer_column(words(label("Customer"))),
            Column("since", words(label("Since")), 19, lambda entry: entry.more),
        )


def _closed(look: Look, unit: str) -> datetime:
    """When the unit's day before this moment closed: in fact or by its hours, else at midnight."""
    calendar = look.calendar(unit)
    midnight = datetime.combine(calendar.local_day(look.now), time(), ZoneInfo(calendar.zone)).astimezone(UTC)
    return max(midnight, look.last_closing(unit) or midnight)
