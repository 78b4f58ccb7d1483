"""Opening the desks; loads neither Typer nor the store."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

from servicedesk.config import Settings, load
from servicedesk.domain.text import clean
from servicedesk.domain.words import Refused, say
from servicedesk.locales import Words, choose_language

REFUSED, UNAVAILABLE = 1, 3


def open_desks(flags: Mapping[str, str]) -> int:
    """Show the screens with these settings until the person leaves; gives the exit code."""
    try:
        return show(load(flags))
    except Refused as refused:
        tell_refusal(refused, words_of(None))
        return exit_code(refused)


def show(settings: Settings, make: Callable[[], None] | None = None) -> int:
    """Show the screens; `make` makes the books, where they are to be made behind the first frame.

    Raises:
        Refused: where there is no terminal that can show them.
    """
    from servicedesk.tui.environment import terminal_refusal

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused(say("The screens need a terminal; 'servicedesk --help' lists the commands for scripts."))
    refusal = terminal_refusal(os.environ)
    if refusal is not None:
        raise Refused(refusal)
    from servicedesk.tui.run import run

    return run(settings, settings.login, make=make)


def words_of(settings: Settings | None) -> Words:
    """The language of the settings, else of the environment."""
    return Words(choose_language(settings.language if settings is not None else None, os.environ))


def tell_refusal(refused: Refused, words: Words) -> None:
    """Say on stderr why something was refused, naming the fields it belongs to."""
    refusals = getattr(refused, "refusals", None) or {refused.field: refused.sentence}
    for field, sentence in refusals.items():
        told = f"{field}: {words(sentence)}" if field else words(sentence)
        print(clean(told, lines=True), file=sys.stderr)  # noqa: T201


def exit_code(refused: Refused) -> int:
    """3 where the books cannot be reached, else 1."""
    return UNAVAILABLE if refused.kind == "unavailable" else REFUSED
