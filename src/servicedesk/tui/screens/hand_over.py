"""The hand-over page at the end of a shift: what was promised and is open, whom to ring back, what is half written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from servicedesk.domain.words import label
from servicedesk.tui.drafts import Drafts, folder_of
from servicedesk.tui.keys import Key
from servicedesk.tui.screens.start import WaitingScreen
from servicedesk.tui.waiting import Kind
from servicedesk.tui.waiting_kinds import HANDED_OVER, unfinished


class HandOverScreen(WaitingScreen):
    """Every line of it, for who comes next has to know each of them."""

    HEADING = label("Hand-over")
    OF_EACH = 200
    NOTHING = label("Nothing is left open: no promise, no customer to ring back, no unfinished form.")
    KEYS: ClassVar[tuple[Key, ...]] = (WaitingScreen.ENTER, WaitingScreen.LIST)

    @property
    def kinds(self) -> Sequence[Kind]:
        """What the books know, and the forms that lie on this machine."""
        drafts = Drafts(folder_of(self.door.settings.database), self.door.login)
        return (*HANDED_OVER, unfinished(drafts))
