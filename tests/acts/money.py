"""A charge's life in few words: charges in every state, and what is read back of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from servicedesk.domain import rulebook
from servicedesk.domain.charges import ChargeLineRow, ChargeRow
from servicedesk.domain.words import Refused
from servicedesk.store import charges
from tests.acts.faces import refused
from tests.acts.rounds import actor, done
from tests.world import SHANGHAI, World


def at(local: str) -> datetime:
    """`23 10:00` of the month of the tests."""
    return datetime.fromisoformat(f"2026-11-{local}").replace(tzinfo=SHANGHAI)


def said(refusal: Refused) -> tuple[str | None, str]:
    """The field and the sentence."""
    return refusal.field, str(refusal)


def charge(world: World, number: str) -> ChargeRow:
    """The charge of a call as it stands."""
    found = world.read(charges.CHARGES.one, number)
    assert found is not None
    return found


def lines(world: World, number: str) -> list[ChargeLineRow]:
    """The lines of a call's charge."""
    return world.read(charges.lines, charge(world, number).id)


def greyed(world: World, login: str, act: str, number: str) -> str:
    """What the greyed key says; empty where the act can be done."""
    sentence = rulebook.refusal(act, actor(world, login), charge(world, number))
    return "" if sentence is None else str(sentence)


def key_too(world: World, login: str, act: str, number: str, **typed: Any) -> str:
    """The sentence of the refused act, which the greyed key says beforehand."""
    sentence = str(refused(world, login, act, number, **typed))
    assert greyed(world, login, act, number) == sentence
    return sentence


def nothing(world: World, **typed: Any) -> str:
    """A job that charges nothing, and says so."""
    return done(world, fees="labour 0", **typed)


def assessed(world: World, **typed: Any) -> str:
    """A job whose charge is neither collected nor invoiced."""
    return done(world, fees="labour 80", **typed)


def collected_on_site(world: World, **typed: Any) -> str:
    """Collected on the spot by the technician."""
    return done(world, fees="labour 80", collected="yes", **typed)


def remitted(world: World, **typed: Any) -> str:
    """Handed in to the accountant."""
    number = collected_on_site(world, **typed)
    world.do("acc", "charges.remit", number, amount="80")
    return number


def invoiced(world: World, **typed: Any) -> str:
    """Invoiced, and not paid."""
    number = assessed(world, **typed)
    world.do("acc", "charges.invoice", number, invoice_no=f"INV {number}")
    return number


def posted(world: World, **typed: Any) -> str:
    """Paid on the spot, the invoice posted."""
    number = remitted(world, **typed)
    world.do("acc", "charges.invoice", number, invoice_no=f"INV {number}")
    world.do("acc", "charges.post", number)
    return number


def to_be_collected(world: World, **typed: Any) -> str:
    """Invoiced, and chen goes to collect."""
    number = invoiced(world, **typed)
    world.do("acc", "charges.send", number, collector="chen")
    return number


def collected(world: World, **typed: Any) -> str:
    """Collected by chen."""
    number = to_be_collected(world, **typed)
    world.do("chen", "charges.collect", number, amount="80")
    return number


def settled(world: World, **typed: Any) -> str:
    """At its end."""
    number = collected(world, **typed)
    world.do("acc", "charges.settle", number)
    return number


def credited(world: World, **typed: Any) -> str:
    """Invoiced, and a credit note written."""
    number = invoiced(world, **typed)
    world.do("acc", "charges.credit", number, reason="开错")
    return number


def written_off(world: World, **typed: Any) -> str:
    """Given up by the manager."""
    number = to_be_collected(world, **typed)
    world.do("acc", "charges.propose_write_off", number, reason="倒闭")
    world.do("mgr", "charges.write_off", number)
    return number


IN_STATE: Mapping[str, Callable[..., str]] = {
    "none": nothing,
    "assessed": assessed,
    "collected_on_site": collected_on_site,
    "remitted": remitted,
    "invoiced": invoiced,
    "posted": posted,
    "to_be_collected": to_be_collected,
    "collected": collected,
    "settled": settled,
    "credited": credited,
    "written_off": written_off,
}
"""How a charge comes into each state."""
