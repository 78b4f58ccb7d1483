"""Random people at two desks do random acts on a few complaints, one after another or all at once with the clock."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import note

from servicedesk.acts.act import Target, find, perform
from servicedesk.acts.complaints.escalating import tick
from servicedesk.domain.complaints import ComplaintRow
from servicedesk.domain.rights import Actor
from servicedesk.domain.rulebook import RULES, refusal
from servicedesk.domain.words import Refused
from servicedesk.store import complaint_clocks
from servicedesk.store.complaints import COMPLAINTS
from servicedesk.store.engine import Books
from servicedesk.store.migrate import open_books
from tests.acts.complaining import CARRIED_OUT, COMPLAINT, FOUND, GRADED, OFFERED
from tests.acts.complaint_books import Memory, check, check_log, check_numbers, snapshot
from tests.acts.rounds import actor
from tests.world import World

LIVE = 3
"""So many complaints are worked on at a time."""
PEOPLE = ("lin", "ann", "guo", "xu", "sm", "dgm")
ONWARDS = {"acknowledge", "assess", "decide", "assign", "visit", "investigate", "propose", "approve", "answer"}
ONWARDS |= {"offer", "carry_out", "tell", "follow_up", "close", "reopen", "resume", "unreconciled"}
SELDOM = {"withdraw", "correct", "add", "take", "urge", "help", "incident", "contact", "reveal"}
ACTS = tuple(name for name, rule in RULES.items() if name.startswith("complaints.") and rule.sources)
STEPS = (0, 0, 1, 7, 20, 40, 90, 600, 1500, 3000)
"""Minutes that pass between two moves."""


def backdated(dice: random.Random, row: ComplaintRow, now: datetime, since: datetime | None = None) -> datetime:
    """A minute between the receipt, or something later, and now."""
    first = (since or row.begun_at).replace(second=0, microsecond=0)
    return first + timedelta(minutes=dice.randint(0, max(0, int((now - first).total_seconds()) // 60)))


def weight(name: str, row: ComplaintRow) -> float:
    """How readily an act is chosen, so that complaints come to their end: what was done already, but seldom."""
    done = {
        "assign": row.technician != "",
        "visit": row.visited_at is not None,
        "investigate": row.cause_class != "",
        "propose": row.proposed > 0,
        "offer": row.state == "solution_offered",
        "carry_out": row.state == "carrying_out",
        "follow_up": row.state == "followed_up",
        "evidence": row.evidence > 0 or row.malicious,
    }
    short = name.partition(".")[2]
    return 0.1 if short in SELDOM or done.get(short) else 4.0 if short in ONWARDS else 0.5


Fill = Callable[[random.Random, ComplaintRow, datetime], dict[str, Any]]
FILLS: dict[str, Fill] = {
    "acknowledge": lambda dice, row, now: {"acknowledged_at": backdated(dice, row, now)} if dice.random() < 0.5 else {},
    "add": lambda dice, row, now: {"words": "还漏水"},
    "contact": lambda dice, row, now: (
        {"words": "已联系"} if dice.random() < 0.5 else {"outcome": "not_reached", "next_at": now + timedelta(hours=3)}
    ),
    "assess": lambda dice, row, now: GRADED | {"gravity": dice.choice(["ordinary", "ordinary", "serious"])},
    "grade": lambda dice, row, now: {"gravity": dice.choice(["ordinary", "serious"]), "reason": "查明"},
    "decide": lambda dice, row, now: {"decision": "decided", "words": "照章处理"},
    "assign": lambda dice, row, now: {"handler": dice.choice(["guo", "lin"])},
    "visit": lambda dice, row, now: (
        {"finding": "客户谢绝", "declined": True} if dice.random() < 0.3 else {"finding": "已看", "agreed": "周三复查"}
    ),
    "investigate": lambda dice, row, now: FOUND,
    "involve": lambda dice, row, now: {"departments": f"部门{dice.randrange(100)}: 查"},
    "answer": lambda dice, row, now: {"answer": "已查"},
    "propose": lambda dice, row, now: {"amount": "800", "because": "损失"},
    "approve": lambda dice, row, now: {"amount": dice.choice(["800", "0"]), "words": "同意"},
    "offer": lambda dice, row, now: (
        OFFERED | ({"offered_at": backdated(dice, row, now, row.decided_at)} if dice.random() < 0.5 else {})
    ),
    "carry_out": lambda dice, row, now: CARRIED_OUT,
    "tell": lambda dice, row, now: {"whom": "王小明", "words": "已修好"},
    "follow_up": lambda dice, row, now: (
        {"reaction": "可以", "satisfaction": dice.choice(["", "1", "2", "4"])}
        | ({"followed_up_at": backdated(dice, row, now, row.told_at)} if dice.random() < 0.5 else {})
    ),
    "resume": lambda dice, row, now: {"reason": "不满意"},
    "unreconciled": lambda dice, row, now: {"reason": "无法和解"},
    "close": lambda dice, row, now: {"summary": "漏点未查"},
    "withdraw": lambda dice, row, now: {"words": "不再追究"},
    "reopen": lambda dice, row, now: {"reason": "又坏了"},
    "urge": lambda dice, row, now: {"whom": "郭强", "words": "请尽快"},
    "help": lambda dice, row, now: {"whom": "沈敏", "words": "请协调"},
    "incident": lambda dice, row, now: {"incident": dice.choice(["台风", "停电"])},
    "evidence": lambda dice, row, now: {"lines": f"录音{dice.randrange(1000)}: 服务器"},
    "malicious": lambda dice, row, now: {"because": "多次", "legal_told": "法务"},
    "correct": lambda dice, row, now: {"remedy": f"退货{dice.randrange(1000)}"},
}
"""What is typed into each act."""


class Desks:
    """A department whose books two programs have open, and a third whenever `tick` is run beside them."""

    people: tuple[str, ...] = PEOPLE
    fills: Mapping[str, Fill] = FILLS
    acts: tuple[str, ...] = ACTS

    def __init__(self, database: str) -> None:
        self.world = World(database)
        self.books: tuple[Books, ...] = (self.world.books, open_books(database))
        self.actors: dict[str, Actor] = {login: actor(self.world, login) for login in self.people}
        self.memory = self.whole_memory = Memory()
        self.known = 0
        self.live: list[str] = []
        self.done: Counter[str] = Counter()
        self.refused = 0
        self.told: list[str] = []

    @property
    def now(self) -> datetime:
        """Never goes back."""
        return self.world.now.astimezone(UTC)

    def close(self) -> None:
        """Close both programs."""
        self.books[1].close()
        self.world.close()

    def play(self, seeds: list[int]) -> None:
        """Everything that one example does with complaints of its own; afterwards all that ever were are looked at."""
        dice = random.Random(repr(seeds))
        self.live, self.memory = [], Memory()
        self.known = max(self.versions(), default=0)
        for _ in seeds:
            self.move(dice)
        with self.books[0].reading() as reading:
            check(snapshot(reading), self.whole_memory, self.now, alone=False)
            check_numbers(reading)
            check_log(reading)

    def move(self, dice: random.Random) -> None:
        """Some time passes; then one thing is done, or three at once, and everything is checked."""
        self.world.now += timedelta(minutes=dice.choice(STEPS), seconds=dice.randrange(60))
        chance = dice.random()
        if chance < 0.2:
            self.ticked(dice)
        elif chance < 0.25:
            self.kept(dice)
        elif chance < 0.5:
            self.at_once([self.chosen(dice, dice.choice(self.books)) for _ in range(2)])
        else:
            self.chosen(dice, dice.choice(self.books))()
        # Hypothesis takes notes in its own thread alone.
        note("; ".join(self.told))
        self.told.clear()
        with self.books[0].reading() as reading:
            check(snapshot(reading, self.known), self.memory, self.now, alone=not 0.25 <= chance < 0.5)

    def ticked(self, dice: random.Random) -> None:
        """The clock alone: afterwards nothing is due, and no sheet was changed under anybody's eyes."""
        before = self.versions()
        numbers = tick(dice.choice(self.books), self.now)
        self.done["tick"] += len(numbers)
        with self.books[0].reading() as reading:
            assert complaint_clocks.due_steps(reading, self.now) == []
        assert self.versions() == before

    def versions(self) -> dict[int, int]:
        """The version of every sheet."""
        with self.books[0].reading() as reading:
            found = reading.connection.exec_driver_sql("SELECT id, version FROM complaints").all()
        return {int(row[0]): int(row[1]) for row in found}

    def kept(self, dice: random.Random) -> None:
        """The limits of the unit or the steps are others from now on."""
        if dice.random() < 0.5:
            start = dice.choice(["receipt", "solution"])
            minutes = {"acknowledge": dice.choice(["30", "45", "60"]), "solve": dice.choice(["600", "2880"])}
            self.world.do("adm", "complaints.limits", "SZ", follow_up="4320", follow_up_from=start, **minutes)
        else:
            clock, percent = dice.choice(["acknowledge", "solve", "follow_up"]), dice.choice(["50", "75", "90"])
            role = dice.choice(["agent", "supervisor", "service_manager", "deputy_gm"])
            self.attempt(
                self.books[0], "adm", "complaints.step", "", {"clock": clock, "percent": percent, "role": role}
            )

    def at_once(self, acts: list[Callable[[], object]]) -> None:
        """Both desks and the clock at the same moment, each in a thread of its own; a fault in any is a fault."""
        with ThreadPoolExecutor(len(acts) + 1) as threads:
            under_way: list[Future[object]] = [threads.submit(act) for act in acts]
            under_way.append(threads.submit(lambda: self.done.update(tick=len(tick(self.books[1], self.now)))))
            for one in under_way:
                one.result()

    def chosen(self, dice: random.Random, books: Books) -> Callable[[], object]:
        """Something that can be done now on a complaint, mostly something that brings it on."""
        if len(self.live) < LIVE:
            return lambda: self.receive(dice, books)
        number = dice.choice(self.live)
        row = self.world.read(COMPLAINTS.one, number)
        assert row is not None
        able = {name: login for name in self.acts if (login := self.somebody(name, row, dice))}
        weights = [weight(name, row) for name in able]
        (name,) = dice.choices(list(able), weights)
        typed = self.typed(name, row, dice)
        if row.state in ("case_closed", "withdrawn") and dice.random() < 0.5:
            self.live.remove(number)
        return lambda: self.attempt(books, able[name], name, number, typed)

    def typed(self, name: str, row: ComplaintRow, dice: random.Random) -> dict[str, Any]:
        """The form of an act on a sheet."""
        fill = self.fills.get(name.partition(".")[2])
        return fill(dice, row, self.now) if fill is not None else {}

    def somebody(self, name: str, row: ComplaintRow, dice: random.Random) -> str:
        """Anybody who may do it now; empty where nobody may."""
        sources = RULES[name].sources
        if sources and row.state not in sources:
            return ""
        people = dice.sample(self.people, len(self.people))
        return next((login for login in people if refusal(name, self.actors[login], row) is None), "")

    def receive(self, dice: random.Random, books: Books) -> None:
        """A complaint comes in."""
        self.live += self.attempt(books, "lin", "complaints.receive", "", dict(COMPLAINT))

    def attempt(self, books: Books, login: str, name: str, number: str, typed: dict[str, Any]) -> tuple[str, ...]:
        """Do it; a refusal is no fault, since another may have been first."""
        try:
            return self.perform(books, login, name, number, typed)
        except Refused:
            self.refused += 1
            return ()

    def perform(self, books: Books, login: str, name: str, number: str, typed: dict[str, Any]) -> tuple[str, ...]:
        """Do it, and tell it; gives the number.

        Raises:
            Refused: where it cannot be done.
        """
        targets = [Target(number)] if number else []
        try:
            done = perform(books, login, find(name), targets, typed, request=uuid.uuid4().hex, now=self.now)
        except Refused as refused:
            self.told.append(f"{self.now:%d %H:%M:%S} {login} {name} {number} {typed}: {refused}")
            raise
        self.done[name] += 1
        self.told.append(f"{self.now:%d %H:%M:%S} {login} {name} {number} {typed}")
        return done.numbers[:1]
