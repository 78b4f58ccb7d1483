"""`list` and `search`: the registers as data; telephones and addresses are masked as in every list (001 9.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from servicedesk.cli.cells import Cell, masked, moment, money, named, text
from servicedesk.cli.common import Session, print_json, session
from servicedesk.cli.paper_registers import PAPERS
from servicedesk.domain.calls import STATES, CallFilter, CallRow, Page
from servicedesk.domain.complaint_clocks import CLOCKS, FROM
from servicedesk.domain.complaint_lines import EscalationStepRow, LimitsRow, PriorityRow
from servicedesk.domain.complaints import PRIORITIES, SCOPES, URGENCIES
from servicedesk.domain.customers import HOLDERS, KINDS, CustomerRow
from servicedesk.domain.masking import mask_address, mask_telephone
from servicedesk.domain.people import UNIT_KINDS, StaffRow
from servicedesk.domain.registers import Wanted, visible
from servicedesk.domain.rights import ALL, OWN, ROLES, SEES_CALLS, TECHNICIAN, UNIT, Actor
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused, label, say
from servicedesk.domain.zones import ZONES

if TYPE_CHECKING:
    from servicedesk.store.session import Reading

_PAGE = 500
_MOST_CUSTOMERS = 200


@dataclass(frozen=True)
class Asked:
    """What `list` was asked for; empty means any."""

    filter: CallFilter = field(default_factory=CallFilter)
    mine: bool = False
    limit: int = 50
    view: str = ""


NAMES = ("calls", "customers", "staff", "units", "limits", "steps", "priorities", *PAPERS)


@dataclass(frozen=True)
class Register:
    """A book as the command line lists it: its columns, and how its rows are read by whom."""

    columns: Mapping[str, Cell]
    rows: Callable[[Reading, Actor, Asked, Session], Sequence[Any]]


def add_to(app: typer.Typer) -> None:
    """Put the commands into the program."""
    app.command("list")(list_command)
    app.command("search")(search)


def list_command(
    context: typer.Context,
    register: Annotated[str, typer.Argument(help=", ".join(NAMES))],
    state: Annotated[str, typer.Option(help=label("Calls in this state."))] = "",
    zone: Annotated[str, typer.Option(help=label("urban or suburban"))] = "",
    technician: Annotated[str, typer.Option(help=label("Calls of this technician."))] = "",
    service_type: Annotated[str, typer.Option("--type", help="A, B, C")] = "",
    mine: Annotated[
        bool, typer.Option("--mine", help=label("A technician's own jobs; else the calls one logged."))
    ] = False,
    view: Annotated[str, typer.Option(help=label("A named view of the register, such as late or not_remitted."))] = "",
    late: Annotated[bool, typer.Option("--late", help=label("Calls past their due time."))] = False,
    words: Annotated[str, typer.Option(help=label("Rows with these words."))] = "",
    urgent: Annotated[bool, typer.Option("--urgent", help=label("Open calls, most urgent first."))] = False,
    unit: Annotated[str, typer.Option(help=label("Of this unit alone."))] = "",
    limit: Annotated[int, typer.Option(min=1, help=label("At most so many calls or customers."))] = 50,
    as_json: Annotated[bool, typer.Option("--json", help=label("As JSON."))] = False,
    ids: Annotated[bool, typer.Option("--ids", help=label("Numbers alone, to be piped into act … -."))] = False,
) -> None:
    """List one register, newest first."""
    asked = Asked(
        CallFilter(
            unit=unit.upper(),
            state=_known("state", state, PAPERS[register].states if register in PAPERS else STATES),
            zone=_known("zone", zone, ZONES),
            service_type=_known("type", service_type.upper(), {"A": "", "B": "", "C": ""}),
            technician=technician,
            late=late,
            words=words,
            urgent=urgent or late,
        ),
        mine,
        limit,
        view,
    )
    _list(session(context), register, asked, as_json=as_json, ids=ids)


def list_register(run: Session, register: str, *, unit: str = "", as_json: bool = False) -> None:
    """List one register without a filter."""
    _list(run, register, Asked(CallFilter(unit=unit.upper())), as_json=as_json)


def _list(run: Session, register: str, asked: Asked, *, as_json: bool = False, ids: bool = False) -> None:
    if register not in NAMES:
        raise Refused(say("There is no register '{name}': {known}.", name=register, known=NAMES))
    found = REGISTERS[register] if register in REGISTERS else _of_papers(register)
    with run.signed_in() as (books, actor), books.reading() as reading:
        rows = found.rows(reading, actor, asked, run)
    if as_json:
        print_json([masked(row) for row in rows])
    elif ids:
        for row in rows:
            typer.echo(row.number)
    else:
        lines = [[cell(row, run.words) for cell in found.columns.values()] for row in rows]
        run.table(list(found.columns), lines)


def search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(help=label("Words, digits, initials."))],
    limit: Annotated[int, typer.Option(min=1, help=label("At most so many of each."))] = 20,
) -> None:
    """Calls and customers that have all the words."""
    run = session(context)
    asked = Asked(CallFilter(words=" ".join(words)), limit=limit)
    with run.signed_in() as (books, actor), books.reading() as reading:
        found = [
            (row.number, run.words(STATES[row.state]), row.customer_name, row.model_no, row.symptom)
            for row in _calls(reading, actor, asked, run)
        ]
        if not only_own(actor):
            found += [
                (row.number, run.words(KINDS[row.kind]), row.name, "", mask_address(row.address))
                for row in _customers(reading, actor, asked, run)
            ]
    run.table((label("Number"), label("State"), label("Customer"), label("Model"), label("Symptom")), found)


def _known(field: str, typed: str, options: Mapping[str, str]) -> str:
    if typed and typed not in options:
        sentence = say("'{typed}' is not one of: {options}.", typed=typed, options=tuple(options))
        raise Refused(sentence, field=field)
    return typed


def _scopes(actor: Actor) -> set[str]:
    return {SEES_CALLS[post.role] for post in actor.posts if post.role in SEES_CALLS}


def only_own(actor: Actor) -> bool:
    """Whether the posts show a technician's own jobs alone."""
    return _scopes(actor) == {OWN}


def _calls(reading: Reading, actor: Actor, asked: Asked, run: Session) -> list[CallRow]:
    """The rows of the register that this person may see (D39), page by page up to the limit."""
    from servicedesk.store import calls

    parts, now, found = _narrowed(asked, actor), run.now(), []
    place = Page(limit=min(asked.limit + 1, _PAGE))
    while True:
        rows = calls.page_of(reading, parts, place, now)
        found += rows
        if len(found) > asked.limit:
            run.say(say("There are more than these {count}: --limit gives more.", count=asked.limit))
        if len(rows) < place.limit or len(found) > asked.limit:
            return found[: asked.limit]
        place = place._replace(after=parts[0].key_of(rows[-1]))


def _narrowed(asked: Asked, actor: Actor) -> tuple[CallFilter, ...]:
    """The filter held to what the posts of this person see, unit by unit.

    Raises:
        Refused: kind "rights", for posts that see no calls or not that unit's.
    """
    wanted, scopes = asked.filter, _scopes(actor)
    if not scopes:
        raise Refused(say("Your posts do not show the call-in register."), kind="rights")
    if asked.mine:
        is_technician = actor.has(TECHNICIAN)
        wanted = replace(wanted, technician=actor.login) if is_technician else replace(wanted, logged_by=actor.login)
    parts = visible(actor, SEES_CALLS, wanted)
    if wanted.unit and UNIT in scopes and not visible(actor, SEES_CALLS, CallFilter(unit=wanted.unit)):
        raise Refused(say("Your posts do not show the calls of {unit}.", unit=wanted.unit), field="unit", kind="rights")
    return parts


def _of_papers(register: str) -> Register:
    """A register that is listed by the one mechanism of `store.registers`."""
    listed = PAPERS[register]

    def rows(reading: Reading, actor: Actor, asked: Asked, run: Session) -> Sequence[Any]:
        wanted = asked.filter
        technician = actor.login if asked.mine else wanted.technician
        view = asked.view or ("late" if wanted.late else "")
        kept = Wanted(wanted.unit, wanted.state, technician, view, wanted.words, wanted.urgent)
        return listed.read(reading, actor, kept, asked.limit, run)

    return Register(listed.columns, rows)


def _customers(reading: Reading, actor: Actor, asked: Asked, run: Session) -> list[CustomerRow]:
    from servicedesk.store import customers

    may_see_customers(actor)
    if not asked.filter.words:
        raise Refused(say("Customers are found, not listed: give --words."), field="words")
    return customers.find(reading, asked.filter.words, min(asked.limit, _MOST_CUSTOMERS))


def may_see_customers(actor: Actor) -> None:
    """Refuse, kind "rights", where no post shows the customers."""
    if not {ALL, UNIT} & _scopes(actor):
        raise Refused(say("Your posts do not show the customers."), kind="rights")


def _staff(reading: Reading, actor: Actor, asked: Asked, run: Session) -> list[StaffRow]:
    from servicedesk.store import staff

    return staff.staff_list(reading, asked.filter.unit or None)


def _units(reading: Reading, actor: Actor, asked: Asked, run: Session) -> list[UnitRow]:
    from servicedesk.store import people

    return [UnitRow(*row) for row in reading.all(people.ALL_UNITS)]


def _limits(reading: Reading, actor: Actor, asked: Asked, run: Session) -> list[LimitsRow]:
    from servicedesk.store import complaint_tables

    return [row for row in complaint_tables.all_limits(reading) if asked.filter.unit in ("", row.unit)]


def _steps(reading: Reading, actor: Actor, asked: Asked, run: Session) -> list[EscalationStepRow]:
    from servicedesk.store import complaint_clocks

    return [step for clock in CLOCKS for step in complaint_clocks.escalation_steps(reading, clock)]


def _priorities(reading: Reading, actor: Actor, asked: Asked, run: Session) -> list[PriorityRow]:
    from servicedesk.store import complaint_clocks

    return complaint_clocks.priorities(reading)


REGISTERS: Mapping[str, Register] = {
    "calls": Register(
        {
            label("Number"): text("number"),
            label("Called at"): moment("called_at"),
            label("State"): named("state", STATES),
            label("Due"): moment("judged_by"),
            label("Customer"): text("customer_name"),
            label("Telephone"): lambda row, words: mask_telephone(row.telephone),
            label("District"): text("district"),
            label("Model"): text("model_no"),
            label("Symptom"): text("symptom"),
            label("Type"): text("service_type"),
            label("Technician"): text("technician_name"),
            label("Voucher"): text("voucher"),
            label("Held"): named("voucher_holder", HOLDERS),
        },
        _calls,
    ),
    "customers": Register(
        {
            label("Number"): text("number"),
            label("Customer"): text("name"),
            label("Kind"): named("kind", KINDS),
            label("Telephones"): lambda row, words: " ".join(map(mask_telephone, row.telephones.split())),
            label("Address"): lambda row, words: mask_address(row.address) if row.address else "",
            label("Products"): text("products"),
            label("Open calls"): text("open_calls"),
        },
        _customers,
    ),
    "staff": Register(
        {
            label("Login"): text("login"),
            label("Name"): text("name"),
            label("Unit"): text("unit"),
            label("Roles"): lambda row, words: words.joined(words(ROLES[role]) for role in row.roles),
            label("Active"): lambda row, words: words(label("yes") if row.active else label("no")),
        },
        _staff,
    ),
    "units": Register(
        {
            label("Code"): text("code"),
            label("Unit"): text("name"),
            label("Kind"): named("kind", UNIT_KINDS),
            label("Time zone"): text("timezone"),
            label("Currency"): text("currency"),
        },
        _units,
    ),
    "limits": Register(
        {
            label("Unit"): text("unit"),
            label("Acknowledged within (minutes)"): text("acknowledge"),
            label("Solution within (minutes)"): text("solve"),
            label("Follow-up within (minutes)"): text("follow_up"),
            label("Follow-up counts"): named("follow_up_from", FROM),
            label("Compensation without approval up to"): money("compensation"),
            label("Can be reopened for (days)"): text("reopen_days"),
        },
        _limits,
    ),
    "steps": Register(
        {
            label("Clock"): named("clock", CLOCKS),
            label("At percent of the limit"): text("percent"),
            label("Goes to"): named("role", ROLES),
        },
        _steps,
    ),
    "priorities": Register(
        {
            label("Urgency"): named("urgency", URGENCIES),
            label("Scope of impact"): named("scope", SCOPES),
            label("Priority"): lambda row, words: words(PRIORITIES[str(row.priority)]),
            label("Person responsible"): text("owner"),
        },
        _priorities,
    ),
}
