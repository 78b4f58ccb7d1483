"""What must hold of the call register, its visits and vouchers, whatever anybody did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from servicedesk.domain import rulebook
from servicedesk.domain.calls import OPEN, UNTIMED_CHANNELS, WAITING, judged_by, urgency
from servicedesk.domain.charges import OUTSTANDING
from servicedesk.domain.clocks import due
from servicedesk.domain.rights import Actor
from servicedesk.store import calls, charges, people, tables
from servicedesk.store.goods import RECEIPTS
from servicedesk.store.loans import LOAN_UNITS
from servicedesk.store.repair_cards import CARDS
from servicedesk.store.session import table_of
from tests.acts.rounds import actor
from tests.world import World

Row = dict[str, Any]
Rows = list[Row]
Snapshot = Mapping[str, Rows]

WATCHED = (
    tables.Call,
    tables.Visit,
    tables.Voucher,
    tables.VoucherEntry,
    tables.PartUsed,
    tables.Urge,
    tables.Correction,
    tables.Telling,
    tables.Counter,
    tables.Request,
    tables.Customer,
    tables.Product,
    tables.Receipt,
    tables.Goods,
    tables.RepairCard,
    tables.TimeLine,
    tables.CardPart,
    tables.Promise,
    tables.Assistance,
    tables.Estimate,
    tables.LoanUnit,
    tables.Loan,
    tables.Custody,
    tables.Part,
    tables.Stock,
    tables.StockMove,
    tables.Requisition,
    tables.TariffLine,
    tables.Charge,
    tables.ChargeLine,
    tables.Credit,
    tables.JobSheet,
)
"""The tables that people write in while they work on calls, goods and money."""
WORKERS = ("lin", "guo", "acc", "chen", "liu", "sun", "mgr", "bjclerk", "bjsup", "zhao")
PROGRESS = (
    "calls.pull",
    "calls.dispatch",
    "calls.arrive",
    "calls.finish",
    "calls.sign",
    "calls.take_back",
    "calls.strike_off",
    "calls.file",
)
"""What brings a call nearer to its end."""
MONEY_PROGRESS = ("charges.remit", "charges.invoice")
RECEIPT_PROGRESS = ("receipts.confirm",)
LOAN_PROGRESS = ("loans.take_back",)
SHOP_PROGRESS = (
    "cards.assign",
    "cards.start",
    "cards.clock",
    "cards.stop",
    "cards.resume",
    "cards.wait",
    "cards.answer",
    "cards.from_factory",
    "cards.approve",
    "cards.decline",
    "cards.finish",
    "cards.pass",
    "cards.return",
)


def snapshot(world: World) -> Snapshot:
    """Every row of the watched tables, each read once."""
    found = {}
    with world.books.reading() as reading:
        for model in WATCHED:
            table = table_of(model)
            rows = reading.connection.execute(select(table).order_by(*table.primary_key.columns))
            names = list(rows.keys())
            found[str(table.name)] = [dict(zip(names, row, strict=True)) for row in rows]
    return found


def grouped(rows: Iterable[Row], column: str) -> dict[Any, Rows]:
    """The rows by what stands in a column, in their order."""
    found: dict[Any, Rows] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
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


@dataclass
class Memory:
    """What the books alone do not tell: appointments customers asked for, what each invoice was over."""

    asked: dict[str, set[datetime]] = field(default_factory=lambda: defaultdict(set))
    invoiced: dict[str, int] = field(default_factory=dict)


def check_calls(books: Snapshot, facts: Facts, memory: Memory) -> None:
    """Each line of the register with its visits; one open line and one voucher for a product."""
    visits, of_product = grouped(books["visits"], "call_id"), grouped(books["calls"], "product_id")
    for call in books["calls"]:
        _line(call, sorted(visits[call["id"]], key=lambda visit: int(visit["nth"])), facts, memory)
    carried = {
        line["item_id"]: line["paper"] for line in books["custody"] if line["kind"] == "voucher" and not line["until"]
    }
    for voucher in books["vouchers"]:
        lines = of_product[voucher["product_id"]]
        _voucher(voucher, [visit for call in lines for visit in visits[call["id"]]], carried.get(voucher["id"], ""))
        assert sum(line["state"] in OPEN and not line["further"] for line in lines) <= 1
        if voucher["holder"] == "file":
            needed = [line["number"] for line in lines if line["state"] in OPEN - WAITING]
            assert not needed, f"{voucher['number']} is in file: {needed}"


def _line(call: Row, visits: Rows, facts: Facts, memory: Memory) -> None:
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
        _visit(visit)
    assert call["called_at"] <= min([*arrivals, call["logged_at"]])
    assert (state in WAITING) <= (call["technician_id"] is None)
    assert (state == "struck_off") == (call["struck_off_at"] is not None)
    if state == "struck_off":
        assert call["signed"]
        assert call["charge"] not in OUTSTANDING
    assert (state == "cancelled") == bool(call["cancel_reason"])
    assert call["urgent"] == urgency(state, call["judged_by"], bool(arrivals), call["called_at"])
    if call["channel"] in UNTIMED_CHANNELS and not arrivals:
        assert (call["due_at"], call["judged_by"]) == (None, None)
    elif not arrivals:
        limit = facts.units[call["unit_id"]].arrival_limit(call["zone"])
        assert call["due_at"] == due(facts.calendars[call["unit_id"]], call["called_at"], limit)
    possible = {judged_by(call["due_at"], moment) for moment in (None, *memory.asked.get(call["number"], ()))}
    assert call["judged_by"] in possible


def _visit(visit: Row) -> None:
    assert visit["state"] not in ("reassigned", "recalled") or visit["arrived_at"] is None
    moments = [visit["dispatched_at"], visit["arrived_at"], visit["left_at"]]
    assert moments[:1] + sorted(filter(None, moments[1:])) == sorted(filter(None, moments))
    assert (visit["state"] == "done") == (visit["left_at"] is not None)


def _voucher(voucher: Row, visits: Rows, paper: str) -> None:
    """A technician holds it only from a visit on, or for goods that he takes along; whoever is on a visit holds it.

    A visit that was called off may have left it with its technician for a further entry (D41).
    """
    kept = [visit for visit in visits if visit["state"] != "recalled"]
    latest = max(kept, key=lambda visit: int(visit["id"]), default=None)
    active = [visit for visit in visits if visit["state"] == "active"]
    if voucher["holder"] == "technician" and "-K-" not in paper:
        assert latest is not None
        assert (latest["technician_id"], latest["state"] in ("active", "done", "cancelled")) == (
            voucher["holder_id"],
            True,
        )
    on_the_way = {visit["technician_id"] for visit in active}
    assert on_the_way <= {voucher["holder_id"]}, f"{voucher['number']} is not with who is on the visit"


def paper(world: World, act: str, number: str) -> Any:
    """The paper of this number that the act is done to; None where there is none."""
    read = {"charges": charges.CHARGES.one, "cards": CARDS.one, "receipts": RECEIPTS.one, "loans": LOAN_UNITS.one}
    return world.read(read.get(act.partition(".")[0], calls.one), number)


def check_not_stuck(world: World, books: Snapshot, actors: Sequence[Actor]) -> None:
    """As long as a call is open, somebody can bring it, its goods, its money or its receipt nearer to the end."""
    cards, receipts = grouped(books["repair_cards"], "call_id"), grouped(books["receipts"], "call_id")
    units = {unit["id"]: unit["code"] for unit in books["loan_units"]}
    lent = grouped((loan for loan in books["loans"] if loan["back_at"] is None), "call_id")
    for lines in grouped(books["calls"], "product_id").values():
        if not any(line["state"] in OPEN for line in lines):
            continue
        possible = False
        for line in lines:
            papers = [(line["number"], PROGRESS), (line["number"], MONEY_PROGRESS)]
            papers += [(card["number"], SHOP_PROGRESS) for card in cards[line["id"]]]
            papers += [(receipt["number"], RECEIPT_PROGRESS) for receipt in receipts[line["id"]]]
            papers += [(units[loan["loan_unit_id"]], LOAN_PROGRESS) for loan in lent[line["id"]]]
            if line["state"] == "carried_back" and not cards[line["id"]]:
                papers.append((line["number"], ("goods.take_in",)))
            possible |= any(_can(world, number, acts, actors) for number, acts in papers)
        assert possible, [(line["number"], line["state"]) for line in lines]


def _can(world: World, number: str, acts: Sequence[str], actors: Sequence[Actor]) -> bool:
    row = paper(world, acts[0], number)
    return row is not None and any(rulebook.refusal(act, person, row) is None for act in acts for person in actors)
