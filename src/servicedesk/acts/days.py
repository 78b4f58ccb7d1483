"""The register day: reconciled, closed, transmitted, received (003 Art. 15, 20; states §5.8)."""

from __future__ import annotations
