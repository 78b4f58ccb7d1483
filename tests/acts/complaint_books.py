"""What must hold of the clocks of complaints, looked up in the raw rows, whatever was done by whom at once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from servicedesk.acts.complaints.escalating import ESCALATE
from servicedesk.store import audit, tables
from servicedesk.store.session import Reading, table_of

STOPPERS = {
    "acknowledge": {"complaints.acknowledge", "complaints.withdraw"},
    "solve": {"complaints.offer", "complaints.withdraw"},
    "follow_up": {"complaints.follow_up", "complaints.withdraw"},
}
STAMPS = {"acknowledge": "acknowledged_at", "solve": "solution_at", "follow_up": "followed_up_at"}
"""What stands on a handling when its clock was stopped by anything but a withdrawal."""
ENDED = ("case_closed", "withdrawn")
IN_HAND = ("assigned", "investigating", "solution_offered", "carrying_out", "result_told", "followed_up")

Rows = dict[int, dict[str, Any]]


@dataclass(frozen=True)
class Snapshot:
    """All rows by their keys, read in one transaction."""

    sheets: Rows
    handlings: Rows
    clocks: Rows
    steps: Rows
    events: Rows
    departments: Rows
    evidence: Rows
    letters: Rows


@dataclass
class Memory:
    """What was seen before and may never change again."""

    due: dict[tuple[str, int], tuple[datetime, ...]] = field(default_factory=dict)
    ended: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    waiting: set[int] = field(default_factory=set)
    running: set[int] = field(default_factory=set)


def snapshot(reading: Reading, after: int = 0) -> Snapshot:
    """Every row of the complaints after this key."""

    def rows(model: Any) -> Rows:
        table = table_of(model)
        link = table.c.id if model is tables.Complaint else table.c.complaint_id
        found = reading.connection.execute(select(table).where(link > after)).mappings()
        return {row["id"]: dict(row) for row in found}

    return Snapshot(
        rows(tables.Complaint),
        rows(tables.ComplaintHandling),
        rows(tables.ComplaintClock),
        rows(tables.ComplaintEscalation),
        rows(tables.ComplaintEvent),
        rows(tables.ComplaintDepartment),
        rows(tables.ComplaintEvidence),
        rows(tables.Letter),
    )


def check(books: Snapshot, memory: Memory, now: datetime, *, alone: bool) -> None:
    """Everything that must hold; `alone` where nobody else did anything since it was checked last."""
    by_clock = defaultdict(list)
    for step in books.steps.values():
        by_clock[step["clock_id"]].append(step)
    for key, clock in books.clocks.items():
        check_clock(clock, by_clock[key], now)
        if alone and key in memory.running and clock["stopped_at"] is not None:
            just_now = [step for step in by_clock[key] if step["id"] in memory.waiting and step["state"] == "happened"]
            assert all(step["due_at"] <= clock["stopped_at"] for step in just_now), "due after the stop"
    check_events(books)
    check_memory(books, memory)
    for sheet in books.sheets.values():
        of_sheet = [clock for clock in books.clocks.values() if clock["complaint_id"] == sheet["id"]]
        check_sheet(sheet, of_sheet, books)
    memory.running = {key for key, clock in books.clocks.items() if clock["stopped_at"] is None}
    memory.waiting = {key for key, step in books.steps.items() if step["state"] == "waiting"}


def check_clock(clock: dict[str, Any], steps: Sequence[dict[str, Any]], now: datetime) -> None:
    """It runs forwards, is stopped by an act that may, and each of its steps has happened, lapsed, or still can."""
    stopped = clock["stopped_at"]
    assert clock["starts_at"] <= clock["due_at"]
    assert (stopped is None) == (clock["stopped_by"] == "")
    if stopped is None:
        assert {step["state"] for step in steps} <= {"waiting", "happened"}
    else:
        assert clock["starts_at"] <= stopped <= now, "it stops after its start and not in the future"
        assert clock["stopped_by"] in STOPPERS[clock["clock"]]
        for step in steps:
            assert step["state"] in ("happened", "lapsed"), "nothing waits for a clock that stands"
            assert step["due_at"] > stopped or step["state"] == "happened", "due before the stop, so it happened"
    for step in steps:
        assert (step["state"] == "happened") == (step["happened_at"] is not None)
        assert step["happened_at"] is None or step["due_at"] <= step["happened_at"] <= now, "not before its time"


def check_events(books: Snapshot) -> None:
    """A step that happened has one event, at its time, on its sheet; no other has any."""
    told: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for event in books.events.values():
        assert (event["kind"] == "escalated") == (event["escalation_id"] is not None)
        if event["escalation_id"] is not None:
            told[event["escalation_id"]].append(event)
    for key, step in books.steps.items():
        events = told[key]
        assert len(events) == (step["state"] == "happened"), "once, whoever noticed first"
        for event in events:
            assert (event["at"], event["complaint_id"]) == (step["happened_at"], step["complaint_id"])
            assert (event["by_id"], event["nth"]) == (None, books.clocks[step["clock_id"]]["nth"])


def check_memory(books: Snapshot, memory: Memory) -> None:
    """Due times stay as they were written; what stopped, happened, lapsed or was closed stays as it was."""
    for name, rows in (("clock", books.clocks), ("step", books.steps)):
        for key, row in rows.items():
            times = (row["starts_at"], row["due_at"]) if name == "clock" else (row["due_at"],)
            assert memory.due.setdefault((name, key), times) == times, "never changed once written"
            if row.get("stopped_at") is not None or row.get("state") in ("happened", "lapsed"):
                assert memory.ended.setdefault((name, key), row) == row, "frozen"
    for key, event in books.events.items():
        assert memory.ended.setdefault(("event", key), event) == event
    for key, handling in books.handlings.items():
        if handling["nth"] < books.sheets[handling["complaint_id"]]["round"]:
            assert memory.ended.setdefault(("handling", key), handling) == handling, "frozen with its clocks"
    known = {"clock": books.clocks, "step": books.steps, "event": books.events, "handling": books.handlings}
    assert all(key in known[name] for name, key in memory.ended), "nothing is ever taken out"


def check_sheet(sheet: dict[str, Any], clocks: Sequence[dict[str, Any]], books: Snapshot) -> None:
    """Every clock of every handling is accounted for, and what is kept beside the sheet follows from the rest."""
    handlings = {row["nth"]: row for row in books.handlings.values() if row["complaint_id"] == sheet["id"]}
    assert sorted(handlings) == list(range(1, sheet["round"] + 1))
    for nth, handling in handlings.items():
        of_handling = {clock["clock"]: clock for clock in clocks if clock["nth"] == nth}
        check_handling(handling, of_handling, is_ended=nth < sheet["round"] or sheet["state"] in ENDED)
    present = [clock for clock in clocks if clock["nth"] == sheet["round"] and clock["stopped_at"] is None]
    check_columns(sheet, handlings[sheet["round"]], present)
    running = {clock["id"] for clock in clocks if clock["stopped_at"] is None}
    happened = [row for row in books.steps.values() if row["clock_id"] in running and row["state"] == "happened"]
    roles = dict.fromkeys(row["role"] for row in sorted(happened, key=lambda row: (row["due_at"], row["id"])))
    assert sheet["escalated"] == (f" {' '.join(roles)} " if roles else "")


def check_handling(handling: dict[str, Any], clocks: dict[str, dict[str, Any]], *, is_ended: bool) -> None:
    """The clocks of one handling: begun where they must be, stopped where what they wait for was done."""
    assert {"acknowledge", "solve"} <= clocks.keys()
    assert "follow_up" in clocks or handling["solution_at"] is None
    is_withdrawn = handling["withdrawn_at"] is not None
    for name, clock in clocks.items():
        is_stopped = clock["stopped_at"] is not None
        assert is_stopped or not is_ended, "no clock runs on in what is closed or withdrawn"
        assert is_stopped == (handling[STAMPS[name]] is not None or is_withdrawn)
        assert is_withdrawn or clock["stopped_by"] != "complaints.withdraw"
    assert (handling["closed_at"] is None and not is_withdrawn) != is_ended


def check_columns(sheet: dict[str, Any], handling: dict[str, Any], running: Sequence[dict[str, Any]]) -> None:
    """Due time, place in the queue, whom it waits for and what is still to be done, worked out by hand."""
    is_open = sheet["state"] not in ENDED
    due = min((clock["due_at"] for clock in running), default=None)
    asked = handling["proposed"] > 0 and handling["approved_at"] is None
    waits = {
        "with_deputy": "deputy",
        "investigating": "deputy" if asked else "",
        "carrying_out": "department",
        "followed_up": "site" if handling["visited_at"] is None else "",
    }.get(sheet["state"], "")
    assert sheet["due_at"] == (due if is_open else None)
    assert sheet["waits"] == waits
    assert sheet["to_acknowledge"] == (is_open and handling["acknowledged_at"] is None)
    assert sheet["to_visit"] == (sheet["state"] in IN_HAND and handling["visited_at"] is None)
    below = waits != "" and handling["acknowledged_at"] is not None
    promise = sheet["next_at"] or due
    group = 2 * below + (1 if sheet["gravity"] == "serious" else 2)
    key = f"{promise:%Y%m%d%H%M}" if promise is not None else "9" * 12
    assert sheet["urgent"] == (f"{group}{key}" if is_open else "")


def check_numbers(reading: Reading) -> None:
    """Each series of complaints and of letters runs from 1 without a gap."""
    series = defaultdict(list)
    for model in (tables.Complaint, tables.Letter):
        for number in reading.connection.execute(select(table_of(model).c.number)).scalars():
            name, _, serial = number.rpartition("-")
            series[name].append(int(serial))
    assert all(sorted(serials) == list(range(1, len(serials) + 1)) for serials in series.values())


def check_log(reading: Reading) -> None:
    """The chain is whole, and the clock has let happen no more steps than did."""
    assert audit.verify(reading).fault is None
    lines = [line for line in audit.lines(reading) if line.act == ESCALATE]
    assert {line.actor for line in lines} <= {""}
    by_lines = sum(len(json.loads(line.detail or "")["steps"]) for line in lines)
    happened = select(table_of(tables.ComplaintEvent).c.id).where(table_of(tables.ComplaintEvent).c.kind == "escalated")
    assert by_lines <= len(reading.all(happened))
