"""A department with complaints, a workshop, parts, money and the day's end, in a month of which much is in hand."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import NamedTuple

from tests.acts import complaining, days, shop
from tests.acts.reporting import submitted
from tests.acts.rounds import carried_back, done
from tests.end_to_end.program import department
from tests.world import SHANGHAI, World


class Ends(NamedTuple):
    """The papers of two days' ends by their numbers."""

    report: str
    summary: str
    closed: str
    reconciled: str


def busy(database: str) -> tuple[World, Ends]:
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
    for book in ("reports", "supervisor_reports", "days"):
        world.do("guo", "views.save", book=book, name="mine", view=json.dumps({"view": "all"}))
    return world, _end_the_days(world)


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


def _end_the_days(world: World) -> Ends:
    """Monday is summed up and its page closed; on Tuesday one writes, one waits, one was sent back, the page waits."""
    today = world.now.astimezone(SHANGHAI)
    days.closed(world, day=f"{today:%Y-%m-%d}")
    monday = today + timedelta(days=7 - today.weekday())
    report = _work(world, monday)
    world.do(
        "guo", "staff.absence", "sun", begins=f"{monday:%Y-%m-%d} 08:00", ends=f"{monday:%Y-%m-%d} 18:00", reason="病"
    )
    reports = [report, *(submitted(world, login, "830-1200 d 备料") for login in ("chen", "wu", "zhao"))]
    world.do("guo", "reports.review", *reports, remark="好")
    summary = world.do("guo", "supervisor_reports.compile", remarks="一车待修").numbers[0]
    world.do("guo", "supervisor_reports.sign", summary)
    closed = days.closed(world)
    tuesday = monday + timedelta(days=1)
    returned = _work(world, tuesday)
    world.do("guo", "reports.send_back", returned, remark="重写")
    submitted(world, "zhao", "830-1200 d 备料")
    world.do("chen", "reports.write", lines="830-1200 d 盘点\n1100-1130 d 培训")
    reconciled = days.reconciled(world)
    paper = days.differences(world, reconciled)[0][1]
    world.do("lin", "days.explain", reconciled, paper=paper, explanation="明早交回")
    return Ends(report, summary, closed, reconciled)


def _work(world: World, day: datetime) -> str:
    """A visit of liu's, then the evening with his report; gives its number."""
    world.at(f"{day:%Y-%m-%d} 09:00")
    done(world, "liu", fees="labour 120", collected="y", model_no=f"X-{day.day}")
    world.at(f"{day:%Y-%m-%d} 18:10")
    return submitted(world, "liu", "1000-1200 +15 d 取件")
