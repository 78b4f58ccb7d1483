"""Requests already served, so that a retry after a crash never makes a second entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from servicedesk.store import tables
from servicedesk.store.session import Reading, Writing, table_of

_REQUESTS = table_of(tables.Request)
_SAVED = select(_REQUESTS.c.numbers).where(_REQUESTS.c.id == bindparam("request"))


def saved(desk: Reading, request: str) -> tuple[str, ...] | None:
    """The numbers an earlier act with this request gave, or None."""
    numbers = desk.value(_SAVED, request=request)
    return None if numbers is None else tuple(str(numbers).split())


def save(desk: Writing, request: str, act: str, numbers: Sequence[str], at: datetime) -> None:
    """Remember what this request gave, in the act's own transaction."""
    desk.add(tables.Request, id=request, act=act, numbers=" ".join(numbers), at=at)
