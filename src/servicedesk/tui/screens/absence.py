"""The remaining visits of a technician who falls out, each with who could take it over: all at once or one by one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from servicedesk.domain.calls import DISPATCHED
from servicedesk.domain.dispatch import Candidate, TechnicianRow, propose
from servicedesk.domain.words import Refused, label, say
from servicedesk.tui.board import briefly, units_dispatched
from servicedesk.tui.call_lines import lines_of
from servicedesk.tui.call_list import CallList, Entry, Gathered, customer_column, number_column
from servicedesk.tui.columns import Column
from servicedesk.tui.keys import Key

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look

ACT = "calls.stand_down"


class AbsenceScreen(CallList):
    """What he carries and has not reached; where he is already, he finishes or the clerk enters it from the paper."""

    HEADING = label("Visits to move")
    EMPTY = label("Nothing is left to move: every visit is with somebody on duty or has begun.")
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("y", label("Move all as proposed"), action="take_all"),
        Key("enter", label("Move this one"), action="take_one"),
        Key("r", label("Somebody else"), act="calls.reassign"),
        Key("e", label("Recall"), act="calls.recall"),
        Key("o", label("Open"), action="open_call", shown=False, id="absence.open"),
        Key("f7,U", label("Customer's file pocket"), action="pocket", shown=False),
        Key("f8", label("Why this time"), action="why", shown=False),
    )

    def __init__(self, login: str) -> None:
        super().__init__()
        self._login = login
        self._moving = False

    def gather(self, look: Look) -> Gathered:
        """His visits in order, each with the best technician left for it."""
        from servicedesk.store import dispatch

        words, who = self.words, dispatch.technician(look.store, self._login, look.now)
        unit = who.unit if who is not None else units_dispatched(look.actor)[0]
        people = dispatch.technicians(look.store, unit, look.now)
        rows = [row for row in dispatch.active_calls(look.store, self._login) if row.state == DISPATCHED]
        proposed = propose(rows, people, look.now, look.calendar(unit))
        lines = lines_of(look, words, rows, {})
        entries = []
        for position, (line, (_, candidate)) in enumerate(zip(lines, proposed, strict=True)):
            text = words(label("nobody on duty"))
            if candidate is not None:
                text = f"> {candidate.technician.name}  {briefly(candidate.verdict, look.now, words)}"
            entries.append(Entry(line, (position,), text, candidate))
        totals = () if who is None else (say("of {name}", name=who.name), say("visits {count}", count=len(rows)))
        return Gathered(entries, totals, who)

    def columns(self) -> tuple[Column[Entry], ...]:
        """Which call, by when, who could take it."""
        words = self.words
        return (
            number_column(words(label("No."))),
            customer_column(words(label("Customer"))),
            Column("due", words(label("Due")), 11, lambda entry: entry.line.due),
            Column("district", words(label("District")), 8, lambda entry: entry.line.call.district),
            Column("text", words(label("Proposed")), 24, lambda entry: entry.text, flexible=True),
        )

    def opened(self, entry: Entry) -> None:
        """Enter moves the visit under the cursor."""
        self.action_take_one()

    def action_open_call(self) -> None:
        """Open the call with its papers."""
        if self.call is not None:
            self.desk.open_call(self.call.number)

    def action_take_all(self) -> None:
        """Every proposed move, all or none."""
        self._take(self.gathered.entries)

    def action_take_one(self) -> None:
        """The move of the line under the cursor."""
        self._take([self.entry] if self.entry is not None else [])

    def _take(self, entries: Sequence[Entry]) -> None:
        moves = [entry for entry in entries if isinstance(entry.more, Candidate)]
        if not moves:
            self.desk.refuse(Refused(say("Nobody on duty can take this over: e recalls it, so that it waits again.")))
            return
        typed = "\n".join(f"{entry.line.call.number} {entry.more.technician.login}" for entry in moves)
        rows = tuple(entry.line.call for entry in moves)
        who: TechnicianRow | None = self.gathered.more
        if who is None or not who.absent:  # then nothing says why yet
            self.desk.start_act(self, ACT, rows, {"moves": typed})
        elif not self._moving:
            self._moving = True
            self.run_worker(self._move(moves, {"moves": typed, "reason": who.absent}), group="move")

    async def _move(self, moves: Sequence[Entry], typed: dict[str, str]) -> None:
        from servicedesk.acts.act import Target

        targets = [Target(entry.line.call.number, entry.line.call.version) for entry in moves]
        try:
            done = await self.door.perform(ACT, targets, typed, uuid.uuid4().hex)
        except Refused as refused:
            self.desk.refuse(refused)
        else:
            self.desk.say(done.sentence)
        finally:
            self._moving = False
        self.refresh_rows()
