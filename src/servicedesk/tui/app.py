"""The program on screen: desks, the sign-in, the lock, and the one way an act is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding
from textual.screen import Screen

from servicedesk.config import Settings
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.tui.asking import AskingApp
from servicedesk.tui.background import begin
from servicedesk.tui.call_query import first_filter
from servicedesk.tui.desks import DESKS, DIGITS, START, Desk, desks_of
from servicedesk.tui.door import NOBODY, Door
from servicedesk.tui.environment import COLOURS
from servicedesk.tui.escalations import Escalations
from servicedesk.tui.list_page import ListPage
from servicedesk.tui.screen import DeskScreen
from servicedesk.tui.screens.sign_in import SignInScreen
from servicedesk.tui.screens.start import StartScreen

POLL_SECONDS = 1.0
SLOW_POLL_SECONDS = 5.0
MINUTE = 60.0
IDLE = timedelta(seconds=30)
EXIT_CODES: Mapping[str, int] = {"unavailable": 3}


class ServiceDesk(AskingApp):
    """The desks of one person."""

    CSS_PATH = "desk.tcss"
    TITLE = "servicedesk"
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        START: StartScreen,
        **{desk.name: desk.open for desk in DESKS if desk.name != START},
    }
    DEFAULT_MODE = START
    BINDINGS = [
        *(
            Binding(desk.key, f"desk('{desk.name}')", desk.label, show=False, id=f"desk.{desk.name}")
            for desk in DESKS
            if desk.name in DIGITS.values()
        ),
        Binding("0", "places", label("Every place by name"), show=False, id="desk.more"),
    ]
    NOTIFICATION_TIMEOUT = 6

    def __init__(
        self,
        settings: Settings,
        login: str | None = None,
        clock: Callable[[], datetime] | None = None,
        *,
        live: bool = True,
        make: Callable[[], None] | None = None,
    ) -> None:
        """Nothing is opened before the first painting.

        Args:
            settings: which books, language and mouse.
            login: who asks for the desk without a passphrase, in demo books only.
            clock: what tells the time, for tests.
            live: whether lists follow what others write by themselves.
            make: what makes the books, where they are to be made behind the first frame.
        """
        super().__init__(Door(settings, clock))
        if not self.no_color:
            self.theme = COLOURS
        self.asked_login = login or ""
        self.refusal: Refused | None = None
        self._live = live
        self._make = make
        self._polling = False
        self._poll_refused = False
        self._typed_ahead = ""
        self._last_key = self.door.now()

    # Starting

    def on_ready(self) -> None:
        """The first frame is painted: the books are opened."""
        self._begin()

    def _begin(self) -> None:
        begin(self, self._open, group="open")

    async def _open(self) -> None:
        try:
            if self._make is not None:
                self._say_in_list(label("The sample books are being made: they will be here in a moment."))
                await self.door.make(self._make)
                self._say_in_list("")
            await self._show_first_page()
            await self.door.open()
            seated = await self._sign_in_unasked()
        except Refused as refused:
            self.refusal = refused
            self.exit(return_code=EXIT_CODES.get(refused.kind, 1))
            return
        if seated:
            self.seated()
        else:
            self._ask_who()
        if self._live:
            self.set_interval(POLL_SECONDS if self.door.books.is_sqlite else SLOW_POLL_SECONDS, self._poll)
            self.set_interval(MINUTE, self.refresh_rows)
            self.set_interval(MINUTE, self.tidy_when_idle)
            Escalations(self).watch()
        self.set_interval(MINUTE / 4, self._lock_when_idle)

    def _say_in_list(self, said: str) -> None:
        if isinstance(self.screen, StartScreen):
            self.screen.lines.show_empty(self.words(said))

    async def _show_first_page(self) -> None:
        """Who comes in unasked sees the most urgent calls before everything that acts need is imported."""
        first = await self.door.first_page(self.asked_login, first_filter)
        if first is not None and isinstance(self.screen, StartScreen):
            self.screen.show_first(first)

    async def _sign_in_unasked(self) -> bool:
        try:
            return await self.door.sign_in_unasked(self.asked_login)
        except Refused as refused:
            if refused.kind != "sign-in":
                raise
            self.refuse(refused)
            return False

    def _ask_who(self, *, locked: bool = False) -> None:
        login = self.door.login if locked else self.asked_login
        self.push_screen(SignInScreen(login, locked=locked), None if locked else self._signed_in)

    def _signed_in(self, _: object) -> None:
        self.seated()

    def seated(self) -> None:
        """Somebody has signed in: show what waits for them."""
        self._last_key = self.door.now()
        for screen in self.screen_stack:
            # A desk that is only now being opened reads by itself.
            if isinstance(screen, DeskScreen) and screen.is_mounted:
                screen.show_page()
                screen.refresh_rows()
        if self._typed_ahead:
            self.action_desk(self._typed_ahead)
        self.offer_drafts()

    def my_desks(self) -> Sequence[Desk]:
        """The desks of the person's roles; all of them as long as nobody has signed in."""
        actor = self.door.actor
        return DESKS[:1] if actor is NOBODY else desks_of(actor)

    # Staying up to date

    def _poll(self) -> None:
        if not self._polling and self.door.actor is not NOBODY:
            self._polling = True
            begin(self, self._look_for_changes, group="poll")

    async def _look_for_changes(self) -> None:
        try:
            if await self.door.has_moved():
                self.refresh_rows()
            self._poll_refused = False
        except Refused as refused:
            if not self._poll_refused:
                self.refuse(refused)
            self._poll_refused = True
        finally:
            self._polling = False

    # Idle

    async def on_event(self, event: events.Event) -> None:
        """Notice that somebody is at the desk."""
        if isinstance(event, events.Key):
            self._last_key = self.door.now()
        await super().on_event(event)

    def tidy_when_idle(self) -> None:
        """Do the books' housekeeping while nobody types; where it cannot be done now, the next minute will do."""

        async def tidied() -> None:
            with suppress(Refused):
                await self.door.tidy()

        if self.door.is_open and self.door.now() - self._last_key >= IDLE:
            self.run_worker(tidied(), group="aside")

    def _lock_when_idle(self) -> None:
        limit = timedelta(minutes=self.door.lock_minutes)
        # Who came in by the machine's own account has a session of the machine to lock.
        if limit and self.door.by_passphrase and self.door.now() - self._last_key >= limit:
            self.lock()

    def lock(self) -> None:
        """Hide everything until the passphrase is given again; what was begun is kept."""
        if not isinstance(self.screen, SignInScreen):
            self.save_drafts()
            self._ask_who(locked=True)

    # Places

    def action_desk(self, name: str) -> None:
        """Change to another desk; each keeps its own pages. A digit stands for the desk that the person has by it."""
        if isinstance(self.screen, SignInScreen):
            return
        if self.door.actor is NOBODY:
            self._typed_ahead = name  # the books are still being opened
            return
        self._typed_ahead = ""
        wanted = next(desk for desk in DESKS if desk.name == name)
        mine = {desk.name: desk for desk in self.my_desks()}
        if name not in mine:
            name = next((desk.name for desk in mine.values() if desk.key and desk.key == wanted.key), name)
        if name not in mine:
            self.refuse(Refused(say("'{desk}' is not a desk of your posts.", desk=Sentence(wanted.label))))
        elif name != self.current_mode:
            self.switch_mode(name)

    async def go_to(self, name: str) -> None:
        """Come to a desk's own page, whatever was opened on it."""
        await self.switch_mode(name)
        while len(self.screen_stack) > 1:
            await self.pop_screen()

    async def open_list(self, name: str, written: str) -> None:
        """Come to a desk with this listed, as places and kept views hold it."""
        await self.go_to(name)
        if isinstance(self.screen, ListPage):
            self.screen.come_to(written)

    def action_places(self) -> None:
        """Every place by name."""
        from servicedesk.tui.screens.palette import PaletteScreen

        if isinstance(self.screen, DeskScreen):
            self.push_screen(PaletteScreen(self.screen, places_only=True))

    async def action_quit(self) -> None:
        """Leave; where the person was is kept."""
        for stack in self._screen_stacks.values():
            for screen in stack:
                if isinstance(screen, DeskScreen):
                    await screen.keep_place()
        self.exit()

    def open_call(self, number: str) -> None:
        """Open one call with its papers."""
        from servicedesk.tui.screens.call import CallScreen

        self.push_screen(CallScreen(number))

    def open_customer(self, number: str) -> None:
        """Open a customer's file pocket."""
        from servicedesk.tui.screens.customer import CustomerScreen

        self.push_screen(CustomerScreen(number))
