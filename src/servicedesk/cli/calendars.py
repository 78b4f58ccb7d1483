"""`calendar`: the working days of a unit, shown, filled in, set, imported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from servicedesk.cli.acting import OWN_UNIT, perform_here
from servicedesk.cli.common import Session, session
from servicedesk.domain.words import Refused, label, say

_UNIT = typer.Option(help=label("Whose calendar; one's own unit's without it."))
_YEAR = typer.Argument(help=label("Year of four digits."))


def add_to(app: typer.Typer) -> None:
    """Put the commands into the program."""
    group = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
    group.command("show", help=label("The days of a year that are not like their weekday."))(show)
    group.command("fill", help=label("Fill in the public holidays and make-up days of a year."))(fill)
    group.command("set", help=label("Set one day: set 2026-10-10 open --hours 08:30-12:00."))(set_day)
    group.command("import", help=label("Import days from a CSV file: day, hours, note."))(import_days)
    group.command("missing", help=label("The years that nobody has filled in yet."))(missing)
    app.add_typer(group, name="calendar")


def show(context: typer.Context, year: Annotated[int, _YEAR], unit: Annotated[str, _UNIT] = "") -> None:
    """The days of a year that are not like their weekday."""
    from servicedesk.domain.hours import write_windows
    from servicedesk.store import people, units

    run = session(context)
    with run.signed_in() as (books, actor), books.reading() as reading:
        code = (unit or actor.unit).upper()
        found = people.units(books, reading, people.facts(reading)).get(code)
        if found is None:
            raise Refused(say("There is no unit {code}.", code=code), field="unit")
        days = units.calendar_days(reading, found, year)
        rows = [
            (
                day.day.isoformat(),
                run.words.weekday(day.day),
                write_windows(day.windows) or run.words(label("closed")),
                day.note,
                run.words(label("by hand")) if day.by_hand else "",
            )
            for day in days
        ]
        run.table((label("Day"), "", label("Hours"), label("Note"), ""), rows)
        if not days:
            run.say(say("{unit}: the calendar of {year} is missing.", unit=code, year=str(year)))


def fill(
    context: typer.Context,
    year: Annotated[int, _YEAR],
    unit: Annotated[str, _UNIT] = "",
    statutory: Annotated[
        bool, typer.Option(help=label("Also a year whose make-up days are not published yet."))
    ] = False,
) -> None:
    """Fill in the public holidays and make-up days of a year."""
    _act(session(context), "calendar.fill", unit, {"year": str(year), "statutory": "y" if statutory else "n"})


def set_day(
    context: typer.Context,
    day: Annotated[str, typer.Argument(help=label("The day, as 2026-10-10 or 10-10."))],
    state: Annotated[str, typer.Argument(help=label("open or closed"))],
    hours: Annotated[str, typer.Option(help=label("08:30-12:00,13:30-18:00"))] = "",
    note: Annotated[str, typer.Option(help=label("Why."))] = "",
    unit: Annotated[str, _UNIT] = "",
) -> None:
    """Set one day."""
    _act(session(context), "calendar.set", unit, {"day": day, "state": state, "hours": hours, "note": note})


def import_days(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=label("The CSV file."))],
    unit: Annotated[str, _UNIT] = "",
) -> None:
    """Import days from a CSV file, all lines or none."""
    import_calendar(session(context), file, unit)


def import_calendar(run: Session, file: Path, unit: str, *, dry_run: bool = False) -> None:
    """Import the days of one unit's calendar."""
    _act(run, "calendar.import", unit, {"file": str(file)}, dry_run=dry_run)


def missing(context: typer.Context) -> None:
    """The years that nobody has filled in yet; ends with 1 where there are any."""
    from servicedesk.store.health import calendar_warnings

    run = session(context)
    with run.books() as books, books.reading() as reading:
        warnings = calendar_warnings(books, reading, run.now())
    for warning in warnings:
        typer.echo(run.words(warning))
    if warnings:
        raise typer.Exit(1)


def _act(run: Session, name: str, unit: str, fields: dict[str, str], *, dry_run: bool = False) -> None:
    """Do an act on one unit, one's own where none is named."""
    from servicedesk.acts.act import find

    perform_here(run, find(name), [unit.upper()] if unit else [OWN_UNIT], fields, dry_run=dry_run)
