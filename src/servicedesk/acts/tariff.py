"""The tariff of a unit: what a call-out, an inspection and an hour of labour cost from a day on (001 9.2.1; R140)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from servicedesk.acts.act import Done, act
from servicedesk.acts.desk import Desk
from servicedesk.acts.entry import Ask, Entry
from servicedesk.acts.lookups import resolved
from servicedesk.acts.units import named_unit
from servicedesk.domain.charges import TARIFF_KINDS
from servicedesk.domain.money import parse_amount, show_amount
from servicedesk.domain.words import Refused, Sentence, label, say

_LONGEST_GROUP = 40


class TariffEntry(Entry):
    """A line of the tariff; labour is for 60 minutes. The amount is read in the unit's currency."""

    unit: Annotated[str, Ask(label("Unit"), "lookup", lookup="units")]
    kind: Annotated[str, Ask(label("Fee"), "choice", options=TARIFF_KINDS)]
    model_group: Annotated[str, Ask(label("Models that begin with"))] = ""
    from_day: Annotated[date | None, Ask(label("Holds from"), "day", row=1)] = None
    amount: Annotated[str, Ask(label("Amount"), row=1)]


@act("tariff.set", TariffEntry)
def set_tariff(desk: Desk, rows: Sequence[Any], entry: TariffEntry) -> Done:
    """Set an amount from a day on; what was charged before that day stays as it is.

    A line that begins the same day is replaced; 0 ends what the tariff had.
    """
    from servicedesk.store import charges, tables

    unit = named_unit(desk, resolved(desk, "units", "unit", entry.unit, {}))
    today = desk.today(unit.timezone)
    begins = entry.from_day or today
    if begins < today:
        raise Refused(say("A new tariff holds from today or later."), field="from_day")
    if len(entry.model_group) > _LONGEST_GROUP:
        raise Refused(say("Enter how the model numbers begin, like KFR."), field="model_group")
    amount = _amount(entry.amount, unit.currency)
    group = entry.model_group.upper()
    key = (entry.kind, group, begins.isoformat())
    known = charges.whole_tariff(desk.store, unit.id)
    before = next((line for line in known if (line.kind, line.model_group, line.from_day) == key), None)
    if before is None:
        desk.store.add(
            tables.TariffLine, unit_id=unit.id, kind=entry.kind, model_group=group, from_day=begins, amount=amount
        )
    else:
        desk.store.change(tables.TariffLine, before.id, amount=amount)
    desk.note(unit.code, kind=entry.kind, model_group=group, from_day=begins.isoformat(), amount=amount)
    if before is not None:
        desk.note(unit.code, amount_before=before.amount)
    sentence = say(
        "{unit}: {kind} {amount} from {day}.",
        unit=unit.code,
        kind=Sentence(TARIFF_KINDS[entry.kind]),
        amount=show_amount(amount, unit.currency),
        day=begins,
    )
    return Done(sentence, (unit.code,))


def _amount(typed: str, currency: str) -> int:
    try:
        return parse_amount(typed, currency)
    except Refused as refused:
        raise Refused(refused.sentence, field="amount", kind="field") from None
