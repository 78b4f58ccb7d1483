"""What a job charges: the tariff of its day, what contract or warranty covers, the lines and their sum (D42, R140)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from servicedesk.domain.charges import BASES, FREE_BASES, KINDS, TariffRow
from servicedesk.domain.words import Refused, Sentence, say

BY_CONTRACT = "B"
FREE = "C"


class Cover(NamedTuple):
    """What the customer does not pay: `basis` is why; labour means call-out and inspection, too."""

    labour: bool = False
    parts: bool = False
    basis: str = ""

    def of(self, kind: str) -> bool:
        """Whether a line of this kind is covered."""
        return self.parts if kind == "parts" else self.labour


class TypedLine(NamedTuple):
    """A line as it was entered: `amount` in minor units or None where the tariff is to say it, `basis` or empty."""

    kind: str
    amount: int | None = None
    minutes: int = 0
    basis: str = ""
    what: str = ""
    quantity: int = 1


class WorkedLine(NamedTuple):
    """A line worked out; `quantity` is minutes for labour by time, pieces for parts. Money in minor units."""

    kind: str
    what: str
    quantity: int
    list_amount: int
    basis: str
    amount: int


def cover(service_type: str, covers_labour: bool, covers_parts: bool) -> Cover:
    """A free job covers everything but parts outside its cover, a contract what it says (003 Art. 4, D42)."""
    if service_type == FREE:
        return Cover(True, True, "warranty")
    if service_type == BY_CONTRACT:
        return Cover(covers_labour, covers_parts, "contract")
    return Cover()


def rate(tariff: Iterable[TariffRow], kind: str, model_no: str, day: str) -> int:
    """The amount of the tariff for this kind, model and day (ISO), in minor units; 0 where there is none.

    The line whose model group is the longest beginning of the model counts, of these the one that came last.
    """
    model = model_no.casefold()
    found = [
        line
        for line in tariff
        if line.kind == kind and line.from_day <= day and model.startswith(line.model_group.casefold())
    ]
    best = max(found, key=lambda line: (len(line.model_group), line.from_day), default=None)
    return 0 if best is None else best.amount


def labour(rate_of_an_hour: int, minutes: int) -> int:
    """Labour for so many minutes, rounded half up to the minor unit."""
    return (rate_of_an_hour * minutes * 2 + 60) // 120


def total(lines: Iterable[WorkedLine]) -> int:
    """What is to be paid, in minor units."""
    return sum(line.amount for line in lines)


def worked_out(
    typed: TypedLine, service_type: str, covered: Cover, tariff: Sequence[TariffRow], model_no: str, day: str
) -> WorkedLine:
    """A line with its list amount, its basis and its amount.

    Raises:
        Refused: for an amount where contract, warranty or the line's own basis says that nothing is charged, a contract
            on a job that is under none, or a line whose amount nobody said and the tariff does not know.
    """
    price = rate(tariff, typed.kind, model_no, day)
    if typed.kind == "labour":
        price = labour(price, typed.minutes)
    listed = price or typed.amount or 0
    basis = typed.basis or _basis(typed, covered, listed)
    if basis == "contract" and service_type != BY_CONTRACT:
        raise Refused(say("The job is under no contract: choose another basis."))
    if basis in FREE_BASES:
        if typed.amount:
            raise Refused(say("A line without charge ({basis}) has the amount 0.", basis=Sentence(BASES[basis])))
        return _line(typed, listed, basis, 0)
    if typed.amount is None and (not price or basis == "agreed"):
        raise Refused(say("Type the amount of the {kind}: the tariff has none.", kind=Sentence(KINDS[typed.kind])))
    amount = price if typed.amount is None else typed.amount
    if amount and covered.of(typed.kind):
        _refuse_covered(typed, service_type)
    return _line(typed, listed, basis, amount)


def _line(typed: TypedLine, listed: int, basis: str, amount: int) -> WorkedLine:
    quantity = typed.minutes if typed.kind == "labour" and typed.minutes else typed.quantity
    return WorkedLine(typed.kind, typed.what, quantity, listed, basis, amount)


def _basis(typed: TypedLine, covered: Cover, listed: int) -> str:
    """What nobody said: covered where nothing is charged, the list price where it is that, else agreed."""
    if not typed.amount and covered.of(typed.kind):
        return covered.basis
    if typed.amount == 0 and listed:
        return "no_charge"
    return "list" if typed.amount in (None, listed) else "agreed"


def _refuse_covered(typed: TypedLine, service_type: str) -> None:
    """A part outside the cover may be charged, on a line that the customer signs (D42)."""
    if service_type == FREE and typed.kind != "parts":
        raise Refused(say("A free job has no call-out, inspection or labour charge; only parts outside its cover."))
    if service_type == BY_CONTRACT and typed.kind != "parts":
        raise Refused(say("The contract covers the {kind}: its amount is 0.", kind=Sentence(KINDS[typed.kind])))
    if service_type == BY_CONTRACT and typed.basis != "agreed":
        raise Refused(say("The contract covers parts: enter one outside its cover as 'parts 120 agreed'."))
