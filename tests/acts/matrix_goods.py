"""Goods, receipts, loan units, custody, the return (requirements §1.7: receipt, goods register, card, loan unit)."""

from __future__ import annotations

from tests.acts.rounds import CALL
from tests.world import World

# The columns and letters of test_rights. `goods.take_in` is done to a call.
MATRIX = {
    #                     cle age tec sup man acc dep smg dgm ana tra aud adm
    "goods.take_in":      "U   .   .   .   .   .   .   .   .   .   .   .   .",
    "goods.remark":       "U   .   .   .   .   .   .   .   .   .   .   .   .",
    "receipts.replace":   "U   .   O   .   .   .   .   .   .   .   .   .   .",
    "receipts.lose":      "U   .   .   .   .   .   .   .   .   .   .   .   .",
    "receipts.confirm":   ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "cards.take_along":   "U   .   U   .   .   .   .   .   .   .   .   .   .",
    "cards.bring_again":  "U   .   U   .   .   .   .   .   .   .   .   .   .",
    "cards.return":       "U   .   U   .   .   .   .   .   .   .   .   .   .",
    "loans.enter":        "U   .   .   .   .   .   .   .   .   .   .   .   .",
    "loans.lend":         "U   .   U   .   .   .   .   .   .   .   .   .   .",
    "loans.take_back":    "U   .   U   .   .   .   .   .   .   .   .   .   .",
    "custody.count":      "U   .   .   U   .   .   .   .   .   .   .   .   .",
}  # fmt: skip


def papers(world: World, calls: tuple[str, str, str]) -> dict[str, tuple[str, str, str]]:
    """Goods, receipt and card of chen's, of liu's, of Beijing; a loan unit of Shenzhen twice, and one of Beijing."""
    taken = [_taken_in(world, login) for login in ("chen", "liu")]
    beijing = world.do(
        "bjclerk", "calls.log", **(CALL | {"customer": "钱四", "model_no": "G-3", "channel": "counter"})
    ).numbers[0]
    taken.append(world.do("bjclerk", "goods.take_in", beijing).numbers)
    first, second, third = taken
    world.do("lin", "loans.enter", code="SZ-LB", name="风扇")
    world.do("bjclerk", "loans.enter", code="BJ-LB", name="风扇")
    of_each = [(first[place], second[place], third[place]) for place in range(3)]
    return {**dict(zip(("goods", "cards", "receipts"), of_each, strict=True)), "loans": ("SZ-LB", "SZ-LB", "BJ-LB")}


def _taken_in(world: World, technician: str) -> tuple[str, ...]:
    """Line, card and receipt of what this technician carried back."""
    call = world.do("lin", "calls.log", **(CALL | {"customer": f"赵{technician}", "model_no": "G-1"})).numbers[0]
    world.do("guo", "calls.dispatch", call, technician=technician)
    world.do(technician, "calls.arrive", call)
    world.do(technician, "calls.carry_back", call, signer="王小明")
    return world.do("lin", "goods.take_in", call).numbers
