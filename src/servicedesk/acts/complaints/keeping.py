"""The limits, escalation steps and priorities that the books keep (003 Art. 22-24; states §5.5)."""

from __future__ import annotations
