"""`export`: a whole register as a file, never cut, of the lines and the persons that the posts show (D39; 001 9.1).

CSV and workbooks have headings and words in the person's language; JSON has the words of the books, as `list --json`:
names of fields, states as the books write them, money in minor units. Times stand in the zone of the line's unit.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from servicedesk.cli.cells import DAY, MASKS, MOMENT, MONEY, Column, moment, money, named, text
from servicedesk.cli.common import Session, session
from servicedesk.cli.paper_registers import PAPERS, Listed
from servicedesk.domain import exports
from servicedesk.domain.calls import CANCEL_REASONS, CHANNELS, STATES
from servicedesk.domain.customers import HOLDERS
from servicedesk.domain.exports import MOST_IN_CLEAR
from servicedesk.domain.registers import Wanted
from servicedesk.domain.rights import SEES_CALLS, SEES_CLEAR, Actor
from servicedesk.domain.spoken import spoken_date
from servicedesk.domain.words import Refused, label, say
from servicedesk.domain.zones import ZONES

if TYPE_CHECKING:
    from servicedesk.cli.export_columns import Lines
    from servicedesk.cli.export_files import Sheet
    from servicedesk.store.engine import Books
    from servicedesk.store.exports import Export
    from servicedesk.store.registers import Register

STANDARD_OUTPUT = "-"
UNIT, CURRENCY = "unit", "currency"

CALLS = Listed(
    "exports:CALLS",
    SEES_CALLS,
    STATES,
    {
        label("Number"): text("number"),
        label("Unit"): text("unit"),
        label("Called at"): moment("called_at"),
        label("Logged at"): moment("logged_at"),
        label("State"): named("state", STATES),
        label("Channel"): named("channel", CHANNELS),
        label("Customer no."): text("customer"),
        label("Customer"): text("customer_name"),
        label("Caller"): text("caller"),
        label("Telephone"): text("telephone"),
        label("Address"): text("address"),
        label("District"): text("district"),
        label("Zone"): named("zone", ZONES),
        label("Model"): text("model_no"),
        label("Product"): text("product_name"),
        label("Serial no."): text("serial_no"),
        label("Symptom"): text("symptom"),
        label("Type"): text("service_type"),
        label("Voucher"): text("voucher"),
        label("Held"): named("voucher_holder", HOLDERS),
        label("Appointment"): moment("appointment_at"),
        label("Due"): moment("judged_by"),
        label("Dispatched"): moment("dispatched_at"),
        label("Technician"): text("technician_name"),
        label("Arrived"): moment("arrived_at"),
        label("Finished"): moment("finished_at"),
        label("Struck off"): moment("struck_off_at"),
        label("Visits"): text("visits"),
        label("Urges"): text("urges"),
        label("Fee"): money("fee"),
        label("Invoice no."): text("invoice_no"),
        label("Cancelled because"): named("cancel_reason", CANCEL_REASONS),
        label("Repeat of"): text("repeat_of"),
        label("Remarks"): text("remarks"),
    },
)
"""The call-in register, the whole line (forms §3.1)."""

EXPORTED: Mapping[str, Listed] = {"calls": CALLS, **PAPERS}


class Form(StrEnum):
    """In which form."""

    CSV = exports.CSV
    XLSX = exports.XLSX
    JSON = exports.JSON


@dataclass(frozen=True)
class Asked:
    """What is exported: the register, the days from and to, both in it, the unit, the view."""

    register: str
    form: str
    first: date | None
    last: date | None
    unit: str
    view: str

    def fields(self) -> dict[str, Any]:
        """As the act's entry has them."""
        found = {"book": self.register, "format": self.form, "unit": self.unit, "view": self.view}
        return {name: value for name, value in {**found, "first": self.first, "last": self.last}.items() if value}

    def file_name(self) -> str:
        """What the file is called where nobody says."""
        parts = (self.register, self.view, self.unit, *(f"{day:%Y%m%d}" for day in (self.first, self.last) if day))
        return "-".join(filter(None, parts)) + f".{self.form}"


def add_to(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("export")(export)


def export(
    context: typer.Context,
    register: Annotated[str, typer.Argument(help=", ".join(EXPORTED))],
    first: Annotated[str, typer.Option("--from", help=label("From this day, by the register's own date."))] = "",
    last: Annotated[str, typer.Option("--to", help=label("To this day, which is in it."))] = "",
    form: Annotated[Form, typer.Option("--format", help=label("CSV, an Excel workbook or JSON."))] = Form.CSV,
    unit: Annotated[str, typer.Option(help=label("Of this unit alone."))] = "",
    view: Annotated[str, typer.Option(help=label("A named view of the register, such as late or not_remitted."))] = "",
    output: Annotated[str, typer.Option("-o", "--output", help=label("Into this file; - is standard output."))] = "",
    force: Annotated[bool, typer.Option("--force", help=label("Replace a file of that name."))] = False,
) -> None:
    """Write a whole register, the oldest line first, and tell the file's name."""
    run = session(context)
    if register not in EXPORTED:
        raise Refused(say("There is no register '{name}': {known}.", name=register, known=tuple(EXPORTED)))
    with run.signed_in() as (books, actor):
        asked = Asked(register, form, _day(run, "from", first), _day(run, "to", last), unit.upper(), view)
        _must_hold(asked)
        target = None if output == STANDARD_OUTPUT else Path(output or asked.file_name())
        if target is None and form is Form.XLSX and sys.stdout.isatty():
            raise Refused(say("A workbook is not for the terminal: give -o FILE."), field="output")
        count = _export(run, books, actor.login, asked, target, force=force)
    run.say(say("{count} lines are exported.", count=count))
    if target is not None:
        typer.echo(str(target))


def dated(listed: Listed) -> str:
    """The register's own date: the first time or day among its columns; empty where it has none."""
    column = _dated(listed)
    return "" if column is None else column.name


def _dated(listed: Listed) -> Column | None:
    return next((column for column in columns_of(listed).values() if column.kind in (MOMENT, DAY)), None)


def columns_of(listed: Listed) -> dict[str, Column]:
    """Every column of an export by its heading: those of the list and more, the unit, and the currency of amounts.

    Raises:
        TypeError: for a column that does not say which field it shows.
    """
    found: dict[str, Column] = {}
    for heading, cell in (listed.paper or {**listed.columns, **listed.more}).items():
        if not isinstance(cell, Column):
            raise TypeError(heading)
        found[heading] = cell
    if all(column.name != UNIT for column in found.values()):
        found[label("Unit")] = text(UNIT)
    if any(column.kind == MONEY for column in found.values()):
        found[label("Currency")] = text(CURRENCY)
    return found


def _day(run: Session, field: str, typed: str) -> date | None:
    if not typed:
        return None
    try:
        return spoken_date(typed, run.now().astimezone(run.words.zone).date())
    except Refused as refused:
        raise Refused(refused.sentence, field=field, kind="field") from None


def _must_hold(asked: Asked) -> None:
    listed = EXPORTED[asked.register]
    if asked.first and asked.last and asked.first > asked.last:
        raise Refused(say("The period ends before it begins."), field="to")
    if (asked.first or asked.last) and not dated(listed):
        raise Refused(say("This register has no date: export it without --from and --to."), field="from")
    views = _register(listed).views
    if asked.view and asked.view not in views:
        raise Refused(say("'{typed}' is not one of: {options}.", typed=asked.view, options=tuple(views)), field="view")


def _register(listed: Listed) -> Register[Any]:
    module, _, name = listed.register.partition(":")
    found: Register[Any] = getattr(importlib.import_module(f"servicedesk.store.{module}"), name)
    return found


def _export(run: Session, books: Books, login: str, asked: Asked, target: Path | None, *, force: bool) -> int:
    """Write the file and its audit line; gives how many lines it holds."""
    from servicedesk.acts.exports import note, readable
    from servicedesk.cli.export_columns import Lines
    from servicedesk.cli.export_files import FILES, whole
    from servicedesk.store.exports import Export as Found

    listed, now = EXPORTED[asked.register], run.now()
    register = _register(listed)
    look, parts = readable(books, login, listed.sees, Wanted(unit=asked.unit, view=asked.view), now)
    columns = columns_of(listed)
    names = [column.name for column in columns.values()]
    kept = [UNIT if name == CURRENCY and name not in register.row._fields else name for name in names]
    found = Found(books, register, parts, kept, dated(listed), *_period(run, asked, listed), now=now)
    lines = Lines(
        list(columns.values()), kept, asked.form, run.words, look.units, _clear(run, look.actor, found, names)
    )
    with whole(target, force=force) as path:
        with FILES[asked.form](path, names, [run.words(heading) for heading in columns]) as file:
            count = _written(run, found, lines, file)
        note(books, login, asked.fields(), rows=count, clear=lines.in_clear, now=now)
    return count


def _period(run: Session, asked: Asked, listed: Listed) -> tuple[date | None, date | None]:
    """From the first moment of the first day to that after the last, in the person's zone; days as they are."""
    column = _dated(listed)
    of_days = column is not None and column.kind == DAY

    def begins(day: date | None) -> date | None:
        return day if day is None or of_days else datetime.combine(day, time(), run.words.zone).astimezone(UTC)

    return begins(asked.first), begins(asked.last and asked.last + timedelta(days=1))


def _clear(run: Session, actor: Actor, found: Export, names: Sequence[str]) -> Actor | None:
    """The person, where the posts may show personal fields; None where all are masked."""
    if MASKS.keys().isdisjoint(names) or not actor.has(*SEES_CLEAR):
        return None
    if found.count <= MOST_IN_CLEAR:
        return actor
    run.say(
        say(
            "More than {most} lines: telephones and addresses are masked. A shorter period shows what your posts show.",
            most=MOST_IN_CLEAR,
        )
    )
    return None


def _written(run: Session, found: Export, lines: Lines, file: Sheet) -> int:
    count = 0
    with _progress(run, found.count) as told:
        for page in found.pages():
            file.write(lines.of(page))
            count += len(page)
            told(count)
    return count


@contextmanager
def _progress(run: Session, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr for people; programs that catch stderr see none."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(run.words(label("Export")), total=total)
        yield lambda done: bar.update(task, completed=done)
