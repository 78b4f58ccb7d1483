"""Opening what the file pocket holds inside the act that needs it: customer, product, voucher (003 Art. 5; D16-17)."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from servicedesk.acts.desk import Desk, Look
from servicedesk.domain.numbering import VOUCHER, voucher_number
from servicedesk.domain.telephones import normalise
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused, say

_BETWEEN_NAMES = re.compile("[,;\n，；、]")


class Opened(NamedTuple):
    """A record just opened: its key and the number people know it by."""

    id: int
    number: str


def read_telephones(typed: str, field: str = "telephones") -> tuple[str, ...]:
    """The telephones of a field in normal form, without repetition; commas or lines stand between them.

    Raises:
        Refused: on the field, for what is no telephone.
    """
    try:
        return tuple(dict.fromkeys(normalise(part) for part in read_names(typed)))
    except Refused as refused:
        raise Refused(refused.sentence, field=field, kind="field") from None


def read_names(typed: str) -> tuple[str, ...]:
    """The parts of a field between commas, semicolons or line ends."""
    return tuple(dict.fromkeys(part.strip() for part in _BETWEEN_NAMES.split(typed) if part.strip()))


def serving_unit(look: Look, district: str) -> UnitRow:
    """The unit that serves the district, else the actor's own (D39)."""
    from servicedesk.store import units

    served = units.district(look.store, district) if district else None
    return look.home if served is None else look.unit(served.unit)


def open_customer(
    desk: Desk,
    *,
    name: str,
    kind: str = "person",
    telephone: str = "",
    address: str = "",
    district: str = "",
    contact: str = "",
    language: str = "",
    email: str = "",
    remarks: str = "",
    note: str = "",
) -> Opened:
    """A new customer under the next number; several telephones or contacts are parted by commas.

    Raises:
        Refused: for a telephone that is none.
    """
    from servicedesk.store import pockets, tables
    from servicedesk.store.words_index import name_keys

    telephones, contacts = read_telephones(telephone, "telephone"), read_names(contact)
    number = pockets.next_customer_number(desk.store)
    initials, pinyin = name_keys(name)
    key = desk.store.add(
        tables.Customer,
        number=number,
        name=name,
        kind=kind,
        language=language,
        email=email,
        remarks=remarks,
        note=note,
        initials=initials,
        pinyin=pinyin,
    )
    pockets.add_telephones(desk.store, key, telephones)
    pockets.add_contacts(desk.store, key, contacts)
    if address:
        desk.store.add(tables.Address, customer_id=key, address=address, district=district)
    pockets.write_words(desk.store, key)
    return Opened(key, number)


def open_product(
    desk: Desk,
    customer_id: int,
    model_no: str,
    name: str = "",
    serial_no: str = "",
    bought_on: date | None = None,
    bought_from: str = "",
    warranty_until: date | None = None,
) -> int:
    """A new product of a customer; it needs a voucher, see `open_voucher`."""
    from servicedesk.store import tables

    return desk.store.add(
        tables.Product,
        customer_id=customer_id,
        model_no=model_no,
        name=name,
        serial_no=serial_no,
        bought_on=bought_on,
        bought_from=bought_from,
        warranty_until=warranty_until,
    )


def open_voucher(desk: Desk, unit: UnitRow, product_id: int, *, at_call: bool = False) -> Opened:
    """The product's standing voucher, in file, under the unit's next voucher number (D17; §1.10).

    `at_call` marks one that was opened while a call was logged, because there was none (D16).
    """
    from servicedesk.store import tables

    number = voucher_number(unit.code, desk.store.next_number(f"{unit.code}-{VOUCHER}"))
    key = desk.store.add(
        tables.Voucher,
        number=number,
        unit_id=unit.id,
        product_id=product_id,
        held_since=desk.now,
        opened_at_call=at_call,
    )
    return Opened(key, number)


def check_purchase(desk: Look, bought_on: date | None, warranty_until: date | None) -> None:
    """Refuse dates that cannot be.

    Raises:
        Refused: on the field.
    """
    if bought_on is not None and bought_on > desk.today():
        raise Refused(say("The date of purchase {date} has not come yet.", date=bought_on), field="bought_on")
    if bought_on is not None and warranty_until is not None and warranty_until < bought_on:
        raise Refused(
            say("The warranty ends on {end}, before the purchase on {day}.", end=warranty_until, day=bought_on),
            field="warranty_until",
        )
