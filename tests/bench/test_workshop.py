"""The workshop's lists and one card, among a hundred thousand cards against a thousand."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from servicedesk.domain.calls import Page
from servicedesk.domain.custody import HOLDERS
from servicedesk.domain.registers import Wanted
from servicedesk.store import repair_cards
from servicedesk.store.charges import CHARGES
from servicedesk.store.custody import HELD
from servicedesk.store.engine import SCHEMA, Books
from servicedesk.store.goods import GOODS, RECEIPTS
from servicedesk.store.registers import Register
from servicedesk.store.repair_cards import CARDS
from servicedesk.store.session import Reading
from tests.bench.conftest import KEPT, NOW
from tests.bench.measuring import Figures, interleaved, timed
from tests.bench.workshop import build_workshop

FEW = 1_000
MANY = int(os.environ.get("SERVICEDESK_BENCH_CARDS", "100000"))
"""How many repair cards the great books hold, each with four lines."""

SHORT, ROUNDS = 6, 30
LOOKED_AT_AGAIN = 3
TIMES = 5
BUDGET = 1.5
FIFTY = 50
SHOP = Wanted(unit="SZ", urgent=True)
ALL = Wanted(unit="SZ")

PARTS_OF_A_CARD: Sequence[Callable[[Reading, int], object]] = (
    repair_cards.time_lines,
    repair_cards.part_lines,
    repair_cards.promises,
    repair_cards.assistance,
    repair_cards.estimates,
)

Ask = Callable[[Books], object]


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Books of a thousand cards and of many; not to be written."""
    folder = Path(KEPT) if KEPT else tmp_path_factory.mktemp("workshops")
    small, great = (folder / f"workshop-{SCHEMA}-{cards}.db" for cards in (FEW, MANY))
    for path, cards in ((small, FEW), (great, MANY)):
        if not path.exists():
            unfinished = path.with_suffix(".part")
            build_workshop(str(unfinished), cards, NOW)
            unfinished.rename(path)
    return small, great


def test_the_workshop(figures: Figures, shops: tuple[Path, Path], open_books: Callable[[Path], Books]) -> None:
    small, great = map(open_books, shops)
    after = {id(books): _first_key(books, SHOP) for books in (small, great)}
    older = {id(books): _first_key(books, ALL) for books in (small, great)}
    _told(figures, "workshop, first page", small, great, {"": lambda books: _page(books, CARDS, SHOP)})
    _told(
        figures,
        "workshop, next page",
        small,
        great,
        {
            "in the shop": lambda books: _page(books, CARDS, SHOP, after[id(books)]),
            "all cards": lambda books: _page(books, CARDS, ALL, older[id(books)]),
        },
    )
    _told(figures, "workshop, the slowest filter", small, great, _asks(CARDS, _card_filters()))
    closed = {id(books): _page(books, CARDS, replace(ALL, state="closed"))[0].number for books in (small, great)}
    _told(figures, "workshop, one card with its lines", small, great, {"": _opens(closed)})


def test_the_other_registers(figures: Figures, shops: tuple[Path, Path], open_books: Callable[[Path], Books]) -> None:
    small, great = map(open_books, shops)
    goods = {
        "all": ALL,
        "of every unit": Wanted(),
        "here": replace(ALL, view="here"),
        "factory": replace(ALL, view="factory"),
        "out": replace(ALL, state="out"),
        "sent out": Wanted(state="sent_out"),
        "technician": Wanted(technician="li"),
        "words": replace(ALL, words="不制冷"),
    }
    receipts = {
        "all": ALL,
        "not taken in": replace(ALL, view="not_taken_in"),
        "voided": replace(ALL, state="voided"),
        "technician": Wanted(technician="li"),
    }
    charges = {
        "all": ALL,
        "of every unit": Wanted(),
        "open": replace(ALL, urgent=True),
        "not remitted": replace(ALL, view="not_remitted", urgent=True),
        "not invoiced": replace(ALL, view="not_invoiced", urgent=True),
        "not collected": replace(ALL, view="not_collected", urgent=True),
        "settled": replace(ALL, state="settled"),
        "assessed": replace(ALL, state="assessed"),
        "assessed, of every unit": Wanted(state="assessed"),
        "technician": Wanted(technician="li"),
        "words": replace(ALL, words="不制冷"),
    }
    held = {"all": ALL, "of every unit": Wanted(), "technician": Wanted(technician="li")} | {
        holder: replace(ALL, view=holder) for holder in HOLDERS if holder not in ("supervisor", "accountant")
    }
    _told(figures, "goods register, the slowest view", small, great, _asks(GOODS, goods))
    _told(figures, "receipts, the slowest view", small, great, _asks(RECEIPTS, receipts))
    _told(figures, "charges, the slowest view", small, great, _asks(CHARGES, charges))
    _told(figures, "who holds what, the slowest view", small, great, _asks(HELD, held))


def _card_filters() -> Mapping[str, Wanted]:
    """Every view of the screen, and every part of a filter, alone and with others."""
    views = ("late", "assistance", "ready", "factory", "unassigned")
    return {
        **{view: replace(SHOP, view=view) for view in views},
        **{f"{view}, of every unit": Wanted(view=view, urgent=True) for view in views},
        "exchange_due": replace(ALL, view="exchange_due"),
        "exchange_due, of every unit": Wanted(view="exchange_due"),
        "in the shop, of every unit": Wanted(urgent=True),
        "mine": replace(SHOP, technician="li"),
        "waiting for parts": replace(SHOP, state="waiting_parts"),
        "to inspect": replace(SHOP, state="repaired"),
        "unit": ALL,
        "of every unit": Wanted(),
        "in repair": replace(ALL, state="in_repair"),
        "closed": replace(ALL, state="closed"),
        "in repair, of every unit": Wanted(state="in_repair"),
        "technician": Wanted(technician="li"),
        "technician in unit": replace(ALL, technician="li"),
        "technician, in repair": replace(ALL, technician="li", state="in_repair"),
        "words": replace(ALL, words="不制冷"),
        "words in the shop": replace(SHOP, words="不制冷"),
    }


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
    figures.at_most(f"{what}, {MANY:,} cards / 1,000 cards", ratio, BUDGET)
    figures.note(worst or "it takes", f"{seconds * 1000:.2f} ms")


def _ratio(small: Books, great: Books, ask: Ask, rounds: int) -> tuple[float, float]:
    """How many times longer it takes in the great books, and how many seconds there."""
    found = interleaved(
        rounds,
        {"small": lambda _: timed(lambda: ask(small), TIMES), "great": lambda _: timed(lambda: ask(great), TIMES)},
        warm=3,
    )
    return found["great"] / found["small"], found["great"]


def _asks(register: Register[Any], wanted: Mapping[str, Wanted]) -> Mapping[str, Ask]:
    return {name: lambda books, each=each: _page(books, register, each) for name, each in wanted.items()}  # type: ignore[misc]


def _page(books: Books, register: Register[Any], wanted: Wanted, after: tuple[Any, ...] | None = None) -> Any:
    with books.reading() as reading:
        return register.page(reading, (wanted,), Page(after=after, limit=FIFTY), NOW)


def _first_key(books: Books, wanted: Wanted) -> tuple[object, ...]:
    """The key of the first page's last line."""
    return wanted.key_of(_page(books, CARDS, wanted)[-1])


def _opens(number: Mapping[int, str]) -> Ask:
    """A card opened: its line, then all that hangs on it."""

    def ask(books: Books) -> object:
        with books.reading() as reading:
            card = CARDS.one(reading, number[id(books)])
            assert card is not None
            lines = [part(reading, card.id) for part in PARTS_OF_A_CARD]
            return lines[0] and lines[1]

    return ask
