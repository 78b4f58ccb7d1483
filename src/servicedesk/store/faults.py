"""The driver's faults as sentences: what is wrong with the books and what to do."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

from servicedesk.domain.words import Refused, Sentence, label, say

FROZEN = (
    label("The page of a closed register day stays as it was sent."),
    label("What a closed register day says stays as it was."),
    label("The lines of a reviewed report stay as they were."),
    label("The lines of a signed supervisor report stay as they were."),
    label("The number, unit and time by which a call was logged stay as they are, and its line is never removed."),
)
"""What the triggers of migration 0006 say (D37): whatever would change a frozen row, this is the refusal."""


class Unavailable(Refused):
    """The books cannot be reached or written at all; the command line ends with 3."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence, kind="unavailable")


class WrongBooks(Refused):
    """The books are there but are not to be touched (newer, older, damaged, not ours); ends with 1."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence, kind="books")


def busy(path: str) -> Unavailable:
    """Somebody else holds the books and does not let go: a program that was stopped, or a very long act."""
    return Unavailable(
        say("{path} is busy: somebody holds it for too long. Nothing was written; try again.", path=path)
    )


def refusal_of(fault: DBAPIError, path: str) -> Refused | None:
    """The sentence for a fault of the driver; None for a fault that is our own mistake."""
    if fault.orig is None:
        return None
    return refusal_of_driver(fault.orig, path)


def refusal_of_driver(fault: BaseException, path: str) -> Refused | None:
    """The same for a fault as the driver itself raises it."""
    name = getattr(fault, "sqlite_errorname", "")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return Unavailable(
            say("The disk under {path} is full or failing: nothing was written. Free some space.", path=path)
        )
    if name.startswith("SQLITE_READONLY"):
        return Unavailable(
            say("{path} is read-only for you: ask for write access to the file and its folder.", path=path)
        )
    if name.startswith("SQLITE_CANTOPEN"):
        return Unavailable(say("{path} cannot be opened: check the folder and its rights.", path=path))
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return busy(path)
    if name == "SQLITE_NOTADB":
        return WrongBooks(say("{path} is not a servicedesk database; it was not touched.", path=path))
    if name.startswith("SQLITE_CORRUPT"):
        return WrongBooks(say("{path} is damaged: restore a backup with 'servicedesk db restore'.", path=path))
    if getattr(fault, "sqlstate", None) == "55P03":  # PostgreSQL's lock_timeout
        return busy(path)
    if name.startswith("SQLITE_CONSTRAINT") or getattr(fault, "sqlstate", None) == "P0001":
        raised = str(fault).partition("\n")[0]
        return Refused(Sentence(raised)) if raised in FROZEN else None
    if name == "" and type(fault).__name__ == "OperationalError":
        return Unavailable(say("The database {path} is not reachable.", path=path))
    return None
