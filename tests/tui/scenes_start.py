"""The scenes of the start page: a supervisor's morning, a technician's, a clerk's; the hand-over in the evening."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.world import World

Books = Callable[[World], None]


def start_scenes(monday: Books, nothing: Books) -> tuple[dict[str, Any], ...]:
    """The scenes over the calls of Friday and Monday.

    Args:
        monday: writes those calls, sent and worked on until the afternoon.
        nothing: leaves the books with people alone.
    """

    def evening(world: World) -> None:
        """Two have handed their reports in; a customer complains."""
        monday(world)
        world.at("2026-11-23 17:40")
        world.do("ann", "complaints.receive", about="SZ-C-261120-0002", content="两天无人上门")
        world.do("chen", "reports.write", lines="1100-1200 d 培训\n1330-1800 d 备料")
        world.do("chen", "reports.submit")
        world.do("zhao", "reports.write", lines="830-1200 d 盘点\n1330-1800 d 盘点")
        world.do("zhao", "reports.submit")

    def morning(world: World) -> None:
        """The next morning."""
        evening(world)
        world.at("2026-11-24 08:40")

    return (
        {"name": "start", "login": "guo", "books": morning, "at_start": True},
        {"name": "start-zh-cn", "login": "guo", "books": morning, "language": "zh_CN", "at_start": True},
        {"name": "start-zh-tw", "login": "lin", "books": morning, "language": "zh_TW", "at_start": True},
        {"name": "start-technician", "login": "liu", "books": morning, "at_start": True},
        {"name": "start-empty", "login": "wu", "books": nothing, "at_start": True},
        {"name": "start-wide", "login": "guo", "books": morning, "size": (120, 36), "at_start": True},
        {"name": "hand-over", "keys": ("h",), "login": "lin", "books": evening, "at_start": True},
        {
            "name": "hand-over-zh-cn",
            "keys": ("h",),
            "login": "lin",
            "books": evening,
            "language": "zh_CN",
            "at_start": True,
        },
    )
