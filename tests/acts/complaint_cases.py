"""What must hold of the cases themselves, written down from the specification and looked up in the raw rows.

Nothing here is taken from the rule book, so that a mistake there is not repeated here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from servicedesk.domain.complaints import ComplaintRow
from tests.acts.complaint_books import ENDED, IN_HAND, Snapshot

Row = dict[str, Any]
Moves = Mapping[str, tuple[str, ...]]
"""To which states an act leads from each state from which it is possible."""

BEFORE_HANDLER = ("received", "acknowledged", "with_deputy", "case_assessed")
OPEN = BEFORE_HANDLER + IN_HAND
STATES = frozenset(OPEN + ENDED)


def unchanged(*states: str) -> dict[str, tuple[str, ...]]:
    """Possible from these states, and it stays there."""
    return {state: (state,) for state in states}


SPECIFIED: Mapping[str, Moves] = {
    "acknowledge": {"received": ("acknowledged",)},
    "assess": dict.fromkeys(("received", "acknowledged"), ("case_assessed", "with_deputy")),
    "decide": {"with_deputy": ("case_assessed",)},
    "assign": {"case_assessed": ("assigned",)},
    "visit": unchanged("assigned", "investigating", "solution_offered", "carrying_out"),
    "investigate": {"assigned": ("investigating",)},
    "offer": {"investigating": ("solution_offered",)},
    "carry_out": {"solution_offered": ("carrying_out",)},
    "tell": dict.fromkeys(("solution_offered", "carrying_out"), ("result_told",)),
    "follow_up": {"result_told": ("followed_up",)},
    "close": {"followed_up": ("case_closed",)},
    "urge": unchanged(*OPEN),
    "withdraw": dict.fromkeys(OPEN, ("withdrawn",)),
    "reopen": dict.fromkeys(ENDED, ("received",)),
    "malicious": unchanged(*OPEN),
}
"""The table of states §5.5."""

BESIDES: Mapping[str, Moves] = {
    # It may be assessed first; the customer is told all the same.
    "acknowledge": unchanged(*OPEN[1:]),
    # What is written may be written on, and another person may be named.
    "assign": unchanged(*IN_HAND),
    "investigate": unchanged("investigating"),
    "offer": unchanged("solution_offered"),
    "carry_out": unchanged("carrying_out"),
    "follow_up": unchanged("followed_up"),
    # Else one that was told before anybody called on the customer could never be closed.
    "visit": unchanged("result_told", "followed_up"),
    # "a dissatisfied answer keeps it open or is recorded 'not reconciled'"
    "resume": {"followed_up": ("investigating", "with_deputy")},
    "unreconciled": unchanged("followed_up"),
    # "amount over the limit needs the deputy GM's approval"
    "propose": unchanged("investigating"),
    "approve": unchanged("investigating"),
    # Serious: to the deputy general manager before a solution; after it was told, the letter is still to be written.
    "grade": {
        "with_deputy": ("with_deputy", "case_assessed"),
        **{state: (state, "with_deputy") for state in ("case_assessed", "assigned", "investigating")},
        **unchanged("solution_offered", "carrying_out"),
        **{state: (state, "solution_offered", "carrying_out") for state in ("result_told", "followed_up")},
    },
    **dict.fromkeys(("add", "correct", "take", "contact", "involve", "answer", "help"), unchanged(*OPEN)),
    **dict.fromkeys(("incident", "evidence"), unchanged(*OPEN)),
}
"""What the specification leaves open, and how it is read."""

MOVES: Mapping[str, Moves] = {
    act: {**BESIDES.get(act, {}), **SPECIFIED.get(act, {})} for act in SPECIFIED.keys() | BESIDES.keys()
}
"""By the act's name without its register."""

_INVESTIGATED = ("assigned_at", "investigation", "cause_class", "cause")
_OFFERED = (*_INVESTIGATED, "solution_at", "solution_by", "measure", "solution")
_TOLD = (*_OFFERED, "told_at", "told_by", "told_how", "told_whom", "told_words")
_FOLLOWED_UP = (*_TOLD, "followed_up_at", "followed_up_by", "reaction")
NEEDS: Mapping[str, tuple[str, ...]] = {
    "acknowledged": ("acknowledged_at", "acknowledged_by", "acknowledged_how"),
    "with_deputy": ("submitted_at",),
    "assigned": ("assigned_at",),
    "investigating": _INVESTIGATED,
    "solution_offered": _OFFERED,
    "carrying_out": (*_OFFERED, "agreed_at", "agreed_whom"),
    "result_told": _TOLD,
    "followed_up": _FOLLOWED_UP,
    "case_closed": (
        *_FOLLOWED_UP,
        *("acknowledged_at", "visited_at", "finding", "difficulty", "summary", "closed_at", "closed_by"),
    ),
    "withdrawn": ("withdrawn_at", "withdrawn_words"),
}
"""What must be written of the handling of a case that stands there."""

WRITERS: Mapping[str, frozenset[str]] = {
    "acknowledged_by": frozenset({"clerk", "agent", "supervisor", "customer_department", "service_manager"}),
    "decided_by": frozenset({"deputy_gm"}),
    "approved_by": frozenset({"deputy_gm"}),
    "unreconciled_by": frozenset({"service_manager"}),
    **dict.fromkeys(
        ("solution_by", "told_by", "followed_up_by"), frozenset({"customer_department", "service_manager"})
    ),
    "closed_by": frozenset({"customer_department", "service_manager", "deputy_gm"}),
}
"""Who may have written it (§1.7)."""
LIMIT = 50_000
"""The compensation that nobody need approve, in minor units; nobody changes it here."""
OFFERED = ("solution_offered", "carrying_out", "result_told", "followed_up", "case_closed")
TOLD = ("result_told", "followed_up", "case_closed")


def check_cases(books: Snapshot, posts: Mapping[int, Collection[str]]) -> None:
    """Everything that must hold of every case; `posts` has the posts of each person by his key."""
    numbers = {letter["number"]: letter for letter in books.letters.values()}
    for sheet in books.sheets.values():
        of_sheet = [row for row in books.handlings.values() if row["complaint_id"] == sheet["id"]]
        by_round = {row["nth"]: row for row in of_sheet}
        assert sorted(by_round) == list(range(1, sheet["round"] + 1)), "one handling for each round"
        present = by_round[sheet["round"]]
        _grades(sheet, present)
        _needs(sheet, present)
        _money(sheet, present)
        _lines(sheet, books)
        _malicious(sheet, books)
        for handling in of_sheet:
            _letter(handling, numbers)
            _writers(handling, posts)
            _closed(sheet, handling)


def _grades(sheet: Row, handling: Row) -> None:
    """Graded once it is assessed, with somebody who is responsible; a site handler before anything is done."""
    state = sheet["state"]
    if state not in ("received", "acknowledged", "withdrawn"):
        assert all(sheet[grade] for grade in ("nature", "urgency", "scope", "gravity", "priority", "owner_id"))
    if state == "received":
        assert sheet["gravity"] == "", "what is reopened is graded anew"
    if state in (*IN_HAND, "case_closed"):
        assert sheet["handler_id"] is not None, "every complaint has a site handler"
    if state == "with_deputy":
        assert (sheet["gravity"], handling["decided_at"]) == ("serious", None)
    assert (state == "received") <= (handling["acknowledged_at"] is None)
    assert (sheet["repeat_of"] == sheet["number"]) == (sheet["round"] > 1), "a reopened one is a repeat of itself"


def _needs(sheet: Row, handling: Row) -> None:
    """All is written that must be, in the order in which it was done."""
    state = sheet["state"]
    assert all(handling[column] for column in NEEDS.get(state, ())), (state, handling)
    assert handling["visited_at"] is None or handling["visit_declined"] or handling["agreed"]
    assert (handling["decided_at"] is None) == (handling["decision"] == "")
    known = ["solution_at"] if state in OFFERED else []
    known += ["told_at"] if state in TOLD else []
    known += ["followed_up_at"] if state in TOLD[1:] else []
    known += ["closed_at"] if state == "case_closed" else []
    moments = [handling[column].replace(second=0, microsecond=0) for column in ("begun_at", *known)]
    assert moments == sorted(moments), (state, handling)


def _money(sheet: Row, handling: Row) -> None:
    """Only a compensation has an amount, and over the limit it is approved."""
    if sheet["state"] in OFFERED:
        is_compensation = handling["measure"] == "compensation"
        assert (handling["compensation"] > 0) == is_compensation
        assert handling["compensation"] <= max(LIMIT, handling["approved"])
        assert not handling["proposed"] or handling["approved_at"] is not None, "offered while it waits for approval"


def _lines(sheet: Row, books: Snapshot) -> None:
    """Lines are numbered without a gap, urges are counted, and each reopening has its handling."""
    for rows in (books.departments, books.evidence):
        lines = sorted(row["line"] for row in rows.values() if row["complaint_id"] == sheet["id"])
        assert lines == list(range(1, len(lines) + 1))
    assert all((row["answered_at"] is None) == (row["answer"] == "") for row in books.departments.values())
    assert sheet["urges"] == _happened(books, sheet, "urge")
    assert sheet["round"] == 1 + _happened(books, sheet, "reopened")


def _malicious(sheet: Row, books: Snapshot) -> None:
    """Malicious only with evidence, and with the legal side told."""
    assert _happened(books, sheet, "malicious") == sheet["malicious"]
    assert bool(sheet["malicious_because"]) == bool(sheet["legal_told"]) == sheet["malicious"]
    if sheet["malicious"]:
        assert any(row["complaint_id"] == sheet["id"] for row in books.evidence.values())


def _letter(handling: Row, numbers: Mapping[str, Row]) -> None:
    """Who was told by letter has one, and the letter is about this handling."""
    assert (handling["told_how"] == "letter") == (handling["letter"] != "")
    if handling["letter"]:
        letter = numbers.get(handling["letter"])
        assert letter is not None, handling["letter"]
        assert (letter["complaint_id"], letter["nth"]) == (handling["complaint_id"], handling["nth"])
        assert letter["written_at"] == handling["told_at"]


def _writers(handling: Row, posts: Mapping[int, Collection[str]]) -> None:
    """Nobody wrote what is not his."""
    for column, allowed in WRITERS.items():
        person = handling[column]
        assert person is None or not allowed.isdisjoint(posts[person]), (column, person)


def _closed(sheet: Row, handling: Row) -> None:
    """Acknowledged, told, followed up, called on, its cause known, reconciled or closed as not reconciled."""
    if handling["closed_at"] is not None:
        done = ("acknowledged_at", "told_at", "followed_up_at", "visited_at", "cause_class")
        assert all(handling[column] for column in done), handling
        assert handling["satisfaction"] not in (1, 2) or (handling["unreconciled"] and handling["unreconciled_by"])
    assert bool(handling["unreconciled"]) == (handling["unreconciled_by"] is not None)
    if sheet["gravity"] == "serious" and sheet["state"] in TOLD and handling["nth"] == sheet["round"]:
        assert handling["letter"], "the result of a serious complaint is told by letter"


def _happened(books: Snapshot, sheet: Row, kind: str) -> int:
    return sum(row["complaint_id"] == sheet["id"] and row["kind"] == kind for row in books.events.values())


def check_step(act: str, before: Row, handling: Row, after: Row) -> None:
    """One act on a sheet whose present handling stood so led where the specification says."""
    name, was, now = act.partition(".")[2], before["state"], after["state"]
    assert now in MOVES[name].get(was, ()), f"{act}: {was} → {now}"
    assert after["version"] == before["version"] + 1
    assert after["round"] == before["round"] + (name == "reopen")
    is_serious, is_undecided = after["gravity"] == "serious", handling["decided_at"] is None
    if name == "assess":
        assert (now == "with_deputy") == is_serious, "a serious one is with the deputy general manager at once"
    if name == "grade" and was not in OFFERED:
        assert (now == "with_deputy") == (is_serious and is_undecided)
    if name == "resume":
        assert (now == "with_deputy") == (is_serious and is_undecided)
    if name == "offer":
        assert not (is_serious and is_undecided), "a solution to a serious complaint before the decision"
    if name not in ("assess", "grade", "reopen"):
        assert after["gravity"] == before["gravity"]


def check_facts(row: ComplaintRow, books: Snapshot) -> None:
    """What guards read of a sheet are the rows that there are."""
    asked = [line for line in books.departments.values() if line["complaint_id"] == row.id]
    listed = [line for line in books.evidence.values() if line["complaint_id"] == row.id]
    waiting = [line for line in asked if line["answered_at"] is None]
    assert (row.departments, row.unanswered, row.evidence) == (len(asked), len(waiting), len(listed))


GUARDS: Mapping[str, Callable[[ComplaintRow], bool]] = {
    "acknowledge": lambda row: row.acknowledged_at is None,
    "offer": lambda row: (
        (row.gravity != "serious" or row.decided_at is not None)
        and row.cause_class != ""
        and not (row.proposed > 0 and row.approved_at is None)
    ),
    "propose": lambda row: not (row.proposed > 0 and row.approved_at is None),
    "approve": lambda row: row.proposed > 0 and row.approved_at is None,
    "resume": lambda row: row.satisfaction in (1, 2),
    "unreconciled": lambda row: row.satisfaction in (1, 2),
    "close": lambda row: (
        row.acknowledged_at is not None
        and row.visited_at is not None
        and row.cause_class != ""
        and (row.satisfaction not in (1, 2) or row.unreconciled != "")
    ),
    "malicious": lambda row: row.evidence > 0 and not row.malicious,
    "answer": lambda row: row.unanswered > 0,
}
"""What must hold besides right and state, for whoever may do it to every complaint."""


def possible(name: str, row: ComplaintRow) -> bool:
    """Whether somebody who may do it to any complaint can do it to this one now; the act without its register."""
    guard = GUARDS.get(name)
    return row.state in MOVES[name] and (guard is None or guard(row))
