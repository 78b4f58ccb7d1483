"""The numbers on the papers: unit, paper letter, day and serial (`SZ-C-261121-0007`).

One series for each unit, paper and day; vouchers run on (`SZ-V-000231`). Numbers are never reused.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from servicedesk.domain.words import label

CALL = "C"
RECEIPT = "R"
GOODS_LINE = "G"
REPAIR_CARD = "K"
NOTICE = "N"
SURVEY_CARD = "S"
COMPLAINT = "P"
INQUIRY = "Q"
RETURN = "X"
TECHNICIAN_REPORT = "T"
SUPERVISOR_REPORT = "B"
REQUISITION = "M"
LOAN = "U"
LETTER = "L"
CREDIT_NOTE = "F"
ESTIMATE = "E"
CLOSING_SHEET = "D"
JOB_SHEET = "Z"
VOUCHER = "V"

PAPERS = {
    CALL: label("call-in"),
    RECEIPT: label("customer goods receipt"),
    GOODS_LINE: label("goods in/out line"),
    REPAIR_CARD: label("repair card"),
    NOTICE: label("maintenance expiry notice"),
    SURVEY_CARD: label("customer opinion survey card"),
    COMPLAINT: label("complaint"),
    INQUIRY: label("inquiry"),
    RETURN: label("return or exchange"),
    TECHNICIAN_REPORT: label("technician daily work report"),
    SUPERVISOR_REPORT: label("supervisor daily report"),
    REQUISITION: label("parts requisition"),
    LOAN: label("loan unit slip"),
    LETTER: label("customer letter"),
    CREDIT_NOTE: label("credit note"),
    ESTIMATE: label("estimate"),
    CLOSING_SHEET: label("closing sheet"),
    JOB_SHEET: label("blank job sheet"),
    VOUCHER: label("service voucher"),
}

_LONGEST_TYPED = 40
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_DATED = re.compile(r"[A-Z]+-([A-Z])-[0-9]{2}([0-9]{4}-[0-9]{4,})")
_TYPED = re.compile(r"(?:(?:([A-Z]+)-)?([A-Z])-?)?(?:([0-9]{2})?([0-9]{2})([0-9]{2})-)?([0-9]{1,6})")
_LONGEST_BARE_SERIAL = 4


def paper_number(unit_code: str, letter: str, day: date, serial: int) -> str:
    """The number of a day's paper: `SZ-C-261121-0007`; `day` is local to the unit."""
    return f"{unit_code}-{letter}-{day:%y%m%d}-{serial:04}"


def voucher_number(unit_code: str, serial: int) -> str:
    """The number of a service voucher: `SZ-V-000231`."""
    return f"{unit_code}-{VOUCHER}-{serial:06}"


def short(number: str) -> str:
    """A day's number as lists show it, `1121-0007`; any other number whole."""
    dated = _DATED.fullmatch(number)
    return dated[2] if dated else number


def letter_of(number: str) -> str:
    """The letter of a paper's number, `K` of `SZ-K-261119-0004`; empty for what is no such number."""
    parts = number.split("-")
    return parts[1] if len(parts) > 2 and parts[1] in PAPERS else ""


def expand(typed: str, unit_code: str, today: date, letter: str = CALL) -> str | None:
    """The full number meant by `29` (today's), `1120-0044`, `K-0004` or a whole number; else nothing.

    A month and day later than today are last year's. `today` is local to the unit.
    """
    plain = unicodedata.normalize("NFKC", typed).translate(_DASHES) if len(typed) <= _LONGEST_TYPED else ""
    found = _TYPED.fullmatch(plain.strip().upper())
    if found is None:
        return None
    unit, paper, year, month, day, serial_digits = found.groups()
    unit, paper, serial = unit or unit_code, paper or letter, int(serial_digits)
    if paper not in PAPERS or serial == 0:
        return None
    if paper == VOUCHER:
        return None if month else voucher_number(unit, serial)
    if month is None:
        return paper_number(unit, paper, today, serial) if len(serial_digits) <= _LONGEST_BARE_SERIAL else None
    written = _day(today, year, int(month), int(day))
    return paper_number(unit, paper, written, serial) if written else None


def _day(today: date, year: str | None, month: int, day: int) -> date | None:
    try:
        if year is not None:
            return date(2000 + int(year), month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year <= today else this_year.replace(year=today.year - 1)
    except ValueError:
        return None
