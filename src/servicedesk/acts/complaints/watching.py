"""Urging, help of a superior, incidents, evidence, malicious complaints (003 Art. 22-24; states §5.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.complaints.common import COMPLAINTS, change, log, numbers
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry, Line, Situation, halves
from servicedesk.domain.complaint_lines import BECAME
from servicedesk.domain.complaints import ComplaintRow
from servicedesk.domain.words import Refused, label, say

NONE = "-"
"""Typed where there shall be no incident any more."""


class EvidenceLine(Line):
    """A piece of evidence: `通话录音 11-23: 客服部服务器`; without a colon nothing says where it is kept."""

    what: Annotated[str, Ask(label("What it is"))]
    kept: Annotated[str, Ask(label("Where it is kept"))] = ""

    @classmethod
    def parse(cls, typed: str, situation: Situation) -> Mapping[str, Any]:
        """What it is before the first colon, where it is kept behind.

        Raises:
            Refused: where nothing is named.
        """
        what, kept = halves(typed)
        if not what:
            raise Refused(
                say(
                    "'{typed}' names no evidence: write for example 'recording of 11-23: drive 2'.", typed=typed.strip()
                ),
                kind="field",
            )
        return {"what": what, "kept": kept}


class Urge(Entry):
    """Who was pressed, and how."""

    whom: Annotated[str, Ask(label("Who was urged"))]
    words: Annotated[str, Ask(label("What is urged"), "long")]


class Help(Entry):
    """Whose help is asked, and for what."""

    whom: Annotated[str, Ask(label("Whose help is asked"))]
    words: Annotated[str, Ask(label("What help is needed"), "long")]


class Incident(Entry):
    """The emergency that the complaint belongs to: one that is known, or a new name."""

    incident: Annotated[str, Ask(label("Incident (- for none)"), "lookup", lookup="incidents")]


class Evidence(Entry):
    """Pieces of evidence, each with where it is kept."""

    lines: Annotated[tuple[EvidenceLine, ...], Ask(label("Evidence"), "lines")]


class Malicious(Entry):
    """Why, and who of the legal side was told when."""

    because: Annotated[str, Ask(label("Why it is malicious"), "long")]
    legal_told: Annotated[str, Ask(label("Who of the legal side was told"))]


def urge_the_handler(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """The site handler; before there is one, the unit."""
    return Prepared(derived={"whom": rows[0].handler_name or rows[0].unit})


def as_it_stands(look: Look, rows: Sequence[ComplaintRow], values: Mapping[str, Any]) -> Prepared:
    """The incident as it stands; those of open complaints are said."""
    from servicedesk.store import complaints

    known = complaints.open_incidents(look.store)
    notes = tuple(say("{incident}: open complaints {count}", incident=name, count=count) for name, count in known)
    return Prepared(derived={"incident": rows[0].incident} if rows[0].incident else {}, notes=notes)


@act("complaints.urge", Urge, book=COMPLAINTS, prepare=urge_the_handler)
def urge(desk: Desk, rows: Sequence[ComplaintRow], entry: Urge) -> Done:
    """Press for action, at any time (003 Art. 23)."""
    row = rows[0]
    log(desk, row, "urge", entry.words, whom=entry.whom)
    change(desk, row, urges=row.urges + 1)
    said = say(
        "{whom} is urged on {number}; urged so far: {count}.", whom=entry.whom, number=row.number, count=row.urges + 1
    )
    return Done(said, numbers(rows))


@act("complaints.help", Help, book=COMPLAINTS)
def ask_for_help(desk: Desk, rows: Sequence[ComplaintRow], entry: Help) -> Done:
    """Ask a superior or a department for help (R163)."""
    row = rows[0]
    log(desk, row, "help", entry.words, whom=entry.whom)
    change(desk, row)
    return Done(say("{whom} is asked for help with {number}.", whom=entry.whom, number=row.number), numbers(rows))


@act("complaints.incident", Incident, book=COMPLAINTS, prepare=as_it_stands)
def incident(desk: Desk, rows: Sequence[ComplaintRow], entry: Incident) -> Done:
    """Group the complaints of one emergency by its name (R142)."""
    row = rows[0]
    named = "" if entry.incident == NONE else entry.incident
    if named == row.incident:
        if not named:
            raise Refused(say("{number} belongs to no incident.", number=row.number), field="incident")
        sentence = say("{number} belongs to “{incident}” already.", number=row.number, incident=named)
        raise Refused(sentence, field="incident")
    log(desk, row, "incident", f"{row.incident}{BECAME}{named or NONE}" if row.incident else named)
    change(desk, row, incident=named)
    if not named:
        return Done(say("{number} belongs to no incident.", number=row.number), numbers(rows))
    return Done(say("{number} belongs to “{incident}”.", number=row.number, incident=named), numbers(rows))


@act("complaints.evidence", Evidence, book=COMPLAINTS)
def evidence(desk: Desk, rows: Sequence[ComplaintRow], entry: Evidence) -> Done:
    """List evidence; what is listed stays (R168)."""
    from servicedesk.store import complaints, tables

    row = rows[0]
    last = max((line.line for line in complaints.evidence(desk.store, row.id)), default=0)
    for nth, line in enumerate(entry.lines, start=last + 1):
        desk.store.add(
            tables.ComplaintEvidence,
            complaint_id=row.id,
            line=nth,
            what=line.what,
            kept=line.kept,
            at=desk.now,
            by_id=desk.actor.id,
        )
    change(desk, row)
    count = last + len(entry.lines)
    return Done(say("{number}: pieces of evidence {count}.", number=row.number, count=count), numbers(rows))


@act("complaints.malicious", Malicious, book=COMPLAINTS)
def malicious(desk: Desk, rows: Sequence[ComplaintRow], entry: Malicious) -> Done:
    """Mark a complaint malicious; it is handled on like every other (R168)."""
    row = rows[0]
    log(desk, row, "malicious", entry.because, whom=entry.legal_told)
    change(desk, row, malicious=True, malicious_because=entry.because, legal_told=entry.legal_told)
    return Done(say("{number} is marked malicious.", number=row.number), numbers(rows))
