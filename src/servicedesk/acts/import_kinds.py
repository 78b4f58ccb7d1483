"""What an import may take and how it is written: customers, products, districts, contracts.

A plan is made by reading only, so that a dry run says the same as the import itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from servicedesk.acts import part_sheets, sheet_lines
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.import_plan import Kind, Lines, LineWarning, Plan
from servicedesk.acts.pocket import serving_unit
from servicedesk.acts.sheet_lines import ContractLine, CustomerLine, DistrictLine, ProductLine
from servicedesk.acts.sheets import Progress
from servicedesk.domain.customers import ContractRow, CustomerRow, ProductRow
from servicedesk.domain.numbering import VOUCHER, voucher_number
from servicedesk.domain.words import Refused, Sentence, label, say

_LONGEST_NUMBER = 40


_CUSTOMER_FIELDS: Mapping[str, str] = {
    "name": label("name"),
    "kind": label("kind"),
    "contact_name": label("contact"),
    "telephones": label("telephone"),
    "district": label("district"),
    "address": label("address"),
    "email": label("e-mail"),
    "remarks": label("remark"),
    "language": label("language"),
}
_SHEET_FIELDS = {"telephones": "mobile"}


def _held(row: CustomerRow) -> dict[str, Any]:
    """What the books hold of a customer, as a line would say it."""
    plain = {
        name: getattr(row, name) for name in ("name", "kind", "district", "address", "email", "remarks", "language")
    }
    return {**plain, "contact_name": ", ".join(row.contacts), "telephones": " ".join(sorted(row.telephones.split()))}


def _said(line: CustomerLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in _CUSTOMER_FIELDS} | {"telephones": " ".join(sorted(line.telephones))}


def _other_field(row: CustomerRow, line: CustomerLine) -> str:
    """The first field in which a line says otherwise than the books; empty where it says the same."""
    held, said = _held(row), _said(line)
    return next((name for name in _CUSTOMER_FIELDS if held[name] != said[name]), "")


def _plan_customers(look: Look, plan: Plan, lines: Lines, unit: str) -> None:
    from servicedesk.store import customers, pockets, tables, units

    known = customers.by_numbers(look.store, (line.number for _, line in lines if line.number))
    are_others = pockets.last_key(look.store, tables.Customer) > 0
    districts = {row.name for row in units.districts(look.store)}
    unknown: dict[str, int] = {}
    first: dict[str, tuple[int, CustomerLine]] = {}
    for number, line in lines:
        row = known.get(line.number)
        if row is None and not line.number and are_others:
            alike = customers.likely_duplicates(look.store, line.name, line.telephones[0], line.address)
            row = next((one for one in alike if not _other_field(one, line)), None)
        refusal = _customer_refusal(line, row, first.get(line.number))
        if refusal is not None:
            plan.refuse(number, *refusal)
        elif row is not None or line.number in first:
            plan.already += 1
        else:
            if line.number:
                first[line.number] = (number, line)
            if line.district and line.district not in districts:
                unknown[line.district] = unknown.get(line.district, 0) + 1
            plan.taken.append(line)
    plan.warnings += [
        LineWarning(
            0, say("The district “{name}” of {count} lines is not set up: set its zone.", name=name, count=count)
        )
        for name, count in unknown.items()
    ]


def _customer_refusal(
    line: CustomerLine, row: CustomerRow | None, earlier: tuple[int, CustomerLine] | None
) -> tuple[str, Sentence] | None:
    if len(line.number) > _LONGEST_NUMBER or len(line.number.split()) > 1:
        return "number", say("A customer number has no spaces and at most {longest} signs.", longest=_LONGEST_NUMBER)
    if earlier is not None and earlier[1] != line:
        return "number", say(
            "The number {number} stands in line {first} already.", number=line.number, first=earlier[0]
        )
    if row is None:
        return None
    if row.merged_into:
        return "number", say(
            "Customer {number} was merged into {survivor}.", number=row.number, survivor=row.merged_into
        )
    other = _other_field(row, line)
    if not other:
        return None
    return _SHEET_FIELDS.get(other, other), say(
        "Customer {number} is in the books with another {field}: “{held}”. Correct one of them.",
        number=row.number,
        field=Sentence(_CUSTOMER_FIELDS[other]),
        held=_held(row)[other],
    )


def _write_customers(desk: Desk, taken: Sequence[CustomerLine], progress: Progress) -> None:
    from servicedesk.store import pockets, search, tables
    from servicedesk.store.session import portions
    from servicedesk.store.words_index import name_keys

    figures = [int(line.number) for line in taken if line.number.isascii() and line.number.isdigit()]
    # Numbers far above the running ones belong to another system and would use ours up.
    pockets.pass_numbers(desk.store, max((number for number in figures if number < 10**6), default=0))
    written = 0
    for lines in portions(taken):
        rows = []
        for line in lines:
            initials, pinyin = name_keys(line.name)
            number = line.number or pockets.next_customer_number(desk.store)
            plain = {name: getattr(line, name) for name in ("name", "kind", "language", "email", "remarks")}
            rows.append({**plain, "number": number, "initials": initials, "pinyin": pinyin})
        last = pockets.last_key(desk.store, tables.Customer)
        desk.store.add_many(tables.Customer, rows)
        keyed = list(zip(pockets.keys_after(desk.store, tables.Customer, last), lines, strict=True))
        desk.store.add_many(
            tables.Telephone, [pockets.telephone(key, digits) for key, line in keyed for digits in line.telephones]
        )
        desk.store.add_many(
            tables.Contact,
            [{"customer_id": key, "name": line.contact_name} for key, line in keyed if line.contact_name],
        )
        desk.store.add_many(
            tables.Address,
            [{"customer_id": key, "address": line.address, "district": line.district} for key, line in keyed],
        )
        words = [
            (key, pockets.words_of(line.name, filter(None, (line.contact_name,)), (line.address,)))
            for key, line in keyed
        ]
        search.write_many(desk.store, search.CUSTOMERS, words)
        written += len(lines)
        progress(written, len(taken))


def _owners(look: Look, lines: Lines) -> dict[str, CustomerRow]:
    """The customers that the lines name; one that was merged is its survivor."""
    from servicedesk.store import customers

    named = customers.by_numbers(look.store, (line.customer_number for _, line in lines))
    survivors = customers.by_numbers(look.store, filter(None, (row.merged_into for row in named.values())))
    return {number: survivors.get(row.merged_into, row) for number, row in named.items()}


def _no_customer(number: str) -> Sentence:
    return say("There is no customer {number}: enter the customer first.", number=number)


def _plan_products(look: Look, plan: Plan, lines: Lines, unit: str) -> None:
    from servicedesk.store import imports

    owners = _owners(look, lines)
    there = imports.product_contents(look.store, (row.id for row in owners.values()))
    takeable: list[tuple[int, ProductLine]] = []
    for number, line in lines:
        owner = owners.get(line.customer_number)
        if owner is None:
            plan.refuse(number, "customer_number", _no_customer(line.customer_number))
            continue
        content = (owner.id, *(getattr(line, name) for name in _PRODUCT_FIELDS))
        if there[content]:
            there[content] -= 1
            plan.already += 1
            continue
        takeable.append((number, line))
        plan.taken.append((owner, line))
    repeats = sheet_lines.check_repeats(takeable)
    vouchers = imports.vouchers_of_serials(look.store, (line.serial_no for _, line in takeable if line.serial_no))
    for number, line in takeable:
        voucher = vouchers.get(line.serial_no)
        if number in repeats:
            plan.warnings.append(LineWarning(number, repeats[number]))
        elif voucher is not None:
            reason = say(
                "The serial number {serial} stands on voucher {voucher} already.",
                serial=line.serial_no,
                voucher=voucher,
            )
            plan.warnings.append(LineWarning(number, reason))


_PRODUCT_FIELDS = ("name", "model_no", "serial_no", "bought_on", "bought_from", "warranty_until")


def _write_products(desk: Desk, taken: Sequence[tuple[CustomerRow, ProductLine]], progress: Progress) -> None:
    """Each product with its standing voucher, numbered in the unit that serves the customer's district."""
    from servicedesk.store import pockets, tables
    from servicedesk.store.session import portions

    units = {district: serving_unit(desk, district) for district in {owner.district for owner, _ in taken}}
    counts: dict[str, int] = {}
    for owner, _ in taken:
        code = units[owner.district].code
        counts[code] = counts.get(code, 0) + 1
    given = {code: desk.store.next_number(f"{code}-{VOUCHER}", count) - count for code, count in counts.items()}
    written = 0
    for lines in portions(taken):
        last = pockets.last_key(desk.store, tables.Product)
        desk.store.add_many(
            tables.Product,
            [
                {"customer_id": owner.id, **{name: getattr(line, name) for name in _PRODUCT_FIELDS}}
                for owner, line in lines
            ],
        )
        vouchers = []
        for key, (owner, _) in zip(pockets.keys_after(desk.store, tables.Product, last), lines, strict=True):
            unit = units[owner.district]
            given[unit.code] += 1
            number = voucher_number(unit.code, given[unit.code])
            vouchers.append({"number": number, "unit_id": unit.id, "product_id": key, "held_since": desk.now})
        desk.store.add_many(tables.Voucher, vouchers)
        written += len(lines)
        progress(written, len(taken))


def _plan_districts(look: Look, plan: Plan, lines: Lines, unit: str) -> None:
    from servicedesk.store import people, units

    known = {row.name: (row.zone, row.unit) for row in units.districts(look.store)}
    codes = people.units(look.books, look.store, look.facts)
    for number, line in lines:
        code = line.unit_code or unit or look.home.code
        if code not in codes:
            plan.refuse(number, "unit_code", say("There is no unit {code}.", code=code))
        elif known.get(line.name) == (line.zone, code):
            plan.already += 1
        elif line.name in known:
            reason = say("The district {name} is set up otherwise: change it there.", name=line.name)
            plan.refuse(number, "name", reason)
        else:
            known[line.name] = (line.zone, code)
            plan.taken.append((codes[code].id, line))


def _write_districts(desk: Desk, taken: Sequence[tuple[int, DistrictLine]], progress: Progress) -> None:
    from servicedesk.store import tables

    rows = [{"unit_id": unit, "name": line.name, "zone": line.zone} for unit, line in taken]
    desk.store.add_many(tables.District, rows)
    progress(len(taken), len(taken))


def _plan_contracts(look: Look, plan: Plan, lines: Lines, unit: str) -> None:
    from servicedesk.store import customers, imports

    owners = _owners(look, lines)
    there = imports.contracts(look.store, (line.number for _, line in lines))
    first: dict[str, int] = {}
    for number, line in lines:
        owner = owners.get(line.customer_number)
        if owner is None:
            plan.refuse(number, "customer_number", _no_customer(line.customer_number))
            continue
        try:
            product = _covered(line, customers.products(look.store, owner.id))
        except Refused as refused:
            plan.refuse(number, refused.field or "", refused.sentence)
            continue
        held = there.get(line.number)
        if line.number in first:
            reason = say(
                "The contract {number} stands in line {first} already.", number=line.number, first=first[line.number]
            )
            plan.refuse(number, "number", reason)
        elif held is not None and _same_contract(held, line, owner, product):
            plan.already += 1
        elif held is not None:
            plan.refuse(number, "number", say("Contract {number} is in the books otherwise.", number=line.number))
        else:
            first[line.number] = number
            plan.taken.append((owner.id, product.id, line))


def _covered(line: ContractLine, owned: Iterable[ProductRow]) -> ProductRow:
    """The one product that the contract names, by serial number or by model.

    Raises:
        Refused: on the field, where the customer has none such or several.
    """
    name = "serial_no" if line.serial_no else "model_no"
    wanted = getattr(line, name).casefold()
    found = [product for product in owned if getattr(product, name).casefold() == wanted]
    if not found:
        raise Refused(say("The customer has no product “{wanted}”.", wanted=getattr(line, name)), field=name)
    if len(found) > 1:
        raise Refused(
            say("The customer has several products “{wanted}”: give the serial number.", wanted=getattr(line, name)),
            field=name,
        )
    return found[0]


def _same_contract(held: ContractRow, line: ContractLine, owner: CustomerRow, product: ProductRow) -> bool:
    names = ("starts_on", "ends_on", "covers_parts", "covers_labour", "covers", "currency")
    return (held.customer, held.product_id, held.fee) == (owner.number, product.id, line.fee_minor) and all(
        getattr(held, name) == getattr(line, name) for name in names
    )


def _write_contracts(desk: Desk, taken: Sequence[tuple[int, int, ContractLine]], progress: Progress) -> None:
    from servicedesk.store import tables

    names = ("number", "starts_on", "ends_on", "covers_parts", "covers_labour", "covers", "currency")
    rows = [
        {
            "customer_id": customer,
            "product_id": product,
            "fee": line.fee_minor,
            **{name: getattr(line, name) for name in names},
        }
        for customer, product, line in taken
    ]
    desk.store.add_many(tables.Contract, rows)
    progress(len(taken), len(taken))


KINDS: Mapping[str, Kind] = {
    "customers": Kind(
        sheet_lines.CUSTOMER_COLUMNS,
        lambda line, today, currency: sheet_lines.customer_line(line),
        _plan_customers,
        _write_customers,
    ),
    "products": Kind(
        sheet_lines.PRODUCT_COLUMNS,
        lambda line, today, currency: sheet_lines.product_line(line, today),
        _plan_products,
        _write_products,
    ),
    "districts": Kind(
        sheet_lines.DISTRICT_COLUMNS,
        lambda line, today, currency: sheet_lines.district_line(line),
        _plan_districts,
        _write_districts,
    ),
    "contracts": Kind(
        sheet_lines.CONTRACT_COLUMNS,
        lambda line, today, currency: sheet_lines.contract_line(line, today, currency=currency),
        _plan_contracts,
        _write_contracts,
    ),
    "parts": part_sheets.PARTS,
}
