"""A technician's daily report: what the books know, lines by hand, submitting, review (003 Art. 12; states §5.8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from servicedesk.acts.act import Prepared, Target, find, prepare
from servicedesk.acts.desk import Look
from servicedesk.acts.reports import facts
from servicedesk.domain.day_lines import Span
from servicedesk.domain.reports import ReportLineRow, ReportRow
from servicedesk.domain.rulebook import refusal
from servicedesk.domain.words import Refused, Sentence
from servicedesk.locales import Words
from servicedesk.store import reports
from tests.acts.faces import WORDS, act_by_command, everything, open_to_anybody, refused
from tests.acts.rounds import CALL, DONE, actor, arrived, carried_back, dispatched, last_audit, logged
from tests.acts.shop import card_of_call
from tests.world import SHANGHAI, World

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
WHOLE_DAY = "830-900 d parts count\n1000-1030 d tools\n1100-1200 d training\n1330-1400 d stock\n1530-1800 d tidy"


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


def visited(world: World, begins: str, ends: str, technician: str = "chen", **typed: str) -> str:
    """A call done on site between these times of the world's day; gives its number."""
    day = f"{world.now:%Y-%m-%d}"
    world.at(f"{day} {begins}")
    finish = {name: typed.pop(name) for name in ("fees", "collected", "parts", "work") if name in typed}
    number = arrived(world, technician, **typed)
    world.at(f"{day} {ends}")
    world.do(technician, "calls.finish", number, **(DONE | finish))
    return number


def repaired(world: World, begins: str, ends: str, technician: str = "chen", **typed: str) -> str:
    """A card on which a technician worked between these times of the world's day; gives its number."""
    day = f"{world.now:%Y-%m-%d}"
    call = carried_back(world, "liu", **typed)
    world.do("lin", "goods.take_in", call)
    number = card_of_call(world, call).number
    world.do("guo", "cards.assign", number, technician=technician)
    world.at(f"{day} {begins}")
    world.do(technician, "cards.start", number)
    world.at(f"{day} {ends}")
    world.do(technician, "cards.stop", number)
    return number


def known(world: World, day: date = MONDAY, login: str = "chen") -> list[ReportLineRow]:
    """What the books know of a technician's day."""
    with world.books.reading() as reading:
        look = Look(world.books, reading, login, world.now.astimezone(UTC))
        return facts.day_of(look, look.actor.id, look.home, day)


def shift(world: World, day: date = MONDAY) -> str:
    """The shift of chen, by the unit's clock."""
    with world.books.reading() as reading:
        look = Look(world.books, reading, "chen", world.now.astimezone(UTC))
        return facts.hours_of(look.home, day, facts.shift_of(look, look.actor.id, look.home, day))


def report(world: World, day: date = MONDAY, login: str = "chen") -> ReportRow:
    found = world.read(reports.of_day, actor(world, login).id, day)
    assert found is not None
    return found


def lines(world: World, day: date = MONDAY) -> list[ReportLineRow]:
    return world.read(reports.lines, report(world, day).id)


def prepared(world: World, login: str, act: str, *numbers: str, **typed: str) -> Prepared:
    targets = [Target(number) for number in numbers]
    return prepare(world.books, login, find(act), targets, typed, world.now.astimezone(UTC))


def greyed(world: World, login: str, act: str, day: date = MONDAY) -> str:
    sentence = refusal(act, actor(world, login), report(world, day))
    return "" if sentence is None else str(sentence)


def clocked(rows: Sequence[ReportLineRow]) -> list[tuple[str, str, str]]:
    """From, to and what each line is about."""
    shown = []
    for row in rows:
        began, ended = (f"{at.astimezone(SHANGHAI):%H:%M}" for at in (row.began_at, row.ended_at))
        shown.append((began, ended, row.paper or row.work))
    return shown


def told(sentences: Sequence[Sentence]) -> list[str]:
    return [WORDS(sentence) for sentence in sentences]


def submitted(world: World, login: str = "chen", **typed: str) -> str:
    """A report with a line by hand, submitted; gives its number."""
    world.do(login, "reports.write", lines="830-930 d parts count", **typed)
    return world.do(login, "reports.submit", **typed).numbers[0]


def reviewed(world: World) -> str:
    number = submitted(world)
    world.do("guo", "reports.review", number)
    return number


# What the books know


def test_the_books_know_visits_with_work_parts_and_fee_and_repair_time(world: World) -> None:
    call = visited(world, "09:00", "09:50", fees="labour 80", collected="y", parts="电容 2\n螺丝", service_type="A")
    card = repaired(world, "14:00", "15:30", model_no="B-1")
    visit, bench = known(world)
    assert clocked([visit, bench]) == [("09:00", "09:50", call), ("14:00", "15:30", card)]
    assert (visit.source, visit.customer_name, visit.service_type, visit.minutes) == ("visit", "王小明", "A", 50)
    assert (visit.work, visit.parts, visit.fee, visit.line) == (DONE["work"], "电容 ×2; 螺丝 ×1", 8000, 0)
    assert (bench.source, bench.customer_name, bench.minutes, bench.fee) == ("card", "王小明", 90, 0)


def test_parts_put_in_stand_on_the_last_time_line_of_the_day(world: World) -> None:
    card = repaired(world, "14:00", "14:30")
    world.do("lin", "parts.enter", number="QDQ-201", name="电容", price="35")
    world.do("lin", "parts.arrive", parts="QDQ-201 5")
    world.do("chen", "cards.parts", card, parts="QDQ-201 2")
    world.at("2026-11-23 15:00")
    world.do("chen", "cards.clock", card)
    world.at("2026-11-23 16:00")
    world.do("chen", "cards.stop", card)
    assert [(row.minutes, row.parts) for row in known(world)] == [(30, ""), (60, "QDQ-201 ×2")]


def test_a_carried_back_product_has_a_line_without_a_fee_and_who_has_not_left_has_none(world: World) -> None:
    call = visited(world, "09:00", "09:20")
    world.at("2026-11-23 10:00")
    carried = arrived(world, model_no="B-1")
    assert [row.paper for row in known(world)] == [call]
    world.at("2026-11-23 10:40")
    world.do("chen", "calls.carry_back", carried, signer="王小明")
    assert clocked(known(world))[1] == ("10:00", "10:40", carried)
    assert known(world, login="liu") == []


def test_what_lasts_over_midnight_is_divided_and_its_fee_is_of_the_day_it_was_left(world: World) -> None:
    world.at("2026-11-23 23:10")
    call = arrived(world, service_type="A")
    world.at("2026-11-24 00:50")
    world.do("chen", "calls.finish", call, **DONE, fees="labour 80")
    assert [(row.minutes, row.fee) for row in known(world)] == [(50, 0)]
    assert [(row.minutes, row.fee) for row in known(world, date(2026, 11, 24))] == [(50, 8000)]
    assert known(world, date(2026, 11, 25)) == known(world, date(2026, 11, 22)) == []


def test_what_ends_at_midnight_is_of_the_day_before(world: World) -> None:
    world.at("2026-11-23 23:30")
    call = arrived(world, service_type="A")
    world.at("2026-11-24 00:00")
    world.do("chen", "calls.finish", call, **DONE, fees="labour 80")
    assert [(row.minutes, row.fee) for row in known(world)] == [(30, 8000)]
    assert known(world, date(2026, 11, 24)) == []


def test_seconds_do_not_count_and_repair_time_has_a_minute_at_least(world: World) -> None:
    world.at("2026-11-23 09:00:40")
    call = arrived(world)
    world.at("2026-11-23 09:30:20")
    world.do("chen", "calls.finish", call, **DONE)
    repaired(world, "10:00:10", "10:00:30", model_no="B-1")
    assert [row.minutes for row in known(world)] == [30, 1]


def test_a_running_clock_counts_until_now_and_is_named(world: World) -> None:
    card = repaired(world, "10:00", "10:30")
    world.at("2026-11-23 11:00")
    world.do("chen", "cards.clock", card)
    world.at("2026-11-23 11:25")
    assert [row.minutes for row in known(world)] == [30, 25]
    assert f"The clock still runs on {card}." in told(prepared(world, "chen", "reports.submit").notes)[1:]
    world.at("2026-11-24 09:00")
    assert clocked(known(world))[1] == ("11:00", "00:00", card)


def test_the_shift_is_the_own_one_else_the_units_hours_without_absences(world: World) -> None:
    assert shift(world) == "08:30-12:00 13:30-18:00"
    assert shift(world, date(2026, 11, 22)) == ""
    world.do("guo", "staff.absence", "chen", begins="2026-11-23 15:00", ends="2026-11-24 10:00", reason="病假")
    assert shift(world) == "08:30-12:00 13:30-15:00"
    assert shift(world, date(2026, 11, 24)) == "10:00-12:00 13:30-18:00"
    world.do("guo", "staff.shift", "chen", day="2026-11-23", hours="12:00-24:00")
    assert shift(world) == "12:00-15:00"


def test_a_kept_shift_is_read_as_it_was(world: World) -> None:
    with world.books.reading() as reading:
        look = Look(world.books, reading, "chen", world.now.astimezone(UTC))
        spans = facts.shift_of(look, look.actor.id, look.home, MONDAY)
        hours = facts.hours_of(look.home, MONDAY, spans)
        assert facts.kept_shift(look.home, MONDAY, hours) == spans
        assert facts.kept_shift(look.home, MONDAY, "") == ()


# Lines by hand


def test_the_first_line_opens_the_report_and_further_ones_stand_below(world: World) -> None:
    done = world.do("chen", "reports.write", lines="1100-1130 d parts count")
    assert (done.numbers, done.next) == (("SZ-T-261123-0001",), ("reports.submit",))
    done = world.do("chen", "reports.write", lines="830-900 d tools; 900-915 +15 d 送件")
    assert str(done.sentence) == "SZ-T-261123-0001: 2 lines more."
    row = report(world)
    assert (row.state, row.unit, row.technician_name, row.day, row.urgent) == ("draft", "SZ", "陈明", MONDAY, "")
    assert [(line.line, line.work, line.minutes, line.travel) for line in lines(world)] == [
        (2, "tools", 30, 0),
        (3, "送件", 15, 15),
        (1, "parts count", 30, 0),
    ]
    assert last_audit(world)["numbers"] == row.number


def test_a_line_of_a_customer_takes_its_name_from_the_call_or_the_card(world: World) -> None:
    call = logged(world, warranty_until="2027-01-01")
    card = repaired(world, "10:00", "11:00", model_no="B-1", service_type="A", customer="李大海")
    for typed, paper, name in (
        ("1100-1130 c 1 fan", call, "王小明"),
        ("1100-1130 c 1123-0001 motor", call, "王小明"),
        (f"1100-1130 c {call.lower()}", call, "王小明"),
        ("1100-1130 a k-1 compressor", card, "李大海"),
    ):
        world.do("chen", "reports.write", lines=typed)
        line = lines(world)[-1]
        assert (line.paper, line.customer_name, line.source) == (paper, name, "typed")
        assert (line.call_id is not None, line.card_id is not None) == (True, paper == card)


def test_internal_work_has_neither_paper_nor_customer(world: World) -> None:
    logged(world)
    world.do("chen", "reports.write", lines="1100-1130 d 0001 stock")
    line = lines(world)[0]
    assert (line.service_type, line.paper, line.customer_name, line.work) == ("D", "", "", "0001 stock")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("900-930 c 7", "SZ has no SZ-C-261123-0007 in its books."),
        ("900-930 c k-1", "SZ has no SZ-K-261123-0001 in its books."),
        ("900-930 c BJ-C-261123-0001", "SZ has no BJ-C-261123-0001 in its books."),
        ("900-930 c 1", "SZ-C-261123-0001 is of service type A, not C."),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_its_number(world: World, typed: str, reason: str) -> None:
    logged(world, service_type="A")
    world.do("adm", "districts.set", name="朝阳区", zone="urban", unit="BJ")
    logged(world, "bjclerk", address="北京市朝阳区1号", district="朝阳区", model_no="B-2")
    before = everything(world)
    refusal = refused(world, "chen", "reports.write", lines=f"830-900 d tools\n{typed}")
    assert (refusal.field, str(refusal)) == ("lines", f"Line 2: {reason}")
    assert everything(world) == before
    assert f"Line 1: {reason}" in told(prepared(world, "chen", "reports.write", lines=typed).notes)[1:]


def test_what_is_no_line_is_refused(world: World) -> None:
    refusal = refused(world, "chen", "reports.write", lines="parts count")
    assert (refusal.field, str(refusal).startswith("'parts count' is no line")) == ("lines", True)
    assert refused(world, "chen", "reports.write", lines="900-930 a").field == "lines"
    assert str(refused(world, "chen", "reports.write")) == "Lines is required."
    world.do("chen", "reports.write", lines="2300-2400 d night")
    assert clocked(lines(world)) == [("23:00", "00:00", "night")]
    world.do("chen", "reports.write", day="y", lines="0000-2400 d night")
    assert report(world, date(2026, 11, 22)).number == "SZ-T-261123-0002"


def test_lines_that_come_as_values_are_held_to_the_same(world: World) -> None:
    line = {"began": 570, "ended": 600, "service_type": "D", "work": "stock"}
    world.do("chen", "reports.write", lines=[line])
    assert clocked(lines(world)) == [("09:30", "10:00", "stock")]
    for wrong in ({"ended": 500}, {"service_type": "E"}, {"travel": 31}, {"began": -1}, {"service_type": "A"}):
        with pytest.raises(Refused):
            world.do("chen", "reports.write", lines=[line | wrong])


def test_a_line_that_stands_there_is_not_written_twice(world: World) -> None:
    world.do("chen", "reports.write", lines="830-900 d tools")
    world.do("chen", "reports.write", lines="830-900 d tools\n900-930 d tools")
    assert len(lines(world)) == 2


def test_a_line_by_hand_is_taken_out_and_what_the_books_know_is_not(world: World) -> None:
    call = visited(world, "09:00", "09:50")
    number = submitted(world)
    world.do("guo", "reports.send_back", number, remark="补齐")
    assert [(line.line, line.source) for line in lines(world)] == [(1, "typed"), (2, "visit")]
    refusal = refused(world, "chen", "reports.drop", number, line="2")
    assert (refusal.field, str(refusal)) == ("line", f"Line 2 comes from {call}: correct it there.")
    refusal = refused(world, "chen", "reports.drop", number, line="3")
    assert (refusal.field, str(refusal)) == ("line", f"{number} has no line 3.")
    world.do("chen", "reports.drop", "SZ-T-261123-0001", line="1")
    assert [line.source for line in lines(world)] == ["visit"]
    assert act_by_command(world, "chen", "reports.drop", ["1"], {"line": "9"}).err == (
        f"line: {number} has no line 9.",
    )


def test_a_day_that_has_not_come_is_refused(world: World) -> None:
    for act, typed in (
        ("reports.write", {"lines": "830-900 d x"}),
        ("reports.submit", {}),
        ("reports.hand_in", {"lines": "830-900 d x"}),
    ):
        refusal = refused(world, "chen", act, day="2026-11-24", **typed)
        assert (refusal.field, WORDS(refusal.sentence)) == ("day", "24 Nov 2026 has not come yet.")


# Submitting


def test_submitting_keeps_what_the_books_know_and_counts_jobs_and_minutes(world: World) -> None:
    first = visited(world, "09:00", "09:50", fees="labour 80", service_type="A")
    second = visited(world, "10:10", "10:40", model_no="B-1", warranty_until="2027-01-01")
    card = repaired(world, "14:00", "15:30", model_no="B-2", service_type="A")
    world.do("chen", "reports.write", lines=f"830-900 +30 a {first} the way\n1600-1700 d 盘点配件")
    world.at("2026-11-23 17:50")
    done = world.do("chen", "reports.submit", remarks="下午停电")
    row = report(world)
    assert (row.state, row.submitted_at, row.remarks) == ("submitted", world.now.astimezone(UTC), "下午停电")
    assert row.hours == "08:30-12:00 13:30-18:00"
    assert (row.jobs_a, row.minutes_a, row.jobs_c, row.minutes_c) == (2, 30 + 50 + 90, 1, 30)
    assert (row.jobs_b, row.minutes_b, row.minutes_d) == (0, 0, 60)
    assert (row.travel, row.fee, row.urgent) == (30, 8000, "1202611230000")
    assert [(line.line, line.source, line.paper) for line in lines(world)] == [
        (1, "typed", first),
        (2, "visit", first),
        (3, "visit", second),
        (4, "card", card),
        (5, "typed", ""),
    ]
    assert str(done.sentence) == f"{row.number} submitted: 3 jobs, 260 min; {row.marks} marks."


def test_gaps_overlaps_and_minutes_outside_the_shift_are_named_and_refuse_nothing(world: World) -> None:
    call = visited(world, "09:00", "10:00")
    world.do("chen", "reports.write", lines="830-900 d tools\n930-1200 d stock\n1330-1500 d stock\n1500-1830 d tidy")
    marks = [
        f"09:30 to 10:00 is written twice: {call}, stock.",
        "18:00 to 18:30 is outside the shift: 30 min.",
        "540 minutes are written, the shift has 480.",
    ]
    shown = prepared(world, "chen", "reports.submit")
    assert told(shown.notes) == ["1 jobs, 540 min; the shift has 480 min", *marks]
    number = world.do("chen", "reports.submit").numbers[0]
    assert report(world).marks == 3
    assert told(prepared(world, "guo", "reports.review", number).notes) == marks


def test_what_nobody_wrote_is_named_as_a_gap(world: World) -> None:
    visited(world, "09:00", "10:00")
    assert told(prepared(world, "chen", "reports.submit").notes)[1:] == [
        "08:30 to 09:00: nothing is written.",
        "10:00 to 12:00: nothing is written.",
        "13:30 to 18:00: nothing is written.",
    ]


def test_a_day_with_nothing_missing_has_no_marks(world: World) -> None:
    visited(world, "09:00", "10:00")
    visited(world, "10:30", "11:00", model_no="B-1")
    visited(world, "14:00", "15:30", model_no="B-2")
    world.do("chen", "reports.write", lines=WHOLE_DAY)
    done = world.do("chen", "reports.submit")
    assert str(done.sentence) == "SZ-T-261123-0001 submitted: 3 jobs, 480 min."
    assert report(world).marks == 0


def test_a_line_without_a_job_and_a_job_without_a_line_are_marked(world: World) -> None:
    typed = logged(world, service_type="A")
    there = arrived(world, model_no="B-1")
    off = arrived(world, model_no="B-2")
    world.do("guo", "calls.cancel", off, reason="other", note="客户取消")
    dispatched(world, model_no="B-3")
    world.do("chen", "reports.write", lines=f"830-1200 a {typed}\n1330-1800 d stock")
    marks = {
        f"{typed}: the books know of no visit and no repair time that day.",
        f"{there} is not left yet: it has no line.",
        f"{off} was called off on site: it has no line.",
    }
    number = world.do("chen", "reports.submit").numbers[0]
    assert report(world).marks == 3
    assert set(told(prepared(world, "guo", "reports.review", number).notes)) == marks


def test_a_job_that_is_left_after_submitting_is_named_at_the_review(world: World) -> None:
    world.at("2026-11-23 17:00")
    call = arrived(world)
    number = submitted(world)
    world.at("2026-11-23 18:20")
    world.do("chen", "calls.finish", call, **DONE)
    marks = told(prepared(world, "guo", "reports.review", number).notes)
    assert marks[-1] == f"{call} has no line for 17:00 to 18:20."
    world.do("guo", "reports.send_back", number, remark="补")
    world.do("chen", "reports.submit")
    assert f"{call} has no line for 17:00 to 18:20." not in told(prepared(world, "guo", "reports.review", number).notes)


def test_a_closed_day_has_no_gaps(world: World) -> None:
    world.at("2026-11-22 10:00")
    world.do("chen", "reports.write", lines="900-930 d 值班")
    assert told(prepared(world, "chen", "reports.submit").notes)[1:] == ["09:00 to 09:30 is outside the shift: 30 min."]


def test_an_empty_day_is_submitted_with_a_remark_only(world: World) -> None:
    refusal = refused(world, "chen", "reports.submit")
    said = "Nothing is written for 23 Nov 2026: say in the remarks why."
    assert (refusal.field, WORDS(refusal.sentence)) == ("remarks", said)
    assert refused(world, "chen", "reports.hand_in", lines="# nothing").field == "lines"
    number = world.do("chen", "reports.submit", remarks="培训").numbers[0]
    row = report(world)
    assert (row.number, row.state, row.minutes, row.jobs, row.marks) == (number, "submitted", 0, 0, 2)


def test_the_day_before_may_be_submitted_late(world: World) -> None:
    visited(world, "09:00", "10:00")
    world.at("2026-11-24 08:40")
    assert refused(world, "chen", "reports.submit").field == "remarks"
    number = world.do("chen", "reports.submit", day="y").numbers[0]
    row = report(world)
    assert (number, row.day, row.minutes) == ("SZ-T-261124-0001", MONDAY, 60)


def test_what_is_submitted_waits_for_its_review(world: World) -> None:
    number = submitted(world)
    sentence = f"{number} is submitted: ask the service supervisor to return it."
    before = everything(world)
    for act in ("reports.write", "reports.hand_in"):
        assert str(refused(world, "chen", act, lines="930-1000 d x")) == sentence
    nothing_new = f"{number} is submitted, and the books know nothing new of the day."
    assert str(refused(world, "chen", "reports.submit")) == nothing_new
    assert greyed(world, "chen", "reports.submit") == ""
    said = f"{number} is submitted: 'Take a report line out' is not possible."
    assert str(refused(world, "chen", "reports.drop", number, line="1")) == said
    assert greyed(world, "chen", "reports.drop") == said
    assert everything(world) == before


# What comes into the books after the report


def late_visit(world: World, **typed: str) -> str:
    """A call of Monday that is left after the report of Monday was submitted and reviewed; gives its number."""
    world.at("2026-11-23 17:00")
    call = arrived(world, service_type="A", **typed)
    reviewed(world)
    world.at("2026-11-23 18:20")
    world.do("chen", "calls.finish", call, **DONE, fees="labour 80", parts="电容 2")
    return call


def tuesday(world: World, **typed: str) -> ReportRow:
    """The report of Tuesday, submitted with a whole day of internal work."""
    world.at("2026-11-24 18:05")
    world.do("chen", "reports.hand_in", lines="830-1200 d stock\n1330-1800 d stock", **typed)
    return report(world, TUESDAY)


def test_submitted_again_before_it_is_read_it_takes_in_what_came_since(world: World) -> None:
    world.at("2026-11-23 17:00")
    call = arrived(world)
    number = submitted(world)
    world.at("2026-11-23 18:20")
    world.do("chen", "calls.finish", call, **DONE)
    assert greyed(world, "chen", "reports.submit") == ""
    world.do("chen", "reports.submit", remarks="补一户")
    row = report(world)
    assert (row.number, row.state, row.jobs, row.minutes, row.remarks) == (number, "submitted", 1, 60 + 80, "补一户")
    assert row.submitted_at == world.now.astimezone(UTC)
    assert [(line.line, line.paper) for line in lines(world)] == [(1, ""), (2, call)]
    assert f"{call} has no line" not in str(told(prepared(world, "guo", "reports.review", number).notes))


def test_what_is_left_after_the_review_stands_in_the_next_report_with_its_own_times(world: World) -> None:
    call = late_visit(world)
    at_the_review = f"{call} has no line for 17:00 to 18:20."
    kept = report(world).number
    world.at("2026-11-24 18:00")
    shown = told(prepared(world, "chen", "reports.submit").notes)
    assert shown[0] == "0 jobs, 0 min; the shift has 480 min"
    assert shown[-1] == f"{call}: of 11-23, after its report"
    row = tuesday(world)
    line = lines(world, TUESDAY)[0]
    assert (line.paper, line.source, line.minutes, line.fee, line.parts) == (call, "visit", 80, 8000, "电容 ×2")
    assert clocked([line]) == [("17:00", "18:20", call)]
    assert (row.jobs_a, row.minutes_a, row.minutes_d, row.fee) == (1, 80, 480, 8000)
    assert row.marks == 0, "neither too many minutes nor any outside the shift: they are of another day"
    assert told(prepared(world, "guo", "reports.review", row.number).notes) == [shown[-1]]
    assert at_the_review not in told(prepared(world, "guo", "reports.send_back", kept).notes)


def test_it_is_counted_once_whatever_is_submitted_again(world: World) -> None:
    call = late_visit(world)
    monday, row = report(world).number, tuesday(world)
    world.at("2026-11-25 18:00")
    world.do("chen", "reports.submit", remarks="培训")
    assert lines(world, date(2026, 11, 25)) == []
    world.do("guo", "reports.send_back", row.number, remark="补")
    world.do("chen", "reports.submit", day="2026-11-24")
    assert [line.paper for line in lines(world, TUESDAY)] == [call, "", ""]
    world.do("guo", "reports.send_back", monday, remark="补")
    world.do("chen", "reports.submit", day="2026-11-23")
    assert [line.paper for line in lines(world)] == [""], "it stands in the report of Tuesday"
    assert [row.paper for row in known(world)] == [call]


def test_until_the_review_it_belongs_to_the_report_of_its_own_day(world: World) -> None:
    world.at("2026-11-23 17:00")
    call = arrived(world)
    number = submitted(world)
    world.at("2026-11-23 18:20")
    world.do("chen", "calls.finish", call, **DONE)
    tuesday(world)
    assert [line.paper for line in lines(world, TUESDAY)] == ["", ""]
    world.do("guo", "reports.send_back", number, remark="漏了")
    world.do("chen", "reports.submit", day="2026-11-23")
    assert [line.paper for line in lines(world)] == ["", call]


def test_a_day_of_earlier_jobs_alone_needs_a_remark(world: World) -> None:
    late_visit(world)
    world.at("2026-11-24 18:00")
    refusal = refused(world, "chen", "reports.submit")
    said = "Nothing is written for 24 Nov 2026: say in the remarks why."
    assert (refusal.field, WORDS(refusal.sentence)) == ("remarks", said)


def test_over_holidays_it_is_taken_up_and_after_a_fortnight_no_more(world: World) -> None:
    late_visit(world)
    for day, count in (("2026-12-07", 1), ("2026-12-08", 0)):
        world.at(f"{day} 18:00")
        shown = told(prepared(world, "chen", "reports.submit").notes)
        assert sum(note.endswith("after its report") for note in shown) == count


def test_repair_time_written_down_after_the_review_is_taken_up_and_a_running_clock_when_it_stops(world: World) -> None:
    card = repaired(world, "14:00", "14:30")
    world.at("2026-11-23 17:00")
    world.do("chen", "cards.clock", card)
    world.at("2026-11-23 17:30")
    reviewed(world)
    assert clocked(lines(world))[1:] == [("14:00", "14:30", card), ("17:00", "17:30", card)]
    world.at("2026-11-23 17:50")
    assert "after its report" not in str(told(prepared(world, "chen", "reports.submit", day="2026-11-24").notes))
    world.do("chen", "cards.stop", card)
    world.do("chen", "cards.time", card, lines="1600-1615")
    tuesday(world)
    assert clocked(lines(world, TUESDAY))[:2] == [("16:00", "16:15", card), ("17:30", "17:50", card)]
    assert report(world, TUESDAY).minutes_a + report(world, TUESDAY).minutes_c == 15 + 20


def test_what_he_wrote_by_hand_beforehand_is_not_taken_up_once_more(world: World) -> None:
    world.at("2026-11-23 17:00")
    call = arrived(world, service_type="A")
    world.do("chen", "reports.write", lines=f"1700-1800 a {call}")
    reviewed(world)
    world.at("2026-11-23 18:20")
    world.do("chen", "calls.finish", call, **DONE, fees="labour 80")
    tuesday(world)
    (line,) = [line for line in lines(world, TUESDAY) if line.paper]
    assert (clocked([line]), line.minutes, line.fee) == ([("18:00", "18:20", call)], 20, 8000)


# Review


def test_after_the_review_nothing_changes(world: World) -> None:
    visited(world, "10:00", "10:30")
    number = reviewed(world)
    row = report(world)
    assert (row.state, row.reviewed_by_name, row.reviewed_at) == ("reviewed", "郭强", world.now.astimezone(UTC))
    assert row.urgent == "1202611230000"
    for act, typed, shown in (
        ("reports.write", {"lines": "930-1000 d x"}, "Write a report line"),
        ("reports.submit", {}, "Submit the daily report"),
        ("reports.hand_in", {"lines": "930-1000 d x"}, "Hand the daily report in"),
    ):
        said = f"{number} is reviewed: '{shown}' is not possible."
        assert str(refused(world, "chen", act, **typed)) == said
    for login, act, typed, shown in (
        ("chen", "reports.drop", {"line": "1"}, "Take a report line out"),
        ("guo", "reports.review", {}, "Review a report"),
    ):
        said = f"{number} is reviewed: '{shown}' is not possible."
        assert str(refused(world, login, act, number, **typed)) == said
        assert greyed(world, login, act) == said


def test_a_draft_is_not_reviewed(world: World) -> None:
    world.do("chen", "reports.write", lines="830-900 d x")
    number = report(world).number
    for act, shown in (("reports.review", "Review a report"), ("reports.send_back", "Return a report")):
        said = f"{number} is draft: '{shown}' is not possible."
        assert str(refused(world, "guo", act, number, remark="x")) == said
        assert greyed(world, "guo", act) == said


def test_many_are_reviewed_at_once_all_or_none(world: World) -> None:
    numbers = [submitted(world, login) for login in ("chen", "liu", "zhao")]
    world.do("wu", "reports.write", lines="830-900 d x")
    draft = report(world, login="wu").number
    refused(world, "guo", "reports.review", *numbers, draft)
    shown = prepared(world, "guo", "reports.review", *numbers)
    assert told(shown.notes) == [f"{number}: 2 marks" for number in numbers]
    done = world.do("guo", "reports.review", *numbers, remark="好")
    assert str(done.sentence) == f"{', '.join(numbers)} reviewed."
    assert {report(world, login=login).state for login in ("chen", "liu", "zhao")} == {"reviewed"}
    assert report(world).review_remark == "好"


def test_returned_with_a_remark_it_is_put_right_and_submitted_again(world: World) -> None:
    number = submitted(world)
    refusal = refused(world, "guo", "reports.send_back", number)
    assert (refusal.field, str(refusal)) == ("remark", "Remark is required.")
    world.do("guo", "reports.send_back", number, remark="漏了下午的活")
    row = report(world)
    assert (row.state, row.review_remark, row.reviewed_at) == ("sent_back", "漏了下午的活", None)
    note = "郭强 returned it: 漏了下午的活"
    for act in ("reports.write", "reports.submit", "reports.hand_in"):
        assert told(prepared(world, "chen", act).notes)[0] == note
    call = visited(world, "14:00", "15:00")
    world.do("chen", "reports.write", lines="1500-1530 d tools")
    assert report(world).state == "sent_back"
    assert [line.paper for line in lines(world)] == ["", ""]
    world.do("chen", "reports.submit")
    assert [(line.line, line.paper) for line in lines(world)] == [(1, ""), (2, call), (3, "")]
    assert (report(world).state, report(world).minutes) == ("submitted", 60 + 60 + 30)
    world.do("guo", "reports.review", number)
    assert report(world).review_remark == ""


def test_a_kept_line_follows_the_name_of_its_call_until_the_report_is_submitted(world: World) -> None:
    call = logged(world, service_type="A")
    world.do("chen", "reports.write", lines=f"830-900 a {call}")
    world.do("lin", "calls.correct", call, customer_name="王晓明", reason="写错")
    world.do("chen", "reports.submit")
    assert lines(world)[0].customer_name == "王晓明"
    world.do("lin", "calls.correct", call, customer_name=CALL["customer"], reason="写错")
    assert lines(world)[0].customer_name == "王晓明"


# A text handed in


def test_a_text_is_written_and_submitted_in_one(world: World) -> None:
    call = visited(world, "09:00", "10:00")
    text = f"# 周一\n\n830-900 d tools\n\n  1000-1020 +20 a {call} back\n＃ end"
    done = world.do("chen", "reports.hand_in", lines=text)
    row = report(world)
    assert (done.numbers, row.state, row.minutes, row.travel) == ((row.number,), "submitted", 110, 20)
    assert clocked(lines(world)) == [("08:30", "09:00", "tools"), ("09:00", "10:00", call), ("10:00", "10:20", call)]


def test_every_line_that_cannot_be_read_is_named_and_nothing_is_kept(world: World) -> None:
    before = everything(world)
    text = "830-900 d tools\n# x\nparts\n900-930 c 7 fan\n930-900 d x\n1000-1030 d ok"
    refusal = refused(world, "chen", "reports.hand_in", lines=text.replace(";", ""))
    assert refusal.field == "lines"
    assert WORDS(refusal.sentence) == (
        "Nothing is kept. Line 3: 'parts' is no line: write '930-1015 d parts count' or '1100-1145 c 0007 fan motor'., "
        "Line 4: SZ has no SZ-C-261123-0007 in its books., Line 5: '930-900 d x' ends before it begins."
    )
    assert everything(world) == before


def test_a_text_handed_in_again_does_not_double_its_lines(world: World) -> None:
    world.do("chen", "reports.write", lines="830-900 d tools")
    number = world.do("chen", "reports.hand_in", lines="830-900 d tools\n900-930 d stock").numbers[0]
    world.do("guo", "reports.send_back", number, remark="补")
    world.do("chen", "reports.hand_in", lines="830-900 d tools\n900-930 d stock\n930-1000 d more")
    assert [line.work for line in lines(world)] == ["tools", "stock", "more"]


# Whose report


@pytest.mark.parametrize("login", ["lin", "guo", "mgr", "acc", "xu", "sm", "ann", "adm"])
def test_who_writes_no_technicians_report(world: World, login: str) -> None:
    for act, typed in (
        ("reports.write", {"lines": "830-900 d x"}),
        ("reports.submit", {}),
        ("reports.hand_in", {"lines": "830-900 d x"}),
    ):
        assert refused(world, login, act, **typed).kind == "rights"


def test_everybody_writes_the_own_report_only(world: World) -> None:
    number = submitted(world)
    world.do("guo", "reports.send_back", number, remark="补")
    assert refused(world, "liu", "reports.drop", number, line="1").kind == "rights"
    world.do("liu", "reports.write", lines="830-900 d x")
    assert report(world, login="liu").number != number
    assert len(lines(world)) == 1


@pytest.mark.parametrize("login", ["chen", "lin", "mgr", "xu", "sm", "bjsup", "acc"])
def test_who_reviews_no_report(world: World, login: str) -> None:
    number = submitted(world)
    assert refused(world, login, "reports.review", number).kind == "rights"
    assert refused(world, login, "reports.send_back", number, remark="x").kind == "rights"


def test_a_stand_in_writes_the_report_of_the_holder(world: World) -> None:
    call = visited(world, "09:00", "10:00")
    world.do("guo", "staff.stand_in", "chen", role="technician", stand_in="lin", begins="today", ends="today")
    world.do("lin", "reports.write", lines="830-900 d tools")
    number = world.do("lin", "reports.submit").numbers[0]
    row = report(world)
    assert (row.number, row.technician, row.changed_by) == (number, "chen", "林小雨")
    assert [line.paper for line in lines(world)] == ["", call]
    assert (last_audit(world)["actor"], last_audit(world)["holder"]) == ("lin", "chen")


def test_who_stands_in_for_several_says_for_whom(world: World) -> None:
    for holder in ("chen", "liu"):
        world.do("guo", "staff.stand_in", holder, role="technician", stand_in="lin", begins="today", ends="today")
    assert prepared(world, "lin", "reports.submit").derived["technician"] == "chen"
    assert "technician" not in prepared(world, "chen", "reports.submit").derived
    world.do("lin", "reports.write", lines="830-900 d tools", technician="liu")
    number = world.do("lin", "reports.submit", technician="liu").numbers[0]
    assert (report(world, login="liu").number, last_audit(world)["holder"]) == (number, "liu")
    world.do("lin", "reports.hand_in", lines="830-900 d tools")
    assert (report(world).state, last_audit(world)["holder"]) == ("submitted", "chen")
    refusal = refused(world, "lin", "reports.submit", technician="wu")
    assert (refusal.field, str(refusal)) == ("technician", "You are not in the place of wu today.")
    assert refused(world, "wu", "reports.submit", technician="chen").kind == "rights"


def test_of_two_technicians_of_other_units_each_has_the_days_of_his_unit(world: World) -> None:
    """Midnight and the shift are those of the unit's own clock."""
    world.do("adm", "units.enter", code="LA", name="Los Angeles", kind="branch", timezone="America/Los_Angeles")
    world.do("adm", "staff.enter", login="bob", name="Bob", unit="LA", roles="technician")
    world.now = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    with world.books.reading() as reading:
        look = Look(world.books, reading, "bob", world.now)
        assert facts.bounds(look.home, MONDAY) == Span(
            datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 24, 8, tzinfo=UTC)
        )
    world.do("bob", "reports.write", lines="1600-1630 d stock")
    line = world.read(reports.lines, report(world, login="bob").id)[0]
    assert line.began_at == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    number = world.do("bob", "reports.submit").numbers[0]
    assert number == "LA-T-261123-0001"
    assert report(world, login="bob").hours == "08:30-12:00 13:30-18:00"


def test_an_hour_that_the_clocks_leave_out_is_refused(world: World) -> None:
    world.do("adm", "units.enter", code="LA", name="Los Angeles", kind="branch", timezone="America/Los_Angeles")
    world.do("adm", "staff.enter", login="bob", name="Bob", unit="LA", roles="technician")
    world.now = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
    spring = date(2026, 3, 8)
    refusal = refused(world, "bob", "reports.write", day="2026-03-08", lines="230-310 d stock")
    assert str(refusal) == "Line 1: '0230-0310 d stock' ends before it begins."
    world.do("bob", "reports.write", day="2026-03-08", lines="100-400 d stock")
    assert world.read(reports.lines, report(world, spring, "bob").id)[0].minutes == 120


def test_a_reader_elsewhere_is_told_times_by_the_units_clock(world: World) -> None:
    number = submitted(world)
    world.do("adm", "units.enter", code="LA", name="Los Angeles", kind="branch", timezone="America/Los_Angeles")
    world.do("adm", "staff.enter", login="bob", name="Bob", unit="LA", roles="supervisor")
    marks = told(prepared(world, "guo", "reports.review", number).notes)
    assert marks == told(prepared(world, "bob", "reports.review", number).notes)
    assert Words("en", "UTC")(prepared(world, "guo", "reports.review", number).notes[0]).startswith("09:30 to 12:00")


def test_two_who_write_at_once_both_keep_their_lines(world: World) -> None:
    world.do("chen", "reports.write", lines="830-900 d tools", request="a")
    again = world.do("chen", "reports.write", lines="830-900 d tools", request="a")
    assert again.already
    seen = Target(report(world).number, report(world).version)
    world.do("chen", "reports.write", lines="900-930 d tools")
    with pytest.raises(Refused) as caught:
        world.do("chen", "reports.drop", seen, line="1")
    assert caught.value.kind == "changed"
    assert report(world).changed_at == world.now.astimezone(UTC)
    assert timedelta(minutes=sum(line.minutes for line in lines(world))) == timedelta(hours=1)
