"""A unit with its calendar and districts as every other part reads them (003 Art. 3, 16; D18, D23, D39)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from servicedesk.domain.clocks import Window


class UnitRow(NamedTuple):
    """Customer Department, service centre or branch; the limit in minor units, arrival limits in minutes.

    `fee_limit` holds from `fee_limit_from` on, `fee_limit_before` up to the day before (D18).
    """

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
    fee_limit_from: date | None = None
    fee_limit_before: int = 0

    @property
    def number(self) -> str:
        """By which acts name it."""
        return self.code

    @property
    def unit(self) -> str:
        """A unit lies in itself."""
        return self.code

    @property
    def technician(self) -> str:
        """Nobody's own job."""
        return ""

    @property
    def version(self) -> int:
        """Units carry none: the last word holds."""
        return 0

    @property
    def language(self) -> str:
        """In which this unit writes to customers who asked for no other language."""
        return {"CN": "zh_CN", "TW": "zh_TW", "HK": "zh_TW", "MO": "zh_TW"}.get(self.country, "en")

    def arrival_limit(self, zone: str) -> int:
        """Working minutes from the call-in to the arrival (003 Art. 16)."""
        return self.urban_minutes if zone == "urban" else self.suburban_minutes

    def fee_limit_on(self, day: date) -> int:
        """The most that is collected on the spot on this day, in minor units (003 Art. 7, D18)."""
        if self.fee_limit_from is not None and day < self.fee_limit_from:
            return self.fee_limit_before
        return self.fee_limit


class CalendarDayRow(NamedTuple):
    """A day that is not like its weekday; without windows it is closed. Set by hand, no filling changes it."""

    day: date
    windows: tuple[Window, ...]
    note: str
    by_hand: bool


class DistrictRow(NamedTuple):
    """A district: how far it is and the code of the unit that serves it (D23, D39)."""

    name: str
    zone: str
    unit: str
