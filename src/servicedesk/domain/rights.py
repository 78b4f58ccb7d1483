"""Who may do what: roles, posts, the stand-ins that hold them, and the rule that answers for one act.

The matrix itself is the `grants` of each `Rule`; the rules stand beside the register they belong to
and are gathered in `rulebook`. Requirements §1.7, D39 (who sees which unit), D40 (stand-ins).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from servicedesk.domain.words import Refused, Sentence, label, say

CLERK = "clerk"
AGENT = "agent"
TECHNICIAN = "technician"
SUPERVISOR = "supervisor"
BRANCH_MANAGER = "branch_manager"
ACCOUNTANT = "accountant"
CUSTOMER_DEPARTMENT = "customer_department"
SERVICE_MANAGER = "service_manager"
DEPUTY_GM = "deputy_gm"
ANALYST = "analyst"
TRAINER = "trainer"
AUDITOR = "auditor"
ADMINISTRATOR = "administrator"

ROLES: Mapping[str, str] = {
    CLERK: label("service clerk"),
    AGENT: label("service agent"),
    TECHNICIAN: label("technician"),
    SUPERVISOR: label("service supervisor"),
    BRANCH_MANAGER: label("branch manager"),
    ACCOUNTANT: label("accountant"),
    CUSTOMER_DEPARTMENT: label("Customer Department"),
    SERVICE_MANAGER: label("service manager"),
    DEPUTY_GM: label("deputy general manager"),
    ANALYST: label("satisfaction analyst"),
    TRAINER: label("trainer"),
    AUDITOR: label("auditor"),
    ADMINISTRATOR: label("administrator"),
}

# How far a grant reaches: the post's own unit, every unit, or only the person's own jobs.
UNIT = "unit"
ALL = "all"
OWN = "own"

# Who sees the rows of the call-in register, and how far (003 Art. 5, D39, §1.7). Roles not named see none.
SEES_CALLS: Mapping[str, str] = {
    CLERK: UNIT,
    SUPERVISOR: UNIT,
    BRANCH_MANAGER: UNIT,
    ACCOUNTANT: UNIT,
    TECHNICIAN: OWN,
    AGENT: ALL,
    CUSTOMER_DEPARTMENT: ALL,
    SERVICE_MANAGER: ALL,
}

# Who sees a telephone or address in full because they work on it (row "full phone/address" of §1.7).
SEES_CLEAR: Mapping[str, str] = {
    CLERK: UNIT,
    TECHNICIAN: OWN,
    SUPERVISOR: UNIT,
    ACCOUNTANT: UNIT,
    AGENT: ALL,
}

# Who may have it shown: everybody else who may read it does so by an act that is logged.
MAY_REVEAL: Mapping[str, str] = {**SEES_CLEAR, CUSTOMER_DEPARTMENT: ALL, SERVICE_MANAGER: ALL}


class Post(NamedTuple):
    """A role held in a unit; `holder` is another person's login when this is a stand-in's post (D40)."""

    role: str
    unit: str
    holder: str = ""


class Actor(NamedTuple):
    """The person at the desk: login, name, unit code, and every post held today, own ones first."""

    id: int
    login: str
    name: str
    unit: str
    posts: tuple[Post, ...] = ()

    def has(self, *roles: str) -> bool:
        """Whether any post held today is one of `roles`."""
        return any(post.role in roles for post in self.posts)


class Held(Protocol):
    """What a row must tell so that rights can be judged: its unit and, for `OWN`, whose job it is."""

    @property
    def unit(self) -> str: ...

    @property
    def technician(self) -> str: ...


Guard = Callable[[Actor, Any], Sentence | None]


class Rule(NamedTuple):
    """One act's row in the rights matrix and in the state machine."""

    label: str
    grants: Mapping[str, str]
    sources: frozenset[str] = frozenset()
    target: str | None = None
    guards: tuple[Guard, ...] = ()

    def post_of(self, actor: Actor, row: Held | None) -> Post | None:
        """The first post of the actor that grants this act on this row; None when none does."""
        for post in actor.posts:
            if reaches(self.grants.get(post.role), actor, post, row):
                return post
        return None


def reaches(scope: str | None, actor: Actor, post: Post, row: Held | None) -> bool:
    """Whether a grant of this scope, held through this post, reaches the row (or any row, without one)."""
    if scope is None:
        return False
    if row is None or scope == ALL:
        return True
    if scope == OWN:
        return row.technician == (post.holder or actor.login)
    return row.unit == post.unit


def sees(actor: Actor, grants: Mapping[str, str], row: Held) -> bool:
    """Whether one of the actor's posts sees this row under these grants."""
    return any(reaches(grants.get(post.role), actor, post, row) for post in actor.posts)


def why_not(rule: Rule, states: Mapping[str, str], actor: Actor, row: Any) -> Sentence | None:
    """The sentence that refuses this act on this row: rights, then state, then guards. None allows it."""
    if rule.post_of(actor, row) is None:
        return no_right(rule)
    if rule.sources and row is not None and row.state not in rule.sources:
        return say(
            "{number} is {state}: '{act}' is not possible.",
            number=row.number,
            state=Sentence(states[row.state]),
            act=Sentence(rule.label),
        )
    for guard in rule.guards:
        sentence = guard(actor, row)
        if sentence is not None:
            return sentence
    return None


def no_right(rule: Rule) -> Sentence:
    """Names who may do it, so that the person knows whom to ask."""
    roles = tuple(Sentence(ROLES[role]) for role in rule.grants)
    if not roles:
        return say("Nobody may do '{act}' here.", act=Sentence(rule.label))
    return say("Your posts do not allow '{act}' here. It is for: {roles}.", act=Sentence(rule.label), roles=roles)


def require(rule: Rule, states: Mapping[str, str], actor: Actor, row: Any) -> Post:
    """The post under which the actor acts.

    Raises:
        Refused: with kind "rights" when no post grants it, "rule" when state or a guard refuses.
    """
    post = rule.post_of(actor, row)
    if post is None:
        raise Refused(no_right(rule), kind="rights")
    sentence = why_not(rule, states, actor, row)
    if sentence is not None:
        raise Refused(sentence)
    return post
