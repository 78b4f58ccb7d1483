"""Every act's rule by the act's name: the rights matrix and the state machines in one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from servicedesk.domain import calls, customers, people, views
from servicedesk.domain.rights import Actor, Rule, why_not
from servicedesk.domain.words import Sentence

RULES: Mapping[str, Rule] = {**calls.RULES, **customers.RULES, **people.RULES, **views.RULES}
STATES: Mapping[str, str] = calls.STATES


def refusal(act: str, actor: Actor, row: Any) -> Sentence | None:
    """Why this person cannot do this act on this row now; None when it can be done. Greys keys, too."""
    return why_not(RULES[act], STATES, actor, row)
