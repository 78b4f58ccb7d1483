"""What every act on a charge shares: the register itself, and one way to change a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from servicedesk.acts.act import Prepared
from servicedesk.acts.calls import common
from servicedesk.acts.desk import Book, Desk, Look
from servicedesk.domain.charges import ChargeRow, urgency
from servicedesk.domain.money import show_amount
from servicedesk.domain.words import Refused, say

if TYPE_CHECKING:
    from servicedesk.store.session import Reading


def _one(store: Reading, number: str) -> ChargeRow | None:
    from servicedesk.store.charges import CHARGES as REGISTER

    return REGISTER.one(store, number)


CHARGES = Book("charges", _one)


def now_in(field: str) -> Any:
    """A prepare: now, unless the true time is keyed in from the paper."""

    def prepare(look: Look, rows: Sequence[ChargeRow], values: Mapping[str, Any]) -> Prepared:
        return Prepared(derived={field: look.now})

    return prepare


def change(desk: Desk, row: ChargeRow, **values: Any) -> None:
    """Write on a charge and, what the register's line says of it, on its call; the version seen must still stand."""
    from servicedesk.store import calls, tables

    state = values.get("state", row.state)
    done_at = values.get("done_at", row.done_at)
    invoiced_at = values.get("invoiced_at", row.invoiced_at)
    values["urgent"] = urgency(state, done_at, invoiced_at, values.get("collected_at", row.collected_at))
    desk.store.change_version(
        tables.Charge, row.id, row.version, changed_by=desk.actor.name, changed_at=desk.now, **values
    )
    desk.note(row.number, **{name: _plain(value) for name, value in values.items() if name != "urgent"})
    call = calls.by_id(desk.store, row.call_id)
    on_the_line = {
        "charge": state,
        "fee": values.get("amount", row.amount),
        "invoice_no": values.get("invoice_no", row.invoice_no),
    }
    if changed := {name: value for name, value in on_the_line.items() if value != getattr(call, name)}:
        common.change(desk, call, **changed)


def close_cards(desk: Desk, row: ChargeRow) -> None:
    """What is returned and has nothing left to be charged is closed (states §5.3)."""
    from servicedesk.domain.repair_cards import CLOSED
    from servicedesk.store import charges, tables

    for card in charges.returned_cards(desk.store, row.call_id):
        desk.store.change_version(
            tables.RepairCard,
            card.id,
            card.version,
            state=CLOSED,
            closed_at=desk.now,
            urgent="",
            changed_by=desk.actor.name,
            changed_at=desk.now,
        )
        desk.note(card.number, state=CLOSED)


def one_sum(rows: Sequence[ChargeRow], field: str, counted: int) -> str:
    """The sum of the charges as shown; refused where it is not what was counted."""
    if len({row.currency for row in rows}) > 1:
        raise Refused(say("The charges are in several currencies: take each by itself."), field=field)
    due = sum(row.amount for row in rows)
    charged = show_amount(due, rows[0].currency)
    if counted != due:
        counted_shown = show_amount(counted, rows[0].currency)
        raise Refused(
            say("{counted} is not the {due} that was charged.", counted=counted_shown, due=charged), field=field
        )
    return charged


def in_order(desk: Desk, field: str, at: datetime, earliest: datetime | None, what: str) -> None:
    """Refuse a time that has not come yet, or that lies before another."""
    common.not_in_future(desk, field, at)
    common.not_before(field, at, earliest, what)


def numbers(rows: Sequence[ChargeRow]) -> tuple[str, ...]:
    """The numbers of the rows acted on."""
    return tuple(row.number for row in rows)


def shown(row: ChargeRow) -> str:
    """The amount of a charge with its currency."""
    return show_amount(row.amount, row.currency)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
