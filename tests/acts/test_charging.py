"""What a job may charge: by the tariff, by contract and warranty, on site and at the return (003 Art. 4; D42, R140)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from servicedesk.acts.act import Prepared, Target, find, prepare
from servicedesk.acts.charging import ChargeLine
from servicedesk.acts.desk import Look
from servicedesk.store import calls, charges
from tests.acts.faces import open_to_anybody, refused
from tests.acts.money import at, charge, lines, said
from tests.acts.rounds import DONE, arrived, done, line
from tests.acts.shop import WRITTEN, card, on_the_clock, passed, unrepaired
from tests.world import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


def test_lines_are_written_down_with_list_amount_basis_and_amount(world: World) -> None:
    world.do("adm", "tariff.set", unit="SZ", kind="labour", amount="120")
    world.do("adm", "tariff.set", unit="SZ", kind="callout", amount="30")
    number = arrived(world)
    world.at("2026-11-23 10:00")
    fees = "callout; labour 90m; parts 240 x2 QDQ-201 启动器; parts 120 agreed; inspection 0 no_charge"
    world.do("chen", "calls.finish", number, **DONE, fees=fees)
    assert [row[1:] for row in lines(world, number)] == [
        ("callout", "", 1, 3000, "list", 3000),
        ("labour", "", 90, 18000, "list", 18000),
        ("parts", "QDQ-201 启动器", 2, 24000, "list", 24000),
        ("parts", "", 1, 12000, "agreed", 12000),
        ("inspection", "", 1, 0, "no_charge", 0),
    ]
    row = charge(world, number)
    assert (row.state, row.amount, row.currency, row.done_at) == ("assessed", 57000, "CNY", at("23 10:00"))
    assert (row.signer, row.technician, row.customer_name, row.card) == ("王小明", "chen", "王小明", "")
    assert (line(world, number).fee, line(world, number).charge) == (57000, "assessed")
    (entry,) = world.read(calls.entries, line(world, number).id)
    assert [kind for kind, _ in entry.fees] == ["callout", "labour", "parts", "parts", "inspection"]


def test_a_job_without_fee_lines_has_no_charge(world: World) -> None:
    number = done(world)
    assert world.read(charges.CHARGES.one, number) is None
    assert (line(world, number).fee, line(world, number).charge, line(world, number).fee_settled) == (0, "", True)


def test_a_fee_that_was_forgotten_is_charged_afterwards(world: World) -> None:
    number = done(world)
    assert said(refused(world, "lin", "calls.charge", number, fees="labour 80", signer="王小明")) == (
        "reason",
        "Reason is required.",
    )
    world.do("lin", "calls.charge", number, fees="labour 80", signer="王小明", reason="凭单上有，漏登")
    row = charge(world, number)
    assert (row.state, row.amount, row.signer, row.collected_at) == ("assessed", 8000, "王小明", None)
    assert (line(world, number).fee, line(world, number).charge) == (8000, "assessed")
    assert line(world, number).remarks == "凭单上有，漏登"
    sentence = f"{number} has a charge already: change its lines there."
    assert said(refused(world, "lin", "calls.charge", number, fees="labour 90", signer="王", reason="x"))[1] == sentence


def test_parts_replaced_on_site_are_proposed_at_their_price(world: World) -> None:
    world.do("lin", "parts.enter", number="QDQ-201", name="启动器", price="120")
    world.do("lin", "parts.arrive", parts="QDQ-201 5")
    number = arrived(world)
    filled = prepare(
        world.books, "chen", find("calls.finish"), [Target(number)], {"parts": "QDQ-201 2; 螺丝 4"}, world.now
    )
    (part,) = filled.values["fees"]
    assert (part.kind, part.amount, part.quantity, part.what) == ("parts", 24000, 2, "QDQ-201 启动器")
    world.do("chen", "calls.finish", number, **DONE, parts="QDQ-201 2; 螺丝 4")
    assert [row[1:] for row in lines(world, number)] == [("parts", "QDQ-201 启动器", 2, 24000, "list", 24000)]


def under_contract(world: World, **covers: str) -> str:
    """A job of type B on site."""
    done(world)
    world.do("lin", "calls.take_back", "SZ-C-261123-0001")
    world.do("lin", "calls.strike_off", "SZ-C-261123-0001")
    world.do("lin", "calls.file", "SZ-C-261123-0001")
    term = {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    world.do("lin", "contracts.enter", number="HT-1", customer="000001", **term, **covers)
    number = world.do("lin", "calls.log", caller="000001", model_no="KFR-35GW", symptom="不制冷").numbers[0]
    assert line(world, number).service_type == "B"
    world.do("guo", "calls.dispatch", number, technician="chen")
    world.do("chen", "calls.arrive", number)
    return number


def test_a_contract_that_covers_labour_charges_parts_only(world: World) -> None:
    number = under_contract(world, covers_labour="y", covers_parts="n")
    sentence = "The contract covers the labour charge: its amount is 0."
    assert said(refused(world, "chen", "calls.finish", number, **DONE, fees="labour 80")) == ("fees", sentence)
    world.do("chen", "calls.finish", number, **DONE, fees="labour 0; parts 45")
    assert [(row.kind, row.basis, row.amount) for row in lines(world, number)] == [
        ("labour", "contract", 0),
        ("parts", "list", 4500),
    ]


def test_a_contract_that_covers_parts_charges_one_outside_its_cover_by_agreement(world: World) -> None:
    number = under_contract(world, covers_labour="n", covers_parts="y")
    sentence = "The contract covers parts: enter one outside its cover as 'parts 120 agreed'."
    assert said(refused(world, "chen", "calls.finish", number, **DONE, fees="parts 45")) == ("fees", sentence)
    world.do("chen", "calls.finish", number, **DONE, fees="labour 80; parts 0; parts 45 agreed")
    assert [(row.kind, row.basis, row.amount) for row in lines(world, number)] == [
        ("labour", "list", 8000),
        ("parts", "contract", 0),
        ("parts", "agreed", 4500),
    ]


def test_a_free_job_charges_a_part_outside_its_cover_that_the_customer_signed_for(world: World) -> None:
    number = arrived(world, warranty_until="2026-12-31")
    sentence = "A free job has no call-out, inspection or labour charge; only parts outside its cover."
    for fees in ("labour 80", "callout 1 agreed", "inspection 30; parts 10"):
        assert said(refused(world, "chen", "calls.finish", number, **DONE, fees=fees)) == ("fees", sentence)
    sentence = "A free job charges only what the customer has signed for: enter who signed."
    unsigned = DONE | {"medium": "none", "fees": "parts 35"}
    assert said(refused(world, "chen", "calls.finish", number, **unsigned)) == ("fees", sentence)
    world.do("chen", "calls.finish", number, **DONE, fees="labour 0; parts 35")
    assert [(row.kind, row.basis, row.amount) for row in lines(world, number)] == [
        ("labour", "warranty", 0),
        ("parts", "list", 3500),
    ]


def test_a_line_that_is_covered_has_no_amount_and_one_by_the_tariff_needs_it(world: World) -> None:
    number = arrived(world)
    for fees, sentence in (
        ("labour 80 warranty", "A line without charge (warranty) has the amount 0."),
        ("labour 0 contract", "The job is under no contract: choose another basis."),
        ("callout", "Type the amount of the call-out fee: the tariff has none."),
        ("labour 90m", "Type the amount of the labour charge: the tariff has none."),
    ):
        assert said(refused(world, "chen", "calls.finish", number, **DONE, fees=fees)) == ("fees", sentence)


@pytest.mark.parametrize("typed", ["bribe 80", "80", "labour", "parts", "c 5 6", "labour 90x", "callout 10 20"])
def test_what_is_no_fee_line_is_refused_on_its_field(world: World, typed: str) -> None:
    number = arrived(world)
    assert refused(world, "chen", "calls.finish", number, **DONE, fees=typed).field == "fees"


LINES = (
    ChargeLine(kind="labour", amount=8000),
    ChargeLine(kind="labour", amount=18000, minutes=90),
    ChargeLine(kind="labour", amount=0, basis="contract"),
    ChargeLine(kind="labour", minutes=90),
    ChargeLine(kind="callout"),
    ChargeLine(kind="parts", amount=120000, basis="agreed", what="QDQ-201 启动器", quantity=2),
    ChargeLine(kind="parts", amount=0, basis="warranty", what="4412 电容"),
)


@pytest.mark.parametrize("fee", LINES, ids=str)
def test_a_line_shown_in_a_form_reads_back_as_it_was(world: World, fee: ChargeLine) -> None:
    with world.books.reading() as reading:
        look = Look(world.books, reading, "chen", world.now)
        assert ChargeLine(**ChargeLine.parse(fee.as_typed("CNY"), look)) == fee


# The tariff's suggestion


def form(world: World, login: str, number: str, **typed: Any) -> Prepared:
    return prepare(world.books, login, find("calls.finish"), [Target(number)], typed, world.now)


def test_the_form_has_the_lines_of_the_tariff_which_typed_ones_replace(world: World) -> None:
    world.do("adm", "tariff.set", unit="SZ", kind="labour", amount="120")
    world.do("adm", "tariff.set", unit="SZ", kind="callout", amount="30")
    world.do("adm", "tariff.set", unit="SZ", kind="inspection", model_group="BCD", amount="20")
    number, other = arrived(world), arrived(world, model_no="BCD-200")
    world.at("2026-11-23 10:30")
    known = [fee.as_typed("CNY") for fee in form(world, "chen", number).values["fees"]]
    assert known == ["callout ¥30.00", "labour 90m ¥180.00"]
    known = [fee.as_typed("CNY") for fee in form(world, "chen", other, finished_at="09:20").values["fees"]]
    assert known == ["callout ¥30.00", "inspection ¥20.00", "labour 20m ¥40.00"]
    world.do("chen", "calls.finish", other, **DONE, fees="labour 80")
    assert charge(world, other).amount == 8000
    world.do("chen", "calls.finish", number, **DONE)
    assert [(row.kind, row.basis, row.amount) for row in lines(world, number)] == [
        ("callout", "list", 3000),
        ("labour", "list", 18000),
    ]


def test_what_warranty_and_contract_cover_is_suggested_at_nothing(world: World) -> None:
    world.do("adm", "tariff.set", unit="SZ", kind="labour", amount="120")
    world.do("adm", "tariff.set", unit="SZ", kind="callout", amount="30")
    free = arrived(world, warranty_until="2026-12-31", model_no="C-1", customer="李大海", telephone="13800000002")
    assert [fee.as_typed("CNY") for fee in form(world, "chen", free).values["fees"]] == ["labour ¥0.00 warranty"]
    world.do("chen", "calls.finish", free, **DONE)
    assert (line(world, free).fee, line(world, free).charge) == (0, "none")


def test_without_a_tariff_nothing_is_suggested(world: World) -> None:
    assert form(world, "chen", arrived(world)).values["fees"] == ()


# Goods carried back


def returned(world: World, **typed: Any) -> tuple[str, str]:
    """A call whose repaired goods are back with the customer, and the card."""
    number = passed(world)
    call = card(world, number).call
    world.do("chen", "cards.take_along", number)
    world.do("chen", "cards.return", number, **typed)
    return call, number


@pytest.mark.parametrize("collected_there", [True, False])
def test_a_returned_card_is_closed_when_its_money_is_handed_in_or_invoiced(
    world: World, *, collected_there: bool
) -> None:
    call, number = returned(world, fees="labour 80", collected="y" if collected_there else "n")
    assert (card(world, number).state, charge(world, call).card) == ("returned", number)
    world.at("2026-11-23 17:00")
    if collected_there:
        world.do("acc", "charges.remit", call, amount="80")
    else:
        world.do("acc", "charges.invoice", call, invoice_no="0441")
    row = card(world, number)
    assert (row.state, row.closed_at, row.urgent) == ("closed", at("23 17:00"), "")


def test_the_repair_time_of_the_card_is_suggested_by_the_tariff(world: World) -> None:
    world.do("adm", "tariff.set", unit="SZ", kind="labour", amount="120")
    world.do("adm", "tariff.set", unit="SZ", kind="callout", amount="30")
    world.do("adm", "tariff.set", unit="SZ", kind="inspection", amount="20")
    number = on_the_clock(world)
    world.at("2026-11-23 10:00")
    world.do("chen", "cards.finish", number, **WRITTEN, no_parts="y")
    world.do("guo", "cards.pass", number)
    world.do("chen", "cards.take_along", number)
    world.do("chen", "cards.return", number)
    assert [(row.kind, row.quantity, row.amount) for row in lines(world, card(world, number).call)] == [
        ("inspection", 1, 2000),
        ("labour", 60, 12000),
    ]


def test_who_declined_the_estimate_is_charged_the_inspection_alone(world: World) -> None:
    world.do("adm", "tariff.set", unit="SZ", kind="labour", amount="120")
    world.do("adm", "tariff.set", unit="SZ", kind="inspection", amount="20")
    number = unrepaired(world)
    world.do("chen", "cards.take_along", number)
    world.do("chen", "cards.return", number)
    assert [(row.kind, row.amount) for row in lines(world, card(world, number).call)] == [("inspection", 2000)]
