"""Where the money of a charge is: handed in, collected, settled, given up (003 Art. 7; states §5.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from servicedesk.acts.act import Done, act
from servicedesk.acts.charges.common import CHARGES, change, close_cards, in_order, now_in, numbers, one_sum, shown
from servicedesk.acts.desk import Desk
from servicedesk.acts.entry import Ask, Entry
from servicedesk.acts.lookups import resolved
from servicedesk.domain.charges import COLLECTED, POSTED, REMITTED, SETTLED, TO_BE_COLLECTED, WRITTEN_OFF, ChargeRow
from servicedesk.domain.words import Refused, label, say


class Remit(Entry):
    """What the accountant has counted: the sum of all the charges chosen."""

    amount: Annotated[int, Ask(label("Amount counted"), "money", row=1)]
    remitted_at: Annotated[datetime, Ask(label("Handed in at"), "moment", row=1)]


class Send(Entry):
    """Who goes to collect."""

    collector: Annotated[str, Ask(label("Who collects"), "lookup", lookup="staff")]


class Collect(Entry):
    """What was collected, and when."""

    amount: Annotated[int, Ask(label("Amount collected"), "money", row=1)]
    collected_at: Annotated[datetime, Ask(label("Collected at"), "moment", row=1)]


class Settle(Entry):
    """When the money was in."""

    settled_at: Annotated[datetime, Ask(label("Settled at"), "moment")]


class Reason(Entry):
    """Why."""

    reason: Annotated[str, Ask(label("Reason"))]


class WriteOff(Entry):
    """The manager's own word, where there is more to say than the proposal does."""

    reason: Annotated[str, Ask(label("Reason"))] = ""


@act("charges.remit", Remit, book=CHARGES, prepare=now_in("remitted_at"), many=True)
def remit(desk: Desk, rows: Sequence[ChargeRow], entry: Remit) -> Done:
    """The technician hands the money in and the accountant confirms the amount (003 Art. 7)."""
    due = one_sum(rows, "amount", entry.amount)
    for row in rows:
        in_order(desk, "remitted_at", entry.remitted_at, row.collected_at, label("when it was collected"))
        change(desk, row, state=REMITTED, remitted_at=entry.remitted_at, remitted_to=desk.actor.id)
        close_cards(desk, row)
    said = say("{amount} handed in for {numbers}.", amount=due, numbers=" ".join(numbers(rows)))
    return Done(said, numbers(rows), ("charges.invoice",))


@act("charges.send", Send, book=CHARGES)
def send(desk: Desk, rows: Sequence[ChargeRow], entry: Send) -> Done:
    """Somebody of the unit goes to the customer to collect (003 Art. 7)."""
    from servicedesk.store import staff

    row = rows[0]
    person = staff.person(desk.store, resolved(desk, "staff", "collector", entry.collector, {}))
    if person is None or not person.active or person.unit != row.unit:
        raise Refused(say("Choose somebody of {unit}.", unit=row.unit), field="collector")
    change(desk, row, state=TO_BE_COLLECTED, collector_id=person.id)
    said = say("{name} goes to collect {amount}.", name=person.name, amount=shown(row))
    return Done(said, (row.number,), ("charges.collect",))


@act("charges.collect", Collect, book=CHARGES, prepare=now_in("collected_at"))
def collect(desk: Desk, rows: Sequence[ChargeRow], entry: Collect) -> Done:
    """The money is collected, all of it."""
    from servicedesk.store import staff

    row = rows[0]
    one_sum(rows, "amount", entry.amount)
    in_order(desk, "collected_at", entry.collected_at, row.invoiced_at, label("when the invoice was issued"))
    person = staff.person(desk.store, row.collector)
    collected_by = desk.actor.id if person is None else person.id
    change(desk, row, state=COLLECTED, collected_at=entry.collected_at, collected_by=collected_by)
    said = say("{amount} collected for {number}.", amount=shown(row), number=row.number)
    return Done(said, (row.number,), ("charges.settle",))


@act("charges.settle", Settle, book=CHARGES, prepare=now_in("settled_at"), many=True)
def settle(desk: Desk, rows: Sequence[ChargeRow], entry: Settle) -> Done:
    """The money is in and the customer has the invoice."""
    for row in rows:
        earliest = row.posted_at if row.state == POSTED else row.collected_at
        in_order(
            desk, "settled_at", entry.settled_at, earliest, label("when the invoice was posted or the money collected")
        )
        change(desk, row, state=SETTLED, settled_at=entry.settled_at)
    return Done(say("Settled: {numbers}.", numbers=" ".join(numbers(rows))), numbers(rows))


@act("charges.propose_write_off", Reason, book=CHARGES)
def propose_write_off(desk: Desk, rows: Sequence[ChargeRow], entry: Reason) -> Done:
    """The accountant proposes to give the money up; the branch manager decides."""
    row = rows[0]
    change(desk, row, write_off_proposed=entry.reason)
    said = say("The write-off of {amount} for {number} is proposed.", amount=shown(row), number=row.number)
    return Done(said, (row.number,), ("charges.write_off",))


@act("charges.write_off", WriteOff, book=CHARGES)
def write_off(desk: Desk, rows: Sequence[ChargeRow], entry: WriteOff) -> Done:
    """The branch manager gives the money up (呆账)."""
    row = rows[0]
    change(desk, row, state=WRITTEN_OFF, reason=entry.reason or row.write_off_proposed)
    return Done(say("{amount} for {number} written off.", amount=shown(row), number=row.number), (row.number,))
