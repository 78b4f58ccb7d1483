"""Two complaints from receipt to closing: each act by its keys and by its command, at its time; and the clock alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from tests.end_to_end.carrying import Shown, Typed
from tests.world import SHANGHAI

ORDINARY, SERIOUS = "SZ-P-261123-0001", "SZ-P-261123-0002"
CARD, CALL = "SZ-K-261120-0001", "SZ-C-261120-0001"
LETTER = "SZ-L-261125-0001"
CRON = ""
"""Who lets the clock alone act."""

HOME = {
    "guo": Shown("SZ 郭强"),
    "ann": Shown("HQ 安然"),
    "xu": Shown("HQ 徐丽"),
    "sm": Shown("HQ 沈敏"),
    "dgm": Shown("HQ 丁国民"),
}
"""What each of them sees when the desks are theirs."""
FORM = "F2 Write"
"""Stands under every form, and nowhere else."""


class Step(NamedTuple):
    """One act: on which complaint, who does it and when, by which keys and by which words after `servicedesk act`.

    A step of `CRON` has neither: it is `servicedesk tick`.
    """

    number: str
    login: str
    time: str
    keys: Sequence[str | Shown] = ()
    command: Sequence[str] = ()

    @property
    def at(self) -> datetime:
        """The moment at which every clock stands for this act."""
        return datetime.fromisoformat(f"2026-11-{self.time}").replace(tzinfo=SHANGHAI).astimezone(UTC)


def read(number: str) -> Shown:
    """A complaint's sheet is there; before it is read the title ends with the number."""
    return Shown(f"Complaint {number}   ")


def opened(number: str) -> tuple[str | Shown, ...]:
    """To a complaint's sheet from wherever one is."""
    # Typed and found: until the books have answered, other entries stand first.
    found = Shown(f" {number}\n {number}")
    return (":", Shown("A name, an act, a number"), Typed(number), found, "enter", read(number))


def queued(number: str) -> tuple[str | Shown, ...]:
    """To the desk of complaints, where the cursor stands on the line of this one."""
    return ("4", Shown(f" {number}  "))


def filled(key: str, form: str, *words: str, then: str) -> tuple[str | Shown, ...]:
    """The form behind a key, with the words of each field, empty where it is left as it is; then the page again."""
    fields = [one for word in words for one in ((Typed(word), "enter") if word else ("enter",))][:-1]
    return (key, Shown(form), *fields, "f2", Shown(then, gone=FORM))


STEPS = (
    Step(
        *(ORDINARY, "guo", "23 09:00"),
        (
            "3",
            Shown(CARD),
            *filled("B", "Product           BCD-452WDPF", "送修三天没有消息", then="Workshop: all in the shop"),
        ),
        ("complaints.receive", f"about={CARD}", "content=送修三天没有消息"),
    ),
    Step(
        *(SERIOUS, "ann", "23 09:10"),
        (
            *("1", "down", Shown(CALL)),
            *filled("B", "Product           KFR-35GW", "修了又漏, 泡坏地板", "赔偿地板", then="Call-in register"),
        ),
        ("complaints.receive", f"about={CALL}", "content=修了又漏, 泡坏地板", "remedy=赔偿地板"),
    ),
    # Half of the hour for the acknowledgement of the first.
    Step(ORDINARY, CRON, "23 09:31"),
    Step(
        *(ORDINARY, "ann", "23 09:39"),
        (*queued(ORDINARY), "space", read(ORDINARY)),
        ("complaints.take", ORDINARY),
    ),
    Step(
        *(ORDINARY, "ann", "23 09:40"),
        filled("a", "Who was told", "", "", "王太太", then="Next: grade it."),
        ("complaints.acknowledge", ORDINARY, "whom=王太太"),
    ),
    Step(SERIOUS, "ann", "23 09:55", ("space", read(SERIOUS)), ("complaints.take", SERIOUS)),
    # Two steps were due since nobody looked: the act itself lets them happen.
    Step(
        *(SERIOUS, "ann", "23 09:56"),
        filled("a", "Who was told", then="Next: grade it."),
        ("complaints.acknowledge", SERIOUS),
    ),
    Step(
        *(ORDINARY, "xu", "23 10:00"),
        (*queued(ORDINARY), *filled("e", "Scope of impact", "s", "o", "n", "o", then="no handler")),
        ("complaints.assess", ORDINARY, "nature=service", "gravity=ordinary", "urgency=normal", "scope=one"),
    ),
    Step(
        *(SERIOUS, "xu", "23 10:10"),
        (
            *("down", Shown(f" {SERIOUS}  ")),
            *filled("e", "Scope of impact", "s", "s", "h", "o", "", "", "技术部: 查漏点", then="deputy GM"),
        ),
        (
            *("complaints.assess", SERIOUS, "nature=service", "gravity=serious", "urgency=high", "scope=one"),
            "departments=技术部: 查漏点",
        ),
    ),
    Step(
        *(SERIOUS, "dgm", "23 10:30"),
        (
            *queued(SERIOUS),
            *filled("d", "Words of the deputy GM", "p", "从速查办", "售后部", then="No complaint"),
        ),
        ("complaints.decide", SERIOUS, "decision=referred", "words=从速查办", "referred_to=售后部"),
    ),
    Step(
        *(SERIOUS, "sm", "23 10:40"),
        (
            *(*queued(SERIOUS), "h", Shown("guo"), Typed("郭强"), Shown("> 郭强"), "enter"),
            *("f2", Shown("assigned, serious", gone=FORM)),
        ),
        ("complaints.assign", SERIOUS, "handler=guo"),
    ),
    Step(
        *(ORDINARY, "guo", "23 14:00"),
        (*opened(ORDINARY), *filled("h", "guo", then="Next: find the cause.")),
        ("complaints.assign", ORDINARY),
    ),
    Step(
        *(ORDINARY, "guo", "23 14:10"),
        filled("y", "Visited at", "", "", "冰箱未修", "明日送回", then="We are working on it."),
        ("complaints.visit", ORDINARY, "finding=冰箱未修", "agreed=明日送回"),
    ),
    Step(
        *(SERIOUS, "guo", "23 14:50"),
        (*queued(SERIOUS), *filled("y", "Visited at", "", "", "地板起翘", "三日内答复", then="site visits due")),
        ("complaints.visit", SERIOUS, "finding=地板起翘", "agreed=三日内答复"),
    ),
    Step(
        *(ORDINARY, "sm", "23 15:00"),
        (
            *opened(ORDINARY),
            *filled("i", "Class of the cause", "启动器缺货", "parts", "到货未登记", then="Next: offer a solution"),
        ),
        ("complaints.investigate", ORDINARY, "investigation=启动器缺货", "cause_class=parts", "cause=到货未登记"),
    ),
    Step(
        *(ORDINARY, "sm", "23 15:10"),
        filled("m", "Responsible departments", "仓库: 查到货", then="Next: the answer of a department"),
        ("complaints.involve", ORDINARY, "departments=仓库: 查到货"),
    ),
    Step(
        *(ORDINARY, "sm", "23 15:20"),
        filled("b", "仓库 has not answered", "", "周五已到货", then="Next: offer a solution"),
        ("complaints.answer", ORDINARY, "answer=周五已到货"),
    ),
    Step(
        *(ORDINARY, "sm", "23 15:30"),
        filled("s", "Offered at", "", "r", "今日修好, 明日送回", then="solution offered"),
        ("complaints.offer", ORDINARY, "measure=repair", "solution=今日修好, 明日送回"),
    ),
    Step(
        *(SERIOUS, "xu", "23 15:40"),
        (
            *(*queued(SERIOUS), "enter", read(SERIOUS)),
            *filled(
                *("i", "Class of the cause", "上门查看", "w", "排水管未接紧"), then="Next: the answer of a department"
            ),
        ),
        ("complaints.investigate", SERIOUS, "investigation=上门查看", "cause_class=workmanship", "cause=排水管未接紧"),
    ),
    Step(
        *(SERIOUS, "xu", "23 15:50"),
        filled("b", "技术部 has not answered", "", "接头未锁紧", then="Next: offer a solution"),
        ("complaints.answer", SERIOUS, "department=技术部", "answer=接头未锁紧"),
    ),
    Step(
        *(ORDINARY, "guo", "23 16:00"),
        (*opened(ORDINARY), *filled("l", "Carried out so far", "", "", "已换启动器", then="being carried out")),
        ("complaints.carry_out", ORDINARY, "carried_out=已换启动器"),
    ),
    Step(
        *(ORDINARY, "sm", "23 16:30"),
        (*opened(ORDINARY), *filled("t", "What was told", then="result told")),
        ("complaints.tell", ORDINARY, "how=telephone"),
    ),
    Step(
        *(SERIOUS, "sm", "23 16:40"),
        (
            *opened(SERIOUS),
            *filled("p", "Reason of the proposal", "800", "地板两平米", then="decides on the compensation."),
        ),
        ("complaints.propose", SERIOUS, "amount=800", "because=地板两平米"),
    ),
    Step(
        *(SERIOUS, "dgm", "24 08:50"),
        (*queued(SERIOUS), *filled("d", "地板两平米", "600", "六百为限", then="No complaint")),
        ("complaints.approve", SERIOUS, "amount=600", "words=六百为限"),
    ),
    # Half of the two days for the solution of the second; the first has its solution.
    Step(SERIOUS, CRON, "24 09:30"),
    Step(
        *(SERIOUS, "xu", "24 11:00"),
        (*queued(SERIOUS), *filled("s", "600", "", "", "", "赔偿地板六百元并重接水管", then="solution offered")),
        ("complaints.offer", SERIOUS, "measure=compensation", "amount=600", "solution=赔偿地板六百元并重接水管"),
    ),
    Step(
        *(SERIOUS, "guo", "24 15:00"),
        (
            *opened(SERIOUS),
            *filled("l", "Carried out so far", "", "", "水管已重接, 款已汇出", then="being carried out"),
        ),
        ("complaints.carry_out", SERIOUS, "carried_out=水管已重接, 款已汇出"),
    ),
    # Half of the three days for the follow-up of both.
    Step(ORDINARY, CRON, "24 21:30"),
    Step(
        *(ORDINARY, "xu", "25 09:30"),
        (*opened(ORDINARY), *filled("w", "Followed up at", "", "3", "可以", then="followed up")),
        ("complaints.follow_up", ORDINARY, "satisfaction=3", "reaction=可以"),
    ),
    Step(
        *(SERIOUS, "xu", "25 09:40"),
        (*opened(SERIOUS), *filled("t", "The letter is in", then="result told")),
        ("complaints.tell", SERIOUS),
    ),
    Step(
        *(ORDINARY, "sm", "25 10:00"),
        (*opened(ORDINARY), *filled("x", "usual", "", "到货未登记", "到货即登记", then="case closed")),
        ("complaints.close", ORDINARY, "summary=到货未登记", "improvement=到货即登记"),
    ),
    # Three quarters and the whole of the three days for the follow-up of the second.
    Step(SERIOUS, CRON, "26 09:15"),
    Step(
        *(SERIOUS, "xu", "26 09:30"),
        (*opened(SERIOUS), *filled("w", "Followed up at", "", "4", "满意", "下月回访", then="followed up")),
        ("complaints.follow_up", SERIOUS, "satisfaction=4", "reaction=满意", "plan=下月回访"),
    ),
    Step(
        *(SERIOUS, "dgm", "26 10:00"),
        (*opened(SERIOUS), *filled("x", "usual", "h", "接头未锁紧", "完工试水", then="case closed")),
        ("complaints.close", SERIOUS, "difficulty=hard", "summary=接头未锁紧", "improvement=完工试水"),
    ),
)
"""Receipt to closing of both, interleaved as the days bring it."""
