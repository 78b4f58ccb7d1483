"""Telephone numbers as people type and read them; kept as digits, with `+` for other countries."""

from __future__ import annotations

import re
import unicodedata

from servicedesk.domain.words import Refused, say

SHORTEST = 5
LONGEST = 20
SHORTEST_FRAGMENT = 3

_LONGEST_TYPED = 60
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_SEPARATORS = re.compile(r"[\s().-]+")
_EXTENSION = re.compile(r"[,;]?(?:转|轉|分机|分機|extension|ext|x|#):?([0-9]{1,6})$", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9]+")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0?((?!400|800)[1-9][0-9]{9,10})")
_TWO_DIGIT_AREA = re.compile(r"0(?:10|2[0-9])")


def normalise(typed: str) -> str:
    """Digits only: `13812345678`, `075523456789`, `+886223456789`, with `x123` for an extension.

    The mainland's own country code is removed. Raises `Refused` for words and impossible lengths.
    """
    plain = _plain(typed) if len(typed) <= _LONGEST_TYPED else ""
    extension = _EXTENSION.search(plain)
    number = plain[: extension.start()] if extension else plain
    if not _NUMBER.fullmatch(number):
        raise Refused(
            say("A telephone number is one number in digits: 138 1234 5678, 0755-2345 6789 or +886 2 2345 6789."),
            kind="field",
        )
    number = _without_country(number)
    if not SHORTEST <= len(number.lstrip("+")) <= LONGEST:
        raise Refused(
            say("A telephone number has {shortest} to {longest} digits.", shortest=SHORTEST, longest=LONGEST),
            kind="field",
        )
    return f"{number}x{extension[1]}" if extension else number


def grouped(digits: str) -> str:
    """A normalised number as people read it: `138 1234 5678`, `0755 2345 6789`, `+886223456789`."""
    number, mark, extension = digits.partition("x")
    return _in_groups(number) + (f" x{extension}" if mark else "")


def fragment(typed: str) -> str | None:
    """The digits to look for where what was typed can be part of a number (at least three), else nothing."""
    plain = _plain(typed) if len(typed) <= _LONGEST_TYPED else ""
    if not _NUMBER.fullmatch(plain):
        return None
    digits = plain.removeprefix("+86").removeprefix("0086").removeprefix("+")
    return digits if SHORTEST_FRAGMENT <= len(digits) <= LONGEST else None


def _plain(typed: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed).translate(_DASHES))


def _without_country(number: str) -> str:
    if number.startswith("00"):
        number = "+" + number[2:]
    if number.startswith("+86"):
        home = number[3:]
        if _MOBILE.fullmatch(home):
            return home
        landline = _LANDLINE.fullmatch(home)
        return "0" + landline[1] if landline else number
    if number.startswith("86") and _MOBILE.fullmatch(number[2:]):
        return number[2:]
    return number


def _in_groups(number: str) -> str:
    if number.startswith("+"):
        return number
    if _MOBILE.fullmatch(number):
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    if number.startswith("09") and len(number) == 10:
        return f"{number[:4]} {number[4:7]} {number[7:]}"
    if number.startswith(("400", "800")) and len(number) == 10:
        return f"{number[:3]} {number[3:6]} {number[6:]}"
    area = area_code(number)
    local = number[len(area) :]
    if len(local) not in (7, 8):
        return number
    return f"{area} {local[:-4]} {local[-4:]}".lstrip()


def area_code(number: str) -> str:
    """The area code of a mainland landline (`0755`, `010`), empty for any other number."""
    if not number.startswith("0") or len(number) < 10:
        return ""
    return number[:3] if _TWO_DIGIT_AREA.match(number) else number[:4]
