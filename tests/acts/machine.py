"""Random people doing random acts at random times, mostly ones that can be done, so that papers come to their end."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from servicedesk.domain import rulebook
from servicedesk.domain.calls import OPEN
from servicedesk.domain.rights import Actor
from servicedesk.domain.words import Refused
from servicedesk.store import audit
from servicedesk.store.migrate import open_books
from tests.acts.machine_acts import (
    ACTS,
    BY_LETTER,
    CUSTOMERS,
    DULL,
    ENDED,
    GOES_ON,
    PEOPLE,
    RECENT,
    REGISTERS,
    SELDOM,
    SEVERAL,
    TARGETLESS,
)
from tests.acts.machine_calls import Facts, Memory, Snapshot, check_calls, check_not_stuck, snapshot
from tests.acts.machine_forms import PARTS, Forms
from tests.acts.machine_money import check_charges, check_log, check_numbers, check_stock
from tests.acts.machine_shop import check_cards, check_clocks, check_closed, check_goods, check_ledger
from tests.acts.rounds import actor
from tests.world import MONDAY, World

SEEDS = st.integers(0, 7)
"""Few, for Hypothesis draws larger numbers by what constants it finds in the modules that happen to be loaded."""


def check_books(books: Snapshot, facts: Facts, memory: Memory) -> None:
    """Everything that must hold of what stands in the tables."""
    check_calls(books, facts, memory)
    check_numbers(books)
    check_charges(books, facts, memory)
    check_ledger(books)
    check_goods(books)
    check_cards(books)
    check_clocks(books)
    check_closed(books)
    check_stock(books, facts)


def check(world: World, facts: Facts, memory: Memory | None = None) -> Snapshot:
    """Everything that must hold of the books; gives what was read."""
    books = snapshot(world)
    check_books(books, facts, memory or Memory())
    check_not_stuck(world, books, facts.actors)
    check_log(world, books)
    return books


def furnish(world: World) -> None:
    """Customers of each kind with a product, a tariff, parts and loan units; one supervisor repairs, too."""
    world.do("adm", "staff.correct", "sun", roles="technician, supervisor")
    world.do("adm", "staff.correct", "zhao", unit="BJ")
    world.do("adm", "staff.correct", "bjclerk", roles="clerk, accountant")
    for kind, amount in (("callout", "30"), ("labour", "60")):
        world.do("adm", "tariff.set", unit="SZ", kind=kind, amount=amount)
    for number, price in zip(PARTS, ("25", "80", "12"), strict=True):
        world.do("lin", "parts.enter", number=number, name=f"件{number}", price=price, minimum="2")
    world.do("lin", "parts.arrive", parts=";".join(f"{part} 4" for part in PARTS))
    world.do("lin", "loans.enter", code="JY-1", name="窗机")
    world.do("lin", "loans.enter", code="JY-2", name="柜机")
    for position, name in enumerate(CUSTOMERS):
        given = {"name": name, "telephones": f"1381234567{position}", "address": f"深圳市福田区莲花路{position}号"}
        kind = "company" if position == 3 else "person"
        customer = world.do("lin", "customers.enter", **given, kind=kind).numbers[0]
        until = {"warranty_until": "2027-11-01"} if position == 1 else {}
        world.do("lin", "products.enter", customer=customer, model_no=f"KFR-{position}", **until)
        if position == 2:
            term: dict[str, Any] = {"starts_on": "2026-01-01", "ends_on": "2027-12-31", "covers_parts": True}
            world.do("lin", "contracts.enter", number="HT-1", customer=customer, **term)


class Department(RuleBasedStateMachine):
    """Two units at work for a handful of customers."""

    opened: ClassVar[Callable[[], World]]
    close: ClassVar[Callable[[World], None]]
    every: ClassVar[int] = 10
    """After so many steps everything is checked; with 1 a fault shows at the act that made it."""
    steps: ClassVar[int] = 0
    done: ClassVar[Counter[str]] = Counter()
    states: ClassVar[dict[str, set[str]]] = defaultdict(set)

    def __init__(self) -> None:
        """In a department where no call was logged yet."""
        super().__init__()
        self.world = type(self).opened()
        self.facts = Facts(self.world)
        self.actors = {login: actor(self.world, login) for login in PEOPLE}
        self.memory = Memory()
        self.forms = Forms(self.world, self.memory)
        self.papers: list[tuple[str, str]] = [("loans", "JY-1"), ("loans", "JY-2"), ("parts", PARTS[0])]
        self.ended: list[tuple[str, str]] = []
        self.last: tuple[str, str, tuple[str, ...], dict[str, Any], str] | None = None
        self.given: tuple[str, ...] = ()
        self.taken_in: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.mine = self.trail = 0
        self.head = self.world.read(audit.last_number)
        self.fresh: Snapshot | None = None
        self.all_checked()

    def teardown(self) -> None:
        """Nothing is stuck, and the audit log is whole and complete."""
        try:
            check(self.world, self.facts, self.memory)
        finally:
            type(self).close(self.world)

    @rule(seed=SEEDS)
    def on_calls(self, seed: int) -> None:
        """Something that can be done on a call."""
        self.work(self.dice(seed), "calls")

    @rule(seed=SEEDS)
    def in_the_shop(self, seed: int) -> None:
        """Something that can be done on goods, receipts and cards."""
        self.work(self.dice(seed), "cards", "cards", "receipts", "requisitions")

    @rule(seed=SEEDS)
    def with_money(self, seed: int) -> None:
        """Something that can be done on a charge."""
        self.work(self.dice(seed), "charges")

    @rule(seed=SEEDS)
    def elsewhere(self, seed: int) -> None:
        """Parts, loan units, job sheets, tariff; a call comes in."""
        dice = self.dice(seed)
        chance = dice.random()
        if chance < 0.2:
            self.at_the_counter(dice)
        else:
            aside = dice.choice(("loans", "job_sheets", "job_sheets", "parts", "goods"))
            self.work(dice, *(("charges", "calls") if chance > 0.5 else (aside,)))

    @rule(seed=SEEDS)
    def meddle(self, seed: int) -> None:
        """Anybody tries anything on any paper, or sends what was saved once more."""
        dice = self.dice(seed)
        if dice.random() < 0.5:
            self.work(dice, "calls", "cards")
            return
        if self.last is not None and dice.random() < 0.2:
            self.again()
            return
        register, number = dice.choice(self.papers + self.ended)
        act, row = dice.choice(ACTS[register]), self.read(register, number)
        if row is not None:
            self.attempt(dice.choice(PEOPLE), act, number, **self.typed(act, row, dice))

    def dice(self, seed: int) -> random.Random:
        """The accidents of one step, which all seeds so far decide."""
        self.trail = hash((self.trail, seed))
        return random.Random(self.trail)

    def work(self, dice: random.Random, *registers: str) -> None:
        """Something that can be done on a few papers, half of them of these registers, and mostly brings them on."""
        self.world.now += timedelta(
            minutes=dice.choice((0, 0, 0, 3, 20, dice.randint(0, 90))) + 600 * (dice.random() < 0.02)
        )
        live = sum(register == "calls" for register, _ in self.papers)
        if live < 3 or (live < 5 and dice.random() < 0.08):
            self.at_the_counter(dice)
            return
        choices: list[tuple[str, Any, str]] = []
        for _ in range(3):
            choices += self.choices(dice, registers)
            weights = [self.weight(act, row.number) for act, row, _ in choices]
            if choices and (max(weights) > DULL or dice.random() < 0.1):
                break
        if not choices:
            self.at_the_counter(dice)
            return
        act, row, login = dice.choices(choices, weights)[0]
        several = act in SEVERAL and dice.random() < 0.3
        too = [other.number for also, other, _ in choices if also == act] if several else []
        self.attempt(login, act, *dict.fromkeys((row.number, *too)), **self.typed(act, row, dice))

    def choices(self, dice: random.Random, registers: Sequence[str]) -> list[tuple[str, Any, str]]:
        """What can be done on a few papers, each with the paper and who can."""
        papers = {self.pick(dice, registers if dice.random() < 0.5 else GOES_ON): 0 for _ in range(2)}
        with self.world.books.reading() as reading:
            rows = [(paper, REGISTERS[paper[0]](reading, paper[1])) for paper in papers]
        return [(act, row, login) for paper, row in rows for act, login in self.possible(paper, row, dice)]

    def weight(self, act: str, number: str) -> float:
        """How readily an act is chosen: less, the more often it was tried here."""
        if act == "goods.take_in" and number in self.taken_in:
            return 0.02
        return SELDOM.get(act, 1.0) / (1 + self.counts[act] / 6)

    def at_the_counter(self, dice: random.Random) -> None:
        """Something that is done to no paper; while somebody has no open call, mostly a new one."""
        if len(self.waiting) < len(CUSTOMERS) and dice.random() < 0.75:
            self.log(dice)
            return
        act = dice.choice(TARGETLESS)
        self.attempt(self.somebody(act, None, dice), act, **self.forms.fill(act, None, dice))

    def pick(self, dice: random.Random, registers: Sequence[str]) -> tuple[str, str]:
        """A paper that somebody still works on, mostly one of the last ones; now and then one at its end."""
        ended = [paper for paper in self.ended if paper[0] in registers]
        if ended and dice.random() < 0.08:
            return dice.choice(ended)
        wanted = [paper for paper in self.papers if paper[0] in registers] or self.papers
        return dice.choice(wanted[-RECENT:] if dice.random() < 0.7 else wanted)

    def possible(self, paper: tuple[str, str], row: Any, dice: random.Random) -> list[tuple[str, str]]:
        """The acts that somebody can do on this paper now, each with one who can."""
        if row is None:
            self.papers.remove(paper)
            return []
        type(self).states[paper[0]].add(row.state)
        if row.state in ENDED.get(paper[0], ()) and paper in self.papers:
            self.papers.remove(paper)
            self.ended.append(paper)
        able = {act: self.somebody(act, row, dice) for act in ACTS[paper[0]]}
        return [(act, login) for act, login in able.items() if login]

    def somebody(self, act: str, row: Any, dice: random.Random) -> str:
        """Anybody who can do it now; empty where nobody can."""
        sources = rulebook.RULES[act].sources
        if row is not None and sources and row.state not in sources:
            return ""
        people = dice.sample(PEOPLE, len(PEOPLE))
        return next((login for login in people if self.allows(act, self.actors[login], row)), "")

    def allows(self, act: str, person: Actor, row: Any) -> bool:
        return rulebook.refusal(act, person, row) is None

    def read(self, register: str, number: str) -> Any:
        return self.world.read(REGISTERS[register], number)

    def typed(self, act: str, row: Any, dice: random.Random) -> dict[str, Any]:
        """The form; a loan unit is lent for one of the calls."""
        typed = self.forms.fill(act, row, dice)
        if act == "loans.lend":
            typed["call"] = dice.choice([number for register, number in self.papers if register == "calls"] or ["1"])
        return typed

    def log(self, dice: random.Random) -> None:
        """A customer calls, or brings or sends a product; one in ten has a call that is open."""
        now, quiet = self.world.now.astimezone(UTC), len(self.waiting) < len(CUSTOMERS) and dice.random() < 0.9
        typed: dict[str, Any] = {
            "caller": dice.choice([name for name in CUSTOMERS if name not in self.waiting] if quiet else CUSTOMERS),
            "symptom": "不制冷",
            "further_because": dice.choice(("", "另一处")),
            "channel": dice.choice(("telephone", "telephone", "online", "counter", "counter", "courier")),
            "called_at": now - timedelta(minutes=dice.choice((0, 0, 10, dice.randint(-20, 240)))),
        }
        if dice.random() < 0.2:
            typed["appointment_at"] = now + timedelta(hours=dice.randint(1, 30))
        self.attempt(dice.choice(("lin", "lin", "lin", "guo", "guo", "ann", "bjclerk")), "calls.log", **typed)

    def attempt(self, login: str, act: str, *numbers: str, **typed: Any) -> None:
        """Do it; it has a line in the audit log, which of refusals only the lack of a right has, and nothing else."""
        note(f"{self.world.now:%d %H:%M} {login} {act} {' '.join(numbers)} {typed}")
        request = f"request {self.mine}"
        self.counts[act] += 1
        before, self.fresh = self.fresh, None
        given: tuple[str, ...] = ()
        refusal = None
        try:
            given = self.world.do(login, act, *numbers, request=request, **typed).numbers
        except Refused as refused:
            refusal = refused
        self.head += refusal is None or refusal.kind == "rights"
        if refusal is None:
            self.remember(act, numbers, typed, given)
            self.last, self.given = (login, act, numbers, typed, request), given
        else:
            # What is compared was read straight before; to read it before each act would take most of the time.
            assert before is None or snapshot(self.world) == before
        type(self).steps += 1
        self.mine += 1
        if self.mine % self.every == 0:
            self.all_checked()

    def remember(self, act: str, numbers: Sequence[str], typed: dict[str, Any], given: tuple[str, ...]) -> None:
        """Count it, and keep what the books alone do not tell."""
        type(self).done[act] += 1
        asked: datetime | None = typed.get("appointment_at")
        if asked is not None and typed.get("customer_asked", True):
            self.memory.asked[given[0]].add(asked)
        if act == "calls.pass_on":
            self.memory.asked[given[1]] |= self.memory.asked[given[0]]
        if act == "charges.invoice":
            charge = self.read("charges", numbers[0])
            self.memory.invoiced[charge.invoice_no] = charge.amount
        found = [(BY_LETTER[number.split("-")[1]], number) for number in given if self.letter(number) in BY_LETTER]
        if act in ("calls.finish", "cards.return"):
            found += [("charges", number) for register, number in found if register == "calls"]
        if act == "goods.take_in":
            self.taken_in |= set(numbers)
        if act == "loans.enter":
            found.append(("loans", given[0]))
        if act == "calls.reopen":
            self.ended = [paper for paper in self.ended if paper[1] not in numbers]
        self.papers += [paper for paper in dict.fromkeys(found) if paper not in self.papers + self.ended]

    def letter(self, number: str) -> str:
        return number.split("-")[1] if number.count("-") == 3 else ""

    def again(self) -> None:
        """The same form sent twice is answered with its numbers and does nothing."""
        assert self.last is not None
        login, act, numbers, typed, request = self.last
        note(f"again: {act}")
        done = self.world.do(login, act, *numbers, request=request, **typed)
        assert (done.already, done.numbers) == (True, self.given)
        type(self).steps += 1

    def all_checked(self) -> None:
        """Read every table once and check all of it; the act that follows is compared with what was read."""
        assert self.world.read(audit.last_number) == self.head, "an act has not one line in the audit log"
        self.fresh = snapshot(self.world)
        self.waiting = {call["customer_name"] for call in self.fresh["calls"] if call["state"] in OPEN}
        check_books(self.fresh, self.facts, self.memory)


class Reopened(World):
    """A department that was set up before."""

    def __init__(self, database: str) -> None:
        self.now = MONDAY
        self.database = database
        self.books = open_books(database)
