"""The charge of a call takes the place of its fee lines; the line of the register says how it stands"""

import sqlalchemy as sa
from alembic import op

from servicedesk.store import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NOT_NULL_COLUMNS = ("charge", "loan")

# What was collected counts as handed in where the call is closed: nobody wrote it down before.
CHARGES = """
INSERT INTO charges (unit_id, call_id, technician_id, state, amount, currency, done_at, signer, signed_at,
    collected_at, collected_by, invoice_no, invoice_title, tax_no, settled_at, write_off_proposed, reason, urgent, changed_by, changed_at, version)
SELECT calls.unit_id, calls.id, calls.technician_id,
    CASE WHEN calls.fee = 0 THEN 'none'
         WHEN calls.fee_collected = 1 AND calls.state = 'struck_off' THEN 'settled'
         WHEN calls.invoice_no <> '' THEN 'invoiced'
         WHEN calls.fee_collected = 1 THEN 'collected_on_site'
         ELSE 'assessed' END,
    calls.fee, units.currency, coalesce(calls.finished_at, calls.logged_at),
    coalesce((SELECT entry.signer FROM voucher_entries AS entry
              WHERE entry.call_id = calls.id AND entry.outcome = 'done_on_site' ORDER BY entry.id DESC LIMIT 1), ''),
    (SELECT entry.signed_at FROM voucher_entries AS entry
     WHERE entry.call_id = calls.id AND entry.outcome = 'done_on_site' ORDER BY entry.id DESC LIMIT 1),
    CASE WHEN calls.fee_collected = 1 THEN calls.finished_at END,
    CASE WHEN calls.fee_collected = 1 THEN calls.technician_id END,
    CASE WHEN calls.invoice_no <> '' AND EXISTS (
             SELECT 1 FROM calls AS earlier WHERE earlier.invoice_no = calls.invoice_no AND earlier.id < calls.id)
         THEN calls.invoice_no || ' ' || calls.number ELSE calls.invoice_no END,
    CASE WHEN calls.invoice_no <> '' THEN calls.customer_name ELSE '' END, '',
    CASE WHEN calls.fee > 0 AND calls.fee_collected = 1 AND calls.state = 'struck_off' THEN calls.struck_off_at END,
    '', '', '', calls.changed_by, calls.changed_at, 1
FROM calls JOIN units ON units.id = calls.unit_id
WHERE calls.fee > 0 OR EXISTS (
    SELECT 1 FROM fee_lines JOIN voucher_entries ON voucher_entries.id = fee_lines.entry_id
    WHERE voucher_entries.call_id = calls.id)
ORDER BY calls.id
"""
LINES = """
INSERT INTO charge_lines (charge_id, line, kind, what, quantity, list_amount, basis, amount)
SELECT charges.id, row_number() OVER (PARTITION BY charges.id ORDER BY fee_lines.id),
    fee_lines.kind, '', 1, fee_lines.amount, 'list', fee_lines.amount
FROM fee_lines
JOIN voucher_entries ON voucher_entries.id = fee_lines.entry_id
JOIN charges ON charges.call_id = voucher_entries.call_id
ORDER BY charges.id, fee_lines.id
"""
LINES_WITHOUT_ANY = """
INSERT INTO charge_lines (charge_id, line, kind, what, quantity, list_amount, basis, amount)
SELECT charges.id, 1, 'labour', '', 1, charges.amount, 'list', charges.amount
FROM charges
WHERE NOT EXISTS (SELECT 1 FROM charge_lines WHERE charge_lines.charge_id = charges.id)
ORDER BY charges.id
"""
# The keys of the urgent view; what was invoiced before has no day of its invoice, so that of the job stands.
URGENT = """
UPDATE charges SET urgent = CASE WHEN state <> 'invoiced' THEN '0' WHEN collected_at IS NULL THEN '1' ELSE '2' END
    || substr(done_at, 1, 4) || substr(done_at, 6, 2) || substr(done_at, 9, 2)
    || substr(done_at, 12, 2) || substr(done_at, 15, 2)
WHERE state IN ('assessed', 'collected_on_site', 'invoiced')
"""
STANDS = (
    "UPDATE calls SET charge = (SELECT charges.state FROM charges WHERE charges.call_id = calls.id) "
    "WHERE EXISTS (SELECT 1 FROM charges WHERE charges.call_id = calls.id)"
)


def upgrade() -> None:
    """Forward only: going back is restoring the backup made before the upgrade."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in NOT_NULL_COLUMNS:
        op.add_column("calls", sa.Column(name, types.Words, nullable=False, server_default=""))
        if not is_sqlite:
            op.alter_column("calls", name, server_default=None)
    for statement in (CHARGES, LINES, LINES_WITHOUT_ANY, URGENT, STANDS):
        op.execute(statement)
    op.drop_column("calls", "fee_collected")
    op.drop_table("fee_lines")
