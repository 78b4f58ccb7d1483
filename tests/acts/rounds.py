"""A call's life in few words: lines of the register in every state, and what is read back of them."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

import pytest

from servicedesk.acts.act import Target
from servicedesk.domain.calls import CallRow
from servicedesk.domain.history import VisitRow
from servicedesk.domain.rights import Actor
from servicedesk.domain.rulebook import refusal
from servicedesk.domain.words import Refused
from servicedesk.store import audit, calls, people
from tests.world import World

CALL = {
    "customer": "王小明",
    "telephone": "13812345678",
    "address": "深圳市福田区莲花路12号",
    "model_no": "KFR-35GW",
    "symptom": "不制冷",
}
DONE = {"cause": "缺氟", "work": "加氟"}


def logged(world: World, login: str = "lin", **typed: Any) -> str:
    """Log a call of a product of its own; gives the number."""
    return world.do(login, "calls.log", **(CALL | typed)).numbers[0]


def dispatched(world: World, technician: str = "chen", **typed: Any) -> str:
    """A call with a technician on the way."""
    number = logged(world, **typed)
    world.do("guo", "calls.dispatch", number, technician=technician)
    return number


def arrived(world: World, technician: str = "chen", **typed: Any) -> str:
    """A call with a technician on site."""
    number = dispatched(world, technician, **typed)
    world.do(technician, "calls.arrive", number)
    return number


def done(world: World, technician: str = "chen", fees: str = "", collected: str = "", **typed: Any) -> str:
    """A call done on site and signed; the voucher is still with the technician."""
    number = arrived(world, technician, **typed)
    world.do(technician, "calls.finish", number, **DONE, fees=fees, collected=collected)
    return number


def revisit(world: World, technician: str = "chen", **typed: Any) -> str:
    """A call that waits for a further visit; the voucher is still with the technician."""
    number = arrived(world, technician, **typed)
    world.do(technician, "calls.come_back", number, reason="等配件")
    return number


def carried_back(world: World, technician: str = "chen", **typed: Any) -> str:
    """A call whose product is on the way to the workshop."""
    number = arrived(world, technician, **typed)
    world.do(technician, "calls.carry_back", number, signer="王小明")
    return number


def struck_off(world: World, **typed: Any) -> str:
    """A call struck off; the voucher is with the clerk."""
    number = done(world, **typed)
    world.do("lin", "calls.take_back", number)
    world.do("lin", "calls.strike_off", number)
    return number


def cancelled(world: World, **typed: Any) -> str:
    """A call cancelled before it was dispatched."""
    number = logged(world, **typed)
    world.do("lin", "calls.cancel", number, reason="wrong_number")
    return number


IN_STATE = {
    "logged": logged,
    "dispatched": dispatched,
    "arrived": arrived,
    "done_on_site": done,
    "carried_back": carried_back,
    "revisit": revisit,
    "struck_off": struck_off,
    "cancelled": cancelled,
}
"""How a line comes into each state that this round knows."""


def line(world: World, number: str) -> CallRow:
    """The line of the register as it stands."""
    found = world.read(calls.one, number)
    assert found is not None
    return found


def visits(world: World, number: str) -> list[VisitRow]:
    """The visits of a call."""
    return world.read(calls.visits, line(world, number).id)


def actor(world: World, login: str) -> Actor:
    """The person with the posts of today."""
    with world.books.reading() as reading:
        return people.actor(world.books, reading, people.facts(reading), login, world.now.astimezone(UTC))


def audit_lines(world: World) -> list[audit.AuditLine]:
    """The whole audit log, which must be in order."""
    with world.books.reading() as reading:
        assert audit.verify(reading).fault is None
        return list(audit.lines(reading))


def head(world: World) -> str:
    """The end of the audit log: as long as it stands, nothing was done."""
    return world.read(audit.head)


def last_audit(world: World) -> dict[str, Any]:
    """The last line of the audit log with its detail."""
    last = audit_lines(world)[-1]
    detail: dict[str, Any] = json.loads(last.detail or "{}")
    return {name: getattr(last, name) for name in ("actor", "holder", "act", "outcome", "numbers")} | detail


def refused(world: World, login: str, name: str, /, *numbers: str | Target, **typed: Any) -> Refused:
    """The refusal of an act; it must have left nothing behind, but for lack of rights an audit line."""
    before = head(world)
    with pytest.raises(Refused) as caught:
        world.do(login, name, *numbers, **typed)
    assert (head(world) == before) == (caught.value.kind != "rights")
    return caught.value


def greyed(world: World, login: str, name: str, number: str) -> str:
    """What the greyed key says; empty where the act can be done."""
    sentence = refusal(name, actor(world, login), line(world, number))
    return "" if sentence is None else str(sentence)
