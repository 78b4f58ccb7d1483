"""Books with so many complaints, each with its handling, clocks, escalation steps, events, departments and words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from servicedesk.cli.demo_books import build
from servicedesk.domain.complaint_clocks import CLOCKS, Limits, due_after
from servicedesk.domain.complaints import CAUSES, CLOSED, OPEN, SERIOUS
from servicedesk.domain.numbering import COMPLAINT, paper_number
from servicedesk.store import search, tables
from servicedesk.store.engine import Books
from servicedesk.store.session import Writing
from servicedesk.store.words_index import index_text

STILL_OPEN = 300
"""How many complaints are open, in small and great books alike."""

INCIDENT = "2026-11 充电器召回"
FEW_OF_A_KIND = 60
"""How many complaints belong to the incident, are malicious, or have what only old ones have."""

YEARS = timedelta(days=5 * 365)
_NEWEST = 2 * STILL_OPEN
_CALLS = 2_000
_OF_A_CALL = 4
_PORTION = 10_000
_OPEN_STATES = tuple(sorted(OPEN))
_CHANNELS = ("telephone", "telephone", "telephone", "email", "chat", "counter", "telephone", "telephone")
_DEPARTMENTS = ("品质部", "配件部", "深圳服务中心", "物流部")
_SAID = ("空调修了三次还是不制冷", "师傅迟到两小时", "收费与报价不符", "配件一直没有到", "the washer shakes again")
_JOBS = """
SELECT c.id, c.unit_id, u.code, c.customer_id, c.product_id, c.voucher_id, c.model_no, c.product_name, c.serial_no,
    c.customer_name, c.telephone, c.address, c.logged_by, c.technician_id
FROM calls c JOIN units u ON u.id = c.unit_id WHERE c.technician_id IS NOT NULL ORDER BY c.id
"""
_STAFF = "SELECT id, login FROM staff"
_RULES = "SELECT clock, percent, role FROM escalation_steps ORDER BY clock, percent"


@dataclass(frozen=True)
class Bench:
    """What every complaint is made of: the calls they are about, the people, the escalation steps, and how many."""

    calls: Sequence[Row[Any]]
    staff: dict[str, int]
    rules: Sequence[Row[Any]]
    first: int
    count: int
    now: datetime

    def key(self, nth: int) -> int:
        """The key of the nth complaint."""
        return self.first + nth

    def received_at(self, nth: int) -> datetime:
        """The last ones in the last days, all others evenly over the years before."""
        newest = self.count - nth - 1
        if newest < _NEWEST:
            return self.now - timedelta(minutes=20 + newest * 9)
        return (self.now - YEARS * (self.count - nth) / self.count).replace(microsecond=0)

    def is_open(self, nth: int) -> bool:
        """Every other one of the newest."""
        newest = self.count - nth - 1
        return newest < _NEWEST and newest % 2 == 0

    def rank(self, nth: int) -> int:
        """The how-manieth open one it is, from the newest."""
        return (self.count - nth - 1) // 2

    def is_old(self, nth: int) -> bool:
        """Of the few at the very beginning, which have what no other one has."""
        return nth < FEW_OF_A_KIND

    def is_of_the_incident(self, nth: int) -> bool:
        """Of the few of one emergency, halfway through the years."""
        return self.count // 2 <= nth < self.count // 2 + FEW_OF_A_KIND

    def is_rare(self, nth: int) -> bool:
        """One of the few that are spread over all the years."""
        return nth % (self.count // FEW_OF_A_KIND) == 1


def build_complaints(path: str, complaints: int, now: datetime) -> None:
    """Demo books with so many complaints more."""
    build(path, calls=max(_CALLS, complaints // _OF_A_CALL), now=now)
    books = Books(path)
    try:
        with books.reading() as reading:
            first = int(reading.value(text("SELECT coalesce(max(id), 0) + 1 FROM complaints")))
            staff = {row.login: row.id for row in reading.all(text(_STAFF))}
            bench = Bench(reading.all(text(_JOBS)), staff, reading.all(text(_RULES)), first, complaints, now)
        for begin in range(0, complaints, _PORTION):
            with books.writing() as desk:
                _write(desk, bench, range(begin, min(begin + _PORTION, complaints)))
        with books.writing() as desk:
            while search.merge_idle(desk):  # as desks do while nobody types
                pass
    finally:
        books.close()


def _write(desk: Writing, bench: Bench, portion: Sequence[int]) -> None:
    sheets = [_sheet(bench, nth) for nth in portion]
    clock = int(desk.value(text("SELECT coalesce(max(id), 0) FROM complaint_clocks")))
    _insert(desk, tables.Complaint, sheets)
    _insert(desk, tables.ComplaintHandling, [_handling(bench, nth) for nth in portion])
    clocks = [line for nth in portion for line in _clocks(bench, nth)]
    _insert(desk, tables.ComplaintClock, clocks)
    steps = [line for at, each in enumerate(clocks, clock + 1) for line in _steps(bench, at, each)]
    _insert(desk, tables.ComplaintEscalation, steps)
    _insert(desk, tables.ComplaintEvent, [line for nth in portion for line in _events(bench, nth)])
    _insert(desk, tables.ComplaintDepartment, [line for nth in portion for line in _departments(bench, nth)])
    search.write_many(desk, search.COMPLAINTS, [(sheet["id"], _words(sheet)) for sheet in sheets])


def _insert(desk: Writing, model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Straight to the driver: what SQLAlchemy does for each row takes longer than the row."""
    if not rows:
        return
    columns = [column for column in model.__table__.columns if column.name in rows[0] or column.default is not None]
    names = ", ".join(column.name for column in columns)
    marks = ", ".join("?" * len(columns))
    dialect = desk.connection.dialect
    processors = [
        column.type.dialect_impl(dialect).bind_processor(dialect) or (lambda value: value) for column in columns
    ]
    defaults = [column.default.arg if column.default is not None else None for column in columns]
    driver: Any = desk.connection.connection.driver_connection
    driver.executemany(
        f"INSERT INTO {model.__tablename__} ({names}) VALUES ({marks})",
        (
            [
                convert(row.get(column.name, default))
                for column, convert, default in zip(columns, processors, defaults, strict=True)
            ]
            for row in rows
        ),
    )


def _sheet(bench: Bench, nth: int) -> dict[str, Any]:
    call, received_at = bench.calls[nth * 7 % len(bench.calls)], bench.received_at(nth)
    is_open, kind = bench.is_open(nth), bench.rank(nth) if bench.is_open(nth) else nth
    serious = kind % 10 == 3
    due_at = received_at + timedelta(hours=48) if is_open else None
    old = bench.is_old(nth)
    return {
        "id": bench.key(nth),
        "number": paper_number(call.code, COMPLAINT, received_at.date(), 1000 + nth),
        "unit_id": call.unit_id,
        "state": _OPEN_STATES[kind % len(_OPEN_STATES)] if is_open else CLOSED,
        "received_at": received_at,
        "entered_at": received_at,
        "received_by": call.logged_by,
        "channel": "letter" if old else _CHANNELS[nth % len(_CHANNELS)],
        "customer_id": call.customer_id,
        "customer_name": call.customer_name,
        "telephone": call.telephone,
        "address": call.address,
        "call_id": call.id,
        "voucher_id": call.voucher_id,
        "product_id": call.product_id,
        "technician_id": call.technician_id,
        "model_no": call.model_no,
        "product_name": call.product_name,
        "serial_no": call.serial_no,
        "content": _SAID[kind % len(_SAID)],
        "nature": "logistics" if old else ("product", "service", "other")[nth % 3],
        "urgency": "normal",
        "scope": "one",
        "gravity": SERIOUS if serious else "ordinary",
        "priority": 1 + nth % 4,
        "owner_id": bench.staff["luo" if old else "tang"],
        "handler_id": bench.staff["zheng"] if old else call.technician_id,
        "malicious": int(bench.is_rare(nth)),
        "incident": INCIDENT if bench.is_of_the_incident(nth) else "",
        "due_at": due_at,
        "escalated": " customer_department service_manager " if is_open and kind % 2 else "",
        "waits": ("deputy" if kind % 3 else "") if is_open else "",
        "to_acknowledge": int(is_open and kind % 4 == 0),
        "to_visit": int(is_open and kind % 4 == 1),
        "urgent": f"{1 if serious else 2}{due_at:%Y%m%d%H%M}" if due_at is not None else "",
    }


def _handling(bench: Bench, nth: int) -> dict[str, Any]:
    received_at, is_closed = bench.received_at(nth), not bench.is_open(nth)
    return {
        "complaint_id": bench.key(nth),
        "nth": 1,
        "begun_at": received_at,
        "acknowledged_at": received_at + timedelta(minutes=30) if is_closed else None,
        "cause_class": tuple(CAUSES)[nth * nth % len(CAUSES)] if is_closed else "",
        "cause": "装配时漏了一颗螺钉",
        "investigation": "与师傅和客户都谈过",
        "solution": "免费重修",
        "satisfaction": nth % 5 if is_closed else 0,
        "summary": "以后先确认配件再上门",
        "closed_at": received_at + timedelta(hours=70) if is_closed else None,
    }


def _clocks(bench: Bench, nth: int) -> Iterator[dict[str, Any]]:
    limits, received_at = Limits(), bench.received_at(nth)
    for clock in CLOCKS:
        minutes = limits.minutes(clock)
        stops_after = minutes * (1 if nth % 6 else 3) // 2
        stopped_at = None if bench.is_open(nth) else due_after(received_at, stops_after)
        yield {
            "complaint_id": bench.key(nth),
            "nth": 1,
            "clock": clock,
            "starts_at": due_after(received_at, 0),
            "due_at": due_after(received_at, minutes),
            "stopped_at": stopped_at,
            "stopped_by": "" if stopped_at is None else "complaints.close",
        }


def _steps(bench: Bench, key: int, clock: dict[str, Any]) -> Iterator[dict[str, Any]]:
    minutes = Limits().minutes(clock["clock"])
    for rule in bench.rules:
        if rule.clock == clock["clock"]:
            due_at = due_after(clock["starts_at"], minutes, rule.percent)
            until = clock["stopped_at"] or bench.now
            state = "happened" if due_at <= until else "waiting" if clock["stopped_at"] is None else "lapsed"
            yield {
                "complaint_id": clock["complaint_id"],
                "clock_id": key,
                "percent": rule.percent,
                "role": rule.role,
                "due_at": due_at,
                "state": state,
                "happened_at": due_at if state == "happened" else None,
            }


def _events(bench: Bench, nth: int) -> Iterator[dict[str, Any]]:
    for kind, hours in (("contact", 1), ("added", 5)):
        yield {
            "complaint_id": bench.key(nth),
            "kind": kind,
            "at": bench.received_at(nth) + timedelta(hours=hours),
            "by_id": bench.staff["tang"],
            "words": "客户说下午在家",
        }


def _departments(bench: Bench, nth: int) -> Iterator[dict[str, Any]]:
    named = ("工厂",) if bench.is_old(nth) else (_DEPARTMENTS[nth % 4], _DEPARTMENTS[(nth + 1) % 4])[: 1 + nth % 2]
    for line, department in enumerate(named, 1):
        yield {
            "complaint_id": bench.key(nth),
            "line": line,
            "department": department,
            "part": "查明原因",
            "asked_at": bench.received_at(nth),
            "asked_by": bench.staff["tang"],
        }


def _words(sheet: dict[str, Any]) -> str:
    parts = (sheet["number"], sheet["telephone"], sheet["model_no"], sheet["product_name"], sheet["content"])
    return index_text(*parts, sheet["incident"], names=(sheet["customer_name"],))
