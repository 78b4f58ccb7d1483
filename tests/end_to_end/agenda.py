"""What is to happen when, and the one clock that follows it."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import date, datetime, time
from itertools import count

from tests.world import SHANGHAI, World


class Agenda:
    """What happens when: in the order of its time, and of two at one time the one that was put down first."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._waiting: list[tuple[datetime, int, Callable[[], None]]] = []
        self._count = count()

    def at(self, when: datetime, do: Callable[[], None]) -> None:
        """Put something down."""
        heapq.heappush(self._waiting, (when, next(self._count), do))

    def run(self) -> None:
        """Do everything, each at its time; the books know no other clock."""
        while self._waiting:
            self.world.now, _, do = heapq.heappop(self._waiting)
            do()


def on(day: date, clock: str) -> datetime:
    """`17:50` of a day in Shenzhen."""
    return datetime.combine(day, time.fromisoformat(clock), SHANGHAI)
