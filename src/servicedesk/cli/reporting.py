"""`report`: a technician's day handed in as text (003 Art. 12)."""

from __future__ import annotations

import uuid
from typing import Annotated

import typer

from servicedesk.cli.common import read_input, session
from servicedesk.domain.text import clean
from servicedesk.domain.words import Refused, label, say


def add_to(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("report")(report)


def report(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help=label("The text; - for standard input. # begins a comment."))],
    day: Annotated[str, typer.Option(help=label("The day, for example 11-23 or y for yesterday; else today."))] = "",
    technician: Annotated[
        str, typer.Option(help=label("Whose day, by login, for who is in the place of several."))
    ] = "",
    request: Annotated[
        str, typer.Option(help=label("A name of this request: a retry with it is never saved twice."))
    ] = "",
) -> None:
    """Hand in a day; every line that cannot be read is told, and nothing is kept then."""
    from servicedesk.acts.act import find, perform, prepare
    from servicedesk.acts.reports.work_lines import RefusedLines

    run = session(context)
    whose = {"day": day, "technician": technician}
    typed = {**whose, "lines": _numbered_alike(read_input(file))}
    with run.signed_in() as (books, actor):
        act = find("reports.hand_in")
        try:
            done = perform(books, actor.login, act, (), typed, request=request or uuid.uuid4().hex, now=run.now())
        except RefusedLines as refused:
            for number, reason in refused.problems:
                run.say(say("Line {line}: {reason}", line=number, reason=reason))
            sentence = say("Nothing is kept: put these lines right and hand the whole text in again.")
            raise Refused(sentence) from None
        typer.echo(done.numbers[0])
        run.say(done.sentence)
        if not done.already:
            for note in prepare(books, actor.login, act, (), whose, run.now()).notes:
                run.say(note)


def _numbered_alike(text: str) -> str:
    """The text with a comment for each empty line: those at its ends are cut off when it is read."""
    # The stop keeps the lines at the ends when what could hide in the text is dropped.
    lines = clean(f".\n{text}\n.", lines=True).split("\n")[1:-1]
    return "\n".join(line if line.strip() else "#" for line in lines)
