"""Search tables and the triggers that keep the audit log append-only, each engine in its own words"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SEARCHED = ("call_search", "customer_search")
SQLITE_GUARDS = (
    "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
    "WHEN EXISTS (SELECT 1 FROM {table} WHERE seq = NEW.seq) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
)
POSTGRES_GUARD = (
    "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
)


def upgrade() -> None:
    """Forward only: going back is restoring the backup made before the upgrade."""
    if op.get_bind().dialect.name == "sqlite":
        for table in SEARCHED:
            op.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5(words, content='', contentless_delete=1, tokenize='ascii')"
            )
            op.execute(f"INSERT INTO {table}({table}, rank) VALUES ('automerge', 0)")
            op.execute(f"INSERT INTO {table}({table}, rank) VALUES ('crisismerge', 64)")
        for table in ("audit", "audit_details"):
            for guard in SQLITE_GUARDS:
                op.execute(guard.format(table=table))
        return
    for table in SEARCHED:
        op.execute(f"CREATE TABLE {table} (id bigint PRIMARY KEY, words tsvector NOT NULL)")
        op.execute(f"CREATE INDEX ix_{table}_words ON {table} USING gin (words)")
    op.execute(POSTGRES_GUARD)
    for table in ("audit", "audit_details"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        )
