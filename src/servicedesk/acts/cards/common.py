"""What every act on a repair card shares: one way to change a card, the clock, the goods line beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from servicedesk.acts import goods
from servicedesk.acts.calls import handing
from servicedesk.acts.calls.common import not_before, not_in_future, plain
from servicedesk.acts.desk import Book, Desk, Look
from servicedesk.domain.repair_cards import CardRow, prompt, urgency
from servicedesk.domain.rights import TECHNICIAN
from servicedesk.domain.words import Refused, Sentence, label, say

if TYPE_CHECKING:
    from servicedesk.store.session import Reading


def _one(store: Reading, number: str) -> CardRow | None:
    from servicedesk.store.repair_cards import CARDS as REGISTER

    return REGISTER.one(store, number)


CARDS = Book("cards", _one)


def change(desk: Desk, row: CardRow, **values: Any) -> None:
    """Write on a card; the version the person saw must still stand, the key of the urgent view follows by itself."""
    from servicedesk.store import tables

    values["urgent"] = urgency(values.get("state", row.state), values.get("promised_at", row.promised_at))
    desk.store.change_version(
        tables.RepairCard, row.id, row.version, changed_by=desk.actor.name, changed_at=desk.now, **values
    )
    desk.note(row.number, **{name: plain(value) for name, value in values.items() if name != "urgent"})


def change_goods(desk: Desk, row: CardRow, **values: Any) -> None:
    """Write on the card's line of the goods in/out register."""
    from servicedesk.store.goods import GOODS

    goods.change(desk, GOODS.by_id(desk.store, row.goods_id), **values)


def move_article(desk: Desk, row: CardRow, holder: str, since: datetime) -> None:
    """Hand the article of a card over at its true time."""
    handing.move_article(desk, row.product_id, row.receipt, row.unit_id, holder, since=since, paper=row.number)


def tell_customer(desk: Desk, row: CardRow, reason: str, whom: str = "", how: str = "") -> None:
    """Note whom the customer's side was told by, or put the customer on the list "to be told" (R107)."""
    from servicedesk.store import tables

    told: dict[str, Any] = {}
    if whom:
        told = {"told_at": desk.now, "told_by": desk.actor.id, "told_whom": whom, "told_how": how}
    desk.store.add(tables.Telling, call_id=row.call_id, reason=reason, since=desk.now, **told)


def to_minute(at: datetime) -> datetime:
    """Times at the bench are to the minute."""
    return at.replace(second=0, microsecond=0)


def worker(desk: Desk, row: CardRow) -> int:
    """Whose hands are meant: the technician who acts, else the one who is assigned.

    Raises:
        Refused: where there is none.
    """
    if desk.post is not None and desk.post.role == TECHNICIAN:
        return desk.actor.id
    if row.technician_id is None:
        raise Refused(say("{number} has no technician yet: the service supervisor assigns one.", number=row.number))
    return row.technician_id


def in_the_shop_at(desk: Desk, row: CardRow, field: str, at: datetime) -> None:
    """Refuse a time that has not come, or that was before the goods came in.

    Raises:
        Refused: on the field.
    """
    not_in_future(desk, field, at)
    not_before(field, at, to_minute(row.came_in_at), label("when the goods came in"))


def started(desk: Desk, row: CardRow, at: datetime, field: str) -> dict[str, Any]:
    """Begin a time line without an end; gives what the card says of it.

    Raises:
        Refused: where the technician's clock runs on a card already, naming it.
    """
    from servicedesk.store import repair_cards, tables

    person, began = worker(desk, row), to_minute(at)
    in_the_shop_at(desk, row, field, began)
    running = repair_cards.running_of(desk.store, person)
    if running:
        raise Refused(say("The clock runs on {other}: stop it there first.", other=running))
    free_then(desk, person, began, desk.now, field)
    line = repair_cards.last_time_line(desk.store, row.id) + 1
    desk.store.add(tables.TimeLine, card_id=row.id, line=line, technician_id=person, began_at=began)
    return {"running_since": began, "running_by": person}


def stopped(desk: Desk, row: CardRow, at: datetime, field: str) -> dict[str, Any]:
    """End the running time line, one minute at least; gives what the card says of it, nothing where no clock runs.

    Raises:
        Refused: for an end before its beginning.
    """
    from servicedesk.store import repair_cards, tables

    line = repair_cards.running_line(desk.store, row.id)
    if line is None:
        return {}
    ended = to_minute(at)
    not_in_future(desk, field, ended)
    not_before(field, ended, line.began_at, label("when the clock was started"))
    minutes = max(1, minutes_between(line.began_at, ended))
    desk.store.change(tables.TimeLine, line.id, ended_at=ended, minutes=minutes)
    return {"running_since": None, "running_by": None, "minutes": row.minutes + minutes}


def free_then(desk: Desk, person: int, began: datetime, ended: datetime, field: str) -> None:
    """Refuse hours in which the technician worked on a card already.

    Raises:
        Refused: on the field, naming that card and its hours.
    """
    from servicedesk.store import repair_cards

    other = repair_cards.overlapping(desk.store, person, began, ended, desk.now)
    if other is not None:
        raise Refused(
            say(
                "These hours overlap with {began} to {ended} on {other}.",
                began=other.began_at,
                ended=other.ended_at or desk.now,
                other=other.number,
            ),
            field=field,
        )


def minutes_between(began: datetime, ended: datetime) -> int:
    """Whole minutes."""
    return int((ended - began).total_seconds()) // 60


def prompts(look: Look, row: CardRow) -> tuple[Sentence, ...]:
    """What a form says of a card that is past its promised time (003 Art. 11)."""
    said = prompt(row, look.now)
    return () if said is None else (said,)


def next_of(desk: Desk, row: CardRow, *acts: str, state: str = "") -> tuple[str, ...]:
    """The natural next acts, in the state the card has now; past the promise asking for assistance comes first."""
    now = row._replace(state=state or row.state)
    return acts if prompt(now, desk.now) is None else ("cards.ask", *acts)


def needed(field: str, text: str) -> Refused:
    """The refusal of a field that this case cannot do without."""
    return Refused(say("{field} is required.", field=Sentence(text)), field=field, kind="field")


def numbers(rows: Sequence[CardRow]) -> tuple[str, ...]:
    """The numbers of the cards acted on."""
    return tuple(row.number for row in rows)
