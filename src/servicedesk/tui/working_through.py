"""The queue that works through itself: one key takes the next complaint that waits for this person (R52)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING

from servicedesk.domain.calls import Page
from servicedesk.domain.complaint_rules import TAKEN_FOR
from servicedesk.domain.complaint_words import acts_awaited
from servicedesk.domain.complaints import SEES_COMPLAINTS, ComplaintRow
from servicedesk.domain.registers import Wanted, visible
from servicedesk.domain.rulebook import refusal
from servicedesk.domain.words import Refused, say
from servicedesk.tui.screen import NOTHING_TYPED, DeskScreen

if TYPE_CHECKING:
    from servicedesk.acts.act import Done
    from servicedesk.acts.desk import Look

TAKE = "complaints.take"
_MOST_AT_ONCE = 50


def is_turn(look: Look, row: ComplaintRow) -> bool:
    """Whether this person can take it further now, and nobody else has just taken it."""
    actor, now = look.actor, look.now
    if row.taken_by not in ("", actor.login) and row.taken_at is not None and now - row.taken_at < TAKEN_FOR:
        return False
    if row.next_at is not None and row.next_at > now:
        return False
    takes = refusal(TAKE, actor, row) is None
    return takes and any(refusal(act, actor, row) is None for act in acts_awaited(row))


def next_in_queue(look: Look, walked: frozenset[str]) -> ComplaintRow | None:
    """The most urgent complaint whose turn it is, none of `walked`; runs in the reader's thread."""
    from servicedesk.store.complaints import COMPLAINTS

    parts = visible(look.actor, SEES_COMPLAINTS, Wanted(urgent=True))
    place = Page(limit=_MOST_AT_ONCE)
    while rows := COMPLAINTS.page(look.store, parts, place, look.now):
        for row in rows:
            if row.number not in walked and is_turn(look, row):
                return row
        place = Page(after=(rows[-1].urgent, rows[-1].id), limit=_MOST_AT_ONCE)
    return None


class WorkingThrough(DeskScreen):
    """A page on which the key of `complaints.take` takes the next one, not the one shown."""

    walked: frozenset[str] = frozenset()

    @abstractmethod
    def went_on(self, number: str) -> None:
        """Show the complaint that was taken."""

    async def act(self, name: str, typed: Mapping[str, str] = NOTHING_TYPED) -> None:
        """Take the next one; any other act as on every page."""
        if name == TAKE:
            self.desk.start_work(self._take_next)
        else:
            await super().act(name, typed)

    async def _take_next(self) -> None:
        walked = self.walked
        row = await self.door.look(lambda look: next_in_queue(look, walked))
        if row is None:
            raise Refused(say("Nothing in the queue waits for you now."))
        done: Done = await self.desk.perform(TAKE, (row,))
        if self.is_current:
            self.went_on(row.number)
        self.desk.say(done.sentence)
