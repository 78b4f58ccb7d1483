"""Importing sheets: every good line is taken whatever Excel made of it, every bad one is refused with its reason."""

from __future__ import annotations

import csv
import stat
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicedesk.acts.sheet_lines import (
    CONTRACT_COLUMNS,
    CUSTOMER_COLUMNS,
    DISTRICT_COLUMNS,
    PRODUCT_COLUMNS,
    ContractLine,
    CustomerLine,
    DistrictLine,
    ProductLine,
    check_repeats,
    contract_line,
    customer_line,
    district_line,
    product_line,
)
from servicedesk.acts.sheets import LineRefusal, SheetLine, read_sheet, sort_lines, write_report
from servicedesk.domain.exports import harmless
from servicedesk.domain.words import Refused, RefusedFields, Sentence

TODAY = date(2026, 11, 22)
SHARED = Path(__file__).parents[2].parent / "shared" / "data"

CUSTOMERS = """客户编号,客户名称,类型,联系人,手机,电话,区域,地址,电子邮件,备注
000001,曹明,个人,,13560267735,,龙华区,深圳市龙华区赵路343号20栋301房,,
000002,图龙信息有限公司,企业,吴华,+86 151 7151 0563,0755-83032403,坪山区,"深圳市坪山区
梁街112号",a@example.org,"=HYPERLINK(""http://example.invalid"",""点我"")"
000003,叶娜,个人,,１８５０１２１９９７５,185-0121-9975,盐田区,盐田路1号,,\x1b[31m红色\x1b[0m\x07
000004,没电话,个人,,,,盐田区,盐田路2号,,
000005,打不通的,个人,,打不通,,盐田区,盐田路3号,,
000006,,个人,,13560267736,,盐田区,盐田路4号,,
000007,没地址,个人,,13560267737,,盐田区,,,
,,,,,,,,,
000008,有座机,个人,,打不通,0755-83032404,盐田区,盐田路5号,,\u202e反向
000009,,个人,,打不通,,盐田区,,,[/x] [red]紧急[/red]
"""

PRODUCTS = """客户编号,商品名称,商品型号,机号,购买日期,购买渠道,保修月数
000001,燃气灶,JZT-QB65,D2029286240,2026-04-19,天虹商场,24
000001,洗衣机,TB80-1288,G2431213903,2021/09/22,天虹商场,12
000001,吸油烟机,CXW-238-JQ25,A2351275873,2023年5月27日,天虹商场,36
000002,燃气灶,JZT-QB65,B2521155231,2025-02-30,天虹商场,12
000002,燃气灶,JZT-QB65,D2029286240,2024-02-29,天虹商场,12
000002,燃气灶,JZT-QB65,,2025-08-31 0:00,天虹商场,6个月
"""


def write(folder: Path, text: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "sheet.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def customers(path: Path) -> tuple[dict[int, CustomerLine], list[tuple[int, str, str]]]:
    outcome = sort_lines(read_sheet(path, CUSTOMER_COLUMNS), customer_line)
    return dict(outcome.taken), [(problem.number, problem.column, str(problem.reason)) for problem in outcome.problems]


def product(line: SheetLine) -> ProductLine | list[LineRefusal]:
    return product_line(line, TODAY)


def contract(line: SheetLine) -> ContractLine | list[LineRefusal]:
    return contract_line(line, TODAY, currency="CNY")


def test_customers_are_taken_or_refused_by_line(tmp_path: Path) -> None:
    taken, problems = customers(write(tmp_path, CUSTOMERS))
    assert list(taken) == [2, 3, 5, 11]
    assert taken[3] == CustomerLine(
        number="000002",
        name="图龙信息有限公司",
        kind="company",
        contact_name="吴华",
        telephones=taken[3].telephones,
        district="坪山区",
        address="深圳市坪山区 梁街112号",
        email="a@example.org",
        remarks='=HYPERLINK("http://example.invalid","点我")',
        language="",
    )
    assert len(taken[3].telephones) == 2
    assert taken[5].telephones == ("18501219975",)
    assert "\x1b" not in taken[5].remarks
    assert "红色" in taken[5].remarks
    assert taken[11].remarks == "反向\n打不通"
    assert [(number, column) for number, column, _ in problems] == [
        (6, "手机"),
        (7, "手机"),
        (8, "客户名称"),
        (9, "地址"),
        (12, "客户名称"),
        (12, "地址"),
        (12, "手机"),
    ]
    assert problems[0][2] == "The customer has no telephone."
    assert problems[1][2] != problems[0][2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    text = CUSTOMERS.replace("\u202e", "").replace('(""http://example.invalid"",""点我"")', "(1)")
    path = write(tmp_path, text.replace(",", delimiter).replace("\n", end), encoding)
    taken, problems = customers(path)
    assert list(taken) == [2, 3, 5, 11]
    assert taken[3].address == "深圳市坪山区 梁街112号"
    assert len(problems) == 7


@pytest.mark.parametrize(
    "header",
    [
        "name,address,mobile",
        "Customer Name,ADDRESS,Mobile_Phone",
        "客戶名稱,地址,行動電話",
        " 客户名称 ,地　址,手机号码",
    ],
)
def test_headers_in_three_languages(tmp_path: Path, header: str) -> None:
    taken, problems = customers(write(tmp_path, f"{header},weight\n王小明,1 Road,13560267735,70\n"))
    assert (taken[2].name, taken[2].address, taken[2].telephones) == ("王小明", "1 Road", ("13560267735",))
    assert not problems
    sheet = read_sheet(tmp_path / "sheet.csv", CUSTOMER_COLUMNS)
    assert sheet.ignored == ("weight",)


def test_missing_and_doubled_headers_are_named(tmp_path: Path) -> None:
    with pytest.raises(RefusedFields) as missing:
        read_sheet(write(tmp_path, "姓名,手机,手机号\n王,1,1\n"), CUSTOMER_COLUMNS)
    assert list(missing.value.refusals) == ["mobile", "address"]
    assert "地址" in str(missing.value.refusals["address"])
    assert "Mobile" in str(missing.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"PK\x03\x04rest", "Excel workbook"),
        ("name,address\n王,路\n".encode() + b"\xff,x\n", "Line 3 "),
        ("name,address\n王小明,天河路一号院二号楼\n李".encode() + b"\xe6\x98,x\n", "Line 3 "),
        (b"\xef\xbb\xbfname,address\r\n\xd6\xd0,x\r\n", "Line 2 "),
        ("name,address\n王,路\n".encode("utf-16") + b"\x00", "Line 3 "),
        (b'name,address\nA,"open\nB,y\nC,z\n', "line 2 "),
        (b'name,address\nA,x\nB,"y"z\n', "line 3 "),
    ],
)
def test_unreadable_files_are_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        read_sheet(write(tmp_path, content), CUSTOMER_COLUMNS)
    assert reason in str(refused.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(Refused):
            read_sheet(path, CUSTOMER_COLUMNS)


def test_a_line_with_more_cells_than_headers_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "name,mobile,address\nA,13560267735,1 Road, Town\nB,13560267736,2 Road,\nC,13560267737\n")
    taken, problems = customers(path)
    assert list(taken) == [3]
    assert [number for number, _, _ in problems] == [2, 4]
    assert "4 cells under 3 headers" in problems[0][2]


def test_progress_ends_at_the_last_line(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    read_sheet(write(tmp_path, CUSTOMERS), CUSTOMER_COLUMNS, lambda done, total: told.append((done, total)))
    assert told[-1] == (12, 12)
    assert told == sorted(told)


def test_two_numbers_in_one_cell(tmp_path: Path) -> None:
    path = write(
        tmp_path, "name,address,tel\nA,x,13560267735/13560267736\nB,x,13560267735；转告邻居\nC,x,0755-83032403转12\n"
    )
    taken, problems = customers(path)
    assert [line.telephones for line in taken.values()] == [("13560267735", "13560267736"), ("075583032403x12",)]
    assert [number for number, _, _ in problems] == [3]


def test_unknown_type_and_language_are_refused(tmp_path: Path) -> None:
    _, problems = customers(write(tmp_path, "name,address,tel,type,language\nA,x,13560267735,alien,Klingon\n"))
    assert [column for _, column, _ in problems] == ["type", "language"]
    taken, _ = customers(write(tmp_path, "name,address,tel,type,language\nA,x,13560267735,公司,繁體中文\n"))
    assert (taken[2].kind, taken[2].language) == ("company", "zh_TW")


def test_products(tmp_path: Path) -> None:
    outcome = sort_lines(read_sheet(write(tmp_path, PRODUCTS), PRODUCT_COLUMNS), product)
    assert [(number, line.bought_on, line.warranty_until) for number, line in outcome.taken] == [
        (2, date(2026, 4, 19), date(2028, 4, 19)),
        (3, date(2021, 9, 22), date(2022, 9, 22)),
        (4, date(2023, 5, 27), date(2026, 5, 27)),
        (6, date(2024, 2, 29), date(2025, 2, 28)),
        (7, date(2025, 8, 31), date(2026, 2, 28)),
    ]
    assert [(problem.number, problem.column) for problem in outcome.problems] == [(5, "购买日期")]
    warnings = check_repeats(outcome.taken)
    assert list(warnings) == [6]
    assert "line 2 " in str(warnings[6])


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        (",M1,2025-01-01,12", "customer_number"),
        ("1,,2025-01-01,12", "model_no"),
        ("1,M1,3/4/2025,12", "bought_on"),
        ("1,M1,yesterday,12", "bought_on"),
        ("1,M1,2026-11-23,12", "bought_on"),
        ("1,M1,45123,12", "bought_on"),
        ("1,M1,,12", "bought_on"),
        ("1,M1,2025-01-01,long", "warranty_months"),
        ("1,M1,2025-01-01,999", "warranty_months"),
        ("1,M1,2025-01-01,-1", "warranty_months"),
    ],
)
def test_refused_products(tmp_path: Path, cells: str, field: str) -> None:
    path = write(tmp_path, f"Customer no.,Model,Purchase date,Warranty months\n{cells}\n")
    outcome = sort_lines(read_sheet(path, PRODUCT_COLUMNS), product)
    assert [problem.field for problem in outcome.problems] == [field]


def test_a_written_warranty_date_counts(tmp_path: Path) -> None:
    path = write(tmp_path, "客戶編號,型號,購買日期,保固日期\n１,M1,2025-01-01,2027-12-31\n2,M1,,\n")
    outcome = sort_lines(read_sheet(path, PRODUCT_COLUMNS), product)
    assert [(line.customer_number, line.warranty_until) for _, line in outcome.taken] == [
        ("1", date(2027, 12, 31)),
        ("2", None),
    ]


def test_districts(tmp_path: Path) -> None:
    path = write(tmp_path, "区域,类别,单位\n福田区,市区,SZ\n盐田区,郊區,\nNorth,Suburban,\nSouth,near,\n,市区,\n")
    outcome = sort_lines(read_sheet(path, DISTRICT_COLUMNS), district_line)
    assert [line for _, line in outcome.taken] == [
        DistrictLine("福田区", "urban", "SZ"),
        DistrictLine("盐田区", "suburban", ""),
        DistrictLine("North", "suburban", ""),
    ]
    assert [(problem.number, problem.column) for problem in outcome.problems] == [(5, "类别"), (6, "区域")]


CONTRACT_HEADER = "合同号,客户编号,机号,型号,开始日期,结束日期,包含零件,包含服务,保养范围,合同总额,币种\n"


def test_contracts(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        CONTRACT_HEADER + 'HT-1,000001,A1,M1,2026-01-01,2026-12-31,是,是,含滤网,"￥1,280.50",\n'
        "HT-2,000002,,M2,2026年1月1日,2027年1月1日,否,,,3000,新台幣\nHT-3,000003,A3,,2026-01-01,2026-12-31,,,,５００,jpy\n",
    )
    outcome = sort_lines(read_sheet(path, CONTRACT_COLUMNS), contract)
    assert not outcome.problems
    assert [line for _, line in outcome.taken] == [
        ContractLine(
            "HT-1", "000001", "A1", "M1", date(2026, 1, 1), date(2026, 12, 31), True, True, "含滤网", 128050, "CNY"
        ),
        ContractLine("HT-2", "000002", "", "M2", date(2026, 1, 1), date(2027, 1, 1), False, False, "", 3000, "TWD"),
        ContractLine("HT-3", "000003", "A3", "", date(2026, 1, 1), date(2026, 12, 31), False, False, "", 500, "JPY"),
    ]


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        (",1,A,,2026-01-01,2026-12-31,,,,,", "number"),
        ("H,,A,,2026-01-01,2026-12-31,,,,,", "customer_number"),
        ("H,1,,,2026-01-01,2026-12-31,,,,,", "serial_no"),
        ("H,1,A,,,2026-12-31,,,,,", "starts_on"),
        ("H,1,A,,2026-01-01,2025-12-31,,,,,", "ends_on"),
        ("H,1,A,,2026-01-01,2026-12-31,maybe,,,,", "covers_parts"),
        ("H,1,A,,2026-01-01,2026-12-31,,,,1.005,", "fee"),
        ("H,1,A,,2026-01-01,2026-12-31,,,,-5,", "fee"),
        ("H,1,A,,2026-01-01,2026-12-31,,,,5,dollars", "currency"),
    ],
)
def test_refused_contracts(tmp_path: Path, cells: str, field: str) -> None:
    outcome = sort_lines(read_sheet(write(tmp_path, CONTRACT_HEADER + cells + "\n"), CONTRACT_COLUMNS), contract)
    assert [problem.field for problem in outcome.problems] == [field]


def test_the_report_is_private_and_harmless(tmp_path: Path) -> None:
    path = write(tmp_path, 'name,address,mobile\n=1+1,,"+x"\n＝cmd,,\x1b[31m\n')
    outcome = sort_lines(read_sheet(path, CUSTOMER_COLUMNS), customer_line)
    report = tmp_path / "report.csv"
    write_report(report, outcome.problems, str)
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert report.read_bytes().startswith(b"\xef\xbb\xbf")
    with report.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["Line", "Column", "Reason", "Text of the line"]
    assert [row[:2] for row in rows] == [["2", "address"], ["2", "mobile"], ["3", "address"], ["3", "mobile"]]
    assert rows[0][3] == '\'=1+1,,"+x"'
    assert rows[2][3].startswith("'＝cmd")
    assert "\x1b" not in report.read_text(encoding="utf-8-sig")
    with pytest.raises(Refused):
        write_report(report, outcome.problems, str)
    with pytest.raises(Refused):
        write_report(tmp_path / "absent" / "report.csv", outcome.problems, str)


def test_an_unfinished_report_is_taken_away(tmp_path: Path) -> None:
    def fails(text: str | Sentence) -> str:
        raise KeyError(text)

    with pytest.raises(KeyError):
        write_report(tmp_path / "report.csv", (), fails)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠"])
def test_no_cell_begins_a_formula(start: str) -> None:
    assert harmless(start + "1") == "'" + start + "1"
    assert harmless("1" + start) == "1" + start


@given(
    content=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"name,address,mobile,type\n" + content)
    try:
        outcome = sort_lines(read_sheet(path, CUSTOMER_COLUMNS), customer_line)
    except Refused:
        return
    assert all(problem.raw for problem in outcome.problems)


def sample_or_shared(own: str, *names: str) -> list[str | Path]:
    """Our own small sample, and the large files beside the repository where they are."""
    return [own, *(SHARED / name for name in names if (SHARED / name).exists())]


def name_of(value: object) -> str:
    return value.name if isinstance(value, Path) else "sample"


@pytest.mark.parametrize(
    "source", sample_or_shared(CUSTOMERS, "customers-utf8-bom.csv", "customers-gb18030.csv"), ids=name_of
)
def test_all_customers_of_a_file(tmp_path: Path, source: str | Path) -> None:
    path = source if isinstance(source, Path) else write(tmp_path, source)
    outcome = sort_lines(read_sheet(path, CUSTOMER_COLUMNS), customer_line)
    reasons = Counter(str(problem.reason) for problem in outcome.problems)
    no_telephone, no_name, no_address, *words = (
        reasons.pop("The customer has no telephone."),
        reasons.pop("The customer has no name."),
        reasons.pop("The customer has no address."),
        *reasons.values(),
    )
    counts = (len(outcome.taken), outcome.refused_lines, no_telephone, no_name, no_address, words)
    assert counts == ((5967, 33, 12, 9, 7, [5]) if isinstance(source, Path) else (4, 5, 1, 2, 2, [2]))
    texts = "".join(line.address + line.remarks for _, line in outcome.taken)
    assert not {"\x1b", "\x07", "\u202e"} & set(texts)
    assert "=HYPERLINK" in texts


@pytest.mark.parametrize("source", sample_or_shared(PRODUCTS, "products-utf8.csv"), ids=name_of)
def test_all_products_of_a_file(tmp_path: Path, source: str | Path) -> None:
    path = source if isinstance(source, Path) else write(tmp_path, source)
    outcome = sort_lines(read_sheet(path, PRODUCT_COLUMNS), product)
    counts = (len(outcome.taken), outcome.refused_lines, len(check_repeats(outcome.taken)))
    assert counts == ((8994, 6, 8) if isinstance(source, Path) else (5, 1, 1))
    assert {problem.column for problem in outcome.problems} == {"购买日期"}


@pytest.mark.parametrize(
    "source", sample_or_shared("区域,类别\n福田区,市区\n盐田区,郊区\n", "districts.csv"), ids=name_of
)
def test_all_districts_of_a_file(tmp_path: Path, source: str | Path) -> None:
    path = source if isinstance(source, Path) else write(tmp_path, source)
    outcome = sort_lines(read_sheet(path, DISTRICT_COLUMNS), district_line)
    assert not outcome.problems
    zones = Counter(line.zone for _, line in outcome.taken)
    assert zones == ({"urban": 5, "suburban": 5} if isinstance(source, Path) else {"urban": 1, "suburban": 1})
