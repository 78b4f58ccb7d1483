"""Whole rounds of the paper, from the call to the filed voucher, and what leads off and back (003 Art. 5-8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from servicedesk.domain.calls import CallFilter, Page
from servicedesk.domain.customers import ProductRow
from servicedesk.domain.history import CorrectionRow, EntryRow
from servicedesk.store import calls, customers, dispatch
from tests.acts.rounds import (
    CALL,
    DONE,
    arrived,
    audit_lines,
    carried_back,
    dispatched,
    done,
    last_audit,
    line,
    logged,
    revisit,
    struck_off,
    visits,
)
from tests.world import SHANGHAI, World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = World(database_url)
    yield made
    made.close()


def at(local: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{local}").replace(tzinfo=SHANGHAI)


def voucher(world: World, number: str) -> ProductRow:
    found = world.read(customers.product_by_voucher, line(world, number).voucher)
    assert found is not None
    return found


def custody(world: World, number: str) -> tuple[str, str]:
    row = voucher(world, number)
    return row.holder, row.holder_name


def found(world: World, words: str) -> list[str]:
    return [row.number for row in world.read(calls.page, CallFilter(words=words), Page(), world.now)]


def entries(world: World, number: str) -> list[EntryRow]:
    return world.read(calls.entries, line(world, number).id)


def corrections(world: World, number: str) -> list[tuple[str, str, str, str]]:
    rows: list[CorrectionRow] = world.read(calls.corrections, line(world, number).id)
    return [(row.column, row.before, row.after, row.by_name) for row in rows]


def to_tell(world: World) -> list[tuple[str, str]]:
    return [(row.number, row.reason) for row in world.read(calls.to_be_told, "SZ")]


def test_the_whole_round_of_a_paid_job_over_the_limit(world: World) -> None:
    number = logged(world, called_at="08:50", contact="李梅", district="福田区", serial_no="S-77", remarks="先打电话")
    row = line(world, number)
    assert number == "SZ-C-261123-0001"
    assert (row.called_at, row.logged_at, row.channel) == (at("23 08:50"), at("23 09:00"), "telephone")
    assert (row.customer, row.customer_name, row.caller, row.telephone) == ("000001", "王小明", "李梅", "13812345678")
    assert (row.address, row.district, row.zone) == (CALL["address"], "福田区", "urban")
    assert (row.model_no, row.serial_no, row.symptom, row.service_type) == ("KFR-35GW", "S-77", "不制冷", "A")
    assert (row.voucher, row.due_at, row.judged_by) == ("SZ-V-000001", at("23 16:20"), at("23 16:20"))
    assert (row.state, row.remarks, row.dispatched_at, row.technician, row.visits) == (
        "logged",
        "先打电话",
        None,
        "",
        0,
    )
    assert custody(world, number) == ("clerk", "")

    world.at("2026-11-23 09:20")
    world.do("guo", "calls.dispatch", number, technician="chen")
    row = line(world, number)
    assert (row.state, row.dispatched_at, row.technician, row.visits) == ("dispatched", at("23 09:20"), "chen", 1)
    assert custody(world, number) == ("technician", "陈明")

    world.at("2026-11-23 10:05")
    world.do("chen", "calls.arrive", number)
    row = line(world, number)
    assert (row.state, row.arrived_at, row.late(world.now)) == ("arrived", at("23 10:05"), False)

    world.at("2026-11-23 11:30")
    world.do(
        "chen",
        "calls.finish",
        number,
        finished_at="11:25",
        cause="压缩机坏",
        work="换压缩机",
        parts="QDQ-201 2; 铜管",
        fees="callout 30; labour 120; parts 480",
        signer="李梅",
        capacity="family",
    )
    row = line(world, number)
    assert (row.state, row.finished_at, row.signed, row.fee) == ("done_on_site", at("23 11:25"), "signed", 63000)
    (visit,) = visits(world, number)
    assert (visit.nth, visit.technician, visit.state, visit.outcome) == (1, "chen", "done", "done_on_site")
    assert (visit.dispatched_at, visit.arrived_at, visit.left_at) == (at("23 09:20"), at("23 10:05"), at("23 11:25"))
    (entry,) = entries(world, number)
    assert (entry.cause, entry.work, entry.signature, entry.signer) == ("压缩机坏", "换压缩机", "signed", "李梅")
    assert entry.parts == (("QDQ-201", 2), ("铜管", 1))
    assert entry.fees == (("callout", 3000), ("labour", 12000), ("parts", 48000))
    assert custody(world, number) == ("technician", "陈明")

    world.at("2026-11-23 13:40")
    world.do("lin", "calls.take_back", number)
    assert custody(world, number) == ("clerk", "")
    world.do("acc", "charges.invoice", number, invoice_no="04412345")
    world.do("lin", "calls.strike_off", number)
    row = line(world, number)
    assert (row.state, row.struck_off_at, row.struck_off_by) == ("struck_off", at("23 13:40"), "lin")
    assert (row.invoice_no, row.fee_settled, row.urgent) == ("04412345", True, "")
    world.do("lin", "calls.file", number)
    assert custody(world, number) == ("file", "")

    lines = [line for line in audit_lines(world) if line.act.startswith(("calls.", "charges."))]
    assert [(line.actor, line.act.partition(".")[2], line.numbers, line.outcome) for line in lines] == [
        (login, act, number, "done")
        for login, act in (
            ("lin", "log"),
            ("guo", "dispatch"),
            ("chen", "arrive"),
            ("chen", "finish"),
            ("lin", "take_back"),
            ("acc", "invoice"),
            ("lin", "strike_off"),
            ("lin", "file"),
        )
    ]
    for words in ("王小明", "wxm", "138123", "莲花路", "KFR-35", "S-77", "不制冷", "李梅", "先打电话", "V-000001"):
        assert found(world, words) == [number], words
    assert found(world, "李大海") == []


def test_a_low_fee_is_collected_on_the_spot_and_needs_no_invoice(world: World) -> None:
    number = done(world, fees="labour 80", collected="yes")
    world.do("lin", "calls.take_back", number)
    world.do("acc", "charges.remit", number, amount="80")
    world.do("lin", "calls.strike_off", number)
    assert (line(world, number).fee, line(world, number).invoice_no) == (8000, "")


def test_a_call_of_an_agent_waits_until_the_units_clerk_pulls_the_voucher(world: World) -> None:
    number = logged(world, "ann")
    assert custody(world, number) == ("file", "")
    assert line(world, number).unit == "SZ"
    world.do("lin", "calls.pull", number)
    assert custody(world, number) == ("clerk", "")


def test_a_further_visit_is_counted_but_the_first_arrival_stops_the_clock(world: World) -> None:
    number = dispatched(world)
    world.at("2026-11-23 10:00")
    world.do("chen", "calls.arrive", number)
    world.at("2026-11-23 10:40")
    world.do("chen", "calls.come_back", number, reason="等配件", cause="主板坏")
    row = line(world, number)
    assert (row.state, row.technician, row.signed, row.remarks) == ("revisit", "", "", "等配件")
    assert custody(world, number) == ("technician", "陈明")
    assert to_tell(world) == [(number, "revisit")]
    assert found(world, "等配件") == [number]
    world.do("lin", "calls.take_back", number)
    world.at("2026-11-24 09:00")
    world.do("guo", "calls.dispatch", number, technician="liu")
    world.at("2026-11-24 09:30")
    world.do("liu", "calls.arrive", number)
    world.do("liu", "calls.finish", number, **DONE)
    row = line(world, number)
    assert (row.arrived_at, row.visits, row.technician) == (at("23 10:00"), 2, "liu")
    assert [(visit.nth, visit.technician, visit.outcome, visit.arrived_at) for visit in visits(world, number)] == [
        (1, "chen", "revisit", at("23 10:00")),
        (2, "liu", "done_on_site", at("24 09:30")),
    ]
    assert [(entry.outcome, entry.signature, entry.cause) for entry in entries(world, number)] == [
        ("revisit", "", "主板坏"),
        ("done_on_site", "signed", "缺氟"),
    ]
    assert custody(world, number) == ("technician", "刘洋")


def test_an_appointment_for_a_further_visit_does_not_make_a_late_arrival_timely(world: World) -> None:
    number = dispatched(world)
    world.at("2026-11-24 10:00")
    world.do("chen", "calls.arrive", number)
    world.do("chen", "calls.come_back", number, reason="等配件")
    world.do("lin", "calls.reschedule", number, appointment_at="2026-11-26 09:00", reason="客户要求")
    row = line(world, number)
    assert (row.appointment_at, row.judged_by) == (at("26 09:00"), at("23 16:30"))


def test_a_product_carried_back_stays_open_and_its_voucher_is_countersigned(world: World) -> None:
    number = carried_back(world)
    row = line(world, number)
    assert (row.state, row.signed, row.technician) == ("carried_back", "countersigned", "chen")
    (entry,) = entries(world, number)
    assert (entry.outcome, entry.signature, entry.signer) == ("carried_back", "countersigned", "王小明")
    world.do("lin", "calls.take_back", number)
    assert custody(world, number) == ("clerk", "")
    assert [row.number for row in world.read(calls.open_of_customer, row.customer_id)] == [number]


def test_cancelling_keeps_the_line_and_its_number_and_calls_the_technician_off(world: World) -> None:
    number = dispatched(world)
    world.do("guo", "calls.cancel", number, reason="other", note="台风")
    row = line(world, number)
    assert (row.state, row.cancel_reason, row.state_before, row.urgent) == ("cancelled", "other", "logged", "")
    assert [visit.state for visit in visits(world, number)] == ["cancelled"]
    assert custody(world, number) == ("supervisor", "")
    world.do("lin", "calls.take_back", number)
    world.do("lin", "calls.file", number)
    assert custody(world, number) == ("file", "")
    assert logged(world, model_no="B-1") == "SZ-C-261123-0002"
    assert found(world, "王小明") == ["SZ-C-261123-0002", number]


def test_a_reopened_call_goes_on_from_the_state_before(world: World) -> None:
    number = struck_off(world)
    world.do("lin", "calls.file", number)
    world.do("guo", "calls.reopen", number, reason="又坏了")
    row = line(world, number)
    assert (row.state, row.struck_off_at, row.struck_off_by, row.remarks) == ("done_on_site", None, "", "又坏了")
    assert custody(world, number) == ("clerk", "")
    assert found(world, "又坏了") == [number]
    assert last_audit(world)["entered"] == {"reason": "又坏了"}
    world.do("lin", "calls.strike_off", number)


def test_a_call_cancelled_on_the_way_is_reopened_as_undispatched(world: World) -> None:
    number = dispatched(world)
    world.do("guo", "calls.cancel", number, reason="other", note="台风")
    world.do("guo", "calls.reopen", number, reason="客户又要")
    row = line(world, number)
    assert (row.state, row.technician, row.dispatched_at, row.cancel_reason) == ("logged", "", None, "")
    world.do("guo", "calls.dispatch", number, technician="liu")
    assert [visit.state for visit in visits(world, number)] == ["cancelled", "active"]
    on_site = arrived(world, model_no="B-1")
    world.do("guo", "calls.cancel", on_site, reason="fee_refused")
    world.do("guo", "calls.reopen", on_site, reason="同意了")
    assert (line(world, on_site).state, line(world, on_site).technician) == ("revisit", "")


def test_a_call_passed_on_is_a_new_line_there_and_the_voucher_goes_with_it(world: World) -> None:
    number = logged(world, appointment_at="2026-11-24 10:00", remarks="先打电话")
    old, new = world.do("guo", "calls.pass_on", number, unit="bj", reason="搬家").numbers
    assert (old, new) == (number, "BJ-C-261123-0001")
    before, after = line(world, old), line(world, new)
    assert (before.state, before.cancel_reason) == ("cancelled", "passed_on")
    assert (after.state, after.unit, after.called_at, after.remarks) == (
        "logged",
        "BJ",
        before.called_at,
        f"先打电话 / {old}",
    )
    assert (after.due_at, after.judged_by) == (at("23 16:30"), at("24 10:00"))
    assert (voucher(world, new).holder, voucher(world, new).unit) == ("file", "BJ")
    assert found(world, old) == [new, old]
    world.do("bjclerk", "calls.pull", new)
    assert custody(world, new) == ("clerk", "")


def test_a_call_within_thirty_days_of_the_strike_off_is_a_repeat(world: World) -> None:
    number = struck_off(world)
    world.do("lin", "calls.file", number)
    world.at("2026-12-23 09:00")
    again = world.do("lin", "calls.log", caller="王小明", symptom="又坏了").numbers[0]
    assert (line(world, again).repeat_of, line(world, again).voucher) == (number, line(world, number).voucher)
    assert custody(world, again) == ("clerk", "")
    world.do("lin", "calls.cancel", again, reason="solved_by_telephone")
    world.at("2026-12-23 09:01")
    later = world.do("lin", "calls.log", caller="王小明", symptom="又坏了").numbers[0]
    assert line(world, later).repeat_of == ""


def test_a_customer_who_rings_again_urges_the_open_call(world: World) -> None:
    number = dispatched(world)
    world.at("2026-11-23 11:00")
    world.do("ann", "calls.attach", number, words="还没来")
    world.do("lin", "calls.attach", number)
    assert line(world, number).urges == 2
    urges = world.read(calls.urges, line(world, number).id)
    assert [(urge.at, urge.by_name, urge.words) for urge in urges] == [
        (at("23 11:00"), "安然", "还没来"),
        (at("23 11:00"), "林小雨", ""),
    ]


def test_a_further_entry_shares_the_voucher_and_waits_for_it(world: World) -> None:
    first = dispatched(world)
    further = world.do("guo", "calls.log", caller="王小明", symptom="漏水", further_because="另一处").numbers[0]
    assert line(world, further).voucher == line(world, first).voucher
    world.do("chen", "calls.arrive", first)
    world.do("chen", "calls.finish", first, **DONE)
    world.do("lin", "calls.take_back", first)
    world.do("guo", "calls.dispatch", further, technician="chen")
    assert custody(world, further) == ("technician", "陈明")
    world.do("chen", "calls.arrive", further)
    world.do("chen", "calls.finish", further, **DONE)
    world.do("lin", "calls.take_back", further)
    world.do("lin", "calls.strike_off", first, further)
    world.do("lin", "calls.file", further)
    assert [line(world, number).state for number in (first, further)] == ["struck_off", "struck_off"]


def test_recall_and_reassignment_keep_the_visit_and_the_customer_is_told(world: World) -> None:
    number = dispatched(world)
    world.do("guo", "calls.reassign", number, technician="liu", reason="车坏了")
    assert custody(world, number) == ("technician", "刘洋")
    world.do("guo", "calls.recall", number, reason="台风")
    row = line(world, number)
    assert (row.state, row.technician, row.dispatched_at, row.visits) == ("logged", "", None, 2)
    assert custody(world, number) == ("supervisor", "")
    assert [(visit.technician, visit.state, visit.reason) for visit in visits(world, number)] == [
        ("chen", "reassigned", "车坏了"),
        ("liu", "recalled", "台风"),
    ]
    assert to_tell(world) == [(number, "reassigned"), (number, "recalled")]
    world.at("2026-11-23 09:30")
    world.do("lin", "calls.tell", number, whom="王小明", how="message")
    assert to_tell(world) == []
    told = world.read(calls.tellings, row.id)
    assert [(one.told_at, one.told_whom, one.told_how) for one in told] == [(at("23 09:30"), "王小明", "message")] * 2


def test_an_appointment_moves_the_deadline_only_when_the_customer_asked_for_it(world: World) -> None:
    number = logged(world)
    world.do("lin", "calls.reschedule", number, appointment_at="15:00", reason="客户在家")
    assert line(world, number).judged_by == at("23 16:30")
    world.do("lin", "calls.reschedule", number, appointment_at="2026-11-25 10:00", reason="缺人", customer_asked="no")
    row = line(world, number)
    assert (row.appointment_at, row.judged_by) == (at("25 10:00"), at("23 16:30"))
    assert to_tell(world) == [(number, "moved")]
    world.do("lin", "calls.correct", number, zone="suburban", reason="远")
    assert (line(world, number).due_at, line(world, number).judged_by) == (at("23 17:30"), at("23 17:30"))
    world.do("lin", "calls.reschedule", number, appointment_at="2026-11-24 10:00", reason="客户改期")
    assert line(world, number).judged_by == at("24 10:00")
    world.do("lin", "calls.correct", number, zone="urban", reason="近")
    assert (line(world, number).due_at, line(world, number).judged_by) == (at("23 16:30"), at("24 10:00"))


def test_a_correction_keeps_what_the_line_said(world: World) -> None:
    number = logged(world, called_at="08:50")
    world.do(
        "ann", "calls.correct", number, called_at="08:30", telephone="139 0000 0001", symptom="漏水", reason="听错"
    )
    row = line(world, number)
    assert (row.called_at, row.telephone, row.symptom, row.due_at) == (
        at("23 08:30"),
        "13900000001",
        "漏水",
        at("23 16:00"),
    )
    assert corrections(world, number) == [
        ("called_at", "2026-11-23T00:50:00+00:00", "2026-11-23T00:30:00+00:00", "安然"),
        ("telephone", "13812345678", "13900000001", "安然"),
        ("symptom", "不制冷", "漏水", "安然"),
    ]
    assert (found(world, "漏水"), found(world, "不制冷"), found(world, "13900000001")) == ([number], [], [number])


def test_an_arrival_before_the_recorded_dispatch_corrects_it_and_keeps_what_it_said(world: World) -> None:
    number = logged(world)
    world.at("2026-11-23 11:00")
    world.do("guo", "calls.dispatch", number, technician="chen")
    world.do("lin", "calls.arrive", number, arrived_at="10:10", dispatch_because="电话派工，后补")
    world.do("lin", "calls.finish", number, **DONE)
    row = line(world, number)
    assert (row.dispatched_at, row.arrived_at) == (at("23 10:10"), at("23 10:10"))
    assert visits(world, number)[0].dispatched_at == at("23 10:10")
    assert corrections(world, number) == [
        ("dispatched_at", "2026-11-23T03:00:00+00:00", "2026-11-23T02:10:00+00:00", "林小雨")
    ]


def test_a_voucher_that_did_not_come_back_is_out_overnight_even_after_a_come_back_later(world: World) -> None:
    number, back = revisit(world), done(world, "liu", model_no="B-1")
    world.do("lin", "calls.take_back", back)
    world.at("2026-11-24 08:30")
    (out,) = world.read(dispatch.vouchers_out, "SZ", world.now)
    assert (out.call.number, out.technician_name, out.held_since) == (number, "陈明", at("23 09:00"))


def test_goods_brought_in_have_no_arrival_clock(world: World) -> None:
    number = logged(world, channel="counter")
    row = line(world, number)
    assert (row.due_at, row.judged_by, row.late(at("30 18:00"))) == (None, None, False)
    world.do("lin", "calls.correct", number, channel="telephone", reason="听错")
    assert line(world, number).due_at == at("23 16:30")


def test_the_same_request_twice_is_one_line(world: World) -> None:
    first = world.do("lin", "calls.log", request="form-1", **CALL)
    again = world.do("lin", "calls.log", request="form-1", **CALL)
    assert (first.already, again.already, again.numbers) == (False, True, first.numbers)
    assert str(again.sentence) == f"Already saved as {first.numbers[0]}."
    assert found(world, "王小明") == list(first.numbers)
    assert sum(line.act == "calls.log" for line in audit_lines(world)) == 1
    number = first.numbers[0]
    world.do("guo", "calls.dispatch", number, request="form-2", technician="chen")
    assert world.do("guo", "calls.dispatch", number, request="form-2", technician="chen").already
    assert len(visits(world, number)) == 1
