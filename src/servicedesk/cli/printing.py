"""`print`: a paper on screen, as text, as HTML for a browser's print dialogue, or to the line printer."""

from __future__ import annotations

import uuid
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from servicedesk.cli.acting import expanded
from servicedesk.cli.common import Session, session
from servicedesk.domain.numbering import (
    CALL,
    CLOSING_SHEET,
    COMPLAINT,
    JOB_SHEET,
    LETTER,
    RECEIPT,
    REPAIR_CARD,
    SUPERVISOR_REPORT,
    TECHNICIAN_REPORT,
    VOUCHER,
)
from servicedesk.domain.words import Refused, label, say
from servicedesk.locales import Words
from servicedesk.papers.output import to_file, to_printer

LETTERS = {
    "voucher": VOUCHER,
    "receipt": RECEIPT,
    "card": REPAIR_CARD,
    "invoice_request": CALL,
    "job_sheet": JOB_SHEET,
    "letter": LETTER,
    "complaint": COMPLAINT,
    "submission": COMPLAINT,
    "technician_report": TECHNICIAN_REPORT,
    "supervisor_report": SUPERVISOR_REPORT,
    "closing_sheet": CLOSING_SHEET,
    "transmittal": CLOSING_SHEET,
}
"""By which letter a paper's number may be shortened; pages and day packs go by unit or person, and day."""


class To(StrEnum):
    """Where it goes."""

    SCREEN = "screen"
    TEXT = "text"
    HTML = "html"
    LP = "lp"


def add_to(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("print")(print_command)


def print_command(
    context: typer.Context,
    paper: Annotated[
        str,
        typer.Argument(
            help="voucher, receipt, card, register, goods, invoice_request, day_pack, job_sheet, letter, complaint, "
            "submission, technician_report, supervisor_report, closing_sheet, transmittal"
        ),
    ],
    number: Annotated[
        list[str] | None,
        typer.Argument(help=label("Its number; of a page the unit and the day, of a day pack the login and the day.")),
    ] = None,
    to: Annotated[To, typer.Option(help=label("screen shows it without printing; lp is the line printer."))] = To.TEXT,
    output: Annotated[Path | None, typer.Option("-o", "--output", help=label("Into this file."))] = None,
) -> None:
    """Print a paper; a reprint is marked as a copy, and every print stands in the audit log."""
    run = session(context)
    text = _rendered(run, paper, " ".join(number or ()), to)
    if to is To.LP:
        to_printer(text)
    elif output is None:
        typer.echo(text, nl=False)
    else:
        to_file(output, text)
        run.say(say("{path} is written.", path=str(output)))


def _rendered(run: Session, paper: str, typed: str, to: To) -> str:
    from servicedesk.acts.act import find, perform
    from servicedesk.acts.desk import Look
    from servicedesk.acts.paper_rows import KINDS, gathered
    from servicedesk.papers import html, text
    from servicedesk.papers.made import made
    from servicedesk.store import printing

    if paper not in KINDS:
        raise Refused(say("'{typed}' is not one of: {options}.", typed=paper, options=tuple(KINDS)), field="paper")
    with run.signed_in() as (books, actor):
        number = expanded(books, actor, typed, run, LETTERS[paper]) if paper in LETTERS else typed
        if to is not To.SCREEN:
            fields = {"paper": paper, "number": number}
            perform(books, actor.login, find("papers.print"), (), fields, request=uuid.uuid4().hex, now=run.now())
        with books.reading() as reading:
            look = Look(books, reading, actor.login, run.now())
            sheets = gathered(look, paper, number, sent=to is not To.SCREEN)
            times = printing.times_printed(reading, paper, sheets[0].number)
    papers = made(sheets, times=times)
    if to is not To.HTML:
        return text.render(papers, run.words)
    return html.render(papers, run.words, Words("en", str(run.words.zone)))
