"""`where` and `keys`: where one's files are, and every key of every screen."""

from __future__ import annotations

import importlib
import pkgutil

import typer

from servicedesk.cli.common import session
from servicedesk.config import where
from servicedesk.domain.words import label


def add_to(app: typer.Typer) -> None:
    """Put the commands into the program."""
    app.command("keys")(show_keys)
    app.command("where")(show_places)


def show_keys(context: typer.Context) -> None:
    """Every key, by screen; taken from what the screens declare."""
    from servicedesk.tui import screens
    from servicedesk.tui.environment import prepare_environment
    from servicedesk.tui.keys import COMMON, HELP

    prepare_environment()
    run = session(context)
    rows = [("", " ".join(key.keys), run.words(key.label), key.act) for key in (HELP, *COMMON)]
    for found in pkgutil.iter_modules(screens.__path__):
        module = importlib.import_module(f"{screens.__name__}.{found.name}")
        for screen in vars(module).values():
            if isinstance(screen, type) and screen.__module__ == module.__name__ and "KEYS" in vars(screen):
                rows += [
                    (
                        found.name,
                        " ".join(key.keys),
                        " / ".join(map(run.words, key.labels)),
                        " ".join(act for act, _ in key.meanings),
                    )
                    for key in vars(screen)["KEYS"]
                ]
    run.table((label("Screen"), label("Key"), label("What it does"), label("Act")), rows)


def show_places(context: typer.Context) -> None:
    """The places of one's files."""
    run = session(context)
    places = where()
    for name, place in (
        (label("Books"), run.settings.database),
        (label("Settings"), places["config"]),
        (label("Drafts"), places["drafts"]),
        (label("Log"), places["log"]),
    ):
        typer.echo(f"{run.words(name)}: {place}")
