"""The part list, the tariff and the loan units of the demo books; all invented."""

from __future__ import annotations

from typing import NamedTuple


class DemoPart(NamedTuple):
    """A part: number, name, measure, price and cost in minor units, how many Shenzhen has and wants at least."""

    number: str
    name: str
    measure: str
    price: int
    cost: int
    has: int
    wants: int


_PIECE, _METRE, _BOTTLE = "件 pc", "米 m", "瓶 bottle"
PARTS = (
    DemoPart("AC-CAP-35", "启动电容 start capacitor 35µF", _PIECE, 4500, 1800, 12, 6),
    DemoPart("AC-CAP-50", "启动电容 start capacitor 50µF", _PIECE, 5200, 2100, 8, 4),
    DemoPart("AC-CMP-1", "压缩机 compressor 1 hp", _PIECE, 68000, 41000, 1, 1),
    DemoPart("AC-CMP-2", "压缩机 compressor 2 hp", _PIECE, 96000, 60000, 0, 1),
    DemoPart("AC-FAN-IN", "室内风机 indoor fan motor", _PIECE, 18000, 9500, 3, 2),
    DemoPart("AC-FAN-OUT", "室外风机 outdoor fan motor", _PIECE, 21000, 11000, 2, 2),
    DemoPart("AC-PCB-35", "空调主板 control board KFR-35", _PIECE, 32000, 17000, 0, 2),
    DemoPart("AC-RMT", "遥控器 remote control", _PIECE, 6000, 2200, 9, 5),
    DemoPart("AC-SEN-T", "温度传感器 temperature sensor", _PIECE, 2500, 700, 22, 10),
    DemoPart("AC-VALVE", "四通阀 four-way valve", _PIECE, 15000, 8200, 2, 2),
    DemoPart("AC-PIPE", "铜管 copper pipe", _METRE, 4800, 2600, 30, 20),
    DemoPart("AC-R32", "制冷剂 refrigerant R32", _BOTTLE, 9000, 5200, 4, 6),
    DemoPart("WM-BELT", "皮带 drive belt", _PIECE, 3500, 1100, 10, 5),
    DemoPart("WM-DRAIN", "排水泵 drain pump", _PIECE, 8800, 4100, 6, 4),
    DemoPart("WM-LOCK", "门锁 door lock", _PIECE, 6500, 2800, 5, 3),
    DemoPart("WM-SEAL", "门封 door seal", _PIECE, 9600, 4300, 3, 3),
    DemoPart("WM-MOTOR", "洗衣机电机 motor", _PIECE, 38000, 21000, 1, 1),
    DemoPart("WM-PCB", "洗衣机主板 control board", _PIECE, 29000, 15500, 0, 2),
    DemoPart("WM-VALVE", "进水阀 inlet valve", _PIECE, 5400, 2300, 7, 4),
    DemoPart("WM-SPRING", "吊簧 suspension spring", _PIECE, 2800, 900, 16, 8),
    DemoPart("WM-BRUSH", "碳刷 carbon brushes", _PIECE, 2200, 600, 14, 8),
    DemoPart("RF-CMP", "冰箱压缩机 compressor", _PIECE, 52000, 31000, 0, 1),
    DemoPart("RF-THERM", "温控器 thermostat", _PIECE, 7200, 3000, 4, 3),
    DemoPart("RF-SEAL", "冰箱门封 door gasket", _PIECE, 11000, 5200, 2, 3),
    DemoPart("RF-LAMP", "冰箱灯 lamp", _PIECE, 1500, 300, 25, 10),
    DemoPart("RF-FAN", "冰箱风机 fan motor", _PIECE, 9800, 4700, 3, 2),
    DemoPart("RF-DEF", "化霜加热器 defrost heater", _PIECE, 8400, 3900, 3, 2),
    DemoPart("RF-RELAY", "启动器 start relay", _PIECE, 3200, 1000, 11, 6),
    DemoPart("WH-IGN", "点火器 igniter", _PIECE, 6800, 2900, 5, 4),
    DemoPart("WH-VALVE", "燃气阀 gas valve", _PIECE, 16000, 8500, 2, 2),
    DemoPart("WH-FLOW", "水流传感器 flow sensor", _PIECE, 5900, 2400, 1, 3),
    DemoPart("WH-EXCH", "热交换器 heat exchanger", _PIECE, 34000, 19000, 0, 1),
    DemoPart("WH-FAN", "排烟风机 flue fan", _PIECE, 14500, 7600, 2, 1),
    DemoPart("WH-BAT", "电池盒 battery box", _PIECE, 1800, 500, 9, 4),
    DemoPart("MW-MAG", "磁控管 magnetron", _PIECE, 16500, 9000, 0, 2),
    DemoPart("MW-TRAY", "转盘 turntable", _PIECE, 4200, 1700, 4, 2),
    DemoPart("MW-TMOT", "转盘电机 turntable motor", _PIECE, 3600, 1300, 6, 3),
    DemoPart("MW-DIODE", "高压二极管 high-voltage diode", _PIECE, 2400, 700, 8, 4),
    DemoPart("MW-DOOR", "门开关 door switch", _PIECE, 2000, 500, 12, 6),
    DemoPart("XX-FUSE", "保险丝 fuse 10 A", _PIECE, 500, 100, 60, 30),
    DemoPart("XX-CORD", "电源线 power cord", _PIECE, 3000, 1100, 13, 6),
)


class Repair(NamedTuple):
    """How a product of the demo is repaired: what is found, done and put in; and a part that Shenzhen has none of."""

    found: str
    work: str
    part: str
    awaited: str


REPAIRS = {
    "KFR-35GW": Repair("电容坏 capacitor failed", "更换电容 replaced capacitor", "AC-CAP-35", "AC-PCB-35"),
    "XQG80-B": Repair("排水泵堵塞 drain pump blocked", "更换排水泵 replaced drain pump", "WM-DRAIN", "WM-PCB"),
    "BCD-216": Repair("启动器坏 start relay failed", "更换启动器 replaced start relay", "RF-RELAY", "RF-CMP"),
    "JSQ25-13": Repair("点火器坏 igniter failed", "更换点火器 replaced igniter", "WH-IGN", "WH-EXCH"),
    "MM721": Repair("二极管击穿 diode failed", "更换二极管 replaced diode", "MW-DIODE", "MW-MAG"),
}

TARIFF = (
    ("SZ", "callout", "", 3000),
    ("SZ", "inspection", "", 2000),
    ("SZ", "labour", "", 12000),
    ("SZ", "labour", "KFR", 15000),
    ("GZ", "callout", "", 3000),
    ("GZ", "labour", "", 11000),
    ("HK", "callout", "", 15000),
    ("HK", "labour", "", 48000),
)
"""Unit, kind of fee, how the models begin, minor units; labour for 60 minutes."""

LOAN_UNITS = (
    ("LB-01", "冰箱 refrigerator", "BCD-118"),
    ("LB-02", "洗衣机 washing machine", "XQB60"),
    ("LB-03", "微波炉 microwave oven", "MM720"),
)
"""Code, what it is, model."""
