"""`tick`: what happens by the clock alone, for cron."""

from __future__ import annotations

from typing import Annotated

import typer

from servicedesk.cli.common import plain_row, print_json, session
from servicedesk.domain.complaint_clocks import used_up
from servicedesk.domain.rights import ROLES
from servicedesk.domain.words import Sentence, label, say


def add_to(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("tick")(tick)


def tick(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help=label("As JSON."))] = False,
) -> None:
    """Let the escalation steps happen that are due; says nothing where none is."""
    from servicedesk.acts.complaints.escalating import escalate_all

    run = session(context)
    with run.books() as books:
        happened = escalate_all(books, run.now())
    if as_json:
        print_json([plain_row(step) for step in happened])
        return
    for step in happened:
        used = used_up(step.number, step.clock, step.percent, run.now(), step.due_at)
        typer.echo(run.words(say("{used} It goes to: {role}.", used=used, role=Sentence(ROLES[step.role]))))
