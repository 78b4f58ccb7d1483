"""What must hold of money, stock and number series, whatever anybody did."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import datetime

from servicedesk.domain.charges import FREE_BASES, urgency
from servicedesk.store import audit
from tests.acts.machine_calls import Facts, Memory, Row, Snapshot, grouped
from tests.world import World

NUMBERED = (
    "calls",
    "receipts",
    "goods",
    "repair_cards",
    "estimates",
    "requisitions",
    "loans",
    "credits",
    "job_sheets",
    "vouchers",
)
"""The tables whose papers have numbers of a series: C R G K E M U F Z V."""
_SERIES = re.compile(r"[A-Z]+-[A-Z](-\d{6})?")
_HAS_INVOICE = ("invoiced", "posted", "to_be_collected", "collected", "settled", "credited", "written_off")
_NEEDS = {
    "collected_on_site": ("collected_at",),
    "remitted": ("collected_at", "remitted_at"),
    "posted": ("collected_at", "posted_at"),
    "to_be_collected": ("collector_id",),
    "collected": ("collected_at", "collector_id"),
    "settled": ("collected_at", "settled_at"),
    "written_off": ("write_off_proposed", "reason"),
}
"""What must be known of a charge in a state."""


def check_numbers(books: Snapshot) -> None:
    """Every series begins with 1, has no gap and no repeat, and its counter stands at the last one."""
    given: dict[str, list[int]] = defaultdict(list)
    for table in NUMBERED:
        for row in books[table]:
            series, _, serial = row["number"].rpartition("-")
            given[series].append(int(serial))
    for series, serials in given.items():
        assert sorted(serials) == list(range(1, len(serials) + 1)), f"{series} has a gap or a repeat: {serials}"
    last = {row["series"]: row["last"] for row in books["counters"] if _SERIES.fullmatch(row["series"])}
    assert last == {series: len(serials) for series, serials in given.items()}


def check_charges(books: Snapshot, facts: Facts, memory: Memory) -> None:
    """A charge is the sum of its lines, its state stands, and the line of the register says the same as the charge."""
    lines, notes = grouped(books["charge_lines"], "charge_id"), grouped(books["credits"], "charge_id")
    of_call = {charge["call_id"]: charge for charge in books["charges"]}
    assert len(of_call) == len(books["charges"])
    for charge in books["charges"]:
        assert charge["amount"] == sum(line["amount"] for line in lines[charge["id"]]), charge
        for line in lines[charge["id"]]:
            assert line["amount"] == 0 or line["basis"] not in FREE_BASES, line
        _charge_stands(charge, facts)
        _credited(charge, notes[charge["id"]])
    for call in books["calls"]:
        charge = of_call.get(call["id"], {"state": "", "amount": 0, "invoice_no": ""})
        said = (call["charge"], call["fee"], call["invoice_no"])
        assert said == (charge["state"], charge["amount"], charge["invoice_no"]), call["number"]
    _invoices(books, memory)


def _charge_stands(charge: Row, facts: Facts) -> None:
    state = charge["state"]
    assert (state == "none") == (charge["amount"] == 0), charge
    invoiced = state in _HAS_INVOICE
    assert (bool(charge["invoice_no"]), charge["invoiced_at"] is not None) == (invoiced, invoiced), charge
    assert not invoiced or charge["signer"], charge
    assert all(charge[column] for column in _NEEDS.get(state, ())), charge
    assert state != "to_be_collected" or charge["collected_at"] is None, charge
    if state == "collected_on_site":
        assert charge["amount"] <= facts.units[charge["unit_id"]].fee_limit, charge
    order = [charge[column] for column in ("done_at", "invoiced_at", "posted_at", "settled_at")]
    _in_order(order)
    _in_order([charge[column] for column in ("done_at", "collected_at", "remitted_at")])
    assert charge["urgent"] == urgency(state, charge["done_at"], charge["invoiced_at"], charge["collected_at"])


def _in_order(moments: list[datetime | None]) -> None:
    known = [moment for moment in moments if moment is not None]
    assert known == sorted(known)


def _credited(charge: Row, notes: list[Row]) -> None:
    now = [credit for credit in notes if credit["invoice_no"] == charge["invoice_no"]]
    assert len(now) == (charge["state"] == "credited"), charge
    assert all(credit["amount"] == charge["amount"] for credit in now), charge


def _invoices(books: Snapshot, memory: Memory) -> None:
    """An invoice number is of one charge, and no more is credited of it than it was over."""
    charges: dict[str, set[int]] = defaultdict(set)
    credited: Counter[str] = Counter()
    for charge in books["charges"]:
        if charge["invoice_no"]:
            charges[charge["invoice_no"]].add(charge["id"])
            assert memory.invoiced.get(charge["invoice_no"], charge["amount"]) == charge["amount"], charge
    for credit in books["credits"]:
        charges[credit["invoice_no"]].add(credit["charge_id"])
        credited[credit["invoice_no"]] += credit["amount"]
    assert all(len(of_invoice) == 1 for of_invoice in charges.values()), charges
    assert all(amount <= memory.invoiced.get(invoice, amount) for invoice, amount in credited.items()), credited


def check_stock(books: Snapshot, facts: Facts) -> None:
    """Stock is the sum of its movements and never below zero; what was used stands on a card or a voucher."""
    moved: Counter[tuple[int, int]] = Counter()
    used: Counter[tuple[int, int]] = Counter()
    came: Counter[tuple[int, int]] = Counter()
    for move in books["stock_moves"]:
        key = (move["unit_id"], move["part_id"])
        moved[key] += move["quantity"]
        used[key] -= move["quantity"] if move["kind"] in ("use", "back") else 0
        came[key] += move["quantity"] if move["kind"] == "arrival" else 0
    assert len(books["stock"]) == len(books["parts"]) * len(facts.units)
    for row in books["stock"]:
        assert row["quantity"] == moved[row["unit_id"], row["part_id"]] >= 0, row
    cards = {card["id"]: card["unit_id"] for card in books["repair_cards"]}
    calls = {call["id"]: call["unit_id"] for call in books["calls"]}
    entries = {entry["id"]: calls[entry["call_id"]] for entry in books["voucher_entries"]}
    written: Counter[tuple[int, int]] = Counter()
    for part in books["card_parts"]:
        written[cards[part["card_id"]], part["part_id"]] += 0 if part["taken_out"] else part["quantity"]
    for part in books["parts_used"]:
        if part["part_id"] is not None:
            written[entries[part["entry_id"]], part["part_id"]] += part["quantity"]
    assert +used == +written
    _requisitions(books, came)


def _requisitions(books: Snapshot, came: Counter[tuple[int, int]]) -> None:
    arrived: Counter[tuple[int, int]] = Counter()
    for row in books["requisitions"]:
        arrived[row["unit_id"], row["part_id"]] += row["arrived"]
        assert row["arrived"] <= row["quantity"], row["number"]
        assert row["state"] == "cancelled" or (row["state"] == "arrived") == (row["arrived"] == row["quantity"])
    assert all(quantity <= came[key] for key, quantity in arrived.items())


def check_log(world: World, books: Snapshot) -> None:
    """The chain of the audit log is whole, and it has one line for each form that was saved."""
    with world.books.reading() as reading:
        assert audit.verify(reading).fault is None
        saved = [line.request for line in audit.lines(reading) if line.outcome == "done"]
    requests = {row["id"] for row in books["requests"]}
    assert len(saved) == len(set(saved))
    assert set(saved) == requests
