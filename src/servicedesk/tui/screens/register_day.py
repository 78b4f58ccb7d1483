"""One register day as its closing sheet: what differs and why, what was carried over, the page as it was frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from servicedesk.domain.numbering import short
from servicedesk.domain.register_days import (
    DAY_CLOSED,
    RECONCILED,
    SEES_DAYS,
    STATES,
    TRANSMITTED,
    DayRow,
    DifferenceRow,
    PageLineRow,
    may_be_sent_from,
)
from servicedesk.domain.rulebook import STATES as ALL_STATES
from servicedesk.domain.text import clip
from servicedesk.domain.words import label, say
from servicedesk.tui.keys import Key, print_key
from servicedesk.tui.registers import Seen
from servicedesk.tui.screens.paper import PaperPage, PaperScreen, Part, side_by_side

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look

_NAME_CELLS = 12
RECONCILE, EXPLAIN, CLOSE, TRANSMIT, RECEIVE = (
    f"days.{name}" for name in ("reconcile", "explain", "close", "transmit", "receive")
)
DAY_KEYS: tuple[Key, ...] = (
    Key("e", label("Explain"), act=EXPLAIN),
    Key("c", label("Close the day"), act=CLOSE),
    Key("t", label("Transmit"), act=TRANSMIT),
    Key("a", label("Received"), act=RECEIVE),
    print_key("closing_sheet", "number"),
    print_key("transmittal", "number")._replace(key="T", label=label("Print the transmittal")),
)
"""What can be done to a register day, on the list and on the page."""
RECONCILE_KEY = Key("f2", label("Reconcile"), act=RECONCILE, bare=True)
NEXT_ACTS: Mapping[str, Sequence[str]] = {
    RECONCILED: (EXPLAIN, CLOSE, RECONCILE),
    DAY_CLOSED: (TRANSMIT,),
    TRANSMITTED: (RECEIVE,),
}


class ClosingSheet(NamedTuple):
    """What hangs on a register day."""

    differences: list[DifferenceRow]
    lines: list[PageLineRow]


def next_step(seen: Seen, row: DayRow) -> str:
    """Who does what now (003 Art. 15, 20; K14)."""
    words = seen.words
    if row.state == RECONCILED and row.unexplained:
        return words(say("Next: explain {count} differences, then close the day.", count=row.unexplained))
    if row.state == RECONCILED:
        return words(label("Next: close the day."))
    if row.state == DAY_CLOSED:
        day = may_be_sent_from(seen.calendars[row.unit], row.day)
        return words(say("Next: the service clerk transmits the page, from {day} on.", day=day))
    if row.state == TRANSMITTED:
        return words(label("Next: the Customer Department receives the page."))
    return ""


def beside(seen: Seen, row: DayRow) -> str:
    """Day and state; the number begins with the unit."""
    words = seen.words
    return side_by_side(f"{words.weekday(row.day)} {words.day(row.day)}", words(STATES[row.state]))


def gather(look: Look, row: DayRow) -> ClosingSheet:
    """What differs, and the frozen page; runs in the reader's thread."""
    from servicedesk.store import register_days

    return ClosingSheet(
        register_days.differences(look.store, row.id),
        register_days.page_lines(look.store, row.id) if row.closed_at is not None else [],
    )


def parts(seen: Seen, row: DayRow, sheet: ClosingSheet) -> Iterator[Part]:
    """The sheet from top to bottom."""
    words = seen.words
    yield label("Calls"), str(row.calls)
    yield label("Carried over"), str(row.carried_over) if row.closed_at is not None else ""
    if not sheet.differences:
        yield label("Differences"), words(label("none: the register and the papers agree"))
    for nth, one in enumerate(sheet.differences):
        said = one._replace(paper=short(one.paper)).said
        explained = one.explained_in(words) or words(label("not explained yet"))
        yield label("Differences") if nth == 0 else "", side_by_side(words(said), explained)
    yield label("Reconciled"), _by(seen, row.reconciled_at, row.reconciled_by_name)
    yield label("Day closed"), _by(seen, row.closed_at, row.closed_by_name)
    yield label("Audit head"), row.audit_head
    yield label("Transmitted"), _by(seen, row.transmitted_at, row.transmitted_by_name)
    yield label("Received"), _by(seen, row.received_at, row.received_by_name)
    yield label("Page"), [_page_line(seen, line) for line in sheet.lines]


def _by(seen: Seen, at: datetime | None, name: str) -> str:
    """When and by whom; nobody where the program closed the day by itself."""
    return "" if at is None else side_by_side(seen.moment(at), name or seen.words(label("unattended")))


def _page_line(seen: Seen, line: PageLineRow) -> tuple[str, ...]:
    words = seen.words
    return (
        short(line.number),
        words.time(line.called_at),
        clip(line.customer_name, _NAME_CELLS),
        line.service_type,
        clip(line.technician_name, _NAME_CELLS),
        words(ALL_STATES[line.state]),
    )


class RegisterDayScreen(PaperScreen):
    """The register day on screen."""

    PAPER = PaperPage(
        heading=label("Register day"),
        register="register_days:DAYS",
        sees=SEES_DAYS,
        gather=gather,
        parts=parts,
        beside=beside,
        next_step=next_step,
        next_acts=lambda row: NEXT_ACTS.get(row.state, ()),
        keys=(*DAY_KEYS, RECONCILE_KEY._replace(from_row=(("unit", "unit"), ("day", "day")))),
    )

    def _begins_with(self, key: Key) -> Mapping[str, str]:
        """An explanation begins with the first paper that has none."""
        if key.act != EXPLAIN or self._found is None:
            return super()._begins_with(key)
        sheet: ClosingSheet = self._found[2]
        return {"paper": next((one.paper for one in sheet.differences if not one.explanation), "")}
