"""Grading, the deputy general manager, the site handler and his visit (003 Art. 22-24; states §5.5)."""

from __future__ import annotations
