"""The workshop of the demo books: what it starts with, and articles carried back that stand in every state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from servicedesk.cli import demo_parts as stock

if TYPE_CHECKING:
    from servicedesk.cli.demo_books import Pocket
    from servicedesk.domain.units import UnitRow
    from servicedesk.store.session import Writing

DAY = 480
"""Working minutes of a day."""

UNIT = "SZ"
"""Whose workshop it is."""

_ZONE = ZoneInfo("Asia/Shanghai")
_WORKED = timedelta(minutes=25)


class Job(NamedTuple):
    """An article carried back: how many working minutes ago its customer called, who has it, whether the job is free,
    and which step was done how many working minutes after the call."""

    age: int
    technician: str
    free: bool
    steps: tuple[tuple[str, int], ...]


_CARRIED = (("dispatch", 20), ("arrive", 70), ("carry_back", 110))
_TAKEN_IN = (*_CARRIED, ("take_back", 170), ("take_in", 175))
_BEGUN = (*_TAKEN_IN, ("assign", 190), ("start", 230), ("time", 260))
_FINISHED = (*_BEGUN, ("put_in", 275), ("repaired", 285))
_PASSED = (*_FINISHED, ("pass", 330))
_RETURNED = (*_PASSED, ("take_along", 2 * DAY + 100), ("give_back", 2 * DAY + 160))
_PAID_LATER = (
    ("invoice", 2 * DAY + 160),
    ("take_back", 2 * DAY + 200),
    ("strike_off", 2 * DAY + 205),
    ("send", 3 * DAY),
)
JOBS = (
    Job(350, "zhang", False, _CARRIED),
    Job(DAY + 60, "zhao", True, _TAKEN_IN),
    Job(DAY + 200, "li", False, (*_TAKEN_IN, ("assign", 190), ("start_clock", DAY + 160))),
    Job(2 * DAY + 30, "zhang", False, (*_BEGUN, ("wait", 265))),
    Job(2 * DAY + 100, "zhao", True, (*_BEGUN, ("ask", 305))),
    Job(5 * DAY, "huang", False, _BEGUN),
    Job(2 * DAY + 250, "zhao", True, _FINISHED),
    Job(3 * DAY, "li", False, _PASSED),
    Job(4 * DAY, "zhang", False, (*_BEGUN, ("to_factory", 280), ("promise", 290), ("lend", 295))),
    Job(3 * DAY + 100, "huang", True, (*_BEGUN, ("give_up", 270))),
    Job(2 * DAY + 200, "huang", False, _RETURNED),
    Job(13 * DAY, "li", False, (*_RETURNED, *_PAID_LATER)),
)
"""Not taken in; without a technician; the clock runs; waits for a part; assistance asked; late; to be inspected;
passed; at the factory with a loan unit out; beyond repair on a free job; returned with its charge not invoiced;
closed with its invoice to be collected, and that is late."""


class Way(NamedTuple):
    """How a step is done: by whose post, by which act, on which paper, with what typed."""

    post: str
    act: str
    paper: str
    typed: Mapping[str, str] = {}


WAYS: Mapping[str, Way] = {
    "take_in": Way("clerk", "goods.take_in", "call"),
    "assign": Way("supervisor", "cards.assign", "card"),
    "start": Way("technician", "cards.start", "card", {"clock": "n"}),
    "start_clock": Way("technician", "cards.start", "card"),
    "time": Way("technician", "cards.time", "card"),
    "put_in": Way("technician", "cards.parts", "card"),
    "repaired": Way(
        "technician",
        "cards.finish",
        "card",
        {"fault_code": "no_function", "cause_code": "wear", "resolution_code": "part_replaced"},
    ),
    "wait": Way("technician", "cards.wait", "card"),
    "ask": Way("technician", "cards.ask", "card", {"reason": "主板型号不明 the board's version is unknown"}),
    "pass": Way("supervisor", "cards.pass", "card"),
    "to_factory": Way("supervisor", "cards.to_factory", "card", {"sent_to": "华东厂 East China works"}),
    "promise": Way("supervisor", "cards.promise", "card", {"reason": "送厂修理 sent to the factory"}),
    "lend": Way("clerk", "loans.lend", "loan unit"),
    "give_up": Way("supervisor", "cards.beyond_repair", "card", {"reason": "停产无件 part no longer made"}),
    "take_along": Way("clerk", "cards.take_along", "card"),
    "give_back": Way("technician", "cards.return", "card"),
    "invoice": Way("accountant", "charges.invoice", "call", {"invoice_no": "44031234"}),
    "send": Way("accountant", "charges.send", "call"),
}


def typed_at(step: str, pocket: Pocket, technician: str, at: datetime, call: str) -> dict[str, Any]:
    """What is typed at a step of this job."""
    local, repair = at.astimezone(_ZONE), stock.REPAIRS[pocket.model]
    own: Mapping[str, Mapping[str, Any]] = {
        "assign": {"technician": technician},
        "take_along": {"technician": technician},
        "time": {"lines": f"{local - _WORKED:%Y-%m-%d %H%M}-{local:%H%M}"},
        "put_in": {"parts": repair.part},
        "repaired": {"found": repair.found, "work": repair.work},
        "wait": {"parts": repair.awaited},
        "promise": {"promised_at": at + timedelta(days=12), "whom": pocket.name},
        "lend": {"call": call},
        "send": {"collector": technician},
    }
    return {**WAYS[step].typed, **own.get(step, {})}


def chosen_for(jobs: Sequence[Job], pockets: Sequence[Pocket], now: datetime) -> list[Pocket]:
    """A product of the unit for each job, in warranty where the job is free."""
    left = [one for one in pockets if one.unit == UNIT]
    found = []
    for job in jobs:
        pocket = next(one for one in left if _is_free(one, now) == job.free)
        left.remove(pocket)
        found.append(pocket)
    return found


def _is_free(pocket: Pocket, now: datetime) -> bool:
    return pocket.warranty_until is not None and pocket.warranty_until >= now.date()


def stock_up(desk: Writing, opened: Mapping[str, UnitRow], person: int, now: datetime) -> None:
    """The part list with the stock of every unit, the tariff, and the loan units on their shelf."""
    from servicedesk.store import custody, tables

    _write_parts(desk, opened, person, now)
    desk.add_many(
        tables.TariffLine,
        [
            {"unit_id": opened[unit].id, "kind": kind, "model_group": group, "from_day": now.date(), "amount": amount}
            for unit, kind, group, amount in stock.TARIFF
        ],
    )
    own = opened[UNIT].id
    for code, name, model in stock.LOAN_UNITS:
        key = desk.add(tables.LoanUnit, code=code, unit_id=own, name=name, model_no=model)
        custody.move(desk, "loan_unit", key, code, own, "shelf", since=now)


def _write_parts(desk: Writing, opened: Mapping[str, UnitRow], person: int, now: datetime) -> None:
    """The list, a stock line in every unit, and what has come to the own one."""
    from servicedesk.store import tables
    from servicedesk.store.pockets import last_key
    from servicedesk.store.words_index import name_keys

    own = opened[UNIT].id
    numbered = list(enumerate(stock.PARTS, start=last_key(desk, tables.Part) + 1))
    listed = ("number", "name", "measure", "price", "cost")
    desk.add_many(
        tables.Part,
        [
            {name: getattr(part, name) for name in listed} | {"initials": name_keys(part.name)[0]}
            for part in stock.PARTS
        ],
    )
    lines = [(unit.id, key, part) for unit in opened.values() for key, part in numbered]
    has = [(part.has, part.wants) if unit == own else (0, 0) for unit, _, part in lines]
    desk.add_many(
        tables.Stock,
        [
            {"unit_id": unit, "part_id": key, "quantity": quantity, "minimum": minimum}
            for (unit, key, _), (quantity, minimum) in zip(lines, has, strict=True)
        ],
    )
    desk.add_many(
        tables.StockMove,
        [
            {"unit_id": own, "part_id": key, "at": now, "by_id": person, "kind": "arrival", "quantity": part.has}
            for key, part in numbered
            if part.has
        ],
    )
