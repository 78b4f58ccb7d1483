"""The part of a long list that is held: some hundred rows around the cursor, read by key.

No screen in here: `register_list` draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any, Generic, NamedTuple, TypeVar

Row = TypeVar("Row")
SortKey = tuple[Any, ...]


class Page(NamedTuple):
    """Which rows to read, always answered in the order of the list.

    `after`: the rows that follow this sort key; `before`: the rows that stand directly before it;
    neither: the first rows, or with `last` the last ones. `limit` is the most rows to answer;
    fewer mean that the list ends there.
    """

    after: SortKey | None = None
    before: SortKey | None = None
    limit: int = 100
    last: bool = False


class Wish(IntEnum):
    """What is to be read; where two wait, the greater does for both."""

    MORE = 0
    AGAIN = 1
    LANDING = 2


class Wanted(NamedTuple):
    """A reading that waits. A landing has its page: `after` is then the place to land on, `key` the record there."""

    wish: Wish
    page: Page = Page()
    key: str = ""


def page_of(rows: Sequence[Row], page: Page, sort_key: Callable[[Row], SortKey]) -> list[Row]:
    """A page of rows that are held whole, in their order."""
    places = {sort_key(row): place for place, row in enumerate(rows)}
    if page.before is not None:
        return list(rows[: places.get(page.before, 0)][-page.limit :])
    if page.last:
        return list(rows[-page.limit :])
    start = 0 if page.after is None else places.get(page.after, -1) + 1
    return list(rows[start:][: page.limit])


class Window(Generic[Row]):
    """The rows held, the cursor on one of them and the rows in sight.

    `at_start` and `at_end` tell whether the list itself starts and ends with the rows held.
    """

    def __init__(self, key_of: Callable[[Row], str], sort_key: Callable[[Row], SortKey]) -> None:
        self._key_of = key_of
        self._sort_key = sort_key
        self.rows: list[Row] = []
        self.cursor = 0
        self.top = 0
        self.height = 1
        self.at_start = True
        self.at_end = True

    @property
    def page_size(self) -> int:
        """Rows to read at a time: two screens, and not fewer than a hundred."""
        return max(100, 2 * self.height)

    @property
    def current(self) -> Row | None:
        """The row under the cursor, None in an empty list."""
        return self.rows[self.cursor] if self.rows else None

    @property
    def needs_next(self) -> bool:
        """Whether the cursor is so near the last row held that more should be read."""
        return not self.at_end and self.cursor >= len(self.rows) - self.page_size // 2

    @property
    def needs_previous(self) -> bool:
        """Whether the cursor is so near the first row held that the ones before should be read."""
        return not self.at_start and self.cursor < self.page_size // 2

    @property
    def first_key(self) -> SortKey | None:
        """The sort key of the first row held."""
        return self._sort_key(self.rows[0]) if self.rows else None

    @property
    def last_key(self) -> SortKey | None:
        """The sort key of the last row held."""
        return self._sort_key(self.rows[-1]) if self.rows else None

    @property
    def current_key(self) -> SortKey | None:
        """The sort key of the row under the cursor."""
        return self._sort_key(self.rows[self.cursor]) if self.rows else None

    def in_sight(self, line: int) -> Row | None:
        """The row on this line of the screen, counted from 0."""
        index = self.top + line
        return self.rows[index] if 0 <= index < len(self.rows) and line < self.height else None

    @property
    def all_in_sight(self) -> list[Row]:
        """The rows on the screen, from the first line of it that has one."""
        return self.rows[self.top : self.top + self.height]

    def resize(self, height: int) -> None:
        """Have so many lines for rows, the cursor's among them."""
        self.height = max(1, height)
        self._scroll()

    def move(self, steps: int) -> None:
        """Move the cursor, as far as there are rows."""
        self.cursor = self._within(self.cursor + steps)
        self._scroll()

    def turn(self, pages: int) -> None:
        """Turn whole screens, one line kept in sight; the cursor keeps its place on the screen."""
        steps = pages * max(1, self.height - 1)
        self.top += steps
        self.cursor = self._within(self.cursor + steps)
        self._scroll()

    def find(self, rows: Sequence[Row], key: str) -> int | None:
        """Where the record of this key stands in these rows."""
        return next((index for index, row in enumerate(rows) if self._key_of(row) == key), None)

    def land(self, rows: Sequence[Row], cursor: int, *, at_start: bool, at_end: bool) -> None:
        """Hold these rows instead, the cursor on the given one."""
        self.rows = list(rows)
        self.at_start, self.at_end = at_start, at_end
        self.cursor = self._within(cursor)
        self.top = self.cursor - self.height // 2
        self._scroll()

    def replace(self, rows: Sequence[Row], *, at_start: bool, at_end: bool) -> None:
        """Hold these rows, read anew, the cursor on the same record and the same line of the screen.

        Where the record is gone the cursor goes to the next one that is still there, then to the one before.
        At the top of the list the first rows stay in sight, so that a new entry is seen at once.
        """
        line = 0 if self.at_start and self.top == 0 else self.cursor - self.top
        pinned = at_start and self.at_start and self.top == 0
        self.cursor = self._nearest(rows)
        self.rows = list(rows)
        self.at_start, self.at_end = at_start, at_end
        self.top = 0 if pinned else self.cursor - line
        self._scroll()

    def append(self, rows: Sequence[Row], *, at_end: bool) -> None:
        """Take the rows that follow the last one held, and let the first ones go where that makes too many."""
        self.rows.extend(rows)
        self.at_end = at_end
        surplus = len(self.rows) - 3 * self.page_size
        if surplus > 0:
            del self.rows[:surplus]
            self.at_start = False
            self.cursor -= surplus
            self.top -= surplus
        self._scroll()

    def prepend(self, rows: Sequence[Row], *, at_start: bool) -> None:
        """Take the rows that stand before the first one held, and let the last ones go where that makes too many."""
        self.rows[:0] = rows
        self.at_start = at_start
        self.cursor += len(rows)
        self.top += len(rows)
        if len(self.rows) > 3 * self.page_size:
            del self.rows[3 * self.page_size :]
            self.at_end = False
        self._scroll()

    def _nearest(self, rows: Sequence[Row]) -> int:
        places = {self._key_of(row): index for index, row in enumerate(rows)}
        for row in [*self.rows[self.cursor :], *reversed(self.rows[: self.cursor])]:
            place = places.get(self._key_of(row))
            if place is not None:
                return place
        return max(0, min(self.cursor, len(rows) - 1))

    def _within(self, index: int) -> int:
        return max(0, min(index, len(self.rows) - 1))

    def _scroll(self) -> None:
        # Half a screen at a time: every line that scrolls repaints the whole page over the line.
        if self.cursor < self.top:
            self.top = min(self.cursor, self.top - self.height // 2)
        elif self.cursor >= self.top + self.height:
            self.top = max(self.cursor - self.height + 1, self.top + self.height // 2)
        self.top = max(0, min(self.top, len(self.rows) - self.height))
