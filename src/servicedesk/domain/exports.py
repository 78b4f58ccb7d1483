"""Registers taken out of the books as files: who may, in which forms, and cells that no spreadsheet obeys (001 9.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from servicedesk.domain.charges import SEES_CHARGES
from servicedesk.domain.complaints import SEES_COMPLAINTS
from servicedesk.domain.custody import SEES_CUSTODY
from servicedesk.domain.goods import SEES_GOODS
from servicedesk.domain.parts import SEES_PARTS
from servicedesk.domain.printing import SEES_JOB_SHEETS
from servicedesk.domain.register_days import SEES_DAYS
from servicedesk.domain.repair_cards import SEES_CARDS
from servicedesk.domain.reports import SEES_REPORTS, SEES_SUPERVISOR_REPORTS
from servicedesk.domain.rights import ALL, ANALYST, AUDITOR, ROLES, SEES_CALLS, Rule
from servicedesk.domain.words import label

CSV = "csv"
XLSX = "xlsx"
JSON = "json"
FORMATS: Mapping[str, str] = {CSV: label("CSV"), XLSX: label("Excel workbook"), JSON: label("JSON")}

MOST_IN_CLEAR = 1_000
"""In an export of more lines than these telephones and addresses are masked for everybody, whatever the posts show of a
single line: they show it for the work on that line, and nobody works on so many at once (001 9.1)."""

_READERS = {
    ANALYST,
    AUDITOR,
    *SEES_CALLS,
    *SEES_CARDS,
    *SEES_CHARGES,
    *SEES_COMPLAINTS,
    *SEES_CUSTODY,
    *SEES_DAYS,
    *SEES_GOODS,
    *SEES_JOB_SHEETS,
    *SEES_PARTS,
    *SEES_REPORTS,
    *SEES_SUPERVISOR_REPORTS,
}

RULES: Mapping[str, Rule] = {
    "exports.write": Rule(label("Export a register"), {role: ALL for role in ROLES if role in _READERS}),
}
"""Whoever reads a register; which one, and which of its lines, its own table says (§1.7)."""

# What begins a formula, its full-width and small forms too, also after blanks; and what moves on to the next cell.
_FORMULA = re.compile("[\\s\0]*[=+\\-@−＝＋－＠﹦﹢﹣﹫]|[\t\r\n\0]")
SIGNS = frozenset("=+-@−＝＋－＠﹦﹢﹣﹫\0\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {
    chr(blank) for blank in range(0x2000, 0x200B)
}
"""Every first character of a cell that `harmless` may change: a quick look before it is asked."""


def harmless(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula: an apostrophe before what would begin one."""
    return "'" + cell if _FORMULA.match(cell) else cell
