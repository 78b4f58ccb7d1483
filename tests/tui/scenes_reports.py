"""The books of the scenes of the day's end: a report with a gap and an overlap, eight to review, a day to close."""

from __future__ import annotations

from typing import Any

from tests.acts.days import differences
from tests.acts.reporting import submitted
from tests.world import World

VISITS: tuple[tuple[str, str, str, str, str, str, str, str], ...] = (
    ("chen", "08:40", "09:30", "王小明", "13812345678", "KFR-35GW/NhAa1BAj", "支架松动，紧固支架", "labour 80"),
    ("chen", "10:10", "11:20", "宏图伟业科技股份有限公司深圳分公司", "075523456789", "AD350", "更换电容", "labour 60"),
    ("liu", "08:35", "10:05", "Rebecca Fleming", "13566667777", "L55E5800A", "换电源板 [/x] [red]", ""),
    ("zhao", "09:00", "11:40", "周敏", "13633334444", "JSQ25-13GFC", "清洗点火针", "labour 50"),
)
"""Technician, arrived, left, customer, telephone, model, work done, fees."""
WHOLE_DAYS = {
    "liu": "830-835 d 早会\n1005-1200 d 培训\n1330-1800 d 备料",
    "zhao": "830-900 d 早会\n1140-1200 d 清点\n1330-1830 d 备料",
    "wu": "830-1200 d 盘点\n1100-1130 d 培训\n1330-1800 d 盘点",
}
"""What they write by hand: nothing is missing, too much, twice."""


def visits(world: World) -> None:
    """What was done on site on Monday."""
    for technician, begins, ends, name, telephone, model, work, fees in VISITS:
        world.at(f"2026-11-23 {begins}")
        number = world.do(
            "lin",
            "calls.log",
            customer=name,
            telephone=telephone,
            district="福田区",
            address="福田区深南路12号",
            model_no=model,
            symptom="不制冷",
            warranty_until="" if fees else "2027-03-02",
        ).numbers[0]
        world.do("guo", "calls.dispatch", number, technician=technician)
        world.do(technician, "calls.arrive", number)
        world.at(f"2026-11-23 {ends}")
        paid = {"fees": fees, "collected": "y"} if fees else {}
        world.do(technician, "calls.finish", number, cause="老化", work=work, **paid)


def day_end(world: World) -> None:
    """Half past five on Monday: chen has written two lines by hand, an hour is missing and another stands twice."""
    visits(world)
    world.at("2026-11-23 17:30")
    world.do("chen", "reports.write", lines="1100-1200 d 培训\n1330-1400 +15 d 取件\n1430-1800 d 备料")


def review(world: World) -> None:
    """Three are submitted, sun is ill, chen still writes."""
    day_end(world)
    world.at("2026-11-23 18:10")
    for login, lines in WHOLE_DAYS.items():
        submitted(world, login, lines)
    world.do("guo", "staff.absence", "sun", begins="2026-11-23 08:00", ends="2026-11-23 18:00", reason="病假")


def sent_back(world: World) -> None:
    """The same; wu's was returned."""
    review(world)
    world.do("guo", "reports.send_back", "SZ-T-261123-0004", remark="11:00 写了两次")


def summed(world: World) -> None:
    """Everything is reviewed, and the supervisor report compiled."""
    review(world)
    chen = world.do("chen", "reports.submit").numbers[0]
    world.do("guo", "reports.review", chen, *(f"SZ-T-261123-000{nth}" for nth in (2, 3, 4)))
    world.do("guo", "supervisor_reports.compile", remarks="一车待修")


def signed(world: World) -> None:
    """It waits for the manager."""
    summed(world)
    world.do("guo", "supervisor_reports.sign", "SZ-B-261123-0001")


def to_close(world: World) -> None:
    """The register day is reconciled: vouchers and money are out."""
    day_end(world)
    world.at("2026-11-23 18:20")
    world.do("lin", "days.reconcile")
    world.do("lin", "days.explain", "SZ-D-261123-0001", paper="SZ-C-261123-0001", explanation="陈明明早带来")


def closed(world: World) -> None:
    """The day is closed; on Tuesday its page can be sent."""
    to_close(world)
    number = "SZ-D-261123-0001"
    for paper in dict.fromkeys(paper for _, paper, words in differences(world, number) if not words):
        world.do("lin", "days.explain", number, paper=paper, explanation="明早交回")
    world.do("lin", "days.close", number)
    world.at("2026-11-24 08:40")


SUPERVISOR_REPORTS = ("0", *"supervisor r", "enter")
REGISTER_DAYS = ("0", *"register d", "enter")
REPORT_SCENES: tuple[dict[str, Any], ...] = (
    {"name": "report", "keys": ("5", "r"), "login": "chen", "books": day_end},
    {"name": "report-zh-cn", "keys": ("5", "r"), "login": "chen", "books": day_end, "language": "zh_CN"},
    {"name": "report-empty", "keys": ("5", "r"), "login": "wu"},
    {"name": "report-submit", "keys": ("5", "r", "s"), "login": "chen", "books": day_end},
    {"name": "report-sent-back", "keys": ("5", "r"), "login": "wu", "books": sent_back},
    {"name": "reports", "keys": ("5",), "login": "guo", "books": review},
    {"name": "reports-zh-cn", "keys": ("5",), "login": "guo", "books": review, "language": "zh_CN"},
    {"name": "reports-zh-tw", "keys": ("5",), "login": "guo", "books": review, "language": "zh_TW"},
    {"name": "reports-empty", "keys": ("5",), "login": "guo"},
    {"name": "report-review", "keys": ("5", "enter"), "login": "guo", "books": review},
    {"name": "report-accept", "keys": ("5", "enter", "a"), "login": "guo", "books": review},
    {"name": "supervisor-reports", "keys": SUPERVISOR_REPORTS, "login": "mgr", "books": signed},
    {"name": "supervisor-reports-empty", "keys": SUPERVISOR_REPORTS, "login": "xu"},
    {"name": "supervisor-report", "keys": (*SUPERVISOR_REPORTS, "enter"), "login": "guo", "books": summed},
    {
        "name": "supervisor-report-zh-cn",
        "keys": ("0", *"服务主任日报", "enter", "enter"),
        "login": "guo",
        "books": summed,
        "language": "zh_CN",
    },
    {"name": "register-days", "keys": REGISTER_DAYS, "login": "lin", "books": to_close},
    {"name": "register-days-empty", "keys": REGISTER_DAYS, "login": "lin"},
    {"name": "register-day", "keys": (*REGISTER_DAYS, "enter"), "login": "lin", "books": to_close},
    {"name": "register-days-closed", "keys": REGISTER_DAYS, "login": "lin", "books": closed},
)
"""What each scene is made with; `tests.tui.scenes` makes it."""
