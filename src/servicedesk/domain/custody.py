"""Who holds what: every article, loan unit and voucher has exactly one holder at every moment (states §5.2-5.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from servicedesk.domain.rights import (
    ALL,
    BRANCH_MANAGER,
    CLERK,
    CUSTOMER_DEPARTMENT,
    SERVICE_MANAGER,
    SUPERVISOR,
    UNIT,
    Rule,
)
from servicedesk.domain.words import label

ARTICLE = "article"
LOAN_UNIT = "loan_unit"
VOUCHER = "voucher"

KINDS: Mapping[str, str] = {
    ARTICLE: label("article"),
    LOAN_UNIT: label("loan unit"),
    VOUCHER: label("voucher"),
}
HOLDERS: Mapping[str, str] = {
    "customer": label("with the customer"),
    "technician": label("with the technician"),
    "counter": label("at the counter"),
    "shelf": label("on the shelf"),
    "factory": label("at the factory"),
    "file": label("in file"),
    "clerk": label("with the clerk"),
    "supervisor": label("with the supervisor"),
    "accountant": label("with the accountant"),
}
HOME: Mapping[str, str] = {ARTICLE: "customer", LOAN_UNIT: "shelf", VOUCHER: "file"}
"""Where a thing is that was never moved."""

COUNTED: Mapping[str, str] = {
    "here": label("counter and shelf"),
    "vouchers": label("vouchers with the clerk"),
}
"""What is counted at day's end, each by what the ledger says is there."""

SEES_CUSTODY: Mapping[str, str] = {
    CLERK: UNIT,
    SUPERVISOR: UNIT,
    BRANCH_MANAGER: UNIT,
    CUSTOMER_DEPARTMENT: ALL,
    SERVICE_MANAGER: ALL,
}


class CustodyRow(NamedTuple):
    """Who holds a thing since when; `number` is written on it: receipt, loan unit's code, voucher number."""

    id: int
    kind: str
    number: str
    unit: str
    holder: str
    technician: str
    holder_name: str
    since: datetime
    until: datetime | None
    paper: str
    what: str

    urgent: str = ""
    state: str = ""
    version: int = 0


RULES: Mapping[str, Rule] = {
    "custody.count": Rule(label("Count what is here"), {CLERK: UNIT, SUPERVISOR: UNIT}),
}
