"""The daily reports in the rights matrix (requirements §1.7, "technician report", "supervisor report")."""

from __future__ import annotations

from tests.acts.reporting import TECHNICIANS, submitted
from tests.world import World

MATRIX = {
    #                                    cle age tec sup man acc dep smg dgm ana tra aud adm
    "reports.write":                    ".   .   O   .   .   .   .   .   .   .   .   .   .",
    "reports.drop":                     ".   .   O   .   .   .   .   .   .   .   .   .   .",
    "reports.submit":                   ".   .   O   .   .   .   .   .   .   .   .   .   .",
    "reports.hand_in":                  ".   .   O   .   .   .   .   .   .   .   .   .   .",
    "reports.review":                   ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "reports.send_back":                ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "supervisor_reports.compile":       ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "supervisor_reports.sign":          ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "supervisor_reports.manager_sign":  ".   .   .   .   U   .   .   .   .   .   .   .   .",
    "supervisor_reports.forward":       ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "supervisor_reports.receive":       ".   .   .   .   .   .   A   A   .   .   .   .   .",
}  # fmt: skip
SEEN = ". . O U U . A A . . . . ."
"""Who reads technician reports; the supervisor reports are read by the same without the technician."""


def papers(world: World, calls: tuple[str, str, str]) -> dict[str, tuple[str, str, str]]:
    """Reports of chen, of liu, of somebody in Beijing; the supervisor report of Shenzhen twice, and one of Beijing."""
    world.do("adm", "staff.correct", "bjclerk", roles="clerk, technician")
    own, colleague, other = (submitted(world, login, "830-900 d 备料") for login in ("chen", "liu", "bjclerk"))
    shenzhen = _compiled(world, "guo", *TECHNICIANS)
    beijing = _compiled(world, "bjsup", "bjclerk")
    return {"reports": (own, colleague, other), "supervisor_reports": (shenzhen, shenzhen, beijing)}


def _compiled(world: World, supervisor: str, *absent: str) -> str:
    """The report of a day on which everybody was absent."""
    lines = "\n".join(f"{login}: 休息" for login in absent)
    return world.do(supervisor, "supervisor_reports.compile", day="2026-11-20", absentees=lines).numbers[0]
