"""What stands on the dispatch board: the lines of the left column, the words of the right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from servicedesk.domain.calls import DISPATCHED, CallRow
from servicedesk.domain.clocks import WorkingCalendar, last_closing
from servicedesk.domain.dispatch import Candidate, TechnicianRow, clock_time, rank
from servicedesk.domain.numbering import short
from servicedesk.domain.rights import SUPERVISOR, Actor
from servicedesk.domain.text import cells
from servicedesk.domain.words import Sentence, label, say
from servicedesk.locales import Words
from servicedesk.tui.call_lines import ZONE_LETTERS, Line, lines_of
from servicedesk.tui.call_list import Entry, Gathered
from servicedesk.tui.columns import fitted, on_one_line

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look

DIGITS = 9
_WRAPPING = Console(width=200, file=None)


@dataclass(frozen=True, slots=True)
class Side:
    """The right column: for which call, who may go, who not and why, everybody's load today."""

    call: CallRow | None = None
    due: time | datetime | None = None
    candidates: Sequence[Candidate] = ()
    away: Sequence[tuple[TechnicianRow, Sentence]] = ()
    technicians: Sequence[TechnicianRow] = ()
    free: Sequence[time | datetime | None] = ()
    read: bool = False


def unit_of(actor: Actor) -> str:
    """The unit that this person dispatches for: the own one, or the one of the post stood in for (D40)."""
    return next((post.unit for post in actor.posts if post.role == SUPERVISOR), actor.unit)


def gather_board(look: Look, words: Words, *, road: bool) -> Gathered:
    """What waits, or what is on the road, with the day's totals; runs in the reader's thread."""
    from servicedesk.store import calls, dispatch, places

    unit = unit_of(look.actor)
    closing = last_closing(look.calendar(unit), look.now)
    waiting = dispatch.waiting(look.store, unit, closing)
    on_road = dispatch.on_the_road(look.store, unit)
    to_tell = len({row.number for row in calls.to_be_told(look.store, unit)})
    to_tell += len(dispatch.late_to_tell(look.store, unit, look.now))
    totals = (
        say("waiting {count}", count=_capped(len(waiting), dispatch.MOST)),
        say("on the road {count}", count=_capped(len(on_road), dispatch.MOST)),
        say("late {count}", count=sum(row.late(look.now) for row in (*waiting, *on_road))),
        say("to be told {count}", count=to_tell),
    )
    open_by = places.open_by_others(look.store, look.actor.id, look.now)
    lines = lines_of(look, words, on_road if road else waiting, open_by)
    return Gathered([_on_road(line) if road else _waiting(line, closing, words) for line in lines], totals)


def _capped(count: int, most: int) -> str:
    return f"{most}+" if count >= most else str(count)


def _waiting(line: Line, closing: datetime | None, words: Words) -> Entry:
    call = line.call
    if call.carried_over(closing):
        return Entry(line, (0, call.urgent, call.id), f"{line.due} {words(label('carried'))}".strip())
    marks = f"{call.service_type} {words(ZONE_LETTERS[call.zone])} {line.due}"
    return Entry(line, (1, call.urgent, call.id), f"{marks} · {line.open_by}" if line.open_by else marks)


def _on_road(line: Line) -> Entry:
    call = line.call
    text = f"{line.now}  {line.due}" if call.state == DISPATCHED else line.now
    return Entry(line, (0, call.urgent, call.id), text)


def gather_side(look: Look, call: CallRow | None) -> Side:
    """The technicians, ranked for this call; runs in the reader's thread."""
    from servicedesk.store import dispatch

    unit = unit_of(look.actor)
    calendar = look.calendar(unit)
    people = dispatch.technicians(look.store, unit, look.now, call.model_no if call is not None else "")
    away = [(row, why) for row in people if (why := row.off_duty(look.now)) is not None]
    ranked = rank(people, call, look.now, calendar) if call is not None else []
    on_duty = [row for row in people if row.off_duty(look.now) is None]
    free = [_free(row, look.now, calendar) for row in on_duty]
    due = None
    if call is not None and call.judged_by is not None and call.arrived_at is None:
        due = clock_time(call.judged_by, look.now, calendar)
    return Side(call, due, ranked[:DIGITS], away, on_duty, free, read=True)


def _free(row: TechnicianRow, now: datetime, calendar: WorkingCalendar) -> time | datetime | None:
    free = row.free_at(now, calendar)
    return None if free <= now else clock_time(free, now, calendar)


def side_lines(side: Side, words: Words, width: int, height: int) -> list[str]:
    """The right column, at most `height` lines of `width` cells: candidates first, then today's load."""
    if not side.technicians and not side.away:
        none = label("No technicians yet: the administrator enters them, with the role 'technician'.")
        return _hanging("", words(none), width) if side.read else []
    lines = _heading(side, words, width)
    chosen = [
        (f"{digit} {one.technician.name}  ", _reasons(one, words)) for digit, one in enumerate(side.candidates, start=1)
    ]
    away = [fitted(f"- {row.name}  {words(why)}", width).rstrip() for row, why in side.away]
    table = _table(side, words, width)
    room = height - len(lines) - len(away)
    whole = [_hanging(head, text, width) for head, text in chosen]
    # Where not all fits, whoever comes first keeps all reasons.
    for position in range(len(whole) - 1, 0, -1):
        if sum(map(len, whole)) + len(table) + 1 <= room:
            break
        whole[position] = [_shortened(*chosen[position], width)]
    lines += [line for one in whole for line in one] + away
    if len(lines) + 3 <= height and len(table) > 1:
        lines += ["", *table[: height - len(lines) - 1]]
    return lines[:height]


def _heading(side: Side, words: Words, width: int) -> list[str]:
    call = side.call
    if call is None:
        return []
    known = {"number": short(call.number), "name": call.customer_name}
    told = say("For {number} {name}", **known)
    if call.technician:
        told = say("Instead of {technician} for {number} {name}", technician=call.technician_name, **known)
    elif side.due is not None:
        told = say("{call}, by {due}", call=told, due=side.due)
    return [fitted(words(told), width).rstrip()]


def _reasons(candidate: Candidate, words: Words) -> str:
    reasons = words(label(", ")).join(words(reason) for reason in candidate.reasons)
    return words(say("{reasons}: {verdict}", reasons=reasons, verdict=candidate.verdict))


def _hanging(head: str, text: str, width: int) -> list[str]:
    """The text wrapped, its further lines under the beginning of the first one's words."""
    indent = min(cells(head), width // 3)
    room = max(8, width - indent)
    first, *rest = [line.plain.rstrip() for line in Text(on_one_line(text)).wrap(_WRAPPING, room)] or [""]
    return [on_one_line(head) + first, *(" " * indent + line for line in rest)]


def _shortened(head: str, text: str, width: int) -> str:
    """One line that keeps the verdict, whatever else has no room."""
    reasons, colon, verdict = text.rpartition(": ")
    room = width - cells(head) - cells(colon + verdict)
    return fitted(f"{head}{fitted(reasons, max(4, room)).rstrip()}{colon}{verdict}", width).rstrip()


def _table(side: Side, words: Words, width: int) -> list[str]:
    """Everybody's day: how many done, at which job, which still to go, when free; where, on a wide screen."""
    names = max(8, width - 31) if width < 60 else 12
    where = max(0, width - names - 31)
    titles = (label("Today"), label("done"), label("on"), label("to go"), label("free"), label("where"))
    lines = [_row([words(title) for title in titles], names, where)]
    for row, free in zip(side.technicians, side.free, strict=True):
        at = words(label("now")) if free is None else words(say("{at}", at=free))
        lines.append(
            _row([row.name, str(row.done), _serials(row.on, 1), _serials(row.to_go, 2), at, row.district], names, where)
        )
    return lines


def _row(columns: Sequence[str], names: int, where: int) -> str:
    widths = (names, 4, 5, 10, 6, where)
    return " ".join(fitted(text, width) for text, width in zip(columns, widths, strict=True) if width).rstrip()


def _serials(numbers: Sequence[str], most: int) -> str:
    shown = " ".join(number.rpartition("-")[2] for number in numbers[:most])
    return f"{shown}+{len(numbers) - most}" if len(numbers) > most else shown or "-"
