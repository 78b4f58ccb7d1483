"""Amounts as typed and as shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.domain.money import CURRENCIES, parse_amount, show_amount
from servicedesk.domain.words import Refused


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("120", "CNY", 12000),
        ("120.5", "CNY", 12050),
        ("¥120.50", "CNY", 12050),
        ("￥１２０．５０", "CNY", 12050),
        ("120元", "CNY", 12000),
        ("RMB 120", "CNY", 12000),
        ("cny120", "CNY", 12000),
        ("1,200.00", "CNY", 120000),
        ("1，200", "CNY", 120000),
        ("0", "CNY", 0),
        ("0.10", "CNY", 10),
        ("120.500", "CNY", 12050),
        ("1,200", "TWD", 1200),
        ("NT$1,200", "TWD", 1200),
        ("$5.25", "USD", 525),
        ("HK$5", "HKD", 500),
        ("1200.00", "JPY", 1200),
    ],
)
def test_amounts_people_type(typed: str, currency: str, minor: int) -> None:
    assert parse_amount(typed, currency) == minor


@pytest.mark.parametrize(
    "typed", ["", "abc", "-5", "1,20", "12,00.00", "1.2.3", ".5", "5.", "1e3", "$5", "٣", "1" * 13, "9" * 5000]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="Enter an amount in digits"):
        parse_amount(typed)


@pytest.mark.parametrize(
    ("typed", "currency", "words"), [("1.005", "CNY", "CNY has 2 decimals"), ("1.5", "TWD", "TWD has no decimals")]
)
def test_more_decimals_than_the_currency_has_are_refused(typed: str, currency: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        parse_amount(typed, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [(12050, "CNY", "¥120.50"), (120000, "CNY", "¥1,200.00"), (5, "CNY", "¥0.05"), (-500, "USD", "-US$5.00"),
     (1200, "TWD", "NT$1,200")],
)  # fmt: skip
def test_amounts_as_shown(minor: int, currency: str, shown: str) -> None:
    assert show_amount(minor, currency) == shown


@given(st.integers(0, 10**11), st.sampled_from(sorted(CURRENCIES)))
def test_an_amount_shown_is_read_back(minor: int, currency: str) -> None:
    assert parse_amount(show_amount(minor, currency), currency) == minor
