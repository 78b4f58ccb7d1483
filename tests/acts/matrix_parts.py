"""Who keeps the list of parts and the stock, who uses them (requirements §1.7: parts and stock, repair card)."""

from __future__ import annotations

from tests.world import World

# The columns and letters of test_rights. The list belongs to no unit, its stock does.
MATRIX = {
    #                       cle age tec sup man acc dep smg dgm ana tra aud adm
    "parts.enter":          "A   .   .   .   .   .   .   .   .   .   .   .   A",
    "parts.correct":        "A   .   .   .   .   .   .   .   .   .   .   .   A",
    "parts.import":         ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "parts.arrive":         "U   .   .   .   .   .   .   .   .   .   .   .   .",
    "parts.send_back":      "U   .   .   .   .   .   .   .   .   .   .   .   .",
    "parts.count":          ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "requisitions.ask":     "U   .   U   .   .   .   .   .   .   .   .   .   .",
    "requisitions.cancel":  "U   .   .   .   .   .   .   .   .   .   .   .   .",
    "cards.parts":          "U   .   O   .   .   .   .   .   .   .   .   .   .",
    "cards.take_out":       "U   .   O   .   .   .   .   .   .   .   .   .   .",
    "cards.wait":           "U   .   O   .   .   .   .   .   .   .   .   .   .",
    "cards.resume":         "U   .   O   .   .   .   .   .   .   .   .   .   .",
}  # fmt: skip


def papers(world: World, calls: tuple[str, str, str]) -> dict[str, tuple[str, str, str]]:
    """The one part of all units; a requisition of chen's, one of liu's, one of Beijing."""
    world.do("adm", "parts.enter", number="QDQ-201", name="启动器")
    (chen,) = world.do("chen", "requisitions.ask", parts="QDQ-201").numbers
    (liu,) = world.do("liu", "requisitions.ask", parts="QDQ-201").numbers
    (other,) = world.do("bjclerk", "requisitions.ask", parts="QDQ-201").numbers
    return {"parts": ("QDQ-201",) * 3, "requisitions": (chen, liu, other)}
