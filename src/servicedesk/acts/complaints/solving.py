"""Investigation, departments, compensation, the solution and its carrying out (003 Art. 22-24; states §5.5)."""

from __future__ import annotations
