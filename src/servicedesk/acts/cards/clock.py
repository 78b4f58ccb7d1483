"""The actual repair time: the technician's clock, and time lines from the card (003 Art. 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.common import not_in_future
from servicedesk.acts.cards.common import (
    CARDS,
    change,
    free_then,
    in_the_shop_at,
    minutes_between,
    next_of,
    numbers,
    prompts,
    started,
    stopped,
)
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry, Line, Situation
from servicedesk.domain.repair_cards import IN_REPAIR, CardRow
from servicedesk.domain.spoken import spoken_time
from servicedesk.domain.words import Refused, label, say

_DASHES = "-‐‑‒–—―−~～至到"


class WorkedLine(Line):
    """Hours at the bench: `930-1015`, `y1330-1410`, `2026-11-23 1400-1520`."""

    began_at: Annotated[datetime, Ask(label("From"), "moment")]
    ended_at: Annotated[datetime, Ask(label("To"), "moment")]

    @classmethod
    def parse(cls, typed: str, situation: Situation) -> Mapping[str, Any]:
        """The two times around a dash; the second is on the day of the first unless it says another.

        Raises:
            Refused: for what is no pair of times.
        """
        for first, second in _halves(typed.strip()):
            try:
                began = spoken_time(first, situation.now, situation.zone)
                day = began.astimezone(ZoneInfo(situation.zone)).date()
                ended = spoken_time(second, situation.now, situation.zone, default_day=day)
            except Refused:
                continue
            return {"began_at": began, "ended_at": ended}
        raise Refused(
            say("“{typed}” is no time line: type 930-1015, y1330-1410 or 2026-11-23 1400-1520.", typed=typed.strip()),
            kind="field",
        )


def _halves(typed: str) -> Iterator[tuple[str, str]]:
    """The two sides of each dash that has something on both, the last one first."""
    for place in range(len(typed) - 1, 0, -1):
        first, second = typed[:place].strip(), typed[place + 1 :].strip()
        if typed[place] in _DASHES and first and second:
            yield first, second


class Start(Entry):
    """When the repair began; the clock runs from then, unless the time is entered from the card later."""

    began_at: Annotated[datetime, Ask(label("Started at"), "moment")]
    clock: Annotated[bool, Ask(label("The clock runs"), "flag")] = True


class StartClock(Entry):
    """When the technician went on."""

    began_at: Annotated[datetime, Ask(label("Started at"), "moment")]


class StopClock(Entry):
    """When the technician stopped."""

    ended_at: Annotated[datetime, Ask(label("Stopped at"), "moment")]


class RepairTime(Entry):
    """Time lines as they stand on the card, of one technician."""

    lines: Annotated[tuple[WorkedLine, ...], Ask(label("Repair time"), "lines")]
    technician: Annotated[str, Ask(label("Technician"), "lookup", lookup="technicians")]


def start_now(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    """Now, unless the clerk keys in the true time from the card."""
    return Prepared(derived={"began_at": look.now}, notes=prompts(look, rows[0]))


def stop_now(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    """Now, unless the clerk keys in the true time from the card."""
    return Prepared(derived={"ended_at": look.now}, notes=prompts(look, rows[0]))


def by_the_assigned(look: Look, rows: Sequence[CardRow], values: Mapping[str, Any]) -> Prepared:
    """The time is that of who is assigned, unless another helped."""
    return Prepared(derived={"technician": rows[0].technician}, notes=prompts(look, rows[0]))


@act("cards.start", Start, book=CARDS, prepare=start_now)
def start(desk: Desk, rows: Sequence[CardRow], entry: Start) -> Done:
    """The technician begins: the card is in repair, his clock runs on it (003 Art. 9)."""
    row = rows[0]
    in_the_shop_at(desk, row, "began_at", entry.began_at)
    clock = started(desk, row, entry.began_at, "began_at") if entry.clock else {}
    change(desk, row, state=IN_REPAIR, **clock)
    following = ("cards.stop",) if entry.clock else ("cards.time",)
    return Done(say("{number} is in repair.", number=row.number), numbers(rows), next_of(desk, row, *following))


@act("cards.clock", StartClock, book=CARDS, prepare=start_now)
def clock_on(desk: Desk, rows: Sequence[CardRow], entry: StartClock) -> Done:
    """The technician goes on: a new time line begins."""
    row = rows[0]
    change(desk, row, **started(desk, row, entry.began_at, "began_at"))
    return Done(say("The clock runs on {number}.", number=row.number), numbers(rows), next_of(desk, row, "cards.stop"))


@act("cards.stop", StopClock, book=CARDS, prepare=stop_now)
def clock_off(desk: Desk, rows: Sequence[CardRow], entry: StopClock) -> Done:
    """The technician stops: the time line has its end and its minutes."""
    row = rows[0]
    values = stopped(desk, row, entry.ended_at, "ended_at")
    change(desk, row, **values)
    said = say(
        "{number}: {minutes} minutes more, {total} in all.",
        number=row.number,
        minutes=values["minutes"] - row.minutes,
        total=values["minutes"],
    )
    return Done(said, numbers(rows), next_of(desk, row, "cards.finish"))


@act("cards.time", RepairTime, book=CARDS, prepare=by_the_assigned)
def enter_time(desk: Desk, rows: Sequence[CardRow], entry: RepairTime) -> Done:
    """Time lines entered from the card (003 Art. 9); nobody is at two benches at one time."""
    from servicedesk.store import repair_cards, tables

    row = rows[0]
    if not entry.lines:
        raise Refused(say("Enter a time line, for example 930-1015."), field="lines")
    person = _of_the_unit(desk, row, entry.technician)
    total, line = row.minutes, repair_cards.last_time_line(desk.store, row.id)
    for position, worked in enumerate(entry.lines, start=1):
        minutes = _checked(desk, row, person, worked)
        desk.store.add(
            tables.TimeLine,
            card_id=row.id,
            line=line + position,
            technician_id=person,
            began_at=worked.began_at,
            ended_at=worked.ended_at,
            minutes=minutes,
        )
        total += minutes
    change(desk, row, minutes=total)
    said = say(
        "{number}: {minutes} minutes more, {total} in all.",
        number=row.number,
        minutes=total - row.minutes,
        total=total,
    )
    return Done(said, numbers(rows), next_of(desk, row, "cards.finish"))


def _of_the_unit(desk: Desk, row: CardRow, login: str) -> int:
    """The key of a technician of the card's unit; who is absent today may have worked yesterday.

    Raises:
        Refused: on the field, for a stranger to the unit.
    """
    from servicedesk.store import dispatch

    found = dispatch.technician(desk.store, login, desk.now)
    if found is None or found.unit != row.unit:
        raise Refused(say("{login} is not a technician of {unit}.", login=login, unit=row.unit), field="technician")
    return found.id


def _checked(desk: Desk, row: CardRow, person: int, worked: WorkedLine) -> int:
    """The minutes of a line.

    Raises:
        Refused: on the field, for a line that cannot be.
    """
    if worked.ended_at <= worked.began_at:
        raise Refused(say("{ended} is not after {began}.", ended=worked.ended_at, began=worked.began_at), field="lines")
    in_the_shop_at(desk, row, "lines", worked.began_at)
    not_in_future(desk, "lines", worked.ended_at)
    free_then(desk, person, worked.began_at, worked.ended_at, "lines")
    return max(1, minutes_between(worked.began_at, worked.ended_at))
