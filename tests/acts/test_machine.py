"""Random people doing random acts at random times: what must hold of the call register after every one of them."""

from __future__ import annotations

import random
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, cast

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from servicedesk.acts.calls import closing
from servicedesk.domain import rulebook
from servicedesk.domain.calls import OPEN, UNTIMED_CHANNELS, WAITING, CallRow, judged_by, urgency
from servicedesk.domain.clocks import due
from servicedesk.domain.rights import Rule
from servicedesk.domain.words import Refused
from servicedesk.store import audit, calls, people, tables
from servicedesk.store.migrate import open_books
from servicedesk.store.session import table_of
from tests.acts.rounds import CALL, DONE, actor, arrived, dispatched, done, logged
from tests.world import MONDAY, World

WATCHED = (
    tables.Call,
    tables.Visit,
    tables.Voucher,
    tables.VoucherEntry,
    tables.FeeLine,
    tables.Urge,
    tables.Correction,
    tables.Telling,
    tables.Counter,
    tables.Request,
    tables.Customer,
    tables.Product,
)
PEOPLE = ("lin", "guo", "chen", "liu", "ann", "acc", "bjclerk", "bjsup", "xu", "mgr")
WORKERS = ("lin", "guo", "acc", "bjclerk", "bjsup")
ACTS = (
    "calls.correct",
    "calls.attach",
    "calls.tell",
    "calls.reschedule",
    "calls.cancel",
    "calls.pass_on",
    "calls.pull",
    "calls.dispatch",
    "calls.recall",
    "calls.reassign",
    "calls.stand_down",
    "calls.arrive",
    "calls.finish",
    "calls.come_back",
    "calls.carry_back",
    "calls.invoice",
    "calls.take_back",
    "calls.strike_off",
    "calls.file",
    "calls.reopen",
)
PROGRESS = (
    "calls.pull",
    "calls.dispatch",
    "calls.arrive",
    "calls.finish",
    "calls.take_back",
    "calls.strike_off",
    "calls.file",
    "calls.invoice",
)
"""What brings a call nearer to its end."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Entered:
    """The accidents of one form."""

    one: int
    other: int
    minutes: int


def entered_by(seed: int) -> Entered:
    """Accidents as even as dice: what Hypothesis draws by itself is mostly nought."""
    dice = random.Random(seed)
    return Entered(dice.randint(0, 5), dice.randint(0, 3), dice.choice((0, 5, 30, dice.randint(-20, 240))))


SEEDS = st.integers(0, 2**30)
ENTERED = SEEDS.map(entered_by)


def snapshot(world: World) -> dict[str, Rows]:
    """Every row of the tables that the call round writes."""
    found = {}
    with world.books.reading() as reading:
        for model in WATCHED:
            table = table_of(model)
            rows = reading.connection.execute(select(table).order_by(*table.primary_key.columns))
            found[str(table.name)] = [dict(row) for row in rows.mappings()]
    return found


class Facts:
    """What does not change in this world, read once."""

    def __init__(self, world: World) -> None:
        with world.books.reading() as reading:
            known = people.facts(reading)
            found = people.units(world.books, reading, known)
            self.units = {unit.id: unit for unit in found.values()}
            self.calendars = {
                unit.id: people.calendar(world.books, reading, known, unit.code) for unit in found.values()
            }
        self.actors = [actor(world, login) for login in WORKERS]


def check(world: World, facts: Facts, asked: Mapping[str, set[datetime]]) -> dict[str, Rows]:
    """Everything that must hold of the books; gives what was read. `asked` are the appointments customers asked for."""
    books = snapshot(world)
    visits: dict[int, Rows] = defaultdict(list)
    of_product: dict[int, Rows] = defaultdict(list)
    for visit in books["visits"]:
        visits[visit["call_id"]].append(visit)
    for call in books["calls"]:
        of_product[call["product_id"]].append(call)
        check_line(call, sorted(visits[call["id"]], key=lambda visit: int(visit["nth"])), facts, asked)
    check_numbers(books)
    for voucher in books["vouchers"]:
        check_custody(voucher, [visit for call in of_product[voucher["product_id"]] for visit in visits[call["id"]]])
    for lines in of_product.values():
        assert sum(line["state"] in OPEN and not line["further"] for line in lines) <= 1
        check_not_stuck(world, lines, facts)
    return books


def check_line(call: dict[str, Any], visits: Rows, facts: Facts, asked: Mapping[str, set[datetime]]) -> None:
    state, arrivals = call["state"], [visit["arrived_at"] for visit in visits if visit["arrived_at"]]
    assert [visit["nth"] for visit in visits] == list(range(1, call["visits"] + 1))
    assert call["arrived_at"] == (arrivals[0] if arrivals else None)
    active = [visit for visit in visits if visit["state"] == "active"]
    assert len(active) == (state in ("dispatched", "arrived"))
    if active:
        assert active == visits[-1:]
        assert (active[0]["technician_id"], active[0]["arrived_at"] is not None) == (
            call["technician_id"],
            state == "arrived",
        )
    for visit in visits:
        assert visit["state"] not in ("reassigned", "recalled") or visit["arrived_at"] is None
        moments = [visit["dispatched_at"], visit["arrived_at"], visit["left_at"]]
        assert moments[:1] + sorted(filter(None, moments[1:])) == sorted(filter(None, moments))
        assert (visit["state"] == "done") == (visit["left_at"] is not None)
    assert call["called_at"] <= min([*arrivals, call["logged_at"]])
    assert (state in WAITING) <= (call["technician_id"] is None)
    assert (state == "struck_off") == (call["struck_off_at"] is not None)
    if state == "struck_off":
        assert call["signed"]
        assert call["fee"] == 0 or call["fee_collected"] or call["invoice_no"]
    assert (state == "cancelled") == bool(call["cancel_reason"])
    assert call["urgent"] == urgency(state, call["judged_by"], bool(arrivals), call["called_at"])
    if call["channel"] in UNTIMED_CHANNELS and not arrivals:
        assert (call["due_at"], call["judged_by"]) == (None, None)
    elif not arrivals:
        limit = facts.units[call["unit_id"]].arrival_limit(call["zone"])
        assert call["due_at"] == due(facts.calendars[call["unit_id"]], call["called_at"], limit)
    possible = {judged_by(call["due_at"], moment) for moment in (None, *asked.get(call["number"], ()))}
    assert call["judged_by"] in possible


def check_numbers(books: dict[str, Rows]) -> None:
    given: dict[str, list[int]] = defaultdict(list)
    for call in books["calls"]:
        series, _, serial = call["number"].rpartition("-")
        given[series].append(int(serial))
    last = {row["series"]: row["last"] for row in books["counters"] if row["series"] in given}
    assert all(sorted(serials) == list(range(1, len(serials) + 1)) for serials in given.values())
    assert last == {series: len(serials) for series, serials in given.items()}


def check_custody(voucher: dict[str, Any], visits: Rows) -> None:
    """A technician holds it only from a visit on; whoever is on a visit holds it."""
    latest = max(visits, key=lambda visit: int(visit["id"]), default=None)
    active = [visit for visit in visits if visit["state"] == "active"]
    if voucher["holder"] == "technician":
        assert latest is not None
        assert (latest["technician_id"], latest["state"] in ("active", "done", "cancelled")) == (
            voucher["holder_id"],
            True,
        )
    assert {visit["technician_id"] for visit in active} <= {voucher["holder_id"]}


def check_not_stuck(world: World, lines: Rows, facts: Facts) -> None:
    """As long as a call of the product is open, somebody can bring it nearer to its end."""
    if not any(line["state"] in OPEN - {"carried_back"} for line in lines):
        return
    rows = [row for line in lines if (row := world.read(calls.one, line["number"])) is not None]
    assert any(
        rulebook.refusal(act, person, row) is None for row in rows for act in PROGRESS for person in facts.actors
    ), [(row.number, row.state, row.voucher_holder) for row in rows]


class Department(RuleBasedStateMachine):
    """Two units at work on a handful of products."""

    opened: ClassVar[Callable[[], World]]
    close: ClassVar[Callable[[World], None]]
    steps: ClassVar[int] = 0
    done: ClassVar[dict[str, int]] = defaultdict(int)

    def __init__(self) -> None:
        """In a department where nothing was logged yet."""
        super().__init__()
        self.world = type(self).opened()
        self.facts = Facts(self.world)
        self.customers: list[str] = []
        self.numbers: list[str] = []
        self.asked: dict[str, set[datetime]] = defaultdict(set)
        self.before = snapshot(self.world)

    def teardown(self) -> None:
        """The chain of the audit log must be whole."""
        with self.world.books.reading() as reading:
            assert audit.verify(reading).fault is None
        type(self).close(self.world)

    def attempt(self, login: str, act: str, *numbers: str, **typed: Any) -> tuple[str, ...]:
        """Do it; refused, it must have left the books as they were, but for the audit line of a lacking right."""
        type(self).steps += 1
        head = self.world.read(audit.head)
        given: tuple[str, ...] = ()
        refusal = None
        try:
            given = self.world.do(login, act, *numbers, **typed).numbers
        except Refused as refused:
            refusal = refused
        if refusal is not None:
            self.nothing_happened(head, refusal)
            return ()
        type(self).done[act] += 1
        if act == "calls.reschedule" and typed["customer_asked"]:
            self.asked[numbers[0]].add(typed["appointment_at"])
        if act == "calls.pass_on":
            self.asked[given[1]] |= self.asked[given[0]]
        if act == "calls.log" and "appointment_at" in typed:
            self.asked[given[0]].add(typed["appointment_at"])
        self.before = check(self.world, self.facts, self.asked)
        self.numbers.extend(number for number in given if number not in self.numbers)
        return given

    def nothing_happened(self, head: str, refused: Refused) -> None:
        """The books are what they were; the audit log tells of a lacking right only."""
        last, after = int(head.partition(":")[0]), self.world.read(audit.head)
        assert after == head or (refused.kind == "rights" and int(after.partition(":")[0]) == last + 1)
        assert snapshot(self.world) == self.before

    @rule(
        login=st.sampled_from(("lin", "lin", "guo", "ann", "bjclerk", "chen")), which=st.integers(0, 4), entered=ENTERED
    )
    def log(self, login: str, which: int, entered: Entered) -> None:
        now = self.world.now.astimezone(UTC)
        typed: dict[str, Any] = {"symptom": "不制冷", "called_at": now - timedelta(minutes=entered.minutes)}
        if which < len(self.customers):
            typed |= {"caller": self.customers[which], "further_because": ("", "另一处")[entered.one % 2]}
        else:
            typed |= CALL | {"customer": f"客{'甲乙丙丁戊'[len(self.customers) % 5]}"}
        typed["channel"] = ("telephone", "telephone", "online", "counter")[entered.other]
        if entered.one > 3:
            typed["appointment_at"] = now + timedelta(hours=entered.one)
        for number in self.attempt(login, "calls.log", **typed):
            row = self.row(number)
            if row.customer not in self.customers:
                self.customers.append(row.customer)

    @precondition(lambda self: self.numbers)
    @rule(login=st.sampled_from(PEOPLE), act=st.sampled_from(ACTS), which=st.integers(0, 9), entered=ENTERED)
    def anything(self, login: str, act: str, which: int, entered: Entered) -> None:
        number = self.numbers[which % len(self.numbers)]
        self.attempt(login, act, number, **self.typed(act, number, entered))

    @precondition(lambda self: self.numbers)
    @rule(which=st.integers(0, 9), seed=SEEDS, passes=st.integers(0, 90), entered=ENTERED)
    def what_can_be_done(self, which: int, seed: int, passes: int, entered: Entered) -> None:
        """Any of the acts that somebody can do on this call now."""
        dice = random.Random(seed)
        under_way = [number for number, state in self.states().items() if state in ("dispatched", "arrived")]
        if under_way and dice.random() < 0.7:
            which = self.numbers.index(dice.choice(under_way))
        self.step_forward(which, dice.sample(ACTS, len(ACTS)), passes, entered)

    @precondition(lambda self: self.numbers)
    @rule(which=st.integers(0, 9), passes=st.integers(0, 90), entered=ENTERED)
    def forward(self, which: int, passes: int, entered: Entered) -> None:
        """The next act of an ordinary round, with times that can be."""
        self.step_forward(which, PROGRESS, passes, replace(entered, minutes=0))

    def step_forward(self, which: int, acts: Sequence[str], passes: int, entered: Entered) -> None:
        self.world.now += timedelta(minutes=passes)
        row = self.row(self.numbers[which % len(self.numbers)])
        for act in acts:
            for person in self.facts.actors:
                if rulebook.refusal(act, person, row) is None:
                    self.attempt(person.login, act, row.number, **self.typed(act, row.number, entered))
                    return

    def states(self) -> dict[str, str]:
        return {call["number"]: call["state"] for call in self.before["calls"] if call["number"] in self.numbers}

    def row(self, number: str) -> CallRow:
        found = self.world.read(calls.one, number)
        assert found is not None
        return found

    def typed(self, act: str, number: str, entered: Entered) -> dict[str, Any]:
        """What a form of this act is filled in with."""
        now = self.world.now.astimezone(UTC)
        then = now - timedelta(minutes=entered.minutes)
        technician = ("chen", "liu", "wu", "chen", "lin", "")[entered.one]
        other = ("sun", "wu", "liu", "chen", "lin", "sun")[entered.one]
        because: dict[str, Any] = {"reason": ("甲", "乙", "丙", "")[entered.other]}
        column = ("called_at", "zone", "zone", "channel", "channel", "symptom")[entered.one]
        corrected = {
            "called_at": then,
            "zone": ("urban", "suburban")[entered.other % 2],
            "channel": ("telephone", "counter")[entered.other % 2],
            "symptom": f"漏{entered.minutes}",
        }
        forms: dict[str, dict[str, Any]] = {
            "calls.correct": {column: corrected[column]} | because,
            "calls.tell": {"whom": "王小明"},
            "calls.reschedule": {
                "appointment_at": now + timedelta(minutes=entered.minutes * 3),
                "customer_asked": entered.one % 2 == 0,
            }
            | because,
            "calls.cancel": {"reason": ("duplicate", "other", "fee_refused", "later")[entered.other]},
            "calls.pass_on": {"unit": ("BJ", "SZ")[entered.one % 2]} | because,
            "calls.dispatch": {"technician": technician},
            "calls.reassign": {"technician": other} | because,
            "calls.stand_down": {"moves": f"{number} {other}"} | because,
            "calls.recall": because,
            "calls.arrive": {"arrived_at": then, "dispatch_because": ("", "电话派工")[entered.one % 2]},
            "calls.finish": {
                **DONE,
                "finished_at": then,
                "fees": ("", "labour 80", "labour 300")[entered.one % 3],
                "collected": entered.other == 1,
            },
            "calls.come_back": {"left_at": then} | because,
            "calls.carry_back": {"left_at": then, "signer": "王小明"},
            "calls.invoice": {"invoice_no": str(entered.minutes)},
            "calls.reopen": because,
        }
        return forms.get(act, {})


class Reopened(World):
    """A department that was set up before."""

    def __init__(self, database: str) -> None:
        self.now = MONDAY
        self.books = open_books(database)


def run(examples: int, steps: int) -> None:
    Department.steps = 0
    Department.done = defaultdict(int)
    run_state_machine_as_test(
        Department,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            report_multiple_bugs=False,
        ),
    )


def test_random_acts_on_sqlite(sqlite_url: str, tmp_path: Path) -> None:
    World(sqlite_url).close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))

    def opened() -> World:
        copy = tmp_path / "copy.db"
        for name in ("copy.db", "copy.db-wal", "copy.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        shutil.copyfile(path, copy)
        return Reopened(f"sqlite:///{copy}")

    Department.opened = staticmethod(opened)
    Department.close = staticmethod(World.close)
    run(48, 50)
    assert Department.steps >= 2000
    assert len(Department.done) >= len(ACTS) - 2, f"hardly any of the acts was ever done: {Department.done}"


def test_random_acts_on_postgresql(postgres_url: str) -> None:
    world = World(postgres_url)
    Department.opened = staticmethod(lambda: world)
    Department.close = staticmethod(lambda world: None)
    run(4, 50)
    assert Department.steps >= 100
    world.close()


# Each of these shows that the check above would see what a guard prevents.


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    yield made
    made.close()


def without_guards(monkeypatch: pytest.MonkeyPatch, act: str, **changed: Any) -> None:
    rules = cast(dict[str, Rule], rulebook.RULES)
    monkeypatch.setitem(rules, act, replace(rules[act], guards=(), **changed))


def test_two_technicians_with_one_voucher_would_be_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    dispatched(world)
    further = world.do("guo", "calls.log", caller="王小明", symptom="漏水", further_because="另一处").numbers[0]
    check(world, Facts(world), {})
    without_guards(monkeypatch, "calls.dispatch")
    world.do("guo", "calls.dispatch", further, technician="liu")
    with pytest.raises(AssertionError):
        check(world, Facts(world), {})


def test_an_exchange_after_the_arrival_would_be_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = arrived(world)
    check(world, Facts(world), {})
    without_guards(monkeypatch, "calls.reassign")
    world.do("guo", "calls.reassign", number, technician="liu", reason="x")
    with pytest.raises(AssertionError):
        check(world, Facts(world), {})


def test_a_strike_off_without_the_fee_would_be_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = done(world, fees="labour 80")
    world.do("lin", "calls.take_back", number)
    check(world, Facts(world), {})
    without_guards(monkeypatch, "calls.strike_off")
    world.do("lin", "calls.strike_off", number)
    with pytest.raises(AssertionError):
        check(world, Facts(world), {})


def test_a_voucher_filed_under_an_open_call_would_be_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Filed through the closed call, it could never be struck off the open one."""
    first = logged(world)
    world.do("lin", "calls.cancel", first, reason="later")
    second = world.do("lin", "calls.log", caller="王小明", symptom="漏水").numbers[0]
    world.do("guo", "calls.dispatch", second, technician="chen")
    world.do("chen", "calls.arrive", second)
    world.do("chen", "calls.finish", second, **DONE)
    world.do("lin", "calls.take_back", second)
    check(world, Facts(world), {})
    monkeypatch.setattr(closing, "no_other_open", lambda desk, row: None)
    world.do("lin", "calls.file", first)
    with pytest.raises(AssertionError):
        check(world, Facts(world), {})
