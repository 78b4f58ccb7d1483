"""The register day: reconciled, closed, transmitted, received (003 Art. 15, 20; states §5.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from servicedesk.acts import day_closing
from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.day_closing import By, explained, may_reconcile
from servicedesk.acts.desk import Book, Desk, Look
from servicedesk.acts.entry import Ask, Entry, Line, Nothing, Situation
from servicedesk.domain.numbering import short
from servicedesk.domain.register_days import (
    PAGE_RECEIVED,
    RULES,
    TRANSMITTED,
    UNATTENDED,
    DayRow,
    DifferenceRow,
    closing,
    may_be_sent_from,
    urgency,
)
from servicedesk.domain.rights import Post, no_right
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused, label, say

if TYPE_CHECKING:
    from servicedesk.store.session import Reading

RECONCILE = "days.reconcile"


def _one(store: Reading, number: str) -> DayRow | None:
    from servicedesk.store import register_days

    return register_days.DAYS.one(store, number)


DAYS = Book("days", _one)


class ExplanationLine(Line):
    """A paper that differs and what is said to it, `29: the technician comes at eight`."""

    paper: str
    explanation: str

    @classmethod
    def parse(cls, typed: str, situation: Situation) -> Mapping[str, Any]:
        """Read one line.

        Raises:
            Refused: where the number, the colon or the words are missing.
        """
        paper, _, words = typed.replace("：", ":").partition(":")
        if not paper.strip() or not words.strip():
            raise Refused(
                say("'{typed}': write the paper's number, a colon and the explanation.", typed=typed.strip()),
                kind="field",
            )
        return {"paper": paper.strip(), "explanation": words.strip()}

    def as_typed(self, currency: str) -> str:
        """The line as it would be typed; a semicolon would end it."""
        return f"{self.paper}: {self.explanation.replace(';', ',')}"


class Reconcile(Entry):
    """Whose page of which day, and what is said to its differences."""

    unit: Annotated[str, Ask(label("Unit"), "lookup", lookup="units", row=1)]
    day: Annotated[date, Ask(label("Day"), "day", row=1)]
    explanations: Annotated[tuple[ExplanationLine, ...], Ask(label("Explanations"), "lines")] = ()


class Explain(Entry):
    """Which paper differs, and why."""

    paper: Annotated[str, Ask(label("Paper"))]
    explanation: Annotated[str, Ask(label("Explanation"))]


def open_day(look: Look, rows: Sequence[Any], values: Mapping[str, Any]) -> Prepared:
    """The own unit's earliest page that is not closed, with everything that differs there."""
    from servicedesk.store import people, register_days

    posts = [post.unit for post in look.actor.posts if post.role in RULES[RECONCILE].grants]
    code = values.get("unit") or next(iter(posts), look.actor.unit)
    known = people.units(look.books, look.store, look.facts).get(code)
    if known is None:
        return Prepared(derived={"unit": code, "day": look.today()})
    today, last = look.today(known.timezone), closing(look.facts, code)
    day = values.get("day") or register_days.first_open_day(look.store, code, last, today) or today
    found = day_closing.standing(look.store, known, day)
    derived: dict[str, Any] = {"unit": code, "day": day}
    said = _said_before(look, known, found)
    if said:
        derived["explanations"] = said
    return Prepared(derived=derived, notes=tuple(one.said for one in found))


def _said_before(look: Look, unit: UnitRow, found: Sequence[DifferenceRow]) -> tuple[ExplanationLine, ...]:
    """What was said at the last closing to a difference that still stands and has no other explanation yet."""
    from servicedesk.store import register_days

    last = register_days.last_closed(look.store, unit.id)
    if last is None:
        return ()
    said = explained(register_days.differences(look.store, last.id))
    return tuple(
        ExplanationLine(paper=one.paper, explanation=words)
        for one in found
        if not one.explanation and (words := said.get((one.kind, one.paper), UNATTENDED)) != UNATTENDED
    )


@act(RECONCILE, Reconcile, prepare=open_day)
def reconcile(desk: Desk, rows: Sequence[Any], entry: Reconcile) -> Done:
    """Compare the register with vouchers, goods, receipts, money and job sheets; what differs is listed."""
    from servicedesk.acts.units import named_unit

    unit = named_unit(desk, entry.unit)
    desk.post = _post_in(desk, unit)
    last = closing(desk.facts, unit.code)
    may_reconcile(desk.store, unit, entry.day, desk.today(unit.timezone), last)
    found = day_closing.standing(desk.store, unit, entry.day)
    for line in entry.explanations:
        found = _explain(desk, unit.code, found, line.paper, line.explanation, "explanations")
    row = day_closing.reconcile(desk.store, unit, entry.day, found, _by(desk))
    desk.note(row.number, differences=[list(one) for one in found])
    if row.unexplained:
        return Done(
            say(
                "{number} is reconciled; to be explained: {differences}.",
                number=row.number,
                differences=tuple(one.said for one in found if not one.explanation),
            ),
            (row.number,),
            ("days.explain",),
        )
    return Done(say("{number} is reconciled: nothing is open.", number=row.number), (row.number,), (day_closing.CLOSE,))


def unexplained(look: Look, rows: Sequence[DayRow], values: Mapping[str, Any]) -> Prepared:
    """What differs and has no explanation yet."""
    from servicedesk.store import register_days

    found = [one for row in rows for one in register_days.differences(look.store, row.id)]
    return Prepared(notes=tuple(one.said for one in found if not one.explanation))


@act("days.explain", Explain, book=DAYS, prepare=unexplained)
def explain(desk: Desk, rows: Sequence[DayRow], entry: Explain) -> Done:
    """Say why the register and a paper differ."""
    from servicedesk.store import register_days

    row = rows[0]
    before = register_days.differences(desk.store, row.id)
    found = _explain(desk, row.unit, before, entry.paper, entry.explanation, "paper")
    register_days.write_differences(desk.store, row.id, found)
    _change(desk, row)
    desk.note(row.number, differences=[list(one) for one in found if one not in before])
    left = sum(not one.explanation for one in found)
    following = (day_closing.CLOSE,) if not left else ("days.explain",)
    return Done(say("{number}: {count} left to explain.", number=row.number, count=left), (row.number,), following)


@act(day_closing.CLOSE, Nothing, book=DAYS)
def close(desk: Desk, rows: Sequence[DayRow], entry: Nothing) -> Done:
    """Close the day: the page is frozen as it stands, what is undispatched is carried over (003 Art. 15; D22, D37)."""
    closed = day_closing.close(desk.store, desk.facts, desk.unit(rows[0].unit), rows[0], _by(desk))
    desk.note(closed.number, calls=closed.calls, carried_over=closed.carried_over, audit_head=closed.audit_head)
    said = say(
        "{number} is closed: {calls} calls, {carried} carried over.",
        number=closed.number,
        calls=closed.calls,
        carried=closed.carried_over,
    )
    return Done(said, (closed.number,), ("days.transmit",))


@act("days.transmit", Nothing, book=DAYS, many=True)
def transmit(desk: Desk, rows: Sequence[DayRow], entry: Nothing) -> Done:
    """Send the page to the Customer Department on the next working day (003 Art. 20; K14)."""
    for row in rows:
        earliest = may_be_sent_from(desk.calendar(row.unit), row.day)
        if desk.today(desk.unit(row.unit).timezone) < earliest:
            raise Refused(say("{number} is sent on the next working day, {day}.", number=row.number, day=earliest))
        _change(desk, row, state=TRANSMITTED, transmitted_at=desk.now, transmitted_by=desk.actor.id)
    return Done(say("{numbers} sent to the Customer Department.", numbers=_numbers(rows)), next=("days.receive",))


@act("days.receive", Nothing, book=DAYS, many=True)
def receive(desk: Desk, rows: Sequence[DayRow], entry: Nothing) -> Done:
    """The Customer Department has the page (003 Art. 20)."""
    for row in rows:
        _change(desk, row, state=PAGE_RECEIVED, received_at=desk.now, received_by=desk.actor.id)
    return Done(say("{numbers} received.", numbers=_numbers(rows)))


def _explain(
    desk: Desk, unit: str, differences: Sequence[DifferenceRow], paper: str, words: str, field: str
) -> list[DifferenceRow]:
    """The differences with these words at every one of this paper; a short number is that of a call, else of the paper.

    Raises:
        Refused: where this paper does not differ.
    """
    typed = paper.upper()
    meant = {typed, desk.whole_number(paper, unit)}
    known = {one.paper for one in differences}
    if not meant & known:
        meant = {number for number in known if typed in (short(number), number.removeprefix(f"{unit}-"))}
    if not meant & known:
        raise Refused(say("{paper} does not differ: {papers}.", paper=paper, papers=tuple(sorted(known))), field=field)
    return [one._replace(explanation=words) if one.paper in meant else one for one in differences]


def _change(desk: Desk, row: DayRow, **values: Any) -> None:
    from servicedesk.store import tables

    desk.store.change_version(
        tables.RegisterDay,
        row.id,
        row.version,
        urgent=urgency(values.get("state", row.state), row.day),
        changed_by=desk.actor.name,
        changed_at=desk.now,
        **values,
    )
    desk.note(row.number, **{name: value for name, value in values.items() if name == "state"})


def _post_in(desk: Desk, unit: UnitRow) -> Post:
    """The post under which the actor reconciles for this unit.

    Raises:
        Refused: kind "rights", without one.
    """
    rule = RULES[RECONCILE]
    for post in desk.actor.posts:
        if post.role in rule.grants and post.unit == unit.code:
            return post
    raise Refused(no_right(rule), field="unit", kind="rights")


def _by(desk: Desk) -> By:
    return By(desk.now, desk.actor.id, desk.actor.name)


def _numbers(rows: Sequence[DayRow]) -> str:
    return " ".join(row.number for row in rows)
