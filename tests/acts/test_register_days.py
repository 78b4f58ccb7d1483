"""The register day: reconciled, closed, sent, received; what stands on the next page (D22, D36, D37; K14)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path

import pytest

from servicedesk.acts.act import Target
from servicedesk.acts.day_closing import close_all
from servicedesk.acts.desk import Look
from servicedesk.domain.register_days import UNATTENDED
from servicedesk.domain.words import Refused
from servicedesk.store import audit, calls, dispatch, health, register_days
from servicedesk.tui.call_lines import lines_of
from servicedesk.tui.call_query import totals
from tests.acts.days import (
    EVENING,
    IN_STATE,
    MORNING,
    closed,
    day,
    day_closed,
    day_greyed,
    differences,
    proposed,
    reconciled,
)
from tests.acts.faces import REFUSED, WORDS, act_by_command, command, open_to_anybody, refused
from tests.acts.rounds import (
    CALL,
    DONE,
    arrived,
    carried_back,
    dispatched,
    done,
    last_audit,
    line,
    logged,
    struck_off,
)
from tests.world import World

OTHER = {"customer": "李大海", "model_no": "B-1"}
SHEET = "SZ-D-261123-0001"
NO_RIGHT = "Your posts do not allow"


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


def look_of(world: World, login: str, reading: object) -> Look:
    return Look(world.books, reading, login, world.now.astimezone(UTC))  # type: ignore[arg-type]


def said(refusal: Refused) -> tuple[str | None, str]:
    return refusal.field, str(refusal)


def filed(world: World) -> str:
    """A line that is struck off with its voucher in file: nothing differs."""
    number = struck_off(world)
    world.do("lin", "calls.file", number)
    return number


# What differs


def lost_receipt(world: World) -> str:
    number = carried_back(world)
    world.do("lin", "calls.take_back", number)
    world.do("lin", "goods.take_in", number)
    world.do("lin", "receipts.lose", "SZ-R-261123-0001", statement="搬家丢失", signer="王小明")
    return "SZ-R-261123-0001"


def unsigned(world: World) -> str:
    number = arrived(world)
    world.do("chen", "calls.finish", number, **DONE, medium="none")
    return number


def blank_sheet(world: World) -> str:
    return world.do("lin", "job_sheets.pack", technician="chen", blanks="1").numbers[0]


def voucher_overnight(world: World) -> str:
    return line(world, dispatched(world)).voucher


def voucher_not_filed(world: World) -> str:
    return line(world, struck_off(world)).voucher


def not_taken_in(world: World) -> str:
    carried_back(world)
    return "SZ-R-261123-0001"


def money(world: World) -> str:
    return done(world, fees="labour 80", collected="y")


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("voucher_out", voucher_overnight),
        ("voucher_out", voucher_not_filed),
        ("not_struck_off", done),
        ("not_taken_in", not_taken_in),
        ("receipt_lost", lost_receipt),
        ("not_signed", unsigned),
        ("not_remitted", money),
        ("sheet_out", blank_sheet),
    ],
)
def test_every_difference_is_listed_by_the_number_of_its_paper(
    world: World, kind: str, made: Callable[[World], str]
) -> None:
    paper = made(world)
    world.at(EVENING)
    number = reconciled(world)
    assert (kind, paper, "") in differences(world, number)
    found = day(world, number)
    assert found.differences == found.unexplained == len(differences(world, number))


def test_what_is_in_order_differs_in_nothing(world: World) -> None:
    filed(world)
    logged(world, **OTHER)
    world.at(EVENING)
    assert proposed(world).notes == ()
    number = reconciled(world)
    assert (number, differences(world, number)) == (SHEET, [])
    row = day(world, number)
    assert (row.state, row.calls, row.differences, row.reconciled_by_name) == ("reconciled", 2, 0, "林小雨")


def test_a_line_of_an_earlier_page_that_was_finished_today_is_compared_today(world: World) -> None:
    number = dispatched(world)
    world.at(EVENING)
    closed(world)
    world.at("2026-11-24 10:00")
    world.do("chen", "calls.arrive", number)
    world.do("chen", "calls.finish", number, **DONE)
    world.at("2026-11-24 18:00")
    assert ("not_struck_off", number, "") in differences(world, reconciled(world))


def test_what_happened_since_the_end_of_the_day_is_left_out(world: World) -> None:
    logged(world)
    world.at(MORNING)
    dispatched(world, **OTHER)
    assert differences(world, reconciled(world)) == []


def test_nothing_of_another_unit_differs_here(world: World) -> None:
    done(world)
    world.at(EVENING)
    assert differences(world, reconciled(world, "bjclerk")) == []


# Reconcile and explain


def test_the_form_names_the_open_day_and_everything_that_differs(world: World) -> None:
    number = done(world)
    world.at(MORNING)
    shown = proposed(world)
    assert shown.values["unit"] == "SZ"
    assert str(shown.values["day"]) == "2026-11-23"
    assert [str(note) for note in shown.notes] == [
        f"{line(world, number).voucher}: the voucher is not in file",
        f"{number}: finished and not struck off",
    ]


def test_explanations_go_with_the_reconciling_by_short_numbers(world: World) -> None:
    number = done(world)
    world.at(EVENING)
    voucher = line(world, number).voucher
    sheet = reconciled(world, explanations="1: 明早注销\nV-1：陈明明早带回")
    assert differences(world, sheet) == [
        ("voucher_out", voucher, "陈明明早带回"),
        ("not_struck_off", number, "明早注销"),
    ]
    assert day(world, sheet).unexplained == 0
    refusal = refused(world, "lin", "days.reconcile", explanations="9: 不知道")
    assert said(refusal) == ("explanations", f"9 does not differ: {number}, {voucher}.")
    refusal = refused(world, "lin", "days.reconcile", explanations="没有号")
    assert said(refusal) == ("explanations", "'没有号': write the paper's number, a colon and the explanation.")


def test_reconciling_again_keeps_what_was_said_and_drops_what_is_settled(world: World) -> None:
    first, second = done(world), done(world, "liu", **OTHER)
    world.at(EVENING)
    sheet = reconciled(world)
    world.do("guo", "days.explain", sheet, paper=first, explanation="明早注销")
    world.do("lin", "calls.take_back", second)
    world.do("lin", "calls.strike_off", second)
    world.do("lin", "calls.file", second)
    assert reconciled(world) == sheet
    assert differences(world, sheet) == [
        ("voucher_out", line(world, first).voucher, ""),
        ("not_struck_off", first, "明早注销"),
    ]
    row = day(world, sheet)
    assert (row.differences, row.unexplained, row.version) == (2, 1, 3)


def test_what_was_said_at_the_last_closing_is_proposed_again_but_not_what_the_program_wrote(world: World) -> None:
    number = done(world)
    world.at(EVENING)
    sheet = reconciled(world, explanations=f"{number}: 等签字")
    world.do("lin", "days.explain", sheet, paper="V-1", explanation=UNATTENDED)
    world.do("lin", "days.close", sheet)
    world.at("2026-11-24 18:00")
    assert [one.as_typed("CNY") for one in proposed(world).values["explanations"]] == [f"{number}: 等签字"]
    assert ("not_struck_off", number, "等签字") in differences(world, reconciled(world))


def test_only_a_paper_that_differs_is_explained(world: World) -> None:
    number = done(world)
    world.at(EVENING)
    sheet = reconciled(world)
    refusal = refused(world, "lin", "days.explain", sheet, paper="7", explanation="x")
    assert said(refusal) == ("paper", f"7 does not differ: {number}, {line(world, number).voucher}.")
    world.do("lin", "days.explain", sheet, paper="1", explanation="明早")
    assert last_audit(world)["changed"][sheet]["differences"] == [["not_struck_off", number, "明早"]]


def test_days_are_reconciled_in_their_order_and_never_twice(world: World) -> None:
    logged(world)
    world.at("2026-11-25 18:00")
    refusal = refused(world, "lin", "days.reconcile", day="2026-11-25")
    assert said(refusal) == ("day", "SZ: 2026-11-23 has calls and is not closed yet: close it first.")
    refusal = refused(world, "lin", "days.reconcile", day="2026-11-26")
    assert said(refusal) == ("day", "2026-11-26 has not come yet.")
    closed(world)
    refusal = refused(world, "lin", "days.reconcile", day="2026-11-23")
    assert said(refusal) == ("day", f"2026-11-23 is closed already: {SHEET}.")
    closed(world, day="2026-11-25")
    refusal = refused(world, "lin", "days.reconcile", day="2026-11-24")
    assert said(refusal) == ("day", "SZ: 2026-11-25 is closed, 2026-11-24 comes before it.")


def test_nobody_reconciles_for_another_unit(world: World) -> None:
    for login in ("bjclerk", "bjsup"):
        refusal = refused(world, login, "days.reconcile", unit="SZ")
        assert (refusal.kind, str(refusal)[: len(NO_RIGHT)]) == ("rights", NO_RIGHT)
    sheet = reconciled(world, "guo")
    for act in ("days.explain", "days.close", "days.transmit"):
        typed = {"paper": "1", "explanation": "x"} if act == "days.explain" else {}
        assert refused(world, "bjclerk", act, sheet, **typed).kind == "rights"
        assert day_greyed(world, "bjclerk", act, sheet).startswith(NO_RIGHT)


# Close


def test_a_day_is_closed_only_with_every_difference_explained(world: World) -> None:
    done(world)
    world.at(EVENING)
    sheet = reconciled(world, explanations="1: 明早")
    sentence = f"{sheet}: 1 differences are not explained yet."
    assert said(refused(world, "lin", "days.close", sheet)) == (None, sentence)
    assert day_greyed(world, "guo", "days.close", sheet) == sentence
    world.do("lin", "days.explain", sheet, paper="V-1", explanation="明早带回")
    assert day_greyed(world, "lin", "days.close", sheet) == ""
    world.do("lin", "days.close", sheet)
    assert day(world, sheet).state == "day_closed"


def test_what_differs_since_the_reconciling_has_to_be_seen_first(world: World) -> None:
    number = arrived(world)
    world.at(EVENING)
    sheet = reconciled(world, explanations="V-1: 还在客户家")
    world.do("chen", "calls.finish", number, **DONE)
    refusal = refused(world, "lin", "days.close", sheet)
    assert str(refusal) == f"Since {sheet} was reconciled: {number}: finished and not struck off. Reconcile it again."


def test_closing_freezes_the_page_and_keeps_the_head_of_the_audit_log(world: World) -> None:
    waiting, ended = logged(world), struck_off(world, **OTHER)
    world.at(EVENING)
    sheet = reconciled(world, explanations="V-2: 明早归档")
    before = world.read(audit.head)
    world.do("lin", "days.close", sheet)
    row = day(world, sheet)
    assert (row.calls, row.carried_over, row.differences, row.unexplained) == (2, 1, 1, 0)
    assert (row.audit_head, row.closed_by_name, row.closed_at) == (before, "林小雨", world.now.astimezone(UTC))
    assert world.read(audit.verify, row.audit_head).fault is None
    page = world.read(register_days.page_lines, row.id)
    assert [(one.line, one.number, one.state) for one in page] == [(1, waiting, "logged"), (2, ended, "struck_off")]
    assert (page[0].customer_name, page[0].telephone, page[0].symptom) == (
        CALL["customer"],
        CALL["telephone"],
        CALL["symptom"],
    )
    # Open lines go on, and a correction is shown on the line; the page stays as it was sent.
    world.at(MORNING)
    world.do("lin", "calls.correct", waiting, telephone="13900000009", reason="听错")
    world.do("guo", "calls.dispatch", waiting, technician="liu")
    assert line(world, waiting).telephone == "13900000009"
    assert world.read(register_days.page_lines, row.id) == page


def test_no_import_reaches_a_closed_page(world: World, tmp_path: Path) -> None:
    logged(world)
    world.at(EVENING)
    key = day(world, closed(world)).id
    page = world.read(register_days.page_lines, key)
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("number,name,telephone,address\n000001,改名,13900000009,别处\n", encoding="utf-8")
    for kind in ("calls", "register_page_lines", "days", "reports"):
        ran = command(world, "adm", "import", kind, str(sheet))
        assert (ran.code, ran.out) == (REFUSED, "")
        assert ran.err[0].startswith(f"kind: '{kind}' is not one of:")
    command(world, "adm", "import", "customers", str(sheet))
    assert world.read(register_days.page_lines, key) == page


@pytest.mark.parametrize("state", list(IN_STATE)[1:])
@pytest.mark.parametrize(
    ("act", "shown", "typed"),
    [
        ("days.explain", "Explain a difference", {"paper": "1", "explanation": "x"}),
        ("days.close", "Close the day", {}),
    ],
)
def test_a_closed_day_is_neither_explained_nor_closed_again(
    world: World, state: str, act: str, shown: str, typed: dict[str, str]
) -> None:
    sheet = IN_STATE[state](world)
    sentence = f"{sheet} is {state}: '{shown}' is not possible."
    assert said(refused(world, "lin", act, sheet, **typed)) == (None, sentence)
    assert day_greyed(world, "lin", act, sheet) == sentence


def test_of_two_that_close_at_once_one_does(world: World) -> None:
    sheet = reconciled(world)
    seen = Target(sheet, day(world, sheet).version)
    world.do("lin", "days.close", seen)
    with pytest.raises(Refused):
        world.do("guo", "days.close", seen)
    assert len(world.read(register_days.page_lines, day(world, sheet).id)) == 0


# The next page


def test_a_call_logged_after_the_closing_stands_on_the_next_page(world: World) -> None:
    first = logged(world)
    world.at(EVENING)
    sheet = closed(world)
    world.at("2026-11-23 20:00")
    evening = world.do("ann", "calls.log", **(CALL | OTHER), request="again").numbers
    assert evening == ("SZ-C-261124-0001",)
    assert world.do("ann", "calls.log", **(CALL | OTHER), request="again").numbers == evening
    world.at(MORNING)
    assert logged(world, customer="钱三", model_no="B-2") == "SZ-C-261124-0002"
    assert [one.number for one in world.read(register_days.page_lines, day(world, sheet).id)] == [first]
    world.at("2026-11-24 18:00")
    assert day(world, closed(world)).calls == 2
    assert health.check(world.books) == []


def test_over_a_weekend_and_a_holiday_the_next_page_is_that_of_the_next_working_day(world: World) -> None:
    world.do("adm", "calendar.set", "SZ", day="2026-11-30", state="closed", note="停电")
    world.at("2026-11-27 18:00")
    closed(world)
    numbers = []
    for nth, at in enumerate(("2026-11-27 19:00", "2026-11-28 10:00", "2026-11-30 10:00", "2026-12-01 08:00")):
        world.at(at)
        numbers.append(logged(world, "ann", model_no=f"M-{nth}"))
    assert numbers == [f"SZ-C-261201-000{nth}" for nth in (1, 2, 3, 4)]


def test_before_its_first_closing_a_unit_has_a_page_for_every_day(world: World) -> None:
    world.at("2026-11-28 10:00")
    assert logged(world, "ann") == "SZ-C-261128-0001"


def test_another_unit_that_takes_a_call_over_has_it_on_its_own_open_page(world: World) -> None:
    number = logged(world)
    world.at(EVENING)
    closed(world, "bjclerk")
    assert world.do("guo", "calls.pass_on", number, unit="BJ", reason="搬到北京").numbers == (
        number,
        "BJ-C-261124-0001",
    )


def test_a_short_number_finds_the_call_on_the_next_page(world: World) -> None:
    for nth in range(2):
        logged(world, model_no=f"M-{nth}")
    world.at(EVENING)
    closed(world)
    late = logged(world, **OTHER)

    def shown(typed: str) -> str:
        ran = command(world, "lin", "show", typed, "--json")
        assert ran.code == 0, ran.err
        return str(json.loads(ran.out)["number"])

    assert late == "SZ-C-261124-0001"
    assert shown("1") == shown("1124-0001") == late
    assert shown("2") == shown("1123-0002") == "SZ-C-261123-0002"
    assert act_by_command(world, "lin", "calls.attach", ["1"], {}).out == f"{late}\n"
    world.at(MORNING)
    assert shown("1") == late


# Carried over


def carried(world: World) -> list[str]:
    with world.books.reading() as reading:
        look = look_of(world, "guo", reading)
        closing = look.last_closing("SZ")
        rows = dispatch.waiting(reading, "SZ", closing)
        assert closing is not None
        found = [row.number for row in rows if row.carried_over(closing)]
        assert calls.carried_over(reading, "SZ", closing) == len(found)
        assert [row.number for row in rows][: len(found)] == found
        # What the list says of each line is what its title counts.
        lines = lines_of(look, WORDS, rows, {})
        assert [one.call.number for one in lines if one.now == "carried over"] == found
        assert str(totals(look)[-1]) == f"carried over {len(found)}"
        return found


def test_what_is_undispatched_at_the_closing_is_carried_over(world: World) -> None:
    number = logged(world)
    world.at("2026-11-23 18:10")
    late = logged(world, **OTHER)
    assert carried(world) == [number]
    world.at(EVENING)
    assert day(world, closed(world)).carried_over == 2
    evening = logged(world, model_no="B-9")
    assert sorted(carried(world)) == [number, late]
    world.do("guo", "calls.dispatch", number, technician="chen")
    assert carried(world) == [late]
    assert evening not in carried(world)


def test_a_day_closed_the_next_morning_ended_by_the_calendar(world: World) -> None:
    number = logged(world)
    world.at(MORNING)
    today = logged(world, **OTHER)
    world.at("2026-11-24 09:30")
    sheet = closed(world)
    assert (day(world, sheet).calls, day(world, sheet).carried_over) == (1, 1)
    assert carried(world) == [number]
    assert today == "SZ-C-261124-0001"


# Sent and received


def test_the_page_is_sent_on_the_next_working_day_and_received(world: World) -> None:
    logged(world)
    world.at(EVENING)
    sheet = closed(world)
    refusal = refused(world, "lin", "days.transmit", sheet)
    assert str(refusal) == f"{sheet} is sent on the next working day, 2026-11-24."
    world.at("2026-11-24 00:00")
    world.do("lin", "days.transmit", sheet)
    world.do("xu", "days.receive", sheet)
    row = day(world, sheet)
    assert (row.state, row.transmitted_by_name, row.received_by_name, row.urgent) == (
        "page_received",
        "林小雨",
        "徐丽",
        "",
    )


def test_fridays_page_is_not_sent_at_the_weekend(world: World) -> None:
    world.at("2026-11-27 18:00")
    sheet = closed(world)
    world.at("2026-11-29 09:00")
    refusal = refused(world, "lin", "days.transmit", sheet)
    assert str(refusal) == f"{sheet} is sent on the next working day, 2026-11-30."


@pytest.mark.parametrize("state", ["reconciled", "transmitted", "page received"])
def test_only_a_closed_page_is_sent_and_once(world: World, state: str) -> None:
    sheet = IN_STATE[state](world)
    sentence = f"{sheet} is {state}: 'Transmit the register page' is not possible."
    assert str(refused(world, "lin", "days.transmit", sheet)) == sentence
    assert day_greyed(world, "lin", "days.transmit", sheet) == sentence


def test_a_page_is_received_once_and_only_when_it_was_sent(world: World) -> None:
    sheet = day_closed(world)
    sentence = f"{sheet} is day closed: 'Receive the register page' is not possible."
    assert str(refused(world, "xu", "days.receive", sheet)) == sentence
    world.at(MORNING)
    world.do("lin", "days.transmit", sheet)
    world.do("sm", "days.receive", sheet)
    sentence = f"{sheet} is page received: 'Receive the register page' is not possible."
    assert str(refused(world, "xu", "days.receive", sheet)) == sentence


# Unattended


def test_unattended_every_day_that_is_over_is_closed_in_its_order(world: World) -> None:
    monday, tuesday = logged(world), world.at("2026-11-24 10:00") and logged(world, **OTHER)
    world.at("2026-11-24 12:00")
    now = world.now.astimezone(UTC)
    assert [one.day.isoformat() for one in close_all(world.books, now)] == ["2026-11-23"]
    assert list(close_all(world.books, now)) == []
    now = world.at("2026-11-24 18:00")
    assert [one.number for one in close_all(world.books, now, "SZ")] == ["SZ-D-261124-0001"]
    pages = [world.read(register_days.page_lines, key) for key in (1, 2)]
    assert [[one.number for one in page] for page in pages] == [[monday], [tuesday]]
    row = day(world, "SZ-D-261124-0001")
    assert (row.closed_by_name, row.reconciled_by_name, row.carried_over) == ("", "", 2)
    assert (last_audit(world)["actor"], last_audit(world)["act"]) == ("", "days.close")


def test_unattended_what_was_explained_stays_and_the_rest_is_marked(world: World) -> None:
    number = done(world)
    world.at(EVENING)
    sheet = reconciled(world, explanations="1: 明早注销")
    (only,) = close_all(world.books, world.now.astimezone(UTC), "SZ")
    assert (only.number, day(world, sheet).state) == (sheet, "day_closed")
    assert differences(world, sheet) == [
        ("voucher_out", line(world, number).voucher, UNATTENDED),
        ("not_struck_off", number, "明早注销"),
    ]
