"""Pages and records through our layer against the driver, and a great register against a small one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from servicedesk.acts.desk import Look
from servicedesk.domain.calls import CallFilter, Page
from servicedesk.locales import Words
from servicedesk.store import calls
from servicedesk.store.engine import Books
from servicedesk.tui.screens.start import OF_EACH
from servicedesk.tui.waiting import gather
from servicedesk.tui.waiting_kinds import WAITING
from tests.bench.conftest import LOGIN, NOW
from tests.bench.measuring import Figures, interleaved, timed

ROUNDS = 40
TIMES = 10
UNIT = CallFilter(unit="SZ")
FIFTY = Page(limit=50)


def test_page_and_record(figures: Figures, few: Path, open_books: Callable[[Path], Books]) -> None:
    books = open_books(few)
    number = _page(books)[5].number

    def one() -> None:
        with books.reading() as reading:
            assert calls.one(reading, number) is not None

    page_sql = _said(books, lambda: _page(books))
    one_sql = _said(books, one)
    held = books.engine.connect()
    raw = held.connection.driver_connection
    found = interleaved(
        ROUNDS,
        {
            "raw page": lambda _: timed(lambda: _raw(raw, page_sql), TIMES),
            "page": lambda _: timed(lambda: _page(books), TIMES),
            "raw one": lambda _: timed(lambda: _raw(raw, one_sql), TIMES),
            "one": lambda _: timed(one, TIMES),
        },
    )
    held.close()
    figures.at_most("a page of 50 / the driver with the same SQL", found["page"] / found["raw page"], 2.2)
    figures.note("the driver", f"{found['raw page'] * 1000:.2f} ms")
    figures.at_most("one record opened / the driver with the same SQL", found["one"] / found["raw one"], 3.5)
    figures.note("the driver", f"{found['raw one'] * 1000:.3f} ms")


def test_a_million_against_a_thousand(
    figures: Figures, few: Path, many: Path, open_books: Callable[[Path], Books]
) -> None:
    small, great = open_books(few), open_books(many)
    after = {id(books): (_page(books)[-1].id,) for books in (small, great)}
    asked: dict[str, Callable[[Books], object]] = {
        "first page": _page,
        "next page": lambda books: _page(books, place=Page(after=after[id(books)], limit=50)),
        "one filter": lambda books: _page(books, CallFilter(unit="SZ", state="struck_off")),
        "one search": lambda books: _page(books, CallFilter(unit="SZ", words="不制冷")),
    }
    for name, ask in asked.items():
        assert ask(small), name
        found = interleaved(
            ROUNDS,
            {
                "small": lambda _, ask=ask: timed(lambda: ask(small), TIMES),  # type: ignore[misc]
                "great": lambda _, ask=ask: timed(lambda: ask(great), TIMES),  # type: ignore[misc]
            },
            warm=3,
        )
        figures.at_most(f"{name} in the great register / 1,000 calls", found["great"] / found["small"], 1.5)


def _page(books: Books, wanted: CallFilter = UNIT, place: Page = FIFTY) -> Any:
    with books.reading() as reading:
        return calls.page(reading, wanted, place, NOW)


def _said(books: Books, work: Callable[[], object]) -> str:
    """The one statement that the work asks of the driver."""
    heard: list[str] = []
    with books.reading() as reading:
        raw: Any = reading.connection.connection.driver_connection
    raw.set_trace_callback(heard.append)
    work()
    raw.set_trace_callback(None)
    (only,) = [said for said in heard if said.startswith("SELECT")]
    return only


def _raw(raw: Any, said: str) -> None:
    cursor = raw.cursor()
    cursor.execute("BEGIN")
    assert cursor.execute(said).fetchall()
    cursor.execute("COMMIT")


def test_the_start_page(figures: Figures, few: Path, many: Path, open_books: Callable[[Path], Books]) -> None:
    small, great = open_books(few), open_books(many)
    words = Words("en", "Asia/Shanghai")

    def start(books: Books, login: str) -> None:
        with books.reading() as reading:
            gather(WAITING, Look(books, reading, login, NOW), words, OF_EACH)

    for login, post in ((LOGIN, "clerk"), ("wu", "supervisor")):
        found = interleaved(
            ROUNDS,
            {
                "page": lambda _: timed(lambda: _page(small), TIMES),
                "small": lambda _, login=login: timed(lambda: start(small, login)),  # type: ignore[misc]
                "great": lambda _, login=login: timed(lambda: start(great, login)),  # type: ignore[misc]
            },
            warm=3,
        )
        figures.at_most(f"start page of a {post}, great register / 1,000 calls", found["great"] / found["small"], 1.5)
        figures.note("against a page of 50", f"{found['small'] / found['page']:.1f}")
