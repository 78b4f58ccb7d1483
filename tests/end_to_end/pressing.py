"""One person before the program: goes to a desk, finds a line, presses the key of an act, types the form."""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from contextvars import copy_context
from datetime import date
from functools import partial
from typing import Any, TypeVar

from textual import events
from textual.keys import _character_to_key
from textual.widgets import OptionList
from textual.worker import WorkerCancelled

from servicedesk.config import Settings
from servicedesk.domain.dispatch import TechnicianRow
from servicedesk.domain.reports import ReportRow
from servicedesk.tui.app import ServiceDesk
from servicedesk.tui.call_list import Entry
from servicedesk.tui.choice import ChoiceField
from servicedesk.tui.confirm import Confirm
from servicedesk.tui.fields import Field
from servicedesk.tui.form import FormScreen
from servicedesk.tui.lines import LinesField
from servicedesk.tui.register_list import RegisterList
from servicedesk.tui.screens.dispatch import DispatchScreen
from servicedesk.tui.screens.palette import PaletteScreen
from servicedesk.tui.screens.report import ReportScreen
from tests.tui.scenes import painted, waits_for_the_person
from tests.world import World

T_ = TypeVar("T_")
MOST_VIEWS = 12
QUIET = 3
"""So often nothing is found to be going on before everything counts as done."""
PATIENCE = 100
"""So often one looks for what must come."""
AT_A_GLANCE = 3
"""How many candidates of the board are read before one types the name instead."""


class Hand:
    """The keys of one person, in a program that is open all the fortnight; what is pressed is typed, never set."""

    def __init__(self, world: World, login: str) -> None:
        """Nothing is shown before `sit_down`."""
        assert world.books.path is not None
        database = Settings(database=str(world.books.path))
        self.app = ServiceDesk(database, login, lambda: world.now.astimezone(), live=False)
        self._test = self.app.run_test(size=(80, 24), notifications=True)
        # Textual knows the program that runs by its context.
        self._context = copy_context()

    async def do(self, work: Coroutine[Any, Any, T_]) -> T_:
        """Work as this person."""
        return await get_running_loop().create_task(work, context=self._context)

    async def sit_down(self) -> None:
        """Open the program."""
        self._pilot = await self._test.__aenter__()
        await self.app.door.seated.wait()
        await self.settle()

    async def leave(self) -> None:
        """Close it."""
        await self._test.__aexit__(None, None, None)
        self.app.door.close()

    # Keys

    async def press(self, *keys: str) -> None:
        """Keys in one burst, as from a quick hand; then until they have had their effect."""
        driver = self.app._driver
        assert driver is not None
        for key in keys:
            character = key if len(key) == 1 else None
            name = _character_to_key(key) if character is not None and not key.isalnum() else key
            driver.send_message(events.Key(name, character))
        await self.settle()

    async def settle(self) -> None:
        """Until everything that was begun is done, or waits for the person; without a pause where nothing runs."""
        app, quiet = self.app, 0
        while quiet < QUIET:  # what has just ended may begin something else a few messages later
            await self._pilot._wait_for_screen()
            running = [worker for worker in app.workers if worker.group != "acts"]
            for worker in running:
                with suppress(WorkerCancelled):  # one of its kind has taken its place
                    await worker.wait()
            acting = any(worker.group == "acts" for worker in app.workers) and not waits_for_the_person(app)
            if acting:
                await self._pilot.pause()
            quiet = 0 if running or acting else quiet + 1

    async def until(self, seen: Callable[[], bool], wanted: str) -> None:
        """Until this is to be seen."""
        for _ in range(PATIENCE):
            if seen():
                return
            await self._pilot.pause()
            await self.settle()
        raise AssertionError(f"{wanted} was expected\n{painted(self.app)}")

    # Places

    async def go(self, name: str) -> None:
        """To a desk, by its digit where that is no other key, else by its name; what stands there is read anew."""
        is_here = self.app.current_mode == name and len(self.app.screen_stack) == 1
        for _ in self.app.screen_stack[1:]:
            await self.press("escape")
        await self.until(lambda: len(self.app.screen_stack) == 1, "no page in front of the desk")
        if is_here:
            await self.press("f5")
        elif self.app.current_mode != name:
            desk = next(desk for desk in self.app.my_desks() if desk.name == name)
            # On the board the digits send technicians.
            if desk.key and not isinstance(self.app.screen, DispatchScreen):
                await self.press(desk.key)
            else:
                await self.choose("0", self.app.words(desk.label))
            await self.until(lambda: self.app.current_mode == name, f"the desk {name}")
        await self.until(lambda: not self._lines.busy, "lines")

    async def choose(self, key: str, named: str) -> None:
        """A place or an act by its name."""
        await self.press(key)
        await self.until(lambda: isinstance(self.app.screen, PaletteScreen), "the palette")
        await self.press(*named)
        await self.until(lambda: self._first_of_the_palette().startswith(named), named)
        await self.press("enter")

    def _first_of_the_palette(self) -> str:
        entries = self.app.screen.query_one("#entries", OptionList)
        return str(entries.get_option_at_index(0).prompt) if entries.option_count else ""

    async def find(self, number: str, turn: str = "v") -> None:
        """The cursor on the line of this number, in this view or in one that `turn` brings."""
        for _ in range(MOST_VIEWS):
            if number in self._numbers():
                break
            await self.press(turn)
        await self.until(lambda: number in self._numbers(), number)
        numbers = self._numbers()
        steps = numbers.index(number) - numbers.index(self._number_of(self._lines.row))
        await self.press(*(["down" if steps > 0 else "up"] * abs(steps)))
        await self.until(lambda: self._number_of(self._lines.row) == number, f"the cursor on {number}")

    async def mark(self, number: str) -> None:
        """A mark on the line of this number."""
        await self.find(number)
        marked = len(self._lines.marked)
        await self.press("space")
        await self.until(lambda: len(self._lines.marked) == marked + 1, f"a mark on {number}")

    @property
    def _lines(self) -> RegisterList[Any]:
        """The list in front."""
        return self.app.screen.query_one("#list", RegisterList)

    def _numbers(self) -> list[str]:
        return [self._number_of(line) for line in self._lines.rows]

    def _number_of(self, line: Any) -> str:
        """A line's number: of a call, of another paper, or the login of a technician."""
        row = line.line.call if isinstance(line, Entry) else line.row
        return str(row.login if isinstance(row, TechnicianRow) else row.number)

    # Acts

    async def write(self, key: str, typed: Mapping[str, str]) -> None:
        """The key of an act, then its form or its one question."""
        await self.press(key)
        await self.until(lambda: isinstance(self.app.screen, Confirm | FormScreen), f"what {key} opens")
        if isinstance(self.app.screen, FormScreen):
            await self.fill_in(typed)
        else:
            await self.press("y")

    async def fill_in(self, typed: Mapping[str, str]) -> None:
        """Type into the fields in the order of the paper what does not stand there already, and write."""
        form = self.app.screen
        assert isinstance(form, FormScreen)
        await self.until(lambda: bool(form.fields) and form.filling.prepared is not None, "a form filled in")
        assert set(typed) <= set(form.fields), (typed, list(form.fields))
        for name, field in form.fields.items():
            if name in typed and not said(field, typed[name]):
                await self._to(form, name)
                await self._into(field, typed[name])
                await self.until(partial(said, field, typed[name]), f"{name} {typed[name]}")
        await self.press("f2")
        await self.until(lambda: self.app.screen is not form, f"{form.act_name} written")

    async def _to(self, form: FormScreen, name: str) -> None:
        for _ in form.fields:
            if form.sheet.current.key == name:
                return
            await self.press("tab")
        await self.until(lambda: form.sheet.current.key == name, f"the cursor in {name}")

    async def _into(self, field: Field, words: str) -> None:
        if isinstance(field, LinesField):
            assert not field.entered
            await self.press(*(key for line in lines_in(words) for key in (*line, "enter")))
        elif "\n" in words:  # a text that was written elsewhere
            self.app.post_message(events.Paste(words))
            await self.settle()
        else:
            # What the program has filled in gives way to what is typed.
            assert isinstance(field, ChoiceField) or not field.entered or field.is_derived
            await self.press(*words)

    # Ways that several acts have in common

    async def send(self, number: str, technician: str) -> None:
        """Who stands among the first on the board is sent by his digit, any other by name."""
        await self.go("dispatch")
        await self.find(number, "w")
        board = self.app.screen
        assert isinstance(board, DispatchScreen)
        await self.until(lambda: board._side.call is not None and board._side.call.number == number, "who can go")
        first = [candidate.technician.login for candidate in board._side.candidates[:AT_A_GLANCE]]
        if technician in first:
            await self.press(str(first.index(technician) + 1))
        else:
            await self.write("d", {"technician": technician})

    async def read_report(self, number: str) -> None:
        """Open a report in the list."""
        await self.go("reports")
        await self.find(number)
        await self.press("enter")
        await self.until(lambda: self._report is not None and self._report.number == number, f"the report {number}")

    async def write_report_of(self, day: str) -> None:
        """Open one's own report of today, or of a day before it."""
        await self.go("day")
        await self.press("r")
        await self.until(lambda: self._report is not None, "the report of the day")
        while day and self._report is not None and str(self._report.day) > day:
            later = self._report.day
            await self.press("left")
            await self.until(partial(self._is_before, later), f"a day before {later}")

    def _is_before(self, day: date) -> bool:
        return self._report is not None and self._report.day < day

    @property
    def _report(self) -> ReportRow | None:
        """The report on the page in front, once it is read."""
        screen = self.app.screen
        return screen.row if isinstance(screen, ReportScreen) else None


def lines_in(words: str) -> list[str]:
    """The rows that a field of several lines is given."""
    return [line.strip() for line in words.replace(";", "\n").split("\n")]


def said(field: Field, words: str) -> bool:
    """Whether these words stand in a field."""
    if isinstance(field, LinesField):
        return field.entered.split("\n") == lines_in(words)
    return field.entered == words
