"""A complaint comes in: receipt, acknowledgement, contacts, who takes it (003 Art. 22-24; states §5.5)."""

from __future__ import annotations
