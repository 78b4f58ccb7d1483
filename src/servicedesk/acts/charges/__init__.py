"""Charges: money handed in, invoices, collecting, credit notes, write-offs (003 Art. 7, 10; states §5.4; K13)."""

from servicedesk.acts.charges import cash, changes, invoices

__all__ = ["cash", "changes", "invoices"]
