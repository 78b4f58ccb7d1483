"""`import`: a spreadsheet's lines into the books, all of them or none."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from servicedesk.cli.calendars import import_calendar
from servicedesk.cli.common import Session, session
from servicedesk.domain.words import Refused, Sentence, label, say

KINDS = ("customers", "products", "districts", "contracts", "parts", "calendar")
_SHOWN = 20


def add_to(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("import")(take)


def take(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help=", ".join(KINDS))],
    file: Annotated[Path, typer.Argument(help=label("The CSV file, as a spreadsheet saves it."))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=label("Only check; write nothing."))] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help=label("Leave bad lines out and take the others."))
    ] = False,
    report: Annotated[Path | None, typer.Option(help=label("Write the refused lines to this new CSV file."))] = None,
    unit: Annotated[str, typer.Option(help=label("The unit of districts or of the calendar."))] = "",
    request: Annotated[
        str, typer.Option(help=label("A name of this request: a retry with it is never saved twice."))
    ] = "",
) -> None:
    """Take in a file."""
    run = session(context)
    if kind not in KINDS:
        raise Refused(say("'{typed}' is not one of: {options}.", typed=kind, options=tuple(KINDS)), field="kind")
    if kind == "calendar":
        import_calendar(run, file, unit, dry_run=dry_run)
        return
    _take_sheet(run, kind, file, dry_run, skip_bad, report, unit, request or uuid.uuid4().hex)


def _take_sheet(
    run: Session, kind: str, file: Path, dry_run: bool, skip_bad: bool, report: Path | None, unit: str, request: str
) -> None:
    from servicedesk.acts.imports import import_file
    from servicedesk.acts.sheets import write_report

    with run.signed_in() as (books, actor), _progress(run) as told:
        result = import_file(
            books,
            actor.login,
            kind,
            str(file),
            skip_bad=skip_bad,
            dry_run=dry_run,
            unit=unit.upper(),
            now=run.now(),
            request=request,
            progress=told,
        )
    _tell_lines(run, [(problem.number, problem.column, problem.reason) for problem in result.problems])
    _tell_lines(run, [(warning.number, "", warning.reason) for warning in result.warnings])
    if result.ignored:
        run.say(say("Columns that nobody asked for: {columns}.", columns=tuple(result.ignored)))
    if report is not None and result.problems:
        write_report(report, result.problems, run.words)
        run.say(say("The refused lines are in {path}.", path=report))
    if result.problems and not (skip_bad and (result.saved or dry_run)):
        raise Refused(result.sentence)
    run.say(result.sentence)
    typer.echo(str(result.taken))


def _tell_lines(run: Session, lines: list[tuple[int, str, Sentence]]) -> None:
    for number, column, reason in lines[:_SHOWN]:
        if column:
            run.say(say("Line {line}, {column}: {reason}", line=number, column=column, reason=reason))
        else:
            run.say(say("Line {line}: {reason}", line=number, reason=reason))
    if len(lines) > _SHOWN:
        run.say(say("and {count} more; --report writes them all.", count=len(lines) - _SHOWN))


@contextmanager
def _progress(run: Session) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr for people; programs that catch stderr see none."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(run.words(label("Import")), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
