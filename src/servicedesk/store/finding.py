"""Finding customers by what is typed: the ways of finding, each with its index, the surest first.

Every way stops at the limit, and a way is gone only when those before it gave too few.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select

from servicedesk.domain import numbering, telephones
from servicedesk.domain.customers import customer_number
from servicedesk.domain.text import clean
from servicedesk.store import search, tables
from servicedesk.store.session import Reading, table_of

SHORTEST_TAIL = 4
"""So many last digits of a telephone are looked for."""

SHORTEST_SERIAL = 3

_LONGEST_TYPED = 100
_LONGEST_PERSON_NAME = 4
_LAST = "\U0010ffff"

C = table_of(tables.Customer)
T = table_of(tables.Telephone)
ADDRESSES = table_of(tables.Address)
P = table_of(tables.Product)
V = table_of(tables.Voucher)
UNITS = table_of(tables.Unit)

_SURVIVING = func.coalesce(C.c.merged_into_id, C.c.id)


def _starting(key: ColumnElement[str], found: ColumnElement[Any]) -> Any:
    """Keys that begin with something, in order of the key: a range of its index."""
    return select(found).where(key >= bindparam("low"), key < bindparam("high")).order_by(key).limit(bindparam("limit"))


_BY_NUMBER = _starting(C.c.number, _SURVIVING)
_BY_NAME = _starting(C.c.name, _SURVIVING)
_BY_INITIALS = _starting(C.c.initials, _SURVIVING)
_BY_PINYIN = _starting(C.c.pinyin, _SURVIVING)
_BY_DIGITS = _starting(T.c.digits, T.c.customer_id)
_BY_TAIL = _starting(T.c.reversed, T.c.customer_id)
_BY_SERIAL = _starting(P.c.serial_no, P.c.customer_id)
_EXACT_NUMBER = select(_SURVIVING).where(C.c.number == bindparam("number"))
_EXACT_NAME = select(_SURVIVING).where(C.c.name == bindparam("name")).limit(bindparam("limit"))
_EXACT_DIGITS = select(T.c.customer_id).where(T.c.digits == bindparam("digits")).limit(bindparam("limit"))
_EXACT_ADDRESS = (
    select(ADDRESSES.c.customer_id).where(ADDRESSES.c.address == bindparam("address")).limit(bindparam("limit"))
)
_BY_VOUCHER = (
    select(P.c.customer_id)
    .join(V, V.c.product_id == P.c.id)
    .where(V.c.number.in_(bindparam("numbers", expanding=True)))
)
_UNIT_CODES = select(UNITS.c.code).order_by(UNITS.c.code)


@lru_cache
def _by_words(is_sqlite: bool) -> Any:
    statement, key = search.joined(select(_SURVIVING).select_from(C), search.CUSTOMERS, C.c.id, is_sqlite)
    return statement.order_by(key.desc()).limit(bindparam("limit"))


def keys(reading: Reading, typed: str, limit: int) -> list[int]:
    """Keys of the customers that a fragment means, without repetition."""
    return list(islice(_distinct(_found(reading, clean(typed[:_LONGEST_TYPED]), limit)), limit))


def alike(reading: Reading, name: str, telephone: str, address: str, limit: int) -> list[int]:
    """Keys of customers alike in telephone, address or name; those alike in more ways first."""
    found: list[int] = []
    for digits in telephone.split():
        found += _keys(reading, _EXACT_DIGITS, digits=digits, limit=limit)
    if address:
        found += _keys(reading, _EXACT_ADDRESS, address=address, limit=limit)
    if name:
        named = set(_keys(reading, _EXACT_NAME, name=name, limit=100))
        found += named if len(name) > _LONGEST_PERSON_NAME else named.intersection(found)
    ways: dict[int, int] = {}
    for key in found:
        ways[key] = ways.get(key, 0) + 1
    return sorted(ways, key=lambda key: (-ways[key], key))[:limit]


def _found(reading: Reading, typed: str, limit: int) -> Iterator[int]:
    code = "".join(unicodedata.normalize("NFKC", typed).split())
    if not code:
        return
    figures = code.isascii() and code.isdigit()
    numbers = {code, customer_number(int(code))} if figures else {code}
    for number in sorted(numbers):
        yield from _keys(reading, _EXACT_NUMBER, number=number)
    yield from _by_telephone(reading, typed, limit)
    vouchers = _vouchers(reading, code)
    if vouchers:
        yield from _keys(reading, _BY_VOUCHER, numbers=vouchers)
    yield from _beginning(reading, _BY_NUMBER, code, limit)
    if len(code) >= SHORTEST_SERIAL and code.isascii():
        for serial in sorted({code, code.upper()}):
            yield from _beginning(reading, _BY_SERIAL, serial, limit)
    yield from _beginning(reading, _BY_NAME, typed, limit)
    spoken = code.lower().replace("'", "")
    if spoken.isalpha() and spoken.isascii():
        yield from _beginning(reading, _BY_INITIALS, spoken, limit)
        yield from _beginning(reading, _BY_PINYIN, spoken, limit)
    words = search.question(reading, typed)
    if words is not None:
        yield from _keys(reading, _by_words(reading.is_sqlite), words=words, limit=limit)


def _by_telephone(reading: Reading, typed: str, limit: int) -> Iterator[int]:
    digits = telephones.fragment(typed)
    if digits is None:
        return
    yield from _beginning(reading, _BY_DIGITS, digits, limit)
    yield from _beginning(reading, _BY_DIGITS, "+" + digits, limit)
    if len(digits) >= SHORTEST_TAIL:
        yield from _beginning(reading, _BY_TAIL, digits[::-1], limit)


def _vouchers(reading: Reading, code: str) -> list[str]:
    """The voucher numbers that may be meant by `SZ-V-000231`, `V-231` or `231`: one of each unit."""
    meant = {numbering.expand(code, row.code, date.max, numbering.VOUCHER) for row in reading.all(_UNIT_CODES)}
    return sorted(number for number in meant if number is not None and f"-{numbering.VOUCHER}-" in number)


def _beginning(reading: Reading, statement: Any, low: str, limit: int) -> list[int]:
    return _keys(reading, statement, low=low, high=low + _LAST, limit=limit)


def _keys(reading: Reading, statement: Any, **values: Any) -> list[int]:
    return [row[0] for row in reading.all(statement, **values)]


def _distinct(keys: Iterator[int]) -> Iterator[int]:
    seen: set[int] = set()
    for key in keys:
        if key not in seen:
            seen.add(key)
            yield key
