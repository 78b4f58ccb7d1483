"""A complaint comes in: what its paper tells, clocks, acknowledgement, corrections, contacts, who has it in hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest

from servicedesk.acts.act import Target
from servicedesk.domain.calls import Page
from servicedesk.domain.complaint_lines import corrected
from servicedesk.domain.registers import Wanted
from servicedesk.domain.words import Refused, RefusedFields
from servicedesk.store import complaints
from tests.acts.complaining import (
    COMPLAINT,
    about,
    acknowledged,
    complaint,
    complaint_greyed,
    events,
    prepared,
    received,
    withdrawn,
)
from tests.acts.faces import act_by_command, open_to_anybody, refused
from tests.acts.rounds import CALL, done, last_audit, logged
from tests.acts.shop import assigned, card
from tests.world import World

NOT_SHOWN = "Telephone and address are in the books; they go with the complaint without being shown."


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


def said(refusal: Refused) -> tuple[str | None, str]:
    return refusal.field, str(refusal)


def found(world: World, words: str) -> list[str]:
    rows = world.read(complaints.COMPLAINTS.page, [Wanted(words=words)], Page(), world.now.astimezone(UTC))
    return [row.number for row in rows]


def clocks(world: World, number: str) -> list[tuple[str, str, str]]:
    """Each clock with what it lasts and by what it was stopped."""
    rows = world.read(complaints.clocks, complaint(world, number).id)
    return [(row.clock, str(row.due_at - row.starts_at), row.stopped_by) for row in rows]


# What it is about


@pytest.mark.parametrize("paper", ["card", "receipt", "goods", "call", "voucher"])
def test_the_number_of_a_paper_tells_all_but_the_content(world: World, paper: str) -> None:
    repair_card = card(world, assigned(world, "liu", serial_no="A100", contact="王太太"))
    world.at("2026-11-23 14:00")
    number = about(world, getattr(repair_card, paper, "") or repair_card.number)
    row = complaint(world, number)
    assert (number, row.state, row.unit) == ("SZ-P-261123-0001", "received", "SZ")
    assert (row.customer, row.customer_name, row.telephone) == ("000001", CALL["customer"], CALL["telephone"])
    assert (row.address, row.model_no, row.serial_no) == (CALL["address"], "KFR-35GW", "A100")
    assert row.voucher == repair_card.voucher
    is_voucher = paper == "voucher"
    assert (row.call, row.contact, row.about_name) == (
        ("", "", "") if is_voucher else (repair_card.call, "王太太", "刘洋")
    )
    assert row.card == (repair_card.number if paper == "card" else "")
    assert (row.received_by_name, row.channel, row.content) == ("林小雨", "telephone", COMPLAINT["content"])


def test_on_the_bench_the_technician_complained_of_is_the_cards(world: World) -> None:
    number = assigned(world, "liu")
    world.do("guo", "cards.assign", number, technician="zhao")
    assert complaint(world, about(world, number)).about == "zhao"
    assert complaint(world, about(world, card(world, number).call)).about == "liu"


@pytest.mark.parametrize(("typed", "meant"), [("1", "call"), ("c-0001", "call"), ("1123-0001", "call"), ("V1", "")])
def test_short_numbers_name_papers(world: World, typed: str, meant: str) -> None:
    number = logged(world)
    shown = prepared(world, "lin", "complaints.receive", about=typed)
    assert shown.rewritten["about"] == (number if meant else "SZ-V-000001")
    row = complaint(world, about(world, typed))
    assert (row.call, row.voucher) == (number if meant else "", "SZ-V-000001")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7", "SZ-C-261123-0007"),
        ("K-3", "SZ-K-261123-0003"),
        ("R-1", "SZ-R-261123-0001"),
        ("G-1", "SZ-G-261123-0001"),
        ("V9", "SZ-V-000009"),
        ("SZ-L-261123-0001", "SZ-L-261123-0001"),
        ("空调", "空调"),
    ],
)
def test_a_paper_that_is_not_there_is_told(world: World, typed: str, meant: str) -> None:
    refusal = refused(world, "lin", "complaints.receive", **COMPLAINT, about=typed)
    assert said(refusal) == ("about", f"There is no {meant} in the books.")


def test_the_contract_in_force_that_day_stands_on_the_sheet(world: World) -> None:
    number = logged(world)
    world.do("lin", "contracts.enter", customer="000001", number="HT-7", starts_on="2026-01-01", ends_on="2026-11-23")
    assert complaint(world, about(world, number)).contract == "HT-7"
    world.at("2026-11-24 09:00")
    assert complaint(world, about(world, number)).contract == ""
    late = about(world, number, received_at="2026-11-23 17:00")
    assert complaint(world, late).contract == "HT-7"


# Who complains


def test_a_telephone_finds_the_customer_and_the_only_product(world: World) -> None:
    logged(world, serial_no="A100")
    shown = prepared(world, "lin", "complaints.receive", telephone="138 1234 5678")
    assert shown.rewritten["telephone"] == "13812345678"
    assert (shown.values["customer_name"], shown.values["address"]) == (CALL["customer"], CALL["address"])
    row = complaint(world, world.do("lin", "complaints.receive", telephone="13812345678", content="慢").numbers[0])
    assert (row.customer, row.model_no, row.serial_no, row.call) == ("000001", "KFR-35GW", "A100", "")


def test_nobody_becomes_a_customer_by_complaining(world: World) -> None:
    row = complaint(world, received(world, model_no="X-9"))
    assert (row.customer, row.customer_id, row.product_id, row.model_no) == ("", None, None, "X-9")
    assert world.do("lin", "customers.enter", name="钱三", telephones="13911112222", address="x").numbers == ("000001",)


def test_who_shares_a_telephone_is_told_apart_by_name_or_number(world: World) -> None:
    for name in ("王小明", "王太太"):
        world.do("lin", "customers.enter", name=name, telephones="13812345678", address="x")
    shown = prepared(world, "lin", "complaints.receive", telephone="13812345678")
    assert [str(note) for note in shown.notes] == ["These customers match: 000001 王小明, 000002 王太太. Choose one."]
    assert complaint(world, received(world, customer_name="王大明")).customer == ""
    assert complaint(world, received(world, customer_name="王太太")).customer == "000002"
    chosen = complaint(world, received(world, customer_name="000002"))
    assert (chosen.customer, chosen.customer_name) == ("000002", "王太太")


def test_somebody_else_may_complain_about_a_paper(world: World) -> None:
    number = logged(world)
    row = complaint(world, about(world, number, customer_name="王小红", telephone="13911112222"))
    assert (row.customer, row.customer_name, row.telephone) == ("000001", "王小红", "13911112222")
    world.do("lin", "customers.enter", name="物业", telephones="075522223333", address="罗湖区和平路1号")
    other = complaint(world, about(world, number, customer_name="000002"))
    assert (other.customer, other.telephone, other.address) == ("000002", "075522223333", "罗湖区和平路1号")


@pytest.mark.parametrize(
    ("login", "typed", "unit"),
    [
        ("ann", {}, "SZ"),
        ("ann", {"address": "北京市东城区"}, "HQ"),
        ("bjclerk", {"address": "北京市东城区"}, "BJ"),
        ("bjclerk", {}, "SZ"),
        ("ann", {"unit": "BJ"}, "BJ"),
    ],
)
def test_the_unit_is_the_districts_else_the_own_one(world: World, login: str, typed: dict[str, str], unit: str) -> None:
    number = received(world, login, **typed)
    assert (number, complaint(world, number).unit) == (f"{unit}-P-261123-0001", unit)


def test_the_unit_of_the_paper_goes_before_the_district(world: World) -> None:
    number = logged(world, "bjclerk")
    assert complaint(world, about(world, number, "ann")).unit == "BJ"
    refusal = refused(world, "lin", "complaints.receive", **COMPLAINT, unit="GZ")
    assert said(refusal) == ("unit", "“GZ” is not found: type another part of it.")


def test_one_way_of_contact_is_needed_and_any_will_do(world: World) -> None:
    complainant = {"customer_name": "网友", "content": "态度差", "channel": "social"}
    assert said(refused(world, "ann", "complaints.receive", **complainant)) == (
        "telephone",
        "Enter a telephone, an e-mail or an address: the customer must be told what became of it.",
    )
    for way in ({"telephone": "13911112222"}, {"email": "w@example.com"}, {"address": "北京市东城区"}):
        number = world.do("ann", "complaints.receive", **complainant, **way).numbers[0]
        row = complaint(world, number)
        assert {name: getattr(row, name) for name in way} == way


def test_content_name_and_time_are_needed(world: World) -> None:
    nothing = refused(world, "lin", "complaints.receive")
    assert isinstance(nothing, RefusedFields)
    assert set(nothing.refusals) == {"customer_name", "content"}
    future = refused(world, "lin", "complaints.receive", **COMPLAINT, received_at="2026-11-23 09:01")
    assert (future.field, "has not come yet" in str(future)) == ("received_at", True)
    wrong = refused(world, "lin", "complaints.receive", **COMPLAINT | {"telephone": "abc"})
    assert wrong.field == "telephone"


def test_what_was_said_is_cleaned_and_found_again(world: World) -> None:
    number = received(world, content="\x1b[31m第一行\r\n第二行\u202e不制冷\x00 ", remedy="退款")
    assert complaint(world, number).content == "[31m第一行\n第二行不制冷"
    assert found(world, "不制冷") == found(world, "13812345678") == found(world, "退款") == [number]
    assert found(world, "wxm") == [number]


# Who may, and who sees


@pytest.mark.parametrize("login", ["chen", "mgr", "acc", "guo", "bjclerk", "ann", "xu", "sm"])
def test_everybody_receives_and_who_sees_no_telephone_still_writes_it(world: World, login: str) -> None:
    number = done(world, "liu")
    sees = login in {"acc", "guo", "ann"}
    shown = prepared(world, login, "complaints.receive", about=number)
    assert (shown.derived.get("telephone"), shown.derived.get("address")) == (
        (CALL["telephone"], CALL["address"]) if sees else (None, None)
    )
    assert [str(note) for note in shown.notes] == ([] if sees else [NOT_SHOWN])
    row = complaint(world, about(world, number, login))
    assert (row.telephone, row.address, row.unit) == (CALL["telephone"], CALL["address"], "SZ")


@pytest.mark.parametrize("login", ["dgm", "ana", "tra", "aud", "adm"])
def test_who_receives_no_complaints(world: World, login: str) -> None:
    assert refused(world, login, "complaints.receive", **COMPLAINT).kind == "rights"


# The customer's open complaints


def test_open_complaints_show_while_the_next_is_typed_and_refuse_nothing(world: World) -> None:
    call = logged(world)
    world.do("lin", "customers.correct", "000001", note="只收普通话来电")
    first = about(world, call, content="第一次投诉" + "很长" * 30)
    withdrawn_one = withdrawn(world, telephone=CALL["telephone"])
    world.at("2026-11-23 10:30")
    second = about(world, call, content="第二次")
    for typed in ({"about": call}, {"telephone": CALL["telephone"]}, {"customer_name": "000001"}):
        shown = prepared(world, "lin", "complaints.receive", **typed)
        assert shown.same == second
        notes = [str(note) for note in shown.notes]
        assert notes[0] == "Note: 只收普通话来电"
        assert notes[1].startswith(f"Open complaint: {second}, received ")
        assert notes[1].endswith(", received. 第二次")
        assert first in notes[2]
        assert notes[2].endswith("…")
        assert len(notes) == 3
        assert not any(withdrawn_one in note for note in notes)
    third = about(world, call, content="第三次")
    assert complaint(world, third).state == "received"


def test_who_does_not_read_complaints_sees_that_one_is_open_and_no_more(world: World) -> None:
    number = about(world, logged(world))
    for login in ("chen", "mgr", "acc", "bjclerk"):
        shown = prepared(world, login, "complaints.receive", telephone=CALL["telephone"])
        assert shown.same == number
        assert not any(COMPLAINT["content"] in str(note) for note in shown.notes)


def test_of_somebody_not_in_the_books_the_telephone_finds_the_open_ones(world: World) -> None:
    number = received(world)
    received(world, telephone="13900000000")
    shown = prepared(world, "lin", "complaints.receive", telephone="138-1234-5678")
    assert (shown.same, len(shown.notes)) == (number, 1)


def test_complaints_go_over_when_customers_are_merged(world: World) -> None:
    number = about(world, logged(world))
    world.do("lin", "customers.enter", name="王小明", telephones="075511112222", address="x")
    world.do("guo", "customers.merge", "000001", survivor="000002")
    assert complaint(world, number).customer == "000002"
    assert prepared(world, "lin", "complaints.receive", customer_name="000001").same == number


def test_further_words_go_to_the_open_complaint(world: World) -> None:
    number = received(world)
    for login in ("chen", "mgr", "acc", "bjclerk", "xu"):
        world.do(login, "complaints.add", number, words="又坏了", how="counter")
    entries = events(world, number, "added")
    assert (entries[0].by_name, *entries[0][3:6]) == (
        "陈明",
        "counter",
        COMPLAINT["customer_name"],
        "又坏了",
    )
    assert (len(entries), complaint(world, number).changed_by) == (5, "徐丽")
    closed = withdrawn(world)
    sentence = f"{closed} is complaint withdrawn: 'The customer adds' is not possible."
    assert said(refused(world, "lin", "complaints.add", closed, words="x")) == (None, sentence)
    assert complaint_greyed(world, "lin", "complaints.add", closed) == sentence


# Clocks and acknowledgement


def test_the_clocks_run_from_the_time_it_was_received_at(world: World) -> None:
    world.at("2026-11-23 18:20")
    number = received(world, received_at="2026-11-23 17:00:30", channel="letter")
    row = complaint(world, number)
    received_at = world.at("2026-11-23 17:00")
    assert (row.received_at, row.entered_at) == (
        received_at + timedelta(seconds=30),
        received_at + timedelta(minutes=80),
    )
    assert clocks(world, number) == [
        ("acknowledge", "1:00:00", ""),
        ("solve", "2 days, 0:00:00", ""),
        ("follow_up", "3 days, 0:00:00", ""),
    ]
    assert row.due_at == row.acknowledge_due == received_at + timedelta(hours=1)
    assert (row.to_acknowledge, row.late(world.at("2026-11-23 18:00")), row.late(world.at("2026-11-23 18:01"))) == (
        True,
        False,
        True,
    )


def test_a_unit_may_have_its_own_limits(world: World) -> None:
    limits = {"acknowledge": "30", "solve": "1440", "follow_up": "2880", "follow_up_from": "solution"}
    world.do("adm", "complaints.limits", "SZ", **limits)
    number = received(world)
    assert clocks(world, number) == [("acknowledge", "0:30:00", ""), ("solve", "1 day, 0:00:00", "")]


def test_the_answer_says_by_when_it_must_be_acknowledged(world: World) -> None:
    ran = act_by_command(world, "lin", "complaints.receive", [], COMPLAINT)
    assert (ran.code, ran.out.split()) == (0, ["SZ-P-261123-0001"])
    assert ran.err == ("SZ-P-261123-0001 received: acknowledge it by Mon 23 Nov 10:00.",)
    ran = act_by_command(world, "lin", "complaints.acknowledge", ["1"], {})
    assert (ran.code, ran.err) == (0, ("SZ-P-261123-0001 acknowledged.",))


def test_an_acknowledgement_stops_its_clock_and_nothing_else(world: World) -> None:
    number = received(world)
    world.at("2026-11-23 09:50")
    done = world.do("lin", "complaints.acknowledge", number, acknowledged_at="09:40", how="message")
    assert done.next == ("complaints.assess",)
    row = complaint(world, number)
    assert (row.state, row.acknowledged_how, row.to_acknowledge) == ("acknowledged", "message", False)
    assert row.acknowledged_at == row.acknowledge_stopped == world.at("2026-11-23 09:40")
    assert [stopped for _, _, stopped in clocks(world, number)] == ["complaints.acknowledge", "", ""]
    assert row.due_at == row.solve_due
    (entry,) = events(world, number, "acknowledged")
    assert (entry.by_name, entry.how, entry.whom) == ("林小雨", "message", COMPLAINT["customer_name"])


def test_assessed_before_it_is_acknowledged_it_stays_assessed(world: World) -> None:
    number = received(world)
    grades = {"nature": "service", "urgency": "high", "scope": "one", "gravity": "ordinary"}
    world.do("xu", "complaints.assess", number, **grades)
    world.do("xu", "complaints.acknowledge", number)
    row = complaint(world, number)
    assert (row.state, row.acknowledged_at is not None) == ("case_assessed", True)


def test_what_is_acknowledged_is_not_acknowledged_again(world: World) -> None:
    number = acknowledged(world)
    sentence = f"{number} is acknowledged already."
    assert said(refused(world, "xu", "complaints.acknowledge", number)) == (None, sentence)
    assert complaint_greyed(world, "xu", "complaints.acknowledge", number) == sentence


def test_an_acknowledgement_is_not_before_the_complaint_nor_to_come(world: World) -> None:
    number = received(world)
    world.at("2026-11-23 09:30")
    early = refused(world, "lin", "complaints.acknowledge", number, acknowledged_at="08:59")
    assert (early.field, str(early).endswith(", when the complaint was received.")) == ("acknowledged_at", True)
    assert refused(world, "lin", "complaints.acknowledge", number, acknowledged_at="09:31").field == "acknowledged_at"


@pytest.mark.parametrize("login", ["chen", "mgr", "acc", "bjclerk", "dgm", "ana"])
def test_who_does_not_acknowledge(world: World, login: str) -> None:
    assert refused(world, login, "complaints.acknowledge", received(world)).kind == "rights"


# Corrections


def test_a_correction_keeps_what_stood_there(world: World) -> None:
    number = received(world)
    world.do("lin", "complaints.correct", number, telephone="139 1111 2222", content="漏水", email="w@example.com")
    row = complaint(world, number)
    assert (row.telephone, row.content, row.email) == ("13911112222", "漏水", "w@example.com")
    kept = events(world, number, "correction")
    assert [str(corrected(entry, in_clear=True)) for entry in kept] == [
        "Telephone: it was “13812345678”, now it is “13911112222”.",
        "E-mail: it was “”, now it is “w@example.com”.",
        f"Content: it was “{COMPLAINT['content']}”, now it is “漏水”.",
    ]
    assert [str(corrected(entry, in_clear=False)) for entry in kept][:2] == [
        "Telephone: it was “138****5678”, now it is “139****2222”.",
        "E-mail: it was “”, now it is “w***@example.com”.",
    ]
    assert (found(world, "漏水"), found(world, "13812345678")) == ([number], [])
    assert said(refused(world, "lin", "complaints.correct", number, content="漏水")) == (None, "Nothing was changed.")


def test_a_dash_empties_a_field_but_a_way_of_contact_stays(world: World) -> None:
    number = received(world, email="w@example.com", remedy="退款")
    world.do("lin", "complaints.correct", number, telephone="-", address="-", remedy="-")
    row = complaint(world, number)
    assert (row.telephone, row.address, row.remedy, row.email) == ("", "", "", "w@example.com")
    sentence = "Enter a telephone, an e-mail or an address: the customer must be told what became of it."
    assert said(refused(world, "xu", "complaints.correct", number, email="-")) == ("telephone", sentence)


def test_the_customer_may_be_named_afterwards(world: World) -> None:
    number = received(world)
    world.do("lin", "customers.enter", name="王小明", telephones="13812345678", address="x")
    world.do("lin", "complaints.correct", number, customer_name="000001")
    row = complaint(world, number)
    assert (row.customer, row.customer_name) == ("000001", "王小明")
    assert events(world, number, "correction") == []


def test_another_product_of_the_customer_is_named_by_its_voucher(world: World) -> None:
    number = about(world, logged(world))
    logged(world, caller="000001", model_no="X-9", serial_no="B7")
    world.do("lin", "complaints.correct", number, model_no="SZ-V-000002", serial_no="B7")
    row = complaint(world, number)
    assert (row.voucher, row.model_no, row.serial_no) == ("SZ-V-000002", "X-9", "B7")
    assert (found(world, "X-9"), found(world, "KFR-35GW")) == ([number], [])
    world.do("lin", "complaints.correct", number, serial_no="B8")
    assert complaint(world, number).voucher == "SZ-V-000002"


def test_who_does_not_see_the_telephone_corrects_the_rest(world: World) -> None:
    number = received(world)
    shown = prepared(world, "xu", "complaints.correct", number)
    assert not {"telephone", "email", "address"} & set(shown.derived)
    assert prepared(world, "lin", "complaints.correct", number).derived["telephone"] == "13812345678"
    world.do("xu", "complaints.correct", number, remedy="道歉")
    row = complaint(world, number)
    assert (row.remedy, row.telephone, row.address) == ("道歉", "13812345678", COMPLAINT["address"])


def test_telephone_in_full_is_shown_and_logged(world: World) -> None:
    number = received(world, email="w@example.com")
    shown = world.do("xu", "complaints.reveal", number)
    assert str(shown.sentence) == f"王小明: 13812345678, w@example.com, {COMPLAINT['address']}"
    last = last_audit(world)
    assert (last["act"], last["actor"], last["numbers"]) == ("complaints.reveal", "xu", number)
    for login in ("chen", "mgr", "bjclerk", "dgm", "ana"):
        assert refused(world, login, "complaints.reveal", number).kind == "rights"


# Contacts and who has it in hand


@pytest.mark.parametrize(
    ("at", "outcome", "next_at"),
    [
        ("2026-11-23 09:30", "not_reached", "2026-11-23 11:30"),
        ("2026-11-23 11:00", "not_reached", "2026-11-23 14:30"),
        ("2026-11-27 17:30", "not_reached", "2026-11-30 10:00"),
        ("2026-11-23 09:30", "call_back", "2026-11-24 08:30"),
        ("2026-11-27 17:30", "call_back", "2026-11-30 08:30"),
    ],
)
def test_the_next_attempt_is_proposed_in_working_hours(world: World, at: str, outcome: str, next_at: str) -> None:
    number = acknowledged(world)
    world.at(at)
    assert prepared(world, "xu", "complaints.contact", number, outcome=outcome).derived["next_at"] == world.at(next_at)
    world.at(at)
    world.do("xu", "complaints.contact", number, outcome=outcome)
    row = complaint(world, number)
    assert row.next_at == world.at(next_at)
    assert row.urgent == f"2{row.next_at:%Y%m%d%H%M}"
    (entry,) = events(world, number, outcome)
    assert (entry.how, entry.whom, entry.by_name) == ("telephone", "王小明", "徐丽")


def test_who_is_reached_is_not_tried_again(world: World) -> None:
    number = acknowledged(world)
    world.do("xu", "complaints.contact", number, outcome="not_reached")
    assert said(refused(world, "xu", "complaints.contact", number)) == ("words", "What was said is required.")
    world.do("xu", "complaints.contact", number, words="周五可上门", whom="王太太")
    assert complaint(world, number).next_at is None
    (entry,) = events(world, number, "contact")
    assert (entry.whom, entry.words) == ("王太太", "周五可上门")
    past = refused(world, "xu", "complaints.contact", number, outcome="call_back", next_at="2026-11-23 09:00")
    assert (past.field, "has passed" in str(past)) == ("next_at", True)


def test_an_acknowledgement_is_the_attempt_that_was_to_come(world: World) -> None:
    number = received(world)
    world.do("lin", "complaints.contact", number, outcome="not_reached")
    assert complaint(world, number).next_at is not None
    world.do("lin", "complaints.acknowledge", number)
    assert complaint(world, number).next_at is None


def test_what_somebody_has_in_hand_no_other_takes(world: World) -> None:
    number = received(world)
    world.do("xu", "complaints.take", number)
    row = complaint(world, number)
    assert (row.taken_by, row.taken_by_name, row.state) == ("xu", "徐丽", "received")
    world.at("2026-11-23 09:29")
    refusal = refused(world, "sm", "complaints.take", number)
    assert (refusal.field, str(refusal).startswith(f"徐丽 took {number} at ")) == (None, True)
    world.do("xu", "complaints.take", number)
    world.at("2026-11-23 09:59")
    world.do("sm", "complaints.take", number)
    assert complaint(world, number).taken_by == "sm"


def test_of_two_that_take_it_at_once_one_has_it(world: World) -> None:
    number = received(world)
    seen = Target(number, complaint(world, number).version)
    world.do("xu", "complaints.take", seen)
    with pytest.raises(Refused) as caught:
        world.do("sm", "complaints.take", seen)
    assert caught.value.kind == "changed"


@pytest.mark.parametrize(
    ("act", "typed", "shown"),
    [
        ("complaints.acknowledge", {}, "Acknowledge"),
        ("complaints.correct", {"remedy": "x"}, "Correct a complaint"),
        ("complaints.contact", {"words": "x"}, "Contact with the customer"),
        ("complaints.take", {}, "Take a complaint"),
    ],
)
def test_nothing_is_done_to_what_is_withdrawn(world: World, act: str, typed: dict[str, str], shown: str) -> None:
    number = withdrawn(world)
    sentence = f"{number} is complaint withdrawn: '{shown}' is not possible."
    assert said(refused(world, "xu", act, number, **typed)) == (None, sentence)
    assert complaint_greyed(world, "xu", act, number) == sentence
    other = received(world)
    for login in ("chen", "mgr", "acc", "bjclerk", "ana"):
        assert refused(world, login, act, other, **typed).kind == "rights"
