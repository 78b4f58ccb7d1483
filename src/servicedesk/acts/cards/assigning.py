"""What the supervisor does to a card by himself and by his answer alike: who repairs it, its promise, the factory."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from servicedesk.acts.cards.common import change_goods, move_article, stopped, tell_customer
from servicedesk.acts.desk import Desk
from servicedesk.domain import goods as goods_register
from servicedesk.domain.repair_cards import AT_FACTORY, BEYOND_REPAIR, CardRow
from servicedesk.domain.words import Refused, say


def hand_to(desk: Desk, row: CardRow, technician: int, note: str = "") -> dict[str, Any]:
    """Another technician, or the first one; an open request for assistance is answered by it.

    Raises:
        Refused: where the card is his already.
    """
    if row.technician_id == technician:
        raise Refused(
            say("{number} is assigned to {name} already.", number=row.number, name=row.technician_name),
            field="technician",
        )
    return {"technician_id": technician, **answered(desk, row, "technician", note)}


def promise_anew(desk: Desk, row: CardRow, at: datetime, reason: str, whom: str, how: str) -> dict[str, Any]:
    """A new promised time; the first one stays the one that is measured (003 Art. 11, D19).

    Raises:
        Refused: on the field, for a time that has passed or is promised already.
    """
    from servicedesk.store import repair_cards, tables

    if at <= desk.now:
        raise Refused(say("{at} has passed: promise a time to come.", at=at), field="promised_at")
    if at == row.promised_at:
        raise Refused(say("{number} is promised for {at} already.", number=row.number, at=at), field="promised_at")
    nth = len(repair_cards.promises(desk.store, row.id)) + 1
    desk.store.add(
        tables.Promise, card_id=row.id, nth=nth, promised_at=at, at=desk.now, by_id=desk.actor.id, reason=reason
    )
    change_goods(desk, row, promised_at=at)
    tell_customer(desk, row, "promise", whom, how)
    return {"promised_at": at, **answered(desk, row, "promise", reason)}


def send_out(desk: Desk, row: CardRow, to: str, at: datetime, note: str, field: str) -> dict[str, Any]:
    """To the factory: the goods register says where to and since when, a running clock stops."""
    clock = stopped(desk, row, at, field)
    move_article(desk, row, "factory", at)
    change_goods(desk, row, state=goods_register.SENT_OUT, sent_out_at=at, sent_to=to, back_at=None)
    return {"state": AT_FACTORY, **clock, **answered(desk, row, "factory", note)}


def give_up(desk: Desk, row: CardRow, reason: str) -> dict[str, Any]:
    """Beyond repair: it waits on the shelf for its customer, who is to be told; an open estimate is withdrawn."""
    from servicedesk.store import repair_cards, tables

    clock = stopped(desk, row, desk.now, "answer")
    estimate = repair_cards.open_estimate(desk.store, row.id)
    withdrawn = {}
    if estimate is not None:
        desk.store.change(tables.Estimate, estimate.id, state="withdrawn")
        withdrawn = {"estimate": ""}
    move_article(desk, row, "shelf", desk.now)
    tell_customer(desk, row, "beyond_repair")
    return {
        "state": BEYOND_REPAIR,
        "exchange_due": row.service_type == "C",
        "reason": reason,
        **clock,
        **withdrawn,
        **answered(desk, row, "beyond_repair", reason),
    }


def answered(desk: Desk, row: CardRow, answer: str, note: str) -> dict[str, Any]:
    """Write the supervisor's answer on the open request, where there is one (003 Art. 11)."""
    from servicedesk.store import repair_cards, tables

    if not row.assistance:
        return {}
    request = repair_cards.open_assistance(desk.store, row.id)
    desk.store.change(
        tables.Assistance, request, answer=answer, answered_at=desk.now, answered_by=desk.actor.id, note=note
    )
    return {"assistance": False}
