"""The door between the screens and the books: one thread that reads, one that writes, nothing imported before.

Every call raises `Refused` with the sentence to show. A write goes on when the screen that asked for it is gone.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from servicedesk.config import Settings
from servicedesk.domain.people import OS_SIGN_IN
from servicedesk.domain.rights import Actor
from servicedesk.domain.words import Refused, say
from servicedesk.locales import Words, choose_language

if TYPE_CHECKING:
    from servicedesk.acts.act import Act, Done, Prepared, Target
    from servicedesk.acts.desk import Look
    from servicedesk.acts.lookups import Choice
    from servicedesk.store.engine import Books
    from servicedesk.store.first_page import Choose, FirstPage
    from servicedesk.store.session import Reading, Writing

T = TypeVar("T")

NOBODY = Actor(0, "", "", "")
DEMO = "demo"
"""The fact of books made to try the program out, where it is `yes`: `--as` signs in without a passphrase."""
LOCK_MINUTES = "lock_minutes"
"""The fact of the books that says after how many idle minutes a screen locks; 0 never."""
DEFAULT_LOCK_MINUTES = 5
MOST_FIRST = 100
"""So many lines are read before the books are open: what a list reads at a time."""
LONGEST_PUT_OFF = 2.0
"""Seconds after which lists read again whether the form has come or not."""


class Door:
    """The open books of one person at one screen."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] | None = None) -> None:
        """Opens nothing yet, so that the screen is painted first.

        Args:
            settings: which books, which language.
            clock: what tells the time, for tests; the machine's clock without one.
        """
        self.settings = settings
        self.actor = NOBODY
        self.seated = asyncio.Event()
        """Set once the books are open and somebody has signed in."""
        self._no_form_comes = asyncio.Event()
        self._no_form_comes.set()
        self.by_passphrase = False
        self.lock_minutes = DEFAULT_LOCK_MINUTES
        self._language = choose_language(settings.language, os.environ)
        self.words = Words(self._language)
        self._clock = clock
        self._books: Books | None = None
        self._reader = ThreadPoolExecutor(1, "reader")
        self._writer = ThreadPoolExecutor(1, "writer")
        self._imported = False
        self._version = -1
        self._mark: object = None

    @property
    def login(self) -> str:
        """Who works here; empty before the sign-in."""
        return self.actor.login

    @property
    def books(self) -> Books:
        """The open books, for use inside the threads."""
        if self._books is None:
            raise Refused(say("The books are not open yet: wait a moment."))
        return self._books

    @property
    def is_open(self) -> bool:
        """Whether the books are open."""
        return self._books is not None

    def now(self) -> datetime:
        """The time, aware UTC, in whole seconds."""
        return (datetime.now(UTC) if self._clock is None else self._clock().astimezone(UTC)).replace(microsecond=0)

    # Opening and signing in

    async def first_page(self, login: str, choose: Choose) -> FirstPage | None:
        """The first lines of who comes in unasked, read before the books are open."""

        def work() -> FirstPage | None:
            from servicedesk.store.first_page import first_page

            return first_page(self.settings.database, login, DEMO, OS_SIGN_IN, choose, MOST_FIRST, self.now())

        found = await self._in(self._reader, work)
        if found is not None:
            self.actor = found.actor
            self._speak(found.language, found.zone)
        return found

    async def make(self, make: Callable[[], None]) -> None:
        """Make the books that are opened next, in the reader's thread."""

        def work() -> None:
            with _nothing_collected():
                make()

        await self._in(self._reader, work)

    async def open(self) -> None:
        """Open the books in the reader's thread, where everything heavy is imported."""

        def work() -> None:
            with _nothing_collected():
                from servicedesk.store.migrate import open_books

                # Here already: what is read next in this thread finds the books open.
                self._books = open_books(self.settings.database)

        await self._in(self._reader, work)

    async def sign_in_unasked(self, login: str) -> bool:
        """Let in by the account on this machine, or as `login` in demo books; whether that did it."""

        def work() -> Actor | None:
            if not login:
                from servicedesk.acts.sign_in import sign_in_as_os_user

                return sign_in_as_os_user(self.books, self.now())
            from servicedesk.store import people

            with self.books.reading() as reading:
                facts = people.facts(reading)
                if facts.get(DEMO) != "yes":
                    return None
                return people.actor(self.books, reading, facts, login, self.now())

        actor = await self._in(self._reader, work)
        if actor is None:
            return False
        await self._seat(actor, by_passphrase=False)
        return True

    async def sign_in(self, login: str, passphrase: str) -> None:
        """Let in by login and passphrase; also unlocks the screen."""

        def work() -> Actor:
            from servicedesk.acts.sign_in import sign_in

            return sign_in(self.books, login, passphrase, self.now())

        await self._seat(await self._in_writer(work), by_passphrase=True)

    async def _seat(self, actor: Actor, *, by_passphrase: bool) -> None:
        self.actor, self.by_passphrase = actor, by_passphrase

        def work(look: Look) -> tuple[str, str]:
            from servicedesk.store import people

            minutes = look.facts.get(LOCK_MINUTES, "")
            self.lock_minutes = int(minutes) if minutes.isdecimal() else DEFAULT_LOCK_MINUTES
            return look.zone, people.language(look.store, actor.login)

        zone, language = await self.look(work, of_form=True)
        self._speak(language, zone)
        self.seated.set()

    def _speak(self, language: str, zone: str) -> None:
        self.words = Words(self._language if self.settings.language else language or self._language, zone)

    # Reading

    def form_comes(self) -> None:
        """A form was asked for: what lists read and what is written aside waits until it stands, for two threads that
        compute take turns. Right after opening, when all that a list needs is still to be imported, it is much."""
        self._no_form_comes.clear()

    def form_stands(self) -> None:
        """The form can be typed into, or there will be none."""
        self._no_form_comes.set()

    async def _form_first(self) -> None:
        if not self._no_form_comes.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._no_form_comes.wait(), LONGEST_PUT_OFF)
            self.form_stands()

    async def read(self, function: Callable[[Reading], T], *, of_form: bool = False) -> T:
        """Read in one short transaction in the reader's thread; the rows are frozen and leave it whole."""

        def work() -> T:
            with self.books.reading() as reading:
                return function(reading)

        if not of_form:
            await self._form_first()
        return await self._in(self._reader, work)

    async def look(self, function: Callable[[Look], T], *, of_form: bool = False) -> T:
        """Read as this person sees the books: with actor, units and calendars."""

        def work() -> T:
            from servicedesk.acts.desk import Look

            with self.books.reading() as reading:
                look = Look(self.books, reading, self.login, self.now())
                self.actor = look.actor
                return function(look)

        if not of_form:
            await self._form_first()
        return await self._in(self._reader, work)

    async def declared(self, act: str) -> Act[Any]:
        """The act of this name, imported in the thread."""

        def work() -> Act[Any]:
            from servicedesk.acts.act import find

            return find(act)

        return await self._in(self._reader, work)

    async def prepare(self, act: str, targets: Sequence[Target], typed: Mapping[str, Any]) -> Prepared:
        """What the books know of what was typed so far."""

        def work() -> Prepared:
            from servicedesk.acts.act import find, prepare

            return prepare(self.books, self.login, find(act), targets, typed, self.now())

        return await self._in(self._reader, work)

    async def find(self, lookup: str, typed: str, values: Mapping[str, Any]) -> list[Choice]:
        """The lines a lookup offers for what was typed."""

        def found(look: Look) -> list[Choice]:
            from servicedesk.acts.lookups import LOOKUPS

            return LOOKUPS[lookup].find(look, typed, values)

        return await self.look(found, of_form=True)

    async def has_moved(self) -> bool:
        """Whether anybody has written since this was asked last: an act, or a line opened or closed.

        On SQLite the books themselves are asked only when the file has moved.
        """

        def work() -> bool:
            from servicedesk.store import audit, places

            version = self.books.data_version()
            if self.books.is_sqlite and version == self._version:
                return False
            self._version = version
            with self.books.reading() as reading:
                mark = (audit.last_number(reading), places.presence_mark(reading))
            moved, self._mark = mark != self._mark, mark
            return moved

        return await self._in(self._reader, work)

    # Writing

    async def perform(self, act: str, targets: Sequence[Target], typed: Mapping[str, Any], request: str) -> Done:
        """Do an act: all of it or nothing; a second one with the same request answers "already saved"."""

        def work() -> Done:
            from servicedesk.acts.act import find, perform

            return perform(self.books, self.login, find(act), targets, typed, request=request, now=self.now())

        return await self._in_writer(work)

    async def write(self, function: Callable[[Writing], None]) -> None:
        """Write what no person does by an act: a person's place, an open line, what the clock brings."""

        def work() -> None:
            with self.books.writing() as writing:
                function(writing)

        await self._form_first()
        await self._in_writer(work)

    async def tidy(self) -> None:
        """Merge a little of the search index, which no act does while somebody waits for it."""

        def work() -> None:
            from servicedesk.store import search

            with self.books.writing() as writing:
                search.merge_idle(writing)

        await self._in_writer(work)

    def since(self, minutes: int) -> datetime:
        """So many minutes ago."""
        return self.now() - timedelta(minutes=minutes)

    def close(self) -> None:
        """Wait for what is being written, then let go of the books."""
        self._writer.shutdown(wait=True)
        self._reader.shutdown(wait=True, cancel_futures=True)
        if self._books is not None:
            self._books.close()
            self._books = None

    async def _in_writer(self, work: Callable[[], T]) -> T:
        """Work in the writer's thread, once the reader's has imported everything: two threads in one half-made
        module would each see only a part of it."""

        def after_imports() -> T:
            if not self._imported:
                self._reader.submit(_import_everything).result()
                self._imported = True
            return work()

        return await self._in(self._writer, after_imports)

    async def _in(self, thread: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(thread, work)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """A collection finds nothing in what is being imported, takes an eighth of the time, and later looks at it anew."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _import_everything() -> None:
    """Every act, and what the store reads and writes beside them."""
    from servicedesk.acts.act import all_acts

    for module in ("servicedesk.acts.sign_in", "servicedesk.store.audit", "servicedesk.store.places"):
        importlib.import_module(module)
    all_acts()
