"""What stands on the dispatch board: the lines of the left column, the words of the right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from servicedesk.domain.calls import DISPATCHED, REVISIT, STATES, CallRow
from servicedesk.domain.dispatch import Candidate, TechnicianRow, rank
from servicedesk.domain.numbering import short
from servicedesk.domain.rights import SEES_CALLS, SUPERVISOR, UNIT, Actor
from servicedesk.domain.text import cells
from servicedesk.domain.words import Sentence, label, say
from servicedesk.locales import Words
from servicedesk.tui.call_lines import ZONE_LETTERS, Line, lines_of
from servicedesk.tui.call_list import Entry, Gathered
from servicedesk.tui.columns import fitted, on_one_line

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look

DIGITS = 9
_WEEK = timedelta(days=6)
_WRAPPING = Console(width=200, file=None)


@dataclass(frozen=True, slots=True)
class Side:
    """The right column: for which call, who may go, who not and why, everybody's load today."""

    now: datetime | None = None
    call: CallRow | None = None
    candidates: Sequence[Candidate] = ()
    away: Sequence[tuple[TechnicianRow, Sentence]] = ()
    technicians: Sequence[TechnicianRow] = ()
    free: Sequence[datetime] = ()


def units_dispatched(actor: Actor) -> tuple[str, ...]:
    """The units this person dispatches for, own and stood in for (D40); the own one where there is no such post."""
    return tuple(dict.fromkeys(post.unit for post in actor.posts if post.role == SUPERVISOR)) or (actor.unit,)


def units_seen(actor: Actor) -> tuple[str, ...]:
    """The units whose lines this person's posts show (D39, D40); the own one where they show none whole."""
    seen = (post.unit for post in actor.posts if SEES_CALLS.get(post.role) == UNIT)
    return tuple(dict.fromkeys(seen)) or (actor.unit,)


def gather_board(look: Look, words: Words, *, road: bool) -> Gathered:
    """What waits, or what is on the road, with the day's totals; runs in the reader's thread."""
    from servicedesk.store import calls, dispatch, places

    units = units_dispatched(look.actor)
    closings = {unit: look.last_closing(unit) for unit in units}
    waiting = [row for unit in units for row in dispatch.waiting(look.store, unit, closings[unit])]
    on_road = [row for unit in units for row in dispatch.on_the_road(look.store, unit)]
    to_tell = len({row.number for unit in units for row in calls.to_be_told(look.store, unit)})
    to_tell += sum(len(dispatch.late_to_tell(look.store, unit, look.now)) for unit in units)
    totals = (
        say("waiting {count}", count=_capped(len(waiting), dispatch.MOST)),
        say("on the road {count}", count=_capped(len(on_road), dispatch.MOST)),
        say("late {count}", count=sum(row.late(look.now) for row in (*waiting, *on_road))),
        say("to be told {count}", count=to_tell),
    )
    open_by = places.open_by_others(look.store, look.actor.id, look.now)
    lines = lines_of(look, words, on_road if road else waiting, open_by)
    entries = [_on_road(line) if road else _waiting(line, closings[line.call.unit], words) for line in lines]
    return Gathered(sorted(entries, key=lambda entry: entry.order), totals)


def _capped(count: int, most: int) -> str:
    return f"{most}+" if count >= most else str(count)


def _waiting(line: Line, closing: datetime | None, words: Words) -> Entry:
    call = line.call
    if call.carried_over(closing):
        return Entry(line, (0, call.urgent, call.id), f"{line.due} {words(label('carried'))}".strip())
    left = words(STATES[REVISIT]) if call.state == REVISIT else line.due
    marks = f"{call.service_type} {words(ZONE_LETTERS[call.zone])} {left}"
    return Entry(line, (1, call.urgent, call.id), f"{marks} · {line.open_by}" if line.open_by else marks)


def _on_road(line: Line) -> Entry:
    call = line.call
    text = f"{call.technician_name} {line.due}" if call.state == DISPATCHED else line.now
    return Entry(line, (0, call.urgent, call.id), text)


def gather_side(look: Look, call: CallRow | None) -> Side:
    """The technicians, ranked for this call; runs in the reader's thread."""
    from servicedesk.store import dispatch

    unit = call.unit if call is not None else units_dispatched(look.actor)[0]
    calendar = look.calendar(unit)
    people = dispatch.technicians(look.store, unit, look.now, call.model_no if call is not None else "")
    away = [(row, why) for row in people if (why := row.off_duty(look.now)) is not None]
    ranked = rank(people, call, look.now, calendar) if call is not None else []
    on_duty = [row for row in people if row.off_duty(look.now) is None]
    return Side(look.now, call, ranked[:DIGITS], away, on_duty, [row.free_at(look.now, calendar) for row in on_duty])


def side_lines(side: Side, words: Words, width: int, height: int) -> list[str]:
    """The right column, at most `height` lines of `width` cells: candidates first, then today's load."""
    if side.now is None:
        return []
    if not side.technicians and not side.away:
        none = label("No technicians yet: the administrator enters them, with the role 'technician'.")
        return _hanging("", words(none), width)
    lines = _heading(side, side.now, words, width)
    chosen = [
        (f"{digit} {one.technician.name}  ", *_reasons(one, side.now, words))
        for digit, one in enumerate(side.candidates, start=1)
    ]
    away = [fitted(f"- {row.name}  {words(why)}", width).rstrip() for row, why in side.away]
    table = _table(side, side.now, words, width)
    room = height - len(lines) - len(away)
    whole = [_hanging(head, reasons + verdict, width) for head, reasons, verdict in chosen]
    # Where not all fits, whoever comes first keeps all reasons.
    for position in range(len(whole) - 1, 0, -1):
        if sum(map(len, whole)) + len(table) + 1 <= room:
            break
        whole[position] = [_shortened(*chosen[position], width)]
    lines += [line for one in whole for line in one] + away
    if len(lines) + 3 <= height and len(table) > 1:
        lines += ["", *table[: height - len(lines) - 1]]
    return lines[:height]


def _heading(side: Side, now: datetime, words: Words, width: int) -> list[str]:
    call = side.call
    if call is None:
        return []
    known = {"number": short(call.number), "name": call.customer_name}
    told = say("For {number} {name}", **known)
    if call.technician:
        told = say("Instead of {technician} for {number} {name}", technician=call.technician_name, **known)
    elif call.judged_by is not None and call.arrived_at is None:
        told = say("{call}, by {due}", call=told, due=brief(call.judged_by, now, words))
    return [fitted(words(told), width).rstrip()]


def brief(at: datetime, now: datetime, words: Words) -> str:
    """A time in few cells: the clock's today, the day of the week before it in the days around, else all of it."""
    if at.astimezone(words.zone).date() == now.astimezone(words.zone).date():
        return words.time(at)
    return f"{words.weekday(at)} {words.time(at)}" if abs(at - now) < _WEEK else words.moment(at)


def briefly(said: Sentence, now: datetime, words: Words) -> str:
    """A sentence with its times in few cells."""
    values = ((name, brief(value, now, words) if isinstance(value, datetime) else value) for name, value in said.values)
    return words(Sentence(said.id, tuple(values)))


def _reasons(candidate: Candidate, now: datetime, words: Words) -> tuple[str, str]:
    """What speaks for him, and what comes of it."""
    reasons = words.joined(briefly(reason, now, words) for reason in candidate.reasons)
    return reasons, words(say(": {verdict}", verdict=briefly(candidate.verdict, now, words)))


def _hanging(head: str, text: str, width: int) -> list[str]:
    """The text wrapped, its further lines under the beginning of the first one's words."""
    indent = min(cells(head), width // 3)
    room = max(8, width - indent)
    first, *rest = [line.plain.rstrip() for line in Text(on_one_line(text)).wrap(_WRAPPING, room)] or [""]
    return [on_one_line(head) + first, *(" " * indent + line for line in rest)]


def _shortened(head: str, reasons: str, verdict: str, width: int) -> str:
    """One line that keeps the verdict, whatever else has no room."""
    room = width - cells(head) - cells(verdict)
    return fitted(f"{head}{fitted(reasons, max(4, room)).rstrip()}{verdict}", width).rstrip()


def _table(side: Side, now: datetime, words: Words, width: int) -> list[str]:
    """Everybody's day: how many done, at which job, which still to go, when free; where, on a wide screen."""
    names = max(8, width - 32) if width < 60 else 12
    where = max(0, width - names - 33)
    titles = (label("Today"), label("done"), label("on"), label("to go"), label("free"), label("where"))
    lines = [_row([words(title) for title in titles], names, where)]
    for row, free in zip(side.technicians, side.free, strict=True):
        at = words(label("now")) if free <= now else brief(free, now, words)
        lines.append(
            _row([row.name, str(row.done), _serials(row.on, 1), _serials(row.to_go, 2), at, row.district], names, where)
        )
    return lines


def _row(columns: Sequence[str], names: int, where: int) -> str:
    widths = (names, 4, 4, 10, 10, where)
    return " ".join(fitted(text, width) for text, width in zip(columns, widths, strict=True) if width).rstrip()


def _serials(numbers: Sequence[str], most: int) -> str:
    shown = " ".join(number.rpartition("-")[2] for number in numbers[:most])
    return f"{shown}+{len(numbers) - most}" if len(numbers) > most else shown or "-"
