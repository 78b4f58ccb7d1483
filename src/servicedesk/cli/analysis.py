"""`analysis`: what complaints are about over a period, the greatest first, and the records behind each figure (R69)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from servicedesk.cli.cells import masked
from servicedesk.cli.common import Session, print_json, session
from servicedesk.cli.paper_registers import PAPERS
from servicedesk.domain.complaint_figures import (
    DIMENSIONS,
    FACETS,
    PERIODS,
    Analysis,
    Figures,
    ParetoLine,
    Period,
    Share,
    analysed,
    days_between,
    name_of,
    period,
    spans,
)
from servicedesk.domain.spoken import spoken_date
from servicedesk.domain.words import Refused, label, say

if TYPE_CHECKING:
    from datetime import date

    from servicedesk.store.session import Reading

EVERY_LINE = "all"
"""The line of all complaints together, by which `--records` names it."""
NO_KEY = "none"
"""The line of those that have none of what it is by."""


def add_to(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("analysis")(analysis)


def analysis(
    context: typer.Context,
    by: Annotated[str, typer.Option(help=", ".join(DIMENSIONS))] = "cause",
    first: Annotated[str, typer.Option("--from", help=label("First day; without days the present month."))] = "",
    last: Annotated[str, typer.Option("--to", help=label("Last day; without it today."))] = "",
    named: Annotated[str, typer.Option("--period", help=", ".join(PERIODS))] = "month",
    records: Annotated[
        str | None,
        typer.Option(help=label("The complaints behind this line: its key, none for those without one, all for all.")),
    ] = None,
    only: Annotated[str, typer.Option(help=", ".join(filter(None, FACETS)))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=label("As JSON."))] = False,
    ids: Annotated[bool, typer.Option("--ids", help=label("Numbers alone, to be piped into act … -."))] = False,
) -> None:
    """Count the complaints of a period, or list those behind one figure."""
    run = session(context)
    for field, typed, options in (("by", by, DIMENSIONS), ("period", named, PERIODS), ("only", only, FACETS)):
        if typed not in options:
            known = tuple(filter(None, options))
            raise Refused(say("'{typed}' is not one of: {options}.", typed=typed, options=known), field=field)
    from servicedesk.store import complaint_figures, people

    with run.signed_in() as (books, actor), books.reading() as reading:
        units = people.units(books, reading, people.facts(reading))
        days = _days(run, first, last, named, run.now().astimezone(ZoneInfo(units[actor.unit].timezone)).date())
        in_zones = spans(analysed(actor, units.values()), days)
        if records is not None or only:
            key = {None: None, EVERY_LINE: None, NO_KEY: ""}.get(records, records)
            found = complaint_figures.behind(reading, by, in_zones, key, only, run.now())
            _list(run, reading, found, as_json=as_json, ids=ids)
            return
        counted = complaint_figures.analysis(reading, by, in_zones, days, run.now())
    if as_json:
        print_json(_as_data(counted))
    else:
        _print(run, counted)


def _days(run: Session, first: str, last: str, named: str, today: date) -> Period:
    if not first and not last:
        return period(named, today)
    begins = _day("from", first, today) if first else period("month", today).first
    return days_between(begins, _day("to", last, today) if last else today)


def _day(field: str, typed: str, today: date) -> date:
    try:
        return spoken_date(typed, today)
    except Refused as refused:
        raise Refused(refused.sentence, field=field, kind=refused.kind) from None


def _list(run: Session, reading: Reading, found: Sequence[int], *, as_json: bool, ids: bool) -> None:
    from servicedesk.store import complaint_figures

    rows = complaint_figures.rows(reading, found)
    if as_json:
        print_json([masked(row) for row in rows])
    elif ids:
        for row in rows:
            typer.echo(row.number)
    else:
        columns = PAPERS["complaints"].columns
        run.table(list(columns), [[cell(row, run.words) for cell in columns.values()] for row in rows])


def _print(run: Session, found: Analysis) -> None:
    words = run.words
    run.say(say("{first} to {last}", first=found.period.first, last=found.period.last))
    headings = (
        DIMENSIONS[found.dimension].title,
        label("How many"),
        label("Portion"),
        label("Sum"),
        label("Repeat"),
        label("Acknowledged in time"),
        label("Solution in time"),
        label("Follow-up in time"),
        label("Satisfied"),
    )

    def line(name: str, figures: Figures, share: Share, cumulative: Share) -> Sequence[str]:
        shares = (figures.acknowledge, figures.solve, figures.follow_up, figures.satisfied)
        counted = (str(figures.count), share.percent, cumulative.percent, str(figures.repeats))
        return (words(name), *counted, *(words(each.said()) for each in shares))

    lines = [
        line(name_of(found.dimension, each.figures), each.figures, each.share, each.cumulative) for each in found.lines
    ]
    lines.append(line(name_of("", found.whole), found.whole, Share(), Share()))
    run.table(headings, lines)
    if found.calls:
        run.say(say("per 100 calls {rate} (calls {calls})", rate=found.per_hundred, calls=found.calls))
    else:
        run.say(say("per 100 calls: no data"))


def _as_data(found: Analysis) -> Mapping[str, Any]:
    return {
        "by": found.dimension,
        "from": found.period.first.isoformat(),
        "to": found.period.last.isoformat(),
        "calls": found.calls,
        "per_100_calls": float(found.per_hundred) if found.calls else None,
        "all": _figures(found.whole),
        "lines": [_line(each) for each in found.lines],
    }


def _line(found: ParetoLine) -> Mapping[str, Any]:
    shares = {"share": _share(found.share)["percent"], "sum": _share(found.cumulative)["percent"]}
    return {"key": found.figures.key, "name": found.figures.name, **_figures(found.figures), **shares}


def _figures(figures: Figures) -> dict[str, Any]:
    shares = {name: _share(getattr(figures, name)) for name in ("acknowledge", "solve", "follow_up", "satisfied")}
    return {"count": figures.count, "repeats": figures.repeats, **shares}


def _share(share: Share) -> dict[str, Any]:
    """The percentage is null where there is no data."""
    return {
        "part": share.part,
        "whole": share.whole,
        "percent": None if share.tenths is None else share.tenths / 10,
    }
