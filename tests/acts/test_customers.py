"""Customers, products and contracts: what a clerk enters, corrects and merges, and what the rules refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date
from typing import Any

import pytest
from sqlmodel import select

from servicedesk.acts.act import Prepared, Target, find, prepare
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.lookups import LOOKUPS
from servicedesk.acts.pocket import open_customer, open_product, open_voucher
from servicedesk.domain.customers import CustomerRow, Pocket
from servicedesk.domain.words import Refused
from servicedesk.store import audit, customers, tables
from tests.world import World

WANG = {
    "name": "王小明",
    "contact": "李梅",
    "telephones": "138 1234 5678, 0755-2345 6789",
    "address": "深圳市福田区莲花路12号",
}


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = World(database_url)
    yield made
    made.close()


def customer(world: World, number: str) -> CustomerRow:
    row = world.read(customers.one, number)
    assert row is not None
    return row


def pocket(world: World, number: str) -> Pocket:
    found = world.read(customers.pocket, number)
    assert found is not None
    return found


def prepared(world: World, login: str, name: str, /, *numbers: str, **typed: Any) -> Prepared:
    targets = [Target(number) for number in numbers]
    return prepare(world.books, login, find(name), targets, typed, world.now.astimezone(UTC))


def last_audit(world: World) -> dict[str, Any]:
    with world.books.reading() as reading:
        line = list(audit.lines(reading))[-1]
    detail: dict[str, Any] = json.loads(line.detail or "{}")
    return {"act": line.act, "actor": line.actor, "numbers": line.numbers} | detail


def refused(world: World, login: str, name: str, /, *numbers: str | Target, **typed: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        world.do(login, name, *numbers, **typed)
    return caught.value


def found(world: World, typed: str) -> list[str]:
    return [row.number for row in world.read(customers.find, typed)]


# Entering


def test_a_customer_is_entered_and_found_at_once(world: World) -> None:
    done = world.do("lin", "customers.enter", **WANG, note="先打电话\n再上门")
    assert done.numbers == ("000001",)
    row = customer(world, "000001")
    assert (row.telephones, row.contacts, row.district) == ("13812345678 075523456789", ("李梅",), "福田区")
    assert (row.kind, row.note, row.products, row.open_calls) == ("person", "先打电话\n再上门", 0, 0)
    for typed in ("13812", "5678", "xm", "wxm", "wangxiao", "王小", "莲花路", "李梅", "limei", "1"):
        assert found(world, typed) == (["000001"] if typed != "xm" else []), typed
    assert last_audit(world)["entered"]["telephones"] == WANG["telephones"]
    assert world.do("ann", "customers.enter", **WANG).numbers == ("000002",)


def test_likely_duplicates_are_named_before_saving(world: World) -> None:
    world.do("lin", "customers.enter", **WANG)
    known = prepared(
        world, "ann", "customers.enter", name="王晓明", telephones="13812345678", address="深圳市盐田区1号"
    )
    assert [str(note) for note in known.notes] == [
        "Already in the books? 000001 王小明, 138 1234 5678, 深圳市福田区莲花路12号"
    ]
    assert known.values["district"] == "盐田区"
    other = prepared(world, "ann", "customers.enter", name="王小明", telephones="13900000000", address="盐田路1号")
    assert other.notes == ()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"telephones": "打不通"}, "telephones"),
        ({"telephones": ","}, "telephones"),
        ({"telephones": ""}, "telephones"),
        ({"address": " \t"}, "address"),
        ({"name": "长" * 121}, "name"),
        ({"district": "火星区"}, "district"),
        ({"kind": "alien"}, "kind"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_taken_is_refused_on_its_field(world: World, wrong: dict[str, str], field: str) -> None:
    assert refused(world, "lin", "customers.enter", **(WANG | wrong)).field == field
    assert found(world, "王小明") == []


def test_text_from_people_stays_text(world: World) -> None:
    world.do("lin", "customers.enter", **(WANG | {"name": "[red]O'Neil\x1b[0m; DROP TABLE\u202e", "contact": "%"}))
    assert customer(world, "000001").name == "[red]O'Neil[0m; DROP TABLE"
    assert found(world, "neil") == ["000001"]


# Correcting


def test_a_correction_keeps_the_old_values_in_the_audit_log(world: World) -> None:
    world.do("lin", "customers.enter", **WANG, remarks="急")
    world.do("xu", "customers.correct", "000001", name="黄大明", telephones="13900001111", remarks="-")
    row = customer(world, "000001")
    assert (row.name, row.telephones, row.remarks, row.contacts) == ("黄大明", "13900001111", "", ("李梅",))
    assert (row.version, row.changed_by, row.address) == (2, "徐丽", WANG["address"])
    assert last_audit(world)["changed"]["000001"] == {
        "name": ["王小明", "黄大明"],
        "telephones": ["13812345678 075523456789", "13900001111"],
        "remarks": ["急", ""],
    }
    assert found(world, "wxm") == found(world, "王小明") == found(world, "13812345678") == []
    assert found(world, "hdm") == found(world, "大明") == ["000001"]


def test_somebody_who_saw_an_older_entry_is_told_who_changed_it(world: World) -> None:
    world.do("lin", "customers.enter", **WANG)
    world.do("ann", "customers.correct", "000001", email="w@example.org")
    told = refused(world, "lin", "customers.correct", Target("000001", 1), email="x@example.org")
    assert told.kind == "changed"
    assert "000001 was changed by 安然" in str(told)
    assert customer(world, "000001").email == "w@example.org"


def test_a_correction_of_nothing_is_refused(world: World) -> None:
    world.do("lin", "customers.enter", **WANG)
    assert "Nothing is changed" in str(refused(world, "lin", "customers.correct", "000001"))


# Merging


def two_customers(world: World) -> tuple[str, str]:
    world.do("lin", "customers.enter", **WANG, email="w@example.org", remarks="老客户")
    world.do("lin", "customers.enter", **(WANG | {"name": "王晓明", "address": "深圳市盐田区1号"}), remarks="狗")
    for number in ("000001", "000002"):
        world.do("lin", "products.enter", customer=number, model_no=f"KFR-{number}")
    world.do("lin", "contracts.enter", number="HT-1", customer="000001", starts_on="2026-01-01", ends_on="2026-12-31")
    product = pocket(world, "000001").products[0]
    with world.books.writing() as writing:
        writing.add(
            tables.Call,
            number="SZ-C-261123-0001",
            unit_id=2,
            state="logged",
            called_at=world.now,
            logged_at=world.now,
            channel="telephone",
            customer_id=product.customer_id,
            customer_name="王小明",
            telephone="13812345678",
            address=WANG["address"],
            zone="urban",
            product_id=product.id,
            model_no=product.model_no,
            symptom="不制冷",
            service_type="A",
            voucher_id=product.voucher_id,
            logged_by=1,
        )
    return "000001", "000002"


def test_everything_follows_a_merged_customer(world: World) -> None:
    gone, kept = two_customers(world)
    assert customer(world, gone).open_calls == 1
    shown = prepared(world, "guo", "customers.merge", gone, survivor="王晓明")
    assert "1 products, 1 open calls go over" in str(shown.promise[0])
    assert world.do("guo", "customers.merge", gone, survivor="王晓明").numbers == (gone, kept)

    whole = pocket(world, gone)
    assert whole == pocket(world, kept)
    assert whole.customer.number == kept
    assert whole.telephones == ("13812345678", "075523456789")
    assert [address.address for address in whole.addresses] == [WANG["address"], "深圳市盐田区1号"]
    assert [product.model_no for product in whole.products] == ["KFR-000001", "KFR-000002"]
    assert [product.open_call for product in whole.products] == ["SZ-C-261123-0001", ""]
    assert [contract.number for contract in whole.contracts] == ["HT-1"]
    assert [call.number for call in whole.calls] == ["SZ-C-261123-0001"]
    assert (whole.customer.email, whole.customer.remarks) == ("w@example.org", "狗\n老客户")
    for typed in (gone, "王小明", "wangxiaoming", "13812345678", "莲花路", "5678", whole.products[0].voucher):
        assert found(world, typed) == [kept], typed

    assert customer(world, gone).merged_into == kept
    changed = last_audit(world)["changed"]
    assert changed[gone]["merged_into"] == kept
    assert changed[gone]["moved"]["calls"] == 1


def test_a_merged_customer_is_left_alone(world: World) -> None:
    gone, kept = two_customers(world)
    assert refused(world, "guo", "customers.merge", gone, survivor=gone).field == "survivor"
    world.do("guo", "customers.merge", gone, survivor=kept)
    for name, typed in (("customers.correct", {"name": "某"}), ("customers.merge", {"survivor": kept})):
        told = refused(world, "guo", name, gone, **typed)
        assert str(told) == f"Customer {gone} was merged into {kept}: work on that one."
    world.do("lin", "customers.enter", **(WANG | {"name": "王小明二"}))
    world.do("guo", "customers.merge", kept, survivor="000003")
    assert customer(world, gone).merged_into == "000003"
    assert found(world, gone) == ["000003"]


def test_who_may_enter_and_merge(world: World) -> None:
    assert refused(world, "chen", "customers.enter", **WANG).kind == "rights"
    gone, kept = two_customers(world)
    assert refused(world, "lin", "customers.merge", gone, survivor=kept).kind == "rights"
    assert last_audit(world)["act"] == "customers.merge"


# Products and vouchers


def test_a_product_gets_its_voucher_from_the_unit_of_its_district(world: World) -> None:
    world.do("ann", "customers.enter", **WANG)
    world.do("ann", "customers.enter", **(WANG | {"name": "北方", "address": "北京市海淀区1号"}))
    typed = {"model_no": "KFR-35GW", "name": "空调", "serial_no": "D2029", "bought_on": "2026-01-31"}
    done = world.do("ann", "products.enter", customer="王小明", **typed, warranty_months="13")
    assert done.numbers == ("SZ-V-000001",)
    assert world.do("ann", "products.enter", customer="000002", model_no="X").numbers == ("HQ-V-000001",)
    assert world.do("bjclerk", "products.enter", customer="000002", model_no="X").numbers == ("BJ-V-000001",)
    product = world.read(customers.product_by_serial, "D2029")
    assert product is not None
    assert (product.voucher, product.holder, product.unit) == ("SZ-V-000001", "file", "SZ")
    assert product.warranty_until == date(2027, 2, 28)
    notes = prepared(world, "lin", "products.enter", customer="000002", model_no="Y", serial_no="D2029").notes
    assert "stands on voucher SZ-V-000001 of 000001 王小明" in str(notes[0])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"customer": "999999"}, "customer"),
        ({"customer": "138"}, "customer"),
        ({"model_no": ""}, "model_no"),
        ({"bought_on": "2026-11-24"}, "bought_on"),
        ({"bought_on": "2026-02-30"}, "bought_on"),
        ({"bought_on": "2026-01-01", "warranty_until": "2025-12-31"}, "warranty_until"),
        ({"warranty_months": "12"}, "bought_on"),
        ({"bought_on": "2026-01-01", "warranty_months": "9000"}, "warranty_months"),
    ],
)
def test_products_that_cannot_be(world: World, wrong: dict[str, str], field: str) -> None:
    world.do("lin", "customers.enter", **WANG)
    world.do("lin", "customers.enter", **(WANG | {"name": "王大明"}))
    told = refused(world, "lin", "products.enter", **({"customer": "000001", "model_no": "X"} | wrong))
    assert told.field == field
    if wrong == {"customer": "138"}:
        assert "000001 王小明" in str(told)
        assert "000002 王大明" in str(told)


def test_a_product_is_corrected(world: World) -> None:
    world.do("lin", "customers.enter", **WANG)
    world.do("lin", "products.enter", customer="000001", model_no="KFR", bought_on="2025-03-01")
    world.do("lin", "products.correct", "SZ-V-000001", serial_no="S1", warranty_months="24")
    product = world.read(customers.product_by_voucher, "SZ-V-000001")
    assert product is not None
    assert (product.model_no, product.serial_no, product.warranty_until) == ("KFR", "S1", date(2027, 3, 1))
    assert last_audit(world)["changed"]["SZ-V-000001"]["serial_no"] == ["", "S1"]
    told = refused(world, "lin", "products.correct", Target("SZ-V-000001", 1), serial_no="S2")
    assert told.kind == "changed"


def test_what_logging_a_call_opens_is_marked(world: World) -> None:
    with world.books.writing() as writing:
        desk = Desk(world.books, writing, "lin", world.now.astimezone(UTC))
        opened = open_customer(
            desk, name="过路", telephone="13500000000", address="福田区", district="福田区", contact="甲"
        )
        product = open_product(desk, opened.id, "KFR", serial_no="S900")
        voucher = open_voucher(desk, desk.home, product, at_call=True)
        assert writing.value(select(tables.Voucher.opened_at_call)) is True
    assert (opened.number, voucher.number) == ("000001", "SZ-V-000001")
    assert found(world, "s90") == found(world, "V-1") == found(world, "135") == ["000001"]


# Contracts


def test_the_contract_in_force(world: World) -> None:
    world.do("lin", "customers.enter", **WANG)
    for model in ("KFR", "BCD"):
        world.do("lin", "products.enter", customer="000001", model_no=model)
    term = {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    world.do("lin", "contracts.enter", number="ALL", customer="000001", **term, fee="1,200")
    world.do(
        "lin", "contracts.enter", number="ONE", customer="wxm", product="bcd", starts_on="20261101", ends_on="20261130"
    )
    kfr, bcd = pocket(world, "000001").products

    def covering(product: Any, day: date) -> str:
        contract = world.read(customers.contract_in_force, product, day)
        return "" if contract is None else contract.number

    assert covering(kfr, date(2026, 1, 1)) == covering(kfr, date(2026, 12, 31)) == "ALL"
    assert covering(kfr, date(2027, 1, 1)) == covering(kfr, date(2025, 12, 31)) == ""
    assert [covering(bcd, date(2026, 11, day)) for day in (1, 30)] == ["ONE", "ONE"]
    assert covering(bcd, date(2026, 12, 1)) == "ALL"
    contract = world.read(customers.contract, "ALL")
    assert contract is not None
    assert (contract.fee, contract.currency, contract.covers_labour, contract.covers_parts) == (
        120000,
        "CNY",
        True,
        False,
    )
    assert refused(world, "lin", "contracts.enter", number="ALL", customer="000001", **term).field == "number"


def test_contracts_that_cannot_be(world: World) -> None:
    world.do("lin", "customers.enter", **WANG)
    world.do("lin", "customers.enter", **(WANG | {"name": "别人"}))
    world.do("lin", "products.enter", customer="000002", model_no="KFR")
    term = {"starts_on": "2026-12-31", "ends_on": "2026-01-01"}
    assert refused(world, "lin", "contracts.enter", number="A", customer="000001", **term).field == "ends_on"
    term["ends_on"] = "2027-12-31"
    told = refused(world, "lin", "contracts.enter", number="A", customer="000001", product="SZ-V-000001", **term)
    assert told.field == "product"


# Lookups


def look_up(world: World, login: str, lookup: str, typed: str, **values: Any) -> list[tuple[str, str, str]]:
    with world.books.reading() as reading:
        look = Look(world.books, reading, login, world.now.astimezone(UTC))
        choices = LOOKUPS[lookup].find(look, typed, values)
    return [(choice.value, choice.text, str(choice.detail)) for choice in choices]


def test_lookups_of_forms(world: World) -> None:
    two_customers(world)
    assert look_up(world, "lin", "callers", "wangxiaoming") == [
        ("000001", "王小明  138 1234 5678  深圳市福田区莲花路12号", "products 1, open calls 1"),
        ("000002", "王晓明  138 1234 5678  深圳市盐田区1号", "products 1, open calls 0"),
    ]
    assert look_up(world, "chen", "callers", "000001")[0][1] == "王小明  138****5678  深圳市福田区莲花路***"
    assert look_up(world, "lin", "products", "", customer="000001") == [
        ("SZ-V-000001", "KFR-000001", "open call SZ-C-261123-0001")
    ]
    assert look_up(world, "lin", "products", "kfr", caller="000002", customer="王晓明")[0][0] == "SZ-V-000002"
    assert look_up(world, "lin", "products", "V-1", customer="000002") == []
    assert look_up(world, "lin", "products", "sz-v-000002") == [("SZ-V-000002", "KFR-000002", "in file")]
    assert look_up(world, "lin", "districts", "yt") == [("盐田区", "盐田区", "suburban, SZ")]
    assert [value for value, _, _ in look_up(world, "guo", "technicians", "")] == ["chen", "liu", "sun", "wu", "zhao"]
    assert [value for value, _, _ in look_up(world, "bjsup", "technicians", "")] == []
    assert look_up(world, "adm", "staff", "lxy") == [("lin", "林小雨", "SZ")]
    assert look_up(world, "adm", "units", "beij") == [("BJ", "Beijing branch", "")]
