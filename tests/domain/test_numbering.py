"""Numbers of the papers, written out and typed short."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.domain.numbering import PAPERS, VOUCHER, expand, paper_number, short, voucher_number

TODAY = date(2026, 11, 21)


def test_numbers_as_written_on_the_papers() -> None:
    assert paper_number("SZ", "C", TODAY, 7) == "SZ-C-261121-0007"
    assert voucher_number("SZ", 231) == "SZ-V-000231"
    assert short("SZ-C-261121-0007") == "1121-0007"
    assert short("SZ-V-000231") == "SZ-V-000231"


def test_every_paper_has_its_own_letter() -> None:
    assert set(PAPERS) == set("CRGKNSPQXTBMULFEDZV")


@pytest.mark.parametrize(
    ("typed", "letter", "number"),
    [
        ("29", "C", "SZ-C-261121-0029"),
        ("0029", "C", "SZ-C-261121-0029"),
        ("２９", "C", "SZ-C-261121-0029"),
        ("4", "K", "SZ-K-261121-0004"),
        ("1120-0044", "C", "SZ-C-261120-0044"),
        ("1120-44", "C", "SZ-C-261120-0044"),
        ("1231-0003", "C", "SZ-C-251231-0003"),
        ("251120-0044", "C", "SZ-C-251120-0044"),
        ("k0004", "C", "SZ-K-261121-0004"),
        ("K-1119-0004", "C", "SZ-K-261119-0004"),
        ("gz-c-261121-0007", "C", "GZ-C-261121-0007"),
        (" SZ－C－261121－0007 ", "C", "SZ-C-261121-0007"),
        ("231", "V", "SZ-V-000231"),
        ("v231", "C", "SZ-V-000231"),
        ("sz-v-000231", "C", "SZ-V-000231"),
        ("", "C", None),
        ("0", "C", None),
        ("12345", "C", None),
        ("13812345678", "C", None),
        ("1399-0001", "C", None),
        ("SZ-W-261121-0007", "C", None),
        ("SZ-V-261121-0007", "C", None),
        ("王小明", "C", None),
        ("1" * 5000, "C", None),
    ],
)
def test_numbers_typed_short(typed: str, letter: str, number: str | None) -> None:
    assert expand(typed, "SZ", TODAY, letter) == number


@given(
    st.sampled_from(sorted(set(PAPERS) - {VOUCHER})),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.integers(1, 9999),
)
def test_a_whole_number_is_itself_and_its_short_form_leads_back(letter: str, day: date, serial: int) -> None:
    number = paper_number("SZ", letter, day, serial)
    assert expand(number.lower(), "GZ", TODAY) == number
    assert expand(short(number), "SZ", day, letter) == number
