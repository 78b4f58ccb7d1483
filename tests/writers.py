"""Many processes that write into the same books at once, some of them killed: run as a program, driven by `storm`.

The program rehearses one act, which imports everything, closes the books and forks the writers: no connection
ever crosses a fork, and a writer that takes a dead one's place starts at once. Each writer logs calls of one
known customer, and says what `perform` gave only after it has returned; what it says is all that the parent knows.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import random
import select
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

from servicedesk.acts.act import carry_out, find, perform
from servicedesk.acts.desk import Desk
from servicedesk.domain.words import Refused, say
from servicedesk.store import engine
from servicedesk.store.engine import Books
from servicedesk.store.migrate import open_books
from tests.world import MONDAY

ROOT = Path(__file__).resolve().parents[1]
WITHOUT_A_QUEUE = "without a queue"
"""The switch that takes away what keeps writers apart: BEGIN is deferred, and nobody waits in line."""

_SHARP = ("", "", "before the commit", "after the commit")
"""Where a writer of a storm kills itself; "" waits to be killed at any moment."""


@dataclass(frozen=True)
class Orders:
    """A storm of `writers`, each logging `calls` calls, or all together until `total` are saved.

    `deaths` writers are killed, one after the other, and followed by another that tries their last request again.
    """

    database: str
    customers: tuple[str, ...]
    writers: int
    calls: int = 0
    total: int = 0
    deaths: int = 0
    seed: int = 0
    switch: str = ""


@dataclass(frozen=True)
class Said:
    """What a writer said after `perform` had returned: the number, or the words of a fault."""

    writer: int
    request: str
    number: str = ""
    already: bool = False
    fault: str = ""


@dataclass(frozen=True)
class Outcome:
    """What all writers said, in the order in which it came, and how many were killed."""

    said: tuple[Said, ...]
    deaths: int

    @property
    def saved(self) -> dict[str, str]:
        """The number of each request that was acknowledged."""
        return {line.request: line.number for line in self.said if line.number}

    @property
    def faults(self) -> list[str]:
        """Every fault that a writer met."""
        return [line.fault for line in self.said if line.fault]

    def counts(self, first: int) -> list[int]:
        """How many of the first so many acknowledgements were whose."""
        found = Counter(line.writer for line in self.said[:first])
        return sorted(found.values())


def storm(orders: Orders) -> Outcome:
    """Run the program of this module and give what its writers said."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.writers", json.dumps(asdict(orders))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    return Outcome(tuple(Said(**line) for line in answer["said"]), answer["deaths"])


# The program


class Storm:
    """The parent of the writers: it starts, kills and replaces them, and hears what they say."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.said: list[Said] = []
        self.deaths = 0
        self._random = random.Random(orders.seed)
        self._acknowledged: Counter[int] = Counter()
        self._running: dict[int, tuple[int, int]] = {}
        self._ears, self._mouth = os.pipe()
        self._go, self._gate = os.pipe()
        self._end, self._bell = os.pipe()
        self._rest = b""
        self._ready = 0
        os.set_blocking(self._ears, False)

    def run(self) -> None:
        """Start all writers at the same moment and stay until the last has ended."""
        self._rehearse()
        for writer in range(self.orders.writers):
            self._start(writer)
        while self._ready < self.orders.writers:
            self._hear()
        os.close(self._gate)
        self._gate = -1
        next_death = time.monotonic()
        while self._running:
            killing = 0 < self.orders.deaths > self.deaths
            if not killing and self._enough() and self._bell >= 0:
                os.close(self._bell)
                self._bell = -1
            self._hear(max(0.0, next_death - time.monotonic()) if killing else 10)
            if killing and time.monotonic() >= next_death:
                pidfd, _ = self._running[self._random.choice(sorted(self._running))]
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)
                next_death = time.monotonic() + self._random.uniform(0, 0.1)
        self._hear(0)

    def _rehearse(self) -> None:
        books = open_books(self.orders.database)
        try:
            with contextlib.suppress(Refused), books.writing() as writing:
                carry_out(Desk(books, writing, "lin", MONDAY), find("calls.log"), (), self._typed(0, ""), "")
                raise Refused(say("It was a rehearsal."))
        finally:
            books.close()
        gc.freeze()

    def _typed(self, writer: int, serial: str) -> dict[str, str]:
        customer = self.orders.customers[writer % len(self.orders.customers)]
        return {"caller": customer, "model_no": "KFR-35GW", "serial_no": serial, "symptom": "不制冷"}

    def _enough(self) -> bool:
        return not self.orders.calls and len(self.said) >= self.orders.total

    def _start(self, writer: int) -> None:
        sharp = self._random.choice(_SHARP) if self.deaths < self.orders.deaths else ""
        dies_at = self._random.randrange(1, 4)
        process = os.fork()
        if process == 0:
            for parents in (self._ears, self._gate, self._bell):
                if parents >= 0:
                    os.close(parents)
            _leave_after(lambda: self._write(writer, sharp, dies_at))
        self._running[writer] = (os.pidfd_open(process), process)

    def _hear(self, seconds: float = 10) -> None:
        """Wait for words or for an end; what the dead have said is heard before another takes their place."""
        watched = {pidfd: writer for writer, (pidfd, _) in self._running.items()}
        ready, _, _ = select.select([self._ears, *watched], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self._ears, 65536):
                *lines, self._rest = (self._rest + data).split(b"\n")
                for line in lines:
                    self._take(json.loads(line))
        for pidfd in ready:
            if pidfd in watched:
                self._bury(watched[pidfd])

    def _take(self, line: dict[str, Any]) -> None:
        if not line:
            self._ready += 1
            return
        said = Said(**line)
        self.said.append(said)
        self._acknowledged[said.writer] += 1

    def _bury(self, writer: int) -> None:
        pidfd, process = self._running.pop(writer)
        os.close(pidfd)
        _, status = os.waitpid(process, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            self.deaths += 1
            self._start(writer)
        elif status:
            raise SystemExit(f"writer {writer} ended with {status}")

    # One writer

    def _write(self, writer: int, sharp: str, dies_at: int) -> None:
        if self.orders.switch == WITHOUT_A_QUEUE:
            _drop_the_queue()
        books = open_books(self.orders.database)
        act = find("calls.log")
        self._say({})
        os.read(self._go, 1)  # closed: everybody goes
        first = self._acknowledged[writer]
        for nth in range(first, self.orders.calls or 1_000_000):
            # Not before the first: whom it follows may have died with that one in the books.
            if nth > first and select.select([self._end], [], [], 0)[0]:
                break
            if sharp == "before the commit" and nth - first == dies_at:
                event.listen(books.engine, "commit", _die)
            request = f"{writer}-{nth}"
            typed = self._typed(writer, request)
            said = Said(writer, request)
            try:
                done = perform(books, "lin", act, (), typed, request=request, now=MONDAY)
            except (Refused, DBAPIError) as fault:
                said = Said(writer, request, fault=str(fault))
            else:
                said = Said(writer, request, done.numbers[0], done.already)
            if sharp == "after the commit" and nth - first == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
            self._say(asdict(said))
        books.close()

    def _say(self, line: dict[str, Any]) -> None:
        # In one piece: a pipe takes up to 4096 bytes whole or not at all.
        os.write(self._mouth, json.dumps(line, ensure_ascii=False).encode() + b"\n")


def _die(connection: Connection) -> None:
    if connection.get_execution_options().get("writes"):
        os.kill(os.getpid(), signal.SIGKILL)


def _drop_the_queue() -> None:
    def begin_deferred(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    engine._begin_sqlite = begin_deferred
    engine.ADVISORY_LOCK = os.getpid()  # PostgreSQL: a lock that nobody else waits for
    Books._in_queue = lambda self: contextlib.nullcontext()  # type: ignore[assignment,return-value,method-assign]


def _leave_after(work: Callable[[], None]) -> None:
    """End the process without going back into what it was forked from."""
    status = 1
    try:
        work()
        status = 0
    finally:
        if status:
            traceback.print_exc()
        os._exit(status)


def main(arguments: Sequence[str]) -> None:
    """Run the storm of these orders and print what was said as JSON."""
    orders = json.loads(arguments[0])
    running = Storm(Orders(**{**orders, "customers": tuple(orders["customers"])}))
    running.run()
    json.dump({"said": [asdict(line) for line in running.said], "deaths": running.deaths}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
