"""Who holds what: every article, loan unit and voucher with its one holder, and where a thing has been."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from servicedesk.domain.custody import HOLDERS, KINDS, SEES_CUSTODY, CustodyRow
from servicedesk.domain.numbering import RECEIPT, expand
from servicedesk.domain.registers import Wanted
from servicedesk.domain.words import label, say
from servicedesk.tui.filtering import TECHNICIAN, UNIT
from servicedesk.tui.keys import Key
from servicedesk.tui.registers import RegisterPage, Seen, Told, Total, View
from servicedesk.tui.screens.paper import side_by_side
from servicedesk.tui.screens.register import RegisterScreen

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look


def holder(seen: Seen, row: CustodyRow) -> str:
    """In words, the technician by name."""
    return row.holder_name or seen.words(HOLDERS[row.holder])


def full(seen: Seen, row: CustodyRow) -> Sequence[str]:
    """What it is, who has it, since when and by which paper."""
    words = seen.words
    held = say("{holder} since {since}", holder=holder(seen, row), since=row.since)
    ended = words(say("until {until}", until=row.until)) if row.until is not None else ""
    return (
        side_by_side(words(KINDS[row.kind]), row.number, row.what),
        side_by_side(words(held), ended, row.paper),
        words(label("Find by a number: where it is now stands on top, below it where it was before.")),
    )


def where_it_is(look: Look, typed: str) -> list[CustodyRow]:
    """The history of what this number is written on, where it is now on top."""
    from servicedesk.store import custody

    short = expand(typed, look.actor.unit, look.today(), RECEIPT) or ""
    found = custody.where_is(look.store, typed) or custody.where_is(look.store, typed.upper())
    return (found or custody.where_is(look.store, short))[::-1]


class CustodyScreen(RegisterScreen):
    """Who holds what now; a search by number asks where a thing is, and since when."""

    PAGE = RegisterPage[CustodyRow](
        name="custody",
        heading=label("Who holds what"),
        register="custody:HELD",
        sees=SEES_CUSTODY,
        number=lambda row: row.number,
        number_width=18,
        columns=(
            Told(label("What"), 9, lambda seen, row: seen.words(KINDS[row.kind])),
            Told(label("Holder"), 14, lambda seen, row: seen.elsewhere(row, holder(seen, row)), flexible=True),
            Told(label("Since"), 5, lambda seen, row: seen.date(row.since)),
            Told(label("Until"), 5, lambda seen, row: seen.date(row.until)),
            Told("", 10, lambda seen, row: row.what, flexible=True),
        ),
        views=(
            View("all", label("all")),
            *(
                View(name, HOLDERS[name], Wanted(view=name))
                for name in ("counter", "technician", "shelf", "factory", "clerk", "supervisor", "accountant")
            ),
        ),
        totals=(
            Total("counter", lambda count: say("at the counter {count}", count=count)),
            Total("technician", lambda count: say("with technicians {count}", count=count)),
            Total("factory", lambda count: say("at the factory {count}", count=count)),
        ),
        full=full,
        filters=(TECHNICIAN._replace(label=label("Holder")), UNIT),
        closed=lambda seen, row: row.until is not None,
        keys=(Key("n", label("Count"), act="custody.count", bare=True),),
        find=where_it_is,
        hint=label("Number of a receipt, goods line, repair card, voucher or loan unit"),
        empty=label("Nothing has been handed over yet."),
    )
