"""A unit as every other part reads it (003 Art. 3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitRow:
    """Customer Department, service centre or branch; the limit in minor units, arrival limits in minutes."""

    id: int
    code: str
    name: str
    kind: str
    timezone: str
    country: str
    currency: str
    fee_limit: int
    urban_minutes: int
    suburban_minutes: int

    def arrival_limit(self, zone: str) -> int:
        """Working minutes from the call-in to the arrival (003 Art. 16)."""
        return self.urban_minutes if zone == "urban" else self.suburban_minutes
