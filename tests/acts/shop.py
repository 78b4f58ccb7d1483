"""An article's way through the workshop in few words: repair cards in every state, and what is read back of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

from sqlalchemy import bindparam, select

from servicedesk.acts.act import Prepared, Target, find, prepare
from servicedesk.domain.calls import CallRow
from servicedesk.domain.goods import GoodsRow
from servicedesk.domain.repair_cards import CardRow
from servicedesk.domain.rulebook import refusal
from servicedesk.store import tables
from servicedesk.store.goods import GOODS
from servicedesk.store.repair_cards import CARDS
from servicedesk.store.session import table_of
from tests.acts.rounds import actor, carried_back, line
from tests.world import World

_CARD = table_of(tables.RepairCard)
_CALL = table_of(tables.Call)
_CUSTODY = table_of(tables.Custody)
_CARD_OF_CALL = (
    select(_CARD.c.number)
    .join_from(_CARD, _CALL, _CALL.c.id == _CARD.c.call_id)
    .where(_CALL.c.number == bindparam("call"), _CARD.c.state != "void")
)
_HELD = (
    select(_CUSTODY.c.holder, _CUSTODY.c.until)
    .where(_CUSTODY.c.kind == "article", _CUSTODY.c.item_id == bindparam("product"))
    .order_by(_CUSTODY.c.id)
)

WRITTEN = {"found": "电容坏", "work": "换电容"}
"""What was found and done."""


def taken_in(world: World, technician: str = "chen", **typed: Any) -> str:
    """Goods carried back by a technician and taken in; gives the number of the card, which waits and is nobody's."""
    number = carried_back(world, technician, **typed)
    return open_card(world, number)


def open_card(world: World, call: str, **typed: Any) -> str:
    """Take the goods of a call in; gives the number of the card."""
    world.do("lin", "goods.take_in", call, **typed)
    return card_of_call(world, call).number


def assigned(world: World, technician: str = "chen", **typed: Any) -> str:
    """A card that waits for its technician."""
    number = taken_in(world, technician, **typed)
    world.do("guo", "cards.assign", number, technician=technician)
    return number


def in_repair(world: World, technician: str = "chen", **typed: Any) -> str:
    """A card in repair, with no clock running and no time line yet."""
    number = assigned(world, technician, **typed)
    world.do(technician, "cards.start", number, clock="n")
    return number


def on_the_clock(world: World, technician: str = "chen", **typed: Any) -> str:
    """A card in repair, on which the technician's clock runs."""
    number = assigned(world, technician, **typed)
    world.do(technician, "cards.start", number)
    return number


def waiting_parts(world: World, technician: str = "chen", **typed: Any) -> str:
    """A card that waits for a part, which is new on the unit's list."""
    number = in_repair(world, technician, **typed)
    world.do("lin", "parts.enter", number=f"P-{number}", name="压缩机", price="800")
    world.do(technician, "cards.wait", number, parts=f"P-{number}")
    return number


def at_factory(world: World, technician: str = "chen", **typed: Any) -> str:
    """A card whose article is at the factory."""
    number = in_repair(world, technician, **typed)
    world.do("guo", "cards.to_factory", number, sent_to="华东厂")
    return number


def repaired(world: World, technician: str = "chen", **typed: Any) -> str:
    """A card that is finished without parts, and not inspected yet."""
    number = on_the_clock(world, technician, **typed)
    world.do(technician, "cards.finish", number, **WRITTEN, no_parts="y")
    return number


def passed(world: World, technician: str = "chen", **typed: Any) -> str:
    """A card that is passed: the article is on the shelf."""
    number = repaired(world, technician, **typed)
    world.do("guo", "cards.pass", number)
    return number


def unrepaired(world: World, technician: str = "chen", **typed: Any) -> str:
    """A card whose estimate the customer declined."""
    number = assigned(world, technician, **typed)
    world.do("lin", "cards.estimate", number, amount="300")
    world.do("lin", "cards.decline", number)
    return number


def beyond_repair(world: World, technician: str = "chen", **typed: Any) -> str:
    """A card whose article is beyond repair."""
    number = in_repair(world, technician, **typed)
    world.do("guo", "cards.beyond_repair", number, reason="停产无件")
    return number


def returned(world: World, technician: str = "chen", **typed: Any) -> str:
    """A card whose article is with its customer again, and that still has its charge to come."""
    return _back(world, passed(world, technician, **typed), "labour 80")


def closed(world: World, technician: str = "chen", **typed: Any) -> str:
    """A card whose article is with its customer again, without a charge."""
    return _back(world, passed(world, technician, **typed), "")


def _back(world: World, number: str, fees: str) -> str:
    world.do("lin", "calls.take_back", card(world, number).call)
    world.do("lin", "cards.return", number, **({"fees": fees} if fees else {}))
    return number


def void(world: World, technician: str = "chen", **typed: Any) -> str:
    """A card that was opened in error."""
    number = taken_in(world, technician, **typed)
    world.do("lin", "cards.void", number, reason="写错")
    return number


CARD_IN_STATE: Mapping[str, Callable[..., str]] = {
    "waiting": taken_in,
    "in_repair": in_repair,
    "waiting_parts": waiting_parts,
    "at_factory": at_factory,
    "repaired": repaired,
    "passed": passed,
    "unrepaired": unrepaired,
    "beyond_repair": beyond_repair,
    "returned": returned,
    "closed": closed,
    "void": void,
}
"""How a card comes into each of its states."""


def card(world: World, number: str) -> CardRow:
    """The card as it stands."""
    found = world.read(CARDS.one, number)
    assert found is not None
    return found


def card_of_call(world: World, call: str) -> CardRow:
    """The card of a call's goods that counts."""
    with world.books.reading() as reading:
        number = reading.value(_CARD_OF_CALL, call=call)
    return card(world, number)


def call_of(world: World, number: str) -> CallRow:
    """The line of the register to which a card belongs."""
    return line(world, card(world, number).call)


def goods_of(world: World, number: str) -> GoodsRow:
    """The card's line of the goods in/out register."""
    found = world.read(GOODS.one, card(world, number).goods)
    assert found is not None
    return found


def article(world: World, number: str) -> tuple[str, ...]:
    """Who has had the card's article, first one first; the last one has it now."""
    product = card(world, number).product_id
    with world.books.reading() as reading:
        held = reading.all(_HELD, product=product)
    assert [until is None for _, until in held] == [False] * (len(held) - 1) + [True]
    return tuple(holder for holder, _ in held)


def card_greyed(world: World, login: str, act: str, number: str) -> str:
    """What the greyed key of an act on a card says; empty where it can be done."""
    sentence = refusal(act, actor(world, login), card(world, number))
    return "" if sentence is None else str(sentence)


def prepared(world: World, login: str, act: str, number: str, **typed: Any) -> Prepared:
    """What the form shows before saving."""
    return prepare(world.books, login, find(act), [Target(number)], typed, world.now.astimezone(UTC))
