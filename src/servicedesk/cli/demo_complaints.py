"""The complaints of the demo books: received by every way, ordinary and serious, in hand, late, withdrawn, closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from servicedesk.cli.demo_workshop import DAY, UNIT

if TYPE_CHECKING:
    from servicedesk.cli.demo_books import Pocket

INCIDENT = "KFR-35GW 电源板过热 boards overheat"
"""The emergency of which two customers complain."""

DEPARTMENT, DEPUTY, MANAGER, AGENT, CLERK, SUPERVISOR = "tang", "deng", "luo", "mei", "chen", "wu"
_BEFORE = 60
"""The call came in so many minutes before the complaint, at least."""

_COMPANY = "深圳市南山区宏图伟业科技股份有限公司第三分公司后勤保障中心 Hongtu Weiye Logistics"


class Call(Protocol):
    """The story of a call, as far as it is told."""

    number: str
    card: str
    story: str
    pocket: Pocket


class Case(NamedTuple):
    """A complaint: how many working minutes ago it was received and by whom, of which call's story it speaks, what was
    typed, and which step was done how many working minutes after. `typed` of a step stands under its name."""

    age: int
    by: str
    about: str
    channel: str
    content: str
    steps: tuple[tuple[str, int], ...] = ()
    more: Mapping[str, str] = {}
    typed: Mapping[str, Mapping[str, str]] = {}


class Way(NamedTuple):
    """How a step is done: by whom, by which act, with what typed."""

    by: str
    act: str
    typed: Mapping[str, str] = {}


_ORDINARY = {"nature": "service", "urgency": "normal", "scope": "one", "gravity": "ordinary"}
WAYS: Mapping[str, Way] = {
    "acknowledge": Way(DEPARTMENT, "acknowledge"),
    "assess": Way(DEPARTMENT, "assess", _ORDINARY),
    "decide": Way(
        DEPUTY,
        "decide",
        {"decision": "decided", "words": "上门致歉，免费重修 apologise at the door, repair free of charge"},
    ),
    "assign": Way(DEPARTMENT, "assign", {"handler": SUPERVISOR}),
    "visit": Way(SUPERVISOR, "visit", {"finding": "已看现场 seen on site", "agreed": "周内办妥 settled this week"}),
    "investigate": Way(DEPARTMENT, "investigate"),
    "offer": Way(DEPARTMENT, "offer", {"measure": "repair", "solution": "免费重修并延保三个月 repaired again, free"}),
    "carry_out": Way(DEPARTMENT, "carry_out", {"carried_out": "已重修 repaired again"}),
    "tell": Way(DEPARTMENT, "tell", {"how": "telephone", "words": "已修好，请试用 it works again: please try it"}),
    "write": Way(DEPARTMENT, "tell", {"how": "letter", "words": "已查明原因，免费重修，特此致歉。"}),
    "follow_up": Way(DEPARTMENT, "follow_up", {"satisfaction": "3", "reaction": "可以了 it is all right now"}),
    "close": Way(
        DEPUTY,
        "close",
        {
            "difficulty": "hard",
            "summary": "配件装错 wrong part fitted",
            "improvement": "装前核对料号 check part numbers",
        },
    ),
    "withdraw": Way(DEPARTMENT, "withdraw", {"words": "误会已解开 it was a misunderstanding"}),
    "evidence": Way(
        DEPARTMENT, "evidence", {"lines": "通话录音三段: 客服部档案柜\n聊天截图 chat screenshots: 客服部档案柜"}
    ),
    "malicious": Way(
        MANAGER, "malicious", {"because": "三次索要现金 asked for cash three times", "legal_told": "法务 张律师"}
    ),
}

_TOLD = (("acknowledge", 20), ("assess", 50))
_IN_HAND = (*_TOLD, ("assign", 70))
_FOUND = (*_IN_HAND, ("visit", 240), ("investigate", 300))
_SOLVED = (*_FOUND, ("offer", 320))
_LATE = {
    "investigate": {"investigation": "两次改约 put off twice", "cause_class": "late", "cause": "派工太满 too many jobs"}
}
_BADLY_DONE = {
    "investigate": {
        "investigation": "问过师傅 the technician was asked",
        "cause_class": "workmanship",
        "cause": "配件装错 the wrong part was fitted",
    }
}
_SERIOUS = {"assess": {"gravity": "serious", "urgency": "high"}}
CASES: tuple[Case, ...] = (
    Case(
        6 * DAY,
        AGENT,
        "filed",
        "telephone",
        "修了两次还是一样，师傅态度也不好 repaired twice and no better",
        (
            *(*_TOLD, ("decide", 120), ("assign", 140), ("visit", DAY), ("investigate", DAY + 30), ("offer", DAY + 60)),
            *(("write", DAY + 90), ("follow_up", 2 * DAY), ("close", 2 * DAY + 30)),
        ),
        typed=_SERIOUS | _BADLY_DONE,
    ),
    Case(
        200,
        DEPARTMENT,
        "struck_off",
        "social",
        "修完当晚漏电，已发微博 gave a shock the same night",
        _TOLD,
        typed=_SERIOUS,
    ),
    Case(300, AGENT, "revisit", "email", "说好上午来，等了一天没有人 waited all day, nobody came"),
    Case(
        2 * DAY + 60,
        CLERK,
        "filed",
        "telephone",
        "改约三次 put off three times",
        (*_IN_HAND, ("investigate", 300)),
        typed=_LATE,
    ),
    Case(
        3 * DAY,
        DEPARTMENT,
        "filed",
        "chat",
        "收费和报价不一样 charged more than quoted",
        (("acknowledge", 15), ("withdraw", 200)),
    ),
    Case(
        2 * DAY,
        CLERK,
        "",
        "counter",
        "要求赔偿五万元，否则发到网上 wants 50,000 or will post it",
        (*_TOLD, ("evidence", 200), ("malicious", DAY)),
        {"customer_name": "周某 Mr Zhou", "telephone": "13900001234", "unit": UNIT},
        {"assess": {"nature": "other"}},
    ),
    Case(
        160,
        AGENT,
        "logged",
        "telephone",
        "电源板冒烟 smoke from the board",
        (("acknowledge", 10),),
        {"incident": INCIDENT},
    ),
    Case(
        140,
        DEPARTMENT,
        "",
        "chat",
        "同款空调，插头发烫 same model, the plug gets hot",
        (("acknowledge", 15),),
        {"customer_name": "Grace Chan", "telephone": "13911112222", "unit": UNIT, "model_no": "KFR-35GW"}
        | {"incident": INCIDENT},
    ),
    Case(DAY + 60, CLERK, "card", "counter", "在厂里一个星期了还没修好 a week in the workshop", _SOLVED, typed=_LATE),
    Case(
        4 * DAY,
        DEPARTMENT,
        "filed",
        "letter",
        "发票与收据金额不符 invoice and receipt differ",
        (
            *(*_IN_HAND, ("investigate", 300), ("offer", 320)),
            *(("carry_out", DAY), ("tell", DAY + 60), ("follow_up", 2 * DAY)),
        ),
        typed={
            "investigate": {"investigation": "核对票据", "cause_class": "charge", "cause": "抄错金额 copied wrongly"},
            "follow_up": {"satisfaction": "2", "reaction": "太慢 too slow"},
        },
    ),
    Case(
        DAY,
        AGENT,
        "",
        "email",
        "贵司十一月九日更换的压缩机两周内第三次停机，会议室二十余人无法办公，请书面说明原因、处理办法和完成时间。",
        _IN_HAND,
        {"customer_name": _COMPANY, "contact": "欧阳文静主任", "telephone": "075588886666", "unit": UNIT}
        | {"email": "houqin@example.com", "model_no": "KFR-35GW"},
        {"assess": {"nature": "product", "scope": "several"}},
    ),
    Case(15, AGENT, "back", "chat", "师傅弄脏了地毯 the carpet was soiled"),
)
"""Closed with a letter; with the deputy general manager; not acknowledged in time; escalated; withdrawn; malicious; an
incident of two; about a repair card; not satisfied and waiting for the visit; a long name; just received."""

Act = Callable[[str, str, Sequence[str], Mapping[str, Any], datetime], tuple[str, ...]]


class Complainant:
    """One complaint's story."""

    def __init__(self, act: Act, case: Case, call: Call | None) -> None:
        """With who does acts: login, name, numbers, what is typed, when; and the call complained of."""
        self._act, self._case, self._call = act, case, call
        self._number = ""

    def do(self, step: str, at: datetime) -> None:
        """One step, by whom the post belongs to."""
        case = self._case
        if step == "receive":
            about = "" if self._call is None else self._call.card if case.about == "card" else self._call.number
            typed = {"channel": case.channel, "received_at": at, "about": about, "content": case.content, **case.more}
            (self._number,) = self._act(case.by, "complaints.receive", [], typed, at)
            return
        way = WAYS[step]
        typed = {**way.typed, **case.typed.get(step, {})}
        self._act(way.by, f"complaints.{way.act}", [self._number], self._with_people(step, typed), at)

    def _with_people(self, step: str, typed: dict[str, Any]) -> dict[str, Any]:
        who = self._case.more.get("contact") or self._case.more.get("customer_name", "")
        who = who or ("" if self._call is None else self._call.pocket.name)
        named = {"tell": "whom", "write": "whom", "carry_out": "agreed_whom"}
        return {named[step]: who, **typed} if step in named else typed


def complaints(
    act: Act, calls: Sequence[tuple[Call, int]]
) -> Iterator[tuple[Complainant, int, tuple[tuple[str, int], ...]]]:
    """Each complaint with its age and its steps; each about another call of the unit, with its age, that was then."""
    left = [(call, age) for call, age in calls if call.pocket.unit == UNIT]
    for case in CASES:
        call = None
        if case.about:
            known = [each for each in left if each[1] >= case.age + _BEFORE]
            chosen = next((each for each in known if each[0].story == case.about), known[0])
            left.remove(chosen)
            call = chosen[0]
        yield Complainant(act, case, call), case.age, case.steps
