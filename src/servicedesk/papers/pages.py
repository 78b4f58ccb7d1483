"""Pages of the registers: the call-in register and the goods in/out register of one day (forms §3.1, §3.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from servicedesk.domain.calls import CHANNELS, STATES, CallRow
from servicedesk.domain.goods import GoodsRow
from servicedesk.domain.numbering import short
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Sentence, label, say
from servicedesk.domain.zones import ZONES
from servicedesk.papers.forms import CLERK_SIGNS, SUPERVISOR_SIGNS
from servicedesk.papers.paper import Paper, Table, columns, fields


def call_register(unit: UnitRow, day: date, rows: Sequence[CallRow], contacts: Mapping[str, tuple[str, str]]) -> Paper:
    """A day's page of the call-in repair register.

    Args:
        unit: whose register.
        day: local to the unit; a line stands on the page of the day it was logged (D36).
        rows: the lines in the order of their numbers.
        contacts: telephone and address of each call as the person may see them.
    """
    table = Table(
        columns(
            (label("No."), 5),
            (label("Called at"), 5),
            (label("Channel"), 3),
            (label("Customer"), 5),
            (label("Telephone"), 5),
            (label("Address"), 7),
            (label("Zone"), 3),
            (label("Model"), 5),
            (label("Fault as told"), 6),
            (label("Type"), 2),
            (label("Voucher"), 5),
            (label("Due"), 5),
            (label("Technician"), 4),
            (label("Arrived"), 5),
            (label("Finished"), 5),
            (label("Result"), 4),
            (label("Struck off"), 5),
        ),
        tuple(
            (
                short(row.number),
                row.called_at,
                Sentence(CHANNELS[row.channel]),
                row.customer_name,
                *contacts[row.number],
                Sentence(ZONES[row.zone]),
                row.model_no,
                row.symptom,
                row.service_type,
                row.voucher,
                row.judged_by,
                row.technician_name,
                row.arrived_at,
                row.finished_at,
                Sentence(STATES[row.state]),
                say("{at} {who}", at=row.struck_off_at, who=row.struck_off_by) if row.struck_off_at else "",
            )
            for row in rows
        ),
    )
    return _page("register", label("Call-in repair register"), unit, day, table, len(rows))


def goods_register(unit: UnitRow, day: date, rows: Sequence[GoodsRow]) -> Paper:
    """A day's page of the customer goods in/out register."""
    table = Table(
        columns(
            (label("No."), 5),
            (label("In"), 5),
            (label("Receipt"), 6),
            (label("Voucher"), 5),
            (label("Customer"), 5),
            (label("Model"), 5),
            (label("Serial no."), 5),
            (label("Accessories"), 5),
            (label("Brought by"), 4),
            (label("Received by"), 4),
            (label("Repair card"), 6),
            (label("Promised"), 5),
            (label("Sent out, back"), 5),
            (label("Passed"), 5),
            (label("Returned"), 5),
            (label("Returned by"), 4),
            (label("Customer's signature"), 5),
            (label("Receipt void"), 5),
            (label("Remarks"), 5),
        ),
        tuple(
            (
                short(row.number),
                row.came_in_at,
                row.receipt,
                row.voucher,
                row.customer_name,
                row.model_no,
                row.serial_no,
                row.accessories,
                row.technician_name,
                row.received_by_name,
                row.card,
                row.promised_at,
                say("{out} {back}", out=row.sent_out_at, back=row.back_at or "") if row.sent_out_at else "",
                row.passed_at,
                row.returned_at,
                row.returned_by_name,
                row.signer,
                row.receipt_voided_at,
                row.remarks,
            )
            for row in rows
        ),
    )
    return _page("goods", label("Customer goods in/out register"), unit, day, table, len(rows))


def _page(kind: str, title: str, unit: UnitRow, day: date, table: Table, count: int) -> Paper:
    return Paper(
        kind,
        title,
        f"{unit.code} {day:%Y-%m-%d}",
        unit.name,
        fields((label("Unit"), unit.name), (label("Date"), day), (label("Lines"), str(count))),
        (table,),
        signatures=(CLERK_SIGNS, SUPERVISOR_SIGNS),
        size="A4L",
    )
