"""What a job charges, by tables and by money that must add up (D42, R140)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.domain import charges
from servicedesk.domain.charges import BASES, FREE_BASES, STATES, TariffRow
from servicedesk.domain.charging import Cover, TypedLine, WorkedLine, cover, labour, rate, total, worked_out
from servicedesk.domain.words import Refused

TARIFF = [
    TariffRow(1, "SZ", "callout", "", "2026-01-01", 3000),
    TariffRow(2, "SZ", "callout", "", "2026-12-01", 3500),
    TariffRow(3, "SZ", "callout", "KFR", "2026-01-01", 5000),
    TariffRow(4, "SZ", "callout", "KFR-72", "2026-06-01", 8000),
    TariffRow(5, "SZ", "labour", "", "2026-01-01", 12000),
    TariffRow(6, "SZ", "inspection", "BCD", "2026-01-01", 2000),
    TariffRow(7, "SZ", "inspection", "BCD", "2026-11-20", 0),
]
TODAY = "2026-11-23"


@pytest.mark.parametrize(
    ("kind", "model", "day", "amount"),
    [
        ("callout", "BCD-200", TODAY, 3000),
        ("callout", "BCD-200", "2026-12-01", 3500),
        ("callout", "BCD-200", "2025-12-31", 0),
        ("callout", "KFR-35GW", TODAY, 5000),
        ("callout", "kfr-35gw", TODAY, 5000),
        ("callout", "KFR-35GW", "2026-12-31", 5000),
        ("callout", "KFR-72LW", TODAY, 8000),
        ("callout", "KFR-72LW", "2026-05-31", 5000),
        ("inspection", "KFR-35GW", TODAY, 0),
        ("inspection", "BCD-200", "2026-11-19", 2000),
        ("inspection", "BCD-200", TODAY, 0),
    ],
)
def test_the_tariff_is_that_of_the_longest_model_group_and_the_last_day_begun(
    kind: str, model: str, day: str, amount: int
) -> None:
    assert rate(TARIFF, kind, model, day) == amount


@pytest.mark.parametrize(
    ("price", "minutes", "amount"),
    [(12000, 60, 12000), (12000, 90, 18000), (12000, 0, 0), (100, 20, 33), (100, 40, 67), (1, 30, 1), (1, 29, 0)],
)
def test_labour_is_by_the_minutes_rounded_half_up(price: int, minutes: int, amount: int) -> None:
    assert labour(price, minutes) == amount


def work(typed: TypedLine, service_type: str = "A", covered: Cover | None = None) -> WorkedLine:
    return worked_out(typed, service_type, covered or cover(service_type, False, False), TARIFF, "KFR-35GW", TODAY)


@pytest.mark.parametrize(
    ("typed", "worked"),
    [
        (TypedLine("labour", 8000), ("labour", 1, 8000, "list", 8000)),
        (TypedLine("labour", None, 90), ("labour", 90, 18000, "list", 18000)),
        (TypedLine("labour", 15000, 90), ("labour", 90, 18000, "agreed", 15000)),
        (TypedLine("labour", 0, 90), ("labour", 90, 18000, "no_charge", 0)),
        (TypedLine("labour", None, 90, "warranty"), ("labour", 90, 18000, "warranty", 0)),
        (TypedLine("callout"), ("callout", 1, 5000, "list", 5000)),
        (TypedLine("callout", 5000), ("callout", 1, 5000, "list", 5000)),
        (TypedLine("callout", 4000), ("callout", 1, 5000, "agreed", 4000)),
        (TypedLine("callout", 0, 0, "no_charge"), ("callout", 1, 5000, "no_charge", 0)),
        (TypedLine("parts", 12000, 0, "agreed", "QDQ-201", 2), ("parts", 2, 12000, "agreed", 12000)),
        (TypedLine("inspection", 0), ("inspection", 1, 0, "list", 0)),
    ],
)
def test_a_line_of_a_paid_job(typed: TypedLine, worked: tuple[str, int, int, str, int]) -> None:
    line = work(typed)
    assert (line.kind, line.quantity, line.list_amount, line.basis, line.amount) == worked


def test_a_contract_covers_labour_and_parts_apart() -> None:
    labour_only, parts_only = cover("B", True, False), cover("B", False, True)
    assert work(TypedLine("labour", None, 90), "B", labour_only)[3:] == (18000, "contract", 0)
    assert work(TypedLine("callout"), "B", labour_only)[3:] == (5000, "contract", 0)
    assert work(TypedLine("parts", 100), "B", labour_only)[3:] == (100, "list", 100)
    assert work(TypedLine("labour", None, 90), "B", parts_only)[3:] == (18000, "list", 18000)
    assert work(TypedLine("parts", 0), "B", parts_only)[3:] == (0, "contract", 0)
    assert work(TypedLine("parts", 100, 0, "agreed"), "B", parts_only)[3:] == (100, "agreed", 100)


def test_a_free_job_charges_a_part_outside_its_cover_only() -> None:
    free = cover("C", False, False)
    assert work(TypedLine("labour", None, 90), "C", free)[3:] == (18000, "warranty", 0)
    assert work(TypedLine("parts", 0), "C", free)[3:] == (0, "warranty", 0)
    assert work(TypedLine("parts", 3500), "C", free)[3:] == (3500, "list", 3500)


REFUSED = [
    ("C", (True, True), TypedLine("labour", 100), "A free job has no call-out, inspection or labour charge"),
    ("C", (True, True), TypedLine("callout", 100, 0, "list"), "A free job has no call-out, inspection or labour"),
    ("B", (True, False), TypedLine("labour", 100), "The contract covers the labour charge: its amount is 0."),
    ("B", (True, False), TypedLine("callout", 100, 0, "agreed"), "The contract covers the call-out fee"),
    ("B", (False, True), TypedLine("parts", 100), "The contract covers parts: enter one outside its cover as"),
    ("B", (False, True), TypedLine("parts", 100, 0, "list"), "The contract covers parts: enter one outside"),
    (
        "A",
        (False, False),
        TypedLine("labour", 100, 0, "warranty"),
        r"A line without charge \(warranty\) has",
    ),
    ("A", (False, False), TypedLine("labour", 0, 0, "contract"), "The job is under no contract: choose another basis."),
    ("A", (False, False), TypedLine("inspection"), "Type the amount of the inspection fee: the tariff has none."),
    ("A", (False, False), TypedLine("callout", None, 0, "agreed"), "Type the amount of the call-out fee"),
]


@pytest.mark.parametrize(("service_type", "covers", "typed", "sentence"), REFUSED)
def test_a_line_that_cannot_be_is_refused(
    service_type: str, covers: tuple[bool, bool], typed: TypedLine, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        work(typed, service_type, cover(service_type, *covers))


LINES = st.builds(
    TypedLine,
    st.sampled_from(("callout", "inspection", "labour", "parts")),
    st.none() | st.integers(0, 10**7),
    st.integers(0, 600),
    st.sampled_from(("", *BASES)),
)
COVERS = st.sampled_from([("A", False, False), ("C", True, True), *(("B", x, y) for x in (0, 1) for y in (0, 1))])


@given(lines=st.lists(LINES, max_size=6), covers=COVERS)
def test_whatever_is_typed_the_money_adds_up_and_what_is_covered_is_free(
    lines: list[TypedLine], covers: tuple[str, bool, bool]
) -> None:
    service_type, covered = covers[0], cover(*covers)
    worked = []
    for line in lines:
        try:
            worked.append(work(line, service_type, covered))
        except Refused:
            continue
    assert total(worked) == sum(line.amount for line in worked)
    for made in worked:
        assert made.amount >= 0
        assert made.list_amount >= 0
        assert made.basis not in FREE_BASES or made.amount == 0
        if covered.of(made.kind) and made.amount:
            assert made.kind == "parts"
        assert made.basis != "contract" or service_type == "B"


@given(price=st.integers(0, 10**6), first=st.integers(0, 600), second=st.integers(0, 600))
def test_labour_of_two_stretches_is_that_of_both_within_a_minor_unit(price: int, first: int, second: int) -> None:
    apart, together = labour(price, first) + labour(price, second), labour(price, first + second)
    assert abs(apart - together) <= 1
    assert labour(price, first) <= labour(price, first + 1)


def test_the_accountants_list_has_first_what_is_neither_handed_in_nor_invoiced_then_what_is_to_come() -> None:
    done = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    later = done + timedelta(days=1)
    keys = {state: charges.urgency(state, done, None, None) for state in STATES}
    assert {state for state, key in keys.items() if not key} == {"none", "settled", "credited", "written_off"}
    assert keys["assessed"] == keys["collected_on_site"] == "0202611230200"
    assert charges.urgency("invoiced", done, later, None) == "1202612080200"
    assert charges.urgency("to_be_collected", done, later, None) == "1202612080200"
    assert charges.urgency("invoiced", done, later, done) == keys["remitted"] == "2202611230200"
