"""`db`: how the books are, copies of them, and bringing them forward."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from servicedesk.cli.common import session
from servicedesk.domain.words import Refused, label, say


def add_to(app: typer.Typer) -> None:
    """Put the commands into the program."""
    group = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
    group.command("info", help=label("Engine, journal, schema, size, audit head, missing calendars."))(info)
    group.command("check", help=label("Read everything and name every fault."))(check)
    group.command("upgrade", help=label("Bring older books forward; a backup is made first."))(upgrade)
    group.command("backup", help=label("A verified copy, while others go on working."))(backup)
    group.command("restore", help=label("Put a backup in the place of the books; the old ones are kept."))(restore)
    app.add_typer(group, name="db")


def info(context: typer.Context) -> None:
    """Tell how the books are; nothing is written."""
    from servicedesk.store import health
    from servicedesk.store.engine import Books

    run = session(context)
    _must_exist(run.settings.database)
    books = Books(run.settings.database)
    try:
        for fact in health.info(books, run.now()):
            typer.echo(f"{run.words(fact.label)}: {run.words(fact.value)}")
    finally:
        books.close()


def check(context: typer.Context) -> None:
    """Read everything; ends with 1 where there is a fault."""
    from servicedesk.store import health

    run = session(context)
    _must_exist(run.settings.database)
    with run.books() as books:
        faults = health.check(books)
    for fault in faults:
        typer.echo(run.words(fault))
    if faults:
        raise Refused(say("{count} faults found: make a copy of the files, then restore a backup.", count=len(faults)))
    run.say(say("No fault found."))


def upgrade(context: typer.Context) -> None:
    """Bring older books forward."""
    from servicedesk.store import backup as copies
    from servicedesk.store.engine import Books

    run = session(context)
    _must_exist(run.settings.database)
    books = Books(run.settings.database)
    try:
        before, after, kept = copies.upgrade(books, run.now())
    finally:
        books.close()
    if kept is not None:
        run.say(say("The books as they were: {path}", path=kept.path))
    if before == after:
        run.say(say("The books are of schema {schema} already.", schema=after))
    else:
        run.say(say("The books are of schema {schema} now; they were of {before}.", schema=after, before=before))


def backup(
    context: typer.Context, file: Annotated[Path, typer.Argument(help=label("A new file; nothing is overwritten."))]
) -> None:
    """Make a verified copy."""
    from servicedesk.store import backup as copies

    run = session(context)
    _must_exist(run.settings.database)
    with run.books() as books:
        copy = copies.backup(books, file)
    typer.echo(str(copy.path))
    run.say(say("Whole: {size} bytes, audit log {head}.", size=copy.size, head=copy.head))


def restore(context: typer.Context, file: Annotated[Path, typer.Argument(help=label("The backup."))]) -> None:
    """Put a backup in the place of the books."""
    from servicedesk.store import backup as copies
    from servicedesk.store.engine import Books

    run = session(context)
    books = Books(run.settings.database)
    if books.path is None:
        raise Refused(say("PostgreSQL is restored with its own tool: pg_restore."))
    copy, aside = copies.restore(books.path, file, run.now())
    for old in aside:
        typer.echo(str(old))
    run.say(say("{path} is restored: audit log {head}. What stood there is kept.", path=copy.path, head=copy.head))


def _must_exist(database: str) -> None:
    """Looking at books must not make new ones.

    Raises:
        Refused: where there is no file.
    """
    if "://" not in database and not Path(database).exists():
        raise Refused(say("There are no books at {path}: 'servicedesk init' makes them.", path=database))
