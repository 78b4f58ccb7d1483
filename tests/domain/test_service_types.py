"""Service types A, B, C and D on a call (003 Art. 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from servicedesk.domain.service_types import SERVICE_TYPES, ContractFacts, ServiceType, derive, refusal
from servicedesk.domain.zones import ARRIVAL_LIMITS, ZONES

CALLED = date(2026, 11, 23)
CONTRACT = ContractFacts("SZ-2026-17", date(2026, 1, 1), date(2026, 12, 31), in_force=True, covers=True)
BEFORE, AFTER = date(2026, 11, 22), date(2026, 11, 24)


def test_the_paper_has_four_types_and_two_zones() -> None:
    assert [str(kind) for kind in SERVICE_TYPES] == ["A", "B", "C", "D"]
    assert {zone: ARRIVAL_LIMITS[zone] // 60 for zone in ZONES} == {"urban": 6, "suburban": 7}


@pytest.mark.parametrize(
    ("warranty_until", "contract", "letter", "because"),
    [
        (CALLED, None, "C", "free warranty to 2026-11-23"),
        (AFTER, CONTRACT, "C", "free warranty to 2026-11-24"),
        (BEFORE, CONTRACT, "B", "contract SZ-2026-17 to 2026-12-31"),
        (None, CONTRACT, "B", "contract SZ-2026-17 to 2026-12-31"),
        (None, replace(CONTRACT, expires_on=CALLED), "B", "contract SZ-2026-17 to 2026-11-23"),
        (None, replace(CONTRACT, starts_on=CALLED), "B", "contract SZ-2026-17 to 2026-12-31"),
        (BEFORE, None, "A", "warranty ended on 2026-11-22, no contract"),
        (None, None, "A", "no warranty and no contract on record"),
        (None, replace(CONTRACT, expires_on=BEFORE), "A", "contract SZ-2026-17 expired on 2026-11-22"),
        (None, replace(CONTRACT, starts_on=AFTER), "A", "contract SZ-2026-17 starts on 2026-11-24"),
        (None, replace(CONTRACT, covers=False), "A", "contract SZ-2026-17 does not cover this product"),
        (BEFORE, replace(CONTRACT, in_force=False), "A", "contract SZ-2026-17 is not in force"),
    ],
)
def test_the_type_follows_from_warranty_and_contract(
    warranty_until: date | None, contract: ContractFacts | None, letter: str, because: str
) -> None:
    derived = derive(CALLED, warranty_until, contract)
    assert (derived.type, str(derived.because)) == (letter, because)
    assert refusal(derived.type, CALLED, warranty_until, contract) is None


@pytest.mark.parametrize(
    ("letter", "warranty_until", "contract", "words"),
    [
        ("B", None, None, "needs a contract"),
        ("B", None, replace(CONTRACT, covers=False), "does not cover this product"),
        ("B", None, replace(CONTRACT, in_force=False), "is not in force"),
        ("B", None, replace(CONTRACT, starts_on=AFTER), "starts on 2026-11-24"),
        ("B", None, replace(CONTRACT, expires_on=BEFORE), "expired on 2026-11-22: renew it first"),
        ("C", None, CONTRACT, "needs the end of the warranty"),
        ("C", BEFORE, CONTRACT, "warranty ended on 2026-11-22"),
        ("D", AFTER, CONTRACT, "daily report"),
    ],
)
def test_a_type_that_may_not_stand_says_why(
    letter: str, warranty_until: date | None, contract: ContractFacts | None, words: str
) -> None:
    assert words in str(refusal(letter, CALLED, warranty_until, contract))


def test_paid_service_is_always_possible() -> None:
    assert refusal(ServiceType.PAID, CALLED, AFTER, CONTRACT) is None
