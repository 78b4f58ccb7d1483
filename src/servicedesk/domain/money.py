"""Amounts of money: integer minor units with a currency, never floats."""

from __future__ import annotations

import re
import unicodedata

from servicedesk.domain.words import Refused, say

CURRENCIES = {"CNY": 2, "USD": 2, "TWD": 0, "HKD": 2, "JPY": 0}
"""How many decimals each currency has."""

_SYMBOLS = {"CNY": "¥", "USD": "US$", "TWD": "NT$", "HKD": "HK$", "JPY": "JP¥"}
_ALSO_TYPED = {"CNY": ("RMB", "元", "块"), "USD": ("$",), "TWD": ("$", "元"), "HKD": ("$", "元"), "JPY": ("¥", "円")}
_LONGEST_TYPED = 40
_AMOUNT = re.compile(r"([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.([0-9]+))?")


def parse_amount(typed: str, currency: str = "CNY") -> int:
    """Minor units of an amount typed as `120`, `120.5`, `¥120.50` or `1,200.00`.

    Raises `Refused` for anything else, and for more decimals than the currency has.
    """
    decimals = CURRENCIES[currency]
    plain = unicodedata.normalize("NFKC", typed).strip() if len(typed) <= _LONGEST_TYPED else ""
    amount = _AMOUNT.fullmatch(_without_symbol(plain, currency))
    if amount is None:
        raise Refused(say("Enter an amount in digits, like 120, 120.50 or 1,200."), kind="field")
    fraction = (amount[2] or "").rstrip("0")
    if len(fraction) > decimals:
        if decimals == 0:
            raise Refused(say("{currency} has no decimals: enter a whole amount.", currency=currency), kind="field")
        raise Refused(
            say("{currency} has {decimals} decimals at most.", currency=currency, decimals=decimals), kind="field"
        )
    return int(amount[1].replace(",", "") + fraction.ljust(decimals, "0"))


def show_amount(minor: int, currency: str) -> str:
    """The amount with its symbol, thousands and decimals: `¥1,200.00`, `NT$1,200`, `-¥5.00`."""
    decimals = CURRENCIES[currency]
    whole, fraction = divmod(abs(minor), 10**decimals)
    sign = "-" if minor < 0 else ""
    tail = f".{fraction:0{decimals}}" if decimals else ""
    return f"{sign}{_SYMBOLS[currency]}{whole:,}{tail}"


def _without_symbol(plain: str, currency: str) -> str:
    for symbol in (currency, _SYMBOLS[currency], *_ALSO_TYPED[currency]):
        if plain[: len(symbol)].upper() == symbol:
            return plain[len(symbol) :].strip()
        if plain[-len(symbol) :].upper() == symbol:
            return plain[: -len(symbol)].strip()
    return plain
