"""The command line beside the act itself: what one refuses the other refuses, with the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

from sqlalchemy import select

from servicedesk.cli.program import run
from servicedesk.domain.words import Refused, RefusedFields
from servicedesk.locales import Words
from servicedesk.store import people, tables
from tests.acts import rounds
from tests.world import World

REFUSED = 1
WORDS = Words("en", "Asia/Shanghai")
LOG = ("audit", "audit_details", "books")
"""The audit log and where its head stands: a refusal for lack of rights writes a line there."""


@dataclass(frozen=True)
class Ran:
    """What one command gave."""

    code: int
    out: str
    err: tuple[str, ...]


def open_to_anybody(world: World) -> World:
    """Let anybody act by `--as` alone, as in the demo."""
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), "demo", "yes")
    return world


def command(world: World, login: str, *words: str) -> Ran:
    """The command line as this person, at the world's time, on the world's books."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(["--database", world.database, "--lang", "en", "--as", login, *words], lambda: world.now)
    return Ran(code, out.getvalue(), tuple(err.getvalue().splitlines()))


def act_by_command(world: World, login: str, name: str, numbers: Sequence[str], typed: Mapping[str, Any]) -> Ran:
    """`servicedesk act` with these numbers and fields."""
    return command(world, login, "act", name, *numbers, *(f"{field}={value}" for field, value in typed.items()))


def told(refusal: Refused) -> tuple[str, ...]:
    """What the command line says of a refusal: a line a field."""
    refusals = refusal.refusals if isinstance(refusal, RefusedFields) else {refusal.field: refusal.sentence}
    return tuple(f"{field}: {WORDS(said)}" if field else WORDS(said) for field, said in refusals.items())


def refused(world: World, login: str, name: str, /, *numbers: str, **typed: Any) -> Refused:
    """The refusal of an act; the command line must refuse it in the same words, and neither may write anything.

    For lack of rights each of them leaves its line in the audit log.
    """
    refusal = rounds.refused(world, login, name, *numbers, **typed)
    before = rounds.head(world)
    ran = act_by_command(world, login, name, numbers, typed)
    assert ran == Ran(REFUSED, "", told(refusal)), ran
    assert (rounds.head(world) == before) == (refusal.kind != "rights")
    return refusal


def everything(world: World) -> Mapping[str, Sequence[Any]]:
    """Every row of every table but the audit log."""
    with world.books.reading() as reading:
        written = [table for table in tables.METADATA.sorted_tables if table.name not in LOG]
        return {table.name: sorted(map(tuple, reading.all(select(table))), key=str) for table in written}
