"""Random people of several units do random acts on a few complaints over some working days; each step is checked."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from servicedesk.domain.complaints import ComplaintRow
from servicedesk.domain.rulebook import RULES, refusal
from servicedesk.domain.words import Refused
from servicedesk.store import audit, tables
from servicedesk.store.complaints import COMPLAINTS
from servicedesk.store.engine import Books
from servicedesk.store.session import Reading, table_of
from tests.acts.complaining import COMPLAINT, OFFERED
from tests.acts.complaint_books import ENDED, Snapshot, check, snapshot
from tests.acts.complaint_cases import GUARDS, MOVES, check_cases, check_facts, check_step, possible
from tests.acts.complaint_desks import ACTS, FILLS, STEPS, Desks, Fill, backdated

PEOPLE = ("lin", "guo", "chen", "liu", "mgr", "acc", "ann", "xu", "sm", "dgm", "ana", "aud", "adm", "bjclerk", "bjsup")
ALL_ACTS = tuple(name for name in RULES if name.startswith("complaints."))
BARE = ("complaints.receive", "complaints.step", "complaints.priority")
"""What is done to no paper; the limits are of a unit."""
WHO: Mapping[str, str] = {"decide": "dgm", "approve": "dgm", "malicious": "sm", "unreconciled": "sm"}
"""Who may do it to every complaint; the visit is the handler's, everything else the Customer Department's."""
HANDLERS = {"SZ": ("guo", "lin", "chen", "liu"), "BJ": ("bjsup", "bjclerk"), "HQ": ("xu", "ann")}
SAYS_MORE = {"complaints.take", "complaints.correct", "complaints.grade", "complaints.reopen"}
"""What is refused for a reason that no field and no key can tell: who has it, nothing changed, ended too long ago."""
WAY_ON: Mapping[str, tuple[str, ...]] = {
    "received": ("acknowledge", "assess"),
    "acknowledged": ("assess",),
    "with_deputy": ("decide",),
    "case_assessed": ("assign",),
    "assigned": ("investigate",),
    "investigating": ("offer", "approve"),
    "solution_offered": ("tell",),
    "carrying_out": ("tell",),
    "result_told": ("follow_up",),
    "followed_up": ("close", "resume"),
}
"""What brings it nearer to its end; a case that was followed up may wait for the visit or the acknowledgement."""


def compensation(dice: random.Random, row: ComplaintRow, now: Any) -> dict[str, Any]:
    """A repair, or money: as much as nobody need approve, or more."""
    if dice.random() < 0.6:
        return FILLS["offer"](dice, row, now)
    return OFFERED | {"measure": "compensation", "amount": dice.choice(["0", "300", "500", "800", "900"])}


MORE: Mapping[str, Fill] = {
    **FILLS,
    "take": lambda dice, row, now: {},
    "assign": lambda dice, row, now: {
        "handler": dice.choice(HANDLERS["BJ" if dice.random() < 0.1 else row.unit]),
    },
    "visit": lambda dice, row, now: (
        {"visited_at": backdated(dice, row, now)} | FILLS["visit"](dice, row, now)
        if dice.random() < 0.9
        else {"visited_at": now + timedelta(hours=1), "finding": "明天"}
    ),
    "decide": lambda dice, row, now: (
        FILLS["decide"](dice, row, now)
        if dice.random() < 0.6
        else {"decision": "referred", "words": "核转", "referred_to": dice.choice(["生产部", ""])}
    ),
    "propose": lambda dice, row, now: {"amount": dice.choice(["800", "900", "0"]), "because": "损失"},
    "offer": compensation,
    "tell": lambda dice, row, now: (
        FILLS["tell"](dice, row, now)
        | ({"how": dice.choice(["letter", "telephone", "email"])} if dice.random() < 0.4 else {})
    ),
    "answer": lambda dice, row, now: {"answer": "已查"} | ({"department": "无"} if dice.random() < 0.1 else {}),
    "correct": lambda dice, row, now: (
        {"remedy": f"退货{dice.randrange(1000)}"} if dice.random() < 0.8 else {"content": row.content}
    ),
}
"""What is typed; now and then something that is refused."""


def kept_rows(reading: Reading) -> list[Any]:
    """The tables that the department and the administrator keep."""
    models = (tables.ComplaintLimits, tables.ComplaintPriority, tables.EscalationStep)
    return [tuple(row) for model in models for row in reading.connection.execute(select(table_of(model))).all()]


class Department(Desks):
    """Two branches and the headquarters at work one after another; after every step everything is checked."""

    people = PEOPLE
    fills = MORE
    acts = (*ACTS, "complaints.reveal")

    def __init__(self, database: str) -> None:
        """In books without a complaint."""
        super().__init__(database)
        self.posts = {person.id: {post.role for post in person.posts} for person in self.actors.values()}
        self.states: set[str] = set()
        self.guarded: set[str] = set()
        self.mine: list[str] = []
        self.seen = self.look()
        self.kept_now = self.world.read(kept_rows)

    def look(self) -> Snapshot:
        """The rows of the complaints of this example."""
        return self.world.read(snapshot, self.known)

    def play(self, seeds: list[int]) -> None:
        """One example; in the end every case that ever was is looked at."""
        self.mine = []
        self.known = max(self.versions(), default=0)
        self.seen = self.look()
        super().play(seeds)
        check_cases(self.world.read(snapshot), self.posts)

    def move(self, dice: random.Random) -> None:
        """Some time passes; then the clock, a table, somebody who may or anybody does something."""
        self.world.now += timedelta(minutes=dice.choice(STEPS), seconds=dice.randrange(60))
        chance = dice.random()
        if chance < 0.06:
            self.ticked(dice)
            self.seen = self.look()
        elif chance < 0.1:
            self.kept(dice)
        elif chance < 0.3 and self.mine:
            self.meddle(dice)
        else:
            self.chosen(dice, self.books[0])()
        check(self.seen, self.memory, self.now, alone=True)
        check_cases(self.seen, self.posts)

    def kept(self, dice: random.Random) -> None:
        """Somebody who may sets a limit, a step or a priority."""
        name = dice.choice(("complaints.limits", "complaints.step", "complaints.priority"))
        login = "xu" if name == "complaints.priority" else "adm"
        self.attempt(self.books[0], login, name, *self.form(name, dice))

    def meddle(self, dice: random.Random) -> None:
        """Anybody tries anything on any complaint and on what is kept; or who may to every one what a guard forbids."""
        name, number, login = dice.choice(ALL_ACTS), dice.choice(self.mine), dice.choice(PEOPLE)
        if dice.random() < 0.6:
            rows = [self.row(own) for own in self.live]
            forbidden = [(row, short) for row in rows for short in GUARDS if row.state in MOVES[short]]
            forbidden = [(row, short) for row, short in forbidden if not possible(short, row)]
            if forbidden:
                short = dice.choice(sorted({short for _, short in forbidden}))
                number = next(row.number for row, also in forbidden if also == short)
                name, login = f"complaints.{short}", WHO.get(short, "xu")
        if name in BARE or name == "complaints.limits":
            numbers = self.attempt(self.books[0], login, name, *self.form(name, dice))
            self.mine += numbers if name == "complaints.receive" else ()
            return
        self.attempt(self.books[0], login, name, number, self.typed(name, self.row(number), dice))

    def form(self, name: str, dice: random.Random) -> tuple[str, dict[str, Any]]:
        """What an act on no complaint is done to, and what is typed."""
        if name == "complaints.limits":
            minutes = {"acknowledge": dice.choice(["30", "45", "60"]), "solve": dice.choice(["600", "2880"])}
            start = dice.choice(["receipt", "solution"])
            days = dice.choice(["0", "1", "90", "90"])
            return dice.choice(("SZ", "BJ")), {"follow_up_from": start, "reopen_days": days, **minutes}
        if name == "complaints.step":
            clock, role = (
                dice.choice(["acknowledge", "solve", "follow_up"]),
                dice.choice(["supervisor", "deputy_gm", ""]),
            )
            return "", {"clock": clock, "percent": dice.choice(["50", "75", "90"]), "role": role}
        if name == "complaints.priority":
            grades = {"urgency": dice.choice(["high", "normal"]), "scope": dice.choice(["one", "public"])}
            return "", grades | {"priority": dice.choice("1234"), "owner": dice.choice(["xu", "sm", "lin", "-"])}
        address = dice.choice([COMPLAINT["address"], "北京市朝阳区1号"])
        at = self.now - timedelta(minutes=dice.choice([0, 0, 10, 90, 300]))
        typed = {"address": address, "channel": dice.choice(["telephone", "email", "letter"]), "received_at": at}
        return "", COMPLAINT | typed

    def receive(self, dice: random.Random, books: Books) -> None:
        """A complaint comes in, at any desk."""
        login = dice.choice(("lin", "lin", "bjclerk", "bjclerk", "ann", "xu", "chen", "acc"))
        numbers = self.attempt(books, login, "complaints.receive", *self.form("complaints.receive", dice))
        self.live += numbers
        self.mine += numbers

    def row(self, number: str) -> ComplaintRow:
        """The sheet as it stands."""
        found = self.world.read(COMPLAINTS.one, number)
        assert found is not None
        return found

    def attempt(self, books: Books, login: str, name: str, number: str, typed: dict[str, Any]) -> tuple[str, ...]:
        """Do it: refused just where the greyed key says so, and then nothing is left; else as it is specified."""
        row = self.row(number) if number in self.mine else None
        greyed = refusal(name, self.actors[login], row)
        head, before, kept = self.world.read(audit.last_number), self.seen, self.kept_now
        refused, given = None, tuple[str, ...]()
        try:
            given = self.perform(books, login, name, number, typed)
        except Refused as no:
            refused = no
        self.seen, self.kept_now = self.look(), self.world.read(kept_rows)
        lines = self.world.read(audit.last_number) - head
        if refused is not None:
            self.refused += 1
            short = name.partition(".")[2]
            if row is not None and greyed is not None and refused.kind != "rights" and row.state in MOVES[short]:
                self.guarded.add(short)
            assert (self.seen, self.kept_now) == (before, kept), "a refused act leaves nothing"
            assert lines == (refused.kind == "rights")
            assert greyed in (None, refused.sentence)
            assert greyed is not None or refused.field is not None or name in SAYS_MORE, refused
            assert greyed is not None or refused.kind != "rights"
            return ()
        assert greyed is None, "the key was greyed, and yet it could be done"
        assert lines == 1
        self.check_done(name, number, before)
        return given

    def check_done(self, name: str, number: str, before: Snapshot) -> None:
        """It led where it must, and touched no other complaint."""
        if number not in self.mine:
            gone = [
                old for kind, old in vars(before).items() for key in old if vars(self.seen)[kind].get(key) != old[key]
            ]
            assert gone == [], "what is done to no complaint changes none"
            return
        row = self.row(number)
        if name == "complaints.reveal":
            assert self.seen == before
        else:
            was = before.sheets[row.id]
            (handling,) = (
                one for one in before.handlings.values() if (one["complaint_id"], one["nth"]) == (row.id, was["round"])
            )
            check_step(name, was, handling, self.seen.sheets[row.id])
        for kind, rows in vars(before).items():
            column = "id" if kind == "sheets" else "complaint_id"
            others = {key: one for key, one in rows.items() if one[column] != row.id}
            now = {key: one for key, one in vars(self.seen)[kind].items() if one[column] != row.id}
            assert others == now, "another complaint was changed"
        self.check_row(row)

    def check_row(self, row: ComplaintRow) -> None:
        """The guards say what the specification says, on what the rows say; and somebody can bring it on."""
        self.states.add(row.state)
        check_facts(row, self.seen)
        for name in MOVES:
            login = row.technician if name == "visit" and row.technician else WHO.get(name, "xu")
            can = refusal(f"complaints.{name}", self.actors[login], row) is None
            assert can == possible(name, row), (name, row.state)
        if row.state in ENDED:
            return
        ways = {*WAY_ON[row.state]} | ({"visit"} if row.visited_at is None else set())
        ways |= {"acknowledge"} if row.acknowledged_at is None else set()
        ways |= {"unreconciled"} if row.satisfaction in (1, 2) else set()
        assert any(possible(name, row) for name in ways), f"{row.number} is stuck"
