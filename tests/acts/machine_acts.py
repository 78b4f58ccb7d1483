"""The papers of the state machine, what can be done to them, and how readily people do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from servicedesk.domain import rulebook
from servicedesk.store import calls, charges, loans, parts, printing
from servicedesk.store.goods import GOODS, RECEIPTS
from servicedesk.store.repair_cards import CARDS

REGISTERS: Mapping[str, Callable[..., Any]] = {
    "calls": calls.one,
    "cards": CARDS.one,
    "charges": charges.CHARGES.one,
    "goods": GOODS.one,
    "receipts": RECEIPTS.one,
    "requisitions": parts.REQUISITIONS.one,
    "loans": loans.LOAN_UNITS.one,
    "parts": parts.one,
    "job_sheets": printing.JOB_SHEETS.one,
}
BY_LETTER = {"C": "calls", "K": "cards", "G": "goods", "R": "receipts", "M": "requisitions", "Z": "job_sheets"}
TARGETLESS = (
    "parts.enter",
    "parts.arrive",
    "parts.send_back",
    "parts.count",
    "requisitions.ask",
    "loans.enter",
    "custody.count",
    "tariff.set",
    "job_sheets.pack",
)
"""What is done to no paper, but for logging a call."""
NOT_HERE = ("calls.log", "calls.reveal", "parts.import", *TARGETLESS)
"""What is done elsewhere than on a paper of its register; what writes nothing."""
ACTS: Mapping[str, tuple[str, ...]] = {
    register: tuple(act for act in rulebook.RULES if act.startswith(f"{register}.") and act not in NOT_HERE)
    + (("goods.take_in",) if register == "calls" else ())
    for register in REGISTERS
} | {"goods": ("goods.remark",)}
"""The acts on each register's papers; goods are taken in by their call's number."""
ALL_ACTS = frozenset(act for acts in ACTS.values() for act in acts) | {"calls.log", *TARGETLESS}
SELDOM: Mapping[str, float] = {
    "calls.correct": 0.1,
    "calls.attach": 0.05,
    "calls.tell": 0.1,
    "calls.reschedule": 0.1,
    "calls.cancel": 0.1,
    "calls.pass_on": 0.1,
    "calls.recall": 0.15,
    "calls.reassign": 0.2,
    "calls.stand_down": 0.2,
    "calls.come_back": 0.4,
    "calls.finish": 1.5,
    "calls.carry_back": 2.0,
    "calls.reopen": 0.08,
    "calls.charge": 0.3,
    "cards.void": 0.08,
    "cards.ask": 0.15,
    "cards.promise": 0.1,
    "cards.estimate": 0.15,
    "cards.approve": 2.0,
    "cards.to_factory": 1.0,
    "cards.beyond_repair": 0.25,
    "cards.write": 0.15,
    "cards.parts": 1.5,
    "cards.take_out": 4.0,
    "cards.wait": 0.5,
    "cards.resume": 3.0,
    "cards.assign": 0.4,
    "cards.start": 3.0,
    "cards.time": 0.6,
    "cards.finish": 1.5,
    "cards.return": 1.5,
    "receipts.replace": 0.1,
    "receipts.lose": 0.1,
    "receipts.confirm": 0.5,
    "requisitions.cancel": 0.1,
    "goods.remark": 0.02,
    "job_sheets.back": 3.0,
    "job_sheets.void": 3.0,
    "job_sheets.lose": 3.0,
    "charges.change": 0.15,
    "charges.credit": 0.3,
    "charges.remit": 2.0,
    "charges.post": 2.0,
    "charges.propose_write_off": 2.0,
    "charges.write_off": 4.0,
    "loans.take_back": 2.0,
}
"""How much less, or more, often than others an act is chosen where it is possible."""
ENDED: Mapping[str, tuple[str, ...]] = {
    "calls": ("struck_off", "cancelled"),
    "cards": ("closed", "void"),
    "charges": ("settled", "written_off", "none"),
    "receipts": ("voided",),
    "requisitions": ("arrived", "cancelled"),
    "job_sheets": ("back", "voided", "lost"),
}
PEOPLE = ("lin", "guo", "chen", "liu", "sun", "ann", "acc", "bjclerk", "bjsup", "zhao", "xu", "mgr", "adm")
CUSTOMERS = ("甲一", "乙二", "丙三", "丁四", "戊五", "己六")
DULL = 0.12
"""What weighs no more brings nothing nearer to its end."""
GOES_ON = ("calls", "cards", "charges", "receipts", "requisitions")
"""The registers whose papers come to an end."""
RECENT = 14
SEVERAL = ("calls.dispatch", "calls.take_back", "calls.strike_off", "calls.file", "cards.assign", "charges.settle")
"""What is done now and then to several papers in one act."""
