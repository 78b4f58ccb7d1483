"""What the books know of a technician's day (003 Art. 12-14; states §5.8)."""

from __future__ import annotations
