"""The real program over real books, in a pseudo-terminal of 80x24 or by its command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from servicedesk.config import where
from servicedesk.store import people
from servicedesk.tui.drafts import Draft, Drafts
from tests.terminal import Terminal
from tests.world import World

LANGUAGE = ("--lang", "en")
REGISTER = "Call-in register"
CUSTOMER = {"name": "王小明", "telephones": "13812345678", "address": "福田区深南路12号3栋502", "district": "福田区"}


def department(database: str, now: datetime | None = None) -> World:
    """The department as it was set up a month ago, in books that let anybody in by `--as`, with one customer."""
    world = World(database, (now or datetime.now(UTC)).replace(microsecond=0) - timedelta(days=30))
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), "demo", "yes")
    world.do("lin", "customers.enter", **CUSTOMER)
    return world


def program(
    database: str,
    login: str = "",
    *words: str,
    desk: str = "1",
    env: Mapping[str, str] | None = None,
    controlling: bool = True,
) -> Terminal:
    """The program as this person starts it: a command, or a desk by its digit; without a login it asks who is there.

    The digit is typed ahead, before anything stands on the screen.
    """
    argv = [sys.executable, "-m", "servicedesk", "--database", database, *LANGUAGE]
    if login:
        argv += ["--as", login]
    argv += words
    terminal = Terminal(argv, env={**os.environ, **(env or {})}, controlling=controlling)
    if login and not words:
        terminal.press(desk)
    return terminal


def drafts(login: str) -> list[Draft]:
    """The unfinished forms that this person has on this machine."""
    return [draft for books in sorted(where()["drafts"].glob("*")) for draft in Drafts(books, login).all()]
