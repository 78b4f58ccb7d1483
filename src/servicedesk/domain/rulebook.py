"""Every act's rule by the act's name: the rights matrix and the state machines in one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from servicedesk.domain import (
    calls,
    charges,
    complaint_rules,
    complaints,
    custody,
    customers,
    exports,
    goods,
    parts,
    people,
    printing,
    register_days,
    repair_cards,
    reports,
    views,
)
from servicedesk.domain.rights import Actor, Rule, why_not
from servicedesk.domain.words import Sentence

RULES: Mapping[str, Rule] = {
    **calls.RULES,
    **goods.RULES,
    **repair_cards.RULES,
    **parts.RULES,
    **charges.RULES,
    **complaint_rules.RULES,
    **custody.RULES,
    **printing.RULES,
    **reports.RULES,
    **register_days.RULES,
    **customers.RULES,
    **people.RULES,
    **views.RULES,
    **exports.RULES,
}
STATES: Mapping[str, str] = {
    **printing.STATES,
    **reports.STATES,
    **register_days.STATES,
    **parts.STATES,
    **goods.STATES,
    **charges.STATES,
    **complaints.STATES,
    **repair_cards.STATES,
    **calls.STATES,
}
"""Every state by its word; where two registers share a word, it reads alike."""


def refusal(act: str, actor: Actor, row: Any) -> Sentence | None:
    """Why this person cannot do this act on this row now; None when it can be done. Greys keys, too."""
    return why_not(RULES[act], STATES, actor, row)
