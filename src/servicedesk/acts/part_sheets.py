"""A part list as a spreadsheet: number, name, measure, price, cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.import_plan import Kind, Lines, Plan
from servicedesk.acts.parts import add_part, number_refusal
from servicedesk.acts.sheets import LineRefusal, Progress, SheetColumn, SheetLine
from servicedesk.domain.money import parse_amount
from servicedesk.domain.parts import part_number
from servicedesk.domain.words import Refused, say

COLUMNS = (
    SheetColumn("number", ("Part number", "Part no.", "Number", "零件编号", "配件编号", "编号", "零件編號"), True),
    SheetColumn("name", ("Part name", "Part", "Name", "零件名称", "配件名称", "名称", "零件名稱", "名稱"), True),
    SheetColumn("measure", ("Measure", "Unit of measure", "计量单位", "計量單位", "单位", "單位")),
    SheetColumn("price", ("Price", "Unit price", "单价", "單價", "售价", "售價")),
    SheetColumn("cost", ("Cost", "成本", "进价", "進價")),
)


class PartLine(NamedTuple):
    """A part of the list; money in the smallest unit of `currency`."""

    number: str
    name: str
    measure: str
    price: int
    cost: int
    currency: str


def part_line(line: SheetLine, currency: str) -> PartLine | list[LineRefusal]:
    """Read a part; without a price or cost it costs nothing."""
    number, money, refusals = part_number(line.cell("number")), dict[str, int](), list[LineRefusal]()
    why = number_refusal(number)
    if why is not None:
        refusals.append(LineRefusal("number", why))
    if not line.cell("name"):
        refusals.append(LineRefusal("name", say("The part has no name.")))
    for field in ("price", "cost"):
        try:
            money[field] = parse_amount(line.cell(field) or "0", currency)
        except Refused as refused:
            refusals.append(LineRefusal(field, refused.sentence))
    if refusals:
        return refusals
    return PartLine(number, line.cell("name"), line.cell("measure"), money["price"], money["cost"], currency)


def _plan(look: Look, plan: Plan, lines: Lines, unit: str) -> None:
    from servicedesk.store import parts

    first: dict[str, PartLine] = {}
    for position, line in lines:
        row = parts.one(look.store, line.number)
        held = None if row is None else PartLine(*(getattr(row, name) for name in PartLine._fields))
        known = held or first.setdefault(line.number, line)
        if known != line:
            plan.refuse(position, "number", say("Part {number} is in the list already.", number=line.number))
        elif held is None and known is line:
            plan.taken.append(line)
        else:
            plan.already += 1


def _write(desk: Desk, taken: Sequence[PartLine], progress: Progress) -> None:
    for count, line in enumerate(taken, start=1):
        add_part(desk, line._asdict())
        progress(count, len(taken))


PARTS = Kind(COLUMNS, lambda line, today, currency: part_line(line, currency), _plan, _write)
