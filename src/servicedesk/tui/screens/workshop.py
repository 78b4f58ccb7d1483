"""The workshop: the repair cards in the shop, what is promised first on top (003 Art. 8-11; states §5.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from servicedesk.domain import rights
from servicedesk.domain.numbering import REPAIR_CARD
from servicedesk.domain.registers import Wanted
from servicedesk.domain.repair_cards import (
    AT_FACTORY,
    AT_THE_BENCH,
    IN_THE_SHOP,
    READY,
    REPAIRED,
    SEES_CARDS,
    STATES,
    UNREPAIRED,
    WAITING,
    WAITING_PARTS,
    CardRow,
)
from servicedesk.domain.words import label, say
from servicedesk.tui.call_lines import TYPES
from servicedesk.tui.filtering import TECHNICIAN, UNIT, of_state
from servicedesk.tui.registers import RegisterPage, Seen, Told, Total, View
from servicedesk.tui.screens.paper import side_by_side
from servicedesk.tui.screens.register import RegisterScreen
from servicedesk.tui.screens.repair_card import CARD_KEYS, RepairCardScreen, needs_help, next_step, running_minutes

if TYPE_CHECKING:
    from servicedesk.tui.app import ServiceDesk

SHORT: Mapping[str, str] = {
    **STATES,
    WAITING: label("waiting"),
    WAITING_PARTS: label("waits for parts"),
    REPAIRED: label("to inspect"),
    UNREPAIRED: label("unrepaired"),
}
"""The states as a column has room for them."""


def promised(seen: Seen, row: CardRow) -> str:
    """The working time left while somebody still has to repair or pass it."""
    if row.state in (*AT_THE_BENCH, AT_FACTORY, REPAIRED):
        return seen.left(row.unit, row.promised_at)
    return seen.words(label("ready")) if row.state in READY else seen.date(row.returned_at)


def now(seen: Seen, row: CardRow) -> str:
    """Where the card stands: a request for help first, then a running clock, then the state."""
    words = seen.words
    if needs_help(seen, row):
        return words(label("ask for help"))
    if row.assistance:
        return words(label("help asked"))
    if row.running_since is not None:
        return words(say("runs {minutes} min", minutes=running_minutes(seen, row)))
    return words(SHORT[row.state])


def full(seen: Seen, row: CardRow) -> Sequence[str]:
    """The card under the cursor in full."""
    words = seen.words
    kind = words(TYPES[row.service_type])
    state = words(STATES[row.state])
    return (
        side_by_side(row.number, row.customer_name, seen.telephone(row), kind, state),
        side_by_side(row.found or row.symptom, words(say("promised {at}", at=row.promised_at))),
        next_step(seen, row),
    )


def opened(desk: ServiceDesk, row: CardRow) -> None:
    """The card."""
    desk.push_screen(RepairCardScreen(row.number))


class WorkshopScreen(RegisterScreen):
    """The workshop's desk."""

    PAGE = RegisterPage[CardRow](
        name="repair_cards",
        heading=label("Workshop"),
        register="repair_cards:CARDS",
        sees=SEES_CARDS,
        columns=(
            Told(label("In"), 5, lambda seen, row: seen.date(row.came_in_at)),
            Told(label("Customer"), 10, lambda seen, row: seen.elsewhere(row, row.customer_name), flexible=True),
            Told(label("Model"), 12, lambda seen, row: row.model_no),
            Told(label("T"), 2, lambda seen, row: row.service_type),
            Told(label("Promised"), 11, promised),
            Told(label("Who"), 8, lambda seen, row: row.technician_name),
            Told(label("Now"), 15, now, flexible=True),
        ),
        views=(
            View("shop", label("all in the shop"), Wanted(urgent=True)),
            View("mine", label("mine"), Wanted(urgent=True), mine=True),
            View("late", label("late"), Wanted(view="late", urgent=True)),
            View("assistance", label("assistance asked"), Wanted(view="assistance", urgent=True)),
            View("unassigned", label("no technician yet"), Wanted(view="unassigned", urgent=True)),
            View("parts", label("waiting for parts"), Wanted(state=WAITING_PARTS, urgent=True)),
            View("inspect", label("to inspect"), Wanted(state=REPAIRED, urgent=True)),
            View("ready", label("ready to return"), Wanted(view="ready", urgent=True)),
            View("factory", label("at the factory"), Wanted(view="factory", urgent=True)),
            View("exchange", label("return or exchange due"), Wanted(view="exchange_due")),
            View("all", label("all cards")),
        ),
        first_views={rights.CLERK: "shop", rights.SUPERVISOR: "shop", rights.TECHNICIAN: "mine"},
        totals=(
            Total("shop", lambda count: say("in the shop {count}", count=count)),
            Total("late", lambda count: say("late {count}", count=count)),
            Total("assistance", lambda count: say("help asked {count}", count=count)),
        ),
        full=full,
        opens=opened,
        late=lambda seen, row: row.late(seen.now),
        closed=lambda seen, row: row.state not in IN_THE_SHOP,
        filters=(of_state(STATES), TECHNICIAN, UNIT),
        keys=CARD_KEYS,
        letter=REPAIR_CARD,
        searched=True,
        empty=label("No card is in the shop. Goods in, from a call carried back, opens one."),
    )
