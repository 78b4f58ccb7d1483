"""Repair cards in the rights matrix (requirements §1.7 "repair card open", "receipt and goods register")."""

from __future__ import annotations

from tests.acts.shop import card_of_call
from tests.world import World

MATRIX = {
    #                       cle age tec sup man acc dep smg dgm ana tra aud adm
    "cards.void":          "U   .   .   .   .   .   .   .   .   .   .   .   .",
    "cards.assign":        ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "cards.start":         "U   .   O   .   .   .   .   .   .   .   .   .   .",
    "cards.clock":         "U   .   O   .   .   .   .   .   .   .   .   .   .",
    "cards.stop":          "U   .   O   .   .   .   .   .   .   .   .   .   .",
    "cards.time":          "U   .   O   .   .   .   .   .   .   .   .   .   .",
    "cards.write":         "U   .   O   .   .   .   .   .   .   .   .   .   .",
    "cards.ask":           "U   .   O   .   .   .   .   .   .   .   .   .   .",
    "cards.answer":        ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "cards.promise":       ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "cards.to_factory":    ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "cards.from_factory":  "U   .   .   .   .   .   .   .   .   .   .   .   .",
    "cards.estimate":      "U   .   U   U   .   .   .   .   .   .   .   .   .",
    "cards.approve":       "U   .   U   U   .   .   .   .   .   .   .   .   .",
    "cards.decline":       "U   .   U   U   .   .   .   .   .   .   .   .   .",
    "cards.finish":        "U   .   O   .   .   .   .   .   .   .   .   .   .",
    "cards.pass":          ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "cards.reject":        ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "cards.beyond_repair": ".   .   .   U   .   .   .   .   .   .   .   .   .",
}  # fmt: skip


def papers(world: World, calls: tuple[str, str, str]) -> dict[str, tuple[str, str, str]]:
    """A card of chen's, one of liu's, one of Beijing, of goods brought to the counter for other calls of the unit."""
    chens, lius = (_taken_in(world, "lin", nth) for nth in (1, 2))
    for number, technician in ((chens, "chen"), (lius, "liu")):
        world.do("guo", "cards.assign", number, technician=technician)
    return {"cards": (chens, lius, _taken_in(world, "bjclerk", 3))}


def _taken_in(world: World, login: str, nth: int) -> str:
    """A card for goods that were brought to the counter (D38)."""
    brought = {"channel": "counter", "customer": f"来客{nth}", "telephone": f"1391234567{nth}", "model_no": f"K-{nth}"}
    where = {"address": "北京市朝阳区2号", "district": "朝阳区"} if login == "bjclerk" else {"address": "福田区莲花路"}
    call = world.do(login, "calls.log", **brought, **where, symptom="不制冷").numbers[0]
    world.do(login, "goods.take_in", call, signer=f"来客{nth}")
    return card_of_call(world, call).number
