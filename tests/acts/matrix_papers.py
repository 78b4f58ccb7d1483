"""Who prints, and who answers for blank job sheets (requirements §1.7)."""

from __future__ import annotations

from tests.world import World

# The columns and letters of test_rights.
MATRIX = {
    #                     cle age tec sup man acc dep smg dgm ana tra aud adm
    "papers.print":       "U   A   U   U   U   U   A   A   .   .   .   .   .",
    "job_sheets.pack":    "U   .   .   U   .   .   .   .   .   .   .   .   .",
    "job_sheets.back":    "U   .   .   U   .   .   .   .   .   .   .   .   .",
    "job_sheets.void":    "U   .   .   U   .   .   .   .   .   .   .   .   .",
    "job_sheets.lose":    ".   .   .   U   .   .   .   .   .   .   .   .   .",
}  # fmt: skip


def papers(world: World, calls: tuple[str, str, str]) -> dict[str, tuple[str, str, str]]:
    """A job sheet of chen's, one of liu's, one of Beijing."""
    (chen,) = world.do("lin", "job_sheets.pack", technician="chen", blanks="1").numbers
    (liu,) = world.do("lin", "job_sheets.pack", technician="liu", blanks="1").numbers
    world.do("adm", "staff.correct", "bjclerk", roles="clerk, technician")
    (other,) = world.do("bjclerk", "job_sheets.pack", technician="bjclerk", blanks="1").numbers
    return {"job_sheets": (chen, liu, other)}
