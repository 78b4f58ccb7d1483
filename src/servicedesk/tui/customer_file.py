"""What a customer's file lists: each kind of record from its own register, as far as the person's posts see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from servicedesk.domain import calls, charges, complaints, goods, repair_cards
from servicedesk.domain.calls import CallFilter
from servicedesk.domain.calls import Page as StorePage
from servicedesk.domain.customers import HOLDERS, Cover, CustomerRow
from servicedesk.domain.money import show_amount
from servicedesk.domain.numbering import short
from servicedesk.domain.registers import Wanted
from servicedesk.domain.rights import SEES_CALLS, sees
from servicedesk.domain.words import label, say
from servicedesk.locales import Words
from servicedesk.tui.call_lines import TYPES
from servicedesk.tui.columns import Column
from servicedesk.tui.linked import open_paper
from servicedesk.tui.registers import Seen, of_the_store, seen_by
from servicedesk.tui.screens.paper import side_by_side

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.tui.app import ServiceDesk

FIRST_READ = 50
"""So many of each kind are read when a file is opened; more when somebody goes on, or searches."""
PRODUCTS_ON_TOP = 5


class Kind(NamedTuple):
    """A kind of record: `rows` are a customer's newest, no more than asked for; `sees` its row of requirements §1.7.

    `at` is when it came about, None for what stands above everything that has a time; `what` and `stands` are its
    columns, `full` is the line in full; `about` is the number by which a complaint names it.
    """

    name: str
    label: str
    one: str
    key: str
    rows: Callable[[Look, CustomerRow, int], Sequence[Any]]
    at: Callable[[Any], datetime | None]
    what: Callable[[Seen, Any], str]
    stands: Callable[[Seen, Any], str]
    full: Callable[[Seen, Any], Sequence[str]]
    opens: Callable[[ServiceDesk, Any], object]
    is_open: Callable[[Any], bool]
    sees: Mapping[str, str] | None = None
    about: Callable[[Any], str] = lambda row: str(row.number)
    on_top: int = 0


class Line(NamedTuple):
    """A line of the file, said where it was read."""

    kind: Kind
    row: Any
    cells: tuple[str, ...]
    full: tuple[str, ...]

    @property
    def key(self) -> tuple[str, int]:
        """What names it."""
        return self.kind.name, self.row.id

    def holds(self, typed: str) -> bool:
        """Whether all that was typed stands somewhere in it."""
        text = " ".join((*self.cells, *self.full)).casefold()
        return all(word in text for word in typed.casefold().split())


class File(NamedTuple):
    """What was read of a file; `is_whole` where there is nothing older."""

    cover: Cover
    lines: list[Line]
    is_whole: bool


def read_file(look: Look, words: Words, number: str, kinds: Sequence[Kind], typed: str, most: int) -> File | None:
    """The newest lines of these kinds, `most` of each, those that hold what was typed; runs in the reader's thread.

    Where older ones of one kind are left, the lines of the others end at the same time, so that none is passed over.
    """
    from servicedesk.store import customers

    cover = customers.cover(look.store, number)
    if cover is None:
        return None
    found: list[tuple[Kind, Any]] = []
    ends: datetime | None = None
    is_whole = True
    for kind in kinds:
        on_top = kind.on_top if len(kinds) > 1 and not typed else 0
        rows = kind.rows(look, cover.customer, on_top or most)
        found += [(kind, row) for row in rows if kind.sees is None or sees(look.actor, kind.sees, row)]
        if len(rows) == most and not on_top:
            is_whole = False
            last = kind.at(rows[-1])
            ends = last if ends is None or (last is not None and last > ends) else ends
    seen = seen_by(look, words, list(dict.fromkeys(row.unit for _, row in found if row.unit)))
    dated = [(kind.at(row), _line(seen, kind, row)) for kind, row in found]
    kept = [(at, line) for at, line in dated if at is None or ends is None or at >= ends]
    top = [line for at, line in kept if at is None]
    rest = sorted(
        ((at, line.key, line) for at, line in kept if at is not None), key=lambda each: each[:2], reverse=True
    )
    lines = [*top, *(line for _, _, line in rest)]
    return File(cover, [line for line in lines if line.holds(typed)], is_whole)


def _line(seen: Seen, kind: Kind, row: Any) -> Line:
    at = kind.at(row)
    day = "" if at is None else f"{at.astimezone(seen.words.zone):%Y-%m-%d}"
    cells = (short(row.number), day, seen.words(kind.one), kind.what(seen, row), kind.stands(seen, row))
    return Line(kind, row, cells, tuple(kind.full(seen, row)))


def columns(words: Words) -> tuple[Column[Line], ...]:
    """The columns of the file."""
    return (
        Column("number", f" {words(label('No.'))}", 12, lambda line: f" {line.cells[0]}"),
        Column("at", words(label("Date")), 10, lambda line: line.cells[1]),
        Column("kind", words(label("Kind")), 11, lambda line: line.cells[2]),
        Column("what", words(label("What it is")), 14, lambda line: line.cells[3], flexible=True),
        Column("stands", words(label("Now")), 23, lambda line: line.cells[4]),
    )


# The kinds


def _of_register(register: str, look: Look, customer: CustomerRow, most: int) -> list[Any]:
    wanted = Wanted(more=(("customer", customer.number),))
    found: list[Any] = of_the_store(register).page(look.store, [wanted], StorePage(limit=most), look.now)
    return found


def _calls(look: Look, customer: CustomerRow, most: int) -> list[Any]:
    from servicedesk.store import calls

    return list(calls.page(look.store, CallFilter(customer=customer.number), StorePage(limit=most), look.now))


def _products(look: Look, customer: CustomerRow, most: int) -> list[Any]:
    from servicedesk.store import customers

    return list(customers.newest_products(look.store, customer.id, most))


def _product(seen: Seen, row: Any) -> str:
    return side_by_side(row.model_no, row.name, row.serial_no)


def _job(seen: Seen, row: Any) -> str:
    return side_by_side(row.model_no, row.symptom)


def _article(seen: Seen, row: Any) -> str:
    return side_by_side(row.model_no, row.product_name, row.accessories)


def _warranty(seen: Seen, row: Any) -> str:
    until = row.warranty_until
    if until is None:
        return seen.words(HOLDERS.get(row.holder, row.holder))
    return seen.words(say("warranty to {day}", day=until))


def _product_full(seen: Seen, row: Any) -> Sequence[str]:
    words = seen.words
    bought = words(say("bought on {day}", day=row.bought_on)) if row.bought_on is not None else ""
    called = words(say("open: {number}", number=short(row.open_call))) if row.open_call else ""
    holder = words.joined(filter(None, (row.voucher, words(HOLDERS.get(row.holder, row.holder)), row.holder_name)))
    return side_by_side(row.model_no, row.name, row.serial_no, called), side_by_side(holder, bought, row.bought_from)


def _call_full(seen: Seen, row: Any) -> Sequence[str]:
    words = seen.words
    return (
        side_by_side(row.number, row.caller, seen.telephone(row), words(TYPES[row.service_type]), row.technician_name),
        side_by_side(row.model_no, row.product_name, row.serial_no, row.symptom, row.remarks),
    )


def _card_full(seen: Seen, row: Any) -> Sequence[str]:
    kind = seen.words(TYPES[row.service_type])
    return (
        side_by_side(row.number, row.call, kind, row.technician_name, row.serial_no),
        side_by_side(row.symptom, row.found, row.work),
    )


def _goods_full(seen: Seen, row: Any) -> Sequence[str]:
    return (
        side_by_side(row.number, row.call, row.receipt, row.card, row.serial_no),
        side_by_side(row.accessories, row.technician_name, row.remarks),
    )


def _charge_full(seen: Seen, row: Any) -> Sequence[str]:
    kind = seen.words(TYPES[row.service_type])
    return (
        side_by_side(row.number, kind, row.card, row.technician_name),
        side_by_side(row.invoice_no, row.invoice_title, row.tax_no, row.reason),
    )


def _complaint_full(seen: Seen, row: Any) -> Sequence[str]:
    words = seen.words
    graded = (complaints.NATURES.get(row.nature, ""), complaints.GRAVITIES.get(row.gravity, ""))
    return (
        side_by_side(row.number, row.contact, *map(words, graded), row.handler_name or row.owner_name),
        side_by_side(row.content, row.remedy),
    )


def _open_product(desk: ServiceDesk, row: Any) -> None:
    if row.open_call:
        desk.open_call(row.open_call)
    else:
        desk.tell(say("No call is open for {voucher}.", voucher=row.voucher))


def _open_charge(desk: ServiceDesk, row: Any) -> None:
    from servicedesk.tui.screens.money import ChargeScreen

    desk.push_screen(ChargeScreen(row.number))


def _open(desk: ServiceDesk, row: Any) -> None:
    open_paper(desk, row.number)


KINDS: tuple[Kind, ...] = (
    Kind(
        name="products",
        label=label("Products"),
        one=label("product"),
        key="o",
        rows=_products,
        at=lambda row: None,
        what=_product,
        stands=_warranty,
        full=_product_full,
        opens=_open_product,
        is_open=lambda row: True,
        on_top=PRODUCTS_ON_TOP,
    ),
    Kind(
        name="calls",
        label=label("Calls"),
        one=label("call"),
        key="C",
        rows=_calls,
        at=lambda row: row.called_at,
        what=_job,
        stands=lambda seen, row: seen.words(calls.STATES[row.state]),
        full=_call_full,
        opens=lambda desk, row: desk.open_call(row.number),
        is_open=lambda row: row.state in calls.OPEN,
        sees=SEES_CALLS,
    ),
    Kind(
        name="cards",
        label=label("Repair cards"),
        one=label("repair card"),
        key="K",
        rows=partial(_of_register, "repair_cards:CARDS"),
        at=lambda row: row.opened_at,
        what=_job,
        stands=lambda seen, row: seen.words(repair_cards.STATES[row.state]),
        full=_card_full,
        opens=_open,
        is_open=lambda row: row.state in repair_cards.IN_THE_SHOP,
        sees=repair_cards.SEES_CARDS,
    ),
    Kind(
        name="goods",
        label=label("Goods"),
        one=label("goods line"),
        key="w",
        rows=partial(_of_register, "goods:GOODS"),
        at=lambda row: row.came_in_at,
        what=_article,
        stands=lambda seen, row: seen.words(goods.STATES[row.state]),
        full=_goods_full,
        opens=_open,
        is_open=lambda row: row.state != goods.OUT,
        sees=goods.SEES_GOODS,
        about=lambda row: str(row.call),
    ),
    Kind(
        name="charges",
        label=label("Charges"),
        one=label("charge"),
        key="I",
        rows=partial(_of_register, "charges:CHARGES"),
        at=lambda row: row.done_at,
        what=lambda seen, row: side_by_side(show_amount(row.amount, row.currency), row.invoice_no),
        stands=lambda seen, row: seen.words(charges.STATES[row.state]),
        full=_charge_full,
        opens=_open_charge,
        is_open=lambda row: bool(row.urgent),
        sees=charges.SEES_CHARGES,
    ),
    Kind(
        name="complaints",
        label=label("Complaints"),
        one=label("complaint"),
        key="l",
        rows=partial(_of_register, "complaints:COMPLAINTS"),
        at=lambda row: row.received_at,
        what=lambda seen, row: str(row.content),
        stands=lambda seen, row: seen.words(complaints.STATES[row.state]),
        full=_complaint_full,
        opens=_open,
        is_open=lambda row: row.state in complaints.OPEN,
        sees=complaints.SEES_COMPLAINTS,
        about=lambda row: str(row.call or row.voucher),
    ),
)
"""The kinds of record in the order of a day's work; each is reached by its key."""
