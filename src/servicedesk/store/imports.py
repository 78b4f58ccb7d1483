"""What an import asks of the books before it writes: products, serial numbers and contracts there already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select

from servicedesk.domain.customers import ContractRow
from servicedesk.store import customers, tables
from servicedesk.store.session import Reading, portions, table_of

P = table_of(tables.Product)
V = table_of(tables.Voucher)

_CONTENTS = select(
    P.c.customer_id, P.c.name, P.c.model_no, P.c.serial_no, P.c.bought_on, P.c.bought_from, P.c.warranty_until
).where(P.c.customer_id.in_(bindparam("ids", expanding=True)))
_SERIALS = (
    select(P.c.serial_no, V.c.number)
    .join(V, V.c.product_id == P.c.id)
    .where(P.c.serial_no.in_(bindparam("serials", expanding=True)))
)


def product_contents(reading: Reading, customer_ids: Iterable[int]) -> Counter[tuple[Any, ...]]:
    """How often each product is there: customer's key, name, model, serial, purchase, where, warranty."""
    found: Counter[tuple[Any, ...]] = Counter()
    for ids in portions(dict.fromkeys(customer_ids)):
        found.update(tuple(row) for row in reading.all(_CONTENTS, ids=ids))
    return found


def vouchers_of_serials(reading: Reading, serials: Iterable[str]) -> dict[str, str]:
    """The voucher on which a serial number stands already."""
    found: dict[str, str] = {}
    for portion in portions(dict.fromkeys(serials)):
        found.update((row.serial_no, row.number) for row in reading.all(_SERIALS, serials=portion))
    return found


def contracts(reading: Reading, numbers: Iterable[str]) -> dict[str, ContractRow]:
    """Contracts that are there, by number."""
    found = (customers.contract(reading, number) for number in dict.fromkeys(numbers))
    return {row.number: row for row in found if row is not None}
