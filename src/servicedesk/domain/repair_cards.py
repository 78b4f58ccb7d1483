"""The repair card: states, guards and the row of the workshop's list (003 Art. 8-11; forms §3.5; states §5.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from servicedesk.domain.rights import (
    ALL,
    BRANCH_MANAGER,
    CLERK,
    CUSTOMER_DEPARTMENT,
    OWN,
    SERVICE_MANAGER,
    SUPERVISOR,
    TECHNICIAN,
    UNIT,
    Actor,
    Rule,
)
from servicedesk.domain.words import Sentence, label, say

WAITING = "waiting"
IN_REPAIR = "in_repair"
WAITING_PARTS = "waiting_parts"
AT_FACTORY = "at_factory"
REPAIRED = "repaired"
PASSED = "passed"
UNREPAIRED = "unrepaired"
BEYOND_REPAIR = "beyond_repair"
RETURNED = "returned"
CLOSED = "closed"
VOID = "void"

STATES: Mapping[str, str] = {
    WAITING: label("waiting for repair"),
    IN_REPAIR: label("in repair"),
    WAITING_PARTS: label("waiting for parts"),
    AT_FACTORY: label("at the factory"),
    REPAIRED: label("repaired, to be inspected"),
    PASSED: label("passed"),
    UNREPAIRED: label("to be returned unrepaired"),
    BEYOND_REPAIR: label("beyond repair"),
    RETURNED: label("returned"),
    CLOSED: label("closed"),
    VOID: label("void"),
}
AT_THE_BENCH = frozenset({WAITING, IN_REPAIR, WAITING_PARTS})
READY = frozenset({PASSED, UNREPAIRED, BEYOND_REPAIR})
"""What only waits to be returned to the customer."""
IN_THE_SHOP = frozenset(STATES) - {RETURNED, CLOSED, VOID}

OLD_PARTS: Mapping[str, str] = {
    "kept": label("old part kept"),
    "given_back": label("old part given back"),
    "factory": label("old part sent to the factory"),
    "scrapped": label("old part scrapped"),
    "none": label("no old part"),
}
ANSWERS: Mapping[str, str] = {
    "help": label("help given"),
    "technician": label("another technician"),
    "promise": label("new promise"),
    "factory": label("to the factory"),
    "beyond_repair": label("beyond repair"),
}
SEES_CARDS: Mapping[str, str] = {
    CLERK: UNIT,
    SUPERVISOR: UNIT,
    TECHNICIAN: UNIT,
    BRANCH_MANAGER: UNIT,
    CUSTOMER_DEPARTMENT: ALL,
    SERVICE_MANAGER: ALL,
}
"""Who reads the repair cards of the shop (§1.7)."""


class CardRow(NamedTuple):
    """One repair card with every fact that a guard reads. Times are aware UTC, money minor units, minutes whole.

    `technician` is assigned; `running_since` and `running_by` (login) are the clock that runs now; `holder` is who
    has the article; `loan` is the number of the loan slip that is out for the call.
    """

    id: int
    number: str
    version: int
    unit: str
    state: str
    opened_at: datetime
    call: str
    goods: str
    receipt: str
    receipt_state: str
    voucher: str
    voucher_holder: str
    service_type: str
    customer: str
    customer_name: str
    telephone: str
    address: str
    model_no: str
    product_name: str
    serial_no: str
    accessories: str
    symptom: str
    came_in_at: datetime
    promised_at: datetime
    first_promised_at: datetime
    technician: str
    technician_name: str
    running_since: datetime | None
    running_by: str
    minutes: int
    parts_due: int
    estimate: str
    assistance: bool
    found: str
    work: str
    fault_code: str
    cause_code: str
    resolution_code: str
    no_parts: bool
    finished_at: datetime | None
    finished_by: str
    passed_at: datetime | None
    passed_by_name: str
    reason: str
    returned_at: datetime | None
    closed_at: datetime | None
    remarks: str
    urgent: str
    changed_by: str
    changed_at: datetime | None
    unit_id: int
    call_id: int
    goods_id: int
    receipt_id: int
    voucher_id: int
    product_id: int
    technician_id: int | None

    def late(self, now: datetime) -> bool:
        """The promised time has passed and the card is not passed (003 Art. 11, K12)."""
        return self.state in (*AT_THE_BENCH, AT_FACTORY, REPAIRED) and now > self.promised_at


class TimeLineRow(NamedTuple):
    """A time line; without an end the clock runs."""

    line: int
    technician: str
    technician_name: str
    began_at: datetime
    ended_at: datetime | None
    minutes: int


class PartLineRow(NamedTuple):
    """A parts line; `taken_out` ones went back to stock and count for nothing."""

    line: int
    part: str
    name: str
    measure: str
    quantity: int
    unit_price: int
    basis: str
    amount: int
    old_part: str
    taken_out: bool


class PromiseRow(NamedTuple):
    """A promised time with who gave it and why."""

    nth: int
    promised_at: datetime
    at: datetime
    by_name: str
    reason: str


class AssistanceRow(NamedTuple):
    """A request for assistance with its answer, if there is one."""

    asked_at: datetime
    asked_by_name: str
    reason: str
    answer: str
    answered_at: datetime | None
    answered_by_name: str
    note: str


class EstimateRow(NamedTuple):
    """An estimate with the customer's word on it."""

    number: str
    amount: int
    state: str
    told_at: datetime
    told_by_name: str
    told_whom: str
    told_how: str
    decided_at: datetime | None
    decided_by: str
    decided_how: str


def urgency(state: str, promised_at: datetime) -> str:
    """The key of the workshop's list: what is promised first, then what is ready; empty once out of the shop."""
    if state in (*AT_THE_BENCH, AT_FACTORY, REPAIRED):
        return "1" + promised_at.astimezone(UTC).strftime("%Y%m%d%H%M")
    if state in READY:
        return "2" + promised_at.astimezone(UTC).strftime("%Y%m%d%H%M")
    return ""


def prompt(row: CardRow, now: datetime) -> Sentence | None:
    """What the workshop says of a card past its promised time for which nobody asked for assistance (003 Art. 11)."""
    if row.assistance or row.state not in AT_THE_BENCH or not row.late(now):
        return None
    return say(
        "{number} was promised for {at}: ask the service supervisor for assistance.",
        number=row.number,
        at=row.promised_at,
    )


def _assigned(actor: Actor, row: CardRow) -> Sentence | None:
    if row.technician:
        return None
    return say("{number} has no technician yet: the service supervisor assigns one.", number=row.number)


def _no_clock(actor: Actor, row: CardRow) -> Sentence | None:
    if row.running_since is None:
        return None
    return say("The clock of {number} is running: stop it first.", number=row.number)


def _clock_runs(actor: Actor, row: CardRow) -> Sentence | None:
    if row.running_since is not None:
        return None
    return say("No clock is running on {number}.", number=row.number)


def _no_estimate_open(actor: Actor, row: CardRow) -> Sentence | None:
    if row.estimate != "open":
        return None
    return say("The estimate for {number} waits for the customer's word.", number=row.number)


def _estimate_open(actor: Actor, row: CardRow) -> Sentence | None:
    if row.estimate == "open":
        return None
    return say("{number} has no open estimate.", number=row.number)


def _no_assistance(actor: Actor, row: CardRow) -> Sentence | None:
    if not row.assistance:
        return None
    return say("Assistance for {number} is already asked for.", number=row.number)


def _assistance_asked(actor: Actor, row: CardRow) -> Sentence | None:
    if row.assistance:
        return None
    return say("Nobody has asked for assistance with {number}.", number=row.number)


def _assistance_answered(actor: Actor, row: CardRow) -> Sentence | None:
    if not row.assistance:
        return None
    return say("The request for assistance with {number} waits for the supervisor's answer.", number=row.number)


def _has_time(actor: Actor, row: CardRow) -> Sentence | None:
    if row.minutes > 0:
        return None
    return say("{number} has no time line: enter the actual repair time.", number=row.number)


def _has_time_or_clock(actor: Actor, row: CardRow) -> Sentence | None:
    """The clock that runs makes the time line when the repair is finished."""
    return _has_time(actor, row) if row.running_since is None else None


def _no_parts_due(actor: Actor, row: CardRow) -> Sentence | None:
    if row.parts_due == 0:
        return None
    return say("{number} still waits for parts: {count} to come.", number=row.number, count=row.parts_due)


def _another_than_repaired(actor: Actor, row: CardRow) -> Sentence | None:
    if actor.login not in (row.finished_by, row.technician):
        return None
    return say("Who repaired {number} does not inspect it: another supervisor passes it.", number=row.number)


def _receipt_not_doubtful(actor: Actor, row: CardRow) -> Sentence | None:
    """Lost is one thing, confirmed another; the act asks whether the supervisor confirmed it."""
    if row.receipt_state in ("issued", "lost"):
        return None
    return say("Receipt {receipt} is void.", receipt=row.receipt)


def _voucher_at_hand(actor: Actor, row: CardRow) -> Sentence | None:
    if row.voucher_holder in ("clerk", "technician", "supervisor"):
        return None
    return say("Voucher {voucher} is needed for the customer's signature: pull it first.", voucher=row.voucher)


_BENCH = {CLERK: UNIT, TECHNICIAN: UNIT, SUPERVISOR: UNIT}
_FILL = {CLERK: UNIT, TECHNICIAN: OWN}
_SUPERVISOR = {SUPERVISOR: UNIT}

RULES: Mapping[str, Rule] = {
    "cards.void": Rule(
        label("Void a card"),
        {CLERK: UNIT},
        frozenset({WAITING}),
        VOID,
        (_no_estimate_open, _assistance_answered, _no_parts_due),
    ),
    "cards.assign": Rule(label("Assign a technician"), _SUPERVISOR, AT_THE_BENCH, None, (_no_clock,)),
    "cards.start": Rule(label("Start the repair"), _FILL, frozenset({WAITING}), IN_REPAIR, (_assigned,)),
    "cards.clock": Rule(label("Start the clock"), _FILL, frozenset({IN_REPAIR}), None, (_assigned, _no_clock)),
    "cards.stop": Rule(label("Stop the clock"), _FILL, frozenset({IN_REPAIR}), None, (_clock_runs,)),
    "cards.time": Rule(label("Enter repair time"), _FILL, frozenset({IN_REPAIR, WAITING_PARTS})),
    "cards.parts": Rule(label("Enter parts"), _FILL, frozenset({IN_REPAIR})),
    "cards.take_out": Rule(label("Take a part out again"), _FILL, frozenset({IN_REPAIR, WAITING_PARTS})),
    "cards.write": Rule(label("Fault found and work done"), _FILL, AT_THE_BENCH),
    "cards.wait": Rule(label("Wait for parts"), _FILL, frozenset({IN_REPAIR}), WAITING_PARTS),
    "cards.resume": Rule(
        label("Resume the repair"), _FILL, frozenset({WAITING_PARTS}), IN_REPAIR, (_assigned, _no_parts_due)
    ),
    "cards.ask": Rule(label("Ask for assistance"), _FILL, AT_THE_BENCH, None, (_no_assistance,)),
    "cards.answer": Rule(label("Answer the request"), _SUPERVISOR, AT_THE_BENCH, None, (_assistance_asked,)),
    "cards.promise": Rule(label("New promised time"), _SUPERVISOR, AT_THE_BENCH | {AT_FACTORY, REPAIRED}),
    "cards.to_factory": Rule(
        label("Send to the factory"), _SUPERVISOR, frozenset({IN_REPAIR}), AT_FACTORY, (_no_clock,)
    ),
    "cards.from_factory": Rule(label("Back from the factory"), {CLERK: UNIT}, frozenset({AT_FACTORY}), IN_REPAIR),
    "cards.estimate": Rule(label("Estimate told"), _BENCH, AT_THE_BENCH, None, (_no_estimate_open,)),
    "cards.approve": Rule(label("Estimate approved"), _BENCH, AT_THE_BENCH | {AT_FACTORY}, None, (_estimate_open,)),
    "cards.decline": Rule(
        label("Estimate declined"),
        _BENCH,
        AT_THE_BENCH,
        UNREPAIRED,
        (_estimate_open, _no_clock, _assistance_answered),
    ),
    "cards.finish": Rule(
        label("Finish the repair"),
        _FILL,
        frozenset({IN_REPAIR}),
        REPAIRED,
        (_no_estimate_open, _assistance_answered, _no_parts_due, _has_time_or_clock),
    ),
    "cards.pass": Rule(
        label("Pass the repair"), _SUPERVISOR, frozenset({REPAIRED}), PASSED, (_has_time, _another_than_repaired)
    ),
    "cards.reject": Rule(
        label("Reject the repair"), _SUPERVISOR, frozenset({REPAIRED}), IN_REPAIR, (_another_than_repaired,)
    ),
    "cards.beyond_repair": Rule(
        label("Beyond repair"), _SUPERVISOR, frozenset({IN_REPAIR}), BEYOND_REPAIR, (_no_clock, _no_parts_due)
    ),
    "cards.take_along": Rule(
        label("Take to the customer"), {CLERK: UNIT, TECHNICIAN: UNIT}, READY, None, (_voucher_at_hand,)
    ),
    "cards.bring_again": Rule(label("Bring back undelivered"), {CLERK: UNIT, TECHNICIAN: UNIT}, READY),
    "cards.return": Rule(
        label("Return to the customer"),
        {CLERK: UNIT, TECHNICIAN: UNIT},
        READY,
        RETURNED,
        (_voucher_at_hand, _receipt_not_doubtful),
    ),
}
