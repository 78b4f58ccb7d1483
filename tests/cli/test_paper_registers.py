"""`list` of the goods, cards, money, custody and day's end registers: each for who may see it, and its views."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from servicedesk.cli.paper_registers import PAPERS
from tests.acts import days, reporting
from tests.acts.faces import command, open_to_anybody
from tests.acts.shop import CARD_IN_STATE
from tests.world import World

READERS = {"charges": "acc", "reports": "guo", "supervisor_reports": "guo"}
"""Who lists a register that the clerk does not see."""
SIGNING = ("mine_to_sign", "to_sign", "to_forward", "to_receive")


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = open_to_anybody(World(sqlite_url))
    yield made
    made.close()


def listed(world: World, login: str, *words: str) -> list[str]:
    ran = command(world, login, "list", *words, "--json")
    assert ran.code == 0, ran.err
    return [row["number"] for row in json.loads(ran.out)]


def test_every_register_lists_its_lines_with_a_heading_for_each_column(world: World) -> None:
    card = CARD_IN_STATE["in_repair"](world)
    world.do("lin", "job_sheets.pack", technician="chen", blanks="1")
    for name, register in PAPERS.items():
        ran = command(world, READERS.get(name, "lin"), "list", name)
        assert ran.code == 0, (name, ran.err)
        assert ran.out.splitlines()[0].count("\t") == len(register.columns) - 1
    assert listed(world, "lin", "cards") == [card]
    assert listed(world, "lin", "cards", "--state", "in_repair") == [card]
    assert listed(world, "lin", "cards", "--state", "passed") == []


def test_a_view_narrows_and_an_unknown_one_names_those_there_are(world: World) -> None:
    card = CARD_IN_STATE["in_repair"](world)
    world.at("2027-03-01 09:00")
    assert listed(world, "guo", "cards", "--view", "late") == listed(world, "guo", "cards", "--late") == [card]
    ran = command(world, "guo", "list", "cards", "--view", "nonsense")
    assert (ran.code, ran.out) == (1, "")
    assert "'nonsense' is not one of: late," in ran.err[0]


@pytest.mark.parametrize(
    ("view", "state", "logins"),
    [
        ("to_review", "submitted", ["chen"]),
        ("to_compile", "reviewed", ["sun"]),
        ("sent_back", "sent_back", ["liu"]),
    ],
)
def test_a_report_is_listed_where_the_screen_shows_it_waiting(
    world: World, view: str, state: str, logins: list[str]
) -> None:
    world.at(reporting.EVENING)
    reporting.submitted(world, "chen")
    world.do("guo", "reports.send_back", reporting.submitted(world, "liu"), remark="缺一行")
    reporting.reviewed(world, "sun")
    for words in (("--view", view), ("--state", state)):
        ran = command(world, "guo", "list", "reports", *words, "--json")
        assert [(row["technician"], row["day"]) for row in json.loads(ran.out)] == [(logins[0], "2026-11-23")]
    assert len(listed(world, "chen", "reports")) == len(listed(world, "liu", "reports")) == 1
    assert listed(world, "bjsup", "reports") == []
    assert command(world, "lin", "list", "reports").err == ("Your posts do not show this register.",)


@pytest.mark.parametrize(
    ("view", "state"),
    [
        ("mine_to_sign", "compiled"),
        ("to_sign", "signed"),
        ("to_forward", "manager_signed"),
        ("to_receive", "forwarded"),
        ("", "report_received"),
    ],
)
def test_a_supervisor_report_is_listed_where_it_waits(world: World, view: str, state: str) -> None:
    number = reporting.IN_STATE[state](world)
    views = {one: listed(world, "guo", "supervisor_reports", "--view", one) for one in SIGNING}
    assert views == {one: [number] if one == view else [] for one in SIGNING}
    assert listed(world, "guo", "supervisor_reports", "--state", state) == [number]


@pytest.mark.parametrize(
    ("view", "state"), [("", "reconciled"), ("to_transmit", "day closed"), ("to_receive", "transmitted")]
)
def test_a_register_day_is_listed_where_it_waits(world: World, view: str, state: str) -> None:
    number = days.IN_STATE[state](world)
    views = {one: listed(world, "lin", "days", "--view", one) for one in ("to_transmit", "to_receive")}
    assert views == {one: [number] if one == view else [] for one in views}
    assert listed(world, "lin", "days", "--state", state.replace(" ", "_")) == [number]


@pytest.mark.parametrize("name", PAPERS)
def test_posts_that_do_not_see_a_register_are_told_so(world: World, name: str) -> None:
    ran = command(world, "tra", "list", name)
    assert (ran.code, ran.out, ran.err) == (1, "", ("Your posts do not show this register.",))


def test_another_units_lines_are_not_shown(world: World) -> None:
    CARD_IN_STATE["waiting"](world)
    for name in ("cards", "goods", "receipts", "custody"):
        assert listed(world, "bjclerk", name) == []
        assert listed(world, "xu", name) != []


def test_cards_of_a_state_that_there_is_not_are_refused(world: World) -> None:
    ran = command(world, "lin", "list", "cards", "--state", "dispatched")
    assert ran.code == 1
    assert "'dispatched' is not one of: waiting," in ran.err[0]


def test_a_card_a_goods_line_and_a_receipt_are_shown_with_where_the_article_was(world: World) -> None:
    card = CARD_IN_STATE["in_repair"](world)
    shown = json.loads(command(world, "lin", "show", card, "--json").out)
    assert (shown["number"], shown["state"], len(shown["promises"])) == (card, "in_repair", 1)
    assert shown["telephone"] == "138****5678"
    for number in (card, shown["goods"], shown["receipt"]):
        held = json.loads(command(world, "lin", "show", number, "--json").out)["held"]
        assert [line["holder"] for line in held] == ["technician", "counter"]
    assert command(world, "lin", "show", card).code == 0
    assert command(world, "bjclerk", "show", card).code == 1
