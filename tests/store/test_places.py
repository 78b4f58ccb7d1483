"""Where people are: places, open lines, named views; on both engines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from servicedesk.domain.words import Refused
from servicedesk.store import places, staff
from tests.world import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = World(database_url)
    yield world
    world.close()


def id_of(world: World, login: str) -> int:
    person = world.read(staff.person, login)
    assert person is not None
    return person.id


def test_a_place_is_kept_for_each_person_and_register(world: World) -> None:
    lin, guo = id_of(world, "lin"), id_of(world, "guo")
    with world.books.writing() as writing:
        places.keep_place(writing, lin, "calls", "a")
        places.keep_place(writing, lin, "calls", "b")
        places.keep_place(writing, lin, "cards", "c")
    assert world.read(places.place, lin, "calls") == "b"
    assert world.read(places.place, lin, "cards") == "c"
    assert world.read(places.place, guo, "calls") == ""


def test_an_open_line_is_told_to_others_until_it_is_left_or_its_heart_stops(world: World) -> None:
    lin, guo = id_of(world, "lin"), id_of(world, "guo")
    now = world.at("2026-11-23 10:00")
    before = world.read(places.presence_mark)
    with world.books.writing() as writing:
        places.open_line(writing, lin, "SZ-C-261123-0001", now)
    opened = world.read(places.presence_mark)
    assert opened != before
    assert world.read(places.open_by_others, guo, now) == {"SZ-C-261123-0001": "林小雨"}
    assert world.read(places.open_by_others, lin, now) == {}
    later = now + timedelta(minutes=2)
    with world.books.writing() as writing:
        places.open_line(writing, lin, "SZ-C-261123-0001", later)
    assert world.read(places.presence_mark) == opened
    assert world.read(places.open_by_others, guo, later + timedelta(minutes=2)) != {}
    assert world.read(places.open_by_others, guo, later + timedelta(minutes=3)) == {}
    with world.books.writing() as writing:
        places.leave_line(writing, lin, "SZ-C-261123-0001")
    assert world.read(places.presence_mark) == before


def test_views_are_kept_shared_by_supervisors_and_dropped_by_their_owner(world: World) -> None:
    shown = json.dumps({"filter": {"late": True}})
    world.do("lin", "views.save", book="calls", name="mine", view=shown)
    world.do("lin", "views.save", book="calls", name="mine", view="{}")
    world.do("guo", "views.save", book="calls", name="late", view=shown, shared=True)
    with pytest.raises(Refused, match="Only a service supervisor") as refused:
        world.do("lin", "views.save", book="calls", name="ours", view=shown, shared=True)
    assert refused.value.field == "shared"
    late, mine = world.read(places.views, "lin", "SZ", "calls")
    assert (late.name, late.view, mine.name, mine.view) == ("late", shown, "mine", "{}")
    assert world.read(places.views, "bjclerk", "BJ", "calls") == []
    with pytest.raises(Refused, match="do not allow"):
        world.do("lin", "views.drop", late.number)
    world.do("lin", "views.drop", mine.number)
    assert world.read(places.views, "lin", "SZ", "calls") == [late]
