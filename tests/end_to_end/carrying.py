"""The round of a product that is carried back: each act by its keys and by its command, at its time of the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import NamedTuple

from tests.world import MONDAY


class Typed(str):
    """Words that are typed, letter by letter."""


class Shown(NamedTuple):
    """What must stand on the screen before the next key is pressed, and what no longer."""

    text: str
    gone: str = "\0"

    def on(self, page: str) -> bool:
        """Whether this page is as wanted."""
        return self.text in page and self.gone not in page


class Step(NamedTuple):
    """One act: who does it and when, by which keys and by which words after `servicedesk act`."""

    login: str
    time: str
    keys: Sequence[str | Shown]
    command: Sequence[str]

    @property
    def at(self) -> datetime:
        """The moment at which every clock stands for this act."""
        return datetime.combine(MONDAY, time.fromisoformat(self.time), MONDAY.tzinfo).astimezone(UTC)


HOME = {
    "lin": ("1", Shown("Call-in register")),
    "guo": ("1", Shown("Call-in register")),
    "chen": ("5", Shown("My day  ")),
    "acc": ("6", Shown("Money: all open")),
}
"""By which digit each of them comes to the own desk, and what stands there."""
START = Shown("What waits, most urgent first")
QUESTION = Shown("y Enter Yes")
CARD = Shown("BCD-452WDPF")
REGISTER = Shown("Call-in register")

ROUND = (
    Step(
        "lin",
        "09:00",
        [
            *(Shown("No calls yet."), "f2", Shown("Symptom"), Typed("13812345678"), Shown("> 王小明"), "enter"),
            *(Shown("Our technician will be with you"), "down", "down", "down", "down", Typed("BCD-452WDPF")),
            *("down", Typed("不制冷"), "f2", Shown("open 1", gone="No calls yet.")),
        ],
        ("calls.log", "caller=000001", "model_no=BCD-452WDPF", "symptom=不制冷"),
    ),
    Step(
        "guo",
        "09:10",
        [Shown("voucher SZ-V-000001"), "d", Shown("Technician"), Typed("chen"), "f2", Shown("陈明, sent")],
        ("calls.dispatch", "1", "technician=chen"),
    ),
    Step(
        "chen",
        "10:00",
        [Shown("to go 1"), "a", Shown("Why before"), "f2", Shown("there 1")],
        ("calls.arrive", "1"),
    ),
    Step(
        "chen",
        "10:40",
        [
            *("c", Shown("Countersigned by"), Typed("1035"), "enter", "enter", Typed("压缩机不启动"), "enter"),
            *(Typed("遥控器"), "enter", Typed("左侧有划痕"), "enter", Typed("王太太"), "enter", Typed("f"), "f2"),
            Shown("carried back"),
        ],
        (
            *("calls.carry_back", "1", "left_at=1035", "cause=压缩机不启动", "accessories=遥控器"),
            *("condition=左侧有划痕", "signer=王太太", "capacity=family"),
        ),
    ),
    Step(
        "lin",
        "11:00",
        [Shown("carried back"), "b", QUESTION, "y", Shown(", with the clerk")],
        ("calls.take_back", "1"),
    ),
    Step(
        "lin",
        "11:05",
        ["w", Shown("Brought by"), "f2", Shown("F2 New call", gone="Brought by")],
        ("goods.take_in", "1"),
    ),
    Step(
        "guo",
        "11:20",
        [
            *("3", Shown("Next: assign a technician."), "a", Shown("Technician"), Typed("chen"), "f2"),
            Shown("Next: F6 starts the repair."),
        ],
        ("cards.assign", "1", "technician=chen"),
    ),
    Step(
        "chen",
        "13:30",
        ["3", Shown("Next: F6 starts the repair."), "f6", Shown("runs 0 min")],
        ("cards.start", "1"),
    ),
    Step(
        "chen",
        "14:30",
        ["m", Shown("Repair time"), Typed("1310-1325"), "f2", Shown("runs 60 min", gone="Repair time")],
        ("cards.time", "1", "lines=1310-1325"),
    ),
    Step(
        "chen",
        "14:31",
        ["f9", Shown("Stopped at"), Typed("dy-55 2"), "f2", Shown("Next: resume when the parts have arrived.")],
        ("cards.wait", "1", "parts=dy-55 2"),
    ),
    Step(
        "lin",
        "15:00",
        [
            *("0", Shown("Esc Back"), Typed("requis"), "enter", Shown("陈明"), "a", Shown("Delivery note")),
            *(Typed("DY-55 2"), "enter", "enter", Typed("送货单 8812"), "f2", Shown("No part is asked for."), "1"),
            REGISTER,
        ],
        ("parts.arrive", "parts=DY-55 2", "paper=送货单 8812"),
    ),
    Step(
        "chen",
        "15:10",
        [
            *("3", CARD, "enter", Shown("waiting for parts, 陈明"), "f9"),
            *(Shown("Resumed at"), "f2", Shown("running 0 min")),
        ],
        ("cards.resume", "1"),
    ),
    Step(
        "chen",
        "15:40",
        [
            *("f7", Shown("Enter parts"), Typed("qdq 2"), "enter", Typed("r600 80 list"), "enter"),
            *(Typed("dy-55 agreed 200 given"), "f2", Shown("old part given back")),
        ],
        ("cards.parts", "1", "parts=qdq 2; r600 80 list; dy-55 agreed 200 given"),
    ),
    Step(
        "chen",
        "15:45",
        [
            *("f2", Shown("Resolution code"), Typed("n"), "enter", Typed("启动器烧毁"), "enter", Typed("w"), "enter"),
            *(
                Typed("换启动器和电源板, 加注 80 g"),
                "enter",
                Typed("p"),
                "f2",
                Shown("F11 Finish", gone="Resolution code"),
            ),
        ],
        (
            *("cards.write", "1", "fault_code=no_power", "found=启动器烧毁", "cause_code=wear"),
            *("work=换启动器和电源板, 加注 80 g", "resolution_code=part_replaced"),
        ),
    ),
    Step(
        "chen",
        "15:50",
        ["f11", Shown("No parts replaced"), "f2", Shown("to be inspected"), "escape", Shown("Workshop: mine")],
        ("cards.finish", "1"),
    ),
    Step(
        "guo",
        "16:10",
        ["3", Shown("to inspect"), "p", Shown("Passed at"), "f2", Shown("passed", gone="Passed at")],
        ("cards.pass", "1"),
    ),
    Step(
        "lin",
        "16:15",
        [
            *(REGISTER, "T", Shown("customers 1"), "t", Shown("Told to"), Typed("王太太"), "f2"),
            *(Shown("Every customer knows"), "escape", REGISTER),
        ],
        ("calls.tell", "1", "whom=王太太"),
    ),
    Step(
        "chen",
        "16:20",
        ["3", Shown("Next: return it"), "c", Shown("Taken at"), "f2", Shown("Workshop: mine", gone="Taken at")],
        ("cards.take_along", "1"),
    ),
    Step(
        "chen",
        "17:00",
        [
            *("u", Shown("labour"), "enter", "enter", "enter", "down", "down", "down", "down", "down"),
            *(Typed("callout 20"), "f2", Shown("No card is in the shop.")),
        ],
        (
            *("cards.return", "1"),
            "fees=inspection 30; labour 116m 154.67; parts 70 x2 QDQ-201 启动器 list; parts 40 x80 R600A 制冷剂 list; "
            "parts 200 DY-55 电源板 agreed; callout 20",
        ),
    ),
    Step(
        "acc",
        "17:20",
        [
            Shown("charge assessed"),
            "i",
            Shown("Invoice title"),
            Typed("12345678"),
            "f2",
            Shown("Next: post the invoice"),
        ],
        ("charges.invoice", "1", "invoice_no=12345678"),
    ),
    Step(
        "lin",
        "17:30",
        [REGISTER, "enter", Shown("12345678"), "b", QUESTION, "y", Shown("with the clerk")],
        ("calls.take_back", "1"),
    ),
    Step("lin", "17:30", ["s", QUESTION, "y", Shown("struck off")], ("calls.strike_off", "1")),
    Step("lin", "17:30", ["i", QUESTION, "y", Shown("in file")], ("calls.file", "1")),
)
