"""Charges: money handed in, invoices, collecting, credit notes, write-offs (003 Art. 7, 10; states §5.4; K13)."""
