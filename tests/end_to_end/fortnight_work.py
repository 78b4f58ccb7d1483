"""What a branch does with its calls, from the telephone to the file pocket: by acts alone, at times that are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count
from random import Random

from servicedesk.domain.calls import DISPATCHED
from servicedesk.domain.dispatch import propose
from servicedesk.store import dispatch, people
from tests.end_to_end.agenda import Agenda, on
from tests.world import DISTRICTS, World

TECHNICIANS = ("chen", "he", "liu", "lv", "sun", "tang", "wu", "zhao")
SYMPTOMS = ("不制冷", "漏水", "异响", "不启动", "显示故障码")
FEES = (0, 60, 80, 120, 180, 260, 320)
"""Yuan; what is more than 200 may not be collected on the spot (D18)."""
LAST_ARRIVAL, LAST_BENCH = time(17, 0), time(17, 30)


@dataclass
class Job:
    """A call on its way: who has it, and what is still to be settled before it is struck off."""

    number: str
    service_type: str
    technician: str = ""
    visit: int = 0
    appointment: bool = False
    """The customer has asked for the next day."""
    in_file: bool = False
    """An agent has logged it: the voucher is not pulled yet."""
    voucher_out: bool = False
    signed: bool = True
    fee: int = 0
    owed: str = ""
    """`cash` that was collected and not handed in, or what is to be paid by `invoice`."""
    done_on: date = date.min
    struck_off: bool = False
    card: str = ""
    receipt: str = ""
    bench: str = ""
    rejected: bool = False

    @property
    def repaired_by(self) -> str:
        """Who did it, at the bench or on site."""
        return self.bench or self.technician


class Branch:
    """The desk, the technicians and the workshop of Shenzhen."""

    def __init__(self, world: World, agenda: Agenda, days: tuple[date, ...], chance: Random) -> None:
        self.world, self.agenda, self.days, self.chance = world, agenda, days, chance
        self.free: dict[str, datetime] = {}
        """Who is on duty, and when each has done what he was sent to."""
        self.under_way: list[Job] = []
        self.waiting: list[Job] = []
        """What nobody was sent to today."""
        self.done: list[Job] = []
        """What has still to be struck off and filed."""
        self.worked: dict[tuple[str, date], list[Job]] = {}
        self.contract_customers: list[str] = []
        self.cards = 0
        self._callers = count(1)

    @property
    def now(self) -> datetime:
        """What every clock shows."""
        return self.world.now

    def after(self, minutes: int, do: Callable[[], None]) -> None:
        """Put down what happens in so many minutes."""
        self.agenda.at(self.now + timedelta(minutes=minutes), do)

    def tomorrow(self, clock: str, do: Callable[[], None]) -> None:
        """Put down what happens on the next working day; after the last one of the fortnight it never does."""
        if self.now.date() < self.days[-1]:
            self.agenda.at(on(self._next_day(), clock), do)

    def _next_day(self) -> date:
        """The next working day, after the last one of the fortnight the Monday."""
        today = self.now.date()
        return next((day for day in self.days if day > today), self.days[-1] + timedelta(days=2))

    # The register

    def log(self, login: str = "lin") -> None:
        """Somebody rings; most are sent a technician the same day."""
        job = self._logged(login)
        fate = self.chance.random()
        if login != "lin" or job.appointment or fate < 0.07:
            self.waiting.append(job)
        elif fate < 0.1:
            self.after(15, partial(self.cancel, job))
        elif fate < 0.12:
            self.after(20, partial(self.pass_on, job))
        elif fate < 0.14:
            self.after(3, partial(self.correct, job))
        elif fate < 0.2:
            self.agenda.at(max(self.now, on(self.now.date(), "15:40")), partial(self.send, job))
        else:
            self.after(self.chance.randint(5, 30), partial(self.send, job))

    def _logged(self, login: str, **typed: str) -> Job:
        symptom = self.chance.choice(SYMPTOMS)
        if self.contract_customers and self.chance.random() < 0.04:
            caller = self.contract_customers.pop(0)
            number = self.world.do(login, "calls.log", caller=caller, symptom=symptom, **typed).numbers[0]
            return Job(number, "B", in_file=login != "lin")
        nth, district = next(self._callers), self.chance.choice(list(DISTRICTS))
        typed |= {
            "customer": f"客户{nth:03}",
            "telephone": f"138{nth:08}",
            "address": f"深圳市{district}人民路{nth}号",
            "model_no": f"KFR-{self.chance.randint(20, 99)}",
            "symptom": symptom,
        }
        free = self.chance.random() < 0.35
        if free:
            typed["warranty_until"] = "2027-06-30"
        if self.chance.random() < 0.06:
            typed["appointment_at"] = f"{self._next_day()} 15:00"
        number = self.world.do(login, "calls.log", **typed).numbers[0]
        return Job(number, "C" if free else "A", in_file=login != "lin", appointment="appointment_at" in typed)

    def walk_in(self) -> None:
        """A customer brings his product to the counter (D38)."""
        job = self._logged("lin", channel="counter")
        self.after(4, partial(self.take_in, job))

    def correct(self, job: Job) -> None:
        """The address was misheard: it is farther off, and there is more time to get there."""
        self.world.do("lin", "calls.correct", job.number, zone="suburban", caller="王先生", reason="听错")
        self.send(job)

    def pass_on(self, job: Job) -> None:
        """Another branch goes there."""
        self.world.do("guo", "calls.pass_on", job.number, unit="BJ", reason="客户在北京")

    def cancel(self, job: Job) -> None:
        """The customer needs nobody any more."""
        self.world.do("lin", "calls.cancel", job.number, reason="customer_withdrew")
        self.world.do("lin", "calls.file", job.number)

    # On site

    def send(self, job: Job) -> None:
        """Send who is there first; where nobody is there in time it waits for tomorrow."""
        if job.in_file:
            self.world.do("lin", "calls.pull", job.number)
            job.in_file = False
        technician = self._first_there()
        if self._arrival(technician).time() > LAST_ARRIVAL:
            self.waiting.append(job)
            return
        self.world.do("guo", "calls.dispatch", job.number, technician=technician)
        self._is_sent(job, technician)
        fate = self.chance.random()
        if fate < 0.04:
            self.after(5, partial(self.recall, job, job.visit))
        elif fate < 0.08:
            self.after(5, partial(self.reassign, job, job.visit))

    def _first_there(self, but: str = "") -> str:
        return min((at, login) for login, at in self.free.items() if login != but)[1]

    def _arrival(self, technician: str) -> datetime:
        return max(self.now + timedelta(minutes=10), self.free[technician]) + timedelta(minutes=15)

    def _is_sent(self, job: Job, technician: str) -> None:
        arrival, minutes = self._arrival(technician), self.chance.randint(15, 50)
        if arrival.hour >= 16 and self.chance.random() < 0.15:
            minutes += 90
        job.technician, job.visit, job.voucher_out = technician, job.visit + 1, True
        self.free[technician] = arrival + timedelta(minutes=minutes)
        self.under_way.append(job)
        self.agenda.at(arrival, partial(self.arrive, job, job.visit, minutes))

    def recall(self, job: Job, visit: int) -> None:
        """The technician is called off on his way."""
        if job.visit == visit and job in self.under_way:
            self.world.do("guo", "calls.recall", job.number, reason="客户改期")
            self.under_way.remove(job)
            job.visit += 1
            self.waiting.append(job)

    def reassign(self, job: Job, visit: int) -> None:
        """Another one goes."""
        if job.visit == visit and job in self.under_way:
            technician = self._first_there(job.technician)
            self.world.do("guo", "calls.reassign", job.number, technician=technician, reason="路远")
            self.under_way.remove(job)
            self._is_sent(job, technician)

    def goes_out(self, login: str) -> None:
        """Who has no visit to go to is sent to one more customer."""
        if not any(job.technician == login for job in self.under_way):
            job = self._logged("lin")
            self.world.do("guo", "calls.dispatch", job.number, technician=login)
            self._is_sent(job, login)

    def falls_ill(self, login: str) -> None:
        """A technician goes home; who is to go to his customers takes their visits over."""
        today = self.now.date()
        away = {"begins": f"{self.now:%Y-%m-%d %H:%M}", "ends": f"{today} 20:00"}
        self.world.do("guo", "staff.absence", login, **away, reason="病假")
        del self.free[login]
        jobs = [job for job in self.under_way if job.technician == login]
        if not jobs:
            return
        taken = self._proposed(login)
        moves = "\n".join(f"{number} {technician}" for number, technician in taken.items())
        self.world.do("guo", "calls.stand_down", *taken, moves=moves, reason="病假")
        for job in jobs:
            self.under_way.remove(job)
            self._is_sent(job, taken[job.number])

    def _proposed(self, login: str) -> dict[str, str]:
        """Who could take each visit over, as the program proposes it."""
        world, now = self.world, self.now.astimezone(UTC)
        with world.books.reading() as reading:
            calendar = people.calendar(world.books, reading, people.facts(reading), "SZ")
            calls = [call for call in dispatch.active_calls(reading, login) if call.state == DISPATCHED]
            proposed = propose(calls, dispatch.technicians(reading, "SZ", now), now, calendar)
        return {call.number: best.technician.login for call, best in proposed if best is not None}

    def arrive(self, job: Job, visit: int, minutes: int) -> None:
        """He is there, unless he was called off meanwhile."""
        if job.visit == visit:
            self.under_way.remove(job)
            self.world.do(job.technician, "calls.arrive", job.number)
            self.worked.setdefault((job.technician, self.now.date()), []).append(job)
            self.after(minutes, partial(self.leave, job))

    def leave(self, job: Job) -> None:
        """Done, or to be gone to again, or carried back."""
        fate = self.chance.random()
        if fate < 0.1:
            self.world.do(job.technician, "calls.come_back", job.number, reason="等配件")
            self.after(20, partial(self.bring_voucher, job))
        elif fate < 0.26:
            self._carry_back(job)
        else:
            self._finish(job)

    def bring_voucher(self, job: Job) -> None:
        """A further visit is planned as soon as the voucher is back."""
        self._take_back(job)
        self.waiting.append(job)

    def _take_back(self, *jobs: Job) -> None:
        out = [job for job in jobs if job.voucher_out]
        if out:
            self.world.do("lin", "calls.take_back", *(job.number for job in out))
        for job in out:
            job.voucher_out = False

    def _finish(self, job: Job) -> None:
        parts = {"parts": "电容 2"} if self.chance.random() < 0.3 else {}
        typed = {"cause": "缺氟", "work": "加氟", **parts, **self._charged(job)}
        if self.chance.random() < 0.06:
            typed["medium"], job.signed = "none", False
            self.tomorrow("09:40", partial(self.sign, job))
        self.world.do(job.technician, "calls.finish", job.number, **typed)
        self._is_done(job)

    def _charged(self, job: Job) -> dict[str, str]:
        job.fee = self.chance.choice(FEES) if job.service_type == "A" else 0
        if not job.fee:
            return {}
        in_cash = job.fee <= 200 and self.chance.random() < 0.6
        job.owed = "cash" if in_cash else "invoice"
        return {"fees": f"labour {job.fee}", "collected": "y" if in_cash else "n"}

    def _is_done(self, job: Job) -> None:
        job.done_on = self.now.date()
        self.done.append(job)

    def sign(self, job: Job) -> None:
        """The customer signs the day after."""
        self.world.do("lin", "calls.sign", job.number)
        job.signed = True

    # In the workshop

    def _carry_back(self, job: Job) -> None:
        typed = {"cause": "待查", "signer": "本人"}
        if self.chance.random() < 0.5:
            typed["promised_at"] = f"{self._next_day()} 10:00"
        job.receipt = self.world.do(job.technician, "calls.carry_back", job.number, **typed).numbers[1]
        if self.chance.random() < 0.15:
            self.tomorrow("09:10", partial(self.take_in, job))
        else:
            self.after(25, partial(self.take_in, job))

    def take_in(self, job: Job) -> None:
        """The counter has the goods, the card is open."""
        self._take_back(job)
        _, job.card, job.receipt = self.world.do("lin", "goods.take_in", job.number).numbers
        if self.now.hour < 14 and self.chance.random() < 0.7:
            self.after(20, partial(self.assign, job))
        else:
            later = partial(self.assign, job)
            if self.chance.random() < 0.3:
                later = partial(self.tomorrow, "09:05", later)
            self.tomorrow(f"{self.chance.choice((9, 9, 11, 15)):02}:05", later)

    def assign(self, job: Job) -> None:
        """The supervisor says who repairs it."""
        job.bench = self.chance.choice(sorted(self.free))
        self.world.do("guo", "cards.assign", job.card, technician=job.bench)
        self.plan_bench(job, "cards.start")

    def plan_bench(self, job: Job, act: str) -> None:
        """At the bench between two visits, today or tomorrow."""
        idle = self.free.get(job.bench, on(self.now.date(), "23:00"))
        begins = max(self.now, idle) + timedelta(minutes=5)
        ends = begins + timedelta(minutes=self.chance.randint(20, 70))
        if ends.time() > LAST_BENCH or ends.date() != begins.date():
            self.tomorrow("08:50", partial(self.plan_bench, job, act))
            return
        self.free[job.bench] = ends
        self.agenda.at(begins, partial(self.work, job, act, ends))

    def work(self, job: Job, act: str, ends: datetime) -> None:
        """By the clock, or by times that are written down afterwards."""
        if job.bench not in self.free:
            self.tomorrow("08:50", partial(self.plan_bench, job, act))
            return
        by_hand = act == "cards.start" and self.chance.random() < 0.3
        self.world.do(job.bench, act, job.card, **({"clock": "n"} if by_hand else {}))
        written = f"{self.now:%H%M}-{ends:%H%M}" if by_hand else ""
        self.agenda.at(ends, partial(self.stop_work, job, act, written))

    def stop_work(self, job: Job, act: str, written: str) -> None:
        """Repaired; or assistance is asked for, or a further session is needed."""
        if written:
            self.world.do(job.bench, "cards.time", job.card, lines=written)
        fate = self.chance.random()
        if act == "cards.start" and fate < 0.4:
            if not written:
                self.world.do(job.bench, "cards.stop", job.card)
            if fate < 0.25:
                self.world.do(job.bench, "cards.ask", job.card, reason="找不到原因")
                self.after(10, partial(self.answer, job))
            else:
                self.plan_bench(job, "cards.clock")
        else:
            self.world.do(job.bench, "cards.finish", job.card, found="电容坏", work="换电容", no_parts="y")
            self.after(5, partial(self.inspect, job))

    def answer(self, job: Job) -> None:
        """The supervisor helps, or promises another day."""
        typed = {"answer": "help", "note": "我来看"}
        if self.chance.random() < 0.5:
            day = max(self.now.date() + timedelta(days=1), self.days[-1])
            typed = {"answer": "promise", "promised_at": f"{day} 17:00", "note": "缺图纸"}
        self.world.do("guo", "cards.answer", job.card, **typed)
        self.plan_bench(job, "cards.clock")

    def inspect(self, job: Job) -> None:
        """Passed, or repaired again once."""
        if not job.rejected and self.chance.random() < 0.12:
            job.rejected = True
            self.world.do("guo", "cards.reject", job.card, reason="仍有异响")
            self.plan_bench(job, "cards.clock")
            return
        self.world.do("guo", "cards.pass", job.card)
        self.cards += 1
        if self.cards in (3, 9):
            self.after(5, partial(self.lose_receipt, job))
        elif self.now.hour < 16 and self.chance.random() < 0.4:
            self.after(45, partial(self.give_back, job))
        else:
            self.tomorrow(
                self.chance.choice(("08:40", "09:25", "10:25", "16:25", "17:50")), partial(self.give_back, job)
            )

    def lose_receipt(self, job: Job) -> None:
        """The customer cannot find it."""
        self.world.do("lin", "receipts.lose", job.receipt, statement="搬家丢失", signer="本人")
        self.tomorrow("09:30", partial(self.confirm_loss, job))
        self.tomorrow("10:30", partial(self.give_back, job, receipt="lost"))

    def confirm_loss(self, job: Job) -> None:
        """Without it the goods are not returned (D29)."""
        self.world.do("guo", "receipts.confirm", job.receipt)

    def give_back(self, job: Job, **typed: str) -> None:
        """The customer fetches it."""
        self.world.do("lin", "cards.return", job.card, **typed, **self._charged(job))
        self._is_done(job)
