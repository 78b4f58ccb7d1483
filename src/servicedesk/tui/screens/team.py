"""The technicians of the unit today: load, where they are, absences and shifts (003 Art. 3, 5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from servicedesk.domain.dispatch import TechnicianRow
from servicedesk.domain.people import StaffRow
from servicedesk.domain.words import Refused, label, say
from servicedesk.tui.background import begin
from servicedesk.tui.board import units_dispatched
from servicedesk.tui.columns import Column
from servicedesk.tui.door import NOBODY
from servicedesk.tui.keys import Key
from servicedesk.tui.register_list import Page, RegisterList
from servicedesk.tui.screen import DeskScreen

if TYPE_CHECKING:
    from servicedesk.acts.act import Done
    from servicedesk.acts.desk import Look


@dataclass(frozen=True, slots=True)
class Member:
    """A technician with today's load, the person as acts want it, and what keeps him off duty."""

    row: TechnicianRow
    person: StaffRow
    away: str


class TeamScreen(DeskScreen):
    """One line a technician."""

    HEADING = label("Technicians")
    DETAIL_ROWS = 1
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("a", label("Absence"), act="staff.absence"),
        Key("s", label("Shift"), act="staff.shift"),
        Key("m,enter", label("Move the visits"), action="stand_down"),
        Key("k", label("Blank job sheets"), act="job_sheets.pack", bare=True),
        Key("P", label("Print the day pack"), action="print_pack"),
    )

    def __init__(self) -> None:
        super().__init__()
        self._members: Sequence[Member] = ()
        self._entered = ""

    def compose_body(self) -> Iterable[Widget]:
        """The list."""
        yield RegisterList[Member](
            self._columns(),
            self._load,
            key_of=lambda member: member.row.login,
            sort_key=lambda member: (member.row.login,),
            row_style=lambda member: "dim" if member.away else "",
            id="list",
        )

    def _columns(self) -> tuple[Column[Member], ...]:
        words = self.words
        return (
            Column("login", f" {words(label('Login'))}", 10, lambda member: f" {member.row.login}"),
            Column("name", words(label("Name")), 10, lambda member: member.row.name),
            Column("done", words(label("Done")), 5, lambda member: str(member.row.done)),
            Column("on", words(label("On")), 5, lambda member: str(len(member.row.on))),
            Column("to_go", words(label("To go")), 6, lambda member: str(len(member.row.to_go))),
            Column("where", words(label("Where")), 10, lambda member: member.row.district),
            Column("away", words(label("Duty")), 20, self._duty, flexible=True),
        )

    def _duty(self, member: Member) -> str:
        return member.away or self.words(label("on duty"))

    @property
    def lines(self) -> RegisterList[Member]:
        """The list."""
        return self.query_one("#list", RegisterList)

    async def _load(self, page: Page) -> Sequence[Member]:
        rows = self._members
        if page.after is not None:
            return [member for member in rows if (member.row.login,) > page.after]
        return [] if page.before is not None else rows

    # Reading

    def refresh_rows(self) -> None:
        """Read everybody again."""
        if self.door.actor is not NOBODY:
            begin(self, self._read, exclusive=True, group="team")

    async def _read(self) -> None:
        try:
            self._members = await self.door.look(self._gather)
        except Refused as refused:
            self.lines.show_error(self.words(refused.sentence))
            return
        none = label("No technicians yet: the administrator enters them, with the role 'technician'.")
        self.lines.show_empty(self.words(none))
        self.lines.refresh_rows()
        self.show_page()
        if self._entered:
            self._offer(self._entered)

    def _gather(self, look: Look) -> list[Member]:
        from servicedesk.store import dispatch, staff

        members = []
        for unit in units_dispatched(look.actor):
            people = {person.login: person for person in staff.staff_list(look.store, unit)}
            for row in dispatch.technicians(look.store, unit, look.now):
                why = row.off_duty(look.now)
                members.append(Member(row, people[row.login], "" if why is None else self.words(why)))
        return sorted(members, key=lambda member: member.row.login)

    def _offer(self, login: str) -> None:
        """Who is away from now on and still carries visits: show where they could go."""
        self._entered = ""
        if any(member.row.login == login and member.row.absent and member.row.to_go for member in self._members):
            self._open(login)

    def _open(self, login: str) -> None:
        from servicedesk.tui.screens.absence import AbsenceScreen

        self.app.push_screen(AbsenceScreen(login))

    # What the page says

    def detail_lines(self) -> Sequence[str]:
        """What the one under the cursor carries."""
        member = self.lines.row
        if member is None:
            return ()
        carried = " ".join((*member.row.on, *member.row.to_go))
        if not carried:
            return (self.words(say("{name} carries nothing.", name=member.row.name)),)
        return (self.words(say("{name} carries {numbers}.", name=member.row.name, numbers=carried)),)

    def rows_acted_on(self) -> Sequence[StaffRow]:
        """The person under the cursor."""
        return () if self.lines.row is None else (self.lines.row.person,)

    def on_register_list_highlighted(self) -> None:
        """Show what he carries."""
        self.show_page()

    def on_register_list_opened(self) -> None:
        """Enter: the visits to be moved."""
        self.action_stand_down()

    def action_stand_down(self) -> None:
        """The visits he has not reached, with who could take them over."""
        if self.lines.row is not None:
            self._open(self.lines.row.row.login)

    def action_print_pack(self) -> None:
        """The day pack of the one under the cursor: his vouchers and blank job sheets."""
        from servicedesk.tui.screens.printing import PrintScreen

        if self.lines.row is not None:
            self.app.push_screen(PrintScreen("day_pack", self.lines.row.row.login))

    def after_act(self, done: Done) -> None:
        """Who falls out leaves visits behind: they are offered once the list is read again."""
        self._entered = done.numbers[0] if done.numbers else ""
        self.refresh_rows()
