"""Urging, help of a superior, incidents, evidence, malicious complaints (003 Art. 22-24; states §5.5)."""

from __future__ import annotations
