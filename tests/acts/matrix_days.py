"""The register day in the rights matrix (requirements §1.7, "reconcile and close the day", "transmit register")."""

from __future__ import annotations

from tests.acts.days import reconciled
from tests.world import World

MATRIX = {
    #                           cle age tec sup man acc dep smg dgm ana tra aud adm
    "days.reconcile":          "U   .   .   U   .   .   .   .   .   .   .   .   .",
    "days.explain":            "U   .   .   U   .   .   .   .   .   .   .   .   .",
    "days.close":              "U   .   .   U   .   .   .   .   .   .   .   .   .",
    "days.transmit":           "U   .   .   .   .   .   .   .   .   .   .   .   .",
    "days.receive":            ".   .   .   .   .   .   A   A   .   .   .   .   .",
}  # fmt: skip


def papers(world: World, calls: tuple[str, str, str]) -> dict[str, tuple[str, str, str]]:
    """The day of Shenzhen, which nobody has for himself, and one of Beijing."""
    shenzhen = reconciled(world)
    return {"days": (shenzhen, shenzhen, reconciled(world, "bjclerk"))}
