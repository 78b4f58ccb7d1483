"""The complaint queue, its lists and one sheet, among two hundred thousand complaints against a thousand."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from servicedesk.acts.desk import Look
from servicedesk.domain.calls import Page
from servicedesk.domain.complaint_figures import DIMENSIONS, Period, spans
from servicedesk.domain.registers import Wanted
from servicedesk.store import complaint_clocks, complaint_figures, complaints, people
from servicedesk.store.complaints import COMPLAINTS
from servicedesk.store.engine import SCHEMA, Books
from servicedesk.store.session import Reading
from servicedesk.tui.registers import View
from servicedesk.tui.screens.complaints import ComplaintsScreen
from servicedesk.tui.working_through import next_in_queue
from tests.bench.complaints import INCIDENT, build_complaints
from tests.bench.conftest import KEPT, NOW
from tests.bench.measuring import Figures, interleaved, timed

FEW = 1_000
MANY = int(os.environ.get("SERVICEDESK_BENCH_COMPLAINTS", "200000"))
"""How many complaints the great books hold; 300 are open in both."""

SHORT, ROUNDS = 6, 30
LOOKED_AT_AGAIN = 3
TIMES = 5
BUDGET = 1.5
FIFTY = 50
MOST_COUNTED = 1000
QUEUE = Wanted(urgent=True)
ALL = Wanted()
OPEN_VIEWS = ("late", "serious", "deputy", "to_acknowledge", "to_visit", "escalated")
VIEWS = (*OPEN_VIEWS, "malicious", "incidents")
MORE = {
    "owner": "tang",
    "owner of old ones": "luo",
    "department": "品质部",
    "department of old ones": "工厂",
    "incident": INCIDENT,
    "gravity": "serious",
    "nature": "service",
    "nature of old ones": "logistics",
    "channel": "email",
    "channel of old ones": "letter",
}
"""What a filter asks, by its name, the word before the first space."""

PARTS_OF_A_SHEET: Sequence[Callable[[Reading, int], Sequence[object]]] = (
    complaints.events,
    complaints.departments,
    complaints.clocks,
    complaints.steps,
    complaints.evidence,
    complaints.letters,
)

Ask = Callable[[Books], object]


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Books of a thousand complaints and of many; not to be written."""
    folder = Path(KEPT) if KEPT else tmp_path_factory.mktemp("complaints")
    small, great = (folder / f"complaints-{SCHEMA}-{count}.db" for count in (FEW, MANY))
    for path, count in ((small, FEW), (great, MANY)):
        if not path.exists():
            unfinished = path.with_suffix(".part")
            build_complaints(str(unfinished), count, NOW)
            unfinished.rename(path)
    return small, great


def test_the_queue(figures: Figures, desks: tuple[Path, Path], open_books: Callable[[Path], Books]) -> None:
    small, great = map(open_books, desks)
    after, older = ({id(books): _first_key(books, wanted) for books in (small, great)} for wanted in (QUEUE, ALL))
    _told(figures, "complaints desk, the slowest view", small, great, _views())
    pages = {
        "one's own": replace(QUEUE, technician="li"),
        **{f"{view}, of a unit": replace(QUEUE, unit="SZ", view=view) for view in OPEN_VIEWS},
        **{name: replace(QUEUE, more=((name.split()[0], word),)) for name, word in MORE.items() if "old" not in name},
    }
    pages.pop("incident")  # long over: nothing of it is open
    _told(figures, "complaint queue, the slowest filter", small, great, _asks(pages))
    in_order, _ = _ratio(small, great, lambda books: _page(books, replace(QUEUE, words="不制冷")), SHORT)
    figures.note("words among what is open, in its order (command line alone)", f"{in_order:.1f} times")
    turned = {
        "queue": lambda books: _page(books, QUEUE, after[id(books)]),
        "register": lambda books: _page(books, ALL, older[id(books)]),
    }
    _told(figures, "complaint queue, next page", small, great, turned)
    _told(figures, "complaint queue, next to take", small, great, {"": _taken_next})
    counted = {
        view or "open": lambda books, view=view: _count(books, replace(QUEUE, view=view)) for view in ("", *OPEN_VIEWS)
    }
    _told(figures, "complaint queue, the slowest total", small, great, counted)
    due = {"": lambda books: _due(books) + 1}
    _told(figures, "escalation steps that are due", small, great, due)


def test_the_register(figures: Figures, desks: tuple[Path, Path], open_books: Callable[[Path], Books]) -> None:
    small, great = map(open_books, desks)
    of_unit = replace(ALL, unit="SZ")
    asked = {
        "all": ALL,
        "unit": of_unit,
        "handler": replace(ALL, technician="li"),
        "handler of old ones": replace(ALL, technician="zheng"),
        "handler in unit": replace(of_unit, technician="li"),
        **{view: replace(ALL, view=view) for view in VIEWS},
        **{f"{view}, of a unit": replace(of_unit, view=view) for view in OPEN_VIEWS},
        **{state: replace(ALL, state=state) for state in ("case_closed", "investigating")},
        "investigating, of a unit": replace(of_unit, state="investigating"),
        **{name: replace(ALL, more=((name.split()[0], word),)) for name, word in MORE.items()},
        "escalated to": replace(ALL, more=(("escalated", " service_manager "),)),
        "department in unit": replace(of_unit, more=(("department", "品质部"),)),
        "gravity in unit": replace(of_unit, more=(("gravity", "serious"),)),
        "words": replace(ALL, words="不制冷"),
        "words in unit": replace(of_unit, words="不制冷"),
    }
    _told(figures, "complaints, the slowest filter or view", small, great, _asks(asked))
    numbers = {id(books): _page(books, replace(ALL, state="case_closed"))[0].number for books in (small, great)}
    _told(figures, "complaints, one sheet with all that hangs on it", small, great, {"": _opens(numbers)})


def test_the_analysis_is_told(figures: Figures, desks: tuple[Path, Path], open_books: Callable[[Path], Books]) -> None:
    """A year of all units counted by each dimension: what it takes, for it grows with what it counts."""
    _, great = map(open_books, desks)
    year = Period(date(2025, 11, 24), date(2026, 11, 23))
    taken = {by: min(timed(lambda by=by: _analysed(great, by, year)) for _ in range(3)) for by in DIMENSIONS}  # type: ignore[misc]
    slowest = max(taken, key=lambda by: taken[by])
    count = _analysed(great, slowest, year).whole.count
    figures.note(f"analysis of {count:,} complaints by {slowest}", f"{taken[slowest] * 1000:.0f} ms")


def _told(figures: Figures, what: str, small: Books, great: Books, asks: Mapping[str, Ask]) -> None:
    """Tell the way that grew most of all; those that seem to are measured once more, and longer."""
    for name, ask in asks.items():
        assert ask(small), name
        assert ask(great), name
    grown = {name: _ratio(small, great, ask, SHORT)[0] for name, ask in asks.items()}
    slowest = sorted(grown, key=lambda name: -grown[name])[:LOOKED_AT_AGAIN]
    measured = {name: _ratio(small, great, asks[name], ROUNDS) for name in slowest}
    worst = max(measured, key=lambda name: measured[name][0])
    ratio, seconds = measured[worst]
    figures.at_most(f"{what}, {MANY:,} complaints / 1,000", ratio, BUDGET)
    figures.note(worst or "it takes", f"{seconds * 1000:.2f} ms")


def _ratio(small: Books, great: Books, ask: Ask, rounds: int) -> tuple[float, float]:
    """How many times longer it takes in the great books, and how many seconds there."""
    found = interleaved(
        rounds,
        {"small": lambda _: timed(lambda: ask(small), TIMES), "great": lambda _: timed(lambda: ask(great), TIMES)},
        warm=3,
    )
    return found["great"] / found["small"], found["great"]


def _asks(wanted: Mapping[str, Wanted]) -> Mapping[str, Ask]:
    return {name: lambda books, each=each: _page(books, each) for name, each in wanted.items()}  # type: ignore[misc]


def _page(books: Books, wanted: Wanted, after: tuple[Any, ...] | None = None) -> Any:
    with books.reading() as reading:
        return COMPLAINTS.page(reading, (wanted,), Page(after=after, limit=FIFTY), NOW)


def _first_key(books: Books, wanted: Wanted) -> tuple[object, ...]:
    """The key of the first page's last line."""
    return wanted.key_of(_page(books, wanted)[-1])


def _views() -> Mapping[str, Ask]:
    """Every view of the desk, for the Customer Department and for a supervisor of one unit."""
    page = ComplaintsScreen.PAGE

    def ask(books: Books, login: str, view: View) -> object:
        with books.reading() as reading:
            parts = page.asked(Look(books, reading, login, NOW).actor, view)
            return COMPLAINTS.page(reading, parts, Page(limit=FIFTY), NOW) or login != "tang"

    return {
        f"{view.name} for {login}": partial(ask, login=login, view=view)
        for view in page.views
        for login in ("tang", "wu")
    }


def _taken_next(books: Books) -> object:
    """What `space` finds."""
    with books.reading() as reading:
        return next_in_queue(Look(books, reading, "tang", NOW), frozenset())


def _count(books: Books, wanted: Wanted) -> int:
    with books.reading() as reading:
        return COMPLAINTS.count(reading, (wanted,), NOW, MOST_COUNTED)


def _due(books: Books) -> int:
    """What every running desk and `tick` ask again and again."""
    with books.reading() as reading:
        return len(complaint_clocks.due_steps(reading, NOW + timedelta(minutes=1)))


def _analysed(books: Books, by: str, year: Period) -> Any:
    with books.reading() as reading:
        units = people.units(books, reading, people.facts(reading)).values()
        return complaint_figures.analysis(reading, by, spans(units, year), year, NOW)


def _opens(number: Mapping[int, str]) -> Ask:
    """A sheet opened: its row, then all that hangs on it."""

    def ask(books: Books) -> object:
        with books.reading() as reading:
            row = COMPLAINTS.one(reading, number[id(books)])
            assert row is not None
            events, *_ = [part(reading, row.id) for part in PARTS_OF_A_SHEET]
            return events

    return ask
