"""The charge of a job: the lines the tariff suggests, and how they are written down (003 Art. 4, 7; D18, D42, R140)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Line, Situation
from servicedesk.domain.calls import CallRow
from servicedesk.domain.charges import (
    ASSESSED,
    BASES,
    COLLECTED_ON_SITE,
    FREE_BASES,
    KINDS,
    NONE,
    TariffRow,
    urgency,
)
from servicedesk.domain.charging import (
    BY_CONTRACT,
    FREE,
    Cover,
    TypedLine,
    WorkedLine,
    cover,
    labour,
    rate,
    total,
    worked_out,
)
from servicedesk.domain.money import parse_amount, show_amount
from servicedesk.domain.repair_cards import PASSED, CardRow
from servicedesk.domain.words import Refused, label, say

if TYPE_CHECKING:
    from servicedesk.domain.units import UnitRow

_MINUTES = re.compile(r"(\d{1,4})(?:m|min|分钟|分鐘)", re.IGNORECASE)
_PIECES = re.compile(r"[x×](\d{1,4})", re.IGNORECASE)
_SHORTEST_BASIS = 3


class ChargeLine(Line):
    """A line of a charge: `labour 80`, `labour 90m` by the tariff, `callout`, `parts 120 agreed`, `labour 0`."""

    kind: Annotated[str, Ask(label("Fee"), "choice", options=KINDS)]
    amount: Annotated[int | None, Ask(label("Amount"), "money")] = None
    minutes: Annotated[int, Ask(label("Minutes"), "number")] = 0
    basis: Annotated[str, Ask(label("Charge basis"), "choice", options=BASES)] = ""
    what: Annotated[str, Ask(label("Part"))] = ""
    quantity: Annotated[int, Ask(label("Quantity"), "number")] = 1

    @classmethod
    def parse(cls, typed: str, situation: Situation) -> Mapping[str, Any]:
        """The kind of fee; then minutes, amount, basis and, of a part, what it is and how many (`x2`).

        Raises:
            Refused: for an unknown kind or an amount that cannot be read.
        """
        begin, *words = typed.split() or [""]
        kinds = [kind for kind in KINDS if begin and kind.startswith(begin.casefold())]
        if len(kinds) != 1:
            raise _no_line(typed)
        line: dict[str, Any] = {"kind": kinds[0]}
        if words and (basis := _basis(words[-1])):
            line["basis"] = basis
            words.pop()
        rest = [word for word in words if not _measure(line, word)]
        for word in [*rest]:
            if (amount := _amount(word, situation.currency)) is not None:
                line["amount"] = amount
                rest.remove(word)
                break
        if rest and (kinds[0] != "parts" or line.keys() == {"kind"}):
            parse_amount(rest[-1], situation.currency)
            raise _no_line(typed)
        if line.keys() == {"kind"} and kinds[0] in ("labour", "parts"):
            raise _no_line(typed)
        return line | ({"what": " ".join(rest)} if rest else {})

    def as_typed(self, currency: str) -> str:
        """The line in the words that read back as it."""
        words = [
            self.kind,
            f"{self.minutes}m" if self.minutes else "",
            "" if self.amount is None else show_amount(self.amount, currency).replace(" ", ""),
            f"x{self.quantity}" if self.quantity != 1 else "",
            self.what.replace(";", ","),
            self.basis,
        ]
        return " ".join(word for word in words if word)

    def as_entered(self) -> TypedLine:
        """What the rules of charging ask."""
        return TypedLine(self.kind, self.amount, self.minutes, self.basis, self.what, self.quantity)


def suggested(
    look: Look,
    row: CallRow,
    card: CardRow | None,
    *,
    until: datetime | None = None,
    used: Iterable[TypedLine] = (),
) -> tuple[ChargeLine, ...]:
    """The lines that a job of this type would have by the tariff of its day; empty where the unit has no tariff.

    Args:
        look: the books.
        row: the job.
        card: its repair card, where the product was carried back; else it is finished on site.
        until: when the technician is done on site; now, if not said.
        used: the parts replaced on site that are on the list.
    """
    from servicedesk.store import charges

    unit = look.unit(row.unit)
    at = until or look.now
    day = _day(unit, at)
    tariff = charges.tariff(look.store, unit.id, day)
    parts = charges.parts_of_card(look.store, card.id) if card is not None else []
    covered = covered_by(look, row)
    lines = []
    if tariff and row.service_type != FREE:
        minutes = _minutes(look, row, at) if card is None else card.minutes
        lines = _by_tariff(tariff, row, day, minutes, card)
    lines += [
        TypedLine("parts", part.amount, 0, part.basis, f"{part.part} {part.name}", part.quantity) for part in parts
    ]
    lines += used
    if tariff and row.service_type == FREE:
        lines.insert(0, TypedLine("labour", 0, 0, covered.basis))
    return tuple(_line(one, covered) for one in lines)


def assess(
    desk: Desk,
    row: CallRow,
    lines: Sequence[ChargeLine],
    *,
    done_at: datetime,
    collected: bool,
    signer: str,
    collected_by: int | None = None,
    field: str = "fees",
) -> dict[str, Any]:
    """Write down what a job charges, and give the columns of its call that say so.

    Args:
        desk: the act's transaction.
        row: the job.
        lines: as they stand on the voucher.
        done_at: when it was done or the goods returned; its day's tariff and limit hold.
        collected: whether the technician has taken the money.
        signer: who signed the lines; empty where nobody has yet.
        collected_by: the key of who took the money; the job's technician, if not said.
        field: where a refusal of a line is shown.

    Raises:
        Refused: for an amount on what is covered (D42), and for collecting more than the unit's limit (D18).
    """
    from servicedesk.store import tables

    worked = worked_lines(desk, row, lines, done_at, field)
    amount = total(worked)
    unit = desk.unit(row.unit)
    _may_collect(unit, done_at, amount, collected)
    if row.service_type == FREE and amount and not signer:
        raise Refused(say("A free job charges only what the customer has signed for: enter who signed."), field=field)
    if not worked:
        return {"fee": 0, "charge": ""}
    state = NONE if not amount else COLLECTED_ON_SITE if collected else ASSESSED
    collected_at = done_at if collected else None
    charge = desk.store.add(
        tables.Charge,
        unit_id=row.unit_id,
        call_id=row.id,
        technician_id=row.technician_id,
        state=state,
        amount=amount,
        currency=unit.currency,
        done_at=done_at,
        signer=signer,
        signed_at=done_at if signer else None,
        collected_at=collected_at,
        collected_by=(collected_by or row.technician_id or desk.actor.id) if collected else None,
        urgent=urgency(state, done_at, None, collected_at),
        changed_by=desk.actor.name,
        changed_at=desk.now,
    )
    write_lines(desk, charge, worked)
    return {"fee": amount, "charge": state}


def sign(desk: Desk, row: CallRow, signer: str, signed_at: datetime) -> None:
    """The customer signs for what was charged, after the technician has left (D30)."""
    from servicedesk.store import charges, tables

    charge = charges.of_call(desk.store, row.id) if row.charge else None
    if charge is not None:
        desk.store.change_version(
            tables.Charge,
            charge.id,
            charge.version,
            signer=signer,
            signed_at=signed_at,
            changed_by=desk.actor.name,
            changed_at=desk.now,
        )


def worked_lines(
    desk: Look, row: CallRow, lines: Iterable[ChargeLine], done_at: datetime, field: str
) -> list[WorkedLine]:
    """The lines with list amount, basis and amount, by the tariff of the day.

    Raises:
        Refused: on the field, for a line that cannot be.
    """
    from servicedesk.store import charges

    entered = [line.as_entered() for line in lines]
    if not entered:
        return []
    day = _day(desk.unit(row.unit), done_at)
    tariff = charges.tariff(desk.store, row.unit_id, day)
    covered = covered_by(desk, row)
    try:
        return [worked_out(line, row.service_type, covered, tariff, row.model_no, day) for line in entered]
    except Refused as refused:
        raise Refused(refused.sentence, field=field) from None


def write_lines(desk: Desk, charge: int, lines: Sequence[WorkedLine]) -> None:
    """The lines of a charge, in the order of the voucher."""
    from servicedesk.store import tables

    for position, line in enumerate(lines, start=1):
        desk.store.add(tables.ChargeLine, charge_id=charge, line=position, **line._asdict())


def covered_by(look: Look, row: CallRow) -> Cover:
    """What warranty or the contract in force on the day of the call covers, parts and labour apart (D42)."""
    from servicedesk.store import customers

    if row.service_type != BY_CONTRACT:
        return cover(row.service_type, False, False)
    product = customers.product(look.store, row.product_id)
    day = row.called_at.astimezone(ZoneInfo(look.unit(row.unit).timezone)).date()
    contract = None if product is None else customers.contract_in_force(look.store, product, day)
    if contract is None:
        return cover(BY_CONTRACT, False, False)
    return cover(BY_CONTRACT, contract.covers_labour, contract.covers_parts)


def _by_tariff(
    tariff: Sequence[TariffRow], row: CallRow, day: str, minutes: int, card: CardRow | None
) -> list[TypedLine]:
    """Call-out on site, inspection where the tariff has one, labour of what was repaired."""
    once = ("callout", "inspection") if card is None else ("inspection",)
    rates = {kind: rate(tariff, kind, row.model_no, day) for kind in once}
    lines = [TypedLine(kind, amount) for kind, amount in rates.items() if amount]
    price = rate(tariff, "labour", row.model_no, day)
    if price and minutes and (card is None or card.state == PASSED):
        lines.append(TypedLine("labour", labour(price, minutes), minutes))
    return lines


def _line(line: TypedLine, covered: Cover) -> ChargeLine:
    """A suggested line; what is covered has the amount 0, but for a part that was entered outside the cover."""
    own = line.basis if line.kind == "parts" else ""
    if covered.of(line.kind) and own not in ("list", "agreed"):
        line = line._replace(amount=0, basis=own or covered.basis)
    elif own in FREE_BASES:
        line = line._replace(amount=0)
    elif covered.of(line.kind):
        line = line._replace(basis="agreed")
    return ChargeLine(**line._asdict())


def _minutes(look: Look, row: CallRow, until: datetime) -> int:
    """The minutes of the visit under way."""
    from servicedesk.store import dispatch

    began = dispatch.active_visit(look.store, row.id).arrived_at
    return max(0, int((until - began).total_seconds()) // 60) if began is not None else 0


def _may_collect(unit: UnitRow, done_at: datetime, amount: int, collected: bool) -> None:
    if collected and amount == 0:
        raise Refused(say("There is no fee to collect."), field="collected")
    limit = unit.fee_limit_on(done_at.astimezone(ZoneInfo(unit.timezone)).date())
    if collected and amount > limit:
        raise Refused(
            say(
                "{amount} is over the {limit} that may be collected on the spot: it is invoiced the same day.",
                amount=show_amount(amount, unit.currency),
                limit=show_amount(limit, unit.currency),
            ),
            field="collected",
        )


def _day(unit: UnitRow, at: datetime) -> str:
    return at.astimezone(ZoneInfo(unit.timezone)).date().isoformat()


def _no_line(typed: str) -> Refused:
    shown = typed.strip()
    return Refused(
        say("'{typed}' is no fee line: write for example 'labour 80' ({kinds}).", typed=shown, kinds=tuple(KINDS))
    )


def _basis(word: str) -> str:
    found = [basis for basis in BASES if len(word) >= _SHORTEST_BASIS and basis.startswith(word.casefold())]
    return found[0] if len(found) == 1 else ""


def _measure(line: dict[str, Any], word: str) -> bool:
    """Note minutes or pieces; whether the word says them."""
    if line["kind"] == "labour" and (minutes := _MINUTES.fullmatch(word)):
        line["minutes"] = int(minutes[1])
        return True
    if line["kind"] == "parts" and (pieces := _PIECES.fullmatch(word)) and int(pieces[1]):
        line["quantity"] = int(pieces[1])
        return True
    return False


def _amount(word: str, currency: str) -> int | None:
    try:
        return parse_amount(word, currency)
    except Refused:
        return None
