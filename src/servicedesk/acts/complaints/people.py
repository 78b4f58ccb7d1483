"""Who is responsible for a complaint and who calls on its customer (003 Art. 24; R148; D11)."""

from __future__ import annotations

from servicedesk.acts.desk import Look
from servicedesk.acts.lookups import resolved
from servicedesk.domain.people import StaffRow
from servicedesk.domain.rights import CUSTOMER_DEPARTMENT, SERVICE_MANAGER, SUPERVISOR
from servicedesk.domain.rulebook import RULES
from servicedesk.domain.words import Refused, say

OWNERS = frozenset({CUSTOMER_DEPARTMENT, SERVICE_MANAGER})
"""The posts of those who may be responsible (D11)."""


def owner_of(look: Look, typed: str, until_now: str) -> StaffRow:
    """The person responsible: of the Customer Department, or who acts for it now; or who it was until now.

    Raises:
        Refused: on the field, for nobody or somebody else.
    """
    person = _active(look, "owner", typed)
    if person.login not in (look.actor.login, until_now) and OWNERS.isdisjoint(person.roles):
        raise Refused(
            say("{name} is not of the Customer Department: name somebody who is.", name=person.name), field="owner"
        )
    return person


def handler_of(look: Look, typed: str, unit: str) -> StaffRow:
    """The site handler: active, of the complaint's unit, with a post that calls on customers.

    Raises:
        Refused: on the field, for nobody or somebody else.
    """
    person = _active(look, "handler", typed)
    if person.unit != unit:
        raise Refused(say("{name} is not of {unit}.", name=person.name, unit=unit), field="handler")
    if RULES["complaints.visit"].grants.keys().isdisjoint(person.roles):
        raise Refused(
            say(
                "{name} has no post that calls on customers: name somebody else of {unit}.", name=person.name, unit=unit
            ),
            field="handler",
        )
    return person


def supervisor_of(look: Look, unit: str) -> str:
    """The login of who acts where he is the unit's supervisor or stands in for him there, else its supervisor's.

    Empty where the unit has none.
    """
    from servicedesk.store import staff

    supervises = any(post.role == SUPERVISOR and post.unit == unit for post in look.actor.posts)
    if supervises and look.actor.unit == unit:
        return look.actor.login
    found = (row.login for row in staff.staff_list(look.store, unit) if row.active and SUPERVISOR in row.roles)
    return next(found, "")


def _active(look: Look, field: str, typed: str) -> StaffRow:
    from servicedesk.store import staff

    person = staff.person(look.store, resolved(look, "staff", field, typed, {}))
    assert person is not None, typed
    return person
