"""Every figure of the day's papers, counted anew from the raw rows in plain SQL: the same text on both engines.

Shenzhen is eight hours before UTC, and nobody of the branch works between midnight and eight: the date of a stored time
is the day of the branch. A figure of a paper is counted as of the moment at which the paper was written, years later as
well: what was dispatched, recalled, cancelled, signed, handed over or returned since then is looked through.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text

from tests.world import World

Figures = Mapping[str, Any]


def rows(world: World, statement: str) -> list[dict[str, Any]]:
    """What a plain statement gives, times as they are stored."""
    with world.books.reading() as reading:
        return [dict(row) for row in reading.connection.execute(text(statement)).mappings()]


def _minute(at: str) -> str:
    """Minutes after midnight UTC of a stored time."""
    return f"(CAST(substr({at}, 12, 2) AS INTEGER) * 60 + CAST(substr({at}, 15, 2) AS INTEGER))"


def _minutes(begins: str, ends: str) -> str:
    """Whole minutes between two stored times of one date."""
    return f"({_minute(ends)} - {_minute(begins)})"


def _day(at: str) -> str:
    return f"substr({at}, 1, 10)"


def _done_to(number: str, act: str, until: str) -> str:
    """Whether an act was done to a paper until then; the audit log says when, also where no column does."""
    return (
        f"EXISTS (SELECT 1 FROM audit a WHERE a.act = '{act}' AND a.outcome = 'done' AND a.at <= {until}"
        f" AND ' ' || a.numbers || ' ' LIKE '% ' || {number} || ' %')"
    )


def _page(number: str) -> str:
    """The day of the page on which a call stands, by its number SZ-C-261008-0001."""
    return f"('20' || substr({number}, 6, 2) || '-' || substr({number}, 8, 2) || '-' || substr({number}, 10, 2))"


def _ended(until: str) -> str:
    """Whether a call was cancelled, or passed on to another unit, as of then."""
    cancelled, passed_on = (_done_to("c.number", act, until) for act in ("calls.cancel", "calls.pass_on"))
    return f"(c.state = 'cancelled' AND ({cancelled} OR {passed_on}))"


def _undispatched(until: str) -> str:
    """Whether a call was logged and nobody was sent to it, as of then."""
    return f"""
        c.logged_at <= {until}
        AND NOT {_ended(until)}
        AND NOT EXISTS (SELECT 1 FROM receipts r WHERE r.call_id = c.id AND r.issued_at <= {until})
        AND NOT EXISTS (
            SELECT 1 FROM visits v WHERE v.call_id = c.id AND v.dispatched_at <= {until}
            AND NOT (v.state = 'recalled' AND EXISTS (
                SELECT 1 FROM tellings t
                WHERE t.call_id = c.id AND t.reason = 'recalled' AND t.since >= v.dispatched_at AND t.since <= {until}
            ))
        )"""


def _open(until: str) -> str:
    """Whether a line of the register was open, as of then."""
    return f"""
        c.logged_at <= {until} AND (c.struck_off_at IS NULL OR c.struck_off_at > {until})
        AND NOT {_ended(until)}"""


# Technicians


NOT_LEFT = f"""
    SELECT r.id AS report, c.number
    FROM technician_reports r
    JOIN visits v ON v.technician_id = r.technician_id AND {_day("v.arrived_at")} = r.day
        AND v.arrived_at <= r.submitted_at AND (v.left_at IS NULL OR v.left_at > r.submitted_at)
    JOIN calls c ON c.id = v.call_id
    WHERE NOT EXISTS (SELECT 1 FROM report_lines l WHERE l.report_id = r.id AND l.paper = c.number)
"""
"""The jobs at which a technician still was when he submitted his report, and of which he had written no line."""

WORKED = f"""
    SELECT r.id AS report, c.service_type, c.number AS paper, v.arrived_at AS began_at, v.left_at AS ended_at,
        {_minutes("v.arrived_at", "v.left_at")} AS minutes, 0 AS travel,
        CASE WHEN v.outcome = 'done_on_site' THEN c.fee ELSE 0 END AS fee, 'visit' AS source
    FROM technician_reports r
    JOIN visits v ON v.technician_id = r.technician_id AND {_day("v.left_at")} = r.day AND v.left_at <= r.submitted_at
    JOIN calls c ON c.id = v.call_id
    WHERE v.state = 'done'
    UNION ALL
    SELECT r.id, c.service_type, k.number, l.began_at, l.ended_at, {_minutes("l.began_at", "l.ended_at")}, 0, 0, 'card'
    FROM technician_reports r
    JOIN time_lines l ON l.technician_id = r.technician_id AND {_day("l.ended_at")} = r.day
        AND l.ended_at <= r.submitted_at
    JOIN repair_cards k ON k.id = l.card_id
    JOIN calls c ON c.id = k.call_id
    UNION ALL
    SELECT report_id, service_type, paper, began_at, ended_at, {_minutes("began_at", "ended_at")}, travel, fee, source
    FROM report_lines WHERE source = 'typed'
"""
"""What a technician did on the day of each report, as far as it was known when he submitted it."""

EARLIER = f"""
    SELECT r.id AS report, c.service_type, c.number AS paper, v.arrived_at AS began_at, v.left_at AS ended_at,
        {_minutes("v.arrived_at", "v.left_at")} AS minutes, 0 AS travel,
        CASE WHEN v.outcome = 'done_on_site' THEN c.fee ELSE 0 END AS fee, 'visit' AS source
    FROM technician_reports b
    JOIN visits v ON v.technician_id = b.technician_id AND {_day("v.left_at")} = b.day AND v.left_at > b.submitted_at
    JOIN calls c ON c.id = v.call_id
    JOIN technician_reports r ON r.technician_id = b.technician_id AND r.day = (
        SELECT MIN(n.day) FROM technician_reports n WHERE n.technician_id = b.technician_id AND n.day > b.day
    )
    WHERE v.state = 'done'
"""
"""What he left after the report of its day, for the last time, was submitted: it stands in his next one."""


def _jobs(service_type: str) -> str:
    return f"COUNT(DISTINCT CASE WHEN w.service_type = '{service_type}' THEN w.paper END)"


def _minutes_of(service_type: str) -> str:
    return f"SUM(CASE WHEN w.service_type = '{service_type}' THEN w.minutes ELSE 0 END)"


_COUNTED = f"""
    {_jobs("A")} AS jobs_a, {_minutes_of("A")} AS minutes_a, {_jobs("B")} AS jobs_b, {_minutes_of("B")} AS minutes_b,
    {_jobs("C")} AS jobs_c, {_minutes_of("C")} AS minutes_c, {_minutes_of("D")} AS minutes_d
"""

TECHNICIANS = f"""
    SELECT r.number, {_COUNTED}, SUM(w.travel) AS travel, SUM(w.fee) AS fee
    FROM technician_reports r JOIN ({WORKED} UNION ALL {EARLIER}) w ON w.report = r.id GROUP BY r.number
"""
"""The foot of every technician report."""

SUPERVISORS = f"""
    SELECT b.number, s.login, {_COUNTED}, '' AS absent
    FROM supervisor_reports b
    JOIN technician_reports r ON r.unit_id = b.unit_id AND r.day = b.day
    JOIN staff s ON s.id = r.technician_id
    JOIN ({WORKED} UNION ALL {EARLIER}) w ON w.report = r.id
    GROUP BY b.number, s.login
"""
"""Every technician's line of every supervisor report, but for the absent."""


# The day block


DAY_BLOCK = f"""
    WITH b AS (
        SELECT r.number, r.day, r.unit_id, r.compiled_at AS written,
            CASE WHEN {_day("r.compiled_at")} = r.day THEN r.compiled_at ELSE r.day || 'T16:00:00+00:00' END AS at,
            CASE WHEN d.closed_at <= r.compiled_at THEN d.closed_at ELSE r.compiled_at END AS counted
        FROM supervisor_reports r JOIN register_days d ON d.unit_id = r.unit_id AND d.day = r.day
    ),
    late AS (
        SELECT b.number, c.zone, c.id
        FROM b
        JOIN calls c ON c.unit_id = b.unit_id AND c.judged_by < b.at
        LEFT JOIN (SELECT call_id, MIN(arrived_at) AS first FROM visits GROUP BY call_id) v ON v.call_id = c.id
        WHERE ({_day("v.first")} = b.day AND v.first > c.judged_by AND v.first <= b.at)
            OR ((v.first IS NULL OR v.first > b.at) AND {_open("b.at")})
    )
    SELECT b.number,
        (SELECT COUNT(*) FROM calls c WHERE {_page("c.number")} = b.day AND c.unit_id = b.unit_id
            AND c.logged_at <= b.written) AS calls,
        (SELECT COUNT(DISTINCT v.call_id) FROM visits v WHERE {_day("v.dispatched_at")} = b.day
            AND v.dispatched_at <= b.written) AS dispatched,
        (SELECT COUNT(*) FROM calls c WHERE {_page("c.number")} <= b.day AND c.unit_id = b.unit_id
            AND {_undispatched("b.counted")}) AS undispatched,
        (SELECT COUNT(*) FROM late WHERE late.number = b.number AND late.zone = 'urban') AS late_urban,
        (SELECT COUNT(*) FROM late WHERE late.number = b.number AND late.zone = 'suburban') AS late_suburban,
        (SELECT COUNT(DISTINCT v.call_id) FROM visits v WHERE {_day("v.left_at")} = b.day AND v.left_at <= b.written
            AND v.outcome = 'done_on_site') AS done_on_site,
        (SELECT COUNT(DISTINCT v.call_id) FROM visits v WHERE {_day("v.left_at")} = b.day AND v.left_at <= b.written
            AND v.outcome = 'carried_back') AS carried_back,
        (SELECT COUNT(*) FROM repair_cards k WHERE k.unit_id = b.unit_id AND k.opened_at <= b.at
            AND (k.returned_at IS NULL OR k.returned_at > b.at)) AS in_shop,
        (SELECT COUNT(*) FROM repair_cards k JOIN promises p ON p.card_id = k.id
            WHERE k.unit_id = b.unit_id AND k.opened_at <= b.at
            AND (k.returned_at IS NULL OR k.returned_at > b.at) AND (k.passed_at IS NULL OR k.passed_at > b.at)
            AND p.promised_at < b.at AND p.nth = (
                SELECT MAX(q.nth) FROM promises q WHERE q.card_id = k.id AND q.at <= b.written
            )) AS overdue,
        (SELECT COUNT(*) FROM assistance x WHERE {_day("x.asked_at")} = b.day AND x.asked_at <= b.written)
            AS assistance,
        (SELECT COUNT(*) FROM complaints x WHERE {_day("x.received_at")} = b.day AND x.unit_id = b.unit_id
            AND x.received_at <= b.written) AS complaints,
        (SELECT COALESCE(SUM(l.amount), 0) FROM charge_lines l JOIN charges x ON x.id = l.charge_id
            WHERE {_day("x.done_at")} = b.day AND x.unit_id = b.unit_id AND x.done_at <= b.written) AS fees,
        (SELECT COUNT(*) FROM charges x WHERE {_day("x.invoiced_at")} = b.day AND x.unit_id = b.unit_id
            AND x.invoiced_at <= b.written) AS invoices
    FROM b
"""
"""The day block of every supervisor report."""


# The closing sheet


CLOSING_SHEETS = f"""
    SELECT d.number,
        (SELECT COUNT(*) FROM calls c WHERE {_page("c.number")} = d.day AND c.unit_id = d.unit_id
            AND c.logged_at <= d.closed_at) AS calls,
        (SELECT COUNT(*) FROM calls c WHERE {_page("c.number")} <= d.day AND c.unit_id = d.unit_id
            AND {_undispatched("d.closed_at")}) AS carried_over
    FROM register_days d
"""

DIFFERENCES = f"""
    SELECT d.number, 'voucher_out' AS kind, v.number AS paper
    FROM register_days d
    JOIN custody k ON k.kind = 'voucher' AND k.since <= d.reconciled_at
        AND (k.until IS NULL OR k.until > d.reconciled_at)
    JOIN vouchers v ON v.id = k.item_id
    WHERE k.holder IN ('technician', 'accountant') OR (k.holder IN ('clerk', 'supervisor') AND NOT EXISTS (
        SELECT 1 FROM calls c WHERE c.product_id = v.product_id AND {_open("d.reconciled_at")}
    ))
    UNION ALL
    SELECT d.number, 'not_struck_off', c.number
    FROM register_days d JOIN calls c ON c.finished_at <= d.reconciled_at
    WHERE c.struck_off_at IS NULL OR c.struck_off_at > d.reconciled_at
    UNION ALL
    SELECT d.number, 'not_taken_in', r.number
    FROM register_days d JOIN receipts r ON r.issued_at <= d.reconciled_at
    WHERE NOT EXISTS (SELECT 1 FROM goods g WHERE g.receipt_id = r.id AND g.came_in_at <= d.reconciled_at)
    UNION ALL
    SELECT d.number, 'receipt_lost', r.number
    FROM register_days d JOIN receipts r ON {_done_to("r.number", "receipts.lose", "d.reconciled_at")}
    WHERE r.voided_at IS NULL OR r.voided_at > d.reconciled_at
    UNION ALL
    SELECT d.number, 'not_signed', c.number
    FROM register_days d
    JOIN voucher_entries e ON e.left_at <= d.reconciled_at AND e.outcome <> 'revisit'
        AND (e.signed_at IS NULL OR e.signed_at > d.reconciled_at)
    JOIN calls c ON c.id = e.call_id
    UNION ALL
    SELECT d.number, 'not_remitted', c.number
    FROM register_days d
    -- What is collected afterwards never was with the technician.
    JOIN charges x ON x.collected_at = x.done_at AND x.collected_at <= d.reconciled_at
    JOIN calls c ON c.id = x.call_id
    WHERE x.remitted_at IS NULL OR x.remitted_at > d.reconciled_at
    UNION ALL
    SELECT d.number, 'sheet_out', j.number
    FROM register_days d JOIN job_sheets j ON j.printed_at <= d.reconciled_at
    WHERE j.state = 'out' OR j.changed_at > d.reconciled_at
"""
"""What differed when each day was reconciled: kind and paper."""

PAGES = f"""
    SELECT d.number AS sheet, c.number, c.called_at, c.customer_name, c.symptom,
        CASE WHEN c.finished_at <= d.closed_at THEN c.finished_at END AS finished_at,
        CASE WHEN c.struck_off_at <= d.closed_at THEN c.struck_off_at END AS struck_off_at,
        (SELECT MIN(v.arrived_at) FROM visits v WHERE v.call_id = c.id AND v.arrived_at <= d.closed_at) AS arrived_at,
        CASE WHEN c.finished_at <= d.closed_at THEN COALESCE((
            SELECT SUM(l.amount) FROM charge_lines l JOIN charges x ON x.id = l.charge_id WHERE x.call_id = c.id
        ), 0) ELSE 0 END AS fee
    FROM register_days d JOIN calls c ON {_page("c.number")} = d.day AND c.unit_id = d.unit_id
        AND c.logged_at <= d.closed_at
"""
"""The lines of each page as they stood at the closing."""
