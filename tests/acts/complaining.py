"""A complaint's life in few words: sheets in every state, and what is read back of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

from servicedesk.acts.act import Prepared, Target, find, prepare
from servicedesk.domain.complaint_lines import DepartmentRow, EventRow
from servicedesk.domain.complaints import (
    ACKNOWLEDGED,
    ASSESSED,
    ASSIGNED,
    CARRYING_OUT,
    CLOSED,
    FOLLOWED_UP,
    INVESTIGATING,
    ORDINARY,
    RECEIVED,
    RESULT_TOLD,
    SERIOUS,
    SOLUTION_OFFERED,
    WITH_DEPUTY,
    WITHDRAWN,
    ComplaintRow,
)
from servicedesk.domain.rulebook import refusal
from servicedesk.store import complaints
from tests.acts.rounds import actor
from tests.world import World

COMPLAINT = {
    "customer_name": "王小明",
    "telephone": "13812345678",
    "address": "深圳市福田区莲花路12号",
    "content": "修了两次还是不制冷",
}
GRADED = {"nature": "service", "urgency": "normal", "scope": "one"}
FOUND = {"investigation": "第二次加氟未查漏", "cause_class": "workmanship", "cause": "没有查漏"}
OFFERED = {"measure": "repair", "solution": "免费查漏并加氟"}
CARRIED_OUT = {"agreed_whom": "王小明", "carried_out": "已查漏加氟"}


def received(world: World, login: str = "lin", **typed: Any) -> str:
    """Log a complaint; gives the number. Without fields it names no paper."""
    return world.do(login, "complaints.receive", **(COMPLAINT | typed)).numbers[0]


def about(world: World, paper: str, login: str = "lin", **typed: Any) -> str:
    """Log a complaint about a paper, which tells everything but the content; gives the number."""
    said = {"content": COMPLAINT["content"]} | typed
    return world.do(login, "complaints.receive", about=paper, **said).numbers[0]


def acknowledged(world: World, **typed: Any) -> str:
    """A complaint whose customer was told that it is received."""
    number = received(world, **typed)
    world.do("lin", "complaints.acknowledge", number)
    return number


def with_deputy(world: World, **typed: Any) -> str:
    """A serious complaint that waits for the deputy general manager."""
    number = acknowledged(world, **typed)
    world.do("xu", "complaints.assess", number, **GRADED, gravity=SERIOUS)
    return number


def assessed(world: World, *, gravity: str = ORDINARY, **typed: Any) -> str:
    """A complaint that has its priority and owner, and no site handler; a serious one is decided on."""
    if gravity == SERIOUS:
        number = with_deputy(world, **typed)
        world.do("dgm", "complaints.decide", number, decision="decided", words="照章处理")
        return number
    number = acknowledged(world, **typed)
    world.do("xu", "complaints.assess", number, **GRADED, gravity=gravity)
    return number


def assigned(world: World, *, gravity: str = ORDINARY, handler: str = "guo", **typed: Any) -> str:
    """A complaint with its site handler."""
    number = assessed(world, gravity=gravity, **typed)
    world.do("xu", "complaints.assign", number, handler=handler)
    return number


def investigating(world: World, *, gravity: str = ORDINARY, **typed: Any) -> str:
    """A complaint whose cause is found."""
    number = assigned(world, gravity=gravity, **typed)
    world.do("xu", "complaints.investigate", number, **FOUND)
    return number


def solution_offered(world: World, *, gravity: str = ORDINARY, **typed: Any) -> str:
    """A complaint with a solution offered."""
    number = investigating(world, gravity=gravity, **typed)
    world.do("xu", "complaints.offer", number, **OFFERED)
    return number


def carrying_out(world: World, *, gravity: str = ORDINARY, **typed: Any) -> str:
    """A complaint whose solution is being carried out."""
    number = solution_offered(world, gravity=gravity, **typed)
    world.do("xu", "complaints.carry_out", number, **CARRIED_OUT)
    return number


def result_told(world: World, *, gravity: str = ORDINARY, **typed: Any) -> str:
    """A complaint whose result the customer knows: of a serious one by letter."""
    number = carrying_out(world, gravity=gravity, **typed)
    how = "letter" if gravity == SERIOUS else "telephone"
    world.do("xu", "complaints.tell", number, how=how, whom="王小明", words="已免费修好")
    return number


def followed_up(world: World, *, gravity: str = ORDINARY, satisfaction: str = "3", **typed: Any) -> str:
    """A complaint whose customer was asked afterwards; nobody called on him yet."""
    number = result_told(world, gravity=gravity, **typed)
    world.do("xu", "complaints.follow_up", number, satisfaction=satisfaction, reaction="可以")
    return number


def visited(world: World, number: str, login: str = "guo") -> str:
    """Record the site visit; gives the number again."""
    world.do(login, "complaints.visit", number, finding="已看现场", agreed="周三复查")
    return number


def closed(world: World, *, gravity: str = ORDINARY, **typed: Any) -> str:
    """A complaint that went all the way."""
    number = visited(world, followed_up(world, gravity=gravity, **typed))
    closer = "dgm" if gravity == SERIOUS else "xu"
    world.do(closer, "complaints.close", number, difficulty="usual", summary="漏点未查", improvement="先查漏")
    return number


def withdrawn(world: World, **typed: Any) -> str:
    """A complaint that its customer took back."""
    number = acknowledged(world, **typed)
    world.do("xu", "complaints.withdraw", number, words="不再追究")
    return number


COMPLAINT_IN_STATE: Mapping[str, Callable[..., str]] = {
    RECEIVED: received,
    ACKNOWLEDGED: acknowledged,
    WITH_DEPUTY: with_deputy,
    ASSESSED: assessed,
    ASSIGNED: assigned,
    INVESTIGATING: investigating,
    SOLUTION_OFFERED: solution_offered,
    CARRYING_OUT: carrying_out,
    RESULT_TOLD: result_told,
    FOLLOWED_UP: followed_up,
    CLOSED: closed,
    WITHDRAWN: withdrawn,
}
"""How a complaint comes into each of its states."""


def in_state(world: World, state: str, **typed: Any) -> str:
    """A complaint in this state; gives the number."""
    return COMPLAINT_IN_STATE[state](world, **typed)


def complaint(world: World, number: str) -> ComplaintRow:
    """The sheet as it stands."""
    found = world.read(complaints.COMPLAINTS.one, number)
    assert found is not None
    return found


def events(world: World, number: str, kind: str = "") -> list[EventRow]:
    """What happened on a sheet, the oldest first; all of it, or what is of this kind."""
    found = world.read(complaints.events, complaint(world, number).id)
    return [event for event in found if kind in ("", event.kind)]


def departments(world: World, number: str) -> list[DepartmentRow]:
    """The responsible departments of a complaint."""
    return world.read(complaints.departments, complaint(world, number).id)


def complaint_greyed(world: World, login: str, act: str, number: str) -> str:
    """What the greyed key of an act on a complaint says; empty where it can be done."""
    sentence = refusal(act, actor(world, login), complaint(world, number))
    return "" if sentence is None else str(sentence)


def prepared(world: World, login: str, act: str, *numbers: str, **typed: Any) -> Prepared:
    """What the form shows before saving."""
    targets = [Target(number) for number in numbers]
    return prepare(world.books, login, find(act), targets, typed, world.now.astimezone(UTC))
