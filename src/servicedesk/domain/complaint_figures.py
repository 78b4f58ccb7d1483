"""The analysis of complaints: by what, over which days, and what each figure counts (R69; requirements §1.9).

A complaint belongs to the day it was received on, in its unit's zone. Malicious and withdrawn ones count as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from servicedesk.domain.complaint_clocks import ACKNOWLEDGE, FOLLOW_UP, SOLVE
from servicedesk.domain.complaints import CAUSES, CHANNELS, NATURES, SEES_COMPLAINTS
from servicedesk.domain.rights import ALL, UNIT, Actor
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused, Sentence, label, say


class Dimension(NamedTuple):
    """By what complaints are counted: how the title says it, the column's title, what has none, the known keys."""

    by: str
    title: str
    none: str
    names: Mapping[str, str] = {}


WHOLE = ""
"""No dimension: all complaints together."""
DEPARTMENT = "department"
DIMENSIONS: Mapping[str, Dimension] = {
    "cause": Dimension(label("by cause"), label("Cause class"), label("cause not found yet"), CAUSES),
    "nature": Dimension(label("by nature"), label("Nature"), label("not assessed yet"), NATURES),
    "product": Dimension(label("by product"), label("Model"), label("no model named")),
    DEPARTMENT: Dimension(label("by department"), label("Department"), label("no department named")),
    "technician": Dimension(label("by technician complained of"), label("Technician"), label("no technician named")),
    "unit": Dimension(label("by unit"), label("Unit"), ""),
    "channel": Dimension(label("by channel"), label("Channel"), "", CHANNELS),
}
"""The cause is that of the present handling. A complaint counts once for each of its departments."""

REPEAT = "repeat"
DISSATISFIED = "dissatisfied"
FACETS: Mapping[str, str] = {
    "": label("all"),
    REPEAT: label("repeat complaints"),
    ACKNOWLEDGE: label("acknowledgement missed"),
    SOLVE: label("solution missed"),
    FOLLOW_UP: label("follow-up missed"),
    DISSATISFIED: label("customer not satisfied"),
}
"""Which of the records behind a figure are listed."""

REPEATED_WITHIN = timedelta(days=90)
SATISFIED_TARGET = 85
"""Per cent of the follow-ups answered (002 5.1-3)."""


class Period(NamedTuple):
    """Days from the first to the last, both counted."""

    first: date
    last: date


PERIODS: Mapping[str, str] = {
    "month": label("this month"),
    "last_month": label("last month"),
    "days": label("90 days"),
    "year": label("this year"),
}


def period(name: str, today: date) -> Period:
    """The days of a named period up to today; last month is a whole one."""
    if name == "month":
        return Period(today.replace(day=1), today)
    if name == "last_month":
        last = today.replace(day=1) - timedelta(days=1)
        return Period(last.replace(day=1), last)
    if name == "days":
        return Period(today - REPEATED_WITHIN + timedelta(days=1), today)
    return Period(today.replace(month=1, day=1), today)


def days_between(first: date, last: date) -> Period:
    """A period of one's own.

    Raises:
        Refused: where it ends before it begins.
    """
    if last < first:
        raise Refused(say("The period ends before it begins: {first} to {last}.", first=first, last=last), field="last")
    return Period(first, last)


class Span(NamedTuple):
    """The time that a period is in one zone, from `begins` to before `ends`, and the keys of the units there."""

    begins: datetime
    ends: datetime
    units: tuple[int, ...]


def spans(units: Iterable[UnitRow], days: Period) -> list[Span]:
    """The period as each unit's own clock has it, the units of one zone together."""
    zones: dict[str, list[int]] = {}
    for unit in units:
        zones.setdefault(unit.timezone, []).append(unit.id)
    return [
        Span(_midnight(days.first, zone), _midnight(days.last + timedelta(days=1), zone), tuple(keys))
        for zone, keys in zones.items()
    ]


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def analysed(actor: Actor, units: Iterable[UnitRow]) -> list[UnitRow]:
    """The units whose complaints the posts let a person analyse (§1.7).

    Raises:
        Refused: kind "rights", for posts that see single complaints at most.
    """
    scopes = [(SEES_COMPLAINTS[post.role], post.unit) for post in actor.posts if post.role in SEES_COMPLAINTS]
    own = {unit for scope, unit in scopes if scope == UNIT}
    found = [unit for unit in units if any(scope == ALL for scope, _ in scopes) or unit.code in own]
    if not found:
        raise Refused(say("Your posts do not show the analysis of complaints."), kind="rights")
    return found


class Share(NamedTuple):
    """So many of so many."""

    part: int = 0
    whole: int = 0

    @property
    def tenths(self) -> int | None:
        """Tenths of a per cent, half a tenth rounded up; None where there is no data, which is neither 0 nor 100 %."""
        return (self.part * 2000 + self.whole) // (2 * self.whole) if self.whole else None

    @property
    def percent(self) -> str:
        """`95.0 %`; empty where there is no data."""
        return "" if self.tenths is None else f"{self.tenths // 10}.{self.tenths % 10} %"

    def said(self) -> Sentence:
        """The share with what it is of."""
        if not self.whole:
            return say("no data")
        return say("{percent} ({part}/{whole})", percent=self.percent, part=self.part, whole=self.whole)


_NOTHING = Share()


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted of one cause, product or whatever it is by.

    `repeats` were reopened or are `said_again`. Of the clocks of every handling those stopped count, in time where they
    were stopped by their due time, and those that run and are past due; those that run and are not due yet are left
    out, and so are those that a withdrawal stopped before they were due. `satisfied` are the follow-ups answered 4 or 3
    of those answered.
    """

    key: str
    name: str
    count: int
    repeats: int = 0
    acknowledge: Share = _NOTHING
    solve: Share = _NOTHING
    follow_up: Share = _NOTHING
    satisfied: Share = _NOTHING


class Received(NamedTuple):
    """What tells whether a complaint is a repeat one."""

    id: int
    customer_id: int
    product_id: int | None
    model_no: str
    received_at: datetime

    def is_about_the_same(self, other: Received) -> bool:
        """The product of the file pocket is the same; where one of the two names none, the model."""
        if self.product_id is None or other.product_id is None:
            return self.model_no != "" and self.model_no == other.model_no
        return self.product_id == other.product_id


def said_again(complaints: Iterable[Received]) -> set[int]:
    """The keys of those of which the same customer had complained about the same product in the 90 days before.

    Args:
        complaints: in the order in which they were received.
    """
    found: set[int] = set()
    earlier: dict[int, list[Received]] = {}
    for each in complaints:
        before = earlier.setdefault(each.customer_id, [])
        since = each.received_at - REPEATED_WITHIN
        if any(one.received_at >= since and each.is_about_the_same(one) for one in reversed(before)):
            found.add(each.id)
        before.append(each)
    return found


class ParetoLine(NamedTuple):
    """Figures with their share in all that was counted, and the share of this line and those above it together."""

    figures: Figures
    share: Share
    cumulative: Share


def pareto(counted: Iterable[Figures]) -> tuple[ParetoLine, ...]:
    """The greatest first; equal ones by their key."""
    ordered = sorted(counted, key=lambda each: (-each.count, each.key))
    whole = sum(each.count for each in ordered)
    lines, above = [], 0
    for each in ordered:
        above += each.count
        lines.append(ParetoLine(each, Share(each.count, whole), Share(above, whole)))
    return tuple(lines)


class Analysis(NamedTuple):
    """Complaints over a period by one dimension: all together, then line by line; `calls` came in on the same days."""

    dimension: str
    period: Period
    whole: Figures
    lines: tuple[ParetoLine, ...]
    calls: int

    @property
    def per_hundred(self) -> str:
        """Complaints per 100 calls with two decimals; empty where there was no call."""
        if not self.calls:
            return ""
        hundredths = (self.whole.count * 20_000 + self.calls) // (2 * self.calls)
        return f"{hundredths // 100}.{hundredths % 100:02}"


def name_of(dimension: str, figures: Figures) -> str:
    """What a line is called: a label, or the text from people it is about."""
    if not figures.key:
        return DIMENSIONS[dimension].none if dimension else label("all complaints")
    return figures.name or DIMENSIONS[dimension].names.get(figures.key, figures.key)
