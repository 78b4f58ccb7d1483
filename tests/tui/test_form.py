"""Forms: keys are pressed, then the books are looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
from textual import events

from servicedesk.acts.act import Target
from servicedesk.domain.calls import CallRow
from servicedesk.domain.words import say
from servicedesk.store import calls
from servicedesk.tui import fields
from servicedesk.tui.confirm import Confirm
from servicedesk.tui.form import FormScreen
from tests.tui.forms import Forms, forms
from tests.world import World

HOSTILE = "[/x] [red] [@click=app.quit]"
FIRST = "SZ-C-261123-0001"


@pytest.fixture(autouse=True)
def lookups_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "LOOK_AFTER", 0.001)


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    made.at("2026-11-23 14:20")
    yield made
    made.close()


@pytest.fixture
async def desk(world: World, sqlite_url: str) -> AsyncIterator[Forms]:
    async with forms(world, sqlite_url) as opened:
        yield opened


def call(world: World, number: str = FIRST) -> CallRow:
    row = world.read(calls.one, number)
    assert row is not None
    return row


def is_empty(world: World) -> bool:
    return world.read(calls.one, FIRST) is None


def log_known(world: World, **typed: str) -> str:
    """A call of 王小明, who is known from then on."""
    given = {
        "caller": "13812345678",
        "customer": "王小明",
        "address": "福田区深南路12号3栋502",
        "model_no": "KFR-35GW",
        "symptom": "不制冷",
    }
    return world.do("lin", "calls.log", **{**given, **typed}).numbers[0]


def close_call(world: World, number: str) -> None:
    world.do("lin", "calls.cancel", number, reason="customer_withdrew")


async def offered(desk: Forms, form: FormScreen, name: str = "caller") -> None:
    field = form.fields[name]
    assert isinstance(field, fields.LookupField)
    for _ in range(1_000):
        if field.choices:
            return
        await desk.pilot.pause()
    pytest.fail("nothing is offered")


# Logging a call


async def test_a_new_customer_is_logged_with_few_keys(desk: Forms, world: World) -> None:
    form = await desk.open("calls.log")
    pressed = 0
    await desk.type("13812345678")
    pressed += await desk.keys("down", "down")
    await desk.type("王小明")
    pressed += await desk.keys("down", "down")
    await desk.type("福田区深南路12号3栋502")
    pressed += await desk.keys("down")
    await desk.type("KFR-35GW")
    pressed += await desk.keys("down")
    await desk.type("不制冷，外机有异响")
    pressed += await desk.keys("f2")
    assert pressed <= 10
    row = call(world)
    assert (row.customer_name, row.telephone, row.zone) == ("王小明", "13812345678", "urban")
    assert (row.district, row.model_no, row.symptom) == ("福田区", "KFR-35GW", "不制冷，外机有异响")
    assert row.channel == "telephone"
    assert row.due_at is not None
    assert not form.is_attached
    assert [done.numbers for done in desk.host.done if done is not None] == [(FIRST,)]
    assert form.drafts.all() == []


async def test_a_known_caller_is_logged_with_few_keys(desk: Forms, world: World) -> None:
    close_call(world, log_known(world))
    form = await desk.open("calls.log")
    await desk.type("13812")
    await offered(desk, form)
    assert "> 王小明  138 1234 5678" in desk.shown()
    pressed = await desk.keys("enter", *("down",) * 5)
    await desk.type("又不制冷了")
    pressed += await desk.keys("f2")
    assert pressed <= 10
    row = call(world, "SZ-C-261123-0002")
    assert (row.customer, row.customer_name) == (call(world).customer, "王小明")
    assert (row.model_no, row.voucher, row.symptom) == ("KFR-35GW", call(world).voucher, "又不制冷了")


async def test_the_whole_form_stands_on_a_small_screen(desk: Forms) -> None:
    await desk.open("calls.log")
    shown = desk.shown()
    for text in ("Log a call", "Caller", "2026-11-23 14:20", "telephone", "Warranty to", "Remarks", "F2 Write", "Esc"):
        assert text in shown
    assert "Why this zone" not in shown
    assert "Why a further entry" not in shown


async def test_what_to_say_stands_under_the_form(desk: Forms) -> None:
    await desk.open("calls.log", typed={"address": "福田区深南路12号"})
    assert "Say: “Our technician will be with you by Tue 24 Nov 10:50.”" in desk.shown()


async def test_f2_twice_writes_once(desk: Forms, world: World) -> None:
    await desk.open("calls.log", typed={**KNOWN, "symptom": "漏水"})
    await desk.pilot.press("f2", "f2", "f2")
    await desk.settle()
    assert call(world).symptom == "漏水"
    assert world.read(calls.one, "SZ-C-261123-0002") is None


async def test_enter_never_writes_and_arrows_go_by_lines(desk: Forms, world: World) -> None:
    form = await desk.open("calls.log", typed={**KNOWN, "symptom": "漏水"})
    await desk.pilot.press(*("enter",) * 30)
    await desk.settle()
    assert form.sheet.current.key == "remarks"
    assert is_empty(world)
    await desk.keys("up")
    assert form.sheet.current.key == "appointment_at"
    await desk.keys("tab", "tab", "shift+tab")
    assert form.sheet.current.key == "voucher"
    await desk.keys("up")
    assert form.sheet.current.key == "warranty_until"


async def test_a_form_begins_at_the_first_field_that_is_required_and_empty(desk: Forms) -> None:
    form = await desk.open("calls.log")
    assert form.sheet.current.key == "caller"
    await desk.keys("escape")
    form = await desk.open("calls.log", typed={name: text for name, text in KNOWN.items() if name != "model_no"})
    assert form.sheet.current.key == "model_no"


async def test_keys_that_come_in_one_burst_reach_their_fields(desk: Forms, world: World) -> None:
    await desk.open("calls.log", typed={name: text for name, text in KNOWN.items() if name != "model_no"})
    burst = ["K", "F", "R", "down", "h", "o", "t", "enter", "f2"]
    for key in burst:
        desk.host.post_message(events.Key(key, key if len(key) == 1 else None))
    await desk.settle()
    assert (call(world).model_no, call(world).symptom) == ("KFR", "hot")


# What was understood, what is derived


async def test_times_are_shown_in_full_when_the_field_is_left(desk: Forms) -> None:
    form = await desk.open("calls.log")
    await desk.keys("down")
    for typed, meant in (("930", "2026-11-23 09:30"), ("-15", "2026-11-23 14:05"), ("y1650", "2026-11-22 16:50")):
        await desk.keys("end", "ctrl+u")
        await desk.type(typed)
        await desk.keys("tab")
        assert form.fields["called_at"].entered == meant
        await desk.keys("shift+tab")


async def test_minutes_ago_are_counted_from_when_they_were_typed(desk: Forms, world: World) -> None:
    await desk.open("calls.log", typed={**KNOWN, "symptom": "漏水"})
    await desk.keys("down")
    await desk.type("-15")
    await desk.keys("enter")
    world.at("2026-11-23 14:50")
    await desk.keys("f2")
    assert call(world).called_at == datetime(2026, 11, 23, 6, 5, tzinfo=UTC)


async def test_the_call_came_when_the_form_was_opened(desk: Forms, world: World) -> None:
    await desk.open("calls.log", typed={**KNOWN, "symptom": "漏水"})
    world.at("2026-11-23 14:50")
    await desk.keys("enter", "f2")
    assert call(world).called_at == datetime(2026, 11, 23, 6, 20, tzinfo=UTC)


async def test_derived_values_are_dimmed_until_changed_and_not_sent(desk: Forms) -> None:
    form = await desk.open("calls.log", typed={"address": "福田区深南路12号"})
    zone = form.fields["zone"]
    assert (zone.entered, zone.typed, zone.has_class("-derived")) == ("urban", "", True)
    form.sheet.go_to(zone)
    await desk.keys("s")
    assert (zone.entered, zone.typed, zone.has_class("-derived")) == ("suburban", "suburban", False)


async def test_overruling_asks_for_the_reason(desk: Forms, world: World) -> None:
    form = await desk.open("calls.log", typed={**KNOWN, "symptom": "漏水"})
    form.sheet.go_to(form.fields["zone"])
    await desk.keys("s", "f2")
    assert is_empty(world)
    assert form.sheet.current.key == "zone_because"
    assert "Zone was changed by hand: say why." in desk.shown()
    await desk.type("卡丁车场在山上")
    await desk.keys("f2")
    assert call(world).zone == "suburban"


async def test_an_emptied_field_is_derived_again_once_it_is_left(desk: Forms) -> None:
    form = await desk.open("calls.log", typed={"address": "福田区深南路12号"})
    form.sheet.go_to(form.fields["district"])
    await desk.keys("backspace")
    assert form.fields["district"].entered == ""
    await desk.keys("tab")
    assert form.fields["district"].entered == "福田区"


async def test_a_choice_is_typed_or_walked(desk: Forms) -> None:
    form = await desk.open("calls.log")
    channel = form.fields["channel"]
    form.sheet.go_to(channel)
    for key, chosen in (("l", "letter"), ("c", "counter"), ("c", "courier"), ("right", "online"), ("left", "courier")):
        await desk.keys(key)
        assert channel.entered == chosen
    assert "< courier >" in desk.shown()
    await desk.keys("backspace", "tab")
    assert channel.entered == "telephone"


async def test_a_flag_is_y_or_n_or_space(desk: Forms, world: World) -> None:
    number = log_known(world)
    form = await desk.open("calls.reschedule", [call(world, number)])
    asked = form.fields["customer_asked"]
    assert (asked.entered, asked.typed) == ("y", "")
    form.sheet.go_to(asked)
    for key, chosen in (("n", "n"), ("y", "y"), ("space", "n")):
        await desk.keys(key)
        assert asked.entered == chosen


# Lookups


async def test_a_lookup_is_walked_and_taken(desk: Forms, world: World) -> None:
    close_call(world, log_known(world))
    close_call(world, log_known(world, caller="13812349999", customer="王秀兰", model_no="XQG100"))
    form = await desk.open("calls.log")
    await desk.type("1381234")
    await offered(desk, form)
    before = desk.shown()
    await desk.keys("down")
    marked = next(line for line in desk.shown().splitlines() if line.strip().startswith(">"))
    assert marked not in before
    await desk.keys("enter")
    name = "王秀兰" if "王秀兰" in marked else "王小明"
    assert form.fields["caller"].entered == name
    assert form.fields["caller"].typed.isdigit()
    assert form.fields["customer"].entered == name
    assert form.sheet.current.key == "called_at"


async def test_tab_keeps_what_was_typed_and_escape_only_closes_the_offer(desk: Forms, world: World) -> None:
    close_call(world, log_known(world))
    form = await desk.open("calls.log")
    await desk.type("13812")
    await offered(desk, form)
    await desk.keys("escape")
    assert form.is_attached
    assert "> 王小明" not in desk.shown()
    await desk.type("3")
    await offered(desk, form)
    await desk.keys("tab")
    assert form.fields["caller"].entered == "138123"


async def test_the_product_chosen_is_meant_where_two_are_alike(desk: Forms, world: World) -> None:
    close_call(world, log_known(world, serial_no="B1"))
    close_call(world, log_known(world, serial_no="B2"))
    form = await desk.open("calls.log", typed={"caller": "13812345678", "symptom": "漏水"})
    assert form.fields["model_no"].entered == ""
    form.sheet.go_to(form.fields["model_no"])
    await desk.type("B2")
    await offered(desk, form, "model_no")
    await desk.keys("enter")
    assert (form.fields["model_no"].entered, form.fields["serial_no"].entered) == ("KFR-35GW", "B2")
    await desk.keys("f2")
    assert call(world, "SZ-C-261123-0003").voucher == call(world, "SZ-C-261123-0002").voucher


# The open call of the product


async def test_f6_attaches_to_the_open_call(desk: Forms, world: World) -> None:
    number = log_known(world)
    await desk.open("calls.log", typed={"caller": "13812345678", "symptom": "还没人来"})
    assert f"F6 attach this call to {number}" in desk.shown()
    await desk.keys("f6")
    assert call(world).urges == 1
    assert world.read(calls.one, "SZ-C-261123-0002") is None


async def test_f6_says_that_there_is_nothing_to_attach_to(desk: Forms) -> None:
    form = await desk.open("calls.log")
    await desk.keys("f6")
    assert desk.host.told == ["There is no open call of this product to attach to."]
    assert form.is_attached


async def test_f7_writes_and_begins_again_for_the_same_caller(desk: Forms, world: World) -> None:
    form = await desk.open("calls.log")
    await desk.type("13812345678")
    for name, text in KNOWN.items():
        if name != "caller":
            form.sheet.go_to(form.fields[name])
            await desk.type(text)
    form.sheet.go_to(form.fields["symptom"])
    await desk.type("漏水")
    world.at("2026-11-23 14:25")
    await desk.keys("f7")
    assert call(world).symptom == "漏水"
    assert desk.host.told == [f"{FIRST} logged."]
    assert form.fields["caller"].entered == "13812345678"
    assert form.fields["symptom"].entered == ""
    form.sheet.go_to(form.fields["model_no"])
    await desk.keys("end", "ctrl+u")
    await desk.type("XQG100")
    form.sheet.go_to(form.fields["symptom"])
    await desk.type("不转")
    await desk.keys("f2")
    second = call(world, "SZ-C-261123-0002")
    assert (second.customer, second.model_no, second.symptom) == (call(world).customer, "XQG100", "不转")
    assert second.called_at == call(world).called_at


# Refusals


async def test_what_is_missing_stands_on_its_fields(desk: Forms, world: World) -> None:
    form = await desk.open("calls.log")
    await desk.type("13812345678")
    await desk.keys("f2")
    shown = desk.shown()
    assert "! Customer is required." in shown
    assert "! Symptom is required." in shown
    assert form.sheet.current.key == "customer"
    assert form.fields["customer"].has_class("-refused")
    await desk.type("王")
    assert "! Customer is required." not in desk.shown()
    assert is_empty(world)


async def test_what_cannot_be_read_is_told_when_the_field_is_left(desk: Forms) -> None:
    form = await desk.open("calls.log", typed={"address": "福田区深南路12号"})
    await desk.keys("up")
    await desk.type("99")
    assert "is not a time" not in desk.shown()
    await desk.keys("enter")
    assert "“99” is not a time" in desk.shown()
    assert form.fields["zone"].entered == "urban"


async def test_somebody_else_wrote_first(desk: Forms, world: World) -> None:
    number = log_known(world)
    form = await desk.open("calls.correct", [call(world)], {"reason": "听错了"})
    form.sheet.go_to(form.fields["symptom"])
    await desk.type("漏水")
    world.do("guo", "calls.correct", number, remarks="狗", reason="补记")
    await desk.keys("f2")
    shown = desk.shown()
    assert f"{number} was changed by 郭强" in shown
    assert "Remarks: it was “”, now it is “狗”." in shown
    assert form.fields["symptom"].entered == "漏水"
    await desk.keys("f2")
    assert (call(world).symptom, call(world).remarks) == ("漏水", "狗")


async def test_a_refusal_that_concerns_no_field_stands_below(desk: Forms, world: World) -> None:
    number = log_known(world)
    await desk.open("calls.tell", [call(world, number)], {"whom": "王小明"})
    await desk.keys("f2")
    assert f"There is nothing to tell the customer of {number}." in desk.shown()


async def test_books_that_cannot_be_written_cost_nothing_typed(desk: Forms, world: World) -> None:
    form = await desk.open("calls.log", typed=KNOWN)
    form.sheet.go_to(form.fields["symptom"])
    await desk.type("漏水" * 5_000)
    with desk.host.door.books.writing() as writing:
        writing.connection.exec_driver_sql("PRAGMA max_page_count = 1")
    await desk.keys("f2")
    assert "full" in desk.shown()
    assert form.fields["symptom"].entered == "漏水" * 5_000
    assert [draft.request for draft in form.drafts.all()] == [form.request]
    with desk.host.door.books.writing() as writing:
        writing.connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    await desk.keys("f2")
    assert call(world).symptom == "漏水" * 5_000


# Lines


async def test_lines_are_typed_one_per_row(desk: Forms, world: World) -> None:
    number = log_known(world)
    world.do("guo", "calls.dispatch", Target(number), technician="chen")
    world.do("lin", "calls.arrive", Target(number))
    form = await desk.open("calls.finish", [call(world)], {"cause": "启动器", "work": "更换", "signer": "王小明"})
    form.sheet.go_to(form.fields["fees"])
    await desk.type("labour 80")
    await desk.keys("enter")
    await desk.type("nonsense 5")
    await desk.keys("up")
    assert "Line 2: 'nonsense 5' is no fee line" in desk.shown()
    await desk.keys("down", "end", "ctrl+u")
    await desk.type("parts 20")
    await desk.keys("enter", "enter")
    assert form.sheet.current.key == "collected"
    await desk.keys("y", "f2")
    assert call(world).fee == 10_000


async def test_the_lines_of_the_tariff_stand_in_the_form_and_another_one_is_typed_beneath(
    desk: Forms, world: World
) -> None:
    world.do("adm", "tariff.set", unit="SZ", kind="callout", amount="30")
    number = log_known(world)
    world.do("guo", "calls.dispatch", Target(number), technician="chen")
    world.do("lin", "calls.arrive", Target(number))
    form = await desk.open("calls.finish", [call(world)], {"cause": "启动器", "work": "更换", "signer": "王小明"})
    assert form.fields["fees"].entered == "callout ¥30.00"
    assert form.fields["fees"].is_derived
    form.sheet.go_to(form.fields["fees"])
    await desk.keys("enter")
    await desk.type("parts 20 x2 QDQ-201")
    await desk.keys("f2")
    assert (call(world).fee, call(world).charge) == (5_000, "assessed")


async def test_long_text_wraps_and_enter_goes_on(desk: Forms, world: World) -> None:
    form = await desk.open("customers.enter", typed={"name": "王小明"})
    form.sheet.go_to(form.fields["note"])
    await desk.pilot.pause()
    desk.host.post_message(events.Paste(f"先打电话\x1b[2J\n{HOSTILE} " + "再敲门，" * 20))
    await desk.settle()
    assert form.fields["note"].entered.startswith(f"先打电话[2J\n{HOSTILE} 再敲门")
    assert desk.shown().count("再敲门，再敲门") >= 2
    await desk.keys("up", "up", "up", "up", "up")
    assert form.sheet.current.key != "note"


# Hostile text


async def test_hostile_text_in_every_field_is_only_text(desk: Forms, world: World) -> None:
    form = await desk.open("calls.log")
    for name, field in form.fields.items():
        form.sheet.go_to(field)
        desk.host.screen.focused.post_message(events.Paste(f"\x1b[31m{HOSTILE}\x07"))  # type: ignore[union-attr]
        await desk.settle()
        assert "\x1b" not in field.entered, name
        assert form.is_attached
    await desk.keys("f2", "f2")
    assert HOSTILE in desk.shown()
    await desk.keys("escape")
    assert is_empty(world)
    done = log_known(world, customer=HOSTILE, symptom=HOSTILE, remarks="\x1b]0;x\x07" + HOSTILE)
    await desk.open("calls.correct", [call(world, done)])
    assert desk.shown().count(HOSTILE) == 3


async def test_a_paste_of_several_lines_becomes_one(desk: Forms) -> None:
    form = await desk.open("calls.log")
    form.sheet.go_to(form.fields["symptom"])
    await desk.pilot.pause()
    desk.host.post_message(events.Paste("不制冷\n外机有异响\r\n" + "长" * 30_000))
    await desk.settle()
    entered = form.fields["symptom"].entered
    assert entered.startswith("不制冷 外机有异响 长")
    assert len(entered) < 20_000


# Confirm


@pytest.mark.parametrize(("key", "answer"), [("y", True), ("enter", True), ("n", False), ("escape", False)])
async def test_one_yes_or_no(desk: Forms, key: str, answer: bool) -> None:
    answers: list[bool | None] = []
    await desk.host.push_screen(Confirm(say("Strike off {number}?", number=HOSTILE)), answers.append)
    await desk.settle()
    assert f"Strike off {HOSTILE}?" in desk.shown()
    await desk.keys(key)
    assert answers == [answer]


KNOWN = {"caller": "13812345678", "customer": "王小明", "address": "福田区深南路12号3栋502", "model_no": "KFR-35GW"}
