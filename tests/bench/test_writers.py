"""Fifty people writing at once into one file: through the queue, and with SQLite's own waiting alone."""

from __future__ import annotations

import multiprocessing
import os
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from servicedesk.acts.act import find, perform
from servicedesk.domain.words import Refused
from servicedesk.store import audit
from servicedesk.store.engine import Books
from tests.bench.conftest import NOW
from tests.bench.measuring import Figures, percentile

PEOPLE = 50
SECONDS = 6.0
LOGINS = ("chen", "wu", "lin", "guo", "wong", "mei")


class Alone(Books):
    """Books without the queue: who writes waits as SQLite alone lets him."""

    @contextmanager
    def _in_queue(self) -> Iterator[None]:
        yield


@dataclass(frozen=True)
class Outcome:
    """What fifty people did."""

    done: list[int]
    waited: list[float]
    refused: Counter[str]
    seconds: float

    @property
    def fairness(self) -> float:
        """Jain's index of the acts each one could do: 1 where all could do as many."""
        return sum(self.done) ** 2 / (len(self.done) * sum(count**2 for count in self.done))

    @property
    def rate(self) -> float:
        """Acts a second, without everybody's first."""
        return (sum(self.done) - len(self.done)) / self.seconds


def test_fifty_at_once(figures: Figures, few: Path, copy_of: Callable[[Path, str], Path]) -> None:
    find("calls.log")
    queued_in, alone_in = copy_of(few, "queued.db"), copy_of(few, "alone.db")
    before = _count(queued_in)
    alone = _crowd(alone_in, Alone)
    queued = _crowd(queued_in, Books)
    lost = before + sum(queued.done) - _count(queued_in)
    books = Books(str(queued_in))
    with books.reading() as reading:
        fault = audit.verify(reading).fault
    books.close()
    figures.is_so("50 at once: refused", str(dict(queued.refused) or "none"), "none", met=not queued.refused)
    whole = "none, audit whole" if not lost and fault is None else f"{lost}, {fault}"
    figures.is_so("50 at once: lost", whole, "none", met=not lost and fault is None)
    figures.at_least("50 at once: fairness (Jain)", queued.fairness, 0.98)
    slowest, slowest_alone = percentile(queued.waited, 0.99), percentile(alone.waited, 0.99)
    figures.at_most("50 at once: p99 / busy_timeout alone", slowest / slowest_alone, 0.25)
    figures.at_least("50 at once: acts a second / busy_timeout alone", queued.rate / alone.rate, 0.6)
    figures.note("through the queue", f"{queued.rate:.0f}/s {slowest * 1000:.0f} ms")
    figures.note("busy_timeout alone", f"{alone.rate:.0f}/s {slowest_alone * 1000:.0f} ms")
    figures.note("its fairness, refused", f"{alone.fairness:.2f}, {sum(alone.refused.values())}")


def _crowd(path: Path, kind: type[Books]) -> Outcome:
    """Everybody logs one call, then all start at the same moment and log calls of new customers until time is up."""
    context = multiprocessing.get_context("fork")
    results: Any = context.SimpleQueue()
    first, ready = context.Lock(), context.Barrier(PEOPLE + 1)
    people = [
        context.Process(target=_person, args=(path, kind, number, first, ready, results), daemon=True)
        for number in range(PEOPLE)
    ]
    for person in people:
        person.start()
    ready.wait(120)
    told = [results.get() for _ in people]
    for person in people:
        person.join()
    refused: Counter[str] = Counter()
    for _, _, reasons in told:
        refused.update(reasons)
    return Outcome([done for done, _, _ in told], [wait for _, waits, _ in told for wait in waits], refused, SECONDS)


def _person(path: Path, kind: type[Books], number: int, first: Any, ready: Any, results: Any) -> None:
    books, logging = kind(str(path)), find("calls.log")
    waited: list[float] = []
    reasons: Counter[str] = Counter()
    login = LOGINS[number % len(LOGINS)]

    def act(turn: int) -> None:
        typed = {
            "caller": f"13{number:02}{turn:07}",
            "customer": f"客户 {number}-{turn}",
            "telephone": f"13{number:02}{turn:07}",
            "address": f"深南大道{number}号{turn}",
            "district": "福田",
            "model_no": "KFR-35GW",
            "symptom": "不制冷 not cooling",
        }
        now = NOW + timedelta(seconds=turn)
        perform(books, login, logging, (), typed, request=uuid.uuid4().hex, now=now)

    with first:
        act(0)
    done = 1
    ready.wait(120)
    ends = time.monotonic() + SECONDS
    while (began := time.monotonic()) < ends:
        try:
            act(done)
            done += 1
        except Refused as refused:
            reasons[str(refused.sentence.id)] += 1
        waited.append(time.monotonic() - began)
    results.put((done, waited, dict(reasons)))
    os._exit(0)


def _count(path: Path) -> int:
    books = Books(str(path))
    try:
        with books.reading() as reading:
            return int(reading.connection.exec_driver_sql("SELECT count(*) FROM calls").scalar_one())
    finally:
        books.close()
