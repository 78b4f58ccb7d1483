"""Charges: every state and guard of states §5.4, what a job may charge (D42), where its money is (003 Art. 7, 10)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servicedesk.acts.act import Done, Target
from servicedesk.domain.charges import RULES, STATES
from servicedesk.domain.words import Refused
from servicedesk.store import tables
from servicedesk.store.session import table_of
from tests.acts.faces import everything, open_to_anybody, refused
from tests.acts.money import (
    IN_STATE,
    assessed,
    at,
    charge,
    collected,
    collected_on_site,
    greyed,
    invoiced,
    key_too,
    lines,
    posted,
    remitted,
    said,
    settled,
    to_be_collected,
)
from tests.acts.rounds import DONE, arrived, audit_lines, last_audit, line
from tests.world import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


# Act, who does it here, and in which states of the charge it can be done.
ALLOWED_IN = {
    "charges.remit": ("acc", "collected_on_site"),
    "charges.invoice": ("acc", "assessed remitted"),
    "charges.post": ("acc", "invoiced"),
    "charges.send": ("acc", "invoiced"),
    "charges.collect": ("chen", "to_be_collected"),
    "charges.settle": ("acc", "posted collected"),
    "charges.change": ("lin", "assessed credited"),
    "charges.credit": ("acc", "invoiced posted to_be_collected"),
    "charges.propose_write_off": ("acc", "to_be_collected"),
    "charges.write_off": ("mgr", "to_be_collected"),
}
SHOWN = {
    "none": "nothing charged",
    "assessed": "charge assessed",
    "collected_on_site": "collected on the spot",
    "remitted": "handed in",
    "invoiced": "invoiced",
    "posted": "invoice posted",
    "to_be_collected": "to be collected",
    "collected": "collected",
    "settled": "settled",
    "credited": "credited",
    "written_off": "written off",
}


def test_every_act_is_refused_in_every_state_but_its_own(world: World) -> None:
    assert set(ALLOWED_IN) == {name for name in RULES if name.startswith("charges.")}
    assert set(IN_STATE) == set(STATES)
    numbers = {state: make(world, model_no=f"M-{state}") for state, make in IN_STATE.items()}
    before = everything(world)
    for act, (login, states) in ALLOWED_IN.items():
        for state, number in numbers.items():
            assert charge(world, number).state == line(world, number).charge == state
            sentence = f"{number} is {SHOWN[state]}: '{RULES[act].label}' is not possible."
            if state in states.split():
                assert greyed(world, login, act, number) != sentence
            else:
                assert key_too(world, login, act, number) == sentence
    assert everything(world) == before


def test_the_call_is_open_while_its_money_is_neither_handed_in_nor_invoiced(world: World) -> None:
    open_states = {
        state for state, make in IN_STATE.items() if not line(world, make(world, model_no=f"M-{state}")).fee_settled
    }
    assert open_states == {"assessed", "collected_on_site"}


# Cash


def test_the_accountant_confirms_what_was_handed_in(world: World) -> None:
    first, second = collected_on_site(world), collected_on_site(world, model_no="B-1")
    assert charge(world, first).collected_by_name == "陈明"
    sentence = "¥80.00 is not the ¥160.00 that was charged."
    assert said(refused(world, "acc", "charges.remit", first, second, amount="80")) == ("amount", sentence)
    assert said(refused(world, "acc", "charges.remit", first)) == ("amount", "Amount counted is required.")
    refusal = refused(world, "acc", "charges.remit", first, amount="80", remitted_at="08:59")
    assert refusal.field == "remitted_at"
    assert "when it was collected" in str(refusal)
    assert refused(world, "acc", "charges.remit", first, amount="80", remitted_at="09:01").field == "remitted_at"
    assert refused(world, "chen", "charges.remit", first, amount="80").kind == "rights"
    world.at("2026-11-23 17:00")
    world.do("acc", "charges.remit", first, second, amount="160", remitted_at="16:50")
    row = charge(world, second)
    assert (row.state, row.remitted_at, row.remitted_to_name) == ("remitted", at("23 16:50"), "蔡晓")
    assert last_audit(world)["changed"][second]["charge"] == "remitted"


def test_money_collected_is_handed_in_and_the_invoice_posted_afterwards(world: World) -> None:
    number = remitted(world)
    world.at("2026-11-25 10:00")
    world.do("acc", "charges.invoice", number, invoice_no="0441")
    sentence = f"{number} was paid on the spot: post the invoice."
    assert key_too(world, "acc", "charges.send", number, collector="chen") == sentence
    refusal = refused(world, "acc", "charges.post", number, posted_at="09:00")
    assert refusal.field == "posted_at"
    world.do("acc", "charges.post", number)
    world.do("acc", "charges.settle", number)
    row = charge(world, number)
    assert (row.state, row.posted_at, row.settled_at, row.urgent) == ("settled", at("25 10:00"), at("25 10:00"), "")


# Invoices


def test_an_invoice_is_issued_the_same_day_or_the_reason_is_given(world: World) -> None:
    number = assessed(world)
    world.at("2026-11-24 00:01")
    refusal = refused(world, "acc", "charges.invoice", number, invoice_no="0441")
    assert refusal.field == "late_because"
    assert str(refusal).startswith("The invoice was due on 2026-11-23")
    early = refused(world, "acc", "charges.invoice", number, invoice_no="0441", invoiced_at="2026-11-23 08:59")
    assert early.field == "invoiced_at"
    world.do("acc", "charges.invoice", number, invoice_no="0441", late_because="停电")
    row = charge(world, number)
    assert (row.state, row.invoice_no, row.invoice_title, row.reason) == ("invoiced", "0441", "王小明", "停电")
    assert (line(world, number).invoice_no, line(world, number).charge) == ("0441", "invoiced")
    assert last_audit(world)["changed"][number]["late_because"] == "停电"


def test_an_invoice_number_is_used_once_also_after_a_credit_note(world: World) -> None:
    first, second = invoiced(world), assessed(world, model_no="B-1")
    taken = charge(world, first).invoice_no
    sentence = f"Invoice {taken} was issued for {first}."
    assert said(refused(world, "acc", "charges.invoice", second, invoice_no=taken)) == ("invoice_no", sentence)
    world.do("acc", "charges.credit", first, reason="开错")
    world.do("lin", "charges.change", first, fees="labour 70", reason="少收", signer="王小明")
    assert said(refused(world, "acc", "charges.invoice", second, invoice_no=taken)) == ("invoice_no", sentence)
    assert said(refused(world, "acc", "charges.invoice", second)) == ("invoice_no", "Invoice no. is required.")


def test_a_companys_invoice_bears_its_taxpayer_number(world: World) -> None:
    company = {"customer": "深圳星河公司", "telephone": "13800000003", "model_no": "B-1"}
    number = assessed(world, **company)
    world.do("lin", "customers.correct", line(world, number).customer, kind="company")
    assert charge(world, number).company
    sentence = "深圳星河公司 is a company: enter its taxpayer number."
    assert said(refused(world, "acc", "charges.invoice", number, invoice_no="1")) == ("tax_no", sentence)
    world.do("acc", "charges.invoice", number, invoice_no="1", tax_no="91440300X", title="深圳星河有限公司")
    row = charge(world, number)
    assert (row.invoice_title, row.tax_no) == ("深圳星河有限公司", "91440300X")


def test_only_what_the_customer_signed_for_is_invoiced(world: World) -> None:
    number = arrived(world)
    world.do("chen", "calls.finish", number, **DONE, fees="labour 80", medium="none")
    sentence = f"The customer has not signed for the amount of {number}: enter the signature first."
    assert key_too(world, "acc", "charges.invoice", number, invoice_no="1") == sentence
    world.do("lin", "calls.sign", number, signer="王太太", capacity="family")
    assert charge(world, number).signer == "王太太"
    world.do("acc", "charges.invoice", number, invoice_no="1")


# To be collected


def test_somebody_of_the_unit_goes_to_collect_all_of_it(world: World) -> None:
    number = invoiced(world)
    sentence = f"{number} is not paid: somebody goes to collect it, with the invoice."
    assert key_too(world, "acc", "charges.post", number) == sentence
    refusal = refused(world, "acc", "charges.send", number, collector="bjclerk")
    assert said(refusal) == ("collector", "Choose somebody of SZ.")
    assert refused(world, "acc", "charges.send", number, collector="nobody").field == "collector"
    world.do("acc", "charges.send", number, collector="liu")
    world.at("2026-11-24 10:00")
    sentence = "¥79.99 is not the ¥80.00 that was charged."
    assert said(refused(world, "liu", "charges.collect", number, amount="79.99")) == ("amount", sentence)
    early = refused(world, "liu", "charges.collect", number, amount="80", collected_at="2026-11-23 08:00")
    assert early.field == "collected_at"
    world.do("acc", "charges.collect", number, amount="80", collected_at="09:30")
    row = charge(world, number)
    assert (row.state, row.collector, row.collected_by_name) == ("collected", "liu", "刘洋")
    assert row.collected_at == at("24 09:30")
    assert refused(world, "acc", "charges.settle", number, settled_at="09:00").field == "settled_at"
    world.do("acc", "charges.settle", number)
    assert charge(world, number).state == "settled"


def test_many_are_settled_at_once_or_none(world: World) -> None:
    numbers = [collected(world), posted(world, model_no="B-1")]
    open_one = invoiced(world, model_no="B-2")
    assert "is invoiced" in str(refused(world, "acc", "charges.settle", *numbers, open_one))
    assert [charge(world, number).state for number in numbers] == ["collected", "posted"]
    world.do("acc", "charges.settle", *numbers)
    assert {charge(world, number).state for number in numbers} == {"settled"}


def test_the_manager_writes_off_what_the_accountant_proposes(world: World) -> None:
    number = to_be_collected(world)
    sentence = f"{number}: the accountant proposes the write-off first."
    assert key_too(world, "mgr", "charges.write_off", number) == sentence
    assert said(refused(world, "acc", "charges.propose_write_off", number)) == ("reason", "Reason is required.")
    world.do("acc", "charges.propose_write_off", number, reason="倒闭")
    sentence = f"{number}: the write-off is already proposed."
    assert key_too(world, "acc", "charges.propose_write_off", number, reason="再") == sentence
    assert refused(world, "acc", "charges.write_off", number).kind == "rights"
    world.do("mgr", "charges.write_off", number)
    row = charge(world, number)
    assert (row.state, row.reason, row.write_off_proposed, row.urgent) == ("written_off", "倒闭", "倒闭", "")


# Changed amounts and credit notes


def test_a_changed_amount_needs_a_new_signature_and_keeps_the_old_one_in_the_log(world: World) -> None:
    number = assessed(world)
    typed = {"fees": "labour 60; parts 12.50 agreed", "reason": "优惠"}
    refusal = refused(world, "lin", "charges.change", number, fees="labour 60")
    assert said(refusal) == ("reason", "Reason is required.")
    refusal = refused(world, "lin", "charges.change", number, **typed, medium="none")
    assert refusal.field == "medium"
    early = refused(world, "lin", "charges.change", number, **typed, signed_at="2026-11-22 09:00")
    assert early.field == "signed_at"
    world.at("2026-11-23 11:00")
    finished: Done = world.do("chen", "charges.change", number, **typed, signer="李梅")
    assert str(finished.sentence) == f"{number}: ¥72.50 in the place of ¥80.00, signed by 李梅."
    row = charge(world, number)
    assert (row.state, row.amount, row.signer, row.reason) == ("assessed", 7250, "李梅", "优惠")
    assert line(world, number).fee == 7250
    assert [(one.line, one.kind, one.amount) for one in lines(world, number)] == [
        (1, "labour", 6000),
        (2, "parts", 1250),
    ]
    changed = last_audit(world)["changed"][number]
    assert changed["amount_before"] == 8000
    assert [one["amount"] for one in changed["lines_before"]] == [8000]


def test_an_amount_changed_to_nothing_charges_nothing(world: World) -> None:
    number = assessed(world)
    world.do("guo", "charges.change", number, fees="labour 0 no_charge", reason="道歉")
    assert (charge(world, number).state, charge(world, number).amount) == ("none", 0)
    assert (line(world, number).charge, line(world, number).fee_settled) == ("none", True)


def test_a_changed_charge_keeps_to_what_the_job_may_charge(world: World) -> None:
    number = arrived(world, warranty_until="2026-12-31")
    world.do("chen", "calls.finish", number, **DONE, fees="parts 35")
    sentence = "A free job has no call-out, inspection or labour charge; only parts outside its cover."
    refusal = refused(world, "lin", "charges.change", number, fees="labour 80", reason="x")
    assert said(refusal) == ("fees", sentence)


def test_after_a_credit_note_the_job_is_assessed_and_invoiced_anew(world: World) -> None:
    number = to_be_collected(world)
    before = charge(world, number).invoice_no
    assert said(refused(world, "acc", "charges.credit", number)) == ("reason", "Reason is required.")
    finished = world.do("acc", "charges.credit", number, reason="开错")
    assert finished.numbers == (number, "SZ-F-261123-0001")
    table = table_of(tables.Credit)
    with world.books.reading() as reading:
        (note,) = reading.connection.execute(table.select()).mappings().all()
    assert (note["number"], note["invoice_no"], note["amount"]) == ("SZ-F-261123-0001", before, 8000)
    assert (note["reason"], note["remitted"]) == ("开错", False)
    assert line(world, number).fee_settled
    world.at("2026-11-24 09:00")
    world.do("lin", "charges.change", number, fees="labour 70", reason="少收", signer="王小明")
    row = charge(world, number)
    assert (row.state, row.amount, row.invoice_no, row.collector) == ("assessed", 7000, "", "")
    assert (line(world, number).fee_settled, line(world, number).invoice_no) == (False, "")
    world.do("acc", "charges.invoice", number, invoice_no="0442")
    assert charge(world, number).invoice_no == "0442"


def test_a_struck_off_job_is_reopened_before_it_is_charged_anew(world: World) -> None:
    number = invoiced(world)
    world.do("lin", "calls.take_back", number)
    world.do("lin", "calls.strike_off", number)
    world.do("acc", "charges.credit", number, reason="开错")
    typed = {"fees": "labour 70", "reason": "少收"}
    sentence = f"{number} is struck off: the service supervisor reopens it first."
    assert str(refused(world, "lin", "charges.change", number, **typed)) == sentence
    world.do("guo", "calls.reopen", number, reason="重开发票")
    world.do("lin", "charges.change", number, **typed)
    assert line(world, number).charge == "assessed"
    assert "neither collected nor invoiced" in str(refused(world, "lin", "calls.strike_off", number))


def test_somebody_elses_change_is_not_written_over(world: World) -> None:
    number = assessed(world)
    seen = charge(world, number).version
    world.do("lin", "charges.change", number, fees="labour 70", reason="少收")
    with pytest.raises(Refused) as caught:
        world.do("acc", "charges.invoice", Target(number, seen), invoice_no="1")
    assert caught.value.kind == "changed"


def test_every_act_leaves_its_line_in_the_log(world: World) -> None:
    number = settled(world)
    acts = [one.act for one in audit_lines(world) if number in one.numbers]
    assert acts[-5:] == ["calls.finish", "charges.invoice", "charges.send", "charges.collect", "charges.settle"]
