"""`demo`: the program with sample books that are thrown away afterwards, or kept in a file."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from servicedesk.cli.common import Session, session
from servicedesk.cli.desks import show
from servicedesk.domain.words import Refused, label, say

_ZONE = ZoneInfo("Asia/Shanghai")
_TIME = time(15, 0)


def add_to(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("demo")(demo)


def demo(
    context: typer.Context,
    login: Annotated[
        str, typer.Option("--as", help=label("Whose desk: chen (clerk), wu (supervisor), li (technician), admin …"))
    ] = "",
    calls: Annotated[int, typer.Option(min=0, help=label("So many calls of the years before."))] = 0,
    write: Annotated[Path | None, typer.Option(help=label("Keep the books in this new file and show no desk."))] = None,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help=label("As of the afternoon of this day."))
    ] = None,
) -> None:
    """Make sample books, then open the desks or keep them."""
    from servicedesk.cli.demo_books import LOGIN, build

    run = session(context)
    now = run.now() if on is None else datetime.combine(on.date(), _TIME, _ZONE).astimezone(UTC)
    with tempfile.TemporaryDirectory(prefix="servicedesk-demo-") as folder:
        database = str(Path(folder) / "demo.db")
        if write is not None and write.exists():
            raise Refused(say("{path} exists: give another name, nothing is overwritten.", path=write))
        make = partial(build, database, calls=calls, now=now)
        behind = make if not calls and write is None else None
        if behind is None:
            with _progress(run, calls) as told:
                make(told=told)
        if write is not None:
            _keep(run, database, write)
            return
        try:
            code = show(replace(run.settings, database=database, login=login or run.settings.login or LOGIN), behind)
        finally:
            from servicedesk.tui.drafts import folder_of

            shutil.rmtree(folder_of(database), ignore_errors=True)  # the demo's unfinished forms go with it
    if code:
        raise typer.Exit(code)


def _keep(run: Session, database: str, target: Path) -> None:
    """One file without companions, as a backup is."""
    from servicedesk.store.backup import backup
    from servicedesk.store.engine import Books

    books = Books(database)
    try:
        copy = backup(books, target)
    finally:
        books.close()
    typer.echo(str(copy.path))
    run.say(say("Anybody may act in these books: --as LOGIN."))


@contextmanager
def _progress(run: Session, calls: int) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on stderr where many calls are made and somebody looks."""
    if not calls or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(run.words(label("Sample calls")), total=calls)
        yield lambda done, total: bar.update(task, completed=done)
