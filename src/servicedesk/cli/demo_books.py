"""Books to try the program out and to measure it: units, people, customers, calls in every state, a history.

They go through the acts and the store as real ones do, so that numbers, search and audit log are whole. The same
`calls` and `now` always give the same books, except for what is secret in them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from servicedesk.cli import demo_words as said
from servicedesk.cli.common import DEMO
from servicedesk.domain.customers import months_later
from servicedesk.domain.people import ACTIVE

if TYPE_CHECKING:
    from servicedesk.acts.desk import Desk
    from servicedesk.store.engine import Books
    from servicedesk.store.session import Writing

SEED = 20_261_123
CUSTOMERS = 60
FOUNDER = "admin"
"""Who makes the books: the demo administrator."""

LOGIN = "chen"
"""Who is at the desk where nobody else is asked for: the clerk of Shenzhen."""

Told = Callable[[int, int], None]


class Pocket(NamedTuple):
    """A customer of the demo with the product that may need a repair."""

    unit: str
    customer: str
    name: str
    voucher: str
    model: str
    symptoms: tuple[str, ...]
    warranty_until: date | None


def build(database: str, *, calls: int = 0, now: datetime, told: Told | None = None) -> None:
    """Make demo books at an empty place.

    Args:
        database: a file's path or a PostgreSQL address; nothing may be there yet.
        calls: how many struck-off calls of the years before to add; 0 for the small set alone.
        now: aware UTC; the calls in every state lie around it.
        told: hears now and then how many of `calls` are written.
    """
    from servicedesk.cli.demo_calls import write_calls
    from servicedesk.cli.demo_history import write_history
    from servicedesk.store.migrate import open_books

    chance = Random(SEED)
    books = open_books(database)
    try:
        began = now - timedelta(days=30)
        _found(books, began)
        pockets = _customers(books, chance, began)
        if calls:
            write_history(books, chance, calls, began, told)
        write_calls(books, chance, pockets, now)
    finally:
        books.close()


def write_line(desk: Writing, facts: dict[str, str], now: datetime, act: str, **detail: Any) -> None:
    """The audit line of what was written without an act."""
    from servicedesk.store import audit

    audit.append(
        desk,
        at=now,
        actor=FOUNDER,
        holder="",
        act=act,
        outcome="done",
        numbers=(),
        request="",
        detail=detail,
        facts=facts,
    )


def _found(books: Books, now: datetime) -> None:
    """Units with calendars and districts, the staff, what the workshop has; nobody has a passphrase."""
    from servicedesk.acts.staff import add_person
    from servicedesk.acts.units import UnitEntry, open_unit
    from servicedesk.cli.demo_workshop import stock_up
    from servicedesk.store import people, staff, units

    with books.writing() as desk:
        facts = people.facts(desk)
        opened = {}
        for unit in said.UNITS:
            opened[unit.code], _ = open_unit(desk, now, UnitEntry(**unit._asdict()))
            for district, zone in said.DISTRICTS.get(unit.code, ()):
                units.set_district(desk, district, zone, opened[unit.code])
        for person in said.STAFF:
            add_person(
                desk,
                login=person.login,
                name=person.name,
                unit_id=opened[person.unit].id,
                roles=person.roles,
                os_user=None,
                language="",
                digest="",
            )
        clerk = staff.person(desk, LOGIN)
        assert clerk is not None
        stock_up(desk, opened, clerk.id, now)
        people.set_fact(desk, facts, DEMO, "yes")
        for mark in (people.PEOPLE, people.CALENDARS):
            people.moved(desk, facts, mark)
        write_line(desk, facts, now, "demo.begin", state=ACTIVE)


def _customers(books: Books, chance: Random, now: datetime) -> list[Pocket]:
    """Customers with file pockets: a product or two, vouchers, warranties, some contracts."""
    from servicedesk.acts.desk import Desk

    with books.writing() as writing:
        desk = Desk(books, writing, FOUNDER, now)
        pockets = [_customer(desk, chance, count) for count in range(CUSTOMERS)]
        write_line(writing, desk.facts, now, "demo.customers", count=len(pockets))
    return pockets


def _customer(desk: Desk, chance: Random, count: int) -> Pocket:
    from servicedesk.acts import pocket
    from servicedesk.store import tables

    unit = "HK" if count % 10 == 9 else "GZ" if count % 5 == 4 else "SZ"
    district, _ = chance.choice(said.DISTRICTS[unit])
    is_company = count % 9 == 8
    name = said.company_name(chance) if is_company else said.person_name(chance) if count else said.FIRST_CUSTOMER
    opened = pocket.open_customer(
        desk,
        name=name,
        kind="company" if is_company else "person",
        telephone=said.mobile(chance, unit),
        address=said.address(chance, unit, district),
        district=district,
        contact=said.person_name(chance) if is_company else "",
        note="只在下午在家 at home in the afternoon only" if count % 20 == 7 else "",
    )
    made = chance.choice(said.PRODUCTS)
    bought = desk.today() - timedelta(days=chance.randrange(30, 1500))
    warranty = months_later(bought, 12)
    product_id = pocket.open_product(
        desk,
        opened.id,
        made.model,
        name=made.name,
        serial_no=said.serial(chance),
        bought_on=bought,
        warranty_until=warranty,
    )
    voucher = pocket.open_voucher(desk, desk.unit(unit), product_id)
    if is_company:
        desk.store.add(
            tables.Contract,
            number=f"MC-{opened.number}",
            customer_id=opened.id,
            starts_on=desk.today() - timedelta(days=100),
            ends_on=desk.today() + timedelta(days=265),
            covers_parts=True,
            fee=120_000,
            currency=desk.unit(unit).currency,
        )
    return Pocket(unit, opened.number, name, voucher.number, made.model, made.symptoms, warranty)
