"""`list` shows the lines of every unit of the person's posts of today, own ones and stood in for (D39, D40)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from servicedesk.cli.common import DEMO
from servicedesk.cli.program import app
from servicedesk.store import people
from tests.acts.rounds import logged
from tests.world import World


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """Calls of SZ and BJ; lin of SZ stands in for the clerk of BJ on every day."""
    made = World(sqlite_url)
    for login in ("lin", "bjclerk", "lin", "bjclerk"):
        logged(made, login, model_no=f"M-{len(login)}-{login}", customer=f"客{made.now}")
        made.at(f"2026-11-23 09:{made.now.minute + 1:02}")
    made.do("adm", "staff.stand_in", "bjclerk", role="clerk", stand_in="lin", begins="2020-01-01", ends="2099-12-31")
    with made.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), DEMO, "yes")
    yield made
    made.close()


def listed(world: World, login: str, *more: str) -> tuple[int, list[str]]:
    words = ["--database", str(world.books.path), "--as", login, "list", "calls", "--json", *more]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    return result.exit_code, [row["number"] for row in json.loads(result.stdout or "[]")]


def test_list_shows_the_units_of_all_posts(world: World) -> None:
    code, numbers = listed(world, "lin")
    assert code == 0
    assert [number[:2] for number in numbers] == ["BJ", "SZ", "BJ", "SZ"]
    assert listed(world, "lin", "--limit", "3") == (0, numbers[:3])
    assert [number[:2] for number in listed(world, "lin", "--unit", "BJ")[1]] == ["BJ", "BJ"]
    assert [number[:2] for number in listed(world, "bjclerk")[1]] == ["BJ", "BJ"]
    assert listed(world, "lin", "--unit", "HQ") == (1, [])
