"""The calls of the demo books: every state, early and late, done by the acts at the times they would have been."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from servicedesk.cli import demo_words as said
from servicedesk.cli.demo_complaints import Complainant, complaints
from servicedesk.cli.demo_parts import LOAN_UNITS
from servicedesk.cli.demo_workshop import DAY, JOBS, WAYS, chosen_for, typed_at
from servicedesk.domain.clocks import WorkingCalendar

if TYPE_CHECKING:
    from servicedesk.cli.demo_books import Pocket
    from servicedesk.store.engine import Books

_LONGEST_WAY_BACK = 60

# How each call goes: its state now, and how many working minutes ago it was called in.
STORIES: tuple[tuple[str, int], ...] = (
    *(("filed", age * DAY + 240 - 17 * age) for age in (9, 8, 7, 6, 5, 4, 3)),
    *(("filed", age * DAY - 31 * age) for age in (9, 6, 4)),
    ("struck_off", 2 * DAY + 100),
    ("struck_off", 2 * DAY + 40),
    ("cancelled", 2 * DAY),
    ("cancelled", DAY + 60),
    ("done", DAY),
    ("done", 330),
    ("done", 300),
    ("back", DAY + 30),
    ("back", 400),
    ("revisit", DAY + 100),
    ("revisit", 420),
    ("arrived", 280),
    ("arrived", 250),
    ("arrived", 220),
    ("dispatched", 410),
    ("dispatched", 240),
    ("dispatched", 150),
    ("dispatched", 90),
    ("logged", DAY + 150),
    ("logged", 390),
    ("logged", 345),
    ("logged", 200),
    ("logged", 110),
    ("logged", 60),
    ("logged", 25),
    ("appointment", 80),
    ("agent", 45),
    ("agent", 12),
)

_CHARGES = {"A": "labour 80; parts 45", "B": "", "C": ""}
_STEPS = {
    "done": ("dispatch", "arrive", "finish"),
    "back": ("dispatch", "arrive", "finish", "take_back"),
    "struck_off": ("dispatch", "arrive", "finish", "take_back", "remit", "strike_off"),
    "filed": ("dispatch", "arrive", "finish", "take_back", "remit", "strike_off", "file"),
    "cancelled": ("cancel",),
    "revisit": ("dispatch", "arrive", "come_back"),
    "arrived": ("dispatch", "arrive"),
    "dispatched": ("dispatch",),
}
_MINUTES = {
    "dispatch": 25,
    "arrive": 75,
    "finish": 140,
    "come_back": 110,
    "cancel": 30,
    "take_back": 200,
    "remit": 205,
    "strike_off": 210,
    "file": 215,
}
"""When each step is done, in working minutes after the call came in."""


def write_calls(books: Books, chance: Random, pockets: Sequence[Pocket], now: datetime) -> None:
    """Do every step of every story, of every job of the workshop and of every complaint, the earliest first."""
    from servicedesk.acts.complaints.escalating import escalate_all

    calendar = _calendar(books)
    in_workshop = chosen_for(JOBS, pockets, now)
    others = chance.sample([pocket for pocket in pockets if pocket not in in_workshop], len(STORIES))
    told: list[tuple[_Teller | Complainant, int, Iterable[tuple[str, int]]]] = []
    calls: list[tuple[_Teller, int]] = []
    for (story, age), pocket in zip(STORIES, others, strict=True):
        technician = chance.choice(said.TECHNICIANS_OF[pocket.unit])
        steps = [(step, _MINUTES[step]) for step in _STEPS.get(story, ())]
        calls.append((_Teller(books, chance, pocket, technician, story), age))
        told.append((calls[-1][0], age, (("log", 0), *steps)))
    for job, pocket in zip(JOBS, in_workshop, strict=True):
        # Nobody leaves his clock running when he goes home.
        at_work = now - _ago(calendar, now, 1) < timedelta(minutes=5)
        steps = [("start" if name == "start_clock" and not at_work else name, minutes) for name, minutes in job.steps]
        has_card = job.age > 3 * DAY and ("take_in", 175) in job.steps
        calls.append((_Teller(books, chance, pocket, job.technician, "card" if has_card else ""), job.age))
        told.append((calls[-1][0], job.age, (("log", 0), *steps)))
    complain = partial(_perform, books, Random(len(calls)))
    for complainant, age, done in complaints(complain, calls):
        told.append((complainant, age, (("receive", 0), *done)))
    moments = [
        (_ago(calendar, now, max(0, age - minutes)), place, nth, step, teller)
        for place, (teller, age, steps) in enumerate(told)
        for nth, (step, minutes) in enumerate(steps)
    ]
    for at, _, _, step, teller in sorted(moments, key=lambda moment: moment[:3]):
        teller.do(step, at)
    escalate_all(books, now)


class _Teller:
    """One call's story."""

    def __init__(self, books: Books, chance: Random, pocket: Pocket, technician: str, story: str = "") -> None:
        self.books, self.chance, self.pocket, self.story = books, chance, pocket, story
        self.number = self.card = ""
        self.technician = technician

    def do(self, step: str, at: datetime) -> None:
        """One step, by whom the post belongs to."""
        clerk, supervisor = said.CLERK_OF[self.pocket.unit], said.SUPERVISOR_OF[self.pocket.unit]
        if step == "log":
            self._log(clerk, at)
        elif step == "dispatch":
            self._act(supervisor, "dispatch", at, technician=self.technician)
        elif step == "arrive":
            self._act(self.technician, "arrive", at)
        elif step == "finish":
            self._finish(at)
        elif step == "carry_back":
            self._act(self.technician, step, at, cause=self.chance.choice(said.CAUSES), signer=self.pocket.name)
        elif step == "come_back":
            self._act(self.technician, step, at, reason=self.chance.choice(said.TYPED_REASONS))
        elif step == "cancel":
            self._act(clerk, step, at, reason="solved_by_telephone")
        elif step == "remit":
            self._remit(at)
        elif step in WAYS:
            self._in_the_workshop(step, at)
        else:
            self._act(clerk, step, at)

    def _log(self, clerk: str, at: datetime) -> None:
        typed: dict[str, Any] = {
            "caller": self.pocket.customer,
            "called_at": at,
            "model_no": self.pocket.voucher,
            "symptom": self.chance.choice(self.pocket.symptoms),
        }
        if self.story == "appointment":
            typed["appointment_at"] = at + timedelta(days=2)
        (self.number,) = self._perform("mei" if self.story == "agent" else clerk, "calls.log", [], typed, at)

    def _finish(self, at: datetime) -> None:
        from servicedesk.store import calls

        with self.books.reading() as reading:
            row = calls.one(reading, self.number)
        fees = _CHARGES[row.service_type] if row is not None else ""
        self._act(
            self.technician,
            "finish",
            at,
            cause=self.chance.choice(said.CAUSES),
            work=self.chance.choice(said.WORK),
            fees=fees,
            collected="y" if fees else "n",
            signer=self.pocket.name,
        )

    def _remit(self, at: datetime) -> None:
        """The accountant counts the money, where any was collected."""
        from servicedesk.domain.charges import COLLECTED_ON_SITE
        from servicedesk.store import calls

        with self.books.reading() as reading:
            row = calls.one(reading, self.number)
        if row is not None and row.charge == COLLECTED_ON_SITE:
            accountant = said.ACCOUNTANT_OF[self.pocket.unit]
            self._perform(accountant, "charges.remit", [self.number], {"amount": row.fee}, at)

    def _in_the_workshop(self, step: str, at: datetime) -> None:
        """A step on the repair card, by whose post it is."""
        unit, way = self.pocket.unit, WAYS[step]
        posts = {
            "clerk": said.CLERK_OF[unit],
            "supervisor": said.SUPERVISOR_OF[unit],
            "technician": self.technician,
            "accountant": said.ACCOUNTANT_OF[unit],
        }
        paper = {"call": self.number, "card": self.card, "loan unit": LOAN_UNITS[0][0]}[way.paper]
        typed = typed_at(step, self.pocket, self.technician, at, self.number)
        numbers = self._perform(posts[way.post], way.act, [paper], typed, at)
        if step == "take_in":
            _, self.card, _ = numbers

    def _act(self, login: str, name: str, at: datetime, **typed: Any) -> None:
        self._perform(login, f"calls.{name}", [self.number], typed, at)

    def _perform(
        self, login: str, name: str, numbers: Sequence[str], typed: Mapping[str, Any], at: datetime
    ) -> tuple[str, ...]:
        return _perform(self.books, self.chance, login, name, numbers, typed, at)


def _perform(
    books: Books,
    chance: Random,
    login: str,
    name: str,
    numbers: Sequence[str],
    typed: Mapping[str, Any],
    at: datetime,
) -> tuple[str, ...]:
    """An act as it was done then; gives its numbers."""
    from servicedesk.acts.act import Target, find, perform

    request = str(uuid.UUID(int=chance.getrandbits(128)))
    targets = [Target(number) for number in numbers]
    return perform(books, login, find(name), targets, typed, request=request, now=at).numbers


def _calendar(books: Books) -> WorkingCalendar:
    from servicedesk.store import people

    with books.reading() as reading:
        return people.calendar(books, reading, people.facts(reading), "SZ")


def _ago(calendar: WorkingCalendar, now: datetime, minutes: int) -> datetime:
    """The time that lies so many working minutes before now.

    Raises:
        ValueError: where the calendar has no working time in the two months before.
    """
    left = timedelta(minutes=minutes)
    for begins, ends in _worked_before(calendar, now):
        if left <= ends - begins:
            return (ends - left).replace(second=0, microsecond=0)
        left -= ends - begins
    raise ValueError("the calendar has no working time")


def _worked_before(calendar: WorkingCalendar, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The working stretches before now, the latest first."""
    today = calendar.local_day(now)
    for back in range(_LONGEST_WAY_BACK):
        for begins, ends in reversed(calendar.spans(today - timedelta(days=back))):
            if begins < now:
                yield begins, min(ends, now)
