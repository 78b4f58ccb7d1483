"""The books of the workshop's scenes: goods carried back, cards in every state, parts, charges."""

from __future__ import annotations

from typing import Any

from tests.acts.rounds import done
from tests.acts.shop import open_card
from tests.world import World

PARTS = (
    ("QDQ-201", "启动器", "个", "35", "6"),
    ("R600A", "R600a 制冷剂", "g", "0.5", "500"),
    ("PSB-30", "排水泵", "个", "80", "0"),
    ("DY-55", "电源板", "块", "260", "1"),
)
"""Number, name, measure, price, and how many came."""

GOODS: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    ("2026-11-18 09:00", "chen", "何建军", "13900012233", "BCD-452WDPF", "不制冷", "2027-01-01"),
    ("2026-11-18 10:00", "liu", "孙丽华", "13811110000", "XQG100-14B", "不脱水", ""),
    ("2026-11-20 09:00", "zhao", "Rebecca Fleming", "13566667777", "L55E5800A", "no picture", ""),
    ("2026-11-20 10:00", "wu", "周敏", "13633334444", "JSQ25-13GFC", "点不着火 [/x] [red]", "2027-05-05"),
    ("2026-11-20 11:00", "chen", "宏图伟业科技股份有限公司", "075523456789", "AD350", "异响", ""),
    ("2026-11-20 13:40", "liu", "黄志伟", "13755556666", "KFR-35GW/NhAa1BAj", "漏水", "2027-03-02"),
)
"""Called at, technician, customer, telephone, model, symptom, warranty until (empty: paid)."""


def carry_back(world: World) -> list[str]:
    """Each is fetched on the day of its call; gives the calls."""
    numbers = []
    for at, technician, name, telephone, model, symptom, until in GOODS:
        world.at(at)
        number = world.do(
            "lin",
            "calls.log",
            customer=name,
            telephone=telephone,
            district="福田区",
            address="福田区深南路12号",
            model_no=model,
            symptom=symptom,
            warranty_until=until,
        ).numbers[0]
        world.do("guo", "calls.dispatch", number, technician=technician)
        world.do(technician, "calls.arrive", number)
        world.do(technician, "calls.carry_back", number, signer=name, accessories="电源线")
        numbers.append(number)
    return numbers


def stock(world: World) -> None:
    """The part list with what came."""
    for number, name, measure, price, count in PARTS:
        world.do("lin", "parts.enter", number=number, name=name, measure=measure, price=price, minimum="2")
        if count != "0":
            world.do("lin", "parts.arrive", parts=f"{number} {count}")


def workshop(world: World) -> None:
    """Six articles came back: five are cards in as many states, the last one is not taken in yet."""
    calls = carry_back(world)
    world.at("2026-11-20 13:50")
    stock(world)
    cards = [open_card(world, call, **promised(day)) for call, day in zip(calls[:5], (24, 21, 24, 25, 26), strict=True)]
    for card, technician in zip(cards[:4], ("chen", "liu", "zhao", "wu"), strict=True):
        world.do("guo", "cards.assign", card, technician=technician)
    world.do("chen", "cards.start", cards[0], clock="n")
    world.at("2026-11-20 16:00")
    world.do("chen", "cards.write", cards[0], fault_code="no_function", found="压缩机启动器损坏", work="更换启动器")
    world.do("chen", "cards.time", cards[0], lines="14:00-15:20")
    world.do("chen", "cards.parts", cards[0], parts="QDQ-201\nR600A 60")
    world.do("zhao", "cards.start", cards[2])
    world.at("2026-11-20 16:40")
    world.do("zhao", "cards.ask", cards[2], reason="没有电路图")
    world.do("wu", "cards.start", cards[3], clock="n")
    world.do("wu", "cards.wait", cards[3], parts="PSB-30")
    world.at("2026-11-23 13:30")
    world.do("chen", "cards.clock", cards[0])
    world.at("2026-11-23 14:22")


def packed(world: World) -> None:
    """Blank job sheets of two day packs, one of them back."""
    world.at("2026-11-23 08:20")
    (first, *_) = world.do("lin", "job_sheets.pack", technician="chen", blanks="2").numbers
    world.do("lin", "job_sheets.pack", technician="liu", blanks="1")
    world.at("2026-11-23 14:00")
    world.do("lin", "job_sheets.back", first)
    world.at("2026-11-23 14:22")


def money(world: World) -> None:
    """Jobs of a fortnight ago, of Friday and of today: charged, collected, handed in, invoiced, to be collected."""
    world.at("2026-11-05 09:00")
    owed = done(world, "liu", fees="labour 120", customer="李秀英", telephone="13922223333", model_no="XQG100-14B")
    world.do("acc", "charges.invoice", owed, invoice_no="30000417")
    world.do("acc", "charges.send", owed, collector="liu")
    world.at("2026-11-20 15:00")
    done(world, "chen", fees="callout 30; labour 80", collected="y", service_type="A")
    done(world, "wu", fees="inspection 50", customer="陈国强", telephone="13700001111", model_no="RO-400G-A")
    world.at("2026-11-23 10:00")
    paid = done(
        world, "zhao", fees="labour 60", collected="y", customer="周敏", telephone="13633334444", model_no="JSQ25-13GFC"
    )
    world.at("2026-11-23 14:00")
    world.do("acc", "charges.remit", paid, amount="60")
    world.at("2026-11-23 14:22")


def promised(day: int) -> dict[str, Any]:
    """A promise of one's own, with its reason."""
    return {"promised_at": f"2026-11-{day} 17:00", "promise_because": "与客户约定"}


WORKSHOP: tuple[dict[str, Any], ...] = (
    {"name": "workshop", "keys": ("3",), "login": "guo", "books": workshop},
    {"name": "workshop-technician", "keys": ("3",), "login": "chen", "books": workshop},
    {"name": "workshop-zh-cn", "keys": ("3",), "login": "guo", "books": workshop, "language": "zh_CN"},
    {"name": "workshop-empty", "keys": ("3",), "login": "lin"},
    {"name": "repair-card", "keys": ("3", "enter"), "login": "chen", "books": workshop},
    {"name": "repair-card-zh-cn", "keys": ("3", "enter"), "login": "chen", "books": workshop, "language": "zh_CN"},
    {"name": "repair-card-parts", "keys": ("3", "enter", "f7"), "login": "chen", "books": workshop},
    {"name": "goods", "keys": ("0", *"goods reg", "enter"), "books": workshop},
    {"name": "goods-line", "keys": ("0", *"goods reg", "enter", "enter"), "books": workshop},
    {"name": "receipts", "keys": ("0", *"goods rec", "enter"), "books": workshop},
    {"name": "custody", "keys": ("0", *"who holds", "enter"), "books": workshop},
    {"name": "custody-found", "keys": ("0", *"who holds", "enter", "slash", *"K-1120-1", "enter"), "books": workshop},
    {"name": "parts", "keys": ("0", *"parts", "enter"), "books": workshop},
    {"name": "requisitions", "keys": ("0", *"requisitions", "enter"), "books": workshop},
    {"name": "loan-units-empty", "keys": ("0", *"loan", "enter"), "books": workshop},
    {"name": "job-sheets", "keys": ("0", *"job", "enter"), "books": packed},
    {"name": "print", "keys": ("3", "enter", "P"), "login": "chen", "books": workshop},
    {"name": "money", "login": "acc", "books": money},
    {"name": "money-zh-cn", "login": "acc", "books": money, "language": "zh_CN"},
    {"name": "charge", "keys": ("enter",), "login": "acc", "books": money},
    {"name": "places", "keys": ("0",), "books": workshop},
)
"""What each scene is made with; `tests.tui.scenes` makes it."""
