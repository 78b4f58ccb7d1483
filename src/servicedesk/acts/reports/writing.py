"""The technician writes, submits and hands in his daily report (003 Art. 12-14; states §5.8)."""

from __future__ import annotations
