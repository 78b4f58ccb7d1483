"""Named views of a register: a filter and an order under a name, a person's own or shared with the unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from servicedesk.domain.rights import ALL, OWN, ROLES, SUPERVISOR, Actor, Rule
from servicedesk.domain.words import Sentence, label, say

LONGEST_NAME = 24


class View(NamedTuple):
    """A named view; `view` holds filter and order as text, `owner` is a login, `unit` the owner's unit."""

    id: int
    book: str
    name: str
    view: str
    shared: bool
    owner: str
    owner_name: str
    unit: str

    state: str = ""
    version: int = 1

    @property
    def number(self) -> str:
        """By which acts name it."""
        return str(self.id)

    @property
    def technician(self) -> str:
        """Whose own it is."""
        return self.owner


def may_share(actor: Actor) -> Sentence | None:
    """Views are shared by supervisors, so that a unit's lists stay few."""
    if actor.has(SUPERVISOR):
        return None
    return say("Only a service supervisor shares a view with the unit: keep it for yourself.")


RULES: Mapping[str, Rule] = {
    "views.save": Rule(label("Keep a view"), dict.fromkeys(ROLES, ALL)),
    "views.drop": Rule(label("Drop a view"), dict.fromkeys(ROLES, OWN)),
}
