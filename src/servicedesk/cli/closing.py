"""`close-day`: the register days that are over are closed, for cron."""

from __future__ import annotations

from typing import Annotated

import typer

from servicedesk.cli.common import plain_row, print_json, session
from servicedesk.domain.words import label, say


def add_to(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("close-day")(close_day)


def close_day(
    context: typer.Context,
    unit: Annotated[str, typer.Option(help=label("The unit's code; without it all units."))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=label("As JSON."))] = False,
) -> None:
    """Reconcile and close every register day whose hours are over; what nobody has explained is marked so."""
    from servicedesk.acts.day_closing import close_all

    run = session(context)
    closed = []
    with run.books() as books:
        for day in close_all(books, run.now(), unit.upper()):
            closed.append({**plain_row(day), "differences": [plain_row(one) for one in day.differences]})
            if as_json:
                continue
            said = say(
                "{number} is closed: {calls} calls, {carried} carried over.",
                number=day.number,
                calls=day.calls,
                carried=day.carried_over,
            )
            typer.echo(run.words(said))
            for one in day.differences:
                typer.echo(f"  {run.words(one.said)}: {one.explained_in(run.words)}")
    if as_json:
        print_json(closed)
    elif not closed:
        run.say(say("There is no day to close."))
