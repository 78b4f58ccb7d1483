"""Lookups of forms: from a fragment to lines to choose from, or to the one key that is meant.

The value of a choice is the public key (customer number, voucher number, login, code), never a row's id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from servicedesk.acts.desk import Look
from servicedesk.domain.customers import HOLDERS, CustomerRow, ProductRow
from servicedesk.domain.masking import mask_address, mask_telephone
from servicedesk.domain.money import show_amount
from servicedesk.domain.rights import ALL, SEES_CLEAR, TECHNICIAN, UNIT
from servicedesk.domain.telephones import grouped
from servicedesk.domain.words import Refused, Sentence, say
from servicedesk.domain.zones import ZONES

MOST = 9
"""So many lines stand under a field."""

_NAMED = 3
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Choice:
    """A line to choose: the value the entry holds, what is read, and what helps to tell it from others."""

    value: str
    text: str
    detail: Sentence | str = ""


Find = Callable[[Look, str, Mapping[str, Any]], list[Choice]]


@dataclass(frozen=True)
class Lookup:
    """`find` gives the lines for what is typed; `resolve` the one value meant, else it refuses."""

    find: Find
    resolve: Callable[[Look, str, Mapping[str, Any]], str]


def resolved(look: Look, lookup: str, field: str, typed: str, values: Mapping[str, Any]) -> str:
    """The value meant by what was typed into a field; an empty field stays empty.

    Raises:
        Refused: on the field, naming up to three that it may mean.
    """
    if not typed:
        return ""
    try:
        return LOOKUPS[lookup].resolve(look, typed, values)
    except Refused as refused:
        raise Refused(refused.sentence, field=field, kind="field") from None


def _resolving(find: Find) -> Lookup:
    def resolve(look: Look, typed: str, values: Mapping[str, Any]) -> str:
        wanted = typed.strip()
        found = find(look, wanted, values)
        by_key = [choice for choice in found if choice.value.casefold() == wanted.casefold()]
        by_name = [choice for choice in found if choice.text.partition(_GAP)[0].casefold() == wanted.casefold()]
        for meant in (by_key, by_name, found):
            if len(meant) == 1:
                return meant[0].value
        if not found:
            raise Refused(say("“{typed}” is not found: type another part of it.", typed=wanted), kind="field")
        named = tuple(f"{choice.value} {choice.text}".strip() for choice in found[:_NAMED])
        raise Refused(
            say("“{typed}” may be several: {named}. Type more of it, or its number.", typed=wanted, named=named),
            kind="field",
        )

    return Lookup(find, resolve)


def _customers(look: Look, typed: str, values: Mapping[str, Any]) -> list[Choice]:
    from servicedesk.store import customers

    return [_customer_choice(look, row) for row in customers.find(look.store, typed, MOST)]


def _customer_choice(look: Look, row: CustomerRow) -> Choice:
    telephone, _, _ = row.telephones.partition(" ")
    # Customers belong to no unit: who may see those of a unit in full sees these.
    if any(SEES_CLEAR.get(post.role) in (UNIT, ALL) for post in look.actor.posts):
        shown = (row.name, grouped(telephone), row.address)
    else:
        shown = (row.name, mask_telephone(telephone) if telephone else "", mask_address(row.address))
    detail = say("products {products}, open calls {calls}", products=row.products, calls=row.open_calls)
    return Choice(row.number, _GAP.join(part for part in shown if part), detail)


def _products(look: Look, typed: str, values: Mapping[str, Any]) -> list[Choice]:
    """The products of the customer entered so far, by voucher or serial number, model or name."""
    from servicedesk.store import customers

    # In the register's form the customer's number is in the caller's field and the customer's holds the name.
    entered = (str(values.get(name) or "") for name in ("caller", "customer"))
    customer = next((row for number in entered if number and (row := customers.one(look.store, number))), None)
    if customer is None:
        product = customers.product_by_voucher(look.store, typed.strip().upper())
        return [] if product is None else [_product_choice(product)]
    owned = customers.products(look.store, customer.id)
    return [
        _product_choice(row)
        for row in owned
        if _fits(typed, row.voucher, row.voucher.rpartition("-")[2].lstrip("0"), row.serial_no, row.model_no, row.name)
    ]


def _product_choice(row: ProductRow) -> Choice:
    shown = _GAP.join(part for part in (row.name, row.model_no, row.serial_no) if part)
    if row.open_call:
        return Choice(row.voucher, shown, say("open call {number}", number=row.open_call))
    return Choice(row.voucher, shown, Sentence(HOLDERS[row.holder]) if row.holder else "")


def _districts(look: Look, typed: str, values: Mapping[str, Any]) -> list[Choice]:
    from servicedesk.store import units

    return [
        Choice(row.name, row.name, say("{zone}, {unit}", zone=Sentence(ZONES[row.zone]), unit=row.unit))
        for row in units.districts(look.store)
        if _fits(typed, row.name)
    ][:MOST]


def _parts(look: Look, typed: str, values: Mapping[str, Any]) -> list[Choice]:
    """Parts of the list, with what the actor's unit has of them."""
    from servicedesk.store import parts

    return [
        Choice(
            row.number,
            row.name,
            say("{quantity} in stock, {price}", quantity=row.quantity, price=show_amount(row.price, row.currency)),
        )
        for row in parts.find(look.store, typed, look.actor.unit, MOST)
    ]


def _technicians(look: Look, typed: str, values: Mapping[str, Any]) -> list[Choice]:
    """The technicians of the actor's unit."""
    return _people(look, typed, look.actor.unit, TECHNICIAN)


def _staff(look: Look, typed: str, values: Mapping[str, Any]) -> list[Choice]:
    return _people(look, typed, None, "")


def _people(look: Look, typed: str, unit: str | None, role: str) -> list[Choice]:
    from servicedesk.store import staff

    return [
        Choice(row.login, row.name, row.unit)
        for row in staff.staff_list(look.store, unit)
        if row.active and (not role or role in row.roles) and _fits(typed, row.login, row.name)
    ][:MOST]


def _units(look: Look, typed: str, values: Mapping[str, Any]) -> list[Choice]:
    from servicedesk.store import people

    found = people.units(look.books, look.store, look.facts).values()
    return [Choice(row.code, row.name) for row in found if _fits(typed, row.code, row.name)][:MOST]


def _incidents(look: Look, typed: str, values: Mapping[str, Any]) -> list[Choice]:
    """The incidents of open complaints; a new name is typed."""
    from servicedesk.store import complaints

    return [
        Choice(name, name, say("open complaints {count}", count=count))
        for name, count in complaints.open_incidents(look.store)
        if _fits(typed, name)
    ]


def _fits(typed: str, *texts: str) -> bool:
    """Whether a text begins with or holds what was typed, also by pinyin or initials."""
    from servicedesk.store.words_index import fold, name_keys

    wanted = fold(typed.strip())
    if any(wanted in fold(text) for text in texts):
        return True
    return wanted.isascii() and any(_begins(wanted, name_keys(text)) for text in texts)


def _begins(wanted: str, spoken: Iterable[str]) -> bool:
    return any(key.startswith(wanted) for key in spoken)


LOOKUPS: Mapping[str, Lookup] = {
    "callers": _resolving(_customers),
    "customers": _resolving(_customers),
    "products": _resolving(_products),
    "districts": _resolving(_districts),
    "parts": _resolving(_parts),
    "technicians": _resolving(_technicians),
    "units": _resolving(_units),
    "staff": _resolving(_staff),
    "incidents": _resolving(_incidents),
}
