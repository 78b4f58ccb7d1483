"""One complaint as the paper (forms §3.11): what was said, the three clocks, what was done, what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from servicedesk.domain.complaint_words import next_acts, next_step, sentence_to_say
from servicedesk.domain.complaints import GRAVITIES, SEES_COMPLAINTS, SERIOUS, STATES, ComplaintRow
from servicedesk.domain.words import label, say
from servicedesk.tui.columns import on_one_line
from servicedesk.tui.complaint_parts import gather, parts
from servicedesk.tui.keys import Key, print_key
from servicedesk.tui.linked import CALL_KEY, CARD_KEY, CUSTOMER_KEY
from servicedesk.tui.registers import Seen
from servicedesk.tui.screens.paper import PaperPage, PaperScreen, side_by_side
from servicedesk.tui.working_through import WorkingThrough

FIRST_KEYS: tuple[Key, ...] = (
    Key("space", label("Take next"), act="complaints.take", bare=True),
    Key("a", label("Acknowledge"), act="complaints.acknowledge"),
    Key("s", label("Solution"), act="complaints.offer"),
    Key("u", label("Urge"), act="complaints.urge"),
    Key("e", label("Grade"), act="complaints.assess", also=(("complaints.grade", label("Grade anew")),)),
)
"""The keys that the queue shows."""
MORE_KEYS: tuple[Key, ...] = (
    Key("o", label("Reached"), act="complaints.contact", id="complaints.reached", typed=(("outcome", "reached"),)),
    Key(
        "n",
        label("Not reached"),
        act="complaints.contact",
        id="complaints.not_reached",
        typed=(("outcome", "not_reached"),),
    ),
    Key(
        "d",
        label("Decide"),
        act="complaints.decide",
        also=(("complaints.approve", label("Decide on the compensation")),),
    ),
    Key("h", label("Site handler"), act="complaints.assign"),
    Key("y", label("Site visit"), act="complaints.visit"),
    Key("i", label("Investigate"), act="complaints.investigate"),
    Key("l", label("Carry out"), act="complaints.carry_out"),
    Key("t", label("Tell the result"), act="complaints.tell"),
    Key("w", label("Follow up"), act="complaints.follow_up"),
    Key("x", label("Close the case"), act="complaints.close"),
    Key("f2", label("New complaint"), act="complaints.receive", bare=True, shown=False),
    Key("f6,q", label("The customer adds"), act="complaints.add", shown=False),
    Key("f4,c", label("Correct"), act="complaints.correct", shown=False),
    Key("m", label("Involve a department"), act="complaints.involve", shown=False),
    Key("b", label("A department's answer"), act="complaints.answer", shown=False),
    Key("p", label("Propose a compensation"), act="complaints.propose", shown=False),
    Key("H", label("Ask a superior for help"), act="complaints.help", shown=False),
    Key("I", label("Incident"), act="complaints.incident", shown=False),
    Key("E", label("Evidence"), act="complaints.evidence", shown=False),
    Key("M", label("Mark malicious"), act="complaints.malicious", shown=False),
    Key(
        "R",
        label("Take up again"),
        act="complaints.resume",
        also=(("complaints.reopen", label("Reopen")),),
        shown=False,
    ),
    Key("N", label("Not reconciled"), act="complaints.unreconciled", shown=False),
    Key("W", label("Complaint withdrawn"), act="complaints.withdraw", shown=False),
    Key("r", label("Telephone in full"), act="complaints.reveal", shown=False),
    CALL_KEY,
    CARD_KEY,
    CUSTOMER_KEY,
    print_key("complaint", "number"),
    print_key("letter", "letter")._replace(key="L", label=label("Print the letter")),
    print_key("submission", "number")._replace(key="S", label=label("Print the submission slip")),
)
COMPLAINT_KEYS = (*FIRST_KEYS, *MORE_KEYS)
"""What can be done to a complaint, on the list and on the sheet."""


def grades(seen: Seen, row: ComplaintRow) -> str:
    """State, gravity and what else marks it out, in words."""
    words = seen.words
    told = [words(STATES[row.state]), words(GRAVITIES[row.gravity]) if row.gravity == SERIOUS else ""]
    if row.round > 1:
        told.append(words(say("reopened {count}", count=row.round - 1)))
    if row.urges:
        told.append(words(say("urged {count}", count=row.urges)))
    if row.malicious:
        told.append(words(label("malicious")))
    return words.joined(filter(None, told))


def said(seen: Seen, row: ComplaintRow) -> tuple[str, str]:
    """Who does what next, and what to say to the customer."""
    words, sentence = seen.words, sentence_to_say(row, seen.now)
    return words(next_step(row)), words(say("Say: {sentence}", sentence=sentence)) if sentence.id else ""


class ComplaintScreen(WorkingThrough, PaperScreen):
    """The complaint handling sheet on screen; `walked` are those that were taken before it, one after the other."""

    DETAIL_ROWS = 3
    PAPER = PaperPage(
        heading=label("Complaint"),
        register="complaints:COMPLAINTS",
        sees=SEES_COMPLAINTS,
        gather=gather,
        parts=parts,
        beside=lambda seen, row: side_by_side(seen.elsewhere(row, row.customer_name), grades(seen, row)),
        next_acts=next_acts,
        keys=COMPLAINT_KEYS,
    )

    def __init__(self, number: str, walked: frozenset[str] = frozenset()) -> None:
        super().__init__(number)
        self.walked = walked | {number}

    def detail_lines(self) -> Sequence[str]:
        """Who does what next; the sentence to say has two lines."""
        if self._found is None:
            return ()
        seen, row, _ = self._found
        step, sentence = said(seen, row)
        lines = Text(on_one_line(sentence)).wrap(self.app.console, max(20, self.size.width - 2))
        return (step, *(line.plain.rstrip() for line in lines))

    def went_on(self, number: str) -> None:
        """The next sheet takes the place of this one."""
        self.app.switch_screen(ComplaintScreen(number, self.walked))
