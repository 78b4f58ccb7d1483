"""Importing whole files: all or nothing, harmless when repeated, one audit line, every bad line named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest

from servicedesk.acts.imports import ImportResult, import_file
from servicedesk.domain.words import Refused, RefusedFields
from servicedesk.store import audit, customers, units
from servicedesk.store.audit import AuditLine
from servicedesk.store.session import Reading
from tests.world import World

SHARED = Path(__file__).parents[2].parent / "shared" / "data"

CUSTOMERS = """客户编号,客户名称,类型,联系人,手机,电话,区域,地址,电子邮件,备注
000007,王小明,个人,李梅,13812345678,0755-23456789,福田区,深圳市福田区莲花路12号,,=1+1
C-9,图龙信息有限公司,企业,,13900001111,,坪山区,坪山区梁街1号,a@example.org,
"""
BAD = CUSTOMERS + "000008,没电话,个人,,,,福田区,深圳市福田区,,\n000009,好的,个人,,13900002222,,火星区,火星区1号,,\n"
PRODUCTS = """客户编号,商品名称,商品型号,机号,购买日期,购买渠道,保修月数
000007,空调,KFR-35,S100,2026-01-31,公司门市,13
C-9,洗衣机,TB80,S200,2025/09/22,天虹商场,
000007,空调,KFR-35,S100,2026-02-28,公司门市,12
"""


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = World(database_url)
    yield made
    made.close()


@pytest.fixture
def quick_world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    yield made
    made.close()


class Importer:
    """Writes a sheet and imports it."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder, self.requests = world, folder, 0

    def __call__(self, kind: str, text: str | Path, login: str = "adm", **options: Any) -> ImportResult:
        path = text if isinstance(text, Path) else self.folder / f"{kind}.csv"
        if isinstance(text, str):
            path.write_text(text, encoding="utf-8")
        self.requests += 1
        options.setdefault("request", f"import-{self.requests}")
        return import_file(self.world.books, login, kind, str(path), now=self.world.now.astimezone(UTC), **options)


@pytest.fixture
def take(world: World, tmp_path: Path) -> Importer:
    return Importer(world, tmp_path)


@pytest.fixture
def quick(quick_world: World, tmp_path: Path) -> Importer:
    return Importer(quick_world, tmp_path)


def counts(result: ImportResult) -> tuple[int, int, int]:
    return result.taken, result.already, result.refused


def reasons(result: ImportResult) -> list[tuple[int, str]]:
    return [(problem.number, str(problem.reason)) for problem in result.problems]


def audit_lines(reading: Reading) -> list[AuditLine]:
    return list(audit.lines(reading))


def found(world: World, typed: str) -> list[str]:
    return [row.number for row in world.read(customers.find, typed)]


# Customers


def test_customers_keep_the_numbers_of_the_file(take: Importer) -> None:
    told: list[tuple[int, int]] = []
    result = take("customers", CUSTOMERS, progress=lambda done, total: told.append((done, total)))
    assert counts(result) == (2, 0, 0)
    assert result.saved
    assert told[-1] == (2, 2)
    row = take.world.read(customers.one, "000007")
    assert row is not None
    assert (row.name, row.telephones, row.contacts) == ("王小明", "13812345678 075523456789", ("李梅",))
    assert (row.district, row.remarks, row.kind) == ("福田区", "=1+1", "person")
    for typed, number in (
        ("wxm", "000007"),
        ("3456789", "000007"),
        ("梁街", "C-9"),
        ("tlxx", "C-9"),
        ("李梅", "000007"),
    ):
        assert found(take.world, typed) == [number], typed
    done = take.world.do("lin", "customers.enter", name="新客户", telephones="13700000000", address="福田区1号")
    assert done.numbers == ("000008",)


def test_an_import_is_one_audit_line(take: Importer) -> None:
    before = len(take.world.read(audit_lines))
    take("customers", BAD, skip_bad=True)
    (line,) = take.world.read(audit_lines)[before:]
    detail = json.loads(line.detail or "")
    digest = hashlib.sha256(BAD.encode()).hexdigest()
    assert (line.act, line.actor) == ("customers.import", "adm")
    assert detail["changed"] == {
        f"sha256:{digest[:16]}": {"digest": digest, "taken": 3, "already": 0, "refused": 1},
    }
    assert take.world.read(audit.verify).fault is None


def test_all_lines_or_none_unless_bad_ones_may_be_left_out(take: Importer) -> None:
    before = len(take.world.read(audit_lines))
    result = take("customers", BAD)
    assert counts(result) == (0, 0, 1)
    assert not result.saved
    assert reasons(result) == [(4, "The customer has no telephone.")]
    assert "nothing was imported" in str(result.sentence)
    assert found(take.world, "王小明") == []
    assert len(take.world.read(audit_lines)) == before

    result = take("customers", BAD, skip_bad=True)
    assert counts(result) == (3, 0, 1)
    assert [str(warning.reason) for warning in result.warnings] == [
        "The district “火星区” of 1 lines is not set up: set its zone."
    ]


def test_importing_again_does_no_harm(take: Importer) -> None:
    take("customers", CUSTOMERS)
    take("products", PRODUCTS)
    assert counts(take("customers", CUSTOMERS)) == (0, 2, 0)
    assert counts(take("products", PRODUCTS)) == (0, 3, 0)
    result = take("customers", CUSTOMERS.replace("13900001111", "13900001112"), skip_bad=True)
    assert counts(result) == (0, 1, 1)
    assert reasons(result) == [
        (3, "Customer C-9 is in the books with another telephone: “13900001111”. Correct one of them.")
    ]
    assert result.problems[0].column == "手机"


def test_a_retry_of_the_same_form_takes_nothing(quick: Importer) -> None:
    quick("customers", CUSTOMERS, request="one")
    result = quick("customers", BAD, request="one", skip_bad=True)
    assert str(result.sentence).startswith("Already saved as sha256:")
    assert counts(result) == (0, 0, 0)
    assert found(quick.world, "000009") == []


def test_a_dry_run_writes_nothing(quick: Importer) -> None:
    before = quick.world.read(audit.head)
    result = quick("customers", BAD, dry_run=True)
    assert counts(result) == (3, 0, 1)
    assert not result.saved
    assert quick.world.read(audit.head) == before
    assert found(quick.world, "王小明") == []


def test_numbers_within_the_file_and_of_merged_customers(quick: Importer) -> None:
    twice = CUSTOMERS + "000007,别人,个人,,13900003333,,福田区,福田区2号,,\n"
    assert reasons(quick("customers", twice)) == [(4, "The number 000007 stands in line 2 already.")]
    spaced = CUSTOMERS.replace("C-9", "C 9")
    assert "no spaces" in reasons(quick("customers", spaced))[0][1]
    quick("customers", CUSTOMERS + CUSTOMERS.splitlines()[1] + "\n")
    quick.world.do("guo", "customers.merge", "000007", survivor="C-9")
    assert reasons(quick("customers", CUSTOMERS)) == [
        (2, "Customer 000007 was merged into C-9."),
        (3, "Customer C-9 is in the books with another contact: “李梅”. Correct one of them."),
    ]
    assert counts(quick("products", PRODUCTS)) == (3, 0, 0)
    pocket = quick.world.read(customers.pocket, "C-9")
    assert pocket is not None
    assert len(pocket.products) == 3


def test_lines_without_a_number_get_one_and_are_known_again(quick: Importer) -> None:
    sheet = "name,mobile,address\nA,13560267735,1 Road\nB,13560267736,2 Road\n"
    assert counts(quick("customers", sheet)) == (2, 0, 0)
    assert found(quick.world, "1356") == ["000001", "000002"]
    assert counts(quick("customers", sheet + "C,13560267737,3 Road\n")) == (1, 2, 0)


# Products, districts, contracts


def test_each_product_gets_a_voucher_of_the_unit_that_serves_it(take: Importer) -> None:
    take("customers", CUSTOMERS)
    result = take("products", PRODUCTS)
    assert counts(result) == (3, 0, 0)
    assert [(warning.number, str(warning.reason)) for warning in result.warnings] == [
        (4, "The serial number S100 stands in line 2 already.")
    ]
    pocket = take.world.read(customers.pocket, "000007")
    assert pocket is not None
    assert [(one.voucher, one.holder, one.warranty_until) for one in pocket.products] == [
        ("SZ-V-000001", "file", date(2027, 2, 28)),
        ("SZ-V-000003", "file", date(2027, 2, 28)),
    ]
    assert take.world.do("lin", "products.enter", customer="C-9", model_no="X").numbers == ("SZ-V-000004",)
    again = take("products", "客户编号,商品型号,机号\nC-9,NEU,S200\n")
    assert [str(warning.reason) for warning in again.warnings] == [
        "The serial number S200 stands on voucher SZ-V-000002 already."
    ]


def test_products_of_unknown_customers_are_refused(quick: Importer) -> None:
    quick("customers", BAD, skip_bad=True)
    more = PRODUCTS + "000008,空调,KFR,,,,\n999999,空调,KFR,,,,\n000007,空调,KFR,,2025-02-30,,\n"
    result = quick("products", more, skip_bad=True)
    assert counts(result) == (3, 0, 3)
    assert [number for number, _ in reasons(result)] == [5, 6, 7]
    assert reasons(result)[0][1] == "There is no customer 000008: enter the customer first."
    assert result.problems[0].raw == "000008,空调,KFR,,,,"


def test_districts(take: Importer) -> None:
    sheet = "区域,类别,单位\n朝阳区,市区,BJ\n密云区,郊区,\n福田区,市区,SZ\n罗湖区,郊区,SZ\n新区,市区,XX\n"
    result = take("districts", sheet, unit="BJ", skip_bad=True)
    assert counts(result) == (2, 1, 2)
    assert reasons(result) == [
        (5, "The district 罗湖区 is set up otherwise: change it there."),
        (6, "There is no unit XX."),
    ]
    district = take.world.read(units.district, "密云区")
    assert district is not None
    assert (district.zone, district.unit) == ("suburban", "BJ")


def test_contracts(take: Importer) -> None:
    take("customers", CUSTOMERS)
    take("products", PRODUCTS)
    header = "合同号,客户编号,机号,商品型号,开始日期,结束日期,包含零件,包含服务,保养费\n"
    sheet = (
        header
        + "HT-1,C-9,S200,,2026-01-01,2026-12-31,是,是,1200\n"
        + "HT-2,000007,,KFR-35,2026-01-01,2026-12-31,,,\n"
        + "HT-1,C-9,S200,,2026-01-01,2026-12-31,,,\n"
        + "HT-3,C-9,S100,,2026-01-01,2026-12-31,,,\n"
        + "HT-4,X,S100,,2026-01-01,2026-12-31,,,\n"
    )
    result = take("contracts", sheet, skip_bad=True)
    assert counts(result) == (1, 0, 4)
    assert reasons(result) == [
        (3, "The customer has several products “KFR-35”: give the serial number."),
        (4, "The contract HT-1 stands in line 2 already."),
        (5, "The customer has no product “S100”."),
        (6, "There is no customer X: enter the customer first."),
    ]
    contract = take.world.read(customers.contract, "HT-1")
    assert contract is not None
    assert (contract.voucher, contract.fee, contract.covers_parts) == ("SZ-V-000002", 120000, True)
    good = header + sheet.splitlines()[1] + "\n"
    assert counts(take("contracts", good)) == (0, 1, 0)
    assert reasons(take("contracts", good.replace("1200", "1300")))[0][1] == "Contract HT-1 is in the books otherwise."


# Doors


def test_only_the_administrator_imports(quick: Importer) -> None:
    for options in ({}, {"dry_run": True}):
        with pytest.raises(Refused) as caught:
            quick("customers", CUSTOMERS, login="guo", **options)
        assert caught.value.kind == "rights"
    line = quick.world.read(audit_lines)[-1]
    assert (line.act, line.actor, line.outcome) == ("customers.import", "guo", "refused")


def test_the_act_itself_takes_a_path(quick: Importer, tmp_path: Path) -> None:
    path = tmp_path / "by hand.csv"
    path.write_text(BAD, encoding="utf-8")
    with pytest.raises(Refused, match="1 lines cannot be taken"):
        quick.world.do("adm", "customers.import", path=str(path))
    quick.world.do("adm", "customers.import", path=str(path), skip_bad="yes", dry_run="yes")
    assert found(quick.world, "王小明") == []
    done = quick.world.do("adm", "customers.import", path=str(path), skip_bad="yes")
    assert str(done.sentence) == "3 lines taken, 0 there already, 1 left out."
    assert found(quick.world, "王小明") == ["000007"]


def test_a_file_that_cannot_be_read(quick: Importer, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There is no file"):
        quick("customers", tmp_path / "absent.csv")
    with pytest.raises(RefusedFields):
        quick("customers", "nothing,known\n1,2\n")


if SHARED.exists():

    @pytest.mark.parametrize("name", ["customers-utf8-bom.csv", "customers-gb18030.csv"])
    def test_the_shared_files(take: Importer, name: str) -> None:
        assert counts(take("customers", SHARED / name, skip_bad=True)) == (5967, 0, 33)
        result = take("products", SHARED / "products-utf8.csv", skip_bad=True)
        assert counts(result) == (8936, 0, 64)
        assert len(result.warnings) == 8
        unknown = [reason for _, reason in reasons(result) if reason.startswith("There is no customer")]
        assert len(unknown) == 58
        assert counts(take("customers", SHARED / name, skip_bad=True)) == (0, 5967, 33)
        assert counts(take("products", SHARED / "products-utf8.csv", skip_bad=True)) == (0, 8936, 64)
