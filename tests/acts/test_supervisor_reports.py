"""The supervisor report: from reviewed reports alone, signed, forwarded, received (003 Art. 13-14; §5.8; D20, D21)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date

import pytest

from servicedesk.acts.act import Target
from servicedesk.domain.calls import Page
from servicedesk.domain.registers import Wanted
from servicedesk.domain.reports import STATES
from servicedesk.domain.rulebook import RULES
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused
from servicedesk.store import day_figures, people, reports, tables
from tests.acts import rounds
from tests.acts.faces import act_by_command, everything, open_to_anybody, refused
from tests.acts.reporting import (
    EVENING,
    IN_STATE,
    MONDAY,
    TECHNICIANS,
    compiled,
    figures,
    forwarded,
    handed_in_late,
    proposed,
    report,
    report_greyed,
    reviewed,
    signed,
    submitted,
    summary,
)
from tests.acts.rounds import DONE, arrived, last_audit, logged
from tests.world import STAFF, World

COMPILE = "supervisor_reports.compile"


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


def said(refusal: Refused) -> tuple[str | None, str]:
    return refusal.field, str(refusal)


def missing(*named: str) -> str:
    return f"Not reviewed yet: {', '.join(named)}. Review their reports, or name who was absent and why."


def told(world: World, **typed: str) -> list[str]:
    return [str(note) for note in proposed(world, **typed).notes]


def others(*logins: str) -> list[str]:
    return [login for login in TECHNICIANS if login not in logins]


def shenzhen(world: World) -> UnitRow:
    return world.read(lambda reading: people.units(world.books, reading, people.facts(reading)))["SZ"]


# Compiling (D20)


def test_every_technician_has_a_line_with_the_jobs_and_minutes_of_the_lines_he_wrote(world: World) -> None:
    call = arrived(world, "liu")
    world.at("2026-11-23 10:15")
    world.do("liu", "calls.finish", call, **DONE)
    free = arrived(world, "liu", model_no="KFR-99", customer="李四")
    world.at("2026-11-23 11:00")
    world.do("liu", "calls.finish", free, **DONE)
    world.at(EVENING)
    numbers = reviewed(world)
    done = world.do("guo", COMPILE)
    (number,) = done.numbers
    assert (number, str(done.sentence)) == ("SZ-B-261123-0001", "SZ-B-261123-0001: 5 reports compiled.")
    assert done.next == ("supervisor_reports.sign",)
    lines = figures(world, number)
    assert [line.technician for line in lines] == list(TECHNICIANS)
    assert [line.report for line in lines] == list(numbers)
    for line in lines:
        rows = world.read(reports.lines, report(world, line.report).id)
        for letter in "ABC":
            of_type = [row for row in rows if row.service_type == letter]
            assert getattr(line, f"jobs_{letter.lower()}") == len({row.paper for row in of_type})
            assert getattr(line, f"minutes_{letter.lower()}") == sum(row.minutes for row in of_type)
        assert line.minutes_d == sum(row.minutes for row in rows if row.service_type == "D")
    of_liu = lines[1]
    assert of_liu.jobs_a + of_liu.jobs_b + of_liu.jobs_c == 2
    assert of_liu.minutes_a + of_liu.minutes_b + of_liu.minutes_c == 75 + 45
    row = summary(world, number)
    assert (row.state, row.day, row.unit, row.compiled_by_name) == ("compiled", MONDAY, "SZ", "郭强")
    block = world.read(day_figures.day_block, shenzhen(world), MONDAY, world.now.astimezone(UTC))
    assert {name: getattr(row, name) for name in block._fields} == block._asdict()
    assert (row.calls, row.dispatched, row.done_on_site) == (2, 2, 2)
    audit = last_audit(world)
    assert (audit["act"], audit["actor"], audit["numbers"]) == (COMPILE, "guo", number)
    assert audit["changed"][number]["done_on_site"] == 2


def test_everybody_who_is_missing_is_named_in_one_sentence_with_the_state_of_the_report(world: World) -> None:
    world.at(EVENING)
    reviewed(world, "liu")
    submitted(world, "sun")
    world.do("guo", "reports.send_back", submitted(world, "wu"), remark="补")
    world.do("zhao", "reports.write", lines="830-900 d x")
    sentence = missing("陈明 (no report)", "孙静 (submitted)", "吴刚 (returned with a remark)", "赵磊 (draft)")
    before = everything(world)
    assert said(refused(world, "guo", COMPILE)) == ("absentees", sentence)
    assert everything(world) == before
    assert told(world) == [sentence]
    assert told(world, absentees="chen: 病假; 赵磊: 事假") == [
        missing("孙静 (submitted)", "吴刚 (returned with a remark)")
    ]


def test_who_is_named_absent_needs_no_report_and_the_reason_stands_on_the_line(world: World) -> None:
    world.at(EVENING)
    reviewed(world, *others("chen", "zhao"))
    done = world.do("guo", COMPILE, absentees="CHEN: 病假\n赵磊：外出培训: 三天", remarks="缺两人")
    assert str(done.sentence) == "SZ-B-261123-0001: 3 reports compiled; absent: 陈明, 赵磊."
    lines = figures(world, done.numbers[0])
    assert {line.technician: (line.absent, line.report) for line in lines if line.absent} == {
        "chen": ("病假", ""),
        "zhao": ("外出培训: 三天", ""),
    }
    assert summary(world, done.numbers[0]).remarks == "缺两人"


def test_an_absence_in_the_books_that_covers_the_whole_shift_is_reason_enough(world: World) -> None:
    world.do("guo", "staff.absence", "chen", begins="2026-11-23 08:00", ends="2026-11-23 20:00", reason="年假")
    world.do("guo", "staff.absence", "liu", begins="2026-11-23 08:00", ends="2026-11-23 13:00", reason="看病")
    world.at(EVENING)
    reviewed(world, *others("chen", "liu"))
    assert said(refused(world, "guo", COMPILE))[1] == missing("刘洋 (no report)")
    number = world.do("guo", COMPILE, absentees="liu: 病假").numbers[0]
    assert {line.technician: line.absent for line in figures(world, number) if line.absent} == {
        "chen": "年假",
        "liu": "病假",
    }


def test_two_absences_that_cover_a_shift_together_are_both_named(world: World) -> None:
    world.do("guo", "staff.absence", "chen", begins="2026-11-23 08:00", ends="2026-11-23 12:00", reason="看病")
    world.do("guo", "staff.absence", "chen", begins="2026-11-23 13:00", ends="2026-11-23 18:00", reason="事假")
    world.at(EVENING)
    reviewed(world, *others("chen"))
    number = world.do("guo", COMPILE).numbers[0]
    assert figures(world, number)[0].absent == "看病 / 事假"


def test_on_a_day_without_hours_only_who_had_a_shift_is_asked_for(world: World) -> None:
    world.at("2026-11-28 15:00")  # a Saturday
    world.do("guo", "staff.shift", "chen", day="2026-11-28", hours="09:00-15:00")
    assert said(refused(world, "guo", COMPILE))[1] == missing("陈明 (no report)")
    reviewed(world, "chen", lines="900-1000 d 值班")
    number = world.do("guo", COMPILE).numbers[0]
    assert [line.technician for line in figures(world, number)] == ["chen"]


def test_a_line_of_absentees_names_who_and_why_or_is_refused_with_its_number(world: World) -> None:
    world.at(EVENING)
    reviewed(world, *others("chen", "zhao"))
    handed_in = submitted(world, "zhao")
    for typed in ("chen", "chen:", ": 病假"):
        sentence = f"'{typed}' is no absence: write who was absent and why, 'chen: ill'."
        assert said(refused(world, "guo", COMPILE, absentees=typed)) == ("absentees", sentence)
    for typed, why in (
        ("chen: 病假; lin: 病假", "Line 2: “lin” is no technician of the unit: enter the login."),
        ("zhao: 病假", f"Line 1: 赵磊 was at work: {handed_in} is handed in."),
        ("chen: 病假; 刘洋: 病假", "Line 2: 刘洋 was at work: SZ-T-261123-0001 is handed in."),
    ):
        assert said(refused(world, "guo", COMPILE, absentees=typed)) == ("absentees", why)


def test_two_of_one_name_are_named_by_login(world: World) -> None:
    world.do("adm", "staff.correct", "liu", name="陈明")
    world.at(EVENING)
    reviewed(world, *others("chen", "liu"))
    sentence = "Line 1: “陈明” is no technician of the unit: enter the login."
    assert said(refused(world, "guo", COMPILE, absentees="陈明: 病假"))[1] == sentence
    assert world.do("guo", COMPILE, absentees="chen: 病假; liu: 事假").numbers


def test_who_has_left_is_missing_only_with_a_report_of_that_day(world: World) -> None:
    world.at(EVENING)
    reviewed(world, *others("chen", "zhao"))
    submitted(world, "zhao")
    for login in ("chen", "zhao"):
        world.do("adm", "staff.correct", login, active="n")
    assert said(refused(world, "guo", COMPILE))[1] == missing("赵磊 (submitted)")


def test_compiled_again_before_signing_it_keeps_its_number_and_counts_anew(world: World) -> None:
    world.at(EVENING)
    reviewed(world, *others("chen", "zhao"))
    first = world.do("guo", COMPILE, absentees="chen: 病假\nzhao: 事假", remarks="第一稿").numbers[0]
    logged(world)
    handed_in = reviewed(world, "zhao")[0]
    shown = proposed(world)
    assert [(line.technician, line.reason) for line in shown.derived["absentees"]] == [("chen", "病假")]
    assert shown.derived["remarks"] == "第一稿"
    assert shown.notes == ()
    again = world.do("guo", COMPILE).numbers[0]
    row = summary(world, again)
    assert (again, row.version, row.calls, row.remarks) == (first, 2, 1, "第一稿")
    assert {line.technician: line.absent or line.report for line in figures(world, again)}["zhao"] == handed_in
    assert len(figures(world, again)) == 5
    assert [line.technician for line in figures(world, again) if line.absent] == ["chen"]


def test_an_absence_entered_later_replaces_what_was_named(world: World) -> None:
    world.at(EVENING)
    reviewed(world, *others("chen"))
    world.do("guo", COMPILE, absentees="chen: 病假")
    world.do("guo", "staff.absence", "chen", begins="2026-11-23 08:00", ends="2026-11-23 20:00", reason="病假")
    assert proposed(world).derived["absentees"] == ()
    assert figures(world, world.do("guo", COMPILE).numbers[0])[0].absent == "病假"


def test_another_day_is_compiled_by_naming_it_and_a_day_to_come_is_not(world: World) -> None:
    world.at(EVENING)
    reviewed(world)
    world.at("2026-11-24 08:45")
    shown = proposed(world)
    assert (shown.derived["unit"], shown.derived["day"]) == ("SZ", date(2026, 11, 24))
    number = world.do("guo", COMPILE, day="2026-11-23").numbers[0]
    assert (number, summary(world, number).day) == ("SZ-B-261124-0001", MONDAY)
    refusal = refused(world, "guo", COMPILE, day="2026-11-25")
    assert said(refusal) == ("day", "2026-11-25 has not come yet.")


def test_only_the_units_own_supervisor_compiles_its_report(world: World) -> None:
    world.at(EVENING)
    reviewed(world)
    refusal = refused(world, "bjsup", COMPILE, unit="SZ")
    assert (*said(refusal), refusal.kind) == (
        "unit",
        "The report of SZ is compiled by its own service supervisor.",
        "rights",
    )
    assert world.do("bjsup", COMPILE).numbers[0].startswith("BJ-B-"), "Beijing has no technicians"
    world.do("adm", "staff.stand_in", "guo", role="supervisor", stand_in="bjsup", begins="11-23", ends="11-23")
    assert world.do("bjsup", COMPILE, unit="sz").numbers[0].startswith("SZ-B-")
    assert last_audit(world)["holder"] == "guo"


@pytest.mark.parametrize("login", [login for login, (_, role, _) in STAFF.items() if role != "supervisor"])
def test_nobody_else_compiles(world: World, login: str) -> None:
    refusal = refused(world, login, COMPILE)
    sentence = "Your posts do not allow 'Compile the supervisor report' here. It is for: service supervisor."
    assert (str(refusal), refusal.kind) == (sentence, "rights")


# Signing


def test_signed_the_reports_of_the_technicians_are_on_file_and_not_before(world: World) -> None:
    number = compiled(world)
    numbers = [line.report for line in figures(world, number)]
    assert {report(world, one).state for one in numbers} == {"reviewed"}
    done = world.do("guo", "supervisor_reports.sign", number)
    assert str(done.sentence) == f"{number} is signed; 5 technician reports are on file."
    assert done.next == ("supervisor_reports.manager_sign",)
    for one in numbers:
        kept = report(world, one)
        assert (kept.state, kept.urgent) == ("kept", "")
        sentence = f"{one} is kept on file: 'Return a report' is not possible."
        assert str(refused(world, "guo", "reports.send_back", one, remark="x")) == sentence
    row = summary(world, number)
    assert (row.state, row.signed_by_name, row.signed_at) == ("signed", "郭强", world.now.astimezone(UTC))


def test_a_reviewed_report_may_be_returned_until_the_supervisor_has_signed(world: World) -> None:
    number = compiled(world)
    of_chen = figures(world, number)[0].report
    world.do("guo", "reports.send_back", of_chen, remark="时间不对")
    sentence = missing("陈明 (returned with a remark)")
    assert said(refused(world, "guo", "supervisor_reports.sign", number)) == ("absentees", sentence)
    world.do("chen", "reports.hand_in", lines="1400-1500 d 备料")
    assert str(refused(world, "guo", "supervisor_reports.sign", number)) == missing("陈明 (submitted)")
    world.do("guo", "reports.review", of_chen)
    changed = f"The technicians' reports have changed since {number} was compiled: compile it anew."
    assert str(refused(world, "guo", "supervisor_reports.sign", number)) == changed
    world.do("guo", COMPILE)
    world.do("guo", "supervisor_reports.sign", number)
    assert figures(world, number)[0].minutes_d == report(world, of_chen).minutes_d == 210 + 60


def test_a_report_of_somebody_named_absent_has_to_be_counted_before_signing(world: World) -> None:
    world.at(EVENING)
    reviewed(world, *others("chen"))
    number = world.do("guo", COMPILE, absentees="chen: 病假").numbers[0]
    late = submitted(world)
    assert str(refused(world, "guo", "supervisor_reports.sign", number)) == missing("陈明 (submitted)")
    world.do("guo", "reports.review", late)
    assert "have changed since" in str(refused(world, "guo", "supervisor_reports.sign", number))
    world.do("guo", COMPILE)
    world.do("guo", "supervisor_reports.sign", number)
    assert report(world, late).state == "kept"


def test_signed_with_an_absentee_his_line_stays_as_it_was_named(world: World) -> None:
    world.at(EVENING)
    reviewed(world, *others("chen"))
    number = world.do("guo", COMPILE, absentees="chen: 病假").numbers[0]
    done = world.do("guo", "supervisor_reports.sign", number)
    assert str(done.sentence) == f"{number} is signed; 4 technician reports are on file."
    assert figures(world, number)[0].absent == "病假"


# What is handed in when the supervisor report of its day is signed


def test_a_report_that_came_late_is_counted_in_the_next_supervisor_report_and_put_on_file_with_it(
    world: World,
) -> None:
    late = handed_in_late(world)
    monday = "SZ-B-261123-0001"
    before = (summary(world, monday), figures(world, monday))
    world.at("2026-11-24 18:10")
    own = {line: reviewed(world, line)[0] for line in TECHNICIANS}
    note = f"{late} of 陈明 for 2026-11-23 came after that day's report was signed."
    assert told(world) == [note]
    done = world.do("guo", COMPILE)
    number = done.numbers[0]
    assert str(done.sentence) == f"{number}: 6 reports compiled."
    of_chen = figures(world, number)[0]
    assert (of_chen.report, of_chen.minutes_d, of_chen.absent) == (own["chen"], 210 + 210, "")
    assert [row.number for row in world.read(reports.late_in, summary(world, number))] == [late]
    done = world.do("guo", "supervisor_reports.sign", number)
    assert str(done.sentence) == f"{number} is signed; 6 technician reports are on file."
    assert (report(world, late).state, report(world, late).urgent) == ("kept", "")
    assert [row.number for row in world.read(reports.late_in, summary(world, number))] == [late]
    assert (summary(world, monday), figures(world, monday)) == before, "what is signed is not changed"
    world.at("2026-11-25 18:10")
    reviewed(world)
    again = world.do("guo", COMPILE).numbers[0]
    assert figures(world, again)[0].minutes_d == 210, "it is counted once"
    assert world.read(reports.late_in, summary(world, again)) == []


@pytest.mark.parametrize(("active", "absent"), [("y", "病假"), ("n", "")])
def test_who_is_absent_the_next_day_or_has_left_has_a_line_for_what_came_late(
    world: World, active: str, absent: str
) -> None:
    late = handed_in_late(world)
    world.do("adm", "staff.correct", "chen", active=active)
    world.at("2026-11-24 18:10")
    reviewed(world, *others("chen"))
    number = world.do("guo", COMPILE, absentees=f"chen: {absent}" if absent else "").numbers[0]
    of_chen = figures(world, number)[0]
    assert (of_chen.report, of_chen.minutes_d, of_chen.absent) == (late, 210, absent)
    world.do("guo", "supervisor_reports.sign", number)
    assert report(world, late).state == "kept"


def test_what_came_late_is_counted_by_one_of_two_that_are_compiled_together(world: World) -> None:
    late = handed_in_late(world)
    numbers = []
    for day in ("2026-11-24", "2026-11-25"):
        world.at(f"{day} 18:10")
        reviewed(world)
        numbers.append(world.do("guo", COMPILE).numbers[0])
    first, second = numbers
    assert [figures(world, number)[0].minutes_d for number in numbers] == [420, 420]
    world.do("guo", "supervisor_reports.sign", first)
    changed = f"The technicians' reports have changed since {second} was compiled: compile it anew."
    assert str(refused(world, "guo", "supervisor_reports.sign", second)) == changed
    world.at("2026-11-25 18:20")
    world.do("guo", COMPILE)
    world.do("guo", "supervisor_reports.sign", second)
    assert figures(world, second)[0].minutes_d == 210
    named = {number: [row.number for row in world.read(reports.late_in, summary(world, number))] for number in numbers}
    assert named == {first: [late], second: []}


def test_a_reviewed_report_waits_for_the_supervisor_report_of_its_own_day_while_that_is_not_signed(
    world: World,
) -> None:
    world.at(EVENING)
    reviewed(world)
    world.at("2026-11-24 18:10")
    reviewed(world)
    number = world.do("guo", COMPILE).numbers[0]
    world.do("guo", "supervisor_reports.sign", number)
    assert {line.minutes_d for line in figures(world, number)} == {210}
    monday = world.do("guo", COMPILE, day="2026-11-23").numbers[0]
    assert {line.minutes_d for line in figures(world, monday)} == {210}
    assert world.read(reports.late_in, summary(world, monday)) == []


# The manager, forwarding, receiving (003 Art. 14; D21)


def test_a_branchs_report_goes_by_its_manager_to_the_customer_department(world: World) -> None:
    number = signed(world)
    sentence = f"The branch manager has to sign {number} before it is forwarded."
    assert report_greyed(world, "guo", "supervisor_reports.forward", number) == sentence
    assert str(refused(world, "guo", "supervisor_reports.forward", number)) == sentence
    world.do("mgr", "supervisor_reports.manager_sign", number)
    world.do("guo", "supervisor_reports.forward", number)
    assert summary(world, number).urgent == "1202611230000"
    world.do("sm", "supervisor_reports.receive", number)
    row = summary(world, number)
    names = (row.signed_by_name, row.manager_signed_by_name, row.forwarded_by_name, row.received_by_name)
    assert names == ("郭强", "马国荣", "郭强", "沈敏")
    assert (row.state, row.urgent) == ("report_received", "")
    assert {row.manager_signed_at, row.forwarded_at, row.received_at} == {world.now.astimezone(UTC)}


def test_a_service_centre_has_no_manager_and_its_report_goes_straight_on(world: World) -> None:
    key = shenzhen(world).id
    with world.books.writing() as writing:
        writing.change(tables.Unit, key, kind="service_centre")
        people.moved(writing, people.facts(writing), people.CALENDARS)
    number = compiled(world)
    done = world.do("guo", "supervisor_reports.sign", number)
    assert done.next == ("supervisor_reports.forward",)
    sentence = f"{number} is of a service centre, which has no branch manager: forward it."
    assert report_greyed(world, "mgr", "supervisor_reports.manager_sign", number) == sentence
    assert str(refused(world, "mgr", "supervisor_reports.manager_sign", number)) == sentence
    assert _waits_in(world, number) == ["to_forward"]
    world.do("guo", "supervisor_reports.forward", number)
    assert summary(world, number).state == "forwarded"


def test_the_customer_department_receives_several_at_once_or_none(world: World) -> None:
    first = forwarded(world)
    world.at("2026-11-24 18:10")
    reviewed(world)
    second = world.do("guo", COMPILE).numbers[0]
    refused(world, "xu", "supervisor_reports.receive", first, second)
    assert summary(world, first).state == "forwarded"
    world.do("guo", "supervisor_reports.sign", second)
    world.do("mgr", "supervisor_reports.manager_sign", second)
    world.do("guo", "supervisor_reports.forward", second)
    world.do("xu", "supervisor_reports.receive", first, second)
    assert {summary(world, number).state for number in (first, second)} == {"report_received"}


SOURCES = {
    "supervisor_reports.sign": ("guo", {"compiled"}),
    "supervisor_reports.manager_sign": ("mgr", {"signed"}),
    "supervisor_reports.forward": ("guo", {"signed", "manager_signed"}),
    "supervisor_reports.receive": ("xu", {"forwarded"}),
}


@pytest.mark.parametrize("state", IN_STATE)
def test_in_every_other_state_an_act_is_refused_with_its_sentence_and_its_key_is_grey(world: World, state: str) -> None:
    number = IN_STATE[state](world)
    assert summary(world, number).state == state
    for act, (login, sources) in SOURCES.items():
        if state in sources:
            continue
        sentence = f"{number} is {STATES[state]}: '{RULES[act].label}' is not possible."
        assert report_greyed(world, login, act, number) == sentence
        assert str(refused(world, login, act, number)) == sentence
    if state != "compiled":
        sentence = f"{number} is {STATES[state]}: 'Compile the supervisor report' is not possible."
        assert said(refused(world, "guo", COMPILE)) == ("day", sentence)


def test_each_step_waits_in_the_next_persons_list(world: World) -> None:
    number = compiled(world)
    for view, login, act in (
        ("mine_to_sign", "guo", "sign"),
        ("to_sign", "mgr", "manager_sign"),
        ("to_forward", "guo", "forward"),
        ("to_receive", "xu", "receive"),
    ):
        assert _waits_in(world, number) == [view]
        world.do(login, f"supervisor_reports.{act}", number)
    assert _waits_in(world, number) == []


def _waits_in(world: World, number: str) -> list[str]:
    return [view for view in reports.SUPERVISOR_REPORTS.views if number in _listed(world, view)]


def _listed(world: World, view: str) -> list[str]:
    rows = world.read(reports.SUPERVISOR_REPORTS.page, [Wanted(view=view)], Page(), world.now)
    return [row.number for row in rows]


def test_signed_on_a_page_that_has_changed_meanwhile_it_is_refused(world: World) -> None:
    number = compiled(world)
    seen = summary(world, number).version
    world.do("guo", COMPILE)
    refusal = rounds.refused(world, "guo", "supervisor_reports.sign", Target(number, seen))
    assert refusal.kind == "changed"


def test_a_short_number_is_enough_on_the_command_line(world: World) -> None:
    compiled(world)
    assert act_by_command(world, "guo", "supervisor_reports.sign", ["1"], {}).code == 0
    assert summary(world, "SZ-B-261123-0001").state == "signed"
