"""A fortnight of one branch around the National Day, by acts alone: from the first call to the received reports.

Everything is drawn from a seed: played twice, on whichever engine, it leaves the same rows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from servicedesk.store import people, register_days
from tests.acts.faces import command, open_to_anybody
from tests.end_to_end.agenda import Agenda, on
from tests.end_to_end.fortnight_work import TECHNICIANS, Branch, Job
from tests.world import PASSPHRASE, World

FIRST = date(2026, 9, 28)
DAYS = 14
AFTERWARDS = FIRST + timedelta(days=DAYS)
"""The Monday after: the last page is sent and received."""
AWAY, ILL, MISSING = date(2026, 9, 29), date(2026, 10, 8), date(2026, 10, 10)
"""Sun is away all day, Wu goes home in the morning, Zhao does not come and nobody has written it down."""
ABSENT = {(AWAY, "sun"): "事假", (MISSING, "zhao"): "未到岗"}
UNATTENDED_ON = date(2026, 10, 8)
COMPILED_LATE = date(2026, 10, 9)
NEW_TECHNICIANS = {"he": "何勇", "lv": "吕平", "tang": "唐军"}
CONTRACTS = 8


def play(
    database: str, calls_a_day: int, seed: int = 1001, *, department: Callable[[str, datetime], World] = World
) -> World:
    """The whole fortnight in fresh books; gives the world as it stands afterwards.

    `department` makes the world whose people do the acts.
    """
    world = open_to_anybody(department(database, on(date(2026, 9, 21), "10:00")))
    Fortnight(world, calls_a_day, Random(seed)).run()
    return world


def working_days(world: World) -> tuple[date, ...]:
    """The days of the fortnight that have working hours in the calendar that the program has filled in."""
    with world.books.reading() as reading:
        calendar = people.calendar(world.books, reading, people.facts(reading), "SZ")
    fortnight = (FIRST + timedelta(days=nth) for nth in range(DAYS))
    return tuple(day for day in fortnight if calendar.windows(day))


class Fortnight:
    """The branch with its days: morning, calls, evening, reports, register."""

    def __init__(self, world: World, calls_a_day: int, chance: Random) -> None:
        self.world, self.calls_a_day, self.chance = world, calls_a_day, chance
        self.agenda = Agenda(world)
        self.days = working_days(world)
        self.branch = Branch(world, self.agenda, self.days, chance)
        self.invoices = 0
        self.to_collect: list[Job] = []
        self.blanks: tuple[str, ...] = ()
        self.sheet = ""
        """The closing sheet that is still to be sent."""
        self.summaries: list[str] = []
        """The supervisor reports that are still to be received."""

    def run(self) -> None:
        """Play it."""
        self._set_up()
        for day in self.days:
            self._plan(day)
        for nth in range(DAYS):
            day = FIRST + timedelta(days=nth)
            if day not in self.days:
                self.agenda.at(on(day, "11:20"), partial(self.branch.log, "ann"))
        self.agenda.at(on(AFTERWARDS, "08:30"), self._papers_go_out)
        self.agenda.run()

    def _set_up(self) -> None:
        """Eight technicians, some customers with a maintenance contract, an absence that is known beforehand."""
        do = self.world.do
        for login, name in NEW_TECHNICIANS.items():
            do("adm", "staff.enter", login=login, name=name, unit="SZ", roles="technician", passphrase=PASSPHRASE)
        for nth in range(CONTRACTS):
            telephone = f"139{nth:08}"
            customer = do(
                "lin",
                "customers.enter",
                name=f"合同{nth}",
                telephones=telephone,
                address="福田区深南路1号",
                district="福田区",
            ).numbers[0]
            do("lin", "products.enter", customer=customer, model_no=f"RF-{nth}")
            do(
                "lin",
                "contracts.enter",
                number=f"HT-{nth}",
                customer=customer,
                starts_on="2026-01-01",
                ends_on="2026-12-31",
            )
            self.branch.contract_customers.append(customer)
        do("guo", "staff.absence", "sun", begins=f"{AWAY} 08:00", ends=f"{AWAY} 20:00", reason=ABSENT[AWAY, "sun"])

    def _plan(self, day: date) -> None:
        """What happens on a working day, but for what follows from it.

        Papers are written on the half minute: nothing else is, and so everything was before one of them or after.
        """
        agenda, branch = self.agenda, self.branch
        agenda.at(on(day, "08:30"), partial(self._morning, day))
        for nth in range(self.calls_a_day):
            minute = self.chance.randint(10, 520)
            agenda.at(on(day, "08:30") + timedelta(minutes=minute), branch.log if nth else branch.walk_in)
        if day == ILL:
            agenda.at(on(day, "10:36"), partial(branch.goes_out, "wu"))
            agenda.at(on(day, "10:40"), partial(branch.falls_ill, "wu"))
        if day in self.days[2:5]:
            agenda.at(on(day, "14:35"), self._complaint)
        agenda.at(on(day, "15:10"), self._collect)
        agenda.at(on(day, "17:40"), self._evening)
        agenda.at(on(day, "18:02:30"), partial(self._write_reports, day))
        agenda.at(on(day, "18:10:30"), partial(self._review, day))
        if day == COMPILED_LATE:
            morning = self.days[self.days.index(day) + 1]
            agenda.at(on(morning, "08:40:30"), partial(self._write_again, day))
            agenda.at(on(morning, "08:45:30"), partial(self._compile, day))
        else:
            agenda.at(on(day, "18:20:30"), partial(self._compile, day))
        if day == UNATTENDED_ON:
            agenda.at(on(day, "18:40"), branch.log)
            agenda.at(on(day, "23:30"), self._close_unattended)
        else:
            agenda.at(on(day, "18:30:30"), self._close)
            agenda.at(on(day, "18:40"), branch.log)
        agenda.at(on(day, "20:15"), partial(branch.log, "ann"))

    # Mornings

    def _morning(self, day: date) -> None:
        self._papers_go_out()
        away = {login for when, login in ABSENT if when == day}
        branch = self.branch
        branch.free = {login: on(day, "08:45") for login in TECHNICIANS if login not in away}
        jobs, branch.waiting = branch.waiting, []
        for nth, job in enumerate(jobs):
            if self.chance.random() < 0.2:
                self.agenda.at(on(day, "15:30") + timedelta(minutes=nth), partial(branch.send, job))
            else:
                branch.after(5 + nth, partial(branch.send, job))
        if day == self.days[1]:
            self.blanks = self.world.do("lin", "job_sheets.pack", technician="chen", blanks="2").numbers
        elif day == self.days[2]:
            self.world.do("lin", "job_sheets.back", self.blanks[0])
        elif day == self.days[4]:
            self.world.do("guo", "job_sheets.lose", self.blanks[1], reason="遗失")

    def _papers_go_out(self) -> None:
        """The page of the day before is sent and received, and so is what the supervisor has forwarded."""
        if self.sheet:
            self.world.do("lin", "days.transmit", self.sheet)
            self.world.do("xu", "days.receive", self.sheet)
            self.sheet = ""
        if self.summaries:
            self.world.do("xu", "supervisor_reports.receive", *self.summaries)
            self.summaries.clear()

    # Money, vouchers, complaints

    def _collect(self) -> None:
        """Who did the job goes to two customers who have their invoice."""
        went = [job for job in self.to_collect if job.repaired_by in self.branch.free][:2]
        for job in went:
            self.world.do("acc", "charges.send", job.number, collector=job.repaired_by)
            self.world.do(job.repaired_by, "charges.collect", job.number, amount=str(job.fee))
            self.world.do("acc", "charges.settle", job.number)
        self.to_collect = [job for job in self.to_collect if job not in went]

    def _complaint(self) -> None:
        job = self.chance.choice(self.branch.done)
        self.world.do("lin", "complaints.receive", about=job.number, content="修了还是不行")

    def _evening(self) -> None:
        """Vouchers and money come in, invoices are issued, lines struck off and vouchers filed; some of it tomorrow."""
        branch, do = self.branch, self.world.do
        jobs = [job for job in branch.done if self.chance.random() < 0.93]
        out = [job for job in jobs if job.voucher_out]
        if out:
            do("lin", "calls.take_back", *(job.number for job in out))
        cash = [job for job in jobs if job.owed == "cash" and self.chance.random() < 0.9]
        if cash:
            do("acc", "charges.remit", *(job.number for job in cash), amount=str(sum(job.fee for job in cash)))
        for job in out:
            job.voucher_out = False
        for job in cash:
            job.owed = ""
            if self.chance.random() < 0.2 and job.signed:
                self._invoice(job)
                do("acc", "charges.post", job.number)
        for job in jobs:
            if job.owed == "invoice" and job.signed:
                self._invoice(job)
                self.to_collect.append(job)
        ready = [job for job in jobs if not job.owed and job.signed and not job.voucher_out]
        struck = [job for job in ready if not job.struck_off]
        if struck:
            do("lin", "calls.strike_off", *(job.number for job in struck))
        for job in struck:
            job.struck_off = True
        filed = [job for job in ready if self.chance.random() < 0.95]
        if filed:
            do("lin", "calls.file", *(job.number for job in filed))
        branch.done = [job for job in branch.done if job not in filed]

    def _invoice(self, job: Job) -> None:
        self.invoices += 1
        typed = {"invoice_no": f"FP{self.invoices:06}"}
        if job.done_on != self.world.now.date():
            typed["late_because"] = "客户次日签字"
        self.world.do("acc", "charges.invoice", job.number, **typed)
        job.owed = ""

    # Reports

    def _at_work(self, day: date) -> list[str]:
        return [login for login in TECHNICIANS if (day, login) not in ABSENT]

    def _write_reports(self, day: date) -> None:
        """Each adds what the books do not know, line by line or as a text, and submits."""
        for login in self._at_work(day):
            lines = ["0830-0850 d 备料"]
            jobs = self.branch.worked.get((login, day), [])
            if self.chance.random() < 0.3:
                lines.append("1745-1800 d 整理工具")
            if jobs and self.chance.random() < 0.4:
                job = self.chance.choice(jobs)
                lines.append(f"1205-1225 +10 {job.service_type.lower()} {job.number} 送配件")
            if self.chance.random() < 0.25:
                lines.append(f"1500-1510 a {self._somebody_elses(login, day)} 帮忙")
            if self.chance.random() < 0.3:
                self.world.do(login, "reports.hand_in", lines="\n".join(lines))
            else:
                self.world.do(login, "reports.write", lines="; ".join(lines))
                self.world.do(login, "reports.submit", remarks="" if len(lines) > 1 else "正常")

    def _somebody_elses(self, login: str, day: date) -> str:
        """A paid job of a colleague: a line without a job of one's own."""
        return next(
            job.number
            for other in self._at_work(day)
            for job in self.branch.worked.get((other, day), [])
            if other != login and job.service_type == "A"
        )

    def _review(self, day: date) -> None:
        """The supervisor returns one or two and accepts them when they come again."""
        serials = range(1, len(self._at_work(day)) + 1)
        numbers = [f"SZ-T-{day:%y%m%d}-{serial:04}" for serial in serials]
        for nth in sorted(self.chance.sample(range(len(numbers)), 2)):
            login = self._at_work(day)[nth]
            self.world.do("guo", "reports.send_back", numbers[nth], remark="下班前的时间没写")
            self.world.do(login, "reports.write", lines="1800-1810 d 补记")
            self.world.do(login, "reports.submit")
        self.world.do("guo", "reports.review", *numbers)

    def _write_again(self, day: date) -> None:
        """In the morning the supervisor returns two reports once more: what was left after they came is in them now."""
        for nth, login in enumerate(self._at_work(day)[:2], start=1):
            number = f"SZ-T-{day:%y%m%d}-{nth:04}"
            self.world.do("guo", "reports.send_back", number, remark="最后一户没写")
            self.world.do(login, "reports.submit", day=day.isoformat())
            self.world.do("guo", "reports.review", number)

    def _compile(self, day: date) -> None:
        """Compiled, compiled anew with a remark, signed twice and forwarded."""
        named = "zhao: " + ABSENT[MISSING, "zhao"] if day == MISSING else ""
        typed = {"day": day.isoformat(), "absentees": named} if named else {"day": day.isoformat()}
        number = self.world.do("guo", "supervisor_reports.compile", **typed).numbers[0]
        self.world.do("guo", "supervisor_reports.compile", day=day.isoformat(), remarks="正常")
        self.world.do("guo", "supervisor_reports.sign", number)
        self.world.do("mgr", "supervisor_reports.manager_sign", number)
        self.world.do("guo", "supervisor_reports.forward", number)
        self.summaries.append(number)

    # The register

    def _close(self) -> None:
        """Everything that differs is explained with the reconciling, but for one: the supervisor knows of that."""
        number = self.world.do("lin", "days.reconcile").numbers[0]
        papers = self._differing(number)
        said = "\n".join(f"{paper}: 明早处理" for paper in papers[1:])
        if said:
            self.world.do("lin", "days.reconcile", explanations=said)
        if papers:
            self.world.do("guo", "days.explain", number, paper=papers[0], explanation="已查")
        self.world.do("lin", "days.close", number)
        self.sheet = number

    def _close_unattended(self) -> None:
        """The program closes the day by itself, once."""
        first, again = (command(self.world, "adm", "close-day", "--unit", "SZ") for _ in range(2))
        assert (first.code, again.code, again.err) == (0, 0, ("There is no day to close.",)), (first, again)
        self.sheet = first.out.split()[0]

    def _differing(self, number: str) -> list[str]:
        with self.world.books.reading() as reading:
            row = register_days.DAYS.one(reading, number)
            assert row is not None
            return sorted({one.paper for one in register_days.differences(reading, row.id)})
