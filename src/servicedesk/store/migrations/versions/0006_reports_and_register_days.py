"""Daily reports and register days with their frozen pages"""

import sqlalchemy as sa
from alembic import op

from servicedesk.store import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PAGE = "The page of a closed register day stays as it was sent."
DAY = "What a closed register day says stays as it was."
REPORT = "The lines of a reviewed report stay as they were."
SUMMARY = "The lines of a signed supervisor report stay as they were."
CALL = "The number, unit and time by which a call was logged stay as they are, and its line is never removed."

CLOSED = "EXISTS (SELECT 1 FROM register_days WHERE id = {row}.day_id AND closed_at IS NOT NULL)"
REVIEWED = "EXISTS (SELECT 1 FROM technician_reports WHERE id = {row}.report_id AND state IN ('reviewed', 'kept'))"
SIGNED = "EXISTS (SELECT 1 FROM supervisor_reports WHERE id = {row}.report_id AND state <> 'compiled')"
RENUMBERED = "OLD.id <> NEW.id"
FROZEN_OF_A_DAY = "calls, carried_over, differences, audit_head, reconciled_at, reconciled_by, closed_at, closed_by"
FIGURES = "jobs_a, minutes_a, jobs_b, minutes_b, jobs_c, minutes_c, minutes_d, travel, fee, marks"
FROZEN_OF_A_REPORT = f"id, number, unit_id, technician_id, day, hours, {FIGURES}, remarks, submitted_at, submitted_by"
DAY_BLOCK = (
    "calls, dispatched, undispatched, late_urban, late_suburban, done_on_site, carried_back, in_shop, overdue, "
    "assistance, complaints, fees, invoices"
)
FROZEN_OF_A_SUMMARY = f"id, number, unit_id, day, {DAY_BLOCK}, remarks, compiled_at, compiled_by, signed_at, signed_by"
CHANGES = (
    ("register_page_lines_no_update", "UPDATE ON register_page_lines", "1 = 1", PAGE),
    ("register_page_lines_no_delete", "DELETE ON register_page_lines", "1 = 1", PAGE),
    ("register_page_lines_no_insert", "INSERT ON register_page_lines", CLOSED.format(row="NEW"), PAGE),
    ("register_days_no_renumbering", "UPDATE OF id, number, unit_id, day ON register_days", "1 = 1", DAY),
    ("register_days_no_update", f"UPDATE OF {FROZEN_OF_A_DAY} ON register_days", "OLD.closed_at IS NOT NULL", DAY),
    (
        "register_days_no_reopening",
        "UPDATE OF state ON register_days",
        "OLD.closed_at IS NOT NULL AND NEW.state = 'reconciled'",
        DAY,
    ),
    ("register_days_no_delete", "DELETE ON register_days", "OLD.closed_at IS NOT NULL", DAY),
    (
        "register_differences_no_update",
        "UPDATE ON register_differences",
        f"{CLOSED.format(row='OLD')} OR {CLOSED.format(row='NEW')} OR {RENUMBERED}",
        DAY,
    ),
    ("register_differences_no_delete", "DELETE ON register_differences", CLOSED.format(row="OLD"), DAY),
    ("register_differences_no_insert", "INSERT ON register_differences", CLOSED.format(row="NEW"), DAY),
    (
        "report_lines_no_update",
        "UPDATE ON report_lines",
        f"{REVIEWED.format(row='OLD')} OR {REVIEWED.format(row='NEW')} OR {RENUMBERED}",
        REPORT,
    ),
    ("report_lines_no_delete", "DELETE ON report_lines", REVIEWED.format(row="OLD"), REPORT),
    ("report_lines_no_insert", "INSERT ON report_lines", REVIEWED.format(row="NEW"), REPORT),
    (
        "technician_reports_no_update",
        f"UPDATE OF {FROZEN_OF_A_REPORT} ON technician_reports",
        "OLD.state IN ('reviewed', 'kept')",
        REPORT,
    ),
    ("technician_reports_no_delete", "DELETE ON technician_reports", "OLD.state IN ('reviewed', 'kept')", REPORT),
    (
        "technician_reports_no_reopening",
        "UPDATE OF state ON technician_reports",
        # A reviewed report is returned by its state alone, as long as the supervisor report is not signed.
        "(OLD.state = 'reviewed' AND NEW.state NOT IN ('reviewed', 'kept', 'sent_back')) "
        "OR (OLD.state = 'kept' AND NEW.state <> 'kept')",
        REPORT,
    ),
    (
        "supervisor_report_lines_no_update",
        "UPDATE ON supervisor_report_lines",
        f"{SIGNED.format(row='OLD')} OR {SIGNED.format(row='NEW')} OR {RENUMBERED}",
        SUMMARY,
    ),
    ("supervisor_report_lines_no_delete", "DELETE ON supervisor_report_lines", SIGNED.format(row="OLD"), SUMMARY),
    ("supervisor_report_lines_no_insert", "INSERT ON supervisor_report_lines", SIGNED.format(row="NEW"), SUMMARY),
    (
        "supervisor_reports_no_update",
        f"UPDATE OF {FROZEN_OF_A_SUMMARY} ON supervisor_reports",
        "OLD.state <> 'compiled'",
        SUMMARY,
    ),
    ("supervisor_reports_no_delete", "DELETE ON supervisor_reports", "OLD.state <> 'compiled'", SUMMARY),
    (
        "supervisor_reports_no_reopening",
        "UPDATE OF state ON supervisor_reports",
        "OLD.state <> 'compiled' AND NEW.state = 'compiled'",
        SUMMARY,
    ),
    ("calls_no_update", "UPDATE OF id, number, unit_id, logged_at, logged_by ON calls", "1 = 1", CALL),
    ("calls_no_delete", "DELETE ON calls", "1 = 1", CALL),
)
"""Name, what is refused, in which rows, with which sentence (D37); alike on both engines."""

# SQLite alone replaces rows on the way of an insert, and calls no trigger of theirs unless a connection asks for it.
REPLACEMENTS = (
    ("register_page_lines_no_replace", "register_page_lines", "id = NEW.id", PAGE),
    (
        "register_days_no_replace",
        "register_days",
        "closed_at IS NOT NULL AND (id = NEW.id OR number = NEW.number OR (unit_id = NEW.unit_id AND day = NEW.day))",
        DAY,
    ),
    ("register_differences_no_replace", "register_differences", "id = NEW.id", DAY),
    ("report_lines_no_replace", "report_lines", "id = NEW.id", REPORT),
    (
        "technician_reports_no_replace",
        "technician_reports",
        "state IN ('reviewed', 'kept') AND (id = NEW.id OR number = NEW.number "
        "OR (technician_id = NEW.technician_id AND day = NEW.day))",
        REPORT,
    ),
    ("supervisor_report_lines_no_replace", "supervisor_report_lines", "id = NEW.id", SUMMARY),
    (
        "supervisor_reports_no_replace",
        "supervisor_reports",
        "state <> 'compiled' AND (id = NEW.id OR number = NEW.number OR (unit_id = NEW.unit_id AND day = NEW.day))",
        SUMMARY,
    ),
    ("calls_no_replace", "calls", "id = NEW.id OR number = NEW.number", CALL),
)
EMPTIED = (
    ("register_page_lines", PAGE),
    ("register_days", DAY),
    ("register_differences", DAY),
    ("technician_reports", REPORT),
    ("report_lines", REPORT),
    ("supervisor_reports", SUMMARY),
    ("supervisor_report_lines", SUMMARY),
    ("calls", CALL),
)


def upgrade() -> None:
    """Forward only: going back is restoring the backup made before the upgrade."""
    create_tables()
    if op.get_bind().dialect.name == "sqlite":
        for name, change, rows, sentence in CHANGES:
            op.execute(f"CREATE TRIGGER {name} BEFORE {change} WHEN {rows} {refusing(sentence)}")
        for name, table, same, sentence in REPLACEMENTS:
            rows = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
            op.execute(f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {rows} {refusing(sentence)}")
        return
    for name, change, rows, sentence in CHANGES:
        row = "OLD" if change.startswith("DELETE") else "NEW"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {rows} THEN RAISE EXCEPTION '{sentence}'; END IF; RETURN {row}; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {change} FOR EACH ROW EXECUTE FUNCTION {name}()")
    for table, sentence in EMPTIED:
        op.execute(
            f"CREATE FUNCTION {table}_no_truncate() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_no_truncate()"
        )


def refusing(sentence: str) -> str:
    """What a trigger of SQLite does."""
    return f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"


def create_tables() -> None:
    """The tables with their indexes, as those of the store are declared."""
    op.create_index("ix_visits_dispatched_at", "visits", ["dispatched_at"], unique=False)
    op.create_index("ix_visits_arrived_at", "visits", ["arrived_at"], unique=False)
    op.create_index("ix_visits_left_at", "visits", ["left_at"], unique=False)
    op.create_index("ix_repair_cards_unit_id_returned_at", "repair_cards", ["unit_id", "returned_at"], unique=False)
    op.create_index("ix_assistance_asked_at", "assistance", ["asked_at"], unique=False)
    op.create_index("ix_charges_unit_id_done_at", "charges", ["unit_id", "done_at"], unique=False)
    op.create_index("ix_charges_unit_id_invoiced_at", "charges", ["unit_id", "invoiced_at"], unique=False)
    op.create_table(
        "register_days",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("number", types.Words, nullable=False),
        sa.Column("unit_id", types.Number, nullable=False),
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("state", types.Words, nullable=False),
        sa.Column("calls", types.Number, nullable=False),
        sa.Column("carried_over", types.Number, nullable=False),
        sa.Column("differences", types.Number, nullable=False),
        sa.Column("audit_head", types.Words, nullable=False),
        sa.Column("reconciled_at", types.Moment(), nullable=False),
        sa.Column("reconciled_by", types.Number, nullable=True),
        sa.Column("closed_at", types.Moment(), nullable=True),
        sa.Column("closed_by", types.Number, nullable=True),
        sa.Column("transmitted_at", types.Moment(), nullable=True),
        sa.Column("transmitted_by", types.Number, nullable=True),
        sa.Column("received_at", types.Moment(), nullable=True),
        sa.Column("received_by", types.Number, nullable=True),
        sa.Column("urgent", types.Words, nullable=False),
        sa.Column("changed_by", types.Words, nullable=False),
        sa.Column("changed_at", types.Moment(), nullable=True),
        sa.Column("version", types.Number, nullable=False),
        sa.CheckConstraint(
            "state IN ('reconciled', 'day_closed', 'transmitted', 'page_received')",
            name=op.f("ck_register_days_state_known"),
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"], name=op.f("fk_register_days_closed_by")),
        sa.ForeignKeyConstraint(["received_by"], ["staff.id"], name=op.f("fk_register_days_received_by")),
        sa.ForeignKeyConstraint(["reconciled_by"], ["staff.id"], name=op.f("fk_register_days_reconciled_by")),
        sa.ForeignKeyConstraint(["transmitted_by"], ["staff.id"], name=op.f("fk_register_days_transmitted_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_register_days_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_days")),
        sa.UniqueConstraint("number", name=op.f("uq_register_days_number")),
        sa.UniqueConstraint("unit_id", "day", name=op.f("uq_register_days_unit_id_day")),
        sqlite_strict=True,
    )
    op.create_index("ix_register_days_state", "register_days", ["state", "id"], unique=False)
    op.create_index("ix_register_days_unit_id", "register_days", ["unit_id", "id"], unique=False)
    op.create_index("ix_register_days_unit_id_state", "register_days", ["unit_id", "state", "id"], unique=False)
    op.create_index(
        "ix_register_days_unit_id_urgent",
        "register_days",
        ["unit_id", "urgent", "id"],
        unique=False,
        sqlite_where=sa.text("urgent <> ''"),
        postgresql_where=sa.text("urgent <> ''"),
    )
    op.create_index(
        "ix_register_days_urgent",
        "register_days",
        ["urgent", "id"],
        unique=False,
        sqlite_where=sa.text("urgent <> ''"),
        postgresql_where=sa.text("urgent <> ''"),
    )
    op.create_table(
        "supervisor_reports",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("number", types.Words, nullable=False),
        sa.Column("unit_id", types.Number, nullable=False),
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("state", types.Words, nullable=False),
        sa.Column("calls", types.Number, nullable=False),
        sa.Column("dispatched", types.Number, nullable=False),
        sa.Column("undispatched", types.Number, nullable=False),
        sa.Column("late_urban", types.Number, nullable=False),
        sa.Column("late_suburban", types.Number, nullable=False),
        sa.Column("done_on_site", types.Number, nullable=False),
        sa.Column("carried_back", types.Number, nullable=False),
        sa.Column("in_shop", types.Number, nullable=False),
        sa.Column("overdue", types.Number, nullable=False),
        sa.Column("assistance", types.Number, nullable=False),
        sa.Column("complaints", types.Number, nullable=False),
        sa.Column("fees", types.Number, nullable=False),
        sa.Column("invoices", types.Number, nullable=False),
        sa.Column("remarks", types.Words, nullable=False),
        sa.Column("compiled_at", types.Moment(), nullable=False),
        sa.Column("compiled_by", types.Number, nullable=False),
        sa.Column("signed_at", types.Moment(), nullable=True),
        sa.Column("signed_by", types.Number, nullable=True),
        sa.Column("manager_signed_at", types.Moment(), nullable=True),
        sa.Column("manager_signed_by", types.Number, nullable=True),
        sa.Column("forwarded_at", types.Moment(), nullable=True),
        sa.Column("forwarded_by", types.Number, nullable=True),
        sa.Column("received_at", types.Moment(), nullable=True),
        sa.Column("received_by", types.Number, nullable=True),
        sa.Column("urgent", types.Words, nullable=False),
        sa.Column("changed_by", types.Words, nullable=False),
        sa.Column("changed_at", types.Moment(), nullable=True),
        sa.Column("version", types.Number, nullable=False),
        sa.CheckConstraint(
            "state IN ('compiled', 'signed', 'manager_signed', 'forwarded', 'report_received')",
            name=op.f("ck_supervisor_reports_state_known"),
        ),
        sa.ForeignKeyConstraint(["compiled_by"], ["staff.id"], name=op.f("fk_supervisor_reports_compiled_by")),
        sa.ForeignKeyConstraint(["forwarded_by"], ["staff.id"], name=op.f("fk_supervisor_reports_forwarded_by")),
        sa.ForeignKeyConstraint(
            ["manager_signed_by"], ["staff.id"], name=op.f("fk_supervisor_reports_manager_signed_by")
        ),
        sa.ForeignKeyConstraint(["received_by"], ["staff.id"], name=op.f("fk_supervisor_reports_received_by")),
        sa.ForeignKeyConstraint(["signed_by"], ["staff.id"], name=op.f("fk_supervisor_reports_signed_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_supervisor_reports_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_reports")),
        sa.UniqueConstraint("number", name=op.f("uq_supervisor_reports_number")),
        sa.UniqueConstraint("unit_id", "day", name=op.f("uq_supervisor_reports_unit_id_day")),
        sqlite_strict=True,
    )
    op.create_index("ix_supervisor_reports_state", "supervisor_reports", ["state", "id"], unique=False)
    op.create_index("ix_supervisor_reports_unit_id", "supervisor_reports", ["unit_id", "id"], unique=False)
    op.create_index(
        "ix_supervisor_reports_unit_id_state", "supervisor_reports", ["unit_id", "state", "id"], unique=False
    )
    op.create_index(
        "ix_supervisor_reports_unit_id_urgent",
        "supervisor_reports",
        ["unit_id", "urgent", "id"],
        unique=False,
        sqlite_where=sa.text("urgent <> ''"),
        postgresql_where=sa.text("urgent <> ''"),
    )
    op.create_index(
        "ix_supervisor_reports_urgent",
        "supervisor_reports",
        ["urgent", "id"],
        unique=False,
        sqlite_where=sa.text("urgent <> ''"),
        postgresql_where=sa.text("urgent <> ''"),
    )
    op.create_table(
        "technician_reports",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("number", types.Words, nullable=False),
        sa.Column("unit_id", types.Number, nullable=False),
        sa.Column("technician_id", types.Number, nullable=False),
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("state", types.Words, nullable=False),
        sa.Column("hours", types.Words, nullable=False),
        sa.Column("jobs_a", types.Number, nullable=False),
        sa.Column("minutes_a", types.Number, nullable=False),
        sa.Column("jobs_b", types.Number, nullable=False),
        sa.Column("minutes_b", types.Number, nullable=False),
        sa.Column("jobs_c", types.Number, nullable=False),
        sa.Column("minutes_c", types.Number, nullable=False),
        sa.Column("minutes_d", types.Number, nullable=False),
        sa.Column("travel", types.Number, nullable=False),
        sa.Column("fee", types.Number, nullable=False),
        sa.Column("marks", types.Number, nullable=False),
        sa.Column("remarks", types.Words, nullable=False),
        sa.Column("submitted_at", types.Moment(), nullable=True),
        sa.Column("submitted_by", types.Number, nullable=True),
        sa.Column("reviewed_at", types.Moment(), nullable=True),
        sa.Column("reviewed_by", types.Number, nullable=True),
        sa.Column("review_remark", types.Words, nullable=False),
        sa.Column("urgent", types.Words, nullable=False),
        sa.Column("changed_by", types.Words, nullable=False),
        sa.Column("changed_at", types.Moment(), nullable=True),
        sa.Column("version", types.Number, nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'sent_back', 'reviewed', 'kept')",
            name=op.f("ck_technician_reports_state_known"),
        ),
        sa.ForeignKeyConstraint(["reviewed_by"], ["staff.id"], name=op.f("fk_technician_reports_reviewed_by")),
        sa.ForeignKeyConstraint(["submitted_by"], ["staff.id"], name=op.f("fk_technician_reports_submitted_by")),
        sa.ForeignKeyConstraint(["technician_id"], ["staff.id"], name=op.f("fk_technician_reports_technician_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_technician_reports_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technician_reports")),
        sa.UniqueConstraint("number", name=op.f("uq_technician_reports_number")),
        sa.UniqueConstraint("technician_id", "day", name=op.f("uq_technician_reports_technician_id_day")),
        sqlite_strict=True,
    )
    op.create_index("ix_technician_reports_state", "technician_reports", ["state", "id"], unique=False)
    op.create_index("ix_technician_reports_technician_id", "technician_reports", ["technician_id", "id"], unique=False)
    op.create_index("ix_technician_reports_unit_id", "technician_reports", ["unit_id", "id"], unique=False)
    op.create_index("ix_technician_reports_unit_id_day", "technician_reports", ["unit_id", "day", "id"], unique=False)
    op.create_index(
        "ix_technician_reports_unit_id_state", "technician_reports", ["unit_id", "state", "id"], unique=False
    )
    op.create_index(
        "ix_technician_reports_unit_id_urgent",
        "technician_reports",
        ["unit_id", "urgent", "id"],
        unique=False,
        sqlite_where=sa.text("urgent <> ''"),
        postgresql_where=sa.text("urgent <> ''"),
    )
    op.create_index(
        "ix_technician_reports_urgent",
        "technician_reports",
        ["urgent", "id"],
        unique=False,
        sqlite_where=sa.text("urgent <> ''"),
        postgresql_where=sa.text("urgent <> ''"),
    )
    op.create_table(
        "register_differences",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("day_id", types.Number, nullable=False),
        sa.Column("kind", types.Words, nullable=False),
        sa.Column("paper", types.Words, nullable=False),
        sa.Column("explanation", types.Words, nullable=False),
        sa.ForeignKeyConstraint(["day_id"], ["register_days.id"], name=op.f("fk_register_differences_day_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_differences")),
        sa.UniqueConstraint("day_id", "paper", "kind", name=op.f("uq_register_differences_day_id_paper_kind")),
        sqlite_strict=True,
    )
    op.create_table(
        "supervisor_report_lines",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("report_id", types.Number, nullable=False),
        sa.Column("technician_id", types.Number, nullable=False),
        sa.Column("technician_report_id", types.Number, nullable=True),
        sa.Column("jobs_a", types.Number, nullable=False),
        sa.Column("minutes_a", types.Number, nullable=False),
        sa.Column("jobs_b", types.Number, nullable=False),
        sa.Column("minutes_b", types.Number, nullable=False),
        sa.Column("jobs_c", types.Number, nullable=False),
        sa.Column("minutes_c", types.Number, nullable=False),
        sa.Column("minutes_d", types.Number, nullable=False),
        sa.Column("absent", types.Words, nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["supervisor_reports.id"], name=op.f("fk_supervisor_report_lines_report_id")
        ),
        sa.ForeignKeyConstraint(["technician_id"], ["staff.id"], name=op.f("fk_supervisor_report_lines_technician_id")),
        sa.ForeignKeyConstraint(
            ["technician_report_id"],
            ["technician_reports.id"],
            name=op.f("fk_supervisor_report_lines_technician_report_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_report_lines")),
        sa.UniqueConstraint(
            "report_id", "technician_id", name=op.f("uq_supervisor_report_lines_report_id_technician_id")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "register_page_lines",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("day_id", types.Number, nullable=False),
        sa.Column("line", types.Number, nullable=False),
        sa.Column("call_id", types.Number, nullable=False),
        sa.Column("number", types.Words, nullable=False),
        sa.Column("state", types.Words, nullable=False),
        sa.Column("called_at", types.Moment(), nullable=False),
        sa.Column("channel", types.Words, nullable=False),
        sa.Column("customer_name", types.Words, nullable=False),
        sa.Column("caller", types.Words, nullable=False),
        sa.Column("telephone", types.Words, nullable=False),
        sa.Column("address", types.Words, nullable=False),
        sa.Column("zone", types.Words, nullable=False),
        sa.Column("model_no", types.Words, nullable=False),
        sa.Column("serial_no", types.Words, nullable=False),
        sa.Column("symptom", types.Words, nullable=False),
        sa.Column("service_type", types.Words, nullable=False),
        sa.Column("voucher", types.Words, nullable=False),
        sa.Column("appointment_at", types.Moment(), nullable=True),
        sa.Column("due_at", types.Moment(), nullable=True),
        sa.Column("dispatched_at", types.Moment(), nullable=True),
        sa.Column("technician_name", types.Words, nullable=False),
        sa.Column("arrived_at", types.Moment(), nullable=True),
        sa.Column("finished_at", types.Moment(), nullable=True),
        sa.Column("struck_off_at", types.Moment(), nullable=True),
        sa.Column("struck_off_by", types.Words, nullable=False),
        sa.Column("fee", types.Number, nullable=False),
        sa.Column("remarks", types.Words, nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_register_page_lines_call_id")),
        sa.ForeignKeyConstraint(["day_id"], ["register_days.id"], name=op.f("fk_register_page_lines_day_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_page_lines")),
        sa.UniqueConstraint("day_id", "line", name=op.f("uq_register_page_lines_day_id_line")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_register_page_lines_call_id"), "register_page_lines", ["call_id"], unique=False)
    op.create_table(
        "report_lines",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("report_id", types.Number, nullable=False),
        sa.Column("line", types.Number, nullable=False),
        sa.Column("source", types.Words, nullable=False),
        sa.Column("paper", types.Words, nullable=False),
        sa.Column("call_id", types.Number, nullable=True),
        sa.Column("card_id", types.Number, nullable=True),
        sa.Column("customer_name", types.Words, nullable=False),
        sa.Column("service_type", types.Words, nullable=False),
        sa.Column("work", types.Words, nullable=False),
        sa.Column("began_at", types.Moment(), nullable=False),
        sa.Column("ended_at", types.Moment(), nullable=False),
        sa.Column("minutes", types.Number, nullable=False),
        sa.Column("travel", types.Number, nullable=False),
        sa.Column("parts", types.Words, nullable=False),
        sa.Column("fee", types.Number, nullable=False),
        sa.Column("remarks", types.Words, nullable=False),
        sa.CheckConstraint("service_type IN ('A', 'B', 'C', 'D')", name=op.f("ck_report_lines_service_type_known")),
        sa.CheckConstraint("source IN ('visit', 'card', 'typed')", name=op.f("ck_report_lines_source_known")),
        sa.CheckConstraint("began_at <= ended_at", name=op.f("ck_report_lines_begins_before_ends")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_report_lines_call_id")),
        sa.ForeignKeyConstraint(["card_id"], ["repair_cards.id"], name=op.f("fk_report_lines_card_id")),
        sa.ForeignKeyConstraint(["report_id"], ["technician_reports.id"], name=op.f("fk_report_lines_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_lines")),
        sa.UniqueConstraint("report_id", "line", name=op.f("uq_report_lines_report_id_line")),
        sqlite_strict=True,
    )
