"""The years before: struck-off calls with customers, visits and voucher entries, written many at a time.

They are what the books would hold, but for the acts' audit lines: each portion has one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from servicedesk.cli import demo_words as said
from servicedesk.cli.demo_books import Told, write_line
from servicedesk.domain.customers import customer_number
from servicedesk.domain.numbering import CALL, VOUCHER, paper_number, voucher_number

if TYPE_CHECKING:
    from servicedesk.domain.units import UnitRow
    from servicedesk.store.engine import Books
    from servicedesk.store.session import Writing

YEARS = timedelta(days=3650)
PORTION = 20_000
CALLS_OF_A_CUSTOMER = 8
_OPENS, _MINUTES_OPEN = 510, 540
_LIMIT = {"urban": timedelta(hours=6), "suburban": timedelta(hours=7)}


class _Known(NamedTuple):
    """What a call copies from its customer's pocket."""

    unit: str
    customer_id: int
    product_id: int
    voucher_id: int
    voucher: str
    name: str
    telephone: str
    address: str
    district: str
    zone: str
    made: said.DemoProduct
    serial: str


def write_history(books: Books, chance: Random, count: int, now: datetime, told: Told | None) -> None:
    """Write so many calls of the ten years before `now`, in portions of one transaction each."""
    from servicedesk.store import people

    with books.reading() as reading:
        units = people.units(books, reading, people.facts(reading))
        staff = _staff_keys(reading)
    written = 0
    begins = now - YEARS
    while written < count:
        portion = min(PORTION, count - written)
        ends = begins + YEARS * portion / count
        with books.writing() as desk:
            facts = people.facts(desk)
            known = _customers(desk, chance, units, max(1, portion // CALLS_OF_A_CUSTOMER), begins)
            times = _times(chance, portion, begins, ends)
            _calls(desk, chance, units, staff, [(at, chance.choice(known)) for at in times])
            write_line(desk, facts, ends, "demo.history", calls=portion)
        begins, written = ends, written + portion
        if told is not None:
            told(written, count)


def _staff_keys(reading: Any) -> dict[str, int]:
    from servicedesk.store import staff

    return {row.login: row.id for row in staff.staff_list(reading)}


def _times(chance: Random, count: int, begins: datetime, ends: datetime) -> list[datetime]:
    """Times of calls in order, on weekdays between half past eight and half past five, as in China."""
    zone, days = ZoneInfo("Asia/Shanghai"), max(1, (ends - begins).days)
    first = begins.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    for _ in range(count):
        day = first + timedelta(days=chance.randrange(days))
        if day.weekday() > 4:
            day -= timedelta(days=day.weekday() - 4)
        found.append((day + timedelta(minutes=_OPENS + chance.randrange(_MINUTES_OPEN))).astimezone(UTC))
    return sorted(found)


def _customers(desk: Writing, chance: Random, units: dict[str, UnitRow], count: int, now: datetime) -> list[_Known]:
    """New customers, each with a telephone, an address, a product and its voucher, all found by search."""
    from servicedesk.store import pockets, search, tables
    from servicedesk.store.words_index import name_keys

    first = {model: pockets.last_key(desk, model) + 1 for model in (tables.Customer, tables.Product, tables.Voucher)}
    last = desk.next_number(pockets.CUSTOMER_SERIES, count)
    known = [_customer(chance, first[tables.Customer] + at, first[tables.Product] + at) for at in range(count)]
    known = [one._replace(voucher_id=first[tables.Voucher] + at) for at, one in enumerate(known)]
    known = _with_vouchers(desk, known)
    names = [name_keys(one.name) for one in known]
    desk.add_many(
        tables.Customer,
        [
            {"number": customer_number(last - count + 1 + at), "name": one.name, "initials": keys[0], "pinyin": keys[1]}
            for at, (one, keys) in enumerate(zip(known, names, strict=True))
        ],
    )
    desk.add_many(tables.Telephone, [pockets.telephone(one.customer_id, one.telephone) for one in known])
    desk.add_many(
        tables.Address,
        [{"customer_id": one.customer_id, "address": one.address, "district": one.district} for one in known],
    )
    desk.add_many(
        tables.Product,
        [
            {
                "customer_id": one.customer_id,
                "name": one.made.name,
                "model_no": one.made.model,
                "serial_no": one.serial,
                "warranty_until": now.date() + timedelta(days=365),
            }
            for one in known
        ],
    )
    desk.add_many(
        tables.Voucher,
        [
            {"number": one.voucher, "unit_id": units[one.unit].id, "product_id": one.product_id, "held_since": now}
            for one in known
        ],
    )
    search.write_many(
        desk,
        search.CUSTOMERS,
        [(one.customer_id, pockets.words_of(one.name, (), (one.address,))) for one in known],
    )
    return known


def _customer(chance: Random, customer_id: int, product_id: int) -> _Known:
    unit = chance.choices(("SZ", "GZ", "HK"), (7, 2, 1))[0]
    district, zone = chance.choice(said.DISTRICTS[unit])
    return _Known(
        unit,
        customer_id,
        product_id,
        0,
        "",
        said.person_name(chance),
        said.mobile(chance, unit),
        said.address(chance, unit, district),
        district,
        zone,
        chance.choice(said.PRODUCTS),
        said.serial(chance),
    )


def _with_vouchers(desk: Writing, known: Sequence[_Known]) -> list[_Known]:
    """The next voucher numbers of each unit."""
    counts: dict[str, int] = {}
    for one in known:
        counts[one.unit] = counts.get(one.unit, 0) + 1
    serials = {}
    for unit, count in counts.items():
        last = desk.next_number(f"{unit}-{VOUCHER}", count)
        serials[unit] = iter(range(last - count + 1, last + 1))
    return [one._replace(voucher=voucher_number(one.unit, next(serials[one.unit]))) for one in known]


def _calls(
    desk: Writing,
    chance: Random,
    units: dict[str, UnitRow],
    staff: dict[str, int],
    made: Sequence[tuple[datetime, _Known]],
) -> None:
    """The lines of the register with their visits, voucher entries and words."""
    from servicedesk.store import pockets, search, tables
    from servicedesk.store.words_index import index_text

    first_call = pockets.last_key(desk, tables.Call) + 1
    first_visit = pockets.last_key(desk, tables.Visit) + 1
    numbers = _numbers(desk, units, made)
    rows = [_call(chance, units, staff, at, one, number) for (at, one), number in zip(made, numbers, strict=True)]
    desk.add_many(tables.Call, rows)
    if pockets.last_key(desk, tables.Call) != first_call + len(rows) - 1:
        raise ValueError("somebody else writes into these books")
    desk.add_many(tables.Visit, [_visit(first_call + at, row) for at, row in enumerate(rows)])
    desk.add_many(
        tables.VoucherEntry, [_entry(chance, first_call + at, first_visit + at, row) for at, row in enumerate(rows)]
    )
    _charges(desk, units, first_call, rows)
    # What the calls of a customer share is cut into words once.
    shared = {
        one.customer_id: index_text(
            one.telephone, one.address, one.made.model, one.made.name, one.serial, one.voucher, names=(one.name,)
        )
        for one in {known for _, known in made}
    }
    words = [f"{shared[row['customer_id']]} {index_text(row['number'], row['symptom'])}" for row in rows]
    search.write_many(desk, search.CALLS, list(enumerate(words, start=first_call)))


def _charges(desk: Writing, units: dict[str, UnitRow], first_call: int, rows: Sequence[dict[str, Any]]) -> None:
    """What was collected on the spot, handed in when the line was struck off."""
    from servicedesk.store import pockets, tables

    currencies = {unit.id: unit.currency for unit in units.values()}
    charged = [(first_call + at, row) for at, row in enumerate(rows) if row["fee"]]
    first = pockets.last_key(desk, tables.Charge) + 1
    desk.add_many(tables.Charge, [_charge(call_id, row, currencies[row["unit_id"]]) for call_id, row in charged])
    lines = [(first + at, row["fee"]) for at, (_, row) in enumerate(charged)]
    desk.add_many(
        tables.ChargeLine,
        [
            {"charge_id": key, "line": 1, "kind": "labour", "list_amount": fee, "basis": "list", "amount": fee}
            for key, fee in lines
        ],
    )


def _charge(call_id: int, row: dict[str, Any], currency: str) -> dict[str, Any]:
    return {
        "unit_id": row["unit_id"],
        "call_id": call_id,
        "technician_id": row["technician_id"],
        "state": "settled",
        "amount": row["fee"],
        "currency": currency,
        "done_at": row["finished_at"],
        "signer": row["customer_name"],
        "signed_at": row["finished_at"],
        "collected_at": row["finished_at"],
        "collected_by": row["technician_id"],
        "remitted_at": row["struck_off_at"],
        "settled_at": row["struck_off_at"],
    }


def _numbers(desk: Writing, units: dict[str, UnitRow], made: Sequence[tuple[datetime, _Known]]) -> Iterator[str]:
    """Each unit's numbers of each day, without gaps, in the order of the calls."""
    zones = {code: ZoneInfo(unit.timezone) for code, unit in units.items()}
    days = [(one.unit, at.astimezone(zones[one.unit]).date()) for at, one in made]
    serials: dict[tuple[str, date], Iterator[int]] = {}
    for (unit, day), same in groupby(sorted(days)):
        count = len(list(same))
        last = desk.next_number(f"{unit}-{CALL}-{day:%y%m%d}", count)
        serials[unit, day] = iter(range(last - count + 1, last + 1))
    return (paper_number(unit, CALL, day, next(serials[unit, day])) for unit, day in days)


def _call(
    chance: Random, units: dict[str, UnitRow], staff: dict[str, int], at: datetime, one: _Known, number: str
) -> dict[str, Any]:
    due = at + _LIMIT[one.zone]
    dispatched = at + timedelta(minutes=chance.randrange(5, 90))
    arrived = dispatched + timedelta(minutes=chance.randrange(30, 300))
    finished = arrived + timedelta(minutes=chance.randrange(20, 120))
    clerk = staff[said.CLERK_OF[one.unit]]
    fee = 0 if chance.random() < 0.6 else chance.randrange(5, 60) * 1000
    return {
        "number": number,
        "unit_id": units[one.unit].id,
        "state": "struck_off",
        "called_at": at,
        "logged_at": at + timedelta(minutes=2),
        "channel": "telephone",
        "customer_id": one.customer_id,
        "customer_name": one.name,
        "telephone": one.telephone,
        "address": one.address,
        "district": one.district,
        "zone": one.zone,
        "product_id": one.product_id,
        "model_no": one.made.model,
        "product_name": one.made.name,
        "serial_no": one.serial,
        "symptom": chance.choice(one.made.symptoms),
        "service_type": "A" if fee else "C",
        "voucher_id": one.voucher_id,
        "due_at": due,
        "judged_by": due,
        "dispatched_at": dispatched,
        "technician_id": staff[chance.choice(said.TECHNICIANS_OF[one.unit])],
        "arrived_at": arrived,
        "finished_at": finished,
        "struck_off_at": finished + timedelta(hours=2),
        "struck_off_by": clerk,
        "visits": 1,
        "signed": "signed",
        "fee": fee,
        "charge": "settled" if fee else "",
        "state_before": "done_on_site",
        "logged_by": clerk,
    }


def _visit(call_id: int, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "call_id": call_id,
        "nth": 1,
        "technician_id": row["technician_id"],
        "state": "done",
        "dispatched_at": row["dispatched_at"],
        "arrived_at": row["arrived_at"],
        "left_at": row["finished_at"],
        "outcome": "done_on_site",
    }


def _entry(chance: Random, call_id: int, visit_id: int, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "voucher_id": row["voucher_id"],
        "call_id": call_id,
        "visit_id": visit_id,
        "technician_id": row["technician_id"],
        "arrived_at": row["arrived_at"],
        "left_at": row["finished_at"],
        "cause": chance.choice(said.CAUSES),
        "work": chance.choice(said.WORK),
        "outcome": "done_on_site",
        "signature": "signed",
        "signer": row["customer_name"],
        "signer_capacity": "customer",
        "signed_at": row["finished_at"],
        "medium": "paper",
    }
