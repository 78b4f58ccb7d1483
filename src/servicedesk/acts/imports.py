"""Importing sheets: one act, one transaction, one audit line with the file's digest and the counts.

All lines are taken or none, unless bad ones may be left out. A line that is in the books already, just
so, is passed over: importing a file again does no harm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from servicedesk.acts.act import Done, act, find, note_refusal, perform
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.acts.import_kinds import KINDS
from servicedesk.acts.import_plan import LineWarning, Plan
from servicedesk.acts.sheets import LineProblem, Progress, Sheet, Sorted, read_sheet, sort_lines
from servicedesk.domain.rights import require
from servicedesk.domain.rulebook import STATES
from servicedesk.domain.words import Refused, Sentence, label, say

if TYPE_CHECKING:
    from servicedesk.store.engine import Books

_DIGEST_SHOWN = 16


class ImportFile(Entry):
    """A CSV file as spreadsheets export it."""

    path: Annotated[str, Ask(label("File"))]
    skip_bad: Annotated[bool, Ask(label("Leave out bad lines"), "flag")] = False
    dry_run: Annotated[bool, Ask(label("Only check"), "flag")] = False


class ImportDistricts(ImportFile):
    """The same, with the unit that serves the districts where the file names none."""

    unit: Annotated[str, Ask(label("Unit"), "lookup", lookup="units")] = ""


@dataclass(frozen=True)
class ImportResult:
    """What became of a file: lines taken (in a dry run: that would be), lines there already, and what is wrong.

    With problems and `skip_bad` not set nothing was taken. `ignored` are headers nobody asked for.
    """

    sentence: Sentence
    taken: int
    already: int
    problems: tuple[LineProblem, ...]
    warnings: tuple[LineWarning, ...]
    ignored: tuple[str, ...]
    saved: bool

    @property
    def refused(self) -> int:
        """How many lines were not taken."""
        return len({problem.number for problem in self.problems})


class BadLines(Refused):
    """The import took nothing, since lines cannot be taken; the plan names them."""

    def __init__(self, plan: Plan) -> None:
        sentence = say(
            "{refused} lines cannot be taken: nothing was imported. Correct them, or leave bad lines out.",
            refused=plan.refused,
        )
        super().__init__(sentence)
        self.plan = plan


@dataclass(frozen=True)
class Batch:
    """A file that was read: what its lines mean, before the books are asked."""

    kind: str
    digest: str
    sheet: Sheet
    lines: Sorted[Any]


def import_file(
    books: Books,
    login: str,
    kind: str,
    path: str,
    *,
    skip_bad: bool = False,
    dry_run: bool = False,
    unit: str = "",
    now: datetime,
    request: str,
    progress: Progress | None = None,
) -> ImportResult:
    """Import a sheet of customers, products, districts, contracts or parts.

    Args:
        books: the open books.
        login: who imports.
        kind: one of `KINDS`.
        path: the CSV file.
        skip_bad: take the good lines although others cannot be taken.
        dry_run: only say what would be taken; nothing is written.
        unit: the unit of districts for which the file names none.
        now: aware UTC.
        request: the form's own number; a second call with it takes nothing.
        progress: told now and then how many lines are read, then how many are written.

    Raises:
        Refused: when the file cannot be read, or for lack of rights.
    """
    told = progress or _untold
    declared = find(f"{kind}.import")
    with books.reading() as reading:
        look = Look(books, reading, login, now)
        today, currency = look.today(), look.currency
    try:
        require(declared.rule, STATES, look.actor, None)
    except Refused as refused:
        note_refusal(books, login, declared.name, [], now, refused)
        raise
    batch = read_batch(kind, path, today, currency, told)
    if dry_run:
        with books.reading() as reading:
            plan = plan_of(Look(books, reading, login, now), batch, unit)
        return _result(plan, say("Only checked: nothing was written."), len(plan.taken), saved=False)
    plans: list[Plan] = []
    taking = replace(declared, function=partial(_take_batch, batch, plans, told))
    typed: dict[str, Any] = {"path": path, "skip_bad": skip_bad} | ({"unit": unit} if unit else {})
    try:
        done = perform(books, login, taking, (), typed, request=request, now=now)
    except BadLines as refused:
        return _result(refused.plan, refused.sentence, 0, saved=False)
    if done.already:
        return ImportResult(done.sentence, 0, 0, (), (), (), saved=True)
    return _result(plans[0], done.sentence, len(plans[0].taken), saved=True)


def read_batch(kind: str, path: str, today: date, currency: str, progress: Progress) -> Batch:
    """Read the file and what its lines mean; the books are not asked.

    Raises:
        Refused: when the file cannot be read or lacks a column.
    """
    sheet = read_sheet(Path(path), KINDS[kind].columns, progress)
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    return Batch(kind, digest, sheet, sort_lines(sheet, lambda line: KINDS[kind].read(line, today, currency)))


def plan_of(look: Look, batch: Batch, unit: str) -> Plan:
    """Which lines the books allow."""
    plan = Plan(batch.sheet, list(batch.lines.problems))
    KINDS[batch.kind].plan(look, plan, batch.lines.taken, unit)
    plan.problems.sort(key=lambda problem: problem.number)
    return plan


def _take_batch(
    batch: Batch, plans: list[Plan], progress: Progress, desk: Desk, rows: Sequence[Any], entry: ImportFile
) -> Done:
    plan = plan_of(desk, batch, getattr(entry, "unit", ""))
    if plan.problems and not entry.skip_bad:
        raise BadLines(plan)
    if plan.taken and not entry.dry_run:
        KINDS[batch.kind].write(desk, plan.taken, progress)
    plans.append(plan)
    number = f"sha256:{batch.digest[:_DIGEST_SHOWN]}"
    desk.note(number, digest=batch.digest, taken=len(plan.taken), already=plan.already, refused=plan.refused)
    return Done(
        say(
            "{taken} lines taken, {already} there already, {refused} left out.",
            taken=len(plan.taken),
            already=plan.already,
            refused=plan.refused,
        ),
        (number,),
    )


def _take(kind: str, desk: Desk, rows: Sequence[Any], entry: ImportFile) -> Done:
    return _take_batch(
        read_batch(kind, entry.path, desk.today(), desk.currency, _untold), [], _untold, desk, rows, entry
    )


def _result(plan: Plan, sentence: Sentence, taken: int, *, saved: bool) -> ImportResult:
    problems, warnings = tuple(plan.problems), tuple(plan.warnings)
    return ImportResult(sentence, taken, plan.already, problems, warnings, plan.sheet.ignored, saved)


def _untold(done: int, total: int) -> None:
    """Nobody wants to know how far it is."""


act("customers.import", ImportFile)(partial(_take, "customers"))
act("products.import", ImportFile)(partial(_take, "products"))
act("districts.import", ImportDistricts)(partial(_take, "districts"))
act("contracts.import", ImportFile)(partial(_take, "contracts"))
act("parts.import", ImportFile)(partial(_take, "parts"))
