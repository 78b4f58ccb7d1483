"""Dispatch in the books: who could go and why, who falls out, who is to be told, what is carried over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from servicedesk.acts.desk import Look
from servicedesk.domain.calls import CallRow
from servicedesk.domain.clocks import last_closing
from servicedesk.domain.dispatch import Candidate, TechnicianRow, propose, rank
from servicedesk.domain.words import Refused
from servicedesk.locales import Words
from servicedesk.store import calls, dispatch
from servicedesk.store.session import Reading
from tests.world import World

PLACES = {
    "王小明": ("13812345678", "福田区", "KFR-35GW"),
    "李秀英": ("13922223333", "南山区", "XQG100-14B"),
    "陈国强": ("13700001111", "龙岗区", "KFR-35GW"),
    "周敏": ("13600002222", "福田区", "KFR-35GW"),
}
FIRST, SECOND, THIRD, FOURTH = (f"SZ-C-261123-000{nth}" for nth in (1, 2, 3, 4))


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Four calls of Monday morning on each engine."""
    world = World(database_url)
    for name in PLACES:
        log(world, name)
    yield world
    world.close()


@pytest.fixture
def quick_world(sqlite_url: str) -> Iterator[World]:
    """The same on SQLite only."""
    world = World(sqlite_url)
    for name in PLACES:
        log(world, name)
    yield world
    world.close()


def log(world: World, name: str) -> str:
    telephone, district, model = PLACES.get(name, ("13566667777", "福田区", "AD350"))
    typed = {"telephone": telephone, "district": district, "address": f"{district}1号", "model_no": model}
    done = world.do("lin", "calls.log", customer=name, symptom="坏", service_type="A", **typed)
    return done.numbers[0]


def call(world: World, number: str) -> CallRow:
    row = world.read(calls.one, number)
    assert row is not None
    return row


def ranked(world: World, number: str) -> list[Candidate]:
    row, now = call(world, number), world.now.astimezone(UTC)
    people = world.read(dispatch.technicians, "SZ", now, row.model_no)
    with world.books.reading() as reading:
        return rank(people, row, now, Look(world.books, reading, "guo", now).calendar("SZ"))


def in_words(candidate: Candidate) -> str:
    words = Words("en", "Asia/Shanghai")
    return ", ".join(map(words, candidate.reasons)) + f": {words(candidate.verdict)}"


def said(world: World, number: str) -> dict[str, str]:
    return {one.technician.login: in_words(one) for one in ranked(world, number)}


def waiting(world: World) -> list[str]:
    now = world.now.astimezone(UTC)
    with world.books.reading() as reading:
        closing = last_closing(Look(world.books, reading, "guo", now).calendar("SZ"), now)
        return [row.number for row in dispatch.waiting(reading, "SZ", closing)]


def to_tell(world: World) -> list[tuple[str, str]]:
    now = world.now.astimezone(UTC)
    with world.books.reading() as reading:
        rows = (*calls.to_be_told(reading, "SZ"), *dispatch.late_to_tell(reading, "SZ", now))
        return [(row.number, row.reason) for row in rows]


def finish(world: World, number: str, technician: str) -> None:
    world.do("guo", "calls.dispatch", number, technician=technician)
    world.do(technician, "calls.arrive", number)
    world.do(technician, "calls.finish", number, cause="坏", work="换", signer="王")


# Ranking


def test_each_candidate_says_why_in_words(world: World) -> None:
    finish(world, FIRST, "chen")
    world.at("2026-11-23 10:00")
    world.do("guo", "calls.dispatch", SECOND, technician="liu")
    world.do("guo", "calls.dispatch", THIRD, technician="zhao")
    world.do("zhao", "calls.arrive", THIRD)
    world.do("guo", "staff.absence", "sun", reason="病假")
    world.do("guo", "staff.shift", "wu", day="2026-11-23", hours="11:00-20:00")
    world.at("2026-11-23 10:20")
    assert said(world, FOURTH) == {
        "chen": "free now, in 福田区, did this model once: ~Mon 23 Nov 10:50 in time",
        "zhao": "on a job to Mon 23 Nov 11:00, from 龙岗区: ~Mon 23 Nov 11:45 in time",
        "wu": "free Mon 23 Nov 11:00: ~Mon 23 Nov 11:45 in time",
        "liu": "free Mon 23 Nov 13:35, from 南山区: ~Mon 23 Nov 14:20 in time",
    }
    assert [one.technician.login for one in ranked(world, FOURTH)] == ["chen", "wu", "zhao", "liu"]
    now = world.now.astimezone(UTC)
    away = {row.login: row.off_duty(now) for row in world.read(dispatch.technicians, "SZ", now)}
    assert str(away["sun"]) == "absent: 病假"


def test_who_would_be_late_says_by_how_much_in_working_time(world: World) -> None:
    world.do("guo", "calls.dispatch", SECOND, technician="liu")
    due = call(world, FOURTH).judged_by
    assert due is not None
    assert due.astimezone(world.now.tzinfo).strftime("%H:%M") == "16:30"
    world.at("2026-11-23 15:55")
    late = {one.technician.login: one.late_minutes for one in ranked(world, FOURTH)}
    assert (late["chen"], late["liu"]) == (10, 115)
    assert "late by 1h55" in said(world, FOURTH)["liu"]
    assert ranked(world, FOURTH)[-1].technician.login == "liu"


def test_proposals_share_the_visits_out(quick_world: World) -> None:
    rows = [call(quick_world, number) for number in (FIRST, SECOND, FOURTH)]
    now = quick_world.now.astimezone(UTC)
    people = [TechnicianRow(nth, login, login, "SZ", "") for nth, login in enumerate(("chen", "liu"))]
    with quick_world.books.reading() as reading:
        calendar = Look(quick_world.books, reading, "guo", now).calendar("SZ")
    proposed = propose(rows, people, now, calendar)
    names = [candidate.technician.login for _, candidate in proposed if candidate is not None]
    assert names[:2] == ["chen", "liu"]
    assert len(names) == 3
    assert propose(rows, [], now, calendar) == [(row, None) for row in rows]


# Who falls out


def test_the_visits_of_who_falls_out_are_moved_all_or_none(world: World) -> None:
    for number in (FIRST, SECOND, THIRD):
        world.do("guo", "calls.dispatch", number, technician="chen")
    world.do("chen", "calls.arrive", THIRD)
    world.do("guo", "staff.absence", "chen", reason="病假")
    absent = world.read(dispatch.technician, "chen", world.now.astimezone(UTC))
    assert absent is not None
    assert (absent.absent, absent.to_go, absent.on) == ("病假", (FIRST, SECOND), (THIRD,))

    def stand_down(moves: str, *numbers: str) -> Any:
        return world.do("guo", "calls.stand_down", *numbers, moves=moves, reason="病假")

    for moves, numbers, sentence in (
        (f"{FIRST} liu\n{SECOND} chen", (FIRST, SECOND), "absent"),
        (f"{FIRST} liu", (FIRST, SECOND), f"Nobody is named for {SECOND}"),
        (f"{FIRST} liu\n{FOURTH} liu", (FIRST,), "not among the calls"),
        (f"{FIRST}", (FIRST,), "is no move"),
        (f"{FIRST} lin", (FIRST,), "not a technician"),
        (f"{FIRST} liu\n{THIRD} liu", (FIRST, THIRD), "is arrived"),
    ):
        with pytest.raises(Refused, match=sentence):
            stand_down(moves, *numbers)
    assert {call(world, number).technician for number in (FIRST, SECOND, THIRD)} == {"chen"}
    done = stand_down(f"1123-0001 liu; {SECOND} zhao", FIRST, SECOND)
    assert str(done.sentence) == "Moved: 1123-0001 to 刘洋, 1123-0002 to 赵磊."
    assert [call(world, number).technician for number in (FIRST, SECOND, THIRD)] == ["liu", "zhao", "chen"]
    assert sorted(to_tell(world)) == [(FIRST, "reassigned"), (SECOND, "reassigned")]
    with pytest.raises(Refused, match="It is for: service supervisor"):
        world.do("lin", "calls.stand_down", FIRST, moves=f"{FIRST} wu", reason="x")


def test_an_absence_is_from_now_to_the_closing_where_nothing_else_is_said(world: World) -> None:
    world.do("guo", "staff.absence", "chen", reason="病假")
    with pytest.raises(Refused, match="陈明 is absent: 病假"):
        world.do("guo", "calls.dispatch", FIRST, technician="chen")
    world.at("2026-11-24 08:45")
    world.do("guo", "calls.dispatch", FIRST, technician="chen")


# Visits


def test_reassigning_keeps_the_old_visit_with_its_reason_and_ends_with_the_arrival(world: World) -> None:
    world.do("guo", "calls.dispatch", FIRST, technician="chen")
    done = world.do("guo", "calls.dispatch", SECOND, technician="chen")
    assert str(done.sentence) == f"陈明 is sent to {SECOND}. 陈明 already carries 1123-0001."
    world.do("guo", "calls.reassign", FIRST, technician="liu", reason="急件")
    visits = world.read(calls.visits, call(world, FIRST).id)
    assert [(visit.technician, visit.state, visit.reason) for visit in visits] == [
        ("chen", "reassigned", "急件"),
        ("liu", "active", ""),
    ]
    assert to_tell(world) == [(FIRST, "reassigned")]
    world.do("liu", "calls.arrive", FIRST)
    with pytest.raises(Refused, match="only before the technician's arrival"):
        world.do("guo", "calls.reassign", FIRST, technician="chen", reason="x")


def test_a_call_has_one_active_visit_at_most(world: World) -> None:
    world.do("guo", "calls.dispatch", FIRST, technician="chen")
    row = call(world, FIRST)
    with pytest.raises(Refused, match="is dispatched"):
        world.do("guo", "calls.dispatch", FIRST, technician="liu")
    values = {"call_id": row.id, "nth": 2, "technician_id": row.technician_id, "state": "active", "outcome": ""}
    statement = insert(calls.VISITS).values(**values, dispatched_at=world.now, reason="")
    with world.books.writing() as writing, pytest.raises(IntegrityError):
        writing.connection.execute(statement)


def test_only_the_supervisor_dispatches(world: World) -> None:
    for login in ("lin", "chen", "bjsup", "mgr", "ann"):
        with pytest.raises(Refused) as refused:
            world.do(login, "calls.dispatch", FIRST, technician="chen")
        assert refused.value.kind == "rights"


# Carried over, to be told, out overnight


def test_what_is_undispatched_at_closing_comes_first_next_morning(world: World) -> None:
    world.do("guo", "calls.dispatch", FIRST, technician="chen")
    assert waiting(world) == [SECOND, FOURTH, THIRD]
    world.at("2026-11-24 08:35")
    early = log(world, "新客")
    world.do("guo", "calls.reschedule", SECOND, appointment_at="2026-11-27 10:00", reason="客户要求")
    assert waiting(world) == [FOURTH, THIRD, SECOND, early]
    carried = waiting(world)[:3]
    assert all(call(world, number).logged_at < call(world, early).logged_at for number in carried)


def test_a_late_visit_is_to_be_told_until_who_when_and_how_is_noted(world: World) -> None:
    with pytest.raises(Refused, match="nothing to tell"):
        world.do("lin", "calls.tell", FIRST, whom="王小明")
    world.at("2026-11-23 16:31")
    assert (FIRST, "late") in to_tell(world)
    world.do("lin", "calls.tell", FIRST, whom="王小明", how="message")
    assert FIRST not in dict(to_tell(world))
    (telling,) = world.read(calls.tellings, call(world, FIRST).id)
    assert (telling.reason, telling.told_whom, telling.told_how) == ("late", "王小明", "message")
    assert (telling.since, telling.told_at) == (call(world, FIRST).judged_by, world.now.astimezone(UTC))
    world.do("guo", "calls.dispatch", SECOND, technician="chen")
    world.do("guo", "calls.reassign", SECOND, technician="liu", reason="x")
    assert to_tell(world).count((SECOND, "reassigned")) == 1
    assert (SECOND, "late") not in to_tell(world)
    world.do("liu", "calls.arrive", SECOND)
    world.do("lin", "calls.tell", SECOND, whom="李秀英")
    assert SECOND not in dict(to_tell(world))


def test_that_the_customer_was_told_may_be_entered_afterwards(world: World) -> None:
    world.at("2026-11-23 16:40")
    for told_at, sentence in (("16:41", "has not come yet"), ("08:59", "when the customer called")):
        with pytest.raises(Refused, match=sentence) as refused:
            world.do("lin", "calls.tell", FIRST, told_at=told_at)
        assert refused.value.field == "told_at"
    world.do("lin", "calls.tell", FIRST, told_at="16:20")
    (telling,) = world.read(calls.tellings, call(world, FIRST).id)
    assert telling.told_at == datetime(2026, 11, 23, 8, 20, tzinfo=UTC)
    assert FIRST not in dict(to_tell(world)), "told beforehand that it would be late"


def test_a_visit_moved_by_us_is_to_be_told_and_one_moved_by_the_customer_is_not(world: World) -> None:
    world.do("guo", "calls.reschedule", FIRST, appointment_at="2026-11-24 10:00", reason="x", customer_asked="no")
    world.do("guo", "calls.reschedule", SECOND, appointment_at="2026-11-24 10:00", reason="x")
    assert to_tell(world) == [(FIRST, "moved")]


def test_vouchers_still_out_when_the_day_closed(world: World) -> None:
    world.do("guo", "calls.dispatch", FIRST, technician="chen")
    world.do("chen", "calls.arrive", FIRST)
    world.do("chen", "calls.come_back", FIRST, reason="缺件")
    world.do("guo", "calls.dispatch", SECOND, technician="liu")
    finish(world, THIRD, "wu")
    world.do("lin", "calls.take_back", THIRD)
    since = world.at("2026-11-23 18:00")
    out = world.read(dispatch.vouchers_out, "SZ", since)
    assert {(row.call.number, row.technician_name) for row in out} == {(FIRST, "陈明"), (SECOND, "刘洋")}


# How it is read

ASKED: list[Callable[[Reading, datetime], Any]] = [
    lambda reading, now: dispatch.waiting(reading, "SZ", now),
    lambda reading, now: dispatch.on_the_road(reading, "SZ"),
    lambda reading, now: dispatch.technicians(reading, "SZ", now, "KFR-35GW"),
    lambda reading, now: dispatch.technician(reading, "chen", now),
    lambda reading, now: dispatch.active_calls(reading, "chen"),
    lambda reading, now: dispatch.done_calls(reading, "chen", now),
    lambda reading, now: dispatch.vouchers_out(reading, "SZ", now),
    lambda reading, now: dispatch.late_to_tell(reading, "SZ", now),
    lambda reading, now: calls.to_be_told(reading, "SZ"),
    lambda reading, now: dispatch.calls_by_number(reading, [FIRST, SECOND]),
    lambda reading, now: dispatch.active_visit(reading, calls.open_of_product(reading, 1)[0].id),
]


def test_every_query_of_the_board_goes_by_an_index(quick_world: World) -> None:
    quick_world.do("guo", "calls.dispatch", FIRST, technician="chen")
    asked: set[str] = set()
    now = quick_world.at("2026-11-24 09:00")
    with quick_world.books.reading() as reading:
        raw: Any = reading.connection.connection.driver_connection
        raw.set_trace_callback(asked.add)
        for ask in ASKED:
            ask(reading, now)
        raw.set_trace_callback(None)
        selects = [said for said in asked if said.startswith("SELECT")]
        assert len(selects) > 10
        for statement in selects:
            steps = [row[3] for row in raw.execute("EXPLAIN QUERY PLAN " + statement)]
            # "anon" is the few jobs just read; the few staff are read whole by login, as is who is still to be told.
            few = ("SCAN anon", "SCAN staff USING INDEX", "SCAN tellings USING INDEX ix_tellings_open")
            scans = [step for step in steps if step.startswith("SCAN") and not step.startswith(few)]
            assert scans == [], (statement, steps)
            # A unit's calls of all years are not gone through to find the few that are open.
            assert not any("INDEX ix_calls_unit_id (" in step for step in steps), (statement, steps)
