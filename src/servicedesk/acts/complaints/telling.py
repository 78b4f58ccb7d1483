"""The result told, the follow-up, closing, withdrawing and reopening (003 Art. 22-24; states §5.5)."""

from __future__ import annotations
