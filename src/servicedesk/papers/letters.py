"""Letters to customers, each in the customer's language alone (003 Art. 22)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from servicedesk.domain.complaint_lines import LetterRow
from servicedesk.domain.complaints import COMPENSATION
from servicedesk.domain.money import show_amount
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Sentence, label, say
from servicedesk.papers.paper import Field, Paper, Paragraph, Value, fields

DEPARTMENT_SIGNS = label("For the Customer Department")

_DOES: Mapping[str, Sentence] = {
    "repair": say("We put your product right:"),
    "exchange": say("We take the product back or exchange it for you:"),
    COMPENSATION: say("We compensate you:"),
    "apology": say("We have failed you in this, and we ask you to accept our sincere apology:"),
    "improvement": say("We change the way we work, so that this does not happen to you again:"),
}
"""What each measure means to the customer (R101)."""


def letter(unit: UnitRow, row: LetterRow, address: str) -> Paper:
    """The letter that tells the customer the outcome, in the customer's language (003 Art. 22).

    Args:
        unit: in whose name it is written.
        row: the letter as it was sent.
        address: empty where the person who prints it does not read it in full: then the envelope has it alone.
    """
    zone = ZoneInfo(unit.timezone)
    told: list[Value] = [row.solution]
    if row.measure == COMPENSATION:
        told.insert(0, say("The amount is {amount}.", amount=show_amount(row.compensation, unit.currency)))
    if row.words != row.solution:
        told.append(row.words)
    body = (
        Paragraph(say("Dear {name},", name=row.addressee)),
        Paragraph(say("On {day} you told us of the following:", day=_day(row.received_at, zone))),
        Paragraph(row.content, quoted=True),
        Paragraph(say("Thank you for telling us. We are sorry for the trouble that you have had.")),
        Paragraph(say("We have looked into the matter with care. This is what we found:")),
        Paragraph(row.cause, quoted=True),
        Paragraph(_DOES[row.measure]),
        *(Paragraph(value, quoted=True) for value in told),
        Paragraph(
            say("We shall be in touch with you once more, to hear whether you are content with how it was settled.")
        ),
        Paragraph(
            say(
                "Should you have any question, please ring us, ask for {name} and name the number of this letter, "
                "{number}.",
                name=row.ask_for,
                number=row.number,
            )
        ),
        Paragraph(say("Yours faithfully,")),
    )
    return Paper(
        "letter",
        label("Reply to your complaint"),
        row.number,
        unit.name,
        fields(
            (label("Written to"), row.addressee),
            (label("Date"), _day(row.written_at, zone)),
            *((Field(label("Address"), address, wide=True),) if address else ()),
            (label("Your complaint"), row.complaint),
        ),
        signatures=(DEPARTMENT_SIGNS,),
        size="A4",
        body=body,
        language=row.language,
    )


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
