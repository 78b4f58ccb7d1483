"""The clocks of complaints at an open desk: what is due happens, and who it goes to is told once."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from servicedesk.domain.complaint_clocks import used_up
from servicedesk.domain.complaints import SEES_COMPLAINTS
from servicedesk.domain.rights import ALL, Actor
from servicedesk.domain.words import Refused, say
from servicedesk.tui.background import begin
from servicedesk.tui.door import NOBODY
from servicedesk.tui.screens.sign_in import SignInScreen

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.store.complaint_clocks import Notice
    from servicedesk.store.session import Reading, Writing
    from servicedesk.tui.app import ServiceDesk

EVERY = 30.0
"""Seconds between two looks."""
MOST_TOLD = 3
"""So many notices are shown one by one; of more the rest is only counted."""


class Escalations:
    """What one running desk does for the clocks of complaints."""

    def __init__(self, app: ServiceDesk) -> None:
        """Nothing is read before `watch`."""
        self._app = app
        self._after: int | None = None
        self._looking = False

    def watch(self) -> None:
        """From now on look every now and then; what has happened so far is no news."""
        self.begin_look()
        self._app.set_interval(EVERY, self.begin_look)

    def begin_look(self) -> None:
        """Look in the background, unless the look before is still under way."""
        if not self._looking:
            self._looking = True
            begin(self._app, self._look_once, group="escalations")

    async def _look_once(self) -> None:
        try:
            # Where the books cannot be had now, the next look will do.
            with suppress(Refused):
                await self.look()
        finally:
            self._looking = False

    async def look(self) -> None:
        """Let happen what is due, then tell the person of what goes to a post of theirs, unless the screen is locked.

        The first look only notes what has happened before.

        Raises:
            Refused: when the books cannot be read or written.
        """
        door = self._app.door
        if self._after is None:
            self._after = await door.read(_last_event)
            return
        now = door.now()

        def is_due(reading: Reading) -> bool:
            from servicedesk.store import complaint_clocks

            return bool(complaint_clocks.due_steps(reading, now))

        def escalate(writing: Writing) -> None:
            from servicedesk.acts.complaints import escalating

            escalating.escalate(writing, now)

        while await door.read(is_due):
            await door.write(escalate)
        if door.actor is not NOBODY and not isinstance(self._app.screen, SignInScreen):
            await self._tell(self._after)

    async def _tell(self, after: int) -> None:
        def news(look: Look) -> tuple[list[Notice], int]:
            from servicedesk.store import complaint_clocks

            found = complaint_clocks.notices(look.store, after)
            cut = len(found) == complaint_clocks.MOST_AT_ONCE
            last = found[-1].id if cut else complaint_clocks.last_event(look.store)
            return [one for one in found if _goes_to(look.actor, one)], last

        told, self._after = await self._app.door.look(news)
        now = self._app.door.now()
        for one in told[:MOST_TOLD]:
            self._app.tell(used_up(one.number, one.clock, one.percent, now, one.due_at))
        if len(told) > MOST_TOLD:
            self._app.tell(say("{count} more clocks of complaints go to you.", count=len(told) - MOST_TOLD))


def _last_event(reading: Reading) -> int:
    from servicedesk.store import complaint_clocks

    return complaint_clocks.last_event(reading)


def _goes_to(actor: Actor, notice: Notice) -> bool:
    """Whether a post held today is the step's role, for all units or for the complaint's."""
    return any(
        post.role == notice.role and (SEES_COMPLAINTS.get(post.role) == ALL or post.unit == notice.unit)
        for post in actor.posts
    )
