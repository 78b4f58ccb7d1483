"""The repair cards as the workshop reads them: one register, and the lines of one card (003 Art. 8-11; forms §3.5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, select

from servicedesk.domain.repair_cards import (
    AssistanceRow,
    CardRow,
    EstimateRow,
    PartLineRow,
    PromiseRow,
    TimeLineRow,
)
from servicedesk.store import tables
from servicedesk.store.registers import CALLS_OF_CUSTOMER, NOW_KEY, Register
from servicedesk.store.session import Reading, table_of

_CARDS = table_of(tables.RepairCard)
_CALLS = table_of(tables.Call)
_UNITS = table_of(tables.Unit)
_CUSTOMERS = table_of(tables.Customer)
_GOODS = table_of(tables.Goods)
_RECEIPTS = table_of(tables.Receipt)
_VOUCHERS = table_of(tables.Voucher)
_STAFF = table_of(tables.Staff)
_TIMES = table_of(tables.TimeLine)
_CARD_PARTS = table_of(tables.CardPart)
_PARTS = table_of(tables.Part)
_PROMISES = table_of(tables.Promise)
_ASSISTANCE = table_of(tables.Assistance)
_ESTIMATES = table_of(tables.Estimate)
_TECHNICIAN = _STAFF.alias("technician")
_RUNNER = _STAFF.alias("runner")
_FINISHER = _STAFF.alias("finisher")
_PASSER = _STAFF.alias("passer")
_ANSWERER = _STAFF.alias("answerer")

C = _CARDS.c
_BASE = (
    select(
        C.id,
        C.number,
        C.version,
        _UNITS.c.code.label("unit"),
        C.state,
        C.opened_at,
        _CALLS.c.number.label("call"),
        _GOODS.c.number.label("goods"),
        _RECEIPTS.c.number.label("receipt"),
        _RECEIPTS.c.state.label("receipt_state"),
        _VOUCHERS.c.number.label("voucher"),
        _VOUCHERS.c.holder.label("voucher_holder"),
        _CALLS.c.service_type,
        _CUSTOMERS.c.number.label("customer"),
        _CALLS.c.customer_name,
        _CALLS.c.telephone,
        _CALLS.c.address,
        C.model_no,
        _CALLS.c.product_name,
        _CALLS.c.serial_no,
        _GOODS.c.accessories,
        C.symptom,
        _GOODS.c.came_in_at,
        C.promised_at,
        C.first_promised_at,
        func.coalesce(_TECHNICIAN.c.login, "").label("technician"),
        func.coalesce(_TECHNICIAN.c.name, "").label("technician_name"),
        C.running_since,
        func.coalesce(_RUNNER.c.login, "").label("running_by"),
        C.minutes,
        C.parts_due,
        C.estimate,
        C.assistance,
        C.found,
        C.work,
        C.fault_code,
        C.cause_code,
        C.resolution_code,
        C.no_parts,
        C.finished_at,
        func.coalesce(_FINISHER.c.login, "").label("finished_by"),
        C.passed_at,
        func.coalesce(_PASSER.c.name, "").label("passed_by_name"),
        C.reason,
        C.returned_at,
        C.closed_at,
        C.remarks,
        C.urgent,
        C.changed_by,
        C.changed_at,
        C.unit_id,
        C.call_id,
        C.goods_id,
        C.receipt_id,
        C.voucher_id,
        C.product_id,
        C.technician_id,
    )
    .join_from(_CARDS, _UNITS, _UNITS.c.id == C.unit_id)
    .join(_CALLS, _CALLS.c.id == C.call_id)
    .join(_CUSTOMERS, _CUSTOMERS.c.id == _CALLS.c.customer_id)
    .join(_GOODS, _GOODS.c.id == C.goods_id)
    .join(_RECEIPTS, _RECEIPTS.c.id == C.receipt_id)
    .join(_VOUCHERS, _VOUCHERS.c.id == C.voucher_id)
    .join(_TECHNICIAN, _TECHNICIAN.c.id == C.technician_id, isouter=True)
    .join(_RUNNER, _RUNNER.c.id == C.running_by, isouter=True)
    .join(_FINISHER, _FINISHER.c.id == C.finished_by, isouter=True)
    .join(_PASSER, _PASSER.c.id == C.passed_by, isouter=True)
)

# Written out, so that both engines see that the partial index serves; with both ends it is worth more than the order.
_IN_THE_SHOP = C.urgent != literal_column("''")
_UNDER_WAY = and_(_IN_THE_SHOP, C.urgent >= literal_column("'1'"), C.urgent < literal_column("'2'"))
_READY = and_(_IN_THE_SHOP, C.urgent >= literal_column("'2'"), C.urgent < literal_column("'3'"))
_IN_STATE = {state: C.state == literal_column(f"'{state}'") for state in ("waiting", "at_factory")}

CARDS: Register[CardRow] = Register(
    _CARDS,
    _BASE,
    CardRow,
    conditions={"customer": C.call_id.in_(CALLS_OF_CUSTOMER)},
    views={
        "late": and_(_IN_THE_SHOP, C.urgent >= literal_column("'1'"), C.urgent < bindparam(NOW_KEY)),
        "assistance": and_(_UNDER_WAY, C.assistance == literal_column("1")),
        "ready": _READY,
        "factory": and_(_UNDER_WAY, _IN_STATE["at_factory"]),
        "unassigned": and_(_UNDER_WAY, _IN_STATE["waiting"], C.technician_id.is_(None)),
        "exchange_due": C.exchange_due == literal_column("1"),
    },
    searched=C.call_id,
)
"""The repair cards; ready is what only waits for its customer.

Exchange due is what was beyond repair on a free job, also when it is back with its customer.
"""

_MOMENT = _TIMES.c.began_at.type
_RUNNING_OF = (
    select(C.number)
    .join_from(_TIMES, _CARDS, C.id == _TIMES.c.card_id)
    .where(_TIMES.c.technician_id == bindparam("person"), _TIMES.c.ended_at.is_(None))
)
_RUNNING_LINE = select(_TIMES.c.id, _TIMES.c.technician_id, _TIMES.c.began_at).where(
    _TIMES.c.card_id == bindparam("card"), _TIMES.c.ended_at.is_(None)
)
_OVERLAPPING = (
    select(C.number, _TIMES.c.began_at, _TIMES.c.ended_at)
    .join_from(_TIMES, _CARDS, C.id == _TIMES.c.card_id)
    .where(
        _TIMES.c.technician_id == bindparam("person"),
        _TIMES.c.began_at < bindparam("ended"),
        func.coalesce(_TIMES.c.ended_at, bindparam("now", type_=_MOMENT)) > bindparam("began", type_=_MOMENT),
    )
    .order_by(_TIMES.c.began_at.desc())
    .limit(1)
)
_LAST_TIME = select(func.coalesce(func.max(_TIMES.c.line), 0)).where(_TIMES.c.card_id == bindparam("card"))
_TIMES_OF = (
    select(_TIMES.c.line, _STAFF.c.login, _STAFF.c.name, _TIMES.c.began_at, _TIMES.c.ended_at, _TIMES.c.minutes)
    .join_from(_TIMES, _STAFF, _STAFF.c.id == _TIMES.c.technician_id)
    .where(_TIMES.c.card_id == bindparam("card"))
    .order_by(_TIMES.c.line)
)
_PARTS_OF = (
    select(
        _CARD_PARTS.c.line,
        _PARTS.c.number,
        _PARTS.c.name,
        _PARTS.c.measure,
        _CARD_PARTS.c.quantity,
        _CARD_PARTS.c.unit_price,
        _CARD_PARTS.c.basis,
        _CARD_PARTS.c.amount,
        _CARD_PARTS.c.old_part,
        _CARD_PARTS.c.taken_out,
    )
    .join_from(_CARD_PARTS, _PARTS, _PARTS.c.id == _CARD_PARTS.c.part_id)
    .where(_CARD_PARTS.c.card_id == bindparam("card"))
    .order_by(_CARD_PARTS.c.line)
)
_PROMISES_OF = (
    select(_PROMISES.c.nth, _PROMISES.c.promised_at, _PROMISES.c.at, _STAFF.c.name, _PROMISES.c.reason)
    .join_from(_PROMISES, _STAFF, _STAFF.c.id == _PROMISES.c.by_id)
    .where(_PROMISES.c.card_id == bindparam("card"))
    .order_by(_PROMISES.c.nth)
)
_ASSISTANCE_OF = (
    select(
        _ASSISTANCE.c.asked_at,
        _STAFF.c.name,
        _ASSISTANCE.c.reason,
        _ASSISTANCE.c.answer,
        _ASSISTANCE.c.answered_at,
        func.coalesce(_ANSWERER.c.name, ""),
        _ASSISTANCE.c.note,
    )
    .join_from(_ASSISTANCE, _STAFF, _STAFF.c.id == _ASSISTANCE.c.asked_by)
    .join(_ANSWERER, _ANSWERER.c.id == _ASSISTANCE.c.answered_by, isouter=True)
    .where(_ASSISTANCE.c.card_id == bindparam("card"))
    .order_by(_ASSISTANCE.c.id)
)
_OPEN_ASSISTANCE = select(_ASSISTANCE.c.id).where(
    _ASSISTANCE.c.card_id == bindparam("card"), _ASSISTANCE.c.answered_at.is_(None)
)
_ESTIMATES_OF = (
    select(
        _ESTIMATES.c.number,
        _ESTIMATES.c.amount,
        _ESTIMATES.c.state,
        _ESTIMATES.c.told_at,
        _STAFF.c.name,
        _ESTIMATES.c.told_whom,
        _ESTIMATES.c.told_how,
        _ESTIMATES.c.decided_at,
        _ESTIMATES.c.decided_by,
        _ESTIMATES.c.decided_how,
    )
    .join_from(_ESTIMATES, _STAFF, _STAFF.c.id == _ESTIMATES.c.told_by)
    .where(_ESTIMATES.c.card_id == bindparam("card"))
    .order_by(_ESTIMATES.c.id)
)
_OPEN_ESTIMATE = select(_ESTIMATES.c.id, _ESTIMATES.c.number, _ESTIMATES.c.amount, _ESTIMATES.c.told_at).where(
    _ESTIMATES.c.card_id == bindparam("card"), _ESTIMATES.c.state == literal_column("'open'")
)
_MOST_LIKE_IT = 200
_LIKE_IT = (
    select(C.resolution_code, C.work)
    .where(
        C.model_no == bindparam("model_no"),
        C.fault_code == bindparam("fault_code"),
        C.resolution_code != "",
        C.finished_at.is_not(None),
        C.state.not_in(["void", "beyond_repair", "unrepaired"]),
    )
    .order_by(C.id.desc())
    .limit(_MOST_LIKE_IT)
)

_OF_CALL = select(C.number).where(C.call_id == bindparam("call")).order_by(C.id.desc()).limit(1)


def number_of_call(desk: Reading, call: int) -> str:
    """The newest card of a call; empty where its goods never came in."""
    return str(desk.value(_OF_CALL, call=call) or "")


def time_lines(desk: Reading, card: int) -> list[TimeLineRow]:
    """The time lines of a card, the first one first."""
    return [TimeLineRow(*row) for row in desk.all(_TIMES_OF, card=card)]


def part_lines(desk: Reading, card: int) -> list[PartLineRow]:
    """The parts lines of a card, also those taken out again."""
    return [PartLineRow(*row) for row in desk.all(_PARTS_OF, card=card)]


def promises(desk: Reading, card: int) -> list[PromiseRow]:
    """Every promised time of a card, the one that is measured first (D19)."""
    return [PromiseRow(*row) for row in desk.all(_PROMISES_OF, card=card)]


def assistance(desk: Reading, card: int) -> list[AssistanceRow]:
    """Every request for assistance with its answer (003 Art. 11)."""
    return [AssistanceRow(*row) for row in desk.all(_ASSISTANCE_OF, card=card)]


def estimates(desk: Reading, card: int) -> list[EstimateRow]:
    """Every estimate told, with the customer's word on it."""
    return [EstimateRow(*row) for row in desk.all(_ESTIMATES_OF, card=card)]


def running_of(desk: Reading, person: int) -> str:
    """The number of the card on which this technician's clock runs; empty where none does."""
    return desk.value(_RUNNING_OF, person=person) or ""


def running_line(desk: Reading, card: int) -> Any:
    """The running time line of a card as `id`, `technician_id`, `began_at`; None where no clock runs."""
    return desk.one(_RUNNING_LINE, card=card)


def overlapping(desk: Reading, person: int, began: datetime, ended: datetime, now: datetime) -> Any:
    """A time line of this technician, on any card, that lies in these hours: `number`, `began_at`, `ended_at`."""
    return desk.one(_OVERLAPPING, person=person, began=began, ended=ended, now=now)


def last_time_line(desk: Reading, card: int) -> int:
    """The number of a card's last time line; 0 without one."""
    return int(desk.value(_LAST_TIME, card=card))


def open_assistance(desk: Reading, card: int) -> int:
    """The key of the request for assistance that waits for its answer."""
    return int(desk.value(_OPEN_ASSISTANCE, card=card))


def open_estimate(desk: Reading, card: int) -> Any:
    """The estimate that waits for the customer's word: `id`, `number`, `amount`, `told_at`."""
    return desk.one(_OPEN_ESTIMATE, card=card)


def worked_before(desk: Reading, model_no: str, fault_code: str) -> list[tuple[str, str, int]]:
    """What worked for this model and fault, counted from the desk's own last finished cards.

    Returns:
        resolution code, what was written as work done the last time, how often; the most frequent first.
    """
    counted: dict[str, tuple[str, int]] = {}
    for row in desk.all(_LIKE_IT, model_no=model_no, fault_code=fault_code):
        work, count = counted.get(row.resolution_code, (row.work, 0))
        counted[row.resolution_code] = (work, count + 1)
    return sorted(((code, work, count) for code, (work, count) in counted.items()), key=lambda found: -found[2])
