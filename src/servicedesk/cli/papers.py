"""`show`: one paper by its number with what hangs on it; telephones and addresses are masked (001 9.1)."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from servicedesk.cli.acting import expanded
from servicedesk.cli.cells import MASKS, masked
from servicedesk.cli.common import Session, plain_row, print_json, session
from servicedesk.cli.registers import may_see_customers, only_own
from servicedesk.domain.complaints import SEES_COMPLAINTS
from servicedesk.domain.goods import SEES_GOODS
from servicedesk.domain.numbering import CALL, COMPLAINT, GOODS_LINE, RECEIPT, REPAIR_CARD, letter_of
from servicedesk.domain.repair_cards import SEES_CARDS
from servicedesk.domain.rights import SEES_CALLS, Actor, sees
from servicedesk.domain.text import clean
from servicedesk.domain.words import Refused, label, say
from servicedesk.locales import Words

if TYPE_CHECKING:
    from servicedesk.store.engine import Books
    from servicedesk.store.session import Reading


def add_to(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("show")(show)


def show(
    context: typer.Context,
    number: Annotated[
        str, typer.Argument(help=label("Number of a call, customer or voucher; 29 is today's 29th call."))
    ],
    as_json: Annotated[bool, typer.Option("--json", help=label("As JSON."))] = False,
) -> None:
    """Show one paper with what hangs on it."""
    run = session(context)
    with run.signed_in() as (books, actor):
        shown = _paper(books, actor, number, run)
    if as_json:
        print_json(shown)
    else:
        _print(shown, run.words)


def _paper(books: Books, actor: Actor, typed: str, run: Session) -> dict[str, Any]:
    """The call, voucher or customer of a number, as one dictionary.

    Raises:
        Refused: where there is none, or none that this person may see.
    """
    from servicedesk.store import calls, customers

    letter = letter_of(typed.upper()) or CALL
    number = expanded(books, actor, typed, run, letter)
    with books.reading() as reading:
        found = _of_the_letter(reading, actor, number, letter)
        if found is not None:
            return found
        call = calls.one(reading, number)
        if call is not None and sees(actor, SEES_CALLS, call):
            hanging = {
                "visits": [plain_row(row) for row in calls.visits(reading, call.id)],
                "entries": [plain_row(row) for row in calls.entries(reading, call.id)],
                "urges": [plain_row(row) for row in calls.urges(reading, call.id)],
                "corrections": [
                    plain_row(row)
                    for row in calls.corrections(reading, call.id)
                    if row.column not in ("telephone", "address")
                ],
                "tellings": [plain_row(row, "telephone") for row in calls.tellings(reading, call.id)],
            }
            return masked(call) | hanging
        if not only_own(actor):
            may_see_customers(actor)
            product = customers.product_by_voucher(reading, typed.upper())
            if product is not None:
                return masked(product)
            pocket = customers.pocket(reading, typed)
            if pocket is not None:
                return masked(pocket.customer) | {
                    "products": [masked(row) for row in pocket.products],
                    "contracts": [plain_row(row) for row in pocket.contracts],
                    "calls": [plain_row(row) for row in pocket.calls],
                }
    raise Refused(say("There is no {number} in the books.", number=number))


class Shown(NamedTuple):
    """A paper's register in the store, `module:NAME`, who sees it, and what hangs on it: functions of that module."""

    register: str
    sees: Mapping[str, str]
    hanging: tuple[str, ...] = ()
    is_kept: bool = True
    """An article hangs on it that is in somebody's hands."""


SHOWN: Mapping[str, Shown] = {
    REPAIR_CARD: Shown(
        "repair_cards:CARDS", SEES_CARDS, ("time_lines", "part_lines", "promises", "assistance", "estimates")
    ),
    GOODS_LINE: Shown("goods:GOODS", SEES_GOODS),
    RECEIPT: Shown("goods:RECEIPTS", SEES_GOODS),
    COMPLAINT: Shown(
        "complaints:COMPLAINTS",
        SEES_COMPLAINTS,
        ("handlings", "clocks", "steps", "departments", "events", "evidence", "letters"),
        is_kept=False,
    ),
}


def _of_the_letter(reading: Reading, actor: Actor, number: str, letter: str) -> dict[str, Any] | None:
    """A paper with what hangs on it and where its article was; None where there is none to be seen."""
    from servicedesk.store import custody

    shown = SHOWN.get(letter)
    if shown is None:
        return None
    module, _, name = shown.register.partition(":")
    store = importlib.import_module(f"servicedesk.store.{module}")
    row = getattr(store, name).one(reading, number)
    if row is None or not sees(actor, shown.sees, row):
        return None
    found = masked(row)
    for part in shown.hanging:
        lines = getattr(store, part)(reading, row.id)
        found[part] = [plain_row(line) for line in lines if not _is_private(line)]
    if shown.is_kept:
        found["held"] = [plain_row(line) for line in custody.where_is(reading, number)]
    return found


def _is_private(line: Any) -> bool:
    """Whether it tells what a telephone or address was before it was corrected."""
    return getattr(line, "kind", "") == "correction" and line.how in MASKS


def _print(shown: Mapping[str, Any], words: Words, indent: str = "") -> None:
    for name, value in shown.items():
        if isinstance(value, list) and value:
            typer.echo(f"{indent}{name}:")
            for one in value:
                _print(one, words, indent + "  ")
                typer.echo()
        elif value not in (None, "", [], ()):
            typer.echo(f"{indent}{name}: {_shown(value, words)}")


def _shown(value: Any, words: Words) -> str:
    if hasattr(value, "tzinfo"):
        return words.moment(value)
    return clean(words.joined(map(str, value)) if isinstance(value, tuple) else str(value), lines=True)
