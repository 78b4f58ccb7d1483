"""What every command shares: settings, words, the open books, who acts, and how things are said and printed."""

from __future__ import annotations

import getpass
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from servicedesk.cli.desks import words_of
from servicedesk.config import Settings
from servicedesk.domain.rights import Actor
from servicedesk.domain.text import clean
from servicedesk.domain.words import Refused, Sentence, say
from servicedesk.locales import Words

if TYPE_CHECKING:
    from servicedesk.store.engine import Books

DEMO = "demo"
"""The fact of books made to try the program out, where it is `yes`: `--as` needs no passphrase."""

STANDARD_INPUT = "-"

# What JSON lets pass but a terminal obeys or hides: controls, line ends, zero-width, bidi and tag characters.
_STEERING = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


class Session:
    """One run of the command line."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] | None = None) -> None:
        """With the settings in force and a clock, else the machine's; commands that need the books open them."""
        self.settings = settings
        self._clock = clock or (lambda: datetime.now(UTC))
        self.words: Words = words_of(settings)

    def now(self) -> datetime:
        """The time, aware UTC, in whole seconds."""
        return self._clock().astimezone(UTC).replace(microsecond=0)

    @contextmanager
    def books(self) -> Iterator[Books]:
        """The open books."""
        from servicedesk.store.migrate import open_books

        books = open_books(self.settings.database)
        try:
            yield books
        finally:
            books.close()

    @contextmanager
    def signed_in(self) -> Iterator[tuple[Books, Actor]]:
        """The open books and who acts; from here on everything is said in that person's language and zone."""
        from servicedesk.store import people, staff

        with self.books() as books:
            actor = who_acts(books, self.settings.login, self.words, self.now())
            with books.reading() as reading:
                zone = people.units(books, reading, people.facts(reading))[actor.unit].timezone
                person = staff.person(reading, actor.login)
            own = person.language if person is not None and not self.settings.language else ""
            self.words = Words(own or self.words.language, zone)
            yield books, actor

    def say(self, said: str | Sentence) -> None:
        """Talk goes to stderr, so that stdout is data alone."""
        typer.echo(clean(self.words(said), lines=True), err=True)

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Rows under headings: aligned for people, with tabs between for programs."""
        lines = [[self.words(heading) for heading in headings], *([flat(cell) for cell in row] for row in rows)]
        if not sys.stdout.isatty():
            for line in lines:
                typer.echo("\t".join(line))
            return
        widths = [max(map(cells, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            padded = (cell + " " * (width - cells(cell)) for cell, width in zip(line, widths, strict=True))
            typer.echo("  ".join(padded).rstrip())


def session(context: typer.Context) -> Session:
    """The run that a command belongs to."""
    found: Session = context.obj
    return found


def who_acts(books: Books, wanted: str | None, words: Words, now: datetime) -> Actor:
    """Who works at this command line: the one decision about `--as`.

    In demo books anybody. Else the person of the account that runs the program, where the books allow that; anybody
    else types a passphrase at the terminal, which neither a script nor a setting can do.

    Raises:
        Refused: kind "sign-in".
    """
    from servicedesk.acts import sign_in
    from servicedesk.store import people

    with books.reading() as reading:
        facts = people.facts(reading)
        if wanted and facts.get(DEMO) == "yes":
            return people.actor(books, reading, facts, wanted, now)
    own = sign_in.sign_in_as_os_user(books, now)
    if own is not None and wanted in (None, "", own.login):
        return own
    if not wanted:
        raise Refused(say("Say who you are: --as LOGIN."), kind="sign-in")
    return sign_in.sign_in(books, wanted, ask_secret(words(say("Passphrase of {login}: ", login=wanted))), now)


def ask_secret(prompt: str) -> str:
    """Read a secret from the terminal, unseen; never from a pipe.

    Raises:
        Refused: where there is no terminal.
    """
    try:
        Path("/dev/tty").open("rb").close()
    except OSError:
        raise Refused(
            say("A passphrase is typed at a terminal only: let an account of this machine act instead."), kind="sign-in"
        ) from None
    return getpass.getpass(prompt)


def read_input(path: str) -> str:
    """The text of a file, or of standard input for `-`.

    Raises:
        Refused: for what cannot be read or is not UTF-8.
    """
    try:
        raw = sys.stdin.buffer.read() if path == STANDARD_INPUT else Path(path).read_bytes()
    except OSError as fault:
        raise Refused(say("{path} cannot be read: {reason}.", path=path, reason=fault.strerror or "")) from fault
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        shown = say("What was piped in") if path == STANDARD_INPUT else say("{path}", path=path)
        raise Refused(say("{path} is not UTF-8. Convert it first: iconv -f GB18030 -t UTF-8.", path=shown)) from None


def print_json(value: Any) -> None:
    """One JSON value on stdout; times are ISO 8601 in UTC, what could steer a terminal is escaped as `\\uXXXX`."""
    written = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    typer.echo(_STEERING.sub(lambda found: json.dumps(found[0])[1:-1], written))


def plain_row(row: Any, *without: str) -> dict[str, Any]:
    """A frozen row as a dictionary, without the keys that mean nothing outside the books."""
    values = row._asdict() if hasattr(row, "_asdict") else asdict(row)
    return {
        name: value
        for name, value in values.items()
        if name != "id" and not name.endswith("_id") and name not in without
    }


def flat(text: str) -> str:
    """Text in one cell: no tab, line end or control character may break the table or steer the terminal."""
    return " ".join(clean(text).split())


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.combining(letter) > 0 for letter in text)


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
