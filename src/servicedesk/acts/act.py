"""The small engine: an act is declared once, and `perform` does it in one write transaction (design §3)."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from servicedesk.acts.desk import Book, Desk, Look
from servicedesk.acts.entry import Entry, asks, read_typed, validate
from servicedesk.domain.rights import Rule, require
from servicedesk.domain.rulebook import RULES, STATES
from servicedesk.domain.words import Refused, RefusedFields, Sentence, say

if TYPE_CHECKING:
    from servicedesk.store.engine import Books

E_ = TypeVar("E_", bound=Entry)

MODULES: Mapping[str, tuple[str, ...]] = {
    "calls": ("calls.log", "calls.dispatch", "calls.on_site", "calls.carrying", "calls.closing", "calls.corrections"),
    "goods": ("goods",),
    "receipts": ("receipts",),
    "cards": ("cards.bench", "cards.clock", "cards.parts", "cards.estimates", "cards.assistance", "cards.returning"),
    "parts": ("parts",),
    "requisitions": ("parts",),
    "loans": ("loans",),
    "custody": ("custody",),
    "charges": ("charges.cash", "charges.invoices", "charges.changes"),
    "reports": ("reports.writing", "reports.reviewing"),
    "supervisor_reports": ("reports.supervising",),
    "days": ("days",),
    "complaints": (
        "complaints.receiving",
        "complaints.assessing",
        "complaints.solving",
        "complaints.telling",
        "complaints.watching",
        "complaints.keeping",
    ),
    "tariff": ("tariff",),
    "papers": ("papers",),
    "job_sheets": ("papers",),
    "customers": ("customers",),
    "products": ("products",),
    "contracts": ("products",),
    "customers.import": ("imports",),
    "products.import": ("imports",),
    "contracts.import": ("imports",),
    "districts.import": ("imports",),
    "parts.import": ("imports",),
    "districts": ("units",),
    "units": ("units",),
    "calendar": ("units",),
    "staff": ("staff",),
    "views": ("views",),
    "exports": ("exports",),
}
"""Where beneath `servicedesk.acts` the acts of each register are declared, those that are asked for most before others;
a name `calls.log` is looked up whole, else by its first word."""


@dataclass(frozen=True)
class Target:
    """A paper to act on; the version is what the person saw (None: whatever it is now)."""

    number: str
    version: int | None = None


@dataclass(frozen=True)
class Done:
    """What an act did: the sentence to show, the numbers it gave, and the acts that are natural next."""

    sentence: Sentence
    numbers: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    already: bool = False


@dataclass(frozen=True)
class Prepared:
    """What is known before saving.

    An act's prepare gives `derived` (values for fields left empty), `rewritten` (values that replace what
    was typed: a chosen product becomes model and serial), the promise and other sentences, and the open
    call that a new one would repeat; `known` is handed to the act's function as `desk.known`. `values` is all
    of it merged with what was typed.
    """

    derived: Mapping[str, Any] = field(default_factory=dict)
    rewritten: Mapping[str, Any] = field(default_factory=dict)
    promise: tuple[Sentence, ...] = ()
    notes: tuple[Sentence, ...] = ()
    same: str = ""
    known: Any = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def overruled(self, name: str) -> bool:
        """Whether the person entered another value than the program knew."""
        return name in self.derived and self.values.get(name) != self.derived[name]


Prepare = Callable[[Look, Sequence[Any], Mapping[str, Any]], Prepared]
Check = Callable[[Desk, Sequence[Any], Any], None]
Ahead = Callable[["Books", str, Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Act(Generic[E_]):
    """One thing people do to the books; `book` is the register whose rows it acts on."""

    name: str
    entry: type[E_]
    function: Callable[[Desk, Sequence[Any], E_], Done]
    book: Book | None = None
    prepare: Prepare | None = None
    checks: tuple[Check, ...] = ()
    many: bool = False
    secret: bool = False
    ahead: Ahead | None = None

    @property
    def rule(self) -> Rule:
        """Its row in the rights matrix and the state machine."""
        return RULES[self.name]


ACTS: dict[str, Act[Any]] = {}


def act(
    name: str,
    entry: type[E_],
    *,
    book: Book | None = None,
    prepare: Prepare | None = None,
    checks: Sequence[Check] = (),
    many: bool = False,
    secret: bool = False,
    ahead: Ahead | None = None,
) -> Callable[[Callable[[Desk, Sequence[Any], E_], Done]], Act[E_]]:
    """Declare an act over the function that does it.

    Args:
        name: its name in the rule book and in the audit log.
        entry: what is asked, in paper order.
        book: the register of the rows it acts on; None for acts that need no row.
        prepare: fills in what is known, on screen and again in `perform`.
        checks: refusals that need the transaction; each raises `Refused`.
        many: whether one act may take many rows, all or none.
        secret: whether what was entered stays out of the audit log.
        ahead: what takes long and is worked out before the others are kept waiting, from the login and what was
            typed; the function finds it as `desk.ahead`.
    """

    def declare(function: Callable[[Desk, Sequence[Any], E_], Done]) -> Act[E_]:
        declared = Act(name, entry, function, book, prepare, tuple(checks), many, secret, ahead)
        ACTS[name] = declared
        return declared

    return declare


def find(name: str) -> Act[Any]:
    """The act of this name.

    Raises:
        Refused: when there is none.
    """
    for module in MODULES.get(name, MODULES.get(name.partition(".")[0], ())):
        if name not in ACTS:  # a module takes some milliseconds to import, and the form waits for it
            _import(module)
    if name not in ACTS:
        raise Refused(say("There is no act '{name}': 'servicedesk acts' lists them.", name=name))
    return ACTS[name]


def all_acts() -> list[Act[Any]]:
    """Every act, in the order of the rule book."""
    for modules in MODULES.values():
        for module in modules:
            _import(module)
    return [ACTS[name] for name in RULES if name in ACTS]


def _import(module: str) -> None:
    importlib.import_module(f"servicedesk.acts.{module}")


def prepare(
    books: Books, login: str, act: Act[Any], targets: Sequence[Target], typed: Mapping[str, Any], now: datetime
) -> Prepared:
    """What the form shows before saving; reads only.

    Raises:
        RefusedFields: when typed words cannot be read.
    """
    with books.reading() as reading:
        look = Look(books, reading, login, now)
        rows = load(look, act, targets)
        return fill(look, act, rows, typed)


def perform(
    books: Books,
    login: str,
    act: Act[Any],
    targets: Sequence[Target] = (),
    typed: Mapping[str, Any] | None = None,
    *,
    request: str,
    now: datetime,
) -> Done:
    """Do the act: all of it in one transaction, or nothing.

    Args:
        books: the open books.
        login: who acts; rights are read anew inside the transaction.
        act: what is done.
        targets: the papers it is done to, with the versions the person saw.
        typed: what was entered, as typed words or as values.
        request: the form's own number; a second call with it answers "already saved".
        now: aware UTC.

    Raises:
        Refused: with the rule's sentence; nothing is left behind but, for lack of rights, an audit line.
    """
    ahead = act.ahead(books, login, typed or {}) if act.ahead is not None else None
    try:
        with books.writing() as writing:
            desk = Desk(books, writing, login, now)
            saved = desk.saved(request)
            if saved is not None:
                return Done(say("Already saved as {numbers}.", numbers=" ".join(saved)), saved, already=True)
            return carry_out(desk, act, targets, typed or {}, request, ahead)
    except Refused as refused:
        if refused.kind == "rights":
            note_refusal(books, login, act.name, [target.number for target in targets], now, refused)
        raise


def carry_out(
    desk: Desk, act: Act[Any], targets: Sequence[Target], typed: Mapping[str, Any], request: str, ahead: Any = None
) -> Done:
    """The act inside a running transaction; whoever rolls it back has rehearsed it."""
    if ahead is None and act.ahead is not None:
        ahead = act.ahead(desk.books, desk.actor.login, typed)
    desk.ahead = ahead
    rows = load(desk, act, targets)
    for row in rows or [None]:
        desk.post = require(act.rule, STATES, desk.actor, row)
    filled = fill(desk, act, rows, typed)
    desk.known = filled.known
    because(act, filled)
    entry = validate(act.entry, filled.values)
    for check in act.checks:
        check(desk, rows, entry)
    done = act.function(desk, rows, entry)
    numbers = done.numbers or tuple(target.number for target in targets)
    desk.saved_as(request, act.name, numbers)
    entered = (
        {} if act.secret else {name: value for name, value in entry.model_dump().items() if value not in (None, "")}
    )
    desk.write_audit(act.name, numbers, request, {"entered": entered, "changed": desk.changes})
    return Done(done.sentence, numbers, done.next)


def load(look: Look, act: Act[Any], targets: Sequence[Target]) -> list[Any]:
    """The rows to act on, as they stand now.

    Raises:
        Refused: for an unknown number, kind "changed" for a version that has moved on.
    """
    if act.book is None:
        return []
    if not targets:
        raise Refused(say("'{act}' needs the number of a paper.", act=Sentence(act.rule.label)))
    if len(targets) > 1 and not act.many:
        raise Refused(say("'{act}' takes one paper at a time.", act=Sentence(act.rule.label)))
    rows = []
    for target in targets:
        row = act.book.one(look.store, target.number)
        if row is None:
            raise Refused(say("There is no {number} in the books.", number=target.number))
        if target.version is not None and row.version != target.version:
            raise Refused(act.book.moved_on(look, row), kind="changed")
        rows.append(row)
    return rows


def fill(look: Look, act: Act[Any], rows: Sequence[Any], typed: Mapping[str, Any]) -> Prepared:
    """Read what was typed and let the act fill in what is known; typed words win over derived ones."""
    values = read_typed(act.entry, typed, look)
    if act.prepare is None:
        return Prepared(values=values)
    known = act.prepare(look, rows, values)
    return replace(known, values={**known.derived, **values, **known.rewritten})


def because(act: Act[Any], filled: Prepared) -> None:
    """Ask for the reason where a derived value was overruled.

    Raises:
        RefusedFields: on the field that holds the reason.
    """
    known = asks(act.entry)
    for name, ask in known.items():
        if ask.because and filled.overruled(ask.because) and not filled.values.get(name):
            shown = Sentence(known[ask.because].label)
            raise RefusedFields({name: say("{field} was changed by hand: say why.", field=shown)})


def note_refusal(books: Books, login: str, act: str, numbers: Sequence[str], now: datetime, refused: Refused) -> None:
    """Write the audit line of a refusal for lack of rights, in a transaction of its own."""
    with books.writing() as writing:
        desk = Desk(books, writing, login, now)
        desk.write_audit(act, tuple(numbers), "", {"refused": str(refused)}, outcome="refused")
