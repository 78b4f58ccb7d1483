"""The lines that a technician writes into his report, typed one by one or as a text (003 Art. 12; forms §3.6; R7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from servicedesk.acts.desk import Look
from servicedesk.acts.entry import Ask, Line, Situation
from servicedesk.acts.reports import facts
from servicedesk.domain.day_lines import Span, TypedLine, read_line, write_line
from servicedesk.domain.numbering import CALL, REPAIR_CARD, expand, letter_of
from servicedesk.domain.reports import ReportLineRow
from servicedesk.domain.words import Refused, RefusedFields, Sentence, label, say

if TYPE_CHECKING:
    from servicedesk.domain.calls import CallRow
    from servicedesk.domain.repair_cards import CardRow

COMMENT = ("#", "＃")
"""How a line of a text begins that says nothing to the program."""


class WorkLine(Line):
    """A stretch of the day: `930-1015 d parts count`, `1100-1145 +20 c 0007 fan motor`; minutes after midnight."""

    began: Annotated[int, Ask(label("From"), "number")]
    ended: Annotated[int, Ask(label("To"), "number")]
    service_type: Annotated[str, Ask(label("Service type"))]
    paper: Annotated[str, Ask(label("Call or repair card"))] = ""
    work: Annotated[str, Ask(label("What was done"))] = ""
    travel: Annotated[int, Ask(label("Minutes of the way"), "number")] = 0

    @classmethod
    def parse(cls, typed: str, situation: Situation) -> Mapping[str, Any]:
        """What was typed.

        Raises:
            Refused: for what is no line.
        """
        return read_line(typed)._asdict()


class RefusedLines(RefusedFields):
    """Every line that cannot be kept, by its number in what was typed; one sentence on the field names them all."""

    def __init__(self, problems: Sequence[tuple[int, Sentence]]) -> None:
        told = tuple(say("Line {line}: {reason}", line=line, reason=reason) for line, reason in problems)
        super().__init__({"lines": told[0] if len(told) == 1 else say("Nothing is kept. {lines}", lines=told)})
        self.problems = tuple(problems)


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text that say something, with their numbers."""
    for nth, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.strip().startswith(COMMENT):
            yield nth, line.strip()


def meant(look: Look, whose: facts.Whose, day: date, typed: TypedLine) -> ReportLineRow:
    """A typed line as the report keeps it: its times on the day, customer and number from the call or the card.

    Raises:
        Refused: for a paper that the unit does not have, another service type, an hour that the clocks leave out.
    """
    # A line that came as values and not as it is typed is held to the same.
    line = read_line(write_line(typed))
    began, ended = (facts.moment(whose.unit, day, minutes) for minutes in (line.began, line.ended))
    minutes = facts.minutes_of(Span(began, ended))
    if minutes <= 0:
        raise Refused(say("'{typed}' ends before it begins.", typed=write_line(line)), kind="field")
    named: dict[str, Any] = {"paper": "", "customer_name": "", "call_id": None, "card_id": None}
    if line.paper:
        named = _named(look, whose, day, line)
    return ReportLineRow(
        line=0,
        source="typed",
        service_type=line.service_type,
        work=line.work,
        began_at=began,
        ended_at=ended,
        minutes=minutes,
        travel=line.travel,
        parts="",
        fee=0,
        remarks="",
        **named,
    )


def as_it_is_now(look: Look, line: ReportLineRow) -> ReportLineRow:
    """A kept line with the customer and the service type that its paper has now."""
    row = _paper(look, line.paper) if line.paper else None
    return line if row is None else line._replace(customer_name=row.customer_name, service_type=row.service_type)


def what_it_says(line: ReportLineRow) -> tuple[Any, ...]:
    """By what two lines are the same."""
    return line.began_at, line.ended_at, line.service_type, line.paper, line.work, line.travel


def _named(look: Look, whose: facts.Whose, day: date, line: TypedLine) -> dict[str, Any]:
    """The call or the card that a line names; a short number is of that day."""
    number = expand(line.paper, whose.unit.code, day) or line.paper
    if letter_of(number) not in (CALL, REPAIR_CARD):
        raise Refused(say("{number} is neither a call nor a repair card.", number=number), kind="field")
    row = _paper(look, number)
    if row is None or row.unit != whose.unit.code:
        raise Refused(say("{unit} has no {number} in its books.", unit=whose.unit.code, number=number))
    if row.service_type != line.service_type:
        raise Refused(
            say(
                "{number} is of service type {type}, not {typed}.",
                number=number,
                type=row.service_type,
                typed=line.service_type,
            )
        )
    return {"paper": number, "customer_name": row.customer_name, **_keys(number, row)}


def _keys(number: str, row: CallRow | CardRow) -> dict[str, int | None]:
    if letter_of(number) == CALL:
        return {"call_id": row.id, "card_id": None}
    return {"call_id": row.call_id, "card_id": row.id}  # type: ignore[union-attr]  # a card by its letter


def _paper(look: Look, number: str) -> CallRow | CardRow | None:
    from servicedesk.store import calls
    from servicedesk.store.repair_cards import CARDS

    return calls.one(look.store, number) if letter_of(number) == CALL else CARDS.one(look.store, number)
