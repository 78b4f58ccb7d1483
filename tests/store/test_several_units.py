"""Who holds posts in several units sees the lines of them all, page by page and by an index (D39, D40)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from servicedesk.domain.calls import CallFilter, CallRow, Page
from servicedesk.domain.registers import visible
from servicedesk.domain.rights import AGENT, CLERK, SEES_CALLS, SUPERVISOR, TECHNICIAN, TRAINER, Actor, Post
from servicedesk.store import calls
from servicedesk.store.session import Reading
from tests.store.test_plans import NOW, ORDERED, Plans, every_row, excused, fill, scans
from tests.world import World

BOTH = (Post(CLERK, "SZ"), Post(SUPERVISOR, "BJ", "bjsup"))
UNITS = {"SZ", "BJ"}


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    fill(made.books)
    yield made
    made.close()


def actor(*posts: Post) -> Actor:
    return Actor(1, "chen", "陈明", "SZ", posts)


def whole(reading: Reading, parts: tuple[CallFilter, ...], size: int, *, backwards: bool) -> list[CallRow]:
    """The list page by page, in its order."""
    found: list[CallRow] = []
    place = Page(last=backwards, limit=size)
    while rows := calls.page_of(reading, parts, place, NOW):
        assert len(rows) <= size
        if backwards:
            found[:0] = rows
            place = Page(before=parts[0].key_of(rows[0]), limit=size)
        else:
            found += rows
            place = Page(after=parts[0].key_of(rows[-1]), limit=size)
    return found


@pytest.mark.parametrize("urgent", [False, True])
def test_the_pages_give_the_lines_of_every_unit_exactly_once_in_order(world: World, urgent: bool) -> None:
    parts = visible(actor(*BOTH), SEES_CALLS, CallFilter(urgent=urgent))
    with world.books.reading() as reading:
        rows = [row for row in every_row(reading) if row.unit in UNITS]
        expected = sorted((row for row in rows if row.urgent), key=lambda row: (row.urgent, row.id)) if urgent else rows
        numbers = [row.number for row in (expected if urgent else reversed(expected))]
        assert {row.unit for row in rows} == UNITS
        for size in (7, 300):
            assert [row.number for row in whole(reading, parts, size, backwards=False)] == numbers
            assert [row.number for row in whole(reading, parts, size, backwards=True)] == numbers


def test_every_shape_comes_by_an_index_in_its_order(world: World) -> None:
    bad = {}
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        for wanted in ORDERED:
            parts = visible(actor(*BOTH), SEES_CALLS, replace(wanted, unit=""))
            edge: tuple[object, ...] = ("12026", 150) if wanted.urgent else (150,)
            for place in (Page(), Page(last=True), Page(after=edge), Page(before=edge)):
                found = scans(plans.of(lambda parts=parts, place=place: calls.page_of(reading, parts, place, NOW)))  # type: ignore[misc]
                if set(found) - excused(parts[0]):
                    bad[wanted, place] = found
    assert bad == {}


@pytest.mark.parametrize(
    ("posts", "seen"),
    [
        ((Post(CLERK, "SZ"),), [("SZ", "")]),
        (BOTH, [("SZ", ""), ("BJ", "")]),
        ((Post(CLERK, "SZ"), Post(SUPERVISOR, "SZ", "guo")), [("SZ", "")]),
        ((Post(CLERK, "SZ"), Post(AGENT, "HQ", "ann")), [("", "")]),
        ((Post(TECHNICIAN, "SZ"),), [("", "chen")]),
        ((Post(TECHNICIAN, "SZ"), Post(TECHNICIAN, "SZ", "liu")), [("", "chen"), ("", "liu")]),
        ((Post(TECHNICIAN, "SZ"), Post(CLERK, "BJ", "bjclerk")), [("BJ", ""), ("SZ", "chen")]),
        ((Post(TECHNICIAN, "SZ"), Post(CLERK, "SZ", "lin")), [("SZ", "")]),
        ((Post(TRAINER, "HQ"),), []),
    ],
)
def test_what_the_posts_of_today_show(posts: tuple[Post, ...], seen: list[tuple[str, str]]) -> None:
    assert [(part.unit, part.technician) for part in visible(actor(*posts), SEES_CALLS, CallFilter())] == seen


def test_a_filter_narrows_what_the_posts_show_and_never_widens_it() -> None:
    held = actor(Post(TECHNICIAN, "SZ"), Post(CLERK, "BJ", "bjclerk"))
    assert visible(held, SEES_CALLS, CallFilter(unit="BJ")) == (CallFilter(unit="BJ"),)
    assert visible(held, SEES_CALLS, CallFilter(unit="HQ")) == ()
    assert visible(held, SEES_CALLS, CallFilter(technician="liu")) == (CallFilter(unit="BJ", technician="liu"),)
    assert visible(actor(Post(TECHNICIAN, "SZ")), SEES_CALLS, CallFilter(technician="liu")) == ()
