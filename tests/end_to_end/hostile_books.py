"""A department with complaints, a workshop, parts and money, in a month of which everything is in hand."""

from __future__ import annotations

from tests.acts import complaining, shop
from tests.acts.rounds import carried_back, done
from tests.end_to_end.program import department
from tests.world import World


def busy(database: str) -> World:
    """Papers of every kind in books that let anybody in by `--as`."""
    world = department(database)
    world.do("lin", "customers.enter", name="李秀英", telephones="13922223333", address="福田区深南路8号")
    world.do("lin", "products.enter", customer="000001", model_no="KFR-35GW")
    term = {"starts_on": "2026-01-01", "ends_on": "2030-12-31"}
    world.do("lin", "contracts.enter", number="HT-1", customer="000001", covers="全保", **term)
    _complain(world)
    _repair(world)
    world.do("lin", "job_sheets.pack", technician="chen", blanks="1")
    owed = done(world, "liu", fees="labour 120", customer="陈国强", telephone="13700001111", model_no="X-2")
    world.do("acc", "charges.invoice", owed, invoice_no="30000417")
    world.do("acc", "charges.send", owed, collector="liu")
    return world


def _complain(world: World) -> None:
    """A serious one that waits, one that was told by letter and is malicious, one that nobody has touched."""
    told = complaining.result_told(world, gravity="serious", customer_name="000001")
    world.do("xu", "complaints.involve", told, departments="物流部: 延误")
    world.do("xu", "complaints.evidence", told, lines="录音: 服务器")
    world.do("sm", "complaints.malicious", told, because="多次", legal_told="法务")
    world.do("xu", "complaints.incident", told, incident="台风")
    world.do("xu", "complaints.urge", told, whom="郭强", words="请尽快")
    world.do("xu", "complaints.correct", told, remedy="退货")
    complaining.with_deputy(world, customer_name="000001")
    complaining.investigating(world)
    complaining.received(world)


def _repair(world: World) -> None:
    """Cards that wait for parts and for help, one passed; goods just carried back; a loan unit out; a part list."""
    world.do("lin", "parts.enter", number="QDQ-201", name="启动器", measure="个", price="35", minimum="2")
    world.do("lin", "parts.arrive", parts="QDQ-201 4")
    shop.waiting_parts(world, model_no="A-1")
    asked = shop.on_the_clock(world, model_no="A-2")
    world.do("lin", "cards.ask", asked, reason="没有电路图")
    world.do("chen", "cards.parts", asked, parts="QDQ-201")
    shop.passed(world, "liu", model_no="A-3")
    call = carried_back(world, model_no="A-4")
    world.do("lin", "loans.enter", code="JY-1", name="窗机")
    world.do("lin", "loans.lend", "JY-1", call=call)
