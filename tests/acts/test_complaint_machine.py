"""A state machine over complaints on both engines: what must hold after every act, holds; and each check bites."""

from __future__ import annotations

import pytest

from servicedesk.domain.rulebook import RULES
from tests.acts.complaint_cases import GUARDS, MOVES, STATES
from tests.acts.complaint_machine import ALL_ACTS, Department

LONG = 80
"""Moves in one example."""


def run(database: str, examples: int) -> Department:
    """All examples one after another in the same books; they are the same in every run."""
    department = Department(database)
    try:
        for seed in range(examples):
            department.told.clear()
            try:
                department.play([seed] * LONG)
            except AssertionError as fault:
                fault.add_note("\n".join(department.told))
                raise
    finally:
        department.close()
    assert set(ALL_ACTS) - set(department.done) == set(), "these acts were never done"
    assert department.states == STATES
    assert department.guarded >= GUARDS.keys(), "these guards never refused anything"
    assert department.done["tick"] > 0
    return department


def test_random_acts_on_sqlite(sqlite_url: str) -> None:
    department = run(sqlite_url, 24)
    assert sum(department.done.values()) > department.refused, "most of what is tried can be done"


def test_random_acts_on_postgresql(postgres_url: str) -> None:
    run(postgres_url, 12)


@pytest.mark.parametrize("act", [name for name in ALL_ACTS if RULES[name].sources])
def test_the_rules_have_the_states_of_the_specification(act: str) -> None:
    assert RULES[act].sources == MOVES[act.partition(".")[2]].keys()
