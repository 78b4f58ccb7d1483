"""A repair card is opened, with its promises: at goods in, or in the place of one that was void (003 Art. 8, 11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from servicedesk.acts.desk import Desk
from servicedesk.domain.numbering import REPAIR_CARD
from servicedesk.domain.repair_cards import WAITING, urgency


def open_card(desk: Desk, unit: str, promises: Sequence[tuple[datetime, str]], **columns: Any) -> str:
    """Write the card and give its number.

    Args:
        desk: the act's transaction.
        unit: the code of the unit whose workshop it is.
        promises: each promised time with its reason, the one that is measured first (D19).
        columns: the rest of the card.
    """
    from servicedesk.store import tables

    number = desk.number(desk.unit(unit), REPAIR_CARD)
    first, last = promises[0][0], promises[-1][0]
    card = desk.store.add(
        tables.RepairCard,
        number=number,
        opened_by=desk.actor.id,
        promised_at=last,
        first_promised_at=first,
        urgent=urgency(WAITING, last),
        changed_by=desk.actor.name,
        changed_at=desk.now,
        **columns,
    )
    for nth, (promised_at, reason) in enumerate(promises, start=1):
        desk.store.add(
            tables.Promise,
            card_id=card,
            nth=nth,
            promised_at=promised_at,
            at=desk.now,
            by_id=desk.actor.id,
            reason=reason,
        )
    return number
