"""The days on which a technician worked and of which nobody has his report yet (003 Art. 12)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, literal_column, select

from servicedesk.domain.reports import DRAFT
from servicedesk.store import tables
from servicedesk.store.session import Reading, table_of

_VISITS = table_of(tables.Visit)
_TIMES = table_of(tables.TimeLine)
_REPORTS = table_of(tables.TechnicianReport)
_STAFF = table_of(tables.Staff)
_HIM = select(_STAFF.c.id).where(_STAFF.c.login == bindparam("login")).scalar_subquery()
_BACK = timedelta(days=7)
"""So far back is looked: what is older was told for a week."""
_LONGEST = timedelta(days=7)

_LEFT = select(_VISITS.c.left_at).where(
    _VISITS.c.technician_id == _HIM,
    _VISITS.c.state == literal_column("'done'"),
    _VISITS.c.dispatched_at >= bindparam("sent_since"),
    _VISITS.c.left_at >= bindparam("since"),
)
_STOPPED = select(_TIMES.c.ended_at).where(
    _TIMES.c.technician_id == _HIM, _TIMES.c.began_at >= bindparam("since"), _TIMES.c.ended_at.is_not(None)
)
_HANDED_IN = select(_REPORTS.c.day).where(
    _REPORTS.c.technician_id == _HIM,
    _REPORTS.c.day >= bindparam("day", type_=_REPORTS.c.day.type),
    _REPORTS.c.state != DRAFT,
)


def unreported_days(desk: Reading, login: str, zone: str, now: datetime) -> dict[date, int]:
    """By day how many visits and stretches at the bench no report has, the oldest first; a week back and today.

    Args:
        desk: a read transaction.
        login: the technician.
        zone: his unit's time zone, by which a day begins.
        now: aware UTC.
    """
    local = ZoneInfo(zone)
    first = now.astimezone(local).date() - _BACK
    since = datetime.combine(first, time(), local).astimezone(UTC)
    ended = [row[0] for row in desk.all(_LEFT, login=login, since=since, sent_since=since - _LONGEST)]
    ended += [row[0] for row in desk.all(_STOPPED, login=login, since=since)]
    worked = Counter(at.astimezone(local).date() for at in ended)
    handed_in = {row[0] for row in desk.all(_HANDED_IN, login=login, day=first)}
    return {day: worked[day] for day in sorted(worked) if day not in handed_in}
