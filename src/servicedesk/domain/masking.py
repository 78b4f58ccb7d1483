"""Personal data shown so that it can be recognised but not read (001 9.1)."""

from __future__ import annotations

import re

from servicedesk.domain.telephones import area_code

HIDDEN = "****"
_REST = "***"
_MOBILE_LENGTH = 11
_BEFORE_NUMBERS = re.compile(r"[^0-9\uff10-\uff19*]*")
_STREET = re.compile(r".*?(?:街道|[路街道巷弄])")
_DISTRICT = re.compile(r".*(?:[省市县縣镇鎮乡鄉]|(?<![小园園社])[区區])")


def mask_telephone(number: str) -> str:
    """`138****5678`; of a landline the area code and the last two digits; an extension is hidden."""
    main, mark, _ = number.partition("x")
    shown = _masked_number(main)
    return shown + "x" + _REST if mark else shown


def _masked_number(number: str) -> str:
    if len(number) == _MOBILE_LENGTH and number.startswith("1"):
        return number[:3] + HIDDEN + number[-4:]
    if number.startswith("+"):
        return number[:3] + HIDDEN + number[-2:]
    return area_code(number) + HIDDEN + number[-2:]


def mask_address(address: str) -> str:
    """The address down to its street, or its district where no street is named; the rest is hidden.

    Nothing is shown of an address in which neither can be told.
    """
    named = _BEFORE_NUMBERS.match(address)
    before = named[0] if named else ""
    shown = _STREET.match(before) or _DISTRICT.match(before)
    return (shown[0] if shown else "") + _REST


def mask_email(address: str) -> str:
    """`z***@example.com`."""
    person, mark, domain = address.rpartition("@")
    return person[:1] + _REST + mark + domain if mark else _REST
