"""The supervisor reviews a technician's report (003 Art. 12-14; states §5.8)."""

from __future__ import annotations
