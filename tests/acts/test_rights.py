"""Who may do what: requirements §1.7 cell by cell, in the unit, on the own job, everywhere, as a stand-in (D40)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servicedesk.acts.act import find
from servicedesk.domain import rulebook
from servicedesk.domain.complaints import SEES_COMPLAINTS
from servicedesk.domain.rights import SEES_CALLS, Post, sees
from servicedesk.domain.rulebook import RULES
from servicedesk.domain.words import Refused
from servicedesk.store import places
from tests.acts import (
    matrix_cards,
    matrix_charges,
    matrix_complaints,
    matrix_days,
    matrix_goods,
    matrix_papers,
    matrix_parts,
    matrix_reports,
)
from tests.acts.complaining import complaint
from tests.acts.faces import REFUSED, Ran, act_by_command, everything, open_to_anybody
from tests.acts.rounds import actor, audit_lines, dispatched, head, last_audit, line, logged, refused
from tests.world import STAFF, World

ROLES = {
    "clerk": "lin",
    "agent": "ann",
    "technician": "chen",
    "supervisor": "guo",
    "branch_manager": "mgr",
    "accountant": "acc",
    "customer_department": "xu",
    "service_manager": "sm",
    "deputy_gm": "dgm",
    "analyst": "ana",
    "trainer": "tra",
    "auditor": "aud",
    "administrator": "adm",
}
"""Each role with somebody who holds it, in Shenzhen where the role belongs to a unit."""

# U the own unit's rows, A all units', O the own ones, . nobody's. The columns stand in the order of ROLES.
MATRIX = {
    #                     cle age tec sup man acc dep smg dgm ana tra aud adm
    "calls.log":          "U   A   .   U   .   .   .   .   .   .   .   .   .",
    "calls.correct":      "U   A   .   U   .   .   .   .   .   .   .   .   .",
    "calls.attach":       "U   A   .   U   .   .   .   .   .   .   .   .   .",
    "calls.reveal":       "U   A   O   U   .   U   A   A   .   .   .   .   .",
    "calls.tell":         "U   A   .   U   .   .   .   .   .   .   .   .   .",
    "calls.reschedule":   "U   A   .   U   .   .   .   .   .   .   .   .   .",
    "calls.cancel":       "U   A   .   U   .   .   .   .   .   .   .   .   .",
    "calls.pass_on":      ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "calls.pull":         "U   .   .   U   .   .   .   .   .   .   .   .   .",
    "calls.dispatch":     ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "calls.recall":       ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "calls.reassign":     ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "calls.stand_down":   ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "calls.reopen":       ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "calls.arrive":       "U   .   O   U   .   .   .   .   .   .   .   .   .",
    "calls.finish":       "U   .   O   U   .   .   .   .   .   .   .   .   .",
    "calls.come_back":    "U   .   O   U   .   .   .   .   .   .   .   .   .",
    "calls.carry_back":   "U   .   O   U   .   .   .   .   .   .   .   .   .",
    "calls.sign":         "U   .   O   U   .   .   .   .   .   .   .   .   .",
    "calls.charge":       "U   .   O   U   .   .   .   .   .   .   .   .   .",
    "calls.take_back":    "U   .   .   .   .   .   .   .   .   .   .   .   .",
    "calls.strike_off":   "U   .   .   .   .   .   .   .   .   .   .   .   .",
    "calls.file":         "U   .   .   .   .   .   .   .   .   .   .   .   .",
    "customers.enter":    "A   A   .   A   .   .   A   A   .   .   .   .   .",
    "customers.correct":  "A   A   .   A   .   .   A   A   .   .   .   .   .",
    "customers.merge":    ".   .   .   A   .   .   A   A   .   .   .   .   .",
    "products.enter":     "A   A   .   A   .   .   A   A   .   .   .   .   .",
    "products.correct":   "A   A   .   A   .   .   A   A   .   .   .   .   .",
    "contracts.enter":    "A   .   .   A   .   .   .   .   .   .   .   .   .",
    "customers.import":   ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "products.import":    ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "districts.import":   ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "contracts.import":   ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "units.enter":        ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "units.correct":      ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "units.hours":        ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "calendar.fill":      ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "calendar.set":       ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "calendar.import":    ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "districts.set":      ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "staff.enter":        ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "staff.correct":      ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "staff.reset":        ".   .   .   .   .   .   .   .   .   .   .   .   A",
    "staff.stand_in":     ".   .   .   U   .   .   .   .   .   .   .   .   A",
    "staff.absence":      ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "staff.shift":        ".   .   .   U   .   .   .   .   .   .   .   .   .",
    "staff.passphrase":   "A   A   A   A   A   A   A   A   A   A   A   A   A",
    "views.save":         "A   A   A   A   A   A   A   A   A   A   A   A   A",
    "views.drop":         "O   O   O   O   O   O   O   O   O   O   O   O   O",
    "exports.write":      "A   A   A   A   A   A   A   A   A   A   .   A   .",
    **matrix_goods.MATRIX,
    **matrix_cards.MATRIX,
    **matrix_parts.MATRIX,
    **matrix_charges.MATRIX,
    **matrix_papers.MATRIX,
    **matrix_complaints.MATRIX,
    **matrix_reports.MATRIX,
    **matrix_days.MATRIX,
}  # fmt: skip
SHOWN = {
    "clerk": "service clerk",
    "agent": "service agent",
    "technician": "technician",
    "supervisor": "service supervisor",
    "branch_manager": "branch manager",
    "accountant": "accountant",
    "customer_department": "Customer Department",
    "service_manager": "service manager",
    "deputy_gm": "deputy general manager",
    "analyst": "satisfaction analyst",
    "auditor": "auditor",
    "administrator": "administrator",
}
SEEN = "U A O U U U A A . . . . ."


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = World(database_url)
    yield made
    made.close()


def scopes(row: str) -> dict[str, str]:
    return dict(zip(ROLES, row.split(), strict=True))


WITH_PAPERS = (
    matrix_goods,
    matrix_cards,
    matrix_parts,
    matrix_charges,
    matrix_papers,
    matrix_complaints,
    matrix_reports,
    matrix_days,
)


class Papers:
    """For every act a paper of Shenzhen that is the technician chen's, one of his colleague, and one of Beijing."""

    def __init__(self, world: World) -> None:
        world.do("adm", "districts.set", name="朝阳区", zone="urban", unit="BJ")
        self.calls = (
            dispatched(world),
            dispatched(world, "liu", customer="李大海", model_no="B-1"),
            logged(world, "bjclerk", customer="钱三", address="北京市朝阳区1号", district="朝阳区", model_no="B-2"),
        )
        self.vouchers = tuple(line(world, number).voucher for number in self.calls)
        self.customers = tuple(line(world, number).customer for number in self.calls)
        self.of_books: dict[str, tuple[str, str, str]] = {}
        for matrix in WITH_PAPERS:
            self.of_books |= matrix.papers(world, self.calls)
        self.complaints = matrix_complaints.own_papers(world)
        self.views = {}
        for login in (*ROLES.values(), "liu"):
            world.do(login, "views.save", book="calls", name="mine", view="{}")
            found = world.read(places.view_named, actor(world, login).id, "calls", "mine")
            assert found is not None
            self.views[login] = found.number

    def own(self, act: str, login: str) -> tuple[str, ...]:
        """A paper that whoever holds the grant may act on: of the own unit and, where it can be, the own job."""
        return self._of(act, 0, login)

    def of_a_colleague(self, act: str) -> tuple[str, ...]:
        return self._of(act, 1, "liu")

    def of_beijing(self, act: str) -> tuple[str, ...]:
        return self._of(act, 2, "liu")

    def _of(self, act: str, which: int, owner: str) -> tuple[str, ...]:
        book = find(act).book
        if book is None:
            return ()
        papers = {
            **{name: numbers[which] for name, numbers in self.of_books.items()},
            "calls": self.calls[which],
            "customers": self.customers[which],
            "products": self.vouchers[which],
            "units": ("SZ", "SZ", "BJ")[which],
            "calendar": ("SZ", "SZ", "BJ")[which],
            "staff": ("chen", "liu", "bjclerk")[which],
            "views": self.views[owner],
        }
        if act == "complaints.visit" and which == 0:
            papers["complaints"] = self.complaints.get(owner, papers["complaints"])
        return (papers[book.name],)


def test_the_table_of_this_test_has_every_act_of_the_rule_book_and_no_other() -> None:
    assert set(MATRIX) == set(RULES)
    assert all(find(name).name == name for name in RULES)


FORBIDDEN = [(act, role) for act, row in MATRIX.items() for role, scope in scopes(row).items() if scope == "."]
PORTIONS = 4
"""Opening the books for each command takes most of the time: several workers share it."""


def no_right(act: str) -> str:
    """The sentence of every cell without a grant."""
    granted = ", ".join(SHOWN[role] for role in RULES[act].grants if role in SHOWN)
    return f"Your posts do not allow '{RULES[act].label}' here. It is for: {granted}."


def test_every_cell_without_a_grant_is_refused_with_its_sentence_and_an_audit_line(world: World) -> None:
    papers, wrong, expected = Papers(world), [], []
    before = everything(world)
    for act, role in FORBIDDEN:
        login = ROLES[role]
        numbers = papers.own(act, login)
        refusal = refused(world, login, act, *numbers)
        if refusal.kind != "rights" or str(refusal) != no_right(act):
            wrong.append((act, role, str(refusal)))
        expected.append((login, act, " ".join(numbers)))
    assert wrong == []
    assert everything(world) == before
    lines = [line for line in audit_lines(world) if line.outcome == "refused"]
    assert [(line.actor, line.act, line.numbers) for line in lines] == expected
    assert {line.holder for line in lines} == {""}


def test_the_key_of_every_cell_without_a_grant_is_grey_and_says_why(world: World) -> None:
    papers, wrong = Papers(world), []
    for act, role in FORBIDDEN:
        login = ROLES[role]
        book, numbers = find(act).book, papers.own(act, login)
        row = None if book is None else world.read(book.one, *numbers)
        said = str(rulebook.refusal(act, actor(world, login), row))
        if said != no_right(act):
            wrong.append((act, role, said))
    assert wrong == []


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_the_command_line_refuses_every_cell_without_a_grant_in_the_same_words(sqlite_url: str, portion: int) -> None:
    world = open_to_anybody(World(sqlite_url))
    papers, wrong, expected = Papers(world), [], []
    before = everything(world)
    for act, role in FORBIDDEN[portion::PORTIONS]:
        login = ROLES[role]
        numbers = papers.own(act, login)
        ran = act_by_command(world, login, act, numbers, {})
        if ran != Ran(REFUSED, "", (no_right(act),)):
            wrong.append((act, role, ran))
        expected.append((login, act, " ".join(numbers)))
    assert wrong == []
    assert everything(world) == before
    lines = [line for line in audit_lines(world) if line.outcome == "refused"]
    assert [(line.actor, line.act, line.numbers) for line in lines] == expected
    world.close()


def test_every_cell_with_a_grant_reaches_as_far_as_the_table_says(world: World) -> None:
    """What the right allows may still be refused by state or guard, but then by another sentence."""
    papers, wrong = Papers(world), []
    for act, row in MATRIX.items():
        for role, scope in scopes(row).items():
            login = ROLES[role]
            if scope == "." or not papers.own(act, login):
                continue
            actual = "".join(
                "x" if allowed(world, login, act, numbers) else "-"
                for numbers in (papers.own(act, login), papers.of_a_colleague(act), papers.of_beijing(act))
            )
            if actual != {"U": "xx-", "A": "xxx", "O": "x--"}[scope]:
                wrong.append((act, role, scope, actual))
    assert wrong == []


def allowed(world: World, login: str, act: str, numbers: tuple[str, ...]) -> bool:
    """Whether one of the person's posts grants the act on this paper."""
    book = find(act).book
    assert book is not None
    found = world.read(book.one, numbers[0])
    assert found is not None
    return RULES[act].post_of(actor(world, login), found) is not None


def test_a_grant_opens_the_door_of_the_act_itself(world: World) -> None:
    """The engine asks the same rule: with the right, and nothing entered, another sentence refuses or nothing does."""
    papers, shut = Papers(world), []
    for act, row in MATRIX.items():
        for role, scope in scopes(row).items():
            if scope == "." or act in ("views.drop", "staff.reset", "staff.passphrase"):
                continue
            try:
                world.do(ROLES[role], act, *papers.own(act, ROLES[role]))
            except Refused as refusal:
                if refusal.kind == "rights":
                    shut.append((act, role))
    assert shut == []


def test_a_clerk_of_beijing_cannot_act_on_a_line_of_shenzhen_nor_write_into_its_register(world: World) -> None:
    number = logged(world)
    assert refused(world, "bjclerk", "calls.correct", number, symptom="x", reason="y").kind == "rights"
    assert refused(world, "bjsup", "calls.dispatch", number, technician="chen").kind == "rights"
    own = logged(world, "bjclerk", customer="钱三", model_no="B-2")
    assert own.startswith("BJ-C-")
    assert line(world, own).unit == "BJ"


def test_an_agent_acts_in_every_unit_and_the_district_says_in_whose_register_the_call_stands(world: World) -> None:
    world.do("adm", "districts.set", name="朝阳区", zone="urban", unit="BJ")
    shenzhen = logged(world, "ann")
    beijing = logged(world, "ann", customer="钱三", address="北京市朝阳区1号", model_no="B-2")
    assert (shenzhen[:2], beijing[:2]) == ("SZ", "BJ")
    for number in (shenzhen, beijing):
        world.do("ann", "calls.attach", number, words="又来电")
        assert line(world, number).urges == 1


def test_who_sees_which_lines_of_the_register(world: World) -> None:
    papers = Papers(world)
    rows = [line(world, number) for number in papers.calls]
    for role, scope in scopes(SEEN).items():
        seen = "".join("x" if sees(actor(world, ROLES[role]), SEES_CALLS, row) else "-" for row in rows)
        assert seen == {"U": "xx-", "A": "xxx", "O": "x--", ".": "---"}[scope], role


def test_who_sees_which_complaints(world: World) -> None:
    own, others = Papers(world).complaints, matrix_complaints.papers(world, ("", "", ""))["complaints"]
    for role, scope in scopes(matrix_complaints.SEEN).items():
        numbers = (own.get(ROLES[role], others[0]), *others[1:])
        rows = [complaint(world, number) for number in numbers]
        seen = "".join("x" if sees(actor(world, ROLES[role]), SEES_COMPLAINTS, row) else "-" for row in rows)
        assert seen == {"U": "xx-", "A": "xxx", "O": "x--", ".": "---"}[scope], role


def test_a_technician_acts_on_the_own_job_only(world: World) -> None:
    number = dispatched(world, "liu")
    assert refused(world, "chen", "calls.arrive", number).kind == "rights"
    world.do("liu", "calls.arrive", number)
    assert refused(world, "chen", "calls.finish", number, cause="a", work="b").kind == "rights"
    assert line(world, number).state == "arrived"


# Stand-ins (D40)


def test_a_stand_in_has_the_rights_of_the_post_only_between_its_days(world: World) -> None:
    numbers = [logged(world, model_no=f"M-{count}") for count in range(3)]
    world.do("guo", "staff.stand_in", "guo", role="supervisor", stand_in="lin", begins="11-24", ends="11-25")
    assert refused(world, "lin", "calls.dispatch", numbers[0], technician="chen").kind == "rights"
    assert last_audit(world)["holder"] == ""
    for day, number in (("24", numbers[0]), ("25", numbers[1])):
        world.at(f"2026-11-{day} 23:59" if day == "25" else f"2026-11-{day} 00:00")
        world.do("lin", "calls.dispatch", number, technician="chen")
        assert (last_audit(world)["actor"], last_audit(world)["holder"]) == ("lin", "guo")
        assert actor(world, "lin").posts == (Post("clerk", "SZ"), Post("supervisor", "SZ", "guo"))
    world.at("2026-11-26 00:00")
    assert refused(world, "lin", "calls.dispatch", numbers[2], technician="chen").kind == "rights"
    world.do("guo", "calls.dispatch", numbers[2], technician="chen")
    assert (last_audit(world)["actor"], last_audit(world)["holder"]) == ("guo", "")


def test_a_stand_in_of_another_unit_acts_in_the_holders_unit_and_on_the_holders_jobs(world: World) -> None:
    number = logged(world)
    world.do("adm", "staff.stand_in", "guo", role="supervisor", stand_in="bjsup", begins="11-23", ends="11-23")
    world.do("bjsup", "calls.dispatch", number, technician="chen")
    assert last_audit(world)["holder"] == "guo"
    world.do("guo", "staff.stand_in", "chen", role="technician", stand_in="liu", begins="11-23", ends="11-23")
    world.do("liu", "calls.arrive", number)
    assert (last_audit(world)["actor"], last_audit(world)["holder"]) == ("liu", "chen")
    assert refused(world, "wu", "calls.finish", number, cause="a", work="b").kind == "rights"


def test_an_own_post_comes_before_one_stood_in_for(world: World) -> None:
    world.do("guo", "staff.stand_in", "guo", role="supervisor", stand_in="lin", begins="11-23", ends="11-23")
    number = logged(world)
    world.do("lin", "calls.attach", number)
    assert last_audit(world)["holder"] == ""


def test_what_only_the_supervisor_confirms_names_him_when_a_clerk_stands_in(world: World) -> None:
    """The clerk's own post would grant cancelling, but not of a dispatched call; nor a further entry (D40, D41)."""
    world.do("guo", "staff.stand_in", "guo", role="supervisor", stand_in="lin", begins="11-23", ends="11-23")
    number = dispatched(world)
    world.do("lin", "calls.log", caller="王小明", symptom="漏水", further_because="另一处")
    assert (last_audit(world)["actor"], last_audit(world)["holder"]) == ("lin", "guo")
    world.do("lin", "calls.cancel", number, reason="customer_withdrew")
    assert (last_audit(world)["actor"], last_audit(world)["holder"]) == ("lin", "guo")


def test_somebody_who_has_left_does_nothing_and_leaves_no_line(world: World) -> None:
    number = logged(world)
    world.do("adm", "staff.correct", "lin", active="no")
    before = head(world)
    with pytest.raises(Refused) as caught:
        world.do("lin", "calls.attach", number)
    assert caught.value.kind == "sign-in"
    assert head(world) == before


def test_everybody_of_the_table_is_a_person_of_this_world_with_that_one_post() -> None:
    assert {role: STAFF[login][1] for role, login in ROLES.items()} == {role: role for role in ROLES}
