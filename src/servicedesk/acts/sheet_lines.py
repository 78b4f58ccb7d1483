"""What the lines of a sheet mean: customers, products, districts and contracts, each line a record or its refusals.

Nothing here asks the books: whether a customer exists or a serial number is there already is checked by the act.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from servicedesk.acts.sheets import LineRefusal, SheetColumn, SheetLine, header_key
from servicedesk.domain.customers import months_later
from servicedesk.domain.money import CURRENCIES, parse_amount
from servicedesk.domain.spoken import spoken_date
from servicedesk.domain.telephones import normalise
from servicedesk.domain.text import clean
from servicedesk.domain.words import Refused, Sentence, say

CUSTOMER_COLUMNS = (
    SheetColumn(
        "number", ("Customer number", "Customer no.", "Customer ID", "客户编号", "客戶編號", "客户号", "客戶號")
    ),
    SheetColumn("name", ("Customer name", "Name", "Customer", "客户名称", "客戶名稱", "姓名", "客户", "客戶"), True),
    SheetColumn("kind", ("Type", "Customer type", "Kind", "类型", "類型", "客户类型", "客戶類型")),
    SheetColumn("contact_name", ("Contact person", "Contact", "Contact name", "联系人", "聯絡人")),
    SheetColumn("mobile", ("Mobile", "Mobile phone", "Cell phone", "手机", "手机号", "手机号码", "手機", "行動電話")),
    SheetColumn(
        "landline",
        ("Telephone", "Phone", "Landline", "Tel", "电话", "固定电话", "座机", "联系电话", "電話", "市話", "聯絡電話"),
    ),
    SheetColumn("district", ("District", "区域", "區域", "行政区", "行政區")),
    SheetColumn("address", ("Address", "地址", "客户地址", "客戶地址"), True),
    SheetColumn("email", ("E-mail", "Email address", "电子邮件", "邮箱", "電子郵件", "信箱")),
    SheetColumn("remarks", ("Remarks", "Notes", "备注", "備註")),
    SheetColumn("language", ("Language", "语言", "語言")),
)

_CUSTOMER_NUMBER = SheetColumn("customer_number", CUSTOMER_COLUMNS[0].names, True)
_MODEL = ("Model", "Product model", "Model no.", "商品型号", "型号", "商品型號", "型號")
_SERIAL = ("Serial number", "Serial no.", "Serial", "机号", "序列号", "機號", "序號")

PRODUCT_COLUMNS = (
    _CUSTOMER_NUMBER,
    SheetColumn("name", ("Product", "Product name", "商品名称", "商品名稱", "商品")),
    SheetColumn("model_no", _MODEL, True),
    SheetColumn("serial_no", _SERIAL),
    SheetColumn("bought_on", ("Bought on", "Purchase date", "Date of purchase", "购买日期", "購買日期")),
    SheetColumn("bought_from", ("Bought from", "Purchased from", "购买渠道", "購買管道", "購買通路")),
    SheetColumn("warranty_months", ("Warranty months", "Warranty (months)", "保修月数", "保固月數")),
    SheetColumn("warranty_until", ("Warranty until", "保证期至", "保修期至", "保證期至", "保固日期", "保固期至")),
)

DISTRICT_COLUMNS = (
    SheetColumn("name", ("District", "区域", "區域", "行政区", "行政區"), True),
    SheetColumn("zone", ("Zone", "Area", "类别", "類別"), True),
    SheetColumn("unit_code", ("Unit", "Unit code", "单位", "单位代码", "單位", "單位代碼")),
)

CONTRACT_COLUMNS = (
    SheetColumn("number", ("Contract number", "Contract no.", "Contract", "合同号", "合同编号", "合約編號"), True),
    _CUSTOMER_NUMBER,
    SheetColumn("serial_no", _SERIAL),
    SheetColumn("model_no", _MODEL),
    SheetColumn("starts_on", ("Starts on", "Start date", "开始日期", "開始日期"), True),
    SheetColumn("ends_on", ("Ends on", "End date", "结束日期", "到期日", "結束日期"), True),
    SheetColumn("covers_parts", ("Covers parts", "Parts included", "包含零件", "含零件")),
    SheetColumn("covers_labour", ("Covers labour", "Labour included", "包含服务", "含服务", "包含服務", "含服務")),
    SheetColumn("covers", ("Covers", "Scope", "保养范围", "保养方式", "保養範圍", "保養方式")),
    SheetColumn("fee", ("Fee", "Contract fee", "Amount", "合同总额", "保养费", "合約總額", "保養費")),
    SheetColumn("currency", ("Currency", "币种", "幣別")),
)

_KINDS: Mapping[str, Literal["person", "company"]] = {
    "": "person", "个人": "person", "個人": "person", "person": "person", "private": "person", "individual": "person",
    "企业": "company", "企業": "company", "公司": "company", "单位": "company", "單位": "company", "company": "company",
    "business": "company", "organisation": "company", "organization": "company",
}  # fmt: skip
_LANGUAGES = {
    "": "", "en": "en", "english": "en", "英文": "en", "英语": "en", "英語": "en",
    "zh": "zh_CN", "zhcn": "zh_CN", "zhhans": "zh_CN", "chinese": "zh_CN", "中文": "zh_CN", "简体": "zh_CN",
    "简体中文": "zh_CN", "简中": "zh_CN", "zhtw": "zh_TW", "zhhant": "zh_TW", "繁体": "zh_TW", "繁體": "zh_TW",
    "繁体中文": "zh_TW", "繁體中文": "zh_TW", "繁中": "zh_TW",
}  # fmt: skip
_ZONES: Mapping[str, Literal["urban", "suburban"]] = {
    "市区": "urban", "市區": "urban", "urban": "urban", "郊区": "suburban", "郊區": "suburban", "suburban": "suburban",
}  # fmt: skip
_ANSWERS = {
    **dict.fromkeys(("yes", "y", "true", "1", "是", "有", "含", "包含", "√", "✓"), True),
    **dict.fromkeys(("", "no", "n", "false", "0", "否", "无", "無", "不含", "不包含", "×"), False),
}
_CURRENCY_NAMES = {
    "元": "CNY", "人民币": "CNY", "人民幣": "CNY", "rmb": "CNY", "新台币": "TWD", "新台幣": "TWD", "ntd": "TWD",
    "港币": "HKD", "港幣": "HKD", "美元": "USD", "日元": "JPY", "日圓": "JPY",
}  # fmt: skip
_LONGEST_WARRANTY = 600

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class CustomerLine:
    """A customer; `telephones` in normal form, the mobile first; `language` a catalogue's name or empty."""

    number: str
    name: str
    kind: Literal["person", "company"]
    contact_name: str
    telephones: tuple[str, ...]
    district: str
    address: str
    email: str
    remarks: str
    language: str


@dataclass(frozen=True)
class ProductLine:
    """A customer's product; `warranty_until` is the last day of the free warranty period (003 Art. 4-3)."""

    customer_number: str
    name: str
    model_no: str
    serial_no: str
    bought_on: date | None
    bought_from: str
    warranty_until: date | None


@dataclass(frozen=True)
class DistrictLine:
    """A district and how far out it lies; `unit_code` is empty where the file does not name the unit."""

    name: str
    zone: Literal["urban", "suburban"]
    unit_code: str


@dataclass(frozen=True)
class ContractLine:
    """A maintenance contract for one article or model; `fee_minor` in the currency's smallest unit."""

    number: str
    customer_number: str
    serial_no: str
    model_no: str
    starts_on: date
    ends_on: date
    covers_parts: bool
    covers_labour: bool
    covers: str
    fee_minor: int
    currency: str


class _Reader:
    """Reads the cells of one line and gathers what is wrong with them."""

    def __init__(self, line: SheetLine) -> None:
        self.line = line
        self.refusals: list[LineRefusal] = []

    def refuse(self, field: str, reason: Sentence) -> None:
        self.refusals.append(LineRefusal(field, reason))

    def required(self, field: str, reason: Sentence) -> str:
        text = self.line.cell(field)
        if not text:
            self.refuse(field, reason)
        return text

    def one_of(self, field: str, answers: Mapping[str, Answer], reason: Sentence) -> Answer | None:
        text = self.line.cell(field)
        answer = answers.get(header_key(text) or _narrow(text))
        if answer is None:
            self.refuse(field, reason)
        return answer

    def day(self, field: str, today: date) -> date | None:
        """The date of a cell or nothing. Its year must be written: a file may be read long after it was made."""
        text = re.sub(r"[ T]0?0:00(:00)?$", "", _narrow(self.line.cell(field)))
        if not text:
            return None
        if not re.match(r"\d{4}\D|\d{8}$", text):
            self.refuse(field, say("Write the date “{typed}” with its year first, such as 2026-03-31.", typed=text))
            return None
        try:
            return spoken_date(text, today)
        except Refused as refused:
            self.refuse(field, refused.sentence)
            return None


def customer_line(line: SheetLine) -> CustomerLine | list[LineRefusal]:
    """Read a customer. Name, address and one usable telephone are required (003 Art. 5).

    What stands in a telephone cell and is no telephone is kept with the remarks when another number is usable.
    """
    reader = _Reader(line)
    name = reader.required("name", say("The customer has no name."))
    address = reader.required("address", say("The customer has no address."))
    kind = reader.one_of("kind", _KINDS, say("The type must be “person” or “company”."))
    language = reader.one_of("language", _LANGUAGES, say("The language must be en, zh_CN or zh_TW."))
    telephones, unread = _telephones(reader)
    if reader.refusals or kind is None or language is None:
        return reader.refusals
    remarks = "\n".join(filter(None, (clean(line.cells.get("remarks", ""), lines=True), *unread)))
    return CustomerLine(
        number=_narrow(line.cell("number")),
        name=name,
        kind=kind,
        contact_name=line.cell("contact_name"),
        telephones=telephones,
        district=line.cell("district"),
        address=address,
        email=_narrow(line.cell("email")),
        remarks=remarks,
        language=language,
    )


def product_line(line: SheetLine, today: date) -> ProductLine | list[LineRefusal]:
    """Read a customer's product. The warranty is a date, or calendar months from the purchase."""
    reader = _Reader(line)
    customer_number = _narrow(reader.required("customer_number", say("The line names no customer.")))
    model_no = reader.required("model_no", say("The product has no model."))
    bought_on = reader.day("bought_on", today)
    if bought_on and bought_on > today:
        reader.refuse("bought_on", say("The date of purchase {date} has not come yet.", date=bought_on))
    warranty_until = reader.day("warranty_until", today) or _warranty_end(reader, bought_on)
    if reader.refusals:
        return reader.refusals
    return ProductLine(
        customer_number=customer_number,
        name=line.cell("name"),
        model_no=model_no,
        serial_no=_narrow(line.cell("serial_no")),
        bought_on=bought_on,
        bought_from=line.cell("bought_from"),
        warranty_until=warranty_until,
    )


def district_line(line: SheetLine) -> DistrictLine | list[LineRefusal]:
    """Read a district and its zone, on which the arrival limit depends."""
    reader = _Reader(line)
    name = reader.required("name", say("The district has no name."))
    zone = reader.one_of("zone", _ZONES, say("The zone must be “urban” or “suburban”."))
    if reader.refusals or zone is None:
        return reader.refusals
    return DistrictLine(name, zone, _narrow(line.cell("unit_code")))


def contract_line(line: SheetLine, today: date, *, currency: str) -> ContractLine | list[LineRefusal]:
    """Read a maintenance contract; `currency` is the unit's own, for lines that name none."""
    reader = _Reader(line)
    number = _narrow(reader.required("number", say("The contract has no number.")))
    customer_number = _narrow(reader.required("customer_number", say("The line names no customer.")))
    serial_no, model_no = _narrow(line.cell("serial_no")), line.cell("model_no")
    if not serial_no and not model_no:
        reader.refuse("serial_no", say("The contract covers no product: give the serial number or the model."))
    missing_date = say("The contract needs the days on which it starts and ends.")
    for field in ("starts_on", "ends_on"):
        reader.required(field, missing_date)
    starts_on, ends_on = reader.day("starts_on", today), reader.day("ends_on", today)
    if starts_on and ends_on and ends_on < starts_on:
        reader.refuse(
            "ends_on", say("The contract ends on {end}, before it starts on {start}.", end=ends_on, start=starts_on)
        )
    yes_or_no = say("Answer with yes or no.")
    covers_parts = reader.one_of("covers_parts", _ANSWERS, yes_or_no)
    covers_labour = reader.one_of("covers_labour", _ANSWERS, yes_or_no)
    fee_currency, fee_minor = _fee(reader, currency)
    if reader.refusals or starts_on is None or ends_on is None:
        return reader.refusals
    return ContractLine(
        number=number,
        customer_number=customer_number,
        serial_no=serial_no,
        model_no=model_no,
        starts_on=starts_on,
        ends_on=ends_on,
        covers_parts=bool(covers_parts),
        covers_labour=bool(covers_labour),
        covers=line.cell("covers"),
        fee_minor=fee_minor,
        currency=fee_currency,
    )


def check_repeats(lines: Iterable[tuple[int, ProductLine]]) -> dict[int, Sentence]:
    """Return a warning for each line whose serial number stands in an earlier line, by line number."""
    first_lines: dict[str, int] = {}
    warnings: dict[int, Sentence] = {}
    for number, product in lines:
        if not product.serial_no:
            continue
        first = first_lines.setdefault(product.serial_no.casefold(), number)
        if first != number:
            warnings[number] = say(
                "The serial number {serial} stands in line {first} already.", serial=product.serial_no, first=first
            )
    return warnings


def _narrow(text: str) -> str:
    """Full-width letters and digits in normal width, for numbers and codes; never for names."""
    return unicodedata.normalize("NFKC", text).strip()


def _telephones(reader: _Reader) -> tuple[tuple[str, ...], list[str]]:
    """The usable numbers without repetition, and the texts that are none."""
    usable: dict[str, None] = {}
    unread: list[tuple[str, str, Sentence]] = []
    for field in ("mobile", "landline"):
        typed = reader.line.cell(field)
        if not typed:
            continue
        try:
            usable.update((number, None) for number in _numbers(typed))
        except Refused as refused:
            unread.append((field, typed, refused.sentence))
    if not usable:
        for field, _, reason in unread:
            reader.refuse(field, reason)
        if not unread:
            reader.refuse("mobile", say("The customer has no telephone."))
    return tuple(usable), [typed for _, typed, _ in unread]


def _numbers(typed: str) -> list[str]:
    """The number of a cell, or the numbers where people put several into one."""
    parts = [part for part in re.split("[/;；、,，]", typed) if part.strip()]
    try:
        return [normalise(typed)]
    except Refused:
        if len(parts) < 2:
            raise
    return [normalise(part) for part in parts]


def _warranty_end(reader: _Reader, bought_on: date | None) -> date | None:
    text = _narrow(reader.line.cell("warranty_months"))
    match = re.fullmatch(r"(\d{1,3})(?:\.0+)?\s*(?:个月|個月|月|months?)?", text, re.IGNORECASE)
    if not text:
        return None
    if match is None or int(match[1]) > _LONGEST_WARRANTY:
        reader.refuse("warranty_months", say("The warranty “{typed}” is not a number of months.", typed=text))
        return None
    months = int(match[1])
    if not months:
        return None
    if bought_on is None:
        if not reader.line.cell("bought_on"):
            reader.refuse(
                "bought_on", say("A warranty in months needs the date of purchase: give it, or leave the months empty.")
            )
        return None
    return months_later(bought_on, months)


def _fee(reader: _Reader, own: str) -> tuple[str, int]:
    """The currency, and the fee in its minor units; an empty cell is nothing to pay."""
    text = _narrow(reader.line.cell("currency"))
    currency = _CURRENCY_NAMES.get(text.casefold(), text.upper()) or own
    fee = reader.line.cell("fee")
    if currency not in CURRENCIES:
        reader.refuse("currency", say("The currency must be one of {codes}.", codes=tuple(CURRENCIES)))
    elif fee:
        try:
            return currency, parse_amount(fee, currency)
        except Refused as refused:
            reader.refuse("fee", refused.sentence)
    return currency, 0
