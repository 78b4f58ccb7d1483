"""The fortnight in which one technician, one supervisor and one manager do everything by their keys.

What each of them does comes from the same agenda as without keys; here stands only which keys it takes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from servicedesk.acts.act import Done, Target
from servicedesk.domain.rulebook import RULES
from servicedesk.domain.words import say
from servicedesk.store import audit
from servicedesk.tui.form import FormScreen
from tests.end_to_end.fortnight import play
from tests.end_to_end.pressing import Hand
from tests.tui.scenes import painted
from tests.world import World

BY_KEYS = ("chen", "guo", "mgr")
"""A technician, the supervisor, the manager."""

Way = Callable[[Hand, Sequence[str], dict[str, str]], Coroutine[Any, Any, None]]
"""Presses the keys of an act: on these papers, with these fields."""


async def dispatched(hand: Hand, numbers: Sequence[str], typed: dict[str, str]) -> None:
    """By the digit on the board, or by name."""
    await hand.send(numbers[0], typed["technician"])


async def stood_down(hand: Hand, numbers: Sequence[str], typed: dict[str, str]) -> None:
    """Once he is written down as absent, his visits stand there, each with who could take it over."""
    await hand.until(lambda: "Visits to move" in painted(hand.app), "the visits to move")
    await hand.press("y")


async def absent(hand: Hand, numbers: Sequence[str], typed: dict[str, str]) -> None:
    """Among the technicians."""
    await hand.go("dispatch")
    await hand.press("a")
    await hand.find(numbers[0])
    await hand.write("a", typed)


async def started(hand: Hand, numbers: Sequence[str], typed: dict[str, str]) -> None:
    """By the clock, or to be written down afterwards."""
    await hand.go("workshop")
    await hand.find(numbers[0])
    if typed:
        await hand.write("m", typed)
    else:
        await hand.press("s")


async def reviewed(hand: Hand, numbers: Sequence[str], typed: dict[str, str]) -> None:
    """One is read and accepted on its page, several are marked in the list."""
    if len(numbers) == 1:
        await hand.read_report(numbers[0])
    else:
        await hand.go("reports")
        for number in numbers:
            await hand.mark(number)
    await hand.write("a", typed)


async def sent_back(hand: Hand, numbers: Sequence[str], typed: dict[str, str]) -> None:
    """It is read on its page."""
    await hand.read_report(numbers[0])
    await hand.write("r", typed)


async def handed_in(hand: Hand, numbers: Sequence[str], typed: dict[str, str]) -> None:
    """It has no key of its own."""
    await hand.go("day")
    await hand.choose(":", hand.app.words(RULES["reports.hand_in"].label))
    await hand.until(lambda: isinstance(hand.app.screen, FormScreen), "the form")
    await hand.fill_in(typed)


def clock(key: str) -> Way:
    """At the bench, without a question."""

    async def way(hand: Hand, numbers: Sequence[str], typed: dict[str, str]) -> None:
        await hand.go("workshop")
        await hand.find(numbers[0])
        await hand.press(key)

    return way


def in_a_list(desk: str, key: str, turn: str = "v") -> Way:
    """At a desk, on the line of the paper; an act that needs no paper anywhere in the list."""

    async def way(hand: Hand, numbers: Sequence[str], typed: dict[str, str]) -> None:
        await hand.go(desk)
        for number in numbers:
            await hand.find(number, turn)
        await hand.write(key, typed)

    return way


def in_my_report(key: str) -> Way:
    """On the page of the day."""

    async def way(hand: Hand, numbers: Sequence[str], typed: dict[str, str]) -> None:
        await hand.write_report_of(typed.get("day", ""))
        await hand.write(key, typed)

    return way


WAYS: Mapping[str, Way] = {
    "calls.dispatch": dispatched,
    "calls.reassign": in_a_list("dispatch", "r", "w"),
    "calls.recall": in_a_list("dispatch", "e", "w"),
    "calls.pass_on": in_a_list("dispatch", "W", "w"),
    "calls.stand_down": stood_down,
    "staff.absence": absent,
    "calls.arrive": in_a_list("day", "a"),
    "calls.finish": in_a_list("day", "n"),
    "calls.come_back": in_a_list("day", "y"),
    "calls.carry_back": in_a_list("day", "c"),
    "cards.assign": in_a_list("workshop", "a"),
    "cards.start": started,
    "cards.clock": clock("f6"),
    "cards.stop": clock("s"),
    "cards.time": in_a_list("workshop", "m"),
    "cards.ask": in_a_list("workshop", "h"),
    "cards.answer": in_a_list("workshop", "w"),
    "cards.finish": in_a_list("workshop", "f"),
    "cards.pass": in_a_list("workshop", "p"),
    "cards.reject": in_a_list("workshop", "r"),
    "charges.collect": in_a_list("money", "c"),
    "receipts.confirm": in_a_list("receipts", "y"),
    "job_sheets.lose": in_a_list("job_sheets", "l"),
    "reports.write": in_my_report("f2"),
    "reports.submit": in_my_report("s"),
    "reports.hand_in": handed_in,
    "reports.review": reviewed,
    "reports.send_back": sent_back,
    "supervisor_reports.compile": in_a_list("supervisor_reports", "f2"),
    "supervisor_reports.sign": in_a_list("supervisor_reports", "s"),
    "supervisor_reports.manager_sign": in_a_list("supervisor_reports", "m"),
    "supervisor_reports.forward": in_a_list("supervisor_reports", "w"),
    "days.explain": in_a_list("days", "e"),
}
"""Where each act is done and by which keys; the form is the act's own."""


def play_by_keys(database: str, calls_a_day: int, seed: int) -> World:
    """The whole fortnight in fresh books, those of `BY_KEYS` before their screens; gives the world as it stands."""

    async def played() -> World:
        hands = Hands(asyncio.get_running_loop())
        try:
            # The agenda knows nothing of screens: it goes on in a thread of its own and waits for each act.
            return await asyncio.to_thread(play, database, calls_a_day, seed, department=partial(ByKeys, hands))
        finally:
            await hands.leave()

    return asyncio.run(played())


class Hands:
    """The programs of those who press keys, all in one event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._hands: dict[str, Hand] = {}

    def press(self, world: World, login: str, act: str, numbers: Sequence[str], typed: dict[str, str]) -> None:
        """Do an act by its keys; called from another thread, which waits."""
        asyncio.run_coroutine_threadsafe(self._press(world, login, act, numbers, typed), self._loop).result()

    async def _press(self, world: World, login: str, act: str, numbers: Sequence[str], typed: dict[str, str]) -> None:
        if login not in self._hands:
            self._hands[login] = Hand(world, login)
            await self._hands[login].do(self._hands[login].sit_down())
        hand = self._hands[login]
        before = world.read(audit.last_number)
        await hand.do(WAYS[act](hand, numbers, typed))
        await hand.do(hand.until(lambda: world.read(audit.last_number) > before, f"{act} done"))

    async def leave(self) -> None:
        """Close every program."""
        for hand in self._hands.values():
            await hand.do(hand.leave())


class ByKeys(World):
    """A department in which some do everything by keys."""

    def __init__(self, hands: Hands, database: str, now: datetime) -> None:
        """See `World`."""
        self._hands = hands
        super().__init__(database, now)

    def do(self, login: str, name: str, /, *numbers: str | Target, request: str = "", **typed: Any) -> Done:
        """The same act, by its keys where the person has them; the log says that it was done, and to which papers."""
        if login not in BY_KEYS:
            return super().do(login, name, *numbers, request=request, **typed)
        assert not request
        before = self.read(audit.last_number)
        self._hands.press(self, login, name, [str(number) for number in numbers], typed)
        written = self.read(lambda reading: list(audit.lines(reading, before)))
        assert [(line.act, line.actor, line.outcome) for line in written] == [(name, login, "done")], written
        return Done(say("{act}", act=name), tuple(written[0].numbers.split()))
