"""What people fill the forms with: mostly what can be, now and then what cannot."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from servicedesk.domain.repair_cards import ANSWERS
from servicedesk.store import repair_cards
from tests.acts.machine_calls import Memory
from tests.acts.rounds import DONE
from tests.acts.shop import WRITTEN
from tests.world import SHANGHAI, World

PARTS = ("DR-1", "YSJ-1", "QDQ-201")
TECHNICIANS = {"SZ": ("chen", "liu", "sun", "chen", "liu", "wu"), "BJ": ("zhao",)}
STRANGER = "lin"
CAUSES = ("甲", "乙", "丙")
FEES = ("", "labour 80", "parts 80 滤网", "labour 50; callout 30", "labour 300", "labour 0", "callout", "labour 90m")
Typed = dict[str, Any]


class Forms:
    """The forms of one department; `dice` are thrown anew for each."""

    def __init__(self, world: World, memory: Memory) -> None:
        self.world = world
        self.memory = memory
        self.dice = random.Random(0)
        self.serial = 0

    def fill(self, act: str, row: Any, dice: random.Random) -> Typed:
        """What a form of this act is filled in with; empty for acts that ask nothing."""
        self.dice = dice
        register, _, name = act.partition(".")
        makers: Mapping[str, Callable[[str, Any], Typed]] = {
            "calls": self._call,
            "cards": self._card,
            "charges": self._charge,
        }
        return makers.get(register, self._other)(act if register not in makers else name, row)

    @property
    def now(self) -> datetime:
        return self.world.now.astimezone(UTC)

    def because(self) -> Typed:
        """A reason; one in twenty was forgotten."""
        return {"reason": "" if self.rarely() else self.dice.choice(CAUSES)}

    def rarely(self) -> bool:
        """One in twenty."""
        return self.dice.random() < 0.05

    def back_then(self) -> datetime:
        """A moment in the past, mostly now; now and then one to come."""
        minutes = self.dice.choice((*[0] * 10, 5, 30, self.dice.randint(-20, 240)))
        return self.now - timedelta(minutes=minutes)

    def technician(self, row: Any) -> str:
        """A technician of the paper's unit; one in twenty is none."""
        return STRANGER if self.rarely() else self.dice.choice(TECHNICIANS[row.unit])

    def sign(self, signature: str = "paper") -> Typed:
        return {"signer": "王小明", "medium": signature}

    def parts(self) -> str:
        """One to three lines."""
        wanted = self.dice.sample(PARTS, self.dice.choice((1, 1, 2, 3)))
        return ";".join(f"{part} {self.dice.randint(1, 3)}" for part in wanted)

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial

    def _call(self, name: str, row: Any) -> Typed:
        dice, then, technician = self.dice, self.back_then(), self.technician(row)
        fees, none = dice.choice(FEES), "none" if dice.random() < 0.15 else "paper"
        column, corrected = dice.choice(
            (
                ("called_at", then),
                ("zone", dice.choice(("urban", "suburban"))),
                ("channel", dice.choice(("telephone", "counter"))),
                ("symptom", f"漏{dice.randint(0, 99)}"),
            )
        )
        forms: dict[str, Typed] = {
            "correct": {column: corrected} | self.because(),
            "tell": {"whom": "王小明"},
            "reschedule": {
                "appointment_at": self.now + timedelta(minutes=dice.randint(-60, 700)),
                "customer_asked": dice.random() < 0.5,
            }
            | self.because(),
            "cancel": {"reason": dice.choice(("duplicate", "other", "fee_refused", "later"))},
            "pass_on": {"unit": dice.choice(("BJ", "SZ"))} | self.because(),
            "dispatch": {"technician": technician},
            "reassign": {"technician": technician} | self.because(),
            "stand_down": {"moves": f"{row.number} {technician}"} | self.because(),
            "recall": self.because(),
            "arrive": {"arrived_at": then, "dispatch_because": dice.choice(("", "电话派工"))},
            "charge": {"fees": fees, "signer": "王小明"} | self.because(),
            "finish": {
                **DONE,
                "fees": fees,
                "parts": "DR-1 1" if dice.random() < 0.2 else "",
                "collected": "0" in fees and dice.random() < 0.7,
                **self.sign(none),
            },
            "sign": self.sign(),
            "come_back": self.because(),
            "carry_back": {"accessories": "遥控器", **self.sign(none)},
            "reopen": self.because(),
        }
        form = forms.get(name, {})
        if name in ("finish", "come_back", "carry_back") and self.rarely():
            form = form | {"finished_at" if name == "finish" else "left_at": then}
        return form

    def _card(self, name: str, row: Any) -> Typed:
        dice, then, to_come = self.dice, self.back_then(), self.now + timedelta(hours=self.dice.randint(-1, 72))
        fees = dice.choice(FEES)
        answer = dice.choice([*ANSWERS])
        basis = dice.choice(("", "list", "warranty", "no_charge", "agreed 35"))
        began = self.now - timedelta(minutes=dice.randint(5, 120))
        local = (began.astimezone(SHANGHAI), (began + timedelta(minutes=dice.randint(1, 60))).astimezone(SHANGHAI))
        answers: dict[str, Typed] = {
            "help": {},
            "technician": {"technician": self.technician(row)},
            "promise": {"promised_at": to_come, "whom": dice.choice(("", "王小明"))},
            "factory": {"sent_to": "华东厂"},
            "beyond_repair": {},
        }
        forms: dict[str, Typed] = {
            "void": self.because(),
            "assign": {"technician": self.technician(row)},
            "start": {"began_at": then, "clock": dice.random() < 0.7},
            "clock": {"began_at": then},
            "stop": {"ended_at": then},
            "time": {
                "lines": f"{local[0]:%Y-%m-%d %H%M}-{local[1]:%H%M}",
                "technician": row.technician if dice.random() < 0.7 else self.technician(row),
            },
            "parts": {"parts": f"{dice.choice(PARTS)} {dice.randint(1, 2)} {basis}".strip()},
            "take_out": {"line": dice.randint(1, 2)} | self.because(),
            "write": {"found": dice.choice(CAUSES), "fault_code": dice.choice(("", "no_power"))},
            "wait": {"parts": self.parts()},
            "ask": self.because(),
            "answer": answers[answer] | {"answer": answer, "note": dice.choice(CAUSES)},
            "promise": {"promised_at": to_come} | self.because(),
            "to_factory": {"sent_at": then, "sent_to": "华东厂"},
            "from_factory": {"back_at": then},
            "estimate": {"amount": dice.choice(("300", "99", "120.50", "0"))},
            "reject": self.because(),
            "beyond_repair": self.because(),
            "take_along": {"technician": self.technician(row)},
            "bring_again": {"place": dice.choice(("shelf", "counter"))} | self.because(),
            "return": {"fees": fees, "collected": "0" in fees and dice.random() < 0.7, **self.sign()},
        }
        if name == "finish":
            used = any(not part.taken_out for part in self.world.read(repair_cards.part_lines, row.id))
            return {**WRITTEN, "no_parts": used if self.rarely() else not used}
        return forms.get(name, {})

    def _charge(self, name: str, row: Any) -> Typed:
        dice = self.dice
        issued = [*self.memory.invoiced] if self.rarely() else []
        forms: dict[str, Typed] = {
            "remit": {"amount": row.amount - self.rarely()},
            "invoice": {
                "invoice_no": dice.choice(issued) if issued else f"INV {self.next_serial()}",
                "tax_no": "" if self.rarely() else "91440300MA5",
                "late_because": "" if self.rarely() else "忙",
            },
            "send": {"collector": dice.choice(("chen", "liu", "acc", "bjclerk"))},
            "collect": {"amount": row.amount + self.rarely()},
            "change": {"fees": dice.choice(FEES), "signer": "王小明"} | self.because(),
            "credit": self.because(),
            "propose_write_off": self.because(),
        }
        return forms.get(name, {})

    def _other(self, act: str, row: Any) -> Typed:
        dice = self.dice
        part = dice.choice(PARTS)
        forms: dict[str, Callable[[], Typed]] = {
            "goods.take_in": lambda: (
                {"promise_because": dice.choice(("", "说好的")), "accessories": "遥控器"}
                | ({"promised_at": self.now + timedelta(days=dice.randint(1, 5))} if dice.random() < 0.2 else {})
            ),
            "goods.remark": lambda: {"remarks": dice.choice(CAUSES)},
            "receipts.replace": lambda: self.because() | {"condition": "旧"},
            "receipts.lose": lambda: {"statement": "丢了", "signer": "王小明"},
            "parts.enter": lambda: {"number": f"X-{self.next_serial()}", "name": "螺丝", "price": "2"},
            "parts.correct": lambda: {"price": str(dice.randint(1, 90)), "minimum": str(dice.randint(0, 5))},
            "parts.arrive": lambda: {"parts": self.parts()},
            "parts.send_back": lambda: {"parts": f"{part} 1"} | self.because(),
            "parts.count": lambda: {"parts": f"{part} {dice.randint(0, 9)}"},
            "requisitions.ask": lambda: {"parts": self.parts()},
            "requisitions.cancel": self.because,
            "loans.enter": lambda: {"code": f"JY-{self.next_serial() + 10}", "name": "窗机"},
            "loans.take_back": lambda: {"back_at": self.back_then()},
            "tariff.set": lambda: {
                "unit": "SZ",
                "kind": dice.choice(("callout", "labour", "inspection")),
                "amount": str(dice.randint(0, 60)),
            },
            "job_sheets.pack": lambda: {"technician": dice.choice(("chen", "liu")), "blanks": str(dice.randint(1, 2))},
            "job_sheets.void": self.because,
            "job_sheets.lose": self.because,
        }
        return forms[act]() if act in forms else {}
