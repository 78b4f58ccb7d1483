"""`analysis`, and complaints in `list` and `show`: the figures, the records behind each, who may see them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from servicedesk.domain.complaint_figures import DIMENSIONS
from tests.acts import complaining
from tests.acts.faces import command, open_to_anybody
from tests.world import World


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = open_to_anybody(World(sqlite_url))
    yield made
    made.close()


def asked(world: World, *words: str, login: str = "ana") -> Any:
    ran = command(world, login, "analysis", *words, "--json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def numbers(world: World, *words: str) -> list[str]:
    return [row["number"] for row in asked(world, *words)]


def test_what_complaints_are_about_is_counted_with_the_records_behind_each_line(world: World) -> None:
    first = complaining.investigating(world)
    second = complaining.received(world, customer_name="李秀英", telephone="13922223333", channel="email")
    found = asked(world, "--by", "cause")
    assert (found["from"], found["to"]) == ("2026-11-01", "2026-11-23")
    assert (found["all"]["count"], found["calls"], found["per_100_calls"]) == (2, 0, None)
    lines = {line["key"]: (line["count"], line["share"], line["sum"]) for line in found["lines"]}
    assert lines == {"": (1, 50.0, 50.0), "workmanship": (1, 50.0, 100.0)}
    assert numbers(world, "--records", "workmanship") == [first]
    assert numbers(world, "--records", "none") == [second]
    assert numbers(world, "--records", "all") == [second, first]
    assert numbers(world, "--by", "channel", "--records", "email") == [second]
    ran = command(world, "ana", "analysis", "--records", "all", "--ids")
    assert ran.out.split() == [second, first]


def test_clocks_that_nobody_has_stopped_are_missed_only_once_they_are_due(world: World) -> None:
    number = complaining.received(world)
    assert asked(world)["all"]["acknowledge"] == {"part": 0, "whole": 0, "percent": None}
    world.at("2026-11-23 10:00")
    assert asked(world)["all"]["acknowledge"]["percent"] is None
    world.at("2026-11-23 10:01")
    assert asked(world)["all"]["acknowledge"] == {"part": 0, "whole": 1, "percent": 0.0}
    assert numbers(world, "--only", "acknowledge") == [number]
    assert numbers(world, "--only", "solve") == []


def test_a_reopened_complaint_and_one_of_the_same_product_again_are_repeats(world: World) -> None:
    reopened = complaining.closed(world)
    world.do("xu", "complaints.reopen", reopened, reason="又不制冷")
    assert asked(world)["all"]["repeats"] == 1
    assert numbers(world, "--only", "repeat") == [reopened]


def test_the_table_has_every_line_and_all_of_them_together(world: World) -> None:
    complaining.closed(world)
    for dimension in DIMENSIONS:
        ran = command(world, "ana", "analysis", "--by", dimension)
        assert ran.code == 0, ran.err
        heading, *lines = ran.out.splitlines()
        assert {line.count("\t") for line in (heading, *lines)} == {8}
        assert lines[-1].startswith("all complaints\t1\t")
    assert lines[0].split("\t")[:4] == ["telephone", "1", "100.0 %", "100.0 %"]
    assert lines[0].split("\t")[-1] == "100.0 % (1/1)"


def test_no_data_is_told_as_such(world: World) -> None:
    ran = command(world, "ana", "analysis", "--from", "2020-01-01", "--to", "2020-12-31")
    assert ran.code == 0
    assert ran.out.splitlines()[1].split("\t") == ["all complaints", "0", "", "", "0", *["no data"] * 4]
    assert ran.err == ("1 Jan 2020 to 31 Dec 2020", "per 100 calls: no data")


def test_days_are_those_that_were_asked_for(world: World) -> None:
    complaining.received(world)
    assert asked(world, "--from", "2026-11-23")["all"]["count"] == 1
    assert asked(world, "--to", "y")["all"]["count"] == 0
    assert asked(world, "--period", "last_month")["to"] == "2026-10-31"
    assert asked(world, "--period", "year")["from"] == "2026-01-01"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "colour"), "by: 'colour' is not one of: cause,"),
        (("--period", "decade"), "period: 'decade' is not one of: month,"),
        (("--only", "late"), "only: 'late' is not one of: repeat,"),
        (("--from", "soon"), "from: “soon” is not a date"),
        (("--from", "2026-11-02", "--to", "2026-11-01"), "last: The period ends before it begins"),
    ],
)
def test_what_is_not_known_is_refused(world: World, words: tuple[str, ...], said: str) -> None:
    ran = command(world, "ana", "analysis", *words)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err[0].startswith(said)


def test_a_unit_sees_its_own_and_others_see_nothing(world: World) -> None:
    complaining.received(world)
    assert asked(world, login="guo")["all"]["count"] == 1
    assert asked(world, login="bjsup")["all"]["count"] == 0
    assert asked(world, login="dgm")["all"]["count"] == 1
    for login in ("chen", "mgr", "acc", "tra", "aud"):
        ran = command(world, login, "analysis")
        assert (ran.code, ran.out, ran.err) == (1, "", ("Your posts do not show the analysis of complaints.",))


def test_complaints_are_listed_and_shown_with_what_hangs_on_them(world: World) -> None:
    number = complaining.investigating(world)
    world.do("xu", "complaints.involve", number, departments="品质部: 查明原因")
    world.do("xu", "complaints.correct", number, telephone="13911112222")
    listed = command(world, "guo", "list", "complaints", "--ids", "--state", "investigating")
    assert listed.out.split() == [number]
    assert command(world, "bjsup", "list", "complaints", "--ids").out == ""
    shown = json.loads(command(world, "xu", "show", number, "--json").out)
    assert (shown["number"], shown["telephone"], shown["cause_class"]) == (number, "139****2222", "workmanship")
    assert [line["department"] for line in shown["departments"]] == ["品质部"]
    assert {line["clock"] for line in shown["clocks"]} == {"acknowledge", "solve", "follow_up"}
    assert len(shown["handlings"]) == 1
    assert "13812345678" not in command(world, "xu", "show", number).out
    assert command(world, "bjsup", "show", number).code == 1
