"""The tariff is dated: what holds today, what will, and that nothing changes what was charged (R140)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servicedesk.domain.words import Refused
from servicedesk.store import charges, people
from tests.acts.faces import open_to_anybody, refused
from tests.acts.rounds import arrived, done, last_audit, line
from tests.world import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


def said(refusal: Refused) -> tuple[str | None, str]:
    return refusal.field, str(refusal)


def tariff(world: World) -> list[tuple[str, str, str, int]]:
    with world.books.reading() as reading:
        unit = people.units(world.books, reading, people.facts(reading))["SZ"]
        found = charges.whole_tariff(reading, unit.id)
    return [(row.kind, row.model_group, row.from_day, row.amount) for row in found]


def test_a_line_holds_from_a_day_on_and_the_one_before_stays(world: World) -> None:
    done = world.do("adm", "tariff.set", unit="sz", kind="callout", amount="30")
    assert str(done.sentence) == "SZ: call-out fee ¥30.00 from 2026-11-23."
    world.do("adm", "tariff.set", unit="SZ", kind="callout", amount="35", from_day="2026-12-01")
    world.do("adm", "tariff.set", unit="SZ", kind="labour", model_group="kfr", amount="120.50")
    assert tariff(world) == [
        ("callout", "", "2026-11-23", 3000),
        ("callout", "", "2026-12-01", 3500),
        ("labour", "KFR", "2026-11-23", 12050),
    ]


def test_a_line_of_the_same_day_is_replaced_and_the_log_keeps_it(world: World) -> None:
    world.do("adm", "tariff.set", unit="SZ", kind="callout", amount="30")
    world.do("adm", "tariff.set", unit="SZ", kind="callout", amount="25")
    assert tariff(world) == [("callout", "", "2026-11-23", 2500)]
    changed = last_audit(world)["changed"]["SZ"]
    assert (changed["amount"], changed["amount_before"]) == (2500, 3000)


def test_a_tariff_is_not_changed_for_days_that_are_over(world: World) -> None:
    refusal = refused(world, "adm", "tariff.set", unit="SZ", kind="callout", amount="30", from_day="2026-11-22")
    assert said(refusal) == ("from_day", "A new tariff holds from today or later.")
    refusal = refused(world, "adm", "tariff.set", unit="SZ", kind="callout", amount="a few")
    assert refusal.field == "amount"
    assert refused(world, "adm", "tariff.set", unit="XX", kind="callout", amount="30").field == "unit"
    assert refused(world, "adm", "tariff.set", unit="SZ", kind="parts", amount="30").field == "kind"
    long = "M" * 41
    refusal = refused(world, "adm", "tariff.set", unit="SZ", kind="callout", amount="30", model_group=long)
    assert refusal.field == "model_group"
    assert refused(world, "acc", "tariff.set", unit="SZ", kind="callout", amount="30").kind == "rights"
    assert tariff(world) == []


def test_amounts_are_read_in_the_currency_of_the_unit(world: World) -> None:
    typed = {"code": "TW", "name": "台北", "kind": "branch", "timezone": "Asia/Taipei", "country": "TW"}
    world.do("adm", "units.enter", **typed, currency="TWD", fee_limit="500")
    done = world.do("adm", "tariff.set", unit="TW", kind="callout", amount="300")
    assert str(done.sentence) == "TW: call-out fee NT$300 from 2026-11-23."
    assert refused(world, "adm", "tariff.set", unit="TW", kind="callout", amount="300.50").field == "amount"


def test_what_was_charged_stays_when_the_tariff_changes(world: World) -> None:
    world.do("adm", "tariff.set", unit="SZ", kind="callout", amount="30")
    number = done(world, fees="callout")
    world.do("adm", "tariff.set", unit="SZ", kind="callout", amount="50")
    assert line(world, number).fee == 3000
    later = arrived(world, model_no="B-1")
    world.do("chen", "calls.finish", later, cause="a", work="b")
    assert line(world, later).fee == 5000


def test_nothing_is_charged_by_a_line_of_nought(world: World) -> None:
    world.do("adm", "tariff.set", unit="SZ", kind="callout", amount="30")
    world.do("adm", "tariff.set", unit="SZ", kind="callout", amount="0", from_day="2026-11-24")
    world.at("2026-11-24 09:00")
    number = arrived(world)
    world.do("chen", "calls.finish", number, cause="a", work="b")
    assert (line(world, number).fee, line(world, number).charge) == (0, "")
