"""How it is shown that an invariant of the state machine bites: guards taken out, rows written past the acts."""

from __future__ import annotations

from typing import Any, cast

import pytest
from sqlalchemy import text

from servicedesk.domain import rulebook
from servicedesk.domain.rights import Rule
from tests.acts.machine import check
from tests.acts.machine_calls import Facts, Snapshot
from tests.world import World


def sound(world: World) -> Snapshot:
    """So far everything holds."""
    return check(world, Facts(world))


def seen(world: World) -> None:
    """The check sees what was done."""
    with pytest.raises(AssertionError):
        check(world, Facts(world))


def without_guards(monkeypatch: pytest.MonkeyPatch, act: str, **changed: Any) -> None:
    """Take the guards of an act out of the rule book; `changed` says what else."""
    rules = cast(dict[str, Rule], rulebook.RULES)
    monkeypatch.setitem(rules, act, rules[act]._replace(guards=(), **changed))


def write(world: World, *statements: str) -> None:
    """Past every act."""
    with world.books.writing() as writing:
        for statement in statements:
            writing.connection.execute(text(statement))


def lent(world: World, call: str, code: str = "JY-1") -> None:
    """A new loan unit, lent for this call."""
    world.do("lin", "loans.enter", code=code, name="窗机")
    world.do("lin", "loans.lend", code, call=call)
