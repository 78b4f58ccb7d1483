"""The customers to be told that their visit is late, moved or reassigned, until somebody notes who, when and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from servicedesk.domain.history import TELL_REASONS, TellingRow
from servicedesk.domain.words import label, say
from servicedesk.locales import Words
from servicedesk.tui.board import units_seen
from servicedesk.tui.call_lines import lines_of
from servicedesk.tui.call_list import CallList, Entry, Gathered, customer_column, number_column
from servicedesk.tui.columns import Column
from servicedesk.tui.keys import Key

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look


def to_be_told(look: Look, words: Words) -> Gathered:
    """One line a call, with every reason; runs in the reader's thread."""
    from servicedesk.store import calls, dispatch

    units = units_seen(look.actor)
    tellings = [row for unit in units for row in calls.to_be_told(look.store, unit)]
    tellings += [row for unit in units for row in dispatch.late_to_tell(look.store, unit, look.now)]
    tellings.sort(key=lambda row: (row.since, row.number))
    reasons: dict[str, list[TellingRow]] = {}
    for telling in tellings:
        reasons.setdefault(telling.number, []).append(telling)
    known = dispatch.calls_by_number(look.store, list(reasons))
    lines = lines_of(look, words, [known[number] for number in reasons if number in known], {})
    entries = []
    for position, line in enumerate(lines):
        told = reasons[line.call.number]
        why = words.joined(dict.fromkeys(words(TELL_REASONS.get(row.reason, row.reason)) for row in told))
        entries.append(Entry(line, (position,), why, words.moment(told[0].since)))
    return Gathered(entries, (say("customers {count}", count=len(entries)),))


class TellingsScreen(CallList):
    """Longest waiting first; a late visit stands here without anybody having written it down."""

    HEADING = label("To be told")
    EMPTY = label("Every customer knows: no visit is late, moved or reassigned without their having been told.")
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter,t", label("Customer told"), act="calls.tell"),
        Key("o", label("Open"), action="open_line", id="tellings.open"),
        Key("f8", label("Why this time"), action="why"),
        Key("f7,U", label("Customer's file pocket"), action="pocket", shown=False),
    )

    def gather(self, look: Look) -> Gathered:
        """One line a call, with every reason."""
        return to_be_told(look, self.words)

    def columns(self) -> tuple[Column[Entry], ...]:
        """Whom, why, since when; the number to ring is in the line in full."""
        words = self.words
        return (
            number_column(words(label("No."))),
            customer_column(words(label("Customer"))),
            Column("why", words(label("Why")), 24, lambda entry: entry.text, flexible=True),
            Column("since", words(label("Since")), 19, lambda entry: entry.more),
        )

    def opened(self, entry: Entry) -> None:
        """Enter notes that the customer was told."""
        self.call_later(self.act, "calls.tell")

    def action_open_line(self) -> None:
        """Open the call with its papers."""
        if self.call is not None:
            self.desk.open_call(self.call.number)
