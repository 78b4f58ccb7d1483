"""`audit`: is the log whole, and what does it say."""

from __future__ import annotations

from typing import Annotated

import typer

from servicedesk.cli.common import session
from servicedesk.domain.rights import ADMINISTRATOR, AUDITOR, CUSTOMER_DEPARTMENT, SERVICE_MANAGER
from servicedesk.domain.words import Refused, label, say

READERS = (AUDITOR, ADMINISTRATOR, SERVICE_MANAGER, CUSTOMER_DEPARTMENT)
"""Who reads the log on the command line; the papers' own history is on screen for everybody who sees them."""


def add_to(app: typer.Typer) -> None:
    """Put the commands into the program."""
    group = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
    group.command("verify", help=label("Walk the whole log and name the first line that is not as written."))(verify)
    group.command("show", help=label("The newest lines: who did what to which papers."))(show)
    app.add_typer(group, name="audit")


def verify(
    context: typer.Context,
    anchor: Annotated[
        str, typer.Option(help=label("A head number:hash kept elsewhere, such as on a closing sheet."))
    ] = "",
) -> None:
    """Walk the chain; its head is printed, to be kept elsewhere."""
    from servicedesk.store import audit

    run = session(context)
    with run.books() as books, books.reading() as reading:
        verdict = audit.verify(reading, anchor)
    if verdict.fault is not None:
        raise Refused(say("The audit log is not whole: {fault}", fault=verdict.fault))
    typer.echo(verdict.head)
    run.say(say("The audit log is whole: {count} lines.", count=verdict.lines))


def show(
    context: typer.Context,
    number: Annotated[str, typer.Option(help=label("Lines of this paper alone."))] = "",
    limit: Annotated[int, typer.Option(min=1, help=label("At most so many rows."))] = 50,
) -> None:
    """The newest lines last, without what was entered: that may be personal."""
    from servicedesk.store import audit

    run = session(context)
    with run.signed_in() as (books, actor):
        if not actor.has(*READERS):
            raise Refused(say("Your posts do not show the audit log."), kind="rights")
        with books.reading() as reading:
            first = 0 if number else max(0, audit.last_number(reading) - limit)
            lines = [line for line in audit.lines(reading, first) if not number or number in line.numbers.split()]
    run.table(
        (label("Line"), label("When"), label("Who"), label("For"), label("Act"), label("Outcome"), label("Numbers")),
        [
            (
                str(line.seq),
                run.words.moment(line.at),
                line.actor,
                line.holder,
                line.act,
                run.words(label("refused") if line.outcome == "refused" else label("done")),
                line.numbers,
            )
            for line in lines[-limit:]
        ],
    )
