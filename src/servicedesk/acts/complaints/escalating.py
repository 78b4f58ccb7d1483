"""Escalation by the clock alone: whichever program notices first lets the due steps happen (K8-K10; `tick`)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from servicedesk.acts.complaints.clocks import happen

if TYPE_CHECKING:
    from servicedesk.store.complaint_clocks import Notice
    from servicedesk.store.engine import Books
    from servicedesk.store.session import Writing

ESCALATE = "complaints.escalate"
"""What the audit log calls it; no person does it, so its line names none."""


def tick(books: Books, now: datetime) -> tuple[str, ...]:
    """Let every step happen whose time has come; gives the numbers of the complaints, each once."""
    return tuple(dict.fromkeys(notice.number for notice in escalate_all(books, now)))


def escalate_all(books: Books, now: datetime) -> tuple[Notice, ...]:
    """Let every step happen whose time has come, a portion at a time, so that nobody waits for long.

    Where nothing is due the books are only read.
    """
    from servicedesk.store import complaint_clocks

    happened: tuple[Notice, ...] = ()
    while True:
        with books.reading() as reading:
            if not complaint_clocks.due_steps(reading, now):
                return happened
        with books.writing() as writing:
            happened += escalate(writing, now)


def escalate(store: Writing, now: datetime) -> tuple[Notice, ...]:
    """One portion of the due steps inside a running transaction, with one audit line.

    What is due is asked anew here: where another program was first nothing is written.
    """
    from servicedesk.store import audit, complaint_clocks, people

    before = complaint_clocks.last_event(store)
    numbers = happen(store, complaint_clocks.due_steps(store, now), now)
    if not numbers:
        return ()
    happened = complaint_clocks.notices(store, before)
    audit.append(
        store,
        at=now,
        actor="",
        holder="",
        act=ESCALATE,
        outcome="done",
        numbers=tuple(dict.fromkeys(numbers)),
        request="",
        detail={"steps": [[step.number, step.clock, step.percent, step.role] for step in happened]},
        facts=people.facts(store),
    )
    return tuple(happened)
