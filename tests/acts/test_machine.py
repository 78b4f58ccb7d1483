"""A state machine over calls, goods, cards and money on both engines: what must hold after every act, holds."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from pathlib import Path

import psycopg
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from servicedesk.domain import calls, charges, goods, repair_cards
from tests.acts.machine import Department, Reopened, furnish
from tests.acts.machine_acts import ALL_ACTS
from tests.world import MONDAY, World

LEAST = 5000
"""Steps on each engine: acts that somebody tried."""
EXAMPLES = 15
LONG = 340
REACHED = {
    "calls": set(calls.STATES),
    "cards": set(repair_cards.STATES),
    "receipts": {goods.ISSUED, goods.LOST, goods.VOIDED},
    "goods": {goods.IN, goods.SENT_OUT, goods.PASSED, goods.OUT},
    "charges": set(charges.STATES),
}
"""The states of states §5.1, §5.3 and §5.4; papers come to each of them."""


def run(every: int) -> None:
    """All examples on the engine that `Department.opened` opens, checked so often; they are the same in every run."""
    Department.every = every
    Department.steps = 0
    Department.done = Counter()
    Department.states = defaultdict(set)
    run_state_machine_as_test(
        Department,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=LONG,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            report_multiple_bugs=False,
        ),
    )
    assert Department.steps >= LEAST
    assert ALL_ACTS - set(Department.done) == set(), "these acts were never done"
    assert {name: states - Department.states[name] for name, states in REACHED.items()} == {
        name: set() for name in REACHED
    }, "nothing came to these states"


def test_random_acts_on_sqlite(sqlite_url: str, tmp_path: Path) -> None:
    world = World(sqlite_url)
    furnish(world)
    world.close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))

    def opened() -> World:
        copy = tmp_path / "copy.db"
        for name in ("copy.db", "copy.db-wal", "copy.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        shutil.copyfile(path, copy)
        return Reopened(f"sqlite:///{copy}")

    Department.opened = staticmethod(opened)
    Department.close = staticmethod(World.close)
    run(every=10)


def test_random_acts_on_postgresql(postgres_url: str) -> None:
    """Every example begins with the same rows; the connections stay, and with them what the server has planned."""
    world = World(postgres_url)
    furnish(world)
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as server:
        # The guards of the audit log and the links between tables rest while the rows are put back.
        server.execute("SET session_replication_role = replica")
        found = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        server.execute("CREATE SCHEMA furnished")
        for (name,) in found:
            server.execute(f"CREATE TABLE furnished.{name} AS TABLE public.{name}".encode())
        again = ";".join(f"DELETE FROM {name}; INSERT INTO {name} SELECT * FROM furnished.{name}" for (name,) in found)

        def opened() -> World:
            server.execute(f"BEGIN; {again}; COMMIT".encode())
            world.books.kept.clear()
            world.now = MONDAY
            return world

        Department.opened = staticmethod(opened)
        Department.close = staticmethod(lambda world: None)
        run(every=20)
    world.close()
