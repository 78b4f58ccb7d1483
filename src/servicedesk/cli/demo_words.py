"""The people, places and things of the demo books, in Chinese and English; all invented."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from servicedesk.domain.rights import (
    ACCOUNTANT,
    ADMINISTRATOR,
    AGENT,
    ANALYST,
    AUDITOR,
    BRANCH_MANAGER,
    CLERK,
    CUSTOMER_DEPARTMENT,
    DEPUTY_GM,
    SERVICE_MANAGER,
    SUPERVISOR,
    TECHNICIAN,
)
from servicedesk.domain.zones import SUBURBAN, URBAN


class DemoUnit(NamedTuple):
    """A unit: letters, name, kind, zone, country, currency."""

    code: str
    name: str
    kind: str
    timezone: str
    country: str
    currency: str


class DemoPerson(NamedTuple):
    """A person: login, name, unit, posts."""

    login: str
    name: str
    unit: str
    roles: tuple[str, ...]


class DemoProduct(NamedTuple):
    """A product: what it is, its model, what goes wrong with it."""

    name: str
    model: str
    symptoms: tuple[str, ...]


UNITS = (
    DemoUnit("CD", "客户服务部 Customer Department", "customer_department", "Asia/Shanghai", "CN", "CNY"),
    DemoUnit("SZ", "深圳 Shenzhen", "service_centre", "Asia/Shanghai", "CN", "CNY"),
    DemoUnit("GZ", "广州 Guangzhou", "branch", "Asia/Shanghai", "CN", "CNY"),
    DemoUnit("HK", "香港 Hong Kong", "branch", "Asia/Hong_Kong", "HK", "HKD"),
)
STAFF = (
    DemoPerson("admin", "Anna Sun 孙安娜", "CD", (ADMINISTRATOR,)),
    DemoPerson("mei", "何美 He Mei", "CD", (AGENT,)),
    DemoPerson("tang", "唐静", "CD", (CUSTOMER_DEPARTMENT,)),
    DemoPerson("luo", "罗刚", "CD", (SERVICE_MANAGER,)),
    DemoPerson("shi", "石磊", "CD", (AUDITOR,)),
    DemoPerson("deng", "邓国栋", "CD", (DEPUTY_GM,)),
    DemoPerson("fang", "方敏", "CD", (ANALYST,)),
    DemoPerson("chen", "陈敏", "SZ", (CLERK,)),
    DemoPerson("wu", "吴强", "SZ", (SUPERVISOR,)),
    DemoPerson("li", "李伟", "SZ", (TECHNICIAN,)),
    DemoPerson("zhang", "张勇", "SZ", (TECHNICIAN,)),
    DemoPerson("zhao", "赵磊", "SZ", (TECHNICIAN,)),
    DemoPerson("huang", "黄海", "SZ", (TECHNICIAN,)),
    DemoPerson("qian", "钱芳", "SZ", (ACCOUNTANT,)),
    DemoPerson("zheng", "郑洁", "SZ", (SUPERVISOR,)),
    DemoPerson("gao", "高山", "SZ", (BRANCH_MANAGER,)),
    DemoPerson("lin", "林婷", "GZ", (CLERK,)),
    DemoPerson("guo", "郭明", "GZ", (SUPERVISOR,)),
    DemoPerson("ma", "马超", "GZ", (TECHNICIAN,)),
    DemoPerson("peng", "彭丽", "GZ", (ACCOUNTANT,)),
    DemoPerson("wong", "Carmen Wong 黃嘉敏", "HK", (CLERK, SUPERVISOR)),
    DemoPerson("leung", "Peter Leung 梁志偉", "HK", (TECHNICIAN,)),
    DemoPerson("ho", "Grace Ho 何詠詩", "HK", (ACCOUNTANT,)),
)
CLERK_OF = {"SZ": "chen", "GZ": "lin", "HK": "wong"}
SUPERVISOR_OF = {"SZ": "wu", "GZ": "guo", "HK": "wong"}
ACCOUNTANT_OF = {"SZ": "qian", "GZ": "peng", "HK": "ho"}
TECHNICIANS_OF = {"SZ": ("li", "zhang", "zhao", "huang"), "GZ": ("ma",), "HK": ("leung",)}

DISTRICTS = {
    "SZ": (("福田", URBAN), ("罗湖", URBAN), ("南山", URBAN), ("龙华", SUBURBAN), ("宝安", SUBURBAN)),
    "GZ": (("天河", URBAN), ("越秀", URBAN), ("番禺", SUBURBAN)),
    "HK": (("Wan Chai", URBAN), ("Sha Tin", SUBURBAN)),
}
PRODUCTS = (
    DemoProduct("空调 air conditioner", "KFR-35GW", ("不制冷 no cooling", "漏水", "噪音大", "E4 on the display")),
    DemoProduct("洗衣机 washing machine", "XQG80-B", ("不脱水 does not spin", "不排水", "门打不开", "shakes badly")),
    DemoProduct("冰箱 refrigerator", "BCD-216", ("不制冷", "结冰太多 ice builds up", "灯不亮")),
    DemoProduct("热水器 water heater", "JSQ25-13", ("点不着火 does not ignite", "水不热", "出水小")),
    DemoProduct("微波炉 microwave oven", "MM721", ("不加热", "转盘不转", "sparks inside")),
)
FIRST_CUSTOMER = "王小明"
_SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗郑梁谢宋唐"
_GIVEN = (
    *("伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "涛", "明"),
    *("小明", "秀英", "建国", "志强", "海燕", "晓东", "文静"),
)
_ENGLISH = ("David Ng", "Susan Clark", "Priya Nair", "Tom Becker", "Grace Chan", "Oliver Reed", "Emma Lau", "Jan Novak")
_COMPANIES = ("鹏程酒店", "南山实验小学", "Harbour View Hotel", "福田口腔诊所", "Lotus Trading Ltd", "天河健身中心")
_STREETS = {
    "SZ": ("深南大道", "红荔路", "彩田路", "人民南路", "科技园路"),
    "GZ": ("体育西路", "中山大道", "东风路"),
    "HK": ("Hennessy Road", "Queen's Road East", "Tai Chung Kiu Road"),
}
TYPED_REASONS = ("家里没人 nobody at home", "等配件 waiting for a part")
CAUSES = ("电容坏 capacitor failed", "排水泵堵塞 pump blocked", "门封老化 door seal worn", "传感器故障")
WORK = ("更换电容 replaced capacitor", "清洗水泵 cleaned pump", "更换门封", "更换传感器 replaced sensor")


def person_name(chance: Random) -> str:
    """A customer's name; one in eight is English."""
    if chance.random() < 0.125:
        return chance.choice(_ENGLISH)
    return chance.choice(_SURNAMES) + chance.choice(_GIVEN)


def company_name(chance: Random) -> str:
    """A customer that is no person."""
    return chance.choice(_COMPANIES)


def mobile(chance: Random, unit: str) -> str:
    """A telephone number as it is written in the unit's town."""
    if unit == "HK":
        return f"+8529{chance.randrange(10_000_000):07}"
    return f"1{chance.choice('3578')}{chance.randrange(1_000_000_000):09}"


def address(chance: Random, unit: str, district: str) -> str:
    """Where the product stands."""
    street = chance.choice(_STREETS[unit])
    if unit == "HK":
        return f"{chance.randrange(1, 30)}/F, {chance.randrange(1, 300)} {street}, {district}"
    return f"{district}区{street}{chance.randrange(1, 3000)}号{chance.randrange(1, 30)}栋{chance.randrange(101, 3200)}"


def serial(chance: Random) -> str:
    """A serial number."""
    return f"{chance.choice('ABCDEFGH')}{chance.randrange(10_000_000):07}"
