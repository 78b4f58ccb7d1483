"""Books with so many repair cards: the calls of the demo's history with the workshop's papers hung on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from servicedesk.cli.demo_books import build
from servicedesk.domain.charges import AWAITED, UNSETTLED
from servicedesk.domain.numbering import GOODS_LINE, RECEIPT, REPAIR_CARD, REQUISITION, paper_number
from servicedesk.domain.repair_cards import CLOSED, IN_THE_SHOP, READY, urgency
from servicedesk.store import tables
from servicedesk.store.engine import Books
from servicedesk.store.session import Writing

OPEN = 300
"""How many articles are in the shop, in small and great books alike."""

NOT_TAKEN_IN = 20
PARTS = 40
LINES = 2
"""Time lines of a card, and as many parts lines."""

_MORE_CALLS = 2_000
_MONEY_OUT = 100
_PORTION = 10_000
_OPEN_STATES = (
    *("waiting", "in_repair", "in_repair", "in_repair", "waiting_parts", "at_factory"),
    *("repaired", "passed", "passed", "unrepaired", "beyond_repair", "waiting"),
)
_STAYS = {"at_factory": "factory", "passed": "shelf", "unrepaired": "shelf", "beyond_repair": "shelf"}

_JOBS = """
SELECT c.id, c.unit_id, u.code, c.product_id, c.voucher_id, v.number AS voucher, c.model_no, c.symptom, c.logged_by,
    c.technician_id, c.customer_name, c.service_type, c.finished_at
FROM calls c JOIN units u ON u.id = c.unit_id JOIN vouchers v ON v.id = c.voucher_id
WHERE c.id <= :calls ORDER BY c.id DESC
"""
_CARRIED = "UPDATE calls SET state = 'carried_back', state_before = '', struck_off_at = NULL WHERE id = :id"
_ON_SITE = "UPDATE charges SET state = 'collected_on_site', urgent = :urgent, settled_at = NULL WHERE id = :id"
_ASSESSED = (
    "UPDATE charges SET state = 'assessed', urgent = :urgent, settled_at = NULL, collected_at = NULL WHERE id = :id"
)
_INVOICED = (
    "UPDATE charges SET state = 'invoiced', urgent = :urgent, settled_at = NULL, collected_at = NULL WHERE id = :id"
)


@dataclass(frozen=True)
class Job:
    """A call whose product came to the workshop: `state` of its card, empty where it is not taken in yet."""

    call: Row[Any]
    nth: int
    state: str
    is_last: bool
    """No later job of its product came to the workshop."""

    @property
    def came_in_at(self) -> datetime:
        return datetime.fromisoformat(self.call.finished_at)


def build_workshop(path: str, cards: int, now: datetime) -> None:
    """Demo books with so many repair cards of the years before, of which a few hundred are in the shop."""
    calls = cards + _MORE_CALLS
    build(path, calls=calls, now=now)
    books = Books(path)
    try:
        with books.writing() as desk:
            jobs = _jobs(desk.all(text(_JOBS), calls=calls), cards)
            parts = _parts(desk, jobs[0].call.unit_id, jobs[0].call.logged_by, now)
            _money_out(desk, now)
        for begin in range(0, len(jobs), _PORTION):
            with books.writing() as desk:
                _papers(desk, jobs[begin : begin + _PORTION], parts, now)
    finally:
        books.close()


def _jobs(found: Sequence[Row[Any]], cards: int) -> list[Job]:
    """The newest job of a product may be in the shop, the others are closed; the oldest first."""
    jobs: list[Job] = []
    seen: set[int] = set()
    taken_in = 0
    for call in found:
        is_last = call.product_id not in seen
        if not is_last or len(seen) >= OPEN + NOT_TAKEN_IN:
            state = CLOSED
        else:
            state = _OPEN_STATES[len(seen) % len(_OPEN_STATES)] if len(seen) < OPEN else ""
        seen.add(call.product_id)
        taken_in += state != ""
        jobs.append(Job(call, len(found) - len(jobs), state, is_last))
        if taken_in == cards:
            break
    if taken_in < cards:
        raise ValueError("too few calls for so many cards")
    return jobs[::-1]


def _parts(desk: Writing, unit: int, person: int, now: datetime) -> list[int]:
    """A part list with the stock of one unit; gives the keys."""
    keys = [
        desk.add(tables.Part, number=f"BENCH-{nth:03}", name=f"Part {nth}", price=nth * 500, cost=nth * 300)
        for nth in range(1, PARTS + 1)
    ]
    for key in keys:
        desk.add(tables.Stock, unit_id=unit, part_id=key, quantity=100, minimum=10)
        desk.add(tables.StockMove, unit_id=unit, part_id=key, at=now, by_id=person, kind="arrival", quantity=100)
    return keys


def _money_out(desk: Writing, now: datetime) -> None:
    """The newest charges are not handed in, not invoiced, or to be collected, some of each."""
    keys = [row[0] for row in desk.all(text("SELECT id FROM charges WHERE state = 'settled' ORDER BY id DESC"))]
    for nth, key in enumerate(keys[: 3 * _MONEY_OUT]):
        at = (now - timedelta(hours=nth)).strftime("%Y%m%d%H%M")
        statement = (_ON_SITE, _ASSESSED, _INVOICED)[nth % 3]
        desk.do(text(statement), id=key, urgent=(AWAITED if statement == _INVOICED else UNSETTLED) + at)


def _papers(desk: Writing, jobs: Sequence[Job], parts: Sequence[int], now: datetime) -> None:
    """Receipts, lines of the goods register, cards with their lines, and who holds what."""
    first = {
        name: int(desk.value(text(f"SELECT coalesce(max(id), 0) + 1 FROM {name}")))
        for name in ("receipts", "goods", "repair_cards")
    }
    desk.add_many(tables.Receipt, [_receipt(job, now) for job in jobs])
    taken_in = [(first["receipts"] + at, job) for at, job in enumerate(jobs) if job.state]
    desk.add_many(tables.Goods, [_goods(job, receipt, now) for receipt, job in taken_in])
    desk.add_many(
        tables.RepairCard,
        [_card(job, receipt, first["goods"] + at, now) for at, (receipt, job) in enumerate(taken_in)],
    )
    cards = [(first["repair_cards"] + at, job) for at, (_, job) in enumerate(taken_in)]
    desk.add_many(tables.TimeLine, [line for card, job in cards for line in _time_lines(card, job)])
    desk.add_many(tables.CardPart, [line for card, job in cards for line in _part_lines(card, job, parts)])
    desk.add_many(tables.Promise, [_promise(card, job, now) for card, job in cards])
    desk.add_many(tables.Assistance, [_assistance(card, job) for card, job in cards if _asks_help(job)])
    desk.add_many(tables.Requisition, [_requisition(card, job, parts) for card, job in cards if job.nth % 5 == 0])
    desk.add_many(tables.Custody, [line for job in jobs for line in _custody(job)])
    for job in jobs:
        if job.state != CLOSED:
            desk.do(text(_CARRIED), id=job.call.id)


def _number(job: Job, letter: str) -> str:
    return paper_number(job.call.code, letter, job.came_in_at.date(), job.nth)


def _promised(job: Job, now: datetime) -> datetime:
    """Of closed jobs two days after; of open ones some have passed and most are to come."""
    if job.state in ("", CLOSED):
        return job.came_in_at + timedelta(days=2)
    return now + timedelta(hours=job.nth % 240 - 60)


def _asks_help(job: Job) -> bool:
    return job.state == "in_repair" and job.nth % 4 == 0


def _receipt(job: Job, now: datetime) -> dict[str, Any]:
    is_out = job.state == CLOSED
    return {
        "number": _number(job, RECEIPT),
        "unit_id": job.call.unit_id,
        "call_id": job.call.id,
        "product_id": job.call.product_id,
        "voucher_id": job.call.voucher_id,
        "state": "voided" if is_out else "issued",
        "issued_at": job.came_in_at,
        "issued_by": job.call.technician_id,
        "promised_at": _promised(job, now),
        "signer": job.call.customer_name,
        "taken_in": job.state != "",
        "voided_at": job.came_in_at + timedelta(days=2) if is_out else None,
        "voided_by": job.call.technician_id if is_out else None,
    }


def _goods(job: Job, receipt: int, now: datetime) -> dict[str, Any]:
    states = {CLOSED: "out", "at_factory": "sent_out"} | dict.fromkeys(READY, "passed")
    is_out = job.state == CLOSED
    return {
        "number": _number(job, GOODS_LINE),
        "unit_id": job.call.unit_id,
        "call_id": job.call.id,
        "product_id": job.call.product_id,
        "receipt_id": receipt,
        "voucher_id": job.call.voucher_id,
        "state": states.get(job.state, "in"),
        "came_in_at": job.came_in_at,
        "brought_by": job.call.technician_id,
        "received_by": job.call.logged_by,
        "promised_at": _promised(job, now),
        "returned_at": job.came_in_at + timedelta(days=2) if is_out else None,
        "returned_by": job.call.technician_id if is_out else None,
    }


def _card(job: Job, receipt: int, goods: int, now: datetime) -> dict[str, Any]:
    is_out, promised_at = job.state == CLOSED, _promised(job, now)
    done_at = job.came_in_at + timedelta(hours=20) if is_out or job.state in READY else None
    return {
        "number": _number(job, REPAIR_CARD),
        "unit_id": job.call.unit_id,
        "call_id": job.call.id,
        "goods_id": goods,
        "receipt_id": receipt,
        "voucher_id": job.call.voucher_id,
        "product_id": job.call.product_id,
        "model_no": job.call.model_no,
        "state": job.state,
        "opened_at": job.came_in_at,
        "opened_by": job.call.logged_by,
        "symptom": job.call.symptom,
        "promised_at": promised_at,
        "first_promised_at": promised_at,
        "technician_id": None if job.state == "waiting" and job.nth % 2 else job.call.technician_id,
        "minutes": 30 * LINES,
        "parts_due": 1 if job.state == "waiting_parts" else 0,
        "assistance": _asks_help(job),
        "found": "capacitor failed",
        "work": "replaced capacitor",
        "fault_code": "no_power" if job.nth % 2 else "noise",
        "resolution_code": "part_replaced" if is_out else "",
        "finished_at": done_at,
        "passed_at": done_at,
        "returned_at": job.came_in_at + timedelta(days=2) if is_out else None,
        "closed_at": job.came_in_at + timedelta(days=2) if is_out else None,
        "exchange_due": job.state == "beyond_repair" and job.call.service_type == "C",
        "urgent": urgency(job.state, promised_at) if job.state in IN_THE_SHOP else "",
    }


def _time_lines(card: int, job: Job) -> Iterator[dict[str, Any]]:
    for line in range(1, LINES + 1):
        began = job.came_in_at + timedelta(hours=line)
        yield {
            "card_id": card,
            "line": line,
            "technician_id": job.call.technician_id,
            "began_at": began,
            "ended_at": began + timedelta(minutes=30),
            "minutes": 30,
        }


def _part_lines(card: int, job: Job, parts: Sequence[int]) -> Iterator[dict[str, Any]]:
    for line in range(1, LINES + 1):
        yield {
            "card_id": card,
            "line": line,
            "part_id": parts[(job.nth + line) % len(parts)],
            "quantity": 1,
            "unit_price": 4500,
            "basis": "list",
            "amount": 4500,
            "used_at": job.came_in_at + timedelta(hours=line),
            "used_by": job.call.technician_id,
        }


def _promise(card: int, job: Job, now: datetime) -> dict[str, Any]:
    return {
        "card_id": card,
        "nth": 1,
        "promised_at": _promised(job, now),
        "at": job.came_in_at,
        "by_id": job.call.logged_by,
    }


def _assistance(card: int, job: Job) -> dict[str, Any]:
    return {
        "card_id": card,
        "asked_at": job.came_in_at,
        "asked_by": job.call.technician_id,
        "reason": "the board is not known",
    }


def _requisition(card: int, job: Job, parts: Sequence[int]) -> dict[str, Any]:
    is_open = job.state != CLOSED
    return {
        "number": _number(job, REQUISITION),
        "unit_id": job.call.unit_id,
        "card_id": card,
        "part_id": parts[job.nth % len(parts)],
        "quantity": 1,
        "arrived": 0 if is_open else 1,
        "state": "open" if is_open else "arrived",
        "asked_at": job.came_in_at,
        "asked_by": job.call.technician_id,
    }


def _custody(job: Job) -> Iterator[dict[str, Any]]:
    """The article from hand to hand, the last has it; and the voucher of the last job with the clerk or in file."""
    hands = {CLOSED: ("technician", "counter", "shelf", "customer"), "": ("technician",)}
    stays = _STAYS.get(job.state)
    way = hands.get(job.state, ("technician", "counter", *((stays,) if stays else ())))
    for at, holder in enumerate(way):
        is_now = at == len(way) - 1 and job.is_last
        yield _held(job, "article", job.call.product_id, _number(job, RECEIPT), holder, at, is_now=is_now)
    if job.is_last:
        holder = "file" if job.state == CLOSED else "clerk"
        yield _held(job, "voucher", job.call.voucher_id, job.call.voucher, holder, 0, is_now=True)


def _held(job: Job, kind: str, item: int, number: str, holder: str, at: int, *, is_now: bool) -> dict[str, Any]:
    return {
        "kind": kind,
        "item_id": item,
        "number": number,
        "unit_id": job.call.unit_id,
        "holder": holder,
        "holder_id": job.call.technician_id if holder == "technician" else None,
        "since": job.came_in_at + timedelta(hours=at),
        "until": None if is_now else job.came_in_at + timedelta(hours=at + 1),
    }
