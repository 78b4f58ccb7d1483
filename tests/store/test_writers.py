"""Twenty people log calls at once: nobody is told no, no number is left out, and the log stays whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import text

from servicedesk.store import audit
from servicedesk.store.engine import Books, sqlite_driver
from servicedesk.store.migrate import open_books
from tests.world import World
from tests.writers import WITHOUT_A_QUEUE, Orders, Outcome, storm

WRITERS = 20
CALLS = 50


def prepared(database: str, customers: int) -> tuple[str, ...]:
    """A department with so many known customers, and nobody who holds the books open."""
    world = World(database)
    try:
        address, made = "福田区深南路12号", list[str]()
        for nth in range(customers):
            telephones = f"138123456{nth:02}"
            done = world.do("lin", "customers.enter", name=f"王小明{nth}", telephones=telephones, address=address)
            made += done.numbers
        return tuple(made)
    finally:
        world.close()


def gapless(numbers: Iterable[str]) -> bool:
    """Whether the serials at the ends of the numbers are 1, 2, 3 and so on."""
    serials = sorted(int(number.rpartition("-")[2]) for number in numbers)
    return serials == list(range(1, len(serials) + 1))


def column(books: Books, statement: str) -> Sequence[str]:
    """The first column of all rows of a query."""
    with books.reading() as reading:
        return [str(row[0]) for row in reading.all(text(statement))]


def whole(database: str, outcome: Outcome) -> None:
    """Exactly what was acknowledged stands in the books, without gaps, and log and file are sound."""
    books = open_books(database)
    try:
        saved = outcome.saved
        requests = {}
        for line in column(books, "SELECT id || '=' || numbers FROM requests WHERE act = 'calls.log'"):
            request, _, numbers = line.partition("=")
            requests[request] = numbers
        assert requests == saved, "acknowledged, and in the books"
        calls = column(books, "SELECT number FROM calls")
        assert sorted(calls) == sorted(saved.values()), "each exactly once"
        assert gapless(calls)
        assert gapless(column(books, "SELECT number FROM vouchers"))
        serials = column(books, "SELECT serial_no FROM calls")
        assert sorted(serials) == sorted(saved), "each call is the one that was asked for"
        logged = column(books, "SELECT request FROM audit WHERE act = 'calls.log'")
        assert sorted(logged) == sorted(saved), "each with its line in the log"
    finally:
        books.close()
    sound(database)


def sound(database: str) -> None:
    """The chain of the log is whole, and so is an SQLite file."""
    books = open_books(database)
    with books.reading() as reading:
        assert audit.verify(reading).fault is None
    books.close()
    if books.path is not None:
        file = sqlite_driver().connect(str(books.path))
        try:
            assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        finally:
            file.close()


def test_all_are_served_at_once(database_url: str) -> None:
    customers = prepared(database_url, WRITERS)
    outcome = storm(Orders(database_url, customers, WRITERS, CALLS))
    assert outcome.faults == []
    assert len(outcome.saved) == WRITERS * CALLS
    whole(database_url, outcome)


def test_without_the_queue_people_are_told_no(database_url: str) -> None:
    """Proof that the test above bites."""
    customers = prepared(database_url, WRITERS)
    outcome = storm(Orders(database_url, customers, WRITERS, 3, switch=WITHOUT_A_QUEUE))
    assert outcome.faults
    assert len(outcome.saved) < WRITERS * 3


def test_nobody_starves(sqlite_url: str) -> None:
    """Jain's index over who had the first acknowledgements: 1 where all had the same, 1/20 where one had all."""
    customers = prepared(sqlite_url, WRITERS)
    outcome = storm(Orders(sqlite_url, customers, WRITERS, total=300))
    counts = outcome.counts(300)
    assert len(counts) == WRITERS
    assert sum(counts) ** 2 / (len(counts) * sum(count * count for count in counts)) >= 0.9
