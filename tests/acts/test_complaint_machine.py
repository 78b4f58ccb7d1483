"""A state machine over complaints on both engines: what must hold after every act, holds; and each check bites."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from servicedesk.domain.rulebook import RULES
from tests.acts import complaining
from tests.acts.complaining import FOUND, GRADED, OFFERED, complaint, in_state
from tests.acts.complaint_books import check, check_numbers, snapshot
from tests.acts.complaint_cases import GUARDS, MOVES, STATES, check_cases
from tests.acts.complaint_machine import ALL_ACTS, WHO, Department
from tests.acts.machine_bites import without_guards, write
from tests.world import World

LONG = 80
"""Moves in one example."""


def run(database: str, examples: int) -> Department:
    """All examples one after another in the same books; they are the same in every run."""
    department = Department(database)
    try:
        for seed in range(examples):
            department.told.clear()
            try:
                department.play([seed] * LONG)
            except AssertionError as fault:
                fault.add_note("\n".join(department.told))
                raise
    finally:
        department.close()
    assert set(ALL_ACTS) - set(department.done) == set(), "these acts were never done"
    assert department.states == STATES
    assert department.guarded >= GUARDS.keys(), "these guards never refused anything"
    assert department.done["tick"] > 0
    return department


def test_random_acts_on_sqlite(sqlite_url: str) -> None:
    department = run(sqlite_url, 20)
    assert sum(department.done.values()) > department.refused, "most of what is tried can be done"


def test_random_acts_on_postgresql(postgres_url: str) -> None:
    run(postgres_url, 8)


@pytest.mark.parametrize("act", [name for name in ALL_ACTS if RULES[name].sources])
def test_the_rules_have_the_states_of_the_specification(act: str) -> None:
    assert RULES[act].sources == MOVES[act.partition(".")[2]].keys()


# Each check bites


@pytest.fixture
def department(sqlite_url: str) -> Iterator[Department]:
    made = Department(sqlite_url)
    yield made
    made.close()


def known(department: Department, *numbers: str) -> None:
    """The department knows of these complaints, which came about elsewhere, and so far everything holds."""
    department.mine = list(numbers)
    department.seen = department.look()
    check(department.seen, department.memory, department.now, alone=True)
    check_cases(department.seen, department.posts)
    for number in numbers:
        department.check_row(complaint(department.world, number))


def marked(world: World) -> str:
    """A malicious complaint with a department that has not answered, urged once."""
    number = complaining.investigating(world)
    world.do("xu", "complaints.urge", number, whom="郭强", words="请尽快")
    world.do("xu", "complaints.involve", number, departments="物流部: 延误")
    world.do("xu", "complaints.evidence", number, lines="录音: 服务器")
    world.do("sm", "complaints.malicious", number, because="多次", legal_told="法务")
    return number


def serious(world: World) -> str:
    """A serious complaint that is closed."""
    return complaining.closed(world, gravity="serious")


def reopened(world: World) -> str:
    """A complaint that was closed once."""
    number = complaining.closed(world)
    world.do("xu", "complaints.reopen", number, reason="又坏了")
    return number


SPOILT: dict[Callable[[World], str], tuple[str, ...]] = {
    complaining.received: (
        "complaints SET gravity = 'serious'",
        "complaint_handlings SET acknowledged_at = begun_at",
        "complaints SET round = 2, repeat_of = number",
        "complaints SET repeat_of = number",
    ),
    complaining.with_deputy: (
        "complaints SET gravity = 'ordinary'",
        "complaint_handlings SET submitted_at = NULL",
        "complaint_handlings SET decided_at = begun_at, decision = 'decided'",
    ),
    complaining.solution_offered: (
        "complaint_handlings SET compensation = 1",
        "complaint_handlings SET measure = 'compensation'",
        "complaint_handlings SET measure = 'compensation', compensation = 50001",
        "complaint_handlings SET proposed = 80000",
        "complaint_handlings SET approved_by = solution_by",
        "complaint_handlings SET cause_class = ''",
        "complaints SET handler_id = NULL",
        "complaints SET owner_id = NULL",
        "complaints SET priority = 0",
    ),
    serious: (
        "complaint_handlings SET acknowledged_at = NULL",
        "complaint_handlings SET solution_at = NULL",
        "complaint_handlings SET told_at = NULL",
        "complaint_handlings SET followed_up_at = NULL",
        "complaint_handlings SET cause_class = ''",
        "complaint_handlings SET visited_at = NULL",
        "complaint_handlings SET agreed = ''",
        "complaint_handlings SET summary = ''",
        "complaint_handlings SET decided_by = solution_by",
        "complaint_handlings SET closed_by = visited_by",
        "complaint_handlings SET satisfaction = 2",
        "complaint_handlings SET satisfaction = 1, unreconciled = '无法和解', unreconciled_by = solution_by",
        "complaint_handlings SET unreconciled = '无法和解'",
        "complaint_handlings SET told_how = 'telephone', letter = ''",
        "complaint_handlings SET letter = ''",
        "complaint_handlings SET letter = 'SZ-L-261123-0002'",
        "complaint_handlings SET told_at = '2027-01-01T00:00:00Z'",
        "complaint_handlings SET closed_at = begun_at, begun_at = '2027-01-01T00:00:00Z'",
        "letters SET nth = 2",
        "letters SET written_at = '2020-01-01T00:00:00Z'",
    ),
    marked: (
        "complaints SET urges = 2",
        "complaints SET malicious = 0",
        "complaints SET legal_told = ''",
        "complaint_events SET kind = 'help' WHERE kind = 'malicious'",
        "complaint_events SET kind = 'help' WHERE kind = 'urge'",
        "complaint_evidence SET line = 2",
        "complaint_evidence SET complaint_id = (SELECT min(id) FROM complaints)",
        "complaint_departments SET line = 2",
        "complaint_departments SET answer = '已查'",
    ),
    reopened: (
        "complaints SET repeat_of = ''",
        "complaints SET round = 1",
        "complaint_events SET kind = 'help' WHERE kind = 'reopened'",
        "complaint_handlings SET visited_at = NULL WHERE nth = 1",
        "complaint_handlings SET satisfaction = 1 WHERE nth = 1",
    ),
}
"""How a complaint comes about, and what is then written past every act."""


@pytest.mark.parametrize("brought", SPOILT, ids=lambda brought: brought.__name__)
def test_a_case_that_cannot_be_is_found(department: Department, brought: Callable[[World], str]) -> None:
    complaining.received(department.world)
    known(department, brought(department.world))
    number = department.mine[0]
    for change in SPOILT[brought]:
        what, _, where = change.partition(" WHERE ")
        of_sheet = "id" if what.startswith("complaints ") else "complaint_id"
        own = f"{of_sheet} = (SELECT id FROM complaints WHERE number = '{number}')"
        with pytest.raises(AssertionError):
            spoil(department, f"UPDATE {what} WHERE {own}{' AND ' if where else ''}{where}")
    known(department, number)


def spoil(department: Department, statement: str) -> None:
    """Write past every act and look; what is found takes the change back with it, so that the next stands alone."""
    with department.world.books.writing() as writing:
        writing.connection.execute(text(statement))
        check_cases(snapshot(writing), department.posts)


def test_an_ended_handling_that_is_changed_is_found(department: Department) -> None:
    known(department, reopened(department.world))
    write(department.world, "UPDATE complaint_handlings SET summary = '另写' WHERE nth = 1")
    with pytest.raises(AssertionError, match="frozen"):
        check(department.look(), department.memory, department.now, alone=True)


@pytest.mark.parametrize("table", ["complaints", "letters"])
def test_a_gap_in_a_series_is_found(department: Department, table: str) -> None:
    serious(department.world)
    department.world.read(check_numbers)
    write(department.world, f"UPDATE {table} SET number = replace(number, '0001', '0002')")
    with pytest.raises(AssertionError):
        department.world.read(check_numbers)


GREYED: dict[str, Callable[[World], str]] = {
    "acknowledge": complaining.assessed,
    "offer": lambda world: _graded_serious(world, complaining.solution_offered(world)),
    "propose": lambda world: _proposed(world),
    "approve": complaining.investigating,
    "resume": complaining.followed_up,
    "unreconciled": complaining.followed_up,
    "close": complaining.followed_up,
    "malicious": complaining.received,
    "answer": complaining.received,
}
"""A complaint to which each guard forbids its act."""


def _graded_serious(world: World, number: str) -> str:
    world.do("xu", "complaints.grade", number, **GRADED, gravity="serious", reason="媒体关注")
    return number


def _proposed(world: World) -> str:
    number = complaining.investigating(world)
    world.do("xu", "complaints.propose", number, amount="800", because="损失")
    return number


@pytest.mark.parametrize("name", GREYED)
def test_a_missing_guard_is_found(department: Department, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    known(department, GREYED[name](department.world))
    without_guards(monkeypatch, f"complaints.{name}")
    with pytest.raises(AssertionError, match=name):
        department.check_row(complaint(department.world, department.mine[0]))


@pytest.mark.parametrize(
    ("name", "state", "typed"),
    [
        ("close", "result_told", {"summary": "漏点未查"}),
        ("offer", "assigned", OFFERED),
        ("investigate", "solution_offered", FOUND),
        ("decide", "acknowledged", {"decision": "decided", "words": "照办"}),
    ],
)
def test_an_act_from_a_state_that_is_not_its_own_is_found(
    department: Department, monkeypatch: pytest.MonkeyPatch, name: str, state: str, typed: dict[str, str]
) -> None:
    known(department, in_state(department.world, state))
    without_guards(monkeypatch, f"complaints.{name}", sources=frozenset())
    with pytest.raises(AssertionError, match=f"complaints.{name}: {state} →"):
        department.attempt(
            department.books[0], WHO.get(name, "xu"), f"complaints.{name}", department.mine[0], dict(typed)
        )


def test_a_solution_to_a_serious_complaint_without_the_decision_is_found(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(department, GREYED["offer"](department.world))
    without_guards(monkeypatch, "complaints.offer")
    with pytest.raises(AssertionError, match="before the decision"):
        department.attempt(department.books[0], "xu", "complaints.offer", department.mine[0], dict(OFFERED))


def test_what_a_refused_act_leaves_is_found(department: Department) -> None:
    known(department, complaining.received(department.world))
    write(department.world, "UPDATE complaints SET contact = '留下'")
    with pytest.raises(AssertionError, match="leaves nothing"):
        department.attempt(department.books[0], "xu", "complaints.close", department.mine[0], {"summary": "完"})


def test_a_change_to_another_complaint_is_found(department: Department) -> None:
    known(department, complaining.received(department.world), complaining.received(department.world))
    write(department.world, f"UPDATE complaints SET contact = '他人' WHERE number = '{department.mine[1]}'")
    with pytest.raises(AssertionError, match="another complaint"):
        department.attempt(department.books[0], "xu", "complaints.add", department.mine[0], {"words": "还漏水"})


# What the machine has found


def test_serious_after_the_result_was_told_the_customer_is_told_again_by_letter(department: Department) -> None:
    world = department.world
    number = complaining.followed_up(world)
    done = world.do("xu", "complaints.grade", number, gravity="serious", reason="媒体关注")
    assert str(done.sentence) == f"{number} is serious: the customer is told by letter."
    assert done.next == ("complaints.tell",)
    assert complaint(world, number).state == "carrying_out"
    world.do("xu", "complaints.tell", number, whom="王小明", words="已修好")
    row = complaint(world, number)
    assert (row.state, row.letter) == ("result_told", "SZ-L-261123-0001")
