"""Complaints in the rights matrix (requirements §1.7, the four complaint rows; the tables that are kept)."""

from __future__ import annotations

from tests.acts.complaining import GRADED, received
from tests.world import World

MATRIX = {
    #                           cle age tec sup man acc dep smg dgm ana tra aud adm
    "complaints.receive":      "A   A   A   A   A   A   A   A   .   .   .   .   .",
    "complaints.add":          "A   A   A   A   A   A   A   A   .   .   .   .   .",
    "complaints.acknowledge":  "U   A   .   U   .   .   A   A   .   .   .   .   .",
    "complaints.correct":      "U   A   .   U   .   .   A   A   .   .   .   .   .",
    "complaints.take":         "U   A   .   U   .   .   A   A   A   .   .   .   .",
    "complaints.contact":      "U   A   .   U   .   .   A   A   .   .   .   .   .",
    "complaints.assess":       ".   .   .   .   .   .   A   A   .   .   .   .   .",
    "complaints.grade":        ".   .   .   .   .   .   A   A   A   .   .   .   .",
    "complaints.decide":       ".   .   .   .   .   .   .   .   A   .   .   .   .",
    "complaints.assign":       ".   .   .   U   .   .   A   A   .   .   .   .   .",
    "complaints.visit":        "O   O   O   U   O   O   O   O   .   .   .   .   .",
    "complaints.investigate":  ".   .   .   .   .   .   A   A   .   .   .   .   .",
    "complaints.involve":      ".   .   .   .   .   .   A   A   .   .   .   .   .",
    "complaints.answer":       ".   .   .   .   .   .   A   A   .   .   .   .   .",
    "complaints.propose":      ".   .   .   .   .   .   A   A   .   .   .   .   .",
    "complaints.approve":      ".   .   .   .   .   .   .   .   A   .   .   .   .",
    "complaints.offer":        ".   .   .   .   .   .   A   A   .   .   .   .   .",
    "complaints.carry_out":    ".   .   .   U   .   .   A   A   .   .   .   .   .",
    "complaints.tell":         ".   .   .   .   .   .   A   A   .   .   .   .   .",
    "complaints.follow_up":    ".   .   .   .   .   .   A   A   .   .   .   .   .",
    "complaints.resume":       ".   .   .   .   .   .   A   A   .   .   .   .   .",
    "complaints.unreconciled": ".   .   .   .   .   .   .   A   .   .   .   .   .",
    "complaints.close":        ".   .   .   .   .   .   A   A   A   .   .   .   .",
    "complaints.urge":         ".   .   .   .   .   .   A   A   .   .   .   .   .",
    "complaints.help":         ".   .   .   .   .   .   A   A   .   .   .   .   .",
    "complaints.incident":     ".   .   .   .   .   .   A   A   .   .   .   .   .",
    "complaints.withdraw":     ".   .   .   .   .   .   A   A   .   .   .   .   .",
    "complaints.reopen":       ".   .   .   .   .   .   A   A   .   .   .   .   .",
    "complaints.evidence":     ".   .   .   .   .   .   A   A   .   .   .   .   .",
    "complaints.malicious":    ".   .   .   .   .   .   .   A   .   .   .   .   .",
    "complaints.reveal":       "U   A   O   U   .   U   A   A   .   .   .   .   .",
    "complaints.limits":       ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "complaints.step":         ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "complaints.priority":     ".   .   .   .   .   .   A   A   .   .   .   .   .",
}  # fmt: skip
SEEN = "U A O U O O A A A A . . ."
"""Who reads complaints: with the site handler's own ones, whatever his post (003 Art. 24)."""

_HANDLERS = ("lin", "mgr", "acc", "ann", "xu", "sm")
"""Who may be the site handler besides technicians and the supervisor."""


def papers(world: World, calls: tuple[str, str, str]) -> dict[str, tuple[str, str, str]]:
    """A complaint of which chen is the site handler, one of liu's, one of Beijing that nobody has."""
    return {"complaints": (_of(world, "SZ", "chen"), _of(world, "SZ", "liu"), received(world, unit="BJ"))}


def own_papers(world: World) -> dict[str, str]:
    """By login a complaint of the own unit of which that person is the site handler."""
    unit_of = dict.fromkeys(("lin", "mgr", "acc"), "SZ")
    return {login: _of(world, unit_of.get(login, "HQ"), login) for login in _HANDLERS}


def _of(world: World, unit: str, handler: str) -> str:
    """A complaint with this site handler."""
    number = received(world, unit=unit)
    world.do("xu", "complaints.assess", number, **GRADED, gravity="ordinary")
    world.do("xu", "complaints.assign", number, handler=handler)
    return number
