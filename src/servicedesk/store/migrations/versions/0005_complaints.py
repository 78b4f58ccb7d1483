"""Complaints: sheets, handlings, clocks with their escalation, and the words a search knows of them"""

import sqlalchemy as sa
from alembic import op

from servicedesk.store import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SEARCHED = "complaint_search"
STEPS = (
    ("acknowledge", 50, "agent"),
    ("acknowledge", 75, "customer_department"),
    ("acknowledge", 100, "service_manager"),
    ("solve", 50, "customer_department"),
    ("solve", 75, "service_manager"),
    ("solve", 100, "deputy_gm"),
    ("follow_up", 50, "customer_department"),
    ("follow_up", 75, "service_manager"),
    ("follow_up", 100, "deputy_gm"),
)
PRIORITIES = (
    ("high", "public", 1),
    ("high", "several", 1),
    ("high", "one", 2),
    ("normal", "public", 2),
    ("normal", "several", 2),
    ("normal", "one", 3),
    ("low", "public", 3),
    ("low", "several", 3),
    ("low", "one", 4),
)


def upgrade() -> None:
    """Forward only: going back is restoring the backup made before the upgrade."""
    op.create_table(
        "escalation_steps",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("clock", types.Words, nullable=False),
        sa.Column("percent", types.Number, nullable=False),
        sa.Column("role", types.Words, nullable=False),
        sa.CheckConstraint(
            "clock IN ('acknowledge', 'solve', 'follow_up')", name=op.f("ck_escalation_steps_clock_known")
        ),
        sa.CheckConstraint("percent BETWEEN 1 AND 1000", name=op.f("ck_escalation_steps_percent_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_steps")),
        sa.UniqueConstraint("clock", "percent", name=op.f("uq_escalation_steps_clock_percent")),
        sqlite_strict=True,
    )
    op.create_table(
        "complaint_limits",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("unit_id", types.Number, nullable=False),
        sa.Column("acknowledge", types.Number, nullable=False),
        sa.Column("solve", types.Number, nullable=False),
        sa.Column("follow_up", types.Number, nullable=False),
        sa.Column("follow_up_from", types.Words, nullable=False),
        sa.Column("compensation", types.Number, nullable=False),
        sa.Column("reopen_days", types.Number, nullable=False),
        sa.CheckConstraint(
            "follow_up_from IN ('receipt', 'solution')", name=op.f("ck_complaint_limits_follow_up_from_known")
        ),
        sa.CheckConstraint(
            "acknowledge > 0 AND solve > 0 AND follow_up > 0", name=op.f("ck_complaint_limits_limits_positive")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_complaint_limits_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_limits")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_complaint_limits_unit_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "complaint_priorities",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("urgency", types.Words, nullable=False),
        sa.Column("scope", types.Words, nullable=False),
        sa.Column("priority", types.Number, nullable=False),
        sa.Column("owner_id", types.Number, nullable=True),
        sa.CheckConstraint("priority BETWEEN 1 AND 4", name=op.f("ck_complaint_priorities_priority_known")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_complaint_priorities_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_priorities")),
        sa.UniqueConstraint("urgency", "scope", name=op.f("uq_complaint_priorities_urgency_scope")),
        sqlite_strict=True,
    )
    op.create_table(
        "complaints",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("number", types.Words, nullable=False),
        sa.Column("unit_id", types.Number, nullable=False),
        sa.Column("state", types.Words, nullable=False),
        sa.Column("received_at", types.Moment(), nullable=False),
        sa.Column("entered_at", types.Moment(), nullable=False),
        sa.Column("received_by", types.Number, nullable=False),
        sa.Column("channel", types.Words, nullable=False),
        sa.Column("customer_id", types.Number, nullable=True),
        sa.Column("customer_name", types.Words, nullable=False),
        sa.Column("contact", types.Words, nullable=False),
        sa.Column("telephone", types.Words, nullable=False),
        sa.Column("email", types.Words, nullable=False),
        sa.Column("address", types.Words, nullable=False),
        sa.Column("call_id", types.Number, nullable=True),
        sa.Column("card_id", types.Number, nullable=True),
        sa.Column("voucher_id", types.Number, nullable=True),
        sa.Column("product_id", types.Number, nullable=True),
        sa.Column("technician_id", types.Number, nullable=True),
        sa.Column("contract", types.Words, nullable=False),
        sa.Column("model_no", types.Words, nullable=False),
        sa.Column("product_name", types.Words, nullable=False),
        sa.Column("serial_no", types.Words, nullable=False),
        sa.Column("content", types.Words, nullable=False),
        sa.Column("remedy", types.Words, nullable=False),
        sa.Column("nature", types.Words, nullable=False),
        sa.Column("urgency", types.Words, nullable=False),
        sa.Column("scope", types.Words, nullable=False),
        sa.Column("gravity", types.Words, nullable=False),
        sa.Column("priority", types.Number, nullable=False),
        sa.Column("owner_id", types.Number, nullable=True),
        sa.Column("handler_id", types.Number, nullable=True),
        sa.Column("malicious", types.Flag(), nullable=False),
        sa.Column("malicious_because", types.Words, nullable=False),
        sa.Column("legal_told", types.Words, nullable=False),
        sa.Column("incident", types.Words, nullable=False),
        sa.Column("round", types.Number, nullable=False),
        sa.Column("repeat_of", types.Words, nullable=False),
        sa.Column("urges", types.Number, nullable=False),
        sa.Column("taken_by", types.Number, nullable=True),
        sa.Column("taken_at", types.Moment(), nullable=True),
        sa.Column("next_at", types.Moment(), nullable=True),
        sa.Column("due_at", types.Moment(), nullable=True),
        sa.Column("escalated", types.Words, nullable=False),
        sa.Column("waits", types.Words, nullable=False),
        sa.Column("to_acknowledge", types.Flag(), nullable=False),
        sa.Column("to_visit", types.Flag(), nullable=False),
        sa.Column("urgent", types.Words, nullable=False),
        sa.Column("changed_by", types.Words, nullable=False),
        sa.Column("changed_at", types.Moment(), nullable=True),
        sa.Column("version", types.Number, nullable=False),
        sa.CheckConstraint("gravity IN ('', 'ordinary', 'serious')", name=op.f("ck_complaints_gravity_known")),
        sa.CheckConstraint(
            "state IN ('received', 'acknowledged', 'with_deputy', 'case_assessed', 'assigned', 'investigating', 'solution_offered', 'carrying_out', 'result_told', 'followed_up', 'case_closed', 'withdrawn')",
            name=op.f("ck_complaints_state_known"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_complaints_call_id")),
        sa.ForeignKeyConstraint(["card_id"], ["repair_cards.id"], name=op.f("fk_complaints_card_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_complaints_customer_id")),
        sa.ForeignKeyConstraint(["handler_id"], ["staff.id"], name=op.f("fk_complaints_handler_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_complaints_owner_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_complaints_product_id")),
        sa.ForeignKeyConstraint(["received_by"], ["staff.id"], name=op.f("fk_complaints_received_by")),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_complaints_taken_by")),
        sa.ForeignKeyConstraint(["technician_id"], ["staff.id"], name=op.f("fk_complaints_technician_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_complaints_unit_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["vouchers.id"], name=op.f("fk_complaints_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("number", name=op.f("uq_complaints_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_complaints_call_id", "complaints", ["call_id", "id"], unique=False)
    op.create_index("ix_complaints_card_id", "complaints", ["card_id", "id"], unique=False)
    op.create_index("ix_complaints_customer_id", "complaints", ["customer_id", "id"], unique=False)
    op.create_index("ix_complaints_channel", "complaints", ["channel", "id"], unique=False)
    op.create_index("ix_complaints_gravity", "complaints", ["gravity", "id"], unique=False)
    op.create_index("ix_complaints_handler_id", "complaints", ["handler_id", "id"], unique=False)
    op.create_index(
        "ix_complaints_handler_id_open",
        "complaints",
        ["handler_id", "id"],
        unique=False,
        sqlite_where=sa.text("urgent <> ''"),
        postgresql_where=sa.text("urgent <> ''"),
    )
    op.create_index(
        "ix_complaints_handler_id_urgent",
        "complaints",
        ["handler_id", "urgent", "id"],
        unique=False,
        sqlite_where=sa.text("urgent <> ''"),
        postgresql_where=sa.text("urgent <> ''"),
    )
    op.create_index(
        "ix_complaints_incident",
        "complaints",
        ["incident", "id"],
        unique=False,
        sqlite_where=sa.text("incident <> ''"),
        postgresql_where=sa.text("incident <> ''"),
    )
    op.create_index(
        "ix_complaints_incidents",
        "complaints",
        ["id"],
        unique=False,
        sqlite_where=sa.text("incident <> ''"),
        postgresql_where=sa.text("incident <> ''"),
    )
    op.create_index(
        "ix_complaints_malicious",
        "complaints",
        ["id"],
        unique=False,
        sqlite_where=sa.text("malicious = 1"),
        postgresql_where=sa.text("malicious = 1"),
    )
    op.create_index("ix_complaints_nature", "complaints", ["nature", "id"], unique=False)
    op.create_index(
        "ix_complaints_open",
        "complaints",
        ["id"],
        unique=False,
        sqlite_where=sa.text("urgent <> ''"),
        postgresql_where=sa.text("urgent <> ''"),
    )
    op.create_index("ix_complaints_owner_id", "complaints", ["owner_id", "id"], unique=False)
    op.create_index(
        "ix_complaints_owner_id_open",
        "complaints",
        ["owner_id", "id"],
        unique=False,
        sqlite_where=sa.text("urgent <> ''"),
        postgresql_where=sa.text("urgent <> ''"),
    )
    op.create_index(
        "ix_complaints_owner_id_urgent",
        "complaints",
        ["owner_id", "urgent", "id"],
        unique=False,
        sqlite_where=sa.text("urgent <> ''"),
        postgresql_where=sa.text("urgent <> ''"),
    )
    op.create_index("ix_complaints_received_at", "complaints", ["received_at", "id"], unique=False)
    op.create_index("ix_complaints_state", "complaints", ["state", "id"], unique=False)
    op.create_index("ix_complaints_unit_id", "complaints", ["unit_id", "id"], unique=False)
    op.create_index("ix_complaints_unit_id_handler_id", "complaints", ["unit_id", "handler_id", "id"], unique=False)
    op.create_index(
        "ix_complaints_unit_id_handler_id_urgent",
        "complaints",
        ["unit_id", "handler_id", "urgent", "id"],
        unique=False,
        sqlite_where=sa.text("urgent <> ''"),
        postgresql_where=sa.text("urgent <> ''"),
    )
    op.create_index(
        "ix_complaints_unit_id_incident",
        "complaints",
        ["unit_id", "incident", "id"],
        unique=False,
        sqlite_where=sa.text("incident <> ''"),
        postgresql_where=sa.text("incident <> ''"),
    )
    op.create_index(
        "ix_complaints_unit_id_incidents",
        "complaints",
        ["unit_id", "id"],
        unique=False,
        sqlite_where=sa.text("incident <> ''"),
        postgresql_where=sa.text("incident <> ''"),
    )
    op.create_index(
        "ix_complaints_unit_id_malicious",
        "complaints",
        ["unit_id", "id"],
        unique=False,
        sqlite_where=sa.text("malicious = 1"),
        postgresql_where=sa.text("malicious = 1"),
    )
    op.create_index(
        "ix_complaints_unit_id_open",
        "complaints",
        ["unit_id", "id"],
        unique=False,
        sqlite_where=sa.text("urgent <> ''"),
        postgresql_where=sa.text("urgent <> ''"),
    )
    op.create_index("ix_complaints_unit_id_state", "complaints", ["unit_id", "state", "id"], unique=False)
    op.create_index("ix_complaints_unit_id_channel", "complaints", ["unit_id", "channel", "id"], unique=False)
    op.create_index("ix_complaints_unit_id_nature", "complaints", ["unit_id", "nature", "id"], unique=False)
    op.create_index("ix_complaints_unit_id_gravity", "complaints", ["unit_id", "gravity", "id"], unique=False)
    op.create_index(
        "ix_complaints_unit_id_urgent",
        "complaints",
        ["unit_id", "urgent", "id"],
        unique=False,
        sqlite_where=sa.text("urgent <> ''"),
        postgresql_where=sa.text("urgent <> ''"),
    )
    op.create_index(
        "ix_complaints_urgent",
        "complaints",
        ["urgent", "id"],
        unique=False,
        sqlite_where=sa.text("urgent <> ''"),
        postgresql_where=sa.text("urgent <> ''"),
    )
    op.create_table(
        "complaint_clocks",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("complaint_id", types.Number, nullable=False),
        sa.Column("nth", types.Number, nullable=False),
        sa.Column("clock", types.Words, nullable=False),
        sa.Column("starts_at", types.Moment(), nullable=False),
        sa.Column("due_at", types.Moment(), nullable=False),
        sa.Column("stopped_at", types.Moment(), nullable=True),
        sa.Column("stopped_by", types.Words, nullable=False),
        sa.CheckConstraint(
            "(stopped_at IS NULL) = (stopped_by = '')", name=op.f("ck_complaint_clocks_stopped_by_an_act")
        ),
        sa.CheckConstraint(
            "clock IN ('acknowledge', 'solve', 'follow_up')", name=op.f("ck_complaint_clocks_clock_known")
        ),
        sa.CheckConstraint("starts_at <= due_at", name=op.f("ck_complaint_clocks_due_after_start")),
        sa.CheckConstraint(
            "stopped_at IS NULL OR stopped_at >= starts_at", name=op.f("ck_complaint_clocks_never_backwards")
        ),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_clocks_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_clocks")),
        sa.UniqueConstraint("complaint_id", "nth", "clock", name=op.f("uq_complaint_clocks_complaint_id_nth_clock")),
        sqlite_strict=True,
    )
    op.create_table(
        "complaint_departments",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("complaint_id", types.Number, nullable=False),
        sa.Column("line", types.Number, nullable=False),
        sa.Column("department", types.Words, nullable=False),
        sa.Column("part", types.Words, nullable=False),
        sa.Column("asked_at", types.Moment(), nullable=False),
        sa.Column("asked_by", types.Number, nullable=False),
        sa.Column("answer", types.Words, nullable=False),
        sa.Column("answered_at", types.Moment(), nullable=True),
        sa.Column("answered_by", types.Number, nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["staff.id"], name=op.f("fk_complaint_departments_answered_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_complaint_departments_asked_by")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_departments_complaint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_departments")),
        sa.UniqueConstraint("complaint_id", "line", name=op.f("uq_complaint_departments_complaint_id_line")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_complaint_departments_department", "complaint_departments", ["department", "complaint_id"], unique=False
    )
    op.create_table(
        "complaint_evidence",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("complaint_id", types.Number, nullable=False),
        sa.Column("line", types.Number, nullable=False),
        sa.Column("what", types.Words, nullable=False),
        sa.Column("kept", types.Words, nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("by_id", types.Number, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_complaint_evidence_by_id")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_evidence_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_evidence")),
        sa.UniqueConstraint("complaint_id", "line", name=op.f("uq_complaint_evidence_complaint_id_line")),
        sqlite_strict=True,
    )
    op.create_table(
        "complaint_handlings",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("complaint_id", types.Number, nullable=False),
        sa.Column("nth", types.Number, nullable=False),
        sa.Column("begun_at", types.Moment(), nullable=False),
        sa.Column("acknowledged_at", types.Moment(), nullable=True),
        sa.Column("acknowledged_by", types.Number, nullable=True),
        sa.Column("acknowledged_how", types.Words, nullable=False),
        sa.Column("submitted_at", types.Moment(), nullable=True),
        sa.Column("decision", types.Words, nullable=False),
        sa.Column("decision_words", types.Words, nullable=False),
        sa.Column("referred_to", types.Words, nullable=False),
        sa.Column("decided_at", types.Moment(), nullable=True),
        sa.Column("decided_by", types.Number, nullable=True),
        sa.Column("assigned_at", types.Moment(), nullable=True),
        sa.Column("visited_at", types.Moment(), nullable=True),
        sa.Column("visited_by", types.Number, nullable=True),
        sa.Column("visit_declined", types.Flag(), nullable=False),
        sa.Column("finding", types.Words, nullable=False),
        sa.Column("agreed", types.Words, nullable=False),
        sa.Column("investigation", types.Words, nullable=False),
        sa.Column("cause_class", types.Words, nullable=False),
        sa.Column("cause", types.Words, nullable=False),
        sa.Column("proposed", types.Number, nullable=False),
        sa.Column("proposed_because", types.Words, nullable=False),
        sa.Column("approved", types.Number, nullable=False),
        sa.Column("approved_words", types.Words, nullable=False),
        sa.Column("approved_at", types.Moment(), nullable=True),
        sa.Column("approved_by", types.Number, nullable=True),
        sa.Column("measure", types.Words, nullable=False),
        sa.Column("solution", types.Words, nullable=False),
        sa.Column("compensation", types.Number, nullable=False),
        sa.Column("solution_at", types.Moment(), nullable=True),
        sa.Column("solution_by", types.Number, nullable=True),
        sa.Column("agreed_whom", types.Words, nullable=False),
        sa.Column("agreed_at", types.Moment(), nullable=True),
        sa.Column("carried_out", types.Words, nullable=False),
        sa.Column("told_at", types.Moment(), nullable=True),
        sa.Column("told_by", types.Number, nullable=True),
        sa.Column("told_how", types.Words, nullable=False),
        sa.Column("told_whom", types.Words, nullable=False),
        sa.Column("told_words", types.Words, nullable=False),
        sa.Column("letter", types.Words, nullable=False),
        sa.Column("followed_up_at", types.Moment(), nullable=True),
        sa.Column("followed_up_by", types.Number, nullable=True),
        sa.Column("reaction", types.Words, nullable=False),
        sa.Column("satisfaction", types.Number, nullable=False),
        sa.Column("follow_up_plan", types.Words, nullable=False),
        sa.Column("unreconciled", types.Words, nullable=False),
        sa.Column("unreconciled_by", types.Number, nullable=True),
        sa.Column("difficulty", types.Words, nullable=False),
        sa.Column("summary", types.Words, nullable=False),
        sa.Column("improvement", types.Words, nullable=False),
        sa.Column("closed_at", types.Moment(), nullable=True),
        sa.Column("closed_by", types.Number, nullable=True),
        sa.Column("withdrawn_words", types.Words, nullable=False),
        sa.Column("withdrawn_at", types.Moment(), nullable=True),
        sa.CheckConstraint("compensation >= 0", name=op.f("ck_complaint_handlings_compensation_positive")),
        sa.CheckConstraint("satisfaction BETWEEN 0 AND 4", name=op.f("ck_complaint_handlings_satisfaction_known")),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["staff.id"], name=op.f("fk_complaint_handlings_acknowledged_by")),
        sa.ForeignKeyConstraint(["approved_by"], ["staff.id"], name=op.f("fk_complaint_handlings_approved_by")),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"], name=op.f("fk_complaint_handlings_closed_by")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_handlings_complaint_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_complaint_handlings_decided_by")),
        sa.ForeignKeyConstraint(["followed_up_by"], ["staff.id"], name=op.f("fk_complaint_handlings_followed_up_by")),
        sa.ForeignKeyConstraint(["solution_by"], ["staff.id"], name=op.f("fk_complaint_handlings_solution_by")),
        sa.ForeignKeyConstraint(["told_by"], ["staff.id"], name=op.f("fk_complaint_handlings_told_by")),
        sa.ForeignKeyConstraint(["unreconciled_by"], ["staff.id"], name=op.f("fk_complaint_handlings_unreconciled_by")),
        sa.ForeignKeyConstraint(["visited_by"], ["staff.id"], name=op.f("fk_complaint_handlings_visited_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_handlings")),
        sa.UniqueConstraint("complaint_id", "nth", name=op.f("uq_complaint_handlings_complaint_id_nth")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_complaint_handlings_cause_class", "complaint_handlings", ["cause_class", "complaint_id"], unique=False
    )
    op.create_table(
        "letters",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("number", types.Words, nullable=False),
        sa.Column("unit_id", types.Number, nullable=False),
        sa.Column("complaint_id", types.Number, nullable=False),
        sa.Column("nth", types.Number, nullable=False),
        sa.Column("language", types.Words, nullable=False),
        sa.Column("addressee", types.Words, nullable=False),
        sa.Column("received_at", types.Moment(), nullable=False),
        sa.Column("content", types.Words, nullable=False),
        sa.Column("cause", types.Words, nullable=False),
        sa.Column("measure", types.Words, nullable=False),
        sa.Column("solution", types.Words, nullable=False),
        sa.Column("compensation", types.Number, nullable=False),
        sa.Column("words", types.Words, nullable=False),
        sa.Column("ask_for", types.Words, nullable=False),
        sa.Column("written_at", types.Moment(), nullable=False),
        sa.Column("written_by", types.Number, nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_letters_complaint_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_letters_unit_id")),
        sa.ForeignKeyConstraint(["written_by"], ["staff.id"], name=op.f("fk_letters_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("number", name=op.f("uq_letters_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_letters_complaint_id"), "letters", ["complaint_id"], unique=False)
    op.create_table(
        "complaint_escalations",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("complaint_id", types.Number, nullable=False),
        sa.Column("clock_id", types.Number, nullable=False),
        sa.Column("percent", types.Number, nullable=False),
        sa.Column("role", types.Words, nullable=False),
        sa.Column("due_at", types.Moment(), nullable=False),
        sa.Column("state", types.Words, nullable=False),
        sa.Column("happened_at", types.Moment(), nullable=True),
        sa.CheckConstraint(
            "(state = 'happened') = (happened_at IS NOT NULL)", name=op.f("ck_complaint_escalations_happened_when")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'happened', 'lapsed')", name=op.f("ck_complaint_escalations_state_known")
        ),
        sa.ForeignKeyConstraint(["clock_id"], ["complaint_clocks.id"], name=op.f("fk_complaint_escalations_clock_id")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_escalations_complaint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_escalations")),
        sa.UniqueConstraint("clock_id", "percent", "role", name=op.f("uq_complaint_escalations_clock_id_percent_role")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_complaint_escalations_complaint_id"), "complaint_escalations", ["complaint_id"], unique=False
    )
    op.create_index(
        "ix_complaint_escalations_waiting",
        "complaint_escalations",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "complaint_events",
        sa.Column("id", types.Number, nullable=False),
        sa.Column("complaint_id", types.Number, nullable=False),
        sa.Column("nth", types.Number, nullable=False),
        sa.Column("kind", types.Words, nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("by_id", types.Number, nullable=True),
        sa.Column("how", types.Words, nullable=False),
        sa.Column("whom", types.Words, nullable=False),
        sa.Column("words", types.Words, nullable=False),
        sa.Column("escalation_id", types.Number, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_complaint_events_by_id")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_events_complaint_id")),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["complaint_escalations.id"], name=op.f("fk_complaint_events_escalation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_events")),
        sqlite_strict=True,
    )
    op.create_index("ix_complaint_events_complaint_id", "complaint_events", ["complaint_id", "at", "id"], unique=False)
    op.create_index("ix_calls_called_at", "calls", ["called_at", "unit_id"], unique=False)
    _search()
    op.bulk_insert(
        sa.table("escalation_steps", sa.column("clock"), sa.column("percent"), sa.column("role")),
        [dict(zip(("clock", "percent", "role"), step, strict=True)) for step in STEPS],
    )
    op.bulk_insert(
        sa.table("complaint_priorities", sa.column("urgency"), sa.column("scope"), sa.column("priority")),
        [dict(zip(("urgency", "scope", "priority"), line, strict=True)) for line in PRIORITIES],
    )


def _search() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE VIRTUAL TABLE {SEARCHED} USING fts5(words, content='', contentless_delete=1, tokenize='ascii')"
        )
        op.execute(f"INSERT INTO {SEARCHED}({SEARCHED}, rank) VALUES ('automerge', 0)")
        op.execute(f"INSERT INTO {SEARCHED}({SEARCHED}, rank) VALUES ('crisismerge', 64)")
        return
    op.execute(f"CREATE TABLE {SEARCHED} (id bigint PRIMARY KEY, words tsvector NOT NULL)")
    op.execute(f"CREATE INDEX ix_{SEARCHED}_words ON {SEARCHED} USING gin (words)")
