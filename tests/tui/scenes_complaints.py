"""The books of the complaints' scenes: complaints of every kind on Monday afternoon, and two days late."""

from __future__ import annotations

from typing import Any

from tests.acts.complaining import CARRIED_OUT, FOUND, OFFERED
from tests.world import World

COMPLAINTS: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("2026-11-20 16:00", "letter", "孙倩", "13811110000", "维修后同样故障", "查明原因"),
    ("2026-11-22 09:10", "social", "Rebecca Fleming", "13566667777", "part never came", "the part"),
    ("2026-11-23 09:05", "telephone", "赵丽", "13700001111", "上门迟到两次 [/x] [red]", "道歉"),
    (
        "2026-11-23 13:20",
        "email",
        "宏图伟业科技股份有限公司深圳分公司",
        "075523456789",
        "收费与报价不符，要求退还差额",
        "退款",
    ),
    ("2026-11-23 14:06", "telephone", "刘洋洋", "13612344410", "收费与报价不符", ""),
)
"""Received at, channel, customer, telephone, what is complained of, remedy asked."""


def receive(world: World, at: str, channel: str, name: str, telephone: str, content: str, remedy: str) -> str:
    """One complaint as it came in; gives its number."""
    world.at(at)
    return world.do(
        "lin",
        "complaints.receive",
        channel=channel,
        customer_name=name,
        telephone=telephone,
        address="深圳市福田区莲花路12号",
        content=content,
        remedy=remedy,
    ).numbers[0]


def graded(world: World, number: str, gravity: str) -> None:
    """The customer told, the complaint assessed."""
    world.do("lin", "complaints.acknowledge", number)
    world.do("xu", "complaints.assess", number, nature="service", urgency="normal", scope="one", gravity=gravity)


def complaints(world: World) -> None:
    """One result told, one assigned, a serious one with the deputy GM, two that nobody has told the customer of."""
    told, assigned, serious, *_ = [receive(world, *given) for given in COMPLAINTS[:3]]
    world.at("2026-11-20 16:20")
    graded(world, told, "ordinary")
    world.do("xu", "complaints.assign", told, handler="guo")
    world.at("2026-11-20 17:00")
    world.do("xu", "complaints.investigate", told, **FOUND)
    world.do("xu", "complaints.offer", told, **OFFERED)
    world.at("2026-11-21 10:00")
    world.do("xu", "complaints.carry_out", told, **CARRIED_OUT)
    world.do("guo", "complaints.visit", told, finding="已看现场", agreed="周三复查")
    world.do("xu", "complaints.tell", told, how="telephone", whom="孙倩", words="已免费修好")
    world.at("2026-11-22 09:40")
    graded(world, assigned, "ordinary")
    world.do("xu", "complaints.assign", assigned, handler="guo")
    world.at("2026-11-23 09:30")
    graded(world, serious, "serious")
    for given in COMPLAINTS[3:]:
        receive(world, *given)
    world.at("2026-11-23 14:07")


def late_complaints(world: World) -> None:
    """The same complaints on Wednesday morning: promises are broken."""
    complaints(world)
    world.at("2026-11-25 09:30")


COMPLAINT_SCENES: tuple[dict[str, Any], ...] = (
    {"name": "complaints", "keys": ("4",), "login": "xu", "books": complaints},
    {"name": "complaints-empty", "keys": ("4",), "login": "xu"},
    {"name": "complaints-late", "keys": ("4",), "login": "xu", "books": late_complaints},
    {"name": "complaints-zh-cn", "keys": ("4",), "login": "xu", "books": complaints, "language": "zh_CN"},
    {"name": "complaints-zh-tw", "keys": ("4",), "login": "xu", "books": complaints, "language": "zh_TW"},
    {"name": "complaints-deputy", "login": "dgm", "books": complaints},
    {"name": "complaint-serious", "keys": ("enter",), "login": "dgm", "books": complaints},
    {"name": "complaint", "keys": ("4", "space"), "login": "xu", "books": complaints},
    {"name": "complaint-zh-cn", "keys": ("4", "space"), "login": "xu", "books": complaints, "language": "zh_CN"},
    {"name": "complaint-receive", "keys": ("B",)},
    {"name": "analysis", "keys": ("4", "A"), "login": "xu", "books": complaints},
    {"name": "complaint-acknowledge", "keys": ("4", "a"), "login": "xu", "books": complaints},
)
"""What each scene is made with; `tests.tui.scenes` makes it."""
