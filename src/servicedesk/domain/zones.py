"""The zones of a district and how soon a technician is there (003 Art. 16; D23)."""

from __future__ import annotations

from servicedesk.domain.words import label

URBAN = "urban"
SUBURBAN = "suburban"

ZONES = {URBAN: label("urban"), SUBURBAN: label("suburban")}

ARRIVAL_LIMITS = {URBAN: 360, SUBURBAN: 420}
"""Working minutes from call-in to arrival: the regulation's values, where a unit sets no others."""
