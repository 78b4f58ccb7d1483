"""How a customer is to be treated, said once when a record of that customer is opened (R165)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from servicedesk.tui.screen import DeskScreen

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look

Found = TypeVar("Found")


class SpecialHandling(DeskScreen):
    """A page of one record; its rows have `customer` and `customer_name`."""

    def __init__(self) -> None:
        super().__init__()
        self._was_told = False

    async def look_at(self, read: Callable[[Look], Found | None], row_of: Callable[[Found], Any]) -> Found | None:
        """Read the record, the first time with the note on its customer; the note comes up over the page.

        Args:
            read: gives what the page shows, None where there is nothing; runs in the reader's thread.
            row_of: the record's row in what was read.
        """
        is_first = not self._was_told

        def noted(look: Look) -> tuple[Found | None, str]:
            from servicedesk.store import customers

            found = read(look)
            if found is None or not is_first:
                return found, ""
            return found, customers.special_handling(look.store, str(getattr(row_of(found), "customer", "")))

        found, note = await self.door.look(noted)
        if found is not None and is_first:
            self.tell_note(row_of(found).customer_name if note else "", note)
        return found

    def tell_note(self, name: str, note: str) -> None:
        """Show the note, once for each opening; while another page is in front it waits for the next reading."""
        if self._was_told or self.app.screen is not self:
            return
        self._was_told = True
        if note:
            from servicedesk.tui.screens.note import NoteScreen

            self.app.push_screen(NoteScreen(name, note))
