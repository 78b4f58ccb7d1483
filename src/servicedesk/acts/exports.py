"""Exporting a register: rights before a line is read, and one audit line of what left the books."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from servicedesk.acts.act import Done, act, note_refusal, perform
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.domain.exports import FORMATS
from servicedesk.domain.registers import Wanted, visible
from servicedesk.domain.rights import Actor, require
from servicedesk.domain.rulebook import STATES
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused, label, say

if TYPE_CHECKING:
    from servicedesk.store.engine import Books


class Export(Entry):
    """Which register, of which period and unit, in which form."""

    book: Annotated[str, Ask(label("Register"))]
    format: Annotated[str, Ask(label("Format"), "choice", options=FORMATS)]
    first: Annotated[date | None, Ask(label("From"), "day")] = None
    last: Annotated[date | None, Ask(label("To"), "day")] = None
    unit: Annotated[str, Ask(label("Unit"))] = ""
    view: Annotated[str, Ask(label("View"))] = ""


@act("exports.write", Export)
def write(desk: Desk, rows: Sequence[Any], entry: Export) -> Done:
    """Without a file there is nothing to write down: `note` does it for the one that was made."""
    raise Refused(say("A register is exported by 'servicedesk export'."))


@dataclass(frozen=True)
class Reader:
    """Who exports, and every unit by its code."""

    actor: Actor
    units: Mapping[str, UnitRow]


def readable(
    books: Books, login: str, sees: Mapping[str, str], wanted: Wanted, now: datetime
) -> tuple[Reader, tuple[Wanted, ...]]:
    """Who exports, and what the posts show of what is wanted, in parts without a line in common.

    Raises:
        Refused: kind "rights", with its audit line; or for a unit that there is not.
    """
    from servicedesk.store import people

    with books.reading() as reading:
        look = Look(books, reading, login, now)
        units = people.units(books, reading, look.facts)
    if wanted.unit and wanted.unit not in units:
        raise Refused(say("There is no unit {code}.", code=wanted.unit), field="unit")
    try:
        require(write.rule, STATES, look.actor, None)
        shown = visible(look.actor, sees, wanted)
        if not shown:
            raise Refused(say("Your posts do not show this register."), kind="rights")
    except Refused as refused:
        note_refusal(books, login, write.name, [], now, refused)
        raise
    return Reader(look.actor, units), shown


def note(books: Books, login: str, asked: Mapping[str, Any], *, rows: int, clear: bool, now: datetime) -> Done:
    """Write the audit line of a finished export, before anybody gets the file.

    Args:
        books: the open books.
        login: who exports.
        asked: the fields of `Export`.
        rows: how many lines it holds.
        clear: whether a telephone, address or e-mail stands in it unmasked.
        now: aware UTC.
    """
    made = replace(write, function=partial(_noted, rows, clear))
    return perform(books, login, made, (), asked, request=uuid.uuid4().hex, now=now)


def _noted(count: int, clear: bool, desk: Desk, rows: Sequence[Any], entry: Export) -> Done:
    desk.note(entry.book, rows=count, clear=clear)
    return Done(say("{count} lines are exported.", count=count), (entry.book,))
